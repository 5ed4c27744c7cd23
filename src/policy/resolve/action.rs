//! Actions: who takes the chat, what is sent, how urgent it is.

use super::condition::known_attribute;
use super::context::{self, Context};
use super::placeholder;
use super::text::folded;
use crate::diagnostic::{Code, one_of};
use crate::language::ast;
use crate::language::vocabulary::{Algorithm, Eligibility, Priority};
use crate::policy::condition::Attribute;
use crate::policy::model::{Alternative, Assign, GroupTarget, Reply, Skill, Target};
use crate::text::{Span, Spanned, quoted};

/// WhatsApp's limit for a text, in characters.
const MAX_REPLY_CHARS: usize = 4096;

/// Names that other products have for the algorithms.
const SYNONYMS: &[(&str, Algorithm)] = &[
    ("round_robin", Algorithm::InOrder),
    ("roundrobin", Algorithm::InOrder),
    ("rotation", Algorithm::InOrder),
    ("order", Algorithm::InOrder),
    ("in_turn", Algorithm::InOrder),
    ("sequential", Algorithm::InOrder),
    ("least_busy", Algorithm::LeastChats),
    ("fewest_chats", Algorithm::LeastChats),
    ("least_number_of_chats", Algorithm::LeastChats),
    ("least_loaded", Algorithm::LeastLoad),
    ("longest_waiting", Algorithm::MostWaiting),
    ("longest_idle", Algorithm::MostWaiting),
    ("most_idle", Algorithm::MostWaiting),
    ("chance", Algorithm::Random),
    ("weight", Algorithm::Weighted),
    ("manual", Algorithm::Hand),
    ("manually", Algorithm::Hand),
];

/// `assign … else …`; `None` if any part is wrong.
pub(super) fn assign(cx: &mut Context<'_>, assign: &ast::Assign) -> Option<Assign> {
    let resolved: Vec<_> = assign.alternatives.iter().map(|tree| alternative(cx, tree)).collect();
    if let Some(ast::Alternative { timeout: Some(timeout), .. }) = assign.alternatives.last() {
        cx.report(
            cx.error(
                Code::Syntax,
                timeout.span,
                "`for` sets how long to wait before the next alternative, but there is none",
            )
            .help("add `else` and another alternative, or remove the time"),
        );
    }
    let alternatives = resolved.into_iter().collect::<Option<Box<[_]>>>()?;
    Some(Assign { span: assign.span, alternatives })
}

fn alternative(cx: &mut Context<'_>, tree: &ast::Alternative) -> Option<Alternative> {
    let target = match &tree.target {
        ast::Target::Owner(_) => Some(Target::Owner),
        ast::Target::Nobody(_) => Some(Target::Nobody),
        ast::Target::User(id) => user(cx, tree, id),
        ast::Target::Group { group, skill, by, among } => {
            group_target(cx, group, skill.as_ref(), by, among.as_ref()).map(Target::Group)
        }
    };
    let timeout = match &tree.timeout {
        None => None,
        Some(time) => Some(cx.nonzero_seconds(time)?),
    };
    Some(Alternative { span: tree.span, target: target?, timeout })
}

fn user(cx: &mut Context<'_>, alternative: &ast::Alternative, id: &ast::TextLiteral) -> Option<Target> {
    if cx.inbox().user_id(&id.value).is_none() && cx.inbox().group_id(&id.value).is_some() {
        let group = quoted(&id.value);
        let message = format!("`{}` is a group, not a user", id.value);
        let span = Span { start: alternative.span.start, end: id.span.end };
        cx.report(
            cx.error(Code::UnknownUser, id.span, message)
                .help("say how one of its members is chosen: `by in_order`, `by least_chats`, …")
                .fix(
                    format!("write `group {group} by in_order`"),
                    span,
                    format!("group {group} by in_order"),
                ),
        );
        return None;
    }
    cx.user(id).map(Target::User)
}

