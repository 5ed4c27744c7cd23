//! What is committed in the store in memory, and durable.

use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::desk::LogRecordKind;

use super::memory_store::{MemoryStore, copy};
use crate::store::{
    ChatFilter, ChatRow, ChatState, CustomerRow, DecisionFilter, InboxRow, LogRow, NoticeRow, OutboxRow,
    OutboxState, Page, RuleSetHead, RuleSetRow, SessionRow, StoreError, StoreReader, TextRow, TurnRow,
    UserRow,
};

/// The items after a position.
fn page<T>(items: impl Iterator<Item = T>, position: impl Fn(&T) -> u64, page: Page) -> Vec<T> {
    items.filter(|item| position(item) > page.after).take(page.limit).collect()
}

impl StoreReader for MemoryStore {
    fn inbox(&mut self, inbox: &str) -> Result<InboxRow, StoreError> {
        Ok(self.inbox_tables(inbox).row.clone())
    }

    fn chats(&mut self, inbox: &str, filter: &ChatFilter, page_of: Page) -> Result<Vec<ChatRow>, StoreError> {
        let tables = self.inbox_tables(inbox);
        let is_in_state = |row: &ChatRow| match filter.state {
            None => true,
            Some(ChatState::Open) => row.chat.user().is_some(),
            Some(ChatState::Waiting) => row.chat.user().is_none(),
        };
        let rows = tables.chats.values().filter(|row| row.closed_at.is_none() && is_in_state(row)).cloned();
        Ok(page(rows, |row| row.chat.id.0, page_of))
    }

    fn chat(&mut self, inbox: &str, id: ChatId) -> Result<Option<ChatRow>, StoreError> {
        Ok(self.inbox_tables(inbox).chats.get(&id).cloned())
    }

    fn customer(&mut self, inbox: &str, id_or_name: &str) -> Result<Option<CustomerRow>, StoreError> {
        let tables = self.inbox_tables(inbox);
        let is_it =
            |row: &&CustomerRow| *row.id == *id_or_name || row.names.iter().any(|name| **name == *id_or_name);
        Ok(tables.customers.values().find(is_it).cloned())
    }

    fn customers(&mut self, inbox: &str, _: Page) -> Result<Vec<CustomerRow>, StoreError> {
        Ok(self.inbox_tables(inbox).customers.values().cloned().collect())
    }

    fn users(&mut self, inbox: &str) -> Result<Vec<UserRow>, StoreError> {
        Ok(self.inbox_tables(inbox).users.values().cloned().collect())
    }

    fn turns(&mut self, inbox: &str) -> Result<Vec<TurnRow>, StoreError> {
        let row = |(group, user): (&Arc<str>, &Arc<str>)| TurnRow {
            group: Arc::clone(group),
            user: Arc::clone(user),
        };
        Ok(self.inbox_tables(inbox).turns.iter().map(row).collect())
    }

    fn log(&mut self, inbox: &str, page_of: Page) -> Result<Vec<LogRow>, StoreError> {
        let tables = self.inbox_tables(inbox);
        Ok(page(tables.log.iter(), |row| row.record.seq, page_of).into_iter().map(|row| copy(row)).collect())
    }

    fn decisions(
        &mut self,
        inbox: &str,
        _: &DecisionFilter,
        page_of: Page,
    ) -> Result<Vec<LogRow>, StoreError> {
        let tables = self.inbox_tables(inbox);
        let rows = tables.log.iter().filter(|row| matches!(row.record.kind, LogRecordKind::Message { .. }));
        Ok(page(rows, |row| row.record.seq, page_of).into_iter().map(|row| copy(row)).collect())
    }

    fn text(&mut self, inbox: &str, seq: u64) -> Result<Option<TextRow>, StoreError> {
        Ok(self.inbox_tables(inbox).texts.get(&seq).cloned())
    }

    fn replies(
        &mut self,
        inbox: &str,
        state: Option<OutboxState>,
        page_of: Page,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let tables = self.inbox_tables(inbox);
        let rows =
            tables.replies.values().filter(|row| state.is_none_or(|state| row.state == state)).cloned();
        Ok(page(rows, |row| row.id, page_of))
    }

    fn replies_of(&mut self, inbox: &str, seq: u64) -> Result<Vec<OutboxRow>, StoreError> {
        let tables = self.inbox_tables(inbox);
        Ok(tables.replies.values().filter(|row| row.seq == Some(seq)).cloned().collect())
    }

    fn replies_to(
        &mut self,
        inbox: &str,
        customer: &str,
        number: &str,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let is_to = |row: &&OutboxRow| *row.customer == *customer && *row.number == *number;
        Ok(self.inbox_tables(inbox).replies.values().filter(is_to).cloned().collect())
    }

    fn notices(&mut self, inbox: &str, page_of: Page) -> Result<Vec<NoticeRow>, StoreError> {
        Ok(page(self.inbox_tables(inbox).notices.iter().cloned(), |row| row.seq, page_of))
    }

    fn rule_set(&mut self, inbox: &str, digest: &str) -> Result<Option<RuleSetRow>, StoreError> {
        Ok(self.inbox_tables(inbox).rule_sets.get(digest).map(|(_, row)| row.clone()))
    }

    fn rule_sets(&mut self, inbox: &str, page: Page) -> Result<Vec<RuleSetHead>, StoreError> {
        let tables = self.inbox_tables(inbox);
        let head = |(seq, row): &(Option<u64>, RuleSetRow)| {
            Some(RuleSetHead {
                seq: (*seq)?,
                digest: Arc::clone(&row.digest),
                at: row.at,
                by: row.by.clone(),
            })
        };
        let mut heads: Vec<_> = tables.rule_sets.values().filter_map(head).collect();
        heads.retain(|head| page.after == 0 || head.seq < page.after);
        heads.sort_by_key(|head| std::cmp::Reverse(head.seq));
        heads.truncate(page.limit);
        Ok(heads)
    }

    fn session(&mut self, hash: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
        Ok(self.durable_session(hash))
    }

    fn snapshot(&mut self, inbox: &str, seq: u64) -> Result<Option<(u64, String)>, StoreError> {
        let tables = self.inbox_tables(inbox);
        Ok(tables.snapshots.range(..=seq).next_back().map(|(seq, body)| (*seq, body.clone())))
    }

    fn count_replies(&mut self, inbox: &str) -> Result<Vec<(OutboxState, u64)>, StoreError> {
        let mut counts: Vec<(OutboxState, u64)> = Vec::new();
        for row in self.inbox_tables(inbox).replies.values() {
            match counts.iter_mut().find(|(state, _)| *state == row.state) {
                Some((_, count)) => *count += 1,
                None => counts.push((row.state, 1)),
            }
        }
        Ok(counts)
    }

    fn count_waiting(&mut self, inbox: &str) -> Result<u64, StoreError> {
        let tables = self.inbox_tables(inbox);
        let waits = |row: &&ChatRow| row.closed_at.is_none() && row.chat.user().is_none();
        Ok(tables.chats.values().filter(waits).count() as u64)
    }
}
