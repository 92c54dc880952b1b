//! A stranger's file becomes a trace: which lines are cycles, and where it is worth stopping.

use std::collections::BTreeMap;

use super::event::seconds;
use super::judge::{Seen, judge};
use super::line::{self, Cycle};
use super::machine::Action;
use super::setup::{Line, MAX_CYCLES, Setup};
use super::state::GoGctrace;
use crate::text::{Text, time};
use crate::trace::{Damaged, Stretch, Trace, Traced};

impl Traced for GoGctrace {
    fn recognises(text: &str) -> bool {
        text.lines().any(|line| line::begins(line).is_some())
    }

    fn read(text: &str) -> Result<Trace<GoGctrace>, Damaged> {
        let (mut cycles, mut damaged, mut skipped) = (Vec::new(), Vec::new(), 0);
        for (line, number) in text.lines().zip(1..) {
            let Some(from) = line::begins(line) else {
                skipped += 1;
                continue;
            };
            match line::read(line, from, number) {
                Ok(_) if cycles.len() == MAX_CYCLES => return Err(too_many(number as usize)),
                Ok(cycle) => cycles.push(cycle),
                Err(line::Wrong { at, cause }) => {
                    let column = line[..at].chars().count() + 1;
                    damaged.push(Damaged { line: number as usize, column, cause });
                }
            }
        }
        if cycles.is_empty() {
            let none = || Damaged { line: 1, column: 1, cause: String::from("no line begins `gc 1 @…`") };
            return Err(damaged.into_iter().next().unwrap_or_else(none));
        }
        let lines = cycles.iter().map(|cycle| Line(cycle.number, cycle.line.clone())).collect();
        let broken = u32::try_from(damaged.len()).unwrap_or(u32::MAX);
        let (summary, stretches) = (summary(&cycles, skipped, broken), stretches(&cycles));
        Ok(Trace { summary, setup: Setup { lines, skipped, damaged: broken }, stretches, damaged })
    }
}

fn too_many(line: usize) -> Damaged {
    let cause =
        format!("more than {MAX_CYCLES} cycles; `grep -a 'gc [0-9]* @' FILE | tail -n {MAX_CYCLES}` keeps the last");
    Damaged { line, column: 1, cause }
}

fn summary(cycles: &[Cycle], skipped: u32, damaged: u32) -> Text {
    let (first, last) = (&cycles[0], &cycles[cycles.len() - 1]);
    let (n, from, to) = (cycles.len(), seconds(first.at_ms), seconds(last.at_ms));
    Text::new(
        format!("{n} cycles, {from} s to {to} s; other lines: {skipped}, damaged: {damaged}."),
        format!("{n} 轮 GC，{from} s 到 {to} s；其他行 {skipped}，残缺行 {damaged}。"),
    )
}

/// The stops: the first death spiral, the most assists, a low goal, a forced cycle, the longest pauses, the largest heap, the end.
fn stretches(cycles: &[Cycle]) -> Vec<Stretch<Action>> {
    let seen: Vec<Seen> = (1..=cycles.len()).map(|at| judge(&cycles[..at])).collect();
    let n = cycles.len();
    let count = |is: fn(&Seen) -> bool| seen.iter().filter(|seen| is(seen)).count();
    let [spirals, helped, low, asked] =
        [count(|seen| seen.spiral), count(|seen| seen.assists), count(|seen| seen.bound), count(|seen| seen.forced)];
    let first = |is: fn(&Seen) -> bool, stops: &Stops| (0..n).find(|i| is(&seen[*i]) && !stops.contains_key(i));
    let most = |of: &dyn Fn(usize) -> u64| (0..n).rev().max_by_key(|i| of(*i));
    let mut stops = Stops::new();
    let mut stop = |at: Option<usize>, says: &dyn Fn(&Cycle, &Seen) -> [Text; 2]| {
        at.map(|at| stops.entry(at).or_insert_with(|| says(&cycles[at], &seen[at])));
        stops.clone()
    };
    let stops = stop(first(|seen| seen.spiral, &Stops::new()), &|c, _| spiral(c, spirals, n));
    let worst = most(&|i| if stops.contains_key(&i) { 0 } else { seen[i].assist_percent });
    let stops = stop(worst.filter(|i| seen[*i].assists), &|c, seen| assists(c, seen, helped, n));
    let stops = stop(first(|seen| seen.bound, &stops), &|c, seen| bound(c, seen, low, n));
    stop(first(|seen| seen.forced, &stops), &|c, _| forced(c, asked, n));
    stop(most(&|i| seen[i].stw_us), &|c, seen| pauses(c, seen));
    stop(most(&|i| cycles[i].end_mb), &|c, _| heap(c));
    let stw = time(cycles.iter().map(Cycle::stw_us).sum());
    let stops = stop(n.checked_sub(1), &|c, _| end(c, n, [asked, helped, low, spirals], &stw));
    let stretch = |(at, [title, says]): (usize, [Text; 2])| Stretch { action: Action::To(at + 1), title, says };
    stops.into_iter().map(stretch).collect()
}

