//! From a model of the solver to a situation; or to the lemmas that show why there is no such situation.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_decimal::Decimal;

use super::Query;
use crate::inbox::{AttributeKind, GroupId, UserId, WordList};
use crate::language::Folded;
use crate::language::vocabulary::{ChatTime, MessageKind};
use crate::policy::{Attribute, AttributeValue};
use crate::prove::encoding::{
    Atom, Bound, Counted, Person, TextPredicate, TextSubject, TextValue, World, WorldChat, at, compose,
    implied,
};
use crate::prove::solver::Lit;

/// The steps that it takes to see what one predicate implies about another.
const COST_OF_PAIR: u64 = 4;

/// The steps that it takes to decide whether a user is online.
const COST_OF_USER: u64 = 10;

/// Clauses that hold in every situation.
type Lemmas = Vec<Vec<Lit>>;

impl Query<'_, '_> {
    /// The situation of the model, or lemmas that the model violates.
    pub(super) fn decode(&self) -> Result<World, Lemmas> {
        let inbox = self.encoding.inbox;
        self.encoding.consume(COST_OF_USER * inbox.users.len() as u64 + inbox.groups.len() as u64);
        let mut lemmas = Vec::new();
        let mut world = World::default();
        self.decode_moment(&mut world, &mut lemmas);
        self.decode_waiting(&mut world, &mut lemmas);
        self.decode_texts(&mut world, &mut lemmas);
        self.decode_chat(&mut world);
        if self.encoding.identifies_people {
            self.decode_people(&mut world, &mut lemmas);
        }
        if !lemmas.is_empty() {
            return Err(lemmas);
        }
        self.decode_message(&mut world);
        self.decode_customer(&mut world);
        if !self.encoding.identifies_people {
            self.decode_users(&mut world);
        }
        self.decode_one_sided(&mut world);
        Ok(world)
    }

    fn decode_moment(&self, world: &mut World, lemmas: &mut Lemmas) {
        let calendars = &self.atoms.calendars;
        let wanted: Vec<_> =
            calendars.iter().map(|(calendar, literal)| (*calendar, self.is_true(*literal))).collect();
        match self.encoding.timeline.find(&wanted) {
            Ok(moment) => world.moment = moment,
            Err(core) => {
                let literals = core.into_iter().map(|position| at(calendars, position).1);
                lemmas.push(self.blocking_clause(literals));
            }
        }
    }

    /// Each group gets the fewest chats that its conditions allow; then chats are added until the inbox has enough.
    fn decode_waiting(&self, world: &mut World, lemmas: &mut Lemmas) {
        // The highest count that is reached and the lowest that is not.
        let bounds = |scope: Option<u32>| {
            let chain = self.atoms.waiting.get(&scope);
            let reached =
                chain.and_then(|chain| chain.iter().rev().find(|(_, literal)| self.is_true(**literal)));
            let missed = chain.and_then(|chain| chain.iter().find(|(_, literal)| !self.is_true(**literal)));
            (reached, missed)
        };
        let (mut least, mut most) = (0, Some(0));
        let (mut all_reached, mut all_missed) = (Vec::new(), Vec::new());
        let mut unbounded = None;
        for group in self.groups() {
            let (reached, missed) = bounds(Some(group.0));
            let chats = reached.map_or(0, |(at_least, _)| *at_least);
            least += chats;
            all_reached.extend(reached.map(|(_, literal)| *literal));
            all_missed.extend(missed.map(|(_, literal)| *literal));
            match missed {
                Some((limit, _)) => most = most.map(|most: u64| most + (limit - 1)),
                None => {
                    most = None;
                    unbounded = unbounded.or(Some(group));
                }
            }
            if let Ok(chats) = u32::try_from(chats)
                && chats > 0
            {
                world.waiting.insert(group, chats);
            }
        }
        let (reached, missed) = bounds(None);
        if let Some((_, literal)) = missed.filter(|(limit, _)| least >= **limit) {
            lemmas.push(self.blocking_clause(all_reached.into_iter().chain([*literal])));
        } else if let Some((at_least, literal)) = reached {
            if most.is_some_and(|most| most < *at_least) {
                lemmas.push(self.blocking_clause(all_missed.into_iter().chain([*literal])));
            } else {
                self.add_waiting(world, at_least.saturating_sub(least), unbounded);
            }
        }
    }

