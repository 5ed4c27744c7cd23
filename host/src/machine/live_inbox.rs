//! The live state of an inbox, kept between transactions.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use inbox_rules::desk::{Desk, DeskSettings, DeskState, DeskTables};
use inbox_rules::{Inbox, Release, UserNow};

use super::why;
use crate::store::{StoreError, Transaction};

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
    /// Whether the rules that were active when it was loaded are others, so that chats may have to be decided
    /// afresh.
    pub(super) is_outdated: bool,
}

impl LiveInbox {
    /// Loads an inbox as the store has it, to go on with these rules.
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
        for row in tx.chats_waiting(None)? {
            let customer = tx.customer(&row.chat.customer)?.unwrap_or_default();
            tables.chats.push((row.chat, customer.customer()));
        }
        let is_outdated = row.rules.as_deref() != Some(&*release.digest);
        // Under the rules that the rows were written by: only then is a group known again that has another
        // name now.
        let stored = match &row.rules {
            Some(digest) if is_outdated => tx.rule_set(digest)?.map(|row| why::compile(&row)).transpose()?,
            _ => None,
        };
        let inbox = stored.as_ref().unwrap_or(&release.set).inbox();
        let (desk, _) = Desk::restore(inbox, DeskState::of_tables(inbox, tables), settings.desk)
            .map_err(|error| StoreError::Damaged(error.to_string()))?;
        Ok(Self { desk, release: Arc::clone(release), is_outdated })
    }
}
