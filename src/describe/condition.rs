//! A condition as a sentence, `the message contains “refund”`, and in parts, for whoever says it in another language.

use schemars::JsonSchema;
use serde::Serialize;

use super::duration;
use super::hours::{HoursPart, hours_entry, hours_part};
use super::value_words::{Tested, literal, or, quantity, quoted, quoted_or, tested};
use crate::inbox::Inbox;
use crate::language::ast::{
    Compare, Condition, ConditionKind, During, Literal, TextLiteral, ValueTest, Values, Word,
};
use crate::language::vocabulary::{
    BuiltIn, ChatTime, Comparison, Count, FactWord, MessageBuiltIn, MessageKind,
};

/// A single condition in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FactWords {
    /// What it says, in English: as part of a sentence.
    pub sentence: String,
    /// What holds if it does not.
    pub negation: String,
    /// What it is about: a fact or a count of the language, `message`, `message.kind`, `customer.country`, `chat.with` …
    pub subject: &'static str,
    /// The group, attribute, definition, hours or dates that it names.
    pub name: Option<String>,
    /// How values are compared: `is`, `is_not`, `contains`, `contains_part`, `starts_with`, `matches`, `has`, `<`, `<=`, `=`,
    /// `>=` or `>`; `null`: there is nothing to compare.
    pub test: Option<&'static str>,
    /// The values: one of them.
    pub values: Vec<String>,
    /// The value, if it is a duration.
    pub seconds: Option<u64>,
    /// The days and times that are written in place of a name.
    pub hours: Option<HoursPart>,
}

/// The words of a condition. `None`: it is made of others.
pub fn fact_words(inbox: &Inbox, condition: &Condition) -> Option<FactWords> {
    Some(match &condition.kind {
        ConditionKind::Or(_) | ConditionKind::And(_) | ConditionKind::Not(_) | ConditionKind::Parens(_) => {
            return None;
        }
        ConditionKind::Fact { word, group, compare: Some(compare) } => match Count::parse(&word.value) {
            Some(count) => counted(count, group.as_ref(), compare),
            None => definition(&word.value),
        },
        ConditionKind::Fact { word, group, compare: None } => match FactWord::parse(&word.value) {
            Some(fact) => of_fact(fact, group.as_ref()),
            None => definition(&word.value),
        },
        ConditionKind::During(During::Name(name)) => {
            let name = &name.value;
            let words = said(
                "during",
                ["during", "outside"].map(|when| format!("the message comes {when} “{name}”")),
            );
            FactWords { name: Some(name.clone()), ..words }
        }
        ConditionKind::During(During::Entry(entry)) => {
            let when = hours_entry(entry);
            let words = said(
                "during",
                [format!("the message comes {when}"), format!("the message does not come {when}")],
            );
            FactWords { hours: Some(hours_part(entry)), ..words }
        }
        ConditionKind::Message(test) => of_message(test),
        ConditionKind::MessagePart { part, test } => of_message_part(part, test.as_ref()),
        ConditionKind::MessageHas(part) => match MessageBuiltIn::parse(&part.value) {
            Some(MessageBuiltIn::Ad) => FactWords {
                test: Some("has"),
                ..said(
                    "message.ad",
                    ["the customer tapped an ad or a post", "the customer tapped no ad and no post"],
                )
            },
            built_in => known(message_noun(built_in, part)),
        },
        ConditionKind::ChatWith(users) => {
            let names: Vec<String> = users.iter().map(|user| user_name(inbox, &user.value)).collect();
            let one = quoted_or(&names);
            let words =
                said("chat.with", [format!("{one} has the chat"), format!("{one} does not have the chat")]);
            FactWords { values: names, ..words }
        }
        ConditionKind::ChatIn(group) => {
            let group = &group.value;
            let words = said(
                "chat.in",
                [
                    format!("the chat came through “{group}”, or waits in its queue"),
                    format!("the chat did not come through “{group}”, and does not wait in its queue"),
                ],
            );
            FactWords { name: Some(group.clone()), ..words }
        }
        ConditionKind::ChatTag(tags) => tagged("chat.tag", "the open chat", tags),
        ConditionKind::CustomerTag(tags) => tagged("customer.tag", "the customer", tags),
        ConditionKind::ChatPart { part, test } => of_chat_part(part, test.as_ref()),
        ConditionKind::CustomerHas(part) => known(customer_noun(part)),
        ConditionKind::CustomerPart { part, test } => of_customer_part(part, test.as_ref()),
    })
}

