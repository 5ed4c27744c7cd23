//! A host in memory: it keeps what the effects say, and the figures of the roster by counting. After each event it verifies the
//! desk against them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use crate::desk::{
    ChatCause, ChatChange, ChatRecord, Desk, DeskError, DeskEvent, DeskSettings, DeskState, DeskTimer,
    Effects, Facts, LogReplay, Record, RecordKind, ReplyState, TimerChange,
};
use crate::engine::{Assignment, ChatId, Decision};
use crate::inbox::Inbox;
use crate::language::vocabulary::{Algorithm, Presence};
use crate::load::RuleSet;
use crate::roster::{dice, dice_of_step};
use crate::situation::{Customer, Message, OpenChat, ResumeRequest, Situation, UserState};

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
    pub(super) log: Vec<Record>,
    decisions: BTreeMap<u64, Decision>,
    users: BTreeMap<Arc<str>, UserState>,
    turns: BTreeMap<Arc<str>, Arc<str>>,
    replay: LogReplay,
    messages: u32,
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
            messages: 0,
        }
    }

    pub(super) fn set(&self) -> &RuleSet {
        &self.sets[self.current]
    }

    pub(super) fn chat(&self, customer: &str, number: &str) -> Option<&ChatRecord> {
        self.chats.get(&(customer.into(), number.into()))
    }

    /// A customer writes.
    pub(super) fn message(&mut self, customer: &str, number: &str, text: &str) -> Result<Effects, DeskError> {
        self.messages += 1;
        let message = Message {
            id: Some(format!("M{}", self.messages)),
            text: Some(text.to_owned()),
            ..Message::default()
        };
        let key: ChatKey = (customer.into(), number.into());
        let open = self.chats.get(&key).map(ChatRecord::open_chat);
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
        let row = self.customers.get_mut(&key.0).unwrap();
        row.customer.returning = true;
        row.customer.last_message_at = Some(self.now.into());
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
        self.store(&effects);
        if !effects.users_gone.is_empty() || !effects.groups_gone.is_empty() || !effects.afresh.is_empty() {
            self.decide_afresh(&effects);
        }
        if matches!(effects.records.first(), Some(Record { kind: RecordKind::Rules { .. }, .. })) {
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
            chat: self.chats.get(key).cloned(),
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
            DeskTimer::Later { chat, seq, index } => {
                (DeskEvent::Later(Box::new(self.decisions[seq].later[*index].clone())), key(*chat))
            }
            DeskTimer::Idle { chat } => (DeskEvent::Idle, key(*chat)),
            DeskTimer::Presence { user } => (DeskEvent::PresenceEnded(Arc::clone(user)), None),
        };
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

    fn known(&self, key: &ChatKey) -> Customer {
        let mut customer = self.customers[&key.0].customer.known_to(self.set().inbox()).into_owned();
        customer.returning |= customer.owner.is_some() || customer.last_message_at.is_some();
        customer
    }

    /// What is so now, by counting.
    fn situation(&self, key: &ChatKey, message: &Message, chat: Option<OpenChat>) -> Situation {
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

    fn chats_of(&self, user: &str) -> u32 {
        let has = |chat: &&ChatRecord| chat.user().is_some_and(|one| &**one == user);
        u32::try_from(self.chats.values().filter(has).count()).unwrap()
    }

    fn waiting_in(&self, group: &str) -> u32 {
        let waits =
            |chat: &&ChatRecord| chat.user().is_none() && chat.group().is_some_and(|one| &**one == group);
        u32::try_from(self.chats.values().filter(waits).count()).unwrap()
    }

    /// Stores what the event has led to.
    fn store(&mut self, effects: &Effects) {
        let message = effects.records.iter().find(|record| matches!(record.kind, RecordKind::Message { .. }));
        if let Some((record, decision)) = message.zip(effects.decision.as_ref()) {
            self.decisions.insert(record.seq, decision.clone());
            let RecordKind::Message { customer, .. } = &record.kind else { unreachable!() };
            let row = self.customers.get_mut(customer).unwrap();
            for reply in &effects.replies {
                if let (ReplyState::Waiting, Some(key)) = (reply.state, &reply.reply.once_key) {
                    row.sent.insert(key.clone(), self.now);
                }
            }
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
            self.customers.get_mut(customer).unwrap().customer.owner = Some(owner.to_string());
        }
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
        let owners: Vec<_> = effects.owners.iter().map(|(customer, _)| Arc::clone(customer)).collect();
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

    fn rename_groups(&mut self, effects: &Effects) {
        for renamed in &effects.groups_renamed {
            for chat in self.chats.values_mut() {
                if let Some(
                    Assignment::User { group: Some(group), .. }
                    | Assignment::Queue { group: Some(group), .. },
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
    fn follow(&mut self, record: &Record) {
        assert_eq!(record.seq, self.log.len() as u64 + 1);
        let at = record.at;
        match &record.kind {
            RecordKind::Message { chat: Some(id), rule: None, .. } => {
                let user =
                    self.chats.values().find(|chat| chat.id == *id).and_then(ChatRecord::user).cloned();
                if let Some(user) = user {
                    self.had_message(&user, at);
                }
            }
            RecordKind::Assigned { user, group, by, .. } => {
                self.had_message(user, at);
                if let (Some(Algorithm::InOrder), Some(group)) = (by, group) {
                    self.turns.insert(Arc::clone(group), Arc::clone(user));
                }
            }
            RecordKind::Answered { user: Some(user), .. } => self.had_message(user, at),
            RecordKind::Presence { user, presence, .. } => {
                self.users.entry(Arc::clone(user)).or_default().presence = *presence;
            }
            RecordKind::Capacity { user, capacity } => {
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

    /// Verifies the desk against what is stored.
    pub(super) fn verify(&mut self) {
        let inbox: &Inbox = self.set().inbox();
        let roster = self.desk.roster();
        assert_eq!(self.replay.roster().save(), roster.save(), "the log says the same");
        for user in &inbox.users {
            let now = roster.now(&user.id).unwrap();
            assert_eq!(now.chats, self.chats_of(&user.id), "{}", user.id);
            let state = self.users.get(&user.id).cloned().unwrap_or_default();
            assert_eq!(now.presence, state.presence, "{}", user.id);
        }
        for group in &inbox.groups {
            assert_eq!(roster.waiting_in(&group.name), Some(self.waiting_in(&group.name)), "{}", group.name);
        }
        for chat in self.chats.values() {
            let waits = chat.user().is_none();
            assert_eq!(chat.waiting_since.is_some(), waits, "{chat:?}");
            let waiting = self.desk.waiting().get(chat.id);
            assert_eq!(waiting.is_some(), waits && chat.last.rule.is_some(), "{chat:?}");
            assert!(waiting.is_none_or(|waiting| waiting.group.as_ref() == chat.group()), "{chat:?}");
        }
        let waiting = self.chats.values().filter(|chat| chat.user().is_none() && chat.last.rule.is_some());
        assert_eq!(self.desk.waiting().len(), waiting.count());
        self.verify_nobody_can_take();
        let state: DeskState = serde_json::from_str(&json(&self.desk.save())).unwrap();
        let restored = Desk::restore(inbox, state, self.desk.settings).unwrap().0;
        assert_eq!(json(&restored.save()), json(&self.desk.save()));
        self.desk = restored;
    }

    /// No chat that waits could be given to a user now, but one that waits to be taken by hand.
    fn verify_nobody_can_take(&self) {
        for waiting in self.desk.waiting().iter() {
            let (key, chat) = self.chats.iter().find(|(_, chat)| chat.id == waiting.id).unwrap();
            let by_hand =
                matches!(chat.last.assign, Some(Assignment::Queue { by: Some(Algorithm::Hand), .. }));
            let policy = self.set().policy(&key.1).unwrap();
            assert_eq!(policy.digest, chat.last.policy, "it can go on");
            if by_hand {
                continue;
            }
            let message = Message { id: chat.message.id.clone(), ..Message::default() };
            let mut situation = self.situation(key, &message, Some(chat.open_chat()));
            situation.customer = self.known(key);
            situation.resume = Some(ResumeRequest {
                rule: chat.last.rule.clone().unwrap(),
                alternative: chat.last.step.from_alternative,
                had: Vec::new(),
            });
            let decision = self.set().decide(&situation, &mut dice(0, None)).unwrap();
            assert!(
                !matches!(decision.assign, Some(Assignment::User { .. })),
                "{:?} {chat:?}",
                decision.assign
            );
        }
    }

    /// The entries of the log after `seq`, a line each.
    pub(super) fn lines(&self, seq: u64) -> String {
        let line = |record: &Record| {
            let cause = |cause: &ChatCause| serde_json::to_value(cause).unwrap().as_str().unwrap().to_owned();
            let words = match &record.kind {
                RecordKind::Message { chat, rule, .. } => {
                    let rule =
                        rule.as_ref().map_or("no rule", |rule| rule.name.as_deref().unwrap_or("a rule"));
                    format!("message, chat {}, {rule}", chat.map_or("none".to_owned(), |id| id.0.to_string()))
                }
                RecordKind::Assigned { chat, user, cause: why, .. } => {
                    format!("chat {} to {user}: {}", chat.0, cause(why))
                }
                RecordKind::Waiting { chat, group, cause: why } => {
                    format!(
                        "chat {} waits in {}: {}",
                        chat.0,
                        group.as_deref().unwrap_or("no group"),
                        cause(why)
                    )
                }
                RecordKind::Answered { chat, user } => {
                    format!("chat {} answered by {}", chat.0, user.as_deref().unwrap_or("somebody"))
                }
                RecordKind::Closed { chat, cause: why } => format!("chat {} closed: {}", chat.0, cause(why)),
                RecordKind::Presence { user, presence, .. } => format!("{user} is {}", presence.word()),
                RecordKind::Capacity { user, capacity } => format!("{user} takes {capacity:?}"),
                RecordKind::Customer { customer } => format!("{customer} changed"),
                RecordKind::Rules { .. } => "rules changed".to_owned(),
            };
            format!("{} {words}\n", record.seq)
        };
        self.log.iter().filter(|record| record.seq > seq).map(line).collect()
    }

    pub(super) fn presence(&mut self, user: &str, presence: Presence) {
        let event = DeskEvent::Presence { user: user.into(), presence, until: None };
        self.handle(event, None).unwrap();
    }
}

fn json(state: &DeskState) -> String {
    serde_json::to_string(state).unwrap()
}
