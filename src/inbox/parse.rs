//! Text of `inbox.toml` → what the inbox has. Every mistake is a finding and the rest is still read.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::sync::Arc;

use toml::de::{DeTable, DeValue};

use super::attributes::read_attributes;
use super::model::{Group, Inbox, LintLevel, PhoneNumber, User, UserId, is_e164};
use super::toml_entry::{TomlEntry, TomlReader, entries};
use super::{find_timezone, toml_errors};
use crate::diagnostic::{Code, Finding, nearest};
use crate::language::fold;
use crate::text::{Source, Span};

const SECTIONS: [&str; 6] = ["timezone", "numbers", "users", "groups", "attributes", "lints"];

pub(super) fn parse(source: &Source) -> (Inbox, Vec<Finding>) {
    let (root, errors) = DeTable::parse_recoverable(&source.text);
    let syntax = toml_errors::explain(source, &errors);
    let mut reader = TomlReader::new(Arc::clone(&source.name));
    let mut inbox = Inbox::default();
    inbox.is_complete = !syntax.is_lossy;
    read_sections(&entries(root.get_ref()), &mut inbox, &mut reader);

    let mut findings = reader.findings;
    findings.retain(|finding| syntax.is_readable_at(finding.span));
    findings.extend(syntax.findings);
    findings.sort_by_key(|finding| finding.span);
    (inbox, findings)
}

fn read_sections(sections: &[TomlEntry], inbox: &mut Inbox, reader: &mut TomlReader) {
    for section in sections {
        match section.key {
            "timezone" => read_timezone(section, inbox, reader),
            "numbers" => read_numbers(section, inbox, reader),
            "users" => read_users(section, inbox, reader),
            "attributes" => read_attributes(section, inbox, reader),
            "lints" => read_lints(section, inbox, reader),
            "groups" => {} // after the users, wherever they stand
            _ => {
                // It may be a known one, misspelt.
                inbox.is_complete = false;
                reader.unknown_key(section, &SECTIONS, "inbox.toml");
            }
        }
    }
    for section in sections.iter().filter(|section| section.key == "groups") {
        read_groups(section, inbox, reader);
    }
}

/// `timezone = "Africa/Cairo"`
fn read_timezone(entry: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    let Some(name) = reader.text(entry, "timezone = \"Africa/Cairo\"") else { return };
    match find_timezone(name) {
        Ok(zone) => {
            zone.iana_name().unwrap_or(name).clone_into(&mut inbox.timezone_name);
            inbox.timezone = zone;
        }
        Err(near) => {
            let finding =
                reader.error(Code::UnknownTimezone, entry.span, format!("no time zone is called `{name}`"));
            reader.did_you_mean(
                finding,
                near.as_deref(),
                "name a city of the zone, as `Africa/Cairo`",
                entry.span,
            );
        }
    }
}

/// `[numbers."+15550100"]`
fn read_numbers(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    let mut ids: HashMap<String, Span> = HashMap::new();
    for entry in reader.section(section, "[numbers.\"+15550100\"]") {
        if !is_e164(entry.key) {
            reader.report(wrong_number(&entry, reader));
        }
        let mut number = PhoneNumber::default();
        for field in reader.section(&entry, "[numbers.\"+15550100\"]") {
            match field.key {
                "phone_number_id" => number.phone_number_id = read_phone_number_id(&field, &mut ids, reader),
                "name" => number.name = reader.non_empty_text(&field, "name = \"Main store\""),
                _ => reader.unknown_key(&field, &["phone_number_id", "name"], "a number"),
            }
        }
        inbox.numbers.insert(entry.key.to_owned(), number);
    }
}

fn read_phone_number_id(
    field: &TomlEntry,
    ids: &mut HashMap<String, Span>,
    reader: &mut TomlReader,
) -> Option<String> {
    let id = reader.non_empty_text(field, "phone_number_id = \"106540352242922\"")?;
    if let Some(first) = ids.get(&id) {
        let message = format!("two numbers have the phone_number_id `{id}`");
        let finding =
            reader.error(Code::DuplicateName, field.span, message).related(*first, "the first is here");
        reader.report(finding);
    } else {
        ids.insert(id.clone(), field.span);
    }
    Some(id)
}

