//! Sets of users, and classes of users that no policy distinguishes.
//!
//! A condition only counts users of a set, so users who belong to the same sets are interchangeable, and a count for
//! each class describes every situation. This is symmetry reduction: a group of 200 users costs as much as a group of
//! two.

use std::collections::{BTreeMap, HashMap};

use super::index_vec::{IndexVec, index_types};
use crate::inbox::{Inbox, UserId};

index_types! {
    /// A set of users, by its index in [`UserSets`].
    UserSetId;
    /// A class, by its index in [`UserSets`].
    ClassId;
}

/// The sets of users that conditions count, and the classes into which they divide the users.
#[derive(Default)]
pub(in crate::prove) struct UserSets {
    sets: IndexVec<UserSetId, UserSet>,
    known: HashMap<Vec<UserId>, UserSetId>,
    classes: IndexVec<ClassId, UserClass>,
}

struct UserSet {
    /// In order.
    users: Vec<UserId>,
    /// The largest count that some condition compares with and that is less than all.
    max_count: u32,
    classes: Vec<ClassId>,
}

/// Users who belong to the same sets, and either all have a capacity or all have none.
pub(in crate::prove) struct UserClass {
    pub(in crate::prove) users: Vec<UserId>,
    /// They can be online without being available.
    pub(in crate::prove) has_capacity: bool,
    /// Counts up to this one must be distinguished.
    pub(in crate::prove) max_count: u32,
}

impl UserSets {
    /// All users of the inbox.
    pub(in crate::prove) const EVERYBODY: UserSetId = UserSetId(0);

    pub(in crate::prove) fn new(inbox: &Inbox) -> Self {
        let mut sets = Self::default();
        sets.intern((0..).map(UserId).take(inbox.users.len()).collect());
        sets
    }

    /// The set of these users.
    pub(in crate::prove) fn intern(&mut self, mut users: Vec<UserId>) -> UserSetId {
        users.sort_unstable();
        users.dedup();
        if let Some(known) = self.known.get(&users) {
            return *known;
        }
        let set = self.sets.push(UserSet { users: users.clone(), max_count: 0, classes: Vec::new() });
        self.known.insert(users, set);
        set
    }

    /// The users of a set, in order.
    pub(in crate::prove) fn users(&self, set: UserSetId) -> &[UserId] {
        &self.sets[set].users
    }

    pub(in crate::prove) fn size(&self, set: UserSetId) -> u32 {
        u32::try_from(self.users(set).len()).unwrap_or(u32::MAX)
    }

    /// Notes that a condition compares with this count.
    pub(in crate::prove) fn note_count(&mut self, set: UserSetId, at_least: u32) {
        if at_least < self.size(set) {
            let set = &mut self.sets[set];
            set.max_count = set.max_count.max(at_least);
        }
    }

    /// The largest count that some condition compares with and that is less than all.
    pub(in crate::prove) fn max_count(&self, set: UserSetId) -> u32 {
        self.sets[set].max_count
    }

    /// The classes of a set.
    pub(in crate::prove) fn classes_of(&self, set: UserSetId) -> &[ClassId] {
        &self.sets[set].classes
    }

    pub(in crate::prove) fn class(&self, class: ClassId) -> &UserClass {
        &self.classes[class]
    }

    pub(in crate::prove) fn classes(&self) -> impl Iterator<Item = (ClassId, &UserClass)> {
        self.classes.iter()
    }

    /// Divides the users into classes. To be called again when sets are added.
    pub(in crate::prove) fn partition(&mut self, inbox: &Inbox) {
        let mut memberships: BTreeMap<UserId, Vec<UserSetId>> = BTreeMap::new();
        for (id, set) in self.sets.iter() {
            for user in &set.users {
                memberships.entry(*user).or_default().push(id);
            }
        }
        let mut classes: BTreeMap<(Vec<UserSetId>, bool), Vec<UserId>> = BTreeMap::new();
        for (user, sets) in memberships {
            let has_capacity = inbox.user(user).capacity.is_some();
            classes.entry((sets, has_capacity)).or_default().push(user);
        }
        for set in self.sets.indices() {
            self.sets[set].classes.clear();
        }
        self.classes = IndexVec::default();
        for ((sets, has_capacity), users) in classes {
            let size = u32::try_from(users.len()).unwrap_or(u32::MAX);
            let max_count = sets.iter().map(|set| self.max_count(*set)).max().unwrap_or(0).min(size);
            let class = self.classes.push(UserClass { users, has_capacity, max_count });
            for set in sets {
                self.sets[set].classes.push(class);
            }
        }
    }
}
