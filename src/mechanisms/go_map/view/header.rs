//! The chips along the upper edge: the fields of `hmap` and of the iterations.

use super::super::hmap::{GoMap, load_limit, overflow_limit};
use super::focus::Focus;
use crate::diagram::{Border, Diagram, Face, Fill, Ink, Label, Mark, Tone, label, measure, mono, rect};
use crate::text::{Lang, Text};

const TOP: f32 = 44.0;
const HEIGHT: f32 = 46.0;
const GAP: f32 = 12.0;
const SIZE: f32 = 19.0;
const PADDING: f32 = 14.0;

struct Chip {
    key: String,
    name: Text,
    value: String,
    about: Text,
    path: Option<&'static str>,
}

/// Draws the chips; those that the step is about are framed.
pub fn draw(map: &GoMap, focus: &Focus, picture: &mut Diagram) {
    let mut x = 48.0;
    for chip in chips(map) {
        let name = label(chip.name.clone(), SIZE).ink(Ink::Soft).left(PADDING);
        let name_width = Lang::ALL.map(|lang| name.width(lang)).into_iter().fold(0.0, f32::max);
        let value_width = measure::width(&chip.value, SIZE, Face::Mono);
        // Room for one digit more, so that chips do not shift with every count.
        let spare = measure::width("0", SIZE, Face::Mono) * if chip.value.len() < 3 { 1.0 } else { 0.0 };
        let width = PADDING + name_width + 8.0 + value_width + spare + PADDING;
        if x + width > 1552.0 {
            break;
        }
        let value: Label = mono(chip.value, SIZE).left(PADDING + name_width + 8.0);
        let lit = focus.chips.contains(&&*chip.key);
        let mut mark = Mark::new(format!("chip/{}", chip.key), rect(x, TOP, width, HEIGHT)).about(chip.about);
        mark = mark.label(name).label(value.ink(if lit { Ink::Tone } else { Ink::Text })).fill(Fill::Panel);
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

fn chips(map: &GoMap) -> Vec<Chip> {
    let chip = |key: &str, value: String, en: String, zh: String, path: Option<&'static str>| Chip {
        key: key.to_owned(),
        name: Text::same(key),
        about: Text::new(format!("{key} {value}: {en}"), format!("{key} {value}：{zh}")),
        value,
        path,
    };
    if map.is_nil() {
        let words = ("the map was never made".to_owned(), "map 从未创建".to_owned());
        return vec![chip("nil", "map[…]int(nil)".to_owned(), words.0, words.1, None)];
    }
    let h = map.hmap();
    let buckets = 1u64 << h.B;
    let load = h.count as f64 / buckets as f64;
    let limit = overflow_limit(h.B);
    let most = load_limit(h.B);
    let mut chips = vec![
        chip("count", h.count.to_string(), "entries".to_owned(), "键值对个数".to_owned(), Some("count")),
        chip("B", h.B.to_string(), format!("2^B = {buckets} buckets"), format!("2^B = {buckets} 个桶"), Some("B")),
        Chip {
            name: Text::new("load", "负载"),
            ..chip(
                "load",
                format!("{}/{buckets} = {load:.2}", h.count),
                format!("a new key grows the map beyond {most} entries"),
                format!("超过 {most} 个后，新键触发扩容"),
                None,
            )
        },
        chip("flags", h.flags.to_string(), "hmap.flags".to_owned(), "hmap.flags".to_owned(), Some("flags")),
        chip(
            "noverflow",
            h.noverflow.to_string(),
            format!("overflow buckets; from {limit} on a new key grows the map to the same size"),
            format!("溢出桶个数；达到 {limit} 后，新键触发等量扩容"),
            Some("noverflow"),
        ),
    ];
    if let Some((moved, all)) = map.evacuated() {
        chips.push(chip(
            "nevacuate",
            h.nevacuate.to_string(),
            format!("old buckets below it have moved; {moved} of {all} in all"),
            format!("编号更小的旧桶都已迁移；共 {moved}/{all} 个已迁移"),
            Some("nevacuate"),
        ));
    }
    if map.spare() > 0 {
        let words = ("preallocated overflow buckets left".to_owned(), "剩余的预分配溢出桶".to_owned());
        chips.push(chip("spare", map.spare().to_string(), words.0, words.1, Some("spare")));
    }
    for (id, iter) in map.iterations() {
        if let Some(value) = iter.summary() {
            let words = ("an iteration".to_owned(), "一次遍历".to_owned());
            let shown = chip("iter", value, words.0, words.1, Some("iterators"));
            chips.push(Chip { key: if *id == 1 { "iter".to_owned() } else { format!("iter {id}") }, ..shown });
        }
    }
    if chips.iter().map(|chip| chip.value.len() + chip.key.len() + 4).sum::<usize>() < 90 {
        let words = ("the hash seed".to_owned(), "哈希种子".to_owned());
        chips.push(chip("hash0", format!("{:08x}", h.hash0), words.0, words.1, Some("hash0")));
    }
    chips
}
