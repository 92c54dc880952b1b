//! A scene that is open: its run and the viewer's branches of it, where the viewer is, and what is cached for drawing.

use std::collections::HashMap;
use std::sync::Arc;

use super::ahead::Ahead;
use super::facts::{Facts, Here};
use super::find::Find;
use super::grown::Grown;
use super::panels::branches::Comparing;
use super::panels::curves::Curves;
use super::panels::state::Tree;
use super::ran_on::{RanOn, Rest};
use super::settings::Remembered;
use super::stage::View;
use super::timeline::Ticks;
use super::whatif::WhatIf;
use crate::diagram::{Diagram, Size};
use crate::player::{Branches, Command as Move, Outline, Transport, Watched};
use crate::scene::{ActionError, EventRecord, Grain, Kind, Question, Run, Story, rhythm};
use crate::text::Lang;

/// A scene that is open.
pub struct Session {
    runs: Grown,
    branches: Branches,
    /// The branch that is to be shown as soon as the scene fits it again.
    awaited: Option<usize>,
    transport: Transport,
    /// Grows whenever another run is shown, or the shown one has changed: what is cached belongs to a revision.
    revision: u64,
    spine: Spine,
    /// The positions of the scene itself that were watched.
    watched: Watched,
    facts: Facts,
    /// Whom the picture is drawn for.
    pub(super) size: Size,
    pub(super) view: View,
    pub(super) ahead: Ahead,
    pub(super) ticks: Ticks,
    pub(super) find: Find,
    pub(super) tree: Tree,
    pub(super) curves: Curves,
    pub(super) whatif: WhatIf,
    pub(super) comparing: Comparing,
    /// The number that is being typed into the position field.
    pub(super) typed_position: String,
    /// The position at which the pointer was moved last: what rests on the stage tells nothing of later ones.
    pub(super) pointed_at: Option<usize>,
    /// What the timeline tells of the place under the pointer, in this frame.
    pub(super) told: Option<(crate::scene::Kind, String)>,
    /// The key of the mark that was clicked last.
    pub(super) selected: Option<String>,
}

/// The shown run's steps and actions, read once.
#[derive(Default)]
pub struct Spine {
    /// The event of each step; step `n` leads to position `n + 1`.
    pub events: Vec<EventRecord>,
    /// The positions before each action's first step.
    pub starts: Vec<usize>,
    /// The kinds of event that occur, in order of first appearance, with the positions they lead to.
    pub kinds: Vec<(&'static str, Kind, Vec<usize>)>,
    /// Phases, stops and folds.
    pub story: Arc<Story>,
    /// What people ask, and where the run answers.
    pub questions: Vec<Question>,
    stops: Vec<usize>,
    ends: Vec<usize>,
    /// Seconds of rest at each position, 0 while not yet known.
    rests: Vec<f32>,
    /// When the picture reaches each position.
    clock: Vec<f64>,
}

impl Session {
    /// A scene with its branches, as it was left when it was open last.
    pub(super) fn new(runs: Grown, remembered: &Remembered) -> Session {
        let (branches, awaited) = shown_of(&runs, &remembered.branches);
        let at = remembered.at.min(runs.of(branches.shown()).map_or(0, |run| run.steps()));
        let mut session = Session {
            runs,
            branches,
            awaited,
            transport: Transport::at(at),
            revision: 0,
            spine: Spine::default(),
            watched: remembered.watched.mended(),
            facts: Facts::new(),
            size: Size::Window,
            view: View::default(),
            ahead: Ahead::default(),
            ticks: Ticks::default(),
            find: Find::default(),
            tree: Tree::default(),
            curves: Curves::default(),
            whatif: WhatIf::default(),
            comparing: Comparing::default(),
            typed_position: String::new(),
            pointed_at: None,
            told: None,
            selected: None,
        };
        session.run_changed();
        session
    }

    /// The shown run.
    pub fn run(&self) -> &dyn Run {
        self.runs.of(self.branches.shown()).unwrap_or(self.runs.scene())
    }

    /// The run of a branch; a dormant one, which does not fit the scene as it is now, has none.
    pub(super) fn run_of(&self, branch: usize) -> Option<&dyn Run> {
        self.runs.of(branch)
    }

    /// The names of the dormant branches.
    pub(super) fn dormant(&self) -> Vec<String> {
        let all = self.branches.all().iter().enumerate();
        all.filter(|(i, _)| self.runs.of(*i).is_none()).map(|(_, branch)| branch.name.clone()).collect()
    }

    /// The branches as the viewer wants them: the awaited one is shown.
    pub(super) fn wanted(&self) -> Branches {
        let mut wanted = self.branches.clone();
        wanted.show(self.awaited.unwrap_or(wanted.shown()));
        wanted
    }

    /// The viewer's what-ifs, and which of them is shown.
    pub fn branches(&self) -> &Branches {
        &self.branches
    }

