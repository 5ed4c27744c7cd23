//! A roster against a plain model of it by names, over random events, routed messages, changed inboxes, saves and restores.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use inbox_rules::{
    Algorithm, Assignment, Customer, Decision, Event, Inbox, Incoming, Message, OpenChat, Presence, Rebased,
    Roster, RouteError, RuleSet, Situation, Source, UserState, dice,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

const NUMBER: &str = "+15550100";
const USERS: [&str; 6] = ["ana", "bo", "cy", "dan", "eve", "fay"];
const GROUPS: [&str; 5] = ["Sales", "Support", "Shop", "Desk", "Bar"];

/// What an `inbox.toml` says.
#[derive(Debug, Clone, PartialEq)]
struct File {
    /// With their capacities.
    users: Vec<(&'static str, Option<u32>)>,
    /// With their members.
    groups: Vec<(&'static str, Vec<&'static str>)>,
}

impl File {
    fn random(random: &mut impl Rng) -> Self {
        let some = |random: &mut dyn Rng, names: &[&'static str]| {
            let mut names: Vec<_> = names.iter().copied().filter(|_| random.random_range(0..4) > 0).collect();
            names.shuffle(&mut *random);
            names
        };
        let users = some(random, &USERS);
        let groups = some(random, &GROUPS);
        let groups = groups.into_iter().map(|name| (name, some(random, &users))).collect();
        let capacity = |random: &mut dyn Rng| random.random::<bool>().then(|| random.random_range(1..4));
        Self { users: users.into_iter().map(|user| (user, capacity(random))).collect(), groups }
    }

    /// The next file, a few edits later.
    fn edited(&self, random: &mut impl Rng) -> Self {
        let mut next = self.clone();
        match random.random_range(0..8) {
            0 => return Self::random(random),
            1 => next.users.shuffle(random),
            2 => next.groups.shuffle(random),
            3 => next.users.iter_mut().for_each(|user| user.1 = Some(random.random_range(1..4))),
            4 => {
                next.users.pop();
            }
            5 => {
                next.groups.pop();
            }
            _ => {
                let is_new = |name: &&&str| !self.groups.iter().any(|(known, _)| known == *name);
                let free = GROUPS.iter().filter(is_new).collect::<Vec<_>>();
                if let (Some(new), Some(group)) = (free.choose(random), next.groups.first_mut()) {
                    group.0 = new;
                }
            }
        }
        let users: BTreeSet<_> = next.users.iter().map(|(user, _)| *user).collect();
        next.groups.iter_mut().for_each(|(_, members)| members.retain(|member| users.contains(member)));
        next
    }

    fn toml(&self) -> String {
        let mut toml = String::new();
        for (user, capacity) in &self.users {
            let capacity = capacity.map_or(String::new(), |capacity| format!("capacity = {capacity}\n"));
            let _ = write!(toml, "[users.{user}]\n{capacity}");
        }
        toml.push_str("[groups]\n");
        self.groups.iter().for_each(|(name, members)| _ = writeln!(toml, "{name} = {members:?}"));
        toml
    }

    /// Rules that name whom the file has.
    fn rules(&self, random: &mut impl Rng) -> RuleSet {
        let by = ["random", "in_order", "most_waiting", "least_chats", "least_load", "weighted"];
        let mut target = || match (self.groups.choose(random), self.users.choose(random)) {
            (Some((group, _)), _) if random.random_range(0..4) > 0 => {
                format!("group \"{group}\" by {}", by.choose(random).unwrap())
            }
            (_, Some((user, _))) => format!("user \"{user}\" among available"),
            (Some((group, _)), None) => format!("group \"{group}\" by hand"),
            (None, None) => "nobody".to_owned(),
        };
        let rules = format!(
            "move when chat_waiting or user_offline: assign {}\nwhen any_available: assign {}\notherwise: assign {}",
            target(),
            target(),
            target()
        );
        let source = Source::new("inbox.toml", self.toml());
        let (inbox, findings) = Inbox::parse(&source);
        assert!(findings.is_empty(), "{findings:?}");
        RuleSet::parse("+15550100.rules", &rules, &inbox).unwrap()
    }
}

#[derive(Debug, Clone, Default)]
struct ModelUser {
    is_here: bool,
    presence: Option<Presence>,
    chats: u32,
    last: Option<Timestamp>,
    capacity: Option<u32>,
    weight: Option<u32>,
}

#[derive(Debug, Clone, Default)]
struct ModelGroup {
    is_here: bool,
    members: Vec<String>,
    waiting: u32,
    last_turn: Option<String>,
}

/// What a roster must know, by names.
#[derive(Debug, Default)]
struct Model {
    users: BTreeMap<String, ModelUser>,
    groups: BTreeMap<String, ModelGroup>,
    /// Whether events have changed who is in the inbox and its groups.
    is_changed: bool,
}

impl Model {
    fn has(&self, user: &str) -> bool {
        self.users.get(user).is_some_and(|user| user.is_here)
    }

