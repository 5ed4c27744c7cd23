//! What is read of an `inbox.toml`, and what is reported.

use insta::assert_snapshot;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::{AttributeKind, GroupId, Inbox, LintLevel, UserId, WordList};
use crate::diagnostic::{Code, Finding, apply_fixes};
use crate::language::fold;
use crate::text::{LineIndex, Source};

/// Each finding as `line:column code: message (help) [fix]`.
pub(super) fn findings(text: &str) -> String {
    let source = Source::new("inbox.toml", text);
    let lines = LineIndex::new(text);
    let one = |finding: Finding| {
        let place = lines.position(text, finding.span.start);
        let related = finding.related.iter();
        let related = related.map(|other| format!(" <{}: {}>", lines.line(other.span.start), other.message));
        let help = finding.help.map(|help| format!(" ({help})"));
        let fix = finding.fix.map(|fix| format!(" [{}]", fix.edits[0].text));
        let place = format!("{}:{} {}: {}", place.line, place.column, finding.code, finding.message);
        [place].into_iter().chain(related).chain(help).chain(fix).collect::<String>()
    };
    Inbox::parse(&source).1.into_iter().map(one).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn sound(text: &str) -> Inbox {
    assert_eq!(findings(text), "");
    Inbox::parse(&Source::new("inbox.toml", text)).0
}

const STORE: &str = r#"
timezone = "Africa/Cairo"                  # IANA name; default UTC

[numbers."+15550100"]                      # a number needs no entry
phone_number_id = "106540352242922"
name = "Main store"

[numbers."+15550101"]
rules = "shops/./store.rules"

[users.zoe]
name = "Zoe"
capacity = 5
skills = ["EN", "Français"]
weight = 2

[users.bob]
owns = false

[users.carol]
name = "Carol"

[groups]
Sales = ["zoe", "bob"]
Empty = []
Support = ["carol", "bob"]

[attributes]
plan = ["free", "Gold"]
orders = "number"
city = "text"
blocked = "flag"

[message]
campaign = "text"
country = ["here", "abroad"]

[lints]
unused-definition = "allow"
may-pick-offline = "deny"
"#;

#[test]
fn a_store() {
    let inbox = sound(STORE);
    assert_eq!(
        (inbox.timezone_name.as_str(), inbox.is_inferred, inbox.is_complete),
        ("Africa/Cairo", false, true)
    );
    assert_eq!(inbox.numbers["+15550100"].phone_number_id.as_deref(), Some("106540352242922"));
    assert_eq!(inbox.numbers["+15550100"].rules, None);
    assert_eq!(&*inbox.numbers["+15550101"].rules.as_ref().unwrap().file, "shops/store.rules");
    let ids: Vec<&str> = inbox.users.iter().map(|user| &*user.id).collect();
    assert_eq!(ids, ["zoe", "bob", "carol"]);
    let zoe = inbox.user(inbox.user_id("zoe").unwrap());
    assert_eq!((&*zoe.name, zoe.capacity, zoe.weight), ("Zoe", Some(5), 2));
    assert_eq!(zoe.skills, [fold("en"), fold("FRANÇAIS")]);
    assert_eq!(zoe.skills_as_written, ["EN", "Français"]);
    let bob = inbox.user(UserId(1));
    assert_eq!((&*bob.name, bob.capacity, bob.weight), ("bob", None, 1));
    assert_eq!((zoe.owns, bob.owns), (true, false));
    assert_eq!(inbox.group(inbox.group_id("Support").unwrap()).members, [UserId(2), UserId(1)]);
    assert_eq!(&*inbox.group(GroupId(1)).name, "Empty");
    let names: Vec<&str> = inbox.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    assert_eq!(names, ["plan", "orders", "city", "blocked"]);
    let plan = AttributeKind::Words(WordList::from_iter([
        ("free".into(), fold("free")),
        ("Gold".into(), fold("gold")),
    ]));
    assert_eq!(inbox.attributes[0].kind, plan);
    assert_eq!(inbox.attributes[3].kind, AttributeKind::Flag);
    let names: Vec<&str> = inbox.message_attributes.iter().map(|attribute| &*attribute.name).collect();
    assert_eq!(names, ["campaign", "country"]);
    assert_eq!(
        inbox.message_attribute(inbox.message_attribute_id("campaign").unwrap()).kind,
        AttributeKind::Text
    );
    assert_eq!(inbox.attribute_id("campaign"), None);
    assert_eq!(inbox.lints[&Code::UnusedDefinition], LintLevel::Allow);
    let source = Source::new("inbox.toml", STORE);
    assert_eq!(source.slice(inbox.groups[2].span), "Support");
}

#[test]
fn other_ways_to_write_it() {
    assert_eq!(sound(""), Inbox::default());
    assert_eq!(sound("").timezone, TimeZone::UTC);
    let windows = format!("\u{feff}{}", STORE.replace('\n', "\r\n"));
    assert_eq!(sound(&windows).users.len(), 3);
    let inbox = sound("groups.A = ['b', 'a']\nusers = { b = {}, a = { name = 'A' } }\n");
    assert_eq!(inbox.groups[0].members, [UserId(0), UserId(1)]);
    assert_eq!(&*inbox.user(UserId(0)).id, "b");
}

#[test]
fn unknown_names() {
    assert_snapshot!(findings("timezone = \"Africa/Ciaro\""), @r#"1:12 unknown-timezone: no time zone is called `Africa/Ciaro` (did you mean `Africa/Cairo`?) ["Africa/Cairo"]"#);
    assert_snapshot!(findings("timezone = \"+02:00\""), @"1:12 unknown-timezone: no time zone is called `+02:00` (write a city with that time, such as `Africa/Cairo`, `Asia/Riyadh` or `Europe/Berlin`)");
    assert_snapshot!(findings("[user.alice]\n[colours]\n"), @"
    1:2 syntax: inbox.toml has no `user` (did you mean `users`?) [users]
    2:2 syntax: inbox.toml has no `colours` (it can have `timezone`, `numbers`, `users`, `groups`, `attributes`, `message` or `lints`)
    ");
    assert_snapshot!(findings("[users.bob]\nnmae = \"Bob\"\ntimezone = \"UTC\"\nage = 7"), @"
    2:1 syntax: a user has no `nmae` (did you mean `name`?) [name]
    3:1 syntax: a user has no `timezone` (move it above the first line in `[ ]`)
    4:1 syntax: a user has no `age` (it can have `name`, `capacity`, `skills`, `weight` or `owns`)
    ");
    assert_snapshot!(findings("[users.alice]\n[groups]\nSales = [\"alcie\", \"dave\"]"), @r#"
    3:10 unknown-user: no user is called `alcie` (did you mean `alice`?) ["alice"]
    3:19 unknown-user: no user is called `dave` (add `[users.dave]`, or take `dave` out of the group)
    "#);
    assert_snapshot!(findings("[attributes]\na = \"nubmer\"\nb = \"boolean\"\nc = \"colour\""), @r#"
    2:5 unknown-value: `nubmer` is not a kind of attribute (did you mean `number`?) ["number"]
    3:5 unknown-value: `boolean` is not a kind of attribute (did you mean `flag`?) ["flag"]
    4:5 unknown-value: `colour` is not a kind of attribute (write `text`, `number`, `flag`, or the words to choose from, such as `["free", "gold"]`)
    "#);
    assert_snapshot!(findings("[lints]\na = \"warning\"\nb = \"dney\"\nc = \"loud\""), @r#"
    2:5 unknown-value: `warning` is not a level (did you mean `warn`?) ["warn"]
    3:5 unknown-value: `dney` is not a level (did you mean `deny`?) ["deny"]
    4:5 unknown-value: `loud` is not a level (write `allow`, `note`, `warn` or `deny`)
    "#);
}

#[test]
fn wrong_types() {
    assert_snapshot!(findings("timezone = 2\nusers = [\"a\"]\n[groups]\nSales = [\"a\"]"), @r#"
    1:12 type-mismatch: `timezone` should be a text in quotes, but this is a number (write it as `timezone = "Africa/Cairo"`)
    2:9 type-mismatch: `users` should be a section, but this is a list (write it as `[users.alice]`)
    "#);
    assert_snapshot!(findings("[users]\nalice = \"Alice\"\n[groups]\nSales = \"alice\"\nB = [1]"), @r#"
    2:9 type-mismatch: `alice` should be a section, but this is a text (for the name, write `alice = { name = "Alice" }`) [{ name = "Alice" }]
    4:9 type-mismatch: `Sales` should be a list, but this is a text (write it as `Sales = ["alice", "bob"]`) [["alice"]]
    5:6 type-mismatch: `B` should be a text in quotes, but this is a number (write it as `Sales = ["alice", "bob"]`)
    "#);
    assert_snapshot!(findings("[numbers.\"+15550100\"]\nphone_number_id = 106540352242922"), @r#"2:19 type-mismatch: `phone_number_id` should be a text in quotes, but this is a number (write it as `phone_number_id = "106540352242922"`) ["106540352242922"]"#);
    assert_snapshot!(findings("[attributes]\nplan = true\nsize = [1]\n[lints]\nx = 2020-01-01"), @r#"
    2:8 type-mismatch: `plan` should be a kind of attribute, but this is a `true` or `false` (write it as `plan = ["free", "gold"]` or `orders = "number"`)
    3:9 type-mismatch: `size` should be a text in quotes, but this is a number (write it as `plan = ["free", "gold"]`) ["1"]
    5:5 type-mismatch: `x` should be a text in quotes, but this is a date (write it as `unused-definition = "allow"`)
    "#);
}

#[test]
fn wrong_switches() {
    assert_snapshot!(findings("[users.a]\nowns = \"no\"\n[users.b]\nowns = 0"), @"
    2:8 type-mismatch: `owns` should be `true` or `false`, but this is a text (write it as `owns = false`) [false]
    4:8 type-mismatch: `owns` should be `true` or `false`, but this is a number (write it as `owns = false`)
    ");
}

#[test]
fn policies_of_numbers() {
    assert_snapshot!(findings("[numbers.\"+15550100\"]\nrules = \"../a.rules\"\n[numbers.\"+15550101\"]\nrules = 3\n[numbers.\"+15550102\"]\nrules = \"\"\n[numbers.\"+15550103\"]\nrule = \"a.rules\"\n[numbers.\"+15550104\"]\nrules = \"./inbox.toml\""), @r#"
    2:9 path-outside: `../a.rules` is outside the folder (name a rule file of this folder, as in `rules = "store.rules"`)
    4:9 type-mismatch: `rules` should be a text in quotes, but this is a number (write it as `rules = "store.rules"`) ["3"]
    6:9 empty-text: this text is empty (write a text between the quotes, or leave it out)
    8:1 syntax: a number has no `rule` (did you mean `rules`?) [rules]
    10:9 unknown-file: `inbox.toml` has no rules (name a rule file of this folder, as in `rules = "store.rules"`)
    "#);
}

#[test]
fn wrong_numbers() {
    assert_snapshot!(findings("[users.a]\ncapacity = 0\nweight = -1\n[users.b]\ncapacity = 2.5\nweight = 1_000_001"), @"
    2:12 invalid-number: `capacity` must be a whole number from 1 to 1,000,000 (write it as `capacity = 5`)
    3:10 invalid-number: `weight` must be a whole number from 1 to 1,000,000 (write it as `weight = 2`)
    5:12 invalid-number: `capacity` must be a whole number from 1 to 1,000,000 (write it as `capacity = 5`)
    6:10 invalid-number: `weight` must be a whole number from 1 to 1,000,000 (write it as `weight = 2`)
    ");
    assert_snapshot!(findings("[users.a]\ncapacity = 99999999999999999999\nweight = \"2\""), @"
    2:12 invalid-number: `capacity` must be a whole number from 1 to 1,000,000 (write it as `capacity = 5`)
    3:10 type-mismatch: `weight` should be a number, but this is a text (write it as `weight = 2`) [2]
    ");
    assert_snapshot!(findings("[numbers.\"1 (555) 0100\"]\n[numbers.main]\n[numbers.\"0015550100\"]"), @r#"
    1:10 invalid-number: `1 (555) 0100` is not a full phone number (write `+15550100`) ["+15550100"]
    2:10 invalid-number: `main` is not a full phone number (write `+`, the country code and the number, as in `+15550100`)
    3:10 invalid-number: `0015550100` is not a full phone number (write `+15550100`) ["+15550100"]
    "#);
    assert_eq!(sound("[users.a]\ncapacity = 0x1F\nweight = 1_000_000").users[0].capacity, Some(31));
}

#[test]
fn duplicates() {
    assert_snapshot!(findings("[users.a]\n[groups]\nSales = [\"a\", \"a\",\n\"a\"]"), @"
    3:15 duplicate-name: `a` is listed twice in `Sales` <3: the first one is here> (list each user once; `weight` and `by weighted` give a larger share)
    4:1 duplicate-name: `a` is listed twice in `Sales` <3: the first one is here> (list each user once; `weight` and `by weighted` give a larger share)
    ");
    assert_snapshot!(findings("[attributes]\nplan = [\"Straße\", \"STRASSE\"]"), @"2:19 duplicate-name: `STRASSE` is listed twice in `plan` <2: the first one is here> (words that differ only in capitals or accents are the same)");
    assert_snapshot!(findings("[numbers.\"+15550100\"]\nphone_number_id = \"1\"\n[numbers.\"+15550101\"]\nphone_number_id = \"1\""), @"4:19 duplicate-name: two numbers have the phone_number_id `1` <2: the first one is here>");
    assert_snapshot!(findings("[users.a]\n[users.a]"), @"2:8 duplicate-name: `a` is defined twice (keep one of the two)");
}

#[test]
fn empty_texts() {
    assert_snapshot!(findings("[users.\"\"]\n[users.a]\nname = \" \"\nskills = [\"\u{200b}\"]"), @"
    1:8 empty-text: a user needs an id (write a text between the quotes, or leave it out)
    3:8 empty-text: this text is empty (write a text between the quotes, or leave it out)
    4:11 empty-text: this text is empty (write a text between the quotes, or leave it out)
    ");
    assert_snapshot!(findings("[attributes]\nplan = []\nsize = [\"\"]"), @r#"
    2:8 empty-text: `plan` has no words to choose from (list them, as in `plan = ["free", "gold"]`)
    3:9 empty-text: this text is empty (write a text between the quotes, or leave it out)
    "#);
}

#[test]
fn fixes_repair_the_file() {
    let broken = "timezone = Africa/Ciaro\nuser.alice = {}\n[numbers.15550100]\n[attributes]\n\"Last order\" = “text”\n";
    let mut text = broken.to_owned();
    for _ in 0..4 {
        let (_, found) = Inbox::parse(&Source::new("inbox.toml", text.as_str()));
        let fixes: Vec<_> = found.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        text = apply_fixes(&text, &fixes).0;
    }
    assert_snapshot!(text, @r#"
    timezone = "Africa/Cairo"
    users.alice = {}
    [numbers."+15550100"]
    [attributes]
    last_order = "text"
    "#);
    sound(&text);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(timezone|users|groups|numbers|attributes|message|lints|name|owns|rules|[a-z=\\[\\]{}\"'.,:#\n\r é+0-9-])*") {
        findings(&text);
    }

    #[test]
    fn any_damage_is_findings(at in 0..STORE.len(), end in 0..20_usize, with in "[\\[\\]{}\"'=.,#\n a1é]{0,3}") {
        let mut text = STORE.to_owned();
        let end = (at + end).min(text.len());
        if text.is_char_boundary(at) && text.is_char_boundary(end) {
            text.replace_range(at..end, &with);
            findings(&text);
        }
    }
}
