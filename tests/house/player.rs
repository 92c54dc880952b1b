//! The transport and the tree of branches: numbers only.

use glassbox::player::{Branches, Command, Direction, Outline, SPEEDS, Transport};
use glassbox::scene::Grain;

const ACTIONS: [usize; 3] = [0, 4, 7];
const STOPS: [usize; 3] = [3, 8, 10];
const ENDS: [usize; 3] = [4, 7, 10];
const RESTS: [f32; 11] = [0.5; 11];
/// Steps that keep the books and steps that turn, mixed.
const CLOCK: [f64; 11] = [0.0, 0.15, 0.3, 1.2, 1.35, 1.5, 2.1, 2.55, 3.45, 3.6, 4.5];

fn run() -> Outline<'static> {
    Outline { steps: 10, actions: &ACTIONS, stops: &STOPS, ends: &ENDS, rests: &RESTS, clock: &CLOCK }
}

/// Lets `seconds` pass in frames of a sixtieth.
fn pass(transport: &mut Transport, seconds: f32) {
    for _ in 0..(seconds * 60.0) as usize {
        transport.tick(1.0 / 60.0, run());
    }
}

#[test]
fn plays_to_the_end_and_stops() {
    let mut transport = Transport::default();
    assert!(!transport.moving());
    transport.apply(&Command::Toggle, run());
    assert_eq!(transport.playing(), Some(Direction::Forward));
    pass(&mut transport, 60.0);
    assert_eq!((transport.position(), transport.moving(), transport.next_change()), (10, false, None));
}

#[test]
fn rewinding_is_the_film_backwards() {
    let mut transport = Transport::at(10);
    transport.apply(&Command::Play(Direction::Back), run());
    let mut seen = vec![transport.position()];
    while transport.moving() {
        let before = transport.between();
        transport.tick(1.0 / 60.0, run());
        let now = transport.between();
        assert!(now.0 as f32 + now.2 <= before.0 as f32 + before.2 + 1e-5, "{before:?} then {now:?}");
        seen.push(transport.position());
    }
    seen.dedup();
    assert_eq!(seen, (0..=10).rev().collect::<Vec<_>>());
}

#[test]
fn a_step_arrives_and_stays() {
    let mut transport = Transport::at(3);
    transport.apply(&Command::Step(Direction::Forward), run());
    pass(&mut transport, 1.0);
    assert_eq!((transport.position(), transport.moving()), (4, false));
    transport.apply(&Command::Step(Direction::Back), run());
    pass(&mut transport, 1.0);
    assert_eq!((transport.position(), transport.moving()), (3, false));
}

#[test]
fn steps_in_quick_succession_are_all_taken() {
    let mut transport = Transport::default();
    for _ in 0..5 {
        transport.apply(&Command::Step(Direction::Forward), run());
        transport.tick(0.02, run());
    }
    pass(&mut transport, 1.0);
    assert_eq!(transport.position(), 5);
    for _ in 0..5 {
        transport.apply(&Command::Step(Direction::Back), run());
        transport.tick(0.02, run());
    }
    pass(&mut transport, 1.0);
    assert_eq!(transport.position(), 0);
}

#[test]
fn turning_round_in_the_middle_of_a_step_goes_back_to_where_it_came_from() {
    let mut transport = Transport::at(5);
    transport.apply(&Command::Step(Direction::Forward), run());
    transport.tick(0.1, run());
    transport.apply(&Command::Step(Direction::Back), run());
    pass(&mut transport, 1.0);
    assert_eq!((transport.position(), transport.moving()), (5, false));
}

#[test]
fn nothing_moves_beyond_the_ends() {
    let mut transport = Transport::default();
    transport.apply(&Command::Step(Direction::Back), run());
    pass(&mut transport, 1.0);
    assert_eq!((transport.position(), transport.moving()), (0, false));
    transport.apply(&Command::Seek(99), run());
    assert_eq!(transport.position(), 10);
    transport.apply(&Command::Step(Direction::Forward), run());
    assert_eq!((transport.position(), transport.moving()), (10, false));
}

#[test]
fn actions_are_the_larger_steps() {
    let mut transport = Transport::at(5);
    let mut go = |way| {
        transport.apply(&Command::Travel(way, Grain::Action), run());
        pass(&mut transport, 1.6);
        assert!(!transport.moving());
        transport.position()
    };
    assert_eq!([go(Direction::Forward), go(Direction::Forward), go(Direction::Forward)], [7, 10, 10]);
    assert_eq!([go(Direction::Back), go(Direction::Back), go(Direction::Back), go(Direction::Back)], [7, 4, 0, 0]);
}

