//! The week of each rule: when some message can be decided by it.

use std::collections::{HashMap, HashSet};

use super::encoding::{Atom, CalendarId, EncodedRule, Encoding, OpenMatrix, at};
use super::precedence::{EarlierRules, Reachability};
use super::query::{Goal, Query};
use crate::describe::WeeklyInterval;
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::policy::Policy;

/// The steps of the prover for all rules of a policy.
const MAX_STEPS: u64 = 20_000_000;

/// When some message can be decided by a rule, and for an `also` rule, when it can act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleWeek {
    /// The intervals of an ordinary week, by time, in the time zone of the policy; `None`: they are not known.
    pub intervals: Option<Vec<WeeklyInterval>>,
    /// Those of them in which it takes every message that no rule above has taken; for an `also` rule, in which it acts on
    /// every message.
    pub rest: Vec<WeeklyInterval>,
    /// Whether it may be otherwise on some dates.
    pub depends_on_dates: bool,
}

/// The week of each rule of `policy`, which has no fault.
pub fn week(policy: &Policy, inbox: &Inbox) -> Vec<RuleWeek> {
    let unknown = RuleWeek { intervals: None, rest: Vec::new(), depends_on_dates: false };
    if inbox.is_inferred {
        return vec![unknown; policy.rules.len()];
    }
    let (encoding, [encoded]) = Encoding::of(inbox, [policy]);
    encoding.limit(MAX_STEPS);
    if !encoding.is_complete() || !encoding.timeline.has_one_zone() {
        return vec![unknown; policy.rules.len()];
    }
    let times = WeekTimes::of(&encoding);
    let [mut regular, mut moving] = [(); 2].map(|()| EarlierRules::default());
    let of_rule = |rule: &EncodedRule| {
        let none = EarlierRules::default();
        let earlier = match rule.rule.kind {
            RuleKind::Also => &none,
            RuleKind::Regular => &regular,
            RuleKind::Move => &moving,
        };
        let week = times.of_rule(&encoding, rule, earlier);
        match rule.rule.kind {
            RuleKind::Also => {}
            RuleKind::Regular => regular.add(rule),
            RuleKind::Move => moving.add(rule),
        }
        if encoding.is_exhausted() { unknown.clone() } else { week }
    };
    encoded.rules.iter().map(of_rule).collect()
}

/// What is open at some time: whether each calendar is, in their order.
type OpenCalendars = Vec<bool>;

/// The times of an ordinary week, and of all dates.
struct WeekTimes<'e> {
    calendars: Vec<CalendarId>,
    intervals: &'e [WeeklyInterval],
    /// What is open in each interval.
    open: Vec<OpenCalendars>,
    /// What is open at some time, but never in an ordinary week.
    on_dates: HashSet<OpenCalendars>,
}

impl<'e> WeekTimes<'e> {
    fn of(encoding: &'e Encoding) -> Self {
        let timeline = &encoding.timeline;
        let calendars: Vec<CalendarId> = timeline.calendars().collect();
        let columns = |matrix: &OpenMatrix| -> Vec<OpenCalendars> {
            let column =
                |time| calendars.iter().map(|calendar| matrix.of(*calendar).contains(time)).collect();
            (0..matrix.count).map(column).collect()
        };
        let (intervals, matrix) = timeline.week();
        let open = columns(matrix);
        let ordinary: HashSet<&OpenCalendars> = open.iter().collect();
        let on_dates = columns(timeline.moments()).into_iter().filter(|column| !ordinary.contains(column));
        let on_dates = on_dates.collect();
        Self { calendars, intervals, open, on_dates }
    }

    fn of_rule(&self, encoding: &Encoding, rule: &EncodedRule, earlier: &EarlierRules) -> RuleWeek {
        let (mut query, mut refinement) = (Query::new(encoding), Vec::new());
        // Whether a message can get past the earlier rules that this one takes, or leaves.
        let mut is_possible = |open: &OpenCalendars, takes: bool| {
            // What is not known is shown as what can be.
            if !encoding.consume(self.calendars.len() as u64) {
                return true;
            }
            let mut goals: Vec<Goal> = vec![(rule.holds, takes)];
            goals.extend(encoding.asked(rule.rule.kind));
            let atoms = self.calendars.iter().zip(open);
            goals.extend(atoms.filter_map(|(calendar, open)| {
                Some((encoding.formulas.find(&Atom::Open(*calendar))?, *open))
            }));
            let found = earlier.find_reaching(&mut query, &goals, &mut refinement);
            !matches!(found, Reachability::Unreachable(_))
        };
        let mut memo: HashMap<OpenCalendars, (bool, bool)> = HashMap::new();
        let mut memoised = |open: &OpenCalendars| {
            *memo.entry(open.clone()).or_insert_with(|| {
                let can_decide = is_possible(open, true);
                (can_decide, can_decide && !is_possible(open, false))
            })
        };
        let weekly: Vec<(bool, bool)> = self.open.iter().map(&mut memoised).collect();
        let on_dates: Vec<(bool, bool)> = self.on_dates.iter().map(&mut memoised).collect();
        let is_constant =
            weekly.iter().chain(&on_dates).map(|(can, _)| can).collect::<HashSet<_>>().len() < 2;
        let of = |chosen: fn(&(bool, bool)) -> bool| -> Vec<WeeklyInterval> {
            let chosen = weekly.iter().enumerate().filter(|(_, known)| chosen(known));
            chosen.map(|(interval, _)| *at(self.intervals, interval)).collect()
        };
        RuleWeek {
            intervals: Some(of(|(can, _)| *can)),
            rest: of(|(_, rest)| *rest),
            depends_on_dates: !is_constant && encoding.timeline.has_dates(),
        }
    }
}
