//! The output of `rules diff`: for people, as JSON, and as annotations on GitHub.

use std::fmt::Write;

use serde_json::{Value, json};

use super::change_text::{change, effects};
use super::diff_report::{Counts, DiffReport, PolicyChange, is_difference, path, reference};
use super::output;
use crate::diagnostic::github;
use crate::policy::Policy;
use crate::prove::{Cause, DecisionDiff, Difference};

/// The examples of one cause that are shown without `--all`.
const SHOWN: usize = 3;

/// For people. At most three examples of each cause are shown, unless `all` are.
pub(super) fn human(report: &DiffReport, all: bool) -> String {
    let mut out = String::new();
    for change in &report.inbox_changes {
        let _ = writeln!(out, "inbox.toml: {}", report.inbox_words(change));
    }
    if !report.inbox_changes.is_empty() {
        out.push('\n');
    }
    for policy in &report.policies {
        let name = &policy.name;
        match &policy.change {
            PolicyChange::Added => _ = writeln!(out, "{name}: the policy was added\n"),
            PolicyChange::Removed => _ = writeln!(out, "{name}: the policy was removed\n"),
            PolicyChange::Both { old, new, comparison } => {
                let policies: [&Policy; 2] = [old, new];
                out += &timezone_note(report, name, policies);
                for group in groups(comparison) {
                    let shown = if all { group.len() } else { group.len().min(SHOWN) };
                    for difference in group.iter().take(shown) {
                        let _ = writeln!(out, "{name}: {}", headline(report, policies, difference));
                        out += &details(report, policies, difference);
                    }
                    out += &rest(report, policies, comparison, group, shown);
                }
                if comparison.has_more {
                    let _ = writeln!(out, "{name}: there are more differences than were looked for\n");
                }
                for pair in &comparison.unsettled {
                    let _ = writeln!(out, "{name}: not settled: {}\n", report.open_question(policies, *pair));
                }
            }
        }
    }
    out += &summary(report);
    output::printable_lines(&out)
}

/// The differences, those of one cause together.
fn groups(comparison: &DecisionDiff) -> impl Iterator<Item = &[Difference]> {
    comparison.differences.chunk_by(|one, other| one.cause == other.cause)
}

/// How many more differences there are of one cause.
fn rest(
    report: &DiffReport,
    policies: [&Policy; 2],
    comparison: &DecisionDiff,
    group: &[Difference],
    shown: usize,
) -> String {
    let Some(cause) = group.first().map(|difference| &difference.cause) else { return String::new() };
    let omitted: usize =
        comparison.omitted.iter().filter(|(other, _)| other == cause).map(|(_, count)| *count).sum();
    let more = group.len() - shown + omitted;
    if more == 0 {
        return String::new();
    }
    let hint = if group.len() > shown { format!("; `--all` shows {}", group.len()) } else { String::new() };
    let are = if more == 1 { "is 1" } else { &format!("are {more}") };
    format!("  There {are} more {}{hint}.\n\n", report.because(policies, cause))
}

/// `3 differences in 1 policy`
fn summary(report: &DiffReport) -> String {
    let Counts { inbox, differences, policies, has_more, unsettled } = report.counts();
    let plural =
        |count: usize, one: &str, more: &str| format!("{count} {}", if count == 1 { one } else { more });
    let mut found = Vec::new();
    if inbox > 0 {
        found.push(format!("{} of inbox.toml", plural(inbox, "difference", "differences")));
    }
    if differences > 0 {
        let at_least = if has_more { "at least " } else { "" };
        let differences = plural(differences, "difference", "differences");
        found.push(format!("{at_least}{differences} in {}", plural(policies, "policy", "policies")));
    }
    let mut summary = match (&*found, unsettled) {
        ([], 0) if !has_more => "both decide every message the same way".to_owned(),
        ([], _) => "no difference found".to_owned(),
        (found, _) => found.join(" and "),
    };
    if unsettled > 0 {
        summary += &format!(", and {} not settled", plural(unsettled, "question is", "questions are"));
    }
    summary + "\n"
}

/// A note, if the two policies have different time zones.
fn timezone_note(report: &DiffReport, name: &str, [old, new]: [&Policy; 2]) -> String {
    let [old_side, new_side] = report.sides;
    let is_inboxes =
        old.timezone == old_side.folder.inbox.timezone && new.timezone == new_side.folder.inbox.timezone;
    if old.timezone == new.timezone {
        return String::new();
    }
    let [old, new] = [old, new].map(|policy| policy.timezone.iana_name().unwrap_or("another time zone"));
    if is_inboxes {
        return format!("note: the times of {name} below are in {new}\n\n");
    }
    format!("note: the time zone of {name} was {old} and is now {new}; the times below are in {new}\n\n")
}

/// `returning customers whose owner is not online: was Support, now Sales`
fn headline(report: &DiffReport, [old, new]: [&Policy; 2], difference: &Difference) -> String {
    let inbox = &report.inboxes.union;
    let change = change(inbox, (old, &difference.old), (new, &difference.new));
    format!("{}: {change}", difference.customers)
}

