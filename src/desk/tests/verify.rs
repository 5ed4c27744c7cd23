//! The desk is as its store counts.

use std::sync::Arc;

use jiff::Timestamp;

use super::store::{ChatKey, Store, json};
use crate::desk::{Desk, DeskState, DeskTables, DeskTimer, LogRecordKind, LogReplay};
use crate::engine::Assignment;
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::roster::dice;
use crate::situation::{Message, ResumeRequest};

impl Store {
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
        for ((_, number), chat) in &self.chats {
            let is_gone = chat.user().is_some_and(|user| inbox.user_id(user).is_none());
            assert!(!is_gone || self.set().policy(number).is_none(), "{chat:?}");
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
        self.replay = LogReplay::restore(self.set().inbox(), self.replay.roster().save()).unwrap();
        self.verify_tables();
        self.verify_timers();
    }

    /// The times of the open chats are those of the log.
    fn verify_times(&self) {
        for chat in self.chats.values() {
            let (mut answered_at, mut last_at) = (None, chat.opened_at);
            for record in &self.log {
                match &record.kind {
                    LogRecordKind::Message { chat: Some(id), .. } if *id == chat.id => last_at = record.at,
                    LogRecordKind::Assigned { chat: id, .. } | LogRecordKind::Waiting { chat: id, .. } => {
                        answered_at = answered_at.filter(|_| *id != chat.id);
                    }
                    LogRecordKind::Answered { chat: id, .. } if *id == chat.id => {
                        (answered_at, last_at) = (Some(record.at), record.at);
                    }
                    _ => {}
                }
            }
            assert_eq!((chat.answered_at, chat.last_at), (answered_at, last_at), "{chat:?}");
        }
    }

    /// Each open chat is closed some time, an assignment goes on, and a presence that is lent ends.
    fn verify_timers(&self) {
        let has = |due: Timestamp, is: &dyn Fn(&DeskTimer) -> bool| {
            self.timers.iter().any(|(at, timer)| *at == due && is(timer))
        };
        for chat in self.chats.values() {
            let is_idle = |timer: &DeskTimer| matches!(timer, DeskTimer::Idle { chat: id } if *id == chat.id);
            assert_eq!(self.timers.iter().filter(|(_, timer)| is_idle(timer)).count(), 1, "{chat:?}");
            if let Some(set) = chat.last.timer().filter(|timer| timer.due > self.now) {
                let is_set = |one: &DeskTimer| matches!(one, DeskTimer::Timeout { chat: id, timer } if *id == chat.id && *timer == set);
                assert!(has(set.due, &is_set), "{chat:?}");
            }
        }
        self.verify_times();
        for user in self.users.keys() {
            if let Some(until) = self.desk.presence_ends(user) {
                let is_end =
                    |timer: &DeskTimer| matches!(timer, DeskTimer::Presence { user: one } if one == user);
                assert!(has(until, &is_end), "{user}");
            }
        }
    }

    /// The tables of the store say what the desk keeps, and nothing else.
    fn verify_tables(&self) {
        let customer = |key: &ChatKey| self.customers[&key.0].customer.clone();
        let chats = self.chats.iter().map(|(key, chat)| (Arc::new(chat.clone()), customer(key)));
        let tables = DeskTables { chats: chats.collect(), seq: self.log.len() as u64, ..self.rows.clone() };
        let state = DeskState::of_tables(self.set().inbox(), tables);
        let (desk, _) = Desk::restore(self.set().inbox(), state, self.desk.settings).unwrap();
        let state = desk.save();
        let without_customers = |state: &DeskState| {
            let mut state = serde_json::to_value(state).unwrap();
            for chat in state["waiting"]["chats"].as_array_mut().unwrap() {
                // What was known of the customer when the chat began to wait: only the owner counts.
                chat["customer"] = chat["customer"]["owner"].take();
            }
            for figures in ["users", "groups"] {
                // Those about whom nothing is known may be left out.
                let rows = state["roster"][figures].as_object_mut().unwrap();
                rows.retain(|_, row| row.as_object().is_some_and(|row| !row.is_empty()));
            }
            state
        };
        assert_eq!(without_customers(&state), without_customers(&self.desk.save()));
    }

    /// No chat that waits could be given to a user now, but one that waits to be taken by hand.
    fn verify_nobody_can_take(&self) {
        for waiting in self.desk.waiting().iter() {
            let (key, chat) = self.chats.iter().find(|(_, chat)| chat.id == waiting.id).unwrap();
            let by_hand =
                matches!(chat.last.assign, Some(Assignment::Queue { by: Some(Algorithm::Hand), .. }));
            let Some(policy) = self.set().policy(&key.1) else { continue };
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
}
