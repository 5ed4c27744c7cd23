//! Texts that go over several lines, and texts with a quote in them.

use super::super::error_site::ErrorSite;
use super::super::lexer::TokenKind;
use super::phrases::Explanation;
use super::{Repair, edit};

/// How many lines of a text are looked at, at most.
const LINES: usize = 50;

/// `reply "Hello` with the closing quote on a later line
pub(super) fn several_lines(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Unclosed)?;
    let start = here.span.start as usize;
    let rest = site.text().get(start..)?.strip_prefix('"').filter(|rest| !rest.starts_with('"'))?;
    let mut end = start + 1;
    for (number, line) in rest.split_inclusive('\n').take(LINES).enumerate() {
        if number > 0
            && let Some(quote) = line.find('"')
        {
            end += quote;
            break;
        }
        end += line.len();
    }
    let text = site.text();
    // The quote must end the text: nothing but punctuation follows on its line.
    let after = text.get(end..)?.strip_prefix('"')?;
    let line = after.split('\n').next().unwrap_or_default();
    let ends = line.trim_matches(|c: char| c.is_whitespace() || c == ',').is_empty()
        || line.trim_start().starts_with("once ")
        || line.trim_start().starts_with("after ");
    let body = text.get(start + 1..end)?;
    if !ends || body.contains('\\') {
        return None;
    }
    let before = text.get(..start)?;
    let own_line = before.rfind('\n').map_or(before, |at| before.get(at + 1..).unwrap_or_default());
    let blanks = own_line.len() - own_line.trim_start_matches([' ', '\t']).len();
    let indent = own_line.get(..blanks)?;
    let lines: Vec<_> = body.lines().map(|line| format!("{indent}{}\n", line.trim())).collect();
    let replacement = format!("\"\"\"\n{}{indent}\"\"\"", lines.concat());
    let repair = Repair::new(
        site,
        "a text over several lines stands between `\"\"\"`",
        vec![edit(start..end + 1, replacement)],
    );
    let repair = repair
        .help("write `\"\"\"` at the end of a line, then the lines, then `\"\"\"` on a line of its own");
    Some(repair.title("write it between `\"\"\"`").at(here.span.range()))
}

/// `"say ""hi"" now"`: another text touches the one before
pub(super) fn doubled_quotes(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current().filter(|here| matches!(here.kind, TokenKind::Text | TokenKind::Unclosed))?;
    let before = site.before().next().filter(|before| before.kind == TokenKind::Text)?;
    (before.span.end == here.span.start).then(|| Explanation {
        range: here.span.start as usize - 1..here.span.start as usize + 1,
        message: "`\"\"` ends one text and starts another".to_owned(),
        help: "write `\\\"` for a quote in a text".to_owned(),
    })
}

/// `"it"s fine"`: a quote where an apostrophe is meant
pub(super) fn apostrophe(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Word)?;
    let before = site.before().next().filter(|before| before.kind == TokenKind::Text)?;
    let rest = site.after().take_while(|next| !next.first);
    let closes = rest.into_iter().any(|next| next.kind == TokenKind::Unclosed);
    let touches = before.span.end == here.span.start;
    // In `["a, "s'il te plaît"]`, a quote is missing before the comma.
    let is_after_comma = site.text_of(before).trim_matches('"').trim_end().ends_with(',');
    let ends = is_contraction(site.text_of(before), site.text_of(here)) || is_after_comma;
    let quote = before.span.end as usize - 1..before.span.end as usize;
    (closes && touches && ends).then(|| {
        let repair = Repair::new(site, "this `\"` ends the text", vec![edit(quote.clone(), "'")]).at(quote);
        let repair = repair
            .help("write `'` for an apostrophe, and `\\\"` for a quote inside a text")
            .title("write `'`");
        if is_after_comma { repair.without_fix() } else { repair }
    })
}

/// `"it` and `s`, but not `"refun` and `d`, between which a quote may have slipped in.
fn is_contraction(before: &str, ending: &str) -> bool {
    let word = before.trim_end_matches('"').rsplit(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    let is_one_of = |words: &[&str]| words.iter().any(|one| one.eq_ignore_ascii_case(word));
    match ending {
        "s" => is_one_of(&["it", "that", "what", "there", "here", "let", "he", "she", "who", "how", "where"]),
        "t" => word.ends_with('n'),
        "re" | "ll" | "ve" | "d" | "m" => is_one_of(&["i", "you", "we", "they", "he", "she", "it"]),
        _ => false,
    }
}
