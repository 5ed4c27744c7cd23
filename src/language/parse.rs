//! Text → tree. Parsing never fails: a mistake is a finding, and everything else is still in the tree.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::ast::{Broken, File, MAX_NESTING};
use super::broken::broken;
use super::carriage_returns;
use super::error_site::{ErrorSite, quote};
use super::first_word::instead_of;
use super::grammar::{self, Pair};
use super::invisible;
use super::item_cache::ItemCache;
use super::lexer::{Token, TokenKind, lex};
use super::lower;
use super::merge_conflicts;
use super::misplaced_line::{commented_rest, joined_items, misplaced_line, missing_head};
use super::patched::PatchedText;
use super::recovery;
use super::repair;
use super::split_items::{blank_lines_in_head, split_items};
use super::vocabulary::{self, ItemWord};
use crate::diagnostic::{Code, Edit, Finding, MAX_FINDINGS, push_limited};
use crate::text::{Source, Span};

/// The result of parsing a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// Its tree.
    pub file: File,
    /// Its syntax errors, in the order of the file.
    pub findings: Vec<Finding>,
}

/// Parses `source`.
pub fn parse(source: &Source) -> Parsed {
    reparse(source, &ItemCache::default())
}

/// Parses `source` with the same result, but takes over what it has in common with an earlier state of it.
pub fn reparse(source: &Source, earlier: &ItemCache<'_>) -> Parsed {
    if let Some((findings, source)) = merge_conflicts::first_versions(source) {
        return with_findings(reparse(&source, earlier), findings);
    }
    match carriage_returns::replaced(source) {
        Some((finding, source)) => with_findings(parse_lines(&source, earlier), [finding]),
        None => parse_lines(source, earlier),
    }
}

/// What was read for another text, because of these findings.
fn with_findings(mut parsed: Parsed, findings: impl IntoIterator<Item = Finding>) -> Parsed {
    parsed.findings.extend(findings);
    parsed.findings.sort_by_key(|finding| finding.span);
    // What is written in the text itself may be more than them.
    parsed.file.with_findings = (0..parsed.file.items.len()).collect();
    parsed
}

/// Parses a source whose lines end with line feeds.
fn parse_lines(source: &Source, earlier: &ItemCache<'_>) -> Parsed {
    let tokens = lex(&source.text);
    let comments = tokens.iter().filter(|token| token.kind == TokenKind::Comment).map(|token| token.span);
    let mut parsed = Parsed {
        file: File { comments: comments.collect(), ..File::default() },
        findings: invisible::findings(source, &tokens),
    };
    let parts = split_items(&source.text, &tokens);
    let mut parts = parts.iter().copied().peekable();
    while let Some(part) = parts.next() {
        let span = span_of(part);
        if let Some(item) = earlier.at(span.start, source.slice(span)) {
            parsed.file.items.push(item);
            continue;
        }
        let next = parts.peek().copied().unwrap_or_default();
        let (items, findings) = (parsed.file.items.len(), parsed.findings.len());
        parsed.findings.extend(blank_lines(source, part));
        let taken = parse_item(&mut parsed, source, part, next, PatchedText::new(&source.text, part));
        if parsed.findings.len() > findings {
            parsed.file.with_findings.extend(items..parsed.file.items.len());
        }
        for part in parts.by_ref().take(usize::from(taken)) {
            let patched = PatchedText::new(&source.text, part);
            parsed.file.broken.push(broken(&patched, &patched.tokens));
        }
    }
    if !parsed.findings.is_empty() {
        parsed.findings.sort_by_key(|finding| finding.span);
        drop_broken_by_invisible(&mut parsed.findings, &tokens);
        drop_misnamed(&mut parsed.findings, source, &tokens);
    }
    parsed.file.items.shrink_to_fit();
    parsed
}

/// The text from the first of the tokens to the last.
fn span_of(part: &[Token]) -> Span {
    part.first().zip(part.last()).map(|(first, last)| first.span.to(last.span)).unwrap_or_default()
}

/// The finding about blank lines in the head of a rule.
fn blank_lines(source: &Source, part: &[Token]) -> Option<Finding> {
    let ([before, after], gaps) = blank_lines_in_head(&source.text, part)?;
    let message = format!("there must be no empty line between `{before}` and `{after}`");
    let span = *gaps.first()?;
    let place = Span { start: span.start + 1, end: span.start + 1 };
    // The name may also be all that is left of a rule, and what follows another rule.
    Some(
        Finding::new(Code::Syntax, &source.name, place, message)
            .help("remove the empty line, or write the rest of the rule"),
    )
}

