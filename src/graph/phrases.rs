//! Who gets the chat and what else a rule does, in words.

use super::measure::{clean, isolated, with_isolated_placeholders};
use crate::describe::{AssignStep, FlowReply, FlowRule, FlowSkill, duration, list};
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;

/// Somebody who may get the chat: what is tried if those before have found nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssigneeText {
    /// `else, or if nobody has answered within 5 minutes:`; `None` for the first.
    pub join: Option<String>,
    /// `One of Sales`
    pub who: String,
    /// How one of them is chosen, and from among whom.
    pub details: Vec<String>,
    /// `false`: it is never tried, which is proved.
    pub is_tried: bool,
}

/// What the customer reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyText {
    /// The text with placeholders, in its lines.
    pub text: String,
    /// `once per 12 hours`
    pub note: Option<String>,
}

impl ReplyText {
    /// What stands above the text: `Reply, once per 12 hours:`
    pub(super) fn head(&self) -> String {
        match &self.note {
            Some(note) => format!("Reply, {note}:"),
            None => "Reply:".to_owned(),
        }
    }
}

/// Everybody who may get the chat, in order. From `first_unreachable` on they are never tried.
pub(super) fn assignees(inbox: &Inbox, rule: &FlowRule, first_unreachable: usize) -> Vec<AssigneeText> {
    let mut timeout = None;
    let words = |(at, step): (usize, &AssignStep)| {
        let join = (at > 0).then(|| match timeout {
            None => "else".to_owned(),
            Some(seconds) => format!("else, or if nobody has answered within {}:", duration(seconds)),
        });
        timeout = step.for_seconds;
        let details = details(inbox, step);
        AssigneeText { join, who: who(inbox, step, rule.kind), details, is_tried: at < first_unreachable }
    };
    rule.steps.iter().enumerate().map(words).collect()
}

fn who(inbox: &Inbox, step: &AssignStep, kind: &str) -> String {
    let group = || isolated(step.group.as_deref().unwrap_or_default());
    match step.to {
        "queue" => format!("Waits until somebody in {} takes it", group()),
        "group" => format!("One of {}", group()),
        "user" => isolated(user_name(inbox, step.user.as_deref().unwrap_or_default())),
        "owner" => "The owner of the customer".to_owned(),
        _ if kind == "move" => "Nobody: the chat is closed".to_owned(),
        _ => "Nobody: the chat does not wait".to_owned(),
    }
}

fn user_name<'i>(inbox: &'i Inbox, id: &'i str) -> &'i str {
    inbox.user_id(id).map_or(id, |user| &*inbox.user(user).name)
}

fn details(inbox: &Inbox, step: &AssignStep) -> Vec<String> {
    let mut details: Vec<String> = step.by.and_then(how).map(str::to_owned).into_iter().collect();
    let is_group = step.to == "group";
    let among = step.among.as_deref().and_then(|among| match among {
        "online" if is_group => Some("among those who are online"),
        "online" => Some("only if they are online"),
        "available" if is_group => Some("among those who are online and have room"),
        "available" => Some("only if they are online and have room"),
        "everyone" => Some("online or not"),
        _ => None,
    });
    details.extend(among.map(str::to_owned));
    let skills: Vec<String> = step.skills.iter().map(skill).collect();
    if !skills.is_empty() {
        details.push(format!("with {}", list(&skills)));
    }
    let owner = step.except_owner.then(|| "the owner".to_owned());
    let users = step.except.iter().map(|user| isolated(user_name(inbox, user)));
    let except: Vec<String> = owner.into_iter().chain(users).collect();
    if !except.is_empty() {
        details.push(format!("except {}", list(&except)));
    }
    details
}

/// How one member of a group is chosen; `None`: nobody is.
fn how(by: Algorithm) -> Option<&'static str> {
    Some(match by {
        Algorithm::Random => "anyone, all with the same chance",
        Algorithm::InOrder => "the next in turn",
        Algorithm::MostWaiting => "whoever has gone longest without a message",
        Algorithm::LeastChats => "whoever has the fewest open chats",
        Algorithm::LeastLoad => "whoever is least full for their capacity",
        Algorithm::Weighted => "anyone, in proportion to their weight",
        Algorithm::Hand => return None,
    })
}

fn skill(skill: &FlowSkill) -> String {
    let quoted = |text: &String| format!("“{}”", isolated(text));
    match skill {
        FlowSkill::Any(skills) => {
            let skills: Vec<String> = skills.iter().map(quoted).collect();
            match &*skills {
                [rest @ .., last] if !rest.is_empty() => {
                    format!("the skill {} or {last}", rest.join(", "))
                }
                skills => format!("the skill {}", skills.concat()),
            }
        }
        FlowSkill::Customer(attribute) => format!("the customer's {} as a skill", quoted(attribute)),
    }
}

/// What the customer reads.
pub(super) fn replies(rule: &FlowRule) -> Vec<ReplyText> {
    let words = |reply: &FlowReply| {
        let once = reply.once_per_seconds.map(|time| format!("once per {}", duration(time)));
        let notes: Vec<String> = late(reply.after_seconds).into_iter().chain(once).collect();
        let note = (!notes.is_empty()).then(|| notes.join(", "));
        ReplyText { text: with_isolated_placeholders(&reply.text), note }
    };
    rule.replies.iter().map(words).collect()
}

/// The tags and the priorities.
pub(super) fn tags_and_priorities(rule: &FlowRule) -> Vec<String> {
    let with = |what: String, after: Option<u64>| match late(after) {
        Some(late) => format!("{what}, {late}"),
        None => what,
    };
    let tags = rule.tags.iter().map(|tag| with(format!("tag “{}”", isolated(&tag.tag)), tag.after_seconds));
    let priorities =
        rule.priorities.iter().map(|one| with(format!("priority {}", one.priority), one.after_seconds));
    tags.chain(priorities).collect()
}

fn late(after: Option<u64>) -> Option<String> {
    after.map(|seconds| format!("after {} without an answer", duration(seconds)))
}

/// What a rule is called: by its name, or else by its place.
pub(super) fn rule_name(rule: &FlowRule) -> String {
    match &rule.name {
        Some(name) => clean(name),
        None if rule.kind == "otherwise" => "Everything else".to_owned(),
        None => format!("The rule on line {}", rule.line),
    }
}
