//! Quotes: of another kind, missing, or not needed.

use std::ops::Range;

use super::super::error_site::{ErrorSite, quote};
use super::super::grammar::Production;
use super::super::invisible::invisible;
use super::super::lexer::{Token, TokenKind, is_quote};
use super::super::vocabulary::{self, FactWord, MessageKind};
use super::rivals::makes_sense;
use super::{Repair, edit, insert};
use crate::diagnostic::Edit;

/// How many places are tried for a missing quote, at most.
const TRIES: usize = 32;

/// `“Sales”`, `'Sales'`, `"""Sales"""` on one line
pub(super) fn other_quotes(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Quoted)?;
    let snippet = site.text_of(here);
    let range = here.span.range();
    if snippet.starts_with("\"\"\"") {
        return Some(block(site, snippet, &range));
    }
    let (open, close) = (snippet.chars().next()?, snippet.chars().next_back()?);
    let inner = range.start + open.len_utf8()..range.end - close.len_utf8();
    let mut edits = vec![edit(range.start..inner.start, "\"")];
    let body = site.text().get(inner.clone()).unwrap_or_default();
    edits.extend(body.match_indices('"').map(|(at, _)| insert(inner.start + at, "\\")));
    edits.push(edit(inner.end..range.end, "\""));
    // `“a” or “b”`: the next is no condition, so nothing would be read after the first alone.
    let mut rest = site.after();
    while let (Some(joint), Some(next)) = (rest.next(), rest.next()) {
        let value = site.text_of(next);
        if !matches!(site.text_of(joint), "or" | "and") || !is_simple_quoted(next, value) {
            break;
        }
        let (first, last) = (value.chars().next()?, value.chars().next_back()?);
        edits.push(edit(next.span.start as usize..next.span.start as usize + first.len_utf8(), "\""));
        edits.push(edit(next.span.end as usize - last.len_utf8()..next.span.end as usize, "\""));
    }
    let kind = match open {
        '\'' => "single",
        '`' => "back",
        '«' | '»' | '‹' | '「' => "angle",
        _ => "curly",
    };
    let repair = Repair::new(site, format!("{} is in {kind} quotes", quote(snippet)), edits);
    Some(repair.help("texts need straight quotes: `\"`").title("write straight quotes").at(range))
}

/// Whether the token is in quotes of another kind and has nothing in it that straight quotes would change.
fn is_simple_quoted(token: Token, text: &str) -> bool {
    token.kind == TokenKind::Quoted && !text.contains(['"', '\n', '\\'])
}

/// A `"""` text that starts or ends in the middle of a line.
fn block(site: &ErrorSite<'_, '_>, snippet: &str, range: &Range<usize>) -> Repair {
    const BLANKS: [char; 3] = [' ', '\t', '\r'];
    if !snippet.contains('\n') {
        let edits = vec![edit(range.start..range.start + 3, "\""), edit(range.end - 3..range.end, "\"")];
        return Repair::new(site, "a text on one line needs only one `\"` at each end", edits)
            .title("write `\"`")
            .at(range.clone());
    }
    let mut edits = Vec::new();
    let opens = snippet.lines().next().is_some_and(|line| line.trim_end() == "\"\"\"");
    let is_blank = |c: char| c.is_whitespace() || invisible(c).is_some();
    let last_line = snippet.lines().last().unwrap_or_default();
    let closes = last_line.trim_matches(is_blank) == "\"\"\"";
    // The lines of the text are indented alike; blanks beside the quotes were no part of it.
    let lines = snippet.lines().skip(1).filter(|line| !line.trim().is_empty());
    let indents = lines.map(|line| line.get(..line.len() - line.trim_start_matches(BLANKS).len()));
    let indent = indents.flatten().min_by_key(|indent| indent.len()).unwrap_or_default();
    if !opens {
        let body = snippet.get(3..).unwrap_or_default();
        let blanks = body.len() - body.trim_start_matches(BLANKS).len();
        edits.push(edit(range.start + 3..range.start + 3 + blanks, format!("\n{indent}")));
    }
    if closes && opens {
        // A character that nobody sees stands before the last quotes.
        let start = range.end - last_line.len();
        edits.push(edit(start..range.end - 3, indent));
    } else if !closes {
        let body = snippet.get(..snippet.len() - 3).unwrap_or_default();
        let blanks = body.len() - body.trim_end_matches(BLANKS).len();
        edits.push(edit(range.end - 3 - blanks..range.end - 3, format!("\n{indent}")));
    }
    let repair = Repair::new(
        site,
        "a `\"\"\"` text needs a line break after the first `\"\"\"` and before the last",
        edits,
    )
    .help("write `\"\"\"` at the end of a line, then the lines, then `\"\"\"` on a line of its own")
    .title("add the line breaks")
    .at(range.clone());
    // One character, of which `""""` has one more, may have slipped in behind the first quotes or before the last.
    let is_alone = |rest: &str| rest.trim_matches(is_blank).chars().count() == 1;
    let behind_first = snippet.lines().next().and_then(|line| line.strip_prefix("\"\"\""));
    let last = last_line.trim_matches(is_blank);
    let before_last = [last.trim_end_matches('"'), last.strip_suffix("\"\"\"").unwrap_or_default()];
    let is_slip = (!opens && behind_first.is_some_and(is_alone))
        || (opens && !closes && before_last.into_iter().any(is_alone));
    if is_slip { repair.without_fix() } else { repair }
}

