//! One folder a mechanism: its machine, its picture, its tests.
