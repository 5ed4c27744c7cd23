//! `rules explain`: the page that explains a finding.

use std::borrow::Cow;
use std::fmt::Write;

use super::exit::{Exit, Failure};
use super::output;
use crate::check::explain;
use crate::diagnostic::{Code, nearest};

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
        None => table(),
    };
    output::print(&text)?;
    Ok(Exit::Clean)
}

fn page(code: &str) -> Result<String, Failure> {
    Code::named(code).map(|code| format!("{}\n", explain(code).trim_end())).ok_or_else(|| {
        Failure::Message(match nearest(code, Code::ALL.iter().map(|code| code.name())) {
            Some(near) => format!("there is no finding `{code}`; did you mean `{near}`?"),
            None => format!("there is no finding `{code}`; `rules explain` lists them all"),
        })
    })
}

/// Every kind of finding with its level and the first sentence of its page.
fn table() -> String {
    let rows: Vec<_> = Code::ALL.iter().map(|code| row(code.name(), explain(*code))).collect();
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.len()).max();
    let (code_width, level_width) = (width(0).unwrap_or(0), width(1).unwrap_or(0));
    let mut text = String::new();
    for [code, level, sentence] in rows {
        let _ = writeln!(text, "{code:code_width$}  {level:level_width$}  {sentence}");
    }
    text
}

/// A page opens with `# code`; then `Level: warning.`, or that it is a fault; then its first sentence.
fn row<'a>(code: &'a str, page: &str) -> [Cow<'a, str>; 3] {
    let mut paragraphs = page.split("\n\n").skip(1);
    let level = paragraphs.next().and_then(|line| line.strip_prefix("Level: ")).unwrap_or("error");
    let level = level.split(|letter: char| !letter.is_alphabetic()).next().unwrap_or_default();
    let paragraph = paragraphs.next().unwrap_or_default().replace('\n', " ");
    let sentence = paragraph.split_once(". ").map_or(&*paragraph, |(first, _)| first).trim_end_matches('.');
    [code.into(), level.to_owned().into(), sentence.to_owned().into()]
}
