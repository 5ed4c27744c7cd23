//! The reasons for a decision in sentences, for whoever leads the support.

use super::decision::{Assignment, AttemptReason, CandidateReason, Decision, RuleReason};
use crate::describe::rough_duration;
use crate::language::vocabulary::Algorithm;

/// Why this rule decides, why none of the earlier ones does, why this user was chosen and not the others; one sentence each.
/// Empty for a decision that was made without reasons.
pub fn explanation(decision: &Decision) -> Vec<String> {
    let Some(why) = &decision.why else { return Vec::new() };
    let mut sentences = Vec::new();
    match &decision.assign {
        Some(Assignment::Kept { user: Some(user), .. }) => {
            sentences.push(format!("The chat is open with `{user}`, so it stays there."));
        }
        Some(Assignment::Kept { group: Some(group), .. }) => {
            sentences.push(format!("The chat is already waiting in the {group} queue, so it stays there."));
        }
        Some(Assignment::Kept { .. }) => {
            sentences.push("The chat is already waiting, so it stays there.".to_owned());
        }
        None => sentences.push("No rule holds, so the chat is not assigned.".to_owned()),
        Some(_) => {}
    }
    sentences.extend(why.rules.iter().filter(|rule| rule.held).map(decides));
    sentences.extend(why.rules.iter().filter(|rule| !rule.held).map(does_not_hold));
    sentences.extend(why.also.iter().filter(|rule| rule.held).map(also_acts));
    sentences.extend(why.assign.iter().flat_map(assigned));
    if let Some(Assignment::Queue { group, reason, .. }) = &decision.assign {
        sentences.push(match group {
            Some(group) => format!("The chat waits in the {group} queue: {reason}."),
            None => format!("The chat waits: {reason}."),
        });
    }
    if let Some(resume) = &decision.resume {
        let time = rough_duration(resume.after_seconds);
        sentences.push(format!("If nobody answers within {time}, the next alternative is tried."));
    }
    sentences
}

fn decides(why: &RuleReason) -> String {
    sentence(&format!("{} decides: {}", why.rule, why.saw))
}

fn does_not_hold(why: &RuleReason) -> String {
    let part = why.part.as_deref().unwrap_or_default();
    sentence(&format!("{} does not hold at `{part}`: {}", why.rule, why.saw))
}

fn also_acts(why: &RuleReason) -> String {
    sentence(&format!("{} also acts: {}", why.rule, why.saw))
}

fn assigned(why: &AttemptReason) -> Vec<String> {
    if !why.taken {
        return vec![sentence(&format!("`{}` found nobody: {}", why.target, why.outcome))];
    }
    if why.by == Some(Algorithm::Hand) {
        // The sentence about the queue says this.
        return Vec::new();
    }
    let Some(chosen) = why.candidates.iter().find(|candidate| candidate.chosen) else {
        return vec![sentence(&why.outcome)];
    };
    let others = why.candidates.iter().filter_map(not_considered);
    [sentence(&choice(why, chosen))].into_iter().chain(others).collect()
}

/// Why this member was chosen, with the figures of the others.
fn choice(why: &AttemptReason, chosen: &CandidateReason) -> String {
    let name = &chosen.name;
    let pool = why.pool.as_deref().unwrap_or_default();
    let (fallback, among) = match pool.split_once(", so ") {
        Some((fallback, among)) => (format!("{fallback}, so the choice is among {among}: "), String::new()),
        None => (String::new(), format!(" among {pool}")),
    };
    let tie_break = why.tie_break.as_deref().unwrap_or_default();
    let tie = match why.by {
        Some(Algorithm::LeastChats) if tie_break != "fewest chats" => {
            Some(("fewest chats", figures(why, chats)))
        }
        Some(Algorithm::LeastLoad) if tie_break != "lowest load" => Some(("lowest load", figures(why, load))),
        Some(Algorithm::MostWaiting) if tie_break != "longest waiting" => {
            Some(("longest waiting", figures(why, idle)))
        }
        _ => None,
    };
    let rest = match (tie_break, tie) {
        ("the only one", _) => format!("{name} is the only one{among}"),
        (_, Some((criterion, figures))) => {
            format!("on {criterion} there is a tie{among} ({figures}); {tie_break} decides for {name}")
        }
        ("longest waiting", None) => format!("{name} waited longest{among}: {}", figures(why, idle)),
        ("fewest chats", None) => format!("{name} has the fewest chats{among}: {}", figures(why, chats)),
        ("lowest load", None) => format!("{name} has the lowest load{among}: {}", figures(why, load)),
        ("turn order", None) => format!("{name} is next in turn{among}"),
        _ => format!("{name} was drawn at random{among}"),
    };
    fallback + &rest
}

/// The figure of each member that was considered, the chosen one first.
fn figures(why: &AttemptReason, figure: fn(&CandidateReason) -> String) -> String {
    let (chosen, others): (Vec<_>, Vec<_>) =
        why.candidates.iter().filter(|one| one.left_out.is_none()).partition(|one| one.chosen);
    let figures = chosen.into_iter().chain(others).map(|one| format!("{} {}", one.name, figure(one)));
    figures.collect::<Vec<_>>().join(", ")
}

fn not_considered(other: &CandidateReason) -> Option<String> {
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

/// With a capital, unless it starts with a name in backticks, and a full stop.
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).chain(['.']).collect()
}
