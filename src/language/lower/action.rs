//! Actions: `assign owner else group "Support" by in_order`, `reply "…"`, `tag "…"`, `priority high`.

use super::super::ast::{Action, Alternative, Assign, LeftOut, Literal, Skill, Target, Values, Word};
use super::super::grammar::{Pair, Pairs, Production};
use super::super::vocabulary::Algorithm;
use super::{Lower, condition, literal};
use crate::diagnostic::{Code, Edit, Finding, Fix};
use crate::text::{Span, Spanned, quoted};

/// `reply "text" once per 12h`
pub(super) fn action(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Action> {
    let inner = pair.into_inner().next()?;
    let span = lower.span(&inner);
    match inner.as_rule() {
        Production::assign => {
            Some(Action::Assign(Assign { span, alternatives: alternatives(lower, inner)? }))
        }
        Production::early => early(lower, inner, span),
        Production::reply | Production::tag | Production::priority => effect(lower, inner, span),
        _ => None,
    }
}

/// `reply "text" once per 12h after 5m`, `tag "refund" after 5m`, `priority high after 5m`
fn effect(lower: &mut Lower<'_>, pair: Pair<'_>, span: Span) -> Option<Action> {
    let kind = pair.as_rule();
    let (mut text, mut word) = (None, None);
    let (mut once_per, mut after) = (None, None);
    let mut first = Span::default();
    let mut is_late = false;
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::text => text = Some(lower.text(&part)),
            Production::word => word = Some(lower.word(&part)),
            Production::ONCE | Production::AFTER => {
                first = lower.span(&part);
                is_late = part.as_rule() == Production::AFTER;
            }
            Production::duration => {
                let clause = TimeClause {
                    span: first.to(lower.span(&part)),
                    written: part.as_str().to_owned(),
                    time: literal::spanned_seconds(lower, &part),
                };
                *(if is_late { &mut after } else { &mut once_per }) = Some(clause);
            }
            _ => {}
        }
    }
    if let (Some(once_per), Some(after)) = (&once_per, &after)
        && after.span.start < once_per.span.start
    {
        refuse_order(lower, once_per, after);
    }
    let (once_per, after) = (once_per.map(|clause| clause.time), after.map(|clause| clause.time));
    Some(match kind {
        Production::reply => Action::Reply { span, text: text?, once_per, after },
        Production::tag => Action::Tag { span, text: text?, after },
        _ => Action::Priority { span, word: word?, after },
    })
}

/// `after 5m reply "text"`
fn early(lower: &mut Lower<'_>, pair: Pair<'_>, whole: Span) -> Option<Action> {
    let mut parts = pair.into_inner();
    let (_, time, inner) = (parts.next()?, parts.next()?, parts.next()?);
    let span = lower.span(&inner);
    let late = format!("after {}", time.as_str());
    let mut action = effect(lower, inner, span)?;
    let (Action::Reply { span, after, .. }
    | Action::Tag { span, after, .. }
    | Action::Priority { span, after, .. }) = &mut action
    else {
        return None;
    };
    let place = Span { start: whole.start, end: span.start };
    let mut finding =
        Finding::new(Code::Syntax, lower.file, place, format!("`{late}` comes after the action"))
            .help(format!("write `reply \"…\" {late}`"));
    if after.is_none() {
        *after = Some(literal::spanned_seconds(lower, &time));
        let end = Span { start: span.end, end: span.end };
        finding.fix = Some(Fix {
            title: format!("write `{late}` after the action"),
            edits: vec![
                Edit { span: place, text: String::new() },
                Edit { span: end, text: format!(" {late}") },
            ],
        });
    }
    lower.findings.push(finding);
    *span = whole;
    Some(action)
}

/// `once per 12h` or `after 5m`
struct TimeClause {
    span: Span,
    /// `12h`
    written: String,
    time: Spanned<Option<u64>>,
}

/// `reply "text" after 5m once per 12h`
fn refuse_order(lower: &mut Lower<'_>, once_per: &TimeClause, after: &TimeClause) {
    let first = format!("once per {}", once_per.written);
    let second = format!("after {}", after.written);
    let place = after.span.to(once_per.span);
    let mut finding = Finding::new(Code::Syntax, lower.file, place, "`once per` comes before `after`")
        .help(format!("write `{first} {second}`"));
    finding.fix = Some(Fix {
        title: format!("write `{first} {second}`"),
        edits: vec![Edit { span: after.span, text: first }, Edit { span: once_per.span, text: second }],
    });
    lower.findings.push(finding);
}

