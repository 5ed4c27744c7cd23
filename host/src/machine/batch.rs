//! A batch: the items that wait for an inbox, handled in one transaction.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use inbox_rules::Release;
use jiff::Timestamp;

use super::item::{Answer, Item, Refused};
use super::live_inbox::{Account, InboxSettings, LiveInbox};
use super::why::{SNAPSHOT_EVERY, Snapshot};
use super::{chats, customers, messages, notices, outbox, rules, timers, users};
use crate::store::{StoreError, Transaction};

/// What a batch has led to.
#[derive(Default)]
pub struct BatchResult {
    /// What became of each item, in order.
    pub answers: Vec<Result<Answer, StoreError>>,
    /// The numbers from which replies wait to be sent.
    pub numbers: BTreeSet<Arc<str>>,
    /// Messages that were not decided, by reason.
    pub ignored: BTreeMap<&'static str, u64>,
    /// The number of messages that each rule decided, by its name; `None`: no rule did.
    pub decisions: BTreeMap<Option<Arc<str>>, u64>,
    /// The `seq` of the inbox's log afterwards.
    pub seq: u64,
    /// The rules that are active afterwards.
    pub release: Arc<Release>,
    /// If another node has brought them: since when they are, and by whom.
    pub followed: Option<FollowedRules>,
}

/// Rules that another node has brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowedRules {
    /// Since when they are active.
    pub since: Timestamp,
    /// Who has brought them.
    pub by: Arc<str>,
}

impl BatchResult {
    /// Adds what came after.
    pub(super) fn append(&mut self, mut later: Self) {
        self.answers.append(&mut later.answers);
        self.numbers.append(&mut later.numbers);
        for (why, count) in later.ignored {
            *self.ignored.entry(why).or_default() += count;
        }
        for (rule, count) in later.decisions {
            *self.decisions.entry(rule).or_default() += count;
        }
        (self.seq, self.release) = (later.seq, later.release);
        self.followed = later.followed.or(self.followed.take());
    }
}

/// A batch that is being handled.
pub(super) struct Batch<'b> {
    pub(super) tx: &'b mut dyn Transaction,
    pub(super) live: &'b mut LiveInbox,
    pub(super) settings: &'b InboxSettings,
    pub(super) now: Timestamp,
    pub(super) result: BatchResult,
}

/// What handling an item gives.
pub(super) type Handled = Result<Answer, ItemError>;

/// Why an item, or the whole batch, is not done.
pub(super) enum ItemError {
    /// The item cannot be done, and has changed nothing.
    Refused(Refused),
    /// The store has failed: nothing of the batch is done.
    Store(StoreError),
}

impl From<StoreError> for ItemError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Refused> for ItemError {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

/// Handles the items of an inbox in a transaction of the store, at the moment `now`. `live` is what is kept
/// of it in memory; `None`: it is loaded. If this fails, what is in memory is not what the store has, and is
/// to be dropped, and the transaction with it.
///
/// # Errors
///
/// [`StoreError`]: no item is done.
pub fn handle_batch(
    tx: &mut dyn Transaction,
    live: &mut Option<Box<LiveInbox>>,
    release: &Arc<Release>,
    settings: &InboxSettings,
    items: &[Item],
    now: Timestamp,
) -> Result<BatchResult, StoreError> {
    let mut loaded = current(tx, live.take(), release, settings)?;
    let before = loaded.desk.seq();
    let mut batch = Batch { tx, live: &mut loaded, settings, now, result: BatchResult::default() };
    batch.prefetch(items)?;
    if batch.live.rules_are_new {
        let release = Arc::clone(&batch.live.release);
        let by = brought_by(items, &release);
        store_error(rules::activate_first(&mut batch, release, by))?;
    }
    for item in items {
        let answer = match batch.handle(item) {
            Ok(answer) => answer,
            Err(ItemError::Refused(refused)) => Answer::Refused(refused),
            Err(ItemError::Store(error)) => return Err(error),
        };
        batch.result.answers.push(Ok(answer));
    }
    let mut result = batch.result;
    result.seq = loaded.desk.seq();
    result.release = Arc::clone(&loaded.release);
    if before / SNAPSHOT_EVERY < result.seq / SNAPSHOT_EVERY {
        let snapshot = Snapshot { rules: loaded.release.digest.clone(), roster: loaded.desk.roster().save() };
        let body =
            serde_json::to_string(&snapshot).map_err(|error| StoreError::Damaged(error.to_string()))?;
        tx.put_snapshot(result.seq, &body)?;
    }
    *live = Some(loaded);
    Ok(result)
}

/// Who brings the first rules: whoever one of the items names, or else they are those of the folder.
fn brought_by<'i>(items: &'i [Item], first: &Release) -> &'i str {
    let brought = items.iter().find_map(|item| match item {
        Item::Rules { release, by } if release.digest == first.digest => Some(by.as_str()),
        _ => None,
    });
    brought.unwrap_or("folder")
}

