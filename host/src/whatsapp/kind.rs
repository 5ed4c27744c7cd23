//! What kind of message something is, and what it says.

use std::borrow::Cow;

use inbox_rules::{Message, MessageKind};

use super::body::TextChange;
use super::json::JsonObject;
use super::names::{self, NameChange};
use super::status::error_codes;

/// WhatsApp's error for a message whose content may come in a moment.
const UNAVAILABLE: i64 = 131_060;

/// The objects that tell the type of a message that does not say it.
const TYPES: [&str; 19] = [
    "text",
    "image",
    "video",
    "document",
    "audio",
    "voice",
    "sticker",
    "location",
    "contacts",
    "button",
    "interactive",
    "order",
    "reaction",
    "edit",
    "revoke",
    "request_welcome",
    "call_permission_reply",
    "system",
    "unsupported",
];

/// What a message means for the inbox.
pub(super) enum Content {
    /// It is decided.
    Routed(Box<RoutedContent>),
    /// It is noted, under this kind.
    Noted(String),
    /// It is noted, under this kind, and may change the text of an earlier one.
    Changed(&'static str, Option<TextChange>),
    /// Its sender has other names now.
    Renamed(NameChange),
}

/// What the rules see of a message.
pub(super) struct RoutedContent {
    pub(super) message: Message,
    pub(super) held: bool,
}

/// What a message means for the inbox.
pub(super) fn content(message: &JsonObject<'_>) -> Content {
    if message.text("group_id").is_some() {
        return Content::Noted("group".to_owned());
    }
    let kind = message.text("type").or_else(|| {
        let object = TYPES.into_iter().find(|name| message.get(name).is_some());
        object.or_else(|| message.get("errors").map(|_| "unsupported")).map(Cow::Borrowed)
    });
    let kind = kind.as_deref().unwrap_or_default();
    if is_unavailable(message, kind) {
        return routed(message, MessageKind::Unsupported, None, None, true);
    }
    match kind {
        "system" => system(message),
        "edit" => Content::Changed("edit", edited_text(message)),
        "revoke" => Content::Changed("revoke", taken_back(message)),
        "request_welcome" | "call_permission_reply" => Content::Noted(kind.to_owned()),
        "interactive" => interactive(message),
        "button" => {
            let button = message.object("button");
            let title = button.as_ref().and_then(|button| button.text("text"));
            let id = button.as_ref().and_then(|button| button.text("payload")).or_else(|| title.clone());
            routed(message, MessageKind::Button, title, id, false)
        }
        "reaction" => match message.object("reaction").and_then(|reaction| reaction.text("emoji")) {
            None => Content::Noted("reaction".to_owned()),
            emoji => routed(message, MessageKind::Reaction, emoji, None, false),
        },
        _ => {
            let (kind, text) = plain(message, kind);
            routed(message, kind, text, None, false)
        }
    }
}

/// Whether WhatsApp says that the content may come in a moment, and it is not there.
fn is_unavailable(message: &JsonObject<'_>, kind: &str) -> bool {
    let is_empty = matches!(kind, "" | "unsupported" | "unknown") || message.get(kind).is_none();
    is_empty && error_codes(message).any(|code| code == UNAVAILABLE)
}

/// The kind and the text of a message of a plain type.
fn plain<'a>(message: &JsonObject<'a>, kind: &str) -> (MessageKind, Option<Cow<'a, str>>) {
    let inside = |field: &str| message.object(kind).and_then(|object| object.text(field));
    match kind {
        "text" => (MessageKind::Text, inside("body")),
        "image" => (MessageKind::Image, inside("caption")),
        "video" => (MessageKind::Video, inside("caption")),
        "document" => (MessageKind::Document, inside("caption")),
        "audio" | "voice" => (MessageKind::Audio, None),
        "sticker" => (MessageKind::Sticker, None),
        "location" => (MessageKind::Location, None),
        "contacts" => (MessageKind::Contact, None),
        "order" => (MessageKind::Order, inside("text")),
        "unsupported" | "unknown" => (MessageKind::Unsupported, None),
        _ => (MessageKind::Other, None),
    }
}

/// What was answered to a message with buttons, a list, a form or a question.
fn interactive(message: &JsonObject<'_>) -> Content {
    let answer = message.object("interactive");
    let kind = answer.as_ref().and_then(|answer| {
        let names = ["button_reply", "list_reply", "nfm_reply", "call_permission_reply"];
        answer
            .text("type")
            .or_else(|| names.into_iter().find(|name| answer.get(name).is_some()).map(Cow::Borrowed))
    });
    let kind = kind.as_deref().unwrap_or_default();
    if kind == "call_permission_reply" {
        return Content::Noted(kind.to_owned());
    }
    let Some(object) = answer.and_then(|answer| answer.object(kind)) else {
        return routed(message, MessageKind::Unsupported, None, None, false);
    };
    match kind {
        "button_reply" | "list_reply" => {
            let title = object.text("title");
            let id = object.text("id").or_else(|| title.clone());
            routed(message, MessageKind::Button, title, id, false)
        }
        _ => routed(message, MessageKind::Other, None, None, false),
    }
}

/// A message that WhatsApp itself writes about the customer.
fn system(message: &JsonObject<'_>) -> Content {
    let system = message.object("system");
    let kind = system.as_ref().and_then(|system| system.text("type")).unwrap_or(Cow::Borrowed("system"));
    let is_change = ["user_changed_", "customer_changed_"].iter().any(|start| kind.starts_with(start))
        && !kind.contains("identity");
    let change = system.filter(|_| is_change).and_then(|system| names::system_change(message, &system));
    change.map_or_else(|| Content::Noted(kind.into_owned()), Content::Renamed)
}

/// The text that an earlier message has after an edit; `None`: the edit does not say which message it is
/// about.
pub(super) fn edited_text(message: &JsonObject<'_>) -> Option<TextChange> {
    let edit = message.object("edit")?;
    let id = edit.text("original_message_id")?.into_owned();
    let new = edit.object("message")?;
    let kind = new
        .text("type")
        .or_else(|| TYPES.into_iter().find(|name| new.get(name).is_some()).map(Cow::Borrowed))?;
    let (_, text) = plain(&new, &kind);
    Some(TextChange { message: id, text: Some(text.map_or_else(String::new, Cow::into_owned)) })
}

/// The message that its sender has taken back.
pub(super) fn taken_back(message: &JsonObject<'_>) -> Option<TextChange> {
    let id = message.object("revoke")?.text("original_message_id")?;
    Some(TextChange { message: id.into_owned(), text: None })
}

fn routed(
    message: &JsonObject<'_>,
    kind: MessageKind,
    text: Option<Cow<'_, str>>,
    button: Option<Cow<'_, str>>,
    held: bool,
) -> Content {
    let referral = message.object("referral");
    let ad = referral.as_ref().and_then(|referral| referral.text("source_id"));
    let ad_text = referral.as_ref().map(|referral| {
        let parts = [referral.text("headline"), referral.text("body")];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
    });
    let context = message.object("context");
    let forwarded =
        context.is_some_and(|context| context.flag("forwarded") || context.flag("frequently_forwarded"));
    let message = Message {
        kind,
        text: text.map(Cow::into_owned),
        ad: ad.map(Cow::into_owned),
        ad_text: ad_text.filter(|text| !text.is_empty()),
        button: button.map(Cow::into_owned),
        forwarded,
        ..Message::default()
    };
    Content::Routed(Box::new(RoutedContent { message, held }))
}