fn alternatives(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Vec<Alternative>> {
    let alternatives = pair.into_inner().filter(|part| part.as_rule() == Production::alternative);
    alternatives.map(|part| alternative(lower, part)).collect()
}

/// `group "Sales" by random for 5m`
fn alternative(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Alternative> {
    let span = lower.span(&pair);
    let (mut asked, mut timeout) = (None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::target => asked = target(lower, part),
            Production::duration => timeout = Some(literal::spanned_seconds(lower, &part)),
            _ => {}
        }
    }
    Some(Alternative { span, target: asked?, timeout })
}

fn target(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Target> {
    let mut parts = pair.into_inner();
    let first = parts.next()?;
    let span = lower.span(&first);
    match first.as_rule() {
        Production::OWNER => Some(Target::Owner { span, among: parts.nth(1).map(|pool| lower.word(&pool)) }),
        Production::NOBODY => Some(Target::Nobody(span)),
        Production::USER => {
            let user = lower.text(&parts.next()?);
            Some(Target::User { user, among: parts.nth(1).map(|pool| lower.word(&pool)) })
        }
        _ => group(lower, parts),
    }
}

/// `"Sales" with skill "en" and "visa" except owner and user "bob" by least_chats among online`
fn group(lower: &mut Lower<'_>, mut parts: Pairs<'_>) -> Option<Target> {
    let group = lower.text(&parts.next()?);
    let (mut required, mut except) = (Vec::new(), Vec::new());
    let (mut by, mut among): (Option<Word>, _) = (None, None);
    let (mut before, mut by_start) = (group.span, 0);
    let (mut except_place, mut among_span) = (None, Span::default());
    for part in parts {
        let span = lower.span(&part);
        match part.as_rule() {
            Production::skill | Production::except if by.is_some() => {
                let is_skill = part.as_rule() == Production::skill;
                let is_first = if is_skill { required.is_empty() } else { except.is_empty() };
                refuse_place(lower, &part, is_first.then_some((before.end, by_start)));
                if is_skill {
                    required.extend(skills(lower, part)?);
                } else {
                    except.extend(left_out(lower, part));
                }
            }
            Production::skill => required = skills(lower, part)?,
            Production::except => {
                except_place = Some((before.end, span));
                except = left_out(lower, part);
            }
            Production::BY => by_start = span.start,
            Production::algorithm => by = Some(lower.word(&part)),
            Production::AMONG => among_span = span,
            Production::pool => among = Some(lower.word(&part)),
            _ => {}
        }
        before = span;
    }
    let by = by?;
    if Algorithm::parse(&by.value) == Some(Algorithm::Hand) {
        if let Some((start, span)) = except_place {
            refuse_with_hand(lower, "except", span, start);
        }
        if let Some(pool) = &among {
            refuse_with_hand(lower, "among", among_span.to(pool.span), by.span.end);
        }
    }
    Some(Target::Group { group, skills: required, except, by, among })
}

/// `by random with skill "fr"`: `part` belongs before `by`. It can be moved if its place ends what is before it, and
/// starts `by`.
fn refuse_place(lower: &mut Lower<'_>, part: &Pair<'_>, places: Option<(u32, u32)>) {
    let word = if part.as_rule() == Production::skill { "with skill" } else { "except" };
    let span = lower.span(part);
    let written = part.as_str().trim_end();
    let mut finding = Finding::new(Code::Syntax, lower.file, span, format!("`{word}` comes before `by`"))
        .help(format!("write `group \"…\" {word} … by …`"));
    if let Some((end_before, by_start)) = places
        && !written.contains(['\n', '#'])
    {
        finding.fix = Some(Fix {
            title: "move it before `by`".to_owned(),
            edits: vec![
                Edit { span: Span { start: by_start, end: by_start }, text: format!("{written} ") },
                Edit { span: Span { start: end_before, end: span.end }, text: String::new() },
            ],
        });
    }
    lower.findings.push(finding);
}

/// `by hand` chooses nobody, so `among` and `except`, which stand at `place` after byte `start`, restrict nothing.
fn refuse_with_hand(lower: &mut Lower<'_>, word: &str, place: Span, start: u32) {
    let message = format!("`by hand` chooses nobody, so `{word}` has no meaning here");
    lower.findings.push(
        Finding::new(Code::Syntax, lower.file, place, message)
            .help("the chat waits in the group's queue until a member takes it")
            .fix(format!("remove `{word}`"), Span { start, end: place.end }, ""),
    );
}

/// `with skill "en" and customer.language`
fn skills(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Vec<Skill>> {
    let mut skills = Vec::new();
    let mut and_end = 0;
    let mut joints = Vec::new();
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::values => skills.push(Skill::Named(condition::values(lower, part)?)),
            Production::name => skills.push(Skill::Customer(lower.word(&part))),
            Production::AND => and_end = lower.span(&part).end,
            Production::skill_joint => joints.push(lower.span(&part)),
            Production::repeated => refuse_repeated(lower, part, and_end),
            _ => {}
        }
    }
    if let Some(joint) = joints.first() {
        refuse_joint(lower, &skills, *joint);
    }
    Some(skills)
}

/// `with skill "fr" and skill "visa"`, whose `and` ends at byte `and_end`
fn refuse_repeated(lower: &mut Lower<'_>, part: Pair<'_>, and_end: u32) {
    let place = lower.span(&part);
    let snippet = words_of(part);
    lower.findings.push(
        Finding::new(Code::Syntax, lower.file, place, format!("`{snippet}` is not repeated after `and`"))
            .help("write `with skill \"fr\" and \"visa\"`")
            .fix(format!("remove `{snippet}`"), Span { start: and_end, end: place.end }, ""),
    );
}

/// `with skill "fr", "visa"` and `with skill "fr" or "visa"`, which may mean both skills or one of them
fn refuse_joint(lower: &mut Lower<'_>, skills: &[Skill], joint: Span) {
    let texts = skills.iter().map(|skill| match skill {
        Skill::Named(Values { any: false, values, span }) => match values.as_slice() {
            [Spanned { value: Literal::Text(text), .. }] => Some((quoted(text), *span)),
            _ => None,
        },
        _ => None,
    });
    let Some(texts) = texts.collect::<Option<Vec<_>>>() else {
        let finding = Finding::new(Code::Syntax, lower.file, joint, "skills are joined with `and`");
        lower.findings.push(finding.help("`any [\"fr\", \"visa\"]` means one of these"));
        return;
    };
    let joined = |joint: &str| texts.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(joint);
    let any = format!("any [{}]", joined(", "));
    let finding = Finding::new(Code::Syntax, lower.file, joint, "skills are joined with `and`");
    lower.findings.push(finding.help(format!(
        "write `with skill {}` if the user needs all of them, `with skill {any}` if one is enough",
        joined(" and ")
    )));
}

/// The words of `repeated`: `skill` or `with skill`.
fn words_of(repeated: Pair<'_>) -> String {
    repeated.into_inner().map(|word| word.as_str()).collect::<Vec<_>>().join(" ")
}

/// `except owner and user "bob"`
fn left_out(lower: &mut Lower<'_>, pair: Pair<'_>) -> Vec<LeftOut> {
    let mut all = Vec::new();
    let mut end = 0;
    for part in pair.into_inner() {
        let span = lower.span(&part);
        match part.as_rule() {
            Production::left_out => {
                let user = part.clone().into_inner().find(|part| part.as_rule() == Production::text);
                if part.as_str().starts_with('"') {
                    lower.findings.push(
                        Finding::new(Code::Syntax, lower.file, span, "`user` is missing before this name")
                            .help("write `except owner and user \"…\"`")
                            .fix("write `user`", Span { start: span.start, end: span.start }, "user "),
                    );
                }
                all.push(user.map_or(LeftOut::Owner, |user| LeftOut::User(lower.text(&user))));
            }
            Production::comma_for_and => lower.findings.push(
                Finding::new(Code::Syntax, lower.file, span, "after `except`, write `and`, not `,`")
                    .help("write `except owner and user \"…\"`")
                    .fix("write `and`", Span { start: end, end: span.end }, " and"),
            ),
            _ => {}
        }
        end = span.end;
    }
    all
}
