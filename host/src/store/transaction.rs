//! What a store gives to whoever decides.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::desk::{CustomerName, LogRecord};
use jiff::Timestamp;

use super::error::StoreError;
use super::rows::{
    ChatRow, CustomerRow, DueInbox, DueReplies, HostTimer, InboxHead, InboxRow, LogRow, MessageKey,
    MessageRow, NoticeRow, OutboxRow, RuleSetRow, SessionRow, TextRow, TimerRow, TurnRow, UserRow,
};

/// A store that is written by one thread, or by one connection of a pool.
pub trait Store {
    /// The time by the store's clock, the only one that counts.
    ///
    /// # Errors
    ///
    /// [`StoreError::Away`].
    fn now(&mut self) -> Result<Timestamp, StoreError>;

    /// Begins a transaction over one inbox, which nobody else can write meanwhile. Dropped without
    /// [`commit`](Transaction::commit) it leaves nothing.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn begin(&mut self, inbox: &Arc<str>) -> Result<Box<dyn Transaction + '_>, StoreError>;

    /// Makes durable what was committed since the last call: several inboxes share one write to the disk.
    ///
    /// # Errors
    ///
    /// [`StoreError`]: all that was committed since the last call is lost, or with [`StoreError::Unknown`]
    /// perhaps not.
    fn sync(&mut self) -> Result<(), StoreError>;

    /// The inboxes with a timer that is due, and the earliest moments of the others, at most `most`, by
    /// moment.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn timers_due(&mut self, most: usize) -> Result<Vec<DueInbox>, StoreError>;

    /// The numbers with replies that are to be sent, whose lease is over, or whose answer was lost: each with
    /// its earliest moment.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn replies_due(&mut self, most: usize) -> Result<Vec<DueReplies>, StoreError>;

    /// How far each inbox is that was ever written. A store that only this process writes has none to tell.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn heads(&mut self) -> Result<Vec<InboxHead>, StoreError> {
        Ok(Vec::new())
    }

    /// Notes that the node with this id, which it has chosen by chance, is alive. The answer is how many nodes
    /// are: those that have said so within the last 10 seconds by the store's clock, this one included.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn count_nodes(&mut self, _node: u64) -> Result<usize, StoreError> {
        Ok(1)
    }

    /// Notes that the node with this id ends, so that it is no longer counted.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn leave(&mut self, _node: u64) -> Result<(), StoreError> {
        Ok(())
    }

    /// Keeps a session of the page, which [`sync`](Self::sync) makes durable.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn put_session(&mut self, row: &SessionRow) -> Result<(), StoreError>;

    /// Drops the session of the page with this hash, which [`sync`](Self::sync) makes durable.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn delete_session(&mut self, hash: &[u8; 32]) -> Result<(), StoreError>;

    /// Drops the sessions of the page that began with none of the tokens that have these hashes, which
    /// [`sync`](Self::sync) makes durable.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn retain_sessions(&mut self, tokens: &[[u8; 32]]) -> Result<(), StoreError>;

    /// Drops what is older than it is to be kept, a bounded piece a call, which [`sync`](Self::sync) makes
    /// durable. `true`: there is more. `messages` is the first day of messages that is kept. What is kept for
    /// as long as texts: notices, and replies that are settled; for as long as events: closed chats and
    /// snapshots. No text outlives its entry in the log. Sessions go when they have ended.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    fn expire(&mut self, messages: i32, texts: Timestamp, events: Timestamp) -> Result<bool, StoreError>;
}

/// A transaction over one inbox. What is written is read again by the same transaction.
#[expect(clippy::missing_errors_doc, reason = "each call fails as the store does: `StoreError`")]
pub trait Transaction {
    /// The inbox as it is at the beginning.
    fn inbox(&mut self) -> Result<InboxRow, StoreError>;
    /// Says which messages, customers and replies will be read, so that a store across a network reads them at once. One
    /// that has them at hand asks for none.
    fn prefetch(
        &mut self,
        _messages: &mut dyn Iterator<Item = MessageKey>,
        _names: &mut dyn Iterator<Item = CustomerName>,
        _replies: &mut dyn Iterator<Item = u64>,
    ) -> Result<(), StoreError> {
        Ok(())
    }

