//! What holds after every step, and the broken machines that break it.

use crate::machine::{laws, none, reached};

use super::setup::Key;
use super::state::{Frame, GoSyncMap, P, Pc};

laws! {
    /// What is broken, for the laws' sake, at the place where the real code would be.
    pub enum Fault of GoSyncMap;

    always("dirty-needs-mutex", "sync/map.go: Map: dirty, misses", |m| m.wrong.none("dirty-needs-mutex"))
        broken DirtyWithoutLock: "a miss looks into dirty without the mutex";
    always("read-map-never-written", "sync/map.go: readOnly", |m| m.wrong.none("read-map-never-written"))
        broken WritesRead: "a new key is put into the read map as well";
    always("replaces-what-it-saw", "sync/map.go: trySwap, delete, tryCompareAndSwap",
        |m| m.wrong.none("replaces-what-it-saw"))
        broken PlainDelete: "delete stores nil instead of CompareAndSwap";
    always("unlocked-between-calls", "sync/map.go: defer m.mu.Unlock()", unlocked_between_calls)
        broken KeepsLock: "a panic while comparing leaves the mutex locked";
    always("unlock-wakes", "sync/mutex.go: unlockSlow", unlock_wakes)
        broken WakesNobody: "Unlock wakes nobody";
    always("one-entry-a-key", "sync/map.go: Map: dirty", one_entry_a_key)
        broken OtherEntry: "a key that was expunged gets another entry in dirty";
    always("amended-says-more", "sync/map.go: readOnly.amended", amended_says_more)
        broken ForgetsAmended: "amended is not set";
    always("expunged-is-not-dirty", "sync/map.go: expunged", expunged_is_not_dirty)
        broken CopiesExpunged: "an expunged entry is copied all the same";
    always("dirty-has-all-others", "sync/map.go: dirtyLocked, unexpungeLocked", dirty_has_all_others)
        broken ForgetsLink: "an entry is unexpunged and not put into dirty";
    always("misses-below-len", "sync/map.go: missLocked", misses_below_len)
        broken PromotesLate: "promotion comes one miss late";
    sometimes("promoted", "sync/map.go: missLocked", |m| any(m, |f| f.pc == Pc::DropDirty))
        broken NeverMisses: "nobody counts misses, and Range does not promote";
    sometimes("expunged", "sync/map.go: tryExpungeLocked", |m| reached(m.entries.values().any(|p| *p == P::Expunged)))
        broken CopiesNil: "dirtyLocked copies nil entries";
    sometimes("cas-lost", "sync/map.go: trySwap", |m| any(m, |f| f.pc == Pc::LoadP && f.p.is_some()))
        broken CasNeverFails: "looking and replacing are one step";
    sometimes("waits-for-mutex", "sync/mutex.go: lockSlow", |m| reached(!m.mu.waiters.is_empty()))
        broken NeverSleeps: "whoever finds the mutex taken tries for ever";
    sometimes("comparing-panics", "sync/map.go: tryCompareAndSwap", |m| any(m, |f| f.got.panicked))
        broken ComparesAll: "slices are compared";
    sometimes("lost-without-expunged", "sync/map.go: expunged", |m| reached(m.counts.lost > 0))
        broken StillExpunges: "entries are expunged although the setup says not";
}

fn any(m: &GoSyncMap, is: fn(&Frame) -> bool) -> Result<(), String> {
    reached(m.frames().any(is))
}

/// Nobody holds the mutex between two calls, or while a Range calls its function.
fn unlocked_between_calls(m: &GoSyncMap) -> Result<(), String> {
    let outside = |frame: &Frame| matches!(frame.pc, Pc::Next | Pc::Body | Pc::Stop | Pc::Return);
    let holder = m.mu.holder.filter(|g| m.g(*g).stack.last().is_none_or(outside));
    none(holder, |g| format!("G{g} holds the mutex and has nothing left to do with it"))
}

/// If the mutex is free and somebody waits for it, one of them is awake.
fn unlock_wakes(m: &GoSyncMap) -> Result<(), String> {
    let sleeper = m.mu.waiters.front().filter(|_| free(m) && m.mu.woken.is_none());
    none(sleeper, |g| format!("the mutex is free and G{g} sleeps for it"))
}

/// What the mutex guards may be half done while it is held.
fn free(m: &GoSyncMap) -> bool {
    m.mu.holder.is_none()
}

/// A key for which this holds of its entry in the read map, its entry in the dirty one, and what that points at.
fn key(m: &GoSyncMap, is: impl Fn(Option<u32>, Option<u32>, P) -> bool) -> Option<Key> {
    m.keys(m.read.map).into_iter().chain(m.keys(m.dirty)).find(|key| {
        let (read, dirty) = (m.entry(m.read.map, *key), m.entry(m.dirty, *key));
        dirty.or(read).is_some_and(|e| is(read, dirty, m.entries[&e]))
    })
}

/// A key in both maps has the same entry in both.
fn one_entry_a_key(m: &GoSyncMap) -> Result<(), String> {
    let other = key(m, |read, dirty, _| free(m) && read.is_some() && dirty.is_some() && read != dirty);
    none(other, |key| format!("{key} has one entry in read and another in dirty"))
}

/// Amended means that there is a dirty map; not amended, that it has no key which the read map has not.
fn amended_says_more(m: &GoSyncMap) -> Result<(), String> {
    let wrong = key(m, |read, _, _| free(m) && read.is_none() && !m.read.amended);
    none(wrong, |key| format!("not amended, and {key} is only in dirty"))?;
    none((free(m) && m.read.amended && m.dirty == 0).then_some(()), |()| String::from("amended, and dirty is nil"))
}

/// Expunged entries are in no dirty map, and there is one that they are not in.
fn expunged_is_not_dirty(m: &GoSyncMap) -> Result<(), String> {
    let wrong = key(m, |_, dirty, p| p == P::Expunged && (dirty.is_some() || m.dirty == 0 && free(m)));
    none(wrong, |key| format!("{key} is expunged, and stands in dirty, or there is no dirty map"))
}

/// A dirty map has every entry of the read map that is not expunged: what is stored there survives the promotion.
fn dirty_has_all_others(m: &GoSyncMap) -> Result<(), String> {
    let needed = free(m) && m.dirty != 0 && !m.without_expunged;
    let missing = key(m, |_, dirty, p| needed && p != P::Expunged && dirty.is_none());
    none(missing, |key| format!("{key} is not expunged, and not in dirty"))
}

/// Misses stay below the size of the dirty map, and are 0 without one.
fn misses_below_len(m: &GoSyncMap) -> Result<(), String> {
    let (misses, len) = (m.misses, m.keys(m.dirty).len());
    let many = free(m) && misses > 0 && misses >= len;
    none(many.then_some(()), |()| format!("misses is {misses}, and dirty has {len} keys"))
}
