//! A connection that only reads.

use inbox_rules::ChatId;

use super::address::ServerAddress;
use super::database::Database;
use super::keys::{InboxNumber, customer_key};
use super::{chats, customers, inboxes, log, notices, outbox, sessions};
use crate::store::{
    ChatFilter, ChatRow, CustomerRow, DecisionFilter, InboxRow, LogRow, NoticeRow, OutboxRow, OutboxState,
    Page, RuleSetHead, RuleSetRow, SessionRow, StoreError, StoreReader, TextRow, TurnRow, UserRow,
};

/// Reads what is committed in a PostgreSQL database.
pub struct PostgresReader {
    db: Database,
}

impl PostgresReader {
    pub(super) fn open(address: ServerAddress) -> Result<Self, StoreError> {
        let mut db = Database::new(ServerAddress { is_read: true, ..address })?;
        db.connect()?;
        Ok(Self { db })
    }

    /// What `read` reads of an inbox; the default if nothing has happened in it.
    fn of<T: Default>(
        &mut self,
        inbox: &str,
        read: impl FnOnce(&mut Database, InboxNumber) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match inboxes::find(&mut self.db, inbox)? {
            Some(number) => read(&mut self.db, number),
            None => Ok(T::default()),
        }
    }
}

impl StoreReader for PostgresReader {
    fn inbox(&mut self, inbox: &str) -> Result<InboxRow, StoreError> {
        self.of(inbox, inboxes::read)
    }

    fn chats(&mut self, inbox: &str, filter: &ChatFilter, page: Page) -> Result<Vec<ChatRow>, StoreError> {
        self.of(inbox, |db, inbox| chats::list(db, inbox, filter, page))
    }

    fn chat(&mut self, inbox: &str, id: ChatId) -> Result<Option<ChatRow>, StoreError> {
        self.of(inbox, |db, inbox| chats::read(db, inbox, id))
    }

    fn customer(&mut self, inbox: &str, id_or_name: &str) -> Result<Option<CustomerRow>, StoreError> {
        self.of(inbox, |db, inbox| {
            let by_id = customer_key(id_or_name).map(|key| customers::read(db, inbox, key)).transpose()?;
            match by_id.flatten() {
                Some(found) => Ok(Some(found)),
                None => customers::read_named(db, inbox, id_or_name),
            }
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
        self.of(inbox, |db, inbox| notices::list(db, inbox, page))
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
        sessions::find(&mut self.db, hash)
    }
}
