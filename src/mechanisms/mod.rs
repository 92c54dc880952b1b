//! One folder a mechanism: its machine, its picture, its tests.

pub mod go_chan;
pub mod go_gctrace;
pub mod go_map;
pub mod go_sched;
pub mod go_sync_map;