/// Drops the findings about words that an invisible character breaks: it has a finding of its own.
fn drop_broken_by_invisible(findings: &mut Vec<Finding>, tokens: &[Token]) {
    let outside = |token: &&Token| matches!(token.kind, TokenKind::Invisible(_));
    let invisible: Vec<Span> = tokens.iter().filter(outside).map(|token| token.span).collect();
    findings.retain(|finding| {
        let next = invisible.partition_point(|span| span.end < finding.span.start);
        invisible.get(next).is_none_or(|span| *span == finding.span || span.start >= finding.span.end)
    });
}

/// Drops the findings about words of the language that the file uses as names: there is one where each is defined.
fn drop_misnamed(findings: &mut Vec<Finding>, source: &Source, tokens: &[Token]) {
    let text = &source.text;
    let names: BTreeSet<&str> = tokens
        .windows(3)
        .filter_map(|window| match window {
            [first, name, equals] if first.first && equals.of(text) == "=" => {
                let is_definition = matches!(first.of(text), "let" | "hours" | "dates");
                let name = name.of(text);
                (is_definition && vocabulary::is_reserved(name)).then_some(name)
            }
            _ => None,
        })
        .collect();
    if !names.is_empty() {
        findings.retain(|finding| !names.contains(source.slice(finding.span)));
    }
}

/// What has been said about an item so far.
#[derive(Default)]
struct ItemState {
    /// What is known of it from the moment that a part of it was skipped.
    broken: Option<Broken>,
    /// How many parts were skipped.
    skips: usize,
    /// Repairs that may be wrong.
    guesses: Vec<Guess>,
}

/// A repair that may be wrong.
struct Guess {
    kind: GuessKind,
    /// Which finding it is.
    index: usize,
    /// What to report instead if it is wrong.
    instead: Finding,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum GuessKind {
    /// A sign or word is inserted or removed. What is wrong with that may show later in the clause.
    Sign,
    /// A word gives way to another. If the next one cannot be read, it was the wrong one.
    Word,
    /// A quote is missing, and may be missing elsewhere.
    Quote,
    /// Nobody can know what was meant, so what follows may come from that.
    Unsure,
}

/// How many parts of one item are skipped, at most.
const MAX_SKIPS: usize = 20;

/// Parses the item made of the tokens `part`, and repairs `patched` until it parses. What no repair helps is skipped.
/// Returns whether the `next` item was part of what is wrong.
fn parse_item<'t>(
    parsed: &mut Parsed,
    source: &'t Source,
    part: &[Token],
    next: &[Token],
    mut patched: PatchedText<'t>,
) -> bool {
    let file = &source.name;
    let mut budget = repair::Budget::new(patched.text.len());
    let mut state = ItemState::default();
    let reported = parsed.findings.len();
    loop {
        if patched.tokens.iter().all(|token| token.kind == TokenKind::Comment) {
            return false;
        }
        if let Some(deep) = nested_too_deep(&patched) {
            parsed.findings.push(nesting(file, &patched, deep));
            parsed.file.broken.push(broken(&patched, &patched.tokens));
            return false;
        }
        let error = match grammar::parse_item(&patched.text) {
            Ok(pair) => {
                if parsed.findings.len() > reported {
                    repair::join_moves(&mut parsed.findings, reported, &source.text);
                    let original = PatchedText::new(&source.text, part);
                    if repair::doubt_several(
                        &mut parsed.findings,
                        reported,
                        &original,
                        &patched,
                        &source.text,
                    ) {
                        state.broken.get_or_insert_with(|| broken(&original, &original.tokens));
                    }
                }
                keep(parsed, file, &patched, pair, state);
                return false;
            }
            // Repairs take long, and nobody reads so many findings.
            Err(_) if parsed.findings.len() >= MAX_FINDINGS => {
                let span = part.first().map_or(Span::default(), |token| token.span);
                let unread = Finding::new(Code::Syntax, file, span, "this cannot be read");
                push_limited(&mut parsed.findings, unread, MAX_FINDINGS);
                parsed.file.broken.push(state.broken.unwrap_or_else(|| broken(&patched, &patched.tokens)));
                return false;
            }
            Err(error) => error,
        };
        let misplaced = || {
            let commented = || Some((commented_rest(source, part)?, false));
            misplaced_line(source, part, next).or_else(commented)
        };
        if parsed.findings.len() == reported
            && let Some((finding, takes_next)) = misplaced()
        {
            parsed.findings.push(finding);
            parsed.file.broken.push(broken(&patched, &patched.tokens));
            return takes_next;
        }
        let site = ErrorSite::new(&patched, &error);
        if parsed.findings.len() == reported
            && let Some(finding) = joined_items(source, &site, part, next)
        {
            parsed.findings.push(finding);
            let (before, rest) = patched.tokens.split_at_checked(site.index).unwrap_or_default();
            let end = before.last().map_or(0, |last| last.span.end as usize);
            if let Ok(pair) = grammar::parse_item(patched.text.get(..end).unwrap_or_default()) {
                keep(parsed, file, &patched, pair, state);
            }
            parsed.file.broken.push(broken(&patched, rest));
            return false;
        }
        if let Some(index) = site.new_item()
            && keep_complete(parsed, file, &site, index, &mut state)
        {
            report_rest(parsed, source, part, &site, index);
            return false;
        }
        let repaired = match repair::unsayable(&site) {
            Some(_) => None,
            None => repair::repair(&site, file, &mut budget),
        };
        if let Some((finding, repaired)) = repaired {
            if let Some(kind) = guess(source, &finding) {
                state.guesses.push(Guess { kind, index: parsed.findings.len(), instead: site.finding(file) });
            }
            if finding.fix.is_none() {
                // As a whole, the item may mean something else.
                state.broken.get_or_insert_with(|| broken(&patched, &patched.tokens));
            }
            parsed.findings.push(finding);
            patched = repaired;
        } else if !site.is_indented() && keep_complete(parsed, file, &site, site.index, &mut state) {
            report_rest(parsed, source, part, &site, site.index);
            return false;
        } else if let Some((range, repaired)) =
            (state.skips < MAX_SKIPS).then(|| recovery::skip(&site, &mut budget)).flatten()
        {
            report_skipped(parsed, source, &site, &range, &mut state);
            state.broken.get_or_insert_with(|| broken(&patched, &patched.tokens));
            state.skips += 1;
            patched = repaired;
        } else {
            let line = site.line();
            report_skipped(parsed, source, &site, &line, &mut state);
            parsed.file.broken.push(state.broken.unwrap_or_else(|| broken(&patched, &patched.tokens)));
            return false;
        }
    }
}

