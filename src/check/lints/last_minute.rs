//! Hours that end at `…:59`, which leave a minute closed.

use std::sync::Arc;

use crate::check::conditions::each_condition;
use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{ConditionKind, During, HoursEntry, Item};
use crate::text::Span;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::LastMinute, page: include_str!("last_minute.md"), pass: Pass::File(check) };

fn check(_: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let name = &file.file.source.name;
    let tree = file.file.tree();
    for item in &tree.items {
        if let Item::Hours(hours) = item {
            findings.extend(hours.entries.iter().flat_map(|entry| ends(entry, name)));
        }
    }
    each_condition(tree, &mut |condition| {
        if let ConditionKind::During(During::Entry(entry)) = &condition.kind {
            findings.extend(ends(entry, name));
        }
    });
}

fn ends<'a>(entry: &'a HoursEntry, file: &'a Arc<str>) -> impl Iterator<Item = Finding> + 'a {
    let early = entry.times.iter().filter(|times| times.value.end.minute == 59 && times.value.end.hour < 24);
    early.map(|times| {
        let hour = times.value.end.hour;
        // An end has five characters: `16:59`.
        let span = Span { start: times.span.end.saturating_sub(5), ..times.span };
        let next = format!("{:02}:00", hour + 1);
        let message = format!(
            "the minute from `{hour:02}:59` to `{next}` is closed, as an end is not part of the hours"
        );
        Finding::new(LINT.code, file, span, message).help(format!("write `{next}`")).fix(
            format!("write `{next}`"),
            span,
            next,
        )
    })
}
