//! What WhatsApp sends, and what is sent to it. Pure: nothing is received or sent here.

mod outcome;

pub use outcome::{SendOutcome, StatusState, StatusUpdate};
