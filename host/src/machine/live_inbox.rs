//! The live state of an inbox, kept between transactions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use inbox_rules::desk::{Desk, DeskSettings, DeskState, DeskTables, LogRecord, LogRecordKind};
use inbox_rules::{ChatId, Inbox, Release, UserNow};

use crate::store::{InboxRow, StoreError, Transaction};

/// How an inbox is handled.
#[derive(Debug, Clone)]
pub struct InboxSettings {
    /// The settings of the desk.
    pub desk: DeskSettings,
    /// For how long a repeat of a message is recognized, and a message is decided at all.
    pub keep_messages: Duration,
    /// The WhatsApp accounts that replies can go out by.
    pub accounts: Accounts,
}

/// A WhatsApp account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its name in the settings.
    pub name: Arc<str>,
    /// How long a message without its content (code 131060) waits for it.
    pub ghost_wait: Duration,
    /// How long a status may settle a reply whose answer was lost.
    pub unknown_after: Duration,
    /// Whether such a reply is sent again after that.
    pub unknown_again: bool,
    /// How many replies are sent a second from each of its numbers.
    pub per_second: u32,
}

impl Default for Account {
    fn default() -> Self {
        Self {
            name: "main".into(),
            ghost_wait: Duration::from_secs(5),
            unknown_after: Duration::from_secs(120),
            unknown_again: true,
            per_second: 80,
        }
    }
}

/// The WhatsApp accounts, by the numbers that belong to them.
#[derive(Debug, Clone, Default)]
pub struct Accounts {
    /// The account of each `phone_number_id` that is listed.
    pub listed: BTreeMap<String, Arc<Account>>,
    /// The account of all others.
    pub others: Option<Arc<Account>>,
}

impl Accounts {
    /// The account that a number in E.164 belongs to. Without a `phone_number_id` in `inbox.toml` it has none.
    pub fn of_number(&self, inbox: &Inbox, number: &str) -> Option<&Account> {
        let id = inbox.numbers.get(number)?.phone_number_id.as_deref()?;
        self.listed.get(id).or(self.others.as_ref()).map(|account| &**account)
    }
}

impl Default for InboxSettings {
    fn default() -> Self {
        Self {
            desk: DeskSettings::default(),
            keep_messages: Duration::from_secs(10 * 86_400),
            accounts: Accounts::default(),
        }
    }
}

/// The live state of an inbox, as of the last transaction that was committed. If a later one fails, it is
/// dropped and loaded again.
pub struct LiveInbox {
    pub(crate) desk: Desk,
    pub(super) release: Arc<Release>,
    /// Whether its rules are still to become active: none have been, or none that this program understands.
    pub(super) rules_are_new: bool,
    /// The last entry of the log.
    pub(super) last: Option<LogRecord>,
    pub(super) stamp: u64,
    pub(super) unlogged: u64,
}

/// A node that is further behind loads the inbox again.
const MAX_FOLLOWED: usize = 4_096;

impl LiveInbox {
    /// Loads an inbox as the store has it, with the rules that are active in it, or are to be the first.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn load(
        tx: &mut dyn Transaction,
        release: &Arc<Release>,
        settings: &InboxSettings,
    ) -> Result<Self, StoreError> {
        let row = tx.inbox()?;
        let mut tables = DeskTables { seq: row.seq, ..DeskTables::default() };
        for user in tx.users()? {
            if let Some(until) = user.until {
                tables.presence_ends.insert(Arc::clone(&user.id), until);
            }
            let now = UserNow {
                presence: user.presence,
                chats: user.chats,
                last_message_at: user.last_at,
                capacity: user.capacity,
                weight: None,
            };
            tables.users.insert(user.id, now);
        }
        tables.turns = tx.turns()?.into_iter().map(|turn| (turn.group, turn.user)).collect();
        let waiting = tx.waiting(None)?;
        tables.chats.extend(waiting.into_iter().map(|(row, customer)| (row.chat, customer.customer())));
        let inbox = release.set.inbox();
        let (desk, _) = Desk::restore(inbox, DeskState::of_tables(inbox, tables), settings.desk)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        let last = if row.seq == 0 { None } else { tx.log_from(row.seq, 1)?.pop() };
        let InboxRow { stamp, unlogged, rules, .. } = row;
        let (release, rules_are_new) = (Arc::clone(release), rules.as_deref() != Some(&*release.digest));
        Ok(Self { desk, release, rules_are_new, last, stamp, unlogged })
    }

    /// Follows what other nodes have written since. `false`: the log does not tell all of it, and the inbox has
    /// to be loaded again.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn catch_up(&mut self, tx: &mut dyn Transaction, row: &InboxRow) -> Result<bool, StoreError> {
        let behind = row.seq.checked_sub(self.desk.seq()).and_then(|behind| usize::try_from(behind).ok());
        let Some(behind) = behind.filter(|behind| *behind <= MAX_FOLLOWED) else { return Ok(false) };
        if row.unlogged != self.unlogged {
            return Ok(false);
        }
        let records = tx.log_from(self.desk.seq(), behind.saturating_add(1))?;
        // A store that was restored, or has failed over, may have another history: the entry that was the last
        // here tells.
        let Some((known, new)) = records.split_at_checked(usize::from(self.last.is_some())) else {
            return Ok(false);
        };
        let has_other_rules = new.iter().any(|record| matches!(record.kind, LogRecordKind::Rules { .. }));
        if known.first() != self.last.as_ref() || new.len() != behind || has_other_rules {
            return Ok(false);
        }
        if let Some(last) = new.last() {
            let is_waiting = |record: &LogRecord| matches!(record.kind, LogRecordKind::Waiting { .. });
            let waiting = if self.desk.waiting().is_empty() && !new.iter().any(is_waiting) {
                Vec::new()
            } else {
                let (chats, customers) = concerned(new);
                tx.waiting(Some((&chats, &customers)))?
            };
            let waiting: Vec<_> =
                waiting.into_iter().map(|(row, customer)| (row.chat, customer.customer())).collect();
            if self.desk.follow(self.release.set.inbox(), new, &waiting).is_err() {
                return Ok(false);
            }
            self.last = Some(last.clone());
        }
        self.stamp = row.stamp;
        Ok(true)
    }
}

/// The chats and the customers that entries are about.
fn concerned(records: &[LogRecord]) -> (Vec<ChatId>, Vec<Arc<str>>) {
    let (mut chats, mut customers) = (BTreeSet::new(), BTreeSet::new());
    for record in records {
        match &record.kind {
            LogRecordKind::Message { customer, .. }
            | LogRecordKind::Customer { customer }
            | LogRecordKind::Renamed { customer, .. } => drop(customers.insert(Arc::clone(customer))),
            LogRecordKind::Assigned { chat, .. }
            | LogRecordKind::Waiting { chat, .. }
            | LogRecordKind::Closed { chat, .. } => drop(chats.insert(*chat)),
            _ => {}
        }
    }
    (chats.into_iter().collect(), customers.into_iter().collect())
}
