//! The pairs of pest → the tree. The grammar says what each pair contains, so `None` would be a bug in the grammar.

mod action;
mod condition;
mod literal;
mod test_block;
mod calendar;

use std::sync::Arc;

use super::ast::{Dates, Definition, Guard, Hours, Item, Rule, RuleKind, TextLiteral, TimeZone, Use, Word};
use super::grammar::{Pair, Production};
use super::patched::PatchedText;
use crate::diagnostic::Finding;
use crate::text::{Span, Spanned};

pub(crate) use literal::text_value;

/// Lowers the item `pair`, which was parsed from `patched`; also the findings about what is in it.
pub(super) fn item(
    patched: &PatchedText<'_>,
    file: &Arc<str>,
    pair: Pair<'_>,
) -> Option<(Item, Vec<Finding>)> {
    let mut lower = Lower { patched, file, findings: Vec::new() };
    let lower_item = match pair.as_rule() {
        Production::rule => rule,
        Production::definition => definition,
        Production::hours => hours,
        Production::dates => dates,
        Production::timezone => timezone,
        Production::import => import,
        Production::test => test_block::test,
        _ => return None,
    };
    let item = lower_item(&mut lower, pair)?;
    Some((item, lower.findings))
}

/// What every function here needs: the text, to find where a pair is in the file, and a list of findings.
struct Lower<'a> {
    patched: &'a PatchedText<'a>,
    file: &'a Arc<str>,
    findings: Vec<Finding>,
}

impl Lower<'_> {
    /// Where `pair` is in the file. Pest lets a production that ends in `?` or `*` run on over the white space that
    /// follows it, so its end is that of its last token.
    fn span(&self, pair: &Pair<'_>) -> Span {
        let span = pair.as_span();
        self.patched.to_file_span(&(span.start()..self.patched.last_token_end(span.end())))
    }

    fn word(&self, pair: &Pair<'_>) -> Word {
        Spanned::new(pair.as_str().to_owned(), self.span(pair))
    }

    fn text(&mut self, pair: &Pair<'_>) -> TextLiteral {
        let value = literal::text(self, pair);
        Spanned::new(value, self.span(pair))
    }
}

fn rule(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Item> {
    let span = lower.span(&pair);
    let (mut kind, mut name, mut guard, mut actions) = (RuleKind::Regular, None, None, Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::ALSO => kind = RuleKind::Also,
            Production::MOVE => kind = RuleKind::Move,
            Production::text => name = Some(lower.text(&part)),
            Production::condition => guard = Some(Guard::When(condition::condition(lower, part)?)),
            Production::OTHERWISE => guard = Some(Guard::Otherwise(lower.span(&part))),
            Production::action => actions.push(action::action(lower, part)?),
            _ => {}
        }
    }
    // Trees live as long as their files, so unused capacity is given back.
    actions.shrink_to_fit();
    Some(Item::Rule(Rule { span, kind, name, guard: guard?, actions }))
}

fn definition(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Item> {
    let span = lower.span(&pair);
    let (mut name, mut condition) = (None, None);
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::name => name = Some(lower.word(&part)),
            Production::condition => condition = condition::condition(lower, part),
            _ => {}
        }
    }
    Some(Item::Definition(Definition { span, name: name?, condition: condition? }))
}

fn hours(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Item> {
    let span = lower.span(&pair);
    let (mut name, mut entries, mut except) = (None, Vec::new(), Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::name => name = Some(lower.word(&part)),
            Production::hours_entry => entries.push(calendar::entry(lower, part)?),
            Production::date_range | Production::calendar => except.push(calendar::dates_entry(lower, part)?),
            _ => {}
        }
    }
    Some(Item::Hours(Hours { span, name: name?, entries, except }))
}

fn dates(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Item> {
    let span = lower.span(&pair);
    let (mut name, mut entries) = (None, Vec::new());
    for part in pair.into_inner() {
        match part.as_rule() {
            Production::name => name = Some(lower.word(&part)),
            Production::date_range | Production::calendar => {
                entries.push(calendar::dates_entry(lower, part)?);
            }
            _ => {}
        }
    }
    Some(Item::Dates(Dates { span, name: name?, entries }))
}

fn timezone(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Item> {
    let span = lower.span(&pair);
    let name = pair.into_inner().find(|part| part.as_rule() == Production::text)?;
    Some(Item::TimeZone(TimeZone { span, name: lower.text(&name) }))
}

fn import(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Item> {
    let span = lower.span(&pair);
    let path = pair.into_inner().find(|part| part.as_rule() == Production::text)?;
    Some(Item::Use(Use { span, path: lower.text(&path) }))
}