    /// The message, if it came before.
    fn message(&mut self, key: &MessageKey) -> Result<Option<MessageRow>, StoreError>;
    /// The customers who have one of these names, each once.
    fn customers_named(&mut self, names: &[CustomerName]) -> Result<Vec<CustomerRow>, StoreError>;
    /// The customer with this id, or into whom the one with this id was merged.
    fn customer(&mut self, id: &str) -> Result<Option<CustomerRow>, StoreError>;
    /// The chat with this id, open or closed.
    fn chat(&mut self, id: ChatId) -> Result<Option<ChatRow>, StoreError>;
    /// The open chats of a customer, with all numbers.
    fn chats_of_customer(&mut self, customer: &str) -> Result<Vec<ChatRow>, StoreError>;
    /// The open chats of a user.
    fn chats_of_user(&mut self, user: &str) -> Result<Vec<ChatRow>, StoreError>;
    /// The open chats that wait in the queue of a group; `None`: all that wait.
    fn chats_waiting(&mut self, group: Option<&str>) -> Result<Vec<ChatRow>, StoreError>;
    /// When replies with these keys were last sent to the customer.
    fn once(&mut self, customer: &str) -> Result<BTreeMap<String, Timestamp>, StoreError>;
    /// The figures of all users who have some.
    fn users(&mut self) -> Result<Vec<UserRow>, StoreError>;
    /// Whose turn it was last in each group.
    fn turns(&mut self) -> Result<Vec<TurnRow>, StoreError>;
    /// The timers that are due at `now`, at most `most`, the earliest first.
    fn timers_due(&mut self, now: Timestamp, most: usize) -> Result<Vec<TimerRow>, StoreError>;
    /// The open chats that wait, each with its customer: all of them, or those of these customers and of the
    /// customers of these chats. A store across a network reads them at once.
    fn waiting(
        &mut self,
        of: Option<(&[ChatId], &[Arc<str>])>,
    ) -> Result<Vec<(ChatRow, CustomerRow)>, StoreError> {
        let Some((chats, customers)) = of else {
            let rows = self.chats_waiting(None)?.into_iter();
            return rows
                .map(|row| Ok((row.clone(), self.customer(&row.chat.customer)?.unwrap_or_default())))
                .collect();
        };
        let mut ids: BTreeSet<Arc<str>> = customers.iter().cloned().collect();
        for chat in chats {
            ids.extend(self.chat(*chat)?.map(|row| Arc::clone(&row.chat.customer)));
        }
        let mut waiting = Vec::new();
        for id in ids {
            let Some(customer) = self.customer(&id)? else { continue };
            let open = self.chats_of_customer(&id)?.into_iter().filter(|row| row.chat.user().is_none());
            waiting.extend(open.map(|row| (row, customer.clone())));
        }
        Ok(waiting)
    }
    /// The entries of the log from `seq` on, at most `most`.
    fn log_from(&mut self, seq: u64, most: usize) -> Result<Vec<LogRecord>, StoreError>;
    /// The message entry of the log with this `seq`.
    fn logged(&mut self, seq: u64) -> Result<Option<LogRow>, StoreError>;
    /// The rule set with this digest.
    fn rule_set(&mut self, digest: &str) -> Result<Option<RuleSetRow>, StoreError>;
    /// The reply with this id.
    fn reply(&mut self, id: u64) -> Result<Option<OutboxRow>, StoreError>;
    /// The reply with this id of WhatsApp, or of a caller.
    fn reply_named(&mut self, name: ReplyName<'_>) -> Result<Option<OutboxRow>, StoreError>;
    /// The replies from `number` that can be tried at `now`, the earliest first: those that wait, whose lease
    /// is over, or whose answer was lost. Of each customer only the first that is not settled: whose `due` is
    /// not the latest moment that there is.
    fn replies_due(
        &mut self,
        number: &str,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<OutboxRow>, StoreError>;

    /// Adds an entry to the log. The inbox's `seq` follows.
    fn add_log(&mut self, row: &LogRow) -> Result<(), StoreError>;
    /// Gives [`InboxRow::unlogged`] another number, by chance, which is the answer.
    fn mark_unlogged(&mut self) -> Result<u64, StoreError>;
    /// Adds or changes a message.
    fn put_message(&mut self, key: &MessageKey, row: MessageRow) -> Result<(), StoreError>;
    /// Adds or changes the text of a decision. Its entry is in the log, or is added by the same transaction.
    fn put_text(&mut self, row: &TextRow) -> Result<(), StoreError>;
    /// Replaces the text of a decision, or strikes it out, and with it the facts, which hold it too.
    fn edit_text(&mut self, seq: u64, text: Option<&str>) -> Result<(), StoreError>;
    /// Adds the text of a decision that has none.
    fn add_text(&mut self, seq: u64, text: &str) -> Result<(), StoreError>;
    /// Adds or changes a customer with all the names. A name that another customer had is taken from them.
    fn put_customer(&mut self, row: &CustomerRow) -> Result<(), StoreError>;
    /// A customer is another one from now on: names, open chats, `once per`, texts and replies go to them,
    /// and the row goes. Closed chats are theirs too, and the id names the other. The caller writes the other's row.
    fn merge_customer(&mut self, from: &str, into: &str) -> Result<(), StoreError>;
    /// Forgets the customer's texts, of messages and of replies, what the log tells of decisions besides the
    /// entries themselves, and the names in the entries. The caller writes the customer's row.
    fn forget_customer(&mut self, customer: &str) -> Result<(), StoreError>;
    /// Adds or changes a chat. One that is closed stays so, and what the customer wrote is not kept with it.
    fn put_chat(&mut self, row: &ChatRow) -> Result<(), StoreError>;
    /// Gives a group another name in the open chats.
    fn rename_group(&mut self, from: &str, to: &str) -> Result<(), StoreError>;
    /// A reply with this key was sent to the customer.
    fn put_once(&mut self, customer: &str, key: &str, at: Timestamp) -> Result<(), StoreError>;
    /// Changes a user's figures.
    fn put_user(&mut self, row: &UserRow) -> Result<(), StoreError>;
    /// Changes whose turn it was last; `None`: the group has no turn any more.
    fn put_turn(&mut self, group: &str, user: Option<&str>) -> Result<(), StoreError>;
    /// Sets a timer. A chat has one of each kind at most, except what is put off, and a user has one: it
    /// takes the place of the one before.
    fn set_timer(&mut self, row: &TimerRow) -> Result<(), StoreError>;
    /// Drops the timers that this one would take the place of, or this one itself.
    fn drop_timer(&mut self, timer: &HostTimer) -> Result<(), StoreError>;
    /// Drops the timers of a chat: all of them, or only those for `after`.
    fn drop_timers_of(&mut self, chat: ChatId, only_later: bool) -> Result<(), StoreError>;
    /// Adds a reply; the answer is its id.
    fn add_reply(&mut self, row: &OutboxRow) -> Result<u64, StoreError>;
    /// Changes a reply.
    fn put_reply(&mut self, row: &OutboxRow) -> Result<(), StoreError>;
    /// Adds a notice; the answer is its `seq`.
    fn add_notice(&mut self, row: &NoticeRow) -> Result<u64, StoreError>;
    /// Makes these rules the active ones since `at`, and keeps them. None wait any more.
    fn activate(&mut self, row: &RuleSetRow) -> Result<(), StoreError>;
    /// Keeps rules that wait to be accepted, and how many cases they decide differently, in the place of those that
    /// waited before. `None`: none wait any more.
    fn put_waiting(&mut self, waiting: Option<(&RuleSetRow, u64)>) -> Result<(), StoreError>;
    /// Keeps the state that a replay of the log can begin from, after the entry `seq`.
    fn put_snapshot(&mut self, seq: u64, body: &str) -> Result<(), StoreError>;

    /// Ends the transaction; [`Store::sync`] makes it durable. The answer is the inbox's new
    /// [stamp](InboxRow::stamp).
    fn commit(self: Box<Self>) -> Result<u64, StoreError>;
}

/// What a reply is called by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyName<'n> {
    /// By WhatsApp.
    Wamid(&'n str),
    /// By the caller who sent it in this chat.
    Caller(ChatId, &'n str),
}
