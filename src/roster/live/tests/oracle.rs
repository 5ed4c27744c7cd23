//! Compares the live roster with the plain choice from a snapshot, over random inboxes, events and choices.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rand::seq::{IndexedRandom, SliceRandom};
use rand::{Rng, RngExt};

use super::super::*;
use crate::inbox::{GroupId, Inbox, User, UserId};
use crate::language::fold;
use crate::language::vocabulary::{Algorithm, Eligibility, Presence};
use crate::policy::{NamedSkill, Scope};
use crate::roster::{
    Candidate, ChoiceRequest, Pool, RequiredSkill, RequiredSkills, RosterSnapshot, RosterView, dice, pick,
};
use crate::situation::UserNow;
use crate::text::Span;

const SKILLS: [&str; 3] = ["ar", "en", "returns"];

/// A model of the roster: the inbox and its state in the simplest form.
struct Model {
    inbox: Inbox,
    is_active: Vec<bool>,
    /// Of those who are removed too.
    users: Vec<UserNow>,
    waiting: Vec<u32>,
    turns: Vec<Option<UserId>>,
}

impl Model {
    fn new(inbox: Inbox) -> Self {
        let (users, groups) = (inbox.users.len(), inbox.groups.len());
        Self {
            inbox,
            is_active: vec![true; users],
            users: vec![UserNow::default(); users],
            waiting: vec![0; groups],
            turns: vec![None; groups],
        }
    }

    fn find(&self, id: &str) -> Option<usize> {
        self.inbox.users.iter().position(|user| *user.id == *id)
    }

    fn now(&self) -> RosterSnapshot {
        let users = self.users.iter().zip(&self.is_active);
        let users = users.map(|(now, is_active)| if *is_active { *now } else { UserNow::default() });
        RosterSnapshot::new(users.collect(), self.waiting.clone(), self.turns.clone())
    }

    fn group(&self, name: &str) -> Option<usize> {
        self.inbox.groups.iter().position(|group| *group.name == *name)
    }

    /// Applies the event if it fits; whether it did.
    fn apply(&mut self, event: &Event) -> bool {
        let is_active = |user: &Arc<str>| self.find(user).is_some_and(|user| self.is_active[user]);
        let known = |group: &Arc<str>| self.group(group).is_some();
        let fits = match event {
            Event::Presence { user, .. } | Event::Message { user, .. } => self.find(user).is_some(),
            Event::Removed { user } => is_active(user),
            Event::Assigned { user, turn, .. } => is_active(user) && turn.iter().all(known),
            Event::Closed { user } => self.find(user).is_some_and(|user| self.users[user].chats > 0),
            Event::Capacity { user, capacity } => self.find(user).is_some() && *capacity != Some(0),
            Event::Weight { user, weight } => self.find(user).is_some() && *weight != Some(0),
            Event::Added { user, .. } => !is_active(user),
            Event::Members { group, members } => {
                let twice = (1..members.len()).any(|n| members[n..].contains(&members[n - 1]));
                known(group) && !twice && members.iter().all(is_active)
            }
            Event::Queued { group } => known(group),
            Event::Dequeued { group } => self.group(group).is_some_and(|group| self.waiting[group] > 0),
        };
        if fits {
            self.update(event);
        }
        fits
    }

    fn state(&mut self, user: &str) -> &mut UserNow {
        let at = self.find(user).unwrap();
        &mut self.users[at]
    }

    fn waiting(&mut self, group: &str) -> &mut u32 {
        let at = self.group(group).unwrap();
        &mut self.waiting[at]
    }

    fn id(&self, user: &str) -> UserId {
        UserId(u32::try_from(self.find(user).unwrap()).unwrap())
    }

    fn update(&mut self, event: &Event) {
        let message = |now: &mut UserNow, at: Timestamp| {
            now.last_message_at = Some(now.last_message_at.map_or(at, |last| last.max(at)));
        };
        match event {
            Event::Presence { user, presence } => self.state(user).presence = *presence,
            Event::Message { user, at } => message(self.state(user), *at),
            Event::Removed { user } => {
                let id = self.id(user);
                self.is_active[id.0 as usize] = false;
                self.inbox.groups.iter_mut().for_each(|group| group.members.retain(|member| *member != id));
            }
            Event::Assigned { user, at, turn } => {
                if let Some(group) = turn.as_ref().and_then(|group| self.group(group)) {
                    self.turns[group] = Some(self.id(user));
                }
                self.state(user).chats += 1;
                message(self.state(user), *at);
            }
            Event::Closed { user } => self.state(user).chats -= 1,
            Event::Capacity { user, capacity } => self.state(user).capacity = *capacity,
            Event::Weight { user, weight } => self.state(user).weight = *weight,
            Event::Added { user: name, capacity, skills, weight, .. } => {
                let user = User {
                    id: Arc::clone(name),
                    name: Arc::default(),
                    capacity: *capacity,
                    skills: skills.iter().map(|skill| fold(skill)).collect(),
                    skills_as_written: Vec::new(),
                    weight: weight.unwrap_or(1),
                    owns: true,
                    span: Span::default(),
                };
                if let Some(index) = self.find(name) {
                    self.is_active[index] = true;
                    self.inbox.users[index] = user;
                } else {
                    self.is_active.push(true);
                    self.users.push(UserNow::default());
                    self.inbox.users.push(user);
                }
            }
            Event::Members { group, members } => {
                let members = members.iter().map(|member| self.id(member)).collect();
                let group = self.group(group).unwrap();
                self.inbox.groups[group].members = members;
            }
            Event::Queued { group } => *self.waiting(group) += 1,
            Event::Dequeued { group } => *self.waiting(group) -= 1,
        }
    }

