//! Its picture.

use glassbox::diagram::{Border, Diagram, Fill, Ink, Mark, Tone, label, mono, point, rect};
use glassbox::scene::EventRecord;
use glassbox::text::Text;

use super::{Model, SLOTS};

pub fn view(model: &Model, event: Option<EventRecord>, key: Option<u32>) -> Diagram {
    let mut diagram = Diagram::new();
    let count = Mark::new("count", rect(48.0, 40.0, 150.0, 48.0));
    let written = event.is_some_and(|event| event.name == "Placed");
    let tone = if written { Tone::Active } else { Tone::Plain };
    let count = count.tone(tone).label(label("count", 20.0).ink(Ink::Soft).left(16.0));
    diagram.push(count.label(mono(model.count.to_string(), 20.0).right(16.0)).path("count"));
    for (name, x, buckets) in
        [("old", 48.0, model.old.as_deref().unwrap_or_default()), ("buckets", 840.0, &model.buckets[..])]
    {
        if buckets.is_empty() {
            continue;
        }
        let title = label(Text::new(name, if name == "old" { "旧桶" } else { "桶" }), 24.0).left(0.0);
        diagram.push(Mark::text(format!("title/{name}"), point(x, 136.0), title));
        let columns = if buckets.len() > 8 { 2 } else { 1 };
        let rows = buckets.len().div_ceil(columns);
        let (wide, tall) = (712.0 / columns as f32, (560.0 / rows as f32).min(76.0));
        for (b, slots) in buckets.iter().enumerate() {
            let left = x + wide * (b / rows) as f32;
            let top = 170.0 + tall * (b % rows) as f32;
            let place = rect(left + 40.0, top, wide - 56.0, tall - 8.0);
            diagram.push(Mark::new(format!("{name}/{b}"), place).path(format!("{name}[{b}]")));
            let number = mono(b.to_string(), 20.0).ink(Ink::Soft);
            diagram.push(Mark::text(format!("{name}/{b}/number"), point(left + 16.0, place.center().y), number));
            for (s, slot) in slots.iter().enumerate() {
                let w = (place.w - 16.0) / SLOTS as f32;
                let cell = rect(place.x + 8.0 + w * s as f32 + 3.0, place.y + 6.0, w - 6.0, place.h - 12.0);
                let path = format!("{name}[{b}][{s}]");
                let well = Mark::new(format!("{name}/{b}/{s}"), cell).fill(Fill::None).border(Border::Dashed).layer(12);
                diagram.push(well.path(path.clone()).about(Text::new(format!("slot {b}.{s}"), format!("槽 {b}.{s}"))));
                if let Some(k) = slot {
                    let mark = Mark::new(format!("entry/k{k}"), cell).layer(20).bend(0.25);
                    let tone = match event {
                        Some(event) if key == Some(*k) => event.kind.tone(),
                        _ => Tone::Plain,
                    };
                    let border = if tone == Tone::Plain { Border::Thin } else { Border::Thick };
                    let fill = if tone == Tone::Plain { Fill::Panel } else { Fill::Tint };
                    let mark = mark.tone(tone).border(border).fill(fill).label(mono(format!("k{k}"), 20.0));
                    diagram.push(mark.path(path));
                }
            }
        }
    }
    diagram
}
