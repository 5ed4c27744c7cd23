//! A store that fails: before it has written, while it writes, and after it has written but without saying
//! so.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::desk::{CustomerName, LogRecord};
use jiff::Timestamp;

use super::backend::Backend;
use super::random::Random;
use crate::store::{
    ChatRow, CustomerRow, DueInbox, DueReplies, HostTimer, InboxHead, InboxRow, LogRow, MessageKey,
    MessageRow, NoticeRow, OutboxRow, ReplyName, RuleSetRow, SessionRow, Store, StoreError, TextRow,
    TimerRow, Transaction, TurnRow, UserRow,
};

/// A store that fails.
pub(super) struct FaultyStore {
    pub(super) backend: Backend,
    /// How often something fails, in a thousand cases.
    pub(super) faults: u64,
    /// The inbox that cannot be read or written.
    pub(super) broken: Option<Arc<str>>,
    /// How often something has failed.
    pub(super) failed: Rc<RefCell<u64>>,
    random: Rc<RefCell<Random>>,
}

impl FaultyStore {
    pub(super) fn new(backend: Backend, random: Random) -> Self {
        let (failed, random) = (Rc::default(), Rc::new(RefCell::new(random)));
        Self { backend, faults: 0, broken: None, failed, random }
    }

    /// Whether something fails now that fails so many times as often as usual.
    fn fails(&self, times: u64) -> bool {
        let fails = self.random.borrow_mut().happens(self.faults * times);
        *self.failed.borrow_mut() += u64::from(fails);
        fails
    }
}

fn away() -> StoreError {
    StoreError::Away("the simulator".to_owned())
}

impl Store for FaultyStore {
    fn now(&mut self) -> Result<Timestamp, StoreError> {
        if self.fails(1) { Err(away()) } else { self.backend.now() }
    }

    fn begin(&mut self, inbox: &Arc<str>) -> Result<Box<dyn Transaction + '_>, StoreError> {
        if self.broken.as_ref() == Some(inbox) || self.fails(4) {
            return Err(away());
        }
        let (faults, random, failed) = (self.faults, Rc::clone(&self.random), Rc::clone(&self.failed));
        let inner = self.backend.store().begin(inbox)?;
        Ok(Box::new(FaultyTransaction { inner, faults, random, failed }))
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        let unknown = || StoreError::Unknown("the simulator".to_owned());
        if self.fails(4) {
            self.backend.lose();
            return Err(away());
        }
        if self.fails(4) {
            self.backend.lose();
            return Err(unknown());
        }
        self.backend.store().sync()?;
        if self.fails(4) { Err(unknown()) } else { Ok(()) }
    }

    fn heads(&mut self) -> Result<Vec<InboxHead>, StoreError> {
        if self.fails(1) { Err(away()) } else { self.backend.store().heads() }
    }

    fn count_nodes(&mut self, node: u64) -> Result<usize, StoreError> {
        if self.fails(1) { Err(away()) } else { self.backend.count_nodes(node) }
    }

    fn leave(&mut self, node: u64) -> Result<(), StoreError> {
        self.backend.store().leave(node)
    }

    fn timers_due(&mut self, most: usize) -> Result<Vec<DueInbox>, StoreError> {
        if self.fails(2) { Err(away()) } else { self.backend.store().timers_due(most) }
    }

    fn replies_due(&mut self, most: usize) -> Result<Vec<DueReplies>, StoreError> {
        if self.fails(2) { Err(away()) } else { self.backend.store().replies_due(most) }
    }

    fn put_session(&mut self, row: &SessionRow) -> Result<(), StoreError> {
        self.backend.store().put_session(row)
    }

    fn delete_session(&mut self, hash: &[u8; 32]) -> Result<(), StoreError> {
        self.backend.store().delete_session(hash)
    }

    fn retain_sessions(&mut self, tokens: &[[u8; 32]]) -> Result<(), StoreError> {
        self.backend.store().retain_sessions(tokens)
    }

    fn expire(&mut self, messages: i32, texts: Timestamp, events: Timestamp) -> Result<bool, StoreError> {
        self.backend.store().expire(messages, texts, events)
    }
}

struct FaultyTransaction<'s> {
    inner: Box<dyn Transaction + 's>,
    faults: u64,
    random: Rc<RefCell<Random>>,
    failed: Rc<RefCell<u64>>,
}

