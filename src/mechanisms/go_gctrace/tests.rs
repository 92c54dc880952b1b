//! Formats, what stands out and what does not, hostile files.

use super::event::Event;
use super::line::{self, Cycle};
use super::{Action, GoGctrace, Line, Setup};
use crate::machine::Machine;
use crate::trace::Traced;

/// Before Go 1.18, from 1.18 on, and Go 1.27 with its check for leaks.
const OLD: &str =
    "gc 7 @1.250s 2%: 0.018+1.3+0.076 ms clock, 0.14+0.25/1.1/0.5+0.61 ms cpu, 4->5->1 MB, 5 MB goal, 8 P";
const NEW: &str = "gc 13 @0.086s 7%: 0.031+7.5+0.008 ms clock, 0.062+0/0.12/7.5+0.016 ms cpu, 17->17->9 MB, 22 MB goal, \
    1 MB stacks, 2 MB globals, 2 P (forced)";
const LEAKS: &str = "gc 3 @12.5s 0% (checking for goroutine leaks): 0.1+12+0.01 ms clock, 0.2+1/2.25/0+0 ms cpu, \
    1->2->3 MB, 4 MB goal, 0 MB stacks, 0 MB globals, 4 P (forced)";

fn cycle(line: &str) -> Cycle {
    line::read(line, line::begins(line).expect("a gc line"), 1).unwrap_or_else(|wrong| panic!("{line}: {wrong:?}"))
}

#[test]
fn every_format_is_read_figure_by_figure() {
    let c = cycle(OLD);
    assert_eq!((c.n, c.at_ms, c.gc_percent, c.procs, c.forced, c.leaks), (7, 1_250, 2, 8, false, false));
    assert_eq!((c.sweep_us, c.mark_us, c.term_us), (18, 1_300, 76));
    assert_eq!((c.sweep_cpu_us, c.assist_us, c.worker_us, c.idle_us, c.term_cpu_us), (140, 250, 1_100, 500, 610));
    assert_eq!((c.start_mb, c.end_mb, c.live_mb, c.goal_mb), (4, 5, 1, 5));
    assert_eq!((c.stacks_mb, c.globals_mb, c.line.as_str()), (None, None, OLD));
    let c = cycle(NEW);
    assert_eq!((c.n, c.procs, c.stacks_mb, c.globals_mb, c.forced), (13, 2, Some(1), Some(2), true));
    assert_eq!((c.assist_us, c.worker_us, c.idle_us, c.live_mb, c.goal_mb), (0, 120, 7_500, 9, 22));
    let c = cycle(LEAKS);
    assert!(c.leaks && c.forced && (c.at_ms, c.mark_us, c.worker_us) == (12_500, 12_000, 2_250));
    // What a log writes before and behind is not the line's.
    let logged = format!("2026-11-30T20:00:00Z stderr F {OLD}\u{1b}[0m");
    assert_eq!(cycle(&logged).line, OLD);
    assert_eq!(cycle(&format!("{{\"log\":\"{NEW}\\n\"}}")).line, NEW);
}

#[test]
fn what_is_no_line_of_gctrace_is_not_taken_for_one() {
    for line in
        ["", "gc 1", "gc @0.1s", "gc x @0.1s", "gc 1@0.1s", "pacer: assist ratio=+1", "gc 1 @NaNs", "gc -1 @0.1s"]
    {
        assert_eq!(line::begins(line), None, "{line}");
    }
    let damaged = [
        ("gc 1 @0.1", "`s `"),
        ("gc 1 @0.1s NaN%: ", "a number"),
        ("gc 1 @0.1s 1%: 0.1+1e9+0.1 ms clock", "`+`"),
        ("gc 1 @0.1s 1%: 0.1+-1+0.1 ms clock", "a number"),
        ("gc 1 @0.1234s 1%: ", "a number of 1 to 3 digits"),
        ("gc 1234567890 @0.1s 1%: ", "a number of 1 to 9 digits"),
        ("gc 1 @99999999999999999999s 1%: ", "a number of 1 to 9 digits"),
    ];
    for (line, cause) in damaged {
        let wrong = line::read(line, 0, 1).expect_err(line);
        assert!(wrong.cause.contains(cause) && wrong.at <= line.len(), "{line}: {wrong:?}");
    }
    for (from, to) in
        [("8 P", "0 P"), ("8 P", "8 Px"), ("5 MB goal", "5.5 MB goal"), ("1.3", "1.3\u{1b}"), ("+0.076", "+")]
    {
        let line = OLD.replacen(from, to, 1);
        line::read(&line, 0, 1).expect_err(&line);
    }
}

