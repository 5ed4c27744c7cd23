//! The body of a webhook, as the elements that it brings.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::Message;
use inbox_rules::desk::CustomerName;
use jiff::Timestamp;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use super::country::is_country;
use super::json::{self, JsonObject};
use super::kind::{Content, content, edited_text, taken_back};
use super::names::{self, Contact, Contacts};
use super::outcome::StatusUpdate;
use super::status::status;

/// What a webhook brings.
#[derive(Debug, Default)]
pub struct Webhook {
    /// The elements, in the order in which they are to be handled.
    pub elements: Vec<Element>,
    /// How many elements were passed over, by reason.
    pub ignored: BTreeMap<&'static str, u64>,
    /// How many elements that make no sense are noted.
    unreadable: usize,
}

/// An element of a webhook. It is about a number, or about the whole account if neither field of the number
/// says which.
#[derive(Debug)]
pub struct Element {
    /// WhatsApp's id of the number.
    pub phone_number_id: Option<Arc<str>>,
    /// The number, in E.164. Notices about a number have nothing else.
    pub display_phone_number: Option<Arc<str>>,
    /// When it happened; `None`: now.
    pub at: Option<Timestamp>,
    /// What happened.
    pub kind: ElementKind,
}

/// What happened.
#[derive(Debug)]
pub enum ElementKind {
    /// A customer writes: the message is to be decided.
    Message(Box<CustomerMessage>),
    /// A person has other names now.
    Renamed {
        /// The names that the person had; at least one.
        old: Vec<CustomerName>,
        /// The names that the person has now; at least one.
        new: Vec<CustomerName>,
    },
    /// Somebody has answered the customer in the Business app.
    Echo {
        /// The names of the customer.
        names: Vec<CustomerName>,
    },
    /// Something that is only noted.
    Notice(Box<Notice>),
    /// What became of a message that was sent.
    Status(Box<StatusUpdate>),
}

/// A message of a customer.
#[derive(Debug)]
pub struct CustomerMessage {
    /// WhatsApp's id of the message. Without one, it is made from the message, so that a repeat has the same.
    pub id: String,
    /// The names of the customer, WhatsApp's id or the phone number first; at least one.
    pub names: Vec<CustomerName>,
    /// The name in the customer's profile, or else their username.
    pub profile_name: Option<String>,
    /// The country in the customer's profile: two capital letters. If it is missing,
    /// [`country`](super::country) tells it.
    pub profile_country: Option<String>,
    /// The message as the rules see it, but for its age.
    pub message: Message,
    /// Whether WhatsApp may send the content in a moment, under the same id (its error 131060).
    pub held: bool,
    /// The message as it came.
    pub raw: Box<RawValue>,
}

/// Something that is only noted.
#[derive(Debug)]
pub struct Notice {
    /// WhatsApp's word for it: the type of a message, or the field of the webhook. `group` is a message to a
    /// group, `errors` an error of the number, `unreadable` an element that makes no sense.
    pub kind: String,
    /// The names of the person that it is about.
    pub names: Vec<CustomerName>,
    /// What it does to the text of an earlier message.
    pub change: Option<TextChange>,
    /// The element as it came.
    pub body: Box<RawValue>,
}

/// A change of an earlier message by the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextChange {
    /// WhatsApp's id of the message.
    pub message: String,
    /// The text that it has now; `None`: the customer has taken it back.
    pub text: Option<String>,
}

/// The body of a request is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the body is not JSON")]
pub struct NotJson;

/// How many elements that make no sense are noted of a webhook; the rest is counted. WhatsApp sends at most
/// 1,000 changes, but 3 MB could hold a million of them.
const MAX_UNREADABLE: usize = 1_000;

/// The kind of a notice about an element that makes no sense, and why it is counted if nobody knows whose it
/// is.
const UNREADABLE: &str = "unreadable";

/// Reads the body of a webhook. An element that makes no sense becomes a notice; nothing stops the others.
///
/// # Errors
///
/// The body is not JSON.
pub fn read(bytes: &[u8]) -> Result<Webhook, NotJson> {
    let text = str::from_utf8(bytes).map_err(|_| NotJson)?;
    let body: &RawValue = serde_json::from_str(text).map_err(|_| NotJson)?;
    let mut webhook = Webhook::default();
    webhook.add_body(body);
    let is_rename = |kind: &ElementKind| matches!(kind, ElementKind::Renamed { .. });
    webhook.elements.sort_by_key(|element| (element.at.is_none(), element.at, !is_rename(&element.kind)));
    Ok(webhook)
}

/// The number that elements are about.
#[derive(Clone, Default)]
struct NumberIds {
    id: Option<Arc<str>>,
    display: Option<Arc<str>>,
}

