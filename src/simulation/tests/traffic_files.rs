//! What a wrong traffic file is told.

use insta::assert_snapshot;

use crate::load::RuleSet;
use crate::simulation::Traffic;
use crate::testing::{INBOX, folder};
use crate::text::{LineIndex, Source};

/// The findings as lines: the place, the code, the message, the help, and the text of a fix.
fn findings(text: &str) -> String {
    let rules = "otherwise: assign group \"Sales\" by in_order";
    let set = RuleSet::from_folder(&folder(&[("inbox.toml", INBOX), ("+15550100.rules", rules)])).unwrap();
    let source = Source::new("traffic.toml", text);
    let lines = LineIndex::new(text);
    let (_, findings) = Traffic::parse(&source, &[&set]);
    let line = |finding: &crate::diagnostic::Finding| {
        let place = lines.position(text, finding.span.start);
        let help = finding.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
        let fix = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| format!(" [{}]", edit.text));
        format!(
            "{}:{} {}: {}{help}{}",
            place.line,
            place.column,
            finding.code,
            finding.message,
            fix.collect::<String>()
        )
    };
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn names_that_the_inbox_does_not_have() {
    assert_snapshot!(findings(
        "[[arrivals]]\nnumber = \"+15550101\"\nper_hour = 1\n[[shifts]]\ngroup = \"Slaes\"\n[[shifts]]\nusers = [\"alic\", \"x\"]\n\
         [service.groups.Suport]\nmean = \"1m\"\n[customers]\nowners = [\"zoe\"]\nattributes.plan = { godl = 1 }\n\
         attributes.tier = { gold = 1 }\n[[messages]]\nnumber = \"15550100\"\nattributes = { sorce = \"web\" }\n"
    ), @r##"
    2:10 unknown-value: `+15550101` has no rules (the numbers are `+15550100`)
    5:9 unknown-group: the inbox has no group called `Slaes` (did you mean `Sales`?) ["Sales"]
    7:10 unknown-user: the inbox has no user called `alic` (did you mean `alice`?) ["alice"]
    7:18 unknown-user: the inbox has no user called `x` (the users are `alice`, `bob` and `carol`)
    8:17 unknown-group: the inbox has no group called `Suport` (did you mean `Support`?) ["Support"]
    11:11 unknown-user: the inbox has no user called `zoe` (the users are `alice`, `bob` and `carol`)
    12:21 unknown-value: `godl` is not one of the words of this attribute (did you mean `gold`?) ["gold"]
    13:12 unknown-attribute: customers have no attribute `tier` (the attributes are `plan`, `orders`, `city` and `blocked`)
    15:10 invalid-number: `15550100` is not a full phone number (write `+`, the country code and the number, as in `+15550100`)
    16:16 unknown-attribute: messages have no attribute `sorce` (did you mean `source`?) ["source"]
    "##);
}

#[test]
fn numbers_and_times() {
    assert_snapshot!(findings(
        "start = 2026-13-01\ndays = 0\nclose_after = \"0s\"\n[[arrivals]]\nnumber = \"+15550100\"\nper_hour = [1, 2]\n\
         [service]\nmean = 5\nstandard_deviation = \"3 minutes\"\nconcurrency = 1.5\n[customers]\nnew_share = 40\nowned_share = \"0.5\"\n\
         tags = { vip = 2 }\nlanguage = { ar = 0 }\nattributes.orders = { many = 1 }\nattributes.blocked = { perhaps = 1 }\n"
    ), @r##"
    1:9 syntax: this is not valid TOML: invalid date, expected month between 01 and 12
    2:8 invalid-number: `days` must be a whole number from 1 to 366 (write it as `days = 7`)
    3:15 invalid-number: `close_after` must be at least 1 s, but this is `0s`
    6:12 invalid-number: `per_hour` has 2 numbers, and needs 24: one for each hour of the day (the first is that of 00:00 to 01:00; a single number applies to every hour)
    8:8 type-mismatch: `mean` needs a unit: seconds, minutes or hours? (write `"5s"`, `"5m"` or `"5h"`)
    9:22 invalid-number: `3 minutes` is not a length of time (write a whole number and `s`, `m`, `h` or `d`, as in `standard_deviation = "3m"`)
    10:15 invalid-number: `concurrency` must be a whole number from 1 to 1,000 (write it as `concurrency = 1`)
    12:13 invalid-number: `new_share` must be a number from 0 to 1 (a share of 40 % is written `0.4`)
    13:15 type-mismatch: `owned_share` should be a number, but this is a text (write it as `owned_share = 0.7`) [0.5]
    14:16 invalid-number: `vip` must be a number from 0 to 1 (a share of 40 % is written `0.4`)
    15:1 invalid-number: the weights of `language` are all 0 (write how often each occurs, relative to the others)
    16:23 type-mismatch: `many` is not a number, and this attribute takes numbers (write the value before its weight, as in `"12" = 1`)
    17:24 type-mismatch: `perhaps` is neither `yes` nor `no` (write how many customers have it and how many do not, as in `yes = 1` and `no = 9`)
    "##);
}

#[test]
fn hours_are_those_of_rules() {
    assert_snapshot!(findings(
        "[[arrivals]]\nnumber = \"+15550100\"\nper_hour = 1\nhours = \"mon-fri 9-17\"\n[[shifts]]\ngroup = \"Sales\"\n\
         hours = \"09:00-25:00\"\n[[shifts]]\ngroup = \"Sales\"\nhours = \"mon-fri except holidays\"\n[[shifts]]\ngroup = \"Sales\"\n\
         hours = \"\"\n[[shifts]]\ngroup = \"Sales\"\nhours = \"weekdays\"\n"
    ), @r##"
    4:18 syntax: write `09:00-17:00`, not `9-17` (times are written `09:00-17:00`, with four digits)
    7:10 invalid-hours: there is no time `25:00` (a day goes from `00:00` to `24:00`)
    10:25 unknown-definition: `holidays` is not defined: a traffic file cannot define dates (write the dates themselves)
    13:9 empty-text: this text is empty (write a text between the quotes, or leave it out)
    16:10 syntax: `weekdays` does not say which days are meant (write the days: `mon-fri`, or `sun-thu`)
    "##);
}

#[test]
fn what_is_missing_or_unknown() {
    assert_snapshot!(findings(
        "seed = 1\n[arrivals]\nper_hour = 1\n[[shifts]]\nhours = \"mon\"\npresence = \"here\"\n[service]\ndistribution = \"normal\"\n\
         [service.users.bob]\nmaen = \"1m\"\n[customer]\n"
    ), @r##"
    1:1 syntax: a traffic file has no `seed` (it can have `start`, `days`, `timezone`, `close_after`, `arrivals`, `service`, `shifts`, `customers` or `messages`)
    2:2 syntax: `[[arrivals]]` can be repeated, so its name needs double brackets (write the line as `[[arrivals]]`)
    4:1 missing-setting: this `[[shifts]]` has no `users` (write it as `users = ["alice", "bob"]` or `group = "Sales"`)
    6:12 unknown-value: `presence` cannot be `here` (write `online` or `away`)
    8:16 unknown-value: `distribution` cannot be `normal` (write `exponential`, `lognormal` or `fixed`)
    10:1 syntax: the service time of a user has no `maen` (did you mean `mean`?) [mean]
    11:2 syntax: a traffic file has no `customer` (did you mean `customers`?) [customers]
    "##);
    assert_snapshot!(findings("[[arrivals]]\nhours = \"mon\"\n[service]\ndistribution = \"fixed\"\nstandard_deviation = \"1m\"\n"), @r##"
    1:1 missing-setting: this `[[arrivals]]` has no `number` (write it as `number = "+15550100"`)
    1:1 missing-setting: this `[[arrivals]]` has no `per_hour` (write it as `per_hour = 12`)
    5:1 unknown-value: only a log-normal distribution has a `standard_deviation` of its own (remove it, or write `distribution = "lognormal"`)
    "##);
    assert_snapshot!(findings("days = 300\n[[arrivals]]\nnumber = \"+15550100\"\nper_hour = 10000\n"), @"2:3 invalid-number: this traffic can have 72 million messages; the limit is 20 million (simulate fewer days, or write fewer messages in an hour)");
}

#[test]
fn values_that_cannot_be_meant() {
    assert_snapshot!(findings(
        "close_after = \"367d\"\n[[shifts]]\nusers = [\"alice\"]\ngroup = \"Sales\"\n[[shifts]]\nusers = []\npresence = \"offline\"\n\
         [customers]\ncountry = { UK = 1 }\nlanguage = { english = 1 }\nphone = { \"12\" = 1 }\ntags = { \"\" = 0.5 }\n\
         [[messages]]\nweight = 0\nattributes = { items = 1e-40 }\n"
    ), @r##"
    1:15 invalid-number: `close_after` must be at most 366 d, but this is `367d`
    4:1 syntax: this `[[shifts]]` has both `users` and `group` (write a `[[shifts]]` for each)
    6:9 missing-setting: `users` is empty, so that nobody has this shift (write the users, as in `users = ["alice", "bob"]`)
    7:12 unknown-value: `presence` cannot be `offline` (write `online` or `away`; without a shift a user is offline)
    9:13 impossible-value: no country code is `UK` (did you mean `GB`?) ["GB"]
    10:14 impossible-value: no language code is `english` (did you mean `en`?) ["en"]
    11:11 impossible-value: no phone number is `12` (write `+`, the country code and the number, as in `+201001234567`)
    12:10 empty-text: a tag has no name (write a text between the quotes, or leave it out)
    13:3 invalid-number: the weights of `[[messages]]` are all 0 (write how often each occurs, relative to the others)
    15:24 invalid-number: `items` has too many decimals
    "##);
    let help = "(write a `[[messages]]` with a weight and without `follow_up = true`, for every number)";
    assert_eq!(
        findings("[[messages]]\nfollow_up = true\n"),
        format!("1:3 missing-setting: all `[[messages]]` are follow-ups, so that none opens a chat {help}")
    );
    assert_eq!(
        findings(
            "[[arrivals]]\nnumber = \"+15550100\"\nper_hour = 1\n[[messages]]\nfollow_up = true\n[[messages]]\nweight = 0\n"
        ),
        format!("4:3 missing-setting: none of the `[[messages]]` opens a chat with `+15550100` {help}")
    );
}

#[test]
fn all_returning_customers_together_are_limited() {
    let rules = "otherwise: assign group \"Sales\" by in_order";
    let files: Vec<String> = (0..3).map(|number| format!("+1555010{number}.rules")).collect();
    let mut all: Vec<(&str, &str)> = files.iter().map(|file| (&**file, rules)).collect();
    all.push(("inbox.toml", INBOX));
    let set = RuleSet::from_folder(&folder(&all)).unwrap();
    let arrivals = [0, 1, 2]
        .map(|number| format!("[[arrivals]]\nnumber = \"+1555010{number}\"\nper_hour = 1\n"))
        .concat();
    let parsed = |returning: u32| {
        let text = format!("{arrivals}[customers]\nreturning = {returning}\n");
        Traffic::parse(&Source::new("traffic.toml", text), &[&set]).1
    };
    assert_eq!(parsed(3_000_000), []);
    assert_eq!(
        parsed(4_000_000)[0].message,
        "`returning` makes 12 million customers with 3 numbers; the limit is 10 million"
    );
}
