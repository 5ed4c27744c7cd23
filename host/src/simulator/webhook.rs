//! Webhooks as WhatsApp sends them: signed bytes, in which some elements make no sense.

use std::sync::Arc;

use hmac::{Hmac, Mac};
use inbox_rules::MessageKind;
use inbox_rules::desk::CustomerName;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use super::random::Random;
use super::rule_sets::numbers;
use super::traffic::{INBOXES, Request};
use crate::machine::{Item, NewMessage};
use crate::shell::items;
use crate::whatsapp::{StatusState, read, verify};

const SECRET: &str = "the app's secret";

/// The body of a request, and its signature.
#[derive(Clone)]
pub(super) struct SignedBody {
    bytes: Vec<u8>,
    signature: String,
}

/// A webhook with these elements, and others beside them that make no sense.
pub(super) fn signed_body(
    elements: &[(Arc<str>, Request)],
    now: Timestamp,
    random: &mut Random,
) -> SignedBody {
    let mut changes = Vec::new();
    for (inbox, request) in elements {
        while random.happens(150) {
            changes.push(strange_change(random));
        }
        changes.push(change(inbox, request, now, random));
    }
    // Half of them in an entry of their own.
    let rest = changes.split_off(changes.len() / 2);
    let entries = json!([{ "id": "1", "changes": changes }, null, 7, { "id": [] }, { "changes": rest }]);
    let body = json!({ "object": "whatsapp_business_account", "entry": entries });
    let bytes = body.to_string().into_bytes();
    let mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap().chain_update(&bytes);
    let digest = mac.finalize().into_bytes();
    let digits = digest.iter().map(|byte| format!("{byte:02x}"));
    SignedBody { bytes, signature: format!("sha256={}", digits.collect::<String>()) }
}

impl SignedBody {
    /// The items that it brings, each for its inbox; `None`: it is refused.
    pub(super) fn items(&self) -> Option<Vec<(Arc<str>, Item)>> {
        if !verify(&[SECRET.into()], Some(&self.signature), &self.bytes) {
            return None;
        }
        let mut all = Vec::new();
        for element in read(&self.bytes).ok()?.elements {
            let Some((inbox, number)) = element.phone_number_id.as_deref().and_then(number_of) else {
                continue;
            };
            let items = items(element, Some(&number));
            all.extend(items.into_iter().map(|item| (Arc::clone(&inbox), item)));
        }
        Some(all)
    }

    /// The same with another byte.
    pub(super) fn tampered(&self) -> Self {
        let mut tampered = self.clone();
        tampered.bytes.push(b' ');
        tampered
    }
}

/// The inbox and the number with this id.
fn number_of(id: &str) -> Option<(Arc<str>, Arc<str>)> {
    let ids = INBOXES.into_iter().flat_map(|inbox| numbers(inbox).map(|number| (Arc::from(inbox), number)));
    ids.into_iter().find(|(inbox, number)| id_of(inbox, number) == id)
}

fn id_of(inbox: &str, number: &Arc<str>) -> String {
    let [first, _] = numbers(inbox);
    format!("{}{inbox}", if *number == first { 1 } else { 2 })
}

fn change(inbox: &str, request: &Request, now: Timestamp, random: &mut Random) -> Value {
    let [first, _] = numbers(inbox);
    let (list, number, element, contact) = element(request, first, now);
    let mut elements = vec![element];
    while random.happens(200) {
        let at = usize::try_from(random.within(0..elements.len() as u64 + 1)).unwrap();
        elements.insert(at, strange_element(random));
    }
    let metadata = json!({ "display_phone_number": *number, "phone_number_id": id_of(inbox, &number) });
    let mut value = json!({ "messaging_product": "whatsapp", "metadata": metadata, list: elements });
    if let Some(contact) = contact {
        value["contacts"] = json!([contact]);
    }
    for list in ["errors", "statuses", "messages"] {
        if value.get(list).is_none() && random.happens(50) {
            value[list] = strange_element(random);
        }
    }
    let field = if list == "message_echoes" { "smb_message_echoes" } else { "messages" };
    json!({ "field": field, "value": value })
}

