//! A machine as a number, for searches that must know whether they have been in a state before.

use std::hash::{Hash, Hasher};

use twox_hash::XxHash3_128;

/// 128 bits over all of a value, hidden fields too, as its `Hash` names them: XXH3, the same in every run. Among a million
/// states the chance that two are taken for one is below 10^-26.
pub fn digest<T: Hash>(value: &T) -> u128 {
    let mut all = All(XxHash3_128::new());
    value.hash(&mut all);
    all.0.finish_128()
}

struct All(XxHash3_128);

impl Hasher for All {
    fn write(&mut self, bytes: &[u8]) {
        self.0.write(bytes);
    }

    fn finish(&self) -> u64 {
        self.0.finish_128() as u64
    }
}
