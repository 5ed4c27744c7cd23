//! The examples of `docs/host.md` and of the README, run in order by a shell. They need `curl` and `openssl`.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use jiff::Timestamp;
use serde_json::Value;

use crate::running::{ALL, RunningHost, tokens};

const MANUAL: &str = include_str!("../../../docs/host.md");
const OPERATE: &str = include_str!("../../../docs/operate.md");
const SECURITY: &str = include_str!("../../../docs/security.md");
const README: &str = include_str!("../../../README.md");

/// A fenced block of a page.
struct Example {
    kind: &'static str,
    text: String,
}

/// A shell that keeps its variables from one example to the next.
struct Shell {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Shell {
    fn start(folder: &Path) -> Self {
        let mut child = Command::new("sh")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut shell = Self { child, output };
        shell.run("exec 2>&1");
        shell
    }

    /// What these lines print.
    fn run(&mut self, text: &str) -> String {
        const END: &str = "--- end of the example";
        let input = self.child.stdin.as_mut().unwrap();
        write!(input, "{text}\nprintf '\\n%s\\n' '{END}'\n").unwrap();
        let mut printed = String::new();
        while !printed.ends_with(&format!("\n{END}\n")) {
            assert_ne!(self.output.read_line(&mut printed).unwrap(), 0, "the shell has ended: {printed}");
        }
        printed.replace(&format!("\n{END}\n"), "")
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The blocks that begin at the left margin.
fn examples(page: &'static str) -> Vec<Example> {
    let mut found = Vec::new();
    let mut open: Option<Example> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => open = Some(Example { kind, text: String::new() }),
            (Some(_), Some("")) => found.extend(open.take()),
            (Some(example), _) => example.text.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    found
}

/// The inbox of the repository, with these settings, in a folder of its own.
fn folder(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("rules")).unwrap();
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.path().join("rules").join(file.file_name())).unwrap();
    }
    let listen = "listen = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n";
    fs::write(folder.path().join("host.toml"), format!("{listen}{settings}\n{}", tokens())).unwrap();
    folder
}

