//! Actions: `assign owner else group "Support" by in_order`, `reply "…"`, `tag "…"`, `priority high`.

use super::super::ast::{Action, Alternative, Assign, Skill, Target, Word};
use super::super::grammar::{Pair, Production};
use super::super::vocabulary::Algorithm;
use super::{Lower, literal};
use crate::diagnostic::{Code, Finding};
use crate::text::Span;

/// `reply "text" once per 12h`
pub(super) fn action(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Action> {
    let inner = pair.into_inner().next()?;
    let span = lower.span(&inner);
    match inner.as_rule() {
        Production::assign => {
            Some(Action::Assign(Assign { span, alternatives: alternatives(lower, inner)? }))
        }
        Production::reply => reply(lower, inner, span),
        Production::tag => {
            let text = inner.into_inner().find(|part| part.as_rule() == Production::text)?;
            Some(Action::Tag { span, text: lower.text(&text) })
        }
        Production::priority => {
            let word = inner.into_inner().find(|part| part.as_rule() == Production::word)?;
            Some(Action::Priority { span, word: lower.word(&word) })
        }
        _ => None,
    }
}

fn reply(lower: &mut Lower<'_>, pair: Pair<'_>, span: Span) -> Option<Action> {
    let (mut text, mut once_per) = (None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::text => text = Some(lower.text(&part)),
            Production::duration => once_per = Some(literal::spanned_seconds(lower, &part)),
            _ => {}
        }
    }
    Some(Action::Reply { span, text: text?, once_per })
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
    match first.as_rule() {
        Production::OWNER => Some(Target::Owner(lower.span(&first))),
        Production::NOBODY => Some(Target::Nobody(lower.span(&first))),
        Production::USER => Some(Target::User(lower.text(&parts.next()?))),
        _ => {
            let group = lower.text(&parts.next()?);
            let (mut skills, mut by, mut among, mut among_span) = (None, None, None, Span::default());
            for part in parts {
                match part.as_rule() {
                    Production::skill => skills = skill(lower, part),
                    Production::algorithm => by = Some(lower.word(&part)),
                    Production::AMONG => among_span = lower.span(&part),
                    Production::pool => among = Some(lower.word(&part)),
                    _ => {}
                }
            }
            let by = by?;
            if let Some(pool) = &among {
                refuse_pool_of_hand(lower, &by, among_span.to(pool.span));
            }
            Some(Target::Group { group, skill: skills, by, among })
        }
    }
}

/// `by hand` chooses nobody, so `among` has nothing to restrict.
fn refuse_pool_of_hand(lower: &mut Lower<'_>, by: &Word, among: Span) {
    if Algorithm::parse(&by.value) == Some(Algorithm::Hand) {
        let gap = Span { start: by.span.end, end: among.end };
        let message = "`by hand` chooses nobody, so `among` has no meaning here";
        lower.findings.push(
            Finding::new(Code::Syntax, lower.file, among, message)
                .help("the chat waits in the group's queue until a member takes it")
                .fix("remove `among`", gap, ""),
        );
    }
}

/// `with skill customer.language`
fn skill(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Skill> {
    let last = pair.into_inner().last()?;
    Some(match last.as_rule() {
        Production::text => Skill::Named(lower.text(&last)),
        _ => Skill::Customer(lower.word(&last)),
    })
}
