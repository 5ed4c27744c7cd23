//! What every store has to do.

mod fixtures;
mod random;
mod shown;
mod single;
mod speed;

pub(crate) use random::{Calls, agree};
pub(crate) use single::isolated;
pub(crate) use speed::decision_times;

use crate::store::{Store, StoreReader};

/// A store and a reader of it.
pub(crate) struct Stored {
    pub(crate) store: Box<dyn Store>,
    pub(crate) reader: Box<dyn StoreReader>,
}

/// Verifies that the stores that `make` makes, each empty, do what every store has to.
pub(crate) fn contract(mut make: impl FnMut() -> Stored) {
    for verify in single::ALL {
        verify(&mut make());
    }
}
