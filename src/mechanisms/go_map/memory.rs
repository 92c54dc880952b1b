//! Buckets in memory: arrays, preallocated and single overflow buckets, and what reaches them.

pub use super::super::keys::KeyId;
use super::event::{EMPTY_REST, Top};
use super::setup::KeyKind;

/// Cells in a bucket (`abi.MapBucketCount`).
pub const BUCKET_COUNT: usize = 8;

/// A pointer to a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ptr {
    /// The allocation that holds the bucket.
    pub slot: u32,
    /// Its index in that allocation.
    pub index: u32,
}

/// `bmap`: eight cells and a pointer to the next bucket of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Hash)]
pub struct Bucket {
    /// One byte a cell.
    pub tophash: [Top; BUCKET_COUNT],
    /// What stands in the key memory; `None` is zeroed memory. Only live cells count.
    pub keys: [Option<KeyId>; BUCKET_COUNT],
    /// What stands in the elem memory.
    pub elems: [i64; BUCKET_COUNT],
    /// The overflow bucket.
    pub overflow: Option<Ptr>,
}

impl Bucket {
    const ZERO: Bucket = Bucket {
        tophash: [EMPTY_REST; BUCKET_COUNT],
        keys: [None; BUCKET_COUNT],
        elems: [0; BUCKET_COUNT],
        overflow: None,
    };

    /// `evacuated(b)`: looks at the first cell only.
    pub fn evacuated(&self) -> bool {
        self.tophash[0].is_evacuated()
    }

    /// Cells that hold an entry here.
    pub fn live(&self) -> usize {
        self.tophash.iter().filter(|top| top.is_live()).count()
    }
}

/// One allocation: a bucket array with its preallocated overflow buckets behind, or a single overflow bucket.
#[derive(Clone, Debug, Hash)]
struct Allocation {
    buckets: Vec<Bucket>,
    /// Buckets in the array proper, without the spare ones.
    main: u32,
    /// Allocations are numbered as they are made.
    serial: u32,
}

/// All buckets that something still points to.
#[derive(Clone, Debug, Default, Hash)]
pub struct Memory {
    slots: Vec<Option<Allocation>>,
    made: u32,
}

impl Memory {
    /// `makeBucketArray`: 2^b buckets; from b = 4 on with spare overflow buckets behind. Returns the slot.
    pub(super) fn make_bucket_array(&mut self, kind: KeyKind, b: u8) -> u32 {
        let main = 1usize << b;
        self.allocate(main, buckets_with_spare(kind, b))
    }

    /// A single bucket: `newobject(t.Bucket)`.
    pub(super) fn new_bucket(&mut self) -> Ptr {
        Ptr { slot: self.allocate(1, 1), index: 0 }
    }

    fn allocate(&mut self, main: usize, total: usize) -> u32 {
        self.made += 1;
        let allocation = Allocation { buckets: vec![Bucket::ZERO; total], main: main as u32, serial: self.made };
        match self.slots.iter().position(Option::is_none) {
            Some(free) => {
                self.slots[free] = Some(allocation);
                free as u32
            }
            None => {
                self.slots.push(Some(allocation));
                self.slots.len() as u32 - 1
            }
        }
    }

    /// The bucket behind a pointer. Pointers that are held keep their allocation, so it exists.
    pub fn at(&self, ptr: Ptr) -> &Bucket {
        static FREED: Bucket = Bucket::ZERO;
        match self.slots.get(ptr.slot as usize).and_then(Option::as_ref) {
            Some(allocation) => &allocation.buckets[ptr.index as usize],
            None => {
                debug_assert!(false, "a pointer to freed memory");
                &FREED
            }
        }
    }

    /// As `at`, to write.
    pub(super) fn at_mut(&mut self, ptr: Ptr) -> &mut Bucket {
        let allocation = self.slots[ptr.slot as usize].as_mut().expect("a held pointer keeps its allocation");
        &mut allocation.buckets[ptr.index as usize]
    }

    fn allocation(&self, slot: u32) -> Option<&Allocation> {
        self.slots.get(slot as usize)?.as_ref()
    }

