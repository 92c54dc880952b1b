//! What holds after every step, and the broken machines that break it.
//!
//! What the mutex guards may be half done while it is held, so those laws are looked at when it is free.

use crate::machine::{laws, reached};

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
    sometimes("promoted", "sync/map.go: missLocked", |m| reached(any(m, |f| f.pc == Pc::DropDirty)))
        broken NeverMisses: "nobody counts misses, and Range does not promote";
    sometimes("expunged", "sync/map.go: tryExpungeLocked", |m| reached(m.entries.values().any(|p| *p == P::Expunged)))
        broken CopiesNil: "dirtyLocked copies nil entries";
    sometimes("cas-lost", "sync/map.go: trySwap", |m| reached(any(m, |f| f.pc == Pc::LoadP && f.p.is_some())))
        broken CasNeverFails: "looking and replacing are one step";
    sometimes("waits-for-mutex", "sync/mutex.go: lockSlow", |m| reached(!m.mu.waiters.is_empty()))
        broken NeverSleeps: "whoever finds the mutex taken tries for ever";
    sometimes("comparing-panics", "sync/map.go: tryCompareAndSwap", |m| reached(any(m, |f| f.panicked)))
        broken ComparesAll: "slices are compared";
    sometimes("lost-without-expunged", "sync/map.go: expunged", |m| reached(m.counts.lost > 0))
        broken StillExpunges: "entries are expunged although the setup says not";
}

fn any(m: &GoSyncMap, is: impl Fn(&Frame) -> bool) -> bool {
    m.goroutines.values().flat_map(|goroutine| &goroutine.stack).any(is)
}

fn free(m: &GoSyncMap) -> bool {
    m.mu.holder.is_none()
}

/// Nobody holds the mutex between two calls, or while a Range calls its function.
fn unlocked_between_calls(m: &GoSyncMap) -> Result<(), String> {
    let Some(holder) = m.mu.holder else { return Ok(()) };
    match m.g(holder).stack.last() {
        Some(frame) if !matches!(frame.pc, Pc::Next | Pc::Body | Pc::Stop | Pc::Return) => Ok(()),
        _ => Err(format!("G{holder} holds the mutex and has nothing left to do with it")),
    }
}

/// If the mutex is free and somebody waits for it, one of them is awake.
fn unlock_wakes(m: &GoSyncMap) -> Result<(), String> {
    match m.mu.waiters.front() {
        Some(g) if free(m) && m.mu.woken.is_none() => Err(format!("the mutex is free and G{g} sleeps for it")),
        _ => Ok(()),
    }
}

/// A key in both maps has the same entry in both.
fn one_entry_a_key(m: &GoSyncMap) -> Result<(), String> {
    for key in m.keys(m.read.map) {
        let (read, dirty) = (m.entry(m.read.map, key), m.entry(m.dirty, key));
        if dirty.is_some() && read != dirty && free(m) {
            return Err(format!("{key} has one entry in read, {read:?}, and another in dirty, {dirty:?}"));
        }
    }
    Ok(())
}

/// Amended means that there is a dirty map; not amended, that it has no key which the read map has not.
fn amended_says_more(m: &GoSyncMap) -> Result<(), String> {
    let more = m.keys(m.dirty).into_iter().find(|key| m.entry(m.read.map, *key).is_none());
    match (m.read.amended, more) {
        (true, _) if m.dirty == 0 && free(m) => Err(String::from("amended, and dirty is nil")),
        (false, Some(key)) if free(m) => Err(format!("not amended, and {key} is only in dirty")),
        _ => Ok(()),
    }
}

/// Expunged entries are in no dirty map, and there is one that they are not in.
fn expunged_is_not_dirty(m: &GoSyncMap) -> Result<(), String> {
    let expunged = |map: u32, key: &_| m.entry(map, *key).is_some_and(|e| m.entries[&e] == P::Expunged);
    if let Some(key) = m.keys(m.dirty).iter().find(|key| expunged(m.dirty, key)) {
        return Err(format!("{key} is expunged, and stands in dirty"));
    }
    let lonely = m.keys(m.read.map).into_iter().find(|key| expunged(m.read.map, key));
    match lonely {
        Some(key) if m.dirty == 0 && free(m) => Err(format!("{key} is expunged, and there is no dirty map")),
        _ => Ok(()),
    }
}

/// A dirty map has every entry of the read map that is not expunged: what is stored there survives the promotion.
fn dirty_has_all_others(m: &GoSyncMap) -> Result<(), String> {
    if m.dirty == 0 || !free(m) || m.without_expunged {
        return Ok(());
    }
    let missing = m.keys(m.read.map).into_iter().find(|key| {
        let e = m.entry(m.read.map, *key).unwrap_or_default();
        m.entries[&e] != P::Expunged && m.entry(m.dirty, *key).is_none()
    });
    missing.map_or(Ok(()), |key| Err(format!("{key} is not expunged, and not in dirty")))
}

/// Misses stay below the size of the dirty map, and are 0 without one.
fn misses_below_len(m: &GoSyncMap) -> Result<(), String> {
    let (misses, len) = (m.misses, m.keys(m.dirty).len());
    if free(m) && misses > 0 && (misses >= len || m.dirty == 0) {
        return Err(format!("misses is {misses}, and dirty has {len} keys"));
    }
    Ok(())
}
