//! A world: one situation, reduced to what conditions can test.

use std::collections::{BTreeMap, BTreeSet};

use super::atom::{Atom, Counted, Person, TextSubject, TextValue};
use super::index_vec::{VecIndex, at};
use super::timeline::MomentId;
use super::users::{UserSetId, UserSets};
use super::{Encoding, Formula, FormulaKind};
use crate::inbox::{GroupId, UserId};
use crate::language::Folded;
use crate::language::vocabulary::{ChatTime, MessageKind, Presence};
use crate::policy::{Attribute, AttributeValue, Given, GivenChat, GivenMessage, GivenUser, Scope};

/// One situation. [`World::default`] is that of a test without `given` lines.
#[derive(Debug, Clone)]
pub(in crate::prove) struct World {
    pub(in crate::prove) returning: bool,
    pub(in crate::prove) owner: Option<UserId>,
    /// Who is online, and on which sides of a comparison they are available.
    pub(in crate::prove) online: BTreeMap<UserId, [bool; 2]>,
    /// Who is away, of those of whom it is asked.
    pub(in crate::prove) away: BTreeSet<UserId>,
    pub(in crate::prove) waiting: BTreeMap<GroupId, u32>,
    pub(in crate::prove) moment: MomentId,
    pub(in crate::prove) kind: MessageKind,
    pub(in crate::prove) text: Option<TextValue>,
    pub(in crate::prove) age: u64,
    pub(in crate::prove) silent: Option<u64>,
    pub(in crate::prove) tags: BTreeSet<Folded>,
    /// Of the customer and of the message.
    pub(in crate::prove) attributes: BTreeMap<Attribute, AttributeValue<TextValue>>,
    pub(in crate::prove) chat: Option<WorldChat>,
}

/// The customer's open chat.
#[derive(Debug, Clone, Default)]
pub(in crate::prove) struct WorldChat {
    pub(in crate::prove) user: Option<UserId>,
    pub(in crate::prove) group: Option<GroupId>,
    pub(in crate::prove) tags: BTreeSet<Folded>,
    pub(in crate::prove) answered: bool,
    pub(in crate::prove) open_for: Option<u64>,
    pub(in crate::prove) waiting_for: Option<u64>,
}

impl WorldChat {
    fn time(&self, of: ChatTime) -> Option<u64> {
        match of {
            ChatTime::OpenFor => self.open_for,
            ChatTime::WaitingFor => self.waiting_for,
        }
    }
}

impl Default for World {
    fn default() -> Self {
        Self {
            returning: false,
            owner: None,
            online: BTreeMap::new(),
            away: BTreeSet::new(),
            waiting: BTreeMap::new(),
            moment: MomentId::DEFAULT,
            kind: MessageKind::Text,
            text: Some(TextValue::new("hello")),
            age: 0,
            silent: None,
            tags: BTreeSet::new(),
            attributes: BTreeMap::new(),
            chat: None,
        }
    }
}

impl World {
    fn text_of(&self, subject: TextSubject) -> Option<&TextValue> {
        match subject {
            TextSubject::Message => self.text.as_ref(),
            TextSubject::Attribute(attribute) => match self.attributes.get(&attribute) {
                Some(AttributeValue::Text(text)) => Some(text),
                _ => None,
            },
        }
    }

    pub(in crate::prove) fn person(&self, person: Person) -> Option<UserId> {
        match person {
            Person::Owner => self.owner,
            Person::ChatUser => self.chat.as_ref()?.user,
        }
    }

    fn is_person_in(&self, encoding: &Encoding, person: Person, set: UserSetId) -> bool {
        self.person(person).is_some_and(|user| encoding.user_sets.contains(set, user))
    }

    fn is_known(&self, subject: TextSubject) -> bool {
        match subject {
            TextSubject::Message => self.text.is_some(),
            TextSubject::FORWARDED => true,
            TextSubject::Attribute(attribute) => self.attributes.contains_key(&attribute),
        }
    }

