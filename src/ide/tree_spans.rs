//! The spans of the parts of a syntax tree around a place.

use super::occurrence::touches;
use crate::language::ast::{
    Action, Condition, ConditionKind, File, Guard, HoursEntry, Item, ValueTest, Values,
};
use crate::text::Span;

/// Adds the spans of the conditions, actions, alternatives, entries and lines of `file` that touch `at`.
pub(super) fn tree_spans(file: &File, at: u32, spans: &mut Vec<Span>) {
    let rests = file.broken.iter().filter_map(|broken| broken.rest.as_deref());
    for item in file.items.iter().chain(rests).filter(|item| touches(item.span(), at)) {
        match item {
            Item::Rule(rule) => {
                if let Guard::When(when) = &rule.guard {
                    condition(when, at, spans);
                }
                actions(&rule.actions, spans);
            }
            Item::Definition(definition) => condition(&definition.condition, at, spans),
            Item::Hours(hours) => {
                for entry in &hours.entries {
                    hours_entry(entry, spans);
                }
            }
            Item::Test(test) => spans.extend(test.expects.iter().map(|expect| expect.span)),
            Item::Dates(_) | Item::TimeZone(_) | Item::Use(_) => {}
        }
    }
}

fn condition(found: &Condition, at: u32, spans: &mut Vec<Span>) {
    if !touches(found.span, at) {
        return;
    }
    spans.push(found.span);
    match &found.kind {
        ConditionKind::Or(parts) | ConditionKind::And(parts) => {
            for part in parts {
                condition(part, at, spans);
            }
        }
        ConditionKind::Not(part) | ConditionKind::Parens(part) => condition(part, at, spans),
        ConditionKind::Message(test)
        | ConditionKind::MessagePart { test: Some(test), .. }
        | ConditionKind::CustomerPart { test: Some(test), .. } => value_test(test, spans),
        ConditionKind::CustomerTag(values) | ConditionKind::ChatTag(values) => spans.push(values.span),
        _ => {}
    }
}

fn value_test(test: &ValueTest, spans: &mut Vec<Span>) {
    let values: &Values = match test {
        ValueTest::Is { values, .. } | ValueTest::Contains { values, .. } | ValueTest::StartsWith(values) => {
            values
        }
        ValueTest::Matches(_) | ValueTest::Compare(_) => return,
    };
    spans.push(values.span);
}

fn actions(actions: &[Action], spans: &mut Vec<Span>) {
    for action in actions {
        spans.push(action.span());
        if let Action::Assign(assign) = action {
            spans.extend(assign.alternatives.iter().map(|alternative| alternative.span));
        }
    }
    if let (Some(first), Some(last)) = (actions.first(), actions.last()) {
        spans.push(first.span().to(last.span()));
    }
}

fn hours_entry(entry: &HoursEntry, spans: &mut Vec<Span>) {
    spans.push(entry.span);
    spans.extend(entry.times.iter().map(|time| time.span));
}
