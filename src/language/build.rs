//! What pest read → the tree. The grammar says what each piece holds; `None` only where it were broken.

mod action;
mod condition;
mod literal;
mod test;
mod times;

use std::sync::Arc;

use super::ast::{Dates, Definition, Guard, Hours, Item, Rule, TextLiteral, TimeZone, Use, Word};
use super::draft::Draft;
use super::grammar::Kind;
use super::node::Node;
use crate::diagnostic::Finding;
use crate::text::{Span, Spanned};

pub(super) use literal::plain;

/// Builds the item `node` that was read from `draft`; what is wrong inside goes to `findings`.
pub(super) fn item(draft: &Draft<'_>, file: &Arc<str>, node: Node<'_>) -> Option<(Item, Vec<Finding>)> {
    let mut build = Build { draft, file, findings: Vec::new() };
    let build_item = match node.as_rule() {
        Kind::rule => rule,
        Kind::definition => definition,
        Kind::hours => hours,
        Kind::dates => dates,
        Kind::timezone => timezone,
        Kind::import => import,
        Kind::test => test::test,
        _ => return None,
    };
    let item = build_item(&mut build, node)?;
    Some((item, build.findings))
}

/// What every builder needs: where the pieces stand in the file, and a place for findings.
struct Build<'a> {
    draft: &'a Draft<'a>,
    file: &'a Arc<str>,
    findings: Vec<Finding>,
}

impl Build<'_> {
    /// Where `node` stands in the file.
    fn span(&self, node: Node<'_>) -> Span {
        self.draft.origin(&node.range())
    }

    fn word(&self, node: Node<'_>) -> Word {
        Spanned::new(node.as_str().to_owned(), self.span(node))
    }

    fn text(&mut self, node: Node<'_>) -> TextLiteral {
        let value = literal::text(self, node);
        Spanned::new(value, self.span(node))
    }
}

fn rule(build: &mut Build<'_>, node: Node<'_>) -> Option<Item> {
    let span = build.span(node);
    let (mut also, mut name, mut guard, mut actions) = (None, None, None, Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::ALSO => also = Some(build.span(part)),
            Kind::text => name = Some(build.text(part)),
            Kind::condition => guard = Some(Guard::When(condition::condition(build, part)?)),
            Kind::OTHERWISE => guard = Some(Guard::Otherwise(build.span(part))),
            Kind::action => actions.push(action::action(build, part)?),
            _ => {}
        }
    }
    // Trees are held as long as their files, so room that nothing will fill is given back.
    actions.shrink_to_fit();
    Some(Item::Rule(Rule { span, also, name, guard: guard?, actions }))
}

fn definition(build: &mut Build<'_>, node: Node<'_>) -> Option<Item> {
    let span = build.span(node);
    let (mut name, mut condition) = (None, None);
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::name => name = Some(build.word(part)),
            Kind::condition => condition = condition::condition(build, part),
            _ => {}
        }
    }
    Some(Item::Definition(Definition { span, name: name?, condition: condition? }))
}

fn hours(build: &mut Build<'_>, node: Node<'_>) -> Option<Item> {
    let span = build.span(node);
    let (mut name, mut entries, mut except) = (None, Vec::new(), Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::name => name = Some(build.word(part)),
            Kind::entry => entries.push(times::entry(build, part)?),
            Kind::range | Kind::calendar => except.push(times::dates_entry(build, part)?),
            _ => {}
        }
    }
    Some(Item::Hours(Hours { span, name: name?, entries, except }))
}

fn dates(build: &mut Build<'_>, node: Node<'_>) -> Option<Item> {
    let span = build.span(node);
    let (mut name, mut entries) = (None, Vec::new());
    for part in node.into_inner() {
        match part.as_rule() {
            Kind::name => name = Some(build.word(part)),
            Kind::range | Kind::calendar => entries.push(times::dates_entry(build, part)?),
            _ => {}
        }
    }
    Some(Item::Dates(Dates { span, name: name?, entries }))
}

fn timezone(build: &mut Build<'_>, node: Node<'_>) -> Option<Item> {
    let span = build.span(node);
    let name = node.into_inner().find(|part| part.as_rule() == Kind::text)?;
    Some(Item::TimeZone(TimeZone { span, name: build.text(name) }))
}

fn import(build: &mut Build<'_>, node: Node<'_>) -> Option<Item> {
    let span = build.span(node);
    let path = node.into_inner().find(|part| part.as_rule() == Kind::text)?;
    Some(Item::Use(Use { span, path: build.text(path) }))
}
