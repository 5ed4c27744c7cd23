//! Sets of users, and classes of users that no policy distinguishes.
//!
//! A condition only counts users of a set, so users who belong to the same sets are interchangeable, and a count for
//! each class describes every situation. This is symmetry reduction: a group of 200 users costs as much as a group of
//! two.

use std::collections::{BTreeMap, HashMap};

use super::atom::Counted;
use super::index_vec::{IndexVec, index_types};
use crate::inbox::UserId;

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

/// The capacities of a user on the two sides of a comparison, as far as it matters who is available on which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::prove) enum Capacity {
    /// Neither side gives one: whoever is online is available.
    Unlimited,
    /// Both give the same one.
    Same,
    /// They give different ones, the higher one on the side `higher`.
    Differs { higher: usize, is_higher_limited: bool },
}

impl Capacity {
    pub(super) fn of([old, new]: [Option<u32>; 2]) -> Self {
        // No capacity is the highest one.
        let rank = |capacity: Option<u32>| (capacity.is_none(), capacity);
        match rank(old).cmp(&rank(new)) {
            std::cmp::Ordering::Equal if old.is_none() => Self::Unlimited,
            std::cmp::Ordering::Equal => Self::Same,
            std::cmp::Ordering::Less => Self::Differs { higher: 1, is_higher_limited: new.is_some() },
            std::cmp::Ordering::Greater => Self::Differs { higher: 0, is_higher_limited: old.is_some() },
        }
    }

    /// What `counted` means for such a user: where two words for it mean the same, always the same one.
    pub(in crate::prove) fn counted(self, counted: Counted) -> Counted {
        match (self, counted) {
            (_, Counted::Online) | (Self::Unlimited, _) => Counted::Online,
            (Self::Same, Counted::Available { .. }) => Counted::Available { side: 0 },
            (Self::Differs { higher, is_higher_limited: false }, Counted::Available { side })
                if side == higher =>
            {
                Counted::Online
            }
            (Self::Differs { .. }, counted) => counted,
        }
    }

    /// The users that the next wider word counts: whoever is `counted` is among them. `counted` is as above.
    pub(in crate::prove) fn wider(self, counted: Counted) -> Option<Counted> {
        match (self, counted) {
            (_, Counted::Online) => None,
            (Self::Differs { higher, is_higher_limited: true }, Counted::Available { side })
                if side != higher =>
            {
                Some(Counted::Available { side: higher })
            }
            _ => Some(Counted::Online),
        }
    }
}

/// Users who belong to the same sets, and whose capacities are alike.
pub(in crate::prove) struct UserClass {
    pub(in crate::prove) users: Vec<UserId>,
    pub(in crate::prove) capacity: Capacity,
    /// Counts up to this one must be distinguished.
    pub(in crate::prove) max_count: u32,
}

impl UserSets {
    /// All users whom both sides of a comparison have. Nobody else can be online, since a situation that mentions a user
    /// is refused by the side without them.
    pub(in crate::prove) const EVERYBODY: UserSetId = UserSetId(0);

    pub(in crate::prove) fn new(everybody: Vec<UserId>) -> Self {
        let mut sets = Self::default();
        sets.intern(everybody);
        sets
    }

    /// Whether the user is in the set.
    pub(in crate::prove) fn contains(&self, set: UserSetId, user: UserId) -> bool {
        self.users(set).binary_search(&user).is_ok()
    }

    /// Those users of the set who can be online.
    pub(in crate::prove) fn common(&mut self, set: UserSetId) -> UserSetId {
        let common = |user: &UserId| self.contains(Self::EVERYBODY, *user);
        if self.users(set).iter().all(common) {
            return set;
        }
        let users = self.users(set).iter().copied().filter(common).collect();
        self.intern(users)
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
    pub(in crate::prove) fn partition(&mut self, capacity: impl Fn(UserId) -> Capacity) {
        let mut memberships: BTreeMap<UserId, Vec<UserSetId>> = BTreeMap::new();
        for (id, set) in self.sets.iter() {
            for user in set.users.iter().filter(|user| self.contains(Self::EVERYBODY, **user)) {
                memberships.entry(*user).or_default().push(id);
            }
        }
        let mut classes: BTreeMap<(Vec<UserSetId>, Capacity), Vec<UserId>> = BTreeMap::new();
        for (user, sets) in memberships {
            classes.entry((sets, capacity(user))).or_default().push(user);
        }
        for set in self.sets.indices() {
            self.sets[set].classes.clear();
        }
        self.classes = IndexVec::default();
        for ((sets, capacity), users) in classes {
            let size = u32::try_from(users.len()).unwrap_or(u32::MAX);
            let max_count = sets.iter().map(|set| self.max_count(*set)).max().unwrap_or(0).min(size);
            let class = self.classes.push(UserClass { users, capacity, max_count });
            for set in sets {
                self.sets[set].classes.push(class);
            }
        }
    }
}