fn wrong_number(entry: &TomlEntry, reader: &TomlReader) -> Finding {
    let finding = reader.error(
        Code::InvalidNumber,
        entry.key_span,
        format!("`{}` is not a number in E.164", entry.key),
    );
    let digits: String = entry.key.chars().filter(char::is_ascii_digit).collect();
    let international = format!("+{}", digits.strip_prefix("00").unwrap_or(&digits));
    if is_e164(&international) {
        finding.help(format!("write `{international}`")).fix(
            format!("write `{international}`"),
            entry.key_span,
            format!("\"{international}\""),
        )
    } else {
        finding.help("write `+`, the country and the number, as `+15550100`")
    }
}

/// `[users.alice]`
fn read_users(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    inbox.is_complete &= matches!(section.value, DeValue::Table(_));
    for entry in reader.section(section, "[users.alice]") {
        reader.check_not_empty(entry.key, entry.key_span, "a user needs an id");
        let mut user = User {
            id: entry.key.to_owned(),
            name: entry.key.to_owned(),
            capacity: None,
            skills: Vec::new(),
            skills_as_written: Vec::new(),
            weight: 1,
            span: entry.key_span,
        };
        for field in reader.section(&entry, "[users.alice]") {
            match field.key {
                "name" => user.name = reader.non_empty_text(&field, "name = \"Alice\"").unwrap_or(user.name),
                "capacity" => user.capacity = reader.whole_number(&field, "capacity = 5"),
                "weight" => user.weight = reader.whole_number(&field, "weight = 2").unwrap_or(1),
                "skills" => {
                    for skill in reader.list(&field, "skills = [\"en\", \"ar\"]") {
                        let Some(written) = reader.non_empty_text(&skill, "skills = [\"en\", \"ar\"]") else {
                            continue;
                        };
                        user.skills.push(fold(&written));
                        user.skills_as_written.push(written);
                    }
                }
                _ => reader.unknown_key(&field, &["name", "capacity", "weight", "skills"], "a user"),
            }
        }
        inbox.add_user(user);
    }
}

const GROUP: &str = "Sales = [\"alice\", \"bob\"]";

/// `Sales = ["alice", "bob"]`
fn read_groups(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    for entry in reader.section(section, GROUP) {
        reader.check_not_empty(entry.key, entry.key_span, "a group needs a name");
        let members = read_members(&entry, inbox, reader);
        inbox.add_group(Group { name: entry.key.to_owned(), members, span: entry.key_span });
    }
}

fn read_members(group: &TomlEntry, inbox: &Inbox, reader: &mut TomlReader) -> Vec<UserId> {
    let mut members = Vec::new();
    let mut places: HashMap<UserId, Span> = HashMap::new();
    for member in reader.list(group, GROUP) {
        let Some(id) = reader.text(&member, GROUP) else { continue };
        let Some(user) = inbox.user_id(id) else {
            no_such_user(id, member.span, inbox, reader);
            continue;
        };
        match places.entry(user) {
            Vacant(place) => {
                place.insert(member.span);
                members.push(user);
            }
            Occupied(first) => {
                let message = format!("`{id}` stands in `{}` twice", group.key);
                let help = "a user stands once in a group; `weight` and `by weighted` give a larger share";
                let finding = reader.error(Code::DuplicateName, member.span, message).help(help);
                reader.report(finding.related(*first.get(), "the first is here"));
            }
        }
    }
    members
}

fn no_such_user(id: &str, span: Span, inbox: &Inbox, reader: &mut TomlReader) {
    if inbox.is_complete {
        let near = nearest(id, inbox.users.iter().map(|user| user.id.as_str()));
        let help = format!("add `[users.{id}]`, or take `{id}` out of the group");
        let finding = reader.error(Code::UnknownUser, span, format!("no user is called `{id}`"));
        reader.did_you_mean(finding, near, &help, span);
    }
}

/// `unused-definition = "allow"`
fn read_lints(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    const FORM: &str = "unused-definition = \"allow\"";
    for entry in reader.section(section, FORM) {
        let Some(word) = reader.text(&entry, FORM) else { continue };
        if let Some((_, level)) = LintLevel::ALL.into_iter().find(|(known, _)| *known == word) {
            match Code::named(entry.key) {
                Some(code) if !code.is_fault() => _ = inbox.lints.insert(code, level),
                code => no_such_lint(&entry, code, reader),
            }
        } else {
            let near = nearest(word, LintLevel::ALL.map(|(known, _)| known)).or(match word {
                "warning" => Some("warn"),
                "error" | "forbid" => Some("deny"),
                "off" | "ignore" | "none" => Some("allow"),
                _ => None,
            });
            let finding = reader.error(Code::UnknownValue, entry.span, format!("`{word}` is no level"));
            reader.did_you_mean(finding, near, "write `allow`, `note`, `warn` or `deny`", entry.span);
        }
    }
}

