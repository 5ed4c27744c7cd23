//! A folder of rules on disk, in which the tests run the program.

use std::fs;
use std::path::Path;
use std::process::Output;

use assert_cmd::cargo::cargo_bin_cmd;
use tempfile::TempDir;

const INBOX: &str = r#"
[users.alice]
name = "Alice"
capacity = 5

[users.bob]
name = "Bob"

[users.carol]
name = "Carol"

[groups]
Sales = ["alice", "bob"]
Support = ["bob", "carol"]

[attributes]
plan = ["free", "gold"]
orders = "number"
"#;

/// A temporary folder with a folder `rules/`, which at first contains an `inbox.toml` with three users and two groups.
pub(crate) struct Rules {
    folder: TempDir,
    input: Vec<u8>,
    environment: Vec<(&'static str, &'static str)>,
}

/// A command that was run, and its output.
pub(crate) struct CommandRun {
    pub(crate) rules: Rules,
    output: Output,
}

impl Rules {
    pub(crate) fn new() -> Self {
        Self::empty().file("inbox.toml", INBOX)
    }

    /// An empty folder.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), input: Vec::new(), environment: Vec::new() }
    }

    /// Adds a file to `rules/`.
    pub(crate) fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.beside(&format!("rules/{name}"), text)
    }

    /// Adds a file anywhere in the folder.
    pub(crate) fn beside(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// Sets the standard input of the next command.
    pub(crate) fn input(mut self, input: impl AsRef<[u8]>) -> Self {
        self.input = input.as_ref().to_vec();
        self
    }

    /// Sets an environment variable for the next command.
    pub(crate) fn environment(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    /// Runs `rules` with these arguments, which are separated by white space.
    pub(crate) fn run(self, arguments: &str) -> CommandRun {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let mut command = cargo_bin_cmd!("rules");
        command.current_dir(self.folder.path()).args(arguments).write_stdin(self.input.clone());
        command.env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR").envs(self.environment.clone());
        let output = command.output().unwrap();
        CommandRun { rules: self, output }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Reads a file in `rules/`.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("rules").join(name)).unwrap()
    }
}

impl CommandRun {
    /// Asserts that the exit code is `code` and that nothing panicked.
    #[track_caller]
    pub(crate) fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.output.status.code(), Some(code), "{}{}", self.stdout(), self.stderr());
        assert!(!self.stderr().contains("panicked"), "{}", self.stderr());
        self
    }

    /// Asserts that standard output contains `text`.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert!(self.stdout().contains(text), "`{text}` is not in:\n{}\n{}", self.stdout(), self.stderr());
        self
    }

    /// Asserts that standard output does not contain `text`.
    #[track_caller]
    pub(crate) fn prints_no(self, text: &str) -> Self {
        assert!(!self.stdout().contains(text), "`{text}` is in:\n{}", self.stdout());
        self
    }

    /// Asserts that standard error contains `text`.
    #[track_caller]
    pub(crate) fn reports(self, text: &str) -> Self {
        assert!(self.stderr().contains(text), "`{text}` is not in:\n{}", self.stderr());
        self
    }

    /// Standard output, parsed as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout()).unwrap_or_else(|error| panic!("{error} in:\n{}", self.stdout()))
    }

    /// Each line of standard output, parsed as JSON.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        self.stdout().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.output.stderr).into_owned()
    }
}
