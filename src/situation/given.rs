//! What a `test` block gives → the situation that it describes.

use std::collections::BTreeMap;

use jiff::civil::{DateTime, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::json::{Customer, Message, OpenChat, Situation, UserState};
use super::moment::Moment;
use crate::inbox::Inbox;
use crate::language::vocabulary::MessageKind;
use crate::policy::{
    Attribute, AttributeValue, Given, GivenChat, GivenMessage, GivenUser, Policy, number_of,
};

/// The number of a test whose file is not named after a number.
const NO_NUMBER: &str = "+10000000000";

/// The situation of a test of `policy`. What is not given: a new customer, everyone offline without chats,
/// Monday 2026-01-05 12:00 in the policy's time zone, the text `hello`.
pub fn situation(given: &Given, policy: &Policy, inbox: &Inbox) -> Situation {
    let at = instant(given.at, &policy.timezone);
    let number = given.number.as_deref().or(number_of(&policy.file)).unwrap_or(NO_NUMBER);
    let users = given.users.iter().map(|user| (inbox.user(user.user).id.to_string(), state(user, at)));
    let waiting = given.waiting.iter().map(|(group, n)| (inbox.group(*group).name.to_string(), *n));
    let turns = given
        .turns
        .iter()
        .map(|(group, user)| (inbox.group(*group).name.to_string(), inbox.user(*user).id.to_string()));
    Situation {
        number: Some(number.to_owned()),
        at: Some(Moment::Instant(at)),
        message: message(given.message.as_ref(), inbox),
        customer: customer(given, inbox, at),
        users: users.collect(),
        waiting: waiting.collect(),
        turns: turns.collect(),
        chat: given.chat.as_ref().map(|chat| open_chat(chat, inbox, at)),
        resume: None,
    }
}

fn open_chat(given: &GivenChat, inbox: &Inbox, at: Timestamp) -> OpenChat {
    OpenChat {
        user: given.user.map(|user| inbox.user(user).id.to_string()),
        group: given.group.map(|group| inbox.group(group).name.to_string()),
        tags: given.tags.clone(),
        answered: given.answered,
        opened_at: given.open_for.map(|seconds| before(at, seconds)),
        waiting_since: given.waiting_for.map(|seconds| before(at, seconds)),
        priority: None,
    }
}

fn instant(at: Option<DateTime>, zone: &TimeZone) -> Timestamp {
    Moment::Local(at.unwrap_or(date(2026, 1, 5).at(12, 0, 0, 0))).instant(zone)
}

/// So many seconds before `at`.
fn before(at: Timestamp, seconds: u64) -> Moment {
    let ago = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    Moment::Instant(at.checked_sub(ago).unwrap_or(Timestamp::MIN))
}

fn state(user: &GivenUser, at: Timestamp) -> UserState {
    UserState {
        presence: user.presence,
        chats: user.chats,
        last_message_at: user.idle.map(|idle| before(at, idle)),
        ..UserState::default()
    }
}

fn message(given: Option<&GivenMessage>, inbox: &Inbox) -> Message {
    let GivenMessage { kind, text, age, attributes } = given.cloned().unwrap_or_default();
    let text = if kind.is_none() { text.or(Some("hello".to_owned())) } else { text };
    let custom = attributes.iter().filter_map(|(attribute, value)| match attribute {
        Attribute::Message(id) => Some((inbox.message_attribute(*id).name.clone(), value.clone())),
        _ => None,
    });
    Message {
        id: None,
        kind: kind.unwrap_or(MessageKind::Text),
        text,
        age_seconds: age.unwrap_or(0),
        ad: text_of(&attributes, Attribute::Ad),
        ad_text: text_of(&attributes, Attribute::AdText),
        button: text_of(&attributes, Attribute::Button),
        forwarded: attributes
            .iter()
            .rev()
            .find(|(attribute, _)| *attribute == Attribute::Forwarded)
            .is_some_and(|(_, value)| *value == AttributeValue::Flag(true)),
        attributes: custom.collect(),
    }
}

/// The last text that is given for an attribute.
fn text_of(given: &[(Attribute, AttributeValue)], wanted: Attribute) -> Option<String> {
    given.iter().rev().find_map(|(attribute, value)| match value {
        AttributeValue::Text(text) if *attribute == wanted => Some(text.clone()),
        _ => None,
    })
}

fn customer(given: &Given, inbox: &Inbox, at: Timestamp) -> Customer {
    let text = |wanted| text_of(&given.attributes, wanted);
    let attributes: BTreeMap<String, AttributeValue> = given
        .attributes
        .iter()
        .filter_map(|(attribute, value)| match attribute {
            Attribute::Custom(id) => Some((inbox.attribute(*id).name.clone(), value.clone())),
            _ => None,
        })
        .collect();
    Customer {
        id: None,
        phone: text(Attribute::Phone),
        name: text(Attribute::Name),
        // Who has an owner or an open chat, or wrote some time ago, has written before.
        returning: given.returning
            || given.owner.is_some()
            || given.silent_for.is_some()
            || given.chat.is_some(),
        owner: given.owner.map(|owner| inbox.user(owner).id.to_string()),
        tags: given.tags.clone(),
        country: text(Attribute::Country),
        language: text(Attribute::Language),
        attributes,
        last_message_at: given.silent_for.map(|seconds| before(at, seconds)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Folder, resolve};
    use crate::testing::inbox;

    /// The situation of a test with these lines, in the policy called `file`.
    fn situated(file: &str, lines: &str) -> serde_json::Value {
        let text = format!("otherwise: assign owner\n\ntest \"t\":\n{lines}\n    expect no reply\n");
        let folder = Folder::from_policy(file, &text, inbox());
        let resolved = resolve(&folder, file);
        assert!(resolved.findings.is_empty(), "{:#?}", resolved.findings);
        let given = &resolved.policy.tests[0].given;
        serde_json::to_value(situation(given, &resolved.policy, &folder.inbox)).unwrap()
    }

    #[test]
    fn nothing_given() {
        insta::assert_snapshot!(situated("+15550100.rules", ""), @r#"{"at":"2026-01-05T10:00:00Z","message":{"kind":"text","text":"hello"},"number":"+15550100"}"#);
        assert_eq!(situated("default.rules", "")["number"], NO_NUMBER);
    }

    #[test]
    fn everything_given() {
        let lines = r#"
    given customer owner "alice", tag "vip", country "EG", plan "gold", orders 12.50, not blocked, silent_for 2d
    given online "bob" with 3 chats idle 20m
    given away "alice"
    given waiting 3 in "Sales"
    given turn "Sales" after "bob"
    given message image aged 2h
    given number "+15550101"
    given at 2026-07-01 00:30"#;
        insta::assert_snapshot!(serde_json::to_string_pretty(&situated("+15550100.rules", lines)).unwrap(), @r#"
        {
          "at": "2026-06-30T21:30:00Z",
          "customer": {
            "attributes": {
              "blocked": false,
              "orders": 12.5,
              "plan": "gold"
            },
            "country": "EG",
            "last_message_at": "2026-06-28T21:30:00Z",
            "owner": "alice",
            "returning": true,
            "tags": [
              "vip"
            ]
          },
          "message": {
            "age_seconds": 7200,
            "kind": "image"
          },
          "number": "+15550101",
          "turns": {
            "Sales": "bob"
          },
          "users": {
            "alice": {
              "presence": "away"
            },
            "bob": {
              "chats": 3,
              "last_message_at": "2026-06-30T21:10:00Z",
              "presence": "online"
            }
          },
          "waiting": {
            "Sales": 3
          }
        }
        "#);
    }

    #[test]
    fn longer_ago_than_time_goes() {
        let situation = situated("a.rules", "    given online \"bob\" idle 99999999d");
        assert_eq!(situation["users"]["bob"]["last_message_at"], "-009999-01-02T01:59:59Z");
    }
}
