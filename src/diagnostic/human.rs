//! Findings for people to read in a terminal, drawn by miette.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;

use miette::{GraphicalReportHandler, GraphicalTheme, ThemeCharacters, ThemeStyles};

use super::excerpt::{Excerpt, printable};
use super::source_map::SourceMap;
use super::{Code, Finding, Level, Sources, short};

/// How to draw findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether to use terminal colours.
    pub colour: bool,
    /// The column at which sentences are wrapped.
    pub width: usize,
    /// How many columns of a source line are shown: a longer one is cut around what is wrong.
    pub line_width: usize,
    /// Whether to draw with Unicode characters instead of ASCII.
    pub unicode: bool,
}

/// More findings of one code than this are not all drawn.
const MANY: usize = 10;
/// How many of them are.
const DRAWN: usize = 3;

/// Draws the findings. If there are many of one code, the first of them are drawn and the others listed, one on a line, and
/// how many there are of each code comes last.
pub fn report(findings: &[Finding], sources: &Sources, style: Style) -> String {
    let mut counts: BTreeMap<Code, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.code).or_default() += 1;
    }
    if counts.values().all(|count| *count <= MANY) {
        return render(findings, sources, style);
    }
    let (mut drawn, mut listed) = (Vec::new(), BTreeMap::<Code, Vec<Finding>>::new());
    let mut met: BTreeMap<Code, usize> = BTreeMap::new();
    for finding in findings {
        let met = met.entry(finding.code).or_default();
        *met += 1;
        if *met > DRAWN && counts.get(&finding.code).is_some_and(|count| *count > MANY) {
            listed.entry(finding.code).or_default().push(finding.clone());
        } else {
            drawn.push(finding.clone());
        }
    }
    let mut out = render(&drawn, sources, style);
    for (code, findings) in &listed {
        let _ = writeln!(out, "{} more of {code}; `rules explain {code}` explains them:\n", findings.len());
        let _ = writeln!(out, "{}", short::lines(findings, sources));
    }
    out + &by_code(findings, &counts)
}

/// How many findings there are of each code, the most first.
fn by_code(findings: &[Finding], counts: &BTreeMap<Code, usize>) -> String {
    let mut rows: Vec<(usize, Code)> = counts.iter().map(|(code, count)| (*count, *code)).collect();
    rows.sort_by_key(|(count, code)| (Reverse(*count), *code));
    let level =
        |code| findings.iter().find(|finding| finding.code == code).map_or("", |one| one.level.word());
    let rows = rows.into_iter().map(|(count, code)| format!("{count:>7}  {:7}  {code}\n", level(code)));
    rows.collect::<String>() + "\n"
}

/// Draws every finding with the lines that it points at, its help and its fix.
pub fn render(findings: &[Finding], sources: &Sources, style: Style) -> String {
    let map = SourceMap::new(findings, sources);
    let theme = theme(style);
    let help = theme.styles.help;
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width.max(40))
        .with_links(false)
        .without_syntax_highlighting();
    let mut out = String::new();
    for finding in findings {
        let excerpt = Excerpt::new(finding, &map, style.line_width);
        if handler.render_report(&mut out, &excerpt).is_err() {
            let _ = writeln!(out, "{}: {}: {excerpt}", finding.level.word(), finding.code);
        }
        if map.file(&finding.file).is_none() {
            let _ = writeln!(out, "   in {}", printable(&finding.file));
        }
        if let Some(fix) = &finding.fix {
            let _ = writeln!(out, "{}{}", help.style("   fix: "), printable(&fix.title));
        }
        out.push('\n');
    }
    out
}

/// `3 errors, 1 warning in 4 files`, and how many of them `--fix` would fix.
pub fn summary(findings: &[Finding], files: usize) -> String {
    let files = counted(files, "file");
    let counts: Vec<String> = [Level::Error, Level::Warning, Level::Note]
        .into_iter()
        .map(|level| (count_of(findings, level), level.word()))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    let left_out: usize = findings.iter().map(|finding| finding.left_out).sum();
    let more = (left_out > 0).then(|| format!("{left_out} more that are not shown"));
    let counts: Vec<String> = counts.into_iter().chain(more).collect();
    if counts.is_empty() {
        return format!("no findings in {files}");
    }
    let fixable = findings.iter().filter(|finding| finding.fix.is_some()).count();
    let hint = match fixable {
        0 => String::new(),
        1 if findings.len() == 1 => "; `rules check --fix` fixes it".to_owned(),
        _ if fixable == findings.len() => "; `rules check --fix` fixes all of them".to_owned(),
        _ => format!("; `rules check --fix` fixes {fixable} of them"),
    };
    format!("{} in {files}{hint}", counts.join(", "))
}

