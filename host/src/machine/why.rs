//! Why a message was decided as it was: worked out again from the log.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::{Facts, LogRecordKind, LogReplay};
use inbox_rules::{
    Customer, Decision, Folder, Inbox, Incoming, Message, OpenChat, Release, RosterState, RuleSet, Situation,
    dice,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::store::{LogRow, Page, RuleSetRow, StoreError, StoreReader};

/// Every how many entries of the log the roster is kept, so that a replay need not begin at the first.
pub(super) const SNAPSHOT_EVERY: u64 = 10_000;

/// How many entries are read at once.
const PAGE: usize = 1000;

/// What a message was decided from, besides the roster, kept so that the decision can be explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DecisionFacts {
    /// The WhatsApp number.
    pub number: Arc<str>,
    /// The moment.
    pub at: Timestamp,
    /// The message.
    pub message: Message,
    /// What was known about the customer.
    pub customer: Customer,
    /// Their open chat.
    pub chat: Option<OpenChat>,
}

impl DecisionFacts {
    /// What the message is decided from.
    pub(super) fn new(number: &Arc<str>, at: Timestamp, message: &Message, facts: &Facts) -> Self {
        Self {
            number: Arc::clone(number),
            at,
            message: message.clone(),
            customer: facts.customer.clone(),
            chat: facts.chat.as_ref().map(|chat| chat.open_chat()),
        }
    }

    /// What the message was decided from, with the roster as it was, and all attributes that came, known or not.
    pub fn situation(&self, replay: &InboxReplay) -> Situation {
        let mut customer = self.customer.clone();
        customer.returning |= customer.owner.is_some() || customer.last_message_at.is_some();
        let (message, chat) = (&self.message, self.chat.as_ref());
        let incoming = Incoming { number: &self.number, at: self.at, message, chat };
        replay.log.roster().situation(&incoming, &customer)
    }

    /// Decides it again, with reasons, from the roster as it was.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`], if the facts do not fit the rules.
    pub fn explain(&self, replay: &InboxReplay, seed: u64) -> Result<Decision, StoreError> {
        let (set, situation) = (&replay.set, self.situation(replay));
        let mut dice = dice(seed, self.message.id.as_deref());
        let situation = Situation {
            message: situation.message.known_to(set.inbox()).into_owned(),
            customer: situation.customer.known_to(set.inbox()).into_owned(),
            ..situation
        };
        let mut decision = set.explain(&situation, &mut dice).map_err(damaged)?;
        if let Some(why) = &mut decision.why {
            why.unknown = unknown_attributes(&self.message, &self.customer, set.inbox());
        }
        Ok(decision)
    }
}

/// The attributes that the rules were not shown, since the inbox does not know them or their values.
pub(super) fn unknown_attributes(message: &Message, customer: &Customer, inbox: &Inbox) -> Vec<String> {
    let (of_message, of_customer) = (message.known_to(inbox), customer.known_to(inbox));
    let unknown = message.attributes.keys().filter(|name| !of_message.attributes.contains_key(*name));
    let unknown = unknown.map(|name| format!("message.{name}"));
    let others = customer.attributes.keys().filter(|name| !of_customer.attributes.contains_key(*name));
    unknown.chain(others.map(|name| format!("customer.{name}"))).collect()
}

/// An inbox as it was after an entry of its log.
pub struct InboxReplay {
    /// The roster.
    pub log: LogReplay,
    /// The rules.
    pub set: Arc<RuleSet>,
    /// The position of the entry.
    pub seq: u64,
    sets: BTreeMap<Arc<str>, Arc<RuleSet>>,
}

/// What is kept of an inbox at some entries of its log.
#[derive(Serialize, Deserialize)]
pub(super) struct Snapshot {
    pub(super) rules: String,
    pub(super) roster: RosterState,
}

impl InboxReplay {
    /// Before the first entry of the log.
    pub fn new() -> Self {
        Self { log: LogReplay::new(&Inbox::default()), set: Arc::default(), seq: 0, sets: BTreeMap::new() }
    }

