//! Names of hours and dates: what `during` and `except` refer to.

use std::sync::Arc;

use super::context::Context;
use super::names::{Name, Names};
use crate::diagnostic::{Code, Finding, nearest};
use crate::language::{ast, month, short_days};
use crate::policy::calendar::{Calendar, DateSet};
use crate::policy::outline::NameKind;

/// The hours that `during NAME` means.
pub(super) fn hours<'a>(cx: &mut Context<'a>, names: &Names, word: &'a ast::Word) -> Option<Arc<Calendar>> {
    let name = time_name(cx, names, word, "hours or dates")?;
    if name.kind == NameKind::Condition {
        let message = format!("`{}` is a condition, not hours or dates", word.value);
        let finding = cx.error(Code::TypeMismatch, word.span, message).help("remove `during`");
        cx.report(finding);
    }
    let dates =
        || cx.dates.get(word.value.as_str()).map(|dates| Arc::new(Calendar::of_dates(Arc::clone(dates))));
    cx.hours.get(word.value.as_str()).cloned().or_else(dates)
}

/// The dates that a name after `except`, or in a list of dates, means.
fn dates(cx: &mut Context<'_>, names: &Names, word: &ast::Word) -> Option<Arc<DateSet>> {
    let name = time_name(cx, names, word, "dates")?;
    if let NameKind::Condition | NameKind::Hours = name.kind {
        let is = if name.kind == NameKind::Hours { "names hours" } else { "is a condition" };
        let message = format!("`{}` {is}, but only dates are allowed here", word.value);
        cx.report(
            cx.error(Code::TypeMismatch, word.span, message)
                .help("define dates with `dates NAME = dec 25, …`"),
        );
    }
    cx.dates.get(word.value.as_str()).cloned()
}

fn time_name<'n>(cx: &mut Context<'_>, names: &'n Names, word: &ast::Word, what: &str) -> Option<&'n Name> {
    let Some(name) = names.get(&word.value) else {
        if !names.may_be_defined_elsewhere(&word.value) {
            let times = names.iter().filter(|(_, name)| name.kind != NameKind::Condition);
            let finding = cx.error(
                Code::UnknownDefinition,
                word.span,
                format!("no {what} are called `{}`", word.value),
            );
            cx.report_with(finding, |finding| match nearest(&word.value, times.map(|(name, _)| name)) {
                Some(near) => finding.did_you_mean(near, word.span, near),
                None if month(&word.value).is_some() => {
                    finding.help("a month is written with its days: `jun 1..jun 30`")
                }
                None if !short_days(&word.value).is_empty() => {
                    let days = short_days(&word.value).iter().map(|day| format!("`{day}`"));
                    finding.help(format!("a day is written {}", days.collect::<Vec<_>>().join(" or ")))
                }
                None if what == "dates" => finding
                    .help(format!("define them: `dates {} = dec 25, 2026-03-20..2026-03-22`", word.value)),
                None => finding.help(format!("define them: `hours {} = mon-fri 09:00-17:00`", word.value)),
            });
        }
        return None;
    };
    cx.record_mention(word, &name.file);
    Some(name)
}

/// Runs `step`, which resolves hours or dates, with a lookup for the names of dates; and reports its findings.
pub(super) fn with_dates<T>(
    cx: &mut Context<'_>,
    names: &Names,
    step: impl FnOnce(&mut dyn FnMut(&ast::Word) -> Option<Arc<DateSet>>, &Arc<str>, &mut Vec<Finding>) -> T,
) -> T {
    let mut findings = Vec::new();
    let file = Arc::clone(&cx.file.source.name);
    let result = step(&mut |word| dates(cx, names, word), &file, &mut findings);
    for finding in findings {
        cx.report(finding);
    }
    result
}
