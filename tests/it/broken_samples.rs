//! The sample policies in `rules/` with one mistake in each, and the findings that a person gets.

use std::fs;
use std::path::Path;

use crate::harness::Rules;

/// The findings, without notes, of `rules check` for the policy `file` after one text in it was replaced by another.
#[track_caller]
fn check_with_mistake(file: &str, mistake: (&str, &str)) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules");
    let mut rules = Rules::empty();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        if name == "inbox.toml" {
            rules = rules.file(&name, text.replace("[lints]\n", "[lints]\nredundant-part = \"warn\"\n"));
        } else if name == file {
            assert!(text.contains(mistake.0), "`{}` is not in {file}", mistake.0);
            rules = rules.file(&name, text.replacen(mistake.0, mistake.1, 1));
        } else {
            rules = rules.file(&name, text);
        }
    }
    rules.run(&format!("check rules/{file}")).stdout()
}

#[test]
fn the_store_takes_every_new_customer_at_once() {
    let mistake = ("when new_customer and any_online in \"Sales\":", "when new_customer:");
    insta::assert_snapshot!(check_with_mistake("+15550100.rules", mistake), @r#"
    error: unreachable-rule

      × no message reaches this rule: `welcome` takes every message that it could take
        ╭─[rules/+15550100.rules:12:6]
     11 │ 
     12 │ rule "welcome"
        ·      ────┬────
        ·          ╰── this takes them all
     13 │ when new_customer:
        ╰────
        ╭─[rules/+15550100.rules:17:6]
     16 │ 
     17 │ rule "closed"
        ·      ────────
     18 │ when new_customer:
        ╰────
      help: move it above `welcome`, make the conditions above it narrower, or delete it

    warning: redundant-part

      ⚠ `returning_customer` makes no difference: the rest of the condition implies it
        ╭─[rules/+15550100.rules:23:6]
     22 │ rule "back to the owner"
     23 │ when returning_customer and owner_online:
        ·      ──────────────────
     24 │     assign owner
        ╰────
      help: remove it, unless it helps to read the rule

    warning: redundant-part

      ⚠ `returning_customer` makes no difference: the rest of the condition implies it
        ╭─[rules/+15550100.rules:27:6]
     26 │ rule "owner is away"
     27 │ when returning_customer and owner_offline and any_online in "Support":
        ·      ──────────────────
     28 │     assign group "Support" by most_waiting,
        ╰────
      help: remove it, unless it helps to read the rule

    1 error, 2 warnings in 2 files
    "#);
}

#[test]
fn the_store_forgets_who_has_no_owner() {
    let mistake = ("    assign owner else group \"Support\" by in_order\n", "    assign owner\n");
    insta::assert_snapshot!(check_with_mistake("+15550100.rules", mistake), @r#"
    warning: redundant-part

      ⚠ `returning_customer` makes no difference: the rest of the condition implies it
        ╭─[rules/+15550100.rules:23:6]
     22 │ rule "back to the owner"
     23 │ when returning_customer and owner_online:
        ·      ──────────────────
     24 │     assign owner
        ╰────
      help: remove it, unless it helps to read the rule

    warning: redundant-part

      ⚠ `returning_customer` makes no difference: the rest of the condition implies it
        ╭─[rules/+15550100.rules:27:6]
     26 │ rule "owner is away"
     27 │ when returning_customer and owner_offline and any_online in "Support":
        ·      ──────────────────
     28 │     assign group "Support" by most_waiting,
        ╰────
      help: remove it, unless it helps to read the rule

    error: assign-owner-without-owner

      × the customer may have no owner, and there is no `else`
        ╭─[rules/+15550100.rules:32:12]
     31 │ otherwise:
     32 │     assign owner
        ·            ─────
     33 │ 
        ╰────
      help: for example:
              given customer returning
            say who takes the chat then, as in `assign owner else group "…" by least_chats`, or add
            `has_owner` to the condition

    1 error, 2 warnings in 2 files
    "#);
}

#[test]
fn the_clinic_is_open_and_closed() {
    let mistake = ("when not during clinic:", "when not during clinic and during clinic:");
    insta::assert_snapshot!(check_with_mistake("+201000000001.rules", mistake), @r#"
    error: never-true

      × `not during clinic` and `during clinic` never hold together
        ╭─[rules/+201000000001.rules:58:6]
     57 │ rule "closed"
     58 │ when not during clinic and during clinic:
        ·      ───────────────────────────────────
     59 │     assign group "Reception" by hand,
        ╰────
      help: no situation makes this true; change it, or delete it

    1 error in 3 files
    "#);
}

#[test]
fn the_clinic_calls_nobody_by_name() {
    let mistake = ("{customer.name or بك}", "{customer.name}");
    insta::assert_snapshot!(check_with_mistake("+201000000001.rules", mistake), @r#"
    warning: placeholder-may-be-empty

      ⚠ `{customer.name}` may be empty
        ╭─[rules/+201000000001.rules:73:17]
     72 │     tag "appointment",
     73 │     reply "أهلا {customer.name}، {user.name} سيحدد لك الموعد."
        ·                 ───────────────
     74 │ 
        ╰────
      help: for example:
              given message "reschedule"
            say what to write then, as in `{customer.name or …}`

    1 warning in 3 files
    "#);
}

#[test]
fn the_travel_agency_answers_only_some() {
    let mistake = ("otherwise:\n", "rule \"rest\"\nwhen has_owner:\n");
    insta::assert_snapshot!(check_with_mistake("+442079460958.rules", mistake), @r#"
    error: unanswered

      × there are messages that no rule answers
        ╭─[rules/+442079460958.rules:67:6]
     66 │ 
     67 │ rule "rest"
        ·      ──────
     68 │ when has_owner:
        ╰────
      help: for example:
              given customer new
            end the file with `otherwise:`, which takes every message that no rule takes

    1 error in 3 files
    "#);
}

#[test]
fn the_travel_agency_says_closed_twice() {
    let mistake = (
        "rule \"closed\"\nwhen not during office:",
        "rule \"closed\"\nwhen not during office and not (french and not during office):",
    );
    insta::assert_snapshot!(check_with_mistake("+442079460958.rules", mistake), @r#"
    warning: redundant-part

      ⚠ `not during office` makes no difference: the rest of the condition implies it
        ╭─[rules/+442079460958.rules:38:44]
     37 │ rule "closed"
     38 │ when not during office and not (french and not during office):
        ·                                            ─────────────────
     39 │     assign group "Travel" by in_order,
        ╰────
      help: remove it, unless it helps to read the rule

    1 warning in 3 files
    "#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is one snapshot")]
fn the_shop_asks_for_anybody() {
    let mistake =
        ("rule \"vip\"\nwhen vip:", "rule \"vip\"\nwhen vip or not customer has tag \"vip\" or came_late:");
    insta::assert_snapshot!(check_with_mistake("+61491570156.rules", mistake), @r#"
    warning: always-true

      ⚠ one of `vip` and `not customer has tag "vip"` always holds
        ╭─[rules/+61491570156.rules:53:6]
     52 │ rule "vip"
     53 │ when vip or not customer has tag "vip" or came_late:
        ·      ──────────────────────────────────────────────
     54 │     assign group "Concierge" by least_load among available for 5m
        ╰────
      help: this holds in every situation; remove it, or write the condition that you meant

    error: unreachable-rule

      × no message reaches this rule: `vip` takes every message that it could take
        ╭─[rules/+61491570156.rules:52:6]
     51 │ 
     52 │ rule "vip"
        ·      ──┬──
        ·        ╰── this takes them all
     53 │ when vip or not customer has tag "vip" or came_late:
        ╰────
        ╭─[rules/+61491570156.rules:60:6]
     59 │ 
     60 │ rule "easy questions"
        ·      ────────────────
     61 │ when message contains any ["opening hours", "address", "parking"]:
        ╰────
      help: move it above `vip`, make the conditions above it narrower, or delete it

    error: unreachable-rule

      × no message reaches this rule: `vip` takes every message that it could take
        ╭─[rules/+61491570156.rules:52:6]
     51 │ 
     52 │ rule "vip"
        ·      ──┬──
        ·        ╰── this takes them all
     53 │ when vip or not customer has tag "vip" or came_late:
        ╰────
        ╭─[rules/+61491570156.rules:66:6]
     65 │ 
     66 │ rule "closed"
        ·      ────────
     67 │ when not during open:
        ╰────
      help: move it above `vip`, make the conditions above it narrower, or delete it

    error: unreachable-rule

      × no message reaches this rule: `vip` takes every message that it could take
        ╭─[rules/+61491570156.rules:52:6]
     51 │ 
     52 │ rule "vip"
        ·      ──┬──
        ·        ╰── this takes them all
     53 │ when vip or not customer has tag "vip" or came_late:
        ╰────
        ╭─[rules/+61491570156.rules:71:6]
     70 │ 
     71 │ rule "thumbs up"
        ·      ───────────
     72 │ when message is any [reaction, sticker]:
        ╰────
      help: move it above `vip`, make the conditions above it narrower, or delete it

    error: unreachable-rule

      × no message reaches this rule: `vip` takes every message that it could take
        ╭─[rules/+61491570156.rules:52:6]
     51 │ 
     52 │ rule "vip"
        ·      ──┬──
        ·        ╰── this takes them all
     53 │ when vip or not customer has tag "vip" or came_late:
        ╰────
        ╭─[rules/+61491570156.rules:76:6]
     75 │ 
     76 │ rule "back to the owner"
        ·      ───────────────────
     77 │ when owner_online:
        ╰────
      help: move it above `vip`, make the conditions above it narrower, or delete it

    error: unreachable-rule

      × no message reaches this rule: `vip` takes every message that it could take
        ╭─[rules/+61491570156.rules:52:6]
     51 │ 
     52 │ rule "vip"
        ·      ──┬──
        ·        ╰── this takes them all
     53 │ when vip or not customer has tag "vip" or came_late:
        ╰────
        ╭─[rules/+61491570156.rules:82:6]
     81 │ 
     82 │ rule "room at the counter"
        ·      ─────────────────────
     83 │ when any_available in "Counter":
        ╰────
      help: move it above `vip`, make the conditions above it narrower, or delete it

    error: unreachable-rule

      × no message reaches this rule: `vip` takes every message that it could take
        ╭─[rules/+61491570156.rules:52:6]
     51 │ 
     52 │ rule "vip"
        ·      ──┬──
        ·        ╰── this takes them all
     53 │ when vip or not customer has tag "vip" or came_late:
        ╰────
        ╭─[rules/+61491570156.rules:88:6]
     87 │ 
     88 │ rule "overflow"
        ·      ──────────
     89 │ when available in "Backup" >= 1:
        ╰────
      help: move it above `vip`, make the conditions above it narrower, or delete it

    6 errors, 1 warning in 3 files
    "#);
}

#[test]
fn the_shop_waits_for_a_hand_and_then_for_another() {
    let mistake = (
        "assign owner else group \"Counter\" by hand,",
        "assign group \"Counter\" by hand else group \"Backup\" by random,",
    );
    insta::assert_snapshot!(check_with_mistake("+61491570156.rules", mistake), @r#"
    warning: unreachable-alternative

      ⚠ this alternative is never tried: the one before it puts the chat in a queue
        ╭─[rules/+61491570156.rules:73:41]
     72 │ when message is any [reaction, sticker]:
     73 │     assign group "Counter" by hand else group "Backup" by random,
        ·            ───────────┬───────────      ────────────────────────
        ·                       ╰── `by hand` puts the chat in the queue, so nothing after it is tried
     74 │     priority low
        ╰────
      help: remove it, or say how long to wait for the one before, as in `for 5m else`

    1 warning in 3 files
    "#);
}

#[test]
fn the_default_has_nobody_at_night() {
    let mistake = (
        "    assign owner else group \"Support\" by random\n",
        "    assign owner else group \"Support\" by random among online\n",
    );
    insta::assert_snapshot!(check_with_mistake("default.rules", mistake), @r#"
    warning: nobody-to-give

      ⚠ if nobody can take the chat, it waits
        ╭─[rules/default.rules:29:23]
     28 │ otherwise:
     29 │     assign owner else group "Support" by random among online
        ·                       ──────────────────────────────────────
     30 │ 
        ╰────
      help: for example:
              given customer returning
            say with `else` who takes it then, or end with `by hand` if it should wait

    1 warning in 3 files
    "#);
}
