//! What the program says when it cannot start: one sentence each.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;

/// What is printed, and the exit code, of a start that fails.
fn start(folder: &Path, arguments: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_inbox-host"));
    let output = program.current_dir(folder).args(arguments).env("INBOX_LOG", "error").output().unwrap();
    assert!(output.stdout.is_empty(), "{output:?}");
    let text = String::from_utf8(output.stderr).unwrap();
    format!("{}exit {}", text.replace(&folder.display().to_string(), "FOLDER"), output.status.code().unwrap())
}

fn setup() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("rules")).unwrap();
    fs::write(folder.path().join("rules/inbox.toml"), "[users.alice]\n[groups]\nSales = [\"alice\"]\n")
        .unwrap();
    fs::write(folder.path().join("rules/default.rules"), "otherwise: assign group \"Sales\" by hand\n")
        .unwrap();
    folder
}

#[test]
fn a_port_that_is_taken() {
    let folder = setup();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let said = start(folder.path(), &["--listen", &address, "--admin", "127.0.0.1:0"]);
    assert_snapshot!(said.replace(&address, "ADDRESS"), @"
    error: another program listens on ADDRESS already; choose another port with `--listen` or `--admin`
    exit 2
    ");
}

#[test]
fn a_store_that_cannot_be_used() {
    let folder = setup();
    let with = |store: &str| start(folder.path(), &["--listen", "127.0.0.1:0", "--store", store]);
    assert_snapshot!(with("sqlite:none/inbox.db"), @"
    error: the store is away: there is no folder `none`
    exit 2
    ");
    assert_snapshot!(with("sqlite:rules/inbox.toml"), @"
    error: the store is damaged: `rules/inbox.toml` is not a database
    exit 2
    ");
    assert_snapshot!(with("postgres://x/y"), @"
    error: this build has no PostgreSQL; name a file as the store, as in `sqlite:inbox.db`
    exit 2
    ");
}

#[test]
fn rules_with_errors() {
    let folder = setup();
    fs::write(folder.path().join("rules/default.rules"), "otherwise: assign group \"Slaes\" by hand\n")
        .unwrap();
    let said = start(folder.path(), &["--listen", "127.0.0.1:0"]);
    assert!(said.contains("did you mean `Sales`?"), "{said}");
    assert!(said.contains("\nerror: the rules of the inbox `main` cannot be used: "), "{said}");
    assert!(said.ends_with("\nexit 1"), "{said}");
}
