//! The effects of a decision in words, and the changes from one decision to another.

use crate::describe::{attribute_name, duration};
use crate::engine::{Assignment, Decision, Later, RuleRef};
use crate::inbox::Inbox;
use crate::language::fold;
use crate::language::vocabulary::Eligibility;
use crate::policy::{Alternative, GroupTarget, Policy, Skill, Target};

/// The effects of the decision, one sentence for each.
pub(super) fn effects(inbox: &Inbox, policy: &Policy, decision: &Decision) -> Vec<String> {
    let mut effects = vec![assignment(decision.assign.as_ref())];
    if let Some(fallback) = fallback(inbox, policy, decision) {
        effects.push(format!("{fallback}."));
    }
    for reply in &decision.replies {
        let how_often = reply.once_per_seconds.map(|time| format!(", once per {}", duration(time)));
        effects.push(format!("Reply “{}”{}", reply.text, how_often.unwrap_or_default()));
    }
    if !decision.tags.is_empty() {
        effects.push(format!("Tags: {}", decision.tags.join(", ")));
    }
    if let Some(priority) = decision.priority {
        effects.push(format!("Priority: {priority}"));
    }
    effects.extend(decision.later.iter().map(|later| {
        let after = duration(later.after_seconds);
        format!("After {after} without an answer: {}", late_actions(later).join(", "))
    }));
    effects
}

/// `was Support, now Sales; now with the tag “vip”`
pub(super) fn change(inbox: &Inbox, old: (&Policy, &Decision), new: (&Policy, &Decision)) -> String {
    let ((old_policy, old), (new_policy, new)) = (old, new);
    let mut changes = Vec::from_iter(assignment_change(old, new));
    let (old_fallback, new_fallback) = (fallback(inbox, old_policy, old), fallback(inbox, new_policy, new));
    if changes.is_empty() && old_fallback != new_fallback {
        let nobody = || "nobody else is tried".to_owned();
        let [old, new] = [old_fallback, new_fallback.clone()].map(|words| words.unwrap_or_else(nobody));
        changes.push(format!("was: {}, now: {}", lowercase_first(&old), lowercase_first(&new)));
    }
    changes.extend(other_changes(old, new));
    if let (true, Some(fallback)) = (changes.is_empty(), new_fallback) {
        // The rules are the same, and choose by other figures of the users.
        changes.push(format!("another user may be chosen {}", lowercase_first(&fallback)));
    }
    changes.join("; ")
}

/// `was Support, now Sales`
fn assignment_change(old: &Decision, new: &Decision) -> Option<String> {
    let waits = |decision: &Decision| matches!(decision.assign, Some(Assignment::Queue { .. }));
    let first = if waits(old) || waits(new) { with_membership } else { briefly };
    first_difference(old, new, &[first, with_algorithm, with_user])
}

/// `` was `tarek` of Support, now `sara` of Sales ``
pub(crate) fn user_change(old: &Decision, new: &Decision) -> Option<String> {
    first_difference(old, new, &[with_user, with_algorithm])
}

/// The change in the first of the descriptions in which the two differ.
fn first_difference(
    old: &Decision,
    new: &Decision,
    descriptions: &[fn(Option<&Assignment>) -> String],
) -> Option<String> {
    let both = descriptions.iter().map(|describe| [old, new].map(|one| describe(one.assign.as_ref())));
    let [old, new] = both.into_iter().find(|[old, new]| old != new)?;
    Some(format!("was {old}, now {new}"))
}

