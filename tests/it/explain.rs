//! Tests of `rules explain`.

use super::harness::Rules;

#[test]
fn a_page() {
    Rules::empty()
        .run("explain unknown-group")
        .exits_with(0)
        .prints("# unknown-group")
        .prints("## Bad")
        .prints("## Good");
}

#[test]
fn the_list_of_findings() {
    let run = Rules::empty().run("explain").exits_with(0);
    let run = run.prints("Faults: the rules cannot be used until they are mended\n  syntax ");
    let run = run.prints("\n\nErrors\n  empty-test ").prints("\n\nWarnings\n  empty-group ");
    let run = run.prints("\n\nNotes\n  no-inbox ").prints("turns them on\n  redundant-part ");
    for line in run.stdout().lines().filter(|line| line.starts_with(' ')) {
        let code = line.split_whitespace().next().unwrap();
        Rules::empty().run(&format!("explain {code}")).exits_with(0).prints(&format!("# {code}\n"));
        assert!(line.split_whitespace().count() > 4, "{line}");
    }
}

#[test]
fn an_unknown_code() {
    Rules::empty().run("explain unknown-gruop").exits_with(2).reports("did you mean `unknown-group`?");
    Rules::empty()
        .run("explain cats")
        .exits_with(2)
        .reports("there is no finding `cats`")
        .reports("rules explain");
}

#[test]
fn a_code_that_only_traffic_files_and_settings_have() {
    Rules::empty()
        .run("explain missing-setting")
        .exits_with(0)
        .prints("# missing-setting")
        .prints("[[arrivals]]");
    Rules::empty().run("explain secret-in-file").exits_with(0).prints("# secret-in-file");
}
