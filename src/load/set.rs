//! The rules of every number of an inbox, ready to decide.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use rand::Rng;

use super::error::LoadError;
use super::read::read;
use crate::check::{Checked, is_fault};
use crate::diagnostic::Finding;
use crate::engine::{self, Decision};
use crate::inbox::Inbox;
use crate::policy::{Folder, Policy, number_of};
use crate::situation::{Situation, SituationError};
use crate::text::Source;

/// The rules of every number of an inbox. Nothing in it is wrong at fault level. The default has no rules.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    inbox: Arc<Inbox>,
    /// By number.
    policies: BTreeMap<Arc<str>, Arc<Policy>>,
    /// Of every number that has none of its own.
    default: Option<Arc<Policy>>,
    findings: Vec<Finding>,
    /// The texts of the rule files, by their names inside the folder: reasons quote them.
    texts: BTreeMap<Arc<str>, Source>,
}

impl RuleSet {
    /// Reads the rules and the `inbox.toml` of a folder.
    ///
    /// # Errors
    ///
    /// [`LoadError`], where the folder cannot be read, has no `inbox.toml`, or has rules without a meaning.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = folder.as_ref();
        let folder = read(path)?;
        if folder.inbox.is_none() && folder.findings.is_empty() {
            return Err(LoadError::NoInbox { path: path.to_owned() });
        }
        Self::from_folder(&folder)
    }

    /// Reads one policy for `inbox`. If `name` is a number's (`+15550100.rules`) it is that number's policy, and
    /// otherwise every number's.
    ///
    /// # Errors
    ///
    /// [`LoadError::Faults`], where the rules have no meaning.
    pub fn parse(name: &str, text: &str, inbox: &Inbox) -> Result<Self, LoadError> {
        Self::from_folder(&Folder::of_policy(name, text, inbox.clone()))
    }

    /// The rules of a folder that is in memory.
    ///
    /// # Errors
    ///
    /// [`LoadError::Faults`], where the rules have no meaning.
    pub fn from_folder(folder: &Folder) -> Result<Self, LoadError> {
        Self::from_checked(&Checked::of(folder.clone()))
    }

    /// The rules of a folder that is checked.
    ///
    /// # Errors
    ///
    /// [`LoadError::Faults`], where the rules have no meaning.
    pub fn from_checked(checked: &Checked) -> Result<Self, LoadError> {
        let (folder, findings) = (checked.folder(), checked.findings());
        if findings.iter().any(|finding| is_fault(finding.code)) {
            return Err(LoadError::Faults { findings, sources: folder.sources() });
        }
        let mut set = Self {
            inbox: Arc::clone(&folder.settings),
            policies: BTreeMap::new(),
            default: None,
            findings,
            texts: folder.files.iter().map(|(name, file)| (Arc::clone(name), file.source.clone())).collect(),
        };
        for (name, policy) in checked.policies() {
            match number_of(name) {
                Some(number) => _ = set.policies.insert(number.into(), Arc::clone(policy)),
                // A file that was named as a policy comes before `default.rules`.
                None if set.default.is_some() && &**name == "default.rules" => {}
                None => set.default = Some(Arc::clone(policy)),
            }
        }
        Ok(set)
    }

    /// Decides who answers a message. Reads no clock: the moment is part of the situation.
    ///
    /// # Errors
    ///
    /// [`SituationError`], where the situation contradicts itself or the inbox, or its number has no policy.
    pub fn decide(&self, situation: &Situation, dice: &mut dyn Rng) -> Result<Decision, SituationError> {
        engine::decide(self.policy_of(situation)?, &self.inbox, situation, dice)
    }

    /// Decides, and says why.
    ///
    /// # Errors
    ///
    /// As [`decide`](Self::decide).
    pub fn explain(&self, situation: &Situation, dice: &mut dyn Rng) -> Result<Decision, SituationError> {
        let quote = |file: &str, span| {
            self.texts.get(file).map(|source| source.slice(span).to_owned()).unwrap_or_default()
        };
        engine::explain(self.policy_of(situation)?, &self.inbox, situation, dice, &quote)
    }

    /// The policy of a number: its own, or the default.
    pub fn policy(&self, number: &str) -> Option<&Policy> {
        self.policies.get(number).or(self.default.as_ref()).map(|policy| &**policy)
    }

    /// Every policy, the default last.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.policies.values().chain(&self.default).map(|policy| &**policy)
    }

    /// The inbox the rules are for.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    /// What was found that leaves the rules a meaning.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    fn policy_of(&self, situation: &Situation) -> Result<&Policy, SituationError> {
        let Some(number) = situation.number.as_deref() else {
            return Err(SituationError::at("number", "`number` is missing: which number was written to?"));
        };
        self.policy(number).ok_or_else(|| {
            let message =
                format!("`{number}` has no policy: there is neither `{number}.rules` nor `default.rules`");
            SituationError::at("number", message)
        })
    }
}
