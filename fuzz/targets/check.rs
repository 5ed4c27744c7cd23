//! Any bytes, cut in two at the first NUL, as a rule file and an `inbox.toml`: findings, rendered in every format.
#![no_main]

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::check::{check, explain};
use inbox_rules::diagnostic::human::Style;
use inbox_rules::diagnostic::{github, human, json, junit, sarif};
use inbox_rules::language::decode;
use inbox_rules::policy::{Folder, RuleFile};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let cut = bytes.iter().position(|byte| *byte == 0);
    let (rules, inbox) = match cut {
        Some(at) => (&bytes[..at], Some(&bytes[at + 1..])),
        None => (bytes, None),
    };
    let inbox = inbox.and_then(|bytes| decode("inbox.toml", bytes).ok());
    let name: Arc<str> = "+15550100.rules".into();
    let file = match decode(&name, rules) {
        Ok(source) => RuleFile::parse(source),
        Err(error) => RuleFile::unreadable(Arc::clone(&name), *error),
    };
    let folder = Folder::new(inbox, BTreeMap::from([(name, Arc::new(file))]));
    let findings = check(&folder);
    let sources = folder.sources();
    human::render(&findings, &sources, Style { colour: true, width: 80, line_width: 72, unicode: true });
    serde_json::to_string(&json::report(&findings, &sources, 2)).expect("a report is JSON");
    serde_json::to_string(&sarif::log(&findings, &sources, explain)).expect("a log is JSON");
    github::commands(&findings, &sources);
    junit::report(&findings, &sources, ["+15550100.rules", "inbox.toml"].into_iter());
});
