//! One program written in a few ways: how heapLive went with each, and what each has come to.

use crate::diagram::Tone;
use crate::diagram::parts::{Line, cell, column, curves, entry, table};
use crate::text::{Text, bytes};

use super::{Shown, mib_f};
use crate::mechanisms::go_gc::laws::Fault;
use crate::mechanisms::go_gc::ways::{Served, Way};

impl Shown<'_> {
    pub(super) fn ways(&self) -> Line {
        let m = self.m;
        let drawn = curves("curves", mib_f(self.room.most) * 1.05, self.room.samples.max(8));
        let drawn = m.ways.iter().enumerate().fold(drawn, |drawn, (at, served)| {
            let name = Text::same(format!("{} {}", served.way, bytes(served.pacer.heap_live)));
            let line = served.line.iter().copied().map(mib_f);
            drawn.curve(served.way.id(), name, line, tone(served.way), self.figure("at") == Some(at))
        });
        let heads = [
            Text::new("way", "写法"),
            Text::new("bytes a request", "每请求字节"),
            Text::new("pieces a request", "每请求次数"),
            Text::new("allocated", "已分配"),
            Text::new("cycles", "GC 次数"),
            Text::new("scanned by them", "累计扫描"),
        ];
        let rows = m.ways.iter().enumerate().map(|(at, served)| {
            let (size, pieces) = served.way.costs(m.reply.0, m.reply.1, false, Fault::None);
            let cells = [
                Text::same(served.way.to_string()),
                Text::same(bytes(size)),
                Text::same(pieces.to_string()),
                Text::same(bytes(served.allocated)),
                Text::same(served.cycles.to_string()),
                Text::same(bytes(served.scanned)),
            ];
            let tone = self.tone_if(self.figure("at") == Some(at));
            entry(format!("way/{at}"), cells.map(cell)).tone(tone).path(format!("ways[{at}]"))
        });
        let name = Text::new(format!("requests: {}", m.asked), format!("请求：{}", m.asked));
        let made = table("ways", name).columns(heads).rows(rows).path("ways");
        column().filling(1.0, drawn.path("ways")).with(made).gap(1.2)
    }
}

/// The highest heapLive and the most samples of all ways.
pub(super) fn extent(ways: &[Served]) -> (u64, usize) {
    let most = ways.iter().flat_map(|served| &served.line).copied().max().unwrap_or(1);
    (most, ways.iter().map(|served| served.line.len()).max().unwrap_or(0))
}

fn tone(way: Way) -> Tone {
    match way {
        Way::Concat => Tone::Bad,
        Way::Append => Tone::Moved,
        Way::Make => Tone::Info,
        Way::Pool => Tone::Good,
    }
}
