//! The picture of a cycle: its phases and their times; the heap against its goal; who spent the CPU; the line itself.

use super::event::{Event, seconds};
use super::judge::{ASSIST_PERCENT, SPIRAL_CYCLES, SPIRAL_LIVE_PERCENT};
use super::line::Cycle;
use super::state::GoGctrace;
use crate::diagram::parts::{
    Card, Field, Line, Lines, Meter, Strip, Token, card, column, field, lines, meter, picture, row, steady, strip,
    token, words,
};
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::text::{Text, time};
use crate::view::View;

/// Which figure of a cycle.
type Get = fn(&Cycle) -> u64;

/// The largest figures of a run: bars of all its pictures have the same scale.
#[derive(Clone, Debug, Default)]
pub struct Room {
    mb: u64,
    us: u64,
}

impl View for GoGctrace {
    type Room = Room;

    fn widen(&self, room: &mut Room) {
        if let Some(cycle) = &self.cycle {
            room.mb =
                [room.mb, cycle.start_mb, cycle.end_mb, cycle.live_mb, cycle.goal_mb].into_iter().fold(1, u64::max);
            room.us = room.us.max(cycle.clock_us());
        }
    }

    fn view(&self, _event: Option<&Event>, tone: Tone, size: Size, area: Rect, room: &Room) -> Diagram {
        let mut room = room.clone();
        self.widen(&mut room);
        let shown = Shown { m: self, cycle: self.cycle.as_ref(), tone, size, room };
        let middle = row().filling(1.0, shown.heap()).filling(1.0, shown.cpu()).strict().gap(1.2);
        let page = column().with(shown.above()).with(shown.phases()).filling(1.0, middle);
        picture(&page.with(shown.line()).gap(1.2), area, size)
    }
}

struct Shown<'a> {
    m: &'a GoGctrace,
    cycle: Option<&'a Cycle>,
    tone: Tone,
    size: Size,
    room: Room,
}