/// Runs the examples that call the program, and compares the answers with those that are shown.
fn run(host: &RunningHost, examples: &[Example]) {
    let mut shell = Shell::start(host.folder.path());
    let mut digest = String::new();
    for (at, example) in examples.iter().enumerate() {
        let is_call = ["call ", "127.0.0.1:8080"].iter().any(|text| example.text.contains(text));
        if example.kind != "sh" || !is_call {
            continue;
        }
        let text = example.text.replace("TOKEN=…", &format!("TOKEN={ALL}"));
        let text = text.replace("127.0.0.1:8080", &host.address).replace("sha256:…", &digest);
        let shown = examples.get(at + 1).filter(|next| next.kind == "json");
        let shown = shown.map(|shown| serde_json::from_str::<Value>(&shown.text).unwrap());
        let is_read = !text.contains(" -d ") && !text.contains(" -X ");
        let mut tries = 0;
        loop {
            let printed = shell.run(&text);
            let answers = answers(&printed);
            let wrong = wrong(&answers, shown.as_ref());
            digest =
                answers.iter().find_map(|answer| answer["digest"].as_str()).unwrap_or(&digest).to_owned();
            let Some(wrong) = wrong else { break };
            tries += 1;
            // A reply is on its way for a moment.
            assert!(is_read && tries < 50, "{wrong} after\n{text}\n{printed}");
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
    }
}

/// The JSON that calls have printed, one after the other.
fn answers(printed: &str) -> Vec<Value> {
    if !printed.starts_with('{') {
        assert!(!printed.contains("curl: (7)"), "{printed}");
        return Vec::new();
    }
    serde_json::Deserializer::from_str(printed).into_iter().map(Result::unwrap).collect()
}

/// What is wrong with the answers: the last one should be as it is shown, and the others no errors.
fn wrong(answers: &[Value], shown: Option<&Value>) -> Option<String> {
    let compared = usize::from(shown.is_some());
    let unseen = answers.get(..answers.len().saturating_sub(compared)).unwrap_or_default();
    if unseen.iter().any(|answer| !answer["error"].is_null()) {
        return Some("there is an error".to_owned());
    }
    let shown = shown?;
    let Some(last) = answers.last() else { return Some("there is no answer".to_owned()) };
    difference("the answer", shown, last).map(|place| format!("{place} is not as shown"))
}

/// The first place where an answer is not as it is shown. `"…"` stands for anything, and as a field for all
/// further fields. Times, digests and ids of requests only have to be there.
fn difference(place: &str, shown: &Value, answer: &Value) -> Option<String> {
    let differs = || Some(place.to_owned());
    match (shown, answer) {
        (Value::String(shown), _) if shown == "…" => None,
        (Value::String(shown), Value::String(answer)) => {
            let is_time = |text: &str| text.parse::<Timestamp>().is_ok();
            let is_digest = |text: &str| text.starts_with("sha256:");
            let is_alike = shown == answer
                || place.ends_with(".request")
                || is_time(shown) && is_time(answer)
                || is_digest(shown) && is_digest(answer);
            if is_alike { None } else { differs() }
        }
        (Value::Object(shown), Value::Object(answer)) => {
            let is_part = shown.contains_key("…");
            let missing = answer.keys().find(|key| !is_part && !shown.contains_key(*key));
            let missing = missing.map(|key| format!("{place}.{key}"));
            missing.or_else(|| {
                let mut fields = shown.iter().filter(|(key, _)| *key != "…");
                fields.find_map(|(key, value)| {
                    let place = format!("{place}.{key}");
                    answer
                        .get(key)
                        .map_or_else(|| Some(place.clone()), |answer| difference(&place, value, answer))
                })
            })
        }
        (Value::Array(shown), Value::Array(answer)) if shown.len() == answer.len() => {
            let mut pairs = shown.iter().zip(answer).enumerate();
            pairs.find_map(|(at, (shown, answer))| difference(&format!("{place}[{at}]"), shown, answer))
        }
        _ => {
            if shown == answer {
                None
            } else {
                differs()
            }
        }
    }
}

/// Whether this machine can run the examples.
fn can_run(commands: &[&str]) -> bool {
    let missing = commands.iter().find(|command| Command::new(command).arg("--help").output().is_err());
    if let Some(missing) = missing {
        #[expect(clippy::disallowed_methods, reason = "what is skipped unseen is not tested")]
        let is_ci = std::env::var("CI").is_ok();
        assert!(!is_ci, "`{missing}` is not installed");
        eprintln!("`{missing}` is not installed, so the examples are not run");
    }
    missing.is_none()
}

#[test]
fn the_examples_of_the_manual() {
    if !can_run(&["sh", "curl"]) {
        return;
    }
    let host = RunningHost::run_in(folder(""));
    run(&host, &examples(MANUAL));
}

/// The same examples on PostgreSQL, in a database of their own on the server that `INBOX_TEST_POSTGRES` names.
#[test]
fn the_examples_of_the_manual_on_postgresql() {
    #[expect(clippy::disallowed_methods, reason = "whoever runs the tests names the server")]
    let [server, ci] = ["INBOX_TEST_POSTGRES", "CI"].map(std::env::var);
    let Ok(server) = server else {
        assert!(ci.is_err(), "INBOX_TEST_POSTGRES is not set");
        eprintln!("INBOX_TEST_POSTGRES is not set, so the examples are not run on PostgreSQL");
        return;
    };
    if !can_run(&["sh", "curl", "psql"]) {
        return;
    }
    let psql = |statement: &str| {
        let done = Command::new("psql").args(["-qX", "-c", statement, &server]).status().unwrap();
        assert!(done.success(), "{statement}");
    };
    let name = format!("inbox_manual_{}", std::process::id());
    psql(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"));
    let (address, options) = server.split_once('?').unwrap_or((&server, ""));
    let (machine, _) = address.rsplit_once('/').unwrap();
    let store = format!("store = \"{machine}/{name}?{options}\"\nrules = \"folder\"\n");
    let host = RunningHost::run_in(folder(&store));
    run(&host, &examples(MANUAL));
    drop(host);
    psql(&format!("DROP DATABASE {name} WITH (FORCE)"));
}

#[test]
fn the_message_of_the_readme() {
    if !can_run(&["sh", "curl", "openssl"]) {
        return;
    }
    let (_, section) = README.split_once("## A message goes through\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let examples = examples(section);
    let start = examples.first().unwrap().text.lines().filter(|line| !line.starts_with("cargo"));
    let new = tempfile::tempdir().unwrap();
    Shell::start(new.path()).run(&start.collect::<Vec<_>>().join("\n"));
    let settings = fs::read_to_string(new.path().join("host.toml")).unwrap();
    let host = RunningHost::run_in(folder(&settings));
    run(&host, &examples);
}

/// Each call of the API is in the manual.
#[test]
fn the_manual_has_every_call() {
    let host = RunningHost::start();
    let document = RunningHost::request_at(&host.address, "/openapi.json").json();
    for path in document["paths"].as_object().unwrap().keys() {
        let words = path.trim_start_matches("/v1/inboxes/{inbox}").split('/');
        let words: Vec<&str> = words.filter(|word| !word.is_empty() && !word.starts_with('{')).collect();
        let is_there = MANUAL.lines().any(|line| words.iter().all(|word| line.contains(word)));
        assert!(is_there, "{path}");
    }
}

/// What the log says at `warn` and `error` is in the page for whoever runs the program.
#[test]
fn the_page_for_operators_has_every_message() {
    let mut sources = String::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
    let calls = ["tracing::warn!(", "tracing::error!("].map(|call| sources.split(call).skip(1));
    let mut count = 0;
    for message in calls.into_iter().flatten().map(last_literal) {
        let lines: Vec<&str> = message.split("\\\n").map(str::trim_start).collect();
        let message = lines.concat();
        assert!(OPERATE.contains(&message), "docs/operate.md does not say what to do about `{message}`");
        count += 1;
    }
    assert!(count > 10, "{count}");
}

/// The tests that `docs/security.md` names exist.
#[test]
fn the_tests_of_the_page_about_security_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    for folder in ["src", "tests"] {
        collect(&root.join(folder), &mut sources);
    }
    let words = SECURITY.split('`').skip(1).step_by(2);
    let names: Vec<&str> = words.filter_map(|word| word.split_once("::").map(|(_, name)| name)).collect();
    assert!(names.len() > 40, "{}", names.len());
    for name in names {
        assert!(sources.contains(&format!("fn {name}(")), "there is no test `{name}`");
    }
}

/// All sources in a folder.
fn collect(folder: &Path, sources: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            sources.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// The last text in quotes before the parenthesis that ends the arguments.
fn last_literal(arguments: &str) -> String {
    let (mut depth, mut in_quotes, mut literal) = (1, false, String::new());
    for sign in arguments.chars() {
        match (sign, in_quotes) {
            ('"', true) => in_quotes = false,
            ('"', false) => (in_quotes, literal) = (true, String::new()),
            (_, true) => literal.push(sign),
            ('(', false) => depth += 1,
            (')', false) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    literal
}
