//! Above the tables: the operation at hand and the figures of `Map`; goroutines, iterations, the directory.

use super::super::super::keys::KeyId;
use super::super::event::Event;
use super::super::frame::{Call, Frame, Pc};
use super::super::iterate::Iter;
use super::Shown;
use crate::diagram::parts::{Field, Flow, Line, Part, Queue, field, flow, queue, row, token, words};
use crate::diagram::{Size, Tone};
use crate::text::Text;

impl Shown<'_> {
    pub(super) fn header(&self) -> Line {
        let (m, line) = (self.m, row().gap(0.7));
        let line = match (&m.dead, self.frame()) {
            (Some(dead), _) => line.with(field("dead", "", dead.message).tone(Tone::Bad).path("dead")),
            (None, Some(frame)) => {
                let said = self.outcome(frame).unwrap_or_else(|| m.statement(frame));
                let said = words("call", said).mono().note(Text::same(m.op(frame))).path("goroutines");
                line.maybe(self.newcomer(frame)).with(said)
            }
            (None, None) => line,
        };
        self.figures().into_iter().fold(line.filling(1.0, flow()), Line::with)
    }

    /// What the operation that ends with this step gives its caller.
    fn outcome(&self, frame: &Frame) -> Option<String> {
        match self.event? {
            Event::ValueReturned { value, .. } => Some(format!("{} → {value}", self.m.statement(frame))),
            Event::ZeroReturned { .. } => Some(format!("{} → 0", self.m.statement(frame))),
            Event::IterYielded { key, value, .. } | Event::IterLookedUp { key, value, .. } => {
                Some(format!("range → {key}, {value}"))
            }
            _ => None,
        }
    }

    /// A new key waits beside its call until it is stored.
    fn newcomer(&self, frame: &Frame) -> Option<impl Part + 'static> {
        // Another writer may have overwritten it since: then it is nowhere.
        let stores = matches!(frame.pc, Pc::SetCtrl | Pc::LowerGrowthLeft | Pc::RaiseTableUsed | Pc::RaiseMapUsed)
            || matches!(frame.pc, Pc::CheckWriting | Pc::ClearWriting | Pc::StoreElem | Pc::Done);
        let waits = frame.call == Call::Assign && frame.hashed.is_some() && !stores && self.m.dead.is_none();
        let key = frame.key.filter(|key| waits && self.m.find(*key).is_none() && !self.stored(*key))?;
        let name = self.m.key(key).to_string();
        Some(token(format!("entry/{name}"), name).tone(Tone::Active).square().strong())
    }

    /// Whether an assignment has stored this key and not yet set its control byte.
    fn stored(&self, key: KeyId) -> bool {
        let early = |frame: &&Frame| frame.key == Some(key) && frame.call == Call::Assign;
        let mut frames = self.m.frames.iter().filter(early).filter_map(|frame| frame.spot);
        frames.any(|spot| {
            self.m.table(spot.table).is_some_and(|t| t.group(spot.group).keys[spot.slot as usize] == Some(key))
        })
    }

    fn figures(&self) -> Vec<Field> {
        use Event::*;
        let (m, event) = (self.m, self.event);
        let lit = match event {
            Some(MapUsedRaised { .. } | MapUsedLowered { .. } | MapUsedReset { .. }) => "used",
            Some(WritingClear { .. } | WritingToggled { .. } | WritingHeld { .. } | WritingCleared { .. }) => "writing",
            Some(
                FatalReadWrite { .. } | FatalWritesAtStart { .. } | FatalWritesAtEnd { .. } | FatalIteration { .. },
            ) => "writing",
            Some(IterWritingClear { .. }) => "writing",
            Some(DirectoryDoubled { .. } | IterDirectoryGrew { .. } | DirectoryMade { .. }) => "globalDepth",
            Some(TombstonePossible { .. } | TombstonesGone { .. }) => "tombstonePossible",
            Some(Reseeded { .. } | Hashed { .. }) => "seed",
            Some(ClearSeqRaised { .. }) => "clearSeq",
            _ => "",
        };
        let one = |key: &'static str, value: String, en: &str, zh: &str| {
            let about = Text::new(format!("{key} {value}: {en}"), format!("{key} {value}：{zh}"));
            let made = field(format!("chip/{key}"), key, value).bare().about(about).path(key);
            (key, made.tone(self.tone_if(lit == key)))
        };
        if m.nil {
            let value = format!("map[{}]int(nil)", m.kind.go());
            return vec![field("chip/nil", "nil", value).bare()];
        }
        let shown = [
            one("seed", format!("…{:08x}", m.seed & 0xffff_ffff), "the hash seed", "哈希种子"),
            one("clearSeq", m.clear_seq.to_string(), "how often it was cleared", "clear 的次数"),
            one("tombstonePossible", m.tombstone_possible.to_string(), "tombstones may exist", "可能有墓碑"),
            one(
                "globalDepth",
                m.global_depth.to_string(),
                "bits that choose a place of the directory",
                "选目录项的位数",
            ),
            one("used", m.used.to_string(), "entries", "键值对个数"),
            one("writing", m.writing.to_string(), "toggled by each writer", "每个写者翻转一次"),
        ];
        let always: &[&str] =
            if self.size == Size::Window && !self.narrow { &["globalDepth", "used", "writing"] } else { &["used"] };
        shown.into_iter().filter(|(key, _)| always.contains(key) || lit == *key).map(|(_, field)| field).collect()
    }

    pub(super) fn goroutines(&self) -> Flow {
        let one = |g: &u32| {
            let frame = self.m.frame(*g);
            let said = frame.map_or_else(|| Text::new("not in the map", "没在用 map"), |f| self.m.statement(f).into());
            let died = self.m.dead.as_ref().is_some_and(|dead| dead.g == *g);
            let next = frame.filter(|_| self.m.dead.is_none() && self.size == Size::Window);
            let said = match next.map(|frame| self.m.next_step(frame)) {
                Some(Text { en, zh }) => {
                    Text::new(format!("{} · next: {en}", said.en), format!("{} · 下一步：{zh}", said.zh))
                }
                None => said,
            };
            let tone = if died { Tone::Bad } else { self.tone_if(self.figure("g") == Some(*g)) };
            field(format!("goroutine/{g}"), format!("G{g}"), said).tone(tone)
        };
        flow().each(self.room.goroutines.iter().map(one))
    }

    pub(super) fn iterations(&self) -> Flow {
        let one = |(id, iter): (&u32, &Iter)| {
            let place = iter.table.or(iter.small);
            let tone = self.tone_if(self.figure("id") == Some(*id));
            let made = |said: Text| {
                field(format!("iter/{id}"), format!("range {id}"), said)
                    .bare()
                    .path(format!("iterators.{id}"))
                    .tone(tone)
            };
            let said = match (iter.ended, place) {
                (true, _) => Text::new("ended", "已结束"),
                _ if iter.empty => return made(Text::new("nothing to walk", "没有可遍历的")),
                (_, Some(table)) => Text::new(
                    format!("● start, ━ next, in table {table}"),
                    format!("● 起点，━ 下一个，在 table {table}"),
                ),
                _ => Text::new("begun", "已开始"),
            };
            let said =
                Text::new(format!("{}; ✓ {}", said.en, iter.yielded), format!("{}；✓ {}", said.zh, iter.yielded));
            made(said)
        };
        let none = self.m.iters.is_empty().then(|| field("iter/none", "range", "–").bare());
        flow().each(self.m.iters.iter().map(one)).each(none)
    }

    /// The directory: for each place the table that it leads to.
    pub(super) fn directory(&self) -> Queue {
        let chosen: Option<u32> = match self.event {
            Some(Event::TableChosen { index, .. } | Event::TableReplaced { index, .. }) => Some(*index),
            Some(Event::HalfInstalled { index, .. } | Event::IterTable { place: index, .. }) => Some(*index),
            _ => None,
        };
        let doubled = matches!(self.event, Some(Event::DirectoryDoubled { .. } | Event::DirectoryMade { .. }));
        let place = |(i, table): (usize, &u32)| {
            let about = Text::new(format!("place {i}: table {table}"), format!("第 {i} 项：table {table}"));
            let lit = doubled || chosen.is_some_and(|index| (index as usize..index as usize + self.run()).contains(&i));
            token(format!("directory/{i}"), format!("{i}→T{table}")).square().about(about).tone(self.tone_if(lit))
        };
        let tokens = self.m.directory.iter().enumerate().map(place);
        queue("directory", "directory").slots(self.room.places).most(8).widest("0→T00").tokens(tokens).path("directory")
    }

    /// Places that the step has changed beside each other.
    fn run(&self) -> usize {
        self.figure::<u32>("entries").filter(|_| !matches!(self.event, Some(Event::TableChosen { .. }))).unwrap_or(1)
            as usize
    }

    pub(super) fn nothing(&self) -> impl Part + 'static {
        let said = match self.m.nil {
            true => Text::new("nil map: nothing was made", "nil map：什么都没有"),
            false => {
                Text::new("dirPtr = nil: the first write allocates a group", "dirPtr = nil：首次写入才分配一个 group")
            }
        };
        words("no-groups", said).title().quiet()
    }
}
