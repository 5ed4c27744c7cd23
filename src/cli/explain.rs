//! `rules explain`: the page that explains a finding.

use std::fmt::Write;

use super::exit::{Exit, Failure};
use super::output;
use crate::check::explain;
use crate::diagnostic::{Code, Level, nearest};

/// Explain a finding, or list all kinds of findings
#[derive(clap::Args)]
#[command(after_help = "Example: rules explain unknown-group")]
pub(super) struct ExplainArgs {
    /// The code that `rules check` shows with the finding
    code: Option<String>,
}

pub(super) fn run(arguments: &ExplainArgs) -> Result<Exit, Failure> {
    let text = match &arguments.code {
        Some(code) => page(code)?,
        None => table(output::columns()),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn page(code: &str) -> Result<String, Failure> {
    let known = || Code::ALL.iter().chain(Code::SETTINGS).copied();
    known()
        .find(|known| known.name() == code)
        .map(|code| format!("{}\n", explain(code).trim_end()))
        .ok_or_else(|| {
            Failure::Message(match nearest(code, known().map(Code::name)) {
                Some(near) => format!("there is no finding `{code}`; did you mean `{near}`?"),
                None => format!("there is no finding `{code}`; `rules explain` lists them all"),
            })
        })
}

/// Every kind of finding with the first sentence of its page, by what it does to the rules. On a screen of so many `columns`
/// the sentences are wrapped beside their codes, or below them if there is too little room.
fn table(columns: Option<usize>) -> String {
    let width = Code::ALL.iter().map(|code| code.name().len()).max().unwrap_or(0) + 2;
    let row = |code: Code| {
        let (name, sentence) = (code.name(), first_sentence(explain(code)));
        match columns {
            None => format!("  {name:width$}{sentence}"),
            Some(columns) if columns < width + MIN_SENTENCE => {
                format!("  {name}\n{}", textwrap::indent(&textwrap::fill(&sentence, columns - 4), "    "))
            }
            Some(columns) => {
                let indent = " ".repeat(width + 2);
                let options = textwrap::Options::new(columns).subsequent_indent(&indent);
                textwrap::fill(&format!("  {name:width$}{sentence}"), options)
            }
        }
    };
    let mut text = String::new();
    for (head, is_listed) in KINDS {
        let codes = Code::ALL.iter().filter(|code| is_listed(**code));
        let _ = writeln!(text, "{}{head}", if text.is_empty() { "" } else { "\n" });
        for code in codes {
            let _ = writeln!(text, "{}", row(*code));
        }
    }
    text
}

/// The columns that a sentence needs beside its code.
const MIN_SENTENCE: usize = 40;

/// Whether a code is of a kind.
type IsOfKind = fn(Code) -> bool;

/// The kinds of findings.
const KINDS: [(&str, IsOfKind); 5] = [
    ("Faults: the rules cannot be used until they are mended", Code::is_fault),
    ("Errors", |code| !code.is_fault() && code.level() == Some(Level::Error)),
    ("Warnings", |code| code.level() == Some(Level::Warning)),
    ("Notes", |code| code.level() == Some(Level::Note)),
    ("Off, unless [lints] of inbox.toml turns them on", |code| code.level().is_none()),
];

/// The first sentence of a page, which opens with `# code` and its level.
fn first_sentence(page: &str) -> String {
    let paragraph = page.split("\n\n").nth(2).unwrap_or_default().replace('\n', " ");
    let sentence = paragraph.split_once(". ").map_or(&*paragraph, |(first, _)| first);
    sentence.trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;

    #[test]
    fn the_list_fits_the_screen() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let whole = table(None);
        for columns in [40, 80, 120] {
            // The heads are as long as they are.
            let list = table(Some(columns));
            let rows = list.lines().filter(|line| line.starts_with(' '));
            for row in rows {
                assert!(row.width() <= columns, "{columns}: {row}");
            }
            assert_eq!(words(&list), words(&whole));
        }
    }
}
