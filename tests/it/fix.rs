//! Tests of `rules check --fix` and `--diff`.

use super::harness::Rules;

const WRONG: &str = "rule \"a\"\nwhen new_custmer and any_online in \"Slaes\":\n    assign group \"Sales\" by leastchats among available else nobody\notherwise:\n    assign nobody\n";
const RIGHT: &str = "rule \"a\"\nwhen new_customer and any_online in \"Sales\":\n    assign group \"Sales\" by least_chats among available else nobody\notherwise:\n    assign nobody\n";

#[test]
fn everything_that_can_be_fixed() {
    let run = Rules::new().file("+15550100.rules", WRONG).run("check --fix").exits_with(0);
    let run = run.reports("fixed rules/+15550100.rules: 3 fixes").prints("no findings in 2 files");
    assert_eq!(run.rules.read("+15550100.rules"), RIGHT);
    let run = run.rules.run("check --fix").exits_with(0);
    assert_eq!(run.stderr(), "");
}

#[test]
fn what_cannot_be_fixed_is_left() {
    let wrong = format!("{WRONG}also when any_online in \"Marketing\": priority low\n");
    let run = Rules::new().file("+15550100.rules", wrong).run("check --fix").exits_with(1);
    let run = run.prints("no group is called `Marketing`").prints_no("Slaes");
    assert!(run.rules.read("+15550100.rules").starts_with(RIGHT));
}

#[test]
fn a_diff_changes_nothing() {
    let run = Rules::new().file("+15550100.rules", WRONG).run("check --diff").exits_with(1);
    let run = run.reports("3 fixes in 1 file; then no findings in 2 files");
    let diff = run.stdout();
    assert!(
        diff.starts_with("--- a/rules/+15550100.rules\n+++ b/rules/+15550100.rules\n@@ -1,5 +1,5 @@\n"),
        "{diff}"
    );
    let run = run.prints("-when new_custmer and any_online in \"Slaes\":\n");
    let run = run.prints("+when new_customer and any_online in \"Sales\":\n");
    assert_eq!(run.rules.read("+15550100.rules"), WRONG);
    let run = run.rules.run("check --diff --fix").exits_with(1);
    assert_eq!((run.stdout(), run.rules.read("+15550100.rules")), (diff, WRONG.to_owned()));
}

#[test]
fn no_difference() {
    let run = Rules::new().file("+15550100.rules", RIGHT).run("check --diff").exits_with(0);
    assert_eq!(run.stdout(), "");
}

#[test]
fn the_inbox_is_fixed_too() {
    let inbox = "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bbo\"]\n";
    let run = Rules::new().file("inbox.toml", inbox).run("check --fix");
    let run = run.exits_with(0).reports("fixed rules/inbox.toml: 1 fix");
    assert!(run.rules.read("inbox.toml").contains("[\"alice\", \"bob\"]"));
}

#[test]
fn line_endings_and_byte_order_marks_stay() {
    let wrong = format!("\u{feff}{}", WRONG.replace('\n', "\r\n"));
    let run = Rules::new().file("+15550100.rules", wrong).run("check --fix").exits_with(0);
    assert_eq!(run.rules.read("+15550100.rules"), format!("\u{feff}{}", RIGHT.replace('\n', "\r\n")));
}

#[test]
fn standard_input_has_no_file() {
    let run = Rules::empty().input(WRONG).run("check --fix -").exits_with(2).reports("`--diff`");
    run.rules.input(WRONG).run("check --diff -").exits_with(1).prints("+++ b/stdin");
    Rules::empty().run("check --diff --format json").exits_with(2).reports("cannot be used with");
}

#[test]
fn mistakes_behind_other_mistakes_are_fixed_too() {
    let wrong = "When new_customer && any_online in “Slaes”\n    assign group \"Sales\" by least chats among available else nobody\notherwise:\n    assign nobody\n";
    let run = Rules::new().file("+15550100.rules", wrong).run("check --fix").exits_with(0);
    let right = "when new_customer and any_online in \"Sales\":\n    assign group \"Sales\" by least_chats among available else nobody\notherwise:\n    assign nobody\n";
    assert_eq!(run.rules.read("+15550100.rules"), right);
}

#[test]
fn fixes_that_touch_wait_for_one_another() {
    let wrong = "rule \"a\"\nwhen any_online in sales:\n    assign user Bob\notherwise:\n    assign nobody\n";
    let run = Rules::new().file("+15550100.rules", wrong).run("check --fix").exits_with(0);
    let right =
        "rule \"a\"\nwhen any_online in \"Sales\":\n    assign user \"bob\"\notherwise:\n    assign nobody\n";
    assert_eq!(run.rules.read("+15550100.rules"), right);
    let run = run.rules.run("check --fix").exits_with(0);
    assert_eq!(run.stderr(), "");
}

#[test]
fn a_fix_may_reveal_other_mistakes() {
    let inbox = "timezone: \"Asia/Riyadh\"\n[users]\nsara = \"Sara\"\n[groups.Sales]\nmembers = [\"sara\"]\n";
    let policy = "otherwise: assign owner else user \"sara\"\n";
    let run = Rules::new().file("inbox.toml", inbox).file("default.rules", policy);
    let run = run.run("check --fix").exits_with(1).reports("fixed rules/inbox.toml: 2 fixes");
    assert!(run.rules.read("inbox.toml").starts_with("timezone = \"Asia/Riyadh\"\n"));
    run.prints("type-mismatch");
}

/// Runs `rules check --fix` where no file may be longer than `blocks` blocks of 512 bytes, as on a disk that is full.
#[cfg(unix)]
fn fix_with_limit(rules: &Rules, blocks: u32) -> std::process::Output {
    let program = assert_cmd::cargo::cargo_bin!("rules");
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" check --fix");
    let mut command = std::process::Command::new("sh");
    command.current_dir(rules.path()).args(["-c", &script]).arg(program).output().unwrap()
}

#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_file_as_it_was() {
    let rules = Rules::new().file("+15550100.rules", WRONG);
    let output = fix_with_limit(&rules, 0);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("cannot write `rules/+15550100.rules`"), "{stderr}");
    assert_eq!(rules.read("+15550100.rules"), WRONG);
    assert_eq!(std::fs::read_dir(rules.path().join("rules")).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn links_and_permissions_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let rules = Rules::new().file("store/shop.txt", WRONG);
    let (target, link) =
        (rules.path().join("rules/store/shop.txt"), rules.path().join("rules/+15550100.rules"));
    std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o600)).unwrap();
    symlink("store/shop.txt", &link).unwrap();
    let run = rules.run("check --fix").exits_with(0);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(run.rules.read("+15550100.rules"), RIGHT);
    assert_eq!(std::fs::metadata(&target).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_read_only_file_is_not_replaced() {
    let rules = Rules::new().file("+15550100.rules", WRONG);
    let path = rules.path().join("rules/+15550100.rules");
    let mut permissions = std::fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    std::fs::set_permissions(&path, permissions).unwrap();
    let run =
        rules.run("check --fix").exits_with(2).reports("`rules/+15550100.rules`: the file is read-only");
    assert_eq!(run.rules.read("+15550100.rules"), WRONG);
}
