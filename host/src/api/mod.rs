//! The HTTP API: the calls, who may make them, and what they answer.

mod error;
mod json_body;
mod sizes;
mod body_bytes;
mod query;
mod call;
mod timestamps;
mod proxy_header;
mod auth;
mod session;
mod health;
mod scan;
mod listed;
mod messages;
mod users;
mod chats;
mod transfer;
mod customer_search;
mod customers;
mod unnamed_rules;
mod decisions;
mod conversation;
mod groups;
mod counts;
mod findings_cache;
mod numbers;
mod events;
mod event_stream;
mod replies;
mod rules;
mod rule_sets;
mod policy;
mod try_message;
mod rules_replay;
mod table;
mod openapi;
mod page;
mod router;
mod state;
#[cfg(test)]
mod tests;

pub use body_bytes::read_bytes;
pub use error::{ApiError, RequestId};
pub use router::{answer_every_request, router, wrong_method};
pub use session::end_orphans;
pub use state::{Access, ApiState};
