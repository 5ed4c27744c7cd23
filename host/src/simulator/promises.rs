//! What must be so in each run.

use std::sync::Arc;
use std::time::Duration;

use inbox_rules::Release;
use inbox_rules::desk::LogRecordKind;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::backend::ALL;
use super::host::{per_second, settings};
use super::rule_sets::release;
use super::traffic::{INBOXES, Request};
use super::world::{Waiter, World};
use crate::machine::{Answer, Input, Item, LiveInbox, MAX_BATCH, MAX_QUEUE, Unavailable, handle_batch};
use crate::store::{CustomerRow, DueInbox, LogRow, OutboxRow, OutboxState};
use crate::verify::verify;

/// How long something that is due may wait, in milliseconds.
const MAX_DELAY: u64 = 1_000;

impl World {
    fn log(&mut self, inbox: &str) -> Vec<LogRow> {
        self.store.backend.reader().log(inbox, ALL).unwrap_or_default()
    }

    /// What the store holds, for people.
    pub(super) fn story(&mut self) -> String {
        let mut story = format!("{} ms, wrong: {}\n", self.now, self.wrong.join("\n"));
        for inbox in INBOXES {
            for LogRow { record, routed } in self.log(inbox) {
                let routed = routed.map(|routed| routed.get().to_owned()).unwrap_or_default();
                let told = format!("{:?} from {:?} {routed}", record.kind, record.from);
                story += &format!("{inbox} {} {} {told}\n", record.seq, record.at);
            }
            for row in self.store.backend.all_replies(inbox) {
                let taken = self.graph.taken.get(&row.id);
                story += &format!(
                    "{inbox} {} {:?} of {} at {}: {:?} {:?}, taken {taken:?}\n",
                    row.id, row.text, row.customer, row.at, row.state, row.seq
                );
            }
        }
        story
    }

    /// What is answered is in the store (1), and nothing fails without a fault (7).
    pub(super) fn check_answer(&mut self, waiter: &Waiter, answer: &Result<Answer, Unavailable>) {
        let Waiter { inbox, .. } = waiter;
        let backend = &mut self.store.backend;
        let is_kept = match answer {
            Err(error) => {
                let is_broken = self.store.broken.as_ref() == Some(inbox);
                let is_full = *error == Unavailable::Busy && self.waiters.len() > MAX_QUEUE / 2;
                if !is_broken && !is_full && waiter.since > self.healthy_since_of(waiter) + 5_000 {
                    let elements = self.elements(waiter);
                    self.wrong.push(format!("`{inbox}` fails without a fault: {error}: {elements}"));
                }
                return;
            }
            Ok(Answer::Routed(routed)) => {
                backend.reader().inbox(inbox).is_ok_and(|row| row.seq >= routed.seq)
            }
            Ok(Answer::Chat(row)) => backend.reader().chat(inbox, row.chat.id).ok().flatten().is_some(),
            Ok(Answer::User(row)) => {
                backend.reader().users(inbox).is_ok_and(|rows| rows.iter().any(|one| one.id == row.id))
            }
            Ok(Answer::Customer(row)) => {
                backend.reader().customer(inbox, &row.id).ok().flatten().is_some()
                    || was_merged(&self.log(inbox), row)
            }
            Ok(Answer::Reply(row)) => backend.all_replies(inbox).iter().any(|one| one.id == row.id),
            Ok(_) => true,
        };
        if !is_kept {
            self.wrong.push(format!("{answer:?} was answered and is not in the store"));
        }
    }

