//! The rules of every number of an inbox, ready to decide.

use std::path::Path;
use std::sync::Arc;

use rand::Rng;

use super::batches::load_in_batches;
use super::error::{LoadError, sources_of};
use super::read::read;
use super::resolved_folder::{Policies, ResolvedFolder};
use crate::engine::program::Program;
use crate::engine::{self, CompiledPolicy, Decision, RuleRef};
use crate::inbox::{Inbox, is_e164};
use crate::policy::{Folder, Policy, number_of};
use crate::roster::Roster;
use crate::situation::{Customer, Incoming, Situation, SituationError};

/// The rules of every number of an inbox. Nothing in it is wrong at fault level. The default has no rules.
#[derive(Debug, Clone, Default)]
pub struct RuleSet {
    inbox: Arc<Inbox>,
    /// By number, or by file where that is not named by a number.
    policies: Policies,
    /// Of every number that has none of its own.
    default: Option<Arc<CompiledPolicy>>,
}

/// The file of every number that has none of its own.
const DEFAULT: &str = "default.rules";

impl RuleSet {
    /// Reads the rules and the `inbox.toml` of a folder, and keeps what decides of them: no `test` blocks.
    ///
    /// # Errors
    ///
    /// [`LoadError`], where the folder cannot be read, has no `inbox.toml`, or has rules without a meaning.
    pub fn load(folder: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = folder.as_ref();
        if let Some((inbox, policies)) = load_in_batches(path)? {
            return Ok(Self { default: policies.get(DEFAULT).cloned(), inbox, policies });
        }
        let folder = read(path)?;
        if folder.inbox_source.is_none() && folder.findings.is_empty() {
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
        Self::from_folder(&Folder::from_policy(name, text, inbox.clone()))
    }

    /// The rules of a folder that is in memory.
    ///
    /// # Errors
    ///
    /// [`LoadError::Faults`], where the rules have no meaning.
    pub fn from_folder(folder: &Folder) -> Result<Self, LoadError> {
        Self::from_resolved(&ResolvedFolder::new(folder.clone()))
    }

    /// The rules of a folder whose files are resolved.
    ///
    /// # Errors
    ///
    /// [`LoadError::Faults`], where the rules have no meaning.
    pub fn from_resolved(resolved: &ResolvedFolder) -> Result<Self, LoadError> {
        let folder = resolved.folder();
        if resolved.has_faults() {
            let findings = resolved.faults();
            return Err(LoadError::Faults { sources: sources_of(&findings, folder), findings });
        }
        // A file that was named as a policy comes before `default.rules`.
        let mut named = folder.extra_policies.iter().filter(|name| number_of(name).is_none());
        let default = named.find_map(|name| resolved.policies().get(name));
        Ok(Self {
            inbox: Arc::clone(&folder.inbox),
            default: default.or_else(|| resolved.policies().get(DEFAULT)).map(Arc::clone),
            policies: resolved.policies().clone(),
        })
    }

    /// Decides who answers a message. Reads no clock: the moment is part of the situation.
    ///
    /// # Errors
    ///
    /// [`SituationError`], where the situation contradicts itself or the inbox, or its number has no policy.
    pub fn decide(&self, situation: &Situation, dice: &mut dyn Rng) -> Result<Decision, SituationError> {
        engine::decide_compiled(self.policy_of(situation)?, &self.inbox, situation, dice)
    }

    /// Decides, and says why.
    ///
    /// # Errors
    ///
    /// As [`decide`](Self::decide).
    pub fn explain(&self, situation: &Situation, dice: &mut dyn Rng) -> Result<Decision, SituationError> {
        engine::explain(self.policy_of(situation)?, &self.inbox, situation, dice)
    }

    /// Decides who answers a message of `customer`, and gives them the chat in the same step: nobody comes between.
    /// The message's dice are an argument, and its moment stands in `incoming`.
    ///
    /// `roster` is of this set's inbox; when a set with another takes over, the roster [follows](Roster::follow) it.
    ///
    /// # Errors
    ///
    /// [`SituationError`], where the customer contradicts itself or the inbox, or the number has no policy. The roster
    /// is then as it was.
    pub fn route(
        &self,
        incoming: &Incoming,
        customer: &Customer,
        roster: &mut Roster,
        dice: &mut dyn Rng,
    ) -> Result<Decision, SituationError> {
        engine::decide_live(self.ready_for(incoming.number)?, &self.inbox, *incoming, customer, roster, dice)
    }

    /// Goes on with the assignment of a rule when the [`Resume`](engine::Resume) of an earlier decision is due and nobody
    /// has answered: tries its alternatives from `from` on, and gives the chosen user the chat, or queues it, in the same
    /// step. `incoming` is the message as before, at the moment of now. Conditions are not read again and replies not
    /// repeated; `None` if the policy has no such rule or alternative any more.
    ///
    /// The chat is chosen for while it still counts for whoever did not answer, so they are not ahead for having lost it.
    /// Taking it from them is the host's: after a decision it tells the roster [`Event::Closed`](crate::Event::Closed)
    /// of that user, or [`Event::Dequeued`](crate::Event::Dequeued) of the group in whose queue the chat waited. That is
    /// so too when the same user or queue has it again, and when nobody has. After `None` or an error the chat is where
    /// it was: nothing is to be told.
    ///
    /// # Errors
    ///
    /// As [`route`](Self::route).
    pub fn reroute(
        &self,
        rule: &RuleRef,
        from: usize,
        incoming: &Incoming,
        customer: &Customer,
        roster: &mut Roster,
        dice: &mut dyn Rng,
    ) -> Result<Option<Decision>, SituationError> {
        let ready = self.ready_for(incoming.number)?;
        engine::resume_live(ready, &self.inbox, rule, from, *incoming, customer, roster, dice)
    }

    /// The policy of a number: its own, or the default.
    pub fn policy(&self, number: &str) -> Option<&Policy> {
        self.ready(number).map(|ready| &**ready)
    }

    /// The program of that policy, for a host that asks it directly. It is made when it is first asked for.
    pub fn program(&self, number: &str) -> Option<&Program> {
        self.ready(number).map(CompiledPolicy::program)
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

    fn ready(&self, number: &str) -> Option<&CompiledPolicy> {
        self.policies.get(number).or(self.default.as_ref()).map(|ready| &**ready)
    }

    fn policy_of(&self, situation: &Situation) -> Result<&CompiledPolicy, SituationError> {
        let Some(number) = situation.number.as_deref() else {
            return Err(SituationError::at("number", "`number` is missing: which number was written to?"));
        };
        self.ready_for(number)
    }

    fn ready_for(&self, number: &str) -> Result<&CompiledPolicy, SituationError> {
        self.ready(number).ok_or_else(|| {
            let message =
                format!("`{number}` has no policy: there is neither `{number}.rules` nor `default.rules`");
            SituationError::at("number", message)
        })
    }
}