    fn has_group(&self, group: &str) -> bool {
        self.groups.get(group).is_some_and(|group| group.is_here)
    }

    /// Whether the event fits; then it is applied.
    fn apply(&mut self, event: &Event) -> bool {
        let fits = match event {
            Event::Presence { user, .. } | Event::Message { user, .. } => self.users.contains_key(&**user),
            Event::Closed { user } => self.users.get(&**user).is_some_and(|user| user.chats > 0),
            Event::Capacity { user, capacity } => self.users.contains_key(&**user) && *capacity != Some(0),
            Event::Weight { user, weight } => self.users.contains_key(&**user) && *weight != Some(0),
            Event::Assigned { user, turn, .. } => {
                self.has(user) && turn.as_ref().is_none_or(|group| self.has_group(group))
            }
            Event::Added { user, capacity, .. } => !self.has(user) && *capacity != Some(0),
            Event::Removed { user } => self.has(user),
            Event::Members { group, members } => {
                let unique: BTreeSet<_> = members.iter().collect();
                self.has_group(group)
                    && unique.len() == members.len()
                    && members.iter().all(|member| self.has(member))
            }
            Event::Queued { group } => self.has_group(group),
            Event::Dequeued { group } => self.groups.get(&**group).is_some_and(|group| group.waiting > 0),
            _ => unreachable!(),
        };
        if fits {
            self.update(event);
        }
        fits
    }

    fn user(&mut self, user: &str) -> &mut ModelUser {
        self.users.entry(user.to_owned()).or_default()
    }

    fn update(&mut self, event: &Event) {
        match event {
            Event::Presence { user, presence } => self.user(user).presence = Some(*presence),
            Event::Message { user, at } => self.user(user).last = self.user(user).last.max(Some(*at)),
            Event::Closed { user } => self.user(user).chats -= 1,
            Event::Capacity { user, capacity } => self.user(user).capacity = *capacity,
            Event::Weight { user, weight } => self.user(user).weight = *weight,
            Event::Assigned { user: name, at, turn } => {
                self.user(name).chats += 1;
                self.user(name).last = self.user(name).last.max(Some(*at));
                if let Some(turn) = turn {
                    self.groups.get_mut(&**turn).unwrap().last_turn = Some(name.to_string());
                }
            }
            Event::Added { user, .. } => {
                self.user(user).is_here = true;
                self.is_changed = true;
            }
            Event::Removed { user: name } => {
                self.user(name).is_here = false;
                self.groups.values_mut().for_each(|group| group.members.retain(|member| **member != **name));
                self.is_changed = true;
            }
            Event::Members { group, members } => {
                self.groups.get_mut(&**group).unwrap().members =
                    members.iter().map(ToString::to_string).collect();
                self.is_changed = true;
            }
            Event::Queued { group } => self.groups.get_mut(&**group).unwrap().waiting += 1,
            Event::Dequeued { group } => self.groups.get_mut(&**group).unwrap().waiting -= 1,
            _ => unreachable!(),
        }
    }

