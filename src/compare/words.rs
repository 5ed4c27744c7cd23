//! Differences in words: which messages, why, and which rules decide them.

use std::sync::Arc;

use super::change_text::{change, effects};
use super::comparison::{
    CauseGroup, DecidedSide, DecisionDifference, InboxDifference, OpenQuestion, PolicyDifferences,
    TimezoneChange,
};
use crate::describe::{given_lines, inbox_change, list};
use crate::engine::{Decision, RuleRef};
use crate::inbox::{AlignedInboxes, InboxChange};
use crate::language::ast::RuleKind;
use crate::policy::{Folder, Policy};
use crate::prove::{Cause, DecisionDiff, Difference, RulePair};

/// Two versions of the rules, in which a name has the same id.
pub(super) struct AlignedVersions<'v> {
    pub(super) folders: [&'v Folder; 2],
    pub(super) inboxes: AlignedInboxes,
}

/// Two versions of one policy.
type PolicyVersions<'p> = [&'p Policy; 2];

/// What the two versions of `inbox.toml` say differently.
pub(super) fn inbox_differences(
    versions: &AlignedVersions<'_>,
    changes: &[InboxChange],
) -> Vec<InboxDifference> {
    let difference = |change| InboxDifference {
        words: versions.inbox_words(change),
        is_difference: is_difference(change),
    };
    changes.iter().map(difference).collect()
}

/// What was found about one policy.
pub(super) fn policy_differences(
    versions: &AlignedVersions<'_>,
    name: &Arc<str>,
    policies: PolicyVersions<'_>,
    found: DecisionDiff,
) -> PolicyDifferences {
    let [old, new] = policies;
    let question = |pair: &RulePair| OpenQuestion {
        policy: Arc::clone(name),
        old: reference(old, pair.old),
        new: reference(new, pair.new),
        words: versions.open_question(policies, *pair),
    };
    PolicyDifferences {
        timezone: versions.timezone_change(policies),
        unsettled: found.unsettled.iter().map(question).collect(),
        has_more: found.has_more,
        groups: versions.groups(name, policies, found),
    }
}

