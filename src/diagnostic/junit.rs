//! `JUnit` XML, which build servers show as a table of tests: for findings one case a file.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::places::Places;
use super::{Finding, Level, Sources};

/// One test of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Case {
    /// What it belongs to, as the file of a `test` block.
    pub class: String,
    /// Its name.
    pub name: String,
    /// What went wrong; none: it passed.
    pub failures: Vec<Failure>,
    /// What is worth knowing though nothing went wrong.
    pub notes: Vec<String>,
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of thing, as `unknown-group`.
    pub kind: String,
    /// In a sentence.
    pub message: String,
    /// In several lines.
    pub details: String,
}

/// `files`, each with its findings: errors are failures, the others are told as output.
pub fn report<'a>(
    findings: &[Finding],
    sources: &Sources,
    files: impl IntoIterator<Item = &'a str>,
) -> String {
    let places = Places::new(findings, sources);
    let mut by_file: BTreeMap<&str, Case> = files.into_iter().map(|file| (file, case(file))).collect();
    for finding in findings {
        let case = by_file.entry(&finding.file).or_insert_with(|| case(&finding.file));
        let start = places.position(&finding.file, finding.span.start);
        let mut details = format!("{}:{}:{}: {}", finding.file, start.line, start.column, finding.message);
        if let Some(help) = &finding.help {
            let _ = write!(details, "\nhelp: {help}");
        }
        if finding.level == Level::Error {
            let message = finding.message.clone();
            case.failures.push(Failure { kind: finding.code.name().to_owned(), message, details });
        } else {
            case.notes.push(format!("{}[{}] {details}", finding.level.word(), finding.code));
        }
    }
    let cases: Vec<Case> = by_file.into_values().collect();
    suite("rules check", &cases)
}

/// A file's case, before anything was found.
fn case(file: &str) -> Case {
    Case { class: "rules check".to_owned(), name: file.to_owned(), ..Case::default() }
}

/// `cases` as one suite called `name`.
pub fn suite(name: &str, cases: &[Case]) -> String {
    let failed = cases.iter().filter(|case| !case.failures.is_empty()).count();
    let counts =
        format!("name=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\"", xml(name), cases.len());
    let cases: String = cases.iter().map(one).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite {counts}>\n{cases}  </testsuite>\n</testsuites>\n"
    )
}

fn one(case: &Case) -> String {
    let mut out = format!("    <testcase classname=\"{}\" name=\"{}\"", xml(&case.class), xml(&case.name));
    if case.failures.is_empty() && case.notes.is_empty() {
        out.push_str("/>\n");
        return out;
    }
    out.push_str(">\n");
    for Failure { kind, message, details } in &case.failures {
        let (kind, message, details) = (xml(kind), xml(message), xml(details));
        let _ = writeln!(out, "      <failure type=\"{kind}\" message=\"{message}\">{details}</failure>");
    }
    if !case.notes.is_empty() {
        let _ = writeln!(out, "      <system-out>{}</system-out>", xml(&case.notes.join("\n")));
    }
    out.push_str("    </testcase>\n");
    out
}

/// `text` for an attribute or between tags. What XML 1.0 cannot hold becomes U+FFFD.
fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' => out.push_str("&#9;"),
            '\n' => out.push_str("&#10;"),
            '\u{0}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}' => out.push('\u{FFFD}'),
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::sample;

    #[test]
    fn a_case_for_each_file() {
        let sources = sample::sources("a.rules", "é \"Slaes\"");
        let findings = [
            sample::finding("a.rules", 3..10).help("did you mean <\"Sales\" & \u{1}>?"),
            sample::finding("a.rules", 3..10).at_level(Level::Warning),
        ];
        insta::assert_snapshot!(report(&findings, &sources, ["a.rules", "b.rules"]), @r#"
        <?xml version="1.0" encoding="UTF-8"?>
        <testsuites name="rules check" tests="2" failures="1" errors="0">
          <testsuite name="rules check" tests="2" failures="1" errors="0">
            <testcase classname="rules check" name="a.rules">
              <failure type="unknown-group" message="no group is called `Slaes`">a.rules:1:3: no group is called `Slaes`&#10;help: did you mean &lt;&quot;Sales&quot; &amp; �&gt;?</failure>
              <system-out>warning[unknown-group] a.rules:1:3: no group is called `Slaes`</system-out>
            </testcase>
            <testcase classname="rules check" name="b.rules"/>
          </testsuite>
        </testsuites>
        "#);
    }
}
