//! One atomic step of a goroutine: which function stands at which place of the source.

use super::super::keys::{Hash, Key};
use super::event::{Event, Top};
use super::frame::{Call, Frame, Pc, Spot};
use super::hmap::{Dead, GoMap, HASH_WRITING};
use super::laws::Fault;
use super::memory::Ptr;

/// A pointer that leads nowhere: only two writers at once can get there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nil;

/// What one place of the source did: an event, or nothing that could be seen (then the next place follows at once).
pub(super) type Step = Result<Option<Event>, Nil>;

/// Places that follow one another without a step are fewer than this: more are a fault of ours.
const UNSEEN: u32 = 100;

impl GoMap {
    /// Takes the next atomic step of goroutine `g`, which must have a frame.
    pub(super) fn advance(&mut self, g: u32) -> Option<Event> {
        let at = self.frames.iter().position(|frame| frame.g == g)?;
        let mut frame = self.frames[at];
        self.last = None;
        let mut unseen = 0;
        let event = loop {
            let pc = frame.pc;
            match self.micro(&mut frame) {
                Ok(Some(event)) => break Some(event),
                Ok(None) if frame.pc == Pc::Done => break None,
                Ok(None) => {
                    unseen += 1;
                    assert!(unseen < UNSEEN, "goroutine {g} goes on and on without a step, at {pc:?}");
                }
                Err(Nil) => {
                    self.die(g, "panic: runtime error: invalid memory address or nil pointer dereference");
                    break Some(Event::MemoryFault { g, op: frame.call.function() });
                }
            }
        };
        if frame.pc == Pc::Done {
            self.frames.remove(at);
            self.last = Some(frame);
        } else {
            self.frames[at] = frame;
        }
        if self.garbage {
            self.collect();
        }
        event
    }

    fn micro(&mut self, f: &mut Frame) -> Step {
        match f.pc {
            Pc::Checks => self.checks(f),
            Pc::Hash => self.hash_key(f),
            Pc::SetFlag => self.set_flag(f),
            Pc::LazyBucket => self.lazy_bucket(f),
            Pc::PickBucket => self.pick_bucket(f),
            Pc::GrowWorkHit => self.grow_work_hit(f),
            Pc::GrowWorkNext => self.grow_work_next(f),
            Pc::Evacuate => self.evacuate(f),
            Pc::EvacuateCell => self.evacuate_cell(f),
            Pc::EvacuateFull => self.evacuate_full(f),
            Pc::MoveEntry => self.move_entry(f),
            Pc::ClearOldBucket => self.clear_old_bucket(f),
            Pc::AdvanceMark => self.advance_mark(f),
            Pc::SkipMark => self.skip_mark(f),
            Pc::FinishGrowth => self.finish_growth(f),
            Pc::StartSearch => self.start_search(f),
            Pc::Search => self.search(f),
            Pc::CompareKey => self.compare_key(f),
            Pc::GrowthCheck => self.growth_check(f),
            Pc::SetSameSize => self.set_same_size(f),
            Pc::NewArray => self.new_array(f),
            Pc::RaiseB => self.raise_b(f),
            Pc::MoveFlags => self.move_flags(f),
            Pc::SetOldBuckets => self.set_old_buckets(f),
            Pc::SetBuckets => self.set_buckets(f),
            Pc::ResetNevacuate | Pc::ClearNevacuate => self.reset_nevacuate(f),
            Pc::ResetNoverflow | Pc::ClearNoverflow => self.reset_noverflow(f),
            Pc::SetSpare | Pc::ClearSpare => self.set_spare(f),
            Pc::Again => self.again(f),
            Pc::NewOverflow => self.new_overflow(f),
            Pc::CountOverflow => self.count_overflow(f),
            Pc::LinkOverflow => self.link_overflow(f),
            Pc::StoreKey => self.store_key(f),
            Pc::StoreTophash => self.store_tophash(f),
            Pc::RaiseCount => self.raise_count(f),
            Pc::CheckFlag => self.check_flag(f),
            Pc::ClearFlag => self.clear_flag(f),
            Pc::StoreElem => self.store_elem(f),
            Pc::ChooseArray => self.choose_array(f),
            Pc::ReturnValue => self.return_value(f),
            Pc::ReturnZero => self.return_zero(f),
            Pc::ClearKey => self.clear_key(f),
            Pc::ClearElem => self.clear_elem(f),
            Pc::MarkEmptyOne => self.mark_empty_one(f),
            Pc::LookRight => self.look_right(f),
            Pc::MarkEmptyRest => self.mark_empty_rest(f),
            Pc::StepLeft => self.step_left(f),
            Pc::TestLeft => self.test_left(f),
            Pc::LowerCount => self.lower_count(f),
            Pc::Reseed | Pc::ClearSeed => self.reseed(f),
            Pc::ClearChain => self.clear_chain(f),
            Pc::ClearSameSize => self.clear_same_size(f),
            Pc::ClearOld => self.clear_old(f),
            Pc::ClearCount => self.clear_count(f),
            Pc::ClearExtra => self.clear_extra(f),
            Pc::ClearMemory => self.clear_memory(f),
            Pc::Snapshot => self.iter_snapshot(f),
            Pc::ChooseStart => self.iter_choose_start(f),
            Pc::SetIterFlags => self.iter_set_flags(f),
            Pc::NextBucket => self.next_bucket(f),
            Pc::NextWrap => self.next_wrap(f),
            Pc::NextCells => self.next_cells(f),
            Pc::MakeHeader => self.make_header(f),
            Pc::MakeSize => self.make_size(f),
            Pc::MakeArray => self.make_array(f),
            Pc::MakeSpare => self.make_spare(f),
            Pc::MakeReturn => self.make_return(f),
            Pc::Done => Ok(None),
        }
    }