impl FaultyTransaction<'_> {
    fn check(&self) -> Result<(), StoreError> {
        let fails = self.faults > 0 && self.random.borrow_mut().happens(1 + self.faults / 20);
        *self.failed.borrow_mut() += u64::from(fails);
        if fails { Err(away()) } else { Ok(()) }
    }
}

macro_rules! pass_on {
    ($(fn $name:ident(&mut self $(, $argument:ident: $kind:ty)*) -> $result:ty;)*) => {
        $(fn $name(&mut self $(, $argument: $kind)*) -> Result<$result, StoreError> {
            self.check()?;
            self.inner.$name($($argument),*)
        })*
    };
}

impl Transaction for FaultyTransaction<'_> {
    pass_on! {
        fn inbox(&mut self) -> InboxRow;
        fn prefetch(
            &mut self,
            messages: &mut dyn Iterator<Item = MessageKey>,
            names: &mut dyn Iterator<Item = CustomerName>,
            replies: &mut dyn Iterator<Item = u64>
        ) -> ();
        fn message(&mut self, key: &MessageKey) -> Option<MessageRow>;
        fn customers_named(&mut self, names: &[CustomerName]) -> Vec<CustomerRow>;
        fn customer(&mut self, id: &str) -> Option<CustomerRow>;
        fn chat(&mut self, id: ChatId) -> Option<ChatRow>;
        fn chats_of_customer(&mut self, customer: &str) -> Vec<ChatRow>;
        fn chats_of_user(&mut self, user: &str) -> Vec<ChatRow>;
        fn chats_waiting(&mut self, group: Option<&str>) -> Vec<ChatRow>;
        fn once(&mut self, customer: &str) -> BTreeMap<String, Timestamp>;
        fn users(&mut self) -> Vec<UserRow>;
        fn turns(&mut self) -> Vec<TurnRow>;
        fn timers_due(&mut self, now: Timestamp, most: usize) -> Vec<TimerRow>;
        fn waiting(&mut self, of: Option<(&[ChatId], &[Arc<str>])>) -> Vec<(ChatRow, CustomerRow)>;
        fn log_from(&mut self, seq: u64, most: usize) -> Vec<LogRecord>;
        fn logged(&mut self, seq: u64) -> Option<LogRow>;
        fn rule_set(&mut self, digest: &str) -> Option<RuleSetRow>;
        fn reply(&mut self, id: u64) -> Option<OutboxRow>;
        fn reply_named(&mut self, name: ReplyName<'_>) -> Option<OutboxRow>;
        fn replies_due(&mut self, number: &str, now: Timestamp, most: usize) -> Vec<OutboxRow>;
        fn add_log(&mut self, row: &LogRow) -> ();
        fn mark_unlogged(&mut self) -> u64;
        fn put_message(&mut self, key: &MessageKey, row: MessageRow) -> ();
        fn put_text(&mut self, row: &TextRow) -> ();
        fn edit_text(&mut self, seq: u64, text: Option<&str>) -> ();
        fn add_text(&mut self, seq: u64, text: &str) -> ();
        fn put_customer(&mut self, row: &CustomerRow) -> ();
        fn merge_customer(&mut self, from: &str, into: &str) -> ();
        fn forget_customer(&mut self, customer: &str) -> ();
        fn put_chat(&mut self, row: &ChatRow) -> ();
        fn rename_group(&mut self, from: &str, to: &str) -> ();
        fn put_once(&mut self, customer: &str, key: &str, at: Timestamp) -> ();
        fn put_user(&mut self, row: &UserRow) -> ();
        fn put_turn(&mut self, group: &str, user: Option<&str>) -> ();
        fn set_timer(&mut self, row: &TimerRow) -> ();
        fn drop_timer(&mut self, timer: &HostTimer) -> ();
        fn drop_timers_of(&mut self, chat: ChatId, only_later: bool) -> ();
        fn add_reply(&mut self, row: &OutboxRow) -> u64;
        fn put_reply(&mut self, row: &OutboxRow) -> ();
        fn add_notice(&mut self, row: &NoticeRow) -> u64;
        fn activate(&mut self, row: &RuleSetRow) -> ();
        fn put_waiting(&mut self, waiting: Option<(&RuleSetRow, u64)>) -> ();
        fn put_snapshot(&mut self, seq: u64, body: &str) -> ();
    }

    fn commit(self: Box<Self>) -> Result<u64, StoreError> {
        self.check()?;
        self.inner.commit()
    }
}
