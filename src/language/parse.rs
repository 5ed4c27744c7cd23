//! Text → tree. It never fails: what cannot be read is a finding, and everything else is still read.

use std::sync::Arc;

use super::ast::{Broken, File, MAX_NESTING};
use super::build;
use super::draft::Draft;
use super::grammar;
use super::invisible;
use super::mend;
use super::node::Tree;
use super::place::{Place, items, quote};
use super::recover;
use super::scan::{Kind, Lexeme, is_quote, scan};
use super::vocabulary::ItemWord;
use crate::diagnostic::{Code, Edit, Finding};
use crate::text::{Source, Span};

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
        findings: invisible::findings(source, &lexemes),
    };
    for part in recover::split(&source.text, &lexemes) {
        read_item(&mut parsed, source, part, Draft::new(&source.text, part));
    }
    parsed.findings.sort_by_key(|finding| finding.span);
    parsed.file.items.shrink_to_fit();
    parsed
}

/// Reads the item of `part`, mending `draft` until it can be read or nobody knows how.
fn read_item<'t>(parsed: &mut Parsed, source: &'t Source, part: &[Lexeme], mut draft: Draft<'t>) {
    let file = &source.name;
    let mut effort = mend::Effort::new(draft.text.len());
    loop {
        if draft.lexemes.iter().all(|lexeme| lexeme.kind == Kind::Comment) {
            return;
        }
        if let Some(deep) = too_deep(&draft) {
            parsed.findings.push(nesting(file, &draft, deep));
            parsed.file.broken.push(broken(&draft, &draft.lexemes));
            return;
        }
        let stop = match grammar::read(&draft.text, &draft.lexemes) {
            Ok(tree) => return keep(parsed, file, &draft, &tree),
            Err(stop) => stop,
        };
        let place = Place::new(&draft, &stop);
        if let Some(index) = place.new_item()
            && keep_complete(parsed, file, &place, index)
        {
            return read_rest(parsed, source, part, &place, index);
        }
        if let Some((finding, mended)) = mend::mend(&place, file, &mut effort) {
            parsed.findings.push(finding);
            draft = mended;
        } else if keep_complete(parsed, file, &place, place.index) {
            return read_rest(parsed, source, part, &place, place.index);
        } else {
            parsed.findings.push(place.plain(file));
            parsed.file.broken.push(broken(&draft, &draft.lexemes));
            return;
        }
    }
}

fn keep(parsed: &mut Parsed, file: &Arc<str>, draft: &Draft<'_>, tree: &Tree<'_>) {
    match tree.root().and_then(|node| build::item(draft, file, node)) {
        Some((item, findings)) => {
            parsed.file.items.push(item);
            parsed.findings.extend(findings);
        }
        None => parsed.file.broken.push(broken(draft, &draft.lexemes)),
    }
}

/// Keeps the item if it is complete before lexeme `index`, which must begin a line.
fn keep_complete(parsed: &mut Parsed, file: &Arc<str>, place: &Place<'_, '_>, index: usize) -> bool {
    let (before, rest) = place.draft.lexemes.split_at_checked(index).unwrap_or_default();
    let last = before.iter().rfind(|lexeme| lexeme.kind != Kind::Comment);
    let complete = last.zip(rest.first()).filter(|(last, first)| place.breaks_between(**last, **first));
    match complete.map(|_| grammar::read(place.text(), before)) {
        Some(Ok(tree)) => {
            keep(parsed, file, place.draft, &tree);
            true
        }
        _ => false,
    }
}

/// What follows a complete item begins nothing, unless its first word is a slip in one that begins an item.
fn read_rest<'t>(
    parsed: &mut Parsed,
    source: &'t Source,
    part: &[Lexeme],
    place: &Place<'_, 't>,
    index: usize,
) {
    let file = &source.name;
    let left = place.draft.lexemes.get(index..).unwrap_or_default();
    let (start, said) =
        left.first().map(|first| (first.span.start as usize, place.said(*first))).unwrap_or_default();
    let line = place.text().get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default().trim_end();
    let span = place.origin(&(start..start + line.len()));
    let junk = Finding::new(Code::Syntax, file, span, format!("{} begins no item", quote(said)));

    let first = part.partition_point(|lexeme| lexeme.span.start < span.start);
    let rest = part.get(first..).unwrap_or_default();
    let slip = mend::nearest(said, mend::ITEMS.iter()).and_then(|meant| {
        let word = rest.first().filter(|_| said != meant)?.span;
        let draft = Draft::new(&source.text, rest);
        let edit = Edit { span: Span::new(0, said.len()), text: meant.to_owned() };
        let mended = draft.with(std::slice::from_ref(&edit))?;
        let helps =
            grammar::read(&mended.text, &mended.lexemes).map_or_else(|stop| stop.at > meant.len(), |_| true);
        helps.then_some((meant, word, mended))
    });
    match slip {
        Some((meant, word, mended)) => {
            let finding = Finding { span: word, ..junk };
            let finding = finding.help(format!("did you mean `{meant}`?"));
            parsed.findings.push(finding.fix(format!("write `{meant}`"), word, meant));
            // What is left once more is not looked at again, so that a long file of slips is read once.
            read_item(parsed, source, &[], mended);
        }
        None => {
            parsed.findings.push(junk.help(items()));
            parsed.file.broken.push(broken(place.draft, left));
        }
    }
}

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

/// The first `(` or `not` that nests a condition deeper than [`MAX_NESTING`].
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
        if depth > MAX_NESTING {
            return Some(*lexeme);
        }
    }
    None
}

fn nesting(file: &Arc<str>, draft: &Draft<'_>, deep: Lexeme) -> Finding {
    let message = format!("this condition is nested more than {MAX_NESTING} deep");
    Finding::new(Code::Syntax, file, draft.origin(&deep.span.range()), message)
        .help("give parts of it names with `let`, and use those")
}

#[cfg(test)]
mod tests;
