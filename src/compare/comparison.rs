//! What two versions of the rules decide differently, and its JSON.

use std::sync::Arc;

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use crate::engine::{Decision, RuleRef};
use crate::situation::Situation;

/// What two versions of the rules decide differently. Its JSON is that of `rules diff --format json`.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct RuleComparison {
    /// What the two versions of `inbox.toml` say differently.
    pub inbox: Vec<InboxDifference>,
    /// Each policy of either version, by name.
    pub policies: Vec<PolicyComparison>,
    /// The policies that were not compared, because enough was found in those before them.
    pub not_compared: Vec<Arc<str>>,
}

/// What two versions of `inbox.toml` say differently.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct InboxDifference {
    /// As `` the capacity of `bob` was 5, now 2 ``.
    pub words: String,
    /// Whether it is a difference whatever the rules say: situations that mention what only one version has are refused by
    /// the other.
    pub is_difference: bool,
}

/// One policy, old and new.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PolicyComparison {
    /// Its file, by its name inside the folder.
    pub policy: Arc<str>,
    /// The path of the new file, as its findings show it.
    pub path: String,
    /// What has become of it.
    pub change: PolicyChange,
}

/// What has become of a policy.
#[derive(Debug, Clone)]
pub enum PolicyChange {
    /// Only the new version has it.
    Added,
    /// Only the old version has it.
    Removed,
    /// Both have it.
    Both(PolicyDifferences),
}

/// What two versions of a policy decide differently.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct PolicyDifferences {
    /// Its time zones, if they differ.
    pub timezone: Option<TimezoneChange>,
    /// What was found, those of one cause together.
    pub groups: Vec<CauseGroup>,
    /// Whether there are more than were looked for.
    pub has_more: bool,
    /// What could be neither proved nor ruled out.
    pub unsettled: Vec<OpenQuestion>,
}

/// Two time zones of a policy.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TimezoneChange {
    /// The name of the old one.
    pub old: String,
    /// The name of the new one, in which all times of the differences are.
    pub new: String,
    /// Whether both come from `inbox.toml`, whose change is told there.
    pub is_of_inbox: bool,
}

/// Differences with the same cause.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CauseGroup {
    /// As `` because `welcome` (rules/+15550100.rules:14) was changed ``.
    pub because: String,
    /// Some of them, each with an example.
    pub differences: Vec<DecisionDifference>,
    /// How many pairs of rules differ from the same cause, and were not examined.
    pub omitted: usize,
    /// The cause alone.
    pub cause: String,
}

/// Messages that the two versions decide differently.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct DecisionDifference {
    /// The file of the policy, by its name inside the folder.
    pub policy: Arc<str>,
    /// As `returning customers whose owner is not online: was Support, now Sales`.
    pub words: String,
    /// Why they are decided differently.
    pub cause: String,
    /// The same as a clause, if it is not clear from the rules that decide.
    #[serde(skip)]
    pub because: Option<String>,
    /// The old decision about the example.
    pub old: DecidedSide,
    /// The new decision about it.
    pub new: DecidedSide,
    /// The example as the `given` lines of a test.
    pub given: Vec<String>,
    /// The example as `rules route` reads it.
    pub situation: Situation,
    /// The seed of the dice with which it was decided.
    pub seed: u64,
}

/// How one version decides an example.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct DecidedSide {
    /// The rule that decides it, or the `also` rule that acts; `None`: no rule does.
    pub rule: Option<RuleRef>,
    /// As `` `welcome` (rules/+15550100.rules:14) ``.
    #[serde(skip)]
    pub rule_words: String,
    /// What the decision does, one sentence for each effect.
    #[serde(skip)]
    pub effects: Vec<String>,
    /// The decision.
    pub decision: Decision,
}

