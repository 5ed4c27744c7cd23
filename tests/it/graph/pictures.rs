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
fn the_week_says_when_and_on_which_dates_it_is_otherwise() {
    let text = "timezone \"Africa/Cairo\"\ndates feasts = dec 25\nhours office = mon-fri 09:00-17:00 except feasts\n\
        rule \"new\" when new_customer and during office: assign owner\n\
        rule \"closed\" when not during office: assign owner\n\
        rule \"never\" when not during office and has_owner: assign owner\notherwise: assign owner\n";
    let run = Rules::new().file("default.rules", text).run("graph --week").exits_with(0);
    let svg = run.stdout();
    let description = svg.split("<desc>").nth(1).and_then(|rest| rest.split("</desc>").next());
    insta::assert_snapshot!(description.unwrap(), @r"
    1. new: from Monday to Friday between 09:00 and 17:00; other on certain dates
    2. closed: from Monday to Friday before 09:00 and after 17:00 and on Saturdays and Sundays; other on certain dates
    3. never: never
    4. Everything else: from Monday to Friday between 09:00 and 17:00; other on certain dates
    feasts: on 25 December
    office: from Monday to Friday between 09:00 and 17:00; except on “feasts”
    ");
    assert!(svg.contains("the times are those of Africa/Cairo"));
    // Five days in which only some messages are taken, then the hours around them, and the rest.
    assert_eq!(svg.matches("<rect class=\"v1\"").count(), 5 + 1);
    assert_eq!(svg.matches("<rect class=\"v2\"").count(), 5 * 2 + 2 + 5 + 1);
    assert!(svg.contains("<title>Monday 09:00–17:00: every message that no rule above has taken</title>"));
}