/// The changes of everything but who takes the chat.
pub(crate) fn other_changes(old: &Decision, new: &Decision) -> Vec<String> {
    let mut changes = Vec::new();
    let texts = |decision: &Decision| -> Vec<String> {
        decision.replies.iter().map(|reply| format!("“{}”", reply.text)).collect()
    };
    if old.replies != new.replies {
        changes.push(match (&*texts(old), &*texts(new)) {
            ([], new) => format!("now sends the reply {}", new.join(" and ")),
            (old, []) => format!("no longer sends the reply {}", old.join(" and ")),
            (old, new) if old == new => "the reply may be repeated after a different time".to_owned(),
            (old, new) => format!("the reply was {}, now {}", old.join(" and "), new.join(" and ")),
        });
    }
    let tags_only_in = |decision: &Decision, other: &Decision| -> Vec<String> {
        let has = |tag: &str| other.tags.iter().any(|other| fold(other) == fold(tag));
        decision.tags.iter().filter(|tag| !has(tag)).map(|tag| format!("“{tag}”")).collect()
    };
    let (removed, added) = (tags_only_in(old, new), tags_only_in(new, old));
    if !added.is_empty() {
        changes.push(format!("now with the tag {}", added.join(" and ")));
    }
    if !removed.is_empty() {
        changes.push(format!("without the tag {}", removed.join(" and ")));
    }
    if old.priority != new.priority {
        let word = |decision: &Decision| decision.priority.map_or("none", |priority| priority.word());
        changes.push(format!("priority was {}, now {}", word(old), word(new)));
    }
    changes.extend(late_change(old, new));
    changes
}

/// `` without an answer, was the tag “slow” after 10 minutes, now the tag “slow” after 12 minutes ``
fn late_change(old: &Decision, new: &Decision) -> Option<String> {
    if old.later == new.later {
        return None;
    }
    let actions = |decision: &Decision| -> Vec<String> {
        let of_entry = |later: &Later| {
            let after = duration(later.after_seconds);
            late_actions(later).into_iter().map(move |action| format!("{action} after {after}"))
        };
        decision.later.iter().flat_map(of_entry).collect()
    };
    let (before, after) = (actions(old), actions(new));
    let only_in = |one: &[String], other: &[String]| -> String {
        let only: Vec<&str> =
            one.iter().filter(|action| !other.contains(action)).map(String::as_str).collect();
        only.join(" and ")
    };
    let (removed, added) = (only_in(&before, &after), only_in(&after, &before));
    Some(match (&*removed, &*added) {
        ("", "") if before == after => "a late reply may be repeated after a different time".to_owned(),
        ("", "") => "late actions come in another order".to_owned(),
        ("", added) => format!("without an answer, now {added}"),
        (removed, "") => format!("without an answer, no longer {removed}"),
        (removed, added) => format!("without an answer, was {removed}, now {added}"),
    })
}

/// `the reply “Sorry” (once per 12 hours)`, `the tag “slow”`, `priority high`
fn late_actions(later: &Later) -> Vec<String> {
    let replies = later.replies.iter().map(|reply| {
        let how_often = reply.once_per_seconds.map(|time| format!(" (once per {})", duration(time)));
        format!("the reply “{}”{}", reply.text, how_often.unwrap_or_default())
    });
    let tags = later.tags.iter().map(|tag| format!("the tag “{tag}”"));
    replies.chain(tags).chain(later.priority.map(|priority| format!("priority {priority}"))).collect()
}

/// Who takes the chat.
pub(crate) fn assignment_text(assign: Option<&Assignment>) -> String {
    match assign {
        Some(Assignment::User { user, group: Some(group), .. }) => {
            format!("`{user}` of {group} takes the chat.")
        }
        Some(Assignment::User { user, .. }) => format!("`{user}` takes the chat."),
        Some(Assignment::Queue { group: Some(group), .. }) => format!("The chat waits in the {group} queue."),
        Some(Assignment::Queue { .. }) => "The chat waits.".to_owned(),
        Some(Assignment::Nobody) => "Nobody takes the chat.".to_owned(),
        Some(Assignment::Kept { user: Some(user), .. }) => format!("`{user}` keeps the chat."),
        Some(Assignment::Kept { .. }) => "The chat stays where it waits.".to_owned(),
        None => "No rule assigns the chat.".to_owned(),
    }
}

/// Who takes the chat, and by which algorithm.
fn assignment(assign: Option<&Assignment>) -> String {
    let sentence = assignment_text(assign);
    match assign {
        Some(Assignment::User { by: Some(by), .. } | Assignment::Queue { by: Some(by), .. }) => {
            format!("{} (by {by}).", sentence.trim_end_matches('.'))
        }
        _ => sentence,
    }
}

