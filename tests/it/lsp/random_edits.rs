//! Random edits of files that use each other: once it is at rest, the server has found what a fresh check finds.

use std::collections::BTreeMap;

use inbox_rules::Folder;
use inbox_rules::check::check;
use inbox_rules::text::{LineIndex, Source};
use proptest::prelude::*;
use serde_json::json;

use super::client::{Client, pulling, short};
use crate::harness::Rules;

/// The files, and what they may become, wholly or in part.
const FILES: [(&str, [&str; 3]); 4] = [
    (
        "inbox.toml",
        [
            "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\n",
            "[users.alice]\n[groups]\nSales = [\"alice\"]\nSupport = []\n",
            "[users.alice\n",
        ],
    ),
    (
        "common.rules",
        [
            "let vip = customer has tag \"vip\"\nhours office = mon-fri 09:00-17:00\n",
            "let vip = any_online\n",
            "let vop = any_onlin\nuse \"+15550100.rules\"\n",
        ],
    ),
    (
        "+15550100.rules",
        [
            "use \"common.rules\"\nrule \"é😀\" when vip and during office: assign group \"Sales\" by hand\notherwise: assign user \"bob\"\n",
            "rule \"a\" when any_online: assign nobody\nrule \"b\" when any_online and new_customer: assign nobody\n",
            "use \"common.rules\"\nrule \"a\" when vip: assgn group \"Slaes\" by random\n\ntest \"t\": expect rule \"b\"\n",
        ],
    ),
    (
        "default.rules",
        [
            "use \"common.rules\"\r\nwhen not vip: assign owner\r\notherwise: assign nobody\r\n",
            "otherwise: assign group \"Support\" by in_order\n",
            "",
        ],
    ),
];

/// One thing that somebody does.
#[derive(Debug, Clone)]
enum Step {
    Open(usize),
    Close(usize),
    Save(usize),
    /// Replaces a part of a file, from one character to the other, by a part of another text of it.
    Type(usize, prop::sample::Index, usize, String),
    /// Replaces the whole text.
    Paste(usize, usize),
    /// Waits for what is found.
    Wait,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let file = || 0..FILES.len();
    let typed = prop_oneof![
        Just(String::new()),
        "[a-z\"\n :=é😀]{1,3}",
        Just("\nlet x = any_online\n".to_owned()),
        Just("vip".to_owned()),
        Just("use \"common.rules\"\n".to_owned()),
    ];
    let step = prop_oneof![
        2 => file().prop_map(Step::Open),
        1 => file().prop_map(Step::Close),
        1 => file().prop_map(Step::Save),
        6 => (file(), any::<prop::sample::Index>(), 0..6_usize, typed)
            .prop_map(|(file, at, length, text)| Step::Type(file, at, length, text)),
        2 => (file(), 0..3_usize).prop_map(|(file, text)| Step::Paste(file, text)),
        1 => Just(Step::Wait),
    ];
    prop::collection::vec(step, 1..25)
}

/// What somebody has done so far.
struct Desk {
    client: Client,
    /// Open documents, with their versions.
    open: BTreeMap<usize, (i64, String)>,
    saved: BTreeMap<usize, String>,
}

impl Desk {
    fn new() -> Self {
        let saved: BTreeMap<usize, String> =
            (0..FILES.len()).map(|at| (at, FILES[at].1[0].to_owned())).collect();
        let rules = saved.iter().fold(Rules::empty(), |rules, (at, text)| rules.file(FILES[*at].0, text));
        Self { client: Client::start(rules, &pulling()), open: BTreeMap::new(), saved }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Open(file) if !self.open.contains_key(file) => {
                let text = self.saved[file].clone();
                self.client.open(FILES[*file].0, &text);
                self.open.insert(*file, (1, text));
            }
            Step::Close(file) => {
                if self.open.remove(file).is_some() {
                    self.client.close(FILES[*file].0);
                }
            }
            Step::Save(file) => {
                if let Some((_, text)) = self.open.get(file) {
                    let name = FILES[*file].0;
                    std::fs::write(self.client.rules.path().join("rules").join(name), text).unwrap();
                    self.saved.insert(*file, text.clone());
                    let document = json!({ "uri": self.client.uri(name) });
                    self.client.notify("textDocument/didSave", json!({ "textDocument": document }));
                    self.client.changed_on_disk(name);
                }
            }
            Step::Paste(file, text) => {
                if let Some((version, open)) = self.open.get_mut(file) {
                    *version += 1;
                    FILES[*file].1[*text].clone_into(open);
                    self.client.replace(FILES[*file].0, *version, open);
                }
            }
            Step::Type(file, at, length, typed) => {
                if let Some((version, open)) = self.open.get_mut(file) {
                    *version += 1;
                    let starts: Vec<usize> = typeable(open);
                    let first = at.index(starts.len());
                    let (start, end) = (starts[first], starts[(first + length).min(starts.len() - 1)]);
                    let range = json!({ "start": position(open, start), "end": position(open, end) });
                    open.replace_range(start..end, typed);
                    self.client.change(FILES[*file].0, *version, json!([{ "range": range, "text": typed }]));
                }
            }
            Step::Wait => self.compare(),
            Step::Open(_) => {}
        }
    }

    /// Compares what the server has found in every file with a check from scratch.
    fn compare(&mut self) {
        let text = |at: usize| self.open.get(&at).map_or(&self.saved[&at], |(_, text)| text).clone();
        let texts: Vec<String> = (0..FILES.len()).map(text).collect();
        let folder = Folder::from_texts(FILES.iter().zip(&texts).map(|((name, _), text)| (*name, &**text)));
        let findings = check(&folder);
        for ((name, _), text) in FILES.iter().zip(&texts) {
            let source = Source::new(*name, &**text);
            let here = findings.iter().filter(|finding| &*finding.file == *name);
            let expected: Vec<String> = here
                .map(|finding| {
                    let [start, end] =
                        [finding.span.start, finding.span.end].map(|at| position(&source.text, at as usize));
                    short(&json!({ "range": { "start": start, "end": end }, "code": finding.code.name() }))
                })
                .collect();
            assert_eq!(self.client.found(name), expected, "{name}:\n{text}");
        }
    }
}

/// Where somebody can type: between characters, but not inside of a line break.
fn typeable(text: &str) -> Vec<usize> {
    let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    starts.filter(|at| !(text[..*at].ends_with('\r') && text[*at..].starts_with('\n'))).collect()
}

/// Line and column in UTF-16, counted in another way than the server does.
fn position(text: &str, byte: usize) -> serde_json::Value {
    let line = LineIndex::new(text).line(u32::try_from(byte).unwrap()) - 1;
    let start = text[..byte].rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": line, "character": text[start..byte].encode_utf16().count() })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, max_shrink_iters: 200, ..ProptestConfig::default() })]
    #[test]
    fn the_server_is_never_out_of_step(steps in steps()) {
        let mut desk = Desk::new();
        for step in &steps {
            desk.take(step);
        }
        desk.compare();
        desk.client.shut_down();
    }
}
