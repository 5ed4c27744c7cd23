//! Reads what became of a message that was sent.

use super::json::JsonObject;
use super::names;
use super::outcome::{StatusState, StatusUpdate};

/// Reads a status; `None`: its state is none of ours, or it does not say what it is about.
pub(super) fn status(object: &JsonObject<'_>) -> Option<StatusUpdate> {
    let state = match object.text("status")?.as_ref() {
        "sent" => StatusState::Sent,
        "delivered" => StatusState::Delivered,
        "read" | "played" => StatusState::Read,
        "failed" => StatusState::Failed,
        _ => return None,
    };
    let wamid = object.text("id").map(Into::into);
    let data = object.text("biz_opaque_callback_data").map(Into::into);
    if wamid.is_none() && data.is_none() {
        return None;
    }
    let recipient = match object.text("recipient_type").as_deref() {
        Some("group") => Vec::new(),
        _ => names::of(object, &names::RECIPIENT),
    };
    let wamid = wamid.unwrap_or_default();
    Some(StatusUpdate { wamid, data, state, code: error_codes(object).next(), recipient })
}

/// The codes of the errors that stand in an object.
pub(super) fn error_codes(object: &JsonObject<'_>) -> impl Iterator<Item = i64> {
    let errors = object.list("errors");
    errors.into_iter().filter_map(|error| JsonObject::read(error)?.text("code")?.parse().ok())
}