/// `"Sales` without its closing quote
pub(super) fn unclosed(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Unclosed)?;
    let snippet = site.text_of(here);
    let range = here.span.range();
    if snippet.starts_with("\"\"\"") {
        return Some(unclosed_block(site, snippet, range));
    }
    let open = snippet.chars().next()?;
    let (closing, what) = if open == '/' { ("/", "pattern") } else { ("\"", "text") };
    let opening =
        (!matches!(open, '"' | '/')).then(|| edit(range.start..range.start + open.len_utf8(), "\""));
    let body = range.start + open.len_utf8();
    if let Some(before) = site
        .before()
        .next()
        .filter(|before| before.kind == TokenKind::Word && before.span.end == here.span.start)
    {
        return Some(Repair { whole: true, ..beginning(site, before) });
    }
    let ways: Vec<Vec<Edit>> = ends(site.text().get(body..range.end)?, body)
        .into_iter()
        .map(|end| opening.iter().cloned().chain([edit(end, closing)]).collect())
        .collect();
    // `"Hello once per1h`: what follows the text may be misspelt, so the end of the line is not that of the text.
    let last = snippet.trim_end_matches([',', ':', ' ', '\t']).rsplit(' ').next().unwrap_or_default();
    let goes_on = last.starts_with(|c: char| c.is_ascii_digit()) && last.ends_with(['m', 'h', 'd']);
    let ends_there = || ways.iter().rev().skip(1).all(|way| !makes_sense(site, way));
    // Another mistake is in the item, so it does not tell where the text ends.
    let has_joint = || snippet.split_whitespace().any(|word| matches!(word, "and" | "or"));
    let is_hidden = || has_joint() && ways.iter().all(|way| !makes_sense(site, way));
    let is_doubtful = (goes_on && ends_there()) || is_hidden();
    let repair = Repair::new(site, format!("{} is not closed", quote(snippet)), Vec::new())
        .help(format!("a {what} ends with `{closing}` on the line where it starts"))
        .title(format!("write the missing `{closing}`"))
        .at(range);
    let repair = Repair { ways, ..repair };
    Some(if is_doubtful { repair.without_fix() } else { repair })
}

/// Where a text could have ended: a closing quote of another kind, the end of each word, the end of the line.
fn ends(body: &str, start: usize) -> Vec<Range<usize>> {
    let mut ends: Vec<Range<usize>> = Vec::new();
    let mut previous = ' ';
    for (at, character) in body.char_indices() {
        let place = start + at;
        if is_quote(character) && character != '"' && !previous.is_whitespace() {
            ends.push(place..place + character.len_utf8());
        } else if !is_wordy(character) && is_wordy(previous) {
            ends.push(place..place);
        }
        previous = character;
        if ends.len() >= TRIES {
            break;
        }
    }
    let line = body.trim_end_matches([',', ':', ' ', '\t']);
    let line_end = start + line.len();
    // `"Sales”,` is closed, only by another quote.
    let quote = line.chars().next_back().filter(|last| is_quote(*last) && *last != '"');
    ends.push(line_end - quote.map_or(0, char::len_utf8)..line_end);
    ends
}

