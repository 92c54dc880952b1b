//! The tree of a viewer's what-ifs: which branch leaves which other one where, and which is shown.

use std::collections::HashMap;

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

    /// Leaves out, of branches that came from a file, those that leave nothing: no branch that comes before them.
    /// Returns their names.
    pub fn mend(&mut self) -> Vec<String> {
        let mut dropped = Vec::new();
        let mut kept: Vec<Branch> = Vec::new();
        let mut renumbered: Vec<Option<usize>> = Vec::new();
        for (i, mut branch) in std::mem::take(&mut self.branches).into_iter().enumerate() {
            let number = match branch.parent {
                None => (i == 0).then_some(None),
                Some((parent, at)) => renumbered.get(parent).copied().flatten().map(|parent| Some((parent, at))),
            };
            match number.filter(|parent| parent.is_none() || !branch.actions.is_empty()) {
                Some(parent) => {
                    branch.parent = parent;
                    renumbered.push(Some(kept.len()));
                    kept.push(branch);
                }
                None => {
                    renumbered.push(None);
                    dropped.push(match branch.actions.into_iter().next() {
                        Some(action) if branch.name.is_empty() => action,
                        _ => branch.name,
                    });
                }
            }
        }
        self.shown = renumbered.get(self.shown).copied().flatten().unwrap_or(0);
        self.branches = kept;
        if self.branches.is_empty() {
            *self = Branches::default();
        }
        dropped
    }

    /// Adds the branches of `other` that are neither here nor in `known`: what somebody else has added since both were
    /// `known`.
    pub fn adopt(&mut self, other: &Branches, known: &Branches) {
        let mut numbers = other.found_in(self);
        let known = other.found_in(known);
        let mut wanted: Vec<bool> = known.iter().map(Option::is_none).collect();
        for i in (0..wanted.len()).rev() {
            // What a new one leaves is needed, even if it was removed here.
            if let (true, Some((parent, _))) = (wanted[i], other.branches[i].parent) {
                wanted[parent] = true;
            }
        }
        for (i, branch) in other.branches.iter().enumerate() {
            let parent = branch.parent.and_then(|(parent, at)| Some((numbers[parent]?, at)));
            if wanted[i] && numbers[i].is_none() && parent.is_some() {
                numbers[i] = Some(self.branches.len());
                self.branches.push(Branch { parent, ..branch.clone() });
            }
        }
    }

    /// For each branch the number of the same one in `others`: it leaves the same at the same place with the same actions.
    fn found_in(&self, others: &Branches) -> Vec<Option<usize>> {
        let places = others.branches.iter().enumerate().map(|(i, b)| ((b.parent, &b.actions), i));
        let places: HashMap<_, _> = places.collect();
        let mut found: Vec<Option<usize>> = Vec::new();
        for (i, branch) in self.branches.iter().enumerate() {
            let parent = branch.parent.map(|(parent, at)| Some((found[parent]?, at)));
            found.push(match parent {
                None => (i == 0).then_some(0),
                Some(parent) => parent.and_then(|parent| places.get(&(Some(parent), &branch.actions)).copied()),
            });
        }
        found
    }
}