fn said<S: Into<String>>(subject: &'static str, [sentence, negation]: [S; 2]) -> FactWords {
    FactWords {
        sentence: sentence.into(),
        negation: negation.into(),
        subject,
        name: None,
        test: None,
        values: Vec::new(),
        seconds: None,
        hours: None,
    }
}

/// What `let` has named.
fn definition(name: &str) -> FactWords {
    let words = said("definition", [format!("“{name}” holds"), format!("“{name}” does not hold")]);
    FactWords { name: Some(name.to_owned()), ..words }
}

/// A fact of the language, and what holds if it does not.
fn of_fact(fact: FactWord, group: Option<&TextLiteral>) -> FactWords {
    const NEW: &str = "the customer has never written to this inbox before";
    const RETURNING: &str = "the customer has written to this inbox before";
    let place = group.map(|group| format!(" in “{}”", group.value)).unwrap_or_default();
    let [somebody, nobody] = [format!("somebody{place} is online"), format!("nobody{place} is online")];
    let both = match fact {
        FactWord::NewCustomer => two(NEW, RETURNING),
        FactWord::ReturningCustomer => two(RETURNING, NEW),
        FactWord::HasOwner => {
            two("a user of the inbox owns the customer", "no user of the inbox owns the customer")
        }
        FactWord::OwnerOnline => {
            two("the customer has an owner, who is online", "the customer has no owner who is online")
        }
        FactWord::OwnerOffline => two(
            "the customer has an owner, who is not online",
            "the customer has no owner, or one who is online",
        ),
        FactWord::OwnerAway => {
            two("the customer has an owner, who is away", "the customer has no owner who is away")
        }
        FactWord::AnyOnline => [somebody, nobody],
        FactWord::AllOffline => [nobody, somebody],
        FactWord::AnyAvailable => [somebody, nobody].map(|words| words + " and has room"),
        FactWord::ChatOpen => two(
            "the customer's chat with this number is open",
            "the customer has no open chat with this number",
        ),
        FactWord::ChatWaiting => {
            two("the chat is open, and nobody has it", "the chat is not open, or somebody has it")
        }
        FactWord::ChatAnswered => two(
            "a user has written in the open chat since it was last given to one or began to wait",
            "no user has written in the open chat since it was last given to one or began to wait",
        ),
        FactWord::UserOnline => {
            two("the user who has the open chat is online", "no user who is online has the open chat")
        }
        FactWord::UserOffline => two(
            "the user who has the open chat is not online",
            "nobody has the open chat, or the user who has it is online",
        ),
        FactWord::UserAway => {
            two("the user who has the open chat is away", "no user who is away has the open chat")
        }
    };
    FactWords { name: group.map(|group| group.value.clone()), ..said(fact.word(), both) }
}

fn two(sentence: &str, negation: &str) -> [String; 2] {
    [sentence, negation].map(str::to_owned)
}

