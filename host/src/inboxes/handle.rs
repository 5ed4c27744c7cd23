//! One inbox, for whoever serves it.

use std::sync::Arc;

use inbox_rules::Release;
use tokio::sync::{mpsc, oneshot, watch};

use super::queue::{QueueFull, Submission, SubmissionQueue};
use crate::machine::{Answer, Item, Unavailable};

/// One inbox, for whoever serves it.
#[derive(Debug)]
pub struct InboxHandle {
    id: Arc<str>,
    queue: SubmissionQueue,
    release: watch::Sender<Arc<Release>>,
    last_seq: watch::Sender<u64>,
}

impl InboxHandle {
    /// An inbox with these rules, whose items go into this channel.
    pub fn new(id: Arc<str>, release: Arc<Release>, sender: mpsc::UnboundedSender<Submission>) -> Self {
        Self {
            queue: SubmissionQueue::new(Arc::clone(&id), sender),
            id,
            release: watch::Sender::new(release),
            last_seq: watch::Sender::new(0),
        }
    }

    /// The id.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// Puts an item into the queue. The answer comes when it is durable; if it never comes, the store is
    /// away.
    ///
    /// # Errors
    ///
    /// [`QueueFull`].
    pub fn submit(&self, item: Item) -> Result<oneshot::Receiver<Result<Answer, Unavailable>>, QueueFull> {
        self.queue.submit(item)
    }

    /// The same, once there is a place in the queue.
    ///
    /// # Errors
    ///
    /// [`QueueFull`], if there never will be one.
    pub async fn submit_when_free(
        &self,
        item: Item,
    ) -> Result<oneshot::Receiver<Result<Answer, Unavailable>>, QueueFull> {
        self.queue.submit_when_free(item).await
    }

    /// The rules that decide now.
    pub fn release(&self) -> Arc<Release> {
        Arc::clone(&self.release.borrow())
    }

    /// Follows the rules that decide.
    pub fn follow_release(&self) -> watch::Receiver<Arc<Release>> {
        self.release.subscribe()
    }

    /// These rules decide from now on.
    pub(super) fn set_release(&self, release: Arc<Release>) {
        self.release.send_replace(release);
    }

    /// Follows the position of the last entry in the log.
    pub fn follow_log(&self) -> watch::Receiver<u64> {
        self.last_seq.subscribe()
    }

    /// The log is durable up to this position.
    pub fn set_last_seq(&self, seq: u64) {
        self.last_seq.send_if_modified(|last| std::mem::replace(last, seq) != seq);
    }
}