fn lowercase_first(sentence: &str) -> String {
    sentence.replacen("After", "after", 1)
}

fn briefly(assign: Option<&Assignment>) -> String {
    match assign {
        Some(Assignment::User { group: Some(group), .. }) => group.to_string(),
        Some(Assignment::User { user, .. }) => format!("`{user}`"),
        Some(Assignment::Queue { group: Some(group), .. }) => format!("waiting in {group}"),
        Some(Assignment::Queue { .. }) => "waiting".to_owned(),
        Some(Assignment::Kept { .. }) => "kept".to_owned(),
        Some(Assignment::Nobody) => "nobody".to_owned(),
        None => "not assigned".to_owned(),
    }
}

/// Tells a member of a group from a chat that waits in it.
fn with_membership(assign: Option<&Assignment>) -> String {
    match assign {
        Some(Assignment::User { group: Some(group), .. }) => format!("a member of {group}"),
        _ => briefly(assign),
    }
}

fn with_algorithm(assign: Option<&Assignment>) -> String {
    let by = match assign {
        Some(Assignment::User { by, .. } | Assignment::Queue { by, .. }) => *by,
        _ => None,
    };
    match by {
        Some(by) => format!("{} by {by}", briefly(assign)),
        None => briefly(assign),
    }
}

fn with_user(assign: Option<&Assignment>) -> String {
    match assign {
        Some(Assignment::User { user, group: Some(group), .. }) => format!("`{user}` of {group}"),
        _ => with_algorithm(assign),
    }
}

/// `After 5 minutes without an answer: Support by in_order, then Support by hand`
fn fallback(inbox: &Inbox, policy: &Policy, decision: &Decision) -> Option<String> {
    let resume = decision.resume.as_ref()?;
    let rule = policy.rules.iter().find(|rule| Some(RuleRef::of(policy, rule)) == decision.rule)?;
    let rest = rule.assign.as_ref()?.alternatives.get(resume.alternative..)?;
    let rest: Vec<String> = rest.iter().map(|rest| alternative(inbox, rest)).collect();
    Some(format!("After {} without an answer: {}", duration(resume.after_seconds), rest.join(", else ")))
}

fn alternative(inbox: &Inbox, alternative: &Alternative) -> String {
    let mut words = match &alternative.target {
        Target::Owner { among } => format!("the owner{}", among_words(*among)),
        Target::User { user, among } => format!("`{}`{}", inbox.user(*user).id, among_words(*among)),
        Target::Nobody => "nobody".to_owned(),
        Target::Group(target) => {
            let mut words = inbox.group(target.group).name.to_string();
            words += &skills_words(inbox, target.skills());
            words += &except_words(inbox, target);
            words += &format!(" by {}", target.by);
            words + &among_words(target.among)
        }
    };
    if let Some(timeout) = alternative.timeout {
        words += &format!(" for {}", duration(timeout));
    }
    words
}

/// ` with skill “ar” or “fr” and the customer's language`
fn skills_words(inbox: &Inbox, skills: &[Skill]) -> String {
    let words = skills.iter().map(|skill| match skill {
        Skill::Any(skills) => {
            let names = skills.iter().map(|skill| format!("“{}”", skill.written));
            format!("skill {}", names.collect::<Vec<_>>().join(" or "))
        }
        Skill::Customer(attribute) => format!("the customer's {}", attribute_name(inbox, *attribute)),
    });
    let words = words.collect::<Vec<_>>().join(" and ");
    if words.is_empty() { words } else { format!(" with {words}") }
}

/// Who is left out, as in `` except the owner and `bob` ``
fn except_words(inbox: &Inbox, target: &GroupTarget) -> String {
    let owner = target.excepts_owner().then(|| "the owner".to_owned());
    let users = target.except_users().iter().map(|user| format!("`{}`", inbox.user(*user).id));
    let words = owner.into_iter().chain(users).collect::<Vec<_>>().join(" and ");
    if words.is_empty() { words } else { format!(" except {words}") }
}

fn among_words(among: Option<Eligibility>) -> String {
    among.map(|among| format!(" among {among}")).unwrap_or_default()
}
