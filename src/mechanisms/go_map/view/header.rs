//! The chips along the upper edge: the fields of `hmap`, each in a place of its own.

use super::super::frame::Call;
use super::super::hmap::{GoMap, load_limit, overflow_limit};
use super::focus::Focus;
use crate::diagram::{Border, Diagram, Face, Ink, Label, Mark, Tone, label, measure, mono, rect};
use crate::text::{Lang, Text};

const TOP: f32 = 28.0;
const HEIGHT: f32 = 42.0;
const GAP: f32 = 10.0;
const SIZE: f32 = 18.0;
const PADDING: f32 = 13.0;

struct Chip {
    key: &'static str,
    name: Text,
    value: String,
    /// The widest value there is room for, so that chips do not shift.
    widest: &'static str,
    about: Text,
    path: Option<&'static str>,
}

/// Draws the chips; those that the step is about are framed.
pub fn draw(map: &GoMap, focus: &Focus, picture: &mut Diagram) {
    let mut x = 48.0;
    for chip in chips(map) {
        let name = label(chip.name.clone(), SIZE).ink(Ink::Soft).left(PADDING);
        let name_width = Lang::ALL.map(|lang| name.width(lang)).into_iter().fold(0.0, f32::max);
        let values = [chip.widest, &chip.value].map(|value| measure::width(value, SIZE, Face::Mono));
        let width = PADDING + name_width + 8.0 + values[0].max(values[1]) + PADDING;
        if x + width > 1552.0 {
            break;
        }
        let value: Label = mono(chip.value, SIZE).left(PADDING + name_width + 8.0);
        let lit = focus.chips.contains(&chip.key);
        let mut mark = Mark::new(format!("chip/{}", chip.key), rect(x, TOP, width, HEIGHT)).about(chip.about);
        mark = mark.label(name).label(value.ink(if lit { Ink::Tone } else { Ink::Text }));
        if lit {
            mark = mark.tone(Tone::Active).border(Border::Thick);
        }
        if let Some(path) = chip.path {
            mark = mark.path(path);
        }
        picture.push(mark);
        x += width + GAP;
    }
}

fn chip(key: &'static str, value: String, widest: &'static str, en: &str, zh: &str) -> Chip {
    let about = Text::new(format!("{key} {value}: {en}"), format!("{key} {value}：{zh}"));
    Chip { key, name: Text::same(key), value, widest, about, path: Some(key) }
}

/// `make` has an `hmap` at hand, though the variable is still nil.
pub fn being_made(map: &GoMap) -> bool {
    map.frames().iter().any(|frame| matches!(frame.call, Call::Make { .. }))
}

/// The flags come last: they are the widest and change the most.
fn chips(map: &GoMap) -> Vec<Chip> {
    if map.is_nil() && !being_made(map) {
        let value = format!("map[{}]int(nil)", map.kind().go());
        return vec![Chip { path: None, ..chip("nil", value, "", "the map was never made", "map 从未创建") }];
    }
    let h = map.hmap();
    let buckets = 1u64 << h.B;
    let load = h.count as f64 / buckets as f64;
    let (limit, most) = (overflow_limit(h.B), load_limit(h.B));
    let (moved, all) = map.evacuated().unwrap_or_default();
    vec![
        chip("count", h.count.to_string(), "00", "entries", "键值对个数"),
        chip("B", h.B.to_string(), "0", &format!("2^B = {buckets} buckets"), &format!("2^B = {buckets} 个桶")),
        Chip {
            name: Text::new("load", "负载"),
            path: None,
            ..chip(
                "load",
                format!("{}/{buckets} = {load:.2}", h.count),
                "00/00 = 0.00",
                &format!("a new key grows the map beyond {most} entries"),
                &format!("超过 {most} 个后，新键触发扩容"),
            )
        },
        chip(
            "noverflow",
            h.noverflow.to_string(),
            "0",
            &format!("overflow buckets; from {limit} on a new key starts a same-size growth"),
            &format!("溢出桶个数；达到 {limit} 后，新键触发等量扩容"),
        ),
        chip(
            "nevacuate",
            h.nevacuate.to_string(),
            "0",
            &format!("old buckets below it have moved; {moved} of {all} in all"),
            &format!("编号更小的旧桶都已迁移；共 {moved}/{all} 个已迁移"),
        ),
        chip("spare", map.spare().to_string(), "0", "preallocated overflow buckets left", "剩余的备用溢出桶"),
        chip("hash0", format!("{:08x}", h.hash0), "00000000", "the hash seed", "哈希种子"),
        chip("flags", h.flags.to_string(), "hashWriting", "hmap.flags", "hmap.flags"),
    ]
}
