//! The state as a reader sees it: Go's hmap with its arrays spelled out.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::super::keys::{Hash, Key};
use super::event::Top;
use super::frame::Frame;
use super::hmap::GoMap;
use super::memory::{KeyId, Ptr};

impl Serialize for GoMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let h = &self.h;
        if self.nil {
            map.serialize_entry("nil", &true)?;
        }
        map.serialize_entry("count", &h.count)?;
        map.serialize_entry("flags", &h.flags)?;
        map.serialize_entry("B", &h.B)?;
        map.serialize_entry("noverflow", &h.noverflow)?;
        map.serialize_entry("hash0", &format_args!("{:08x}", h.hash0))?;
        map.serialize_entry("buckets", &h.buckets.map(|slot| Buckets { map: self, slot }))?;
        map.serialize_entry("oldbuckets", &h.oldbuckets.map(|slot| Buckets { map: self, slot }))?;
        map.serialize_entry("nevacuate", &h.nevacuate)?;
        map.serialize_entry("spare", &self.spare())?;
        map.serialize_entry("goroutines", &Goroutines(self))?;
        map.serialize_entry("iterators", &self.iters)?;
        map.serialize_entry("nextValue", &self.next_value)?;
        if let Some(misread) = &self.misread {
            map.serialize_entry("misread", misread)?;
        }
        map.serialize_entry("dead", &self.dead)?;
        map.end()
    }
}

struct Buckets<'a> {
    map: &'a GoMap,
    slot: u32,
}

impl Serialize for Buckets<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.map.heads(self.slot).map(|ptr| {
            let depth = self.map.mem.bucket_total();
            Chain { map: self.map, ptr, depth }
        }))
    }
}

/// A bucket and, inside it, its overflow bucket.
struct Chain<'a> {
    map: &'a GoMap,
    ptr: Ptr,
    /// How many more buckets there can be at most.
    depth: usize,
}

impl Serialize for Chain<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bucket = self.map.mem.at(self.ptr);
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("tophash", &bucket.tophash)?;
        map.serialize_entry("keys", &Keys { map: self.map, ids: &bucket.keys })?;
        map.serialize_entry("elems", &bucket.elems)?;
        let overflow = bucket.overflow.filter(|_| self.depth > 0);
        map.serialize_entry("overflow", &overflow.map(|ptr| Chain { map: self.map, ptr, depth: self.depth - 1 }))?;
        map.end()
    }
}

struct Keys<'a> {
    map: &'a GoMap,
    ids: &'a [Option<KeyId>],
}

impl Serialize for Keys<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut seq = serializer.serialize_seq(Some(self.ids.len()))?;
        for id in self.ids {
            seq.serialize_element(&id.map(|id| self.map.key(id)))?;
        }
        seq.end()
    }
}

struct Goroutines<'a>(&'a GoMap);

impl Serialize for Goroutines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.frames.iter().map(|frame| (frame.g, self.0.locals(frame))))
    }
}

/// A frame's local variables, as far as they are set.
#[derive(Serialize)]
struct Locals<'a> {
    call: &'static str,
    pc: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<&'a Key>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<Hash>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tophash: Option<Top>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iteration: Option<u32>,
    bucket: u32,
    chain: u32,
    pos: u32,
    i: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    inserti: Option<[u32; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<[u32; 3]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evacuating: Option<Evacuating>,
}

#[derive(Serialize)]
struct Evacuating {
    oldbucket: u32,
    pos: u32,
    i: u32,
    x: [u32; 3],
    y: [u32; 3],
}

impl GoMap {
    fn locals<'a>(&'a self, frame: &Frame) -> Locals<'a> {
        use super::frame::Call;
        let hashed = frame.top != Top(0);
        Locals {
            call: frame.call.function(),
            pc: frame.pc.into(),
            key: frame.key.map(|id| self.key(id)),
            value: (frame.call == Call::Assign).then_some(frame.value),
            hash: hashed.then_some(Hash(frame.hash)),
            tophash: hashed.then_some(frame.top),
            iteration: match frame.call {
                Call::IterInit { id, .. } | Call::IterNext { id } => Some(id),
                _ => None,
            },
            bucket: frame.bucket,
            chain: frame.chain,
            pos: frame.pos,
            i: frame.i,
            inserti: frame.inserti.map(|spot| [spot.chain, spot.pos, spot.cell]),
            cell: frame.spot.map(|spot| [spot.chain, spot.pos, spot.cell]),
            evacuating: frame.evac.map(|evac| {
                let [x, y] = evac.dst.map(|dst| [dst.chain, dst.pos, dst.i]);
                Evacuating { oldbucket: evac.old, pos: evac.pos, i: evac.i, x, y }
            }),
        }
    }
}