impl AlignedVersions<'_> {
    /// The differences, those of one cause together.
    fn groups(&self, name: &Arc<str>, policies: PolicyVersions<'_>, found: DecisionDiff) -> Vec<CauseGroup> {
        let mut groups: Vec<(Cause, CauseGroup)> = Vec::new();
        for difference in found.differences {
            let cause = difference.cause.clone();
            let difference = self.difference(name, policies, difference);
            match groups.last_mut() {
                Some((last, group)) if *last == cause => group.differences.push(difference),
                _ => {
                    let mut group = self.group(policies, &cause);
                    group.differences.push(difference);
                    groups.push((cause, group));
                }
            }
        }
        for (cause, count) in found.omitted {
            match groups.iter_mut().find(|(known, _)| *known == cause) {
                Some((_, group)) => group.omitted += count,
                None => {
                    let group = CauseGroup { omitted: count, ..self.group(policies, &cause) };
                    groups.push((cause, group));
                }
            }
        }
        groups.into_iter().map(|(_, group)| group).collect()
    }

    fn group(&self, policies: PolicyVersions<'_>, cause: &Cause) -> CauseGroup {
        let (because, cause) = (self.because(policies, cause), self.cause_words(policies, cause));
        CauseGroup { because, cause, differences: Vec::new(), omitted: 0 }
    }

    fn difference(
        &self,
        name: &Arc<str>,
        policies: PolicyVersions<'_>,
        found: Difference,
    ) -> DecisionDifference {
        let [old, new] = policies;
        let union = &self.inboxes.union;
        let Difference { pair, cause, example, seed, old: before, new: after, customers, .. } = found;
        let change = change(union, (old, &before), (new, &after));
        let is_clear = cause == Cause::Rule(pair);
        let side = |side: usize, decision: Decision| {
            let (policy, index) = if side == 0 { (old, pair.old) } else { (new, pair.new) };
            DecidedSide {
                rule: reference(policy, index),
                rule_words: self.rule_words(side, policies, pair),
                effects: effects(union, policy, &decision),
                decision,
            }
        };
        DecisionDifference {
            policy: Arc::clone(name),
            words: format!("{customers}: {change}"),
            cause: self.cause_words(policies, &cause),
            because: (!is_clear).then(|| self.because(policies, &cause)),
            old: side(0, before),
            new: side(1, after),
            given: given_lines(union, &example.given),
            situation: example.situation,
            seed,
        }
    }

    fn timezone_change(&self, [old, new]: PolicyVersions<'_>) -> Option<TimezoneChange> {
        if old.timezone == new.timezone {
            return None;
        }
        let [old_inbox, new_inbox] = self.folders.map(|folder| &folder.inbox);
        let name = |policy: &Policy| policy.timezone.iana_name().unwrap_or("another time zone").to_owned();
        let is_of_inbox = old.timezone == old_inbox.timezone && new.timezone == new_inbox.timezone;
        Some(TimezoneChange { old: name(old), new: name(new), is_of_inbox })
    }

    /// A change of `inbox.toml` in words.
    fn inbox_words(&self, change: &InboxChange) -> String {
        let words = inbox_change(&self.inboxes, change);
        let [old, new] = &self.inboxes.sides;
        let exists = match change {
            InboxChange::User(id) => [old, new].map(|side| !side.user(*id).id.is_empty()),
            InboxChange::Group(id) => [old, new].map(|side| !side.group(*id).name.is_empty()),
            InboxChange::Attribute(id) => [old, new].map(|side| !side.attribute(*id).name.is_empty()),
            InboxChange::MessageAttribute(id) => {
                [old, new].map(|side| !side.message_attribute(*id).name.is_empty())
            }
            _ => return words,
        };
        match exists {
            [true, true] => format!("{words}; each side refuses values of the other"),
            [true, false] => format!("{words}; the new rules refuse situations that mention it"),
            [false, _] => format!("{words}; the old rules refuse situations that mention it"),
        }
    }

    /// `` because `welcome` (rules/+15550100.rules:14) was changed ``
    fn because(&self, policies: PolicyVersions<'_>, cause: &Cause) -> String {
        let of = if matches!(cause, Cause::Inbox(_)) { "of " } else { "" };
        format!("because {of}{}", self.cause_words(policies, cause))
    }

    /// Why messages are decided differently.
    fn cause_words(&self, policies: PolicyVersions<'_>, cause: &Cause) -> String {
        match cause {
            Cause::Rule(pair) => {
                let [old, new] = [0, 1].map(|side| self.rule_words(side, policies, *pair));
                match pair {
                    RulePair { old: None, .. } => format!("{new} was added"),
                    RulePair { new: None, .. } => format!("{old} was removed"),
                    _ => format!("{new} was changed"),
                }
            }
            Cause::Order => "rules stand in another order".to_owned(),
            Cause::Inbox(changes) => {
                let changes = changes.iter().map(|change| inbox_change(&self.inboxes, change));
                format!("inbox.toml: {}", list(&changes.collect::<Vec<_>>()))
            }
            Cause::Definitions(names) => {
                let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                let (definitions, were) =
                    if names.len() == 1 { ("definition", "was") } else { ("definitions", "were") };
                format!("the {definitions} {} {were} changed", list(&names))
            }
            Cause::Calendars => {
                let [old, new] = policies.map(|policy| policy.timezone.iana_name().unwrap_or("another one"));
                if old == new {
                    "hours or dates were changed".to_owned()
                } else {
                    format!("the time zone was {old}, now {new}")
                }
            }
        }
    }

    /// `` `welcome` (rules/+15550100.rules:14) ``
    fn rule_words(&self, side: usize, policies: PolicyVersions<'_>, pair: RulePair) -> String {
        let ([old_folder, new_folder], [old, new]) = (self.folders, policies);
        let sides = [(old_folder, old, pair.old), (new_folder, new, pair.new)];
        let rules = sides.map(|(_, policy, index)| index.and_then(|index| policy.rules.get(index)));
        let Some((Some(rule), (folder, policy, _))) = rules.into_iter().zip(sides).nth(side) else {
            let is_move = rules.into_iter().flatten().any(|rule| rule.kind == RuleKind::Move);
            return match (pair.also, is_move) {
                (true, _) => "no `also` rule",
                (false, true) => "no `move` rule",
                (false, false) => "no rule",
            }
            .to_owned();
        };
        let place = format!("{}:{}", path(folder, &policy.file), rule.line);
        match &rule.name {
            Some(name) => format!("`{name}` ({place})"),
            None if rule.when.is_none() => format!("`otherwise` ({place})"),
            None => format!("the rule at {place}"),
        }
    }

    fn open_question(&self, policies: PolicyVersions<'_>, pair: RulePair) -> String {
        let [old, new] = [0, 1].map(|side| self.rule_words(side, policies, pair));
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
}

/// Whether a change of `inbox.toml` is a difference whatever the rules say: situations that mention what only one side
/// has are refused by the other.
fn is_difference(change: &InboxChange) -> bool {
    matches!(
        change,
        InboxChange::User(_)
            | InboxChange::Group(_)
            | InboxChange::Attribute(_)
            | InboxChange::MessageAttribute(_)
            | InboxChange::NumberRules(_)
    )
}

/// The path of a file, as its findings show it.
pub(super) fn path(folder: &Folder, name: &str) -> String {
    folder.files.get(name).map_or_else(|| name.to_owned(), |file| file.source.name.to_string())
}

/// The rule at `index`, as decisions name it.
fn reference(policy: &Policy, index: Option<usize>) -> Option<RuleRef> {
    index.and_then(|index| policy.rules.get(index)).map(|rule| RuleRef::of(policy, rule))
}
