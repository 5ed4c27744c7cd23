//! Tests of renaming. After it the rules mean the same: a property test asks the prover.

use std::sync::Arc;

use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::sample::Index;

use super::fixture::{Fixture, files, fixture, fixture_in_inbox};
use crate::check::Workspace;
use crate::diagnostic::{Fix, apply_fixes};
use crate::ide::occurrence::{Occurrence, occurrences};
use crate::ide::{FileEdit, prepare_rename, rename};
use crate::policy::{Files, Folder, INBOX, Policy, RuleFile};
use crate::prove::compare;
use crate::testing::{COMMON, FILE, INBOX as SAMPLE, folder, policies, sound_policies};
use crate::text::Source;

/// The policy after the rename, or why there is none.
fn renamed(fixture: &Fixture, new_name: &str) -> String {
    match rename(fixture.folder(), fixture.file, fixture.at, new_name) {
        Ok(edits) => {
            let folder = edited(fixture.workspace.folder(), &edits);
            let policy = folder.files.get(FILE).map(|file| file.source.text.to_string());
            policy.unwrap_or_default()
        }
        Err(error) => error.to_string(),
    }
}

#[track_caller]
fn check(policy: &str, new_name: &str, expected: &str) {
    assert_eq!(renamed(&fixture(policy), new_name), expected, "{policy}");
}

/// The folder after edits of its files.
fn edited(folder: &Folder, edits: &[FileEdit]) -> Folder {
    let text = |source: &Source| match edits.iter().find(|edit| *edit.file == *source.name) {
        Some(edit) => {
            let fix = Fix { title: String::new(), edits: edit.edits.clone() };
            let (text, applied) = apply_fixes(&source.text, &[&fix]);
            assert_eq!(applied, 1, "edits that do not overlap");
            text
        }
        None => source.text.to_string(),
    };
    let rules = folder.files.iter().map(|(name, file)| {
        let source = Source::new(Arc::clone(name), text(&file.source));
        (Arc::clone(name), Arc::new(RuleFile::parse(source)))
    });
    let inbox = folder.inbox_source.as_ref().map(|source| Source::new(INBOX, text(source)));
    Folder::new(inbox, rules.collect::<Files>())
}

#[test]
fn names_change_everywhere() {
    check(
        "let <|>a = new_customer\nwhen a and not a: assign owner",
        "b",
        "let b = new_customer\nwhen b and not b: assign owner",
    );
    check(
        "otherwise: assign group \"<|>Sales\" by random\ntest \"t\": expect assign group \"Sales\"",
        "The \"A\" team",
        "otherwise: assign group \"The \\\"A\\\" team\" by random\ntest \"t\": expect assign group \"The \\\"A\\\" team\"",
    );
    check(
        "when customer.<|>city is \"x\" and customer has city: assign owner, reply \"{customer.city or {a}\"",
        "town",
        "when customer.town is \"x\" and customer has town: assign owner, reply \"{customer.town or {a}\"",
    );
    check(
        "rule \"a\" otherwise: assign owner\ntest \"t\": expect rule \"<|>a\"",
        "b",
        "rule \"b\" otherwise: assign owner\ntest \"t\": expect rule \"b\"",
    );
    let in_inbox = fixture_in_inbox("bob\", \"carol", "otherwise: assign user \"bob\"");
    assert_eq!(renamed(&in_inbox, "robert"), "otherwise: assign user \"robert\"");
}

#[test]
fn the_inbox_changes_too() {
    let fixture = fixture("otherwise: assign user \"<|>bob\"");
    let edits = rename(fixture.folder(), fixture.file, fixture.at, "b o b").unwrap();
    let folder = edited(fixture.workspace.folder(), &edits);
    let text = &folder.inbox_source.as_ref().unwrap().text;
    assert!(text.contains("[users.\"b o b\"]") && text.contains("Sales = [\"alice\", \"b o b\"]"), "{text}");
}

#[test]
fn what_is_no_name_is_refused() {
    let snake = "write lower-case letters a to z, digits and `_`, beginning with a letter";
    check("let <|>a = new_customer", "B", &format!("`B` cannot be the name of a definition: {snake}"));
    check(
        "let <|>a = new_customer",
        "mon",
        "`mon` cannot be the name of a definition: it is a word of the language",
    );
    check(
        "let <|>a = new_customer",
        "monday",
        "`monday` cannot be the name of a definition: it is a word of the language",
    );
    check(
        "when customer.<|>city is \"x\"",
        "country",
        "`country` cannot be the name of an attribute: it is a word of the language",
    );
    check("otherwise: assign user \"<|>bob\"", " ", "` ` cannot be the name of a user: it is empty");
    check(
        "otherwise: assign user \"<|>bob\"",
        "a\nb",
        "`a\nb` cannot be the name of a user: a name has one line",
    );
}

