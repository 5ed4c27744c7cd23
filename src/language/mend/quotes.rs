//! Quotes: other ones, missing ones, needless ones.

use std::ops::Range;

use super::super::grammar::Kind;
use super::super::place::{Place, quote};
use super::super::scan::{self, Lexeme};
use super::super::vocabulary;
use super::{Mend, edit, insert};
use crate::diagnostic::Edit;

/// Most places where a missing quote is tried.
const TRIES: usize = 32;

/// `“Sales”`, `'Sales'`, `"""Sales"""` on one line
pub(super) fn other_quotes(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|here| here.kind == scan::Kind::Quoted)?;
    let said = place.said(here);
    let range = here.span.range();
    if said.starts_with("\"\"\"") {
        return Some(block(place, said, &range));
    }
    let (open, close) = (said.chars().next()?, said.chars().next_back()?);
    let inner = range.start + open.len_utf8()..range.end - close.len_utf8();
    let mut edits = vec![edit(range.start..inner.start, "\"")];
    let body = place.text().get(inner.clone()).unwrap_or_default();
    edits.extend(body.match_indices('"').map(|(at, _)| insert(inner.start + at, "\\")));
    edits.push(edit(inner.end..range.end, "\""));
    let kind = match open {
        '\'' => "single",
        '`' => "backward",
        '«' | '»' | '‹' | '「' => "angled",
        _ => "curly",
    };
    let mend = Mend::new(place, format!("{} stands in {kind} quotes", quote(said)), edits);
    Some(mend.help("texts stand in straight quotes: `\"`").title("write straight quotes").at(range))
}

/// A `"""` text that begins or ends in the middle of a line.
fn block(place: &Place<'_, '_>, said: &str, range: &Range<usize>) -> Mend {
    if !said.contains('\n') {
        let edits = vec![edit(range.start..range.start + 3, "\""), edit(range.end - 3..range.end, "\"")];
        return Mend::new(place, "a text on one line stands between single `\"`", edits)
            .title("write `\"`")
            .at(range.clone());
    }
    let mut edits = Vec::new();
    let opens = said.lines().next().is_some_and(|line| line.trim_end() == "\"\"\"");
    let closes = said.lines().last().is_some_and(|line| line.trim() == "\"\"\"");
    if !opens {
        edits.push(insert(range.start + 3, "\n"));
    }
    if !closes {
        edits.push(insert(range.end - 3, "\n"));
    }
    Mend::new(place, "a `\"\"\"` text begins after the end of a line and ends at the start of one", edits)
        .help("write `\"\"\"` at the end of a line, then the lines, then `\"\"\"` on a line of its own")
        .title("break the lines so")
        .at(range.clone())
}

/// `"Sales` without its end
pub(super) fn unclosed(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|here| here.kind == scan::Kind::Unclosed)?;
    let said = place.said(here);
    let range = here.span.range();
    if said.starts_with("\"\"\"") {
        return Some(unclosed_block(place, said, range));
    }
    let open = said.chars().next()?;
    let (closing, what) = if open == '/' { ("/", "pattern") } else { ("\"", "text") };
    let opening =
        (!matches!(open, '"' | '/')).then(|| edit(range.start..range.start + open.len_utf8(), "\""));
    let body = range.start + open.len_utf8();
    if let Some(before) = place
        .before()
        .next()
        .filter(|before| before.kind == scan::Kind::Word && before.span.end == here.span.start)
    {
        return Some(Mend { whole: true, ..beginning(place, before) });
    }
    let ways = ends(place.text().get(body..range.end)?, body)
        .into_iter()
        .map(|end| opening.iter().cloned().chain([edit(end, closing)]).collect())
        .collect();
    let mend = Mend::new(place, format!("{} is not closed", quote(said)), Vec::new())
        .help(format!("a {what} ends with `{closing}` on the line it begins on"))
        .title(format!("write the missing `{closing}`"))
        .at(range);
    Some(Mend { ways, ..mend })
}

/// Where a text could have ended: a closing quote of another kind, the end of each word, the end of the line.
fn ends(body: &str, start: usize) -> Vec<Range<usize>> {
    let mut ends: Vec<Range<usize>> = Vec::new();
    let mut previous = ' ';
    for (at, character) in body.char_indices() {
        let place = start + at;
        if scan::is_quote(character) && character != '"' && !previous.is_whitespace() {
            ends.push(place..place + character.len_utf8());
        } else if !is_wordy(character) && is_wordy(previous) {
            ends.push(place..place);
        }
        previous = character;
        if ends.len() >= TRIES {
            break;
        }
    }
    let line_end = start + body.trim_end_matches([',', ':', ' ', '\t']).len();
    ends.push(line_end..line_end);
    ends
}

fn is_wordy(character: char) -> bool {
    !character.is_whitespace() && !matches!(character, ',' | ':' | ')' | ']') && !scan::is_quote(character)
}

fn unclosed_block(place: &Place<'_, '_>, said: &str, range: Range<usize>) -> Mend {
    let mut edits = Vec::new();
    if said.lines().next().is_some_and(|line| line.trim_end() != "\"\"\"") {
        edits.push(insert(range.start + 3, "\n"));
    }
    edits.push(insert(range.end, "\n\"\"\""));
    // Where it was meant to end nobody can tell.
    Mend::new(place, "this text is not closed", edits)
        .help("write `\"\"\"` on a line of its own after it")
        .at(range.start..range.start + 3)
        .without_fix()
}