    /// Goes on with another file. Returns what is to be told: who is gone and back, and which groups are renamed.
    fn rebase(&mut self, file: &File) -> Json {
        let here = |model: &Self| -> (BTreeSet<String>, BTreeSet<String>) {
            let users = model.users.iter().filter(|(_, user)| user.is_here).map(|(name, _)| name.clone());
            let groups = model.groups.iter().filter(|(_, group)| group.is_here).map(|(name, _)| name.clone());
            (users.collect(), groups.collect())
        };
        let known: (BTreeSet<String>, BTreeSet<String>) =
            (self.users.keys().cloned().collect(), self.groups.keys().cloned().collect());
        let before = here(self);
        let mut renamed = Vec::new();
        let members_of =
            |members: &mut dyn Iterator<Item = &str>| members.map(str::to_owned).collect::<BTreeSet<_>>();
        let vanished = |group: &String| !file.groups.iter().any(|(name, _)| name == group);
        for from in before.1.iter().filter(|group| vanished(group)) {
            let members = |name: &str| members_of(&mut self.groups[name].members.iter().map(String::as_str));
            let of = members(from);
            let twins = before.1.iter().filter(|group| vanished(group) && members(group) == of);
            let is_new = |name: &str| !known.1.contains(name);
            let fits = |members: &[&str]| members_of(&mut members.iter().copied()) == of;
            let new: Vec<_> =
                file.groups.iter().filter(|(name, members)| is_new(name) && fits(members)).collect();
            if let ([(to, _)], 1, false) = (&new[..], twins.count(), of.is_empty()) {
                renamed.push((from.clone(), (*to).to_owned()));
            }
        }
        for (from, to) in &renamed {
            let group = self.groups.remove(from).unwrap();
            self.groups.insert(to.clone(), group);
        }
        self.users.values_mut().for_each(|user| user.is_here = false);
        for group in self.groups.values_mut() {
            group.is_here = false;
            group.members.clear();
        }
        for (user, _) in &file.users {
            self.users.entry((*user).to_owned()).or_default().is_here = true;
        }
        for (name, members) in &file.groups {
            let group = self.groups.entry((*name).to_owned()).or_default();
            group.is_here = true;
            group.members = members.iter().map(ToString::to_string).collect();
        }
        self.is_changed = false;
        let after = here(self);
        let users = |names: &mut dyn Iterator<Item = &String>| {
            names.map(|name| json!({"user": name, "chats": self.users[name].chats})).collect::<Vec<_>>()
        };
        let groups = |names: &mut dyn Iterator<Item = &String>| {
            names.map(|name| json!({"group": name, "waiting": self.groups[name].waiting})).collect::<Vec<_>>()
        };
        let is_renamed = |group: &&String| renamed.iter().any(|(from, to)| from == *group || to == *group);
        let back = |known: &BTreeSet<String>, name: &&String| known.contains(*name);
        let kept = |limit: fn(&ModelUser) -> Option<u32>| {
            let users = self.users.iter().filter(|(_, user)| user.is_here);
            users.filter_map(|(name, user)| Some((name.clone(), limit(user)?))).collect::<BTreeMap<_, _>>()
        };
        json!({
            "users_gone": users(&mut before.0.difference(&after.0)),
            "users_back": users(&mut after.0.difference(&before.0).filter(|user| back(&known.0, user))),
            "groups_gone": groups(&mut before.1.difference(&after.1).filter(|group| !is_renamed(group))),
            "groups_back": groups(&mut after.1.difference(&before.1).filter(|group| back(&known.1, group))),
            "groups_renamed":
                renamed.iter().map(|(from, to)| json!({"from": from, "to": to})).collect::<Vec<_>>(),
            "capacities_kept": kept(|user| user.capacity),
            "weights_kept": kept(|user| user.weight),
        })
    }

    /// The situation in which a message is decided, from the model alone.
    fn situation(&self, at: Timestamp, chat: Option<&OpenChat>) -> Situation {
        let users = self.users.iter().filter(|(_, user)| user.is_here).map(|(name, user)| {
            let ModelUser { presence, chats, last, capacity, weight, .. } = user.clone();
            let presence = presence.unwrap_or(Presence::Offline);
            let last_message_at = last.map(Into::into);
            (name.clone(), UserState { presence, chats, last_message_at, capacity, weight })
        });
        let groups = || self.groups.iter().filter(|(_, group)| group.is_here);
        let turn = |(name, group): (&String, &ModelGroup)| {
            Some((name.clone(), group.last_turn.clone().filter(|user| self.has(user))?))
        };
        Situation {
            number: Some(NUMBER.to_owned()),
            at: Some(at.into()),
            users: users.collect(),
            waiting: groups().map(|(name, group)| (name.clone(), group.waiting)).collect(),
            turns: groups().filter_map(turn).collect(),
            chat: chat.cloned(),
            ..Situation::default()
        }
    }

    /// What a decision changes.
    fn decided(&mut self, decision: &Decision, chat: Option<&OpenChat>, at: Timestamp) {
        if decision.moved.is_some() {
            let chat = chat.unwrap();
            match (chat.user.as_deref(), chat.group.as_deref()) {
                (Some(user), _) => _ = self.apply(&Event::Closed { user: user.into() }),
                (None, Some(group)) => _ = self.apply(&Event::Dequeued { group: group.into() }),
                (None, None) => {}
            }
        }
        let event = match decision.assign.as_ref().unwrap() {
            Assignment::User { user, group, by, .. } => {
                let turn = group.clone().filter(|_| *by == Some(Algorithm::InOrder));
                Event::Assigned { user: Arc::clone(user), at, turn }
            }
            Assignment::Queue { group: Some(group), .. } => Event::Queued { group: Arc::clone(group) },
            _ => return,
        };
        assert!(self.apply(&event), "{event:?}");
    }

