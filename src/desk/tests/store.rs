//! A host in memory: it keeps what the effects say, and the figures of the roster by counting.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::desk::{
    ChatChange, ChatRecord, Desk, DeskError, DeskEvent, DeskReply, DeskSettings, DeskState, DeskTables,
    DeskTimer, Effects, Facts, LogRecord, LogRecordKind, LogReplay, ReplyState, TimerChange,
};
use crate::engine::{Assignment, ChatId, Decision};
use crate::language::vocabulary::{Algorithm, Presence};
use crate::load::RuleSet;
use crate::roster::{dice, dice_of_step};
use crate::situation::{Customer, Message, OpenChat, Situation, UserState};

/// The customer and the number of a chat.
pub(super) type ChatKey = (Arc<str>, Arc<str>);

#[derive(Default)]
pub(super) struct CustomerRow {
    pub(super) customer: Customer,
    pub(super) sent: BTreeMap<String, Timestamp>,
}

pub(super) struct Store {
    pub(super) desk: Desk,
    sets: Vec<RuleSet>,
    current: usize,
    pub(super) now: Timestamp,
    pub(super) customers: BTreeMap<Arc<str>, CustomerRow>,
    pub(super) chats: BTreeMap<ChatKey, ChatRecord>,
    pub(super) timers: Vec<(Timestamp, DeskTimer)>,
    pub(super) log: Vec<LogRecord>,
    decisions: BTreeMap<u64, Decision>,
    pub(super) users: BTreeMap<Arc<str>, UserState>,
    turns: BTreeMap<Arc<str>, Arc<str>>,
    /// The replies so far, those included that did not go out.
    pub(super) replies: Vec<DeskReply>,
    pub(super) replay: LogReplay,
    messages: u32,
    /// The rows of users and turns, written only where the effects say so.
    pub(super) rows: DeskTables,
}

impl Store {
    pub(super) fn new(sets: Vec<RuleSet>, settings: DeskSettings) -> Self {
        let inbox = sets[0].inbox();
        Self {
            desk: Desk::new(inbox, settings),
            replay: LogReplay::new(inbox),
            sets,
            current: 0,
            now: "2026-11-24T09:00:00Z".parse().unwrap(),
            customers: BTreeMap::new(),
            chats: BTreeMap::new(),
            timers: Vec::new(),
            log: Vec::new(),
            decisions: BTreeMap::new(),
            users: BTreeMap::new(),
            turns: BTreeMap::new(),
            replies: Vec::new(),
            messages: 0,
            rows: DeskTables::default(),
        }
    }

    pub(super) fn set(&self) -> &RuleSet {
        &self.sets[self.current]
    }

    pub(super) fn chat(&self, customer: &str, number: &str) -> Option<&ChatRecord> {
        self.chats.get(&(customer.into(), number.into()))
    }

    /// A customer writes a text.
    pub(super) fn message(&mut self, customer: &str, number: &str, text: &str) -> Result<Effects, DeskError> {
        self.write(customer, number, Message { text: Some(text.to_owned()), ..Message::default() })
    }

    /// A customer writes.
    pub(super) fn write(
        &mut self,
        customer: &str,
        number: &str,
        message: Message,
    ) -> Result<Effects, DeskError> {
        self.messages += 1;
        let message = Message { id: Some(format!("M{}", self.messages)), ..message };
        let too_late = message.age_seconds > self.desk.settings.reply_within.as_secs();
        let key: ChatKey = (customer.into(), number.into());
        let open = self.chats.get(&key).map(ChatRecord::open_chat);
        if self.set().policy(number).is_none() {
            return self.write_without_policy(&key, message);
        }
        let mut situation = self.situation(&key, &message, open);
        situation.number = Some(number.to_owned());
        let row = self.customers.entry(Arc::clone(&key.0)).or_default();
        let mut known = row.customer.known_to(self.sets[self.current].inbox()).into_owned();
        known.returning |= known.owner.is_some() || known.last_message_at.is_some();
        situation.customer = known;
        let plain =
            self.set().decide(&situation, &mut dice(self.desk.settings.seed, message.id.as_deref())).unwrap();
        let event = DeskEvent::Message { number: number.into(), message: Box::new(message) };
        let effects = self.handle(event, Some(&key))?;
        let decision = effects.decision.as_ref().unwrap();
        assert_eq!(
            (&decision.rule, &decision.assign, &decision.replies, &decision.tags, &decision.later),
            (&plain.rule, &plain.assign, &plain.replies, &plain.tags, &plain.later)
        );
        assert!(effects.replies.iter().all(|reply| (reply.state == ReplyState::TooLate) == too_late));
        let row = self.customers.get_mut(&key.0).unwrap();
        row.customer.returning = true;
        row.customer.last_message_at = Some(self.now.into());
        Ok(effects)
    }

