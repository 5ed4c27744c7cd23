//! Commands: running tests.

use gen_lsp_types::{ExecuteCommandParams, MessageType};
use lsp_server::ErrorCode;
use serde_json::Value;

use super::outbox::RequestError;
use super::view::FolderView;
use crate::scenario::{self, TestOutcome, TestReport};

/// Runs the tests of a file, or those of the names that follow: `[uri]`, `[uri, name]` or `[uri, [name, …]]`.
pub(super) const RUN_TESTS: &str = "rules.runTests";

/// The same for one test.
pub(super) const RUN_TEST: &str = "rules.runTest";

/// The URI of the file that a command is about, and the names of the tests; none of them means all.
pub(super) fn tests_of(params: &ExecuteCommandParams) -> Result<(String, Vec<String>), RequestError> {
    let wrong = |message: &str| RequestError::new(ErrorCode::InvalidParams, message);
    if ![RUN_TEST, RUN_TESTS].contains(&&*params.command) {
        return Err(wrong(&format!("there is no command `{}`", params.command)));
    }
    let arguments = params.arguments.as_deref().unwrap_or_default();
    let uri = arguments.first().and_then(Value::as_str);
    let uri = uri.ok_or_else(|| wrong("the first argument is the URI of the file"))?;
    let names = match arguments.get(1) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::String(name)) => vec![name.clone()],
        Some(names) => serde_json::from_value(names.clone())
            .map_err(|_| wrong("the second argument is the name of a test, or a list of names"))?,
    };
    Ok((uri.to_owned(), names))
}

/// Runs the tests of these names, or all, of a file.
pub(super) fn run_tests(view: &FolderView, file: &str, names: &[String]) -> Result<TestReport, RequestError> {
    let workspace = view.workspace();
    let resolved = workspace.resolved();
    let source = view.folder.files.get(file);
    let Some((source, result)) = source.zip(resolved.file(file)) else {
        return Err(RequestError::failed("only a rule file has tests"));
    };
    if !resolved.has_meaning(result) {
        return Err(RequestError::failed("there are errors in the rules; mend them first"));
    }
    let policy = &result.resolved.policy;
    let wanted = |name: &str| names.is_empty() || names.iter().any(|wanted| wanted == name);
    let tests = policy.tests.iter().filter(|test| wanted(&test.name));
    let run =
        tests.map(|test| TestOutcome::new(source, test, scenario::run(policy, &view.folder.inbox, test)));
    let outcomes: Vec<TestOutcome> = run.collect();
    let is_run = |name: &&String| outcomes.iter().any(|outcome| *outcome.name == **name);
    match names.iter().find(|name| !is_run(name)) {
        Some(missing) => Err(RequestError::failed(format!("there is no test `{missing}` in this file"))),
        None => Ok(TestReport::new(outcomes)),
    }
}

/// What is shown of a report: one sentence, or one for each test that failed.
pub(super) fn summary(report: &TestReport) -> (MessageType, String) {
    match (&*report.tests, report.failed) {
        ([], _) => (MessageType::Info, "there are no tests in this file".to_owned()),
        ([test], 0) => (MessageType::Info, format!("the test `{}` passes", test.name)),
        (tests, 0) => (MessageType::Info, format!("all {} tests pass", tests.len())),
        (tests, _) => {
            let failed = tests.iter().filter(|test| !test.passed).map(failure);
            (MessageType::Warning, failed.collect::<Vec<_>>().join("\n"))
        }
    }
}

fn failure(test: &TestOutcome) -> String {
    let failures = test.failures.iter().map(|failure| {
        let help = failure.help.as_ref().map(|help| format!("; {help}")).unwrap_or_default();
        format!("expected {}, but got {}{help}", failure.expected, failure.got)
    });
    let lines = failures.chain(test.why.iter().cloned());
    format!("the test `{}` fails: {}", test.name, lines.collect::<Vec<_>>().join("\n"))
}
