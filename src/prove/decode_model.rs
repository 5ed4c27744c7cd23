//! What a solver found, made into a world; or the laws that it overlooked.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::encoding::{
    Atom, Bound, TextPredicate, TextSubject, TextValue, UserStatus, World, compose, implied,
};
use super::query::Query;
use super::solver::Literal;
use crate::inbox::{AttributeKind, GroupId, UserId};
use crate::language::vocabulary::MessageKind;
use crate::policy::{Attribute, AttributeValue};

/// Clauses that hold in every world.
type Lemmas = Vec<Vec<Literal>>;

impl Query<'_, '_> {
    /// The world of the model, or laws that it breaks.
    pub(super) fn world(&self) -> Result<World, Lemmas> {
        let mut laws = Vec::new();
        let mut world = World::default();
        self.moment(&mut world, &mut laws);
        self.waiting(&mut world, &mut laws);
        self.texts(&mut world, &mut laws);
        if !laws.is_empty() {
            return Err(laws);
        }
        self.message(&mut world);
        self.customer(&mut world);
        self.people(&mut world);
        Ok(world)
    }

    fn moment(&self, world: &mut World, laws: &mut Lemmas) {
        let calendars = &self.encoded_atoms.calendars;
        let wanted: Vec<_> =
            calendars.iter().map(|(calendar, literal)| (*calendar, self.is_true(*literal))).collect();
        match self.encoding.timeline.find(&wanted) {
            Ok(moment) => world.moment = moment,
            Err(which) => {
                let literals = which.into_iter().filter_map(|place| calendars.get(place));
                laws.push(self.clause_against_model(literals.map(|(_, literal)| *literal)));
            }
        }
    }

    /// Each group holds at least what was reached; the whole inbox holds what they hold together.
    fn waiting(&self, world: &mut World, laws: &mut Lemmas) {
        let bounds = |scope: Option<u32>| {
            let chain = self.encoded_atoms.waiting.get(&scope);
            let reached =
                chain.and_then(|chain| chain.iter().rev().find(|(_, literal)| self.is_true(**literal)));
            let missed = chain.and_then(|chain| chain.iter().find(|(_, literal)| !self.is_true(**literal)));
            (reached, missed)
        };
        let mut least = 0;
        let mut reached_all = Vec::new();
        let mut room: Option<u64> = Some(0);
        let mut missed_all = Vec::new();
        let mut widest = None;
        for group in (0..).map(GroupId).take(self.encoding.inbox.groups.len()) {
            let (reached, missed) = bounds(Some(group.0));
            let here = reached.map_or(0, |(at_least, _)| *at_least);
            least += here;
            reached_all.extend(reached.map(|(_, literal)| *literal));
            missed_all.extend(missed.map(|(_, literal)| *literal));
            match missed {
                Some((more, _)) => room = room.map(|room| room + (more - 1)),
                None => {
                    room = None;
                    widest = widest.or(Some(group));
                }
            }
            if let Ok(here) = u32::try_from(here)
                && here > 0
            {
                world.waiting.insert(group, here);
            }
        }
        let (reached, missed) = bounds(None);
        if let Some((_, literal)) = missed.filter(|(more, _)| least >= **more) {
            laws.push(self.clause_against_model(reached_all.into_iter().chain([*literal])));
        } else if let Some((at_least, literal)) = reached {
            if room.is_some_and(|room| room < *at_least) {
                laws.push(self.clause_against_model(missed_all.into_iter().chain([*literal])));
            } else {
                self.fill(world, at_least.saturating_sub(least), widest);
            }
        }
    }

    /// Lets `more` chats wait, where there is room.
    fn fill(&self, world: &mut World, mut more: u64, widest: Option<GroupId>) {
        if let Some(group) = widest {
            let here = world.waiting.entry(group).or_default();
            *here = here.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
            return;
        }
        for group in (0..).map(GroupId).take(self.encoding.inbox.groups.len()) {
            let chain = self.encoded_atoms.waiting.get(&Some(group.0)).into_iter().flatten();
            let limit = chain.filter(|(_, literal)| !self.is_true(**literal)).map(|(more, _)| *more).next();
            let here = world.waiting.entry(group).or_default();
            let room = limit.map_or(more, |limit| (limit - 1).saturating_sub(u64::from(*here)));
            let taken = more.min(room);
            *here = here.saturating_add(u32::try_from(taken).unwrap_or(u32::MAX));
            more -= taken;
        }
    }

