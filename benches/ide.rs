//! How long an editor waits for an answer: `cargo bench --bench ide` asks about a file of 1,000 rules with 200 tests. Every
//! request but the hints should take less than 20 ms.

use std::fmt::Write as _;
use std::sync::Arc;

use divan::{Bencher, black_box};
use inbox_rules::check::Workspace;
use inbox_rules::ide;
use inbox_rules::policy::{Files, Folder, RuleFile};
use inbox_rules::text::{Source, Span};

fn main() {
    divan::main();
}

const FILE: &str = "+15550100.rules";

const INBOX: &str = r#"
timezone = "Africa/Cairo"
[users.alice]
name = "Alice"
capacity = 5
skills = ["en", "ar"]
[users.bob]
[users.carol]
skills = ["ar"]
[groups]
Sales = ["alice", "bob"]
Support = ["bob", "carol"]
[attributes]
plan = ["free", "gold"]
orders = "number"
"#;

/// 1,000 rules of four typical kinds, and a test of every fifth.
fn rules() -> String {
    let mut text = String::from(
        "hours office = mon-fri 09:00-17:00 except dec 25\nlet vip = customer has tag \"vip\"\n\n",
    );
    for n in 0..1_000 {
        let _ = match n % 4 {
            0 => write!(
                text,
                "rule \"welcome {n}\"\nwhen new_customer and any_online in \"Sales\" and message contains \"word{n}\":\n    \
                 assign group \"Sales\" by least_chats,\n    reply \"Welcome, {{customer.name or dear customer}}.\"\n\n"
            ),
            1 => write!(
                text,
                "rule \"away {n}\"\nwhen returning_customer and owner_offline and vip and message contains \"away{n}\":\n    \
                 assign group \"Support\" by most_waiting,\n    reply \"{{owner.name or nobody}} is away.\"\n\n"
            ),
            2 => write!(
                text,
                "rule \"refund {n}\"\nwhen message contains any [\"refund{n}\", \"money{n}\"] and (during office or customer.plan is \"gold\"):\n    \
                 assign owner for 5m else group \"Support\" with skill \"ar\" by in_order among online, tag \"refund\"\n\n"
            ),
            _ => write!(
                text,
                "rule \"orders {n}\"\nwhen customer.orders = {n} and not vip:\n    assign user \"alice\", priority high\n\n"
            ),
        };
    }
    text += "rule \"rest\"\notherwise:\n    assign owner else group \"Support\" by in_order\n\n";
    for n in (0..1_000).step_by(5) {
        let _ = write!(
            text,
            "test \"{n}\":\n    given customer new\n    given online \"alice\" with 2 chats\n    given message \"word{n}\"\n    \
             expect assign user \"alice\"\n\n"
        );
    }
    text
}

/// A folder with the file, checked for nothing but faults, and the byte after the first `needle`.
fn workspace(needle: &str) -> (Workspace, u32) {
    let text = rules();
    let at = text.find(needle).map_or(0, |at| at + needle.len());
    let file = Arc::new(RuleFile::parse(Source::new(FILE, text)));
    let files: Files = [(Arc::from(FILE), file)].into_iter().collect();
    let mut workspace = Workspace::for_faults();
    workspace.update(Folder::new(Some(Source::new("inbox.toml", INBOX)), files));
    assert_eq!(workspace.findings(), []);
    (workspace, u32::try_from(at).expect("a small file"))
}

#[divan::bench]
fn definition(bencher: Bencher) {
    let (workspace, at) = workspace("with skill \"a");
    bencher.bench(|| ide::definition(black_box(workspace.folder()), FILE, at));
}

#[divan::bench]
fn references_of_a_user(bencher: Bencher) {
    let (workspace, at) = workspace("assign user \"al");
    bencher.bench(|| ide::references(black_box(workspace.folder()), FILE, at, true));
}

#[divan::bench]
fn hover_of_hours(bencher: Bencher) {
    let (workspace, at) = workspace("during off");
    bencher.bench(|| ide::hover(black_box(workspace.folder()), FILE, at, jiff::Timestamp::UNIX_EPOCH));
}

#[divan::bench]
fn completion_of_a_condition(bencher: Bencher) {
    let (workspace, at) = workspace("rule \"away 997\"\nwhen ret");
    bencher.bench(|| ide::completion(black_box(workspace.folder()), FILE, at));
}

#[divan::bench]
fn completion_of_a_tag(bencher: Bencher) {
    let (workspace, at) = workspace("tag \"ref");
    bencher.bench(|| ide::completion(black_box(workspace.folder()), FILE, at));
}

#[divan::bench]
fn symbols(bencher: Bencher) {
    let (workspace, _) = workspace("");
    bencher.bench(|| ide::symbols(black_box(workspace.folder()), FILE));
}

#[divan::bench]
fn rename_of_a_definition(bencher: Bencher) {
    let (workspace, at) = workspace("let vi");
    bencher.bench(|| ide::rename(black_box(workspace.folder()), FILE, at, "important"));
}

#[divan::bench]
fn semantic_tokens(bencher: Bencher) {
    let (workspace, _) = workspace("");
    bencher.bench(|| ide::semantic_tokens(black_box(workspace.folder()), FILE, None));
}

#[divan::bench]
fn folding(bencher: Bencher) {
    let (workspace, _) = workspace("");
    bencher.bench(|| ide::folding(black_box(workspace.folder()), FILE));
}

#[divan::bench]
fn selection(bencher: Bencher) {
    let (workspace, at) = workspace("\"refund998\", \"mo");
    bencher.bench(|| ide::selection(black_box(workspace.folder()), FILE, at));
}

#[divan::bench]
fn code_lenses(bencher: Bencher) {
    let (workspace, _) = workspace("");
    bencher.bench(|| ide::code_lenses(black_box(&workspace), FILE));
}

/// The hints of all rules, and of the last rules that a screen shows.
#[divan::bench(args = [1_000, 20], sample_count = 10)]
fn inlay_hints(bencher: Bencher, rules: usize) {
    let (workspace, at) = workspace(&format!("rule \"orders {}\"", 999 - 4 * (rules.div_ceil(4) - 1)));
    let range = Span { start: if rules == 1_000 { 0 } else { at }, end: u32::MAX };
    bencher.bench(|| ide::inlay_hints(black_box(&workspace), FILE, range));
}
