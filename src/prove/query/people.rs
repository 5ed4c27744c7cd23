//! Which users the owner and the user with the open chat are.
//!
//! Where it matters, each of them belongs to one class of users, and has a place in it: available, at capacity or not
//! online. The solver chooses classes and statuses; whether the classes have such places is found out when a model is
//! decoded, and what is wrong becomes a lemma.

use super::Query;
use super::counts::CountRange;
use crate::inbox::UserId;
use crate::prove::encoding::{
    Atom, Capacity, ClassId, Counted, Person, UserSetId, UserSets, VecIndex, World, at,
};
use crate::prove::solver::{Lit, Solver};

/// A user who is one or both of the persons.
struct Occupant {
    persons: Vec<Person>,
    class: ClassId,
}

/// The places of a class: so many users are counted by each word for it, from the narrowest to the widest. The rest are
/// not online.
struct Places {
    counts: Vec<(Counted, CountRange)>,
    size: usize,
}

impl Query<'_, '_> {
    /// Ties a person to the users, once.
    pub(super) fn constrain_person(&mut self, person: Person) {
        if !self.constrained_people.insert(person) {
            return;
        }
        if person == Person::ChatUser && !self.encoding.identifies_people {
            return;
        }
        let there = self.literal_of(&Atom::Person(person));
        let online = self.literal_of(&Atom::PersonCounted(person, Counted::Online));
        // If the person is online, somebody is; if not, not everybody is.
        let (counted, set) = (Counted::Online, UserSets::EVERYBODY);
        let size = self.encoding.user_sets.size(set);
        let [somebody, everybody] =
            [1, size].map(|at_least| self.literal_of(&Atom::UserCount { counted, set, at_least }));
        self.solver.add_clause(&[!online, somebody]);
        self.solver.add_clause(&[!there, online, !everybody]);
        if self.encoding.identifies_people {
            self.person_classes(person);
            // Whether they are the same user is always known.
            if self.constrained_people.len() == 2 {
                self.literal_of(&Atom::OwnerHasChat);
            }
        }
    }

    /// For each class, that the person belongs to it.
    fn person_classes(&mut self, person: Person) -> Vec<Lit> {
        if let Some(known) = self.person_classes.get(&person) {
            return known.clone();
        }
        let there = self.literal_of(&Atom::Person(person));
        let count = self.encoding.user_sets.classes().count();
        let classes: Vec<Lit> = (0..count).map(|_| self.solver.new_variable(false)).collect();
        self.person_classes.insert(person, classes.clone());
        for class in &classes {
            self.solver.add_clause(&[!*class, there]);
        }
        let some: Vec<Lit> = classes.iter().copied().chain([!there]).collect();
        self.solver.add_clause(&some);
        self.at_most_one(&classes);
        classes
    }

    /// The sequential counter (Sinz, *Towards an Optimal CNF Encoding of Boolean Cardinality Constraints*, 2005).
    fn at_most_one(&mut self, literals: &[Lit]) {
        let mut before: Option<Lit> = None;
        for literal in literals {
            let seen = self.solver.new_variable(false);
            self.solver.add_clause(&[!*literal, seen]);
            if let Some(before) = before {
                self.solver.add_clause(&[!before, !*literal]);
                self.solver.add_clause(&[!before, seen]);
            }
            before = Some(seen);
        }
    }

    /// That the person is one of the set.
    pub(super) fn person_in(&mut self, person: Person, set: UserSetId) -> Lit {
        self.literal_of(&Atom::Person(person));
        let classes = self.person_classes(person);
        let members = self.encoding.user_sets.classes_of(set).iter();
        let members: Vec<Lit> = members.map(|class| *at(&classes, class.position())).collect();
        self.or(&members)
    }

    /// Whoever is counted by one word is counted by a wider one.
    pub(super) fn constrain_status(&mut self, person: Person, counted: Counted) {
        self.constrain_person(person);
        self.tie_to_owner(person, |person| Atom::PersonCounted(person, counted));
    }

    /// Where the owner has the chat, what holds for the one person holds for the other.
    pub(super) fn tie_to_owner(&mut self, person: Person, atom: impl Fn(Person) -> Atom) {
        let other = if person == Person::Owner { Person::ChatUser } else { Person::Owner };
        let formulas = &self.encoding.formulas;
        let (Some(same), Some(here), Some(there)) =
            (formulas.find(&Atom::OwnerHasChat), formulas.find(&atom(person)), formulas.find(&atom(other)))
        else {
            return;
        };
        if self.constrained_ties.insert((here.min(there), here.max(there))) {
            let [same, here, there] = [same, here, there].map(|formula| self.encode(formula));
            self.solver.add_clause(&[!same, !here, there]);
            self.solver.add_clause(&[!same, here, !there]);
        }
    }

