//! Follows the log of an inbox from its first entry, and compares the tables with it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;

use inbox_rules::desk::{ChatCause, ChatHolder, LogRecord, LogRecordKind};
use inbox_rules::{ChatId, Decision, SentReply};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use super::picks::Picks;
use crate::machine::{DecisionFacts, InboxReplay, Routed};
use crate::store::{ChatFilter, ChatRow, LogRow, OutboxState, Page, StoreError, StoreReader};

/// How many rows are read at once.
const PAGE: usize = 1000;

/// What is wrong with what the store holds of an inbox, a sentence each. `seed` is that of the dice. It reads
/// the whole log, and nobody may write meanwhile. Nothing is said of what is no longer kept.
///
/// # Errors
///
/// [`StoreError`].
pub fn verify(reader: &mut dyn StoreReader, inbox: &str, seed: u64) -> Result<Vec<String>, StoreError> {
    let mut audit = Audit { seed, replay: InboxReplay::new(), ..Audit::default() };
    loop {
        let rows = reader.log(inbox, Page { after: audit.replay.seq, limit: PAGE })?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            audit.entry(reader, inbox, &row)?;
        }
    }
    audit.tables(reader, inbox)?;
    audit.replies(reader, inbox)?;
    Ok(audit.wrong)
}

/// When a reply was sent, each time with the seconds in which it is not to be repeated.
type SentTimes = Vec<(Timestamp, u64)>;

/// What was found out so far.
#[derive(Default)]
struct Audit {
    seed: u64,
    replay: InboxReplay,
    /// The messages that were decided, by number and id.
    decided: BTreeSet<(Arc<str>, Arc<str>)>,
    /// Who has each open chat.
    holders: BTreeMap<ChatId, Option<ChatHolder>>,
    /// The chats whose assignment does not go on by itself, because a user has answered or a person has moved
    /// them.
    settled: BTreeSet<ChatId>,
    /// When each customer was sent a reply with `once per`.
    sent: BTreeMap<(Arc<str>, String), SentTimes>,
    /// The replies that decisions have put off, by customer and text.
    put_off: BTreeMap<(Arc<str>, String), SentReply>,
    /// The customers who had other names, and may be two who are one.
    renamed: BTreeSet<Arc<str>>,
    picks: Picks,
    wrong: Vec<String>,
}

impl Audit {
    fn expect_eq<T: PartialEq + Debug>(&mut self, what: &str, is: &T, should_be: &T) {
        if is != should_be {
            self.wrong.push(format!("{what} is {is:?}, and should be {should_be:?}"));
        }
    }

    fn entry(&mut self, reader: &mut dyn StoreReader, inbox: &str, row: &LogRow) -> Result<(), StoreError> {
        let record = &row.record;
        if let LogRecordKind::Message { message: Some(message), number, .. } = &record.kind
            && !self.decided.insert((Arc::clone(number), Arc::clone(message)))
        {
            self.wrong.push(format!("entry {}: message `{message}` is decided twice", record.seq));
        }
        if let LogRecordKind::Message { customer, .. } = &record.kind {
            let routed: Option<Routed> = row.routed.as_deref().map(|json| parse(json.get())).transpose()?;
            let facts = reader.text(inbox, record.seq)?.filter(|text| !text.facts.is_empty());
            let facts: Option<DecisionFacts> = facts.map(|text| parse(&text.facts)).transpose()?;
            if let Some(routed) = &routed {
                self.decision(facts.as_ref(), record, &routed.decision);
                self.sent_at_once(customer, routed);
            }
            let decision = routed.as_ref().map(|routed| &routed.decision);
            self.picks.message(record, decision, facts.as_ref());
        }
        self.wrong.extend(self.picks.follow(record, &self.replay, self.seed));
        self.holder(record);
        self.timeout(record);
        if let Err(error) = self.replay.apply(reader, inbox, row) {
            self.wrong.push(format!("entry {} does not follow: {error}", record.seq));
            self.replay.seq = record.seq;
        }
        Ok(())
    }