/// By place of the file, from 0: a title and a sentence.
type Stops = BTreeMap<usize, [Text; 2]>;

fn spiral(c: &Cycle, spirals: usize, n: usize) -> [Text; 2] {
    let (live, goal) = (c.live_mb, c.goal_mb);
    let says = Text::new(
        format!(
            "{live} of {goal} MB goal are live, so the next cycle starts at once: {spirals} of {n} cycles. Give the heap room, or keep less."
        ),
        format!(
            "目标 {goal} MB 里 {live} MB 还活着，下一轮马上又开始：{n} 轮里有 {spirals} 轮。给堆更多余地，或少存些数据。"
        ),
    );
    [Text::new("Death spiral", "死亡螺旋"), says]
}

fn assists(c: &Cycle, seen: &Seen, helped: usize, n: usize) -> [Text; 2] {
    let (gc, share) = (c.n, seen.assist_percent);
    let says = Text::new(
        format!(
            "gc {gc}: goroutines that allocate spend {share} % of all CPU time marking. High in {helped} of {n} cycles."
        ),
        format!(
            "gc {gc}：标记期间，{share} % 的 CPU 被正在分配的 goroutine 用来辅助标记。{n} 轮里有 {helped} 轮偏高。"
        ),
    );
    [Text::new("Most assists", "辅助标记最多"), says]
}

fn bound(c: &Cycle, seen: &Seen, low: usize, n: usize) -> [Text; 2] {
    let (goal, least) = (c.goal_mb, seen.gogc_mb.unwrap_or(0));
    let says = Text::new(
        format!(
            "The goal is {goal} MB; GOGC=100 would give {least} or more. GOMEMLIMIT, or a lower GOGC: {low} of {n} cycles."
        ),
        format!("目标 {goal} MB，按 GOGC=100 至少 {least} MB：被 GOMEMLIMIT 压低，或 GOGC 更小。{n} 轮里有 {low} 轮。"),
    );
    [Text::new("Goal held down", "目标被压低"), says]
}

fn forced(c: &Cycle, asked: usize, n: usize) -> [Text; 2] {
    let gc = c.n;
    let says = Text::new(
        format!(
            "gc {gc} was asked for, by runtime.GC() or debug.FreeOSMemory(): {asked} of {n} cycles. The caller waits for all of it."
        ),
        format!(
            "gc {gc} 由 runtime.GC() 或 debug.FreeOSMemory() 强制触发：{n} 轮里共 {asked} 轮。调用者要等整轮结束。"
        ),
    );
    [Text::new("Forced", "强制触发"), says]
}

fn pauses(c: &Cycle, seen: &Seen) -> [Text; 2] {
    let (gc, us) = (c.n, time(seen.stw_us));
    let says = Text::new(
        format!("gc {gc}: all goroutines stand still for {us}, both pauses together."),
        format!("gc {gc}：所有 goroutine 两次停顿共 {us}。"),
    );
    [Text::new("Longest pauses", "停顿最长"), says]
}

fn heap(c: &Cycle) -> [Text; 2] {
    let (gc, end, live) = (c.n, c.end_mb, c.live_mb);
    let says = Text::new(
        format!("gc {gc} ends with {end} MB, the largest heap here; {live} MB of it are live."),
        format!("gc {gc} 结束时堆 {end} MB，是最大的一次；其中存活 {live} MB。"),
    );
    [Text::new("Largest heap", "堆最大"), says]
}

fn end(c: &Cycle, n: usize, [asked, helped, low, spirals]: [usize; 4], stw: &str) -> [Text; 2] {
    let share = c.gc_percent;
    let says = Text::new(
        format!(
            "{n} cycles: {asked} forced, {helped} with many assists, {low} with a low goal, {spirals} in a spiral. All pauses: {stw}; CPU: {share} %."
        ),
        format!(
            "共 {n} 轮：强制 {asked}，辅助偏高 {helped}，目标偏低 {low}，死亡螺旋 {spirals}。停顿合计 {stw}，CPU {share} %。"
        ),
    );
    [Text::new("The last line", "最后一行"), says]
}
