//! The figures of a simulation, in the shape that `rules simulate --format json` prints.
//!
//! Times are measured in whole microseconds and written in seconds with three decimals, so that they are the same on every
//! machine.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rustc_hash::FxHashMap;
use schemars::JsonSchema;
use serde::Serialize;

use super::arrivals::TrafficScope;
use super::run_figures::GroupCounts;
use super::time_weighted::{TimeWeightedCount, ratio};
use super::traffic::Traffic;
use super::traffic_run::TrafficRun;
use super::user_work::UserTimes;
use crate::inbox::{Inbox, UserId};
use crate::language::ast::RuleKind;
use crate::load::RuleSet;
use crate::policy::RuleRef;

/// The figures of a simulation.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SimulationReport {
    /// The seed of the random numbers.
    pub seed: u64,
    /// When it begins, in local time with its offset.
    pub start: String,
    /// When it ends, in local time with its offset.
    pub end: String,
    /// The messages, by what became of them.
    pub messages: SimulatedMessages,
    /// The chats, by what became of them.
    pub chats: SimulatedChats,
    /// The offered load in erlangs: the service times of all chats that were opened, divided by the simulated time. A chat that
    /// nobody starts has the service time that `[service]` gives it without its user.
    pub offered_load: f64,
    /// The mean of the service times drawn for chats that users started, in seconds; `null` if there are none.
    pub mean_service_seconds: Option<f64>,
    /// The mean number of users who were online.
    pub mean_users_online: f64,
    /// The chats that nobody has answered yet: those that wait in queues, and those that wait for the user who has them.
    pub unanswered: QueueFigures,
    /// All chats together.
    pub overall: GroupFigures,
    /// The chats of each group. The last entry, whose `group` is `null`, has those that came through no group: by `assign
    /// owner` or `assign user`.
    pub groups: Vec<GroupFigures>,
    /// The users, in the order of `inbox.toml`.
    pub users: Vec<UserFigures>,
    /// The rules of the numbers that customers wrote to, in the order of their files.
    pub rules: Vec<RuleFigures>,
    /// How evenly the chats were shared.
    pub fairness: FairnessFigures,
    /// The time series of the chats that nobody has answered yet, in intervals of equal length.
    pub series: Vec<SeriesPoint>,
    /// How many chats were answered within which time.
    pub wait_histogram: Vec<HistogramBin>,
}

/// The messages of a simulation. `opened_chat`, `in_open_chat`, `moved_chat`, `assigned_to_nobody`, `without_rule` and `refused`
/// add up to `arrived`; `follow_ups` is a part of it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SimulatedMessages {
    /// All messages.
    pub arrived: u64,
    /// Of these, the further messages of customers in open chats.
    pub follow_ups: u64,
    /// Those that opened a chat.
    pub opened_chat: u64,
    /// Those that came into an open chat and left it where it was.
    pub in_open_chat: u64,
    /// Those by which a `move` rule moved or closed the chat.
    pub moved_chat: u64,
    /// Those that a rule assigned to nobody.
    pub assigned_to_nobody: u64,
    /// Those that no rule decided.
    pub without_rule: u64,
    /// Recorded messages that could not be decided, for example because they contradict themselves.
    pub refused: u64,
}

/// The chats of a simulation. `opened` is the sum of the others.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SimulatedChats {
    /// All chats.
    pub opened: u64,
    /// Closed, and some user had answered.
    pub closed_answered: u64,
    /// Closed because nobody wrote in them for too long, or by a `move` rule, and no user had answered.
    pub closed_unanswered: u64,
    /// Open at the end, and some user has answered.
    pub open_answered: u64,
    /// Open at the end, and no user has answered.
    pub open_unanswered: u64,
}

/// The chats that came through a group.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct GroupFigures {
    /// The group; `null`: all, or those of no group.
    pub group: Option<Arc<str>>,
    /// How often a chat was given to a user.
    pub assigned: u64,
    /// From the message that opened a chat until a user first had it.
    pub assignment_wait: WaitFigures,
    /// From the message that opened a chat until a user first answered.
    pub answer_wait: WaitFigures,
    /// The chats in the queue, without a user.
    pub queue: QueueFigures,
    /// How often a `for` timeout expired.
    pub timeouts: u64,
    /// The replies of rules.
    pub replies: ReplyFigures,
    /// The chats that no user had answered when they were closed, or at the end.
    pub unanswered: u64,
}

