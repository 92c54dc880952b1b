//! Play, pause, step, rewind, seek, loop: plain data, commands, and one function that applies them.

use serde::{Deserialize, Serialize};

use crate::scene::Grain;

/// The speeds that a viewer steps through; 1 is the pace of the design.
pub const SPEEDS: [f32; 8] = [0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0, 8.0];

/// Seconds for which a step that the viewer asked for by hand moves at most.
const NUDGE: f32 = 0.5;
/// Seconds that what lies between two stops takes at most: it is quickened.
const TRAVEL: f32 = 1.5;

/// What the transport must know of a run.
#[derive(Clone, Copy, Debug)]
pub struct Outline<'a> {
    /// Number of steps; positions go from 0 to this.
    pub steps: usize,
    /// The positions before each action's first step, rising.
    pub actions: &'a [usize],
    /// The positions of the stops, rising.
    pub stops: &'a [usize],
    /// The positions where actions end, rising; those within a fold are left out.
    pub ends: &'a [usize],
    /// Seconds for which the picture rests at each position before it moves on, at speed 1: time to read.
    pub rests: &'a [f32],
    /// When the picture reaches each position, in seconds of movement from the first, at speed 1.
    pub clock: &'a [f64],
}

impl<'a> Outline<'a> {
    /// The positions that a press at this grain leads to; `None` where it is each of them.
    fn marks(&self, grain: Grain) -> Option<&'a [usize]> {
        match grain {
            Grain::Stop => Some(self.stops),
            Grain::Action => Some(self.ends),
            Grain::Step => None,
        }
    }

    /// Seconds of movement between two positions.
    fn seconds(&self, from: usize, to: usize) -> f32 {
        let at = |position: usize| self.clock.get(position).or(self.clock.last()).copied().unwrap_or(0.0);
        (at(to) - at(from)).abs() as f32
    }

    /// The first such position after one, or the last such one before it; an end of the run if there is none.
    fn target(&self, here: usize, way: Direction, grain: Grain) -> usize {
        match (self.marks(grain), way) {
            (Some(marks), Direction::Forward) => {
                marks.get(marks.partition_point(|mark| *mark <= here)).copied().unwrap_or(self.steps)
            }
            (Some(marks), Direction::Back) => {
                marks[..marks.partition_point(|mark| *mark < here)].last().copied().unwrap_or(0)
            }
            (None, Direction::Forward) => (here + 1).min(self.steps),
            (None, Direction::Back) => here.saturating_sub(1),
        }
    }
}

/// Which way the film runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// As it happened.
    Forward,
    /// Backwards.
    Back,
}

/// What a viewer asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Play forward, or pause if something plays.
    Toggle,
    /// Play in a direction until the end.
    Play(Direction),
    /// Stop where the picture is; a half-made move is finished.
    Pause,
    /// One step.
    Step(Direction),
    /// To the next or previous stop, end of an action, or step.
    Travel(Direction, Grain),
    /// The same at the viewer's own grain: what a clicker does.
    Press(Direction),
    /// The viewer's own grain: how far one press goes, and what the film rests on.
    Grain(Grain),
    /// To a position, at once.
    Seek(usize),
    /// To the first position.
    Home,
    /// To the last position.
    End,
    /// One speed faster or slower.
    Faster,
    /// One speed slower.
    Slower,
    /// A speed.
    Speed(f32),
    /// Repeat the action at this position, or stop repeating.
    ToggleLoop,
    /// Play on until this position, then pause.
    Until(usize),
}

/// Where a viewer is in a run, and what is moving.
#[derive(Clone, Debug, PartialEq)]
pub struct Transport {
    /// The last position that was reached, going forward.
    at: usize,
    /// The share of the way from `at` to the next position, 0 to below 1.
    part: f32,
    motion: Motion,
    /// Seconds that the picture still rests here.
    rest: f32,
    speed: f32,
    grain: Grain,
    /// The positions between which the film repeats.
    looped: Option<(usize, usize)>,
    /// No movement between positions.
    reduced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Motion {
    Still,
    Playing {
        way: Direction,
        until: Option<usize>,
    },
    /// To one neighbouring position, then still.
    Nudged(Direction),
    /// Quickly from one position to another, then still.
    Travelling {
        way: Direction,
        from: usize,
        to: usize,
    },
}

impl Default for Transport {
    fn default() -> Transport {
        Transport {
            at: 0,
            part: 0.0,
            motion: Motion::Still,
            rest: 0.0,
            speed: 1.0,
            grain: Grain::Step,
            looped: None,
            reduced: false,
        }
    }
}

impl Transport {
    /// A viewer at a position, paused.
    pub fn at(position: usize) -> Transport {
        Transport { at: position, ..Transport::default() }
    }

