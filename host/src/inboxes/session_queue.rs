//! Changes to the sessions of the page, which whoever writes the store writes. Readers of the store tell a session.

use tokio::sync::{mpsc, oneshot};

use crate::store::{SessionRow, StoreError};

/// How many changes may wait.
const CAPACITY: usize = 256;

/// A change to the sessions of the page.
#[derive(Debug)]
pub enum SessionChange {
    /// A session begins, or goes on for longer.
    Put(SessionRow),
    /// The session with this hash ends.
    Delete([u8; 32]),
    /// All sessions end that began with none of the tokens that have these hashes.
    Retain(Vec<[u8; 32]>),
}

/// A change that waits to be written, and whoever waits for that.
#[derive(Debug)]
pub struct WaitingChange {
    /// The change.
    pub change: SessionChange,
    /// Told once it is durable.
    pub done: oneshot::Sender<Result<(), StoreError>>,
}

/// The changes that wait to be written.
#[derive(Debug, Clone)]
pub struct SessionQueue(mpsc::Sender<WaitingChange>);

impl SessionQueue {
    /// A queue, and its other end.
    pub fn new() -> (Self, mpsc::Receiver<WaitingChange>) {
        let (sender, receiver) = mpsc::channel(CAPACITY);
        (Self(sender), receiver)
    }

    /// Writes a change, and waits until it is durable.
    ///
    /// # Errors
    ///
    /// [`StoreError`]
    pub async fn write(&self, change: SessionChange) -> Result<(), StoreError> {
        let gone = || StoreError::Away("nobody writes it any more".to_owned());
        let (done, written) = oneshot::channel();
        match self.0.try_send(WaitingChange { change, done }) {
            Ok(()) => written.await.unwrap_or_else(|_| Err(gone())),
            Err(mpsc::error::TrySendError::Full(_)) => {
                Err(StoreError::Away("too many changes wait for it".to_owned()))
            }
            Err(mpsc::error::TrySendError::Closed(_)) => Err(gone()),
        }
    }
}
