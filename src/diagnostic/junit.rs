//! `JUnit` XML, which build servers show as a table of tests. A check has one test case for each file.
//!
//! It is written by hand, since the crate `quick-junit` allows one failure in a test case, while a file may have many.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::source_map::SourceMap;
use super::{Finding, Level, Sources};

/// One test case.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TestCase {
    /// The class that it belongs to: the verb, or the file of a `test` block.
    pub class: String,
    /// Its name.
    pub name: String,
    /// What went wrong; if empty, the test passed.
    pub failures: Vec<TestFailure>,
    /// Remarks that are not failures.
    pub notes: Vec<String>,
}

/// One thing that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestFailure {
    /// The kind of failure, as `unknown-group`.
    pub kind: String,
    /// One sentence.
    pub message: String,
    /// The details, in several lines.
    pub details: String,
}

/// One test case for each of `files`. Errors are its failures; warnings and notes are its output.
pub fn report<'a>(
    findings: &[Finding],
    sources: &Sources,
    files: impl IntoIterator<Item = &'a str>,
) -> String {
    let map = SourceMap::new(findings, sources);
    let mut by_file: BTreeMap<&str, TestCase> = files.into_iter().map(|file| (file, case_of(file))).collect();
    for finding in findings {
        let case = by_file.entry(&finding.file).or_insert_with(|| case_of(&finding.file));
        let start = map.position(&finding.file, finding.span.start);
        let mut details = format!("{}:{}:{}: {}", finding.file, start.line, start.column, finding.message);
        if let Some(help) = &finding.help {
            let _ = write!(details, "\nhelp: {help}");
        }
        if finding.level == Level::Error {
            let message = finding.message.clone();
            case.failures.push(TestFailure { kind: finding.code.name().to_owned(), message, details });
        } else {
            case.notes.push(format!("{}[{}] {details}", finding.level.word(), finding.code));
        }
    }
    let cases: Vec<TestCase> = by_file.into_values().collect();
    suite("rules check", &cases)
}

/// The test case of a file without findings.
fn case_of(file: &str) -> TestCase {
    TestCase { class: "rules check".to_owned(), name: file.to_owned(), ..TestCase::default() }
}

/// A test suite called `name`.
pub fn suite(name: &str, cases: &[TestCase]) -> String {
    let failed = cases.iter().filter(|case| !case.failures.is_empty()).count();
    let counts =
        format!("name=\"{}\" tests=\"{}\" failures=\"{failed}\" errors=\"0\"", escape(name), cases.len());
    let cases: String = cases.iter().map(test_case).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites {counts}>\n  <testsuite {counts}>\n{cases}  </testsuite>\n</testsuites>\n"
    )
}

fn test_case(case: &TestCase) -> String {
    let mut out =
        format!("    <testcase classname=\"{}\" name=\"{}\"", escape(&case.class), escape(&case.name));
    if case.failures.is_empty() && case.notes.is_empty() {
        out.push_str("/>\n");
        return out;
    }
    out.push_str(">\n");
    for TestFailure { kind, message, details } in &case.failures {
        let (kind, message, details) = (escape(kind), escape(message), escape(details));
        let _ = writeln!(out, "      <failure type=\"{kind}\" message=\"{message}\">{details}</failure>");
    }
    if !case.notes.is_empty() {
        let _ = writeln!(out, "      <system-out>{}</system-out>", escape(&case.notes.join("\n")));
    }
    out.push_str("    </testcase>\n");
    out
}

/// Escapes `text` for an attribute or an element. Characters that XML 1.0 does not allow become U+FFFD.
fn escape(text: &str) -> String {
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
    use crate::diagnostic::tests as sample;

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