    /// All that the roster saves.
    fn saved(&self) -> (Json, Json) {
        let users = self.users.iter().map(|(name, user)| {
            let ModelUser { presence, chats, last, capacity, weight, .. } = user.clone();
            let presence = presence.filter(|presence| *presence != Presence::Offline);
            let chats = Some(chats).filter(|chats| *chats > 0);
            let fields = json!({"presence": presence, "chats": chats, "last_message_at": last, "capacity": capacity, "weight": weight});
            (name.clone(), without_null(fields))
        });
        let groups = self.groups.iter().map(|(name, group)| {
            let ModelGroup { members, waiting, last_turn, .. } = group.clone();
            let members = Some(members).filter(|members| !members.is_empty());
            let waiting = Some(waiting).filter(|waiting| *waiting > 0);
            (
                name.clone(),
                without_null(json!({"members": members, "waiting": waiting, "last_turn": last_turn})),
            )
        });
        (Json::Object(users.collect()), Json::Object(groups.collect()))
    }
}

fn without_null(fields: Json) -> Json {
    let Json::Object(fields) = fields else { unreachable!() };
    Json::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect())
}

/// The event of a random kind, often of somebody who is not there.
fn event(random: &mut impl Rng, model: &Model, file: &File, at: Timestamp) -> Event {
    let user: Arc<str> = (*USERS.choose(random).unwrap()).into();
    let group: Arc<str> = (*GROUPS.choose(random).unwrap()).into();
    let limit = |random: &mut dyn Rng| random.random::<bool>().then(|| random.random_range(0..4));
    match random.random_range(0..24) {
        0..6 => Event::Presence { user, presence: *Presence::ALL.choose(random).unwrap() },
        6..9 => Event::Message { user, at },
        9..12 => Event::Assigned { user, at, turn: random.random::<bool>().then_some(group) },
        12..15 => Event::Closed { user },
        15..17 => Event::Capacity { user, capacity: limit(random) },
        17 => Event::Weight { user, weight: limit(random) },
        18 => Event::Added {
            user,
            name: None,
            capacity: limit(random),
            skills: vec!["ar".into()],
            weight: None,
        },
        19 => Event::Removed { user },
        20 => {
            let mut members: Vec<Arc<str>> =
                model.users.keys().filter(|user| model.has(user)).map(|user| (&**user).into()).collect();
            members.shuffle(random);
            members.truncate(random.random_range(0..5));
            if let Some((_, in_file)) =
                file.groups.iter().find(|(name, _)| random.random() && **name == *group)
            {
                members = in_file.iter().map(|member| Arc::from(*member)).collect();
            }
            Event::Members { group, members }
        }
        21..23 => Event::Queued { group },
        _ => Event::Dequeued { group },
    }
}

/// What was told, in the form of the model.
fn told(rebased: &Rebased) -> Json {
    let mut told = serde_json::to_value(rebased).unwrap();
    for limits in ["capacities_kept", "weights_kept"] {
        let kept = told[limits].as_array().unwrap().iter();
        told[limits] =
            kept.map(|kept| (kept["user"].as_str().unwrap().to_owned(), kept["set"].clone())).collect();
    }
    told
}

/// A roster with its rules, and the model of it.
struct Run {
    file: File,
    set: RuleSet,
    roster: Roster,
    model: Model,
}

impl Run {
    /// Another file, or the same with other rules: the rules are refused until the roster is rebased, or saved and restored.
    fn rebase(&mut self, random: &mut impl Rng, step: u64) -> String {
        let refuses = |set: &RuleSet, roster: &mut Roster| {
            let before = roster.save();
            let routed = routed(set, roster, Timestamp::UNIX_EPOCH, None, step);
            assert_eq!(routed, Err(RouteError::OtherInbox));
            assert_eq!(roster.save(), before);
        };
        let next = self.file.edited(random);
        let is_other = next != self.file;
        let set = next.rules(random);
        if is_other {
            refuses(&set, &mut self.roster);
        }
        let (restored, told_restored) =
            Roster::restore(set.inbox(), read_again(&self.roster.save())).unwrap();
        let rebased = self.roster.rebase(set.inbox());
        assert_eq!(self.roster.save(), restored.save(), "a restored roster is a rebased one");
        assert_eq!(told_restored.groups_renamed, rebased.groups_renamed);
        if random.random() {
            self.roster = restored;
        }
        if is_other {
            assert_eq!(told(&rebased), self.model.rebase(&next), "{:?} and then {next:?}", self.file);
            refuses(&self.set, &mut self.roster);
        } else {
            assert!(rebased.is_empty());
        }
        (self.file, self.set) = (next, set);
        "rebased".to_owned()
    }