#[test]
fn what_would_clash_is_refused() {
    check(
        "use \"common.rules\"\nlet <|>a = vip",
        "vip",
        "`vip` is already the name of a definition in `common.rules`",
    );
    check(
        "otherwise: assign user \"<|>bob\"",
        "alice",
        "`alice` is already the name of a user in `inbox.toml`",
    );
    check(
        "rule \"<|>a\" when new_customer: assign owner\nrule \"b\" otherwise: assign owner",
        "b",
        "`b` is already the name of a rule in `+15550100.rules`",
    );
    // A name of a used file must be free in each file that uses it.
    let fixture = files(SAMPLE, "let <|>a = new_customer", "use \"common.rules\"\nlet b = a");
    assert_eq!(renamed(&fixture, "b"), "`b` is already the name of a definition in `+15550100.rules`");
    let dotted = files("[users]\n<|>bob.name = \"B\"\nalice.name = \"A\"\nbob.capacity = 5", "", "");
    assert_eq!(renamed(&dotted, "x"), "`inbox.toml` writes `bob` in several places; rename it there first");
}

#[test]
fn what_cannot_be_renamed() {
    for policy in
        ["when <|>new_customer", "when customer.<|>country", "when <|>vip", "tag \"<|>x\"", "# <|>a"]
    {
        let fixture = fixture(policy);
        assert_eq!(prepare_rename(fixture.folder(), fixture.file, fixture.at), None, "{policy}");
    }
    let fixture = fixture("otherwise: assign group \"Sa<|>les\" by random");
    let (span, name) = prepare_rename(fixture.folder(), fixture.file, fixture.at).unwrap();
    assert_eq!((fixture.slice(fixture.file, span), &*name), ("Sales", "Sales"));
}

/// Renames the thing at the place with that index, and checks that the rules mean the same.
fn keeps_meaning(folder: Folder, index: Index) {
    let workspace = Workspace::new(folder);
    let mut places: Vec<(Arc<str>, Occurrence)> = Vec::new();
    let names = workspace.folder().files.names().cloned().chain([INBOX.into()]);
    for file in names {
        let file: Arc<str> = file;
        let found = occurrences(workspace.folder(), &file).into_iter();
        let found =
            found.filter(|found| prepare_rename(workspace.folder(), &file, found.span.start).is_some());
        places.extend(found.map(|found| (Arc::clone(&file), found)));
    }
    if places.is_empty() {
        return;
    }
    let (file, found) = index.get(&places);
    let edits = rename(workspace.folder(), file, found.span.end, "something_else").expect("the name is free");
    let after = Workspace::new(edited(workspace.folder(), &edits));
    let codes =
        |workspace: &Workspace| workspace.findings().iter().map(|found| found.code).collect::<Vec<_>>();
    assert_eq!(codes(&after), codes(&workspace), "{found:?} in {file}\n{edits:?}");
    let policy = |workspace: &Workspace| -> Arc<Policy> {
        Arc::clone(&workspace.resolved().file(FILE).expect("there is the policy").resolved.policy)
    };
    // The ids of users and groups are their places in the inbox, so they are the same in both.
    let diff = compare(&policy(&workspace), &policy(&after), &workspace.folder().inbox);
    assert!(diff.differences.is_empty() && !diff.has_more, "{found:?} in {file}: {:?}", diff.differences);
    // And back again.
    let nth = occurrences(workspace.folder(), file).iter().position(|other| other == found);
    let back = occurrences(after.folder(), file);
    let back = back.get(nth.expect("it is there")).expect("it is still there");
    let (_, old) = prepare_rename(workspace.folder(), file, found.span.start).expect("it was renamed");
    let edits = rename(after.folder(), file, back.span.start, &old).expect("the old name is free");
    let restored = edited(after.folder(), &edits);
    for (name, file) in workspace.folder().files.iter() {
        let restored = restored.files.get(name).expect("there is the file");
        assert_eq!(plain(&restored.source.text), plain(&file.source.text));
    }
}

/// Names in quotes that need none in TOML may lose them.
fn plain(text: &str) -> String {
    text.replace('"', "")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn sound_policies_mean_the_same_after_a_rename(policy in any::<Index>(), place in any::<Index>()) {
        let all = sound_policies();
        let sample = policy.get(&all);
        keeps_meaning(folder(&[(INBOX, sample.inbox), ("common.rules", COMMON), (FILE, sample.text)]), place);
    }

    #[test]
    fn random_policies_mean_the_same_after_a_rename(policy in policies(), place in any::<Index>()) {
        keeps_meaning(folder(&[(INBOX, SAMPLE), (FILE, &policy.text())]), place);
    }
}
