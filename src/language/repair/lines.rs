//! Lines of an item that stand twice or in the wrong order, code that became a comment, and brackets in another place of
//! their line.

use super::super::error_site::{ErrorSite, quote};
use super::super::lexer::{Token, TokenKind};
use super::rivals::makes_sense;
use super::{FORGOTTEN, LONGEST, Repair, edit, insert, remove};
use crate::diagnostic::Edit;

/// How many places are tried for a bracket, at most.
const TRIES: usize = 40;

/// A line that is there twice in a row
pub(super) fn line_twice(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.first)?;
    let end = site.before().next()?.span.end as usize;
    let (above, below) = (site.text().get(..end)?, site.text().get(here.span.start as usize..)?);
    let line = below.lines().next()?.trim_end();
    let is_same = above.rsplit('\n').next()?.trim_start() == line;
    let last = here.span.start as usize + line.len();
    let removed = edit(end..last, "");
    (is_same && is_whole(site, std::slice::from_ref(&removed))).then(|| {
        let repair = Repair::new(site, "this line is here twice", vec![removed]);
        let repair = repair.title("remove one of them").at(here.span.start as usize..last);
        Repair { whole: true, certain: true, ..repair }
    })
}

/// `rule "x"`, `assign owner` and then `when a:`: two lines that make sense only the other way round
pub(super) fn lines_swapped(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let text = site.text();
    let here = site.line();
    let line_before = |start: usize| {
        let end = start.checked_sub(1)?;
        Some(text.get(..end)?.rfind('\n').map_or(0, |at| at + 1)..end)
    };
    let line_after = |end: usize| {
        let start = (end < text.len()).then_some(end + 1)?;
        Some(start..start + text.get(start..)?.find('\n').unwrap_or(text.len() - start))
    };
    let pairs = [
        line_before(here.start).map(|before| (before, here.clone())),
        line_after(here.end).map(|after| (here.clone(), after)),
    ];
    let mut swaps = pairs.into_iter().flatten().filter_map(|(upper, lower)| {
        let (above, below) = (text.get(upper.clone())?, text.get(lower.clone())?);
        // What stands between `"""` is no line of the item.
        let is_other = |line: &str| line.trim().is_empty() || line.contains("\"\"\"");
        let swapped = edit(upper.start..lower.end, format!("{below}\n{above}"));
        (!is_other(above) && !is_other(below) && is_whole(site, std::slice::from_ref(&swapped)))
            .then_some(swapped)
    });
    let swapped = swaps.next()?;
    let range = swapped.span.range();
    let is_only = swaps.next().is_none();
    let repair = Repair::new(site, "these two lines are in the wrong order", vec![swapped]);
    let repair = repair.title("swap them").at(range);
    is_only.then_some(Repair { whole: true, certain: true, ..repair })
}

/// `has_owner # and vip)`: what is missing follows the `#`
pub(super) fn commented(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let before = site.before().next()?;
    let next = site.patched.tokens.partition_point(|token| token.span.start < before.span.end);
    let comment =
        site.patched.tokens.get(next).filter(|next| next.kind == TokenKind::Comment && !next.first)?;
    let start = comment.span.start as usize;
    let blanks = site.text().get(start + 1..)?.starts_with(' ');
    let edits = vec![edit(start..start + 1 + usize::from(blanks), "")];
    let end = before.span.end as usize;
    if !is_whole(site, &edits) || FORGOTTEN.iter().any(|sign| makes_sense(site, &[insert(end, *sign)])) {
        return None;
    }
    let repair = Repair::new(site, "what is missing here follows the `#`", edits).at(comment.span.range());
    let repair = repair.help("everything after `#` is a comment, up to the end of the line");
    Some(Repair { whole: true, certain: true, ..repair.title("remove the `#`") })
}

/// `customer[.city is any "a", "b"]`: the bracket of a list in another place of its line, where only one makes sense
pub(super) fn moved_bracket(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    // `any ["a" and "b"]` lacks a comma, and its bracket stands where it should.
    let is_comma =
        site.current().is_some_and(|here| !here.first && makes_sense(site, &[edit(here.span.range(), ",")]));
    if is_comma {
        return None;
    }
    let line = site.line();
    let on_line =
        |token: &&Token| line.start <= token.span.start as usize && token.span.end as usize <= line.end;
    let tokens: Vec<Token> = site.patched.tokens.iter().filter(on_line).copied().collect();
    let is_bracket = |token: &&Token| matches!(site.text_of(**token), "[" | "]");
    let moves = tokens.iter().filter(is_bracket).flat_map(|bracket| {
        let sign = site.text_of(*bracket);
        let fits = move |token: &&Token| match sign {
            "[" => site.text_of(**token) == "any",
            _ => matches!(token.kind, TokenKind::Text | TokenKind::Number | TokenKind::Word),
        };
        let put = if sign == "[" { " [" } else { "]" };
        let removed = || {
            let touches = |at: Option<char>| at.is_some_and(|c| c.is_alphanumeric() || c == '_');
            let (before, after) =
                site.text().split_at_checked(bracket.span.start as usize).unwrap_or_default();
            let joins = touches(before.chars().next_back()) && touches(after.chars().nth(1));
            if joins { edit(bracket.span.range(), " ") } else { remove(site.text(), bracket.span.range()) }
        };
        tokens
            .iter()
            .filter(fits)
            .map(move |token| (*bracket, removed(), insert(token.span.end as usize, put)))
    });
    let is_free = |(_, removed, put): &(Token, Edit, Edit)| {
        put.span.end <= removed.span.start || removed.span.end <= put.span.start
    };
    let mut fitting = moves
        .filter(is_free)
        .take(TRIES)
        .filter(|(_, removed, put)| is_whole(site, &[removed.clone(), put.clone()]));
    let (bracket, removed, put) = fitting.next()?;
    let sign = site.text_of(bracket);
    let message = format!("the `{sign}` of the list is in the wrong place");
    let place = tokens.iter().find(|token| token.span.end == put.span.start)?;
    let title = format!("write it after {}", quote(site.text_of(*place)));
    let is_only = fitting.next().is_none();
    let repair = Repair::new(site, message, vec![removed, put]).at(bracket.span.range()).title(title);
    is_only.then_some(Repair { whole: true, certain: true, ..repair })
}

fn is_whole(site: &ErrorSite<'_, '_>, edits: &[Edit]) -> bool {
    site.text().len() <= LONGEST && makes_sense(site, edits)
}
