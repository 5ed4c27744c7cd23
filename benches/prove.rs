//! The time of a check with all proofs: `cargo bench --bench prove`. The policies mix hours, tags, countries, keywords and
//! presence. One rule in fifty is unreachable, and the check finds each of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use divan::{Bencher, black_box};
use inbox_rules::check::check;
use inbox_rules::diagnostic::Code;
use inbox_rules::policy::{Folder, Policy, RuleFile, resolve};
use inbox_rules::prove::compare;
use inbox_rules::text::Source;

fn main() {
    divan::main();
}

const INBOX: &str = r#"
timezone = "Africa/Cairo"
[users.alice]
capacity = 5
skills = ["en", "ar"]
[users.bob]
capacity = 5
[users.carol]
skills = ["ar"]
[users.dina]
[users.emma]
capacity = 4
[users.fadi]
[users.gina]
skills = ["fr"]
[users.hani]
[groups]
Sales = ["alice", "bob", "dina"]
Support = ["bob", "carol", "emma"]
Returns = ["emma", "fadi"]
Concierge = ["gina", "hani", "alice"]
[attributes]
plan = ["free", "gold"]
orders = "number"
city = "text"
"#;

const HEAD: &str = "\
dates holidays = jan 7, dec 25..dec 26, 2026-03-20..2026-03-22
hours office = mon-thu 09:00-17:00, fri 09:00-13:00 except holidays
hours late = mon-fri 17:00-22:00
let vip = customer has tag \"vip\" or customer.plan is \"gold\"
let old_friend = returning_customer and customer.silent_for > 90d

";

const GROUPS: [&str; 4] = ["Sales", "Support", "Returns", "Concierge"];
const COUNTRIES: [&str; 8] = ["EG", "SA", "AE", "JO", "DE", "FR", "GB", "US"];
const ALGORITHMS: [&str; 4] = ["least_chats", "in_order", "most_waiting", "random"];

/// The words in turn, starting again after the last.
fn nth<'a>(words: &[&'a str], n: usize) -> &'a str {
    words.iter().copied().cycle().nth(n % words.len()).unwrap_or_default()
}

/// The condition of the rule `n`.
fn condition(n: usize) -> String {
    let (group, country) = (nth(&GROUPS, n), nth(&COUNTRIES, n));
    match n % 7 {
        0 => format!("new_customer and any_online in \"{group}\" and message contains \"word{n}\""),
        1 => format!("customer has tag \"tag{n}\" and during office"),
        2 => format!(
            "customer.country is \"{country}\" and message contains any [\"thing{n}\", \"item {n}\"] and not vip"
        ),
        3 => format!("returning_customer and owner_offline and customer has tag \"team{n}\""),
        4 => format!("message starts with \"code{n}:\" and (during late or online in \"{group}\" >= 2)"),
        5 => format!("customer.orders >= {n} and customer.city is \"city{n}\""),
        _ => format!("message contains part \"part{n}x\" and old_friend and not during office"),
    }
}

/// A policy of `count` rules.
fn policy(count: usize) -> String {
    let mut text = String::from(HEAD);
    for n in 0..count - 1 {
        // Its condition is narrower than that of a rule above.
        let is_unreachable = n % 50 == 49;
        let condition =
            if is_unreachable { format!("{} and message.age < 1h", condition(n - 7)) } else { condition(n) };
        let (group, by) = (nth(&GROUPS, n), nth(&ALGORITHMS, n / 4));
        let assign = match n % 5 {
            0 => format!("group \"{group}\" by {by}"),
            1 => format!("owner else group \"{group}\" by {by}"),
            2 => format!("group \"{group}\" by {by} among online else group \"{group}\" by hand"),
            3 => format!(
                "owner for 5m else group \"{group}\" by {by} among available else group \"Support\" by hand"
            ),
            _ => "user \"alice\"".to_owned(),
        };
        let reply = match n % 3 {
            0 => ",\n    reply \"Hello {customer.name or there}, one moment.\"",
            _ => "",
        };
        let _ = write!(text, "rule \"rule {n}\"\nwhen {condition}:\n    assign {assign}{reply}\n\n");
    }
    text += "otherwise:\n    assign owner else group \"Support\" by in_order\n";
    text
}

/// Everything that `rules check` does, except for reading the files and printing.
#[divan::bench(args = [20, 200, 2_000, 10_000], sample_count = 5)]
fn check_with_proofs(bencher: Bencher<'_, '_>, count: usize) {
    let source = Source::new("+15550100.rules", policy(count));
    bencher.bench_local(|| {
        let file = RuleFile::parse(black_box(source.clone()));
        let files = BTreeMap::from([(Arc::clone(&source.name), Arc::new(file))]);
        let findings = check(&Folder::new(Some(Source::new("inbox.toml", INBOX)), files));
        let unreachable = findings.iter().filter(|finding| finding.code == Code::UnreachableRule).count();
        assert_eq!(
            unreachable,
            (count - 1) / 50,
            "{:?}",
            findings.iter().find(|finding| finding.code != Code::MayPickOffline)
        );
    });
}

/// Parses and resolves a policy.
fn resolved(text: String) -> (Folder, Arc<Policy>) {
    let source = Source::new("+15550100.rules", text);
    let files = BTreeMap::from([(Arc::clone(&source.name), Arc::new(RuleFile::parse(source)))]);
    let folder = Folder::new(Some(Source::new("inbox.toml", INBOX)), files);
    let policy = resolve(&folder, "+15550100.rules").policy;
    (folder, policy)
}

/// `rules diff` of a policy and the same policy after three edits, each to one rule: a word, an algorithm, a limit.
#[divan::bench(args = [20, 200], sample_count = 5)]
fn diff_after_edits(bencher: Bencher<'_, '_>, count: usize) {
    let edited = |text: &str| {
        text.replacen("contains \"word0\"", "contains \"other\"", 1)
            .replacen("by in_order", "by random", 1)
            .replacen("customer.orders >= 5 ", "customer.orders >= 6 ", 1)
    };
    diff(bencher, count, edited);
}

/// `rules diff` after an edit of the hours that two rules of seven share, so that nearly every rule decides some message that another rule decided before.
#[divan::bench(args = [20, 200], sample_count = 5)]
fn diff_after_shared_edit(bencher: Bencher<'_, '_>, count: usize) {
    diff(bencher, count, |text| text.replacen("mon-thu 09:00", "mon-thu 08:00", 1));
}

fn diff(bencher: Bencher<'_, '_>, count: usize, edited: impl Fn(&str) -> String) {
    let text = policy(count);
    let edited = edited(&text);
    let ((folder, old), (_, new)) = (resolved(text), resolved(edited));
    bencher.bench_local(|| {
        let comparison = compare(black_box(&old), black_box(&new), &folder.inbox);
        assert!(comparison.differences.len() >= 3, "{comparison:?}");
        assert_eq!(comparison.unsettled, []);
    });
}

/// `rules diff` of a policy and the same policy with its rules in reverse order.
#[divan::bench(args = [20, 200], sample_count = 5)]
fn diff_of_the_reverse(bencher: Bencher<'_, '_>, count: usize) {
    let text = policy(count);
    let rules = text.strip_prefix(HEAD).unwrap_or_default();
    let mut rules: Vec<&str> = rules.split_inclusive("\n\n").collect();
    let otherwise = rules.pop().unwrap_or_default();
    rules.reverse();
    let reversed = format!("{HEAD}{}{otherwise}", rules.concat());
    let ((folder, old), (_, new)) = (resolved(text), resolved(reversed));
    bencher.bench_local(|| compare(black_box(&old), black_box(&new), &folder.inbox));
}
