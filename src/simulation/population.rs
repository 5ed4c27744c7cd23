//! The customers of a simulation: their profiles, and the state that changes as they write.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::arrivals::{Arrival, ArrivalStream, MessageContent, TrafficScope};
use super::default_traffic::users_of;
use super::draws::RandomStream;
use super::traffic::Traffic;
use super::weighted_list::WeightedList;
use crate::load::RuleSet;
use crate::situation::Customer;

/// The customers so far, by index.
pub(super) struct Population<'a> {
    set: &'a RuleSet,
    traffic: &'a Traffic,
    customers: Vec<CustomerState>,
    profiles: RandomStream,
}

/// What changes about a customer.
#[derive(Debug, Clone)]
pub(super) struct CustomerState {
    /// `c` and the index.
    pub(super) id: Arc<str>,
    /// The user who owns the customer.
    pub(super) owner: Option<Arc<str>>,
    /// Whether the customer has written before.
    pub(super) is_returning: bool,
    /// When the customer last wrote.
    pub(super) last_at: Option<Timestamp>,
    /// When replies with `once per` were last sent.
    pub(super) sent: BTreeMap<String, Timestamp>,
    /// The last recorded message of the customer.
    recorded: Option<usize>,
}

impl CustomerState {
    /// A customer who has never written.
    fn new(index: usize) -> Self {
        let id = format!("c{index}").into();
        Self { id, owner: None, is_returning: false, last_at: None, sent: BTreeMap::new(), recorded: None }
    }
}

impl<'a> Population<'a> {
    /// The customers who have written before.
    pub(super) fn new(
        set: &'a RuleSet,
        traffic: &'a Traffic,
        scope: &TrafficScope,
        stream: &ArrivalStream<'_>,
        seed: u64,
    ) -> Self {
        let mut owners = RandomStream::new(seed, "owners");
        let mut customers = Vec::new();
        for (number, pool) in scope.numbers.iter().zip(stream.returning_customers()) {
            let candidates = candidates(set, traffic, number);
            for _ in pool {
                let (is_owned, which) =
                    (owners.uniform() < traffic.customers.owned_share, owners.index(candidates.len()));
                let owner = candidates.get(which).filter(|_| is_owned).cloned();
                customers.push(CustomerState {
                    owner,
                    is_returning: true,
                    ..CustomerState::new(customers.len())
                });
            }
        }
        Self { set, traffic, customers, profiles: RandomStream::new(seed, "profiles") }
    }

    /// The customer who has written: one who is new is added.
    pub(super) fn arrive(&mut self, arrival: &Arrival) {
        while self.customers.len() <= arrival.customer {
            self.customers.push(CustomerState::new(self.customers.len()));
        }
        let (MessageContent::Recorded(index), Some(state)) =
            (arrival.content, self.customers.get_mut(arrival.customer))
        else {
            return;
        };
        state.recorded = Some(index);
        let recorded = self.traffic.recorded.as_ref().and_then(|recorded| recorded.get(index));
        if let Some(recorded) = recorded.filter(|_| arrival.is_new) {
            let customer = &recorded.situation.customer;
            state.owner = customer.owner.as_deref().map(Arc::from);
            state.is_returning = customer.returning;
            // As for the time of the message itself.
            let number = recorded.situation.number.as_deref().unwrap_or_default();
            let zone = self.set.policy(number).map_or(TimeZone::UTC, |policy| policy.timezone.clone());
            state.last_at = customer.last_message_at.map(|moment| moment.instant(&zone));
        }
    }

    pub(super) fn state(&self, index: usize) -> Option<&CustomerState> {
        self.customers.get(index)
    }

    pub(super) fn state_mut(&mut self, index: usize) -> Option<&mut CustomerState> {
        self.customers.get_mut(index)
    }

    /// The customer as a situation says it.
    pub(super) fn customer(&mut self, index: usize) -> Customer {
        let Some(state) = self.customers.get(index) else { return Customer::default() };
        let mut customer = match state.recorded {
            Some(recorded) => {
                let recorded = self.traffic.recorded.as_ref().and_then(|all| all.get(recorded));
                recorded.map(|arrival| arrival.situation.customer.clone()).unwrap_or_default()
            }
            None => profile(self.traffic, &mut self.profiles, index),
        };
        customer.owner = state.owner.as_deref().map(str::to_owned);
        customer.returning = state.is_returning;
        customer.last_message_at = state.last_at.map(Into::into);
        customer
    }
}

/// The users who may own a customer of a number.
fn candidates(set: &RuleSet, traffic: &Traffic, number: &str) -> Vec<Arc<str>> {
    let inbox = set.inbox();
    if !traffic.customers.owners.is_empty() {
        return traffic.customers.owners.clone();
    }
    let users = set.policy(number).map(|policy| users_of(set, policy)).unwrap_or_default();
    let owners = users.into_iter().map(|user| inbox.user(user)).filter(|user| user.owns);
    owners.map(|user| Arc::clone(&user.id)).collect()
}

/// What is known about a customer, which is always the same.
fn profile(traffic: &Traffic, stream: &mut RandomStream, index: usize) -> Customer {
    let mix = &traffic.customers;
    let mut customer = Customer { id: Some(format!("c{index}")), ..Customer::default() };
    stream.go_to(index as u64);
    let mut word = |list: &WeightedList<String>| {
        if list.is_empty() {
            return None;
        }
        list.at(stream.uniform()).filter(|word| !word.is_empty()).cloned()
    };
    customer.country = word(&mix.country);
    customer.language = word(&mix.language);
    customer.name = word(&mix.name);
    customer.phone = word(&mix.phone);
    for (tag, share) in &mix.tags {
        if stream.uniform() < *share {
            customer.tags.push(tag.clone());
        }
    }
    for (name, values) in &mix.attributes {
        if let Some(Some(value)) = values.at(stream.uniform()) {
            customer.attributes.insert(name.clone(), value.clone());
        }
    }
    customer
}
