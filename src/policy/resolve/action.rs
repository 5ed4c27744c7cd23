//! Actions: who takes the chat, what is sent, how urgent it is.

use std::collections::BTreeSet;

use super::condition::known_attribute;
use super::context::{self, Context};
use super::placeholder;
use super::text::folded_list;
use crate::diagnostic::{Code, one_of};
use crate::inbox::{AttributeKind, UserId};
use crate::language::ast;
use crate::language::vocabulary::{Algorithm, Eligibility, Priority};
use crate::policy::condition::Attribute;
use crate::policy::model::{
    Alternative, Assign, GroupTarget, NamedSkill, Placeholder, Reply, Restriction, Skill, Target, Template,
    TemplatePart,
};
use crate::text::{Span, Spanned, quoted};

/// WhatsApp's limit for a text, in characters.
const MAX_REPLY_CHARS: usize = 4096;

/// Names that other products have for the algorithms.
const SYNONYMS: &[(&str, Algorithm)] = &[
    ("round_robin", Algorithm::InOrder),
    ("roundrobin", Algorithm::InOrder),
    ("rotation", Algorithm::InOrder),
    ("turns", Algorithm::InOrder),
    ("turn", Algorithm::InOrder),
    ("order", Algorithm::InOrder),
    ("in_turn", Algorithm::InOrder),
    ("sequential", Algorithm::InOrder),
    ("least_busy", Algorithm::LeastLoad),
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

/// What people write for a list that is tried from the top down, which no algorithm is.
const TOP_DOWN: &[&str] =
    &["first", "first_available", "top", "top_down", "list", "list_order", "priority", "sequence"];

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
    Some(Assign { alternatives })
}

fn alternative(cx: &mut Context<'_>, tree: &ast::Alternative) -> Option<Alternative> {
    let target = target(cx, tree);
    let timeout = match &tree.timeout {
        None => None,
        Some(time) => Some(cx.nonzero_seconds(time)?),
    };
    Some(Alternative { span: tree.span, target: target?, timeout })
}

fn target(cx: &mut Context<'_>, tree: &ast::Alternative) -> Option<Target> {
    match &tree.target {
        ast::Target::Nobody(_) => Some(Target::Nobody),
        ast::Target::Owner { span, among } => {
            let among = match among {
                None => None,
                Some(word) => Some(among_one(cx, "the owner", *span, word)?),
            };
            Some(Target::Owner { among })
        }
        ast::Target::User { user: id, among } => {
            let user = user(cx, id);
            let among = match among {
                None => None,
                Some(word) => Some(among_one(cx, "a user", id.span, word)?),
            };
            Some(Target::User { user: user?, among })
        }
        ast::Target::Group { group, skills, except, by, among } => {
            group_target(cx, group, skills, except, by, among.as_ref()).map(Target::Group)
        }
    }
}

fn user(cx: &mut Context<'_>, id: &ast::TextLiteral) -> Option<UserId> {
    if cx.inbox().user_id(&id.value).is_none() && cx.inbox().group_id(&id.value).is_some() {
        let group = quoted(&id.value);
        let message = format!("`{}` is a group, not a user", id.value);
        cx.report(cx.error(Code::UnknownUser, id.span, message).help(format!(
            "say how one of its members is chosen: `group {group} by in_order`, `by least_chats`, …"
        )));
        return None;
    }
    cx.user(id)
}

/// `owner among online`: what follows a target that is one person, which ends with `before`.
fn among_one(cx: &mut Context<'_>, what: &str, before: Span, word: &ast::Word) -> Option<Eligibility> {
    if word.value != Eligibility::Everyone.word() {
        return eligibility(cx, word, &[Eligibility::Online, Eligibility::Available]);
    }
    let message = format!("{what} is one person, so `among everyone` has no meaning here");
    cx.report(
        cx.error(Code::Syntax, word.span, message)
            .help("write `among online` or `among available`, or neither: then it does not matter who is online")
            .fix("remove `among everyone`", Span { start: before.end, end: word.span.end }, ""),
    );
    None
}

