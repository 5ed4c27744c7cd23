//! A store in memory that is as plain as it can be. What is committed is lost again unless it is synced.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::GroupRenamed;
use inbox_rules::desk::{CustomerName, DeskTimer, LogRecord, LogRecordKind};
use jiff::Timestamp;

use crate::store::{
    ChatRow, CustomerRow, DueInbox, DueReplies, HostTimer, InboxHead, InboxRow, LogRow, MessageKey,
    MessageRow, NoticeRow, OutboxRow, ReplyName, RuleSetRow, SessionRow, Store, StoreError, TextRow,
    TimerRow, Transaction, TurnRow, UserRow, WaitingSetRow,
};

/// A store in memory.
#[derive(Clone, Default)]
pub(super) struct MemoryStore {
    pub(super) now: Timestamp,
    pub(super) stamps: u64,
    nodes: BTreeMap<u64, Timestamp>,
    durable: Tables,
    current: Tables,
}

#[derive(Clone, Default)]
struct Tables {
    inboxes: BTreeMap<Arc<str>, Arc<InboxTables>>,
    last_reply: u64,
    sessions: BTreeMap<[u8; 32], SessionRow>,
}

#[derive(Clone, Default)]
pub(super) struct InboxTables {
    pub(super) row: InboxRow,
    pub(super) log: Vec<Arc<LogRow>>,
    pub(super) messages: BTreeMap<([u8; 16], i32), MessageRow>,
    pub(super) texts: BTreeMap<u64, TextRow>,
    pub(super) customers: BTreeMap<Arc<str>, CustomerRow>,
    pub(super) chats: BTreeMap<ChatId, ChatRow>,
    pub(super) once: BTreeMap<(Arc<str>, String), Timestamp>,
    pub(super) users: BTreeMap<Arc<str>, UserRow>,
    pub(super) turns: BTreeMap<Arc<str>, Arc<str>>,
    pub(super) timers: Vec<TimerRow>,
    pub(super) replies: BTreeMap<u64, OutboxRow>,
    pub(super) notices: Vec<NoticeRow>,
    /// With the position of each that was active.
    pub(super) rule_sets: BTreeMap<Arc<str>, (Option<u64>, RuleSetRow)>,
    pub(super) snapshots: BTreeMap<u64, String>,
}

impl MemoryStore {
    /// All that was committed since the last sync is lost.
    pub(super) fn lose(&mut self) {
        self.current = self.durable.clone();
    }

    pub(super) fn inbox_tables(&self, inbox: &str) -> Arc<InboxTables> {
        self.durable.inboxes.get(inbox).cloned().unwrap_or_default()
    }

    pub(super) fn durable_session(&self, hash: &[u8; 32]) -> Option<SessionRow> {
        self.durable.sessions.get(hash).cloned()
    }
}

impl Store for MemoryStore {
    fn now(&mut self) -> Result<Timestamp, StoreError> {
        Ok(self.now)
    }

