//! The state as a reader sees it: the map's header, directory and tables spelled out.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::super::keys::Hash;
use super::frame::{Call, Frame, Spot};
use super::iterate::Iter;
use super::state::{GoSwissMap, Group, Table};

impl Serialize for GoSwissMap {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.nil {
            map.serialize_entry("nil", &true)?;
        }
        map.serialize_entry("used", &self.used)?;
        map.serialize_entry("seed", &format_args!("{:016x}", self.seed))?;
        map.serialize_entry("dirLen", &self.directory.len())?;
        map.serialize_entry("globalDepth", &self.global_depth)?;
        map.serialize_entry("globalShift", &self.global_shift)?;
        map.serialize_entry("writing", &self.writing)?;
        map.serialize_entry("tombstonePossible", &self.tombstone_possible)?;
        map.serialize_entry("clearSeq", &self.clear_seq)?;
        map.serialize_entry("group", &self.group)?;
        map.serialize_entry("directory", &self.directory)?;
        map.serialize_entry("tables", &Tables(self))?;
        let goroutines: Map<String, Value> =
            self.frames.iter().map(|frame| (frame.g.to_string(), self.locals(frame))).collect();
        map.serialize_entry("goroutines", &goroutines)?;
        let iterators: Map<String, Value> = self.iters.iter().map(|(id, iter)| (id.to_string(), shown(iter))).collect();
        map.serialize_entry("iterators", &iterators)?;
        map.serialize_entry("nextValue", &self.next_value)?;
        map.serialize_entry("dead", &self.dead)?;
        map.end()
    }
}

struct Tables<'a>(&'a GoSwissMap);

impl Serialize for Tables<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.tables.iter().map(|(number, table)| (number, Shown { map: self.0, table })))
    }
}

struct Shown<'a> {
    map: &'a GoSwissMap,
    table: &'a Table,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Table { small, used, capacity, growth_left, local_depth, index, groups } = self.table;
        let mut map = serializer.serialize_map(None)?;
        if !small {
            map.serialize_entry("used", used)?;
            map.serialize_entry("capacity", capacity)?;
            map.serialize_entry("growthLeft", growth_left)?;
            map.serialize_entry("localDepth", local_depth)?;
            map.serialize_entry("index", index)?;
        }
        let groups: Vec<Cells> = groups.iter().map(|group| Cells { map: self.map, group }).collect();
        map.serialize_entry("groups", &groups)?;
        map.end()
    }
}

struct Cells<'a> {
    map: &'a GoSwissMap,
    group: &'a Group,
}

impl Serialize for Cells<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("ctrl", &self.group.ctrl)?;
        map.serialize_entry("keys", &self.group.keys.map(|id| id.map(|id| self.map.key(id))))?;
        map.serialize_entry("elems", &self.group.elems)?;
        map.end()
    }
}

fn shown(iter: &Iter) -> Value {
    let Iter { entry_offset, dir_offset, clear_seq, global_depth, dir_idx, table, entry_idx, ended, yielded, .. } =
        iter;
    json!({
        "entryOffset": Hash(*entry_offset), "dirOffset": Hash(*dir_offset), "clearSeq": clear_seq, "globalDepth": global_depth,
        "dirIdx": dir_idx, "table": table, "group": iter.group, "entryIdx": entry_idx, "ended": ended, "yielded": yielded,
    })
}

impl GoSwissMap {
    /// A frame's local variables, as far as they are set.
    fn locals(&self, f: &Frame) -> Value {
        let pc: &str = f.pc.into();
        let mut locals = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                locals.insert(name.to_owned(), value);
            }
        };
        put("call", Some(json!(self.op(f))));
        put("pc", Some(json!(pc)));
        put("key", f.key.map(|id| json!(self.key(id))));
        put("value", (f.call == Call::Assign).then(|| json!(f.value)));
        put("hash", f.hash().map(|hash| json!(Hash(hash))));
        put("h2", f.h2().map(|h2| json!(h2)));
        put("iteration", f.call.iteration().map(|id| json!(id)));
        put("table", f.table.map(|table| json!(table)));
        put("group", f.table.map(|_| json!(f.group)));
        put("match", f.table.map(|_| json!(format!("{:08b}", f.bits))));
        put("firstDeleted", f.tombstone.map(|at| json!(at)));
        put("slot", f.spot.map(|Spot { table, group, slot }| json!([table, group, slot])));
        put("copying", f.copying.map(|c| json!({"from": c.from, "at": c.at, "left": c.left, "right": c.right})));
        Value::Object(locals)
    }
}
