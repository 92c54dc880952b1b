//! What one step did, with its figures.
//!
//! `g` is the goroutine that took the step, `op` the function of sync/map.go in which the step stands, `e` the number of
//! an entry, `m` that of a Go map (0: nil), `p` what the entry points at. `Locked` in a name: the mutex is held.

use crate::machine::events;

use super::setup::Key;
use super::state::P;

events! {
    /// The record of one step.
    pub enum Event {
        // --- what the viewer does: one more call, or the pair that a Range comes to next ---
        CallAdded { g: u32, call: String = "goroutines.{g}.program[-1]" };
        VisitChosen { g: u32, key: Key = "goroutines.{g}.stack[-1].todo[0]" };

        // --- the read map. `amended`: a key that is not in it may be in the dirty one ---
        ReadLoaded { g: u32, op: &'static str, m: u32, amended: bool } <- "read";
        ReadReloaded { g: u32, op: &'static str, m: u32, amended: bool } <- "read", "mu.holder";
        ReadHit { g: u32, op: &'static str, key: Key, m: u32, e: u32 = "maps.{m}.{key}" } <- "maps.{m}.{key}";
        ReadMiss { g: u32, op: &'static str, key: Key, m: u32, amended: bool } <- "goroutines.{g}.stack[-1].read", "?maps.{m}";
        ReadHitLocked { g: u32, op: &'static str, key: Key, m: u32, e: u32 = "maps.{m}.{key}" } <- "maps.{m}.{key}";
        ReadMissLocked { g: u32, op: &'static str, key: Key, m: u32, amended: bool }
            <- "goroutines.{g}.stack[-1].read", "?maps.{m}";

        // --- the mutex ---
        /// `locks`: so often in all.
        Locked { g: u32, op: &'static str, locks: u32 = "counts.locks" } <- "mu";
        /// `holder` has it: the goroutine sleeps, at this place of the queue.
        MutexWaits { g: u32, op: &'static str, holder: u32 = "mu.holder", place: usize = "mu.waiters[{place}] = {g}" }
            <- "mu.holder";
        /// `woken` is the one that is on its way now.
        Unlocked { g: u32, op: &'static str, woken: Option<u32> = "mu.woken" } <- "mu.waiters";

        // --- an entry, without the mutex or with it ---
        /// `e.p.Load()`: that is the answer.
        ValueLoaded { g: u32, op: &'static str, key: Key, e: u32, p: P } <- "entries.{e}";
        /// `e.p.Load()`: what the CompareAndSwap on it will expect.
        PointerLoaded { g: u32, op: &'static str, key: Key, e: u32, p: P } <- "entries.{e}";
        /// Without the mutex nothing may be stored there.
        ExpungedFound { g: u32, op: &'static str, key: Key, e: u32 } <- "entries.{e}";
        CasDone { g: u32, op: &'static str, key: Key, e: u32, from: P, to: P } <- "goroutines.{g}.stack[-1].p", "entries.{e}";
        /// Somebody was faster.
        CasFailed { g: u32, op: &'static str, key: Key, e: u32, wanted: P = "was goroutines.{g}.stack[-1].p", found: P }
            <- "goroutines.{g}.stack[-1].p", "entries.{e}";
        CompareDiffers { g: u32, op: &'static str, key: Key, e: u32, p: P, old: i64 } <- "entries.{e}";
        /// Comparing two slices panics.
        ComparePanicked { g: u32, op: &'static str, key: Key, e: u32, p: P, old: i64 } <- "entries.{e}";
        Unexpunged { g: u32, op: &'static str, key: Key, e: u32 = "entries.{e} = nil" } <- "entries.{e}";
        NotExpunged { g: u32, op: &'static str, key: Key, e: u32, p: P } <- "entries.{e}";
        /// The pointer was exchanged, whatever it was.
        Swapped { g: u32, op: &'static str, key: Key, e: u32, from: P, to: P } <- "entries.{e}";

        // --- the dirty map, always with the mutex ---
        DirtyHit { g: u32, op: &'static str, key: Key, m: u32 = "dirty", e: u32 = "maps.{m}.{key}" } <- "maps.{m}.{key}";
        DirtyMiss { g: u32, op: &'static str, key: Key, m: u32 = "dirty" } <- "dirty", "?maps.{m}";
        DirtyDeleted { g: u32, op: &'static str, key: Key, m: u32 = "dirty", e: u32 = "was maps.{m}.{key}",
            len: usize = "len maps.{m}" } <- "maps.{m}.{key}";
        /// An entry that was expunged stands in the dirty map again.
        DirtyLinked { g: u32, op: &'static str, key: Key, m: u32 = "dirty", e: u32 = "maps.{m}.{key}" } <- "entries.{e}";
        EntryMade { g: u32, op: &'static str, key: Key, m: u32 = "dirty", e: u32 = "maps.{m}.{key}", p: P } <- "dirty";

        // --- dirtyLocked ---
        /// The `len` entries of the read map are to be looked through.
        DirtyMade { g: u32, op: &'static str, m: u32 = "dirty", of: u32 = "read.map", len: usize = "len maps.{of}" } <- "dirty";
        EntryCopied { g: u32, op: &'static str, key: Key = "in maps.{m}.{key}", m: u32 = "dirty", e: u32 = "maps.{m}.{key}", p: P }
            <- "entries.{e}";
        /// It will not be copied.
        NilSeen { g: u32, op: &'static str, key: Key = "goroutines.{g}.stack[-1].todo[0]", e: u32 = "entries.{e} = nil" }
            <- "entries.{e}";
        Expunged { g: u32, op: &'static str, key: Key = "was goroutines.{g}.stack[-1].todo[0]", e: u32 = "entries.{e} = expunged" }
            <- "entries.{e}";
        /// It was nil a step ago, and is no longer.
        ExpungeFailed { g: u32, op: &'static str, key: Key = "goroutines.{g}.stack[-1].todo[0]", e: u32, found: P }
            <- "entries.{e}";
        /// A map without `expunged`: the entry is left out of the dirty map, and stays as it is.
        LeftOut { g: u32, op: &'static str, key: Key = "was goroutines.{g}.stack[-1].todo[0]", e: u32, p: P } <- "entries.{e}";
        AmendedSet { g: u32, op: &'static str, m: u32 = "read.map" } <- "dirty";

        // --- misses and promotion ---
        Missed { g: u32, op: &'static str, misses: usize = "misses", m: u32 = "dirty", len: usize = "len maps.{m}" } <- "misses";
        /// The dirty map is the read map from now on.
        Promoted { g: u32, op: &'static str, m: u32 = "read.map", old: u32 = "was read.map", len: usize = "len maps.{m}" }
            <- "misses", "dirty";
        DirtyDropped { g: u32, op: &'static str, misses: usize = "was misses" } <- "read";
        /// A map without `expunged`: this value was stored, and the new read map has no such key.
        StoreLost { g: u32, op: &'static str, key: Key = "was goroutines.{g}.stack[-1].lost[0]", e: u32, p: P = "was entries.{e}" }
            <- "?entries.{e}", "read";

        // --- Clear ---
        ReadCleared { g: u32, op: &'static str, old: u32 = "was read.map", len: usize = "was len maps.{old}" } <- "read";
        /// It stays, empty.
        DirtyCleared { g: u32, op: &'static str, m: u32 = "dirty", len: usize = "was len maps.{m}" } <- "dirty";

        // --- Range: it calls its function with a pair, goes on where the entry holds no value, is told to stop ---
        Visited { g: u32, op: &'static str, key: Key = "goroutines.{g}.stack[-1].pair[0]", e: u32, p: P } <- "entries.{e}";
        VisitSkipped { g: u32, op: &'static str, key: Key = "was goroutines.{g}.stack[-1].todo[0]", e: u32, p: P }
            <- "entries.{e}";
        RangeStopped { g: u32, op: &'static str };

        // --- back in the program ---
        Returned { g: u32, op: &'static str, call: String, result: String = "goroutines.{g}.last" };
        /// The panic went through the call, and its caller recovered.
        Recovered { g: u32, op: &'static str, call: String };
    }
    figures {
        g: "in goroutines.{g}";
        op: "goroutines.{g}.stack[-1].func | was goroutines.{g}.stack[-1].func";
        key: "goroutines.{g}.stack[-1].key | was goroutines.{g}.stack[-1].key";
        call: "was goroutines.{g}.stack[-1].call";
        m: "goroutines.{g}.stack[-1].read.map";
        amended: "goroutines.{g}.stack[-1].read.amended";
        e: "goroutines.{g}.stack[-1].e | was goroutines.{g}.stack[-1].e | in entries.{e}";
        p: "entries.{e}";
        from: "was entries.{e}";
        to: "entries.{e}";
        found: "entries.{e}";
        old: "derived: the call's argument";
    }
}