    /// Where the viewer is, and how the film moves.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The name of a branch as shown: what the viewer calls it, else its first action in the mechanism's words; of the scene itself
    /// its title.
    pub(super) fn branch_name(&self, branch: usize, lang: Lang) -> &str {
        let Some(named) = self.branches.all().get(branch) else { return "" };
        let Some((_, at)) = named.parent else { return self.run().title().get(lang) };
        let first = named.actions.first().map_or("", String::as_str);
        if !named.name.is_empty() && named.name != first {
            return &named.name;
        }
        let taken = self.runs.of(branch).and_then(|run| {
            let actions = run.actions();
            let place = actions.iter().position(|action| action.before >= at && action.text == first)?;
            actions.get(place)
        });
        taken.map_or(first, |action| action.title.get(lang))
    }

    pub(super) fn spine(&self) -> &Spine {
        &self.spine
    }

    pub(super) fn revision(&self) -> u64 {
        self.revision
    }

    /// The position that words and panels show.
    pub fn at(&self) -> usize {
        self.transport.position()
    }

    /// What is to be remembered of this scene.
    pub(super) fn remembered(&self) -> Remembered {
        Remembered {
            at: self.at(),
            watched: self.watched.clone(),
            steps: self.runs.scene().steps(),
            branches: self.wanted(),
        }
    }

    /// Prepares the facts of the shown position; call once a frame, before drawing.
    pub(super) fn turn_to_now(&mut self, lang: Lang) {
        let at = self.at();
        self.facts.turn_to(self.revision, at, lang);
    }

    /// The facts of the shown position.
    pub(super) fn here(&self) -> Here<'_> {
        self.facts.here(self.run())
    }

    /// Carries out a movement.
    pub(super) fn travel(&mut self, command: &Move, lang: Lang) {
        self.know_rests(lang);
        let before = self.at();
        let (transport, outline) = self.transport_and_outline();
        transport.apply(command, outline);
        if matches!(command, Move::Step(_) | Move::Travel(..) | Move::Press(_)) {
            self.watch(before);
        }
    }

    /// What lies between here and a position was played, or gone over step by step.
    fn watch(&mut self, before: usize) {
        let at = self.at();
        if self.branches.shown() == 0 && at != before {
            self.watched.add(before, at);
        }
    }

    /// Lets time pass. `true` if the picture changed.
    pub(super) fn tick(&mut self, dt: f32, lang: Lang) -> bool {
        if !self.transport.moving() {
            return false;
        }
        self.know_rests(lang);
        let before = self.at();
        let (transport, outline) = self.transport_and_outline();
        let changed = transport.tick(dt, outline);
        self.watch(before);
        changed
    }

    /// Switches movement between positions off or on.
    pub(super) fn set_reduced_motion(&mut self, reduced: bool) {
        self.transport.set_reduced_motion(reduced);
    }

    /// Shows a branch, at the same position as far as it has one.
    pub(super) fn show(&mut self, branch: usize) {
        if self.runs.of(branch).is_none() {
            return;
        }
        self.awaited = None;
        self.branches.show(branch);
        self.run_changed();
    }

    /// Takes an action at this position: at the end of a branch it goes on, anywhere else a new branch leaves.
    /// On an error nothing has changed.
    pub(super) fn act(&mut self, action: &str, lang: Lang) -> Result<(), ActionError> {
        let at = self.at();
        let shown = self.branches.shown();
        if let Some(run) = self.runs.of_mut(shown).filter(|run| run.steps() == at) {
            run.act(action)?;
            self.branches.extend(action);
        } else {
            let forked = self.run().fork(at, action)?;
            self.branches.fork(at, action);
            self.runs.push(forked);
        }
        self.show_from(at, lang);
        Ok(())
    }

    /// All who can run take turns, at most so many, in the shown branch or in a new one; what it came to. `None` if nobody can.
    pub(super) fn go_on(&mut self, most: usize, lang: Lang) -> Result<Option<RanOn>, ActionError> {
        let at = self.at();
        let Some(first) = self.run().turn(at) else { return Ok(None) };
        self.act(&first, lang)?;
        let mut ran_on = RanOn { turns: 1, ..RanOn::default() };
        let shown = self.branches.shown();
        if let Some(run) = self.runs.of_mut(shown) {
            ran_on.rest = loop {
                let Some(turn) = run.turn(run.steps()) else { break Rest::Nobody };
                if ran_on.turns == most {
                    break Rest::Turns;
                }
                if let Err(limit) = run.act(&turn) {
                    break Rest::Limit(limit);
                }
                self.branches.extend(&turn);
                ran_on.turns += 1;
            };
            ran_on.judge(&**run);
        }
        self.show_from(at, lang);
        Ok(Some(ran_on))
    }

