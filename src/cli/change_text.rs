//! A decision in words, and what changed from one to another.

use crate::describe::duration;
use crate::engine::{Assignment, Decision, RuleRef};
use crate::inbox::Inbox;
use crate::policy::{Alternative, Policy, Skill, Target};

use super::decision_text::assignment_text;

/// What happens, a sentence each.
pub(super) fn sentences(inbox: &Inbox, policy: &Policy, decision: &Decision) -> Vec<String> {
    let mut sentences = vec![taken(decision.assign.as_ref())];
    if let Some(next) = next(inbox, policy, decision) {
        sentences.push(format!("{next}."));
    }
    for reply in &decision.replies {
        let how_often = reply.once_per_seconds.map(|time| format!(", once per {}", duration(time)));
        sentences.push(format!("The customer is sent “{}”{}", reply.text, how_often.unwrap_or_default()));
    }
    if !decision.tags.is_empty() {
        sentences.push(format!("Tags: {}", decision.tags.join(", ")));
    }
    if let Some(priority) = decision.priority {
        sentences.push(format!("Priority: {priority}"));
    }
    sentences
}

/// `was Support, now Sales; now with the tag “vip”`
pub(super) fn change(inbox: &Inbox, old: (&Policy, &Decision), new: (&Policy, &Decision)) -> String {
    let mut changes = Vec::new();
    let ((old_policy, old), (new_policy, new)) = (old, new);
    // As few words as tell one from the other.
    let in_words = [in_short, with_algorithm, with_user];
    let assigned = in_words.iter().map(|word| (word(old.assign.as_ref()), word(new.assign.as_ref())));
    changes.extend(
        assigned.into_iter().find(|(old, new)| old != new).map(|(old, new)| format!("was {old}, now {new}")),
    );
    let (old_next, new_next) = (next(inbox, old_policy, old), next(inbox, new_policy, new));
    if changes.is_empty() && old_next != new_next {
        let nothing = || "nobody else is tried".to_owned();
        let (old, new) = (old_next.unwrap_or_else(nothing), new_next.unwrap_or_else(nothing));
        changes.push(format!("was: {}, now: {}", lowered(&old), lowered(&new)));
    }
    let texts = |decision: &Decision| -> Vec<String> {
        decision.replies.iter().map(|reply| format!("“{}”", reply.text)).collect()
    };
    if old.replies != new.replies {
        changes.push(match (&*texts(old), &*texts(new)) {
            ([], new) => format!("now with the reply {}", new.join(" and ")),
            (old, []) => format!("without the reply {}", old.join(" and ")),
            (old, new) if old == new => "the reply may be repeated sooner or later".to_owned(),
            (old, new) => format!("the reply was {}, now {}", old.join(" and "), new.join(" and ")),
        });
    }
    let only = |here: &Decision, there: &Decision| -> Vec<String> {
        let has = |tag: &str| there.tags.iter().any(|other| other.to_lowercase() == tag.to_lowercase());
        here.tags.iter().filter(|tag| !has(tag)).map(|tag| format!("“{tag}”")).collect()
    };
    let (gone, added) = (only(old, new), only(new, old));
    if !added.is_empty() {
        changes.push(format!("now with the tag {}", added.join(" and ")));
    }
    if !gone.is_empty() {
        changes.push(format!("without the tag {}", gone.join(" and ")));
    }
    if old.priority != new.priority {
        let word = |decision: &Decision| decision.priority.map_or("none", |priority| priority.word());
        changes.push(format!("priority was {}, now {}", word(old), word(new)));
    }
    changes.join("; ")
}

/// Who takes the chat, and how they were chosen.
fn taken(assign: Option<&Assignment>) -> String {
    let sentence = assignment_text(assign);
    match assign {
        Some(Assignment::User { by: Some(by), .. } | Assignment::Queue { by: Some(by), .. }) => {
            format!("{} by {by}.", sentence.trim_end_matches('.'))
        }
        _ => sentence,
    }
}

fn lowered(sentence: &str) -> String {
    sentence.replacen("After", "after", 1)
}

fn in_short(assign: Option<&Assignment>) -> String {
    match assign {
        Some(Assignment::User { group: Some(group), .. }) => group.clone(),
        Some(Assignment::User { user, .. }) => format!("`{user}`"),
        Some(Assignment::Queue { group: Some(group), .. }) => format!("the queue of {group}"),
        Some(Assignment::Queue { .. }) => "waiting".to_owned(),
        Some(Assignment::Kept { .. }) => "kept".to_owned(),
        Some(Assignment::Nobody) => "nobody".to_owned(),
        None => "unanswered".to_owned(),
    }
}

fn with_algorithm(assign: Option<&Assignment>) -> String {
    let by = match assign {
        Some(Assignment::User { by, .. } | Assignment::Queue { by, .. }) => *by,
        _ => None,
    };
    match by {
        Some(by) => format!("{} by {by}", in_short(assign)),
        None => in_short(assign),
    }
}

fn with_user(assign: Option<&Assignment>) -> String {
    match assign {
        Some(Assignment::User { user, group: Some(group), .. }) => format!("`{user}` of {group}"),
        _ => with_algorithm(assign),
    }
}

/// `After 5 minutes without an answer: Support by in_order, then Support by hand`
fn next(inbox: &Inbox, policy: &Policy, decision: &Decision) -> Option<String> {
    let resume = decision.resume?;
    let decided = policy.rules.iter().find(|rule| Some(RuleRef::of(policy, rule)) == decision.rule)?;
    let rest = decided.assign.as_ref()?.alternatives.get(resume.alternative..)?;
    let rest: Vec<String> = rest.iter().map(|alternative| target(inbox, alternative)).collect();
    Some(format!("After {} without an answer: {}", duration(resume.after_seconds), rest.join(", else ")))
}

fn target(inbox: &Inbox, alternative: &Alternative) -> String {
    let mut words = match &alternative.target {
        Target::Owner => "the owner".to_owned(),
        Target::User(user) => format!("`{}`", inbox.user(*user).id),
        Target::Nobody => "nobody".to_owned(),
        Target::Group(target) => {
            let mut words = inbox.group(target.group).name.clone();
            match target.skill.as_deref() {
                Some(Skill::Named { written, .. }) => words += &format!(" with skill “{written}”"),
                Some(Skill::CustomerLanguage) => words += " with the customer's language",
                None => {}
            }
            words += &format!(" by {}", target.by);
            words + &target.among.map(|among| format!(" among {among}")).unwrap_or_default()
        }
    };
    if let Some(timeout) = alternative.timeout {
        words += &format!(" for {}", duration(timeout));
    }
    words
}
