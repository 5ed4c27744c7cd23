//! The owner and the user who has the open chat, as formulas; and the users of a set without them.

use std::collections::BTreeSet;

use super::Encoding;
use super::atom::{Atom, Counted, Person, UserStatus};
use super::formula::{Formula, Formulas};
use super::users::{UserSetId, UserSets};
use crate::inbox::UserId;
use crate::language::vocabulary::Eligibility;

/// The users who are looked for in a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of them.
    Anybody,
    /// Those who have the status.
    With(UserStatus),
    /// Those who are not online.
    Offline,
}

impl From<Eligibility> for Wanted {
    fn from(among: Eligibility) -> Self {
        match among {
            Eligibility::Everyone => Self::Anybody,
            Eligibility::Online => Self::With(UserStatus::Online),
            Eligibility::Available => Self::With(UserStatus::Available),
        }
    }
}

impl Encoding<'_> {
    pub(super) fn has_owner(&mut self) -> Formula {
        self.person(Person::Owner)
    }

    /// That there is such a person, on the side that is being encoded.
    pub(super) fn person(&mut self, person: Person) -> Formula {
        let common = self.person_atom(person, Atom::Person(person));
        if self.one_sided().values().all(|side| *side != self.side) {
            return common;
        }
        let only_here = self.formulas.atom(Atom::PersonOnlyIn(person, self.side));
        self.formulas.or([common, only_here])
    }

    pub(super) fn person_is(&mut self, person: Person, status: UserStatus) -> Formula {
        let counted = self.counted(status, UserSets::EVERYBODY);
        self.identifies_people |= counted != Counted::Online || person == Person::ChatUser;
        self.person_atom(person, Atom::PersonCounted(person, counted))
    }

    pub(super) fn person_is_not_online(&mut self, person: Person) -> Formula {
        let (there, online) = (self.person(person), self.person_is(person, UserStatus::Online));
        let offline = self.formulas.not(online);
        self.formulas.and([there, offline])
    }

    pub(super) fn person_is_away(&mut self, person: Person) -> Formula {
        self.identifies_people = true;
        self.person_is(person, UserStatus::Online);
        self.person_atom(person, Atom::PersonAway(person))
    }

    /// That the person is one of these users.
    pub(super) fn person_in(&mut self, person: Person, users: Vec<UserId>) -> Formula {
        let set = self.user_sets.intern(users);
        // It is not known which of those whom only one side has the person is.
        self.is_whole &= !self.one_sided().keys().any(|user| self.user_sets.contains(set, *user));
        let common = self.user_sets.common(set);
        match self.user_sets.size(common) {
            0 => Formulas::FALSE,
            _ if common == UserSets::EVERYBODY => self.person_atom(person, Atom::Person(person)),
            _ => {
                self.identifies_people = true;
                self.person_atom(person, Atom::PersonIn(person, common))
            }
        }
    }

    fn owner_has_chat(&mut self) -> Formula {
        self.identifies_people = true;
        self.person_atom(Person::ChatUser, Atom::OwnerHasChat)
    }

    fn person_atom(&mut self, person: Person, atom: Atom) -> Formula {
        // Without users there is no such person.
        if self.user_sets.size(UserSets::EVERYBODY) == 0 {
            return Formulas::FALSE;
        }
        if person == Person::ChatUser {
            self.chat_open();
            self.formulas.atom(Atom::Person(person));
        }
        self.formulas.atom(atom)
    }

    /// That `among` includes the person.
    pub(super) fn person_passes(&mut self, person: Person, among: Option<Eligibility>) -> Formula {
        match among.map(Wanted::from) {
            Some(Wanted::With(status)) => self.person_is(person, status),
            _ => self.person(person),
        }
    }

    /// That a user of some side has the open chat.
    pub(in crate::prove) fn somebody_has_chat(&mut self) -> Formula {
        let mut parts = vec![self.person_atom(Person::ChatUser, Atom::Person(Person::ChatUser))];
        let sides: BTreeSet<usize> = self.one_sided().values().copied().collect();
        for side in sides {
            parts.push(self.formulas.atom(Atom::PersonOnlyIn(Person::ChatUser, side)));
        }
        self.formulas.or(parts)
    }

    /// That the owner is somebody else than the user who has the open chat.
    pub(super) fn owner_lacks_chat(&mut self) -> Formula {
        let same = self.owner_has_chat();
        self.formulas.not(same)
    }

    /// That somebody of the set is wanted who is not one of `left_out`, of whom there are at most two.
    pub(super) fn somebody_but(&mut self, wanted: Wanted, set: UserSetId, left_out: &[Person]) -> Formula {
        let users = self.user_sets.users(set).to_vec();
        let mut counts = Vec::new();
        let mut found = |encoding: &mut Self, at_least: u32| {
            let formula = encoding.wanted(wanted, set, at_least);
            counts.push(formula);
        };
        let most = u32::try_from(left_out.len()).unwrap_or(u32::MAX).saturating_add(1);
        (1..=most).for_each(|at_least| found(self, at_least));
        let mut among: Vec<Formula> = Vec::new();
        for person in left_out {
            let is_in = self.person_in(*person, users.clone());
            let is_wanted = match wanted {
                Wanted::Anybody => Formulas::TRUE,
                Wanted::With(status) => self.person_is(*person, status),
                Wanted::Offline => self.person_is_not_online(*person),
            };
            among.push(self.formulas.and([is_in, is_wanted]));
        }
        match (counts.as_slice(), among.as_slice()) {
            (&[one], _) => one,
            (&[one, two], &[person]) => {
                let other = self.formulas.not(person);
                let other = self.formulas.and([one, other]);
                self.formulas.or([two, other])
            }
            (&[one, two, three], &[owner, user]) => {
                let [not_owner, not_user] = [owner, user].map(|person| self.formulas.not(person));
                let same = self.owner_has_chat();
                let not_both = self.formulas.or([not_owner, not_user, same]);
                let parts = [
                    three,
                    self.formulas.and([two, not_both]),
                    self.formulas.and([one, not_owner, not_user]),
                ];
                self.formulas.or(parts)
            }
            _ => Formulas::FALSE,
        }
    }

    /// That at least so many of the set are wanted.
    fn wanted(&mut self, wanted: Wanted, set: UserSetId, at_least: u32) -> Formula {
        let size = self.user_sets.size(set);
        match wanted {
            _ if at_least > size => Formulas::FALSE,
            Wanted::Anybody => Formulas::TRUE,
            Wanted::With(status) => self.user_count(status, set, at_least),
            Wanted::Offline => {
                let online = self.user_count(UserStatus::Online, set, size - at_least + 1);
                self.formulas.not(online)
            }
        }
    }
}