fn is_wordy(character: char) -> bool {
    !character.is_whitespace() && !matches!(character, ',' | ':' | ')' | ']') && !is_quote(character)
}

fn unclosed_block(site: &ErrorSite<'_, '_>, snippet: &str, range: Range<usize>) -> Repair {
    let mut edits = Vec::new();
    if snippet.lines().next().is_some_and(|line| line.trim_end() != "\"\"\"") {
        edits.push(insert(range.start + 3, "\n"));
    }
    edits.push(insert(range.end, "\n\"\"\""));
    // Nobody can know where it was meant to end.
    Repair::new(site, "this text is not closed", edits)
        .help("write `\"\"\"` on a line of its own after it")
        .at(range.start..range.start + 3)
        .without_fix()
}

/// `"Sales by random, reply "Hi"`: a quote is missing in an earlier text, so texts and words are swapped
pub(super) fn stray(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let (before, here) = (site.before().next()?, site.current()?);
    let is_odd = before.kind == TokenKind::Text
        && !site.breaks_between(before, here)
        && site
            .after()
            .take_while(|next| !next.first)
            .chain([here])
            .any(|next| next.kind == TokenKind::Unclosed);
    let snippet = is_odd.then(|| site.text_of(before)).filter(|snippet| !snippet.starts_with("\"\"\""))?;
    let start = before.span.start as usize + 1;
    let body = snippet.get(1..snippet.len() - 1)?;
    let ways = ends(body, start).into_iter().map(|end| vec![edit(end, "\"")]).collect();
    let repair = Repair::new(site, format!("{} ends too late", quote(snippet)), Vec::new())
        .help("a `\"` is missing inside it")
        .title("write the missing `\"`")
        .at(before.span.range());
    let repair = Repair { ways, whole: true, ..repair };
    // `with skill "customer.city by random else group "Sales" …`: the quote may have slipped in before a word.
    let is_slip = makes_sense(site, &[edit(start - 1..start, "")]);
    Some(if is_slip { repair.help("write both quotes, or remove the first").without_fix() } else { repair })
}

/// `Sales"` without its opening quote
pub(super) fn unopened(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| expects_text(site))?;
    let mut rest = site.after().take_while(|next| !next.first);
    let is_odd = site.after().take_while(|next| !next.first).any(|next| next.kind == TokenKind::Unclosed);
    let is_reply = site.before().next().is_some_and(|before| site.text_of(before) == "reply");
    // The quote that closes it seems to open the next text.
    let is_quote_of_next = |next: &Token| {
        matches!(next.kind, TokenKind::Text | TokenKind::Unclosed) && site.text_of(*next).starts_with('"')
    };
    let closing = if is_reply {
        rest.find(is_quote_of_next)
    } else {
        rest.find(|next| next.kind != TokenKind::Word).filter(is_quote_of_next)
    };
    closing.filter(|_| is_odd)?;
    // `'Sales"`
    if site.text_of(here).starts_with(is_quote) {
        let message = format!("write `\"`, not `{}`", site.text_of(here));
        return Some(Repair::new(site, message, vec![edit(here.span.range(), "\"")]).at(here.span.range()));
    }
    Some(beginning(site, here))
}

/// `"Sale"s`, `a"lice"`: letters touch a text, which may belong to it or not
pub(super) fn beside_text(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| matches!(here.kind, TokenKind::Word | TokenKind::Number))?;
    let is_text = |token: &Token| token.kind == TokenKind::Text && !site.text_of(*token).contains('\n');
    let before = site.before().next().filter(|before| is_text(before) && before.span.end == here.span.start);
    let after = site.after().next().filter(|after| is_text(after) && after.span.start == here.span.end);
    let text = before.or_else(|| after.filter(|_| expects_text(site)))?;
    let (word, inner) = (site.text_of(here), site.text_of(text).trim_matches('"'));
    let whole = if before.is_some() { format!("\"{inner}{word}\"") } else { format!("\"{word}{inner}\"") };
    let is_reserved = vocabulary::is_reserved(word);
    if before.is_none() && matches!(word, "f" | "r" | "b" | "u") {
        let repair = Repair::new(site, "texts have no prefix", vec![edit(here.span.range(), "")]);
        let help = format!("leave `{word}` out, or write {} if it belongs to the text", quote(&whole));
        return Some(repair.at(here.span.range()).help(help).without_fix());
    }
    let repair = Repair::new(
        site,
        format!("`{word}` touches the text {}", quote(site.text_of(text))),
        vec![edit(here.span.range(), "")],
    );
    let repair = repair.help(format!("write {}, or leave `{word}` out", quote(&whole))).at(here.span.range());
    (!is_reserved).then(|| repair.without_fix())
}

