//! Tests of following a folder.

use std::cell::Cell;

mod debounce;
mod digest;
mod followers;
mod health;
mod publisher;
mod reporter;

thread_local! {
    /// Whether reading a folder panics on the current thread.
    pub(super) static DO_READINGS_PANIC: Cell<bool> = const { Cell::new(false) };
}
