//! What is proved of a policy, in short.

use crate::describe::given_lines;
use crate::inbox::Inbox;
use crate::policy::Policy;
use crate::prove::{Example, Proofs, verify};
use crate::testing::{inbox, policy};
use crate::text::Span;

/// What is proved of `rules`, a line each.
pub(super) fn proved(rules: &str) -> String {
    let inbox = inbox();
    let policy = policy(&inbox, rules);
    let proofs = verify(&policy, &inbox, true);
    assert_eq!(proofs.disagreements, 0, "{rules}");
    lines(&inbox, &policy, rules, &proofs).join("\n")
}

fn lines(inbox: &Inbox, policy: &Policy, rules: &str, proofs: &Proofs) -> Vec<String> {
    let quote = |span: Span| &rules[span.range()];
    let name = |rule: usize| match &policy.rules[rule].name {
        Some(name) => name.to_string(),
        None => format!("line {}", policy.rules[rule].line),
    };
    let example = |example: &Example| given_lines(inbox, &example.given).join("; ");
    let mut lines = Vec::new();
    for constant in &proofs.constants {
        let because = if constant.because.is_empty() {
            String::new()
        } else {
            format!(" ({})", constant.because.iter().map(|span| quote(*span)).collect::<Vec<_>>().join("; "))
        };
        let because = if constant.asked.is_some() { " (asked)".to_owned() } else { because };
        let is = if constant.holds { "always" } else { "never" };
        lines.push(format!("{is}: {}{because}", quote(constant.span)));
    }
    lines.extend(proofs.redundant.iter().map(|span| format!("redundant: {}", quote(*span))));
    for dead in &proofs.unreachable {
        let by: Vec<String> = dead.blockers.iter().map(|rule| name(*rule)).collect();
        lines.push(format!("unreachable: {} by {}", name(dead.rule), by.join(", ")));
    }
    for (rule, at) in &proofs.unreachable_alternatives {
        lines.push(format!("unreachable: {} alternative {at}", name(*rule)));
    }
    lines.extend(proofs.unanswered.iter().map(|found| format!("unanswered: {}", example(found))));
    let picks = [("ownerless", &proofs.ownerless), ("nobody", &proofs.nobody), ("offline", &proofs.offline)];
    for (what, picks) in picks {
        for pick in picks {
            lines.push(format!("{what}: {}: {}", name(pick.rule), example(&pick.example)));
        }
    }
    for empty in &proofs.empty_placeholders {
        lines.push(format!(
            "empty: {} in {}: {}",
            quote(empty.span),
            name(empty.rule),
            example(&empty.example)
        ));
    }
    lines.extend(proofs.unsettled.iter().map(|unsettled| format!("unsettled: {unsettled:?}")));
    lines
}