/// A key under `[lints]` that is not the name of a lint; it may be the `fault` of that name.
fn no_such_lint(entry: &TomlEntry, fault: Option<Code>, reader: &mut TomlReader) {
    let (name, span) = (entry.key, entry.key_span);
    let error = |message: String| reader.error(Code::UnknownValue, span, message);
    let lints = Code::ALL.iter().filter(|code| !code.is_fault()).map(|code| code.name());
    let finding = match (fault, nearest(name, lints)) {
        (Some(_), _) => error(format!("`{name}` is a fault, and faults keep their level"))
            .help("remove this line: a policy cannot be used until its faults are fixed"),
        (None, Some(near)) => error(format!("no finding is called `{name}`"))
            .help(format!("did you mean `{near}`?"))
            .fix(format!("write `{near}`"), span, near),
        (None, None) => error(format!("no finding is called `{name}`"))
            .help("`rules check` shows the name of each finding beside it"),
    };
    reader.report(finding);
}

#[cfg(test)]
pub(super) mod tests {
    use insta::assert_snapshot;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::apply_fixes;
    use crate::inbox::{AttributeKind, GroupId};
    use crate::text::LineIndex;

    /// Each finding as `line:column code: message (help) [fix]`.
    pub(in crate::inbox) fn told(text: &str) -> String {
        let source = Source::new("inbox.toml", text);
        let lines = LineIndex::new(text);
        let one = |finding: Finding| {
            let place = lines.position(text, finding.span.start);
            let related = finding.related.iter();
            let related =
                related.map(|other| format!(" <{}: {}>", lines.line(other.span.start), other.message));
            let help = finding.help.map(|help| format!(" ({help})"));
            let fix = finding.fix.map(|fix| format!(" [{}]", fix.edits[0].text));
            let place = format!("{}:{} {}: {}", place.line, place.column, finding.code, finding.message);
            [place].into_iter().chain(related).chain(help).chain(fix).collect::<String>()
        };
        parse(&source).1.into_iter().map(one).collect::<Vec<_>>().join("\n")
    }

    #[track_caller]
    fn sound(text: &str) -> Inbox {
        assert_eq!(told(text), "");
        parse(&Source::new("inbox.toml", text)).0
    }