/// The live inbox as the store has it. Another node may have written since.
fn current(
    tx: &mut dyn Transaction,
    live: Option<Box<LiveInbox>>,
    release: &Arc<Release>,
    settings: &InboxSettings,
) -> Result<Box<LiveInbox>, StoreError> {
    if let Some(mut live) = live {
        let row = tx.inbox()?;
        if row.stamp == live.stamp || live.catch_up(tx, &row)? {
            return Ok(live);
        }
    }
    LiveInbox::load(tx, release, settings).map(Box::new)
}

/// A failure of the store, from a step that refuses nothing.
fn store_error(handled: Handled) -> Result<(), StoreError> {
    match handled {
        Err(ItemError::Store(error)) => Err(error),
        Err(ItemError::Refused(refused)) => Err(StoreError::Damaged(refused.to_string())),
        Ok(_) => Ok(()),
    }
}

impl Batch<'_> {
    /// The account of a number; one with the usual settings if it has none.
    pub(super) fn account(&self, number: &str) -> Account {
        let account = self.settings.accounts.of_number(self.live.release.set.inbox(), number);
        account.cloned().unwrap_or_default()
    }

    fn prefetch(&mut self, items: &[Item]) -> Result<(), StoreError> {
        let messages =
            || items.iter().filter_map(|item| if let Item::Message(new) = item { Some(new) } else { None });
        let mut keys = messages().filter_map(|new| messages::key(new, self.now));
        let mut names = messages().flat_map(|new| new.customer_names());
        let mut replies = items.iter().filter_map(|item| match item {
            Item::Status(status) => outbox::reply_id(status),
            Item::Sent { id, .. } => Some(*id),
            _ => None,
        });
        self.tx.prefetch(&mut keys, &mut names, &mut replies)
    }

    fn handle(&mut self, item: &Item) -> Handled {
        match item {
            Item::Message(new) => messages::message(self, new),
            Item::Edit { number, id, at, text } => messages::edit(self, number, id, *at, text.as_deref()),
            Item::Rename { old, new } => customers::rename(self, old, new),
            Item::PutCustomer(key, change) => customers::put(self, key, change),
            Item::ForgetCustomer(key) => customers::forget(self, key),
            Item::Echo { number, to } => chats::echo(self, number, to),
            Item::Chat(id, action) => chats::act(self, *id, action),
            Item::User(user, change) => users::change(self, user, change),
            Item::Notice { kind, number, customer, body } => {
                notices::notice(self, kind, number.as_ref(), customer, body)
            }
            Item::Status(status) => outbox::status(self, status),
            Item::Lease(most) => outbox::lease(self, most),
            Item::Sent { id, lease, outcome } => outbox::sent(self, *id, *lease, outcome),
            Item::Rules { release, by } => rules::activate(self, Arc::clone(release), by),
            Item::EditedRules { base, release, by } => rules::replace(self, base, release, by),
            Item::WaitingRules { base, digest, folder, differences, by } => {
                let set = rules::set_of(digest, folder, self.now, by);
                rules::wait(self, base, &set, *differences)
            }
            Item::Timers => timers::timers(self),
        }
    }
}