    /// Timers fire in time (6), and whoever asks is answered (7).
    pub(super) fn check_delays(&mut self, timers: &[DueInbox]) {
        for due in timers {
            if self.store.broken.as_ref() == Some(&due.inbox) {
                continue;
            }
            let late = u64::try_from(self.moment().duration_since(due.due).as_millis()).unwrap_or(0);
            if late.min(self.now.saturating_sub(self.healthy_since)) > MAX_DELAY {
                self.wrong.push(format!("a timer of `{}` is {late} ms late", due.inbox));
            }
        }
        let late = self.waiters.values().find(|waiter| {
            self.store.broken.as_ref() != Some(&waiter.inbox)
                && self.now > waiter.since.max(self.healthy_since_of(waiter)) + MAX_DELAY
        });
        if let Some(waiter) = late {
            let elements = self.elements(waiter);
            self.wrong.push(format!("it is not answered: {elements}"));
        }
    }

    /// Since when nothing has gone wrong for whoever waits: their host may have stopped.
    fn healthy_since_of(&self, waiter: &Waiter) -> u64 {
        let host = self.hosts.get(&waiter.start);
        self.healthy_since.max(host.map_or(0, |host| host.frozen_until))
    }

    /// What waits, for people.
    fn elements(&self, waiter: &Waiter) -> String {
        let delivery = self.deliveries.get(&waiter.delivery);
        format!("{:?}", delivery.map(|delivery| delivery.elements.iter().take(20).collect::<Vec<_>>()))
    }

    /// The Graph API has taken a reply: never twice, but when its answer was lost and nothing was heard of
    /// it, and in order (4).
    pub(super) fn check_taken(&mut self, inbox: &Arc<str>, row: &OutboxRow) {
        self.check_in_time(inbox, row);
        let taken = self.graph.taken.get(&row.id).cloned().unwrap_or_default();
        if let [.., first, second] = taken[..] {
            let heard = self.deliveries.values().any(|delivery| {
                let is_about = matches!(&delivery.elements[..], [(_, Request::Status(status))]
                    if status.data.as_deref() == Some(&*row.id.to_string()));
                is_about && delivery.acknowledged.is_some_and(|at| at < second.saturating_sub(1_000))
            });
            if heard || self.recorded.contains(&row.id) || second - first < 120_000 {
                self.wrong.push(format!("reply {} was sent at {first} and again at {second} ms", row.id));
            }
            return;
        }
        let before = self.store.backend.all_replies(inbox).into_iter().find(|one| {
            one.id < row.id
                && one.number == row.number
                && one.customer == row.customer
                && one.due < Timestamp::MAX
        });
        if let Some(before) = before {
            let is_merged = |row: &LogRow| matches!(&row.record.kind, LogRecordKind::Renamed { customer, .. } if *customer == before.customer);
            if !self.log(inbox).iter().any(is_merged) {
                self.wrong.push(format!("reply {} was sent before {before:?}", row.id));
            }
        }
    }

    /// A reply is not sent when it is too late, or WhatsApp no longer takes it.
    fn check_in_time(&mut self, inbox: &str, row: &OutboxRow) {
        let rows = self.store.backend.all_replies(inbox);
        let customer = rows.iter().find(|one| one.id == row.id).map(|row| Arc::clone(&row.customer));
        let customer = self.store.backend.reader().customer(inbox, &customer.unwrap_or_default());
        let last_at = customer.ok().flatten().and_then(|customer| customer.last_at).unwrap_or(row.at);
        let until = row.expires.min(last_at + SignedDuration::from_hours(24));
        if self.moment() > until + SignedDuration::from_secs(5) {
            self.wrong.push(format!("{row:?} was sent at {}, after {until}", self.moment()));
        }
    }