    /// No rule decides, and the chat stays where it is.
    fn write_without_policy(&mut self, key: &ChatKey, message: Message) -> Result<Effects, DeskError> {
        self.customers.entry(Arc::clone(&key.0)).or_default();
        let before = self.chats.get(key).map(|chat| (chat.id, chat.last.clone()));
        let event = DeskEvent::Message { number: Arc::clone(&key.1), message: Box::new(message) };
        let effects = self.handle(event, Some(key))?;
        assert_eq!(self.chats.get(key).map(|chat| (chat.id, chat.last.clone())), before);
        let decision = effects.decision.as_ref().unwrap();
        assert_eq!((&decision.rule, decision.assign.is_some()), (&None, before.is_some()));
        assert_eq!((effects.records.len(), effects.replies.len(), effects.timers.len()), (1, 0, 0));
        Ok(effects)
    }

    /// Handles an event about the chat, and what it asks for at once.
    pub(super) fn handle(&mut self, event: DeskEvent, key: Option<&ChatKey>) -> Result<Effects, DeskError> {
        let facts = key.map(|key| self.facts(key)).unwrap_or_default();
        if let DeskEvent::Rules { .. } = event {
            self.current = (self.current + 1) % self.sets.len();
        }
        let before = self.desk.save();
        let result = self.desk.handle(&self.sets[self.current], event, &facts, self.now);
        let effects = match result {
            Ok(effects) => effects,
            Err(error) => {
                assert_eq!(json(&self.desk.save()), json(&before), "{error}");
                return Err(error);
            }
        };
        if let Some((customer, _)) = key {
            self.send(customer, &effects);
        }
        self.store(&effects);
        if !effects.users_gone.is_empty() || !effects.groups_gone.is_empty() || !effects.afresh.is_empty() {
            self.decide_afresh(&effects);
        }
        if matches!(effects.records.first(), Some(LogRecord { kind: LogRecordKind::Rules { .. }, .. })) {
            self.handle(DeskEvent::Drain, None)?;
        }
        Ok(effects)
    }

    fn decide_afresh(&mut self, effects: &Effects) {
        let is_gone = |chat: &ChatRecord| {
            chat.user().is_some_and(|user| effects.users_gone.contains(user))
                || chat.user().is_none()
                    && chat.group().is_some_and(|group| effects.groups_gone.contains(group))
        };
        let mut afresh: Vec<_> = self
            .chats
            .iter()
            .filter(|(_, chat)| effects.afresh.contains(&chat.id) || is_gone(chat))
            .map(|(key, chat)| (chat.id, key.clone()))
            .collect();
        afresh.sort();
        for (_, key) in afresh {
            let facts = self.facts(&key);
            let set = &self.sets[self.current];
            let effects = self.desk.handle(set, DeskEvent::Afresh, &facts, self.now).unwrap();
            assert!(effects.replies.is_empty());
            self.store(&effects);
        }
    }

    fn facts(&self, key: &ChatKey) -> Facts {
        let row = self.customers.get(&key.0);
        Facts {
            customer_id: Arc::clone(&key.0),
            customer: row.map(|row| row.customer.clone()).unwrap_or_default(),
            chat: self.chats.get(key).cloned().map(Arc::new),
            sent: row.map(|row| row.sent.clone()).unwrap_or_default(),
        }
    }