/// Whether a repair may be wrong, which shows if what follows it cannot be read either.
fn guess(source: &Source, finding: &Finding) -> Option<GuessKind> {
    if finding.help.as_ref().is_some_and(|help| help.starts_with("did you mean")) {
        return Some(GuessKind::Word);
    }
    if finding.fix.is_none() {
        return Some(GuessKind::Unsure);
    }
    if finding.message.ends_with("is not closed") {
        return Some(GuessKind::Quote);
    }
    let before = |edit: &Edit| source.slice(edit.span).to_lowercase();
    let is_sign = |edit: &Edit| edit.text.trim().is_empty() || before(edit).trim().is_empty();
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let is_certain = |edit: &Edit| letters(&before(edit)) == letters(&edit.text);
    let edits = &finding.fix.as_ref()?.edits;
    if edits.iter().all(is_sign) {
        return Some(GuessKind::Sign);
    }
    (!edits.iter().all(is_certain)).then_some(GuessKind::Word)
}

/// Reports the error at `site`, because of which the `range` of the text is skipped. If a guess was made in it before,
/// that was wrong, and only the error that it was for is reported.
fn report_skipped(
    parsed: &mut Parsed,
    source: &Source,
    site: &ErrorSite<'_, '_>,
    range: &Range<usize>,
    state: &mut ItemState,
) {
    let skipped = site.to_file_span(range);
    let last = site.before().next().map(|before| site.to_file_span(&before.span.range()));
    let wrong = state.guesses.iter().position(|guess| {
        parsed.findings.get(guess.index).is_some_and(|finding| match guess.kind {
            GuessKind::Sign | GuessKind::Quote => {
                skipped.start <= finding.span.start && finding.span.end <= skipped.end
            }
            GuessKind::Unsure => {
                let between = Span { start: finding.span.end, end: skipped.start };
                let is_between = |c: char| matches!(c, ' ' | '\t');
                finding.span.end > skipped.start || source.slice(between).chars().all(is_between)
            }
            GuessKind::Word => last.is_some_and(|last| last.end == finding.span.end),
        })
    });
    let Some(wrong) = wrong else {
        return parsed.findings.push(site.finding(&source.name));
    };
    let mut guesses = state.guesses.split_off(wrong).into_iter();
    if let Some(Guess { kind, index, instead }) = guesses.next() {
        parsed.findings.truncate(index + 1);
        match parsed.findings.last_mut() {
            Some(quote) if kind == GuessKind::Quote => quote.fix = None,
            Some(_) if kind == GuessKind::Unsure => {}
            Some(guess) => *guess = instead,
            None => {}
        }
    }
}

