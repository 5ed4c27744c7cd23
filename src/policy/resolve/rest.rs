//! What could be read of items with a syntax error: the names in it are resolved, so that the mistakes in them are found
//! in the same run. Nothing is asked of the items as wholes, because what is missing may be in the part that was skipped.

use super::context::Context;
use super::names::Names;
use super::{condition, rule, test_block};
use crate::diagnostic::{Finding, Level};
use crate::language::ast::{Guard, Item};

/// Resolves the names in the rests of broken items, for their findings only.
pub(super) fn resolve_rests(cx: &mut Context<'_>, names: &Names) {
    for item in cx.file.tree().broken.iter().filter_map(|broken| broken.rest.as_deref()) {
        match item {
            Item::Rule(rule) => {
                if let Guard::When(when) = &rule.guard {
                    condition::resolve(cx, names, when);
                }
                for action in &rule.actions {
                    rule::resolve_action(cx, action);
                }
            }
            Item::Definition(definition) => {
                condition::resolve(cx, names, &definition.condition);
            }
            Item::Test(test) => {
                test_block::resolve_names(cx, test);
            }
            Item::Hours(_) | Item::Dates(_) | Item::TimeZone(_) | Item::Use(_) => {}
        }
    }
}

/// Drops the findings about what a syntax error is already about: they come from the same mistake.
pub(super) fn drop_consequences(findings: &mut Vec<Finding>, syntax: &[Finding]) {
    // The parser's findings are in the order of the file.
    let errors: Vec<_> = syntax.iter().filter(|finding| finding.level == Level::Error).collect();
    findings.retain(|finding| {
        let next = errors.partition_point(|error| error.span.end < finding.span.start);
        let near = errors.get(next..).unwrap_or_default().iter().take(2);
        let is_consequence = |error: &Finding| {
            let overlaps = error.span.start < finding.span.end && finding.span.start < error.span.end;
            let touches = error.span.start <= finding.span.end && finding.span.start <= error.span.end;
            overlaps || (touches && error.fix.is_none())
        };
        !near.copied().any(is_consequence)
    });
}