impl Shown<'_> {
    /// A figure of the cycle, with its unit; a dash before the first one.
    fn figure(&self, of: impl Fn(&Cycle) -> String) -> String {
        self.cycle.map_or_else(|| String::from("–"), of)
    }

    fn of(&self, get: impl Fn(&Cycle) -> u64) -> f32 {
        self.cycle.map_or(0.0, |cycle| get(cycle) as f32)
    }

    /// Its path in the state, which is there from the first cycle on.
    fn path(&self, name: &str) -> String {
        if self.cycle.is_some() { format!("cycle.{name}") } else { String::from("cycle") }
    }

    fn above(&self) -> Strip {
        let m = self.m;
        let n = field("n", "gc", self.figure(|c| c.n.to_string())).tone(self.tone).path(self.path("n"));
        let n = n.about(Text::new("The cycle's number in its process.", "本进程的第几轮 GC。"));
        let at = field("at", "@", self.figure(|c| format!("{} s", seconds(c.at_ms)))).path(self.path("at_ms"));
        let at =
            at.about(Text::new("When the cycle began, since the program started.", "这一轮何时开始，从程序启动算起。"));
        let share = field(
            "gc-percent",
            Text::new("GC since start", "启动以来 GC"),
            self.figure(|c| format!("{} %", c.gc_percent)),
        );
        let share = share.path(self.path("gc_percent")).about(Text::new(
            "The collector's share of all CPU since the program started. After hours it hardly moves: see the last cycles.",
            "程序启动以来 GC 占全部 CPU 的比例。跑了几小时后它几乎不动，要看近几轮。",
        ));
        let procs = field("procs", "P", self.figure(|c| c.procs.to_string())).path(self.path("procs"));
        let procs = procs.about(Text::new("GOMAXPROCS: CPUs for Go code.", "GOMAXPROCS：跑 Go 代码的 CPU 数。"));
        let place = Text::new(format!("cycle {} of {}", m.at, m.cycles), format!("第 {} / {} 轮", m.at, m.cycles));
        let made = strip(1.2).left(n).left(at).right(words("place", place).quiet().path("at"));
        let made = if self.size == Size::Window { made.left(procs).left(share) } else { made };
        self.found().into_iter().fold(made, Strip::spare)
    }

    /// What stands out, each with the rule by which it does.
    fn found(&self) -> Vec<Token> {
        let seen = &self.m.seen;
        let all = [
            (
                seen.spiral,
                "spiral",
                Tone::Bad,
                Text::new("death spiral", "死亡螺旋"),
                Text::new(
                    format!(
                        "In each of {SPIRAL_CYCLES} cycles in a row {SPIRAL_LIVE_PERCENT} % of the goal or more was live, and GC took much of the CPU."
                    ),
                    format!("连续 {SPIRAL_CYCLES} 轮，每轮存活都达目标的 {SPIRAL_LIVE_PERCENT} %，GC 又占了大量 CPU。"),
                ),
            ),
            (
                seen.assists,
                "assists",
                Tone::Active,
                Text::new("many assists", "辅助偏高"),
                Text::new(
                    format!(
                        "{ASSIST_PERCENT} % or more of all CPU time while marking ran: as much as workers are given."
                    ),
                    format!("标记期间占全部 CPU 的 {ASSIST_PERCENT} % 以上：后台 worker 的配额也就这么多。"),
                ),
            ),
            (
                seen.bound,
                "bound",
                Tone::Moved,
                Text::new("low goal", "目标偏低"),
                Text::new(
                    "GOGC=100 would give a higher goal: GOMEMLIMIT holds it down, or GOGC is lower.",
                    "按 GOGC=100 目标会更高：被 GOMEMLIMIT 压低，或 GOGC 更小。",
                ),
            ),
            (
                seen.forced,
                "forced",
                Tone::Info,
                Text::new("forced", "强制触发"),
                Text::new(
                    "The program called runtime.GC() or debug.FreeOSMemory().",
                    "程序调用了 runtime.GC() 或 debug.FreeOSMemory()。",
                ),
            ),
        ];
        let found = all.into_iter().filter(|(is, ..)| *is);
        let tokens = found.map(|(_, name, tone, title, about)| {
            token(format!("found/{name}"), title).tone(tone).strong().path(format!("seen.{name}")).about(about)
        });
        let leaks = self.cycle.is_some_and(|cycle| cycle.leaks).then(|| {
            token("found/leaks", Text::new("looks for leaks", "查 goroutine 泄漏")).path("cycle.leaks").about(
                Text::new(
                    "Go 1.27: this cycle also looked for goroutines that wait for ever.",
                    "Go 1.27：这一轮还查找永远等待的 goroutine。",
                ),
            )
        });
        tokens.chain(leaks).collect()
    }

    /// The three phases with their wall clocks, and how they share the time.
    fn phases(&self) -> Card {
        let us = |get: Get| self.figure(|c| time(get(c)));
        let sweep =
            field("phase/sweep", Text::new("STW: sweep termination", "STW：清扫终止"), us(|c| c.sweep_us)).inset();
        let sweep = sweep.path(self.path("sweep_us")).about(Text::new(
            "The world is stopped: the last cycle's sweep ends, the write barrier goes on.",
            "全部停住：结束上一轮的清扫，打开写屏障。",
        ));
        let mark = field("phase/mark", Text::new("concurrent mark", "并发标记"), us(|c| c.mark_us)).inset();
        let mark = mark
            .path(self.path("mark_us"))
            .about(Text::new("The program runs on while live objects are found.", "程序照常运行，同时找出存活对象。"));
        let term = field("phase/term", Text::new("STW: mark termination", "STW：标记终止"), us(|c| c.term_us)).inset();
        let term = term.path(self.path("term_us")).about(Text::new(
            "The world is stopped again: marking is over, the next goal is set.",
            "再次全部停住：标记结束，定下一轮目标。",
        ));
        let (a, b, c) = (self.of(|c| c.sweep_us), self.of(|c| c.mark_us), self.of(|c| c.term_us));
        let about = Text::new(
            "Both pauses and marking, side by side, on the scale of the longest cycle.",
            "两次停顿和标记并排，按最长的一轮定比例。",
        );
        let bar = meter("phase/bar", self.room.us as f32, about).path("cycle");
        let bar = bar.fill(0.0, a, Tone::Bad).fill(a, a + b, Tone::Info).fill(a + b, a + b + c, Tone::Bad);
        let pauses = self.figure(|c| time(c.stw_us()));
        let status = Text::new(format!("stopped for {pauses}"), format!("共停 {pauses}"));
        let made = card("phases", Text::new("Wall clock", "耗时")).status(status, Tone::Plain).path("cycle");
        made.with(row().filling(1.0, sweep).filling(1.0, mark).filling(1.0, term).strict()).with(bar)
    }

    fn heap(&self) -> Card {
        let low = self.m.seen.bound;
        let sizes: [(&str, Text, Get, Text); 4] = [
            (
                "start",
                Text::new("at start", "开始"),
                |c| c.start_mb,
                Text::new("The heap when the cycle began.", "一轮开始时的堆。"),
            ),
            (
                "end",
                Text::new("at end", "结束"),
                |c| c.end_mb,
                Text::new(
                    "The heap when marking ended: it grew meanwhile, and nothing is swept yet.",
                    "标记结束时的堆：期间又涨了，还没开始清扫。",
                ),
            ),
            (
                "live",
                Text::new("live", "存活"),
                |c| c.live_mb,
                Text::new(
                    "What was marked. The rest is swept away; the next goal is computed from this.",
                    "标记到的部分。其余会被清扫；下一个目标由它算出。",
                ),
            ),
            (
                "goal",
                Text::new("goal", "目标"),
                |c| c.goal_mb,
                Text::new(
                    "The size that the heap was not to exceed in this cycle, from GOGC and GOMEMLIMIT.",
                    "这一轮堆不该超过的大小，由 GOGC 和 GOMEMLIMIT 得出。",
                ),
            ),
        ];
        let goal = self.of(|c| c.goal_mb);
        let rows = sizes.into_iter().map(|(name, title, get, about)| {
            let over = name == "end" && self.of(get) > goal;
            let tone = match name {
                "goal" => {
                    if low {
                        Tone::Moved
                    } else {
                        Tone::Plain
                    }
                }
                "live" => Tone::Good,
                _ => {
                    if over {
                        Tone::Bad
                    } else {
                        Tone::Info
                    }
                }
            };
            let path = self.path(&format!("{name}_mb"));
            let bar = meter(format!("heap/{name}/bar"), self.room.mb as f32, about.clone()).path(path.clone());
            let bar = bar.fill(0.0, self.of(get), if tone == Tone::Plain { Tone::Faint } else { tone });
            let bar = if name == "goal" || self.cycle.is_none() { bar } else { bar.limit(goal, Tone::Faint) };
            let value = field(format!("heap/{name}"), title, self.figure(|c| format!("{} MB", get(c)))).inset();
            let value = if name == "goal" && low { value.tone(tone) } else { value };
            bar_row(value.path(path).about(about), bar)
        });
        let live = self.figure(|_| format!("{} %", self.m.seen.live_percent));
        let status = Text::new(format!("{live} of the goal is live"), format!("存活占目标 {live}"));
        let made = card("heap", Text::new("Heap", "堆")).path("cycle").status(status, Tone::Plain);
        rows.fold(made, Card::with)
    }

    /// CPU while the cycle ran, and the share of the last cycles.
    fn cpu(&self) -> Card {
        let seen = &self.m.seen;
        let whole = self.cycle.map_or(1, |c| (c.assist_us + c.worker_us + c.idle_us).max(1)) as f32;
        let times: [(&str, Text, Get, Tone, Text); 3] = [
            (
                "assist",
                Text::new("assists", "辅助"),
                |c| c.assist_us,
                Tone::Active,
                Text::new(
                    "Goroutines that allocated faster than marking went on, and had to help: this slows requests.",
                    "分配快过标记的 goroutine 被拉去帮忙：请求因此变慢。",
                ),
            ),
            (
                "worker",
                Text::new("workers", "专职"),
                |c| c.worker_us,
                Tone::Info,
                Text::new(
                    "Dedicated and fractional workers: a quarter of the Ps is planned for them.",
                    "专职（dedicated）与部分时间（fractional）worker：计划用四分之一的 P。",
                ),
            ),
            (
                "idle",
                Text::new("idle Ps", "空闲 P"),
                |c| c.idle_us,
                Tone::Good,
                Text::new(
                    "Workers on Ps that had nothing else to do: this costs nobody anything.",
                    "本来没事做的 P 上的 worker：不抢任何人的 CPU。",
                ),
            ),
        ];
        let rows = times.into_iter().map(|(name, title, get, tone, about)| {
            let path = self.path(&format!("{name}_us"));
            let bar =
                meter(format!("cpu/{name}/bar"), whole, about.clone()).path(path.clone()).fill(0.0, self.of(get), tone);
            let value = field(format!("cpu/{name}"), title, self.figure(|c| time(get(c)))).inset();
            bar_row(value.path(path).about(about), bar)
        });
        let percent = |n: u64| self.figure(|_| format!("{n} %"));
        let assists =
            field("cpu/assist-share", Text::new("assists / all CPU", "辅助 / 全部 CPU"), percent(seen.assist_percent))
                .inset();
        let assists = assists.path("seen.assist_percent").tone(if seen.assists { Tone::Active } else { Tone::Plain });
        let assists = assists.about(Text::new(
            format!("Assists' share of what all Ps had while marking ran; stands out from {ASSIST_PERCENT} % on."),
            format!("标记期间，辅助标记占所有 P 时间的比例；{ASSIST_PERCENT} % 起算偏高。"),
        ));
        let lately = field(
            "cpu/share",
            Text::new("GC, last cycles", "近几轮 GC"),
            seen.cpu_percent.map_or_else(|| String::from("–"), |n| format!("{n} %")),
        )
        .inset();
        let lately = lately.path("seen.cpu_percent").about(Text::new(
            format!("The collector's share of the CPU from the end of the first to the end of the last of {SPIRAL_CYCLES} cycles, idle workers not counted."),
            format!("近 {SPIRAL_CYCLES} 轮里，从头一轮结束到最后一轮结束，GC 占 CPU 的比例，不算空闲 worker。"),
        ));
        let made = card("cpu", Text::new("CPU while marking", "标记期间的 CPU")).path("cycle");
        rows.fold(made, Card::with).with(row().filling(1.0, assists).filling(1.0, lately).strict())
    }

    /// The line as it stands in the file, broken between times and sizes.
    fn line(&self) -> Card {
        let number = self.cycle.map_or(0, |cycle| cycle.number);
        let note = Text::new(format!("line {number}"), format!("第 {number} 行"));
        let made = card("line", Text::new("In the file", "文件原文"));
        let made = if self.cycle.is_some() { made.note(note).path("cycle.line") } else { made };
        made.with(self.printed())
    }

    fn printed(&self) -> Lines {
        let line = self.cycle.map_or("", |cycle| cycle.line.as_str());
        let times = line.find(" ms cpu, ").map_or(line.len(), |at| at + " ms cpu,".len());
        let (times, sizes) = line.split_at(times);
        let made = lines("line/text").room(2).line(0, times.to_owned()).line(0, sizes.trim_start().to_owned());
        if self.cycle.is_some() { made.path("cycle.line") } else { made }
    }
}

/// A figure of a steady width, and its bar.
fn bar_row(value: Field, bar: Meter) -> Line {
    row().with(steady(value, 4.0, 5.2)).filling(1.0, bar)
}