/// How many findings of this level are shown.
fn count_of(findings: &[Finding], level: Level) -> usize {
    findings.iter().filter(|finding| finding.level == level && finding.left_out == 0).count()
}

/// `1 file`, `3 files`
pub(crate) fn counted(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn theme(style: Style) -> GraphicalTheme {
    GraphicalTheme {
        characters: if style.unicode { ThemeCharacters::unicode() } else { ThemeCharacters::ascii() },
        styles: if style.colour { ThemeStyles::ansi() } else { ThemeStyles::none() },
    }
}

#[cfg(test)]
mod tests {
    use unicode_width::UnicodeWidthStr as _;

    use super::*;
    use crate::diagnostic::tests as sample;
    use crate::text::{Source, Span};

    const PLAIN: Style = Style { colour: false, width: 80, line_width: 100, unicode: true };

    fn check(text: &str, span: std::ops::Range<usize>) -> String {
        render(&[sample::finding("a.rules", span)], &sample::sources("a.rules", text), PLAIN)
    }

    #[test]
    fn one_finding() {
        let text =
            "rule \"مرحبا\"\r\nwhen new_customer:\r\n\tassign group \"Slaes\" by random\r\nlet a = b\r\n";
        let at = text.find("\"Slaes\"").unwrap();
        let span = Span::new(at, at + 7);
        let finding = sample::finding("a.rules", span.range()).help("did you mean `Sales`?").fix(
            "write `Sales`",
            span,
            "\"Sales\"",
        );
        insta::assert_snapshot!(render(&[finding], &sample::sources("a.rules", text), PLAIN), @r#"
        error: unknown-group

          × no group is called `Slaes`
           ╭─[a.rules:3:15]
         2 │ when new_customer:
         3 │     assign group "Slaes" by random
           ·                  ───────
         4 │ let a = b
           ╰────
          help: did you mean `Sales`?
           fix: write `Sales`
        "#);
    }

    #[test]
    fn related_places() {
        let sources: Sources = [
            Source::new("a.rules", "let a = b\n\n\n\n\n\n\nlet a = c\nlet d = a"),
            Source::new("b.rules", "let a = 1"),
        ]
        .into_iter()
        .collect();
        let finding = sample::finding("a.rules", 20..21)
            .related(Span::new(4, 5), "first here")
            .related(Span::new(34, 35), "used here")
            .related_in(&"b.rules".into(), Span::new(4, 5), "and here")
            .related_in(&"gone.rules".into(), Span::new(4, 5), "not shown");
        insta::assert_snapshot!(render(&[finding], &sources, PLAIN), @"
        error: unknown-group

          × no group is called `Slaes`
           ╭─[a.rules:1:5]
         1 │ let a = b
           ·     ┬
           ·     ╰── first here
         2 │ 
           ╰────
           ╭─[a.rules:8:5]
         7 │ 
         8 │ let a = c
           ·     ─
         9 │ let d = a
           ·         ┬
           ·         ╰── used here
           ╰────
           ╭─[b.rules:1:5]
         1 │ let a = 1
           ·     ┬
           ·     ╰── and here
           ╰────
        ");
    }

    #[test]
    fn at_the_end() {
        insta::assert_snapshot!(check("a\nb", 3..3), @"
        error: unknown-group

          × no group is called `Slaes`
           ╭─[a.rules:2:2]
         1 │ a
         2 │ b
           ·  ▲
           ╰────
        ");
        insta::assert_snapshot!(check("a\nb\n", 4..4), @"
        error: unknown-group

          × no group is called `Slaes`
           ╭─[a.rules:3:1]
         2 │ b
         3 │ 
           · ▲
           ╰────
        ");
        insta::assert_snapshot!(check("", 7..9), @"
        error: unknown-group

          × no group is called `Slaes`
           ╭─[a.rules:1:1]
         1 │ 
           · ▲
           ╰────
        ");
    }

    #[test]
    fn several_lines_show_the_first() {
        insta::assert_snapshot!(check("when a:\n  b,\n  c\nlet", 5..17), @"
        error: unknown-group

          × no group is called `Slaes`
           ╭─[a.rules:1:6]
         1 │ when a:
           ·      ──
         2 │   b,
           ╰────
        ");
    }

    #[test]
    fn a_file_that_could_not_be_read() {
        let finding = sample::finding("gone.rules", 0..0);
        insta::assert_snapshot!(render(&[finding], &Sources::default(), PLAIN), @"
        error: unknown-group

          × no group is called `Slaes`
           in gone.rules
        ");
    }

    #[test]
    fn control_characters_are_shown() {
        insta::assert_snapshot!(check("\u{FEFF}let \u{202E}a\u{1B}[31m = 漢字 x", 7..11), @"
        error: unknown-group

          × no group is called `Slaes`
           ╭─[a.rules:1:6]
         1 │ let <U+202E>a<U+001B>[31m = 漢字 x
           ·     ─────────
           ╰────
        ");
    }

    #[test]
    fn ascii_and_colour() {
        let style = Style { colour: true, unicode: false, ..PLAIN };
        let sources = sample::sources("a.rules", "let");
        insta::assert_debug_snapshot!(render(&[sample::finding("a.rules", 0..3)], &sources, style), @r#""\u{1b}[31merror: unknown-group\u{1b}[0m\n\n  \u{1b}[31mx\u{1b}[0m no group is called `Slaes`\n   ,-[\u{1b}[36;1;4ma.rules:1:1\u{1b}[0m]\n \u{1b}[2m1\u{1b}[0m | let\n   : \u{1b}[35;1m^^^\u{1b}[0m\n   `----\n\n""#);
    }

    #[test]
    fn a_long_line_is_cut() {
        let text = format!("{} Slaes {}", "é".repeat(50_000), "漢".repeat(50_000));
        insta::assert_snapshot!(check(&text, 100_001..100_006), @"
        error: unknown-group

          × no group is called `Slaes`
           ╭─[a.rules:1:50002]
         1 │ …éééééééééééééééééééééééé Slaes 漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢漢…
           ·                           ─────
           ╰────
        ");
    }

    #[test]
    fn lines_are_as_wide_as_the_screen() {
        let text = "rule \"漢字\"\twhen new_customer: assign group \"Slaes\" by random, reply \"Hello \u{200F}مرحبا\"";
        for line_width in 20..100 {
            for at in (0..text.len()).filter(|at| text.is_char_boundary(*at)) {
                let style = Style { line_width, ..PLAIN };
                let finding = sample::finding("a.rules", at..at + 5);
                let out = render(&[finding], &sample::sources("a.rules", text), style);
                let line = out.lines().find_map(|line| line.strip_prefix(" 1 │ ")).unwrap();
                assert!(line.width() <= line_width, "{line_width}, {at}: {line}");
                let shown = line.trim_matches('…').width() + 2;
                assert!(shown >= line_width.min(printable(text).width()) - 8, "{line_width}, {at}: {line}");
            }
        }
    }

    #[test]
    fn many_findings_in_one_long_line() {
        let text = "Slaes ".repeat(10_000);
        let findings: Vec<Finding> =
            (0..10_000).map(|at| sample::finding("a.rules", at * 6..at * 6 + 5)).collect();
        let out = render(&findings, &sample::sources("a.rules", &text), PLAIN);
        assert_eq!(out.matches("unknown-group").count(), 10_000);
    }

    #[test]
    fn any_span_can_be_drawn() {
        let text = "a\r\né\u{200F}\n\n漢\tb";
        for start in 0..=text.len() + 2 {
            for end in start..=text.len() + 2 {
                assert!(check(text, start..end).contains("a.rules:"), "{start}..{end}");
            }
        }
    }

    #[test]
    fn many_findings_of_one_code_are_listed() {
        let sources = sample::sources("a.rules", &"Slaes ".repeat(12));
        let mut findings: Vec<Finding> =
            (0..12).map(|at| sample::finding("a.rules", at * 6..at * 6 + 5)).collect();
        assert_eq!(report(&findings[..10], &sources, PLAIN), render(&findings[..10], &sources, PLAIN));
        findings.push(Finding { code: Code::UnnamedRule, ..findings[0].clone() }.at_level(Level::Warning));
        let report = report(&findings, &sources, PLAIN);
        assert_eq!(report.matches("× no group is called").count(), 3);
        assert_eq!(report.matches("⚠ no group is called").count(), 1);
        let (_, list) = report
            .split_once("9 more of unknown-group; `rules explain unknown-group` explains them:\n\n")
            .unwrap();
        assert!(
            list.starts_with("a.rules:1:19: error: no group is called `Slaes` [unknown-group]\n"),
            "{list}"
        );
        assert!(
            list.ends_with("\n\n     12  error    unknown-group\n      1  warning  unnamed-rule\n\n"),
            "{list}"
        );
    }

    #[test]
    fn summaries() {
        let error = sample::finding("a.rules", 0..0);
        let warning = error.clone().at_level(Level::Warning).fix("write", Span::new(0, 0), "");
        assert_eq!(summary(&[], 4), "no findings in 4 files");
        assert_eq!(summary(std::slice::from_ref(&error), 1), "1 error in 1 file");
        assert_eq!(
            summary(&[error.clone(), error, warning], 4),
            "2 errors, 1 warning in 4 files; `rules check --fix` fixes 1 of them"
        );
    }
}