/// `"Sales by random, reply "Hi"`: a quote is missing in a text before, so its texts and words change places
pub(super) fn stray(place: &Place<'_, '_>) -> Option<Mend> {
    let (before, here) = (place.before().next()?, place.here()?);
    let is_odd = before.kind == scan::Kind::Text
        && !place.breaks_between(before, here)
        && place
            .after()
            .take_while(|next| !next.first)
            .chain([here])
            .any(|next| next.kind == scan::Kind::Unclosed);
    let said = is_odd.then(|| place.said(before)).filter(|said| !said.starts_with("\"\"\""))?;
    let start = before.span.start as usize + 1;
    let body = said.get(1..said.len() - 1)?;
    let ways = ends(body, start).into_iter().map(|end| vec![edit(end, "\"")]).collect();
    let mend = Mend::new(place, format!("{} is closed too late", quote(said)), Vec::new())
        .help("a `\"` is missing in it")
        .title("write the missing `\"`")
        .at(before.span.range());
    Some(Mend { ways, whole: true, ..mend })
}

/// `Sales"` without its beginning
pub(super) fn unopened(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|_| expects_text(place))?;
    let rest = place.after().take_while(|next| !next.first);
    let mut adjacent = rest.skip_while(|next| next.kind == scan::Kind::Word);
    adjacent.next().filter(|next| next.kind == scan::Kind::Unclosed && place.said(*next).starts_with('"'))?;
    Some(beginning(place, here))
}

fn beginning(place: &Place<'_, '_>, first: Lexeme) -> Mend {
    let message = format!("the `\"` before {} is missing", quote(place.said(first)));
    let mend = Mend::new(place, message, vec![insert(first.span.start as usize, "\"")]);
    mend.title("write the missing `\"`").at(first.span.range())
}

fn expects_text(place: &Place<'_, '_>) -> bool {
    [Kind::text, Kind::user, Kind::turn, Kind::value, Kind::values].iter().any(|kind| place.expects(*kind))
}

/// `customer.country is EG`
pub(super) fn bare_value(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|here| here.kind == scan::Kind::Word)?;
    let said = place.said(here);
    let is_value = place.expects(Kind::value) || place.expects(Kind::values);
    if !is_value || vocabulary::is_reserved(&said.to_lowercase()) {
        return None;
    }
    Some(quoted(place, here.span.range()))
}

/// `group Sales`, `reply Hello there`, `timezone Africa/Cairo`
pub(super) fn bare_text(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here()?;
    let is_text = [Kind::text, Kind::user, Kind::turn].iter().any(|kind| place.expects(*kind));
    let can_be = matches!(here.kind, scan::Kind::Word | scan::Kind::Number) || place.said(here) == "+";
    if !(is_text && can_be) {
        return None;
    }
    let start = here.span.start as usize;
    let before = place.before().next().map(|before| place.said(before)).unwrap_or_default();
    if before.eq_ignore_ascii_case("reply") {
        let line = place.text().get(start..)?.lines().next()?.trim_end();
        let end = start + line.trim_end_matches([',', ' ']).len();
        return Some(quoted(place, start..end));
    }
    Some(quoted(place, run(place, here)))
}

/// The stretch of words from `first` on that could be one name: `Sales`, `Sales Team`, `Africa/Cairo`.
pub(super) fn run(place: &Place<'_, '_>, first: Lexeme) -> Range<usize> {
    let start = first.span.start as usize;
    let mut end = first.span.end as usize;
    let rest = place.draft.lexemes.iter().filter(|lexeme| lexeme.span.start > first.span.start).take(TRIES);
    for next in rest {
        let said = place.said(*next);
        let touches = next.span.start as usize == end && !matches!(said, "," | ":" | ")" | "]");
        let is_free = next.kind == scan::Kind::Word && !vocabulary::is_reserved(said);
        if next.first || !(touches || is_free) {
            break;
        }
        end = next.span.end as usize;
    }
    start..end
}

/// Quotes around `range`, which has none.
fn quoted(place: &Place<'_, '_>, range: Range<usize>) -> Mend {
    let said = place.text().get(range.clone()).unwrap_or_default();
    Mend::new(place, format!("{} has no quotes around it", quote(said)), around(&range))
        .help(format!("names and texts stand in quotes: write `\"{said}\"`"))
        .title("write quotes around it")
        .at(range)
}

/// Quotes around `range`.
pub(super) fn around(range: &Range<usize>) -> Vec<Edit> {
    vec![insert(range.start, "\""), insert(range.end, "\"")]
}

/// `by "random"`, `let "vip" = …`: words of the language and names of definitions have no quotes
pub(super) fn quoted_word(place: &Place<'_, '_>) -> Option<Mend> {
    const BARE: [Kind; 9] = [
        Kind::name,
        Kind::word,
        Kind::algorithm,
        Kind::pool,
        Kind::calendar,
        Kind::condition,
        Kind::every,
        Kind::part,
        Kind::term,
    ];
    let here = place.here().filter(|here| here.kind == scan::Kind::Text)?;
    let inner = place.said(here).strip_prefix('"')?.strip_suffix('"')?;
    let word = inner.trim().to_lowercase().replace([' ', '-'], "_");
    let fits = word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !fits || !BARE.iter().any(|kind| place.expects(*kind)) {
        return None;
    }
    let mend = Mend::new(
        place,
        format!("{} is no text here", quote(place.said(here))),
        vec![edit(here.span.range(), &*word)],
    );
    Some(mend.help("this is a word, and words have no quotes"))
}
