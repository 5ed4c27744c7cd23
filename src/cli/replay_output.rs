//! The output of `rules replay` for people.

use std::fmt::Write;

use textwrap::{Options, fill};

use super::output;
use crate::describe::truncated;
use crate::policy::RuleRef;
use crate::replay::{ReplayExample, ReplayReport, RuleChange};
use crate::simulation::grouped;
use crate::situation::{NotInInbox, Situation};

/// The width where the output is not a terminal.
const DEFAULT_WIDTH: usize = 100;
/// How many pairs of rules, reasons and names are shown.
const SHOWN: usize = 20;

/// The counts by pairs of rules, the examples, and what could not be decided.
pub(super) fn human(report: &ReplayReport, columns: Option<usize>) -> String {
    let page = Page { width: columns.unwrap_or(DEFAULT_WIDTH), shows_files: has_many_files(report) };
    let mut out = page.summary(report);
    if !report.changes.is_empty() {
        out += &page.table(report);
    }
    let shown = report.changes.iter().take(SHOWN);
    for change in shown.filter(|change| !change.examples.is_empty()) {
        out += &page.examples(change);
    }
    let more_reasons = report.undecided_lines.len();
    let reasons =
        report.undecided_lines.iter().map(|lines| (lines.count, lines.first_line, lines.reason.clone()));
    let title = match report.undecided {
        1 => "1 line cannot be decided:".to_owned(),
        count => format!("{} lines cannot be decided:", grouped(count)),
    };
    out += &page.list(&title, more_reasons, reasons);
    let names = report.left_out.iter().map(|one| (one.count, one.first_line, left_out(&one.what)));
    let title = "Left out, because `inbox.toml` does not have it:";
    out += &page.list(title, report.left_out.len(), names);
    output::printable_lines(&out)
}

/// How the output is laid out.
struct Page {
    width: usize,
    /// Whether the file of a rule must be said.
    shows_files: bool,
}

impl Page {
    fn summary(&self, report: &ReplayReport) -> String {
        let ReplayReport { decided, different, .. } = *report;
        let sentence = match (decided, different) {
            (1, 0) => "1 message replayed; the decision is the same".to_owned(),
            (_, 0) => format!("{} messages replayed; all decisions are the same", grouped(decided)),
            (1, _) => "1 message replayed; the decision differs".to_owned(),
            (_, 1) => {
                format!("{} messages replayed; 1 decision differs ({})", grouped(decided), share(1, decided))
            }
            _ => format!(
                "{} messages replayed; {} decisions differ ({})",
                grouped(decided),
                grouped(different),
                share(different, decided)
            ),
        };
        fill(&sentence, self.width) + "\n"
    }

    /// How many messages each pair of rules decides differently.
    fn table(&self, report: &ReplayReport) -> String {
        let shown = report.changes.get(..SHOWN).unwrap_or(&report.changes);
        let rest =
            report.changes.iter().skip(SHOWN).map(|change| change.count).sum::<u64>() + report.not_listed;
        let mut rows: Vec<(u64, String)> =
            shown.iter().map(|change| (change.count, self.pair(change))).collect();
        if rest > 0 {
            let hint = "other pairs of rules; `--format json` lists more";
            rows.push((rest, hint.to_owned()));
        }
        let cells = rows.iter().map(|(count, words)| (grouped(*count), share(*count, report.decided), words));
        let cells: Vec<_> = cells.collect();
        let widest =
            |of: &dyn Fn(&(String, String, &String)) -> usize| cells.iter().map(of).max().unwrap_or(0);
        let count_width = widest(&|(count, ..)| count.len()).max("count".len());
        let share_width = widest(&|(_, share, _)| share.chars().count()).max("share".len());
        let mut out = format!("\n{:>count_width$}  {:>share_width$}  before → now\n", "count", "share");
        for (count, share, words) in &cells {
            let head = format!("{count:>count_width$}  {share:>share_width$}  ");
            let indent = " ".repeat(count_width + share_width + 4);
            out += &self.wrapped(&head, &indent, words);
        }
        out
    }