    /// The restored roster decides as the saved one would have.
    fn restore(&mut self, at: Timestamp, step: u64) -> String {
        let restored = Roster::restore(self.set.inbox(), read_again(&self.roster.save())).unwrap().0;
        let next = routed(&self.set, &mut self.roster, at, None, step);
        assert_eq!(routed(&self.set, &mut restored.clone(), at, None, step), next);
        self.roster = restored;
        "restored".to_owned()
    }

    fn route(&mut self, random: &mut impl Rng, at: Timestamp, step: u64) -> String {
        let chat = random.random_range(0..3) == 0;
        let chat = chat.then(|| OpenChat {
            user: random.random::<bool>().then(|| (*USERS.choose(random).unwrap()).to_owned()),
            group: random.random::<bool>().then(|| (*GROUPS.choose(random).unwrap()).to_owned()),
            ..OpenChat::default()
        });
        let situation = self.model.situation(at, chat.as_ref());
        let mut repeated = self.roster.clone();
        let decision = routed(&self.set, &mut self.roster, at, chat.as_ref(), step).unwrap();
        for event in decision.events() {
            repeated.apply(event).unwrap();
        }
        assert_eq!(repeated.save(), self.roster.save(), "{:?}", decision.events());
        if !self.model.is_changed {
            let plain = self.set.decide(&situation, &mut dice(step, None)).unwrap();
            let mut routed = decision.clone();
            (routed.routed, routed.step) = (None, plain.step.clone());
            assert_eq!(routed, plain, "{situation:?}");
        }
        self.model.decided(&decision, chat.as_ref(), at);
        format!("{chat:?} {decision:?}")
    }

    fn apply(&mut self, random: &mut impl Rng, at: Timestamp) -> String {
        let event = event(random, &self.model, &self.file, at);
        // As a host that logs it would read it again.
        let logged: Event = read_again(&event);
        assert_eq!(logged, event);
        assert_eq!(self.roster.apply(logged).is_ok(), self.model.apply(&event), "{event:?}");
        format!("{event:?}")
    }

    fn compare(&self, what: &str) {
        let saved = serde_json::to_value(self.roster.save()).unwrap();
        let (users, groups) = self.model.saved();
        assert_eq!((&saved["users"], &saved["groups"]), (&users, &groups), "{what}");
        for user in USERS {
            assert_eq!(self.roster.now(user).is_some(), self.model.has(user), "{what}");
        }
        for group in GROUPS {
            let waiting =
                self.model.groups.get(group).filter(|group| group.is_here).map(|group| group.waiting);
            assert_eq!(self.roster.waiting_in(group), waiting, "{what}");
        }
    }
}

fn read_again<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

/// Routes a message of a customer of whom nothing is known.
fn routed(
    set: &RuleSet,
    roster: &mut Roster,
    at: Timestamp,
    chat: Option<&OpenChat>,
    seed: u64,
) -> Result<Decision, RouteError> {
    let incoming = Incoming { number: NUMBER, at, message: &Message::default(), chat };
    set.route(&incoming, &Customer::default(), roster, &mut dice(seed, None))
}

fn check(seed: u64, steps: u64) {
    let random = &mut dice(seed, None);
    let file = File::random(random);
    let set = file.rules(random);
    let mut model = Model::default();
    model.rebase(&file);
    let mut run = Run { file, roster: Roster::new(set.inbox()), set, model };
    for step in 0..steps {
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(random.random_range(0..30));
        let what = match random.random_range(0..12) {
            0 | 1 => run.rebase(random, step),
            2 => run.restore(at, step),
            3..7 => run.route(random, at, step),
            _ => run.apply(random, at),
        };
        run.compare(&format!("step {step} of seed {seed}: {what}"));
    }
}

proptest! {
    #[test]
    fn a_roster_is_what_its_names_say(seed: u64, steps in 1..120_u64) {
        check(seed, steps);
    }
}