    /// The position that words and panels show: the one reached last, or the one being moved to.
    pub fn position(&self) -> usize {
        if self.part > 0.0 && self.way() == Direction::Forward { self.at + 1 } else { self.at }
    }

    /// The two positions that the picture lies between and the share of the way, 0 to 1.
    pub fn between(&self) -> (usize, usize, f32) {
        if self.part > 0.0 { (self.at, self.at + 1, self.part) } else { (self.at, self.at, 0.0) }
    }

    /// Whether the film runs by itself.
    pub fn playing(&self) -> Option<Direction> {
        match self.motion {
            Motion::Playing { way, .. } => Some(way),
            _ => None,
        }
    }

    /// Whether anything moves; if not, no time needs to pass and nothing needs to be drawn again.
    pub fn moving(&self) -> bool {
        self.motion != Motion::Still
    }

    /// The speed, 1 is the pace of the design.
    pub fn speed(&self) -> f32 {
        self.speed
    }

    /// How far one press goes.
    pub fn grain(&self) -> Grain {
        self.grain
    }

    /// The position that a press leads to, as long as what lies before it is played.
    pub fn travelling_to(&self) -> Option<usize> {
        if let Motion::Travelling { to, .. } = self.motion { Some(to) } else { None }
    }

    /// The position that a press led away from, as long as what lies between it and its goal is played: several steps in a
    /// second and a half, whose sentences nobody could read.
    pub fn travelling_from(&self) -> Option<usize> {
        match self.motion {
            Motion::Travelling { from, to, .. } if from.abs_diff(to) > 1 => Some(from),
            _ => None,
        }
    }

    /// The positions between which the film repeats.
    pub fn looped(&self) -> Option<(usize, usize)> {
        self.looped
    }

    /// Switches movement between positions off or on.
    pub fn set_reduced_motion(&mut self, reduced: bool) {
        self.reduced = reduced;
    }

    /// Seconds until the picture changes by itself: 0 while it moves, `None` while it is still.
    pub fn next_change(&self) -> Option<f32> {
        match self.motion {
            Motion::Still => None,
            _ if self.rest > 0.0 => Some(self.rest / self.speed),
            _ => Some(0.0),
        }
    }

    /// Carries out a command.
    pub fn apply(&mut self, command: &Command, run: Outline) {
        match command {
            Command::Toggle if self.playing().is_some() => self.pause(),
            Command::Toggle => self.play(Direction::Forward, None, run),
            Command::Play(way) => self.play(*way, None, run),
            Command::Pause => self.pause(),
            Command::Step(way) => self.nudge(*way, run),
            Command::Travel(way, grain) => self.travel(*way, *grain, run),
            Command::Press(way) => self.travel(*way, self.grain, run),
            Command::Grain(grain) => self.grain = *grain,
            Command::Seek(position) => self.jump((*position).min(run.steps)),
            Command::Home => self.jump(0),
            Command::End => self.jump(run.steps),
            Command::Faster => self.speed = SPEEDS.into_iter().find(|s| *s > self.speed).unwrap_or(SPEEDS[7]),
            Command::Slower => self.speed = SPEEDS.into_iter().rfind(|s| *s < self.speed).unwrap_or(SPEEDS[0]),
            Command::Speed(speed) => self.speed = speed.clamp(SPEEDS[0], SPEEDS[7]),
            Command::ToggleLoop => self.looped = self.looped.is_none().then(|| self.action_span(run)),
            Command::Until(position) => self.play(Direction::Forward, Some((*position).min(run.steps)), run),
        }
    }

    /// Lets `dt` seconds pass. `true` if the picture changed.
    pub fn tick(&mut self, dt: f32, run: Outline) -> bool {
        let before = (self.at, self.part);
        let mut left = dt.max(0.0) * self.speed;
        while left > 0.0 && self.moving() {
            left = self.pass(left, run);
        }
        before != (self.at, self.part)
    }

    /// Spends time on the rest or the move at hand, and returns what is left of it.
    fn pass(&mut self, time: f32, run: Outline) -> f32 {
        if self.rest > 0.0 {
            let spent = self.rest.min(time);
            self.rest -= spent;
            return time - spent;
        }
        let way = self.way();
        if self.part == 0.0 && !self.leave(way, run) {
            return 0.0;
        }
        let whole = self.whole(run);
        let to_go = whole * if way == Direction::Forward { 1.0 - self.part } else { self.part };
        if time < to_go {
            let share = time / whole;
            self.part += if way == Direction::Forward { share } else { -share };
            return 0.0;
        }
        self.arrive(way, run);
        time - to_go
    }