impl NumberIds {
    fn of(object: &JsonObject<'_>) -> Self {
        let display = object.text("display_phone_number").and_then(|text| {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            (!digits.is_empty()).then(|| format!("+{digits}").into())
        });
        Self { id: object.text("phone_number_id").map(Into::into), display }
    }
}

impl Webhook {
    fn add_body(&mut self, raw: &RawValue) {
        let Some(body) = JsonObject::read(raw) else { return self.ignore(UNREADABLE) };
        let Some(entries) = body.get("entry").and_then(json::list) else { return self.ignore(UNREADABLE) };
        let object = body.text("object");
        if object.is_some_and(|object| object != "whatsapp_business_account") {
            return self.ignore("unknown_object");
        }
        for entry in entries {
            let Some(entry) = JsonObject::read(entry) else {
                self.ignore(UNREADABLE);
                continue;
            };
            let at = entry.text("time").and_then(timestamp);
            entry.list("changes").into_iter().for_each(|change| self.add_change(change, at));
        }
    }

    /// Adds what a change brings. `at` is the time of its entry.
    fn add_change(&mut self, raw: &RawValue, at: Option<Timestamp>) {
        let change = JsonObject::read(raw);
        let Some((change, value)) =
            change.and_then(|change| Some((change.get("field"), change.get("value")?)))
        else {
            return self.ignore(UNREADABLE);
        };
        let field = change.and_then(json::text).unwrap_or(Cow::Borrowed("messages"));
        match field.as_ref() {
            "messages" | "message_echoes" | "smb_message_echoes" => self.add_value(value, at),
            "user_id_update" => self.add_user_id_updates(value),
            "history" => self.ignore("history"),
            "smb_app_state_sync" => self.ignore("smb_app_state_sync"),
            "user_preferences" => self.ignore("user_preferences"),
            "calls" => self.ignore("calls"),
            field if is_about_the_account(field) => {
                let number = JsonObject::read(value).map(|value| NumberIds::of(&value)).unwrap_or_default();
                self.elements.push(element(&number, at, notice(field, Vec::new(), value)));
            }
            _ => self.ignore("unknown_field"),
        }
    }

    fn add_value(&mut self, raw: &RawValue, at: Option<Timestamp>) {
        let Some(value) = JsonObject::read(raw) else { return self.ignore(UNREADABLE) };
        let number = value.object("metadata").map(|metadata| NumberIds::of(&metadata)).unwrap_or_default();
        let contacts = value.list("contacts");
        if let Some(messages) = self.items(&value, "messages", &number) {
            let objects: Vec<_> = messages.iter().map(|raw| JsonObject::read(raw)).collect();
            let contacts = Contacts::read(&contacts, &objects, &names::SENDER);
            for (raw, object) in messages.into_iter().zip(&objects) {
                let kind = object.as_ref().map(|object| message(raw, object, &contacts));
                self.add(&number, object.as_ref(), kind.unwrap_or_else(|| unreadable(raw)));
            }
        }
        if let Some(echoes) = self.items(&value, "message_echoes", &number) {
            let objects: Vec<_> = echoes.iter().map(|raw| JsonObject::read(raw)).collect();
            let contacts = Contacts::read(&contacts, &objects, &names::ADDRESSEE);
            for (raw, object) in echoes.into_iter().zip(&objects) {
                let kind = object.as_ref().map(|object| echo(raw, object, &contacts));
                self.add(&number, object.as_ref(), kind.unwrap_or_else(|| unreadable(raw)));
            }
        }
        for raw in self.items(&value, "statuses", &number).unwrap_or_default() {
            match JsonObject::read(raw) {
                None => self.add(&number, None, unreadable(raw)),
                Some(object) => match status(&object) {
                    Some(status) => self.add(&number, Some(&object), ElementKind::Status(Box::new(status))),
                    None => self.ignore("unknown_status"),
                },
            }
        }
        for raw in self.items(&value, "errors", &number).unwrap_or_default() {
            self.elements.push(element(&number, at, notice("errors", Vec::new(), raw)));
        }
    }

    fn add_user_id_updates(&mut self, raw: &RawValue) {
        let Some(value) = JsonObject::read(raw) else { return self.ignore(UNREADABLE) };
        let number = value.object("metadata").map(|metadata| NumberIds::of(&metadata)).unwrap_or_default();
        for raw in self.items(&value, "user_id_update", &number).unwrap_or_default() {
            let object = JsonObject::read(raw);
            let kind = match object.as_ref().and_then(names::user_id_update) {
                Some(change) => ElementKind::Renamed { old: change.old, new: change.new },
                None => unreadable(raw),
            };
            self.add(&number, object.as_ref(), kind);
        }
    }

