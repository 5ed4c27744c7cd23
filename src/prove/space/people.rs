//! Who is in which group, as far as it matters: users of whom a policy cannot tell one from another are a class.

use std::collections::{BTreeMap, HashMap};

use super::atom::Among;
use crate::inbox::{Inbox, UserId};

/// The sets of users that are asked about, and the classes that they divide the users into.
pub(in crate::prove) struct People {
    sets: Vec<Vec<UserId>>,
    places: HashMap<Vec<UserId>, Among>,
    /// The largest count that is asked of each set, and is less than all of it.
    asked: Vec<u32>,
    pub(in crate::prove) classes: Vec<Class>,
    /// The classes of each set.
    parts: Vec<Vec<usize>>,
}

/// Users who are in the same sets, and either all with a capacity or all without.
pub(in crate::prove) struct Class {
    pub(in crate::prove) users: Vec<UserId>,
    /// They can be online without being available.
    pub(in crate::prove) limited: bool,
    /// Counts up to this one are told apart.
    pub(in crate::prove) most: u32,
}

impl People {
    /// Everybody in the inbox.
    pub(in crate::prove) const EVERYBODY: Among = Among(0);

    pub(in crate::prove) fn new(inbox: &Inbox) -> Self {
        let mut people = Self {
            sets: Vec::new(),
            places: HashMap::new(),
            asked: Vec::new(),
            classes: Vec::new(),
            parts: Vec::new(),
        };
        people.among((0..).map(UserId).take(inbox.users.len()).collect());
        people
    }

    /// The set of these users.
    pub(in crate::prove) fn among(&mut self, mut users: Vec<UserId>) -> Among {
        users.sort_unstable();
        users.dedup();
        if let Some(known) = self.places.get(&users) {
            return *known;
        }
        let place = Among(u32::try_from(self.sets.len()).unwrap_or(u32::MAX));
        self.places.insert(users.clone(), place);
        self.sets.push(users);
        self.asked.push(0);
        place
    }

    /// In order.
    pub(in crate::prove) fn users(&self, among: Among) -> &[UserId] {
        self.sets.get(among.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    pub(in crate::prove) fn size(&self, among: Among) -> u32 {
        u32::try_from(self.users(among).len()).unwrap_or(u32::MAX)
    }

    /// Notes that it is asked whether there are so many of them.
    pub(in crate::prove) fn ask(&mut self, among: Among, at_least: u32) {
        let size = self.size(among);
        if let Some(asked) = self.asked.get_mut(among.0 as usize).filter(|_| at_least < size) {
            *asked = (*asked).max(at_least);
        }
    }

    /// The largest count that is asked, and is less than all.
    pub(in crate::prove) fn most_asked(&self, among: Among) -> u32 {
        self.asked.get(among.0 as usize).copied().unwrap_or_default()
    }

    pub(in crate::prove) fn parts(&self, among: Among) -> &[usize] {
        self.parts.get(among.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Divides the users, once all sets are known; once more, when there are others.
    pub(in crate::prove) fn divide(&mut self, inbox: &Inbox) {
        self.classes.clear();
        let mut marks: Vec<Vec<u32>> = vec![Vec::new(); inbox.users.len()];
        for (set, users) in (0_u32..).zip(&self.sets) {
            for user in users {
                if let Some(marks) = marks.get_mut(user.0 as usize) {
                    marks.push(set);
                }
            }
        }
        let mut classes: BTreeMap<(Vec<u32>, bool), Vec<UserId>> = BTreeMap::new();
        for ((place, marks), user) in (0..).zip(marks).zip(&inbox.users) {
            classes.entry((marks, user.capacity.is_some())).or_default().push(UserId(place));
        }
        self.parts = vec![Vec::new(); self.sets.len()];
        for (place, ((marks, limited), users)) in classes.into_iter().enumerate() {
            let mut most = 0;
            for set in marks {
                most = most.max(self.most_asked(Among(set)));
                if let Some(parts) = self.parts.get_mut(set as usize) {
                    parts.push(place);
                }
            }
            let most = most.min(u32::try_from(users.len()).unwrap_or(u32::MAX));
            self.classes.push(Class { users, limited, most });
        }
    }
}
