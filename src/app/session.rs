//! A scene that is open: its run and the viewer's branches of it, where the viewer is, and what is cached for drawing.

use std::collections::HashMap;
use std::rc::Rc;

use super::ahead::Ahead;
use super::facts::{Facts, Here};
use super::find::Find;
use super::panels::branches::Comparing;
use super::panels::curves::Curves;
use super::panels::state::Tree;
use super::settings::Remembered;
use super::shelf::Library;
use super::stage::View;
use super::timeline::Ticks;
use super::whatif::WhatIf;
use crate::diagram::Diagram;
use crate::player::{Branches, Command as Move, Outline, Transport};
use crate::scene::{ActionError, EventRecord, Kind, Run, page};
use crate::text::{Lang, Text};

/// Pages kept ready for drawing.
const PAGES: usize = 48;

/// A scene that is open.
pub struct Session {
    /// One run a branch; the first is the scene itself.
    runs: Vec<Box<dyn Run>>,
    branches: Branches,
    transport: Transport,
    /// Grows whenever another run is shown, or the shown one has changed: what is cached belongs to a revision.
    revision: u64,
    spine: Spine,
    /// The furthest position of the scene itself that was seen.
    seen: usize,
    pages: HashMap<(usize, Lang), Rc<Diagram>>,
    facts: Facts,
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
    /// Seconds of rest at each position, 0 while not yet known.
    rests: Vec<f32>,
}

impl Session {
    /// A scene with its branches, as it was left when it was open last. What could not be taken up again is named.
    pub(super) fn new(grown: Grown, remembered: &Remembered) -> (Session, Vec<String>) {
        let Grown { runs, branches, lost } = grown;
        let at = remembered.at.min(runs[branches.shown()].steps());
        let mut session = Session {
            runs,
            branches,
            transport: Transport::at(at),
            revision: 0,
            spine: Spine::default(),
            seen: remembered.seen,
            pages: HashMap::new(),
            facts: Facts::new(),
            view: View::default(),
            ahead: Ahead::default(),
            ticks: Ticks::default(),
            find: Find::default(),
            tree: Tree::default(),
            curves: Curves::default(),
            whatif: WhatIf::default(),
            comparing: Comparing::default(),
            typed_position: String::new(),
            selected: None,
        };
        session.run_changed();
        (session, lost)
    }

    /// The shown run.
    pub fn run(&self) -> &dyn Run {
        &*self.runs[self.branches.shown()]
    }

    /// The run of a branch.
    pub(super) fn run_of(&self, branch: usize) -> Option<&dyn Run> {
        self.runs.get(branch).map(|run| &**run)
    }

    /// The viewer's what-ifs, and which of them is shown.
    pub fn branches(&self) -> &Branches {
        &self.branches
    }

