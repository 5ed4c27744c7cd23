//! The reasons for a decision in sentences, for whoever leads the support.

use super::decision::{Assignment, AttemptReason, CandidateReason, Decision, Later, Reasons, RuleReason};
use crate::describe::{list, rough_duration, truncated};
use crate::language::vocabulary::Algorithm;

/// Why this rule decides, why none of the earlier ones does, why this user was chosen and not the others; one sentence each.
/// Empty for a decision that was made without reasons.
pub fn explanation(decision: &Decision) -> Vec<String> {
    let Some(why) = &decision.why else { return Vec::new() };
    let mut sentences: Vec<String> = Vec::new();
    sentences.extend(beginning(decision, why).map(|words| sentence(&words)));
    sentences.extend(why.rules.iter().filter(|rule| rule.held).map(|rule| holds(decision, rule)));
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
    sentences.extend(decision.later.iter().map(put_off));
    sentences
}

/// Where the chat was, and why it stays there if it does.
fn beginning(decision: &Decision, why: &Reasons) -> Option<String> {
    let chat = why.chat.as_deref();
    let held = why.rules.iter().find(|rule| rule.held);
    match (&decision.assign, &decision.rule) {
        (Some(Assignment::Kept { .. }), _) => {
            let chat = chat.unwrap_or("the chat is already open");
            Some(match held {
                // The only alternative that is taken and moves nothing is to wait in the same queue.
                Some(held) if why.assign.iter().any(|attempt| attempt.taken) => {
                    format!("{chat}, and {} would only leave it there, so it stays", held.rule)
                }
                Some(held) => {
                    format!("{chat}, and {} finds nobody to give it to, so it stays there", held.rule)
                }
                None if why.rules.is_empty() => format!("{chat}, so it stays there"),
                None => format!("{chat}, and no `move` rule holds, so it stays there"),
            })
        }
        (None, _) => Some("no rule holds, so the chat is not assigned".to_owned()),
        // A message's own decision says how its rule was found.
        (Some(_), Some(rule)) if why.rules.is_empty() => {
            Some(format!("the assignment of {rule} goes on, without its conditions being asked again"))
        }
        (Some(_), _) => chat.map(str::to_owned),
    }
}

fn holds(decision: &Decision, why: &RuleReason) -> String {
    let does = match &decision.assign {
        Some(Assignment::Kept { .. }) => "holds",
        Some(Assignment::Nobody) if decision.moved.is_some() => "closes the chat",
        _ if decision.moved.is_some() => "moves the chat",
        _ => "decides",
    };
    sentence(&format!("{} {does}: {}", why.rule, why.saw))
}

/// What is done some time later.
fn put_off(later: &Later) -> String {
    let mut parts: Vec<String> =
        later.replies.iter().map(|reply| format!("the reply `{}` is sent", truncated(&reply.text))).collect();
    let tags: Vec<String> = later.tags.iter().map(|tag| format!("`{tag}`")).collect();
    match tags.as_slice() {
        [] => {}
        [tag] => parts.push(format!("the chat gets the tag {tag}")),
        _ => parts.push(format!("the chat gets the tags {}", list(&tags))),
    }
    parts.extend(later.priority.map(|priority| format!("the chat's priority becomes at least {priority}")));
    let time = rough_duration(later.after_seconds);
    format!("If no user has written within {time}, {}.", list(&parts))
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
