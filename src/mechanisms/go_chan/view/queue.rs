//! The run queue of the one P: who runs next, and who after that.

use super::super::{Event, GoChan};
use crate::diagram::{Border, Diagram, Fill, Ink, Mark, Rect, Shape, Tone, label, mono, point, rect};
use crate::text::Text;

const TOP: f32 = 40.0;
const TOKEN: f32 = 44.0;

/// Draws the line along the upper edge.
pub fn draw(machine: &GoChan, event: Option<&Event>, picture: &mut Diagram) {
    picture.push(Mark::text("runnext/name", point(48.0, TOP + 22.0), label("runnext", 19.0).ink(Ink::Soft).left(0.0)));
    let place = rect(132.0, TOP - 4.0, 52.0, 52.0);
    let slot = Mark::new("runnext", place).border(Border::Dashed).fill(Fill::None).path("runnext");
    let slot = slot.about(Text::new("runnext: who runs next on this P", "runnext：这个 P 上接下来运行谁"));
    picture.push(Mark { shape: Shape::Box { radius: 26.0 }, ..slot });
    if let Some(g) = machine.runnext() {
        picture.push(token(g, rect(136.0, TOP, TOKEN, TOKEN), lit(event, g)).path("runnext"));
    }
    picture.push(Mark::text("runq/name", point(212.0, TOP + 22.0), label("runq", 19.0).ink(Ink::Soft).left(0.0)));
    let most = if machine.dead().is_some() { 7 } else { 20 };
    for (i, g) in machine.runq().iter().take(most).enumerate() {
        let place = rect(266.0 + i as f32 * 54.0, TOP, TOKEN, TOKEN);
        picture.push(token(*g, place, lit(event, *g)).path(format!("runq[{i}]")));
    }
}

fn token(g: u32, place: Rect, tone: Tone) -> Mark {
    let mark = Mark::new(format!("runnable/{g}"), place).tone(tone).fill(Fill::Tint).border(Border::Thin).layer(20);
    let about = Text::new(format!("goroutine {g} is runnable"), format!("goroutine {g} 可运行"));
    Mark { shape: Shape::Circle, bend: 0.2, ..mark }.label(mono(g.to_string(), 19.0)).about(about)
}

/// Who was just made runnable, or kicked out of runnext.
fn lit(event: Option<&Event>, g: u32) -> Tone {
    match event {
        Some(Event::Readied { woken, .. }) if *woken == g => Tone::Good,
        Some(Event::Readied { kicked, .. }) if *kicked == g => Tone::Moved,
        Some(Event::GoroutineStarted { g: started, .. }) if *started == g => Tone::Good,
        _ => Tone::Info,
    }
}