    /// Lets time pass; the timers fire in order.
    pub(super) fn pass(&mut self, time: SignedDuration) {
        let until = self.now + time;
        while let Some(place) = self.next_timer().filter(|place| self.timers[*place].0 <= until) {
            let (due, timer) = self.timers.remove(place);
            self.now = self.now.max(due);
            self.fire(&timer);
        }
        self.now = until;
    }

    fn next_timer(&self) -> Option<usize> {
        (0..self.timers.len()).min_by_key(|place| (self.timers[*place].0, *place))
    }

    fn fire(&mut self, timer: &DeskTimer) {
        let key = |id: ChatId| self.chats.iter().find(|(_, chat)| chat.id == id).map(|(key, _)| key.clone());
        let (event, key) = match timer {
            DeskTimer::Timeout { chat, timer } => (DeskEvent::Timeout(timer.clone()), key(*chat)),
            DeskTimer::Later { chat, seq, index, too_late } => {
                let later = Box::new(self.decisions[seq].later[*index].clone());
                (DeskEvent::Later { later, too_late: *too_late }, key(*chat))
            }
            DeskTimer::Idle { chat } => (DeskEvent::Idle, key(*chat)),
            DeskTimer::Presence { user } => (DeskEvent::PresenceEnded(Arc::clone(user)), None),
        };
        if let DeskTimer::Later { chat: id, seq, .. } = timer {
            let is_answer = |record: &&LogRecord| matches!(record.kind, LogRecordKind::Answered { chat, .. } if chat == *id);
            let answers = self.log.iter().filter(is_answer);
            assert!(answers.into_iter().all(|answer| answer.seq < *seq), "{timer:?}");
        }
        // A chat that is closed has no timers.
        assert!(key.is_some() || matches!(timer, DeskTimer::Presence { .. }), "{timer:?}");
        let plain = key.as_ref().and_then(|key| self.plain_timeout(timer, key));
        let effects = self.handle(event, key.as_ref()).unwrap();
        if let Some(plain) = plain {
            let last = effects.chats.first();
            let assign = match last {
                Some(ChatChange::Put(chat)) => chat.last.assign.clone(),
                Some(ChatChange::Closed(_)) => Some(Assignment::Nobody),
                _ => None,
            };
            assert_eq!(assign, plain.assign);
            assert!(effects.replies.is_empty());
        }
    }

    /// What the rules say of a chat that was not answered, decided from a situation; `None` if the timer changes nothing or the
    /// message is decided afresh.
    fn plain_timeout(&self, timer: &DeskTimer, key: &ChatKey) -> Option<Decision> {
        let DeskTimer::Timeout { timer, .. } = timer else { return None };
        let chat = &self.chats[key];
        if chat.answered_at.is_some() || chat.last.timer().as_ref() != Some(timer) {
            return None;
        }
        let policy = self.set().policy(&key.1)?;
        if policy.digest != chat.last.policy {
            return None;
        }
        let mut situation =
            self.situation(key, &Message { id: chat.message.id.clone(), ..Message::default() }, None);
        situation.chat = Some(chat.open_chat());
        situation.customer = self.known(key);
        situation.resume = chat.last.resume_request();
        let mut dice =
            dice_of_step(self.desk.settings.seed, chat.message.id.as_deref(), chat.last.step.number + 1);
        Some(self.set().decide(&situation, &mut dice).unwrap())
    }

    pub(super) fn known(&self, key: &ChatKey) -> Customer {
        let mut customer = self.customers[&key.0].customer.known_to(self.set().inbox()).into_owned();
        customer.returning |= customer.owner.is_some() || customer.last_message_at.is_some();
        customer
    }

    /// Sends the replies, and verifies that none is repeated too soon.
    fn send(&mut self, customer: &str, effects: &Effects) {
        let row = self.customers.get_mut(customer).unwrap();
        for DeskReply { reply, state } in &effects.replies {
            let (Some(key), Some(seconds)) = (&reply.once_key, reply.once_per_seconds) else { continue };
            let passed = row.sent.get(key).map(|last| self.now.duration_since(*last).as_secs());
            let is_due = passed.is_none_or(|passed| passed >= i64::try_from(seconds).unwrap());
            assert!(*state == ReplyState::TooLate || is_due == (*state == ReplyState::Waiting), "{reply:?}");
            if *state == ReplyState::Waiting {
                row.sent.insert(key.clone(), self.now);
            }
        }
        self.replies.extend(effects.replies.iter().cloned());
    }