    /// Whether the engine decides the message so.
    fn decision(&mut self, facts: Option<&DecisionFacts>, record: &LogRecord, decision: &Decision) {
        let number = decision.number.as_deref().unwrap_or_default();
        if self.replay.set.policy(number).is_none() {
            self.expect_eq(&format!("the rule of entry {}", record.seq), &decision.rule, &None);
            return;
        }
        let Some(facts) = facts else { return };
        let again = match facts.explain(&self.replay, self.seed) {
            Ok(again) => again,
            Err(error) => {
                self.wrong.push(format!("entry {} cannot be decided again: {error}", record.seq));
                return;
            }
        };
        self.expect_eq(&format!("the decision of entry {}", record.seq), &plain(decision), &plain(&again));
    }

    /// Follows who has the chat.
    fn holder(&mut self, record: &LogRecord) {
        let (chat, holder) = match &record.kind {
            LogRecordKind::Assigned { chat, user, .. } => (*chat, Some(ChatHolder::User(Arc::clone(user)))),
            LogRecordKind::Waiting { chat, group, .. } => (*chat, group.clone().map(ChatHolder::Queue)),
            LogRecordKind::Closed { chat, .. } => {
                let Some(before) = self.holders.remove(chat) else {
                    self.wrong.push(format!("entry {} closes a chat that is not open", record.seq));
                    return;
                };
                self.former(record, before.as_ref());
                return;
            }
            LogRecordKind::Renamed { customer, .. } => {
                self.renamed.insert(Arc::clone(customer));
                return;
            }
            _ => return,
        };
        let before = self.holders.insert(chat, holder).flatten();
        self.former(record, before.as_ref());
    }

    /// Whether an assignment that goes on, because nobody has answered, is one that can.
    fn timeout(&mut self, record: &LogRecord) {
        match &record.kind {
            LogRecordKind::Answered { chat, .. } => drop(self.settled.insert(*chat)),
            LogRecordKind::Assigned { chat, cause, .. } | LogRecordKind::Waiting { chat, cause, .. } => {
                let was_settled = match cause {
                    ChatCause::Taken | ChatCause::Transferred => !self.settled.insert(*chat),
                    _ => self.settled.remove(chat),
                };
                if *cause == ChatCause::Timeout && was_settled {
                    self.wrong.push(format!("entry {}: the timer of chat {} had ended", record.seq, chat.0));
                }
            }
            _ => {}
        }
    }

    /// Whether the entry names the user who had the chat. Queues may have another name by now.
    fn former(&mut self, record: &LogRecord, before: Option<&ChatHolder>) {
        let user = |holder: Option<&ChatHolder>| match holder {
            Some(ChatHolder::User(user)) => Some(Arc::clone(user)),
            _ => None,
        };
        let what = format!("the former user in entry {}", record.seq);
        self.expect_eq(&what, &user(record.from.as_ref()), &user(before));
    }

    /// Notes the replies that go out at once, and those that are put off.
    fn sent_at_once(&mut self, customer: &Arc<str>, routed: &Routed) {
        for (reply, answer) in routed.decision.replies.iter().zip(&routed.replies) {
            let goes_out = !matches!(answer.state, OutboxState::Suppressed | OutboxState::TooLate);
            if let (Some(key), Some(seconds), true) = (&reply.once_key, reply.once_per_seconds, goes_out) {
                let sent = self.sent.entry((Arc::clone(customer), key.clone())).or_default();
                sent.push((routed.at, seconds));
            }
        }
        for reply in routed.decision.later.iter().flat_map(|later| &later.replies) {
            self.put_off.insert((Arc::clone(customer), reply.text.clone()), reply.clone());
        }
    }

