//! The map's header, its directory, tables and groups, and the machine's whole state.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::machine::Dice;
use crate::text::as_displayed;

use super::super::keys::{Hashes, Key, KeyId, KeyTable};
use super::frame::{Frame, Spot};
use super::iterate::Iter;
use super::laws::Fault;
use super::setup::{KeyKind, Setup};

/// Slots of a group (`abi.MapGroupSlots`).
pub const SLOTS: u32 = 8;
/// A table has at most so many slots (`maxTableCapacity`).
pub const MAX_TABLE: u16 = 1024;
/// Of each group's slots so many are filled on the average at most (`maxAvgGroupLoad`).
pub const MAX_LOAD: u16 = 7;

/// A control byte: empty, deleted, or the lower seven bits of the hash of the slot's key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ctrl(pub u8);

/// `ctrlEmpty`.
pub const EMPTY: Ctrl = Ctrl(0x80);
/// `ctrlDeleted`: a tombstone.
pub const DELETED: Ctrl = Ctrl(0xfe);

impl Ctrl {
    /// `h2`: the control byte of a key with this hash.
    pub fn of(hash: u64) -> Ctrl {
        Ctrl((hash & 0x7f) as u8)
    }

    /// Whether a key lies in the slot.
    pub fn is_full(self) -> bool {
        self.0 & EMPTY.0 == 0
    }
}

impl fmt::Display for Ctrl {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match *self {
            EMPTY => f.write_str("empty"),
            DELETED => f.write_str("deleted"),
            Ctrl(h2) => write!(f, "{h2:02x}"),
        }
    }
}

as_displayed!(Ctrl);

/// Eight control bytes, keys and elems.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Group {
    /// The control word, slot 0 first.
    pub ctrl: [Ctrl; SLOTS as usize],
    /// What stands in the key memory: uncleared after the deletion of a key without pointers.
    pub keys: [Option<KeyId>; SLOTS as usize],
    /// What stands in the elem memory.
    pub elems: [i64; SLOTS as usize],
}

impl Group {
    /// A group with nothing in it.
    pub const NEW: Group =
        Group { ctrl: [EMPTY; SLOTS as usize], keys: [None; SLOTS as usize], elems: [0; SLOTS as usize] };

    /// A bit for each slot, slot 0 the lowest, whose control byte is so: the eight comparisons of a `match` at once.
    pub fn matching(&self, is: impl Fn(Ctrl) -> bool) -> u8 {
        self.ctrl.iter().enumerate().fold(0, |bits, (slot, ctrl)| bits | u8::from(is(*ctrl)) << slot)
    }

    /// The first slot whose control byte is this one.
    pub fn first(&self, ctrl: Ctrl) -> Option<u32> {
        self.ctrl.iter().position(|found| *found == ctrl).map(|slot| slot as u32)
    }
}

/// A table of groups; or the single group of a small map, of which only the groups count.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Table {
    /// Whether it is the group of a small map.
    pub small: bool,
    /// Full slots.
    pub used: u16,
    /// Slots, a power of two.
    pub capacity: u16,
    /// So many empty slots may still be filled before it grows.
    pub growth_left: u16,
    /// So many upper bits of the hash its keys have in common.
    pub local_depth: u8,
    /// Its first place in the directory; −1 once it is replaced, or before it stands there.
    pub index: i32,
    /// The groups.
    pub groups: Arc<Vec<Group>>,
}

impl Table {
    /// `newTable`: of at least this capacity, rounded up to a power of two.
    pub fn new(capacity: u16, index: i32, local_depth: u8) -> Table {
        let capacity = capacity.max(SLOTS as u16).next_power_of_two();
        let groups = Arc::new(vec![Group::NEW; usize::from(capacity) / SLOTS as usize]);
        Table { small: false, used: 0, capacity, growth_left: limit(capacity), local_depth, index, groups }
    }