/// Waiting times. The percentiles are those of the nearest rank; all are `null` if there are none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct WaitFigures {
    /// How many there are.
    pub chats: u64,
    /// The mean, in seconds.
    pub mean_seconds: Option<f64>,
    /// The median, in seconds.
    pub p50_seconds: Option<f64>,
    /// The 95th percentile, in seconds.
    pub p95_seconds: Option<f64>,
    /// The 99th percentile, in seconds.
    pub p99_seconds: Option<f64>,
    /// The longest, in seconds.
    pub max_seconds: Option<f64>,
}

/// How many wait at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct QueueFigures {
    /// The mean over time.
    pub mean: f64,
    /// The maximum.
    pub max: u32,
    /// At the end.
    pub at_end: u32,
}

/// The replies of rules, by what became of them.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct ReplyFigures {
    /// Sent.
    pub sent: u64,
    /// Not sent, because of `once per`.
    pub suppressed: u64,
    /// Not sent, because the message was too old.
    pub too_late: u64,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct UserFigures {
    /// The id.
    pub user: Arc<str>,
    /// The name.
    pub name: Arc<str>,
    /// How often the user was given a chat.
    pub assigned: u64,
    /// The share of all that were given.
    pub share: f64,
    /// How many chats the user started on, which is when they answer.
    pub answered: u64,
    /// How long the user was online, in seconds.
    pub online_seconds: f64,
    /// How long the user worked on at least one chat, in seconds.
    pub busy_seconds: f64,
    /// `busy_seconds`, divided by the staffed time: online, or finishing a chat; `null` if there is none.
    pub utilisation: Option<f64>,
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct RuleFigures {
    /// The rule.
    pub rule: RuleRef,
    /// `rule`, `move` or `also`. An `otherwise` is a `rule`.
    pub kind: &'static str,
    /// The messages that it decided or, of an `also` rule, to which it added something.
    pub messages: u64,
    /// Their share of all messages.
    pub share: f64,
}

/// How evenly the chats were shared among the users who were online at some time: the index of Jain, Chiu and Hawe, which is 1 if
/// all have the same, and 1/n if one of n has all; `null` if there are none.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct FairnessFigures {
    /// Of the chats that users were given.
    pub assigned: Option<f64>,
    /// Of the time that they worked.
    pub busy: Option<f64>,
    /// Of the chats that the members of each group were given through it.
    pub groups: Vec<GroupFairness>,
}

/// How evenly the chats of a group were shared among its members who were online at some time.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct GroupFairness {
    /// The group.
    pub group: Arc<str>,
    /// The index of Jain, Chiu and Hawe of the chats that the members were given through the group.
    pub assigned: Option<f64>,
}

/// An interval of the time series.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SeriesPoint {
    /// When it begins, in local time with its offset.
    pub at: String,
    /// The mean number of chats that nobody has answered yet.
    pub mean: f64,
    /// The maximum number of these.
    pub max: u32,
    /// The mean number of those that wait in queues, without a user.
    pub queue: f64,
}

/// The chats that were answered after a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct HistogramBin {
    /// The lower bound in seconds, exclusive; the first bin is exactly 0.
    pub from_seconds: u64,
    /// The upper bound in seconds, inclusive; `null`: none.
    pub to_seconds: Option<u64>,
    /// How many chats.
    pub chats: u64,
}

/// The upper ends of the bins of waiting times, in seconds.
const BIN_ENDS: [u64; 11] = [0, 10, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 12 * 3600];

