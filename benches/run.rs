//! How fast a run is: seeking, pictures, replaying recordings, exploring; and how much memory a long one takes.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use glassbox::catalog::{Catalog, Source};
use glassbox::diagram::Size;
use glassbox::explore::Options;
use glassbox::machine::{LawKind, Lawful, Machine};
use glassbox::mechanisms::go_sched::{Action, GoSched};
use glassbox::scene::{Run, page};
use glassbox::text::Lang;

/// A run of about 10,000 steps on a map that comes to hold 256 keys.
fn long_run() -> Box<dyn Run> {
    let inserts = (0..256).map(|i| format!("(do: Insert(\"k{i}\"))"));
    let reads = (0..600).map(|i| format!("(do: Get(\"k{}\"))", i * 7 % 256));
    let beats = inserts.chain(reads).collect::<Vec<_>>().join(",");
    let words = "(en: \"long\", zh: \"long\")";
    let text = format!("(title: {words}, summary: {words}, beats: [{beats}])");
    let source = Source { path: "long.ron".to_owned(), folder: "go-map".to_owned(), name: "long".to_owned(), text };
    Catalog::with(vec![source]).stage("go-map/long").expect("the long scene stages")
}

fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

/// Positions in an order that no cache foresees.
fn scattered(steps: usize) -> impl Iterator<Item = usize> {
    (0..).map(move |i: usize| i.wrapping_mul(7_919) % (steps + 1))
}

fn runs(c: &mut Criterion) {
    let before = resident();
    let run = long_run();
    let steps = run.steps();
    println!("long run: {steps} steps, {} MiB resident for it", (resident() - before) / 1024);
    // p95 of single seeks, since criterion reports means.
    let mut times: Vec<f64> = scattered(steps)
        .take(2_000)
        .map(|at| {
            let begin = std::time::Instant::now();
            black_box(run.state(at));
            begin.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!(
        "seek to a state: median {:.3} ms, p95 {:.3} ms, worst {:.3} ms",
        times[1_000], times[1_900], times[1_999]
    );
    println!("after 2,000 seeks: {} MiB resident", (resident() - before) / 1024);

    let mut positions = scattered(steps);
    c.bench_function("seek/state", |b| {
        b.iter_batched(|| positions.next(), |at| run.state(at.unwrap_or(0)), BatchSize::SmallInput)
    });
    let mut positions = scattered(steps);
    c.bench_function("seek/picture", |b| {
        b.iter_batched(|| positions.next(), |at| run.picture(at.unwrap_or(0), Size::Window), BatchSize::SmallInput);
    });
    let growth = Catalog::default().stage("go-map/growth").expect("stages");
    c.bench_function("page/growth", |b| b.iter(|| page::compose(&*growth, black_box(30), Lang::Zh, Size::Window)));
    c.bench_function("stage/growth", |b| {
        let catalog = Catalog::default();
        b.iter(|| catalog.stage("go-map/growth").map(|run| run.steps()));
    });
}

fn machines(c: &mut Criterion) {
    let catalog = Catalog::default();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/recordings/go-map");
    let files: Vec<String> = fs::read_dir(folder)
        .expect("recordings")
        .filter_map(|file| fs::read_to_string(file.ok()?.path()).ok())
        .collect();
    let operations: usize = files.iter().map(|text| catalog.replay(text).expect("replays").1.operations).sum();
    let mut group = c.benchmark_group("machine");
    group.throughput(Throughput::Elements(operations as u64));
    group.bench_function("replay/operations", |b| {
        b.iter(|| {
            files.iter().map(|text| catalog.replay(text).map_or(0, |(_, report)| report.mismatches)).sum::<usize>()
        });
    });
    for kind in catalog.kinds() {
        let options = Options { runs: 100, seed: 1, steps: 400 };
        group.throughput(Throughput::Elements(kind.explore(options, None).steps));
        group.bench_function(format!("explore/{}/steps", kind.id), |b| b.iter(|| kind.explore(options, None)));
    }
    group.finish();
}

/// Eight Ps, 200 goroutines that compute, send, receive, sleep and call the system; all laws after every step.
fn scheduler(c: &mut Criterion) {
    let setup = r#"(procs: 8, chans: {"c": 2}, main: [Go("compute", 80), Go("send", 60), Go("recv", 60), Wait], programs: {
        "compute": [Compute(20), Gosched, Syscall(30), Sleep(40), Again(400)],
        "send": [Compute(3), Send("c"), Again(2000)],
        "recv": [Recv("c"), Compute(5), Again(2000)],
    })"#;
    let setup = glassbox::scene::script::options().from_str(setup).expect("the setup reads");
    let mut machine = GoSched::start(&setup).expect("the setup starts");
    machine.apply(&Action::Run(20_000), &mut |_, _| {}).expect("it runs");
    let laws: Vec<_> = GoSched::LAWS.iter().filter(|law| law.kind == LawKind::Always).collect();
    let mut group = c.benchmark_group("go-sched, 8 Ps, 200 goroutines");
    for checked in [false, true] {
        group.throughput(Throughput::Elements(20_000));
        group.bench_function(if checked { "steps with laws" } else { "steps" }, |b| {
            b.iter_batched_ref(
                || machine.clone(),
                |machine| {
                    let mut steps = 0;
                    let done = machine.apply(&Action::Run(20_000), &mut |state, _| {
                        steps += 1;
                        if checked {
                            laws.iter().for_each(|law| (law.check)(state).expect("the laws hold"));
                        }
                    });
                    assert!(done.is_ok() && steps == 20_000, "{steps}");
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, runs, machines, scheduler);
criterion_main!(benches);
