//! Dates, times and numbers with one slip in them: `09%:00-17:00`, `2026-0105`, `14:000`, `30dk`.

use std::collections::BTreeSet;
use std::ops::Range;

use super::super::error_site::ErrorSite;
use super::super::lexer::{Token, TokenKind, lex};
use super::rivals::makes_sense;
use super::{LONGEST, Repair, edit};

/// The longest piece of a line in which a slip is looked for, in characters.
const LONGEST_PIECE: usize = 40;
/// The most characters that slip in together.
const LONGEST_SLIP: usize = 16;

/// `09%:00-17:00`, `2026-0105`, `14:000`, `12:by 00`: a date or times that one slip explains, where no other come out
pub(super) fn date_slip(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    if site.text().len() > LONGEST {
        return None;
    }
    let line = site.line();
    let mut results = BTreeSet::new();
    let mut repairs = Vec::new();
    for range in pieces(site) {
        let Some(written) = site.text().get(range.clone()) else { continue };
        let may_be_meant: BTreeSet<String> =
            one_slip_away(written).into_iter().filter(|other| is_date_or_times(other)).collect();
        for meant in may_be_meant {
            let edits = vec![edit(range.clone(), meant.as_str())];
            if makes_sense(site, &edits) {
                let around = [line.start..range.start, range.end..line.end].map(|part| site.text().get(part));
                let [before, after] = around.map(Option::unwrap_or_default);
                results.insert(format!("{before}{meant}{after}").replace([' ', '\t'], ""));
                let what = if meant.contains(':') { "time" } else { "date" };
                let repair = Repair::new(site, format!("`{written}` is not a {what}"), edits);
                repairs.push(Repair { whole: true, ..repair.at(range.clone()) });
            }
        }
    }
    // `2026-11-11 24 18:30`: another piece of the line may be mended to something else.
    if results.len() == 1 { repairs.into_iter().next() } else { None }
}

/// The pieces of the line that a date or times around the place may be written in: what stands there without a space, and the
/// same with the piece after it or before it.
fn pieces(site: &ErrorSite<'_, '_>) -> Vec<Range<usize>> {
    let line = site.line();
    let (text, at) = (site.text(), site.error.at);
    let Some(here) = site.current().filter(|here| (here.span.start as usize) < line.end) else {
        return Vec::new();
    };
    let at = at.max(here.span.start as usize);
    let start_of = |end: usize| {
        let before = text.get(line.start..end).unwrap_or_default();
        let start = before.rfind([' ', '\t', ',', '=', '(', '[']).map_or(0, |at| at + 1);
        let start = before.rfind("..").map_or(start, |at| start.max(at + 2));
        line.start + start
    };
    let end_of = |start: usize| {
        let rest = text.get(start..line.end).unwrap_or_default();
        let end = rest.find([' ', '\t', '\r']).unwrap_or(rest.len());
        start + rest.get(..end).unwrap_or_default().find("..").unwrap_or(end)
    };
    let skip = |at: usize| {
        let rest = text.get(at..line.end).unwrap_or_default();
        at + rest.len() - rest.trim_start_matches(' ').len()
    };
    let (start, end) = (start_of(at), end_of(at));
    let before = text.get(line.start..start).unwrap_or_default().trim_end_matches(' ').len() + line.start;
    let next = skip(end);
    let ranges = [start..end, start..end_of(next), start_of(before)..end];
    ranges.into_iter().filter_map(|range| trimmed(text, range)).collect()
}

/// The range without what follows a date or times, if it can have one of them.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let piece = text.get(range.clone())?.trim_start_matches([' ', '\t']);
    let start = range.end - piece.len();
    let piece = piece.trim_end_matches([',', ':', ')', ']']);
    let figures = piece.bytes().filter(u8::is_ascii_digit).count();
    let is_short = piece.chars().count() <= LONGEST_PIECE;
    (figures >= 4 && is_short).then(|| start..start + piece.len())
}

/// Whether `text` is one date, one time, or two times, with figures that a date and times can have.
fn is_date_or_times(text: &str) -> bool {
    let has_shape = |shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(byte, wanted)| match wanted {
                b'0' => byte.is_ascii_digit(),
                _ => byte == wanted,
            })
    };
    let figure = |range: Range<usize>| text.get(range).and_then(|figures| figures.parse::<u32>().ok());
    let is_time = |at: usize| match (figure(at..at + 2), figure(at + 3..at + 5)) {
        (Some(24), Some(minute)) => minute == 0,
        (Some(hour), Some(minute)) => hour < 24 && minute < 60,
        _ => false,
    };
    if has_shape("0000-00-00") {
        let is_in = |range: Range<usize>, wanted: std::ops::RangeInclusive<u32>| {
            figure(range).is_some_and(|figure| wanted.contains(&figure))
        };
        return is_in(0..4, 1970..=2199) && is_in(5..7, 1..=12) && is_in(8..10, 1..=31);
    }
    (has_shape("00:00") && is_time(0)) || (has_shape("00:00-00:00") && is_time(0) && is_time(6))
}

