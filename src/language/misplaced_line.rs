//! Lines that stand twice or in the wrong order where an item starts, items without their first word, and items of which the
//! rest became a comment.

use std::ops::Range;

use super::error_site::ErrorSite;
use super::grammar;
use super::lexer::{Token, TokenKind};
use super::repair::{FORGOTTEN, LONGEST};
use super::vocabulary::ItemWord;
use crate::diagnostic::{Code, Finding};
use crate::text::{Source, Span};

/// The finding about the last line of `part`, an item that cannot be read, or the first one of the `next`; and whether the
/// next cannot be read by itself either.
pub(super) fn misplaced_line(source: &Source, part: &[Token], next: &[Token]) -> Option<(Finding, bool)> {
    let (last, again) = (part.last()?, next.first()?);
    let between = source.text.get(last.span.end as usize..again.span.start as usize)?;
    let is_next = between.matches('\n').count() == 1 && between.trim().is_empty();
    if !is_next {
        return None;
    }
    // With a head above it, the line begins no item of its own.
    let has_head = part.iter().skip(1).any(|token| token.first);
    let repeated = repeated_line(source, part, again.span.start).map(|finding| (finding, has_head));
    repeated.or_else(|| Some((swapped_lines(source, part, next)?, true)))
}

/// The start of an item that is there again on the next line, with the rest of it.
fn repeated_line(source: &Source, part: &[Token], again: u32) -> Option<Finding> {
    let start = part.iter().rfind(|token| token.first)?.span;
    let span = start.to(part.last()?.span);
    let line = source.slice(span);
    let rest = source.text.get(again as usize..)?;
    let is_same = rest.starts_with(line) && rest.get(line.len()..)?.starts_with(['\r', '\n']);
    let finding = Finding::new(Code::Syntax, &source.name, span, "this line is here twice");
    is_same.then(|| finding.fix("remove one of them", Span { end: again, ..span }, ""))
}

/// `rule "x"`, `assign owner` and then `when a:`: two lines that make sense only the other way round.
fn swapped_lines(source: &Source, part: &[Token], next: &[Token]) -> Option<Finding> {
    let text = &source.text;
    let item = part.first()?.span.start as usize..part.last()?.span.end as usize;
    let other = next.first()?.span.start as usize..next.last()?.span.end as usize;
    if other.end - item.start > LONGEST || part.iter().filter(|token| token.first).count() > LONGEST {
        return None;
    }
    let upper = line_at(text, part.iter().rfind(|token| token.first)?.span.start as usize);
    let lower = line_at(text, other.start);
    let (above, moved, line) = (
        text.get(item.start..upper.start.max(item.start))?,
        text.get(upper.clone())?,
        text.get(lower.clone())?,
    );
    let below = text.get(lower.end..other.end.max(lower.end))?;
    let reads = |item: &str| grammar::parse_item(item.trim()).is_ok();
    let is_whole = reads(&format!("{above}{line}{moved}{below}"));
    // The line above belongs to the item below, and what stands before it is an item without it.
    let is_lower = || {
        !reads(text.get(other).unwrap_or_default()) && reads(above) && reads(&format!("{line}{moved}{below}"))
    };
    // What stands between `"""` is no line of the item.
    if moved.trim().is_empty()
        || moved.contains("\"\"\"")
        || line.contains("\"\"\"")
        || !(is_whole || is_lower())
    {
        return None;
    }
    let message = "these two lines are in the wrong order";
    let span = Span::new(upper.start, lower.start + line.trim_end().len());
    let broken = if line.ends_with('\n') { "" } else { "\n" };
    let written = format!("{line}{broken}{}", moved.trim_end_matches(['\r', '\n']));
    let end = if line.ends_with('\n') { format!("{written}\n") } else { written };
    let finding = Finding::new(Code::Syntax, &source.name, span, message);
    Some(finding.fix("swap them", Span::new(upper.start, lower.end), end))
}

/// The line of byte `at` with its break.
fn line_at(text: &str, at: usize) -> Range<usize> {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    start..at + after.find('\n').map_or(after.len(), |end| end + 1)
}

