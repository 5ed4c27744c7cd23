//! The simulation: customers write, users come, work and go, and a [`Desk`] decides.
//!
//! A user works on their chats in the order in which they were given them, up to `concurrency` at a time. They answer a chat
//! when they start on it, and close it when its service time is over. While offline or away they start nothing, but finish
//! what they have started. An idle user takes the oldest chat that waits by hand.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use rustc_hash::FxHashMap;

use super::arrivals::{Arrival, ArrivalStream, MessageContent, TrafficScope, message_mix};
use super::draws::{RandomStream, micros};
use super::event_queue::{EventQueue, ScheduledEvent};
use super::population::Population;
use super::presence_schedule::presence_changes;
use super::report::SimulationReport;
use super::run_figures::RunFigures;
use super::running_chat::{ChatLocation, RunningChat};
use super::traffic::Traffic;
use super::user_work::UserWork;
use super::weighted_list::WeightedList;
use crate::desk::{Desk, DeskEvent, DeskSettings, DeskTimer, Effects, Facts, LogRecordKind};
use crate::engine::{Assignment, ChatId};
use crate::inbox::UserId;
use crate::language::vocabulary::Presence;
use crate::load::RuleSet;
use crate::situation::Message;

/// Simulates `traffic` through the rules of `set` under a virtual clock, as a discrete-event simulation: events are processed in
/// order of time, and of two at the same time the one scheduled first. The result depends on the arguments alone. Memory grows
/// with the customers, the open chats and the waits (about 32 bytes for each answered chat). `on_day` is called with the number of
/// days that are over and the messages so far, after each simulated day, for a progress line.
pub fn simulate(
    set: &RuleSet,
    traffic: &Traffic,
    seed: u64,
    on_day: &dyn Fn(SimulationProgress),
) -> SimulationReport {
    let scope = TrafficScope::of(traffic);
    let mut arrivals = ArrivalStream::new(traffic, &scope, seed);
    let mut run = TrafficRun::new(set, traffic, &scope, &arrivals, seed);
    let mut next = arrivals.next();
    let days = u32::try_from((scope.end - scope.start + DAY / 2) / DAY).unwrap_or(1).max(1);
    let mut days_over = 0;
    loop {
        while days_over < days && (run.now - scope.start) / DAY > i64::from(days_over) {
            days_over += 1;
            on_day(SimulationProgress { days_over, days, messages: run.figures.messages.arrived });
        }
        let event_at = run.events.next_at().filter(|at| *at < scope.end);
        let arrival_at = next.as_ref().map(|arrival| arrival.at).filter(|at| *at < scope.end);
        match (event_at, arrival_at) {
            (Some(event), arrival) if arrival.is_none_or(|arrival| event <= arrival) => {
                if let Some((at, event)) = run.events.next() {
                    run.now = at;
                    run.handle_event(event);
                }
            }
            (_, Some(at)) => {
                run.now = at;
                if let Some(arrival) = next {
                    run.arrive(&arrival);
                }
                next = arrivals.next();
            }
            _ => break,
        }
    }
    run.now = scope.end;
    run.finish(&scope, seed)
}

/// A day, in microseconds.
const DAY: i64 = 24 * 3_600_000_000;

/// How far a simulation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SimulationProgress {
    /// The days that are over.
    pub days_over: u32,
    /// All days.
    pub days: u32,
    /// The messages so far.
    pub messages: u64,
}