/// What lies between two stops is played, in the 1.5 seconds that it may take, and any other command ends it.
#[test]
fn travelling_to_a_stop_plays_what_lies_between() {
    let mut transport = Transport::at(3);
    transport.apply(&Command::Grain(Grain::Stop), run());
    transport.apply(&Command::Press(Direction::Forward), run());
    let mut seen = Vec::new();
    // The sentence of the stop that was left stays until the next one is reached.
    assert_eq!(transport.travelling_from(), Some(3));
    for _ in 0..95 {
        transport.tick(1.0 / 60.0, run());
        seen.push(transport.position());
    }
    assert_eq!(transport.travelling_from(), None);
    seen.dedup();
    assert_eq!((seen, transport.moving()), (vec![4, 5, 6, 7, 8], false));
    // Again on the way: it is there at once, and goes on to the next one.
    transport.apply(&Command::Press(Direction::Back), run());
    transport.tick(0.1, run());
    transport.apply(&Command::Press(Direction::Back), run());
    assert_eq!(transport.travelling_to(), Some(0));
    pass(&mut transport, 1.6);
    assert_eq!((transport.position(), transport.moving()), (0, false));
    transport.apply(&Command::Press(Direction::Forward), run());
    transport.tick(0.6, run());
    transport.apply(&Command::Seek(9), run());
    assert_eq!((transport.position(), transport.moving()), (9, false));
    // Turning round in the middle of it.
    transport.apply(&Command::Press(Direction::Back), run());
    transport.tick(0.2, run());
    transport.apply(&Command::Press(Direction::Forward), run());
    pass(&mut transport, 1.6);
    assert_eq!((transport.position(), transport.moving()), (10, false));
    // Without motion it is there at once.
    transport.set_reduced_motion(true);
    transport.apply(&Command::Press(Direction::Back), run());
    assert_eq!((transport.position(), transport.moving()), (8, false));
}

/// Each step moves for as long as its kind says; in a travel that is quickened their shares stay the same.
#[test]
fn bookkeeping_is_quick_and_turning_points_take_their_time() {
    let frames = |from: usize, command: Command, grain: Grain| {
        let mut transport = Transport::at(from);
        transport.apply(&Command::Grain(grain), run());
        transport.apply(&command, run());
        let mut frames = vec![0; 11];
        while transport.moving() {
            transport.tick(1.0 / 240.0, run());
            let (before, _, part) = transport.between();
            frames[before] += usize::from(part > 0.0);
        }
        frames
    };
    let film = frames(0, Command::Play(Direction::Forward), Grain::Step);
    let wanted = |step: usize, scale: f64| ((CLOCK[step + 1] - CLOCK[step]) * 240.0 * scale).round() as usize;
    for (step, taken) in film.iter().take(10).enumerate() {
        assert!(taken.abs_diff(wanted(step, 1.0)) <= 2, "step {step}: {taken} frames, not {}", wanted(step, 1.0));
    }
    let travel = frames(3, Command::Press(Direction::Forward), Grain::Stop);
    let quickened = 1.5 / (CLOCK[8] - CLOCK[3]);
    for (step, taken) in travel.iter().enumerate().take(8).skip(3) {
        assert!(taken.abs_diff(wanted(step, quickened)) <= 2, "step {step}: {taken}");
    }
    // By hand a turning point is as quick as a key wants it to be.
    assert!(frames(2, Command::Step(Direction::Forward), Grain::Step)[2] <= 120);
}

/// The film rests at stops alone, if that is the viewer's grain.
#[test]
fn the_film_rests_where_a_press_would() {
    for (grain, wanted) in [(Grain::Stop, 2), (Grain::Action, 2), (Grain::Step, 9)] {
        let mut transport = Transport::default();
        transport.apply(&Command::Grain(grain), run());
        transport.apply(&Command::Play(Direction::Forward), run());
        let mut rests = Vec::new();
        while transport.moving() {
            if transport.next_change().is_some_and(|left| left > 0.0) {
                rests.push(transport.position());
            }
            transport.tick(1.0 / 60.0, run());
        }
        rests.dedup();
        let all = match grain {
            Grain::Stop => &STOPS[..],
            Grain::Action => &ENDS,
            Grain::Step => &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        };
        rests.retain(|at| *at < 10);
        assert!(rests.len() == wanted && rests.iter().all(|at| all.contains(at)), "{grain:?}: {rests:?}");
    }
}

