//! Renders the differences that `rules diff` found.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use serde_json::{Value, json};

use super::change_text::{change, effects};
use super::output;
use crate::describe::given_lines;
use crate::diagnostic::github;
use crate::engine::RuleRef;
use crate::policy::{Folder, Policy};
use crate::prove::{DecisionDiff, Difference, RulePair};

/// One side of a comparison.
pub(super) struct Side {
    pub(super) folder: Folder,
    pub(super) policies: BTreeMap<Arc<str>, Arc<Policy>>,
}

/// The result of a comparison.
pub(super) struct DiffReport {
    pub(super) policies: Vec<PolicyDiff>,
    /// Whether the inboxes differ, so that both sides were decided with the new one.
    pub(super) inbox_differs: bool,
}

/// One policy, old and new.
pub(super) struct PolicyDiff {
    pub(super) name: Arc<str>,
    change: PolicyChange,
}

enum PolicyChange {
    Added,
    Removed,
    Both { old: Arc<Policy>, new: Arc<Policy>, comparison: DecisionDiff },
}

impl PolicyDiff {
    pub(super) fn added(name: &Arc<str>) -> Self {
        Self { name: Arc::clone(name), change: PolicyChange::Added }
    }

    pub(super) fn removed(name: &Arc<str>) -> Self {
        Self { name: Arc::clone(name), change: PolicyChange::Removed }
    }

    pub(super) fn both(
        name: &Arc<str>,
        old: &Arc<Policy>,
        new: &Arc<Policy>,
        comparison: DecisionDiff,
    ) -> Self {
        let (old, new) = (Arc::clone(old), Arc::clone(new));
        Self { name: Arc::clone(name), change: PolicyChange::Both { old, new, comparison } }
    }
}

const INBOX_DIFFERS: &str = "inbox.toml differs, so both sides were decided with the new one";

impl DiffReport {
    /// Whether it is certain that both sides decide every message the same way.
    pub(super) fn is_alike(&self) -> bool {
        self.counts() == (0, 0)
    }

    /// The number of differences, and of questions that the comparison could not settle.
    fn counts(&self) -> (usize, usize) {
        self.policies.iter().fold((0, 0), |(different, open), policy| match &policy.change {
            PolicyChange::Added | PolicyChange::Removed => (different + 1, open),
            PolicyChange::Both { comparison, .. } => {
                (different + comparison.differences.len(), open + comparison.unsettled.len())
            }
        })
    }

    pub(super) fn human(&self, sides: [&Side; 2]) -> String {
        let [_, new_side] = sides;
        let mut out = String::new();
        if self.inbox_differs {
            let _ = writeln!(out, "note: {INBOX_DIFFERS}\n");
        }
        for policy in &self.policies {
            match &policy.change {
                PolicyChange::Added => _ = writeln!(out, "{}: the policy was added\n", policy.name),
                PolicyChange::Removed => _ = writeln!(out, "{}: the policy was removed\n", policy.name),
                PolicyChange::Both { old, new, comparison } => {
                    let both: [&Policy; 2] = [old, new];
                    out += &timezone_note(&policy.name, both);
                    for difference in &comparison.differences {
                        out += &format!("{}: {}\n", policy.name, headline(new_side, [old, new], difference));
                        out += &details(sides, both, difference);
                    }
                    for pair in &comparison.unsettled {
                        let _ = writeln!(
                            out,
                            "{}: not settled: {}\n",
                            policy.name,
                            open_question(sides, both, *pair)
                        );
                    }
                }
            }
        }
        out += &self.summary();
        output::printable_lines(&out)
    }

    /// `3 differences in 1 policy`
    fn summary(&self) -> String {
        let (differences, open) = self.counts();
        let has_changed = |policy: &&PolicyDiff| match &policy.change {
            PolicyChange::Added | PolicyChange::Removed => true,
            PolicyChange::Both { comparison, .. } => !comparison.differences.is_empty(),
        };
        let policies = self.policies.iter().filter(has_changed).count();
        let plural =
            |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
        let mut summary = match (differences, open) {
            (0, 0) => "both decide every message the same way".to_owned(),
            (0, _) => "no difference found".to_owned(),
            _ => format!(
                "{} in {}",
                plural(differences, "difference", "differences"),
                plural(policies, "policy", "policies")
            ),
        };
        if open > 0 {
            summary += &format!(", and {} not settled", plural(open, "question is", "questions are"));
        }
        summary + "\n"
    }

    pub(super) fn json(&self, sides: [&Side; 2]) -> Value {
        let [_, new_side] = sides;
        let (mut differences, mut unsettled) = (Vec::new(), Vec::new());
        for policy in &self.policies {
            let name = &*policy.name;
            match &policy.change {
                PolicyChange::Added => {
                    differences.push(json!({"policy": name, "words": "the policy was added"}));
                }
                PolicyChange::Removed => {
                    differences.push(json!({"policy": name, "words": "the policy was removed"}));
                }
                PolicyChange::Both { old, new, comparison } => {
                    for difference in &comparison.differences {
                        let pair = difference.pair;
                        differences.push(json!({
                            "policy": name,
                            "old": {"rule": reference(old, pair.old), "decision": difference.old},
                            "new": {"rule": reference(new, pair.new), "decision": difference.new},
                            "words": headline(new_side, [old, new], difference),
                            "given": example_lines(new_side, difference),
                            "situation": difference.example.situation,
                            "seed": difference.seed,
                        }));
                    }
                    for pair in &comparison.unsettled {
                        let words = open_question(sides, [old, new], *pair);
                        unsettled.push(json!({
                            "policy": name,
                            "old": reference(old, pair.old),
                            "new": reference(new, pair.new),
                            "words": words,
                        }));
                    }
                }
            }
        }
        json!({
            "differences": differences,
            "policies": self.policies.len(),
            "unsettled": unsettled,
            "inbox_differs": self.inbox_differs,
        })
    }

