//! What the program does in the world: it listens, writes the store, and sends replies.

mod writer;

pub use writer::{SendDone, Sending, Writer};