    /// `growToSmall`: one group.
    pub fn small() -> Table {
        Table { small: true, ..Table::new(SLOTS as u16, 0, 0) }
    }

    /// `groups.lengthMask`.
    pub fn mask(&self) -> u32 {
        self.groups.len() as u32 - 1
    }

    /// Where the probe of a key with this hash begins: `h1 & lengthMask`.
    pub fn start(&self, hash: u64) -> u32 {
        (hash >> 7) as u32 & self.mask()
    }

    /// `probeSeq`: the groups in the order in which a key with this hash is looked for.
    pub fn probe(&self, hash: u64) -> impl Iterator<Item = u32> + use<> {
        let mask = self.mask();
        let start = self.start(hash);
        (0..=mask).scan(start, move |offset, index| {
            *offset = (*offset + index) & mask;
            Some(*offset)
        })
    }

    /// A group.
    pub fn group(&self, group: u32) -> &Group {
        &self.groups[group as usize]
    }

    /// Full slots and tombstones, counted.
    pub fn counted(&self) -> (usize, usize) {
        let ctrl = || self.groups.iter().flat_map(|group| group.ctrl);
        (ctrl().filter(|ctrl| ctrl.is_full()).count(), ctrl().filter(|ctrl| *ctrl == DELETED).count())
    }

    /// `tombstones()`: computed, as the runtime does.
    pub fn tombstones(&self) -> u16 {
        limit(self.capacity).wrapping_sub(self.used).wrapping_sub(self.growth_left)
    }

    /// Where this key is.
    pub fn find(&self, hash: u64, key: KeyId) -> Option<(u32, u32)> {
        let (h2, small) = (Ctrl::of(hash), self.small);
        for number in self.probe(hash) {
            let group = self.group(number);
            let here = |slot: &u32| group.ctrl[*slot as usize] == h2 && group.keys[*slot as usize] == Some(key);
            if let Some(slot) = (0..SLOTS).find(here) {
                return Some((number, slot));
            }
            if small || group.first(EMPTY).is_some() {
                return None;
            }
        }
        None
    }
}

/// `maxGrowthLeft`: so many slots may be filled; 7 of 8.
pub fn limit(capacity: u16) -> u16 {
    if capacity <= SLOTS as u16 { capacity - 1 } else { capacity / SLOTS as u16 * MAX_LOAD }
}

/// The end of the process.
#[derive(Clone, Debug, PartialEq, Serialize, Hash)]
pub struct Dead {
    /// What Go prints.
    pub message: &'static str,
    /// The goroutine that ended it.
    pub g: u32,
}

/// Stories told so far: what the "sometimes" laws look for.
#[derive(Clone, Copy, Debug, Default, Hash)]
pub(super) struct Stories {
    pub grown: u32,
    pub splits: u32,
    pub reused: u32,
    pub pruned: u32,
    pub stale_keys: u32,
}

/// What a lookup or an iteration gave its caller last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Hash)]
pub(super) struct Returned {
    pub key: Option<KeyId>,
    pub value: i64,
}

/// The machine: Go's map of release 1.27.3 and the goroutines that use it.
#[derive(Clone, Debug, Hash)]
pub struct GoSwissMap {
    pub(super) kind: KeyKind,
    pub(super) nil: bool,
    pub(super) used: u64,
    /// The hash seed.
    pub(super) seed: u64,
    /// `dirPtr` of a small map: the number of its group.
    pub(super) group: Option<u32>,
    /// Numbers of tables; empty in a small map.
    pub(super) directory: Vec<u32>,
    pub(super) global_depth: u8,
    pub(super) global_shift: u8,
    pub(super) writing: u8,
    pub(super) tombstone_possible: bool,
    pub(super) clear_seq: u64,
    /// Tables that somebody can reach, by number; the group of a small map is one of them.
    pub(super) tables: BTreeMap<u32, Table>,
    pub(super) last_table: u32,
    pub(super) keys: Arc<KeyTable>,
    pub(super) dice: Dice,
    pub(super) next_value: i64,
    pub(super) frames: Vec<Frame>,
    pub(super) iters: BTreeMap<u32, Iter>,
    pub(super) dead: Option<Dead>,
    // What follows is no part of the map: it tells laws, pictures and replays what happened.
    pub(super) last: Option<Frame>,
    pub(super) raced: bool,
    pub(super) wrong_read: Option<KeyId>,
    pub(super) stories: Stories,
    pub(super) returned: Returned,
    pub(super) reseeds: u32,
    pub(super) fault: Fault,
}

