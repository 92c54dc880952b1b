//! Pictures to look at and to measure with: a map that grows, as a mechanism's view would draw it.
#![allow(dead_code)] // Each user of this module takes some of it.

use std::sync::Arc;

use glassbox::diagram::layout::{column, row};
use glassbox::diagram::{
    Border, Diagram, Fill, Ink, Label, Mark, Rect, Shape, Tone, label, measure, mono, point, rect,
};
use glassbox::text::Text;

/// A map of two old and four new buckets while `k4` is on its way.
pub fn growth() -> Diagram {
    let mut diagram = Diagram::new();
    let chips =
        [("count", "13"), ("B", "2"), ("flags", "writing"), ("noverflow", "0"), ("nevacuate", "0"), ("load", "13 / 4")];
    let mut x = 48.0;
    for (name, value) in chips {
        let tone = if name == "B" { Tone::Active } else { Tone::Plain };
        let mark = chip(name, value, x, 60.0, tone);
        x = mark.rect.right() + 12.0;
        diagram.push(mark);
    }
    diagram.push(Mark::text("title/old", point(48.0, 150.0), title("oldbuckets", "2 = 2^(B-1)")).label(
        label("2 = 2^(B-1)", 22.0).ink(Ink::Soft).left(measure::width("oldbuckets ", 22.0, Default::default()) + 6.0),
    ));
    let old = [["k1", "k3", "k5", "k6", "k9", "k11", "k12", ""], ["", "k4", "k7", "k8", "k10", "k13", "", ""]];
    for (b, area) in column(rect(96.0, 180.0, 620.0, 156.0), 2, 20.0).enumerate() {
        let active = b == 1;
        diagram.push(bucket(&format!("old/{b}"), area, active));
        diagram.push(number(&format!("old/{b}/n"), b, area));
        for (i, place) in row(area.grown(-8.0), 8, 4.0).enumerate() {
            let key = old[b][i];
            let tone = if key == "k4" { Tone::Active } else { Tone::Plain };
            diagram.push(cell(&format!("old/{b}/{i}"), key, place, tone, if b == 1 && i == 0 { "→X" } else { "" }));
        }
    }
    let new = [["", "", ""], ["k2", "", ""], ["", "", ""], ["", "", ""]];
    for (b, area) in column(rect(860.0, 180.0, 660.0, 332.0), 4, 20.0).enumerate() {
        diagram.push(bucket(&format!("new/{b}"), area, b == 3));
        diagram.push(number(&format!("new/{b}/n"), b, area));
        for (i, place) in row(area.grown(-8.0), 8, 4.0).enumerate() {
            let key = new[b].get(i).copied().unwrap_or("");
            diagram.push(cell(&format!("new/{b}/{i}"), key, place, Tone::Moved, ""));
        }
    }
    diagram.push(Mark::text("hash", point(48.0, 400.0), label("hash(k4)", 22.0).ink(Ink::Soft).left(0.0)));
    for (i, bit) in "000111001001".chars().enumerate() {
        let place = rect(150.0 + 26.0 * i as f32, 382.0, 24.0, 36.0);
        let mark = Mark::new(format!("bit/{i}"), place).label(mono(bit.to_string(), 22.0).ink(Ink::Tone));
        let mark = match i {
            10 => mark.tone(Tone::Active).fill(Fill::Tint),
            _ => mark.tone(if i < 7 { Tone::Moved } else { Tone::Faint }).fill(Fill::None).border(Border::None),
        };
        diagram.push(mark);
    }
    let from = diagram.get("old/1/1").cloned();
    let to = diagram.get("new/3/0").cloned();
    if let (Some(from), Some(to)) = (from, to) {
        let mut way = Mark::arrow("way", &from, &to, 0.28).tone(Tone::Active);
        if let Shape::Arrow(arrow) = &mut way.shape {
            arrow.dotted = true;
            arrow.head = false;
        }
        diagram.push(way);
        let mut pointer = Mark::arrow("pointer", &to, &diagram.marks[0].clone(), -0.15).tone(Tone::Info).layer(31);
        if let Shape::Arrow(arrow) = &mut pointer.shape {
            arrow.curve = [point(1240.0, 590.0), point(1340.0, 610.0), point(1420.0, 505.0)];
        }
        diagram.push(pointer);
        diagram.push(cell("token/k4", "k4", rect(450.0, 540.0, 70.0, 48.0), Tone::Active, "").layer(120));
    }
    shapes(&mut diagram);
    diagram.marks.extend(caption(
        Text::new(
            "Old bucket 1: the new hash bit of k4 is 1, so it goes to the high half, new bucket 3 = 1 + 2.",
            "迁移旧桶 1：k4 的新增哈希位是 1，所以去高半区 Y，即新桶 3 = 1 + 2。",
        ),
        Text::new(
            "Each write moves at most two old buckets: first the one that was hit, then the lowest one not yet moved.",
            "每次写入最多迁移两个旧桶：先迁移被命中的，再迁移编号最小、尚未迁移的。",
        ),
    ));
    diagram
}

