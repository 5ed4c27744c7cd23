//! `rules explain`

use super::harness::Rules;

#[test]
fn a_page() {
    Rules::empty()
        .run("explain unknown-group")
        .found(0)
        .prints("# unknown-group")
        .prints("## Bad")
        .prints("## Good");
}

#[test]
fn all_of_them() {
    let ran = Rules::empty().run("explain").found(0);
    let ran = ran.prints("unknown-group").prints("error").prints("unused-definition").prints("warning");
    for line in ran.stdout().lines() {
        let code = line.split_whitespace().next().unwrap();
        Rules::empty().run(&format!("explain {code}")).found(0).prints(&format!("# {code}\n"));
        assert!(line.split_whitespace().count() > 4, "{line}");
    }
}

#[test]
fn an_unknown_code() {
    Rules::empty().run("explain unknown-gruop").found(2).tells("did you mean `unknown-group`?");
    Rules::empty().run("explain cats").found(2).tells("there is no finding `cats`").tells("rules explain");
}
