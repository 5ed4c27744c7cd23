//! The names by which WhatsApp knows a person: a phone number, a user id, and the user id of the parent
//! business.

use std::collections::HashMap;

use inbox_rules::desk::CustomerName;
use serde_json::value::RawValue;

use super::json::JsonObject;

/// The fields that name the sender of a message.
pub(super) const SENDER: [&str; 6] =
    ["wa_id", "from", "from_user_id", "user_id", "from_parent_user_id", "parent_user_id"];
/// The fields that name a contact.
const CONTACT: [&str; 3] = ["wa_id", "user_id", "parent_user_id"];
/// The fields that name whom a message was sent to from the Business app.
pub(super) const ADDRESSEE: [&str; 5] =
    ["to", "to_user_id", "recipient_user_id", "to_parent_user_id", "recipient_parent_user_id"];
/// The fields that name whom a status is about.
pub(super) const RECIPIENT: [&str; 3] = ["recipient_id", "recipient_user_id", "recipient_parent_user_id"];
/// The fields of `system` with the names that a person had. `customer` is what older versions call it.
const PREVIOUS: [&str; 5] =
    ["previous_wa_id", "customer", "previous_phone", "previous_user_id", "previous_parent_user_id"];
/// The fields of `system` with the names that a person has now. `new_…` is what older versions call them.
const CURRENT: [&str; 5] = ["wa_id", "new_wa_id", "user_id", "new_user_id", "parent_user_id"];

/// The names in these fields, without repetitions.
pub(super) fn of(object: &JsonObject<'_>, fields: &[&str]) -> Vec<CustomerName> {
    let mut names = Vec::with_capacity(3);
    add(&mut names, fields.iter().filter_map(|field| CustomerName::parse(&object.text(field)?)));
    names
}

fn add(names: &mut Vec<CustomerName>, more: impl IntoIterator<Item = CustomerName>) {
    for name in more {
        if !names.contains(&name) {
            names.push(name);
        }
    }
}

/// The names that a person had, and those that they have now.
pub(super) struct NameChange {
    pub(super) old: Vec<CustomerName>,
    pub(super) new: Vec<CustomerName>,
}

/// Reads a `system` message about a change of names; `None`: it does not say both.
pub(super) fn system_change(message: &JsonObject<'_>, system: &JsonObject<'_>) -> Option<NameChange> {
    let new = of(system, &CURRENT);
    let mut old = of(system, &PREVIOUS);
    if old.is_empty() {
        old = of(message, &SENDER);
    }
    if old.is_empty() {
        old.extend(system.text("body").and_then(|body| name_after_from(&body)));
    }
    (!old.is_empty() && !new.is_empty()).then_some(NameChange { old, new })
}

/// `User Mona changed from US.1 to US.2`: the word after the last `from`, because it comes after what people
/// call themselves.
fn name_after_from(body: &str) -> Option<CustomerName> {
    let words: Vec<&str> = body.split_whitespace().collect();
    let from = words.iter().rposition(|word| *word == "from")?;
    CustomerName::parse(
        words.get(from + 1)?.trim_matches(|mark: char| !mark.is_ascii_alphanumeric() && mark != '+'),
    )
}

/// Reads an item of `user_id_update`; `None`: it does not say both. If only the new user id is told, the
/// phone number is the name that the person had.
pub(super) fn user_id_update(item: &JsonObject<'_>) -> Option<NameChange> {
    let (mut old, mut new) = (of(item, &PREVIOUS), of(item, &CURRENT));
    let phone = new.first().cloned();
    for field in ["user_id", "parent_user_id"] {
        let Some(ids) = item.object(field) else { continue };
        add(&mut old, of(&ids, &["previous"]));
        add(&mut new, of(&ids, &["current"]));
    }
    if old.is_empty() && new.len() > 1 {
        old.extend(phone);
    }
    (!old.is_empty() && !new.is_empty()).then_some(NameChange { old, new })
}

/// The contacts that stand beside messages.
pub(super) struct Contacts<'a> {
    all: Vec<Contact<'a>>,
    by_name: HashMap<CustomerName, usize>,
    /// Whether all the messages have one sender.
    one_sender: bool,
}

/// A contact: what WhatsApp says about a person.
pub(super) struct Contact<'a> {
    names: Vec<CustomerName>,
    pub(super) profile: Option<JsonObject<'a>>,
}

impl<'a> Contacts<'a> {
    /// The contacts of these messages.
    pub(super) fn read(
        contacts: &[&'a RawValue],
        messages: &[Option<JsonObject<'_>>],
        sender: &[&str],
    ) -> Self {
        let contacts: Vec<Contact<'a>> = contacts.iter().filter_map(|raw| contact(raw)).collect();
        let mut by_name = HashMap::new();
        // A single contact is found without an index.
        if contacts.len() > 1 {
            for (at, contact) in contacts.iter().enumerate() {
                for name in &contact.names {
                    by_name.entry(name.clone()).or_insert(at);
                }
            }
        }
        let one_sender = contacts.len() == 1 && have_one_sender(messages, sender);
        Self { all: contacts, by_name, one_sender }
    }

    /// The contact that a message with these names belongs to: one that shares a name, or the only one if
    /// there is but one sender.
    pub(super) fn of(&self, names: &[CustomerName]) -> Option<&Contact<'a>> {
        if let [contact] = self.all.as_slice() {
            let shared = self.one_sender || names.iter().any(|name| contact.names.contains(name));
            return shared.then_some(contact);
        }
        let at = names.iter().find_map(|name| self.by_name.get(name))?;
        self.all.get(*at)
    }
}

impl Contact<'_> {
    /// All names of the person: WhatsApp's id first, then phone numbers, then user ids.
    pub(super) fn join(&self, names: Vec<CustomerName>) -> Vec<CustomerName> {
        let mut all = self.names.clone();
        add(&mut all, names);
        sort(&mut all);
        all
    }
}

/// Phone numbers first, otherwise as they come.
fn sort(names: &mut [CustomerName]) {
    names.sort_by_key(|name| !name.as_str().starts_with('+'));
}

fn contact(raw: &RawValue) -> Option<Contact<'_>> {
    let object = JsonObject::read(raw)?;
    Some(Contact { names: of(&object, &CONTACT), profile: object.object("profile") })
}

fn have_one_sender(messages: &[Option<JsonObject<'_>>], sender: &[&str]) -> bool {
    if messages.len() == 1 {
        return true;
    }
    let mut named =
        messages.iter().flatten().map(|message| of(message, sender)).filter(|names| !names.is_empty());
    let Some(first) = named.next() else { return true };
    named.all(|names| names.iter().any(|name| first.contains(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_former_name_stands_after_from() {
        let check = |body: &str, expected: Option<&str>| {
            assert_eq!(name_after_from(body).as_ref().map(CustomerName::as_str), expected, "{body}");
        };
        check("User Mona changed from 201001234567 to 201007654321", Some("+201001234567"));
        check("User Mona from Cairo changed from US.1349 to US.2481.", Some("US.1349"));
        check("Changed from +201001234567.", Some("+201001234567"));
        check("User Mona changed from", None);
        check("from", None);
        check("", None);
    }
}
