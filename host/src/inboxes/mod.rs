//! The inboxes that this program serves: what waits for each, its rules, the position of its log, and who
//! reads its store.

mod queue;
mod handle;
mod directory;
mod reader_pool;

pub use directory::{Inboxes, NumberOwner};
pub use handle::InboxHandle;
pub use queue::{QueueFull, Submission, SubmissionQueue};
pub use reader_pool::{OpenReader, ReaderPool};
