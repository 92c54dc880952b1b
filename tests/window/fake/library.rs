//! Its scenes and its words.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;

use glassbox::app::{Library, Plan, SceneCard};
use glassbox::scene::mechanism::CaptionText;
use glassbox::scene::{Claim, ClaimVerdict, CodeLine, Kind, Mechanism, Moment};
use glassbox::text::Text;

use super::FakeRun;

/// Three scenes of the made-up mechanism.
pub struct FakeLibrary {
    cards: Vec<SceneCard>,
    /// Number of keys that `fake/growth` inserts; the tests change it and reload.
    pub inserts: Rc<Cell<u32>>,
}

impl Default for FakeLibrary {
    fn default() -> FakeLibrary {
        let card = |name: &str, title: Text, summary: Text| SceneCard {
            id: format!("fake/{name}"),
            mechanism: "fake".to_owned(),
            group: Text::new("Example", "示例"),
            mechanism_title: Text::new("table", "表"),
            title,
            summary,
            models: "Example 1.0 · fake.rs".to_owned(),
            replayed: true,
            fidelity: Text::new("7 of 7 kinds of step recorded", "7 种步骤全部有录制对照"),
        };
        let cards = vec![
            card(
                "growth",
                Text::new("Growing", "扩容"),
                Text::new("Seven inserts, and the table doubles on the way.", "写入七个键，途中容量翻倍。"),
            ),
            card(
                "long",
                Text::new("A long run", "长运行"),
                Text::new("Thousands of steps, for the timeline.", "成千上万步，考验时间线。"),
            ),
            card("broken", Text::new("A broken scene", "坏场景"), Text::new("It can't be read.", "读不出来。")),
        ];
        FakeLibrary { cards, inserts: Rc::new(Cell::new(7)) }
    }
}

impl Library for FakeLibrary {
    fn scenes(&self) -> &[SceneCard] {
        &self.cards
    }

    fn plan(&self, id: &str) -> Plan {
        let (id, inserts) = (id.to_owned(), self.inserts.get());
        Box::new(move || match id.as_str() {
            "fake/growth" => {
                let title = match inserts {
                    7 => Text::new("Growing", "扩容"),
                    n => Text::same(format!("Growing\0 by {n}")),
                };
                Ok(Box::new(FakeRun::new(&id, title, inserts)))
            }
            "fake/broken" if inserts == 1 => Ok(Box::new(FakeRun::new(&id, Text::new("Mended", "修好了"), inserts))),
            "fake/long" => Ok(Box::new(FakeRun::new(&id, Text::new("A long run", "长运行"), 3300))),
            _ => Err(vec![format!("scenes/{id}.ron:14:9: no action is called Insret; did you mean Insert?")]),
        })
    }

    fn reload(&mut self) -> bool {
        true
    }
}

pub fn mechanism() -> Mechanism {
    let caption = |kind, en: &str, zh: &str| CaptionText {
        kind,
        en: en.to_owned(),
        zh: zh.to_owned(),
        why: (kind == Kind::Turn).then(|| Text::new("Three quarters full is the limit.", "超过四分之三满就要扩容。")),
        cases: Vec::new(),
    };
    let captions = BTreeMap::from([
        (
            "Hashed".to_owned(),
            caption(Kind::Look, "Hash {key}: its low bits pick the bucket.", "计算 {key} 的哈希，低位选桶。"),
        ),
        ("Probed".to_owned(), caption(Kind::Look, "Look for a free slot for {key}.", "为 {key} 找一个空槽。")),
        ("Placed".to_owned(), caption(Kind::Write, "Put {key} into the first free slot.", "把 {key} 放进第一个空槽。")),
        (
            "GrowthBegan".to_owned(),
            caption(
                Kind::Turn,
                "One more than three quarters: {key} starts a growth.",
                "超过四分之三，{key} 触发扩容。",
            ),
        ),
        ("Moved".to_owned(), caption(Kind::Move, "Move {key} to its new bucket.", "把 {key} 迁移到新桶。")),
        (
            "Grown".to_owned(),
            caption(Kind::Done, "Everything is moved; {key} goes on.", "全部迁移完毕，继续写入 {key}。"),
        ),
        (
            "Cleared".to_owned(),
            caption(Kind::Fault, "No slot left for {key}: all are dropped.", "没有空槽给 {key}：全部丢弃。"),
        ),
    ]);
    let line = |text: &str, events: &[&str]| CodeLine {
        text: text.to_owned(),
        heading: text.starts_with("func"),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
    };
    let claim = |verdict, en: &str, zh: &str, scene: &str, event: &str| Claim {
        says: Text::new(en, zh),
        verdict,
        correct: Text::new("It grows before the write that would cross the limit.", "在会越过上限的那次写入之前扩容。"),
        source: "fake.rs, insert".to_owned(),
        shown: Moment { scene: scene.to_owned(), event: event.to_owned(), nth: 1 },
    };
    Mechanism {
        id: "fake".to_owned(),
        title: Text::new("table", "表"),
        group: Text::new("Example", "示例"),
        models: "Example 1.0 · fake.rs".to_owned(),
        omits: vec![Text::new("deletion", "删除")],
        phases: Vec::new(),
        phase_of: BTreeMap::new(),
        constants: Vec::new(),
        actions: BTreeMap::new(),
        captions,
        laws: BTreeMap::new(),
        gauges: BTreeMap::new(),
        claims: vec![
            claim(
                ClaimVerdict::True,
                "The table grows at three quarters.",
                "四分之三满时扩容。",
                "growth",
                "GrowthBegan",
            ),
            claim(ClaimVerdict::False, "A growth takes one step.", "扩容一步完成。", "growth", "Moved"),
            claim(ClaimVerdict::Imprecise, "It doubles.", "容量翻倍。", "long", "Grown"),
        ],
        listing: vec![
            line("func insert(key):            // fake.rs, insert", &[]),
            line("  hash ← seed ^ key", &["Hashed"]),
            line("  if count + 1 > 3/4 of the slots:", &["GrowthBegan"]),
            line("    for each entry of old:", &[]),
            line("      move it", &["Moved"]),
            line("    old ← none", &["Grown"]),
            line("  look for a free slot", &["Probed"]),
            line(
                "  none left: drop everything, the count too, and begin again with as many empty buckets as before",
                &["Cleared"],
            ),
            line("  slot ← key; count += 1", &["Placed"]),
        ],
    }
}
