//! The runs of a scene and of the viewer's branches of it.

use crate::player::Branches;
use crate::scene::Run;

/// The run of a scene and, for each branch, its own. A branch that does not fit the scene as it now is has none: it is
/// dormant, and is kept as it was until the scene fits it again.
pub struct Grown {
    /// The scene's own run.
    scene: Box<dyn Run>,
    /// The run of each branch after the first.
    forks: Vec<Option<Box<dyn Run>>>,
}

impl Grown {
    /// Stages branches on top of a scene's own run.
    pub fn new(scene: Box<dyn Run>, branches: &Branches) -> Grown {
        let mut grown = Grown { scene, forks: Vec::new() };
        for branch in branches.all().iter().skip(1) {
            let fork = branch.parent.and_then(|(parent, at)| fork_all(grown.of(parent)?, at, &branch.actions));
            grown.forks.push(fork);
        }
        // What is shown is told here, where no frame waits for it.
        drop(grown.of(branches.shown()).unwrap_or(&*grown.scene).story());
        grown
    }

    /// The scene's own run.
    pub fn scene(&self) -> &dyn Run {
        &*self.scene
    }

    /// The run of a branch, if it has one.
    pub fn of(&self, branch: usize) -> Option<&dyn Run> {
        match branch.checked_sub(1) {
            None => Some(&*self.scene),
            Some(fork) => self.forks.get(fork)?.as_deref(),
        }
    }

    /// The run of a branch that is to go on.
    pub fn of_mut(&mut self, branch: usize) -> Option<&mut Box<dyn Run>> {
        self.forks.get_mut(branch.checked_sub(1)?)?.as_mut()
    }

    /// The run of one more branch.
    pub fn push(&mut self, run: Box<dyn Run>) {
        self.forks.push(Some(run));
    }

    /// Keeps the branches that have a new number, as [`Branches::remove`] tells them.
    pub fn retain(&mut self, renumbered: &[Option<usize>]) {
        let mut numbers = renumbered.iter().skip(1);
        self.forks.retain(|_| numbers.next().is_none_or(Option::is_some));
    }

    /// The branch itself, or the nearest one below it that has a run.
    pub fn living(&self, branches: &Branches, mut branch: usize) -> usize {
        while self.of(branch).is_none() {
            branch = branches.all().get(branch).and_then(|b| b.parent).map_or(0, |(parent, _)| parent);
        }
        branch
    }
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
