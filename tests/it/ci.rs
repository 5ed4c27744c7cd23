//! What `docs/ci.md` and `action.yml` have a build server do, done here.

use std::path::Path;
use std::process::{Command, Output};

use super::generated::read;
use super::harness::Rules;

/// Runs `script` in bash as a build server does, in the folder of `rules`, with the program on the path.
fn bash(rules: &Rules, script: &str, variables: &[(&str, &str)]) -> Output {
    let program = assert_cmd::cargo::cargo_bin!("rules").parent().map(Path::to_owned).unwrap();
    let path = format!("{}:/usr/bin:/bin", program.display());
    let mut command = Command::new("bash");
    command.args(["-e", "-o", "pipefail", "-c", script]).current_dir(rules.path()).env("PATH", path);
    command.envs(variables.iter().copied()).output().unwrap()
}

/// The values of `key:` in a YAML file, each on the line of its key.
fn values(yaml: &str, key: &str) -> Vec<String> {
    let prefix = format!("{key}: ");
    yaml.lines()
        .filter_map(|line| line.trim_start_matches([' ', '-']).strip_prefix(&prefix))
        .map(str::to_owned)
        .collect()
}

const SOUND: &str = "rule \"all\"\notherwise:\n    assign nobody\n\ntest \"all\":\n    expect rule \"all\"\n";
const WARNED: &str = "otherwise: assign nobody\nlet unused = new_customer\n";

#[test]
fn the_steps_of_the_action_run() {
    let action = read("action.yml");
    let steps = values(&action, "run");
    let [install, check, test, layout] = steps.as_slice() else { panic!("{steps:?}") };
    let variables = |deny| [("RULES", "rules"), ("DENY", deny), ("VERSION", "*")];
    let rules = Rules::new().file("+15550100.rules", SOUND);
    for step in [install, check, test, layout] {
        let output = bash(&rules, step, &variables("--deny=warnings"));
        assert!(output.status.success(), "{step}: {}", String::from_utf8_lossy(&output.stderr));
    }
    let rules = Rules::new().file("+15550100.rules", WARNED);
    let output = bash(&rules, check, &variables("--deny=warnings"));
    let annotations = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(annotations.starts_with("::error file=rules/+15550100.rules,line="), "{annotations}");
    assert_eq!(bash(&rules, check, &variables("")).status.code(), Some(0));
    assert_eq!(bash(&rules, layout, &variables("")).status.code(), Some(1));
}

#[test]
fn the_hooks_take_the_files_of_a_commit() {
    let entries = values(&read(".pre-commit-hooks.yaml"), "entry");
    assert_eq!(entries.len(), 3);
    for entry in entries {
        let rules = Rules::new().file("+15550100.rules", SOUND);
        let output = bash(&rules, &format!("{entry} rules/+15550100.rules rules/inbox.toml"), &[]);
        assert!(output.status.success(), "{entry}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn the_script_for_gitlab_makes_its_reports() {
    let page = read("docs/ci.md");
    let lines = page.lines().skip_while(|line| *line != "  script:").skip(1);
    let script: Vec<&str> = lines.map_while(|line| line.strip_prefix("    - ")).collect();
    assert_eq!(script.len(), 3);
    let rules = Rules::new().file("+15550100.rules", WARNED);
    let output = bash(&rules, script[0], &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = std::fs::read(rules.path().join("rules-quality.json")).unwrap();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let issue =
        report.as_array().unwrap().iter().find(|issue| issue["check_name"] == "unused-definition").unwrap();
    assert_eq!(
        issue["location"],
        serde_json::json!({ "path": "rules/+15550100.rules", "lines": { "begin": 2, "end": 2 } })
    );
    assert_eq!(issue["severity"], "minor");
    assert!(bash(&rules, script[1], &[]).status.success());
    assert_eq!(bash(&rules, script[2], &[]).status.code(), Some(1));
}
