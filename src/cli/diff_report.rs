//! The result of `rules diff`: what was compared, and what was found.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::describe::{given_lines, inbox_change, list};
use crate::engine::RuleRef;
use crate::inbox::{AlignedInboxes, InboxChange};
use crate::language::ast::RuleKind;
use crate::policy::{Folder, Policy};
use crate::prove::{Cause, DecisionDiff, Difference, RulePair};

/// One side of a comparison.
pub(super) struct Side {
    pub(super) folder: Folder,
    pub(super) policies: BTreeMap<Arc<str>, Arc<Policy>>,
}

/// The result of a comparison.
pub(super) struct DiffReport<'a> {
    pub(super) sides: [&'a Side; 2],
    pub(super) policies: Vec<PolicyDiff>,
    pub(super) inboxes: &'a AlignedInboxes,
    /// What the two versions of `inbox.toml` say differently.
    pub(super) inbox_changes: Vec<InboxChange>,
}

/// One policy, old and new.
pub(super) struct PolicyDiff {
    pub(super) name: Arc<str>,
    pub(super) change: PolicyChange,
}

pub(super) enum PolicyChange {
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

/// How much was found.
#[derive(Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Changes of `inbox.toml` that are differences by themselves.
    pub(super) inbox: usize,
    /// Differences of policies that are shown or counted.
    pub(super) differences: usize,
    /// The policies with differences.
    pub(super) policies: usize,
    /// There are more than were looked for.
    pub(super) has_more: bool,
    /// Questions that the comparison could not settle.
    pub(super) unsettled: usize,
}

impl DiffReport<'_> {
    /// Whether it is certain that both sides decide every message the same way.
    pub(super) fn is_alike(&self) -> bool {
        self.counts() == Counts::default()
    }

    pub(super) fn counts(&self) -> Counts {
        let inbox = self.inbox_changes.iter().filter(|change| is_difference(change)).count();
        let mut counts = Counts { inbox, ..Counts::default() };
        for policy in &self.policies {
            let found = match &policy.change {
                PolicyChange::Added | PolicyChange::Removed => 1,
                PolicyChange::Both { comparison, .. } => {
                    counts.has_more |= comparison.has_more;
                    counts.unsettled += comparison.unsettled.len();
                    let omitted: usize = comparison.omitted.iter().map(|(_, count)| *count).sum();
                    comparison.differences.len() + omitted
                }
            };
            counts.differences += found;
            counts.policies += usize::from(found > 0);
        }
        counts
    }

    /// A change of `inbox.toml` in words.
    pub(super) fn inbox_words(&self, change: &InboxChange) -> String {
        let words = inbox_change(self.inboxes, change);
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
    pub(super) fn because(&self, policies: [&Policy; 2], cause: &Cause) -> String {
        let of = if matches!(cause, Cause::Inbox(_)) { "of " } else { "" };
        format!("because {of}{}", self.cause_words(policies, cause))
    }

    /// Why messages are decided differently.
    pub(super) fn cause_words(&self, policies: [&Policy; 2], cause: &Cause) -> String {
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
                let changes = changes.iter().map(|change| inbox_change(self.inboxes, change));
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
    pub(super) fn rule_words(&self, side: usize, policies: [&Policy; 2], pair: RulePair) -> String {
        let index = if side == 0 { pair.old } else { pair.new };
        let (side, policy) = (self.side(side), if side == 0 { policies[0] } else { policies[1] });
        let Some(rule) = index.and_then(|index| policy.rules.get(index)) else {
            let is_move = |(policy, index): (&Policy, Option<usize>)| {
                let rule = index.and_then(|index| policy.rules.get(index));
                rule.is_some_and(|rule| rule.kind == RuleKind::Move)
            };
            let [old, new] = policies;
            return match pair.also {
                true => "no `also` rule",
                false if is_move((old, pair.old)) || is_move((new, pair.new)) => "no `move` rule",
                false => "no rule",
            }
            .to_owned();
        };
        let place = format!("{}:{}", path(side, &policy.file), rule.line);
        match &rule.name {
            Some(name) => format!("`{name}` ({place})"),
            None if rule.when.is_none() => format!("`otherwise` ({place})"),
            None => format!("the rule at {place}"),
        }
    }

    fn side(&self, side: usize) -> &Side {
        let [old, new] = self.sides;
        if side == 0 { old } else { new }
    }

    pub(super) fn example_lines(&self, difference: &Difference) -> Vec<String> {
        given_lines(&self.inboxes.union, &difference.example.given)
    }

    pub(super) fn open_question(&self, policies: [&Policy; 2], pair: RulePair) -> String {
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
pub(super) fn is_difference(change: &InboxChange) -> bool {
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
pub(super) fn path(side: &Side, name: &str) -> String {
    side.folder.files.get(name).map_or_else(|| name.to_owned(), |file| file.source.name.to_string())
}

/// The rule at `index`, as decisions name it.
pub(super) fn reference(policy: &Policy, index: Option<usize>) -> Option<RuleRef> {
    index.and_then(|index| policy.rules.get(index)).map(|rule| RuleRef::of(policy, rule))
}