    /// What every function does first: nil and empty maps, then `hashWriting`.
    fn checks(&mut self, f: &mut Frame) -> Step {
        let (g, op) = (f.g, f.call.function());
        if let Call::Make { .. } = f.call {
            f.pc = Pc::MakeHeader;
            return Ok(None);
        }
        if self.nil {
            if f.call == Call::Assign && self.fault != Fault::NilMapAccepts {
                self.die(g, "panic: assignment to entry in nil map");
                return Ok(Some(Event::PanicNilMap { g, key: self.frame_key(f)? }));
            }
            self.returns_at_once(f);
            return Ok(Some(Event::NilMapReturns { g, op }));
        }
        let asks_count = !matches!(f.call, Call::Assign | Call::IterNext { .. });
        if asks_count && self.h.count == 0 {
            self.returns_at_once(f);
            return Ok(Some(Event::EmptyMapReturns { g, op }));
        }
        if let Call::IterInit { .. } = f.call {
            f.pc = Pc::Snapshot;
            return Ok(None);
        }
        let unchecked = match f.call {
            Call::Access => Fault::ReadUnchecked,
            Call::IterNext { .. } => Fault::IterUnchecked,
            _ => Fault::WriteUnchecked,
        };
        if self.h.flags.has(HASH_WRITING) && self.fault != unchecked {
            return Ok(Some(self.fatal_at_start(f)?));
        }
        if let Call::IterNext { id } = f.call {
            self.next_enter(f, id)?;
            return Ok(Some(Event::IterFlagClear { g, id }));
        }
        f.pc = if f.call == Call::Clear { Pc::SetFlag } else { Pc::Hash };
        Ok(Some(Event::WritingFlagClear { g, op, count: self.h.count }))
    }

    fn fatal_at_start(&mut self, f: &Frame) -> Result<Event, Nil> {
        let g = f.g;
        Ok(match f.call {
            Call::Access => {
                self.die(g, "fatal error: concurrent map read and map write");
                Event::FatalReadWrite { g, key: self.frame_key(f)? }
            }
            Call::IterNext { id } => {
                self.die(g, "fatal error: concurrent map iteration and map write");
                Event::FatalIteration { g, id }
            }
            _ => {
                self.die(g, "fatal error: concurrent map writes");
                Event::FatalWritesAtStart { g, op: f.call.function() }
            }
        })
    }

