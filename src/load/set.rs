//! The rules of every number of an inbox, ready to decide.

use std::path::Path;
use std::sync::Arc;

use imbl::OrdMap;
use rand::Rng;

use super::error::LoadError;
use super::read::read;
use crate::check::{Checked, is_fault};
use crate::engine::program::Program;
use crate::engine::{self, Decision, Ready};
use crate::inbox::{Inbox, is_e164};
use crate::policy::{Files, Folder, Policy, number_of};
use crate::situation::{Situation, SituationError};

/// The rules of every number of an inbox. Nothing in it is wrong at fault level. The default has no rules.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    inbox: Arc<Inbox>,
    /// By number, or by file where that is not named by a number.
    policies: OrdMap<Arc<str>, Arc<Ready>>,
    /// Of every number that has none of its own.
    default: Option<Arc<Ready>>,
    /// Reasons quote their texts.
    files: Files,
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
        Self::from_checked(&Checked::faults_of(folder.clone()))
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
        // A file that was named as a policy comes before `default.rules`.
        let mut named = folder.named.iter().filter(|name| number_of(name).is_none());
        let default = named.find_map(|name| checked.policies().get(name));
        Ok(Self {
            inbox: Arc::clone(&folder.settings),
            default: default.or_else(|| checked.policies().get("default.rules")).map(Arc::clone),
            policies: checked.policies().clone(),
            files: folder.files.clone(),
        })
    }

    /// Decides who answers a message. Reads no clock: the moment is part of the situation.
    ///
    /// # Errors
    ///
    /// [`SituationError`], where the situation contradicts itself or the inbox, or its number has no policy.
    pub fn decide(&self, situation: &Situation, dice: &mut dyn Rng) -> Result<Decision, SituationError> {
        engine::decide_ready(self.policy_of(situation)?, &self.inbox, situation, dice)
    }

    /// Decides, and says why.
    ///
    /// # Errors
    ///
    /// As [`decide`](Self::decide).
    pub fn explain(&self, situation: &Situation, dice: &mut dyn Rng) -> Result<Decision, SituationError> {
        let quote = |file: &str, span| {
            self.files.get(file).map(|file| file.source.slice(span).to_owned()).unwrap_or_default()
        };
        engine::explain(self.policy_of(situation)?, &self.inbox, situation, dice, &quote)
    }

    /// The policy of a number: its own, or the default.
    pub fn policy(&self, number: &str) -> Option<&Policy> {
        self.ready(number).map(|ready| &**ready)
    }

    /// The program of that policy, for a host that asks it directly. It is made when it is first asked for.
    pub fn program(&self, number: &str) -> Option<&Program> {
        self.ready(number).map(Ready::program)
    }

    /// Every policy, the default last.
    pub fn policies(&self) -> impl Iterator<Item = &Policy> {
        let own = self.policies.iter().filter(|(number, _)| is_e164(number)).map(|(_, policy)| policy);
        own.chain(&self.default).map(|policy| &***policy)
    }

    /// The inbox the rules are for.
    pub fn inbox(&self) -> &Inbox {
        &self.inbox
    }

    fn ready(&self, number: &str) -> Option<&Ready> {
        self.policies.get(number).or(self.default.as_ref()).map(|ready| &**ready)
    }

    fn policy_of(&self, situation: &Situation) -> Result<&Ready, SituationError> {
        let Some(number) = situation.number.as_deref() else {
            return Err(SituationError::at("number", "`number` is missing: which number was written to?"));
        };
        self.ready(number).ok_or_else(|| {
            let message =
                format!("`{number}` has no policy: there is neither `{number}.rules` nor `default.rules`");
            SituationError::at("number", message)
        })
    }
}
