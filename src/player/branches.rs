//! The tree of a viewer's what-ifs: which branch leaves which other one where, and which is shown.

use serde::{Deserialize, Serialize};

/// A run that leaves another one. The first is the scene itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branch {
    /// What the viewer calls it; empty for the scene itself.
    pub name: String,
    /// The branch that it leaves, and at which position; `None` for the scene itself.
    pub parent: Option<(usize, usize)>,
    /// The actions that it takes from there on.
    pub actions: Vec<String>,
}

/// All branches of one scene. A branch's parent always comes before it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Branches {
    branches: Vec<Branch>,
    shown: usize,
}

impl Default for Branches {
    fn default() -> Branches {
        Branches { branches: vec![Branch { name: String::new(), parent: None, actions: Vec::new() }], shown: 0 }
    }
}

impl Branches {
    /// All branches, the scene first.
    pub fn all(&self) -> &[Branch] {
        &self.branches
    }

    /// The one that is shown.
    pub fn shown(&self) -> usize {
        self.shown
    }

    /// Shows another one; nothing happens if there is none with this number.
    pub fn show(&mut self, branch: usize) {
        if branch < self.branches.len() {
            self.shown = branch;
        }
    }

    /// A new branch that leaves the shown one at `position` with an action; it is shown. Returns its number.
    pub fn fork(&mut self, position: usize, action: &str) -> usize {
        let parent = Some((self.shown, position));
        self.branches.push(Branch { name: action.to_owned(), parent, actions: vec![action.to_owned()] });
        self.shown = self.branches.len() - 1;
        self.shown
    }

    /// Another action at the end of the shown branch.
    pub fn extend(&mut self, action: &str) {
        if let Some(branch) = self.branches.get_mut(self.shown) {
            branch.actions.push(action.to_owned());
        }
    }

    /// Gives a branch a name; the scene itself keeps its own.
    pub fn rename(&mut self, branch: usize, name: &str) {
        if let Some(branch) = self.branches.get_mut(branch).filter(|b| b.parent.is_some()) {
            branch.name = name.trim().to_owned();
        }
    }

    /// Removes a branch and all that leave it; the scene itself stays. The parent is shown if the shown one goes.
    /// Returns for each old number its new one.
    pub fn remove(&mut self, branch: usize) -> Vec<Option<usize>> {
        let mut goes = vec![false; self.branches.len()];
        for (i, b) in self.branches.iter().enumerate() {
            goes[i] = b.parent.is_some_and(|(parent, _)| i == branch || goes[parent]);
        }
        let mut next = 0;
        let renumbered: Vec<Option<usize>> = goes
            .iter()
            .map(|gone| {
                let new = (!gone).then_some(next);
                next += usize::from(!gone);
                new
            })
            .collect();
        let mut shown = self.shown;
        while renumbered[shown].is_none() {
            shown = self.branches[shown].parent.map_or(0, |(parent, _)| parent);
        }
        self.shown = renumbered[shown].unwrap_or(0);
        let mut kept = Vec::new();
        for (i, mut b) in std::mem::take(&mut self.branches).into_iter().enumerate() {
            if renumbered[i].is_some() {
                b.parent = b.parent.and_then(|(parent, at)| Some((renumbered[parent]?, at)));
                kept.push(b);
            }
        }
        self.branches = kept;
        renumbered
    }

    /// The first fault of branches that came from a file: a parent that does not exist, a shown one out of range.
    pub fn fault(&self) -> Option<String> {
        let roots = self.branches.iter().filter(|b| b.parent.is_none()).count();
        if self.branches.first().is_none_or(|b| b.parent.is_some()) || roots != 1 {
            return Some("the first branch must be the scene itself, and the only one without a parent".to_owned());
        }
        if self.shown >= self.branches.len() {
            return Some(format!("branch {} is shown, but there are {}", self.shown, self.branches.len()));
        }
        let wrong = self.branches.iter().enumerate().find(|(i, b)| b.parent.is_some_and(|(parent, _)| parent >= *i));
        wrong.map(|(i, _)| format!("branch {i} comes before its parent"))
    }
}
