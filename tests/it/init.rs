//! `rules init`

use super::harness::Rules;

#[test]
fn what_it_writes_is_sound() {
    let ran = Rules::empty().run("init").found(0).prints("wrote rules/inbox.toml").prints("rules check");
    let ran = ran.rules.run("check --deny warnings").found(0).prints("2 notes in 2 files");
    ran.rules.run("test").found(0).prints("6 tests passed");
}

#[test]
fn another_folder() {
    let ran = Rules::empty().run("init shop/rules").found(0).prints("rules check shop/rules");
    ran.rules.run("test shop/rules").found(0).prints("6 tests passed");
}

#[test]
fn never_overwrites() {
    let ran = Rules::empty().file("+15550100.rules", "# mine").run("init").found(2);
    let ran = ran.tells("`rules/+15550100.rules` already exists");
    assert_eq!(ran.rules.read("+15550100.rules"), "# mine");
    assert!(!ran.rules.path().join("rules/inbox.toml").exists());
}

#[test]
fn where_nothing_can_be_written() {
    Rules::empty().beside("file", "").run("init file/rules").found(2).tells("cannot write");
}
