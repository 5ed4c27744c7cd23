//! The inboxes that this program serves: what waits for each, its rules, the position of its log, and who
//! reads its store.

mod queue;
mod handle;
mod directory;
mod reader_pool;
mod session_queue;

pub use directory::{Inboxes, NumberOwner};
pub use handle::InboxHandle;
pub use queue::{QueueFull, Submission, SubmissionQueue};
pub use reader_pool::{OpenReader, ReaderPool};
pub use session_queue::{SessionChange, SessionQueue, WaitingChange};