/// Keeps the item, or if a part of it was skipped, what could be read of it.
fn keep(parsed: &mut Parsed, file: &Arc<str>, patched: &PatchedText<'_>, pair: Pair<'_>, state: ItemState) {
    match (lower::item(patched, file, pair), state.broken) {
        (Some((item, findings)), None) => {
            parsed.file.items.push(item);
            parsed.findings.extend(findings);
        }
        (Some((item, findings)), Some(broken)) => {
            parsed.file.broken.push(Broken { rest: Some(Box::new(item)), ..broken });
            // What is broken may mean something else when it is mended.
            parsed.findings.extend(findings.into_iter().map(|finding| Finding { fix: None, ..finding }));
        }
        (None, known) => {
            parsed.file.broken.push(known.unwrap_or_else(|| broken(patched, &patched.tokens)));
        }
    }
}

/// Keeps the item if it is complete before token `index`, which must be the first of its line.
fn keep_complete(
    parsed: &mut Parsed,
    file: &Arc<str>,
    site: &ErrorSite<'_, '_>,
    index: usize,
    state: &mut ItemState,
) -> bool {
    let (before, rest) = site.patched.tokens.split_at_checked(index).unwrap_or_default();
    let last = before.iter().rfind(|token| token.kind != TokenKind::Comment);
    let complete = last.zip(rest.first()).filter(|(last, first)| site.breaks_between(**last, **first));
    match complete.map(|_| grammar::parse_item(site.patched.text_before(index))) {
        Some(Ok(pair)) => {
            keep(parsed, file, site.patched, pair, std::mem::take(state));
            true
        }
        _ => false,
    }
}

/// Reports what follows a complete item: it starts no item, unless its first word is a misspelt item word.
fn report_rest<'t>(
    parsed: &mut Parsed,
    source: &'t Source,
    part: &[Token],
    site: &ErrorSite<'_, 't>,
    index: usize,
) {
    let file = &source.name;
    let left = site.patched.tokens.get(index..).unwrap_or_default();
    let (start, snippet) =
        left.first().map(|first| (first.span.start as usize, site.text_of(*first))).unwrap_or_default();
    let line = site.text().get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim_end();
    let span = site.to_file_span(&(start..start + line.len()));
    let finding_of_line =
        Finding::new(Code::Syntax, file, span, format!("{} cannot start a line here", quote(snippet)));

    let first = part.partition_point(|token| token.span.start < span.start);
    let rest = part.get(first..).unwrap_or_default();
    let slip =
        repair::nearest(snippet, ItemWord::ALL.iter().map(|item| item.word())).and_then(|replacement| {
            let word = rest.first().filter(|_| snippet != replacement)?.span;
            let patched = PatchedText::new(&source.text, rest);
            let edit = Edit { span: Span::new(0, snippet.len()), text: replacement.to_owned() };
            let repaired = patched.apply(std::slice::from_ref(&edit))?;
            let helps = grammar::parse_item(&repaired.text)
                .map_or_else(|error| error.at > replacement.len(), |_| true);
            helps.then_some((replacement, word, repaired))
        });
    match slip {
        Some((replacement, word, repaired)) => {
            let finding = Finding { span: word, ..finding_of_line };
            let finding = finding.help(format!("did you mean `{replacement}`?"));
            parsed.findings.push(finding.fix(format!("write `{replacement}`"), word, replacement));
            // The rest of this rest is not tried again, so that a long file of misspelt words is parsed once.
            parse_item(parsed, source, &[], &[], repaired);
        }
        None => {
            let finding =
                missing_head(source, rest).unwrap_or_else(|| finding_of_line.help(instead_of(snippet)));
            parsed.findings.push(finding);
            parsed.file.broken.push(broken(site.patched, left));
        }
    }
}

/// The first `(` or `not` that nests a condition deeper than [`MAX_NESTING`].
fn nested_too_deep(patched: &PatchedText<'_>) -> Option<Token> {
    let (mut depth, mut outside, mut parens) = (0, 0, Vec::new());
    for token in &patched.tokens {
        match token.of(&patched.text) {
            "not" => depth += 1,
            "(" => {
                parens.push(outside);
                depth += 1;
                outside = depth;
            }
            ")" => {
                outside = parens.pop().unwrap_or(0);
                depth = outside;
            }
            _ => depth = outside,
        }
        if depth > MAX_NESTING {
            return Some(*token);
        }
    }
    None
}

fn nesting(file: &Arc<str>, patched: &PatchedText<'_>, deep: Token) -> Finding {
    let message = format!("this condition is nested more than {MAX_NESTING} deep");
    Finding::new(Code::Syntax, file, patched.to_file_span(&deep.span.range()), message)
        .help("name parts of it with `let`, and use the names")
}

#[cfg(test)]
mod tests;