/// A simulation under way.
pub(super) struct TrafficRun<'a> {
    pub(super) set: &'a RuleSet,
    pub(super) traffic: &'a Traffic,
    pub(super) numbers: &'a [Arc<str>],
    pub(super) desk: Desk,
    pub(super) now: i64,
    pub(super) events: EventQueue,
    pub(super) population: Population<'a>,
    pub(super) chats: FxHashMap<ChatId, RunningChat>,
    /// The open chat of a customer with a number.
    pub(super) open: FxHashMap<(usize, usize), ChatId>,
    pub(super) users: Vec<UserWork>,
    /// The chats that wait in each group to be taken by hand, the oldest first.
    pub(super) by_hand: Vec<BTreeSet<(i64, ChatId)>>,
    /// The groups of each user.
    pub(super) groups_of: Vec<Vec<usize>>,
    /// The users who may have something to start.
    pub(super) ready: Vec<UserId>,
    /// The groups in which a chat may be taken by hand.
    pub(super) to_take: Vec<usize>,
    pub(super) service: RandomStream,
    pub(super) follow_ups: RandomStream,
    /// For each number, the indexes of the messages that are written in open chats.
    pub(super) follow_up_mix: Vec<WeightedList<usize>>,
    pub(super) figures: RunFigures,
}

impl<'a> TrafficRun<'a> {
    fn new(
        set: &'a RuleSet,
        traffic: &'a Traffic,
        scope: &'a TrafficScope,
        arrivals: &ArrivalStream<'_>,
        seed: u64,
    ) -> Self {
        let inbox = set.inbox();
        let settings = DeskSettings { seed, close_after: traffic.close_after, ..DeskSettings::default() };
        let mut events = EventQueue::default();
        for (at, user, presence) in presence_changes(inbox, traffic, scope) {
            events.schedule(at, ScheduledEvent::Presence { user, presence });
        }
        let plan = &traffic.service;
        let users = inbox.users.iter().map(|user| {
            let concurrency = plan.user_concurrency.get(&user.id).copied();
            UserWork::new(concurrency.unwrap_or(plan.concurrency), scope.start)
        });
        let mut groups_of = vec![Vec::new(); inbox.users.len()];
        for (index, group) in inbox.groups.iter().enumerate() {
            for member in &group.members {
                if let Some(groups) = groups_of.get_mut(member.0 as usize) {
                    groups.push(index);
                }
            }
        }
        Self {
            set,
            traffic,
            numbers: &scope.numbers,
            desk: Desk::new(inbox, settings),
            now: scope.start,
            events,
            population: Population::new(set, traffic, scope, arrivals, seed),
            chats: FxHashMap::default(),
            open: FxHashMap::default(),
            users: users.collect(),
            by_hand: vec![BTreeSet::new(); inbox.groups.len()],
            groups_of,
            ready: Vec::new(),
            to_take: Vec::new(),
            service: RandomStream::new(seed, "service"),
            follow_ups: RandomStream::new(seed, "follow-ups"),
            follow_up_mix: scope.numbers.iter().map(|number| message_mix(traffic, number, true)).collect(),
            figures: RunFigures::new(scope, inbox.groups.len()),
        }
    }

    pub(super) fn moment(&self) -> Timestamp {
        Timestamp::from_microsecond(self.now).unwrap_or_default()
    }

    /// Handles a scheduled event.
    fn handle_event(&mut self, event: ScheduledEvent) {
        match event {
            ScheduledEvent::Presence { user, presence } => self.presence(user, presence),
            ScheduledEvent::ServiceEnd { chat, assignment } => self.end_service(chat, assignment),
            ScheduledEvent::FollowUp { chat, arrival, nth, message } => {
                self.follow_up(chat, arrival, nth, message);
            }
            ScheduledEvent::Timer(timer) => self.handle_timer(timer),
            ScheduledEvent::Later { chat, later, too_late, answers } => {
                if self.chats.get(&chat).is_some_and(|running| running.answers == answers) {
                    self.dispatch(DeskEvent::Later { later, too_late }, Some(chat), NeedsCustomer::Yes);
                }
            }
        }
        self.start_services();
    }

    fn presence(&mut self, user: UserId, presence: Presence) {
        let now = self.now;
        if let Some(work) = self.users.get_mut(user.0 as usize) {
            work.set_online(presence == Presence::Online, now);
        }
        let id = Arc::clone(&self.set.inbox().user(user).id);
        self.dispatch(DeskEvent::Presence { user: id, presence, until: None }, None, NeedsCustomer::No);
        self.ready.push(user);
    }

