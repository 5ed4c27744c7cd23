//! Tests of `rules simulate`, and of the traffic file in `docs/simulate.md`.

use std::fs;

use serde_json::Value;

use super::generated::{read, root};
use super::harness::{CommandRun, Rules};
use super::markdown::blocks;

const RULES: &str = "rule \"new\"\nwhen new_customer:\n    assign group \"Sales\" by least_chats\n\notherwise:\n    assign owner else \
    group \"Support\" by in_order\n";

fn rules() -> Rules {
    Rules::new().file("+15550100.rules", RULES)
}

/// The sample rules.
fn samples() -> Rules {
    fs::read_dir(root().join("rules")).unwrap().map(Result::unwrap).fold(Rules::empty(), |rules, file| {
        rules.file(&file.file_name().to_string_lossy(), fs::read(file.path()).unwrap())
    })
}

fn json(run: &CommandRun) -> Value {
    serde_json::from_str(&run.stdout()).unwrap()
}

#[test]
fn the_example_is_what_counts_without_a_file() {
    let example = rules().run("simulate --example").exits_with(0);
    let text = example.stdout();
    let with =
        example.rules.beside("traffic.toml", text).run("simulate --traffic traffic.toml --format json");
    let without = rules().run("simulate --format json");
    assert_eq!(with.exits_with(0).stdout(), without.exits_with(0).stdout());
}

#[test]
fn figures_for_people() {
    let run = rules().run("simulate --seed 3").exits_with(0);
    let run =
        run.prints("2026-01-05 00:00 to 2026-01-12 00:00, seed 3").prints("utilised").prints("not answered");
    assert!(run.stdout().lines().all(|line| line.chars().count() <= 80), "{}", run.stdout());
}

#[test]
fn the_traffic_file_of_the_documentation_is_sound() {
    let page = read("docs/simulate.md");
    let block = blocks(&page).into_iter().find(|block| block.kind == "toml").unwrap();
    let run =
        samples().beside("traffic.toml", block.text).run("simulate --traffic traffic.toml --format json");
    let report = json(&run.exits_with(0));
    let count = |place: &str| report.pointer(place).and_then(Value::as_u64).unwrap();
    assert!(count("/messages/follow_ups") > 0 && count("/messages/assigned_to_nobody") > 0, "{report}");
}

#[test]
fn a_version_does_not_differ_from_itself() {
    let run = rules().run("simulate --compare rules rules").exits_with(0);
    run.prints("no figure differs");
}

#[test]
fn two_versions_differ_where_the_rules_do() {
    let changed = RULES.replace("by least_chats", "by random");
    let inbox = rules().read("inbox.toml");
    let rules = rules().beside("new/inbox.toml", inbox).beside("new/+15550100.rules", changed);
    let run = rules.run("simulate --compare rules new --format json --html page.html").exits_with(1);
    let comparison = json(&run);
    let differences = comparison["differences"].as_array().unwrap();
    assert!(
        differences.iter().any(|one| one["about"] == "user alice" && one["figure"] == "chats"),
        "{comparison}"
    );
    let [old, new] = [0_usize, 1].map(|side| &comparison["sides"][side]["report"]["messages"]);
    assert_eq!(old, new);
    let page = fs::read_to_string(run.rules.path().join("page.html")).unwrap();
    assert!(page.contains("fill1") && !page.contains("<script") && !page.contains("http"), "{page}");
}

#[test]
fn the_page_names_users_as_they_are() {
    let inbox = "[users.maha]\nname = \"مها <b>\"\n[groups]\nSales = [\"maha\"]\nSupport = [\"maha\"]\n";
    let run = Rules::empty()
        .file("inbox.toml", inbox)
        .file("default.rules", RULES)
        .run("simulate --html page.html");
    let page = fs::read_to_string(run.exits_with(0).rules.path().join("page.html")).unwrap();
    assert!(page.contains("<span dir=\"auto\">مها &lt;b&gt;</span>"), "{page}");
}

#[test]
fn recorded_messages_arrive_when_they_did() {
    let line = |at: &str, id: &str| {
        format!("{{\"number\":\"+15550100\",\"at\":\"{at}\",\"customer\":{{\"id\":\"{id}\"}}}}\n")
    };
    let log = line("2026-01-06T10:00:00Z", "b")
        + &line("2026-01-05T10:00:00Z", "a")
        + &line("2026-01-06T11:00:00Z", "b");
    let run = rules().beside("log.jsonl", log).run("simulate --arrivals log.jsonl --format json");
    let report = json(&run.exits_with(0));
    assert_eq!(report["messages"]["arrived"], 3);
    assert_eq!(
        (&report["start"], &report["end"]),
        (&"2026-01-05T00:00:00+00:00".into(), &"2026-01-07T00:00:00+00:00".into())
    );
    assert_eq!(report["rules"][0]["messages"], 2);
}

#[test]
fn wrong_input_is_told_where_it_is() {
    let run = rules()
        .beside("t.toml", "days = 0\n[[shifts]]\ngroup = \"Slaes\"\n")
        .run("simulate --traffic t.toml");
    let text = run.exits_with(2).stderr();
    assert!(
        text.contains("t.toml:1:8") && text.contains("t.toml:3:9") && text.contains("did you mean `Sales`?"),
        "{text}"
    );
    let run = rules().beside("log.jsonl", "{}\nno\n").run("simulate --arrivals log.jsonl");
    let text = run.exits_with(2).stderr();
    assert!(
        text.contains("line 1: `number` is missing") && text.contains("line 2: this is not JSON"),
        "{text}"
    );
    rules().run("simulate --traffic missing.toml").exits_with(2);
    rules().run("simulate --compare rules").exits_with(2);
    Rules::empty().file("default.rules", RULES).run("simulate").exits_with(2);
}