    /// Whether `atom` holds.
    pub(in crate::prove) fn holds(&self, encoding: &Encoding, atom: &Atom) -> bool {
        match atom {
            Atom::Returning => self.returning,
            Atom::Person(person) => self.is_person_in(encoding, *person, UserSets::EVERYBODY),
            Atom::PersonIn(person, set) => self.is_person_in(encoding, *person, *set),
            Atom::PersonOnlyIn(person, side) => {
                self.person(*person).is_some_and(|user| encoding.one_sided().get(&user) == Some(side))
            }
            Atom::PersonCounted(person, counted) => {
                let available = self.person(*person).and_then(|user| self.online.get(&user));
                available.is_some_and(|available| is_counted(*counted, *available))
            }
            Atom::PersonAway(person) => self.person(*person).is_some_and(|user| self.away.contains(&user)),
            Atom::OwnerHasChat => self.owner.is_some() && self.owner == self.person(Person::ChatUser),
            Atom::ChatOpen => self.chat.is_some(),
            Atom::ChatAnswered => self.chat.as_ref().is_some_and(|chat| chat.answered),
            Atom::ChatHasGroup => self.chat.as_ref().is_some_and(|chat| chat.group.is_some()),
            Atom::ChatIn(group) => self.chat.as_ref().is_some_and(|chat| chat.group == Some(*group)),
            Atom::ChatTag(tag) => self.chat.as_ref().is_some_and(|chat| chat.tags.contains(tag)),
            Atom::ChatTime { of, at_least } => {
                self.chat.as_ref().and_then(|chat| chat.time(*of)).is_some_and(|time| time >= *at_least)
            }
            Atom::UserCount { counted, set, at_least } => {
                let users = self.online.iter().filter(|(user, available)| {
                    is_counted(*counted, **available) && encoding.user_sets.contains(*set, **user)
                });
                users.count() >= *at_least as usize
            }
            Atom::Waiting { scope, at_least } => {
                let waiting: u64 = match scope {
                    Scope::Inbox => self.waiting.values().map(|chats| u64::from(*chats)).sum(),
                    Scope::Group(group) => self.waiting.get(group).copied().unwrap_or_default().into(),
                };
                waiting >= *at_least
            }
            Atom::Open(calendar) => encoding.timeline.is_open(*calendar, self.moment),
            Atom::Kind(kind) => self.kind == *kind,
            Atom::Age { at_least } => self.age >= *at_least,
            Atom::Silent { at_least } => self.silent.is_some_and(|silent| silent >= *at_least),
            Atom::Tag(tag) => self.tags.contains(tag),
            Atom::Known(subject) => self.is_known(*subject),
            Atom::Text(subject, predicate) => {
                self.text_of(*subject).is_some_and(|text| predicate.holds(*subject, text))
            }
            Atom::Number(attribute, cut) => match self.attributes.get(attribute) {
                Some(AttributeValue::Number(number)) => cut.is_below(*number),
                _ => false,
            },
            Atom::Flag(attribute) => self.attributes.get(attribute) == Some(&AttributeValue::Flag(true)),
        }
    }

    /// The `given` lines of a test with this situation.
    pub(in crate::prove) fn given(&self, encoding: &Encoding) -> Given {
        let user = |(user, available): (&UserId, &[bool; 2])| {
            let sides = encoding.sides.iter().zip(available).filter(|(_, available)| !**available);
            let chats = sides.filter_map(|(side, _)| side.user(*user).capacity).max();
            GivenUser { user: *user, presence: Presence::Online, chats: chats.unwrap_or(0), idle: None }
        };
        let away = |user: &UserId| GivenUser { user: *user, presence: Presence::Away, chats: 0, idle: None };
        let waiting = self.waiting.iter().filter(|(_, chats)| **chats > 0);
        Given {
            returning: self.returning,
            owner: self.owner,
            tags: self.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
            attributes: self.attributes(false),
            silent_for: self.silent,
            users: self.online.iter().map(user).chain(self.away.iter().map(away)).collect(),
            waiting: waiting.map(|(group, chats)| (*group, *chats)).collect(),
            turns: Vec::new(),
            message: self.message(),
            chat: self.chat.as_ref().map(given_chat),
            number: None,
            at: (self.moment != MomentId::DEFAULT).then(|| encoding.timeline.example(self.moment)),
        }
    }

