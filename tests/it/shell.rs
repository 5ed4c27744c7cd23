//! Arguments, completions, the manual

use std::io::Read;
use std::process::{Command, Stdio};

use super::harness::Rules;

const VERBS: [&str; 7] = ["init", "check", "explain", "test", "route", "completions", "man"];

#[test]
fn help_names_every_verb() {
    let help = Rules::empty().run("--help").found(0).stdout();
    for verb in VERBS {
        assert!(help.contains(&format!("\n  {verb} ")), "{verb} is not in {help}");
        Rules::empty().run(&format!("{verb} --help")).found(0).prints("Usage: rules");
        Rules::empty().run(&format!("man {verb}")).found(0).prints(".TH");
    }
}

#[test]
fn wrong_arguments() {
    Rules::empty().run("").found(2).tells("Usage");
    Rules::empty().run("chek").found(2).tells("check");
    Rules::empty().run("check --formt json").found(2).tells("--format");
    Rules::empty().run("man cats").found(2).tells("there is no verb `cats`");
    Rules::empty().run("completions tcl").found(2).tells("bash");
}

#[test]
fn the_version() {
    Rules::empty().run("--version").found(0).prints(env!("CARGO_PKG_VERSION"));
}

#[test]
fn completions_and_manual() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        Rules::empty().run(&format!("completions {shell}")).found(0).prints("explain");
    }
    Rules::empty().run("man").found(0).prints(".TH rules 1").prints("route");
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
        let mut told = String::new();
        child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
        assert_eq!((child.wait().unwrap().code(), told.as_str()), (Some(0), ""), "{arguments:?}");
    }
}