    const STORE: &str = r#"
timezone = "Africa/Cairo"                  # IANA name; default UTC

[numbers."+15550100"]                      # a number needs no entry
phone_number_id = "106540352242922"
name = "Main store"

[users.zoe]
name = "Zoe"
capacity = 5
skills = ["EN", "Français"]
weight = 2

[users.bob]

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
        let ids: Vec<&str> = inbox.users.iter().map(|user| user.id.as_str()).collect();
        assert_eq!(ids, ["zoe", "bob", "carol"]);
        let zoe = inbox.user(inbox.user_id("zoe").unwrap());
        assert_eq!((zoe.name.as_str(), zoe.capacity, zoe.weight), ("Zoe", Some(5), 2));
        assert_eq!(zoe.skills, [fold("en"), fold("FRANÇAIS")]);
        assert_eq!(zoe.skills_as_written, ["EN", "Français"]);
        let bob = inbox.user(UserId(1));
        assert_eq!((bob.name.as_str(), bob.capacity, bob.weight), ("bob", None, 1));
        assert_eq!(inbox.group(inbox.group_id("Support").unwrap()).members, [UserId(2), UserId(1)]);
        assert_eq!(inbox.group(GroupId(1)).name, "Empty");
        let names: Vec<&str> = inbox.attributes.iter().map(|attribute| attribute.name.as_str()).collect();
        assert_eq!(names, ["plan", "orders", "city", "blocked"]);
        let plan = AttributeKind::Words(vec![("free".into(), fold("free")), ("Gold".into(), fold("gold"))]);
        assert_eq!(inbox.attributes[0].kind, plan);
        assert_eq!(inbox.attributes[3].kind, AttributeKind::Flag);
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
        assert_eq!(inbox.user(UserId(0)).id, "b");
    }

    #[test]
    fn unknown_names() {
        assert_snapshot!(told("timezone = \"Africa/Ciaro\""), @r#"1:12 unknown-timezone: no time zone is called `Africa/Ciaro` (did you mean `Africa/Cairo`?) ["Africa/Cairo"]"#);
        assert_snapshot!(told("timezone = \"+02:00\""), @"1:12 unknown-timezone: no time zone is called `+02:00` (name a city of the zone, as `Africa/Cairo`)");
        assert_snapshot!(told("[user.alice]\n[colours]\n"), @"
        1:2 syntax: inbox.toml has no `user` (did you mean `users`?) [users]
        2:2 syntax: inbox.toml has no `colours` (it can have `timezone`, `numbers`, `users`, `groups`, `attributes` or `lints`)
        ");
        assert_snapshot!(told("[users.bob]\nnmae = \"Bob\"\ntimezone = \"UTC\"\nage = 7"), @"
        2:1 syntax: a user has no `nmae` (did you mean `name`?) [name]
        3:1 syntax: a user has no `timezone` (write it above the first line in `[ ]`)
        4:1 syntax: a user has no `age` (it can have `name`, `capacity`, `weight` or `skills`)
        ");
        assert_snapshot!(told("[users.alice]\n[groups]\nSales = [\"alcie\", \"dave\"]"), @r#"
        3:10 unknown-user: no user is called `alcie` (did you mean `alice`?) ["alice"]
        3:19 unknown-user: no user is called `dave` (add `[users.dave]`, or take `dave` out of the group)
        "#);
        assert_snapshot!(told("[attributes]\na = \"nubmer\"\nb = \"boolean\"\nc = \"colour\""), @r#"
        2:5 unknown-value: `nubmer` is no kind of attribute (did you mean `number`?) ["number"]
        3:5 unknown-value: `boolean` is no kind of attribute (did you mean `flag`?) ["flag"]
        4:5 unknown-value: `colour` is no kind of attribute (write `text`, `number`, `flag`, or the words to choose from, as `["free", "gold"]`)
        "#);
        assert_snapshot!(told("[lints]\na = \"warning\"\nb = \"dney\"\nc = \"loud\""), @r#"
        2:5 unknown-value: `warning` is no level (did you mean `warn`?) ["warn"]
        3:5 unknown-value: `dney` is no level (did you mean `deny`?) ["deny"]
        4:5 unknown-value: `loud` is no level (write `allow`, `note`, `warn` or `deny`)
        "#);
    }

    #[test]
    fn wrong_types() {
        assert_snapshot!(told("timezone = 2\nusers = [\"a\"]\n[groups]\nSales = [\"a\"]"), @r#"
        1:12 type-mismatch: `timezone` should be a text in quotes, and this is a number (write it as `timezone = "Africa/Cairo"`)
        2:9 type-mismatch: `users` should be a section, and this is a list (write it as `[users.alice]`)
        "#);
        assert_snapshot!(told("[users]\nalice = \"Alice\"\n[groups]\nSales = \"alice\"\nB = [1]"), @r#"
        2:9 type-mismatch: `alice` should be a section, and this is a text (write it as `[users.alice]`)
        4:9 type-mismatch: `Sales` should be a list, and this is a text (write it as `Sales = ["alice", "bob"]`) [["alice"]]
        5:6 type-mismatch: `B` should be a text in quotes, and this is a number (write it as `Sales = ["alice", "bob"]`)
        "#);
        assert_snapshot!(told("[numbers.\"+15550100\"]\nphone_number_id = 106540352242922"), @r#"2:19 type-mismatch: `phone_number_id` should be a text in quotes, and this is a number (write it as `phone_number_id = "106540352242922"`) ["106540352242922"]"#);
        assert_snapshot!(told("[attributes]\nplan = true\nsize = [1]\n[lints]\nx = 2020-01-01"), @r#"
        2:8 type-mismatch: `plan` should be a kind of attribute, and this is a `true` or `false` (write it as `plan = ["free", "gold"]` or `orders = "number"`)
        3:9 type-mismatch: `size` should be a text in quotes, and this is a number (write it as `plan = ["free", "gold"]`) ["1"]
        5:5 type-mismatch: `x` should be a text in quotes, and this is a date (write it as `unused-definition = "allow"`)
        "#);
    }

    #[test]
    fn wrong_numbers() {
        assert_snapshot!(told("[users.a]\ncapacity = 0\nweight = -1\n[users.b]\ncapacity = 2.5\nweight = 1_000_001"), @"
        2:12 invalid-number: `capacity` is a whole number from 1 to 1,000,000 (write it as `capacity = 5`)
        3:10 invalid-number: `weight` is a whole number from 1 to 1,000,000 (write it as `weight = 2`)
        5:12 invalid-number: `capacity` is a whole number from 1 to 1,000,000 (write it as `capacity = 5`)
        6:10 invalid-number: `weight` is a whole number from 1 to 1,000,000 (write it as `weight = 2`)
        ");
        assert_snapshot!(told("[users.a]\ncapacity = 99999999999999999999\nweight = \"2\""), @"
        2:12 invalid-number: `capacity` is a whole number from 1 to 1,000,000 (write it as `capacity = 5`)
        3:10 type-mismatch: `weight` should be a number, and this is a text (write it as `weight = 2`)
        ");
        assert_snapshot!(told("[numbers.\"1 (555) 0100\"]\n[numbers.main]\n[numbers.\"0015550100\"]"), @r#"
        1:10 invalid-number: `1 (555) 0100` is not a number in E.164 (write `+15550100`) ["+15550100"]
        2:10 invalid-number: `main` is not a number in E.164 (write `+`, the country and the number, as `+15550100`)
        3:10 invalid-number: `0015550100` is not a number in E.164 (write `+15550100`) ["+15550100"]
        "#);
        assert_eq!(sound("[users.a]\ncapacity = 0x1F\nweight = 1_000_000").users[0].capacity, Some(31));
    }

    #[test]
    fn twice_the_same() {
        assert_snapshot!(told("[users.a]\n[groups]\nSales = [\"a\", \"a\",\n\"a\"]"), @"
        3:15 duplicate-name: `a` stands in `Sales` twice <3: the first is here> (a user stands once in a group; `weight` and `by weighted` give a larger share)
        4:1 duplicate-name: `a` stands in `Sales` twice <3: the first is here> (a user stands once in a group; `weight` and `by weighted` give a larger share)
        ");
        assert_snapshot!(told("[attributes]\nplan = [\"Straße\", \"STRASSE\"]"), @"2:19 duplicate-name: `STRASSE` stands in `plan` twice <2: the first is here> (capitals and vowel marks make no difference)");
        assert_snapshot!(told("[numbers.\"+15550100\"]\nphone_number_id = \"1\"\n[numbers.\"+15550101\"]\nphone_number_id = \"1\""), @"4:19 duplicate-name: two numbers have the phone_number_id `1` <2: the first is here>");
        assert_snapshot!(told("[users.a]\n[users.a]"), @"2:8 duplicate-name: `a` stands here twice (keep one of the two)");
    }

    #[test]
    fn empty_texts() {
        assert_snapshot!(told("[users.\"\"]\n[users.a]\nname = \" \"\nskills = [\"\u{200b}\"]"), @"
        1:8 empty-text: a user needs an id
        3:8 empty-text: `name` has an empty text
        4:11 empty-text: `skills` has an empty text
        ");
        assert_snapshot!(told("[attributes]\nplan = []\nsize = [\"\"]"), @r#"
        2:8 empty-text: `plan` has no words to choose from (write them, as `plan = ["free", "gold"]`)
        3:9 empty-text: `size` has an empty text
        "#);
    }

    #[test]
    fn fixes_mend() {
        let broken = "timezone = Africa/Ciaro\nuser.alice = {}\n[numbers.15550100]\n[attributes]\n\"Last order\" = “text”\n";
        let mut text = broken.to_owned();
        for _ in 0..4 {
            let (_, findings) = parse(&Source::new("inbox.toml", text.as_str()));
            let fixes: Vec<_> = findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
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
        fn any_text_is_read(text in "(timezone|users|groups|numbers|attributes|lints|name|[a-z=\\[\\]{}\"'.,:#\n\r é+0-9-])*") {
            told(&text);
        }

        #[test]
        fn any_damage_is_told(at in 0..STORE.len(), end in 0..20_usize, with in "[\\[\\]{}\"'=.,#\n a1é]{0,3}") {
            let mut text = STORE.to_owned();
            let end = (at + end).min(text.len());
            if text.is_char_boundary(at) && text.is_char_boundary(end) {
                text.replace_range(at..end, &with);
                told(&text);
            }
        }
    }
}
