//! What waits for the inboxes. One queue holds the items of all, in order, but none may fill it alone.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use crate::machine::{Answer, Item, Unavailable};

/// How many items may wait for one inbox.
const QUEUE_CAPACITY: usize = 4_096;

/// An item that waits for an inbox, and whoever waits for the answer.
#[derive(Debug)]
pub struct Submission {
    /// The inbox.
    pub inbox: Arc<str>,
    /// The item.
    pub item: Item,
    /// Where the answer goes once it is durable. Nobody may wait for it any longer.
    pub answer: oneshot::Sender<Result<Answer, Unavailable>>,
    /// Its place in the queue, which is free again once it is answered.
    pub place: OwnedSemaphorePermit,
}

/// Too many items wait for the inbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too much waits for the inbox")]
pub struct QueueFull;

/// The queue of one inbox.
#[derive(Debug, Clone)]
pub struct SubmissionQueue {
    inbox: Arc<str>,
    sender: mpsc::UnboundedSender<Submission>,
    places: Arc<Semaphore>,
}

impl SubmissionQueue {
    /// The queue of this inbox. All inboxes share the channel.
    pub fn new(inbox: Arc<str>, sender: mpsc::UnboundedSender<Submission>) -> Self {
        Self { inbox, sender, places: Arc::new(Semaphore::new(QUEUE_CAPACITY)) }
    }

    /// Puts an item into the queue. The answer comes when it is durable; if it never comes, the store is
    /// away.
    ///
    /// # Errors
    ///
    /// [`QueueFull`].
    pub fn submit(&self, item: Item) -> Result<oneshot::Receiver<Result<Answer, Unavailable>>, QueueFull> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| QueueFull)?;
        Ok(self.submit_at(place, item))
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
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| QueueFull)?;
        Ok(self.submit_at(place, item))
    }

    fn submit_at(
        &self,
        place: OwnedSemaphorePermit,
        item: Item,
    ) -> oneshot::Receiver<Result<Answer, Unavailable>> {
        let (answer, answered) = oneshot::channel();
        // Without a receiver the answer is dropped too, and whoever waits for it learns that.
        let _ = self.sender.send(Submission { inbox: Arc::clone(&self.inbox), item, answer, place });
        answered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_inbox_does_not_fill_the_queue_of_another() {
        let (sender, mut receiver) = mpsc::unbounded_channel();
        let [one, other] = ["one", "other"].map(|id| SubmissionQueue::new(id.into(), sender.clone()));
        let waiting: Vec<_> = (0..QUEUE_CAPACITY).map(|_| one.submit(Item::Timers).unwrap()).collect();
        assert_eq!(one.submit(Item::Timers).err(), Some(QueueFull));
        assert!(other.submit(Item::Timers).is_ok());

        // A place is free again when the item is answered, not when it is taken.
        let first = receiver.try_recv().unwrap();
        assert_eq!(one.submit(Item::Timers).err(), Some(QueueFull));
        drop(first);
        assert!(one.submit(Item::Timers).is_ok());
        assert_eq!(waiting.len(), QUEUE_CAPACITY);
    }
}