/// The list that the element is in, its number, the element, and who sent it.
fn element(
    request: &Request,
    first: Arc<str>,
    now: Timestamp,
) -> (&'static str, Arc<str>, Value, Option<Value>) {
    let at = |at: Timestamp| at.as_second().to_string();
    match request {
        Request::Message(new) => {
            let (message, contact) = message(new, now);
            ("messages", Arc::clone(&new.number), message, Some(contact))
        }
        Request::Rename(old, new) => {
            let mut system = json!({ "type": "user_changed_number", "body": "changed" });
            name(&mut system, std::slice::from_ref(old), "previous_wa_id", "previous_user_id");
            name(&mut system, new, "wa_id", "user_id");
            let message = json!({ "id": "S", "timestamp": at(now), "type": "system", "system": system });
            ("messages", first, message, None)
        }
        Request::Echo(number, to) => {
            let mut echo =
                json!({ "id": "E", "timestamp": at(now), "type": "text", "text": { "body": "hi" } });
            name(&mut echo, to, "to", "to_user_id");
            ("message_echoes", Arc::clone(number), echo, None)
        }
        Request::Edit(number, id, time) => {
            let new = json!({ "type": "text", "text": { "body": "edited" } });
            let edit = json!({ "original_message_id": id, "message": new });
            let message = json!({ "from": "2010", "timestamp": at(*time), "type": "edit", "edit": edit });
            ("messages", Arc::clone(number), message, None)
        }
        Request::Status(status) => {
            let state = match status.state {
                StatusState::Sent => "sent",
                StatusState::Delivered => "delivered",
                StatusState::Read => "read",
                StatusState::Failed => "failed",
            };
            let mut json = json!({ "id": status.wamid, "status": state, "timestamp": at(now) });
            if let Some(data) = &status.data {
                json["biz_opaque_callback_data"] = json!(data);
            }
            ("statuses", first, json, None)
        }
        other => unreachable!("{other:?} is no element of a webhook"),
    }
}

fn message(new: &NewMessage, now: Timestamp) -> (Value, Value) {
    let sent_at = new.sent_at.unwrap_or(now).as_second().to_string();
    let mut json = json!({ "id": new.message.id, "timestamp": sent_at });
    match (&new.message.text, new.message.kind) {
        (Some(text), MessageKind::Text) => {
            json["type"] = json!("text");
            json["text"] = json!({ "body": text });
        }
        _ => json["type"] = json!("unsupported"),
    }
    if new.held {
        json["errors"] = json!([{ "code": 131_060 }]);
    }
    let names: Vec<_> = new.names.iter().filter_map(|name| CustomerName::parse(name)).collect();
    name(&mut json, &names, "from", "from_user_id");
    let mut contact = json!({ "profile": { "name": new.profile.name } });
    name(&mut contact, &names, "wa_id", "user_id");
    (json, contact)
}

/// Writes the names into the fields for a phone number and for another id.
fn name(json: &mut Value, names: &[CustomerName], phone: &str, id: &str) {
    for name in names {
        match name.as_str().strip_prefix('+') {
            Some(digits) => json[phone] = json!(digits),
            None => json[id] = json!(name.as_str()),
        }
    }
}

fn strange_element(random: &mut Random) -> Value {
    match random.within(0..9) {
        0 => json!(null),
        1 => json!(7),
        2 => json!("text"),
        3 => json!([[]]),
        4 => json!({}),
        5 => json!({ "from": {}, "id": [], "type": 7 }),
        6 => json!({ "type": "text", "text": "body", "timestamp": "soon" }),
        7 => json!({ "status": "lost", "id": "wamid.X" }),
        _ => json!({ "type": "system", "system": [] }),
    }
}

fn strange_change(random: &mut Random) -> Value {
    match random.within(0..7) {
        0 => json!(null),
        1 => json!({ "field": "messages", "value": 3 }),
        2 => json!({ "field": 5, "value": {} }),
        3 => json!({ "field": "messages", "value": { "metadata": [], "messages": {} } }),
        4 => json!({ "value": { "metadata": { "phone_number_id": "9" }, "messages": [{}] } }),
        5 => json!({ "field": "weather", "value": { "messages": [{}] } }),
        _ => json!({ "value": { "metadata": { "phone_number_id": "1a" }, "messages": "", "statuses": [0] } }),
    }
}