/// `assign owner rule "x" when vip: …`: an item that starts behind a complete one, in the middle of its line. `part` has both,
/// and `next` may be the rest of the second.
pub(super) fn joined_items(
    source: &Source,
    site: &ErrorSite<'_, '_>,
    part: &[Token],
    next: &[Token],
) -> Option<Finding> {
    let here = site.current().filter(|here| !here.first)?;
    // `assign owner otherwise: assign nobody` may also mean an alternative.
    let word = ItemWord::parse(site.text_of(here)).filter(|word| *word != ItemWord::Otherwise)?;
    // A sign that slipped in before the first word of a line does not join it to the line above.
    let end = site.before().next().filter(|before| !before.first)?.span.end as usize;
    let (first, last) = (site.to_file_span(&here.span.range()), part.last()?.span.end);
    let whole = next.last().map_or(last, |next| next.span.end);
    let reads = |end: u32| {
        let rest = source.text.get(first.start as usize..end as usize);
        rest.is_some_and(|rest| rest.len() <= LONGEST && grammar::parse_item(rest).is_ok())
    };
    if end > LONGEST
        || grammar::parse_item(site.text().get(..end)?).is_err()
        || !(reads(last) || reads(whole))
    {
        return None;
    }
    let message = format!("`{}` starts on a line of its own", word.word());
    let gap = site.to_file_span(&(end..here.span.start as usize));
    Some(Finding::new(Code::Syntax, &source.name, first, message).fix("start a line with it", gap, "\n"))
}

/// `assign group # "Sales" by hand`: the rest of `part`, an item that cannot be read, is a comment on its last line.
pub(super) fn commented_rest(source: &Source, part: &[Token]) -> Option<Finding> {
    let (start, end) = (part.first()?.span.start as usize, part.last()?.span.end as usize);
    let item = source.text.get(start..end).filter(|item| item.len() <= LONGEST)?;
    let line = source.text.get(end..)?.split('\n').next()?.trim_end();
    let comment = line.trim_start().strip_prefix('#')?;
    let at = end + line.len() - comment.len() - 1;
    let reads = |rest: &str| grammar::parse_item(&format!("{item}{rest}")).is_ok();
    if !reads(&format!(" {}", comment.trim())) || FORGOTTEN.iter().any(|sign| reads(sign)) {
        return None;
    }
    let span = Span::new(at, end + line.len());
    let finding = Finding::new(Code::Syntax, &source.name, span, "what is missing here follows the `#`");
    let finding = finding.help("everything after `#` is a comment, up to the end of the line");
    let blanks = usize::from(comment.starts_with(' '));
    Some(finding.fix("remove the `#`", Span::new(at, at + 1 + blanks), ""))
}

/// `"x"` with `when` on the next line, `"x":` with the lines of a test: the first word of the item is missing. `rest` is
/// what cannot be read.
pub(super) fn missing_head(source: &Source, rest: &[Token]) -> Option<Finding> {
    let first = rest.first().filter(|first| first.first && first.kind == TokenKind::Text)?;
    let end = rest.last()?.span.end as usize;
    let start = first.span.start as usize;
    let item = source.text.get(start..end).filter(|item| item.len() <= LONGEST)?;
    let after = source.text.get(end..)?;
    let next = after
        .trim_start_matches([' ', '\t', '\r'])
        .strip_prefix('\n')
        .unwrap_or_default()
        .trim_start_matches([' ', '\t']);
    let is_guard = ["when ", "otherwise:"].iter().any(|guard| next.starts_with(guard));
    let word = match rest {
        [_] if is_guard => "rule",
        [_, ..] if grammar::parse_item(&format!("test {item}")).is_ok() => "test",
        [_, ..] if grammar::parse_item(&format!("rule {item}")).is_ok() => "rule",
        _ => return None,
    };
    let message =
        format!("`{word}` is missing before {}", super::error_site::quote(source.slice(first.span)));
    let finding = Finding::new(Code::Syntax, &source.name, first.span, message);
    let place = Span { start: first.span.start, end: first.span.start };
    Some(finding.fix(format!("write `{word}`"), place, format!("{word} ")))
}
