//! `--watch`, and tests that need a process of their own: few permissions, no watches, a file mounted over another.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;

use super::watched_folder::policy;
use crate::harness::Rules;

const FILE: &str = "+15550100.rules";

/// The program while it is running.
struct Watching {
    rules: Rules,
    child: Child,
    printed: Arc<Mutex<String>>,
}

impl Watching {
    fn start(rules: Rules, arguments: &str) -> Self {
        Self::start_after(rules, "", &[], arguments)
    }

    /// Starts the program in new namespaces, after a shell command.
    fn start_after(rules: Rules, before: &str, namespaces: &[&str], arguments: &str) -> Self {
        let program = format!("{before} exec {} {arguments}", cargo_bin("rules").display());
        let mut command = if namespaces.is_empty() { Command::new("sh") } else { Command::new("unshare") };
        if !namespaces.is_empty() {
            command.args(namespaces).arg("sh");
        }
        Self::start_by(rules, command.args(["-c", &program]))
    }

    fn start_by(rules: Rules, command: &mut Command) -> Self {
        command.current_dir(rules.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let printed = Arc::new(Mutex::new(String::new()));
        collect(child.stdout.take().unwrap(), &printed);
        collect(child.stderr.take().unwrap(), &printed);
        Self { rules, child, printed }
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.rules.path().join("rules").join(name), text).unwrap();
    }

    /// Waits until it prints `text`.
    #[track_caller]
    fn prints(&self, text: &str) {
        let began = Instant::now();
        loop {
            let mut printed = self.printed.lock().unwrap();
            if let Some(at) = printed.find(text) {
                printed.drain(..at + text.len());
                return;
            }
            assert!(began.elapsed() < Duration::from_secs(60), "`{text}` is not in:\n{printed}");
            drop(printed);
            thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn collect(mut stream: impl Read + Send + 'static, printed: &Arc<Mutex<String>>) {
    let printed = Arc::clone(printed);
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(read @ 1..) = stream.read(&mut buffer) {
            printed.lock().unwrap().push_str(&String::from_utf8_lossy(&buffer[..read]));
        }
    });
}

/// Whether processes may create namespaces here. On the build server they must be able to.
fn has_namespaces() -> bool {
    let can_unshare =
        Command::new("unshare").args(["-Urm", "true"]).status().is_ok_and(|status| status.success());
    if !can_unshare {
        println!("skipped: `unshare` cannot create namespaces here");
        assert!(std::env::var_os("CI").is_none(), "the build server must be able to create namespaces");
    }
    can_unshare
}

#[test]
fn check_again_whenever_the_rules_change() {
    let watching = Watching::start(Rules::new().file(FILE, policy("one")), "check --watch");
    watching.prints("no findings in 2 files");
    watching.write(FILE, "rule \"all\"\notherwise: asign nobody\n");
    watching.prints("did you mean `assign`?");
    watching.write("inbox.toml", "[users.alice\n");
    watching.prints("inbox.toml");
    fs::rename(watching.rules.path().join("rules"), watching.rules.path().join("away")).unwrap();
    watching.prints("there is no folder `rules` here");
    fs::rename(watching.rules.path().join("away"), watching.rules.path().join("rules")).unwrap();
    watching.prints("did you mean `assign`?");
}

#[test]
fn check_one_file_again_whenever_it_or_what_it_uses_changes() {
    let rules = Rules::new()
        .file(FILE, format!("use \"common.txt\"\nrule \"vip\"\nwhen vip: assign nobody\n{}", policy("one")))
        .file("common.txt", "let vip = new_customer\n")
        .file("default.rules", policy("two"));
    let watching = Watching::start(rules, &format!("check --watch --format json rules/{FILE}"));
    watching.prints("\"files\": 3");
    watching.write("common.txt", "let vip = new_custmer\n");
    watching.prints("did you mean `new_customer`?");
    watching.write("common.txt", "let vip = new_customer\n");
    watching.prints("\"findings\": []");
}

#[test]
fn test_again_whenever_the_rules_change() {
    let test = |tag: &str| format!("{}test \"marked\":\n    expect tag \"{tag}\"\n", policy("one"));
    let watching = Watching::start(Rules::new().file(FILE, test("one")), "test --watch");
    watching.prints("1 test passed");
    watching.write(FILE, test("two"));
    watching.prints("0 passed, 1 failed");
    watching.write(FILE, test("one"));
    watching.prints("1 test passed");
}

#[test]
fn what_cannot_be_watched() {
    Rules::new().run("check --watch -").exits_with(2).reports("`--watch` cannot watch standard input");
    Rules::empty().run("check --watch").exits_with(2).reports("there is no folder `rules` here");
    Rules::new().run("check --watch --fix").exits_with(2).reports("cannot be used with");
}

#[test]
fn output_that_is_closed() {
    let rules = Rules::new().file(FILE, policy("one"));
    let program = format!("{} check --watch | head -1", cargo_bin("rules").display());
    let mut child = Command::new("sh")
        .args(["-c", &program])
        .current_dir(rules.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let began = Instant::now();
    let mut saves = 0;
    while child.try_wait().unwrap().is_none() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the program does not notice that its output is closed"
        );
        thread::sleep(Duration::from_millis(300));
        saves += 1;
        fs::write(rules.path().join("rules").join(FILE), policy(&saves.to_string())).unwrap();
    }
}