    fn returns_at_once(&mut self, f: &mut Frame) {
        f.pc = Pc::Done;
        match f.call {
            Call::IterInit { id, .. } => self.iter_ends_empty(id),
            Call::Access => self.returned = Default::default(),
            _ => {}
        }
    }

    fn hash_key(&mut self, f: &mut Frame) -> Step {
        let id = f.key.ok_or(Nil)?;
        f.hash = self.hash(id);
        f.hash0 = self.h.hash0;
        f.top = Top::of(f.hash);
        f.pc = if f.call == Call::Access { Pc::PickBucket } else { Pc::SetFlag };
        let byte = (f.hash >> 56) as u8;
        let key = self.key(id).clone();
        let (hash, tophash, added) = (Hash(f.hash), f.top, f.top.0 - byte);
        Ok(Some(Event::Hashed { g: f.g, key, hash, byte, tophash, added, hash0: f.hash0 }))
    }

    /// `h.flags ^= hashWriting`.
    fn set_flag(&mut self, f: &mut Frame) -> Step {
        let (g, op) = (f.g, f.call.function());
        self.note_writer(f);
        self.h.flags.0 ^= HASH_WRITING;
        f.toggled = true;
        f.pc = match f.call {
            Call::Assign => Pc::LazyBucket,
            Call::Delete => Pc::PickBucket,
            _ => {
                f.slot = self.h.buckets.ok_or(Nil)?;
                f.i = 0;
                Pc::ClearChain
            }
        };
        let lost = !self.h.flags.has(HASH_WRITING);
        Ok(Some(if lost { Event::WritingFlagLost { g, op } } else { Event::WritingFlagSet { g, op } }))
    }

    /// For the laws: who is reading or writing while this writer begins.
    fn note_writer(&mut self, f: &Frame) {
        let stale = f.call != Call::Clear && f.hash0 != self.h.hash0;
        if stale || self.frames.iter().any(|other| other.g != f.g && other.toggled) {
            self.raced = true;
        }
        for other in self.frames.iter_mut().filter(|other| other.g != f.g && other.pc != Pc::Checks) {
            other.overlapped = true;
            if let Call::IterNext { id } | Call::IterInit { id, .. } = other.call {
                self.iters.entry(id).and_modify(|iter| iter.raced = true);
            }
        }
    }

    /// `done:` the flag must be as this writer left it.
    fn check_flag(&mut self, f: &mut Frame) -> Step {
        let (g, op) = (f.g, f.call.function());
        if !self.h.flags.has(HASH_WRITING) && self.fault != Fault::WriteUnchecked {
            self.die(g, "fatal error: concurrent map writes");
            return Ok(Some(Event::FatalWritesAtEnd { g, op }));
        }
        f.pc = Pc::ClearFlag;
        Ok(Some(Event::WritingFlagHeld { g, op }))
    }

    /// `h.flags &^= hashWriting`, and the function returns.
    fn clear_flag(&mut self, f: &mut Frame) -> Step {
        if self.fault != Fault::FlagNotCleared {
            self.h.flags.0 &= !HASH_WRITING;
        }
        f.toggled = false;
        f.pc = if f.call == Call::Assign { Pc::StoreElem } else { Pc::Done };
        Ok(Some(Event::WritingFlagCleared { g: f.g, op: f.call.function() }))
    }

    /// Ends the process.
    pub(super) fn die(&mut self, g: u32, message: &'static str) {
        self.dead = Some(Dead { message, exit: Some(2), g });
    }

    pub(super) fn frame_key(&self, f: &Frame) -> Result<Key, Nil> {
        Ok(self.key(f.key.ok_or(Nil)?).clone())
    }

    /// The key that stands in a cell's memory.
    pub(super) fn key_at(&self, ptr: Ptr, cell: u32) -> Option<Key> {
        self.mem.at(ptr).keys[cell as usize].map(|id| self.key(id).clone())
    }

    /// The cell found or to be filled.
    pub(super) fn spot(f: &Frame) -> Result<Spot, Nil> {
        f.spot.ok_or(Nil)
    }
}
