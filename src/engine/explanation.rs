//! The reasons for a decision, as a support lead reads them.

use super::decision::{Assignment, AttemptReason, CandidateReason, Decision, RuleReason};
use crate::describe::rough_duration;
use crate::language::vocabulary::Algorithm;

/// Why this rule, why none of the earlier ones, why this user and not the others; one sentence each. Nothing for
/// a decision that was made without reasons.
pub fn explanation(decision: &Decision) -> Vec<String> {
    let Some(why) = &decision.why else { return Vec::new() };
    let mut told = Vec::new();
    match &decision.assign {
        Some(Assignment::Kept { user: Some(user), .. }) => {
            told.push(format!("The chat is open with `{user}`, so it stays there."));
        }
        Some(Assignment::Kept { group: Some(group), .. }) => {
            told.push(format!("The chat already waits in {group}, so it stays there."));
        }
        Some(Assignment::Kept { .. }) => told.push("The chat already waits, so it stays there.".to_owned()),
        None => told.push("No rule holds, so the chat is given to nobody.".to_owned()),
        Some(_) => {}
    }
    told.extend(why.rules.iter().filter(|rule| rule.held).map(decides));
    told.extend(why.rules.iter().filter(|rule| !rule.held).map(does_not_hold));
    told.extend(why.also.iter().filter(|rule| rule.held).map(acts_too));
    told.extend(why.assign.iter().flat_map(assigned));
    if let Some(Assignment::Queue { group, reason, .. }) = &decision.assign {
        told.push(match group {
            Some(group) => format!("The chat waits in {group}: {reason}."),
            None => format!("The chat waits: {reason}."),
        });
    }
    if let Some(resume) = decision.resume {
        let time = rough_duration(resume.after_seconds);
        told.push(format!("Without an answer within {time} the next alternative is tried."));
    }
    told
}

fn decides(why: &RuleReason) -> String {
    sentence(&format!("{} decides: {}", why.rule, why.saw))
}

fn does_not_hold(why: &RuleReason) -> String {
    let part = why.part.as_deref().unwrap_or_default();
    sentence(&format!("{} does not hold at `{part}`: {}", why.rule, why.saw))
}

fn acts_too(why: &RuleReason) -> String {
    sentence(&format!("{} acts too: {}", why.rule, why.saw))
}

fn assigned(why: &AttemptReason) -> Vec<String> {
    if !why.taken {
        return vec![sentence(&format!("`{}` found nobody: {}", why.target, why.outcome))];
    }
    let Some(chosen) = why.candidates.iter().find(|candidate| candidate.chosen) else {
        return vec![sentence(&why.outcome)];
    };
    let mut told = vec![sentence(&choice(why, chosen))];
    told.extend(why.candidates.iter().filter_map(left_out));
    told
}

/// Why the chosen one, with the figures of the others.
fn choice(why: &AttemptReason, chosen: &CandidateReason) -> String {
    let name = &chosen.name;
    let pool = why.pool.as_deref().unwrap_or_default();
    let (fallen, among) = match pool.split_once(", so ") {
        Some((fallen, among)) => (format!("{fallen}, so the choice is among {among}: "), String::new()),
        None => (String::new(), format!(" among {pool}")),
    };
    let tie_break = why.tie_break.as_deref().unwrap_or_default();
    let level = match why.by {
        Some(Algorithm::LeastChats) if tie_break != "fewest chats" => {
            Some(("fewest chats", figures(why, chats)))
        }
        Some(Algorithm::LeastLoad) if tie_break != "lowest load" => Some(("lowest load", figures(why, load))),
        Some(Algorithm::MostWaiting) if tie_break != "longest waiting" => {
            Some(("longest waiting", figures(why, idle)))
        }
        _ => None,
    };
    let rest = match (tie_break, level) {
        ("the only one", _) => format!("{name} is the only one{among}"),
        (_, Some((criterion, figures))) => {
            format!("{criterion} left a tie{among} ({figures}), and {tie_break} decided for {name}")
        }
        ("longest waiting", None) => format!("{name} waited longest{among}: {}", figures(why, idle)),
        ("fewest chats", None) => format!("{name} has the fewest chats{among}: {}", figures(why, chats)),
        ("lowest load", None) => format!("{name} has the lowest load{among}: {}", figures(why, load)),
        ("turn order", None) => format!("{name} is next in turn{among}"),
        _ => format!("{name} was drawn at random{among}"),
    };
    fallen + &rest
}

/// The figure of each of the pool, the chosen one first.
fn figures(why: &AttemptReason, figure: fn(&CandidateReason) -> String) -> String {
    let (chosen, others): (Vec<_>, Vec<_>) =
        why.candidates.iter().filter(|one| one.left_out.is_none()).partition(|one| one.chosen);
    let figures = chosen.into_iter().chain(others).map(|one| format!("{} {}", one.name, figure(one)));
    figures.collect::<Vec<_>>().join(", ")
}

fn left_out(other: &CandidateReason) -> Option<String> {
    let reason = match other.left_out.as_deref()? {
        "at capacity" => format!("at capacity ({})", load(other)),
        reason => reason.to_owned(),
    };
    Some(format!("{} was not considered: {reason}.", other.name))
}

fn idle(of: &CandidateReason) -> String {
    of.idle_seconds.map_or("no message yet".to_owned(), rough_duration)
}

fn chats(of: &CandidateReason) -> String {
    of.chats.to_string()
}

fn load(of: &CandidateReason) -> String {
    match of.capacity {
        Some(capacity) => format!("{} of {capacity} chats", of.chats),
        None => format!("{} chats, no limit", of.chats),
    }
}

/// With a capital, unless it begins with a name in backticks, and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}