fn beginning(site: &ErrorSite<'_, '_>, first: Token) -> Repair {
    let message = format!("the `\"` before {} is missing", quote(site.text_of(first)));
    let repair = Repair::new(site, message, vec![insert(first.span.start as usize, "\"")]);
    repair.title("write the missing `\"`").at(first.span.range())
}

fn expects_text(site: &ErrorSite<'_, '_>) -> bool {
    [Production::text, Production::user, Production::turn, Production::value, Production::values]
        .iter()
        .any(|kind| site.expects(*kind))
}

/// `customer.country is EG`
pub(super) fn bare_value(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Word)?;
    let snippet = site.text_of(here);
    let is_value = site.expects(Production::value) || site.expects(Production::values);
    // `message has Campaign` asks for an attribute, not for a text.
    let is_attribute = site.before().next().is_some_and(|before| site.text_of(before) == "has")
        && snippet.bytes().any(|byte| byte.is_ascii_uppercase())
        && snippet.is_ascii();
    // `country is AT` is no `at`; `message is IMAGE` is a kind.
    let lower = snippet.to_lowercase();
    let is_code = snippet.len() == 2 && snippet.bytes().all(|byte| byte.is_ascii_uppercase());
    if !is_value || is_attribute || (vocabulary::is_reserved(&lower) && !is_code) {
        return None;
    }
    Some(add_quotes(site, here.span.range()))
}

/// `group Sales`, `reply Hello there`, `timezone Africa/Cairo`
pub(super) fn bare_text(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let is_text =
        [Production::text, Production::user, Production::turn].iter().any(|kind| site.expects(*kind));
    let is_word = here.kind == TokenKind::Word && !vocabulary::is_reserved(site.text_of(here));
    let is_number =
        here.kind == TokenKind::Number && site.text_of(here).bytes().all(|byte| byte.is_ascii_digit());
    // `with skill customerlanguage` lost a dot, not its quotes.
    let is_attribute = site.before().next().is_some_and(|before| site.text_of(before) == "skill")
        && site.text_of(here).to_lowercase().starts_with("customer");
    let before = site.before().next().map(|before| site.text_of(before)).unwrap_or_default();
    let is_placeholder = site.text_of(here) == "{" && before == "reply";
    let can_be = (is_word && !is_attribute) || is_number || is_placeholder || site.text_of(here) == "+";
    if !(is_text && can_be) {
        return None;
    }
    let start = here.span.start as usize;
    // The name of a test goes up to the `:`.
    if before == "test" {
        let line = site.text().get(start..)?.lines().next()?.trim_end();
        let name = line.trim_end_matches(':').trim_end();
        let repair = add_quotes(site, start..start + name.len());
        let is_whole = name.len() < line.len() && !name.contains(['"', ':']);
        return Some(if is_whole { repair } else { repair.without_fix() });
    }
    if before.eq_ignore_ascii_case("reply") {
        let line = site.text().get(start..)?.lines().next()?.trim_end();
        let end = start + line.trim_end_matches([',', ' ']).len();
        return Some(certain_if_words(site, start..end));
    }
    Some(certain_if_words(site, name_range(site, here)))
}

/// Quotes around `range`; without a fix if it has more in it than words that are no words of the language, because then
/// nobody can know where the text ends.
fn certain_if_words(site: &ErrorSite<'_, '_>, range: Range<usize>) -> Repair {
    let snippet = site.text().get(range.clone()).unwrap_or_default();
    let is_plain = |word: &str| {
        let word = word.trim_end_matches(['.', '!', '?', '…']);
        let word = word.strip_suffix(".rules").unwrap_or(word);
        let inner = |c: char| c.is_alphanumeric() || matches!(c, '_' | '/' | '+' | '\'' | '’');
        !word.is_empty() && word.chars().all(inner) && !vocabulary::is_reserved(word)
    };
    let is_certain = snippet.split(' ').all(is_plain);
    let repair = add_quotes(site, range);
    if is_certain { repair } else { repair.without_fix() }
}

