//! What one step did, with its figures.
//!
//! `g` is the goroutine that took the step, `op` the function of sync/map.go in which the step stands, `e` the number of
//! an entry, `m` that of a Go map (0: nil), `p` what the entry points at.

use crate::machine::events;

use super::setup::Key;
use super::state::P;

events! {
    /// The record of one step. `Locked` in a name: the mutex is held.
    pub enum Event {
        // --- what the viewer does ---
        /// A goroutine's program gets one more call.
        CallAdded { g: u32, call: String = "goroutines.{g}.program[-1]" };
        /// The viewer chose which pair a Range comes to next.
        VisitChosen { g: u32, key: Key = "goroutines.{g}.stack[-1].todo[0]" };

        // --- the read map, without the mutex and with it ---
        /// `m.read` was loaded.
        ReadLoaded { g: u32, op: &'static str, m: u32 = "read.map", amended: bool = "read.amended" } <- "read";
        /// `m.read` was loaded once more, now that the mutex is held.
        ReadReloaded { g: u32, op: &'static str, m: u32 = "read.map", amended: bool = "read.amended" } <- "read", "mu.holder";
        /// The key is in the read map.
        ReadHit { g: u32, op: &'static str, key: Key, m: u32, e: u32 = "maps.{m}.{key}" } <- "maps.{m}.{key}";
        /// The key is not in the read map. `amended`: it may be in the dirty one.
        ReadMiss { g: u32, op: &'static str, key: Key, m: u32, amended: bool = "goroutines.{g}.stack[-1].read.amended" }
            <- "goroutines.{g}.stack[-1].read", "?maps.{m}";
        /// With the mutex: the key is in the read map (by now).
        ReadHitLocked { g: u32, op: &'static str, key: Key, m: u32, e: u32 = "maps.{m}.{key}" } <- "maps.{m}.{key}";
        /// With the mutex: the key is still not in the read map.
        ReadMissLocked { g: u32, op: &'static str, key: Key, m: u32, amended: bool = "goroutines.{g}.stack[-1].read.amended" }
            <- "goroutines.{g}.stack[-1].read", "?maps.{m}";

        // --- the mutex ---
        /// `m.mu` was taken; `locks`: so often in all.
        Locked { g: u32, op: &'static str, locks: u32 = "counts.locks" } <- "mu";
        /// `holder` has it: the goroutine sleeps, at this place of the queue.
        MutexWaits { g: u32, op: &'static str, holder: u32 = "mu.holder",
            place: usize = "mu.waiters[{place}] = {g}" } <- "mu.holder";
        /// `m.mu` was released; `woken` is the one that is on its way now.
        Unlocked { g: u32, op: &'static str, woken: Option<u32> = "mu.woken" } <- "mu.waiters";

        // --- an entry, without the mutex or with it ---
        /// `e.p.Load()`: that is the answer.
        ValueLoaded { g: u32, op: &'static str, key: Key, e: u32, p: P = "entries.{e}" } <- "entries.{e}";
        /// `e.p.Load()`: what the CompareAndSwap on it will expect.
        PointerLoaded { g: u32, op: &'static str, key: Key, e: u32, p: P = "entries.{e}" } <- "entries.{e}";
        /// `e.p` is expunged: without the mutex nothing may be stored there.
        ExpungedFound { g: u32, op: &'static str, key: Key, e: u32 } <- "entries.{e}";
        /// CompareAndSwap on the entry: it pointed where it was expected to.
        CasDone { g: u32, op: &'static str, key: Key, e: u32, from: P = "was entries.{e}", to: P = "entries.{e}" }
            <- "goroutines.{g}.stack[-1].p", "entries.{e}";
        /// CompareAndSwap on the entry: somebody was faster.
        CasFailed { g: u32, op: &'static str, key: Key, e: u32, wanted: P = "was goroutines.{g}.stack[-1].p",
            found: P = "entries.{e}" } <- "entries.{e}";
        /// The value is not the one asked for.
        CompareDiffers { g: u32, op: &'static str, key: Key, e: u32, p: P = "entries.{e}",
            old: i64 = "derived: the call's argument" } <- "entries.{e}";
        /// Comparing two slices panics.
        ComparePanicked { g: u32, op: &'static str, key: Key, e: u32, p: P = "entries.{e}",
            old: i64 = "derived: the call's argument" } <- "entries.{e}";
        /// `unexpungeLocked`: it was expunged, now it is nil.
        Unexpunged { g: u32, op: &'static str, key: Key, e: u32 = "entries.{e} = nil" } <- "entries.{e}";
        /// `unexpungeLocked`: it was not expunged.
        NotExpunged { g: u32, op: &'static str, key: Key, e: u32, p: P = "entries.{e}" } <- "entries.{e}";
        /// `swapLocked`: the pointer was exchanged, whatever it was.
        Swapped { g: u32, op: &'static str, key: Key, e: u32, from: P = "was entries.{e}", to: P = "entries.{e}" }
            <- "entries.{e}";

        // --- the dirty map, always with the mutex ---
        /// The key is in the dirty map.
        DirtyHit { g: u32, op: &'static str, key: Key, m: u32 = "dirty", e: u32 = "maps.{m}.{key}" } <- "maps.{m}.{key}";
        /// The key is not in the dirty map either.
        DirtyMiss { g: u32, op: &'static str, key: Key, m: u32 = "dirty" } <- "dirty", "?maps.{m}";
        /// The key left the dirty map.
        DirtyDeleted { g: u32, op: &'static str, key: Key, m: u32 = "dirty", e: u32 = "was maps.{m}.{key}",
            len: usize = "len maps.{m}" } <- "maps.{m}.{key}";
        /// The entry stands in the dirty map again.
        DirtyLinked { g: u32, op: &'static str, key: Key, m: u32 = "dirty", e: u32 = "maps.{m}.{key}" } <- "entries.{e}";
        /// A new entry with the value stands in the dirty map.
        EntryMade { g: u32, op: &'static str, key: Key, m: u32 = "dirty", e: u32 = "maps.{m}.{key}", p: P = "entries.{e}" }
            <- "dirty";

        // --- dirtyLocked ---
        /// A new dirty map; the `len` entries of the read map are to be looked through.
        DirtyMade { g: u32, op: &'static str, m: u32 = "dirty", of: u32 = "read.map", len: usize = "len maps.{of}" } <- "dirty";
        /// A live entry stands in the dirty map too.
        EntryCopied { g: u32, op: &'static str, key: Key = "in maps.{m}.{key}", m: u32 = "dirty", e: u32 = "maps.{m}.{key}",
            p: P = "entries.{e}" } <- "entries.{e}";
        /// The entry is nil: it will not be copied.
        NilSeen { g: u32, op: &'static str, key: Key = "goroutines.{g}.stack[-1].todo[0]", e: u32 = "entries.{e} = nil" }
            <- "entries.{e}";
        /// nil → expunged.
        Expunged { g: u32, op: &'static str, key: Key = "was goroutines.{g}.stack[-1].todo[0]", e: u32 = "entries.{e} = expunged" }
            <- "entries.{e}";
        /// It was nil a step ago, and is no longer.
        ExpungeFailed { g: u32, op: &'static str, key: Key = "goroutines.{g}.stack[-1].todo[0]", e: u32, found: P = "entries.{e}" }
            <- "entries.{e}";
        /// A map without `expunged`: the entry is left out of the dirty map, and stays as it is.
        LeftOut { g: u32, op: &'static str, key: Key = "was goroutines.{g}.stack[-1].todo[0]", e: u32, p: P = "entries.{e}" }
            <- "entries.{e}";
        /// `m.read` says now that dirty has more.
        AmendedSet { g: u32, op: &'static str, m: u32 = "read.map" } <- "dirty";

        // --- misses and promotion ---
        /// `m.misses++`.
        Missed { g: u32, op: &'static str, misses: usize = "misses", m: u32 = "dirty", len: usize = "len maps.{m}" } <- "misses";
        /// The dirty map is the read map from now on.
        Promoted { g: u32, op: &'static str, m: u32 = "read.map", old: u32 = "was read.map", len: usize = "len maps.{m}" }
            <- "misses", "dirty";
        /// `m.dirty = nil`, `m.misses = 0`.
        DirtyDropped { g: u32, op: &'static str, misses: usize = "was misses" } <- "read";
        /// A map without `expunged`: this value was stored, and the new read map has no such key.
        StoreLost { g: u32, op: &'static str, key: Key = "was goroutines.{g}.stack[-1].lost[0]", e: u32, p: P = "was entries.{e}" }
            <- "?entries.{e}", "read";

        // --- Clear ---
        /// An empty read map.
        ReadCleared { g: u32, op: &'static str, old: u32 = "was read.map", len: usize = "was len maps.{old}" } <- "read";
        /// The dirty map was emptied (it stays), misses are 0.
        DirtyCleared { g: u32, op: &'static str, m: u32 = "dirty", len: usize = "was len maps.{m}" } <- "dirty";

        // --- Range ---
        /// The Range calls its function with this pair.
        Visited { g: u32, op: &'static str, key: Key = "goroutines.{g}.stack[-1].pair[0]", e: u32, p: P = "entries.{e}" }
            <- "entries.{e}";
        /// The entry holds no value: the Range goes on.
        VisitSkipped { g: u32, op: &'static str, key: Key = "was goroutines.{g}.stack[-1].todo[0]", e: u32, p: P = "entries.{e}" }
            <- "entries.{e}";
        /// Its function returned false.
        RangeStopped { g: u32, op: &'static str };

        // --- back in the program ---
        /// The call is done.
        Returned { g: u32, op: &'static str, call: String = "was goroutines.{g}.stack[-1].call", result: String = "goroutines.{g}.last" };
        /// The panic went through the call, and its caller recovered.
        Recovered { g: u32, op: &'static str, call: String = "was goroutines.{g}.stack[-1].call" };
    }
    figures {
        g: "in goroutines.{g}";
        op: "goroutines.{g}.stack[-1].func | was goroutines.{g}.stack[-1].func";
        key: "goroutines.{g}.stack[-1].key | was goroutines.{g}.stack[-1].key";
        m: "goroutines.{g}.stack[-1].read.map";
        e: "goroutines.{g}.stack[-1].e | was goroutines.{g}.stack[-1].e | in entries.{e}";
    }
}
