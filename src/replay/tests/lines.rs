//! Lines of every kind: what is read, what is counted, and what is said about the rest.

use serde_json::json;

use super::sample::{recorded, replay, replayer, rules, rules_of, situation};
use crate::replay::{DecisionPart, LogLine, Replayer};
use crate::situation::NotInInbox;
use crate::testing::INBOX;

const TO_BOB: &str =
    "rule \"first\" when new_customer: assign user \"bob\"\notherwise: assign user \"alice\"";

fn hello() -> String {
    recorded(&rules(TO_BOB), &situation(&json!({ "message": { "text": "hello" } })), 0)
}

/// The reasons why lines cannot be decided, with the count and the first line.
#[track_caller]
fn undecided(log: &str, expected: &[(&str, u64, u64)]) {
    let report = replay(&replayer(&rules(TO_BOB)), log);
    let found: Vec<_> = report
        .undecided_lines
        .iter()
        .map(|lines| (lines.reason.as_str(), lines.count, lines.first_line))
        .collect();
    assert_eq!(found, expected);
    assert_eq!(report.undecided, expected.iter().map(|(_, count, _)| count).sum::<u64>());
}

#[track_caller]
fn error(line: &str, expected: &str) {
    assert_eq!(LogLine::parse(line.as_bytes()).unwrap_err().0, expected, "{line}");
}

#[test]
fn lines_end_and_begin_in_any_way() {
    let line = hello();
    let line = line.trim_end();
    for log in [
        format!("{line}\n{line}\n"),
        format!("{line}\n{line}"),
        format!("{line}\r\n{line}\r\n"),
        format!("\u{feff}{line}\n\n \t\n{line}\n\n"),
    ] {
        let report = replay(&replayer(&rules(TO_BOB)), &log);
        assert_eq!((report.decided, report.different, report.undecided), (2, 0, 0), "{log:?}");
    }
}

#[test]
fn a_log_without_lines_shows_nothing() {
    for log in ["", "\n", "\r\n\n"] {
        let report = replay(&replayer(&rules(TO_BOB)), log);
        assert_eq!((report.decided, report.undecided), (0, 0));
    }
}