/// Circles, triangles, dashes and lines, as the scheduler's picture has them.
fn shapes(diagram: &mut Diagram) {
    for (i, tone) in [Tone::Info, Tone::Good, Tone::Active, Tone::Moved, Tone::Bad, Tone::Plain].into_iter().enumerate()
    {
        let place = rect(860.0 + 56.0 * i as f32, 560.0, 44.0, 44.0);
        let words = mono((31 + i).to_string(), 18.0);
        let border = if i == 2 { Border::Thick } else { Border::Thin };
        let mark = Mark::new(format!("g/{i}"), place).shape(Shape::Circle).tone(tone).fill(Fill::Tint).border(border);
        diagram.push(mark.label(words));
    }
    let dashed = Mark::new("g/next", rect(860.0, 620.0, 56.0, 56.0)).shape(Shape::Circle).tone(Tone::Good);
    diagram.push(dashed.fill(Fill::None).border(Border::Dashed));
    for (i, border) in [Border::Thin, Border::Dashed, Border::Thick].into_iter().enumerate() {
        let place = rect(940.0 + 90.0 * i as f32, 620.0, 72.0, 60.0);
        let tone = [Tone::Plain, Tone::Moved, Tone::Bad][i];
        let mark = Mark::new(format!("m/{i}"), place).shape(Shape::Triangle).fill(Fill::None).border(border).tone(tone);
        diagram.push(mark.label(mono(format!("M{i}"), 16.0).down(12.0)));
    }
    let line =
        Shape::Line { points: vec![point(48.0, 690.0), point(300.0, 640.0), point(420.0, 690.0), point(560.0, 650.0)] };
    let line = Mark::new("line", rect(48.0, 640.0, 512.0, 50.0)).shape(line).fill(Fill::None);
    diagram.push(line.clone().tone(Tone::Info).border(Border::Thick));
    let limit = Shape::Line { points: vec![point(48.0, 620.0), point(560.0, 620.0)] };
    diagram.push(Mark { key: "limit".into(), ..line.tone(Tone::Bad).border(Border::Dashed).shape(limit) });
}

fn chip(name: &str, value: &str, x: f32, y: f32, tone: Tone) -> Mark {
    let (name_w, value_w) =
        (measure::width(name, 20.0, Default::default()), mono(value, 20.0).width(Default::default()));
    let mark = Mark::new(format!("chip/{name}"), rect(x, y, name_w + value_w + 36.0, 44.0)).tone(tone);
    let mark = if tone == Tone::Plain { mark } else { mark.fill(Fill::Tint).border(Border::Thick) };
    mark.label(label(name, 20.0).ink(Ink::Soft).left(14.0)).label(mono(value, 20.0).right(14.0))
}

fn title(words: &str, _figures: &str) -> Label {
    label(words, 22.0).left(0.0)
}

fn number(key: &str, n: usize, bucket: Rect) -> Mark {
    let at = point(bucket.x - 14.0, bucket.center().y);
    Mark::text(key, at, mono(n.to_string(), 18.0).ink(Ink::Soft).right(0.0))
}

fn bucket(key: &str, area: Rect, active: bool) -> Mark {
    let mark = Mark::new(key, area).shape(Shape::Box { radius: 12.0 }).layer(5);
    if active { mark.tone(Tone::Active).border(Border::Thick) } else { mark }
}

