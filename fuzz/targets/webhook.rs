//! Any bytes as the body of a webhook: it is read, or is not JSON.
#![no_main]

use inbox_host::whatsapp::{ElementKind, country, read};
use libfuzzer_sys::fuzz_target;
use serde_json::value::RawValue;

fuzz_target!(|bytes: &[u8]| {
    let is_json = serde_json::from_slice::<&RawValue>(bytes).is_ok();
    let webhook = read(bytes);
    assert_eq!(webhook.is_ok(), is_json, "JSON is read, and nothing else");
    let Ok(webhook) = webhook else { return };
    for element in webhook.elements {
        match element.kind {
            ElementKind::Message(message) => {
                assert!(!message.names.is_empty(), "a message has no sender");
                assert_eq!(message.message.id.as_ref(), Some(&message.id), "a message has two ids");
                drop(country(&message.names));
            }
            ElementKind::Renamed { old, new } => {
                assert!(!old.is_empty() && !new.is_empty(), "a change of names lacks a side");
            }
            ElementKind::Echo { names } => assert!(!names.is_empty(), "an answer is to nobody"),
            ElementKind::Notice(_) | ElementKind::Status(_) => {}
        }
    }
});