#[test]
fn the_fields_of_a_record_stand_in_any_order() {
    let line: serde_json::Value = serde_json::from_str(&hello()).unwrap();
    let (situation, decision) = (&line["situation"], &line["decision"]);
    for text in [
        format!(r#"{{"seq":7,"situation":{situation},"decision":{decision}}}"#),
        format!(r#"{{"decision":{decision},"situation":{situation},"seq":7}}"#),
        format!(r#"{{"time":"10:00","seq":7,"decision":{decision},"situation":{situation}}}"#),
    ] {
        let line = LogLine::parse(text.as_bytes()).unwrap();
        assert_eq!(line.seq, Some(7));
        assert!(line.decision.is_some());
        assert_eq!(line.situation.message.text.as_deref(), Some("hello"));
    }
    let plain = LogLine::parse(situation.to_string().as_bytes()).unwrap();
    assert!(plain.decision.is_none());
    let empty = LogLine::parse(b"{}").unwrap();
    assert_eq!(empty.situation, crate::situation::Situation::default());
}

#[test]
fn what_is_no_line_is_told_in_words() {
    error("nonsense", "this is not JSON");
    error("{\"number\":", "the JSON ends too early");
    error("[]", "a situation must be an object, not a list");
    error("{\"nummber\": 1}", "`nummber` is not a field of a situation; did you mean `number`?");
    error("{\"situation\": 7}", "a situation must be an object, not `7`");
    error(
        "{\"situation\": {\"users\": {\"bob\": {\"chats\": -1}}}}",
        "`users.bob.chats` must be a whole number from 0 to 4294967295, not `-1`",
    );
    error("{\"decision\": {}}", "there is a decision, but not the situation that it was made from");
    error(
        "{\"situation\": {}, \"decision\": {\"rule\": null}}",
        "`decision` has no field `replies`, so it is not what `rules route` writes",
    );
    error(
        &hello().replace("\"tags\":[]", "\"tags\":7"),
        "`decision.tags` is not what `rules route` writes there",
    );
    error("{\"situation\": {}, \"decision\": 7}", "`decision` is not what `rules route` writes there");
    error(
        "{\"situation\": {}, \"decision\": {\"error\": {}}}",
        "the message was not decided: `decision` is an error of `rules route`",
    );
    error(
        "{\"error\": {\"message\": \"x\"}}",
        "there is an error of `rules route`, but not the situation that it is about",
    );
    error("{\"situation\": {}, \"seq\": -1}", "`seq` must be a whole number");
    error("{\"seq\": \"x\", \"situation\": {}}", "`seq` must be a whole number");
    let cut_off = hello();
    error(&cut_off[..cut_off.len() / 2], "the JSON ends too early");
    assert!(LogLine::parse(b"{\"items\": [], \"next\": null}").unwrap_err().0.contains("x-ndjson"));
    let event = br#"{"seq":1,"at":"2026-11-24T18:30:00Z","kind":"rules","digest":"x"}"#;
    assert!(LogLine::parse(event).unwrap_err().0.contains("this is an event"));
    assert_eq!(LogLine::parse(b"{\"number\": \"\xff\"}").unwrap_err().0, "the line is not UTF-8 text");
    let long = vec![b' '; crate::text::MAX_FILE_SIZE + 1];
    assert_eq!(LogLine::parse(&long).unwrap_err().0, "the line is longer than 8 MiB");
}

#[test]
fn lines_that_cannot_be_decided_are_counted_by_reason() {
    let (line, other) = (hello(), hello().replace("+15550100", "+15550199"));
    let no_policy = "`+15550199` has no policy: there is neither `+15550199.rules` nor `default.rules`";
    undecided(
        &format!("{line}\n{other}nonsense\n{line}{other}"),
        &[(no_policy, 2, 3), ("this is not JSON", 1, 4)],
    );
    let timeless = "{\"situation\":{\"number\":\"+15550100\"}}\n";
    undecided(timeless, &[("the line has no decision to compare with", 1, 1)]);
    let set = rules(TO_BOB);
    let against = Replayer { before: Some(&set), ..replayer(&set) };
    let report = replay(&against, timeless);
    assert_eq!(report.undecided_lines[0].reason, "by the rules before: `at` is missing");
}

#[test]
fn differences_are_counted_by_pairs_of_rules_with_the_first_examples() {
    let before = rules(
        "rule \"a\" when new_customer: assign nobody\nrule \"b\" when customer has tag \"x\": assign nobody",
    );
    let now = rules(
        "rule \"a\" when new_customer: assign user \"bob\", tag \"new\"\nrule \"c\" when customer has tag \"x\": assign nobody",
    );
    let new = situation(&json!({}));
    let tagged = situation(&json!({ "customer": { "returning": true, "tags": ["x"] } }));
    let other = situation(&json!({ "customer": { "returning": true } }));
    let log: String =
        [&tagged, &other, &new, &new, &new, &tagged].map(|one| recorded(&before, one, 0)).concat();
    let report = replay(&replayer(&now), &log);
    assert_eq!((report.decided, report.different), (6, 5));
    let names: Vec<_> = report
        .changes
        .iter()
        .map(|change| {
            let name = |rule: &Option<crate::policy::RuleRef>| {
                rule.as_ref().unwrap().name.as_deref().unwrap().to_owned()
            };
            (name(&change.before), name(&change.now), change.count, change.first_line)
        })
        .collect();
    assert_eq!(names, [("a".to_owned(), "a".to_owned(), 3, 3), ("b".to_owned(), "c".to_owned(), 2, 1)]);
    let [first, second] = &report.changes[..] else { panic!("two pairs") };
    assert_eq!(first.examples.iter().map(|example| example.line).collect::<Vec<_>>(), [3, 4]);
    assert_eq!(first.examples[0].words, "was nobody, now `bob`; now with the tag “new”");
    assert_eq!(
        first.parts.iter().map(|(part, count)| (*part, *count)).collect::<Vec<_>>(),
        [(DecisionPart::Assign, 3), (DecisionPart::Tags, 3)]
    );
    assert_eq!(second.examples[0].words, "the same, by another rule");
    assert_eq!(second.examples[1].line, 6);
}

#[test]
fn a_rule_that_only_stands_elsewhere_is_the_same() {
    let log = recorded(&rules(TO_BOB), &situation(&json!({})), 0)
        + &recorded(&rules(TO_BOB), &situation(&json!({ "customer": { "returning": true } })), 0);
    let moved = rules(&format!("# moved\n\n{TO_BOB}"));
    assert_eq!(replay(&replayer(&moved), &log).different, 0);
}

#[test]
fn another_time_to_answer_is_a_difference() {
    let rules_for =
        |time: &str| rules(&format!("otherwise: assign user \"bob\" for {time} else user \"alice\""));
    let log = recorded(&rules_for("5m"), &situation(&json!({})), 0);
    let report = replay(&replayer(&rules_for("10m")), &log);
    assert_eq!(report.changes[0].examples[0].words, "the time to answer was 5 minutes, now 10 minutes");
}

#[test]
fn what_the_inbox_no_longer_has_is_left_out_and_said() {
    let fields = json!({
        "customer": { "returning": true, "owner": "dan", "attributes": { "plan": "gold", "color": "red" } },
        "users": { "dan": { "presence": "online" }, "alice": { "presence": "online", "chats": 1 } },
        "waiting": { "Gone": 1 }, "turns": { "Sales": "dan" },
    });
    let more = "color = \"text\"\n[message]\ncampaign = \"text\"\nsource = [\"web\", \"qr\"]\nitems = \"number\"\nrush = \"flag\"\n[users.dan]\n";
    let (head, tail) = INBOX.split_once("[message]").unwrap();
    let (_, groups) = tail.split_once("[groups]").unwrap();
    let wider = format!("{head}{more}[groups]\nGone = [\"dan\"]{groups}")
        .replace("Sales = [\"alice\"", "Sales = [\"dan\", \"alice\"");
    let text = "otherwise: assign owner else group \"Sales\" by least_chats";
    let log = recorded(&rules_of(&wider, text), &situation(&fields), 0);
    let report = replay(&replayer(&rules(text)), &(log.clone() + &log));
    assert_eq!((report.decided, report.different, report.undecided), (2, 2, 0));
    assert_eq!(report.changes[0].examples[0].words, "was `dan`, now `alice` of Sales");
    let left_out: Vec<_> =
        report.left_out.iter().map(|one| (one.what.clone(), one.count, one.first_line)).collect();
    assert_eq!(
        left_out,
        [
            (NotInInbox::User("dan".to_owned()), 2, 1),
            (NotInInbox::Group("Gone".to_owned()), 2, 1),
            (NotInInbox::Attribute("customer.color".to_owned()), 2, 1),
        ]
    );
}

#[test]
fn memory_is_bounded_whatever_the_log_holds() {
    let set = rules(TO_BOB);
    let line = hello();
    let record = |name: &str| line.replace("\"name\":\"first\"", &format!("\"name\":\"{name}\""));
    let log: String = (0..1_500).map(|n| record(&format!("rule {n}"))).collect();
    let report = replayer(&set).lines(log.as_bytes()).report();
    assert_eq!((report.different, report.changes.len(), report.not_listed), (1_500, 1_000, 500));
    let log = (0..1_500).map(|n| format!("{{\"field{n}\": 1}}")).collect::<Vec<_>>().join("\n");
    let report = replayer(&set).lines(log.as_bytes()).report();
    assert_eq!((report.undecided, report.undecided_lines.len()), (1_500, 1_000));
    let wide = "x".repeat(100_000);
    let report = replayer(&set).lines(record(&wide).as_bytes()).report();
    assert!(report.different == 1 && report.changes[0].examples.is_empty());
    let report = replayer(&set).lines(format!("{{\"{wide}\": 1}}").as_bytes()).report();
    assert!(report.undecided_lines[0].reason.len() < 2_000);
}

#[test]
fn a_decision_about_another_message_is_not_compared() {
    let set = rules(TO_BOB);
    let of = |id: &str| recorded(&set, &situation(&json!({ "message": { "id": id, "text": "hello" } })), 0);
    let [mut first, second] =
        ["a", "b"].map(|id| serde_json::from_str::<serde_json::Value>(&of(id)).unwrap());
    first["decision"] = second["decision"].clone();
    let report = replay(&replayer(&set), &format!("{first}\n{second}\n"));
    assert_eq!((report.decided, report.different, report.undecided), (1, 0, 1));
    assert!(report.undecided_lines[0].reason.contains("belongs to another message"));
}

#[test]
fn names_beyond_the_limit_are_counted() {
    let users: serde_json::Map<_, _> = (0..1_500).map(|user| (format!("gone{user}"), json!({}))).collect();
    let set = rules(TO_BOB);
    let line = recorded(&set, &situation(&json!({ "message": { "text": "hello" } })), 0);
    let mut line: serde_json::Value = serde_json::from_str(&line).unwrap();
    line["situation"]["users"] = users.into();
    let report = replay(&replayer(&set), &format!("{line}\n{line}\n"));
    assert_eq!((report.left_out.len(), report.left_out_not_listed), (1_000, 1_000));
    assert!(report.left_out.iter().all(|one| one.count == 2 && one.first_line == 1));
}