    /// The run has changed from here on: the film stops, whatever it did, and then shows what has come.
    fn show_from(&mut self, at: usize, lang: Lang) {
        self.awaited = None;
        self.run_changed();
        let place = Transport::at(at);
        let (speed, grain) = (self.transport.speed(), self.transport.grain());
        self.transport = place;
        self.travel(&Move::Speed(speed), lang);
        self.travel(&Move::Grain(grain), lang);
        let end = self.run().steps();
        self.travel(&Move::Until(end), lang);
    }

    /// Names a branch.
    pub(super) fn rename(&mut self, branch: usize, name: &str) {
        self.branches.rename(branch, name);
    }

    /// Removes a branch and all that leave it.
    pub(super) fn remove(&mut self, branch: usize) {
        let renumbered = self.branches.remove(branch);
        self.runs.retain(&renumbered);
        self.awaited = self.awaited.and_then(|awaited| renumbered.get(awaited).copied().flatten());
        // The parent of a dormant branch may be dormant too.
        self.branches.show(self.runs.living(&self.branches, self.branches.shown()));
        self.comparing = Comparing::default();
        self.run_changed();
    }

    /// Takes a newly staged run of the same scene, keeping the step where the run is the same up to it.
    pub(super) fn reload(&mut self, runs: Grown) {
        let old_at = self.at();
        let shown = self.branches.shown();
        let wanted = self.wanted();
        let old = std::mem::replace(&mut self.runs, runs);
        (self.branches, self.awaited) = shown_of(&self.runs, &wanted);
        let same = old.of(shown).map_or(0, |run| run.same_until(self.run()));
        self.run_changed();
        if old_at > same {
            self.travel(&Move::Seek(same), Lang::default());
        }
    }

    /// The picture at a position, without its caption.
    pub(super) fn picture(&self, at: usize) -> Arc<Diagram> {
        self.run().picture(at, self.size)
    }

    fn transport_and_outline(&mut self) -> (&mut Transport, Outline<'_>) {
        let steps = self.run().steps();
        let Spine { starts, stops, ends, rests, clock, .. } = &self.spine;
        let outline = Outline { steps, actions: starts, stops, ends, rests, clock };
        (&mut self.transport, outline)
    }

    /// Makes sure that the rests of the next positions are known: the time to read their sentences.
    fn know_rests(&mut self, lang: Lang) {
        let at = self.at();
        let run = self.runs.of(self.branches.shown()).unwrap_or(self.runs.scene());
        for place in at..(at + 4).min(self.spine.rests.len()) {
            if self.spine.rests[place] == 0.0 {
                let stop = self.spine.stops.binary_search(&place).is_ok();
                self.spine.rests[place] = rhythm::rest(&run.caption(place, lang), stop, lang);
            }
        }
    }

    /// The times to read belong to a language.
    pub(super) fn language_changed(&mut self) {
        self.spine.rests.fill(0.0);
        self.find.forget_words();
    }

    fn run_changed(&mut self) {
        self.revision += 1;
        let spine = Spine::of(self.run());
        self.spine = spine;
        self.find.forget_words();
        let (at, steps) = (self.at(), self.run().steps());
        if at > steps {
            let (transport, outline) = self.transport_and_outline();
            transport.apply(&Move::Seek(steps), outline);
        }
    }

    /// The position of the next event with this name after the one shown.
    pub(super) fn next_event(&self, name: &str) -> Option<usize> {
        let (_, _, places) = self.spine.kinds.iter().find(|(kind, ..)| *kind == name)?;
        let at = self.at();
        places.get(places.partition_point(|place| *place <= at)).copied()
    }
}

impl Spine {
    fn of(run: &dyn Run) -> Spine {
        let events: Vec<EventRecord> = (1..=run.steps()).filter_map(|at| run.event(at)).collect();
        let mut kinds: Vec<(&'static str, Kind, Vec<usize>)> = Vec::new();
        let mut index: HashMap<&'static str, usize> = HashMap::new();
        for (step, event) in events.iter().enumerate() {
            let slot = *index.entry(event.name).or_insert_with(|| {
                kinds.push((event.name, event.kind, Vec::new()));
                kinds.len() - 1
            });
            kinds[slot].2.push(step + 1);
        }
        let starts = run.actions().iter().map(|action| action.before).collect();
        let story = run.story();
        let (stops, ends) = (story.marks(Grain::Stop), story.marks(Grain::Action));
        Spine {
            starts,
            kinds,
            rests: vec![0.0; events.len() + 1],
            clock: rhythm::clock(run, &story),
            events,
            story,
            questions: run.questions(),
            stops,
            ends,
        }
    }
}

/// The branches with one shown that has a run, and the one that was to be shown instead.
fn shown_of(runs: &Grown, wanted: &Branches) -> (Branches, Option<usize>) {
    let mut branches = wanted.clone();
    branches.show(runs.living(wanted, wanted.shown()));
    let awaited = (branches.shown() != wanted.shown()).then_some(wanted.shown());
    (branches, awaited)
}
