//! Starts threads that nobody waits for.

use std::io;
use std::thread;

/// Starts a thread of that name.
pub(super) fn start_thread(name: &str, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
    #[cfg(test)]
    if crate::parallel::tests::ARE_THREADS_REFUSED.get() {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    thread::Builder::new().name(name.to_owned()).spawn(work).map(|_| ())
}