    /// The items of the list in the field. If it is something else, it is noted.
    fn items<'a>(
        &mut self,
        value: &JsonObject<'a>,
        field: &str,
        number: &NumberIds,
    ) -> Option<Vec<&'a RawValue>> {
        let raw = value.get(field)?;
        let items = json::list(raw);
        if items.is_none() {
            self.add(number, None, unreadable(raw));
        }
        items
    }

    /// Adds what was read from `object`, unless its number is not known.
    fn add(&mut self, number: &NumberIds, object: Option<&JsonObject<'_>>, kind: ElementKind) {
        if number.id.is_none() && number.display.is_none() {
            return self.ignore("unknown_number");
        }
        if matches!(&kind, ElementKind::Notice(notice) if notice.kind == UNREADABLE) {
            if self.unreadable == MAX_UNREADABLE {
                return self.ignore(UNREADABLE);
            }
            self.unreadable += 1;
        }
        let at = object.and_then(|object| timestamp(object.text("timestamp")?));
        self.elements.push(element(number, at, kind));
    }

    fn ignore(&mut self, why: &'static str) {
        *self.ignored.entry(why).or_default() += 1;
    }
}

/// Whether the field is about the account or a number, for example a ban or a change of quality.
fn is_about_the_account(field: &str) -> bool {
    field == "security"
        || ["account_", "phone_number_", "business_"].iter().any(|start| field.starts_with(start))
}

fn element(number: &NumberIds, at: Option<Timestamp>, kind: ElementKind) -> Element {
    Element { phone_number_id: number.id.clone(), display_phone_number: number.display.clone(), at, kind }
}

fn message(raw: &RawValue, object: &JsonObject<'_>, contacts: &Contacts<'_>) -> ElementKind {
    let sender = names::of(object, &names::SENDER);
    let contact = contacts.of(&sender);
    let names = match contact {
        Some(contact) => contact.join(sender),
        None => sender,
    };
    match content(object) {
        Content::Renamed(change) => ElementKind::Renamed { old: change.old, new: change.new },
        Content::Noted(kind) => notice(&kind, names, raw),
        Content::Changed(kind, change) => with_change(notice(kind, names, raw), change),
        Content::Routed(_) if names.is_empty() => unreadable(raw),
        Content::Routed(mut routed) => {
            let id = object.text("id").map_or_else(|| id_of(raw), Cow::into_owned);
            routed.message.id = Some(id.clone());
            ElementKind::Message(Box::new(CustomerMessage {
                id,
                names,
                profile_name: contact
                    .and_then(|contact| profile(contact, "name").or_else(|| profile(contact, "username"))),
                profile_country: contact
                    .and_then(|contact| profile(contact, "country_code"))
                    .map(|country| country.to_ascii_uppercase())
                    .filter(|country| is_country(country)),
                message: routed.message,
                held: routed.held,
                raw: raw.to_owned(),
            }))
        }
    }
}

/// How many characters of a field of a profile are kept: as many as a call may give.
const MAX_PROFILE: usize = 256;

fn profile(contact: &Contact<'_>, field: &str) -> Option<String> {
    let text = contact.profile.as_ref()?.text(field)?;
    Some(text.chars().take(MAX_PROFILE).collect())
}

/// An id for a message that has none.
fn id_of(raw: &RawValue) -> String {
    let hash = Sha256::digest(raw.get());
    let digits = hash.iter().take(16).map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", digits.collect::<String>())
}

fn echo(raw: &RawValue, object: &JsonObject<'_>, contacts: &Contacts<'_>) -> ElementKind {
    let to = names::of(object, &names::ADDRESSEE);
    let names = match contacts.of(&to) {
        Some(contact) => contact.join(to),
        None => to,
    };
    let is_group =
        object.text("group_id").is_some() || object.text("recipient_type").as_deref() == Some("group");
    match object.text("type").as_deref() {
        _ if is_group => notice("group", Vec::new(), raw),
        Some("edit") => with_change(notice("edit", names, raw), edited_text(object)),
        Some("revoke") => with_change(notice("revoke", names, raw), taken_back(object)),
        _ if names.is_empty() => unreadable(raw),
        _ => ElementKind::Echo { names },
    }
}

fn notice(kind: &str, names: Vec<CustomerName>, raw: &RawValue) -> ElementKind {
    ElementKind::Notice(Box::new(Notice { kind: kind.to_owned(), names, change: None, body: raw.to_owned() }))
}

fn unreadable(raw: &RawValue) -> ElementKind {
    notice(UNREADABLE, Vec::new(), raw)
}

fn with_change(mut kind: ElementKind, change: Option<TextChange>) -> ElementKind {
    if let ElementKind::Notice(notice) = &mut kind {
        notice.change = change;
    }
    kind
}

/// A time in seconds since 1970; `None`: it cannot be one.
#[expect(clippy::needless_pass_by_value, reason = "it is used as `and_then(timestamp)`")]
fn timestamp(text: Cow<'_, str>) -> Option<Timestamp> {
    let seconds = text.parse().ok().filter(|seconds| *seconds > 0)?;
    Timestamp::from_second(seconds).ok()
}