    pub(super) fn groups(&self) -> impl Iterator<Item = GroupId> {
        let encoding = self.encoding;
        let groups = (0..).map(GroupId).take(encoding.inbox.groups.len());
        groups.filter(|group| encoding.is_common_group(*group))
    }

    /// Lets `more` chats wait: in the group without a limit, or in those that are below theirs.
    fn add_waiting(&self, world: &mut World, mut more: u64, unbounded: Option<GroupId>) {
        if let Some(group) = unbounded {
            let chats = world.waiting.entry(group).or_default();
            *chats = chats.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
            return;
        }
        for group in self.groups() {
            let chain = self.atoms.waiting.get(&Some(group.0)).into_iter().flatten();
            let limit = chain.filter(|(_, literal)| !self.is_true(**literal)).map(|(limit, _)| *limit).next();
            let chats = world.waiting.entry(group).or_default();
            let room = limit.map_or(more, |limit| (limit - 1).saturating_sub(u64::from(*chats)));
            let added = more.min(room);
            *chats = chats.saturating_add(u32::try_from(added).unwrap_or(u32::MAX));
            more -= added;
        }
    }

    fn decode_texts(&self, world: &mut World, lemmas: &mut Lemmas) {
        for (subject, predicates) in &self.atoms.texts {
            let satisfied = predicates.iter().filter(|(_, literal)| self.is_true(*literal)).count();
            let pairs = satisfied.saturating_mul(predicates.len()) as u64;
            if !self.encoding.consume(pairs.saturating_mul(COST_OF_PAIR)) {
                return;
            }
            let violated = self.violated_implications(*subject, predicates);
            if !violated.is_empty() {
                lemmas.extend(violated);
                continue;
            }
            let Some(known) = self.known(*subject).filter(|known| self.is_true(*known)) else { continue };
            let text = match self.encoding.words(*subject) {
                None => {
                    let wanted: Vec<(&TextPredicate, bool)> =
                        predicates.iter().map(|(test, literal)| (test, self.is_true(*literal))).collect();
                    let (text, steps) = compose(*subject, &wanted);
                    self.encoding.consume(steps);
                    text
                }
                Some(words) => match self.chosen_word(&words, predicates) {
                    Some(chosen) => TextValue::new(chosen),
                    None => {
                        // A known attribute is one of its words, and each of them is excluded.
                        let is_equality =
                            |(test, _): &&(TextPredicate, Lit)| matches!(test, TextPredicate::Is(_));
                        let literals = predicates.iter().filter(is_equality).map(|(_, literal)| *literal);
                        lemmas.push(literals.chain([!known]).collect());
                        continue;
                    }
                },
            };
            match subject {
                TextSubject::Message => world.text = Some(text),
                TextSubject::Attribute(attribute) => {
                    world.attributes.insert(*attribute, AttributeValue::Text(text));
                }
            }
        }
        if self.known(TextSubject::Message).is_some_and(|known| !self.is_true(known)) {
            world.text = None;
        }
    }

