//! Name indexes: from the name of a user, group or attribute to its id.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

/// A map from names to ids. The names come from the inbox's own file or from the host, so no customer can attack it with
/// names whose hashes collide, and a simple hash function is enough, which is faster than that of the standard library.
pub(crate) type NameIndex<Id> = HashMap<Arc<str>, Id, BuildHasherDefault<Fnv1a>>;

/// FNV-1a, 64 bits (Fowler, Noll and Vo): an exclusive or and a multiplication for each byte. Names are short.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fnv1a(u64);

impl Default for Fnv1a {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Hasher for Fnv1a {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
