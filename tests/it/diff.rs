//! Tests of `rules diff`.

use std::process::Command;

use super::harness::Rules;

const OLD: &str = r#"hours office = mon-fri 09:00-18:00

rule "away"
when owner_offline and any_online in "Support":
    assign group "Support" by most_waiting,
    reply "{owner.name} is away."

rule "new"
when new_customer and during office:
    assign group "Sales" by least_chats

otherwise:
    assign owner else group "Support" by in_order
"#;

/// The old policy, and the same policy after `edits`.
fn edited(edits: &[(&str, &str)]) -> Rules {
    let mut new = OLD.to_owned();
    for (from, to) in edits {
        assert!(new.contains(from), "{from}");
        new = new.replace(from, to);
    }
    Rules::new().file("old.rules", OLD).file("new.rules", new)
}

const FILES: &str = "diff rules/old.rules rules/new.rules";

fn diff(edits: &[(&str, &str)]) -> String {
    edited(edits).run(FILES).exits_with(1).stdout()
}

#[test]
fn another_group() {
    insta::assert_snapshot!(diff(&[("assign group \"Support\" by most_waiting", "assign group \"Sales\" by random")]), @r#"
    new.rules: returning customers whose owner is not online, while somebody of Support is online: was Support, now Sales
      was  `away` (rules/old.rules:3)
           `carol` of Support takes the chat (by most_waiting).
           Reply “Alice is away.”
      now  `away` (rules/new.rules:3)
           `alice` of Sales takes the chat (by random).
           Reply “Alice is away.”
      given customer returning, owner "alice"
      given online "carol"

    1 difference in 1 policy
    "#);
}

#[test]
fn another_hour() {
    insta::assert_snapshot!(diff(&[("18:00", "19:00")]), @"
    new.rules: new customers, from Monday to Friday between 18:00 and 19:00: was Support, now Sales
      because hours or dates were changed
      was  `otherwise` (rules/old.rules:12)
           `bob` of Support takes the chat (by in_order).
      now  `new` (rules/new.rules:8)
           `alice` of Sales takes the chat (by least_chats).
      given at 2026-01-05 18:00

    1 difference in 1 policy
    ");
}

#[test]
fn another_time_zone() {
    insta::assert_snapshot!(diff(&[("hours office", "timezone \"Europe/Berlin\"\nhours office")]), @"
    note: the time zone of new.rules was UTC and is now Europe/Berlin; the times below are in Europe/Berlin

    new.rules: new customers, at certain times, for example on Thursday 1 January 2026 at 18:00: was Sales, now Support
      because the time zone was UTC, now Europe/Berlin
      was  `new` (rules/old.rules:8)
           `alice` of Sales takes the chat (by least_chats).
      now  `otherwise` (rules/new.rules:13)
           `bob` of Support takes the chat (by in_order).
      given at 2026-01-01 18:00

    new.rules: new customers, at certain times, for example on Thursday 1 January 2026 at 09:00: was Support, now Sales
      because the time zone was UTC, now Europe/Berlin
      was  `otherwise` (rules/old.rules:12)
           `bob` of Support takes the chat (by in_order).
      now  `new` (rules/new.rules:9)
           `alice` of Sales takes the chat (by least_chats).
      given at 2026-01-01 09:00

    2 differences in 1 policy
    ");
}

#[test]
fn a_removed_rule_and_a_new_tag() {
    insta::assert_snapshot!(diff(&[
        ("rule \"new\"\nwhen new_customer and during office:\n    assign group \"Sales\" by least_chats\n", ""),
        ("otherwise:\n", "also rule \"late\"\nwhen message.age > 1h: tag \"late\", priority high\n\notherwise:\n"),
    ]), @r#"
    new.rules: new customers, from Monday to Friday between 09:00 and 18:00: was Sales, now Support
      because `new` (rules/old.rules:8) was removed
      was  `new` (rules/old.rules:8)
           `alice` of Sales takes the chat (by least_chats).
      now  `otherwise` (rules/new.rules:12)
           `bob` of Support takes the chat (by in_order).
      given customer new

    new.rules: customers whose message is more than 1 hour old: now with the tag “late”; priority was none, now high
      was  no `also` rule
           `bob` of Support takes the chat (by in_order).
      now  `late` (rules/new.rules:9)
           `bob` of Support takes the chat (by in_order).
           Tags: late
           Priority: high
      given message "hello" aged 2h
      given at 2026-01-05 00:00

    2 differences in 1 policy
    "#);
}

#[test]
fn what_makes_no_difference() {
    let rules = edited(&[
        ("rule \"away\"", "# why\nrule \"owner is away\""),
        ("when new_customer and during office", "when during mon-fri 09:00-18:00 and not returning_customer"),
    ]);
    assert_eq!(rules.run(FILES).exits_with(0).stdout(), "both decide every message the same way\n");
    let swapped =
        OLD.replace("owner_offline and any_online", "returning_customer and owner_offline and any_online");
    let (head, rules) = swapped.split_once("rule \"away\"").unwrap();
    let (away, rest) = rules.split_once("rule \"new\"").unwrap();
    let (new, otherwise) = rest.split_once("otherwise").unwrap();
    let swapped = format!("{head}rule \"new\"{new}rule \"away\"{away}otherwise{otherwise}");
    let run = Rules::new().file("old.rules", OLD).file("new.rules", swapped).run(FILES).exits_with(0);
    assert_eq!(run.stdout(), "both decide every message the same way\n");
}

#[test]
fn both_decide_the_example_as_shown() {
    let edits = [
        ("most_waiting", "random"),
        ("18:00", "19:00"),
        ("assign owner else", "tag \"t\", assign owner else"),
    ];
    let run = edited(&edits).run(&format!("{FILES} --format json")).exits_with(1);
    let found = run.json();
    assert_eq!(found["policies"], 1);
    assert_eq!(found["unsettled"].as_array().unwrap().len(), 0);
    let differences = found["differences"].as_array().unwrap();
    assert!(differences.len() >= 3, "{found:#}");
    let (old, new) = (run.rules.read("old.rules"), run.rules.read("new.rules"));
    for difference in differences {
        let situation = difference["situation"].to_string();
        let seed = difference["seed"].as_u64().unwrap();
        for (side, text) in [("old", &old), ("new", &new)] {
            let rules = Rules::new().file("default.rules", text).input(&situation);
            let mut decision = rules.run(&format!("route --seed {seed}")).exits_with(0).json();
            let mut expected = difference[side]["decision"].clone();
            for decision in [&mut decision, &mut expected] {
                decision["policy"] = "".into();
                if decision["rule"].is_object() {
                    decision["rule"]["file"] = "".into();
                }
            }
            assert_eq!(decision, expected, "{difference:#}");
        }
        assert!(
            difference["given"]
                .as_array()
                .unwrap()
                .iter()
                .all(|line| line.as_str().unwrap().starts_with("given "))
        );
        assert!(difference["words"].as_str().unwrap().contains("customers"));
    }
}

#[test]
fn as_github_annotations() {
    let run = edited(&[("least_chats", "random")]).run(&format!("{FILES} --format github")).exits_with(1);
    insta::assert_snapshot!(run.stdout(), @"::warning file=rules/new.rules,line=8,title=diff::new customers, from Monday to Friday between 09:00 and 18:00: was Sales by least_chats, now Sales by random%0Agiven customer new");
}

#[test]
fn folders_file_by_file() {
    let inbox = Rules::new().read("inbox.toml");
    let rules = Rules::new()
        .file("+15550100.rules", OLD)
        .file("+15550101.rules", OLD)
        .beside("next/inbox.toml", &inbox)
        .beside("next/+15550100.rules", OLD.replace("least_chats", "in_order"))
        .beside("next/default.rules", OLD);
    let run = rules.run("diff rules next").exits_with(1);
    run.prints("+15550100.rules: new customers")
        .prints("+15550101.rules: the policy was removed")
        .prints("default.rules: the policy was added")
        .prints("3 differences in 3 policies");
}

#[test]
fn another_inbox() {
    let inbox = Rules::new().read("inbox.toml");
    let rules = Rules::new()
        .file("+15550100.rules", OLD)
        .beside("next/inbox.toml", inbox.replace("[users.carol]", "[users.dan]\n[users.carol]"))
        .beside("next/+15550100.rules", OLD);
    insta::assert_snapshot!(rules.run("diff rules next").exits_with(1).stdout(), @r#"
    inbox.toml: the user `dan` was added; the old rules refuse situations that mention it

    +15550100.rules: returning customers whose owner is `dan`: was Support, now `dan`
      because of inbox.toml: the user `dan` was added
      was  `otherwise` (rules/+15550100.rules:12)
           `bob` of Support takes the chat (by in_order).
      now  `otherwise` (next/+15550100.rules:12)
           `dan` takes the chat.
      given customer returning, owner "dan"

    +15550100.rules: returning customers whose owner is `dan`, while somebody of Support is online: was Support by in_order, now Support by most_waiting; now sends the reply “dan is away.”
      because of inbox.toml: the user `dan` was added
      was  `otherwise` (rules/+15550100.rules:12)
           `bob` of Support takes the chat (by in_order).
      now  `away` (next/+15550100.rules:3)
           `bob` of Support takes the chat (by most_waiting).
           Reply “dan is away.”
      given customer returning, owner "dan"
      given online "bob"

    1 difference of inbox.toml and 2 differences in 1 policy
    "#);
    let run = Rules::new()
        .file("+15550100.rules", OLD)
        .beside("next/inbox.toml", inbox.replace("Sales =", "Shop ="))
        .beside("next/+15550100.rules", OLD.replace("Sales", "Shop"))
        .run("diff rules next");
    insta::assert_snapshot!(run.exits_with(1).stdout(), @"
    inbox.toml: the group Shop was added; the old rules refuse situations that mention it
    inbox.toml: the group Sales was removed; the new rules refuse situations that mention it

    +15550100.rules: new customers, from Monday to Friday between 09:00 and 18:00: was Sales, now Shop
      was  `new` (rules/+15550100.rules:8)
           `alice` of Sales takes the chat (by least_chats).
      now  `new` (next/+15550100.rules:8)
           `alice` of Shop takes the chat (by least_chats).
      given customer new

    2 differences of inbox.toml and 1 difference in 1 policy
    ");
}

/// Each side is decided with its own `inbox.toml`.
#[test]
fn a_member_less_and_another_time_zone() {
    let inbox = r#"timezone = "Africa/Cairo"
[users.alice]
name = "Alice"
capacity = 5
[users.bob]
name = "Bob"
capacity = 5
[groups]
Sales = ["alice", "bob"]
"#;
    let policy = r#"hours office = mon-fri 08:00-18:00

rule "closed"
when not during office:
    assign group "Sales" by hand,
    reply "closed" once per 4h

otherwise:
    assign group "Sales" by in_order
"#;
    let diff = |edits: &[(&str, &str)]| {
        let edited = edits.iter().fold(inbox.to_owned(), |inbox, (from, to)| inbox.replace(from, to));
        let rules = Rules::new()
            .file("inbox.toml", inbox)
            .file("+15550100.rules", policy)
            .beside("next/inbox.toml", edited)
            .beside("next/+15550100.rules", policy);
        rules.run("diff rules next")
    };
    let run =
        diff(&[("Sales = [\"alice\", \"bob\"]", "Sales = [\"alice\"]"), ("Africa/Cairo", "Asia/Dubai")]);
    insta::assert_snapshot!(run.exits_with(1).stdout(), @r#"
    inbox.toml: the time zone was Africa/Cairo, now Asia/Dubai
    inbox.toml: `bob` is no longer in Sales

    note: the times of +15550100.rules below are in Asia/Dubai

    +15550100.rules: customers, at certain times: was `bob` of Sales, now `alice` of Sales
      because of inbox.toml: `bob` is no longer in Sales
      was  `otherwise` (rules/+15550100.rules:8)
           `bob` of Sales takes the chat (by in_order).
      now  `otherwise` (next/+15550100.rules:8)
           `alice` of Sales takes the chat (by in_order).
      given turn "Sales" after "alice"

    +15550100.rules: customers, at certain times, for example on Thursday 1 January 2026 at 08:00: was waiting in Sales, now a member of Sales; no longer sends the reply “closed”
      because of inbox.toml: the time zone was Africa/Cairo, now Asia/Dubai
      was  `closed` (rules/+15550100.rules:3)
           The chat waits in the Sales queue (by hand).
           Reply “closed”, once per 4 hours
      now  `otherwise` (next/+15550100.rules:8)
           `alice` of Sales takes the chat (by in_order).
      given at 2026-01-01 08:00

    +15550100.rules: customers, at certain times, for example on Thursday 1 January 2026 at 18:00: was a member of Sales, now waiting in Sales; now sends the reply “closed”
      because of inbox.toml: the time zone was Africa/Cairo, now Asia/Dubai
      was  `otherwise` (rules/+15550100.rules:8)
           `alice` of Sales takes the chat (by in_order).
      now  `closed` (next/+15550100.rules:3)
           The chat waits in the Sales queue (by hand).
           Reply “closed”, once per 4 hours
      given at 2026-01-01 18:00

    3 differences in 1 policy
    "#);
    let run = diff(&[("\"alice\", \"bob\"", "\"bob\", \"alice\"")]);
    insta::assert_snapshot!(run.exits_with(1).stdout(), @"
    inbox.toml: the turn order of Sales was `alice` and `bob`, now `bob` and `alice`

    +15550100.rules: customers, from Monday to Friday between 08:00 and 18:00: was `alice` of Sales, now `bob` of Sales
      because of inbox.toml: the turn order of Sales was `alice` and `bob`, now `bob` and `alice`
      was  `otherwise` (rules/+15550100.rules:8)
           `alice` of Sales takes the chat (by in_order).
      now  `otherwise` (next/+15550100.rules:8)
           `bob` of Sales takes the chat (by in_order).
      given customer new

    1 difference in 1 policy
    ");
    let run = diff(&[("name = \"Bob\"\ncapacity = 5", "name = \"Bob\"\ncapacity = 2")]);
    insta::assert_snapshot!(run.exits_with(1).stdout(), @r#"
    inbox.toml: the capacity of `bob` was 5, now 2

    +15550100.rules: customers, while all of Sales are online, Bob is available by the old capacities and Bob is not available by the new capacities, from Monday to Friday between 08:00 and 18:00: was `bob` of Sales, now `alice` of Sales
      because of inbox.toml: the capacity of `bob` was 5, now 2
      was  `otherwise` (rules/+15550100.rules:8)
           `bob` of Sales takes the chat (by in_order).
      now  `otherwise` (next/+15550100.rules:8)
           `alice` of Sales takes the chat (by in_order).
      given online "alice" with 5 chats, "bob" with 2 chats

    1 difference in 1 policy
    "#);
    let run = diff(&[("name = \"Bob\"", "name = \"Robert\"")]);
    insta::assert_snapshot!(run.exits_with(0).stdout(), @"
    inbox.toml: the name of `bob` was “Bob”, now “Robert”

    both decide every message the same way
    ");
}

/// Rules in another order are one cause, and three examples of it are enough.
#[test]
fn many_differences_of_one_cause() {
    let rule = |nth: usize| {
        format!(
            "rule \"{nth}\"\nwhen message contains \"word{nth}\":\n    assign group \"Sales\" by random, reply \"{nth}\"\n\n"
        )
    };
    let rules: Vec<String> = (0..30).map(rule).collect();
    let policy = |rules: &[String]| {
        format!("{}otherwise:\n    assign owner else group \"Sales\" by hand\n", rules.concat())
    };
    let reversed: Vec<String> = rules.iter().rev().cloned().collect();
    let both = || Rules::new().file("old.rules", policy(&rules)).file("new.rules", policy(&reversed));
    let run = both().run(FILES).exits_with(1);
    assert_eq!(run.stdout().matches("  was  ").count(), 3, "{}", run.stdout());
    run.prints("  There are 432 more because rules stand in another order; `--all` shows 20.")
        .prints("435 differences in 1 policy");
    assert_eq!(both().run(&format!("{FILES} --all")).exits_with(1).stdout().matches("  was  ").count(), 20);
    let found = both().run(&format!("{FILES} --format json")).exits_with(1).json();
    assert_eq!(found["differences"].as_array().unwrap().len(), 20);
    assert_eq!(found["omitted"][0]["count"], 415);
    assert_eq!(found["count"], 435);
    // One word that is changed is one cause.
    let mut edited = rules.clone();
    edited[0] = edited[0].replace("word0", "word");
    let run = Rules::new().file("old.rules", policy(&rules)).file("new.rules", policy(&edited)).run(FILES);
    let run = run.exits_with(1);
    assert_eq!(run.stdout().matches("  was  ").count(), 3, "{}", run.stdout());
    run.prints(" more because `0` (rules/new.rules:1) was changed; `--all` shows 20.");
}

/// Dates that include the same dates twice, thirty levels deep.
#[test]
fn dates_that_share_parts() {
    let levels = (1..=60).map(|level| format!("dates a{level} = a{}, a{}\n", level - 1, level - 1));
    let policy = |day: &str| {
        let dates = levels.clone().collect::<String>();
        format!(
            "dates a0 = {day}\n{dates}when during a60: assign nobody\notherwise: assign owner else group \"Sales\" by hand\n"
        )
    };
    let diff = |new: &str| {
        Rules::new().file("old.rules", policy("dec 25")).file("new.rules", policy(new)).run(FILES)
    };
    diff("dec 25 ").exits_with(0);
    diff("dec 26").exits_with(1).prints("because hours or dates were changed");
}

fn git(rules: &Rules, arguments: &str) {
    let mut command = Command::new("git");
    command.current_dir(rules.path()).args(["-c", "user.name=a", "-c", "user.email=a@example.com"]);
    let output = command.args(arguments.split_whitespace()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_revision_of_git() {
    let rules =
        Rules::new().file("+15550100.rules", format!("use \"common.rules\"\n{OLD}")).file("common.rules", "");
    for arguments in ["init -q", "add -A", "commit -q -m first"] {
        git(&rules, arguments);
    }
    let run = rules.run("diff git:HEAD:rules rules").exits_with(0);
    let rules = run.rules.file("+15550100.rules", OLD.replace("least_chats", "random"));
    let run = rules.run("diff git:HEAD:rules/ rules").exits_with(1).prints("HEAD:rules/+15550100.rules:");
    let run = run.rules.run("diff git:HEAD:rules/+15550100.rules rules/+15550100.rules").exits_with(1);
    let run = run.prints("was Sales by least_chats, now Sales by random");
    let run = run.rules.run("diff git:HEAD:rules git:HEAD:rules").exits_with(0);
    for (side, message) in [
        ("git:nowhere:rules", "git has no revision `nowhere`"),
        ("git:--all:rules", "git has no revision `--all`"),
        ("git:HEAD:nothing", "there is no file or folder `nothing` in the revision `HEAD`"),
        ("git:rules", "write `git:REVISION:PATH`"),
    ] {
        let outside = Rules::new().file("+15550100.rules", OLD);
        git(&outside, "init -q");
        git(&outside, "add -A");
        git(&outside, "commit -q -m first");
        outside.run(&format!("diff {side} rules")).exits_with(2).reports(message);
    }
    drop(run);
    let outside = Rules::new().file("+15550100.rules", OLD).environment("GIT_CEILING_DIRECTORIES", "/");
    outside.run("diff git:HEAD:rules rules").exits_with(2).reports("not in a git repository");
    let without = Rules::new().file("+15550100.rules", OLD).environment("PATH", "");
    without.run("diff git:HEAD:rules rules").exits_with(2).reports("needs the program `git`");
}

#[test]
fn what_cannot_be_compared() {
    let check = |rules: Rules, arguments: &str, message: &str| {
        let run = rules.run(arguments).exits_with(2).reports(message);
        assert_eq!(run.stdout(), "");
    };
    check(
        edited(&[]),
        "diff rules/old.rules rules/gone.rules",
        "there is no file or folder `rules/gone.rules`",
    );
    check(edited(&[]), "diff rules/old.rules rules", "`rules/old.rules` is a file and `rules` is a folder");
    check(edited(&[("\"Sales\"", "\"Slaes\"")]), FILES, "unknown-group");
    let without = Rules::empty().file("old.rules", OLD).file("new.rules", OLD);
    check(without, FILES, "there is no `inbox.toml` beside `rules/old.rules`");
}

#[test]
fn standard_input_uses_the_same_inbox() {
    let rules = Rules::new().file("new.rules", OLD).input(OLD.replace("least_chats", "random"));
    rules.run("diff - rules/new.rules").exits_with(1).prints("was Sales by random, now Sales by least_chats");
}

#[test]
fn a_policy_that_a_number_names() {
    let inbox = "[numbers.\"+15550101\"]\nrules = \"store.rules\"\n[users.alice]\n[users.bob]\n\
                 [groups]\nSales = [\"alice\"]\n";
    let store = "otherwise: assign group \"Sales\" by random\n";
    let compared = |new: &str| {
        let rules = Rules::empty().beside("old/inbox.toml", inbox).beside("old/store.rules", store);
        rules.beside("new/inbox.toml", new).beside("new/store.rules", store).run("diff old new")
    };
    let run = compared(&format!("# a comment\n{inbox}")).exits_with(0);
    assert_eq!(run.stdout(), "both decide every message the same way\n");
    let run = compared(&inbox.replace("Sales = [\"alice\"]", "Sales = [\"bob\"]")).exits_with(1);
    run.prints("store.rules: customers: was `alice` of Sales, now `bob` of Sales");
}

#[test]
fn late_actions() {
    let with = |actions: &str| format!("otherwise: assign user \"alice\"{actions}\n");
    let diff = |old: &str, new: &str| {
        let rules = Rules::new().file("old.rules", with(old)).file("new.rules", with(new));
        rules.run(FILES).exits_with(1).stdout()
    };
    insta::assert_snapshot!(diff(", tag \"slow\" after 10m", ", tag \"slow\" after 12m"), @r#"
    new.rules: customers: without an answer, was the tag “slow” after 10 minutes, now the tag “slow” after 12 minutes
      was  `otherwise` (rules/old.rules:1)
           `alice` takes the chat.
           After 10 minutes without an answer: the tag “slow”
      now  `otherwise` (rules/new.rules:1)
           `alice` takes the chat.
           After 12 minutes without an answer: the tag “slow”
      given customer new

    1 difference in 1 policy
    "#);
    insta::assert_snapshot!(diff("", ", reply \"Sorry\" once per 1h after 5m, priority high after 5m"), @r#"
    new.rules: customers: without an answer, now the reply “Sorry” (once per 1 hour) after 5 minutes and priority high after 5 minutes
      was  `otherwise` (rules/old.rules:1)
           `alice` takes the chat.
      now  `otherwise` (rules/new.rules:1)
           `alice` takes the chat.
           After 5 minutes without an answer: the reply “Sorry” (once per 1 hour), priority high
      given customer new

    1 difference in 1 policy
    "#);
    insta::assert_snapshot!(diff(", reply \"Sorry\" after 5m", ""), @r#"
    new.rules: customers: without an answer, no longer the reply “Sorry” after 5 minutes
      was  `otherwise` (rules/old.rules:1)
           `alice` takes the chat.
           After 5 minutes without an answer: the reply “Sorry”
      now  `otherwise` (rules/new.rules:1)
           `alice` takes the chat.
      given customer new

    1 difference in 1 policy
    "#);
}

#[test]
fn a_later_choice_by_other_figures() {
    let inbox = |capacity: u32| {
        format!(
            "[users.alice]\n[users.bob]\n[users.carol]\ncapacity = {capacity}\n[groups]\nSales = [\"bob\", \"carol\"]\n"
        )
    };
    let policy = "otherwise: assign user \"alice\" for 5m else group \"Sales\" by least_load\n";
    let rules = Rules::empty().beside("old/inbox.toml", inbox(2)).beside("old/default.rules", policy);
    let rules = rules.beside("new/inbox.toml", inbox(3)).beside("new/default.rules", policy);
    insta::assert_snapshot!(rules.run("diff old new").exits_with(1).stdout(), @r#"
    inbox.toml: the capacity of `carol` was 2, now 3

    default.rules: customers, while somebody of Sales is available by the old capacities, all of Sales are available by the new capacities and carol is not available by the old capacities: another user may be chosen after 5 minutes without an answer: Sales by least_load
      because of inbox.toml: the capacity of `carol` was 2, now 3
      was  `otherwise` (old/default.rules:1)
           `alice` takes the chat.
           After 5 minutes without an answer: Sales by least_load.
      now  `otherwise` (new/default.rules:1)
           `alice` takes the chat.
           After 5 minutes without an answer: Sales by least_load.
      given online "bob" with 3 chats, "carol" with 2 chats
      given offline "alice"

    1 difference in 1 policy
    "#);
}
