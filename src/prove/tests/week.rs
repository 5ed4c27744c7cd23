//! The week of random rules, against the decisions of the engine at each half hour.

use jiff::ToSpan;
use jiff::civil::date;
use proptest::prelude::*;
use serde_json::json;

use crate::describe::WeeklyInterval;
use crate::engine::{RuleRef, decide};
use crate::prove::{RuleWeek, week};
use crate::roster::dice;
use crate::testing::{config, inbox, policy, situation};

const ATOMS: [&str; 7] = [
    "during office",
    "during night",
    "during feasts",
    "new_customer",
    "customer has tag \"vip\"",
    "message is image",
    "during sat 10:30-12:00",
];

const HEAD: &str = "timezone \"Africa/Cairo\"
dates feasts = dec 25, 2026-03-20..2026-03-21
hours office = mon-fri 09:00-17:00 except feasts
hours night = 22:00-02:00\n";

/// `not during office and new_customer`
fn condition() -> impl Strategy<Value = String> {
    let atom = || (any::<bool>(), prop::sample::select(ATOMS.to_vec()));
    let text = |(not, atom): (bool, &str)| format!("{}{atom}", if not { "not " } else { "" });
    (atom(), any::<bool>(), atom()).prop_map(move |(one, and, other)| {
        format!("{} {} {}", text(one), if and { "and" } else { "or" }, text(other))
    })
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_week_is_when_the_engine_decides_so(conditions in prop::collection::vec(condition(), 1..5)) {
        let inbox = inbox();
        let rules = conditions.iter().map(|when| format!("when {when}: assign nobody\n"));
        let text = format!("{HEAD}{}otherwise: assign nobody\n", rules.collect::<String>());
        let policy = policy(&inbox, &text);
        let weeks = week(&policy, &inbox);
        // An ordinary week, and a feast.
        let monday = date(2026, 1, 5).at(0, 0, 0, 0);
        let feast = date(2026, 12, 25).at(0, 0, 0, 0);
        for (begin, half_hours, is_ordinary) in [(monday, 7 * 48, true), (feast, 48, false)] {
            for half_hour in 0..half_hours {
                let at = begin + (30 * half_hour).minutes();
                let mut decided = vec![false; policy.rules.len()];
                let mut last = 0;
                for case in 0..8 {
                    let situation = situation(&json!({
                        "number": "+15550100",
                        "at": at.to_string(),
                        "message": { "kind": if case & 1 > 0 { "image" } else { "text" } },
                        "customer": { "returning": case & 2 > 0, "tags": if case & 4 > 0 { vec!["vip"] } else { vec![] } },
                    }));
                    let decision = decide(&policy, &inbox, &situation, &mut dice(0, None)).unwrap();
                    let rule = policy.rules.iter().position(|rule| decision.rule == Some(RuleRef::of(&policy, rule)));
                    decided[rule.unwrap()] = true;
                    last = last.max(rule.unwrap());
                }
                let minute = u16::try_from(half_hour % 48 * 30).unwrap();
                let day = usize::try_from(half_hour / 48).unwrap();
                for (index, (week, decided)) in weeks.iter().zip(decided).enumerate() {
                    let RuleWeek { intervals, rest, depends_on_dates } = week;
                    let is_in = |intervals: &[WeeklyInterval], on: usize| {
                        let is_in = |one: &WeeklyInterval| one.day == on && (one.start..one.end).contains(&minute);
                        intervals.iter().any(is_in)
                    };
                    let intervals = intervals.as_ref().unwrap();
                    if is_ordinary {
                        prop_assert_eq!(is_in(intervals, day), decided, "{} {}", at, &text);
                        // Nothing is left where it takes the rest: it is the last that decides then.
                        prop_assert_eq!(is_in(rest, day), decided && index == last, "{} {}", at, &text);
                    } else if is_in(intervals, 4) != decided {
                        prop_assert!(depends_on_dates, "{} {}", at, &text);
                    }
                }
            }
        }
    }
}
