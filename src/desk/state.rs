//! The live state of an inbox.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::chat::ChatRecord;
use super::context::EventContext;
use super::effect::Effects;
use super::error::DeskError;
use super::event::DeskEvent;
use super::facts::Facts;
use super::record::LogRecordKind;
use super::tables::DeskTables;
use super::{by_hand, message, resume, rules, users};
use crate::engine::{ChatId, RouteError, WaitingChat, WaitingChats};
use crate::inbox::Inbox;
use crate::load::RuleSet;
use crate::roster::{Rebased, RestoreError, Roster, RosterState};
use crate::situation::Customer;

/// The live state of an inbox: who is there, which chats wait, and how far the log has come. All else is in the store, and comes
/// with each event as [`Facts`].
#[derive(Debug, Clone)]
pub struct Desk {
    /// The settings.
    pub settings: DeskSettings,
    pub(super) roster: Roster,
    pub(super) waiting: WaitingChats,
    /// The customers of the chats that wait.
    pub(super) waiting_customers: BTreeMap<ChatId, WaitingCustomer>,
    /// Until when users have the presence that they have, if it ends.
    pub(super) presence_ends: BTreeMap<Arc<str>, Timestamp>,
    pub(super) seq: u64,
}

/// The customer of a chat that waits.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WaitingCustomer {
    pub(super) id: Arc<str>,
    pub(super) owner: Option<Arc<str>>,
}

impl WaitingCustomer {
    pub(super) fn of(facts: &Facts) -> Self {
        Self::new(&facts.customer_id, &facts.customer)
    }

    fn new(id: &Arc<str>, customer: &Customer) -> Self {
        let owner = customer.owner.as_deref().filter(|owner| !owner.is_empty());
        Self { id: Arc::clone(id), owner: owner.map(Arc::from) }
    }
}

/// The settings of a desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeskSettings {
    /// The seed of the dice.
    pub seed: u64,
    /// A chat is closed when neither the customer nor a user has written in it for so long.
    pub close_after: Duration,
    /// A message that was older than this when it came is decided, but not replied to.
    pub reply_within: Duration,
}

impl Default for DeskSettings {
    fn default() -> Self {
        const HOUR: Duration = Duration::from_secs(3600);
        Self { seed: 0, close_after: 12 * HOUR, reply_within: HOUR }
    }
}

/// The state of a [`Desk`], which a host can store, for example as JSON.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeskState {
    roster: RosterState,
    waiting: WaitingChats,
    waiting_customers: BTreeMap<ChatId, WaitingCustomer>,
    presence_ends: BTreeMap<Arc<str>, Timestamp>,
    seq: u64,
}

impl DeskState {
    /// The state as the tables of a host tell it, instead of a desk's [`save`](Desk::save). `inbox` is that of the rules under which
    /// the tables were written, which is why a host stores them too: only then is a group found that has another name now.
    pub fn of_tables(inbox: &Inbox, tables: DeskTables) -> Self {
        let (mut waiting, mut waiting_customers) = (WaitingChats::new(), BTreeMap::new());
        let roster = tables.roster_state();
        let DeskTables { chats, presence_ends, seq, .. } = tables;
        for (chat, customer) in chats {
            if let Some((waits, customer)) = waits(inbox, &chat, &customer) {
                waiting_customers.insert(chat.id, customer);
                waiting.insert(waits);
            }
        }
        Self { roster, waiting, waiting_customers, presence_ends, seq }
    }
}

/// The chat as one that waits, and its customer, unless it cannot be given by the rules.
pub(super) fn waits(
    inbox: &Inbox,
    chat: &ChatRecord,
    customer: &Customer,
) -> Option<(WaitingChat, WaitingCustomer)> {
    let since = chat.waiting_since.unwrap_or(chat.opened_at);
    let waits = WaitingChat::new(chat.id, &chat.last, customer.known_to(inbox).into_owned(), since)?;
    Some((waits, WaitingCustomer::new(&chat.customer, customer)))
}

impl Desk {
    /// The desk of an inbox in which nothing has happened: everybody is offline.
    pub fn new(inbox: &Inbox, settings: DeskSettings) -> Self {
        Self {
            settings,
            roster: Roster::new(inbox),
            waiting: WaitingChats::new(),
            waiting_customers: BTreeMap::new(),
            presence_ends: BTreeMap::new(),
            seq: 0,
        }
    }

    /// The state, by names.
    pub fn save(&self) -> DeskState {
        DeskState {
            roster: self.roster.save(),
            waiting: self.waiting.clone(),
            waiting_customers: self.waiting_customers.clone(),
            presence_ends: self.presence_ends.clone(),
            seq: self.seq,
        }
    }

    /// The desk in this state. If the inbox has changed since the state was saved, a host writes the new names of groups into its
    /// open chats, and [`DeskEvent::Rules`] is the first event, which says whose chats are to be decided afresh.
    ///
    /// # Errors
    ///
    /// [`RestoreError`], if the state does not fit the inbox.
    pub fn restore(
        inbox: &Inbox,
        state: DeskState,
        settings: DeskSettings,
    ) -> Result<(Self, Rebased), RestoreError> {
        let DeskState { roster, mut waiting, waiting_customers, presence_ends, seq } = state;
        let (roster, rebased) = Roster::restore(inbox, roster)?;
        waiting.rename_groups(&rebased.groups_renamed);
        Ok((Self { settings, roster, waiting, waiting_customers, presence_ends, seq }, rebased))
    }