    /// What is so now, by counting.
    pub(super) fn situation(&self, key: &ChatKey, message: &Message, chat: Option<OpenChat>) -> Situation {
        let inbox = self.set().inbox();
        let of_inbox = |user: &str| inbox.user_id(user).is_some();
        let mut users: BTreeMap<String, UserState> = BTreeMap::new();
        for user in &inbox.users {
            let mut state = self.users.get(&user.id).cloned().unwrap_or_default();
            state.chats = self.chats_of(&user.id);
            users.insert(user.id.to_string(), state);
        }
        let waiting = inbox.groups.iter().map(|group| (group.name.to_string(), self.waiting_in(&group.name)));
        let turns =
            self.turns.iter().filter(|(group, user)| inbox.group_id(group).is_some() && of_inbox(user));
        Situation {
            number: Some(key.1.to_string()),
            at: Some(self.now.into()),
            message: message.clone(),
            customer: Customer::default(),
            users,
            waiting: waiting.collect(),
            turns: turns.map(|(group, user)| (group.to_string(), user.to_string())).collect(),
            chat,
            resume: None,
        }
    }

    pub(super) fn chats_of(&self, user: &str) -> u32 {
        let has = |chat: &&ChatRecord| chat.user().is_some_and(|one| &**one == user);
        u32::try_from(self.chats.values().filter(has).count()).unwrap()
    }

    pub(super) fn waiting_in(&self, group: &str) -> u32 {
        let waits =
            |chat: &&ChatRecord| chat.user().is_none() && chat.group().is_some_and(|one| &**one == group);
        u32::try_from(self.chats.values().filter(waits).count()).unwrap()
    }

    /// Stores what the event has led to.
    fn store(&mut self, effects: &Effects) {
        let message =
            effects.records.iter().find(|record| matches!(record.kind, LogRecordKind::Message { .. }));
        if let Some((record, decision)) = message.zip(effects.decision.as_ref()) {
            self.decisions.insert(record.seq, decision.clone());
        }
        for record in &effects.records {
            self.follow(record);
        }
        for change in &effects.chats {
            match change {
                ChatChange::Put(chat) => {
                    let number = chat.last.number.clone().unwrap();
                    self.chats.insert((Arc::clone(&chat.customer), number), ChatRecord::clone(chat));
                }
                ChatChange::Given { chat: id, last } => {
                    let chat = self.chats.values_mut().find(|chat| chat.id == *id).unwrap();
                    chat.last = Decision::clone(last);
                    (chat.answered_at, chat.waiting_since) = (None, None);
                }
                ChatChange::Closed(id) => self.chats.retain(|_, chat| chat.id != *id),
            }
        }
        for (customer, owner) in &effects.owners {
            let before = &self.customers[customer].customer.owner;
            let has_owner = before.as_ref().is_some_and(|owner| self.set().inbox().user_id(owner).is_some());
            assert!(!has_owner, "the first user owns {customer}");
            self.customers.get_mut(customer).unwrap().customer.owner = Some(owner.to_string());
        }
        self.verify_owners(effects);
        self.write_rows(effects);
        for change in &effects.timers {
            let of = |id: ChatId, timer: &DeskTimer| match timer {
                DeskTimer::Timeout { chat, .. }
                | DeskTimer::Later { chat, .. }
                | DeskTimer::Idle { chat } => *chat == id,
                DeskTimer::Presence { .. } => false,
            };
            match change {
                TimerChange::Set(due, timer) => self.timers.push((*due, timer.clone())),
                TimerChange::CancelLater(id) => self
                    .timers
                    .retain(|(_, timer)| !(matches!(timer, DeskTimer::Later { .. }) && of(*id, timer))),
                TimerChange::CancelAll(id) => self.timers.retain(|(_, timer)| !of(*id, timer)),
            }
        }
        self.rename_groups(effects);
        let owners: Vec<_> = effects.owners.keys().cloned().collect();
        for customer in owners {
            let others: Vec<_> = self.chats.keys().filter(|key| key.0 == customer).cloned().collect();
            for key in others {
                let facts = self.facts(&key);
                let set = &self.sets[self.current];
                let effects = self.desk.handle(set, DeskEvent::CustomerChanged, &facts, self.now).unwrap();
                self.store(&effects);
            }
        }
    }

