//! Text → tree. Parsing never fails: a mistake is a finding, and everything else is still in the tree.

use std::sync::Arc;

use super::ast::{Broken, File, MAX_NESTING};
use super::grammar::{self, Pair};
use super::invisible;
use super::lower;
use super::patched::PatchedText;
use super::repair;

use super::error_site::{ErrorSite, items, quote};
use super::lexer::{Token, TokenKind, is_quote, lex};
use super::split_items::split_items;
use super::vocabulary::ItemWord;
use crate::diagnostic::{Code, Edit, Finding};
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
    let tokens = lex(&source.text);
    let comments = tokens.iter().filter(|token| token.kind == TokenKind::Comment).map(|token| token.span);
    let mut parsed = Parsed {
        file: File { comments: comments.collect(), ..File::default() },
        findings: invisible::findings(source, &tokens),
    };
    for part in split_items(&source.text, &tokens) {
        parse_item(&mut parsed, source, part, PatchedText::new(&source.text, part));
    }
    parsed.findings.sort_by_key(|finding| finding.span);
    parsed.file.items.shrink_to_fit();
    parsed
}

/// Parses the item made of the tokens `part`, and repairs `patched` until it parses or no repair helps.
fn parse_item<'t>(parsed: &mut Parsed, source: &'t Source, part: &[Token], mut patched: PatchedText<'t>) {
    let file = &source.name;
    let mut budget = repair::Budget::new(patched.text.len());
    loop {
        if patched.tokens.iter().all(|token| token.kind == TokenKind::Comment) {
            return;
        }
        if let Some(deep) = nested_too_deep(&patched) {
            parsed.findings.push(nesting(file, &patched, deep));
            parsed.file.broken.push(broken(&patched, &patched.tokens));
            return;
        }
        let error = match grammar::parse_item(&patched.text) {
            Ok(pair) => return keep(parsed, file, &patched, pair),
            Err(error) => error,
        };
        let site = ErrorSite::new(&patched, &error);
        if let Some(index) = site.new_item()
            && keep_complete(parsed, file, &site, index)
        {
            return report_rest(parsed, source, part, &site, index);
        }
        if let Some((finding, repaired)) = repair::repair(&site, file, &mut budget) {
            parsed.findings.push(finding);
            patched = repaired;
        } else if keep_complete(parsed, file, &site, site.index) {
            return report_rest(parsed, source, part, &site, site.index);
        } else {
            parsed.findings.push(site.finding(file));
            parsed.file.broken.push(broken(&patched, &patched.tokens));
            return;
        }
    }
}

fn keep(parsed: &mut Parsed, file: &Arc<str>, patched: &PatchedText<'_>, pair: Pair<'_>) {
    match lower::item(patched, file, pair) {
        Some((item, findings)) => {
            parsed.file.items.push(item);
            parsed.findings.extend(findings);
        }
        None => parsed.file.broken.push(broken(patched, &patched.tokens)),
    }
}

/// Keeps the item if it is complete before token `index`, which must be the first of its line.
fn keep_complete(parsed: &mut Parsed, file: &Arc<str>, site: &ErrorSite<'_, '_>, index: usize) -> bool {
    let (before, rest) = site.patched.tokens.split_at_checked(index).unwrap_or_default();
    let last = before.iter().rfind(|token| token.kind != TokenKind::Comment);
    let complete = last.zip(rest.first()).filter(|(last, first)| site.breaks_between(**last, **first));
    match complete.map(|_| grammar::parse_item(site.patched.text_before(index))) {
        Some(Ok(pair)) => {
            keep(parsed, file, site.patched, pair);
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
            parse_item(parsed, source, &[], repaired);
        }
        None => {
            parsed.findings.push(finding_of_line.help(items()));
            parsed.file.broken.push(broken(site.patched, left));
        }
    }
}

/// What is known about `tokens`, which are an item of `patched` that does not parse, or the rest of one.
fn broken(patched: &PatchedText<'_>, tokens: &[Token]) -> Broken {
    let text: &str = &patched.text;
    let ends = tokens.first().zip(tokens.last()).map(|(first, last)| first.span.to(last.span));
    let mut broken =
        Broken { span: patched.to_file_span(&ends.unwrap_or_default().range()), ..Broken::default() };
    let first = tokens.first().map(|token| token.of(text).to_ascii_lowercase()).unwrap_or_default();
    match ItemWord::parse(&first) {
        Some(ItemWord::Use) => broken.is_use = true,
        Some(ItemWord::Let | ItemWord::Hours | ItemWord::Dates) => {
            broken.names.extend(tokens.get(1).map(|name| content(text, *name)));
        }
        Some(ItemWord::Test | ItemWord::TimeZone) => {}
        Some(_) => broken.is_rule = true,
        None => broken.is_rule = matches!(first.as_str(), "if" | "else" | "elif" | "elsif" | "elseif"),
    }
    let mut after_rule = false;
    for token in tokens {
        match token.kind {
            TokenKind::Word => broken.words.push(content(text, *token)),
            TokenKind::Text | TokenKind::Quoted | TokenKind::Unclosed => {
                broken.texts.push(content(text, *token));
                broken.names.extend(after_rule.then(|| content(text, *token)));
            }
            _ => {}
        }
        after_rule = broken.is_rule && token.of(text).eq_ignore_ascii_case("rule");
    }
    broken
}

/// The content of a token: a text without its quotes, of whatever kind.
fn content(text: &str, token: Token) -> String {
    let snippet = token.of(text);
    match token.kind {
        TokenKind::Text => lower::text_value(snippet, &mut |_, _| ()),
        TokenKind::Quoted | TokenKind::Unclosed => snippet.trim_matches(is_quote).to_owned(),
        _ => snippet.to_owned(),
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
