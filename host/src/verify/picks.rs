//! To whom chats go that have an assignment already: because nobody answered in time, or because they wait.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::{ChatCause, LogRecord, LogRecordKind};
use inbox_rules::{
    Algorithm, Assignment, ChatId, Customer, Decision, Incoming, Message, Roster, RuleSet, Situation,
    WaitingChat, WaitingChats, dice,
};
use jiff::Timestamp;

use crate::machine::{DecisionFacts, InboxReplay};

/// Who has a chat: a user, and the group and the algorithm by which they were chosen; or a group.
type Holder = (Option<Arc<str>>, Option<Arc<str>>, Option<Algorithm>);

/// The open chats and their customers, as far as the log tells what the engine is given.
#[derive(Default)]
pub(super) struct Picks {
    /// The customer of each chat and, if nothing else has been done with the chat since, the last decision
    /// about it.
    chats: BTreeMap<ChatId, (Arc<str>, Option<Decision>)>,
    /// What is known about each customer, unless that was changed by hand since.
    customers: BTreeMap<Arc<str>, Customer>,
    /// The owners whom the last entries have given, which the engine may not have been told yet.
    new_owners: BTreeMap<Arc<str>, Arc<str>>,
}

impl Picks {
    /// Follows a message: its decision, and what it was decided from.
    pub(super) fn message(
        &mut self,
        record: &LogRecord,
        decision: Option<&Decision>,
        facts: Option<&DecisionFacts>,
    ) {
        let LogRecordKind::Message { customer, chat, .. } = &record.kind else { return };
        self.tell_owners();
        match facts {
            Some(facts) => drop(self.customers.insert(Arc::clone(customer), facts.customer.clone())),
            None => drop(self.customers.remove(customer)),
        }
        let is_kept =
            matches!(decision.map(|decision| &decision.assign), Some(None | Some(Assignment::Kept { .. })));
        if let Some(chat) = chat.filter(|_| !is_kept) {
            self.chats.insert(chat, (Arc::clone(customer), decision.cloned()));
        }
    }

    /// Follows any entry. `replay` is as it was before. What is wrong with the entry, if the engine chooses
    /// somebody else.
    pub(super) fn follow(&mut self, record: &LogRecord, replay: &InboxReplay, seed: u64) -> Option<String> {
        let (chat, cause, holder): (_, _, Holder) = match &record.kind {
            LogRecordKind::Assigned { chat, user, group, by, cause } => {
                (*chat, *cause, (Some(Arc::clone(user)), group.clone(), *by))
            }
            LogRecordKind::Waiting { chat, group, cause } => (*chat, *cause, (None, group.clone(), None)),
            LogRecordKind::Closed { chat, .. } => {
                self.chats.remove(chat);
                return None;
            }
            LogRecordKind::Customer { customer } => {
                self.customers.remove(customer);
                return None;
            }
            LogRecordKind::Renamed { customer, names } => {
                let is_named = |id: &str| names.iter().any(|name| name.trim_start_matches('+') == id);
                let is_other = |known: &Customer| !known.id.as_deref().is_some_and(is_named);
                self.customers.retain(|id, known| id != customer && is_other(known));
                return None;
            }
            _ => {
                self.tell_owners();
                return None;
            }
        };
        if cause != ChatCause::Queue {
            self.tell_owners();
        }
        let (customer, last) = self.chats.remove(&chat)?;
        let again = last.and_then(|last| self.again(record, cause, chat, &customer, last, replay, seed));
        let wrong = match &again {
            Some(Ok((_, should_be))) if *should_be == holder => None,
            Some(Ok((_, should_be))) => Some(format!(
                "entry {}: chat {} goes to {holder:?}, and should go to {should_be:?}",
                record.seq, chat.0
            )),
            Some(Err(error)) => Some(format!("entry {} cannot be repeated: {error}", record.seq)),
            None => None,
        };
        if let (Some(user), _, _) = &holder {
            self.note_owner(&customer, user, replay);
        }
        let last = again.and_then(Result::ok).map(|(last, _)| last);
        self.chats.insert(chat, (customer, last));
        wrong
    }