#[test]
fn a_file_that_is_mounted_over_another() {
    if !has_namespaces() {
        return;
    }
    let rules = Rules::new().file(FILE, policy("one")).beside("mounted.rules", policy("one"));
    let mount = format!("mount --bind mounted.rules rules/{FILE} &&");
    let watching = Watching::start_after(rules, &mount, &["-Urm"], "check --watch");
    watching.prints("no findings in 2 files");
    for slip in ["asign", "assgin"] {
        let text = format!("rule \"all\"\notherwise: {slip} nobody\n");
        fs::write(watching.rules.path().join("mounted.rules"), text).unwrap();
        watching.prints(slip);
    }
}

#[test]
fn no_watches_left() {
    if !has_namespaces() {
        return;
    }
    for limit in ["max_inotify_instances", "max_inotify_watches"] {
        let rules = Rules::new().file(FILE, policy("one"));
        let none = format!("echo 0 > /proc/sys/user/{limit} &&");
        let watching = Watching::start_after(rules, &none, &["-Ur"], "check --watch");
        watching.prints("no findings in 2 files");
        watching.write(FILE, "rule \"all\"\notherwise: asign nobody\n");
        watching.prints("did you mean `assign`?");
    }
}

/// As an ordinary user who may have no thread but the first one: the superuser has no such limit.
#[test]
fn no_threads_left() {
    let user = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];
    if !Command::new("setpriv").args(user).arg("true").status().is_ok_and(|status| status.success()) {
        println!("skipped: `setpriv` cannot change the user here");
        return;
    }
    let mut rules = Rules::new();
    for number in 100..140 {
        rules = rules.file(&format!("+15550{number}.rules"), policy("one"));
    }
    let root = rules.path().to_owned();
    fs::copy(cargo_bin("rules"), root.join("program")).unwrap();
    for path in [root.clone(), root.join("rules"), root.join("program")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let shell = format!("ulimit -u 1; exec setpriv {} ./program check --watch", user.join(" "));
    let mut watching = Watching::start_by(rules, Command::new("sh").args(["-c", &shell]));
    watching.prints("no findings in 41 files");
    watching.write(FILE, "rule \"all\"\notherwise: asign nobody\n");
    watching.prints("did you mean `assign`?");
    assert!(watching.child.try_wait().unwrap().is_none(), "it goes on");
}

#[test]
fn permission_to_read_is_lost_and_restored() {
    if !has_namespaces() {
        return;
    }
    let rules = Rules::new().file(FILE, policy("one"));
    // As an ordinary user, since the superuser may read everything.
    let watching = Watching::start_after(rules, "", &["-U"], "check --watch");
    watching.prints("no findings in 2 files");
    let root = watching.rules.path().join("rules");
    let allow =
        |name: &str, mode| fs::set_permissions(root.join(name), fs::Permissions::from_mode(mode)).unwrap();
    allow(FILE, 0o000);
    watching.prints("permission is denied");
    allow(FILE, 0o644);
    watching.prints("no findings in 2 files");
    allow("inbox.toml", 0o000);
    watching.prints("permission is denied");
    allow("inbox.toml", 0o644);
    watching.prints("no findings in 2 files");
    allow("", 0o000);
    watching.prints("cannot be read");
    allow("", 0o755);
    watching.prints("no findings in 2 files");
}