    /// A reply is about to be sent: not more are than the number may send, and half as many after WhatsApp
    /// has asked for that.
    pub(super) fn check_rate(&mut self, start: u64, number: &Arc<str>) {
        let (limit, now) = (f64::from(per_second(self.seed)), self.now);
        let sends = self.sends.entry(Arc::clone(number)).or_default();
        sends.push((now, start));
        let slowed = self.slowed.get(&(start, Arc::clone(number))).into_iter().flatten();
        let slowed = slowed.filter(|at| now - **at < 60_000);
        let halved = slowed.map(|at| {
            let minutes = Duration::from_millis(now - at).as_secs_f64() / 60.0;
            (*at, true, limit / 2.0 * 60.0 * (minutes.exp2() - 1.0) / std::f64::consts::LN_2)
        });
        // All nodes together send no more, and one that is told to be slower is.
        let all = std::iter::once((now.saturating_sub(10_000), false, limit * 10.0));
        for (since, is_own, most) in halved.chain(all) {
            // What was taken to be sent before, and a second's beside.
            let most = most + limit + 2.0 + f64::from(u32::try_from(self.nodes).unwrap());
            let recent = sends.iter().rev().take_while(|(at, _)| *at > since);
            let count = recent.filter(|(_, from)| !is_own || *from == start).map(|_| 1.0).sum::<f64>();
            if count > most {
                self.wrong.push(format!("{number} sends {count} replies since {since}, not {most}"));
            }
        }
    }

    /// Not more wait for an inbox than its queue holds, besides those that are being handled.
    pub(super) fn check_queues(&mut self) {
        for inbox in INBOXES {
            let waiting = self.waiting_for(inbox);
            if waiting > (MAX_QUEUE + MAX_BATCH) * self.hosts.len() {
                self.wrong.push(format!("{waiting} wait for `{inbox}`"));
            }
        }
    }

    /// How many wait for an answer of the inbox.
    fn waiting_for(&self, inbox: &str) -> usize {
        self.waiters.values().filter(|waiter| *waiter.inbox == *inbox).count()
    }

    /// What is kept in memory is what would be loaded from the store (3).
    pub(super) fn check_live(&mut self, start: u64, ended: &[Input]) {
        for input in ended {
            let Input::BatchDone(inbox, Some(live), Ok(result)) = input else { continue };
            let key = (start, Arc::clone(inbox));
            if self.compared.insert(key, result.seq) == Some(result.seq) {
                continue;
            }
            let active = self.store.backend.reader().inbox(inbox).ok().and_then(|row| row.rules);
            if active.as_deref() != Some(&*result.release.digest) {
                self.wrong.push(format!("`{inbox}` goes by {}, not {active:?}", result.release.digest));
            }
            let Ok(mut tx) = self.store.backend.store().begin(inbox) else { continue };
            let loaded = LiveInbox::load(&mut *tx, &result.release, &settings(self.seed));
            drop(tx);
            match loaded.map(|loaded| desk_state(&loaded)) {
                Ok(loaded) if loaded == desk_state(live) => {}
                Ok(loaded) => {
                    let live = desk_state(live);
                    self.wrong.push(format!("`{inbox}` is {live} in memory, and {loaded} in the store"));
                }
                Err(error) => self.wrong.push(format!("`{inbox}` cannot be loaded: {error}")),
            }
        }
    }

    /// At the end, after a calm time.
    pub(super) fn check_end(&mut self) {
        for (id, delivery) in &self.deliveries {
            let is_webhook =
                delivery.elements.iter().all(|(_, request)| !matches!(request, Request::User(..)));
            if delivery.acknowledged.is_none() && is_webhook {
                self.wrong.push(format!("request {id} was never acknowledged: {:?}", delivery.elements));
            }
        }
        for inbox in INBOXES {
            match verify(self.store.backend.reader(), inbox, self.seed) {
                Ok(wrong) => self.wrong.extend(wrong.into_iter().map(|wrong| format!("`{inbox}`: {wrong}"))),
                Err(error) => self.wrong.push(format!("`{inbox}` cannot be verified: {error}")),
            }
            self.check_messages(inbox);
            self.check_replies(inbox);
            self.check_waiting(inbox);
        }
    }

