//! What all messages of a difference have in common, in words.
//!
//! An example has values of its own (`orders` is 21, Hassan is online), and not all that is true of it is true of the
//! others. Only what follows from the goals is said: the *backbone* of the query (Monasson et al., *Determining
//! Computational Complexity from Characteristic 'Phase Transitions'*, 1999), found by asking for a message without it.

mod words;

use std::collections::BTreeMap;

use crate::prove::encoding::{Atom, Counted, Encoding, Formula, Person, TextSubject, World};
use crate::prove::precedence::{EarlierRules, Reachability};
use crate::prove::query::{Goal, Query};

/// Which customers meet `goals` and get past the earlier rules: as `returning customers whose owner is not online, while
/// somebody of Sales is online`. `world` is one of the situations, with few deviations from the default one.
///
/// *Some* customers are those whose example has more than all of them have.
pub(super) fn describe_class(
    query: &mut Query,
    earlier: &EarlierRules,
    goals: &[Goal],
    refinement: &mut Vec<usize>,
    world: &World,
    in_open_chat: bool,
) -> String {
    let encoding = query.encoding;
    let mut common = Vec::new();
    // For each part of the situation that deviates: whether what all have in common says so.
    let mut parts: BTreeMap<Part, bool> = BTreeMap::new();
    let atoms: Vec<_> = query.encoded_atoms().collect();
    for id in atoms {
        let atom = encoding.formulas.atom_at(id);
        let Some(formula) = encoding.formulas.find(atom) else { continue };
        let holds = world.holds(encoding, atom);
        let deviates = holds != encoding.default_value(id);
        if !deviates && !is_worth_saying(encoding, atom, world) {
            continue;
        }
        let is_common = is_common(query, earlier, goals, refinement, (formula, holds));
        if is_common {
            common.push((atom, holds));
        }
        if let Some(part) = part_of(atom).filter(|_| deviates) {
            *parts.entry(part).or_default() |= is_common;
        }
    }
    let is_part = parts.values().any(|is_said| !is_said);
    words::customers(encoding, &common, is_part, in_open_chat)
}

/// Whether every message of the class has this.
fn is_common(
    query: &mut Query,
    earlier: &EarlierRules,
    goals: &[Goal],
    refinement: &mut Vec<usize>,
    (formula, holds): (Formula, bool),
) -> bool {
    let otherwise: Vec<Goal> = goals.iter().copied().chain([(formula, !holds)]).collect();
    matches!(earlier.find_reaching(query, &otherwise, refinement), Reachability::Unreachable(_))
}

/// Whether something that is as it is by default is worth saying where all have it: the upper bound of a number, that
/// nobody is online.
fn is_worth_saying(encoding: &Encoding, atom: &Atom, world: &World) -> bool {
    match atom {
        Atom::Returning => true,
        Atom::PersonCounted(Person::Owner, Counted::Online) => world.owner.is_some(),
        Atom::Number(attribute, _) | Atom::Flag(attribute) => world.attributes.contains_key(attribute),
        Atom::Age { .. } => world.age > 0,
        Atom::Silent { .. } => world.silent.is_some(),
        Atom::Waiting { .. } => !world.waiting.is_empty(),
        Atom::UserCount { counted, set, at_least } => {
            let is_somebody = |set| {
                let counted = Counted::Online;
                world.holds(encoding, &Atom::UserCount { counted, set, at_least: 1 })
            };
            *at_least == 1 && (world.online.is_empty() || *counted != Counted::Online && is_somebody(*set))
        }
        _ => false,
    }
}

/// A part of a situation that is described as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Returning,
    Owner,
    Chat,
    Silence,
    Users,
    Waiting,
    Kind,
    Age,
    Tag,
    Known(TextSubject),
    Value(TextSubject),
}

fn part_of(atom: &Atom) -> Option<Part> {
    Some(match atom {
        Atom::Returning => Part::Returning,
        Atom::Person(Person::Owner)
        | Atom::PersonOnlyIn(Person::Owner, _)
        | Atom::PersonCounted(Person::Owner, _)
        | Atom::PersonAway(Person::Owner)
        | Atom::PersonIn(Person::Owner, _) => Part::Owner,
        Atom::Person(Person::ChatUser)
        | Atom::PersonOnlyIn(Person::ChatUser, _)
        | Atom::PersonCounted(Person::ChatUser, _)
        | Atom::PersonAway(Person::ChatUser)
        | Atom::PersonIn(Person::ChatUser, _)
        | Atom::OwnerHasChat
        | Atom::ChatOpen
        | Atom::ChatAnswered
        | Atom::ChatHasGroup
        | Atom::ChatIn(_)
        | Atom::ChatTag(_)
        | Atom::ChatTime { .. } => Part::Chat,
        Atom::Silent { .. } => Part::Silence,
        Atom::UserCount { .. } => Part::Users,
        Atom::Waiting { .. } => Part::Waiting,
        Atom::Kind(_) => Part::Kind,
        Atom::Age { .. } => Part::Age,
        Atom::Tag(_) => Part::Tag,
        Atom::Known(subject) => Part::Known(*subject),
        Atom::Text(subject, _) => Part::Value(*subject),
        Atom::Number(attribute, _) | Atom::Flag(attribute) => Part::Value(TextSubject::Attribute(*attribute)),
        // When it is met is said besides.
        Atom::Open(_) => return None,
    })
}
