//! Examples of what WhatsApp sends, each with what it brings (`expected.txt`), and random changes of their
//! bytes.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use inbox_host::whatsapp::{self, CustomerMessage, Element, ElementKind, Notice, StatusUpdate, Webhook};
use inbox_rules::desk::CustomerName;
use proptest::prelude::*;
use serde_json::value::RawValue;

/// The number of nearly all examples.
const NUMBER: &str = "106540352242922";

#[test]
fn every_example_brings_what_is_expected() {
    let expected = expected();
    let examples = examples();
    let mut faults = Vec::new();
    for (name, bytes) in &examples {
        let webhook = whatsapp::read(bytes).expect("an example is JSON");
        let found = describe(&webhook);
        let Some((about, lines)) = expected.get(name) else {
            faults.push(format!("{name} is not in expected.txt: {found:#?}"));
            continue;
        };
        println!("{name}: {about}");
        for line in &found {
            println!("  {line}");
        }
        if *lines != found {
            faults.push(format!("{name}\n  expected {lines:#?}\n  found {found:#?}"));
        }
    }
    let missing: Vec<_> = expected.keys().filter(|name| !examples.contains_key(*name)).collect();
    assert!(missing.is_empty(), "examples without a file: {missing:?}");
    assert!(examples.len() >= 60, "there are only {} examples", examples.len());
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn what_is_noted_or_routed_keeps_the_element_as_it_came() {
    for (name, bytes) in examples() {
        let text = str::from_utf8(&bytes).expect("UTF-8");
        for element in whatsapp::read(&bytes).expect("JSON").elements {
            match element.kind {
                ElementKind::Message(message) => assert!(text.contains(message.raw.get()), "{name}"),
                ElementKind::Notice(notice) => assert!(text.contains(notice.body.get()), "{name}"),
                _ => {}
            }
        }
    }
}

#[test]
fn a_flood_of_nonsense_is_counted() {
    let items = "1,".repeat(2_999);
    let value = format!(r#"{{"metadata":{{"phone_number_id":"{NUMBER}"}},"messages":[{items}1]}}"#);
    let body = format!(r#"{{"entry":[{{"changes":[{{"field":"messages","value":{value}}}]}}]}}"#);
    let webhook = whatsapp::read(body.as_bytes()).expect("JSON");
    assert_eq!(webhook.elements.len(), 1_000);
    assert_eq!(webhook.ignored, BTreeMap::from([("unreadable", 2_000)]));
}

#[test]
fn what_is_no_json_is_refused() {
    for text in ["", "{", "{}{}", "{\"\0\":1}", "{\"a\":\"\0\"}", "\u{feff}{}", "nul", "{\"a\":01}", "[1,]"] {
        assert!(whatsapp::read(text.as_bytes()).is_err(), "{text:?}");
    }
    assert!(whatsapp::read(b"\"\xff\"").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// No bytes make the reader fail, except those that are not JSON.
    #[test]
    fn changed_examples_are_read(
        example in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), edit()), 1..6),
    ) {
        let examples: Vec<Vec<u8>> = examples().into_values().collect();
        let mut bytes = example.get(&examples).clone();
        for (at, edit) in edits {
            apply(&mut bytes, at, &edit);
        }
        let is_json = serde_json::from_slice::<&RawValue>(&bytes).is_ok();
        prop_assert_eq!(whatsapp::read(&bytes).is_ok(), is_json);
    }
}

/// A change of a few bytes.
#[derive(Debug, Clone)]
enum Edit {
    Insert(Vec<u8>),
    Replace(Vec<u8>),
    Remove(usize),
    /// The rest is written once more.
    Repeat(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    let words = [
        "null", "[]", "{}", "\"\"", "-1", "1e999", "\\ud83d", "true", "[[[[", ",", ":", "\"x\":1,", "[1,",
        "{\"a\":",
    ];
    let word = prop::sample::select(words.to_vec()).prop_map(|word| word.as_bytes().to_vec());
    let bytes = prop_oneof![3 => word, 1 => prop::collection::vec(any::<u8>(), 1..4)];
    prop_oneof![
        bytes.clone().prop_map(Edit::Insert),
        bytes.prop_map(Edit::Replace),
        (1..40_usize).prop_map(Edit::Remove),
        (1..200_usize).prop_map(Edit::Repeat),
    ]
}

fn apply(bytes: &mut Vec<u8>, at: prop::sample::Index, edit: &Edit) {
    if bytes.is_empty() {
        return;
    }
    let at = at.index(bytes.len());
    let end = |length: usize| (at + length).min(bytes.len());
    match edit {
        Edit::Insert(new) => drop(bytes.splice(at..at, new.iter().copied())),
        Edit::Replace(new) => drop(bytes.splice(at..end(new.len()), new.iter().copied())),
        Edit::Remove(length) => drop(bytes.drain(at..end(*length))),
        Edit::Repeat(length) => {
            let again: Vec<u8> = bytes.iter().skip(at).take(*length).copied().collect();
            drop(bytes.splice(at..at, again));
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/webhooks")
}

fn examples() -> BTreeMap<String, Vec<u8>> {
    let files = fs::read_dir(folder()).expect("the folder of the examples");
    let files = files.map(|entry| entry.expect("an entry").path());
    let files = files.filter(|path| path.extension().is_some_and(|extension| extension == "json"));
    files
        .map(|path| {
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("an example"))
        })
        .collect()
}

/// What `expected.txt` says of each example: what it is, and the lines.
fn expected() -> BTreeMap<String, (String, Vec<String>)> {
    let text = fs::read_to_string(folder().join("expected.txt")).expect("expected.txt");
    let paragraphs = text.split("\n\n").filter(|paragraph| !paragraph.starts_with('#'));
    paragraphs
        .map(|paragraph| {
            let mut lines = paragraph.lines();
            let (name, about) =
                lines.next().and_then(|line| line.split_once(": ")).expect("NAME: what it is");
            (name.to_owned(), (about.to_owned(), lines.map(|line| line.trim().to_owned()).collect()))
        })
        .collect()
}

fn describe(webhook: &Webhook) -> Vec<String> {
    let counted = webhook.ignored.iter().map(|(why, number)| format!("counted {why} {number}"));
    webhook.elements.iter().map(describe_element).chain(counted).collect()
}

fn describe_element(element: &Element) -> String {
    let at = element.at.map_or("now".to_owned(), |at| at.as_second().to_string());
    let what = match &element.kind {
        ElementKind::Message(message) => describe_message(message),
        ElementKind::Renamed { old, new } => format!("renamed {} to {}", names(old), names(new)),
        ElementKind::Echo { names: to } => format!("answered {}", names(to)),
        ElementKind::Notice(notice) => describe_notice(notice),
        ElementKind::Status(status) => describe_status(status),
    };
    let number = match (element.phone_number_id.as_deref(), element.display_phone_number.as_deref()) {
        (Some(NUMBER), Some("+15550783881")) => String::new(),
        (Some(id), _) => format!(" (the number {id})"),
        (None, Some(number)) => format!(" (the number {number})"),
        (None, None) => " (the account)".to_owned(),
    };
    format!("{at} {what}{number}")
}

fn describe_message(message: &CustomerMessage) -> String {
    assert_eq!(message.message.id.as_ref(), Some(&message.id));
    let mut line = format!("message {}", message.message.kind);
    let seen = &message.message;
    let mut add = |word: &str, value: Option<String>| {
        if let Some(value) = value {
            write!(line, " {word}{value}").expect("a text can be written to");
        }
    };
    let quote = |text: &String| format!("\"{}\"", text.replace('\n', " / "));
    add("", seen.text.as_ref().map(quote));
    add("button ", seen.button.clone());
    add("ad ", seen.ad.clone());
    add("", seen.ad_text.as_ref().map(quote));
    add("forwarded", seen.forwarded.then(String::new));
    add("held", message.held.then(String::new));
    add("of ", Some(names(&message.names)));
    add("", message.profile_name.as_ref().map(quote));
    add("in ", message.profile_country.clone());
    add("id ", Some(message.id.clone()));
    line
}

fn describe_notice(notice: &Notice) -> String {
    let mut line = format!("noted {}", notice.kind);
    if !notice.names.is_empty() {
        line += &format!(" of {}", names(&notice.names));
    }
    match &notice.change {
        Some(change) => match &change.text {
            Some(text) => format!("{line}; the text of {} is \"{text}\"", change.message),
            None => format!("{line}; the text of {} is struck out", change.message),
        },
        None => line,
    }
}

fn describe_status(status: &StatusUpdate) -> String {
    let mut line = format!("status {:?}", status.state).to_lowercase();
    if let Some(code) = status.code {
        line += &format!(" ({code})");
    }
    if !status.wamid.is_empty() {
        line += &format!(" of {}", status.wamid);
    }
    if let Some(data) = &status.data {
        line += &format!(", ours {data}");
    }
    if !status.recipient.is_empty() {
        line += &format!(", to {}", names(&status.recipient));
    }
    line
}

fn names(names: &[CustomerName]) -> String {
    names.iter().map(CustomerName::as_str).collect::<Vec<_>>().join(" ")
}