    /// Seconds for which the step at hand moves, at speed 1.
    fn whole(&self, run: Outline) -> f32 {
        let step = run.seconds(self.at, self.at + 1);
        let quickened = |from: usize, to: usize| {
            let all = run.seconds(from, to);
            if all > TRAVEL { step * TRAVEL / all } else { step }
        };
        match self.motion {
            _ if self.reduced => 0.0,
            Motion::Nudged(_) => step.min(NUDGE) * self.speed.max(1.0),
            Motion::Travelling { from, to, .. } => quickened(from, to) * self.speed,
            Motion::Playing { .. } | Motion::Still => match run.marks(self.grain) {
                Some(_) => {
                    let from = run.target(self.at + 1, Direction::Back, self.grain);
                    quickened(from, run.target(self.at, Direction::Forward, self.grain))
                }
                None => step,
            },
        }
    }

    /// Sets out from a position. `false` if there is nowhere to go: the film stops.
    fn leave(&mut self, way: Direction, run: Outline) -> bool {
        if let (Some((from, to)), Motion::Playing { way: Direction::Forward, .. }) = (self.looped, self.motion)
            && self.at >= to
        {
            self.at = from;
            self.rest = rest(run, from);
            return true;
        }
        let room = match way {
            Direction::Forward => self.at < run.steps,
            Direction::Back => self.at > 0,
        };
        if !room {
            self.motion = Motion::Still;
            return false;
        }
        if way == Direction::Back {
            self.at -= 1;
            self.part = 1.0;
        }
        true
    }

    fn arrive(&mut self, way: Direction, run: Outline) {
        if way == Direction::Forward {
            self.at += 1;
        }
        self.part = 0.0;
        let rests = run.marks(self.grain).is_none_or(|marks| marks.binary_search(&self.at).is_ok());
        match self.motion {
            Motion::Playing { until: Some(until), .. } if self.at >= until => self.motion = Motion::Still,
            Motion::Playing { way: Direction::Forward, .. } => self.rest = if rests { rest(run, self.at) } else { 0.0 },
            Motion::Travelling { to, .. } if self.at != to => self.rest = 0.0,
            Motion::Playing { way: Direction::Back, .. } => self.rest = 0.0,
            _ => self.motion = Motion::Still,
        }
    }

    fn way(&self) -> Direction {
        match self.motion {
            Motion::Playing { way, .. } | Motion::Travelling { way, .. } | Motion::Nudged(way) => way,
            Motion::Still => Direction::Forward,
        }
    }

    fn play(&mut self, way: Direction, until: Option<usize>, run: Outline) {
        if way == Direction::Forward && self.at == run.steps && until.is_none() && self.looped.is_none() {
            self.jump(0);
        }
        self.rest = 0.0;
        self.motion = Motion::Playing { way, until };
    }

    fn pause(&mut self) {
        self.rest = 0.0;
        self.motion = if self.part > 0.0 { Motion::Nudged(self.way()) } else { Motion::Still };
    }

    /// A step by hand; pressed again while it still moves, it arrives at once and sets out anew.
    fn nudge(&mut self, way: Direction, run: Outline) {
        if self.part > 0.0 && self.way() == way {
            self.arrive(way, run);
        }
        self.rest = 0.0;
        self.motion = Motion::Nudged(way);
        if self.part == 0.0 {
            self.leave(way, run);
        }
    }

    /// To the next position of a grain, quickly; pressed again on the way, it is there at once and sets out anew.
    fn travel(&mut self, way: Direction, grain: Grain, run: Outline) {
        if grain == Grain::Step {
            return self.nudge(way, run);
        }
        match self.motion {
            Motion::Travelling { way: same, to, .. } if same == way => self.jump(to),
            _ => {}
        }
        let here = self.position();
        let to = run.target(here, way, grain);
        if to == here || self.reduced {
            self.motion = Motion::Still;
            return self.jump(to);
        }
        self.rest = 0.0;
        self.motion = Motion::Travelling { way, from: here, to };
        if self.part == 0.0 {
            self.leave(way, run);
        }
    }

    fn jump(&mut self, position: usize) {
        self.at = position;
        self.part = 0.0;
        self.rest = 0.0;
        if matches!(self.motion, Motion::Nudged(_) | Motion::Travelling { .. }) {
            self.motion = Motion::Still;
        }
    }

    /// The positions before the first and after the last step of the action that led here.
    fn action_span(&self, run: Outline) -> (usize, usize) {
        let step = self.position().max(1);
        let from = run.actions.iter().copied().rfind(|start| *start < step).unwrap_or(0);
        let to = run.actions.iter().copied().find(|start| *start >= step).unwrap_or(run.steps);
        (from, to)
    }
}

fn rest(run: Outline, at: usize) -> f32 {
    run.rests.get(at).copied().unwrap_or(0.6)
}
