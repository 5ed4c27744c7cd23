//! A connection that only reads, so that it never waits for the one that writes.

use inbox_rules::ChatId;
use rusqlite::Connection;

use super::connect::{Location, open_to_read};
use super::keys::InboxKey;
use super::{chats, customers, inboxes, log, outbox, sessions};
use crate::store::{
    ChatFilter, ChatRow, CustomerRow, DecisionFilter, InboxRow, LogRow, NoticeRow, OutboxRow, OutboxState,
    Page, RuleSetHead, RuleSetRow, SessionRow, StoreError, StoreReader, TextRow, TurnRow, UserRow,
};

/// Reads what is committed in an SQLite database.
pub struct SqliteReader {
    db: Connection,
}

impl SqliteReader {
    pub(super) fn open(location: &Location) -> Result<Self, StoreError> {
        Ok(Self { db: open_to_read(location)? })
    }

    /// What `read` reads of an inbox; the default if nothing has happened in it.
    fn of<T: Default>(
        &self,
        inbox: &str,
        read: impl FnOnce(&Connection, InboxKey) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match inboxes::find(&self.db, inbox)? {
            Some(key) => read(&self.db, key),
            None => Ok(T::default()),
        }
    }
}

impl StoreReader for SqliteReader {
    fn inbox(&mut self, inbox: &str) -> Result<InboxRow, StoreError> {
        self.of(inbox, |db, inbox| Ok(inboxes::read(db, inbox)?.row))
    }

    fn chats(&mut self, inbox: &str, filter: &ChatFilter, page: Page) -> Result<Vec<ChatRow>, StoreError> {
        self.of(inbox, |db, inbox| chats::list(db, inbox, filter, page))
    }

    fn chat(&mut self, inbox: &str, id: ChatId) -> Result<Option<ChatRow>, StoreError> {
        self.of(inbox, |db, inbox| chats::by_id(db, inbox, id))
    }

    fn customer(&mut self, inbox: &str, id_or_name: &str) -> Result<Option<CustomerRow>, StoreError> {
        self.of(inbox, |db, inbox| {
            let by_id = inbox.customer(id_or_name).map(|key| customers::now_by_key(db, key)).transpose()?;
            let found = match by_id.flatten() {
                Some(found) => Some(found),
                None => customers::by_name(db, inbox, id_or_name)?,
            };
            Ok(found.map(|(_, customer)| customer))
        })
    }

    fn customers(&mut self, inbox: &str, page: Page) -> Result<Vec<CustomerRow>, StoreError> {
        self.of(inbox, |db, inbox| customers::list(db, inbox, page))
    }

    fn users(&mut self, inbox: &str) -> Result<Vec<UserRow>, StoreError> {
        self.of(inbox, inboxes::users)
    }

    fn turns(&mut self, inbox: &str) -> Result<Vec<TurnRow>, StoreError> {
        self.of(inbox, inboxes::turns)
    }

    fn log(&mut self, inbox: &str, page: Page) -> Result<Vec<LogRow>, StoreError> {
        self.of(inbox, |db, inbox| log::list(db, inbox, page))
    }

    fn decisions(
        &mut self,
        inbox: &str,
        filter: &DecisionFilter,
        page: Page,
    ) -> Result<Vec<LogRow>, StoreError> {
        self.of(inbox, |db, inbox| log::decisions(db, inbox, filter, page))
    }

    fn text(&mut self, inbox: &str, seq: u64) -> Result<Option<TextRow>, StoreError> {
        self.of(inbox, |db, inbox| log::text(db, inbox, seq))
    }

    fn replies(
        &mut self,
        inbox: &str,
        state: Option<OutboxState>,
        page: Page,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        self.of(inbox, |db, inbox| outbox::list(db, inbox, state, page))
    }

    fn replies_of(&mut self, inbox: &str, seq: u64) -> Result<Vec<OutboxRow>, StoreError> {
        self.of(inbox, |db, inbox| outbox::of_decision(db, inbox, seq))
    }

    fn replies_to(
        &mut self,
        inbox: &str,
        customer: &str,
        number: &str,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        self.of(inbox, |db, inbox| outbox::to_customer(db, inbox, customer, number))
    }

    fn notices(&mut self, inbox: &str, page: Page) -> Result<Vec<NoticeRow>, StoreError> {
        self.of(inbox, |db, inbox| log::notices(db, inbox, page))
    }

    fn rule_sets(&mut self, inbox: &str, page: Page) -> Result<Vec<RuleSetHead>, StoreError> {
        self.of(inbox, |db, inbox| inboxes::rule_sets(db, inbox, page))
    }

    fn rule_set(&mut self, inbox: &str, digest: &str) -> Result<Option<RuleSetRow>, StoreError> {
        self.of(inbox, |db, inbox| inboxes::rule_set(db, inbox, digest))
    }

    fn snapshot(&mut self, inbox: &str, seq: u64) -> Result<Option<(u64, String)>, StoreError> {
        self.of(inbox, |db, inbox| inboxes::snapshot(db, inbox, seq))
    }

    fn count_replies(&mut self, inbox: &str) -> Result<Vec<(OutboxState, u64)>, StoreError> {
        self.of(inbox, outbox::counts)
    }

    fn count_waiting(&mut self, inbox: &str) -> Result<u64, StoreError> {
        self.of(inbox, chats::count_waiting)
    }

    fn session(&mut self, hash: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        sessions::find(&self.db, hash)
    }
}
