//! Policies from their text, and what is proved of them in short: for tests.

use std::sync::Arc;

use super::{Proofs, given, survey};
use crate::inbox::Inbox;
use crate::policy::{Folder, Policy, RuleFile, resolve};
use crate::text::{Source, Span};

pub(crate) const FILE: &str = "+15550100.rules";

pub(crate) const INBOX: &str = r#"
timezone = "Africa/Cairo"
[users.alice]
capacity = 5
skills = ["en", "ar"]
[users.bob]
capacity = 3
[users.carol]
skills = ["fr"]
[groups]
Sales = ["alice", "bob"]
Support = ["bob", "carol"]
Two = ["bob", "alice"]
Empty = []
[attributes]
plan = ["free", "gold"]
orders = "number"
city = "text"
blocked = "flag"
"#;

pub(crate) fn inbox_of(toml: &str) -> Inbox {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", toml));
    assert_eq!(findings, []);
    inbox
}

/// The policy that `rules` are in `inbox`, without a fault.
pub(crate) fn policy(inbox: &Inbox, rules: &str) -> Policy {
    let file = RuleFile::parse(Source::new(FILE, rules));
    assert_eq!(file.findings, [], "{rules}");
    let mut folder = Folder { settings: Arc::new(inbox.clone()), ..Folder::default() };
    folder.files.insert(FILE.into(), Arc::new(file));
    let resolved = resolve(&folder, FILE);
    assert_eq!(resolved.findings, [], "{rules}");
    Arc::unwrap_or_clone(resolved.policy)
}

/// What is proved of `rules`, a line each.
pub(super) fn proved(rules: &str) -> String {
    proved_in(INBOX, rules)
}

pub(super) fn proved_in(toml: &str, rules: &str) -> String {
    let inbox = inbox_of(toml);
    let policy = policy(&inbox, rules);
    let proofs = survey(&policy, &inbox, true);
    assert_eq!(proofs.disagreements, 0, "{rules}");
    told(&inbox, &policy, rules, &proofs).join("\n")
}

fn told(inbox: &Inbox, policy: &Policy, rules: &str, proofs: &Proofs) -> Vec<String> {
    let quote = |span: Span| &rules[span.range()];
    let name = |rule: usize| match &policy.rules[rule].name {
        Some(name) => name.to_string(),
        None => format!("line {}", policy.rules[rule].line),
    };
    let example = |example: &super::Example| match given(inbox, &example.given) {
        lines if lines.is_empty() => "as usual".to_owned(),
        lines => lines.join("; "),
    };
    let mut told = Vec::new();
    for constant in &proofs.constants {
        let because = if constant.because.is_empty() {
            String::new()
        } else {
            format!(" ({})", constant.because.iter().map(|span| quote(*span)).collect::<Vec<_>>().join("; "))
        };
        let is = if constant.holds { "always" } else { "never" };
        told.push(format!("{is}: {}{because}", quote(constant.span)));
    }
    told.extend(proofs.redundant.iter().map(|span| format!("redundant: {}", quote(*span))));
    for dead in &proofs.unreachable {
        let by: Vec<String> = dead.by.iter().map(|rule| name(*rule)).collect();
        told.push(format!("unreachable: {} by {}", name(dead.rule), by.join(", ")));
    }
    for (rule, at) in &proofs.unreachable_alternatives {
        told.push(format!("unreachable: {} alternative {at}", name(*rule)));
    }
    told.extend(proofs.unanswered.iter().map(|found| format!("unanswered: {}", example(found))));
    let picks = [("ownerless", &proofs.ownerless), ("nobody", &proofs.nobody), ("offline", &proofs.offline)];
    for (what, picks) in picks {
        for pick in picks {
            told.push(format!("{what}: {}: {}", name(pick.rule), example(&pick.example)));
        }
    }
    for empty in &proofs.empty_placeholders {
        told.push(format!(
            "empty: {} in {}: {}",
            quote(empty.span),
            name(empty.rule),
            example(&empty.example)
        ));
    }
    told.extend(proofs.unsettled.iter().map(|unsettled| format!("unsettled: {unsettled:?}")));
    told
}