    /// Writes the rows of users and turns.
    fn write_rows(&mut self, effects: &Effects) {
        let roster = self.desk.roster();
        for user in &effects.users {
            self.rows.users.insert(Arc::clone(user), roster.figures(user).unwrap());
            match self.desk.presence_ends(user) {
                Some(until) => self.rows.presence_ends.insert(Arc::clone(user), until),
                None => self.rows.presence_ends.remove(user),
            };
        }
        for (group, user) in &effects.turns {
            assert_eq!(roster.last_turn(group), user.as_ref());
            match user {
                Some(user) => self.rows.turns.insert(Arc::clone(group), Arc::clone(user)),
                None => self.rows.turns.remove(group),
            };
        }
    }

    /// Whoever is given a chat owns its customer, if nobody else does.
    fn verify_owners(&self, effects: &Effects) {
        let inbox = self.set().inbox();
        for record in &effects.records {
            let LogRecordKind::Assigned { chat: id, user, .. } = &record.kind else { continue };
            let Some(chat) = self.chats.values().find(|chat| chat.id == *id) else { continue };
            let owner = &self.customers[&chat.customer].customer.owner;
            let is_owned = owner.as_ref().is_some_and(|owner| inbox.user_id(owner).is_some());
            assert!(is_owned || !inbox.user(inbox.user_id(user).unwrap()).owns, "{record:?}");
        }
    }

    fn rename_groups(&mut self, effects: &Effects) {
        for renamed in &effects.groups_renamed {
            for chat in self.chats.values_mut() {
                if let Some(
                    Assignment::User { group: Some(group), .. }
                    | Assignment::Queue { group: Some(group), .. }
                    | Assignment::Kept { group: Some(group), .. },
                ) = &mut chat.last.assign
                    && *group == renamed.from
                {
                    *group = Arc::clone(&renamed.to);
                }
            }
            if let Some(user) = self.turns.remove(&renamed.from) {
                self.turns.insert(Arc::clone(&renamed.to), user);
            }
        }
    }

    /// The figures of users and groups that no chat says.
    fn follow(&mut self, record: &LogRecord) {
        assert_eq!(record.seq, self.log.len() as u64 + 1);
        let at = record.at;
        match &record.kind {
            LogRecordKind::Message { chat: Some(id), rule: None, .. } => {
                let user =
                    self.chats.values().find(|chat| chat.id == *id).and_then(ChatRecord::user).cloned();
                if let Some(user) = user {
                    self.had_message(&user, at);
                }
            }
            LogRecordKind::Assigned { user, group, by, .. } => {
                self.had_message(user, at);
                if let (Some(Algorithm::InOrder), Some(group)) = (by, group) {
                    self.turns.insert(Arc::clone(group), Arc::clone(user));
                }
            }
            LogRecordKind::Answered { user: Some(user), .. } => self.had_message(user, at),
            LogRecordKind::Presence { user, presence, .. } => {
                self.users.entry(Arc::clone(user)).or_default().presence = *presence;
            }
            LogRecordKind::Capacity { user, capacity } => {
                self.users.entry(Arc::clone(user)).or_default().capacity = *capacity;
            }
            _ => {}
        }
        self.log.push(record.clone());
        self.replay.apply(record, self.sets[self.current].inbox()).unwrap();
    }

    fn had_message(&mut self, user: &Arc<str>, at: Timestamp) {
        self.users.entry(Arc::clone(user)).or_default().last_message_at = Some(at.into());
    }

    pub(super) fn presence(&mut self, user: &str, presence: Presence) {
        let event = DeskEvent::Presence { user: user.into(), presence, until: None };
        self.handle(event, None).unwrap();
    }
}

pub(super) fn json(state: &DeskState) -> String {
    serde_json::to_string(state).unwrap()
}