impl SimulationReport {
    pub(super) fn of(
        set: &RuleSet,
        traffic: &Traffic,
        scope: &TrafficScope,
        seed: u64,
        run: TrafficRun<'_>,
    ) -> Self {
        let inbox = set.inbox();
        let (start, end) = (scope.start, scope.end);
        let length = u128::try_from(end - start).unwrap_or(1);
        let local = |at: i64| local_time(at, &traffic.timezone);
        let open_answered = run.chats.values().filter(|chat| chat.is_answered).count() as u64;
        let users: Vec<UserFigures> = users(inbox, &run);
        let fairness = fairness(inbox, &run);
        let online: i64 = run.users.iter().map(|work| work.times(end).online).sum();
        let figures = run.figures;
        let messages = figures.messages;
        let services = u128::from(figures.services);
        let mut waits: Vec<i64> = figures.overall.answer_waits.clone();
        waits.sort_unstable();
        let series = figures.unanswered.series().zip(figures.overall.queue.series());
        let series =
            series.map(|((at, mean, max), (_, queue, _))| SeriesPoint { at: local(at), mean, max, queue });
        let series = series.collect();
        let names = inbox.groups.iter().map(|group| Some(Arc::clone(&group.name))).chain([None]);
        let rules = rules(set, scope, &figures.rules, messages.arrived);
        Self {
            seed,
            start: local(start),
            end: local(end),
            messages,
            chats: SimulatedChats {
                open_answered,
                open_unanswered: u64::from(figures.unanswered.count()),
                ..figures.chats
            },
            offered_load: ratio(figures.offered_work, length),
            mean_service_seconds: mean_seconds(figures.service_total, services),
            mean_users_online: ratio(u128::try_from(online).unwrap_or_default(), length),
            unanswered: queue(&figures.unanswered, length),
            overall: group(None, figures.overall, length),
            groups: names.zip(figures.groups).map(|(name, counts)| group(name, counts, length)).collect(),
            users,
            rules,
            fairness,
            series,
            wait_histogram: bins(&waits),
        }
    }
}

/// `2026-01-05T08:00:00+02:00`
fn local_time(at: i64, zone: &TimeZone) -> String {
    let at = Timestamp::from_microsecond(at).unwrap_or_default();
    let offset = zone.to_offset(at);
    at.display_with_offset(offset).to_string()
}

fn users(inbox: &Inbox, run: &TrafficRun<'_>) -> Vec<UserFigures> {
    let all = run.figures.overall.assigned;
    let figures = inbox.users.iter().zip(&run.users).map(|(user, work)| {
        let UserTimes { online, busy, staffed } = work.times(run.now);
        let part = |time: i64| u128::try_from(time).unwrap_or_default();
        UserFigures {
            user: Arc::clone(&user.id),
            name: Arc::clone(&user.name),
            assigned: work.assigned,
            share: ratio(u128::from(work.assigned), u128::from(all)),
            answered: work.answered,
            online_seconds: seconds(part(online)),
            busy_seconds: seconds(part(busy)),
            utilisation: (staffed > 0).then(|| ratio(part(busy), part(staffed))),
        }
    });
    figures.collect()
}

fn fairness(inbox: &Inbox, run: &TrafficRun<'_>) -> FairnessFigures {
    let was_online =
        |user: &&UserId| run.users.get(user.0 as usize).is_some_and(|work| work.times(run.now).online > 0);
    let all: Vec<UserId> = (0..).map(UserId).take(run.users.len()).collect();
    let of = |figure: &dyn Fn(&UserId) -> u128| jain(all.iter().filter(was_online).map(figure));
    let work = |user: &UserId| run.users.get(user.0 as usize);
    let assigned = of(&|user| work(user).map_or(0, |work| u128::from(work.assigned)));
    let busy =
        of(&|user| work(user).map_or(0, |work| u128::try_from(work.times(run.now).busy).unwrap_or_default()));
    let groups = inbox.groups.iter().zip(&run.figures.assigned_in_group).map(|(group, assigned)| {
        let members = group.members.iter().filter(was_online);
        let assigned = jain(members.map(|user| assigned.get(&user.0).copied().unwrap_or_default().into()));
        GroupFairness { group: Arc::clone(&group.name), assigned }
    });
    FairnessFigures { assigned, busy, groups: groups.collect() }
}

/// R. Jain, D. Chiu and W. Hawe, *A quantitative measure of fairness and discrimination for resource allocation in shared
/// computer systems*, DEC Research Report TR-301, 1984: (Σx)² / (n Σx²).
fn jain(figures: impl Iterator<Item = u128>) -> Option<f64> {
    let (mut count, mut sum, mut squares) = (0_u128, 0_u128, 0_u128);
    for figure in figures {
        count += 1;
        sum += figure;
        squares = squares.saturating_add(figure.saturating_mul(figure));
    }
    (squares > 0).then(|| ratio(sum.saturating_mul(sum), count.saturating_mul(squares)))
}