    /// The numbers of users online and available, by counting.
    fn counts(&self, scope: Scope) -> (u64, u64) {
        let everyone: Vec<UserId> = (0..).map(UserId).take(self.users.len()).collect();
        let users = match scope {
            Scope::Inbox => &everyone,
            Scope::Group(group) => &self.inbox.group(group).members,
        };
        let now = self.now();
        let count = |is: fn(&Candidate) -> bool| {
            users.iter().filter(|user| is(&Candidate::of(&self.inbox, &now, **user))).count() as u64
        };
        (count(Candidate::is_online), count(Candidate::is_available))
    }
}

/// Members of 1 to 4 overlapping groups, in any order; some inboxes with many.
fn inbox(random: &mut impl Rng) -> Inbox {
    let users = [2, 5, 9, 70, 300][random.random_range(0..5_usize)];
    let groups = random.random_range(1..=4);
    let names = |letter: &'static str, count: usize| (0..count).map(move |n| format!("{letter}{n}"));
    let mut inbox = Inbox::inferred(names("u", users), names("g", groups), [], []);
    inbox.users = (0..users).map(|n| user(random, n)).collect();
    for group in &mut inbox.groups {
        group.members = (0..).map(UserId).take(users).collect();
        group.members.shuffle(random);
        group.members.truncate(random.random_range(0..=users + users / 2));
    }
    inbox
}

fn user(random: &mut impl Rng, n: usize) -> User {
    let skills: Vec<String> =
        SKILLS.iter().filter(|_| random.random()).map(|&skill| skill.to_owned()).collect();
    User {
        id: format!("u{n}").into(),
        name: Arc::default(),
        capacity: random.random::<bool>().then(|| random.random_range(1..6)),
        skills: skills.iter().map(|skill| fold(skill)).collect(),
        skills_as_written: skills,
        weight: random.random_range(1..4),
        owns: true,
        span: Span::default(),
    }
}

fn event(random: &mut impl Rng, model: &Model, step: i64) -> Event {
    // The index after the last one is included, to have unknown users and groups too.
    let n = random.random_range(0..=model.users.len());
    let user: Arc<str> = format!("u{n}").into();
    let group: Arc<str> = format!("g{}", random.random_range(0..=model.waiting.len())).into();
    let seconds = if random.random() { step / 3 } else { random.random_range(0..20) };
    let at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
    match random.random_range(0..100) {
        0..20 => Event::Presence { user, presence: *Presence::ALL.choose(random).unwrap() },
        20..40 => Event::Presence { user, presence: Presence::Online },
        40..55 => Event::Assigned { user, at, turn: random.random::<bool>().then_some(group) },
        55..70 => Event::Closed { user },
        70..80 => Event::Message { user, at },
        80..84 => {
            Event::Capacity { user, capacity: random.random::<bool>().then(|| random.random_range(0..8)) }
        }
        84..88 => Event::Weight { user, weight: random.random::<bool>().then(|| random.random_range(0..5)) },
        88..90 => {
            let User { capacity, skills_as_written, weight, .. } = self::user(random, n);
            let skills = skills_as_written.into_iter().map(Arc::from).collect();
            Event::Added { user, name: None, capacity, skills, weight: Some(weight) }
        }
        90..91 => Event::Removed { user },
        91..94 => {
            let active = model.inbox.users.iter().zip(&model.is_active).filter(|(_, is_active)| **is_active);
            let mut members: Vec<Arc<str>> = active.map(|(user, _)| Arc::clone(&user.id)).collect();
            members.shuffle(random);
            members.truncate(random.random_range(0..=members.len()));
            if random.random_range(0..5) == 0 {
                members.push(user);
            }
            Event::Members { group, members }
        }
        94..97 => Event::Queued { group },
        _ => Event::Dequeued { group },
    }
}