    fn begin(&mut self, inbox: &Arc<str>) -> Result<Box<dyn Transaction + '_>, StoreError> {
        let tables =
            self.current.inboxes.get(inbox).map(|tables| InboxTables::clone(tables)).unwrap_or_default();
        let last_reply = self.current.last_reply;
        Ok(Box::new(MemoryTransaction { store: self, inbox: Arc::clone(inbox), tables, last_reply }))
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.durable = self.current.clone();
        Ok(())
    }

    fn heads(&mut self) -> Result<Vec<InboxHead>, StoreError> {
        let head = |(inbox, tables): (&Arc<str>, &Arc<InboxTables>)| InboxHead {
            inbox: Arc::clone(inbox),
            seq: tables.row.seq,
            rules: tables.row.rules.clone(),
        };
        Ok(self.durable.inboxes.iter().map(head).collect())
    }

    fn count_nodes(&mut self, node: u64) -> Result<usize, StoreError> {
        self.nodes.insert(node, self.now);
        self.nodes.retain(|_, seen| self.now.duration_since(*seen).as_secs() < 10);
        Ok(self.nodes.len())
    }

    fn leave(&mut self, node: u64) -> Result<(), StoreError> {
        self.nodes.remove(&node);
        Ok(())
    }

    fn timers_due(&mut self, most: usize) -> Result<Vec<DueInbox>, StoreError> {
        let mut due: Vec<_> = self
            .durable
            .inboxes
            .iter()
            .filter_map(|(inbox, tables)| {
                let due = tables.timers.iter().map(|row| row.due).min()?;
                Some(DueInbox { inbox: Arc::clone(inbox), due })
            })
            .collect();
        due.sort_by_key(|row| row.due);
        due.truncate(most);
        Ok(due)
    }

    fn replies_due(&mut self, most: usize) -> Result<Vec<DueReplies>, StoreError> {
        let mut numbers: BTreeMap<(Arc<str>, Arc<str>), Timestamp> = BTreeMap::new();
        for (inbox, tables) in &self.durable.inboxes {
            for row in tables.first_replies() {
                let due = numbers.entry((Arc::clone(inbox), Arc::clone(&row.number))).or_insert(row.due);
                *due = row.due.min(*due);
            }
        }
        let mut due: Vec<_> =
            numbers.into_iter().map(|((inbox, number), due)| DueReplies { inbox, number, due }).collect();
        due.sort_by_key(|row| row.due);
        due.truncate(most);
        Ok(due)
    }

    fn put_session(&mut self, row: &SessionRow) -> Result<(), StoreError> {
        self.current.sessions.insert(row.hash, row.clone());
        Ok(())
    }

    fn delete_session(&mut self, hash: &[u8; 32]) -> Result<(), StoreError> {
        self.current.sessions.remove(hash);
        Ok(())
    }

    fn retain_sessions(&mut self, tokens: &[[u8; 32]]) -> Result<(), StoreError> {
        self.current.sessions.retain(|_, row| tokens.contains(&row.token));
        Ok(())
    }

    fn expire(&mut self, _: i32, _: Timestamp, _: Timestamp) -> Result<bool, StoreError> {
        self.current.sessions.retain(|_, row| row.expires > self.now);
        Ok(false)
    }
}

impl InboxTables {
    /// Of each customer and number, the first reply that is not settled.
    fn first_replies(&self) -> impl Iterator<Item = &OutboxRow> {
        let mut first = BTreeMap::new();
        for row in self.replies.values().filter(|row| row.due < Timestamp::MAX) {
            first.entry((&row.number, &row.customer)).or_insert(row);
        }
        first.into_values()
    }
}

struct MemoryTransaction<'s> {
    store: &'s mut MemoryStore,
    inbox: Arc<str>,
    tables: InboxTables,
    last_reply: u64,
}

/// What two timers have in common of which the later takes the place of the earlier.
fn identity(timer: &HostTimer) -> String {
    match timer {
        HostTimer::Desk(DeskTimer::Timeout { chat, .. }) => format!("timeout {}", chat.0),
        HostTimer::Desk(DeskTimer::Idle { chat }) => format!("idle {}", chat.0),
        HostTimer::Desk(DeskTimer::Later { chat, seq, index, .. }) => {
            format!("later {} {seq} {index}", chat.0)
        }
        HostTimer::Desk(DeskTimer::Presence { user }) => format!("presence {user}"),
        HostTimer::Desk(other) => format!("{other:?}"),
        HostTimer::Held(new) => format!("held {} {:?}", new.number, new.message.id),
    }
}

fn chat_of(timer: &HostTimer) -> Option<(ChatId, bool)> {
    match timer {
        HostTimer::Desk(DeskTimer::Timeout { chat, .. } | DeskTimer::Idle { chat }) => Some((*chat, false)),
        HostTimer::Desk(DeskTimer::Later { chat, .. }) => Some((*chat, true)),
        _ => None,
    }
}

pub(super) fn copy(row: &LogRow) -> LogRow {
    LogRow { record: row.record.clone(), routed: row.routed.clone() }
}

