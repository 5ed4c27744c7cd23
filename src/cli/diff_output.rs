//! The output of `rules diff`: for people, and as annotations on GitHub.

use std::fmt::Write;

use super::output;
use crate::compare::{
    CauseGroup, DecidedSide, DecisionDifference, DifferenceCounts, PolicyChange, PolicyDifferences,
    RuleComparison, TimezoneChange,
};
use crate::diagnostic::github;
use crate::policy::RuleRef;

/// The examples of one cause that are shown without `--all`.
const SHOWN: usize = 3;

/// For people. At most three examples of each cause are shown, unless `all` are.
pub(super) fn human(comparison: &RuleComparison, all: bool) -> String {
    let mut out = String::new();
    for change in &comparison.inbox {
        let _ = writeln!(out, "inbox.toml: {}", change.words);
    }
    if !comparison.inbox.is_empty() {
        out.push('\n');
    }
    for compared in &comparison.policies {
        let name = &compared.policy;
        if let Some(words) = compared.change.words() {
            let _ = writeln!(out, "{name}: {words}\n");
        }
        let PolicyChange::Both(PolicyDifferences { timezone, groups, has_more, unsettled, .. }) =
            &compared.change
        else {
            continue;
        };
        out += &timezone.as_ref().map(|change| timezone_note(name, change)).unwrap_or_default();
        for group in groups {
            let shown = if all { group.differences.len() } else { group.differences.len().min(SHOWN) };
            for difference in group.differences.iter().take(shown) {
                let _ = writeln!(out, "{name}: {}", difference.words);
                out += &details(difference);
            }
            out += &rest(group, shown);
        }
        if *has_more {
            let _ = writeln!(out, "{name}: there are more differences than were looked for\n");
        }
        for question in unsettled {
            let _ = writeln!(out, "{name}: not settled: {}\n", question.words);
        }
    }
    out += &summary(comparison.counts());
    output::printable_lines(&out)
}

/// How many more differences there are of one cause.
fn rest(group: &CauseGroup, shown: usize) -> String {
    let examined = group.differences.len();
    let more = examined - shown + group.omitted;
    if more == 0 {
        return String::new();
    }
    let hint = if examined > shown { format!("; `--all` shows {examined}") } else { String::new() };
    let are = if more == 1 { "is 1" } else { &format!("are {more}") };
    format!("  There {are} more {}{hint}.\n\n", group.because)
}

/// `3 differences in 1 policy`
fn summary(counts: DifferenceCounts) -> String {
    let DifferenceCounts { inbox, differences, policies, has_more, unsettled, .. } = counts;
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

/// A note that the two policies have different time zones.
fn timezone_note(name: &str, TimezoneChange { old, new, is_of_inbox, .. }: &TimezoneChange) -> String {
    if *is_of_inbox {
        return format!("note: the times of {name} below are in {new}\n\n");
    }
    format!("note: the time zone of {name} was {old} and is now {new}; the times below are in {new}\n\n")
}

/// The cause, both rules with their effects, and the example.
fn details(difference: &DecisionDifference) -> String {
    let mut out = String::new();
    if let Some(because) = &difference.because {
        let _ = writeln!(out, "  {because}");
    }
    for (word, DecidedSide { rule_words, effects, .. }) in
        [("was", &difference.old), ("now", &difference.new)]
    {
        let _ = writeln!(out, "  {word}  {rule_words}");
        for effect in effects {
            let _ = writeln!(out, "       {effect}");
        }
    }
    for line in &difference.given {
        let _ = writeln!(out, "  {line}");
    }
    if difference.seed > 0 {
        let _ = writeln!(out, "  with `--seed {}`", difference.seed);
    }
    out.push('\n');
    out
}

/// As annotations on the lines of a GitHub pull request.
pub(super) fn github(comparison: &RuleComparison) -> String {
    let mut out = String::new();
    for change in comparison.inbox.iter().filter(|change| change.is_difference) {
        out += &github::warning("inbox.toml", 1, "diff", &change.words);
    }
    for compared in &comparison.policies {
        let mut warn =
            |line: u32, message: &str| out += &github::warning(&compared.path, line, "diff", message);
        if let Some(words) = compared.change.words() {
            warn(1, words);
        }
        let PolicyChange::Both(differences) = &compared.change else { continue };
        let line = |rule: &Option<RuleRef>| rule.as_ref().map_or(1, |rule| rule.line);
        for group in &differences.groups {
            let shown = group.differences.len().min(SHOWN);
            for difference in group.differences.iter().take(shown) {
                let because = difference.because.as_ref().map(|because| format!("\n{because}"));
                let (words, given) = (&difference.words, difference.given.join("\n"));
                warn(line(&difference.new.rule), &format!("{words}{}\n{given}", because.unwrap_or_default()));
            }
            let rest = rest(group, shown);
            if !rest.is_empty() {
                let first = group.differences.first();
                warn(first.map_or(1, |first| line(&first.new.rule)), rest.trim());
            }
        }
        for question in &differences.unsettled {
            warn(line(&question.new), &format!("not settled: {}", question.words));
        }
    }
    out
}
