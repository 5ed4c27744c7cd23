//! The server in Neovim, as Debian has it.

use std::path::Path;
use std::process::Command;

use assert_cmd::cargo::cargo_bin;

use crate::harness::Rules;

const TEXT: &str =
    "rule \"مرحبا 😀\" when any_onlin: assign group \"Slaes\" by hand\notherwise: assign nobody\n";

#[test]
fn neovim_shows_what_is_found_and_applies_fixes() {
    if !has_neovim() {
        return;
    }
    let rules = Rules::new().file("+15550100.rules", TEXT).beside("neovim.lua", include_str!("neovim.lua"));
    let out = rules.path().join("out");
    let output = Command::new("nvim")
        .args(["--headless", "--clean", "-i", "NONE", "-c"])
        .arg(format!("luafile {}", rules.path().join("neovim.lua").display()))
        .env("RULES_PROGRAM", cargo_bin!("rules"))
        .env("RULES_FOLDER", rules.path().join("rules"))
        .env("RULES_OUT", &out)
        // Neovim keeps its log there.
        .envs(["HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"].map(|name| (name, rules.path())))
        .output()
        .unwrap();
    let seen = std::fs::read_to_string(Path::new(&out)).unwrap_or_default();
    let expected = "\
encoding: utf-16
found: 1:29 unknown-fact, 1:53 unknown-group
action: Fix all that has only one fix
line: rule \"مرحبا 😀\" when any_online: assign group \"Sales\" by hand
found: \n\
found: 2:24 unknown-user
stopped: true
";
    assert_eq!(seen, expected, "{}", String::from_utf8_lossy(&output.stderr));
}

fn has_neovim() -> bool {
    if Command::new("nvim").arg("--version").output().is_ok() {
        return true;
    }
    #[expect(clippy::disallowed_methods, reason = "what is skipped unseen is not tested")]
    let is_ci = std::env::var("CI").is_ok();
    assert!(!is_ci, "Neovim is not installed");
    eprintln!("Neovim is not installed, so the server is not tested in it");
    false
}