/// Resolves every part before it gives up, so that each wrong part is reported.
fn group_target(
    cx: &mut Context<'_>,
    group: &ast::TextLiteral,
    skill: Option<&ast::Skill>,
    by: &ast::Word,
    among: Option<&ast::Word>,
) -> Option<GroupTarget> {
    let group = cx.group(group);
    let skill = skill.map(|skill| required_skill(cx, skill));
    let by = algorithm(cx, by);
    let among = among.map(|word| eligibility(cx, word));
    let skill = match skill {
        None => None,
        Some(skill) => Some(skill?),
    };
    let among = match among {
        None => None,
        Some(among) => Some(among?),
    };
    Some(GroupTarget { group: group?, skill: skill.map(Box::new), by: by?, among })
}

fn required_skill(cx: &mut Context<'_>, skill: &ast::Skill) -> Option<Skill> {
    match skill {
        ast::Skill::Named(text) => {
            let folded = folded(cx, &text.value, text)?;
            Some(Skill::Named { folded, written: cx.intern(&text.value), span: text.span })
        }
        ast::Skill::Customer(word) => {
            let (attribute, _) = known_attribute(cx, word)?;
            if attribute == Attribute::Language {
                return Some(Skill::CustomerLanguage);
            }
            let message = format!("`customer.{}` is not a skill", word.value);
            let finding = cx.error(Code::TypeMismatch, word.span, message);
            cx.report(finding.did_you_mean("customer.language", word.span, "language"));
            None
        }
    }
}

fn algorithm(cx: &mut Context<'_>, word: &ast::Word) -> Option<Algorithm> {
    let found = Algorithm::parse(&word.value);
    if found.is_none() {
        let message = format!("no algorithm is called `{}`", word.value);
        let finding = cx.error(Code::UnknownAlgorithm, word.span, message);
        let words = Algorithm::ALL.iter().map(|algorithm| algorithm.word());
        let alias = SYNONYMS.iter().find(|(alias, _)| *alias == word.value);
        cx.report(match alias {
            Some((_, ours)) => finding.help(format!("here it is called `{ours}`")).fix(
                format!("write `{ours}`"),
                word.span,
                ours.word(),
            ),
            None => context::suggest_word(finding, word, words.clone(), || {
                format!("the algorithms are {}", one_of(words))
            }),
        });
    }
    found
}

fn eligibility(cx: &mut Context<'_>, word: &ast::Word) -> Option<Eligibility> {
    let found = Eligibility::parse(&word.value);
    if found.is_none() {
        let message = format!("`among` cannot be followed by `{}`", word.value);
        let known = Eligibility::ALL.iter().map(|eligibility| eligibility.word());
        cx.report_unknown_word(word, message, known, |words| format!("write {words} after `among`"));
    }
    found
}

/// `high`; `None` after a finding.
pub(super) fn priority(cx: &mut Context<'_>, word: &ast::Word) -> Option<Priority> {
    let found = Priority::parse(&word.value);
    if found.is_none() {
        let message = format!("no priority is called `{}`", word.value);
        let known = Priority::ALL.iter().map(|priority| priority.word());
        cx.report_unknown_word(word, message, known, |words| format!("the priorities are {words}"));
    }
    found
}

/// `reply "text" once per 12h`; `None` if any part is wrong.
pub(super) fn reply(
    cx: &mut Context<'_>,
    span: Span,
    text: &ast::TextLiteral,
    once_per: Option<&Spanned<Option<u64>>>,
) -> Option<Reply> {
    let once_per = match once_per {
        None => None,
        Some(time) => Some(cx.nonzero_seconds(time)?),
    };
    if text.value.trim().is_empty() {
        cx.report(
            cx.error(Code::EmptyText, text.span, "this reply is empty")
                .help("write the text that the customer receives, or remove the reply"),
        );
        return None;
    }
    let length = text.value.chars().count();
    if length > MAX_REPLY_CHARS {
        let message =
            format!("this reply has {length} characters, but WhatsApp accepts at most {MAX_REPLY_CHARS}");
        cx.report(
            cx.error(Code::ReplyTooLong, text.span, message).help("shorten it, or split it into two replies"),
        );
    }
    let template = placeholder::template(cx, text)?;
    Some(Reply { span, written: cx.intern(&text.value), template, once_per })
}
