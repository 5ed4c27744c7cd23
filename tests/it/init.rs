//! Tests of `rules init`.

use super::harness::Rules;

#[test]
fn what_it_writes_has_no_mistakes() {
    let run = Rules::empty().run("init").exits_with(0).prints("wrote rules/inbox.toml").prints("rules check");
    let run = run.rules.run("check --deny warnings").exits_with(0).prints("no findings in 2 files");
    run.rules.run("test").exits_with(0).prints("6 tests passed");
}

#[test]
fn another_folder() {
    let run = Rules::empty().run("init shop/rules").exits_with(0).prints("rules check shop/rules");
    run.rules.run("test shop/rules").exits_with(0).prints("6 tests passed");
}

#[test]
fn never_overwrites() {
    let run = Rules::empty().file("+15550100.rules", "# mine").run("init").exits_with(2);
    let run = run.reports("`rules/+15550100.rules` already exists");
    assert_eq!(run.rules.read("+15550100.rules"), "# mine");
    assert!(!run.rules.path().join("rules/inbox.toml").exists());
}

#[test]
fn where_it_cannot_write() {
    Rules::empty().beside("file", "").run("init file/rules").exits_with(2).reports("cannot write");
}
