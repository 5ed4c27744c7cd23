//! When each user comes and goes, by the shifts.

use std::collections::{BTreeSet, HashMap};

use super::arrivals::{TrafficScope, dates, span_of};
use super::traffic::{Traffic, WorkShift};
use crate::inbox::{Inbox, UserId};
use crate::language::vocabulary::Presence;

/// When presences change, by time: the moment, the user, and the presence from then on.
pub(super) fn presence_changes(
    inbox: &Inbox,
    traffic: &Traffic,
    scope: &TrafficScope,
) -> Vec<(i64, UserId, Presence)> {
    let spans: Vec<Vec<(i64, i64)>> = traffic.shifts.iter().map(|shift| spans(shift, scope)).collect();
    let mut shifts_of: HashMap<&str, BTreeSet<usize>> = HashMap::new();
    for (index, shift) in traffic.shifts.iter().enumerate() {
        for user in &shift.users {
            shifts_of.entry(user).or_default().insert(index);
        }
    }
    let mut changes = Vec::new();
    for (id, user) in (0..).map(UserId).zip(&inbox.users) {
        // For each moment, how many shifts begin less how many end: those online, and those away.
        let mut steps: Vec<(i64, i32, i32)> = Vec::new();
        let indexes = shifts_of.get(&*user.id).into_iter().flatten();
        for (shift, spans) in indexes.filter_map(|index| traffic.shifts.get(*index).zip(spans.get(*index))) {
            let (online, away) = if shift.presence == Presence::Online { (1, 0) } else { (0, 1) };
            for (start, end) in spans {
                steps.push((*start, online, away));
                steps.push((*end, -online, -away));
            }
        }
        steps.sort_unstable();
        let (mut online, mut away, mut presence) = (0, 0, Presence::Offline);
        for moment in steps.chunk_by(|one, next| one.0 == next.0) {
            for (_, more_online, more_away) in moment {
                online += more_online;
                away += more_away;
            }
            let next = match (online, away) {
                (1.., _) => Presence::Online,
                (_, 1..) => Presence::Away,
                _ => Presence::Offline,
            };
            if next != presence
                && let Some((at, ..)) = moment.first()
            {
                presence = next;
                changes.push((*at, id, presence));
            }
        }
    }
    changes.sort_by_key(|(at, ..)| *at);
    changes
}

fn spans(shift: &WorkShift, scope: &TrafficScope) -> Vec<(i64, i64)> {
    let of_date = |date| {
        let openings = shift.hours.open_on(date);
        openings.into_iter().filter_map(move |opening| span_of(scope, date, opening, &shift.timezone))
    };
    dates(scope, &shift.timezone).flat_map(of_date).collect()
}