impl GoSwissMap {
    /// A map that nobody has made yet.
    pub(super) fn empty(setup: &Setup) -> GoSwissMap {
        let mut map = GoSwissMap {
            kind: setup.key,
            nil: setup.nil,
            used: 0,
            seed: 0,
            group: None,
            directory: Vec::new(),
            global_depth: 0,
            global_shift: 0,
            writing: 0,
            tombstone_possible: false,
            clear_seq: 0,
            tables: BTreeMap::new(),
            last_table: 0,
            keys: Arc::default(),
            dice: Dice::seeded(setup.seed),
            next_value: 1,
            frames: Vec::new(),
            iters: BTreeMap::new(),
            dead: None,
            last: None,
            raced: false,
            wrong_read: None,
            stories: Stories::default(),
            returned: Returned::default(),
            reseeds: 0,
            fault: Fault::default(),
        };
        match &setup.hashes {
            Hashes::Seeded(seed) => map.seed = u64::from(*seed),
            Hashes::Given(given) => {
                map.seed = map.dice.wide();
                for (key, hash) in given {
                    KeyTable::intern(&mut map.keys, key, Some(hash.0));
                }
            }
        }
        map
    }

    /// The key of this number.
    pub fn key(&self, id: KeyId) -> &Key {
        &self.keys.list[id.index()].key
    }

    /// The key's hash under the present seed.
    pub fn hash(&self, id: KeyId) -> u64 {
        self.keys.hash(id, self.seed)
    }

    /// The table of this number.
    pub fn table(&self, number: u32) -> Option<&Table> {
        self.tables.get(&number)
    }

    /// `directoryIndex`: the place of the directory for keys with this hash.
    pub fn directory_index(&self, hash: u64) -> u32 {
        if self.directory.len() <= 1 { 0 } else { hash.checked_shr(self.global_shift.into()).unwrap_or(0) as u32 }
    }

    /// The tables of the directory, each once, and the group of a small map.
    pub fn current(&self) -> BTreeSet<u32> {
        self.directory.iter().copied().chain(self.group).collect()
    }

    /// Where the key is, looked up at once.
    pub fn find(&self, id: KeyId) -> Option<Spot> {
        let hash = self.hash(id);
        let table = match self.group {
            Some(group) => group,
            None => *self.directory.get(self.directory_index(hash) as usize)?,
        };
        let (group, slot) = self.table(table)?.find(hash, id)?;
        Some(Spot { table, group, slot })
    }

    pub(super) fn elem(&self, spot: Spot) -> i64 {
        self.tables.get(&spot.table).map_or(0, |table| table.group(spot.group).elems[spot.slot as usize])
    }

    /// A further table, by number.
    pub(super) fn add(&mut self, table: Table) -> u32 {
        let number = self.last_table;
        self.last_table += 1;
        self.tables.insert(number, table);
        number
    }

    /// Lets go of tables that nobody reaches any more.
    pub(super) fn sweep(&mut self) {
        if self.tables.len() <= 1 {
            return;
        }
        let mut reached = self.current();
        reached.extend(self.frames.iter().flat_map(Frame::roots));
        reached.extend(self.iters.values().flat_map(Iter::roots));
        if self.tables.len() > reached.len() {
            self.tables.retain(|number, _| reached.contains(number));
        }
    }
}