    /// Where the viewer is, and how the film moves.
    pub fn transport(&self) -> &Transport {
        &self.transport
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
            seen: self.seen.min(self.runs[0].steps()),
            steps: self.runs[0].steps(),
            branches: self.branches.clone(),
        }
    }

    /// Prepares the facts of the shown position; call once a frame, before drawing.
    pub(super) fn turn_to_now(&mut self, lang: Lang) {
        let at = self.at();
        self.facts.turn_to(self.revision, at, lang);
        if self.branches.shown() == 0 {
            self.seen = self.seen.max(at);
        }
    }

    /// The facts of the shown position.
    pub(super) fn here(&self) -> Here<'_> {
        self.facts.here(self.run())
    }

    /// Carries out a movement.
    pub(super) fn travel(&mut self, command: &Move, lang: Lang) {
        self.know_rests(lang);
        let (transport, outline) = self.transport_and_outline();
        transport.apply(command, outline);
    }

    /// Lets time pass. `true` if the picture changed.
    pub(super) fn tick(&mut self, dt: f32, lang: Lang) -> bool {
        if !self.transport.moving() {
            return false;
        }
        self.know_rests(lang);
        let (transport, outline) = self.transport_and_outline();
        transport.tick(dt, outline)
    }

    /// Switches movement between positions off or on.
    pub(super) fn set_reduced_motion(&mut self, reduced: bool) {
        self.transport.set_reduced_motion(reduced);
    }

    /// Shows a branch, at the same position as far as it has one.
    pub(super) fn show(&mut self, branch: usize) {
        self.branches.show(branch);
        self.run_changed();
    }

    /// Takes an action at this position: at the end of a branch it goes on, anywhere else a new branch leaves.
    /// On an error nothing has changed.
    pub(super) fn act(&mut self, action: &str, lang: Lang) -> Result<(), ActionError> {
        let at = self.at();
        let shown = self.branches.shown();
        if shown > 0 && at == self.run().steps() {
            self.runs[shown].act(action)?;
            self.branches.extend(action);
        } else {
            let forked = self.run().fork(at, action)?;
            self.branches.fork(at, action);
            self.runs.push(forked);
        }
        self.run_changed();
        // The film stops, whatever it did, and then shows what the action does.
        let place = Transport::at(at);
        let speed = self.transport.speed();
        self.transport = place;
        self.travel(&Move::Speed(speed), lang);
        let end = self.run().steps();
        self.travel(&Move::Until(end), lang);
        Ok(())
    }

    /// Names a branch.
    pub(super) fn rename(&mut self, branch: usize, name: &str) {
        self.branches.rename(branch, name);
    }

    /// Removes a branch and all that leave it.
    pub(super) fn remove(&mut self, branch: usize) {
        let renumbered = self.branches.remove(branch);
        let mut index = 0;
        self.runs.retain(|_| {
            let kept = renumbered.get(index).copied().flatten().is_some();
            index += 1;
            kept
        });
        self.comparing = Comparing::default();
        self.run_changed();
    }

    /// Takes a newly staged run of the same scene, keeping the step where the run is the same up to it.
    pub(super) fn reload(&mut self, grown: Grown) -> Vec<String> {
        let old_at = self.at();
        let shown = self.branches.shown();
        let Grown { runs, branches, lost } = grown;
        let old = std::mem::replace(&mut self.runs, runs);
        self.branches = branches;
        let same = old[shown].same_until(self.run());
        self.run_changed();
        if old_at > same {
            self.travel(&Move::Seek(same), Lang::default());
        }
        lost
    }

    /// The page at a position.
    pub(super) fn page(&mut self, library: &dyn Library, at: usize, lang: Lang) -> Rc<Diagram> {
        if let Some(page) = self.pages.get(&(at, lang)) {
            return Rc::clone(page);
        }
        // One goes for one that comes: dropping many at once takes as long as a frame may.
        if self.pages.len() >= PAGES {
            let here = self.at();
            let furthest = self.pages.keys().copied().max_by_key(|(kept, of)| (*of != lang, kept.abs_diff(here)));
            furthest.and_then(|key| self.pages.remove(&key));
        }
        let page = Rc::new(library.page(self.run(), at, lang));
        self.pages.insert((at, lang), Rc::clone(&page));
        page
    }

    fn transport_and_outline(&mut self) -> (&mut Transport, Outline<'_>) {
        let steps = self.runs[self.branches.shown()].steps();
        let outline = Outline { steps, actions: &self.spine.starts, rests: &self.spine.rests };
        (&mut self.transport, outline)
    }

    /// Makes sure that the rests of the next positions are known: the time to read their sentences.
    fn know_rests(&mut self, lang: Lang) {
        let at = self.at();
        let run = &self.runs[self.branches.shown()];
        for place in at..(at + 4).min(self.spine.rests.len()) {
            if self.spine.rests[place] == 0.0 {
                self.spine.rests[place] = page::reading_time(&run.caption(place, lang), lang);
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
        self.pages.clear();
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
        Spine { starts, kinds, rests: vec![0.0; events.len() + 1], events }
    }
}

/// A scene's own run and the viewer's branches of it, staged.
pub struct Grown {
    runs: Vec<Box<dyn Run>>,
    branches: Branches,
    /// The names of branches that could not be taken up again.
    lost: Vec<String>,
}

/// Stages branches on top of a scene's own run. What could not be taken up again is left out and named.
pub(super) fn grow(run: Box<dyn Run>, wanted: &Branches) -> Grown {
    let mut runs = vec![run];
    let mut grown = Branches::default();
    let mut lost = Vec::new();
    // For each wanted branch its number among the grown ones.
    let mut numbers: Vec<Option<usize>> = vec![Some(0)];
    for branch in wanted.all().iter().skip(1) {
        let staged = branch.parent.and_then(|(parent, at)| {
            let parent = numbers.get(parent).copied().flatten()?;
            Some((parent, at, fork_all(&*runs[parent], at, &branch.actions)?))
        });
        let Some((parent, at, run)) = staged else {
            lost.push(branch.name.clone());
            numbers.push(None);
            continue;
        };
        grown.show(parent);
        let number = grown.fork(at, branch.actions.first().map_or("", String::as_str));
        branch.actions.iter().skip(1).for_each(|action| grown.extend(action));
        grown.rename(number, &branch.name);
        numbers.push(Some(number));
        runs.push(run);
    }
    let shown = numbers.get(wanted.shown()).copied().flatten().unwrap_or(0);
    grown.show(shown);
    Grown { runs, branches: grown, lost }
}

fn fork_all(parent: &dyn Run, at: usize, actions: &[String]) -> Option<Box<dyn Run>> {
    if at > parent.steps() {
        return None;
    }
    let (first, rest) = actions.split_first()?;
    let mut run = parent.fork(at, first).ok()?;
    for action in rest {
        run.act(action).ok()?;
    }
    Some(run)
}

/// The name of a branch as shown: the scene itself has none of its own.
pub fn branch_name<'a>(branches: &'a Branches, branch: usize, title: &'a Text, lang: Lang) -> &'a str {
    match branches.all().get(branch) {
        Some(b) if b.parent.is_some() && !b.name.is_empty() => &b.name,
        Some(b) if b.parent.is_some() => b.actions.first().map_or("", String::as_str),
        _ => title.get(lang),
    }
}
