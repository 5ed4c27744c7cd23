//! A progress line on the terminal for commands that take more than a second.

use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::paths::is_typed;

/// A command in progress. Its line is erased when this is dropped.
pub(super) struct Progress {
    done: Arc<AtomicU64>,
    printer: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Starts counting. `what` renders the line from the count so far. The line is shown if standard error is a terminal
    /// and the user is not typing one of `files` there.
    pub(super) fn start<'a>(
        files: impl IntoIterator<Item = &'a PathBuf>,
        what: impl Fn(u64) -> String + Send + 'static,
    ) -> Self {
        let done = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&done);
        let printer =
            (io::stderr().is_terminal() && !files.into_iter().any(|file| is_typed(file))).then(|| {
                let (sender, stopped) = mpsc::channel();
                let print = move || {
                    let mut wait = Duration::from_secs(1);
                    let mut is_shown = false;
                    while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                        wait = Duration::from_millis(200);
                        is_shown = true;
                        let _ = write!(io::stderr(), "\r{}\x1b[K", what(counted.load(Ordering::Relaxed)));
                    }
                    if is_shown {
                        let _ = write!(io::stderr(), "\r\x1b[K");
                    }
                };
                (sender, thread::spawn(print))
            });
        Self { done, printer }
    }

    /// Counts one more.
    pub(super) fn step(&self) {
        self.advance(1);
    }

    /// Adds `count`.
    pub(super) fn advance(&self, count: u64) {
        self.done.fetch_add(count, Ordering::Relaxed);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, printer)) = self.printer.take() {
            drop(sender);
            let _ = printer.join();
        }
    }
}
