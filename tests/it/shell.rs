//! Arguments, completions and man pages.

use std::io::Read;
use std::process::{Command, Stdio};

use super::harness::Rules;

const VERBS: [&str; 11] =
    ["init", "check", "fmt", "explain", "test", "route", "diff", "graph", "simulate", "completions", "man"];

#[test]
fn help_names_every_verb() {
    let help = Rules::empty().run("--help").exits_with(0).stdout();
    for verb in VERBS {
        assert!(help.contains(&format!("\n  {verb} ")), "{verb} is not in {help}");
        Rules::empty().run(&format!("{verb} --help")).exits_with(0).prints("Usage: rules");
        Rules::empty().run(&format!("man {verb}")).exits_with(0).prints(".TH");
    }
}

#[test]
fn wrong_arguments() {
    Rules::empty().run("").exits_with(2).reports("Usage");
    Rules::empty().run("chek").exits_with(2).reports("check");
    Rules::empty().run("check --formt json").exits_with(2).reports("--format");
    Rules::empty().run("man cats").exits_with(2).reports("there is no verb `cats`");
    Rules::empty().run("completions tcl").exits_with(2).reports("bash");
}

#[test]
fn the_version() {
    Rules::empty().run("--version").exits_with(0).prints(env!("CARGO_PKG_VERSION"));
}

#[test]
fn completions_and_manual() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        Rules::empty().run(&format!("completions {shell}")).exits_with(0).prints("explain");
    }
    Rules::empty().run("man").exits_with(0).prints(".TH rules 1").prints("route");
}

#[test]
fn closed_pipes_end_quietly() {
    for arguments in [&["explain"][..], &["man"], &["completions", "bash"], &["check", "-"]] {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin!("rules"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut stderr = String::new();
        child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        assert_eq!((child.wait().unwrap().code(), stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
}