    /// As it was after the entry `seq`.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn at(reader: &mut dyn StoreReader, inbox: &str, seq: u64) -> Result<Self, StoreError> {
        let mut replay = Self::new();
        if let Some((at, body)) = reader.snapshot(inbox, seq)? {
            let snapshot: Snapshot = serde_json::from_str(&body).map_err(damaged)?;
            replay.set = replay.set_of(reader, inbox, &snapshot.rules.into())?;
            replay.log = LogReplay::restore(replay.set.inbox(), snapshot.roster).map_err(damaged)?;
            replay.seq = at;
        }
        while replay.seq < seq {
            let limit = usize::try_from(seq - replay.seq).unwrap_or(PAGE).min(PAGE);
            let rows = reader.log(inbox, Page { after: replay.seq, limit })?;
            if rows.is_empty() {
                return Err(StoreError::Damaged(
                    "the log has been dropped as far as it is needed".to_owned(),
                ));
            }
            for row in rows {
                replay.apply(reader, inbox, &row)?;
            }
        }
        Ok(replay)
    }

    /// Follows the next entry.
    ///
    /// # Errors
    ///
    /// [`StoreError::Damaged`], if it does not follow from those before it.
    pub fn apply(
        &mut self,
        reader: &mut dyn StoreReader,
        inbox: &str,
        row: &LogRow,
    ) -> Result<(), StoreError> {
        let record = &row.record;
        if record.seq != self.seq + 1 {
            let gap = format!("the log goes from {} to {}", self.seq, record.seq);
            return Err(StoreError::Damaged(gap));
        }
        if let LogRecordKind::Rules { digest } = &record.kind {
            self.set = self.set_of(reader, inbox, digest)?;
        }
        self.log.apply(record, self.set.inbox()).map_err(damaged)?;
        self.seq = record.seq;
        Ok(())
    }

    fn set_of(
        &mut self,
        reader: &mut dyn StoreReader,
        inbox: &str,
        digest: &Arc<str>,
    ) -> Result<Arc<RuleSet>, StoreError> {
        if let Some(set) = self.sets.get(digest) {
            return Ok(Arc::clone(set));
        }
        let row = reader.rule_set(inbox, digest)?;
        let row = row.ok_or_else(|| StoreError::Damaged(format!("the rules {digest} are not kept")))?;
        let set = Arc::new(compile(&row)?);
        self.sets.insert(Arc::clone(digest), Arc::clone(&set));
        Ok(set)
    }
}

impl Default for InboxReplay {
    fn default() -> Self {
        Self::new()
    }
}

/// A rule set that was active once, from its texts.
///
/// # Errors
///
/// [`StoreError::Damaged`], if they are not sound.
pub fn compile(row: &RuleSetRow) -> Result<RuleSet, StoreError> {
    let texts = row.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    RuleSet::from_folder(&Folder::from_texts(texts)).map_err(damaged)
}

/// The same as it becomes active.
pub(super) fn compile_release(row: &RuleSetRow) -> Result<Arc<Release>, StoreError> {
    let texts = row.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let folder = Folder::from_texts(texts);
    let mut release = Release::default();
    release.set = Arc::new(RuleSet::from_folder(&folder).map_err(damaged)?);
    (release.folder, release.digest) = (folder, row.digest.to_string());
    Ok(Arc::new(release))
}

fn damaged(error: impl std::fmt::Display) -> StoreError {
    StoreError::Damaged(error.to_string())
}

/// The decision at the entry `seq` of the log, with its reasons. `None`: there is none, or its facts are no
/// longer kept.
///
/// # Errors
///
/// [`StoreError`].
pub fn why(
    reader: &mut dyn StoreReader,
    inbox: &str,
    seq: u64,
    seed: u64,
) -> Result<Option<Decision>, StoreError> {
    let Some(text) = reader.text(inbox, seq)?.filter(|text| !text.facts.is_empty()) else { return Ok(None) };
    let Some(before) = seq.checked_sub(1) else { return Ok(None) };
    let facts: DecisionFacts = serde_json::from_str(&text.facts).map_err(damaged)?;
    let replay = InboxReplay::at(reader, inbox, before)?;
    facts.explain(&replay, seed).map(Some)
}