    /// Where the owner has the chat, both persons are of one class; where not, they are not the only user of one.
    pub(super) fn constrain_same(&mut self, same: Lit) {
        let [owner, user] = [Person::Owner, Person::ChatUser].map(|person| self.person_classes(person));
        for ((_, class), (owner, user)) in self.encoding.user_sets.classes().zip(owner.iter().zip(&user)) {
            self.solver.add_clause(&[!same, !*owner, *user]);
            self.solver.add_clause(&[!same, *owner, !*user]);
            if class.users.len() == 1 {
                self.solver.add_clause(&[same, !*owner, !*user]);
            }
        }
    }

    /// Who is online, and who the persons are; or lemmas that the model violates.
    pub(super) fn decode_people(&self, world: &mut World, lemmas: &mut Vec<Vec<Lit>>) {
        let occupants = self.occupants();
        for (id, class) in self.encoding.user_sets.classes() {
            let here: Vec<&Occupant> = occupants.iter().filter(|occupant| occupant.class == id).collect();
            let places = self.places(id);
            let Some((counts, statuses)) = self.fill(&places, &here) else {
                lemmas.push(self.contradiction(id, &here));
                continue;
            };
            seat(world, class.users.as_slice(), class.capacity, &places, &counts);
            self.seat_persons(world, class.users.as_slice(), &counts, &here, &statuses);
        }
    }

    /// The persons of the model, each with a class.
    fn occupants(&self) -> Vec<Occupant> {
        let is_true = |atom: &Atom| self.literal_in_query(atom).is_some_and(|literal| self.is_true(literal));
        let is_same = is_true(&Atom::OwnerHasChat);
        let mut occupants: Vec<Occupant> = Vec::new();
        for (person, classes) in &self.person_classes {
            let class = classes.iter().position(|literal| self.is_true(*literal));
            let Some(class) = class.map(ClassId::new) else { continue };
            match occupants.first_mut().filter(|_| is_same) {
                Some(first) => first.persons.push(*person),
                None => occupants.push(Occupant { persons: vec![*person], class }),
            }
        }
        occupants
    }

    /// The words by which users of the class are counted, and how many may be.
    fn places(&self, id: ClassId) -> Places {
        let class = self.encoding.user_sets.class(id);
        let mut words = vec![Counted::Available { side: 0 }, Counted::Available { side: 1 }, Counted::Online]
            .into_iter()
            .map(|counted| class.capacity.counted(counted))
            .collect::<Vec<_>>();
        // The narrowest first: each word is followed by those that count more.
        words.sort_by_key(|word| std::cmp::Reverse(width(class.capacity, *word)));
        words.dedup();
        let counts = words.into_iter().map(|word| (word, self.count_range(id, word))).collect();
        Places { counts, size: class.users.len() }
    }

    /// How many are counted by each word, so that each of the occupants has a place; and the place of each, as the number
    /// of words that do not count them.
    fn fill(&self, places: &Places, occupants: &[&Occupant]) -> Option<(Vec<usize>, Vec<usize>)> {
        let kinds = places.counts.len() + 1;
        // Not online first, as in the default situation.
        let each = occupants.iter().map(|occupant| {
            (0..kinds).rev().filter(|place| self.may_be(places, occupant, *place)).collect::<Vec<_>>()
        });
        let each: Vec<Vec<usize>> = each.collect();
        let choices: Vec<Vec<usize>> = match each.as_slice() {
            [] => vec![Vec::new()],
            [one] => one.iter().map(|place| vec![*place]).collect(),
            [one, other, ..] => {
                one.iter().flat_map(|place| other.iter().map(move |next| vec![*place, *next])).collect()
            }
        };
        choices.into_iter().find_map(|chosen| Some((places.counts_for(&chosen)?, chosen)))
    }

    /// Whether the model lets the occupant be counted by just the words from `place` on.
    fn may_be(&self, places: &Places, occupant: &Occupant, place: usize) -> bool {
        let capacity = self.encoding.user_sets.class(occupant.class).capacity;
        let statuses = self.statuses(occupant);
        let fits = |(counted, is_counted): &(Counted, bool)| {
            let word = capacity.counted(*counted);
            let index = places.counts.iter().position(|(known, _)| *known == word);
            index.is_some_and(|index| (place <= index) == *is_counted)
        };
        statuses.iter().all(fits)
    }