#[test]
fn other_lines_are_skipped_and_counted_and_damaged_ones_told_with_their_place() {
    let text = format!("hello\r\n{OLD}\r\n\nnode {}\n gc 9 @1.3s 2%: 0.0\n{NEW}\npanic: \u{1b}[31m", &OLD[..20]);
    let trace = GoGctrace::read(&text).unwrap_or_else(|damaged| panic!("{damaged:?}"));
    let numbers: Vec<u32> = trace.setup.lines.iter().map(|Line(number, _)| *number).collect();
    assert_eq!((numbers, trace.setup.skipped, trace.setup.damaged), (vec![2, 6], 3, 2));
    let told: Vec<(usize, usize)> = trace.damaged.iter().map(|damaged| (damaged.line, damaged.column)).collect();
    assert_eq!(told, [(4, 26), (5, 20)]);
    assert!(!GoGctrace::recognises("gc\nscvg: 1 MB released\n") && GoGctrace::recognises(&text));
    let none = GoGctrace::read("one\ntwo\n").err().expect("no cycle");
    assert_eq!((none.line, none.cause.as_str()), (1, "no line begins `gc 1 @…`"));
    assert_eq!(GoGctrace::read("a\ngc 5 @0.1s").err().map(|damaged| damaged.line), Some(2), "a damaged one is told");
}

#[test]
fn a_million_lines_are_read_and_too_many_cycles_refused() {
    let many = format!("{OLD}\n{}", "other\n".repeat(1_000_000));
    assert_eq!(GoGctrace::read(&many).map(|trace| trace.setup.skipped).ok(), Some(1_000_000));
    let cycles = format!("{OLD}\n").repeat(20_001);
    let refused = GoGctrace::read(&cycles).err().expect("too many");
    assert!(refused.line == 20_001 && refused.cause.contains("tail -n 20000"), "{refused:?}");
}

/// A cycle every 10 ms of 2 Ps that marked for 8 ms.
fn made(n: u64, assist_us: u64, worker_us: u64, [live, goal]: [u64; 2]) -> String {
    let ms = |us: u64| format!("{}.{:03}", us / 1_000, us % 1_000);
    let (at, assist, worker) = (ms(n * 10), ms(assist_us), ms(worker_us));
    format!(
        "gc {n} @{at}s 1%: 0.001+8.0+0.001 ms clock, 0.002+{assist}/{worker}/0+0.002 ms cpu, 1->{goal}->{live} MB, {goal} MB goal, 2 P"
    )
}

/// What each cycle is called, and what stands out in it: forced, assists, bound, spiral.
fn judged(lines: &[String]) -> Vec<(&'static str, [bool; 4])> {
    let lines = lines.iter().zip(1..).map(|(line, number)| Line(number, line.clone())).collect();
    let mut m = GoGctrace::start(&Setup { lines, ..Setup::default() }).expect("a trace");
    let mut found = Vec::new();
    let to = m.cycles;
    let mut step = |m: &GoGctrace, event: Event| {
        found.push((crate::machine::Event::name(&event), [m.seen.forced, m.seen.assists, m.seen.bound, m.seen.spiral]));
    };
    m.apply(&Action::To(to), &mut step).expect("taken");
    found
}

#[test]
fn assists_stand_out_from_a_quarter_of_the_cpu_on() {
    let [below, at] = [3_999, 4_000].map(|us| judged(&[made(1, us, 0, [1, 4])])[0]);
    assert_eq!(below, ("Collected", [false; 4]));
    assert_eq!(at, ("Assisted", [false, true, false, false]));
}

#[test]
fn a_goal_stands_out_below_that_of_gogc_100_and_only_after_the_cycle_before() {
    let goal = |goal, n| judged(&[made(1, 0, 0, [9, 9]), made(n, 0, 0, [9, goal])])[1];
    assert_eq!(goal(18, 2), ("Collected", [false; 4]));
    assert_eq!(goal(17, 2), ("Bound", [false, false, true, false]));
    assert_eq!(goal(17, 3), ("Collected", [false; 4]), "a line is missing between them");
    let forced = format!("{} (forced)", made(1, 0, 0, [1, 4]));
    assert_eq!(judged(&[forced]), [("Forced", [true, false, false, false])]);
}

#[test]
fn a_death_spiral_is_five_full_cycles_in_a_row_at_a_quarter_of_the_cpu() {
    // 5 ms of 2 × 10 ms, with 4 µs of pauses.
    let lines = |worker, live| (1..=6).map(|n| made(n, 0, worker, [live, 20])).collect::<Vec<_>>();
    let spiral = |lines: &[String]| judged(lines).iter().map(|(_, seen)| seen[3]).collect::<Vec<_>>();
    assert_eq!(spiral(&lines(4_996, 18)), [false, false, false, false, true, true]);
    assert_eq!(spiral(&lines(4_995, 18)), [false; 6], "less CPU");
    assert_eq!(spiral(&lines(4_996, 17)), [false; 6], "15 % of the goal are freed");
    let mut gap = lines(4_996, 18);
    gap.remove(2);
    assert_eq!(spiral(&gap), [false; 5], "a line is missing");
    assert_eq!(judged(&lines(4_996, 18))[5].0, "Spiralled");
}

#[test]
fn figures_as_large_as_they_may_be_overflow_nothing() {
    let (time, size) = ("999999999.999", "999999999");
    let line = |n: u64| {
        format!(
            "gc {n} @{time}s 999%: {time}+{time}+{time} ms clock, {time}+{time}/{time}/{time}+{time} ms cpu, \
             {size}->{size}->{size} MB, {size} MB goal, {size} MB stacks, {size} MB globals, 1000000 P"
        )
    };
    let zero = line(1).replace(time, "0").replace(size, "0").replace("1000000 P", "1 P");
    assert_eq!(judged(&(2..9).map(line).chain([zero]).collect::<Vec<_>>()).len(), 8);
}
