//! What the program says when it cannot start: one sentence each.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use insta::assert_snapshot;
use sha2::{Digest, Sha256};

use crate::running::RunningHost;

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
    error: the store cannot be used: there is no folder `none`
    exit 2
    ");
    assert_snapshot!(with("sqlite:rules/inbox.toml"), @"
    error: the store is damaged: `rules/inbox.toml` is not a database
    exit 2
    ");
    assert_snapshot!(with("postgres://127.0.0.1:1/y"), @"
    error: the store cannot be used: error connecting to server: Connection refused (os error 111)
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

#[test]
fn a_store_that_another_program_writes() {
    let host = RunningHost::start();
    let folder = host.folder.path();
    assert_snapshot!(start(folder, &["--listen", "127.0.0.1:0", "--config", "/dev/null"]), @"
    error: `inbox.db` is used by another inbox-host that runs
    exit 2
    ");
}

/// Runs the program on a terminal until it says this or ends, and gives what it printed.
fn on_a_terminal(folder: &Path, listen: &str, until: &str) -> String {
    let program = env!("CARGO_BIN_EXE_inbox-host");
    let program = format!("echo $$ > pid; exec {program} --listen {listen} --admin 127.0.0.1:0 rules");
    let mut script = Command::new("script");
    script.args(["-qec", &program, "/dev/null"]).current_dir(folder).env("INBOX_LOG", "error");
    let mut child = script.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().unwrap();
    let mut text = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        text.push_str(line.trim_end());
        text.push('\n');
        if line.contains(until) {
            // A terminal that closes would not end it.
            let pid = fs::read_to_string(folder.join("pid")).unwrap();
            Command::new("kill").arg(pid.trim()).status().unwrap();
        }
    }
    child.wait().unwrap();
    text
}

#[test]
fn the_first_run_on_a_terminal_shows_a_token_once() {
    let folder = setup();
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let in_use = other.local_addr().unwrap().to_string();
    // A start that fails makes none, since nobody would see it.
    let said = on_a_terminal(folder.path(), &in_use, "already");
    assert!(said.contains("error: another program listens on"), "{said}");
    assert!(!folder.path().join("inbox.db.token").exists(), "{said}");

    let said = on_a_terminal(folder.path(), "127.0.0.1:0", "shown only now");
    assert_eq!(said.matches("token").count(), 1, "{said}");
    let token = said.lines().find(|line| line.len() == 64).unwrap_or_else(|| panic!("{said}"));
    assert!(said.starts_with("inbox-host listens on http://127.0.0.1:"), "{said}");
    assert!(!said.contains("/assets/"), "{said}");
    assert!(said.contains("inbox `main`: no numbers; rules in 2 files\n"), "{said}");
    let hash = Sha256::digest(token).iter().fold(String::new(), |hash, byte| format!("{hash}{byte:02x}"));
    let kept = fs::read_to_string(folder.path().join("inbox.db.token")).unwrap();
    assert_eq!(kept.trim(), hash, "it is kept, but only its hash");

    let said = on_a_terminal(folder.path(), "127.0.0.1:0", "rules in 2 files");
    assert!(said.starts_with("inbox-host listens on"), "{said}");
    assert!(!said.contains("token"), "{said}");
}

/// What systemd hears: that the program serves, that it goes on, and that it ends.
#[cfg(unix)]
#[test]
fn the_service_manager_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let hears = || {
        let mut bytes = [0; 256];
        let length = socket.recv(&mut bytes).unwrap();
        String::from_utf8_lossy(&bytes[..length]).trim_end().to_owned()
    };
    let setup = setup();
    fs::write(setup.path().join("host.toml"), "listen = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n").unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_inbox-host"))
        .current_dir(setup.path())
        .envs([("NOTIFY_SOCKET", &*path.to_string_lossy()), ("WATCHDOG_USEC", "200000")])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert_eq!(hears(), "READY=1");
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    let health = RunningHost::request_at(line["address"].as_str().unwrap(), "/healthz");
    assert_eq!(health.status, 200);
    assert_eq!((hears(), hears()), ("WATCHDOG=1".to_owned(), "WATCHDOG=1".to_owned()));
    Command::new("kill").arg(child.id().to_string()).status().unwrap();
    while hears() != "STOPPING=1" {}
    assert!(child.wait().unwrap().success());
}