    fn texts(&self, world: &mut World, laws: &mut Lemmas) {
        for (subject, tests) in &self.encoded_atoms.texts {
            let wanted: Vec<(&TextPredicate, bool)> =
                tests.iter().map(|(asked, literal)| (asked, self.is_true(*literal))).collect();
            let broken = self.broken(tests);
            if !broken.is_empty() {
                laws.extend(broken);
                continue;
            }
            let Some(known) = self.known(*subject).filter(|known| self.is_true(*known)) else {
                if *subject == TextSubject::Message {
                    world.text = None;
                }
                continue;
            };
            let text = match self.encoding.words(*subject) {
                None => compose(*subject, &wanted),
                Some(words) => {
                    let is = |word: &TextPredicate| {
                        wanted.iter().find(|(asked, _)| *asked == word).map(|(_, is)| *is)
                    };
                    let fitting = |wish: Option<bool>| {
                        words.iter().find(|(_, folded)| is(&TextPredicate::Is(folded.clone())) == wish)
                    };
                    match fitting(Some(true)).or_else(|| fitting(None)) {
                        Some((written, _)) => TextValue::new(written.clone()),
                        None => {
                            // It is one of its words.
                            let tests =
                                tests.iter().filter(|(asked, _)| matches!(asked, TextPredicate::Is(_)));
                            laws.push(tests.map(|(_, literal)| *literal).chain([!known]).collect());
                            continue;
                        }
                    }
                }
            };
            match subject {
                TextSubject::Message => world.text = Some(text),
                TextSubject::Attribute(attribute) => {
                    _ = world.attributes.insert(*attribute, AttributeValue::Text(text))
                }
            }
        }
        if self.known(TextSubject::Message).is_some_and(|known| !self.is_true(known)) {
            world.text = None;
        }
    }

    /// What a passed test says of the others, where the model has it otherwise.
    fn broken(&self, tests: &[(TextPredicate, Literal)]) -> Lemmas {
        let mut laws = Vec::new();
        for (passed, literal) in tests.iter().filter(|(_, literal)| self.is_true(*literal)) {
            for (asked, other) in tests {
                let is = self.is_true(*other);
                if implied(passed, asked).is_some_and(|says| says != is) {
                    laws.push(vec![!*literal, if is { !*other } else { *other }]);
                }
            }
        }
        laws
    }

    fn known(&self, subject: TextSubject) -> Option<Literal> {
        let is = |atom: &Atom| *atom == Atom::Known(subject);
        self.atoms.iter().find(|(id, _)| is(self.encoding.formulas.atom_at(*id))).map(|(_, literal)| *literal)
    }

    fn message(&self, world: &mut World) {
        let chain = &self.encoded_atoms.kinds;
        let chosen = chain.iter().find(|(_, literal)| self.is_true(*literal)).map(|(kind, _)| *kind);
        let is_open = |kind: &MessageKind| !chain.iter().any(|(other, _)| other == kind);
        let any_other = || MessageKind::ALL.iter().copied().find(is_open);
        world.kind = chosen.or_else(any_other).unwrap_or(MessageKind::Text);
        if world.kind != MessageKind::Text && !self.encoded_atoms.texts.contains_key(&TextSubject::Message) {
            world.text = None;
        }
        world.age = self.reached(&self.encoded_atoms.ages).unwrap_or(0);
    }

    fn customer(&self, world: &mut World) {
        world.silent = self.reached(&self.encoded_atoms.silences);
        for (id, literal) in &self.atoms {
            let is = self.is_true(*literal);
            match self.encoding.formulas.atom_at(*id) {
                Atom::Returning => world.returning = is,
                Atom::Tag(tag) if is => _ = world.tags.insert(tag.clone()),
                Atom::Flag(attribute) => {
                    let known = self.known(TextSubject::Attribute(*attribute));
                    if known.is_some_and(|known| self.is_true(known)) {
                        world.attributes.insert(*attribute, AttributeValue::Flag(is));
                    }
                }
                Atom::Known(TextSubject::Attribute(attribute)) if is => {
                    let held = match self.encoded_atoms.numbers.get(attribute) {
                        Some(cuts) if !world.attributes.contains_key(attribute) => {
                            self.number(cuts).map(AttributeValue::Number)
                        }
                        _ => self.something(*attribute),
                    };
                    if let Some(held) = held {
                        world.attributes.entry(*attribute).or_insert(held);
                    }
                }
                _ => {}
            }
        }
    }