fn rules(
    set: &RuleSet,
    scope: &TrafficScope,
    counts: &FxHashMap<(Arc<str>, u32), u64>,
    arrived: u64,
) -> Vec<RuleFigures> {
    let mut figures: Vec<RuleFigures> = Vec::new();
    for policy in scope.numbers.iter().filter_map(|number| set.policy(number)) {
        if figures.iter().any(|known| known.rule.file == policy.file) {
            continue;
        }
        for rule in policy.rules.iter() {
            let messages = counts.get(&(Arc::clone(&policy.file), rule.line)).copied().unwrap_or_default();
            figures.push(RuleFigures {
                rule: RuleRef::of(policy, rule),
                kind: match rule.kind {
                    RuleKind::Also => "also",
                    RuleKind::Move => "move",
                    RuleKind::Regular => "rule",
                },
                messages,
                share: ratio(u128::from(messages), u128::from(arrived)),
            });
        }
    }
    figures
}

fn group(name: Option<Arc<str>>, counts: GroupCounts, length: u128) -> GroupFigures {
    GroupFigures {
        group: name,
        assigned: counts.assigned,
        assignment_wait: waits(counts.assignment_waits),
        answer_wait: waits(counts.answer_waits),
        queue: queue(&counts.queue, length),
        timeouts: counts.timeouts,
        replies: counts.replies,
        unanswered: counts.unanswered,
    }
}

fn queue(level: &TimeWeightedCount, length: u128) -> QueueFigures {
    QueueFigures { mean: ratio(level.integral(), length), max: level.max(), at_end: level.count() }
}

fn waits(mut waits: Vec<i64>) -> WaitFigures {
    waits.sort_unstable();
    let count = waits.len() as u128;
    let sum: u128 = waits.iter().map(|wait| u128::try_from(*wait).unwrap_or_default()).sum();
    let rank = |percent: usize| {
        let place = (waits.len() * percent).div_ceil(100).max(1) - 1;
        waits.get(place).map(|wait| seconds(u128::try_from(*wait).unwrap_or_default()))
    };
    WaitFigures {
        chats: waits.len() as u64,
        mean_seconds: mean_seconds(sum, count),
        p50_seconds: rank(50),
        p95_seconds: rank(95),
        p99_seconds: rank(99),
        max_seconds: rank(100),
    }
}

/// The chats by their waiting time, which are sorted.
fn bins(waits: &[i64]) -> Vec<HistogramBin> {
    let mut bins = Vec::new();
    let (mut from, mut before) = (0, 0);
    for end in BIN_ENDS.into_iter().map(Some).chain([None]) {
        let limit = end.map_or(i64::MAX, |end| i64::try_from(end).unwrap_or(i64::MAX) * 1_000_000);
        let until = waits.partition_point(|wait| *wait <= limit);
        bins.push(HistogramBin { from_seconds: from, to_seconds: end, chats: (until - before) as u64 });
        (from, before) = (end.unwrap_or(from), until);
    }
    bins
}

/// Microseconds in seconds, to three decimals.
fn seconds(micros: u128) -> f64 {
    ratio(micros, 1_000_000)
}

fn mean_seconds(sum: u128, count: u128) -> Option<f64> {
    (count > 0).then(|| ratio(sum, count.saturating_mul(1_000_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let figures = waits((1..=200).rev().map(|second| second * 1_000_000).collect());
        assert_eq!(
            (figures.p50_seconds, figures.p95_seconds, figures.p99_seconds, figures.max_seconds),
            (Some(100.0), Some(190.0), Some(198.0), Some(200.0))
        );
        assert_eq!((figures.chats, figures.mean_seconds), (200, Some(100.5)));
        let none = waits(Vec::new());
        assert_eq!((none.chats, none.mean_seconds, none.p99_seconds), (0, None, None));
    }

    #[test]
    fn fairness_is_1_if_all_have_as_many() {
        let of = |figures: &[u128]| jain(figures.iter().copied());
        assert_eq!(of(&[7, 7, 7]), Some(1.0));
        assert_eq!(of(&[9, 0, 0]), Some(0.333));
        assert_eq!(of(&[3, 1]), Some(0.8));
        assert_eq!([of(&[]), of(&[0, 0])], [None; 2]);
    }

    #[test]
    fn each_wait_is_in_one_bin() {
        let second = 1_000_000;
        let found = bins(&[0, 1, 10 * second, 10 * second + 1, 50_000 * second]);
        let full: Vec<_> = found.iter().filter(|bin| bin.chats > 0).collect();
        let full: Vec<_> = full.iter().map(|bin| (bin.from_seconds, bin.to_seconds, bin.chats)).collect();
        assert_eq!(full, [(0, Some(0), 1), (0, Some(10), 2), (10, Some(30), 1), (43_200, None, 1)]);
    }
}
