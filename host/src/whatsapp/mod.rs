//! What WhatsApp sends, and what is sent to it. Pure: nothing is received or sent here.

mod outcome;
mod json;
mod country;
mod names;
mod status;
mod kind;
mod body;
mod signature;
mod send;
mod answer;

pub use answer::{GraphAnswer, classify};
pub use body::{CustomerMessage, Element, ElementKind, NotJson, Notice, TextChange, Webhook, read};
pub use country::{country, load_countries};
pub use outcome::{SendOutcome, StatusState, StatusUpdate};
pub use send::{request_body, request_url};
pub use signature::{is_token, verify};