/// Resolves every part before it gives up, so that each wrong part is reported.
fn group_target(
    cx: &mut Context<'_>,
    group: &ast::TextLiteral,
    skills: &[ast::Skill],
    except: &[ast::LeftOut],
    by: &ast::Word,
    among: Option<&ast::Word>,
) -> Option<GroupTarget> {
    let group = cx.group(group);
    let skills: Vec<_> = skills.iter().map(|skill| required_skill(cx, skill)).collect();
    let except = left_out(cx, except);
    let by = algorithm(cx, by);
    let among = among.map(|word| eligibility(cx, word, Eligibility::ALL));
    let among = match among {
        None => None,
        Some(among) => Some(among?),
    };
    let skills = skills.into_iter().collect::<Option<_>>()?;
    let restriction = Restriction { skills, ..except? };
    let restriction = (restriction != Restriction::default()).then(|| Box::new(restriction));
    Some(GroupTarget { group: group?, restriction, by: by?, among })
}

fn required_skill(cx: &mut Context<'_>, skill: &ast::Skill) -> Option<Skill> {
    let word = match skill {
        ast::Skill::Named(values) => {
            let folded = folded_list(cx, values, "a skill")?;
            let named = folded.into_iter().zip(&values.values).map(|(folded, value)| {
                let written = match &value.value {
                    ast::Literal::Text(text) => cx.intern(text),
                    _ => folded.as_str().into(),
                };
                NamedSkill { folded, written, span: value.span }
            });
            return Some(Skill::Any(named.collect()));
        }
        ast::Skill::Customer(word) => word,
    };
    let (attribute, kind) = known_attribute(cx, word)?;
    let what = match (attribute, kind) {
        (Attribute::SilentFor, _) => "a duration",
        (_, AttributeKind::Number) => "a number",
        (_, AttributeKind::Flag) => "a flag",
        (_, AttributeKind::Text | AttributeKind::Words(_) | AttributeKind::Unknown) => {
            return Some(Skill::Customer(attribute));
        }
    };
    let message = format!("`customer.{}` is {what}, so it cannot name a skill", word.value);
    let help = "use an attribute that is a text or has a list of words, such as `customer.language`";
    cx.report(cx.error(Code::TypeMismatch, word.span, message).help(help));
    None
}

/// `except owner and user "bob"`; `None` if any part is wrong.
fn left_out(cx: &mut Context<'_>, tree: &[ast::LeftOut]) -> Option<Restriction> {
    let (mut except_owner, mut users, mut is_sound) = (false, BTreeSet::new(), true);
    for part in tree {
        match part {
            ast::LeftOut::Owner => except_owner = true,
            ast::LeftOut::User(id) => {
                let user = cx.user(id);
                is_sound &= user.is_some();
                users.extend(user);
            }
        }
    }
    let except_users = users.into_iter().collect();
    is_sound.then(|| Restriction { except_owner, except_users, ..Restriction::default() })
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
            None if TOP_DOWN.contains(&word.value.as_str()) => finding.help(
                "a list that is tried from the top down is `assign user \"…\" among available else user \"…\" among available`",
            ),
            None if Eligibility::parse(&word.value).is_some() => finding.help(format!(
                "write a way to choose before it, as in `by least_chats among {}`",
                word.value
            )),
            None => context::suggest_word(finding, word, words.clone(), || {
                format!("the algorithms are {}", one_of(words))
            }),
        });
    }
    found
}

fn eligibility(
    cx: &mut Context<'_>,
    word: &ast::Word,
    allowed: &'static [Eligibility],
) -> Option<Eligibility> {
    let found = Eligibility::parse(&word.value);
    if found.is_none() {
        let message = format!("`among` cannot be followed by `{}`", word.value);
        let known = allowed.iter().map(|eligibility| eligibility.word());
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

/// `reply "text" once per 12h`, put off if it `is_late`; `None` if any part is wrong.
pub(super) fn reply(
    cx: &mut Context<'_>,
    span: Span,
    text: &ast::TextLiteral,
    once_per: Option<&Spanned<Option<u64>>>,
    is_late: bool,
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
    if is_late {
        check_late(cx, &template);
    }
    Some(Reply { span, written: cx.intern(&text.value), template, once_per })
}

/// Reports the placeholders whose value may have changed when a reply that is put off is sent.
fn check_late(cx: &mut Context<'_>, template: &Template) {
    for part in &template.0 {
        let TemplatePart::Placeholder { span, value: Placeholder::UserName | Placeholder::Group, .. } = part
        else {
            continue;
        };
        let message = "who has the chat may have changed when this reply is sent";
        cx.report(cx.error(Code::LatePlaceholder, *span, message).help(
            "a reply with `after` cannot name the user or the group: write it without, or send it at once",
        ));
    }
}
