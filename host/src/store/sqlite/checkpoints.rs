//! What has been written is copied from the log of changes into the database beside the writer, which would wait for the disk.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;

use super::connect::{Location, open_to_checkpoint};
use crate::store::StoreError;

/// How often it is copied.
const EVERY: Duration = Duration::from_millis(500);

/// A thread that copies, until this is dropped.
pub(super) struct Checkpoints {
    /// Dropped first, which ends the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Starts the thread.
    pub(super) fn start(location: &Location) -> Result<Self, StoreError> {
        let db = open_to_checkpoint(location)?;
        let (stop, stopped) = channel();
        let thread = thread::Builder::new().name("checkpoints".to_owned()).spawn(move || copy(&db, &stopped));
        let thread = thread.map_err(|error| StoreError::Away(error.to_string()))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn copy(db: &Connection, stopped: &Receiver<()>) {
    while stopped.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        // Passive: nobody waits for it. What cannot be copied now, for example because the disk is full, is copied later.
        let _ = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}