impl Transaction for MemoryTransaction<'_> {
    fn inbox(&mut self) -> Result<InboxRow, StoreError> {
        Ok(self.tables.row.clone())
    }

    fn message(&mut self, key: &MessageKey) -> Result<Option<MessageRow>, StoreError> {
        let days = [key.day, key.day.saturating_sub(1), key.day.saturating_add(1)];
        Ok(days.iter().find_map(|day| self.tables.messages.get(&(key.hash, *day)).copied()))
    }

    fn customers_named(&mut self, names: &[CustomerName]) -> Result<Vec<CustomerRow>, StoreError> {
        let has =
            |row: &&CustomerRow| names.iter().any(|name| row.names.iter().any(|one| **one == *name.as_str()));
        Ok(self.tables.customers.values().filter(has).cloned().collect())
    }

    fn customer(&mut self, id: &str) -> Result<Option<CustomerRow>, StoreError> {
        Ok(self.tables.customers.get(id).cloned())
    }

    fn chat(&mut self, id: ChatId) -> Result<Option<ChatRow>, StoreError> {
        Ok(self.tables.chats.get(&id).cloned())
    }

    fn chats_of_customer(&mut self, customer: &str) -> Result<Vec<ChatRow>, StoreError> {
        let open = self.tables.chats.values().filter(|row| row.closed_at.is_none());
        Ok(open.filter(|row| *row.chat.customer == *customer).cloned().collect())
    }

    fn chats_of_user(&mut self, user: &str) -> Result<Vec<ChatRow>, StoreError> {
        let open = self.tables.chats.values().filter(|row| row.closed_at.is_none());
        Ok(open.filter(|row| row.chat.user().is_some_and(|one| **one == *user)).cloned().collect())
    }

    fn chats_waiting(&mut self, group: Option<&str>) -> Result<Vec<ChatRow>, StoreError> {
        let open =
            self.tables.chats.values().filter(|row| row.closed_at.is_none() && row.chat.user().is_none());
        let is_of = |row: &&ChatRow| group.is_none() || row.chat.group().map(|group| &**group) == group;
        Ok(open.filter(is_of).cloned().collect())
    }

    fn once(&mut self, customer: &str) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let of = self.tables.once.iter().filter(|((id, _), _)| **id == *customer);
        Ok(of.map(|((_, key), at)| (key.clone(), *at)).collect())
    }

    fn users(&mut self) -> Result<Vec<UserRow>, StoreError> {
        Ok(self.tables.users.values().cloned().collect())
    }

    fn turns(&mut self) -> Result<Vec<TurnRow>, StoreError> {
        let row = |(group, user): (&Arc<str>, &Arc<str>)| TurnRow {
            group: Arc::clone(group),
            user: Arc::clone(user),
        };
        Ok(self.tables.turns.iter().map(row).collect())
    }

    fn timers_due(&mut self, now: Timestamp, most: usize) -> Result<Vec<TimerRow>, StoreError> {
        let mut due: Vec<_> = self.tables.timers.iter().filter(|row| row.due <= now).cloned().collect();
        due.sort_by_key(|row| row.due);
        due.truncate(most);
        Ok(due)
    }

    fn log_from(&mut self, seq: u64, most: usize) -> Result<Vec<LogRecord>, StoreError> {
        let rows = self.tables.log.iter().filter(|row| row.record.seq >= seq);
        Ok(rows.take(most).map(|row| row.record.clone()).collect())
    }

    fn logged(&mut self, seq: u64) -> Result<Option<LogRow>, StoreError> {
        let row = self.tables.log.iter().find(|row| row.record.seq == seq);
        let message = row.filter(|row| matches!(row.record.kind, LogRecordKind::Message { .. }));
        Ok(message.map(|row| copy(row)))
    }

    fn rule_set(&mut self, digest: &str) -> Result<Option<RuleSetRow>, StoreError> {
        Ok(self.tables.rule_sets.get(digest).map(|(_, row)| row.clone()))
    }

    fn reply(&mut self, id: u64) -> Result<Option<OutboxRow>, StoreError> {
        Ok(self.tables.replies.get(&id).cloned())
    }

    fn reply_named(&mut self, name: ReplyName<'_>) -> Result<Option<OutboxRow>, StoreError> {
        let is_it = |row: &&OutboxRow| match name {
            ReplyName::Wamid(wamid) => row.wamid.as_deref() == Some(wamid),
            ReplyName::Caller(chat, id) => row.chat == Some(chat) && row.caller_id.as_deref() == Some(id),
        };
        Ok(self.tables.replies.values().find(is_it).cloned())
    }

    fn replies_due(
        &mut self,
        number: &str,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let is_due = |row: &&OutboxRow| *row.number == *number && row.due <= now;
        let mut due: Vec<_> = self.tables.first_replies().filter(is_due).cloned().collect();
        due.sort_by_key(|row| (row.due, row.id));
        due.truncate(most);
        Ok(due)
    }

    fn add_log(&mut self, row: &LogRow) -> Result<(), StoreError> {
        self.tables.row.seq = row.record.seq;
        self.tables.log.push(Arc::new(copy(row)));
        Ok(())
    }

    fn mark_unlogged(&mut self) -> Result<u64, StoreError> {
        self.store.stamps += 1;
        self.tables.row.unlogged = self.store.stamps;
        Ok(self.tables.row.unlogged)
    }

    fn put_message(&mut self, key: &MessageKey, row: MessageRow) -> Result<(), StoreError> {
        self.tables.messages.insert((key.hash, key.day), row);
        Ok(())
    }

    fn put_text(&mut self, row: &TextRow) -> Result<(), StoreError> {
        self.tables.texts.insert(row.seq, row.clone());
        Ok(())
    }

    fn edit_text(&mut self, seq: u64, text: Option<&str>) -> Result<(), StoreError> {
        if let Some(row) = self.tables.texts.get_mut(&seq) {
            row.text = text.map(str::to_owned);
            if text.is_none() {
                row.facts.clear();
            }
        }
        Ok(())
    }

    fn add_text(&mut self, seq: u64, text: &str) -> Result<(), StoreError> {
        if let Some(row) = self.tables.texts.get_mut(&seq) {
            row.text.get_or_insert_with(|| text.to_owned());
        }
        Ok(())
    }

    fn put_customer(&mut self, row: &CustomerRow) -> Result<(), StoreError> {
        self.tables.customers.insert(Arc::clone(&row.id), row.clone());
        Ok(())
    }

    fn merge_customer(&mut self, from: &str, into: &str) -> Result<(), StoreError> {
        let (tables, into) = (&mut self.tables, Arc::<str>::from(into));
        tables.customers.remove(from);
        for row in tables.chats.values_mut().filter(|row| *row.chat.customer == *from) {
            Arc::make_mut(&mut row.chat).customer = Arc::clone(&into);
        }
        for row in tables.texts.values_mut().filter(|row| *row.customer == *from) {
            row.customer = Arc::clone(&into);
        }
        for row in tables.replies.values_mut().filter(|row| *row.customer == *from) {
            row.customer = Arc::clone(&into);
        }
        for ((customer, key), at) in std::mem::take(&mut tables.once) {
            let customer = if *customer == *from { Arc::clone(&into) } else { customer };
            let last = tables.once.entry((customer, key)).or_insert(at);
            *last = at.max(*last);
        }
        Ok(())
    }

    fn forget_customer(&mut self, customer: &str) -> Result<(), StoreError> {
        self.tables.texts.retain(|_, row| *row.customer != *customer);
        let replies = self.tables.replies.values_mut();
        for row in replies.filter(|row| *row.customer == *customer && row.is_settled()) {
            row.text.clear();
            row.recipient = Arc::default();
        }
        for row in &mut self.tables.log {
            if matches!(&row.record.kind, LogRecordKind::Message { customer: one, .. } if **one == *customer)
            {
                *row = Arc::new(LogRow { record: row.record.clone(), routed: None });
            }
            if let LogRecordKind::Renamed { customer: one, .. } = &row.record.kind
                && **one == *customer
            {
                let mut record = row.record.clone();
                record.kind = LogRecordKind::Renamed { customer: Arc::clone(one), names: Vec::new() };
                *row = Arc::new(LogRow { record, routed: None });
            }
        }
        Ok(())
    }

    fn put_chat(&mut self, row: &ChatRow) -> Result<(), StoreError> {
        self.tables.chats.insert(row.chat.id, row.clone());
        Ok(())
    }

    fn rename_group(&mut self, from: &str, to: &str) -> Result<(), StoreError> {
        let json = serde_json::json!([{ "from": from, "to": to }]);
        let renamed: Vec<GroupRenamed> =
            serde_json::from_value(json).map_err(|error| StoreError::Damaged(error.to_string()))?;
        for row in self.tables.chats.values_mut().filter(|row| row.closed_at.is_none()) {
            Arc::make_mut(&mut row.chat).last.rename_groups(&renamed);
        }
        Ok(())
    }

    fn put_once(&mut self, customer: &str, key: &str, at: Timestamp) -> Result<(), StoreError> {
        self.tables.once.insert((customer.into(), key.to_owned()), at);
        Ok(())
    }

    fn put_user(&mut self, row: &UserRow) -> Result<(), StoreError> {
        self.tables.users.insert(Arc::clone(&row.id), row.clone());
        Ok(())
    }

    fn put_turn(&mut self, group: &str, user: Option<&str>) -> Result<(), StoreError> {
        match user {
            Some(user) => self.tables.turns.insert(group.into(), user.into()),
            None => self.tables.turns.remove(group),
        };
        Ok(())
    }

    fn set_timer(&mut self, row: &TimerRow) -> Result<(), StoreError> {
        self.drop_timer(&row.timer)?;
        self.tables.timers.push(row.clone());
        Ok(())
    }

    fn drop_timer(&mut self, timer: &HostTimer) -> Result<(), StoreError> {
        let dropped = identity(timer);
        self.tables.timers.retain(|row| identity(&row.timer) != dropped);
        Ok(())
    }

    fn drop_timers_of(&mut self, chat: ChatId, only_later: bool) -> Result<(), StoreError> {
        let is_dropped = |(id, is_later): (ChatId, bool)| id == chat && (is_later || !only_later);
        self.tables.timers.retain(|row| !chat_of(&row.timer).is_some_and(is_dropped));
        Ok(())
    }

    fn add_reply(&mut self, row: &OutboxRow) -> Result<u64, StoreError> {
        self.last_reply += 1;
        let row = OutboxRow { id: self.last_reply, ..row.clone() };
        self.tables.replies.insert(row.id, row);
        Ok(self.last_reply)
    }

    fn put_reply(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        self.tables.replies.insert(row.id, row.clone());
        Ok(())
    }

    fn add_notice(&mut self, row: &NoticeRow) -> Result<u64, StoreError> {
        let seq = self.tables.notices.len() as u64 + 1;
        self.tables.notices.push(NoticeRow { seq, ..row.clone() });
        Ok(seq)
    }

    fn activate(&mut self, row: &RuleSetRow) -> Result<(), StoreError> {
        (self.tables.row.rules, self.tables.row.rules_since) = (Some(Arc::clone(&row.digest)), Some(row.at));
        let sets = &mut self.tables.rule_sets;
        let last = sets.values().filter_map(|(seq, _)| *seq).max().unwrap_or_default();
        sets.insert(Arc::clone(&row.digest), (Some(last + 1), row.clone()));
        self.put_waiting(None)
    }

    fn put_waiting(&mut self, waiting: Option<(&RuleSetRow, u64)>) -> Result<(), StoreError> {
        let sets = &mut self.tables.rule_sets;
        sets.retain(|_, (seq, _)| seq.is_some());
        if let Some((row, _)) = waiting {
            sets.entry(Arc::clone(&row.digest)).or_insert_with(|| (None, row.clone()));
        }
        self.tables.row.waiting =
            waiting.map(|(row, differences)| WaitingSetRow { digest: Arc::clone(&row.digest), differences });
        Ok(())
    }

    fn put_snapshot(&mut self, seq: u64, body: &str) -> Result<(), StoreError> {
        self.tables.snapshots.insert(seq, body.to_owned());
        Ok(())
    }

    fn commit(mut self: Box<Self>) -> Result<u64, StoreError> {
        // By chance, as far as a run can: what was lost and what comes then have different ones.
        self.store.stamps += 1;
        let stamp = self.store.stamps;
        self.tables.row.stamp = stamp;
        self.store.current.inboxes.insert(Arc::clone(&self.inbox), Arc::new(self.tables));
        self.store.current.last_reply = self.last_reply;
        Ok(stamp)
    }
}