/// Why, if that is not clear from the rules that decide.
fn because(report: &DiffReport, policies: [&Policy; 2], difference: &Difference) -> Option<String> {
    let is_clear = difference.cause == Cause::Rule(difference.pair);
    (!is_clear).then(|| report.because(policies, &difference.cause))
}

/// The cause, both rules with their effects, and the example.
fn details(report: &DiffReport, policies: [&Policy; 2], difference: &Difference) -> String {
    let mut out = String::new();
    if let Some(because) = because(report, policies, difference) {
        let _ = writeln!(out, "  {because}");
    }
    let decisions = [&difference.old, &difference.new];
    for (side, (word, (policy, decision))) in
        ["was", "now"].into_iter().zip(policies.into_iter().zip(decisions)).enumerate()
    {
        let _ = writeln!(out, "  {word}  {}", report.rule_words(side, policies, difference.pair));
        for effect in effects(&report.inboxes.union, policy, decision) {
            let _ = writeln!(out, "       {effect}");
        }
    }
    for line in report.example_lines(difference) {
        let _ = writeln!(out, "  {line}");
    }
    if difference.seed > 0 {
        let _ = writeln!(out, "  with `--seed {}`", difference.seed);
    }
    out.push('\n');
    out
}

pub(super) fn json(report: &DiffReport) -> Value {
    let (mut differences, mut unsettled, mut omitted) = (Vec::new(), Vec::new(), Vec::new());
    for policy in &report.policies {
        let name = &*policy.name;
        match &policy.change {
            PolicyChange::Added => {
                differences.push(json!({"policy": name, "words": "the policy was added"}));
            }
            PolicyChange::Removed => {
                differences.push(json!({"policy": name, "words": "the policy was removed"}));
            }
            PolicyChange::Both { old, new, comparison } => {
                let policies: [&Policy; 2] = [old, new];
                let difference = |one| json_difference(report, name, policies, one);
                differences.extend(comparison.differences.iter().map(difference));
                unsettled.extend(comparison.unsettled.iter().map(|pair| {
                    json!({
                        "policy": name,
                        "old": reference(old, pair.old),
                        "new": reference(new, pair.new),
                        "words": report.open_question(policies, *pair),
                    })
                }));
                omitted.extend(comparison.omitted.iter().map(|(cause, count)| {
                    json!({"policy": name, "cause": report.cause_words(policies, cause), "count": count})
                }));
            }
        }
    }
    let counts = report.counts();
    let inbox = report
        .inbox_changes
        .iter()
        .map(|change| json!({"words": report.inbox_words(change), "is_difference": is_difference(change)}));
    json!({
        "differences": differences,
        "omitted": omitted,
        "count": counts.differences,
        "has_more": counts.has_more,
        "policies": report.policies.len(),
        "unsettled": unsettled,
        "inbox": inbox.collect::<Vec<_>>(),
        "inbox_differs": !report.inbox_changes.is_empty(),
    })
}

fn json_difference(
    report: &DiffReport,
    name: &str,
    policies: [&Policy; 2],
    difference: &Difference,
) -> Value {
    let ([old, new], pair) = (policies, difference.pair);
    json!({
        "policy": name,
        "old": {"rule": reference(old, pair.old), "decision": difference.old},
        "new": {"rule": reference(new, pair.new), "decision": difference.new},
        "words": headline(report, policies, difference),
        "cause": report.cause_words(policies, &difference.cause),
        "given": report.example_lines(difference),
        "situation": difference.example.situation,
        "seed": difference.seed,
    })
}

pub(super) fn github(report: &DiffReport) -> String {
    let [_, new_side] = report.sides;
    let mut out = String::new();
    for change in report.inbox_changes.iter().filter(|change| is_difference(change)) {
        out += &github::warning("inbox.toml", 1, "diff", &report.inbox_words(change));
    }
    for policy in &report.policies {
        let file = path(new_side, &policy.name);
        let mut warn = |line: u32, message: &str| out += &github::warning(&file, line, "diff", message);
        let PolicyChange::Both { old, new, comparison } = &policy.change else {
            let is_added = matches!(policy.change, PolicyChange::Added);
            warn(1, if is_added { "the policy was added" } else { "the policy was removed" });
            continue;
        };
        let policies: [&Policy; 2] = [old, new];
        let line =
            |index: Option<usize>| index.and_then(|index| new.rules.get(index)).map_or(1, |rule| rule.line);
        for group in groups(comparison) {
            let shown = group.len().min(SHOWN);
            for difference in group.iter().take(shown) {
                let because = because(report, policies, difference).map(|why| format!("\n{why}"));
                let given = report.example_lines(difference).join("\n");
                let words = headline(report, policies, difference);
                let message = format!("{words}{}\n{given}", because.unwrap_or_default());
                warn(line(difference.pair.new), &message);
            }
            let rest = rest(report, policies, comparison, group, shown);
            if let (false, Some(first)) = (rest.is_empty(), group.first()) {
                warn(line(first.pair.new), rest.trim());
            }
        }
        for pair in &comparison.unsettled {
            warn(line(pair.new), &format!("not settled: {}", report.open_question(policies, *pair)));
        }
    }
    out
}