/// `at least 3 users in “Sales” are online`
fn counted(count: Count, group: Option<&TextLiteral>, compare: &Compare) -> FactWords {
    let value = literal(&compare.value.value);
    let is_one = value == "1";
    let place = group.map(|group| format!(" in “{}”", group.value));
    let sentence = |quantity: &str| match count {
        Count::Online | Count::Available => {
            let (users, are) = if is_one { ("user", "is") } else { ("users", "are") };
            let room = match (count, is_one) {
                (Count::Available, true) => " and has room",
                (Count::Available, false) => " and have room",
                _ => "",
            };
            format!("{quantity} {value} {users}{} {are} online{room}", place.clone().unwrap_or_default())
        }
        Count::Waiting => {
            let chats_wait = if is_one { "chat waits" } else { "chats wait" };
            let queue = group.map_or_else(
                || "in all queues together".to_owned(),
                |group| format!("in the queue of “{}”", group.value),
            );
            format!("{quantity} {value} {chats_wait} {queue}")
        }
    };
    let [holds, fails] = match compare.op.value {
        Comparison::Less => ["fewer than", "at least"],
        Comparison::AtMost => ["at most", "more than"],
        Comparison::Equal => ["exactly", "not exactly"],
        Comparison::AtLeast => ["at least", "fewer than"],
        Comparison::More => ["more than", "at most"],
    }
    .map(sentence);
    FactWords {
        name: group.map(|group| group.value.clone()),
        test: Some(compare.op.value.sign()),
        values: vec![value.clone()],
        ..said(count.word(), [holds, fails])
    }
}

/// What is asked about: how it is called in a sentence, and its name if the inbox defines it.
struct Noun {
    subject: &'static str,
    words: String,
    name: Option<String>,
}

fn of_message(test: &ValueTest) -> FactWords {
    let message = Noun { subject: "message", words: "the message".to_owned(), name: None };
    match test {
        ValueTest::Is { not, values }
            if values.values.iter().all(|value| matches!(value.value, Literal::Word(_))) =>
        {
            let kinds: Vec<String> = values.values.iter().map(|value| literal(&value.value)).collect();
            let noun =
                |kind: &String| MessageKind::parse(kind).map(kind_words).unwrap_or_default().to_owned();
            let nouns: Vec<String> = kinds.iter().map(noun).collect();
            let one = or(&nouns);
            let mut both = [format!("the message is {one}"), format!("the message is not {one}")];
            if *not {
                both.reverse();
            }
            FactWords { test: Some(is_word(*not)), values: kinds, ..said("message.kind", both) }
        }
        test => compared(message, test),
    }
}

fn is_word(not: bool) -> &'static str {
    if not { "is_not" } else { "is" }
}

fn kind_words(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Text => "a text",
        MessageKind::Image => "a picture",
        MessageKind::Audio => "a voice message or another sound",
        MessageKind::Video => "a video",
        MessageKind::Document => "a file",
        MessageKind::Sticker => "a sticker",
        MessageKind::Location => "a place on the map",
        MessageKind::Contact => "a contact card",
        MessageKind::Button => "a tap on a button or a list entry",
        MessageKind::Reaction => "a reaction",
        MessageKind::Order => "an order",
        MessageKind::Unsupported => "something that WhatsApp does not pass on",
        MessageKind::Other => "of another kind",
    }
}

fn of_message_part(part: &Word, test: Option<&ValueTest>) -> FactWords {
    let built_in = MessageBuiltIn::parse(&part.value);
    match (built_in, test) {
        (None, Some(ValueTest::Compare(compare))) if part.value == "age" => {
            lasting("message.age", compare, |time| {
                [
                    format!("the message was {time} old when it arrived"),
                    format!("the message was not {time} old when it arrived"),
                ]
            })
        }
        (Some(MessageBuiltIn::Forwarded), None) => {
            said("message.forwarded", ["the message was forwarded", "the message was not forwarded"])
        }
        (built_in, Some(test)) => compared(message_noun(built_in, part), test),
        (built_in, None) => marked("the message", message_noun(built_in, part)),
    }
}

fn message_noun(built_in: Option<MessageBuiltIn>, part: &Word) -> Noun {
    let noun = |subject, words: &str| Noun { subject, words: words.to_owned(), name: None };
    match built_in {
        Some(MessageBuiltIn::Ad) => noun("message.ad", "the ad or post that the customer tapped"),
        Some(MessageBuiltIn::AdText) => noun("message.ad_text", "the text of the ad"),
        Some(MessageBuiltIn::Button) => noun("message.button", "the button that the customer pressed"),
        Some(MessageBuiltIn::Forwarded) => noun("message.forwarded", "whether the message was forwarded"),
        None => Noun {
            subject: "message.attribute",
            words: format!("the message's {}", quoted(&part.value)),
            name: Some(part.value.clone()),
        },
    }
}