    /// Any value of that attribute.
    fn something(&self, attribute: Attribute) -> Option<AttributeValue<TextValue>> {
        let subject = TextSubject::Attribute(attribute);
        let Attribute::Custom(id) = attribute else {
            return Some(AttributeValue::Text(compose(subject, &[])));
        };
        Some(match &self.encoding.inbox.attribute(id).kind {
            AttributeKind::Text | AttributeKind::Unknown => AttributeValue::Text(compose(subject, &[])),
            AttributeKind::Number => AttributeValue::Number(Decimal::ONE),
            AttributeKind::Flag => AttributeValue::Flag(false),
            AttributeKind::Words(words) => AttributeValue::Text(TextValue::new(words.first()?.0.clone())),
        })
    }

    /// A number beyond the cuts that hold and before those that do not: a whole one near zero, if there is one.
    fn number(&self, cuts: &BTreeMap<Bound, Literal>) -> Option<Decimal> {
        let below = cuts.iter().rev().find(|(_, literal)| self.is_true(**literal)).map(|(cut, _)| *cut);
        let above = cuts.iter().find(|(_, literal)| !self.is_true(**literal)).map(|(cut, _)| *cut);
        let fits = |number: &Decimal| {
            below.is_none_or(|cut| cut.is_below(*number)) && !above.is_some_and(|cut| cut.is_below(*number))
        };
        let next = |number: Decimal| number.floor().checked_add(Decimal::ONE);
        let last = |number: Decimal| number.ceil().checked_sub(Decimal::ONE);
        let between = || {
            let (below, above) = (below?.value, above?.value);
            below.checked_add(above.checked_sub(below)?.checked_div(Decimal::TWO)?)
        };
        let candidates = [
            Some(Decimal::ZERO),
            below.map(|cut| cut.value),
            below.and_then(|cut| next(cut.value)),
            above.map(|cut| cut.value),
            above.and_then(|cut| last(cut.value)),
            between(),
        ];
        candidates.into_iter().flatten().find(fits)
    }

    /// A time that is as long as the chain says, and easy to read.
    fn reached(&self, chain: &BTreeMap<u64, Literal>) -> Option<u64> {
        const DAY: u64 = 86_400;
        let least = *chain.iter().rev().find(|(_, literal)| self.is_true(**literal))?.0;
        let beyond =
            chain.range(least..).find(|(_, literal)| !self.is_true(**literal)).map(|(at_least, _)| *at_least);
        let unit = [DAY, 3_600, 60, 1].into_iter().find(|unit| *unit <= least).unwrap_or(1);
        let whole = match least {
            0 => Some(DAY),
            _ if least.is_multiple_of(60) => Some(least),
            _ => least.checked_next_multiple_of(unit),
        };
        whole.into_iter().chain([least]).find(|time| beyond.is_none_or(|beyond| *time < beyond))
    }

    /// Of each class the first so many are there; the owner is one of them, or one of the others.
    fn people(&self, world: &mut World) {
        let mut away: BTreeSet<UserId> = BTreeSet::new();
        for (place, class) in self.encoding.user_sets.classes.iter().enumerate() {
            let (online, available) =
                (self.count(place, UserStatus::Online), self.count(place, UserStatus::Available));
            for (nth, user) in class.users.iter().enumerate() {
                if nth < online {
                    world.online.insert(*user, !class.has_capacity || nth < available);
                } else {
                    away.insert(*user);
                }
            }
        }
        let has = |wanted: &Atom| {
            let is = |(id, _): &&(_, Literal)| self.encoding.formulas.atom_at(*id) == wanted;
            self.atoms.iter().find(is).is_some_and(|(_, literal)| self.is_true(*literal))
        };
        if has(&Atom::HasOwner) {
            let online = has(&Atom::OwnerOnline);
            world.owner = if online { world.online.keys().next() } else { away.first() }.copied();
        }
    }
}