    fn handle_timer(&mut self, timer: DeskTimer) {
        let (event, chat) = match timer {
            DeskTimer::Timeout { chat, timer } => (DeskEvent::Timeout(timer), chat),
            DeskTimer::Idle { chat } => (DeskEvent::Idle, chat),
            DeskTimer::Later { .. } | DeskTimer::Presence { .. } => return,
        };
        if self.chats.contains_key(&chat) {
            self.dispatch(event, Some(chat), NeedsCustomer::Yes);
        }
    }

    /// A customer writes.
    fn arrive(&mut self, arrival: &Arrival) {
        self.figures.messages.arrived += 1;
        self.population.arrive(arrival);
        let message = self.content(arrival.content);
        let message = Message { id: Some(format!("S{}", arrival.index)), ..message };
        let open = self.open.get(&(arrival.customer, arrival.number)).copied();
        self.write(arrival.customer, arrival.number, message, open, arrival.index);
        self.start_services();
    }

    fn content(&self, content: MessageContent) -> Message {
        match content {
            MessageContent::Mix(Some(index)) => {
                self.traffic.messages.get(index).map(|mix| mix.message.clone()).unwrap_or_default()
            }
            MessageContent::Mix(None) => Message::default(),
            MessageContent::Recorded(index) => {
                let recorded = self.traffic.recorded.as_ref().and_then(|all| all.get(index));
                recorded.map(|arrival| arrival.situation.message.clone()).unwrap_or_default()
            }
        }
    }

    fn follow_up(&mut self, chat: ChatId, arrival: u64, nth: usize, message: usize) {
        let Some((customer, number)) =
            self.chats.get(&chat).map(|running| (running.customer, running.number))
        else {
            return;
        };
        self.figures.messages.arrived += 1;
        self.figures.messages.follow_ups += 1;
        let message = self.content(MessageContent::Mix(Some(message)));
        let message = Message { id: Some(format!("S{arrival}.{nth}")), ..message };
        self.write(customer, number, message, Some(chat), arrival);
    }

    /// A message of a customer to a number, in the open chat if there is one.
    fn write(
        &mut self,
        customer: usize,
        number: usize,
        message: Message,
        open: Option<ChatId>,
        arrival: u64,
    ) {
        let Some(to) = self.numbers.get(number).cloned() else { return };
        let was_open = open.is_some();
        let event = DeskEvent::Message { number: to, message: Box::new(message) };
        let Some(effects) = self.handle(event, customer, open, NeedsCustomer::Yes) else {
            self.figures.messages.refused += 1;
            return;
        };
        let now = self.moment();
        if let Some(state) = self.population.state_mut(customer) {
            state.is_returning = true;
            state.last_at = Some(now);
        }
        let opened = match effects.records.first().map(|record| &record.kind) {
            Some(LogRecordKind::Message { chat: Some(chat), .. }) if !was_open => Some(*chat),
            _ => None,
        };
        self.count_message(&effects, was_open);
        if let Some(chat) = opened {
            self.figures.chats.opened += 1;
            self.figures.unanswered.add(self.now);
            self.open.insert((customer, number), chat);
            let running = RunningChat {
                record: None,
                customer,
                number,
                arrival,
                opened_at: self.now,
                location: ChatLocation::Nobody,
                located_since: self.now,
                group: None,
                assignment: 0,
                in_service: None,
                services: 0,
                answers: 0,
                is_assigned: false,
                is_answered: false,
            };
            self.chats.insert(chat, running);
        }
        self.apply(effects, opened.or(open), customer);
        if let Some(chat) = opened.filter(|chat| self.chats.contains_key(chat)) {
            self.schedule_follow_ups(chat, arrival, number);
        }
    }

