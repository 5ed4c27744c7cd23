//! What is under way, told on a terminal once it has taken over a second.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::paths::is_typed;

/// Something that may take its time. The line that tells of it goes away when this does.
pub(super) struct Progress {
    done: Arc<AtomicU64>,
    printer: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to count. `what` makes the line of the count so far; it is shown where people see standard error, and
    /// are not typing there what is read from `files`.
    pub(super) fn start<'a>(
        files: impl IntoIterator<Item = &'a PathBuf>,
        what: impl Fn(u64) -> String + Send + 'static,
    ) -> Self {
        let done = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&done);
        let printer =
            (io::stderr().is_terminal() && !files.into_iter().any(|file| is_typed(file))).then(|| {
                let (ended, end) = mpsc::channel();
                let tell = move || {
                    let mut wait = Duration::from_secs(1);
                    let mut told = false;
                    while end.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                        wait = Duration::from_millis(200);
                        told = true;
                        let _ = write!(io::stderr(), "\r{}\x1b[K", what(counted.load(Ordering::Relaxed)));
                    }
                    if told {
                        let _ = write!(io::stderr(), "\r\x1b[K");
                    }
                };
                (ended, thread::spawn(tell))
            });
        Self { done, printer }
    }

    /// One more is done.
    pub(super) fn step(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((ended, printer)) = self.printer.take() {
            drop(ended);
            let _ = printer.join();
        }
    }
}