    fn examples(&self, change: &RuleChange) -> String {
        let mut out = format!("\n{}", self.wrapped("", "  ", &self.pair(change)));
        for example in &change.examples {
            out += &self.wrapped("  ", "    ", &message(example));
            out += &self.wrapped("    ", "    ", &example.words);
        }
        out
    }

    /// A list of `(how often, first line, what)` under a title; nothing, if it is empty.
    fn list(&self, title: &str, length: usize, rows: impl Iterator<Item = (u64, u64, String)>) -> String {
        let rows: Vec<_> = rows.take(SHOWN).map(|(count, line, what)| (grouped(count), line, what)).collect();
        if rows.is_empty() {
            return String::new();
        }
        let width = rows.iter().map(|(count, ..)| count.len()).max().unwrap_or(0);
        let mut out = format!("\n{}", self.wrapped("", "", title));
        for (count, line, what) in rows {
            let words = format!("{what} (first on line {line})");
            out += &self.wrapped(
                &format!("{count:>width$}  ", width = width + 2),
                &" ".repeat(width + 4),
                &words,
            );
        }
        if length > SHOWN {
            let _ = writeln!(out, "  and {} more, which `--format json` lists", length - SHOWN);
        }
        out
    }

    /// `` `welcome` → `late shift` ``
    fn pair(&self, change: &RuleChange) -> String {
        format!("{} → {}", self.rule(change.before.as_ref()), self.rule(change.now.as_ref()))
    }

    fn rule(&self, rule: Option<&RuleRef>) -> String {
        match rule {
            None => "no rule".to_owned(),
            Some(rule) if self.shows_files && rule.name.is_some() => format!("{rule} ({})", rule.file),
            Some(rule) => rule.to_string(),
        }
    }

    fn wrapped(&self, first: &str, indent: &str, words: &str) -> String {
        let options = Options::new(self.width).initial_indent(first).subsequent_indent(indent);
        fill(words, options) + "\n"
    }
}

/// Whether the rules are of several files.
fn has_many_files(report: &ReplayReport) -> bool {
    let rules = report.changes.iter().flat_map(|change| change.before.iter().chain(&change.now));
    let mut files = rules.map(|rule| &rule.file);
    files.next().is_some_and(|first| files.any(|file| file != first))
}

/// `line 17: Mona (+201001234567), 2026-11-24T18:30:00Z: “I want a refund”`
fn message(example: &ReplayExample) -> String {
    let Situation { customer, message, at, .. } = &example.situation;
    let id = customer.phone.as_deref().or(customer.id.as_deref());
    let who = match (customer.name.as_deref(), id) {
        (Some(name), Some(id)) => format!("{} ({id})", truncated(name)),
        (Some(name), None) => truncated(name),
        (None, Some(id)) => id.to_owned(),
        (None, None) => "a customer".to_owned(),
    };
    let at = at.map(|at| format!(", {at}")).unwrap_or_default();
    let text = match message.text.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => format!("“{}”", truncated(text)),
        None => format!("a message of the kind `{}`", message.kind),
    };
    format!("line {}: {who}{at}: {text}", example.line)
}

fn left_out(what: &NotInInbox) -> String {
    match what {
        NotInInbox::User(id) => format!("user `{id}`"),
        NotInInbox::Group(name) => format!("group `{name}`"),
        NotInInbox::Attribute(name) => format!("attribute `{name}`, or one of its values"),
    }
}

/// `1.2 %`; what is less than a tenth, and not nothing, is `< 0.1 %`.
fn share(part: u64, whole: u64) -> String {
    let whole = u128::from(whole.max(1));
    let thousandths = (u128::from(part) * 1000 + whole / 2) / whole;
    if thousandths == 0 {
        "< 0.1 %".to_owned()
    } else {
        format!("{}.{} %", thousandths / 10, thousandths % 10)
    }
}
