//! The pictures of `docs/pictures.md`, and what the week shows.

use assert_cmd::cargo::cargo_bin_cmd;

use crate::generated::{assert_current, root};
use crate::harness::Rules;

#[test]
fn the_pictures_of_the_documentation_are_current() {
    let pictures: [(&str, &[&str]); 2] = [
        ("docs/graph.svg", &["graph", "rules/+15550100.rules"]),
        ("docs/graph-week.svg", &["graph", "--week", "rules/+201000000001.rules"]),
    ];
    for (file, arguments) in pictures {
        let output = cargo_bin_cmd!("rules").args(arguments).current_dir(root()).assert().success();
        assert_current(file, &String::from_utf8(output.get_output().stdout.clone()).unwrap());
    }
}

#[test]
fn names_in_arabic_stand_beside_their_numbers() {
    let inbox = "[numbers.\"+15550100\"]\nname = \"عيادة\"\n[users.omar]\nname = \"عمر\"\n";
    let text =
        "rule \"مغلق\" when new_customer: assign user \"omar\"\notherwise: assign owner else user \"omar\"\n";
    let rules = Rules::empty().file("inbox.toml", inbox).file("+15550100.rules", text);
    let run = rules.run("graph --week").exits_with(0).prints("\u{2068}عيادة\u{2069}: the week</text>");
    let run = run.prints("1.\u{a0}\u{2068}مغلق\u{2069}</text>").prints_no("direction=\"rtl\"");
    // What is on the left begins there, in whatever direction it is written.
    let flow = run.rules.run("graph").exits_with(0).stdout();
    assert_eq!(flow.matches("text-anchor=\"end\" direction=\"rtl\"").count(), 4);
}

#[test]
fn in_a_long_week_the_days_are_named_again() {
    let rule = |at| format!("when message contains \"w{at}\": assign nobody\n");
    let text: String = (0..40).map(rule).collect();
    let run = Rules::new().file("default.rules", text).run("graph --week").exits_with(0);
    assert_eq!(run.stdout().matches(">Wednesday<").count(), 3);
}

#[test]
fn an_also_rule_acts_on_every_message() {
    let text =
        "also rule \"all\" when new_customer or returning_customer: tag \"x\"\notherwise: assign nobody\n";
    let run = Rules::new().file("default.rules", text).run("graph --week").exits_with(0);
    run.prints("<title>Monday 00:00–24:00: every message</title>")
        .prints("<title>Monday 00:00–24:00: every message that no rule above has taken</title>")
        .prints("for a rule that adds to any decision, every message");
}

#[test]
fn the_week_says_when_and_on_which_dates_it_is_otherwise() {
    let text = "timezone \"Africa/Cairo\"\ndates feasts = dec 25\nhours office = mon-fri 09:00-17:00 except feasts\n\
        rule \"new\" when new_customer and during office: assign owner\n\
        rule \"closed\" when not during office: assign owner\n\
        rule \"never\" when not during office and has_owner: assign owner\notherwise: assign owner\n";
    let run = Rules::new().file("default.rules", text).run("graph --week").exits_with(0);
    let svg = run.stdout();
    let description = svg.split("<desc>").nth(1).and_then(|rest| rest.split("</desc>").next());
    insta::assert_snapshot!(description.unwrap(), @r"
    1. new: from Monday to Friday between 09:00 and 17:00; different on some dates
    2. closed: from Monday to Friday before 09:00 and after 17:00 and on Saturdays and Sundays; different on some dates
    3. never: never
    4. Everything else: from Monday to Friday between 09:00 and 17:00; different on some dates
    feasts: on 25 December
    office: from Monday to Friday between 09:00 and 17:00; except on “feasts”
    ");
    assert!(svg.contains("the times are those of Africa/Cairo"));
    // Five days in which only some messages are taken, then the hours around them, and the rest.
    assert_eq!(svg.matches("<rect class=\"v1\"").count(), 5 + 1);
    assert_eq!(svg.matches("<rect class=\"v2\"").count(), 5 * 2 + 2 + 5 + 1);
    assert!(svg.contains("<title>Monday 09:00–17:00: every message that no rule above has taken</title>"));
}
