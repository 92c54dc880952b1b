//! One program in a few ways: what each has cost so far, and how its heap went.

use crate::diagram::Tone;
use crate::diagram::parts::{Line, Table, cell, column, curves, entry, table};
use crate::text::{Text, bytes};

use super::super::ways::{Served, Way};
use super::{Shown, mib_f};

impl Shown<'_> {
    pub(super) fn serving(&self) -> Line {
        let most = mib_f(self.room.most) * 1.05;
        let made = curves("curves", most, self.room.samples.max(8));
        let made = self.m.ways.iter().enumerate().fold(made, |made, (at, served)| {
            let name = Text::same(format!("{} {}", served.way.text(), bytes(served.pacer.heap_live)));
            let line = served.line.iter().map(|live| mib_f(*live));
            made.curve(served.way.id(), name, line, tone(served.way), self.figure("at") == Some(at))
        });
        let made = made
            .scale(
                |mib| Text::same(format!("{mib} MiB")),
                Text::new("heapLive, request by request →", "heapLive，逐个请求 →"),
            )
            .widest(Text::same("make(0, n) 99.9 MiB"))
            .path("ways");
        column().with(self.costs()).filling(1.0, made).gap(1.2)
    }

    /// What a request takes, and what all of them have come to.
    fn costs(&self) -> Table {
        let columns = [
            Text::new("a reply by", "拼法"),
            Text::new("requests", "请求数"),
            Text::new("allocated", "累计分配"),
            Text::new("pieces", "块数"),
            Text::new("cycles", "GC 次数"),
            Text::new("scanned", "累计扫描"),
        ];
        let rows = self.m.ways.iter().enumerate().map(|(at, served)| {
            let Served { way, requests, allocated, pieces, cycles, scanned, .. } = served;
            let about = self.figure("at") == Some(at);
            let cells = [
                cell(way.text()).tone(tone(*way)),
                cell(requests.to_string()),
                cell(bytes(*allocated)),
                cell(pieces.to_string()),
                cell(cycles.to_string()),
                cell(bytes(*scanned)),
            ];
            entry(format!("way/{}", way.text()), cells).tone(self.tone_if(about)).path(format!("ways[{at}]"))
        });
        table("ways", Text::new("One program, each way", "同一程序的各种写法"))
            .columns(columns)
            .rows(rows)
            .room(Way::ALL.len())
    }
}

/// A way's colour.
fn tone(way: Way) -> Tone {
    match way {
        Way::Concat => Tone::Bad,
        Way::Append => Tone::Moved,
        Way::Make => Tone::Info,
        Way::Pool => Tone::Good,
    }
}