    /// The attributes of the message, or those of the customer.
    fn attributes(&self, of_message: bool) -> Vec<(Attribute, AttributeValue)> {
        let attributes =
            self.attributes.iter().filter(|(attribute, _)| attribute.is_of_message() == of_message);
        attributes.map(|(attribute, value)| (*attribute, value.map_text(|text| text.raw.clone()))).collect()
    }

    fn message(&self) -> Option<GivenMessage> {
        let raw = self.text.as_ref().map(|text| &*text.raw);
        let is_text = self.kind == MessageKind::Text;
        let attributes = self.attributes(true);
        if is_text && raw == Some("hello") && self.age == 0 && attributes.is_empty() {
            return None;
        }
        Some(GivenMessage {
            // `given message image` without a text has none, and `given message "…"` is of the kind `text`.
            kind: (!is_text || raw.is_none()).then_some(self.kind),
            text: raw.map(str::to_owned),
            age: (self.age > 0).then_some(self.age),
            attributes,
        })
    }
}

fn is_counted(counted: Counted, available: [bool; 2]) -> bool {
    match counted {
        Counted::Online => true,
        Counted::Available { side } => available.get(side).is_some_and(|available| *available),
    }
}

fn given_chat(chat: &WorldChat) -> GivenChat {
    GivenChat {
        user: chat.user,
        group: chat.group,
        tags: chat.tags.iter().map(|tag| tag.as_str().to_owned()).collect(),
        answered: chat.answered,
        open_for: chat.open_for,
        waiting_for: chat.waiting_for,
    }
}

/// The values of formulas in one world, each computed once.
pub(in crate::prove) struct Evaluator<'s, 'a> {
    encoding: &'s Encoding<'a>,
    world: &'s World,
    memo: FormulaMemo,
    /// The work that is not yet paid for.
    steps: u64,
}

/// Steps that are paid for before they are taken.
const HIGH_COST: u64 = 1_000;

/// The values that are known of formulas. The next world takes the memory over: most ask for few of very many formulas.
#[derive(Default)]
pub(super) struct FormulaMemo {
    /// For each formula the world in which its value was computed, twice, plus one if it holds.
    values: Vec<u64>,
    world: u64,
}

impl<'s, 'a> Evaluator<'s, 'a> {
    pub(in crate::prove) fn new(encoding: &'s Encoding<'a>, world: &'s World) -> Self {
        let mut memo = encoding.memo.take();
        memo.world += 1;
        memo.values.resize(encoding.formulas.kinds().len(), 0);
        Self { encoding, world, memo, steps: 0 }
    }

    pub(in crate::prove) fn holds(&mut self, formula: Formula) -> bool {
        let (position, world) = (formula.position(), self.memo.world);
        let known = *at(&self.memo.values, position);
        if known / 2 == world {
            return known % 2 == 1;
        }
        self.steps += 1;
        let encoding = self.encoding;
        let holds = match encoding.formulas.kind(formula) {
            FormulaKind::Constant(value) => *value,
            FormulaKind::Atom(atom) => {
                let atom = encoding.formulas.atom_at(*atom);
                let cost = atom.cost();
                if cost >= HIGH_COST {
                    // The value is of no use if there are no steps left.
                    encoding.consume(cost) && self.world.holds(encoding, atom)
                } else {
                    self.steps += cost;
                    self.world.holds(encoding, atom)
                }
            }
            FormulaKind::Not(part) => !self.holds(*part),
            FormulaKind::And(parts) => parts.iter().all(|part| self.holds(*part)),
            FormulaKind::Or(parts) => parts.iter().any(|part| self.holds(*part)),
        };
        if let Some(value) = self.memo.values.get_mut(position) {
            *value = world * 2 + u64::from(holds);
        }
        holds
    }
}

impl Drop for Evaluator<'_, '_> {
    fn drop(&mut self) {
        self.encoding.consume(self.steps);
        self.encoding.memo.set(std::mem::take(&mut self.memo));
    }
}
