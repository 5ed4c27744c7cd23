//! A condition as lines that can be read aloud, and what the names in it stand for.

use std::collections::{BTreeMap, BTreeSet};

use super::measure::{clean, with_isolated_quotes};
use crate::describe::{ConditionPart, FlowDefinition, HoursWords};

/// One line of a condition: a fact, or the head of the lines below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionLine {
    /// How deep it stands below other lines.
    pub depth: usize,
    /// `and` or `or`: how it is joined to the line before.
    pub join: Option<&'static str>,
    /// What it says.
    pub text: String,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionText {
    /// The name.
    pub name: String,
    /// The condition, or one line that says which hours or dates.
    pub lines: Vec<ConditionLine>,
    /// On some dates its hours differ from those of an ordinary week.
    pub has_dates: bool,
}

/// More lines of one condition are not shown.
const MAX_LINES: usize = 40;

/// The condition as lines. Nothing for a rule that always holds.
pub(super) fn condition_lines(parts: Option<&ConditionPart>) -> Vec<ConditionLine> {
    let Some(parts) = parts else { return Vec::new() };
    let mut lines = Vec::new();
    // The first level is a list without a head, also if it has one part.
    add_parts(&mut lines, &parts_of_list(parts, false, true), 0, "and");
    if lines.len() > MAX_LINES {
        let more = lines.len() - MAX_LINES + 1;
        lines.truncate(MAX_LINES - 1);
        lines.push(ConditionLine { depth: 0, join: None, text: format!("… and {more} more lines") });
    }
    lines
}

/// A fact, or a list of the other kind, and whether it is negated.
type SignedPart<'p> = (&'p ConditionPart, bool);

/// What a list of this kind consists of. What is not “a or b” is “not a and not b”, a list in a list of its own kind is a
/// part of that, and so is a list of one.
fn parts_of_list(part: &ConditionPart, is_negated: bool, is_all: bool) -> Vec<SignedPart<'_>> {
    match part {
        ConditionPart::Not(part) => parts_of_list(part, !is_negated, is_all),
        ConditionPart::All(parts) | ConditionPart::Any(parts)
            if parts.len() == 1 || is_all_of(part, is_negated) == is_all =>
        {
            parts.iter().flat_map(|part| parts_of_list(part, is_negated, is_all)).collect()
        }
        _ => vec![(part, is_negated)],
    }
}

/// Whether a list asks for all of its parts.
fn is_all_of(list: &ConditionPart, is_negated: bool) -> bool {
    matches!(list, ConditionPart::All(_)) != is_negated
}

fn add_parts(lines: &mut Vec<ConditionLine>, parts: &[SignedPart], depth: usize, word: &'static str) {
    for (at, (part, is_negated)) in parts.iter().enumerate() {
        let join = (at > 0).then_some(word);
        if let ConditionPart::Fact(fact) = part {
            let words = if *is_negated { &fact.words.negation } else { &fact.words.sentence };
            lines.push(ConditionLine { depth, join, text: with_isolated_quotes(words) });
            continue;
        }
        let is_all = is_all_of(part, *is_negated);
        let (head, word) =
            if is_all { ("all of these hold:", "and") } else { ("at least one of these holds:", "or") };
        lines.push(ConditionLine { depth, join, text: head.to_owned() });
        add_parts(lines, &parts_of_list(part, *is_negated, is_all), depth + 1, word);
    }
}

/// What the names stand for that these conditions mention, directly or not, by name.
pub(super) fn names_of<'p>(
    conditions: impl Iterator<Item = &'p ConditionPart>,
    definitions: &BTreeMap<String, FlowDefinition>,
) -> Vec<DefinitionText> {
    let mut mentioned = BTreeSet::new();
    conditions.for_each(|part| mention(part, &mut mentioned));
    let mut waiting: Vec<String> = mentioned.iter().cloned().collect();
    while let Some(name) = waiting.pop() {
        let Some(definition) = definitions.get(&name) else { continue };
        let mut more = BTreeSet::new();
        definition.parts.iter().for_each(|part| mention(part, &mut more));
        more.extend(definition.hours.iter().flat_map(|hours| hours.names.iter().cloned()));
        let new: Vec<String> = more.into_iter().filter(|name| !mentioned.contains(name)).collect();
        mentioned.extend(new.iter().cloned());
        waiting.extend(new);
    }
    let known = mentioned.iter().filter_map(|name| definitions.get_key_value(name));
    known.map(|(name, definition)| words(name, definition)).collect()
}

fn words(name: &str, definition: &FlowDefinition) -> DefinitionText {
    let lines = match (&definition.hours, &definition.parts) {
        (Some(hours), _) => {
            let text = with_isolated_quotes(&hours.sentence);
            vec![ConditionLine { depth: 0, join: None, text }]
        }
        (None, parts) => condition_lines(parts.as_ref()),
    };
    let has_dates = definition.hours.as_ref().is_some_and(has_dates)
        || definition.parts.as_ref().is_some_and(|parts| !dated_parts(parts).is_empty());
    DefinitionText { name: clean(name), lines, has_dates }
}

/// The facts of a condition in which dates are written.
pub(super) fn dated_parts(part: &ConditionPart) -> Vec<ConditionLine> {
    match part {
        ConditionPart::All(parts) | ConditionPart::Any(parts) => parts.iter().flat_map(dated_parts).collect(),
        ConditionPart::Not(part) => dated_parts(part),
        ConditionPart::Fact(fact) => {
            let is_dated = fact.words.hours.as_ref().is_some_and(|hours| !hours.dates.is_empty());
            let line =
                || ConditionLine { depth: 0, join: None, text: with_isolated_quotes(&fact.words.sentence) };
            is_dated.then(line).into_iter().collect()
        }
    }
}

fn has_dates(hours: &HoursWords) -> bool {
    !hours.except.is_empty()
        || !hours.names.is_empty()
        || hours.open.iter().any(|part| !part.dates.is_empty())
}

/// The names that a condition mentions.
fn mention(part: &ConditionPart, names: &mut BTreeSet<String>) {
    match part {
        ConditionPart::All(parts) | ConditionPart::Any(parts) => {
            for part in parts {
                mention(part, names);
            }
        }
        ConditionPart::Not(part) => mention(part, names),
        ConditionPart::Fact(fact) => {
            if matches!(fact.words.subject, "definition" | "during") {
                names.extend(fact.words.name.clone());
            }
        }
    }
}
