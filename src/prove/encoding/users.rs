//! Who is in which group, as far as it matters: users of whom a policy cannot tell one from another are a class.

use std::collections::{BTreeMap, HashMap};

use super::atom::UserSetId;
use crate::inbox::{Inbox, UserId};

/// The sets of users that are asked about, and the classes that they divide the users into.
pub(in crate::prove) struct UserSets {
    sets: Vec<Vec<UserId>>,
    places: HashMap<Vec<UserId>, UserSetId>,
    /// The largest count that is asked of each set, and is less than all of it.
    max_counts: Vec<u32>,
    pub(in crate::prove) classes: Vec<UserClass>,
    /// The classes of each set.
    classes_of: Vec<Vec<usize>>,
}

/// Users who are in the same sets, and either all with a capacity or all without.
pub(in crate::prove) struct UserClass {
    pub(in crate::prove) users: Vec<UserId>,
    /// They can be online without being available.
    pub(in crate::prove) has_capacity: bool,
    /// Counts up to this one are told apart.
    pub(in crate::prove) most: u32,
}

impl UserSets {
    /// Everybody in the inbox.
    pub(in crate::prove) const EVERYBODY: UserSetId = UserSetId(0);

    pub(in crate::prove) fn new(inbox: &Inbox) -> Self {
        let mut people = Self {
            sets: Vec::new(),
            places: HashMap::new(),
            max_counts: Vec::new(),
            classes: Vec::new(),
            classes_of: Vec::new(),
        };
        people.among((0..).map(UserId).take(inbox.users.len()).collect());
        people
    }

    /// The set of these users.
    pub(in crate::prove) fn among(&mut self, mut users: Vec<UserId>) -> UserSetId {
        users.sort_unstable();
        users.dedup();
        if let Some(known) = self.places.get(&users) {
            return *known;
        }
        let place = UserSetId(u32::try_from(self.sets.len()).unwrap_or(u32::MAX));
        self.places.insert(users.clone(), place);
        self.sets.push(users);
        self.max_counts.push(0);
        place
    }

    /// In order.
    pub(in crate::prove) fn users(&self, among: UserSetId) -> &[UserId] {
        self.sets.get(among.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    pub(in crate::prove) fn size(&self, among: UserSetId) -> u32 {
        u32::try_from(self.users(among).len()).unwrap_or(u32::MAX)
    }

    /// Notes that it is asked whether there are so many of them.
    pub(in crate::prove) fn note_count(&mut self, among: UserSetId, at_least: u32) {
        let size = self.size(among);
        if let Some(max_counts) = self.max_counts.get_mut(among.0 as usize).filter(|_| at_least < size) {
            *max_counts = (*max_counts).max(at_least);
        }
    }

    /// The largest count that is asked, and is less than all.
    pub(in crate::prove) fn max_count(&self, among: UserSetId) -> u32 {
        self.max_counts.get(among.0 as usize).copied().unwrap_or_default()
    }

    pub(in crate::prove) fn classes_of(&self, among: UserSetId) -> &[usize] {
        self.classes_of.get(among.0 as usize).map(Vec::as_slice).unwrap_or_default()
    }

    /// Divides the users, once all sets are known; once more, when there are others.
    pub(in crate::prove) fn partition(&mut self, inbox: &Inbox) {
        self.classes.clear();
        let mut memberships: Vec<Vec<u32>> = vec![Vec::new(); inbox.users.len()];
        for (set, users) in (0_u32..).zip(&self.sets) {
            for user in users {
                if let Some(memberships) = memberships.get_mut(user.0 as usize) {
                    memberships.push(set);
                }
            }
        }
        let mut classes: BTreeMap<(Vec<u32>, bool), Vec<UserId>> = BTreeMap::new();
        for ((place, memberships), user) in (0..).zip(memberships).zip(&inbox.users) {
            classes.entry((memberships, user.capacity.is_some())).or_default().push(UserId(place));
        }
        self.classes_of = vec![Vec::new(); self.sets.len()];
        for (place, ((memberships, has_capacity), users)) in classes.into_iter().enumerate() {
            let mut most = 0;
            for set in memberships {
                most = most.max(self.max_count(UserSetId(set)));
                if let Some(classes_of) = self.classes_of.get_mut(set as usize) {
                    classes_of.push(place);
                }
            }
            let most = most.min(u32::try_from(users.len()).unwrap_or(u32::MAX));
            self.classes.push(UserClass { users, has_capacity, most });
        }
    }
}
