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
    let run = run
        .prints("2026-01-05 00:00 to 2026-01-12 00:00, seed 3")
        .prints("utilisation")
        .prints("not answered");
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
        differences.iter().any(|one| one["about"]["kind"] == "user"
            && one["about"]["name"] == "alice"
            && one["figure"] == "assigned"),
        "{comparison}"
    );
    let [old, new] = [0_usize, 1].map(|side| &comparison["sides"][side]["report"]["messages"]["arrived"]);
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

#[test]
fn a_log_of_a_host_is_read_as_replay_reads_it() {
    let line = "{\"seq\":7,\"situation\":{\"number\":\"+15550100\",\"at\":\"2026-01-05T10:00:00Z\",\"customer\":{\"owner\":\"zoe\",\
        \"attributes\":{\"tier\":\"gold\"}}},\"decision\":{\"id\":\"m\",\"assign\":null}}\n";
    let other = "{\"number\":\"+15550155\",\"at\":\"2026-01-05T11:00:00Z\"}\n";
    let log = line.replace("\"decision\":{\"id\":\"m\",\"assign\":null}", "\"decision\":null") + other;
    let run =
        rules().beside("log.jsonl", log).run("simulate --arrivals log.jsonl --format json").exits_with(0);
    assert_eq!(json(&run)["messages"]["arrived"], 2);
    run.reports("owner `zoe`: 1 message, the first on line 1")
        .reports("attribute `customer.tier`, or one of its values: 1 message")
        .reports("number `+15550155`, which has no rules: 1 message, the first on line 2");
}

#[test]
fn one_wrong_time_in_a_log_is_told_with_its_line() {
    let line = |at: &str| format!("{{\"number\":\"+15550100\",\"at\":\"{at}\"}}\n");
    let log = line("2026-01-06T10:00:00Z") + &line("1970-01-05T10:00:00Z");
    let run = rules().beside("log.jsonl", log).run("simulate --arrivals log.jsonl").exits_with(2);
    run.reports("goes from 1970-01-05T10:00:00Z (line 2) to 2026-01-06T10:00:00Z (line 1)")
        .reports("at most 366 days can be simulated");
    let run = rules().beside("log.jsonl", line("9999-12-30T23:00:00Z")).run("simulate --arrivals log.jsonl");
    run.exits_with(2).reports("line 1").reports("only the years 1970 to 2200 can be simulated");
}

#[test]
fn a_compressed_log_is_not_read_as_text() {
    let rules = rules().beside("log.jsonl.gz", [0x1f, 0x8b, 8, 0, 0, 0]);
    rules
        .run("simulate --arrivals log.jsonl.gz")
        .exits_with(2)
        .reports("`zcat log.jsonl.gz | rules simulate --arrivals -`");
}

#[test]
fn a_traffic_file_has_a_limit_and_may_be_standard_input() {
    let large = rules().beside("large.toml", vec![b'#'; 8 * 1024 * 1024 + 1]);
    large.run("simulate --traffic large.toml").exits_with(2).reports("the limit of a traffic file");
    let text = rules().run("simulate --example").exits_with(0).stdout();
    rules().input(text).run("simulate --traffic -").exits_with(0);
    rules().run("simulate --traffic - --arrivals -").exits_with(2).reports("only one of");
    rules().run("simulate --rules -").exits_with(2).reports("rules cannot be read from `-`");
}

#[test]
fn the_page_replaces_nothing_that_is_read() {
    let text = rules().run("simulate --example").exits_with(0).stdout();
    for page in ["traffic.toml", "rules/inbox.toml", "rules/+15550100.rules"] {
        let run = rules().beside("traffic.toml", &text);
        let before = fs::read(run.path().join(page)).unwrap();
        let run = run.run(&format!("simulate --traffic traffic.toml --html {page}")).exits_with(2);
        assert_eq!(fs::read(run.reports("would replace a file").rules.path().join(page)).unwrap(), before);
    }
}

#[test]
fn rules_of_the_same_name_are_told_apart_by_their_files() {
    let run = rules().file("+15550101.rules", RULES).run("simulate").exits_with(0);
    run.prints("file").prints("+15550101.rules");
}