fn of_customer_part(part: &Word, test: Option<&ValueTest>) -> FactWords {
    match (BuiltIn::parse(&part.value), test) {
        (Some(BuiltIn::SilentFor), Some(ValueTest::Compare(compare))) => {
            lasting("customer.silent_for", compare, |time| {
                [
                    format!("the customer had been silent for {time}"),
                    format!("the customer had not been silent for {time}"),
                ]
            })
        }
        (_, Some(test)) => compared(customer_noun(part), test),
        (_, None) => marked("the customer", customer_noun(part)),
    }
}

fn customer_noun(part: &Word) -> Noun {
    let noun = |subject, words: &str| Noun { subject, words: words.to_owned(), name: None };
    match BuiltIn::parse(&part.value) {
        Some(BuiltIn::Country) => noun("customer.country", "the customer's country"),
        Some(BuiltIn::Language) => noun("customer.language", "the customer's language"),
        Some(BuiltIn::Name) => noun("customer.name", "the customer's name"),
        Some(BuiltIn::Phone) => noun("customer.phone", "the customer's phone number"),
        Some(BuiltIn::SilentFor) => noun("customer.silent_for", "the time since the customer's last message"),
        None => Noun {
            subject: "customer.attribute",
            words: format!("the customer's {}", quoted(&part.value)),
            name: Some(part.value.clone()),
        },
    }
}

fn of_chat_part(part: &Word, test: Option<&ValueTest>) -> FactWords {
    let Some(ValueTest::Compare(compare)) = test else { return definition(&part.value) };
    match ChatTime::parse(&part.value) {
        Some(ChatTime::OpenFor) => lasting("chat.open_for", compare, |time| {
            [format!("the chat has been open for {time}"), format!("the chat has not been open for {time}")]
        }),
        Some(ChatTime::WaitingFor) => lasting("chat.waiting_for", compare, |time| {
            [format!("the chat has waited for {time}"), format!("the chat has not waited for {time}")]
        }),
        None => definition(&part.value),
    }
}

/// A duration that is compared: `more than 5 minutes`.
fn lasting(subject: &'static str, compare: &Compare, both: impl Fn(String) -> [String; 2]) -> FactWords {
    let seconds = match compare.value.value {
        Literal::Duration(seconds) => seconds,
        _ => None,
    };
    let quantity = quantity(compare.op.value);
    let time = seconds.map(duration).unwrap_or_default();
    FactWords {
        test: Some(compare.op.value.sign()),
        seconds,
        ..said(subject, both(format!("{quantity} {time}")))
    }
}

fn compared(noun: Noun, test: &ValueTest) -> FactWords {
    let Tested { test, values, holds, fails } = tested(test);
    let Noun { subject, words, name } = noun;
    FactWords {
        name,
        test: Some(test),
        values,
        ..said(subject, [format!("{words} {holds}"), format!("{words} {fails}")])
    }
}

fn known(Noun { subject, words, name }: Noun) -> FactWords {
    let both = [format!("{words} is known"), format!("{words} is not known")];
    FactWords { name, test: Some("has"), ..said(subject, both) }
}

/// An attribute that is a flag.
fn marked(who: &str, Noun { subject, words, name }: Noun) -> FactWords {
    let flag = name.as_deref().map_or(words, quoted);
    let both = [format!("{who} is marked {flag}"), format!("{who} is not marked {flag}")];
    FactWords { name, ..said(subject, both) }
}

fn tagged(subject: &'static str, who: &str, tags: &Values) -> FactWords {
    let values: Vec<String> = tags.values.iter().map(|tag| literal(&tag.value)).collect();
    let one = quoted_or(&values);
    let both = [format!("{who} has the tag {one}"), format!("{who} does not have the tag {one}")];
    FactWords { values, ..said(subject, both) }
}

fn user_name(inbox: &Inbox, id: &str) -> String {
    inbox.user_id(id).map_or_else(|| id.to_owned(), |user| inbox.user(user).name.to_string())
}