/// Whether two rules decide alike is not known.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct OpenQuestion {
    /// The file of the policy, by its name inside the folder.
    pub policy: Arc<str>,
    /// The old rule.
    pub old: Option<RuleRef>,
    /// The new rule.
    pub new: Option<RuleRef>,
    /// As `whether all other messages are decided the same way`.
    pub words: String,
}

/// How much was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DifferenceCounts {
    /// Changes of `inbox.toml` that are differences by themselves.
    pub inbox: usize,
    /// Differences of policies, with those that were not examined.
    pub differences: usize,
    /// The policies with differences.
    pub policies: usize,
    /// There may be more than were looked for.
    pub has_more: bool,
    /// Questions that the comparison could not settle.
    pub unsettled: usize,
}

impl RuleComparison {
    /// Whether it is certain that both versions decide every message the same way.
    pub fn is_alike(&self) -> bool {
        self.counts() == DifferenceCounts::default()
    }

    /// How much was found.
    pub fn counts(&self) -> DifferenceCounts {
        let mut counts = DifferenceCounts {
            inbox: self.inbox.iter().filter(|change| change.is_difference).count(),
            has_more: !self.not_compared.is_empty(),
            ..DifferenceCounts::default()
        };
        for policy in &self.policies {
            let found = policy.count();
            counts.differences += found;
            counts.policies += usize::from(found > 0);
            if let PolicyChange::Both(differences) = &policy.change {
                counts.has_more |= differences.has_more;
                counts.unsettled += differences.unsettled.len();
            }
        }
        counts
    }
}

impl PolicyComparison {
    /// How many differences there are, with those that were not examined.
    pub(super) fn count(&self) -> usize {
        match &self.change {
            PolicyChange::Added | PolicyChange::Removed => 1,
            PolicyChange::Both(differences) => {
                differences.groups.iter().map(|group| group.differences.len() + group.omitted).sum()
            }
        }
    }
}

impl PolicyChange {
    /// As `the policy was added`. `None`: both versions have it.
    pub fn words(&self) -> Option<&'static str> {
        match self {
            Self::Added => Some("the policy was added"),
            Self::Removed => Some("the policy was removed"),
            Self::Both(_) => None,
        }
    }
}

/// A difference in the list of all.
#[derive(Serialize)]
#[serde(untagged)]
enum ListedDifference<'c> {
    OfPolicy { policy: &'c str, words: &'static str },
    OfDecision(&'c DecisionDifference),
}

/// Differences that were not examined.
#[derive(Serialize)]
struct OmittedDifferences<'c> {
    policy: &'c str,
    cause: &'c str,
    count: usize,
}

impl Serialize for RuleComparison {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (mut differences, mut omitted, mut unsettled) = (Vec::new(), Vec::new(), Vec::new());
        for PolicyComparison { policy, change, .. } in &self.policies {
            differences.extend(change.words().map(|words| ListedDifference::OfPolicy { policy, words }));
            let PolicyChange::Both(found) = change else { continue };
            let examined = found.groups.iter().flat_map(|group| &group.differences);
            differences.extend(examined.map(ListedDifference::OfDecision));
            let more = found.groups.iter().filter(|group| group.omitted > 0);
            let more = more.map(|group| (&*group.cause, group.omitted));
            omitted.extend(more.map(|(cause, count)| OmittedDifferences { policy, cause, count }));
            unsettled.extend(&found.unsettled);
        }
        let counts = self.counts();
        let mut fields = serializer.serialize_struct("RuleComparison", 9)?;
        fields.serialize_field("differences", &differences)?;
        fields.serialize_field("omitted", &omitted)?;
        fields.serialize_field("count", &counts.differences)?;
        fields.serialize_field("has_more", &counts.has_more)?;
        fields.serialize_field("policies", &self.policies.len())?;
        fields.serialize_field("not_compared", &self.not_compared)?;
        fields.serialize_field("unsettled", &unsettled)?;
        fields.serialize_field("inbox", &self.inbox)?;
        fields.serialize_field("inbox_differs", &!self.inbox.is_empty())?;
        fields.end()
    }
}