fn cell(key: &str, words: &str, place: Rect, tone: Tone, ghost: &str) -> Mark {
    let mark = Mark::new(key, place).fill(Fill::Well);
    if words.is_empty() {
        let mark = mark.tone(Tone::Faint).border(Border::Dashed).fill(Fill::None);
        return if ghost.is_empty() { mark } else { mark.label(mono(ghost, 16.0).ink(Ink::Soft)) };
    }
    let hash = format!("{:02x}", words.bytes().fold(7u8, |h, b| h.wrapping_mul(31).wrapping_add(b)));
    let mark = match tone {
        Tone::Plain => mark.border(Border::Thin),
        tone => mark.tone(tone).fill(Fill::Tint).border(Border::Thick),
    };
    let small = mono(hash, 16.0).ink(Ink::Tone).down(-11.0);
    mark.label(small).label(mono(words, 20.0).down(9.0))
}

/// A sentence and an aside in the strip along the lower edge.
pub fn caption(sentence: Text, aside: Text) -> Vec<Mark> {
    let strip = rect(48.0, 768.0, 1504.0, 108.0);
    let sentence = label(sentence, 27.0).left(32.0).down(-18.0);
    let aside = label(aside, 19.0).ink(Ink::Soft).left(32.0).down(24.0);
    let bar = Mark::new("caption/bar", rect(48.0, 768.0, 6.0, 108.0)).tone(Tone::Active).fill(Fill::Solid);
    let bar = bar.border(Border::None).layer(41).shape(Shape::Box { radius: 3.0 });
    vec![Mark::new("caption", strip).layer(40).label(sentence).label(aside), bar]
}

/// Key pictures of a film: 24 buckets of 8 cells with two labels each, chips, a caption; each step moves one token over a
/// bowed path, recolours three cells and changes the caption.
pub fn film(positions: usize) -> Vec<Arc<Diagram>> {
    (0..positions).map(|at| Arc::new(moment(at))).collect()
}

fn moment(at: usize) -> Diagram {
    let mut diagram = Diagram::new();
    let mut x = 48.0;
    for (i, name) in ["count", "B", "flags", "noverflow", "nevacuate", "load"].into_iter().enumerate() {
        let mark = chip(name, &(100 + i * 7).to_string(), x, 24.0, Tone::Plain);
        x = mark.rect.right() + 12.0;
        diagram.push(mark);
    }
    let mut places = Vec::new();
    for (c, side) in row(rect(90.0, 90.0, 1440.0, 640.0), 3, 60.0).enumerate() {
        for (r, area) in column(side, 8, 10.0).enumerate() {
            let b = c * 8 + r;
            diagram.push(bucket(&format!("bucket/{b}"), area, at % 24 == b));
            diagram.push(number(&format!("bucket/{b}/n"), b, area));
            for (i, place) in row(area.grown(-6.0), 8, 4.0).enumerate() {
                let n = b * 8 + i;
                places.push(place);
                let tone = match (n + 192 - (at * 29) % 192) % 192 {
                    0 => Tone::Active,
                    64 => Tone::Good,
                    128 => Tone::Moved,
                    _ => Tone::Plain,
                };
                diagram.push(cell(&format!("cell/{n}"), &format!("k{n}"), place, tone, ""));
            }
        }
    }
    let token = cell("token", "k4", places[(at * 53) % places.len()], Tone::Active, "").layer(60).bend(0.25);
    diagram.push(token);
    diagram.marks.extend(caption(
        Text::new(
            format!(
                "Step {at}: k{} moves from bucket {} to bucket {} because its new hash bit is {}.",
                at * 29 % 192,
                at % 24,
                (at * 7) % 24,
                at % 2
            ),
            format!(
                "第 {at} 步：k{} 从 {} 号桶迁移到 {} 号桶，因为新增的哈希位是 {}。",
                at * 29 % 192,
                at % 24,
                (at * 7) % 24,
                at % 2
            ),
        ),
        Text::new("Each write moves at most two old buckets.", "每次写入最多迁移两个旧桶：先迁移被命中的。"),
    ));
    diagram
}