#[test]
fn a_loop_stays_in_its_action() {
    let mut transport = Transport::at(6);
    transport.apply(&Command::ToggleLoop, run());
    assert_eq!(transport.looped(), Some((4, 7)));
    transport.apply(&Command::Toggle, run());
    for _ in 0..3_000 {
        transport.tick(1.0 / 60.0, run());
        assert!((4..=7).contains(&transport.position()), "{}", transport.position());
    }
    assert!(transport.moving());
}

#[test]
fn plays_until_a_position() {
    let mut transport = Transport::at(2);
    transport.apply(&Command::Until(8), run());
    pass(&mut transport, 60.0);
    assert_eq!((transport.position(), transport.moving()), (8, false));
}

#[test]
fn speed_scales_time() {
    let time_to_end = |speed: f32| {
        let mut transport = Transport::default();
        transport.apply(&Command::Speed(speed), run());
        transport.apply(&Command::Toggle, run());
        let mut frames = 0;
        while transport.moving() {
            transport.tick(1.0 / 240.0, run());
            frames += 1;
        }
        frames as f32
    };
    let ratio = time_to_end(0.5) / time_to_end(2.0);
    assert!((ratio - 4.0).abs() < 0.1, "{ratio}");
    let mut transport = Transport::default();
    for _ in 0..20 {
        transport.apply(&Command::Faster, run());
    }
    assert_eq!(transport.speed(), SPEEDS[7]);
    for _ in 0..20 {
        transport.apply(&Command::Slower, run());
    }
    assert_eq!(transport.speed(), SPEEDS[0]);
}

#[test]
fn reduced_motion_shows_no_picture_between_positions() {
    let mut transport = Transport::default();
    transport.set_reduced_motion(true);
    transport.apply(&Command::Toggle, run());
    while transport.moving() {
        transport.tick(1.0 / 60.0, run());
        assert_eq!(transport.between().2, 0.0);
    }
    assert_eq!(transport.position(), 10);
}

#[test]
fn branches_keep_their_parents() {
    let mut branches = Branches::default();
    let first = branches.fork(5, "Insert(\"k9\")");
    branches.extend("Get(\"k9\")");
    let nested = branches.fork(8, "Clear");
    branches.show(0);
    let other = branches.fork(2, "Clear");
    assert_eq!((first, nested, other, branches.shown()), (1, 2, 3, 3));
    branches.rename(1, " with k9 ");
    assert_eq!(branches.all()[1].name, "with k9");
    assert_eq!(branches.all()[1].actions, ["Insert(\"k9\")", "Get(\"k9\")"]);
    assert_eq!(branches.all()[2].parent, Some((1, 8)));
    let renumbered = branches.remove(1);
    assert_eq!(renumbered, [Some(0), None, None, Some(1)]);
    assert_eq!((branches.all().len(), branches.shown()), (2, 1));
    assert_eq!(branches.remove(0), [Some(0), Some(1)]);
    let sound = branches.clone();
    assert_eq!((branches.mend(), branches), (Vec::new(), sound));
}

#[test]
fn of_branches_that_make_no_sense_the_good_ones_are_kept() {
    let mended = |branches: &str| {
        let mut branches: Branches = serde_json::from_str(branches).unwrap();
        let dropped = branches.mend();
        let left = branches.all().iter().map(|b| (b.name.clone(), b.parent)).collect::<Vec<_>>();
        (left, branches.shown(), dropped)
    };
    let root = (String::new(), None);
    let scene = r#"{"name": "", "parent": null, "actions": []}"#;
    let leaves =
        |name: &str, parent: usize| format!(r#"{{"name": "{name}", "parent": [{parent}, 1], "actions": ["A"]}}"#);
    let list =
        |branches: &[&str], shown: usize| format!(r#"{{"branches": [{}], "shown": {shown}}}"#, branches.join(","));
    let (a, b, c, d) = (leaves("a", 2), leaves("b", 0), leaves("c", 2), leaves("d", 1));
    let kept = vec![root.clone(), ("b".to_owned(), Some((0, 1))), ("c".to_owned(), Some((1, 1)))];
    assert_eq!(mended(&list(&[scene, &a, &b, &c, &d, scene], 3)), (kept, 2, vec!["a".into(), "d".into(), "".into()]));
    assert_eq!(mended(&list(&[], 0)), (vec![root.clone()], 0, vec![]));
    assert_eq!(mended(&list(&[&b, scene], 9)), (vec![root.clone()], 0, vec!["b".into(), "".into()]));
    let idle = r#"{"name": "idle", "parent": [0, 1], "actions": []}"#;
    assert_eq!(mended(&list(&[scene, idle], 1)), (vec![root], 0, vec!["idle".into()]));
}
