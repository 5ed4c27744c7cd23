//! Actions: `assign owner else group "Support" by in_order`, `reply "…"`, `tag "…"`, `priority high`.

use super::super::ast::{Action, Alternative, Assign, Skill, Target, Word};
use super::super::grammar::Kind;
use super::super::node::Node;
use super::super::vocabulary::Algorithm;
use super::{Build, literal};
use crate::diagnostic::{Code, Finding};
use crate::text::Span;

/// `reply "text" once per 12h`
pub(super) fn action(build: &mut Build<'_>, node: Node<'_>) -> Option<Action> {
    let inner = node.into_inner().next()?;
    let span = build.span(inner);
    match inner.as_rule() {
        Kind::assign => Some(Action::Assign(Assign { span, alternatives: alternatives(build, inner)? })),
        Kind::reply => reply(build, inner, span),
        Kind::tag => {
            let text = inner.into_inner().find(|part| part.as_rule() == Kind::text)?;
            Some(Action::Tag { span, text: build.text(text) })
        }
        Kind::priority => {
            let word = inner.into_inner().find(|part| part.as_rule() == Kind::word)?;
            Some(Action::Priority { span, word: build.word(word) })
        }
        _ => None,
    }
}

fn reply(build: &mut Build<'_>, node: Node<'_>, span: Span) -> Option<Action> {
    let (mut text, mut once_per) = (None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::text => text = Some(build.text(part)),
            Kind::duration => once_per = Some(literal::spanned_seconds(build, part)),
            _ => {}
        }
    }
    Some(Action::Reply { span, text: text?, once_per })
}

fn alternatives(build: &mut Build<'_>, node: Node<'_>) -> Option<Vec<Alternative>> {
    let alternatives = node.into_inner().filter(|part| part.as_rule() == Kind::alternative);
    alternatives.map(|part| alternative(build, part)).collect()
}

/// `group "Sales" by random for 5m`
fn alternative(build: &mut Build<'_>, node: Node<'_>) -> Option<Alternative> {
    let span = build.span(node);
    let (mut asked, mut timeout) = (None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::target => asked = target(build, part),
            Kind::duration => timeout = Some(literal::spanned_seconds(build, part)),
            _ => {}
        }
    }
    Some(Alternative { span, target: asked?, timeout })
}

fn target(build: &mut Build<'_>, node: Node<'_>) -> Option<Target> {
    let mut parts = node.into_inner();
    let first = parts.next()?;
    match first.as_rule() {
        Kind::OWNER => Some(Target::Owner(build.span(first))),
        Kind::NOBODY => Some(Target::Nobody(build.span(first))),
        Kind::USER => Some(Target::User(build.text(parts.next()?))),
        _ => {
            let group = build.text(parts.next()?);
            let (mut skills, mut by, mut among, mut among_span) = (None, None, None, Span::default());
            for part in parts {
                match part.as_rule() {
                    Kind::skill => skills = skill(build, part),
                    Kind::algorithm => by = Some(build.word(part)),
                    Kind::AMONG => among_span = build.span(part),
                    Kind::pool => among = Some(build.word(part)),
                    _ => {}
                }
            }
            let by = by?;
            if let Some(pool) = &among {
                refuse_pool_of_hand(build, &by, among_span.to(pool.span));
            }
            Some(Target::Group { group, skill: skills, by, among })
        }
    }
}

/// By `hand` nobody is chosen, so there is nobody to choose among.
fn refuse_pool_of_hand(build: &mut Build<'_>, by: &Word, among: Span) {
    if Algorithm::parse(&by.value) == Some(Algorithm::Hand) {
        let gap = Span { start: by.span.end, end: among.end };
        let message = "`by hand` chooses nobody, so `among` has no meaning here";
        build.findings.push(
            Finding::new(Code::Syntax, build.file, among, message)
                .help("the chat waits in the group's queue until a member takes it")
                .fix("remove it", gap, ""),
        );
    }
}

/// `with skill customer.language`
fn skill(build: &mut Build<'_>, node: Node<'_>) -> Option<Skill> {
    let last = node.into_inner().last()?;
    Some(match last.as_rule() {
        Kind::text => Skill::Named(build.text(last)),
        _ => Skill::Customer(build.word(last)),
    })
}
