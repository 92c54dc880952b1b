//! The picture of a map: the figures of its header and the operation at hand above, `oldbuckets` left, `buckets` right, and
//! between or below them the bits of the hash that decides.

mod arrays;
mod cells;
mod focus;
mod hash;
mod header;
mod operation;
mod ways;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::event::Event;
use super::hmap::GoMap;
use crate::diagram::parts::{Line, column, flow, picture, row};
use crate::diagram::{Diagram, Rect, Size, Tone};
use crate::view::{View, narrow};
use focus::Focus;

/// What the pictures of a run have room for.
#[derive(Clone, Debug, Default)]
pub struct Room {
    /// Whether the map grows: there are two arrays.
    pair: bool,
    /// Whether there are iterations.
    iterates: bool,
    /// Goroutines that use the map.
    goroutines: BTreeSet<u32>,
    /// Lengths of arrays to which one half as long grows: they have an X and a Y half.
    halved: BTreeSet<u32>,
    /// Of an array of this length, the longest chain of each bucket.
    chains: BTreeMap<u32, Vec<usize>>,
}

impl View for GoMap {
    type Room = Room;

    fn widen(&self, room: &mut Room) {
        let (old, new) = arrays::roles(self);
        room.pair |= old.is_some();
        room.iterates |= !self.iterations().is_empty();
        room.goroutines.extend(self.frames().iter().chain(self.ended()).map(|frame| frame.g));
        room.goroutines.extend(self.dead().map(|dead| dead.g));
        let len = |array: &arrays::Role| self.memory().main_len(array.slot);
        if let (Some(old), Some(new)) = (&old, &new) {
            room.halved.extend((len(new) == 2 * len(old)).then(|| len(new)));
        }
        for array in old.iter().chain(&new) {
            let chains = room.chains.entry(len(array)).or_default();
            chains.resize(len(array) as usize, 1);
            // Of a larger array the neighbours of the bucket at work are drawn, and to look through it at every step is dear.
            if chains.len() > LOOKED_THROUGH {
                continue;
            }
            for (longest, head) in chains.iter_mut().zip(self.heads(array.slot)) {
                if self.memory().at(head).overflow.is_some() {
                    *longest = (*longest).max(self.memory().chain(head).count());
                }
            }
        }
    }

    fn view(&self, event: Option<&Event>, _tone: Tone, size: Size, area: Rect, room: &Room) -> Diagram {
        let mut room = room.clone();
        self.widen(&mut room);
        let narrow = narrow(area);
        let shown = Shown { map: self, event, size, narrow, focus: focus::focus(self, event), room: &room };
        let mut picture = picture(&shown.page(), area, size);
        ways::draw(&shown, &mut picture);
        told_apart(&mut picture);
        picture
    }
}

/// Arrays of up to so many buckets are looked through for overflow buckets that will need room.
const LOOKED_THROUGH: usize = 128;

/// What a picture is of.
struct Shown<'a> {
    map: &'a GoMap,
    event: Option<&'a Event>,
    size: Size,
    narrow: bool,
    focus: Focus,
    room: &'a Room,
}

/// Shares of the width: an array, and what stands between two.
const ARRAY: f32 = 1.0;
const MIDDLE: f32 = 0.5;

impl Shown<'_> {
    fn page(&self) -> Line {
        let page = column().with(self.header()).gap(0.8);
        let page = if self.room.goroutines.len() > 1 { page.with(self.cards()) } else { page };
        let page = if self.room.iterates { page.with(self.iterations()) } else { page };
        match self.arrays() {
            Some((old, new)) if self.narrow => {
                let arrays = match old {
                    Some(old) => column().filling(0.7, old).filling(1.0, new),
                    None => column().filling(1.0, new),
                };
                page.filling(1.0, arrays.strict()).with(self.hash())
            }
            Some((old, new)) if self.room.pair && self.size == Size::Window => {
                let left = match old {
                    Some(old) => row().filling(ARRAY, old).filling(MIDDLE, self.hash()),
                    None => row().filling(1.0, self.without_old()),
                };
                page.filling(1.0, row().filling(ARRAY + MIDDLE, left.strict()).filling(ARRAY, new).strict())
            }
            Some((Some(old), new)) => {
                // The hash stands below the old array, so that ways to the new one pass beside it.
                page.filling(1.0, halves().filling(ARRAY, old).filling(ARRAY, new))
                    .with(halves().filling(ARRAY, self.hash()).filling(ARRAY, flow()))
            }
            Some((None, new)) if self.room.pair => {
                page.filling(1.0, halves().filling(ARRAY, self.without_old()).filling(ARRAY, new))
            }
            Some((None, new)) => page.filling(1.0, new).with(self.hash()),
            None => page.filling(1.0, row().with(self.no_array()).centered()).with(self.hash()),
        }
    }

    /// In the place of the old array while there is none.
    fn without_old(&self) -> Line {
        column().filling(1.0, row().with(self.grows()).centered()).filling(1.2, self.hash()).gap(2.0)
    }
}

fn halves() -> Line {
    row().gap(2.0).strict()
}

/// Two writers can leave a key in two cells: the second one has a name of its own.
fn told_apart(picture: &mut Diagram) {
    let mut seen = HashSet::new();
    for mark in picture.marks.iter_mut().rev() {
        while !seen.insert(mark.key.clone()) {
            mark.key = format!("{}/again", mark.key).into();
        }
    }
}