/// Every choice of members that a rule can ask for.
const AMONG: [&[Eligibility]; 5] = [
    &[Eligibility::Available, Eligibility::Online, Eligibility::Everyone],
    &[Eligibility::Available, Eligibility::Online],
    &[Eligibility::Available],
    &[Eligibility::Online],
    &[Eligibility::Everyone],
];

/// Up to three skills, some of them a choice of several, one of them perhaps not known.
fn required<'a>(random: &mut impl Rng, skills: &'a [NamedSkill; 4]) -> RequiredSkills<'a> {
    let count = [0, 0, 0, 0, 1, 1, 1, 2, 3][random.random_range(0..9_usize)];
    (0..count)
        .map(|_| {
            let from = random.random_range(0..4);
            match random.random_range(0..10) {
                0 => RequiredSkill::Unknown("language"),
                1..4 => RequiredSkill::Any(&skills[from..random.random_range(from..=4)]),
                4..8 => RequiredSkill::Any(&skills[from..=from]),
                _ => RequiredSkill::OfCustomer {
                    folded: skills[from].folded.clone(),
                    written: &skills[from].written,
                },
            }
        })
        .collect()
}

/// Mostly nobody, else a few users, members of the group or not, some of them twice; now and then nearly all
/// members.
fn excluded(random: &mut impl Rng, model: &Model, group: GroupId) -> Vec<UserId> {
    let members = &model.inbox.group(group).members;
    match random.random_range(0..12) {
        0..5 => Vec::new(),
        5 => members.iter().copied().skip(random.random_range(0..3)).collect(),
        _ => {
            let count = random.random_range(1..4);
            let anybody = UserId(random.random_range(0..=u32::try_from(model.users.len()).unwrap()));
            members.sample(random, count).copied().chain([anybody, anybody]).collect()
        }
    }
}

/// Compares the two after each of `steps` events, by one choice.
fn check(seed: u64, steps: i64) {
    let random = &mut dice(seed, None);
    let mut model = Model::new(inbox(random));
    let mut roster = Roster::new(&model.inbox);
    let skills = ["ar", "en", "returns", "nobody's"].map(|skill| NamedSkill {
        written: skill.into(),
        folded: fold(skill),
        span: Span::default(),
    });
    for step in 0..steps {
        let event = event(random, &model, step);
        assert_eq!(roster.apply(event.clone()).is_ok(), model.apply(&event), "{event:?}");

        let group = GroupId(random.random_range(0..u32::try_from(model.waiting.len()).unwrap()));
        let by = *Algorithm::ALL.choose(random).unwrap();
        let (required, excluded) = (required(random, &skills), excluded(random, &model, group));
        let among = AMONG.choose(random).copied().unwrap();
        // Sometimes the clock has gone backwards.
        let second = if random.random_range(0..3) == 0 { random.random_range(0..20) } else { step / 3 };
        let at = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second);
        let request = ChoiceRequest { group, skills: &required, excluded: &excluded, by, among, at };
        let (mut plain, mut live) = (dice(random.next_u64(), None), dice(0, None));
        live.clone_from(&plain);
        let pool = Pool::gather(&model.inbox, &model.now(), &request);
        let expected = pick(by, &pool, &mut plain);
        let claims = random.random();
        let chosen =
            if claims { roster.claim(&request, &mut live) } else { roster.choose(&request, &mut live) };
        assert_eq!(chosen, expected, "step {step} of seed {seed}: {request:?}\n{pool:#?}");
        assert_eq!(plain, live, "as many random numbers");
        match expected {
            Some(pick) if claims => {
                let turn = (by == Algorithm::InOrder).then(|| Arc::clone(&model.inbox.group(group).name));
                let user = Arc::clone(&model.inbox.user(pick.user).id);
                model.update(&Event::Assigned { user, at, turn });
            }
            None if by != Algorithm::Hand => {
                assert_eq!(roster.why_empty(&request), pool.why_empty(&model.inbox, group));
            }
            _ => {}
        }
        for scope in [Scope::Inbox, Scope::Group(group)] {
            assert_eq!((roster.online(scope), roster.available(scope)), model.counts(scope), "{scope:?}");
        }
        let waiting: u64 = model.waiting.iter().map(|chats| u64::from(*chats)).sum();
        assert_eq!(roster.waiting(Scope::Inbox), waiting);
        assert_eq!(roster.waiting(Scope::Group(group)), u64::from(model.waiting[group.0 as usize]));
        if step % 16 == 0 {
            assert_eq!(roster.snapshot(), model.now());
        }
    }
}

proptest! {
    // `PROPTEST_CASES=40000` runs about six million events.
    #![proptest_config(ProptestConfig { max_shrink_iters: 64, ..ProptestConfig::default() })]
    #[test]
    fn the_live_choice_is_the_plain_choice(seed: u64, steps in 1..300_i64) {
        check(seed, steps);
    }
}