    /// What the model says of the occupant's status.
    fn statuses(&self, occupant: &Occupant) -> Vec<(Counted, bool)> {
        let words = [Counted::Online, Counted::Available { side: 0 }, Counted::Available { side: 1 }];
        let literal = |person: &Person, counted| {
            Some((counted, self.is_true(self.literal_in_query(&Atom::PersonCounted(*person, counted))?)))
        };
        let persons = occupant.persons.iter();
        persons.flat_map(|person| words.into_iter().filter_map(move |word| literal(person, word))).collect()
    }

    /// That what the model says of the class and of its occupants is impossible.
    fn contradiction(&self, id: ClassId, occupants: &[&Occupant]) -> Vec<Lit> {
        let mut literals: Vec<Lit> =
            self.places(id).counts.iter().flat_map(|(_, range)| range.literals.clone()).collect();
        for person in occupants.iter().flat_map(|occupant| &occupant.persons) {
            literals.extend(self.person_classes.get(person).map(|classes| *at(classes, id.position())));
            for counted in [Counted::Online, Counted::Available { side: 0 }, Counted::Available { side: 1 }] {
                literals.extend(self.literal_in_query(&Atom::PersonCounted(*person, counted)));
            }
        }
        if occupants.len() > 1 {
            literals.extend(self.literal_in_query(&Atom::OwnerHasChat));
        }
        self.blocking_clause(literals)
    }

    /// Gives the occupants the first and the last of the users with their status.
    fn seat_persons(
        &self,
        world: &mut World,
        users: &[UserId],
        counts: &[usize],
        occupants: &[&Occupant],
        places: &[usize],
    ) {
        for (nth, (occupant, place)) in occupants.iter().zip(places).enumerate() {
            let start = place.checked_sub(1).map_or(0, |before| *at(counts, before));
            let end = counts.get(*place).copied().unwrap_or(users.len());
            let user = *at(users, if nth == 0 { start } else { end - 1 });
            for person in &occupant.persons {
                let is_away = self.literal_in_query(&Atom::PersonAway(*person));
                if is_away.is_some_and(|literal| self.is_true(literal)) {
                    world.away.insert(user);
                }
                match person {
                    Person::Owner => world.owner = Some(user),
                    Person::ChatUser => world.chat.get_or_insert_default().user = Some(user),
                }
            }
        }
    }
}

impl Places {
    /// The fewest users for each word that leave a place for everyone in `chosen`.
    fn counts_for(&self, chosen: &[usize]) -> Option<Vec<usize>> {
        let needed = |place: usize| chosen.iter().filter(|one| **one == place).count();
        let mut counts = Vec::with_capacity(self.counts.len());
        let mut before = 0;
        for (place, (_, range)) in self.counts.iter().enumerate() {
            let count = range.least.max(before + needed(place));
            if count > range.most {
                return None;
            }
            counts.push(count);
            before = count;
        }
        // Whoever is counted by no word is not online.
        (before + needed(self.counts.len()) <= self.size).then(|| self.widened(counts, chosen))
    }

    /// Words that no condition counts count everyone whom the next wider one counts, but for the places that are needed.
    fn widened(&self, mut counts: Vec<usize>, chosen: &[usize]) -> Vec<usize> {
        for place in (0..counts.len().saturating_sub(1)).rev() {
            let is_free = at(&self.counts, place).1.literals.is_empty();
            let between = chosen.iter().filter(|one| **one == place + 1).count();
            if is_free
                && let (Some(wider), Some(count)) = (counts.get(place + 1).copied(), counts.get_mut(place))
            {
                *count = (*count).max(wider.saturating_sub(between));
            }
        }
        counts
    }
}

/// How many words count at least whom `word` counts, without itself.
fn width(capacity: Capacity, word: Counted) -> usize {
    std::iter::successors(capacity.wider(word), |wider| capacity.wider(*wider)).count()
}

/// Lets the first users of a class be online, and the first of these available.
fn seat(world: &mut World, users: &[UserId], capacity: Capacity, places: &Places, counts: &[usize]) {
    let first = |counted: Counted| {
        let meant = capacity.counted(counted);
        let is_meant = |(known, _): &(Counted, CountRange)| *known == meant;
        places.counts.iter().position(is_meant).map_or(0, |index| *at(counts, index))
    };
    let online = first(Counted::Online);
    let available = [0, 1].map(|side| first(Counted::Available { side }));
    for (nth, user) in users.iter().enumerate().take(online) {
        world.online.insert(*user, available.map(|available| nth < available));
    }
}