    /// Who is there.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// The chats that wait for somebody to whom the rules can give them. Those that a person has put into a queue to be taken by
    /// hand are only counted in the roster.
    pub fn waiting(&self) -> &WaitingChats {
        &self.waiting
    }

    /// Until when the user has the presence that they have; `None`: it does not end.
    pub fn presence_ends(&self, user: &str) -> Option<Timestamp> {
        self.presence_ends.get(user).copied()
    }

    /// The position of the last entry in the log.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// Handles an event at the moment `now`, by the rules of `set`. What comes out is for the host to store and carry out.
    ///
    /// ```
    /// use inbox_rules::desk::{ChatChange, Desk, DeskEvent, DeskSettings, Facts};
    /// use inbox_rules::{Inbox, Message, Presence, RuleSet, Source};
    ///
    /// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[groups]\nSales = [\"alice\"]"));
    /// let rules = "otherwise: assign group \"Sales\" by least_chats among online, reply \"One moment.\"";
    /// let set = RuleSet::parse("+15550100.rules", rules, &inbox)?;
    /// let mut desk = Desk::new(set.inbox(), DeskSettings::default());
    ///
    /// // A customer writes while nobody is online.
    /// let message = Box::new(Message { id: Some("wamid.A1".to_owned()), ..Message::default() });
    /// let facts = Facts { customer_id: "c1".into(), ..Facts::default() };
    /// let event = DeskEvent::Message { number: "+15550100".into(), message };
    /// let effects = desk.handle(&set, event, &facts, "2026-11-24T18:30:00Z".parse()?)?;
    /// assert_eq!((effects.replies.len(), desk.waiting().len()), (1, 1));
    ///
    /// // Alice comes, and is given the chat. She owns the customer from now on.
    /// let event = DeskEvent::Presence { user: "alice".into(), presence: Presence::Online, until: None };
    /// let effects = desk.handle(&set, event, &Facts::default(), "2026-11-24T18:31:00Z".parse()?)?;
    /// assert!(matches!(&effects.chats[..], [ChatChange::Given { .. }]));
    /// assert_eq!(&*effects.owners["c1"], "alice");
    ///
    /// let log: Vec<_> = effects.records.iter().map(|record| serde_json::to_value(record).unwrap()).collect();
    /// assert_eq!(log[1], serde_json::json!({
    ///     "seq": 4, "at": "2026-11-24T18:31:00Z", "kind": "assigned",
    ///     "chat": 1, "user": "alice", "group": "Sales", "by": "least_chats", "cause": "queue", "from": { "queue": "Sales" },
    /// }));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`DeskError`]. The desk is then as it was.
    pub fn handle(
        &mut self,
        set: &RuleSet,
        event: DeskEvent,
        facts: &Facts,
        now: Timestamp,
    ) -> Result<Effects, DeskError> {
        // An event that changes the roster and then fails to drain would leave it changed.
        if !matches!(event, DeskEvent::Rules { .. }) && !self.roster.is_of(set.inbox()) {
            return Err(RouteError::OtherInbox.into());
        }
        let mut context = EventContext { desk: self, set, facts, now, effects: Effects::default() };
        let cx = &mut context;
        match event {
            DeskEvent::Message { number, message } => message::message(cx, number, *message),
            DeskEvent::Timeout(timer) => resume::timeout(cx, &timer),
            DeskEvent::Later { later, too_late } => {
                message::later(cx, &later, too_late);
                Ok(())
            }
            DeskEvent::Idle => resume::idle(cx),
            DeskEvent::Answered(user) => resume::answered(cx, user),
            DeskEvent::Take(user) => by_hand::take(cx, &user),
            DeskEvent::Transfer(target) => by_hand::transfer(cx, &target),
            DeskEvent::Close(cause) => by_hand::close(cx, cause),
            DeskEvent::CustomerChanged => by_hand::customer_changed(cx),
            DeskEvent::CustomerEdited => {
                cx.record(LogRecordKind::Customer { customer: Arc::clone(&facts.customer_id) }, None);
                Ok(())
            }
            DeskEvent::CustomerRenamed(names) => {
                cx.record(LogRecordKind::Renamed { customer: Arc::clone(&facts.customer_id), names }, None);
                Ok(())
            }
            DeskEvent::Presence { user, presence, until } => users::presence(cx, user, presence, until),
            DeskEvent::PresenceEnded(user) => users::presence_ended(cx, &user),
            DeskEvent::Capacity { user, capacity } => users::capacity(cx, user, capacity),
            DeskEvent::Rules { digest } => rules::rules(cx, digest),
            DeskEvent::Afresh => resume::afresh(cx),
            DeskEvent::Drain => cx.drain(),
        }?;
        Ok(context.effects)
    }
}