    /// Pointer to bucket `index` of an array, spare ones included; `None` beyond its end.
    pub fn nth(&self, slot: u32, index: u32) -> Option<Ptr> {
        let allocation = self.allocation(slot)?;
        ((index as usize) < allocation.buckets.len()).then_some(Ptr { slot, index })
    }

    /// Buckets in the array, without spare ones.
    pub fn main_len(&self, slot: u32) -> u32 {
        self.allocation(slot).map_or(0, |allocation| allocation.main)
    }

    /// Buckets in the allocation, with spare ones.
    pub fn total_len(&self, slot: u32) -> u32 {
        self.allocation(slot).map_or(0, |allocation| allocation.buckets.len() as u32)
    }

    /// A number of its own for each array ever made: the array that becomes old keeps it.
    pub fn serial(&self, slot: u32) -> u32 {
        self.allocation(slot).map_or(0, |allocation| allocation.serial)
    }

    /// The chain that starts at `head`, head first. Ends after as many buckets as there are, should it be a ring.
    pub fn chain(&self, head: Ptr) -> impl Iterator<Item = (Ptr, &Bucket)> {
        std::iter::successors(Some(head), |ptr| self.at(*ptr).overflow)
            .take(self.bucket_total())
            .map(|ptr| (ptr, self.at(ptr)))
    }

    /// All buckets that exist: no chain can be longer.
    pub(super) fn bucket_total(&self) -> usize {
        self.slots.iter().flatten().map(|allocation| allocation.buckets.len()).sum()
    }

    /// About how many bytes the buckets take.
    pub(super) fn bytes(&self) -> usize {
        self.bucket_total() * size_of::<Bucket>()
    }

    /// Zeroes an array and its spare buckets.
    pub(super) fn zero(&mut self, slot: u32) {
        if let Some(allocation) = &mut self.slots[slot as usize] {
            allocation.buckets.fill(Bucket::ZERO);
        }
    }

    /// Frees what is not reached from `roots`.
    pub(super) fn collect(&mut self, roots: impl Iterator<Item = u32>) {
        let mut reached = vec![false; self.slots.len()];
        let mut todo: Vec<u32> = roots.collect();
        while let Some(slot) = todo.pop() {
            match reached.get_mut(slot as usize) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            let buckets = self.slots[slot as usize].iter().flat_map(|allocation| &allocation.buckets);
            todo.extend(buckets.filter_map(|bucket| bucket.overflow).map(|ptr| ptr.slot));
        }
        for (slot, reached) in self.slots.iter_mut().zip(reached) {
            if !reached {
                *slot = None;
            }
        }
        while self.slots.last().is_some_and(Option::is_none) {
            self.slots.pop();
        }
    }
}

/// Buckets that `makeBucketArray` gets for 2^b: itself and, from b = 4 on, 2^(b-4) more, rounded up to what the
/// allocator hands out.
pub fn buckets_with_spare(kind: KeyKind, b: u8) -> usize {
    let base = 1usize << b;
    if b < 4 {
        return base;
    }
    let wanted = base + (1 << (b - 4));
    round_up_size(wanted * kind.bucket_size(), !kind.bucket_has_pointers()) / kind.bucket_size()
}

/// `roundupsize` (msize.go): the memory that an allocation really gets, in bytes.
fn round_up_size(size: usize, noscan: bool) -> usize {
    const MAX_SMALL_SIZE: usize = 32768;
    const HEADER: usize = 8;
    const PAGE: usize = 8192;
    if size > MAX_SMALL_SIZE - HEADER {
        return size.next_multiple_of(PAGE);
    }
    let header = if !noscan && size > 512 { HEADER } else { 0 };
    let class = SIZE_CLASSES.iter().find(|class| **class >= size + header);
    class.map_or(size, |class| class - header)
}

/// The allocator's size classes from 512 bytes on (sizeclasses.go).
const SIZE_CLASSES: [usize; 42] = [
    512, 576, 640, 704, 768, 896, 1024, 1152, 1280, 1408, 1536, 1792, 2048, 2304, 2688, 3072, 3200, 3456, 4096, 4864,
    5376, 6144, 6528, 6784, 6912, 8192, 9472, 9728, 10240, 10880, 12288, 13568, 14336, 16384, 18432, 19072, 20480,
    21760, 24576, 27264, 28672, 32768,
];