    fn count_message(&mut self, effects: &Effects, was_open: bool) {
        let Some(decision) = &effects.decision else { return };
        decision.rule.iter().chain(&decision.also).for_each(|rule| self.figures.count_rule(rule));
        let messages = &mut self.figures.messages;
        let counter = match (&decision.assign, was_open) {
            (_, true) if decision.moved.is_some() => &mut messages.moved_chat,
            (_, true) => &mut messages.in_open_chat,
            (Some(Assignment::Nobody), false) => &mut messages.assigned_to_nobody,
            (Some(_), false) => &mut messages.opened_chat,
            (None, false) => &mut messages.without_rule,
        };
        *counter += 1;
    }

    /// Draws what the customer will write in the chat. It does not depend on what becomes of the chat.
    fn schedule_follow_ups(&mut self, chat: ChatId, arrival: u64, number: usize) {
        let mix = &self.traffic.customers;
        if mix.follow_ups <= 0.0 {
            return;
        }
        self.follow_ups.go_to(arrival);
        let gap = mix.follow_up_after.as_secs_f64();
        let mut at = self.now;
        for nth in 1..=self.follow_ups.poisson(mix.follow_ups) {
            at += micros(gap * self.follow_ups.exponential());
            let drawn = self.follow_ups.uniform();
            let message = self.follow_up_mix.get(number).and_then(|mix| mix.at(drawn)).copied();
            let message = message.unwrap_or(usize::MAX);
            self.events.schedule(at, ScheduledEvent::FollowUp { chat, arrival, nth, message });
        }
    }

    /// Lets the desk handle an event, about an open chat of a customer if there is one. `None`: the desk has refused it.
    fn handle(
        &mut self,
        event: DeskEvent,
        customer: usize,
        chat: Option<ChatId>,
        needs: NeedsCustomer,
    ) -> Option<Effects> {
        let id = self.population.state(customer).map(|state| Arc::clone(&state.id));
        let mut facts = Facts {
            customer_id: id.unwrap_or_default(),
            chat: chat.and_then(|chat| self.chats.get(&chat)?.record.clone()),
            ..Facts::default()
        };
        if needs == NeedsCustomer::Yes {
            facts.customer = self.population.customer(customer);
            if let Some(state) = self.population.state_mut(customer) {
                // It is lent to the desk: a copy would take longer than most events.
                facts.sent = std::mem::take(&mut state.sent);
            }
        }
        let effects = self.desk.handle(self.set, event, &facts, self.moment()).ok();
        if needs == NeedsCustomer::Yes
            && let Some(state) = self.population.state_mut(customer)
        {
            state.sent = facts.sent;
        }
        effects
    }

    /// Lets the desk handle an event about a chat, or a user, and does what follows.
    pub(super) fn dispatch(&mut self, event: DeskEvent, chat: Option<ChatId>, needs: NeedsCustomer) {
        let customer = chat.and_then(|chat| self.chats.get(&chat)).map_or(usize::MAX, |chat| chat.customer);
        if let Some(effects) = self.handle(event, customer, chat, needs) {
            self.apply(effects, chat, customer);
        }
    }

    fn finish(mut self, scope: &TrafficScope, seed: u64) -> SimulationReport {
        let now = self.now;
        for counts in self.figures.groups.iter_mut().chain([&mut self.figures.overall]) {
            counts.queue.advance_to(now);
        }
        self.figures.unanswered.advance_to(now);
        let unanswered = self.chats.iter().filter(|(_, running)| !running.is_answered);
        let unanswered: Vec<ChatId> = unanswered.map(|(chat, _)| *chat).collect();
        for chat in unanswered {
            let group = self.group_of(chat);
            self.count_unstarted(chat);
            self.figures.count(group, |counts| counts.unanswered += 1);
        }
        SimulationReport::of(self.set, self.traffic, scope, seed, self)
    }
}

/// Whether an event asks what is known about the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NeedsCustomer {
    Yes,
    No,
}
