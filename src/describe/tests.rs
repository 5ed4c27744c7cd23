//! Every form of a condition has a sentence.

use std::collections::BTreeSet;

use super::{FactWords, HoursWords, dates_words, fact_words, hours_words};
use crate::language::ast::{Guard, Item};
use crate::language::parse;
use crate::language::vocabulary::{self, WordClass};
use crate::testing::inbox;
use crate::text::Source;

fn items(text: &str) -> Vec<Item> {
    let parsed = parse(&Source::new("a.rules", text));
    assert!(parsed.findings.is_empty(), "{text}: {:?}", parsed.findings);
    parsed.file.items
}

/// The words of a single condition.
fn words(condition: &str) -> FactWords {
    let items = items(&format!("also when {condition}: tag \"t\""));
    let Some(Item::Rule(rule)) = items.first() else { panic!("{condition}") };
    let Guard::When(parsed) = &rule.guard else { panic!("{condition}") };
    fact_words(&inbox(), parsed).unwrap_or_else(|| panic!("{condition} has no words"))
}

#[test]
fn every_word_of_a_condition_is_in_a_sentence() {
    const CLASSES: [WordClass; 5] =
        [WordClass::Fact, WordClass::Count, WordClass::Kind, WordClass::Attribute, WordClass::ValueTest];
    let mut sentences = BTreeSet::new();
    for entry in vocabulary::entries().filter(|entry| CLASSES.contains(&entry.class)) {
        let form = entry.form.replace("GROUP", "Sales").replace("NUMBER", "2");
        let (with, without) = (form.replace(['[', ']'], ""), form.replace("[in \"Sales\"] ", ""));
        let forms = if form.contains('[') && !form.contains("any [") {
            vec![with, without.replace(" [in \"Sales\"]", "")]
        } else {
            vec![form]
        };
        for form in forms {
            let FactWords { sentence, negation, .. } = words(&form);
            for words in [&sentence, &negation] {
                assert!(!words.contains(['_', '"', '<', '>', '=']), "{form}: {words}");
            }
            assert_ne!(sentence, negation, "{form}");
            if entry.class != WordClass::ValueTest {
                assert!(sentences.insert(sentence.clone()), "{form} reads as another: {sentence}");
            }
        }
    }
    assert!(sentences.len() > 40, "{sentences:?}");
}

#[test]
fn conditions_are_read_aloud() {
    let check = |condition: &str, sentence: &str, negation: &str| {
        let words = words(condition);
        assert_eq!((&*words.sentence, &*words.negation), (sentence, negation), "{condition}");
    };
    check("any_online in \"Sales\"", "somebody in “Sales” is online", "nobody in “Sales” is online");
    check("all_offline", "nobody is online", "somebody is online");
    check(
        "online in \"Sales\" < 2",
        "fewer than 2 users in “Sales” are online",
        "at least 2 users in “Sales” are online",
    );
    check(
        "available = 1",
        "exactly 1 user is online and has room",
        "not exactly 1 user is online and has room",
    );
    check(
        "waiting in \"Sales\" > 5",
        "more than 5 chats wait in the queue of “Sales”",
        "at most 5 chats wait in the queue of “Sales”",
    );
    check(
        "message contains \"refund\"",
        "the message contains “refund”",
        "the message does not contain “refund”",
    );
    check(
        "message contains part any [\"a\", \"b\", \"c\"]",
        "the message contains “a”, “b” or “c”, even inside a word",
        "the message does not contain “a”, “b” or “c”, even inside a word",
    );
    check("message is not \"stop\"", "the message is not “stop”", "the message is “stop”");
    check(
        "message is any [image, video]",
        "the message is a picture or a video",
        "the message is not a picture or a video",
    );
    check(
        "message.age > 5m",
        "the message was more than 5 minutes old when it arrived",
        "the message was not more than 5 minutes old when it arrived",
    );
    check("message has ad", "the customer tapped an ad or a post", "the customer tapped no ad and no post");
    check(
        "customer.orders >= 10",
        "the customer's “orders” is at least 10",
        "the customer's “orders” is not at least 10",
    );
    check("customer.blocked", "the customer is marked “blocked”", "the customer is not marked “blocked”");
    check("customer has city", "the customer's “city” is known", "the customer's “city” is not known");
    check(
        "customer has tag any [\"vip\", \"press\"]",
        "the customer has the tag “vip” or “press”",
        "the customer does not have the tag “vip” or “press”",
    );
    check("chat with \"alice\"", "“Alice” has the chat", "“Alice” does not have the chat");
    check(
        "chat.waiting_for > 10m",
        "the chat has waited for more than 10 minutes",
        "the chat has not waited for more than 10 minutes",
    );
    check("vip", "“vip” holds", "“vip” does not hold");
    check("during office", "the message comes during “office”", "the message comes outside “office”");
    check(
        "during mon-fri 09:00-12:30",
        "the message comes from Monday to Friday between 09:00 and 12:30",
        "the message does not come from Monday to Friday between 09:00 and 12:30",
    );
    check(
        "during 2026-12-24..2026-12-26",
        "the message comes from 24 December 2026 to 26 December 2026",
        "the message does not come from 24 December 2026 to 26 December 2026",
    );
}

#[test]
fn a_condition_is_told_in_parts() {
    let ad = words("message.ad_text contains part any [\"عرض\", \"sale\"]");
    assert_eq!((ad.subject, ad.test, ad.name), ("message.ad_text", Some("contains_part"), None));
    assert_eq!(ad.values, ["عرض", "sale"]);
    let silent = words("customer.silent_for <= 90m");
    assert_eq!(
        (silent.subject, silent.test, silent.seconds),
        ("customer.silent_for", Some("<="), Some(5_400))
    );
    let hours = words("during fri-mon 22:00-02:00").hours.unwrap();
    assert_eq!((hours.days, hours.times), (vec![0, 4, 5, 6], vec![(1_320, 120)]));
}

#[test]
fn named_hours_and_dates() {
    let words = |text: &str| -> HoursWords {
        match items(text).first() {
            Some(Item::Hours(hours)) => hours_words(hours),
            Some(Item::Dates(dates)) => dates_words(dates),
            other => panic!("{other:?}"),
        }
    };
    let office = words(
        "hours office = mon-thu 09:00-12:30 13:30-18:00, fri 09:00-16:00, 2026-12-24 09:00-12:00 except jan 1, holidays",
    );
    assert_eq!(
        office.sentence,
        "from Monday to Thursday between 09:00 and 12:30 and between 13:30 and 18:00; \
         on Fridays between 09:00 and 16:00; on 24 December 2026 between 09:00 and 12:00; \
         except on 1 January and on “holidays”"
    );
    assert_eq!(
        (office.open.len(), office.except, office.names),
        (3, vec![("01-01".into(), "01-01".into())], vec!["holidays".into()])
    );
    assert_eq!(words("dates holidays = dec 31..jan 2").sentence, "from 31 December to 2 January");
    assert_eq!(words("hours night = mon 09:00-09:00").sentence, "on Mondays for 24 hours from 09:00");
}