    /// Whether the tables are as the log says.
    fn tables(&mut self, reader: &mut dyn StoreReader, inbox: &str) -> Result<(), StoreError> {
        let row = reader.inbox(inbox)?;
        let seq = self.replay.seq;
        self.expect_eq("the position of the last entry", &row.seq, &seq);
        let chats = open_chats(reader, inbox)?;
        let open: BTreeSet<_> = chats.iter().map(|row| row.chat.id).collect();
        let logged: BTreeSet<_> = self.holders.keys().copied().collect();
        self.expect_eq("the set of open chats", &open, &logged);

        let (mut of_users, mut waiting) =
            (BTreeMap::<Arc<str>, u32>::new(), BTreeMap::<Arc<str>, u32>::new());
        for ChatRow { chat, .. } in &chats {
            let logged = match self.holders.get(&chat.id) {
                Some(Some(ChatHolder::User(user))) => Some(Arc::clone(user)),
                _ => None,
            };
            self.expect_eq(&format!("the user of chat {}", chat.id.0), &chat.user().cloned(), &logged);
            match (chat.user(), chat.group()) {
                (Some(user), _) => *of_users.entry(Arc::clone(user)).or_default() += 1,
                (None, Some(group)) => *waiting.entry(Arc::clone(group)).or_default() += 1,
                (None, None) => {}
            }
        }
        let users = reader.users(inbox)?;
        for user in of_users.keys().filter(|user| users.iter().all(|row| row.id != **user)) {
            self.wrong.push(format!("`{user}` has a chat and no row"));
        }
        for row in users {
            let chats = of_users.get(&row.id).copied().unwrap_or_default();
            self.expect_eq(&format!("the number of chats of `{}`", row.id), &row.chats, &chats);
            let Some(now) = self.replay.log.roster().figures(&row.id) else {
                self.wrong.push(format!("`{}` has a row, and the log does not know them", row.id));
                continue;
            };
            let figures = (row.presence, row.chats, row.last_at, row.capacity);
            let logged = (now.presence, now.chats, now.last_message_at, now.capacity);
            self.expect_eq(&format!("the row of `{}`", row.id), &figures, &logged);
        }
        self.groups(reader, inbox, &waiting)
    }

    /// Whether queues and turns are as the log says.
    fn groups(
        &mut self,
        reader: &mut dyn StoreReader,
        inbox: &str,
        waiting: &BTreeMap<Arc<str>, u32>,
    ) -> Result<(), StoreError> {
        let turns: BTreeMap<_, _> =
            reader.turns(inbox)?.into_iter().map(|row| (row.group, row.user)).collect();
        let set = Arc::clone(&self.replay.set);
        for group in &set.inbox().groups {
            let roster = self.replay.log.roster();
            let (queue, turn) = (roster.waiting_in(&group.name), roster.last_turn(&group.name).cloned());
            let counted = waiting.get(&group.name).copied().unwrap_or_default();
            self.expect_eq(&format!("the queue of `{}`", group.name), &queue, &Some(counted));
            self.expect_eq(&format!("the turn of `{}`", group.name), &turns.get(&group.name).cloned(), &turn);
        }
        Ok(())
    }

    /// Whether `once per` holds.
    fn replies(&mut self, reader: &mut dyn StoreReader, inbox: &str) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let rows = reader.replies(inbox, None, Page { after, limit: PAGE })?;
            let Some(last) = rows.last() else { break };
            after = last.id;
            let is_later = |row: &&crate::store::OutboxRow| row.seq.is_none() && row.caller_id.is_none();
            for row in rows.iter().filter(is_later) {
                if matches!(row.state, OutboxState::Suppressed | OutboxState::TooLate)
                    || self.renamed.contains(&row.customer)
                {
                    continue;
                }
                let Some(reply) = self.put_off.get(&(Arc::clone(&row.customer), row.text.clone())) else {
                    continue;
                };
                if let (Some(key), Some(seconds)) = (&reply.once_key, reply.once_per_seconds) {
                    let sent = self.sent.entry((Arc::clone(&row.customer), key.clone())).or_default();
                    sent.push((row.at, seconds));
                }
            }
        }
        for ((customer, key), mut sent) in std::mem::take(&mut self.sent) {
            sent.sort_unstable();
            for ((first, _), (second, seconds)) in sent.iter().zip(sent.iter().skip(1)) {
                let passed = u64::try_from(second.duration_since(*first).as_secs()).unwrap_or_default();
                if passed < *seconds {
                    self.wrong.push(format!("{customer} was sent `{key}` at {first} and again at {second}"));
                }
            }
        }
        Ok(())
    }
}

fn parse<T: DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// A decision without what only a live roster adds.
fn plain(decision: &Decision) -> String {
    let Decision { rule, assign, replies, tags, priority, also, resume, later, moved, policy, .. } = decision;
    format!("{:?}", (rule, assign, replies, tags, priority, also, resume, later, moved, policy))
}

fn open_chats(reader: &mut dyn StoreReader, inbox: &str) -> Result<Vec<ChatRow>, StoreError> {
    let (mut chats, mut after) = (Vec::new(), 0);
    loop {
        let rows = reader.chats(inbox, &ChatFilter::default(), Page { after, limit: PAGE })?;
        let Some(last) = rows.last() else { return Ok(chats) };
        after = last.chat.id.0;
        chats.extend(rows);
    }
}