    /// The word of a list that the model wants, or else one that no predicate mentions.
    fn chosen_word<'w>(&self, words: &'w WordList, predicates: &[(TextPredicate, Lit)]) -> Option<&'w str> {
        let mentioned: HashMap<&Folded, bool> = predicates
            .iter()
            .filter_map(|(predicate, literal)| match predicate {
                TextPredicate::Is(word) => Some((word, self.is_true(*literal))),
                _ => None,
            })
            .collect();
        let is_wanted = |(word, is): (&&Folded, &bool)| if *is { words.written(word) } else { None };
        mentioned.iter().find_map(is_wanted).or_else(|| {
            let is_free = |(_, word): &&(String, Folded)| !mentioned.contains_key(word);
            words.iter().find(is_free).map(|(written, _)| written.as_str())
        })
    }

    /// What one predicate that holds implies about the others, where the model has it otherwise.
    fn violated_implications(&self, subject: TextSubject, predicates: &[(TextPredicate, Lit)]) -> Lemmas {
        let mut lemmas = Vec::new();
        for (premise, literal) in predicates.iter().filter(|(_, literal)| self.is_true(*literal)) {
            for (predicate, other) in predicates {
                if implied(subject, premise, predicate).is_some_and(|value| value != self.is_true(*other)) {
                    lemmas.push(vec![!*literal, self.false_in_model(*other)]);
                }
            }
        }
        lemmas
    }

    pub(super) fn literal_in_query(&self, wanted: &Atom) -> Option<Lit> {
        let formula = self.encoding.formulas.find(wanted)?;
        self.literals.get(&formula).copied()
    }

    fn known(&self, subject: TextSubject) -> Option<Lit> {
        self.literal_in_query(&Atom::Known(subject))
    }

    fn decode_message(&self, world: &mut World) {
        let kinds = &self.atoms.kinds;
        let chosen = kinds.iter().find(|(_, literal)| self.is_true(*literal)).map(|(kind, _)| *kind);
        let is_free = |kind: &MessageKind| !kinds.iter().any(|(other, _)| other == kind);
        let any_other = || MessageKind::ALL.iter().copied().find(is_free);
        world.kind = chosen.or_else(any_other).unwrap_or(MessageKind::Text);
        if world.kind != MessageKind::Text && !self.atoms.texts.contains_key(&TextSubject::Message) {
            world.text = None;
        }
        world.age = self.readable_duration(&self.atoms.ages).unwrap_or(0);
    }

    fn decode_customer(&self, world: &mut World) {
        world.silent = self.readable_duration(&self.atoms.silences);
        for (id, literal) in &self.atoms.in_order {
            let is_true = self.is_true(*literal);
            match self.encoding.formulas.atom_at(*id) {
                Atom::Returning => world.returning = is_true,
                Atom::Tag(tag) if is_true => _ = world.tags.insert(tag.clone()),
                Atom::Flag(Attribute::Forwarded) if is_true => {
                    world.attributes.insert(Attribute::Forwarded, AttributeValue::Flag(true));
                }
                Atom::Flag(attribute) => {
                    let known = self.known(TextSubject::Attribute(*attribute));
                    if known.is_some_and(|known| self.is_true(known)) {
                        world.attributes.insert(*attribute, AttributeValue::Flag(is_true));
                    }
                }
                Atom::Known(TextSubject::Attribute(attribute)) if is_true => {
                    let value = match self.atoms.numbers.get(attribute) {
                        Some(bounds) if !world.attributes.contains_key(attribute) => {
                            self.number(bounds).map(AttributeValue::Number)
                        }
                        _ => self.any_value(*attribute),
                    };
                    if let Some(value) = value {
                        world.attributes.entry(*attribute).or_insert(value);
                    }
                }
                _ => {}
            }
        }
    }

    /// Some value of an attribute that only has to be known.
    fn any_value(&self, attribute: Attribute) -> Option<AttributeValue<TextValue>> {
        let text = || AttributeValue::Text(compose(TextSubject::Attribute(attribute), &[]).0);
        let inbox = self.encoding.inbox;
        let kind = match attribute {
            Attribute::Custom(id) => &inbox.attribute(id).kind,
            Attribute::Message(id) => &inbox.message_attribute(id).kind,
            _ => return Some(text()),
        };
        Some(match kind {
            AttributeKind::Text | AttributeKind::Unknown => text(),
            AttributeKind::Number => AttributeValue::Number(Decimal::ONE),
            AttributeKind::Flag => AttributeValue::Flag(false),
            AttributeKind::Words(words) => AttributeValue::Text(TextValue::new(words.first()?.0.clone())),
        })
    }

    /// A number above the bounds that hold and below those that do not; if possible, zero or a whole number.
    fn number(&self, bounds: &BTreeMap<Bound, Lit>) -> Option<Decimal> {
        let below = bounds.iter().rev().find(|(_, literal)| self.is_true(**literal)).map(|(bound, _)| *bound);
        let above = bounds.iter().find(|(_, literal)| !self.is_true(**literal)).map(|(bound, _)| *bound);
        let fits = |number: &Decimal| {
            below.is_none_or(|bound| bound.is_below(*number))
                && !above.is_some_and(|bound| bound.is_below(*number))
        };
        let next = |number: Decimal| number.floor().checked_add(Decimal::ONE);
        let last = |number: Decimal| number.ceil().checked_sub(Decimal::ONE);
        let between = || {
            let (below, above) = (below?.value, above?.value);
            below.checked_add(above.checked_sub(below)?.checked_div(Decimal::TWO)?)
        };
        let candidates = [
            Some(Decimal::ZERO),
            below.map(|bound| bound.value),
            below.and_then(|bound| next(bound.value)),
            above.map(|bound| bound.value),
            above.and_then(|bound| last(bound.value)),
            between(),
        ];
        candidates.into_iter().flatten().find(fits)
    }

    /// A duration that the chain allows; if possible, a round one.
    fn readable_duration(&self, chain: &BTreeMap<u64, Lit>) -> Option<u64> {
        const DAY: u64 = 86_400;
        let least = *chain.iter().rev().find(|(_, literal)| self.is_true(**literal))?.0;
        let limit =
            chain.range(least..).find(|(_, literal)| !self.is_true(**literal)).map(|(at_least, _)| *at_least);
        let unit = [DAY, 3_600, 60, 1].into_iter().find(|unit| *unit <= least).unwrap_or(1);
        let round = match least {
            0 => Some(DAY),
            _ if least.is_multiple_of(60) => Some(least),
            _ => least.checked_next_multiple_of(unit),
        };
        round.into_iter().chain([least]).find(|time| limit.is_none_or(|limit| *time < limit))
    }

    fn decode_chat(&self, world: &mut World) {
        let is_true = |atom: &Atom| self.literal_in_query(atom).is_some_and(|literal| self.is_true(literal));
        if !is_true(&Atom::ChatOpen) {
            return;
        }
        let mut chat = WorldChat::default();
        if is_true(&Atom::ChatHasGroup) {
            let groups = &self.atoms.chat_groups;
            let chosen = groups.iter().find(|(_, literal)| self.is_true(*literal)).map(|(group, _)| *group);
            let is_free = |group: &GroupId| !groups.iter().any(|(other, _)| other == group);
            chat.group = chosen.or_else(|| self.groups().find(is_free));
        }
        let time = |of| self.atoms.chat_times.get(&of).and_then(|chain| self.readable_duration(chain));
        chat.open_for = time(ChatTime::OpenFor);
        chat.waiting_for = time(ChatTime::WaitingFor);
        chat.answered = is_true(&Atom::ChatAnswered);
        for (id, literal) in &self.atoms.in_order {
            if let Atom::ChatTag(tag) = self.encoding.formulas.atom_at(*id)
                && self.is_true(*literal)
            {
                chat.tags.insert(tag.clone());
            }
        }
        world.chat = Some(chat);
    }

    /// The first users of each class are online. The owner is one of them, or one of the others.
    fn decode_users(&self, world: &mut World) {
        let mut away: BTreeSet<UserId> = BTreeSet::new();
        for (id, class) in self.encoding.user_sets.classes() {
            let online = self.count_in_model(id, Counted::Online);
            let available = [0, 1].map(|side| self.count_in_model(id, Counted::Available { side }));
            for (nth, user) in class.users.iter().enumerate() {
                if nth < online {
                    world.online.insert(*user, available.map(|available| nth < available));
                } else {
                    away.insert(*user);
                }
            }
        }
        let holds = |atom: &Atom| self.literal_in_query(atom).is_some_and(|literal| self.is_true(literal));
        if holds(&Atom::Person(Person::Owner)) {
            let is_online = holds(&Atom::PersonCounted(Person::Owner, Counted::Online));
            world.owner = if is_online { world.online.keys().next() } else { away.first() }.copied();
        }
        if let Some(chat) = world.chat.as_mut().filter(|_| holds(&Atom::Person(Person::ChatUser))) {
            chat.user = world.online.keys().next().or(away.first()).copied();
        }
    }

    fn decode_one_sided(&self, world: &mut World) {
        for (user, side) in self.encoding.one_sided() {
            let is = |person| {
                let literal = self.literal_in_query(&Atom::PersonOnlyIn(person, *side));
                literal.is_some_and(|literal| self.is_true(literal))
            };
            if world.owner.is_none() && is(Person::Owner) {
                world.owner = Some(*user);
            }
            if let Some(chat) = world.chat.as_mut().filter(|chat| chat.user.is_none())
                && is(Person::ChatUser)
            {
                chat.user = Some(*user);
            }
        }
    }
}
