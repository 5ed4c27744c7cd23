//! Text → tree. It never fails: what cannot be read is a finding, and everything else is still read.

use std::sync::Arc;

use super::ast::{Broken, File};
use super::build;
use super::draft::Draft;
use super::grammar;
use super::hidden;
use super::mend;
use super::place::{Place, quote};
use super::recover;
use super::scan::{Kind, Lexeme, is_quote, scan};
use super::vocabulary::ItemWord;
use crate::diagnostic::Finding;
use crate::text::Source;

/// What was read of a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// Its tree.
    pub file: File,
    /// What is wrong with its form, in the order of the file.
    pub findings: Vec<Finding>,
}

/// Reads `source`.
pub fn parse(source: &Source) -> Parsed {
    let lexemes = scan(&source.text);
    let comments = lexemes.iter().filter(|lexeme| lexeme.kind == Kind::Comment).map(|lexeme| lexeme.span);
    let mut parsed = Parsed {
        file: File { comments: comments.collect(), ..File::default() },
        findings: hidden::findings(source, &lexemes),
    };
    for part in recover::split(&source.text, &lexemes) {
        read_item(&mut parsed, &source.name, Draft::new(&source.text, part));
    }
    parsed.findings.sort_by_key(|finding| finding.span);
    parsed
}

/// Reads one item, mending it until it can be read or nobody knows how.
fn read_item(parsed: &mut Parsed, file: &Arc<str>, mut draft: Draft<'_>) {
    let mut effort = mend::Effort::new(draft.text.len());
    loop {
        if let Some(deep) = too_deep(&draft) {
            parsed.findings.push(nesting(file, &draft, deep));
            parsed.file.broken.push(broken(&draft, &draft.lexemes));
            return;
        }
        let stop = match grammar::read(&draft.text) {
            Ok(node) => return keep(parsed, file, &draft, node),
            Err(stop) => stop,
        };
        let place = Place::new(&draft, &stop);
        match mend::mend(&place, file, &mut effort) {
            Some((finding, mended)) => {
                parsed.findings.push(finding);
                draft = mended;
            }
            None => return give_up(parsed, file, &place),
        }
    }
}

fn keep(parsed: &mut Parsed, file: &Arc<str>, draft: &Draft<'_>, node: grammar::Node<'_>) {
    match build::item(draft, file, node) {
        Some((item, findings)) => {
            parsed.file.items.push(item);
            parsed.findings.extend(findings);
        }
        None => parsed.file.broken.push(broken(draft, &draft.lexemes)),
    }
}

/// Says what was expected. An item that is complete on the lines before stands.
fn give_up(parsed: &mut Parsed, file: &Arc<str>, place: &Place<'_, '_>) {
    if let (Some(before), Some(here)) = (place.before().next(), place.here())
        && place.breaks_between(before, here)
        && let Some(complete) = place.text().get(..before.span.end as usize)
        && let Ok(node) = grammar::read(complete)
    {
        keep(parsed, file, place.draft, node);
        parsed.findings.push(junk(file, place));
        let rest = place.draft.lexemes.get(place.index..).unwrap_or_default();
        parsed.file.broken.push(broken(place.draft, rest));
        return;
    }
    parsed.findings.push(place.plain(file));
    parsed.file.broken.push(broken(place.draft, &place.draft.lexemes));
}

/// Says that a line begins nothing. Only its first line is underlined.
fn junk(file: &Arc<str>, place: &Place<'_, '_>) -> Finding {
    let start = place.stop.at;
    let line = place.text().get(start..).unwrap_or_default().lines().next().unwrap_or_default().trim_end();
    let said = place.here().map(|here| place.said(here)).unwrap_or_default();
    let message = format!("{} begins nothing, and what stands above is complete", quote(said));
    Finding::error("syntax", file, place.origin(&(start..start + line.len())), message).help(ITEMS)
}

const ITEMS: &str = "an item begins with `rule`, `when`, `also`, `otherwise`, `let`, `hours`, `dates`, `use`, \
                     `timezone` or `test`";

/// What is known of `lexemes`, an item of `draft` that cannot be read or the rest of one.
fn broken(draft: &Draft<'_>, lexemes: &[Lexeme]) -> Broken {
    let text: &str = &draft.text;
    let ends = lexemes.first().zip(lexemes.last()).map(|(first, last)| first.span.to(last.span));
    let mut broken = Broken { span: draft.origin(&ends.unwrap_or_default().range()), ..Broken::default() };
    let first = lexemes.first().map(|lexeme| lexeme.of(text).to_ascii_lowercase()).unwrap_or_default();
    match ItemWord::parse(&first) {
        Some(ItemWord::Use) => broken.is_use = true,
        Some(ItemWord::Let | ItemWord::Hours | ItemWord::Dates) => {
            broken.names.extend(lexemes.get(1).map(|name| content(text, *name)));
        }
        Some(ItemWord::Test | ItemWord::TimeZone) => {}
        Some(_) => broken.is_rule = true,
        None => broken.is_rule = matches!(first.as_str(), "if" | "else" | "elif" | "elsif" | "elseif"),
    }
    let mut after_rule = false;
    for lexeme in lexemes {
        match lexeme.kind {
            Kind::Word => broken.words.push(content(text, *lexeme)),
            Kind::Text | Kind::Quoted | Kind::Unclosed => {
                broken.texts.push(content(text, *lexeme));
                broken.names.extend(after_rule.then(|| content(text, *lexeme)));
            }
            _ => {}
        }
        after_rule = broken.is_rule && lexeme.of(text).eq_ignore_ascii_case("rule");
    }
    broken
}

/// What a lexeme means: a text without its quotes, whatever those are.
fn content(text: &str, lexeme: Lexeme) -> String {
    let said = lexeme.of(text);
    match lexeme.kind {
        Kind::Text => build::plain(said, &mut |_, _| ()),
        Kind::Quoted | Kind::Unclosed => said.trim_matches(is_quote).to_owned(),
        _ => said.to_owned(),
    }
}

/// How deep conditions may be nested; what reads them calls itself for each level.
const DEEPEST: usize = 64;

/// The first `(` or `not` that nests a condition deeper than [`DEEPEST`].
fn too_deep(draft: &Draft<'_>) -> Option<Lexeme> {
    let (mut depth, mut outside, mut parens) = (0, 0, Vec::new());
    for lexeme in &draft.lexemes {
        match lexeme.of(&draft.text) {
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
        if depth > DEEPEST {
            return Some(*lexeme);
        }
    }
    None
}

fn nesting(file: &Arc<str>, draft: &Draft<'_>, deep: Lexeme) -> Finding {
    let message = format!("this condition is nested more than {DEEPEST} deep");
    Finding::error("syntax", file, draft.origin(&deep.span.range()), message)
        .help("give parts of it names with `let`, and use those")
}

#[cfg(test)]
mod tests;
