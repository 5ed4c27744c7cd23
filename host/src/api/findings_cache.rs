//! How much was found in each file of the active rules, which is worked out once for each rule set.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// By file, how much was found.
type FindingCounts = Arc<BTreeMap<String, usize>>;

/// How much was found in the files of each inbox, and the digest of its rules then.
#[derive(Debug, Default)]
pub(super) struct FindingsCache(Mutex<HashMap<Arc<str>, (String, FindingCounts)>>);

impl FindingsCache {
    pub(super) fn get(&self, inbox: &str, digest: &str) -> Option<FindingCounts> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(inbox).filter(|(of, _)| of == digest).map(|(_, counts)| Arc::clone(counts))
    }

    pub(super) fn put(&self, inbox: Arc<str>, digest: &str, counts: FindingCounts) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(inbox, (digest.to_owned(), counts));
    }
}
