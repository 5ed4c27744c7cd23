//! A folder of rules on disk, and the program run in it.

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

/// A folder with `rules/` in it, which begins with an `inbox.toml` of three users and two groups.
pub(crate) struct Rules {
    folder: TempDir,
    input: Vec<u8>,
    environment: Vec<(&'static str, &'static str)>,
}

/// What came of a command.
pub(crate) struct Ran {
    pub(crate) rules: Rules,
    output: Output,
}

impl Rules {
    pub(crate) fn new() -> Self {
        Self::empty().file("inbox.toml", INBOX)
    }

    /// A folder with nothing in it.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), input: Vec::new(), environment: Vec::new() }
    }

    /// The same with a file of that name in `rules/`.
    pub(crate) fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        self.beside(&format!("rules/{name}"), text)
    }

    /// The same with a file anywhere in the folder.
    pub(crate) fn beside(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// The same with that on standard input.
    pub(crate) fn input(mut self, input: impl AsRef<[u8]>) -> Self {
        self.input = input.as_ref().to_vec();
        self
    }

    /// The same with that variable in the environment.
    pub(crate) fn environment(mut self, name: &'static str, value: &'static str) -> Self {
        self.environment.push((name, value));
        self
    }

    /// Runs `rules` with these arguments, which are cut at white space.
    pub(crate) fn run(self, arguments: &str) -> Ran {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let mut command = cargo_bin_cmd!("rules");
        command.current_dir(self.folder.path()).args(arguments).write_stdin(self.input.clone());
        command.env_remove("CLICOLOR_FORCE").env_remove("NO_COLOR").envs(self.environment.clone());
        let output = command.output().unwrap();
        Ran { rules: self, output }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The text of a file of `rules/`.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.path().join("rules").join(name)).unwrap()
    }
}

impl Ran {
    /// The exit code is `code`, and nothing panicked.
    #[track_caller]
    pub(crate) fn found(self, code: i32) -> Self {
        assert_eq!(self.output.status.code(), Some(code), "{}{}", self.stdout(), self.stderr());
        assert!(!self.stderr().contains("panicked"), "{}", self.stderr());
        self
    }

    /// Standard output has `text` in it.
    #[track_caller]
    pub(crate) fn prints(self, text: &str) -> Self {
        assert!(self.stdout().contains(text), "`{text}` is not in:\n{}\n{}", self.stdout(), self.stderr());
        self
    }

    /// Standard output does not have `text` in it.
    #[track_caller]
    pub(crate) fn prints_no(self, text: &str) -> Self {
        assert!(!self.stdout().contains(text), "`{text}` is in:\n{}", self.stdout());
        self
    }

    /// Standard error has `text` in it.
    #[track_caller]
    pub(crate) fn tells(self, text: &str) -> Self {
        assert!(self.stderr().contains(text), "`{text}` is not in:\n{}", self.stderr());
        self
    }

    /// Standard output is JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout()).unwrap_or_else(|error| panic!("{error} in:\n{}", self.stdout()))
    }

    /// Each line of standard output is JSON.
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