    /// Each message that was acknowledged is decided (1, 2), unless it is too old.
    fn check_messages(&mut self, inbox: &str) {
        let log = self.log(inbox);
        let is_decided = |number: &str, id: &str| {
            log.iter().any(|row| matches!(&row.record.kind,
                LogRecordKind::Message { message: Some(message), number: one, .. } if **message == *id && **one == *number))
        };
        for delivery in self.deliveries.values().filter(|delivery| delivery.acknowledged.is_some()) {
            for (_, request) in delivery.elements.iter().filter(|(one, _)| **one == *inbox) {
                let Request::Message(new) = request else { continue };
                let id = new.message.id.as_deref().unwrap_or_default();
                let is_old =
                    new.sent_at.is_some_and(|at| at < self.moment() - jiff::SignedDuration::from_hours(200));
                if !is_old && !is_decided(&new.number, id) {
                    self.wrong.push(format!("`{inbox}`: message `{id}` was acknowledged and is not decided"));
                }
            }
        }
    }

    /// No reply is left, and none is said to be sent that was not (4).
    fn check_replies(&mut self, inbox: &str) {
        for row in self.store.backend.all_replies(inbox) {
            if row.due < Timestamp::MAX {
                self.wrong.push(format!("`{inbox}`: {row:?} is left"));
            }
            let is_sent = matches!(row.state, OutboxState::Sent | OutboxState::Delivered | OutboxState::Read);
            if is_sent && !self.graph.taken.contains_key(&row.id) {
                self.wrong.push(format!("`{inbox}`: {row:?} never went out"));
            }
        }
    }

    /// No chat waits while somebody can take it: the same rules once more change nothing.
    fn check_waiting(&mut self, inbox: &str) {
        let name: Arc<str> = inbox.into();
        let row = self.store.backend.reader().inbox(inbox).unwrap_or_default();
        let version = row.rules.as_deref().and_then(|digest| digest.strip_prefix("sha256:")?.parse().ok());
        let release = release(inbox, version.unwrap_or_default());
        let mut same = Release::clone(&release);
        same.digest = "sha256:again".to_owned();
        let items = vec![Item::Rules { release: Arc::new(same), by: "folder".to_owned() }];
        let before = row.seq;
        let now = self.moment();
        let Ok(mut tx) = self.store.backend.store().begin(&name) else { return };
        let result = handle_batch(&mut *tx, &mut None, &release, &settings(self.seed), &items, now);
        drop(tx);
        match result {
            Ok(result) if result.seq == before + 1 => {}
            Ok(result) => {
                self.wrong.push(format!(
                    "`{inbox}`: a chat waits that somebody could have: {before} → {}",
                    result.seq
                ));
            }
            Err(error) => self.wrong.push(format!("`{inbox}`: {error}")),
        }
    }
}

/// The state of a desk. Of a customer whose chat waits it has what was known before their message; what may
/// have changed since and does not matter to whom the chat goes is left out.
pub(super) fn desk_state(live: &LiveInbox) -> Value {
    let mut state = serde_json::to_value(live.desk.save()).unwrap();
    for chat in state["waiting"]["chats"].as_array_mut().into_iter().flatten() {
        let customer = chat["customer"].as_object_mut().unwrap();
        customer.retain(|field, _| matches!(&**field, "owner" | "tags" | "language" | "attributes"));
    }
    // Somebody who never did anything may have been in the inbox, and have left.
    let users = state["roster"]["users"].as_object_mut().unwrap();
    users.retain(|_, figures| figures.as_object().is_some_and(|figures| !figures.is_empty()));
    state
}

/// Whether the customer, after they were changed by hand, has turned out to be another one, who has all their
/// names now.
fn was_merged(log: &[LogRow], merged: &CustomerRow) -> bool {
    let is_edit = |row: &&LogRow| matches!(&row.record.kind, LogRecordKind::Customer { customer } if *customer == merged.id);
    let mut since = log.iter().rev().take_while(|row| !is_edit(row));
    since.any(|row| {
        matches!(&row.record.kind, LogRecordKind::Renamed { customer, names }
        if *customer != merged.id
            // Of those who are forgotten, the names are.
            && (names.is_empty() || merged.names.iter().all(|name| names.contains(name))))
    })
}
