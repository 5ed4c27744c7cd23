//! The grammar by itself accepts every sound file, and knows the keywords of the vocabulary.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use pest::Parser as _;

use super::super::expected;
use super::super::lexer::{TokenKind, lex};
use super::super::split_items::split_items;
use super::super::vocabulary::{self, WordClass};
use super::*;

const GRAMMAR: &str = include_str!("../../../grammar/rules.pest");

/// Every file in `folder` and the folders in it that ends in `extension`.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| if path.is_dir() { files(&path, extension) } else { vec![path] });
    found.filter(|path| path.extension().is_some_and(|other| other == extension)).collect()
}

/// The `rules` blocks of a Markdown text.
fn rules_blocks(page: &str) -> impl Iterator<Item = String> {
    page.split("```rules\n").skip(1).filter_map(|rest| Some(format!("{}\n", rest.split_once("\n```")?.0)))
}

/// The files of `rules/`, the sound blocks of README and the docs, the good examples of the findings' pages.
fn sound_files() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap();
    let mut texts: Vec<_> = files(&root.join("rules"), "rules").iter().map(read).collect();
    let mut pages = files(&root.join("docs"), "md");
    pages.push(root.join("README.md"));
    texts.extend(pages.iter().map(read).flat_map(|page| rules_blocks(&page).collect::<Vec<_>>()));
    for page in files(&root.join("src/check"), "md").iter().map(read) {
        let good = page.split_once("\n## Good\n").map(|(_, good)| good).unwrap_or_default();
        texts.extend(rules_blocks(good.split("\n## ").next().unwrap_or_default()));
    }
    texts
}

#[test]
fn every_sound_file_is_accepted_and_has_the_items_that_it_is_split_into() {
    let texts = sound_files();
    assert!(texts.len() > 60, "only {} texts were found", texts.len());
    for text in texts {
        let tokens = lex(&text);
        let parts = split_items(&text, &tokens);
        let split: Vec<_> = parts
            .iter()
            .map(|part| part[0].span.start as usize..part[part.len() - 1].span.end as usize)
            .collect();
        let file = generated::Grammar::parse(Production::file, &text)
            .unwrap_or_else(|error| panic!("{error}"))
            .next()
            .unwrap();
        let items = file.into_inner().filter(|item| item.as_rule() != Production::EOI).map(|item| {
            let span = item.as_span();
            let inside = tokens
                .iter()
                .filter(|token| token.kind != TokenKind::Comment && token.span.end as usize <= span.end());
            span.start()..inside.map(|token| token.span.end as usize).max().unwrap()
        });
        assert_eq!(items.collect::<Vec<_>>(), split, "{text}");
    }
}

/// The words in quotes in the lines of the grammar that `wanted` picks.
fn words_of_lines(wanted: impl Fn(&str) -> bool) -> BTreeSet<&'static str> {
    let lines = GRAMMAR.lines().filter(|line| wanted(line) && !line.starts_with("//"));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2)).collect()
}

#[test]
fn the_keywords_of_the_grammar_are_those_of_the_vocabulary() {
    let is_keyword =
        |line: &str| line.contains("@{") && line.starts_with(|first: char| first.is_ascii_uppercase());
    let grammar = words_of_lines(is_keyword);
    for word in &grammar {
        assert!(vocabulary::find(word).is_some(), "`{word}` of the grammar is not in the vocabulary");
    }
    for entry in vocabulary::keywords() {
        assert!(grammar.contains(entry.word), "`{entry:?}` of the vocabulary is not in the grammar");
    }
    for production in Production::all_rules() {
        let name = format!("{production:?}");
        if !matches!(name.as_str(), "EOI" | "WHITESPACE") && !name.contains(|c: char| c.is_ascii_lowercase())
        {
            assert!(expected::keyword(*production).is_some(), "{name} is not named after its word");
        }
    }
}

#[test]
fn days_months_and_presences_are_those_of_the_vocabulary() {
    for (start, class) in
        [("short_day", WordClass::Day), ("short_month", WordClass::Month), ("presence", WordClass::Presence)]
    {
        let vocabulary: BTreeSet<_> = vocabulary::of_class(class).map(|entry| entry.word).collect();
        assert_eq!(words_of_lines(|line| line.starts_with(start)), vocabulary);
    }
}

#[test]
fn reserved_words_are_keywords() {
    let (_, rest) = GRAMMAR.split_once("\nreserved = _{").unwrap();
    let reserved: Vec<_> = rest.split('}').next().unwrap().split('"').skip(1).step_by(2).collect();
    for word in reserved {
        // `if` and `then` are no words of the language, and reserved so that no definition looks like one.
        assert!(matches!(word, "if" | "then") || vocabulary::find(word).is_some(), "{word}");
    }
}
