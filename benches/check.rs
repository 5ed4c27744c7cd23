//! How fast rules are checked and messages are decided: `cargo bench --bench check` prints rules and decisions per
//! second. Both have to be linear in the number of rules.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use inbox_rules::check::check;
use inbox_rules::policy::{Files, Folder, RuleFile};
use inbox_rules::text::{MAX_FILE_SIZE, Source};
use inbox_rules::{Level, RuleSet, Situation, dice};

fn main() {
    divan::main();
}

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

/// The rules `from..to`, of four typical kinds.
fn rules(from: usize, to: usize) -> String {
    let mut text = String::from(
        "hours office = mon-fri 09:00-17:00 except dec 25\nlet vip = customer has tag \"vip\"\n\n",
    );
    for n in from..to {
        let _ = match n % 4 {
            0 => write!(
                text,
                "rule \"welcome {n}\"\nwhen new_customer and any_online in \"Sales\" and message contains \"word{n}\":\n    \
                 assign group \"Sales\" by least_chats,\n    reply \"Welcome, {{customer.name or dear customer}}.\"\n\n"
            ),
            1 => write!(
                text,
                "rule \"away {n}\"\nwhen returning_customer and owner_offline and vip and customer.country is \"EG\":\n    \
                 assign group \"Support\" by most_waiting,\n    reply \"{{owner.name or nobody}} is away.\"\n\n"
            ),
            2 => write!(
                text,
                "rule \"refund {n}\"\nwhen message contains any [\"refund{n}\", \"money back\"] and (during office or customer.plan is \"gold\"):\n    \
                 assign owner for 5m else group \"Support\" with skill \"ar\" by in_order among online, tag \"refund\"\n\n"
            ),
            _ => write!(
                text,
                "rule \"orders {n}\"\nwhen customer.orders >= {n} and not vip:\n    assign user \"alice\", priority high\n\n"
            ),
        };
    }
    text
}

/// Policies with `count` rules in total, each file below the size limit.
fn folder(count: usize) -> Folder {
    let each = (MAX_FILE_SIZE / 400).min(count);
    let files = (0..count).step_by(each).enumerate().map(|(index, from)| {
        let name: Arc<str> = format!("+1555010{index:04}.rules").into();
        let text = rules(from, (from + each).min(count));
        assert!(text.len() <= MAX_FILE_SIZE);
        (Arc::clone(&name), Arc::new(RuleFile::parse(Source::new(name, text))))
    });
    let files: BTreeMap<_, _> = files.collect();
    Folder::new(Some(Source::new("inbox.toml", INBOX)), files)
}

/// Everything that `rules check` does, except for reading the files and printing.
#[divan::bench(args = [100, 1_000, 10_000, 100_000], sample_count = 5)]
fn read_and_check(bencher: Bencher<'_, '_>, count: usize) {
    let sources: Vec<Source> = folder(count).files.values().map(|file| file.source.clone()).collect();
    bencher.counter(ItemsCount::new(count)).bench_local(|| {
        let files = sources
            .iter()
            .map(|source| (Arc::clone(&source.name), Arc::new(RuleFile::parse(black_box(source.clone())))));
        let folder = Folder::new(Some(Source::new("inbox.toml", INBOX)), files.collect::<Files>());
        let findings = check(&folder);
        let worse = findings.iter().find(|finding| finding.level > Level::Note);
        assert!(worse.is_none(), "{worse:?}");
    });
}

/// A message that no rule matches, so that every rule is evaluated.
#[divan::bench(args = [5, 50, 500, 5_000])]
fn decide(bencher: Bencher<'_, '_>, count: usize) {
    let set = RuleSet::from_folder(&folder(count)).unwrap_or_else(|error| panic!("{error}"));
    let situation = Situation::from_json(
        r#"{ "number": "+15550100000", "at": "2026-11-24T18:30:00Z",
             "message": { "id": "A", "text": "Hello, I would like to ask when my parcel will arrive, please tell me soon" },
             "customer": { "returning": true, "country": "DE", "owner": "alice" },
             "users": { "bob": { "presence": "online", "chats": 3 } } }"#,
    )
    .unwrap_or_else(|error| panic!("{error}"));
    bencher.bench_local(|| {
        let decision = set.decide(black_box(&situation), &mut dice(0, Some("A")));
        assert!(decision.is_ok_and(|decision| decision.rule.is_none()));
    });
}