    pub(super) fn github(&self, sides: [&Side; 2]) -> String {
        let [_, new_side] = sides;
        let mut out = String::new();
        for policy in &self.policies {
            let file = path(new_side, &policy.name);
            let mut warn = |line: u32, message: &str| out += &github::warning(&file, line, "diff", message);
            match &policy.change {
                PolicyChange::Added => warn(1, "the policy was added"),
                PolicyChange::Removed => warn(1, "the policy was removed"),
                PolicyChange::Both { old, new, comparison } => {
                    let line = |pair: RulePair| {
                        pair.new.and_then(|index| new.rules.get(index)).map_or(1, |rule| rule.line)
                    };
                    for difference in &comparison.differences {
                        let given = example_lines(new_side, difference).join("\n");
                        let message = format!("{}\n{given}", headline(new_side, [old, new], difference));
                        warn(line(difference.pair), &message);
                    }
                    for pair in &comparison.unsettled {
                        let question = open_question(sides, [old, new], *pair);
                        warn(line(*pair), &format!("not settled: {question}"));
                    }
                }
            }
        }
        out
    }
}

/// A note, if the two policies have different time zones.
fn timezone_note(name: &str, [old, new]: [&Policy; 2]) -> String {
    if old.timezone == new.timezone {
        return String::new();
    }
    let [old, new] = [old, new].map(|policy| policy.timezone.iana_name().unwrap_or("another time zone"));
    format!("note: the time zone of {name} was {old} and is now {new}; the times below are in {new}\n\n")
}

/// `returning customers whose owner is not online: was Support, now Sales`
fn headline(side: &Side, policies: [&Policy; 2], difference: &Difference) -> String {
    let (inbox, [old, new]) = (&side.folder.inbox, policies);
    let change = change(inbox, (old, &difference.old), (new, &difference.new));
    format!("{}: {change}", difference.customers(inbox))
}

fn example_lines(side: &Side, difference: &Difference) -> Vec<String> {
    given_lines(&side.folder.inbox, &difference.example.given)
}

/// Both rules, their effects, and the example.
fn details(sides: [&Side; 2], policies: [&Policy; 2], difference: &Difference) -> String {
    let mut out = String::new();
    let [_, new_side] = sides;
    let outcomes =
        [("was", difference.pair.old, &difference.old), ("now", difference.pair.new, &difference.new)];
    for ((word, rule, decision), (side, policy)) in outcomes.into_iter().zip(sides.into_iter().zip(policies))
    {
        let by = describe_rule(side, policy, rule, difference.pair.also);
        let _ = writeln!(out, "  {word}  {by}");
        for effect in effects(&side.folder.inbox, policy, decision) {
            let _ = writeln!(out, "       {effect}");
        }
    }
    for line in example_lines(new_side, difference) {
        let _ = writeln!(out, "  {line}");
    }
    if difference.seed > 0 {
        let _ = writeln!(out, "  with `--seed {}`", difference.seed);
    }
    out.push('\n');
    out
}

/// `` `welcome` (rules/+15550100.rules:14) ``
fn describe_rule(side: &Side, policy: &Policy, rule: Option<usize>, also: bool) -> String {
    let Some(rule) = rule.and_then(|index| policy.rules.get(index)) else {
        return if also { "no `also` rule" } else { "no rule" }.to_owned();
    };
    let place = format!("{}:{}", path(side, &policy.file), rule.line);
    match &rule.name {
        Some(name) => format!("`{name}` ({place})"),
        None if rule.when.is_none() => format!("`otherwise` ({place})"),
        None => format!("the rule at {place}"),
    }
}

/// The path of a file, as its findings show it.
fn path(side: &Side, name: &str) -> String {
    side.folder.files.get(name).map_or_else(|| name.to_owned(), |file| file.source.name.to_string())
}

fn reference(policy: &Policy, rule: Option<usize>) -> Value {
    let rule = rule.and_then(|index| policy.rules.get(index)).map(|rule| RuleRef::of(policy, rule));
    json!(rule)
}

fn open_question(sides: [&Side; 2], policies: [&Policy; 2], pair: RulePair) -> String {
    let ([old_side, new_side], [old, new]) = (sides, policies);
    let old = describe_rule(old_side, old, pair.old, pair.also);
    let new = describe_rule(new_side, new, pair.new, pair.also);
    match pair {
        RulePair { old: None, new: None, .. } => {
            "whether all other messages are decided the same way".to_owned()
        }
        RulePair { also: true, .. } => format!("whether {old} and {new} always add the same"),
        RulePair { new: None, .. } => {
            format!("whether all messages that {old} decided are still decided the same way")
        }
        _ => format!("whether {old} and {new} decide the same messages the same way"),
    }
}