/// The range of the words from `first` on that could be one name: `Sales`, `Sales Team`, `Africa/Cairo`.
pub(super) fn name_range(site: &ErrorSite<'_, '_>, first: Token) -> Range<usize> {
    let start = first.span.start as usize;
    let mut end = first.span.end as usize;
    let rest = site.patched.tokens.iter().filter(|token| token.span.start > first.span.start).take(TRIES);
    for next in rest {
        let snippet = site.text_of(*next);
        let touches = next.span.start as usize == end && !matches!(snippet, "," | ":" | ")" | "]");
        let is_free = next.kind == TokenKind::Word && !vocabulary::is_reserved(snippet) && snippet != "if";
        if next.first || !(touches || is_free) {
            break;
        }
        end = next.span.end as usize;
    }
    start..end
}

/// What people write for no value, who may not mean a text: `customer.city is NULL`.
const NO_VALUE: [&str; 6] = ["null", "nil", "none", "undefined", "empty", "unknown"];

/// Quotes around `range`, which has none.
fn add_quotes(site: &ErrorSite<'_, '_>, range: Range<usize>) -> Repair {
    let snippet = site.text().get(range.clone()).unwrap_or_default();
    let repair =
        Repair::new(site, format!("{} has no quotes around it", quote(snippet)), quotes_around(&range))
            .help(format!("names and texts need quotes: write `\"{snippet}\"`"))
            .title("put it in quotes")
            .at(range);
    if NO_VALUE.contains(&snippet.to_lowercase().as_str()) {
        return repair
            .help(format!(
                "to ask whether there is a value at all, write `customer has …` and the attribute; \
                 a text needs quotes: `\"{snippet}\"`"
            ))
            .without_fix();
    }
    // `teéxt` may be the kind `text` into which a letter has slipped.
    let plain: String = snippet.chars().filter(char::is_ascii).collect();
    if !snippet.is_ascii() && MessageKind::parse(&plain).is_some() { repair.without_fix() } else { repair }
}

/// Quotes around `range`.
pub(super) fn quotes_around(range: &Range<usize>) -> Vec<Edit> {
    vec![insert(range.start, "\""), insert(range.end, "\"")]
}

/// `by "random"`, `let "vip" = …`: words of the language and names of definitions have no quotes
pub(super) fn quoted_word(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    const NAMES: [Production; 5] =
        [Production::name, Production::word, Production::algorithm, Production::pool, Production::calendar];
    const CONDITIONS: [Production; 4] =
        [Production::condition, Production::conjunction, Production::negation, Production::operand];
    let expects = |kinds: &[Production]| kinds.iter().any(|kind| site.expects(*kind));
    let here = site.current().filter(|here| here.kind == TokenKind::Text)?;
    let inner = site.text_of(here).strip_prefix('"')?.strip_suffix('"')?;
    let word = inner.trim().to_lowercase().replace([' ', '-'], "_");
    let fits = word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let is_condition = expects(&CONDITIONS);
    if !fits || !(is_condition || expects(&NAMES)) {
        return None;
    }
    // `"vip"` and the `"b"` of `customer has tag "a" and not "b"` may be the value of a test, and so may a word of the
    // language that follows another text.
    let is_joint = |token: &Token| matches!(site.text_of(*token), "and" | "or" | "not" | "(");
    let tested = site.before().find(|before| !is_joint(before));
    let follows_text =
        tested.is_some_and(|before| before.kind == TokenKind::Text || site.text_of(before) == "]");
    if is_condition && (follows_text || FactWord::parse(&word).is_none()) {
        return None;
    }
    let repair = Repair::new(
        site,
        format!("{} should not be in quotes", quote(site.text_of(here))),
        vec![edit(here.span.range(), &*word)],
    );
    Some(repair.help("words of the language and names of definitions have no quotes"))
}
