//! One folder a mechanism: its machine, its picture, its tests. What several have in common stands beside the folders.

pub mod go_chan;
pub mod go_gc;
pub mod go_gctrace;
pub mod go_map;
pub mod go_sched;
pub mod go_swiss_map;
pub mod go_sync_map;
pub mod keys;
