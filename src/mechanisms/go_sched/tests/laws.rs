//! What only some runs meet.

use super::*;

/// A thief takes from the ring between two steps of `runqputslow`: rare, but met.
#[test]
fn an_overflow_that_meets_a_thief_is_met_by_some_run() {
    let met = |seed| {
        let report = explore::<GoSched>(Options { runs: 100, seed, steps: 400 }, None);
        report.coverage.iter().any(|(name, n)| *name == "OverflowRaced" && *n > 0)
    };
    // One of a dozen hundreds has it; the seventh is one that does.
    assert!((7..64).any(met));
}

/// `handoffp` puts the P on the idle list in the middle of the call: the call lasts as long as its program says.
#[test]
fn a_blocking_call_lasts_as_long_as_it_says_whatever_becomes_of_the_p() {
    let setup = setup(4, vec![go("disk", 30), Stmt::Wait], &[("disk", vec![Stmt::SyscallBlock(900_000)])]);
    let mut machine = GoSched::start(&setup).unwrap();
    let (mut blocked, mut early) = (0, 0);
    machine
        .apply(&Action::Run(2_000), &mut |state, event| match event {
            Event::SyscallBlocks { until, .. } => {
                assert_eq!(until, 900_000);
                blocked += 1;
            }
            Event::SyscallReturned { .. } if state.now() < 900_000 => early += 1,
            _ => {}
        })
        .unwrap();
    assert_eq!((blocked, early), (30, 0));
}