/// The texts that differ from `text` in one slip: something is there too much, a sign is missing, is another or stands
/// elsewhere.
fn one_slip_away(text: &str) -> Vec<String> {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let cut = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let with = |range: Range<usize>, instead: &str| {
        format!("{}{instead}{}", cut(0, range.start), cut(range.end, text.len()))
    };
    let signs = [":", "-"];
    let mut others: Vec<String> = Vec::new();
    for (index, from) in places.iter().copied().enumerate() {
        others.extend(signs.map(|sign| with(from..from, sign)));
        for to in places.iter().copied().skip(index + 1).take(LONGEST_SLIP) {
            let piece = cut(from, to);
            if can_slip_in(piece, cut(0, from), cut(to, text.len())) {
                others.push(with(from..to, ""));
            }
            if !piece.contains(|c: char| c.is_ascii_digit()) && lex(piece).len() <= 1 {
                let is_space = piece.trim().is_empty();
                others.extend(
                    signs.iter().filter(|sign| !is_space || **sign == ":").map(|sign| with(from..to, sign)),
                );
            }
        }
        let sign = cut(from, places.get(index + 1).copied().unwrap_or(from));
        if signs.contains(&sign) {
            let rest = with(from..from + sign.len(), "");
            let elsewhere = |at: usize| Some(format!("{}{sign}{}", rest.get(..at)?, rest.get(at..)?));
            others.extend((0..=rest.len()).filter_map(elsewhere));
        }
    }
    others
}

/// Whether `piece` may have slipped in between `before` and `after`: one word, sign or number, or the `.0` of a number.
fn can_slip_in(piece: &str, before: &str, after: &str) -> bool {
    let word = piece.trim_matches(' ');
    let lower = word.to_lowercase();
    let is_one = word.is_empty() || word == ".0" || lex(word).len() == 1;
    // What follows a `#` is no part of the line, and a text is none of a time.
    let is_text = word.starts_with('#') || (word.starts_with(['"', '\'', '/']) && word.len() > 1);
    if !is_one || is_text {
        return false;
    }
    if !word.contains(char::is_alphabetic) {
        return true;
    }
    let is_inside = [before, after].iter().all(|text| text.contains(|c: char| c.is_ascii_digit()));
    let is_glued = word.len() == piece.len();
    match lower.as_str() {
        // `09am:00` is what it was without the `am`, but for the hour after midnight.
        "am" => after.starts_with(':') && !before.ends_with("12"),
        "a" | "m" | "p" | "pm" => false,
        // `09:00Z` is a moment of another time zone.
        "z" | "t" | "utc" | "gmt" => false,
        _ => (is_inside || is_glued) && !may_be_day(&lower),
    }
}

/// Whether `word` is a day or a month, or starts or ends with one, or nearly so: then it says something.
fn may_be_day(word: &str) -> bool {
    const NAMES: [&str; 19] = [
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun", "jul",
        "aug", "sep", "oct", "nov", "dec",
    ];
    let length = word.chars().count();
    let first: String = word.chars().take(3).collect();
    let last: String = word.chars().skip(length.saturating_sub(3)).collect();
    let is_near =
        |name: &str| [word, &*first, &*last].iter().any(|part| strsim::osa_distance(part, name) < 2);
    length > 1 && NAMES.iter().any(|name| is_near(name))
}

/// `30dk`, `12h.0`, `with 2% chats`: something touches a number that says all without it
pub(super) fn behind_number(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let number = match site.before().next() {
        Some(before) if before.span.end == here.span.start && before.kind == TokenKind::Number => before,
        _ => here,
    };
    if number.kind != TokenKind::Number {
        return None;
    }
    let start = number.span.start as usize;
    let rest = site.text().get(start..)?;
    let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '%'))).unwrap_or(rest.len());
    let written = rest.get(..end)?;
    let figures = written.find(|c: char| !c.is_ascii_digit())?;
    let unit = written.get(figures..)?.chars().next().filter(|c| matches!(c, 's' | 'm' | 'h' | 'd'));
    let is_count = counts_chats(site, &(start..start + end));
    let (kept, left) = match unit {
        Some(_) => (written.get(..=figures)?, written.get(figures + 1..)?),
        None if is_count => (written.get(..figures)?, written.get(figures..)?),
        None => return None,
    };
    let is_doubled = unit.is_some_and(|unit| left.chars().eq([unit]));
    let is_needless = is_doubled || matches!(left, "am" | ".0" | "%") || (left == "k" && unit.is_some());
    let range = start..start + end;
    let repair =
        Repair::new(site, format!("`{written}` is not a number"), vec![edit(range.clone(), kept)]).at(range);
    is_needless.then_some(Repair { whole: true, ..repair })
}

/// Whether the number in `range` counts the chats of a `given`, so that it is small and whole.
pub(super) fn counts_chats(site: &ErrorSite<'_, '_>, range: &Range<usize>) -> bool {
    let tokens = &site.patched.tokens;
    let after = tokens.iter().find(|token| token.span.start as usize >= range.end);
    let before = tokens.iter().rfind(|token| token.span.end as usize <= range.start);
    let is_word = |token: Option<&Token>, words: &[&str]| {
        token.is_some_and(|token| words.contains(&site.text_of(*token)))
    };
    (is_word(before, &["with"]) && is_word(after, &["chat", "chats"]))
        || (is_word(before, &["waiting"]) && is_word(after, &["in"]))
}