    /// The decision that the entry follows from, as the live engine makes it, and who should have the chat by
    /// the one that explains. `None`: it is not known what they would be given.
    #[expect(clippy::too_many_arguments, reason = "what the engine is given")]
    fn again(
        &self,
        record: &LogRecord,
        cause: ChatCause,
        chat: ChatId,
        customer: &Arc<str>,
        mut last: Decision,
        replay: &InboxReplay,
        seed: u64,
    ) -> Option<Result<(Decision, Holder), String>> {
        if matches!(cause, ChatCause::Decision | ChatCause::Moved) {
            let holder = held(&last);
            return Some(Ok((last, holder)));
        }
        let known = self.customers.get(customer).filter(|_| !self.new_owners.contains_key(customer))?;
        let (set, mut roster) = (&replay.set, replay.log.roster().clone());
        let known = known.known_to(set.inbox()).into_owned();
        let explain = |last: &Decision, alternative: usize, had: &[Arc<str>]| {
            resumed(set, replay.log.roster(), (last, alternative, had), &known, record.at, seed)
        };
        let done = match cause {
            ChatCause::Timeout => {
                let Some((timer, resume)) = last.timer().zip(last.resume.clone()) else {
                    return Some(Err("it was not to go on".to_owned()));
                };
                if timer.due > record.at {
                    return Some(Err(format!("its time is over at {}", timer.due)));
                }
                let holder = explain(&last, resume.alternative, &resume.had);
                let done = set.reroute(&mut last, &timer, record.at, &known, &mut roster, seed);
                done.map_err(|error| error.to_string()).and_then(|()| Ok((last, holder?)))
            }
            ChatCause::Queue => {
                let Some(waits) = WaitingChat::new(chat, &last, known.clone(), record.at) else {
                    return Some(Err("the chat does not wait".to_owned()));
                };
                let (from, had) = (waits.step.from_alternative, waits.step.had.clone());
                let mut holder = explain(&last, from, &had);
                if matches!(holder, Ok((None, ..))) {
                    // Those who had it are asked too.
                    holder = explain(&last, from, &[]);
                }
                let mut waiting: WaitingChats = std::iter::once(waits).collect();
                let given = set.drain(&mut roster, &mut waiting, record.at, seed);
                let first = given.map_err(|error| error.to_string()).map(|given| given.into_iter().next());
                let nobody = || "nobody could take the chat".to_owned();
                first.and_then(|first| Ok((first.ok_or_else(nobody)?.1, holder?)))
            }
            _ => return None,
        };
        Some(done)
    }

    /// Whoever is given an unowned customer owns them.
    fn note_owner(&mut self, customer: &Arc<str>, user: &Arc<str>, replay: &InboxReplay) {
        let inbox = replay.set.inbox();
        let owns = inbox.user_id(user).is_none_or(|id| inbox.user(id).owns);
        if !owns {
            return;
        }
        let Some(known) = self.customers.get(customer) else {
            // They may be another customer by now, and the log does not say which.
            self.customers.clear();
            return;
        };
        let has_owner = known.owner.as_deref().is_some_and(|owner| inbox.user_id(owner).is_some());
        if !has_owner {
            self.new_owners.entry(Arc::clone(customer)).or_insert_with(|| Arc::clone(user));
        }
    }

    fn tell_owners(&mut self) {
        for (customer, owner) in std::mem::take(&mut self.new_owners) {
            if let Some(known) = self.customers.get_mut(&customer) {
                known.owner = Some(owner.to_string());
            }
        }
    }
}

/// Who has the chat by the decision.
fn held(decision: &Decision) -> Holder {
    match &decision.assign {
        Some(Assignment::User { user, group, by, .. }) => (Some(Arc::clone(user)), group.clone(), *by),
        Some(Assignment::Queue { group, .. }) => (None, group.clone(), None),
        _ => (None, None, None),
    }
}

/// Who has a chat when its assignment goes on from an alternative, without those who `had` it.
fn resumed(
    set: &RuleSet,
    roster: &Roster,
    (last, alternative, had): (&Decision, usize, &[Arc<str>]),
    customer: &Customer,
    at: Timestamp,
    seed: u64,
) -> Result<Holder, String> {
    let message = Message { id: last.message.as_deref().map(str::to_owned), ..Message::default() };
    let number = last.number.as_deref().unwrap_or_default();
    let chat = last.open_chat();
    let situation =
        roster.situation(&Incoming { number, at, message: &message, chat: chat.as_ref() }, customer);
    let situation = || -> serde_json::Result<Situation> {
        let mut json = serde_json::to_value(&situation)?;
        let resume = serde_json::json!({ "rule": last.rule, "alternative": alternative, "had": had });
        json.as_object_mut().map(|json| json.insert("resume".to_owned(), resume));
        serde_json::from_value(json)
    };
    let situation = situation().map_err(|error| error.to_string())?;
    let step =
        format!("{}#{}", last.message.as_deref().unwrap_or_default(), last.step.number.saturating_add(1));
    let decision =
        set.explain(&situation, &mut dice(seed, Some(&step))).map_err(|error| error.to_string())?;
    Ok(held(&decision))
}
