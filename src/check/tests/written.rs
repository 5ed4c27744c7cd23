//! Lints about how something is written.

use insta::assert_snapshot;

use super::sample::{findings, fixed_text};
use crate::diagnostic::Code;

/// The findings of a condition, each with its help and fix.
fn told(condition: &str) -> String {
    let policy =
        format!("rule \"a\"\nwhen {condition}:\n    assign nobody\n\notherwise:\n    assign nobody\n");
    lines(&policy)
}

/// The findings of a policy, but for those about its meaning as a whole.
fn lines(policy: &str) -> String {
    let proofs = [Code::NeverTrue, Code::AlwaysTrue, Code::UnreachableRule, Code::MayPickOffline];
    let found = findings(policy);
    let line = |finding: &crate::diagnostic::Finding| {
        let help = finding.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        let fix = finding.fix.iter().flat_map(|fix| &fix.edits).map(|edit| format!(" [{}]", edit.text));
        format!("{}: {}{help}{}\n", finding.code, finding.message, fix.collect::<String>())
    };
    found.iter().filter(|finding| !proofs.contains(&finding.code)).map(line).collect()
}

#[test]
fn countries() {
    assert_snapshot!(told("customer.country is \"UK\" or customer.country is not any [\"gb\", \"EGY\", \"egypt\"]"), @r#"
    impossible-value: no country code is `UK` (did you mean `GB`?) ["GB"]
    impossible-value: no country code is `EGY` (did you mean `EG`?) ["EG"]
    impossible-value: no country code is `egypt` (did you mean `EG`?) ["EG"]
    "#);
    assert_snapshot!(told("customer.country starts with \"E\" or customer.country contains \"eg\" or customer.country contains part \"g\""), @"");
    assert_snapshot!(told("customer.country contains part \"UK\" or customer.country starts with \"x y\""), @r#"
    impossible-value: no country code contains `UK` (did you mean `GB`?) ["GB"]
    impossible-value: no country code starts with `x y` (write a code of two letters (ISO 3166-1), such as `EG`)
    "#);
    assert_snapshot!(told("customer.country is \"Egpyt\" or customer.country is \"Congo\" or customer.country is \"+20\""), @"
    impossible-value: no country code is `Egpyt` (did you mean `EG`? A code has two letters (ISO 3166-1), such as `EG`)
    impossible-value: no country code is `Congo` (write a code of two letters (ISO 3166-1), such as `EG`)
    impossible-value: no country code is `+20` (write a code of two letters (ISO 3166-1), such as `EG`)
    ");
}

#[test]
fn languages() {
    assert_snapshot!(told("customer.language is any [\"AR\", \"ara\", \"Arabic\", \"en-US\", \"pt_BR\", \"qaa\"]"), @r#"
    impossible-value: no language code is `ara` (did you mean `ar`?) ["ar"]
    impossible-value: no language code is `Arabic` (did you mean `ar`?) ["ar"]
    impossible-value: no language code is `en-US` (did you mean `en`?) ["en"]
    impossible-value: no language code is `pt_BR` (did you mean `pt`?) ["pt"]
    "#);
    assert_snapshot!(told("customer.language is \"arabisch\" or customer.language is \"xx\" or customer.language is \"cmn\""), @"
    impossible-value: no language code is `arabisch` (did you mean `ar`? A code has two or three letters (BCP 47), such as `ar`)
    impossible-value: no language code is `xx` (write a code of two or three letters (BCP 47), such as `ar`)
    ");
    // `afr` may be `fr` with a letter too many.
    assert_snapshot!(told("customer.language is \"afr\""), @"impossible-value: no language code is `afr` (did you mean `af`?)");
}

#[test]
fn days_of_two_letters() {
    assert_snapshot!(told("during tu or during mo or during di"), @r"
    unknown-definition: no hours or dates are called `tu` (a day is written `tue` or `thu`)
    unknown-definition: no hours or dates are called `mo` (a day is written `mon`)
    unknown-definition: no hours or dates are called `di` (a day is written `tue`)
    ");
}

#[test]
fn phones() {
    assert_snapshot!(told("customer.phone starts with any [\"+966\", \"966\", \"00966\", \"+\", \"(966)\"]"), @r#"
    impossible-value: no phone number starts with `966` (did you mean `+966`?) ["+966"]
    impossible-value: no phone number starts with `00966` (did you mean `+966`?) ["+966"]
    impossible-value: no phone number starts with `(966)` (did you mean `+966`?) ["+966"]
    "#);
    assert_snapshot!(told("customer.phone is any [\"+201001234567\", \"201001234567\", \"+20 100 123 4567\", \"+20\"]"), @r#"
    impossible-value: no phone number is `201001234567` (did you mean `+201001234567`?) ["+201001234567"]
    impossible-value: no phone number is `+20 100 123 4567` (did you mean `+201001234567`?) ["+201001234567"]
    impossible-value: no phone number is `+20` (write `starts with "+20"`, or the whole number)
    "#);
    assert_snapshot!(told("customer.phone contains any [\"201001234567\", \"100\", \"+20\"] or customer.phone contains part any [\"100\", \"+2\", \"a\"]"), @r#"
    impossible-value: no phone number has the word `100` (write `starts with "+100"`, or the whole number)
    impossible-value: no phone number has the word `+20` (write `starts with "+20"`, or the whole number)
    impossible-value: no phone number contains `a` (write `+`, the country code and the number, in digits without spaces, as in `+20100`)
    "#);
    assert_snapshot!(told("customer.phone starts with \"0100\" or customer.phone starts with \"+0\" or customer.phone is \"me\""), @"
    impossible-value: no phone number starts with `0100` (write `+`, the country code and the number, in digits without spaces, as in `+20100`)
    impossible-value: no phone number starts with `+0` (write `+`, the country code and the number, in digits without spaces, as in `+20100`)
    impossible-value: no phone number is `me` (write `+`, the country code and the number, in digits without spaces, as in `+20100`)
    ");
}

#[test]
fn impossible_values_in_definitions_and_elsewhere() {
    assert_snapshot!(lines("let british = customer.country is \"UK\"\notherwise: assign nobody, reply \"UK\"\ntest \"t\":\n    given customer city \"UK\"\n    expect no reply\nrule \"b\" when customer.city is \"UK\" and british: assign nobody"), @r#"
    impossible-value: no country code is `UK` (did you mean `GB`?) ["GB"]
    rule-after-otherwise: no message gets past `otherwise` to this rule (move `otherwise` to the end; only `also` and `move` rules may follow it)
    "#);
}

#[test]
fn kinds_in_quotes() {
    assert_snapshot!(told("message is \"image\" or message is not any [\"Video\", \"audio\"]"), @r#"
    kind-in-quotes: `"image"` in quotes is a text that the customer writes, not a kind of message (write `message is image`) [image]
    kind-in-quotes: `"video"` in quotes is a text that the customer writes, not a kind of message (write `message is video`) [video] [audio]
    "#);
    assert_snapshot!(told("message is any [\"sticker\", \"hello\"] or message is \"unsupported\""), @r#"
    kind-in-quotes: `"sticker"` in quotes is a text that the customer writes, not a kind of message (kinds and texts need a test each: write `message is sticker or message is …`)
    kind-in-quotes: `"unsupported"` in quotes is a text that the customer writes, not a kind of message (write `message is unsupported`) [unsupported]
    "#);
    assert_snapshot!(told("message is \"order\" or message is \"text\" or message contains \"image\" or message is image"), @"");
    let fixed = fixed_text(
        "rule \"a\"\nwhen message is any [\"image\", \"Video\"]: assign nobody\notherwise: assign nobody\n",
    );
    assert!(fixed.contains("message is any [image, video]"), "{fixed}");
}

#[test]
fn hours_that_end_a_minute_early() {
    let hours = |hours: &str| {
        lines(&format!(
            "hours h = {hours}\nrule \"a\"\nwhen during h: assign nobody\notherwise: assign nobody\n"
        ))
    };
    assert_snapshot!(hours("mon-fri 09:00-12:59 14:00-23:59, sat 00:01-07:59 except dec 25"), @"
    last-minute: the minute from `12:59` to `13:00` is closed, as an end is not part of the hours (write `13:00`) [13:00]
    last-minute: the minute from `23:59` to `24:00` is closed, as an end is not part of the hours (write `24:00`) [24:00]
    last-minute: the minute from `07:59` to `08:00` is closed, as an end is not part of the hours (write `08:00`) [08:00]
    ");
    assert_snapshot!(hours("mon 09:59-10:00, tue 22:59-02:00"), @"");
    assert_snapshot!(told("during 20:00-05:59"), @"last-minute: the minute from `05:59` to `06:00` is closed, as an end is not part of the hours (write `06:00`) [06:00]");
    let fixed =
        fixed_text("rule \"a\"\nwhen during mon 20:00-23:59: assign nobody\notherwise: assign nobody\n");
    assert!(fixed.contains("mon 20:00-24:00"), "{fixed}");
}

#[test]
fn braces() {
    let reply = |text: &str| lines(&format!("otherwise:\n    assign nobody,\n    reply \"{text}\"\n"));
    assert_snapshot!(reply("Hello {{customer.name}}, {{ owner.name or Bob }}, {{customer.name}}"), @"
    doubled-braces: `{{customer.name}}` is no placeholder: the customer reads `{customer.name}` (write `{customer.name}`) [{customer.name}]
    doubled-braces: `{{ owner.name or Bob }}` is no placeholder: the customer reads `{ owner.name or Bob }` (write `{ owner.name or Bob }`) [{ owner.name or Bob }]
    doubled-braces: `{{customer.name}}` is no placeholder: the customer reads `{customer.name}` (write `{customer.name}`) [{customer.name}]
    ");
    assert_snapshot!(reply("{{contact.name}} {{1}} {{custmer.name}} {{{{number}}}}"), @"
    doubled-braces: `{{contact.name}}` is no placeholder: the customer reads `{contact.name}` (no placeholder is called `contact.name`; write `{customer.name}` if that is what you mean)
    doubled-braces: `{{1}}` is no placeholder: the customer reads `{1}` (no placeholder is called `1`; write one of `{customer.name}`, `{customer.country}`, `{customer.language}`, `{customer.phone}`, `{owner.name}`, `{user.name}`, `{group}`, `{number}`, `{customer.plan}`, `{customer.orders}`, `{customer.city}`, `{customer.blocked}`)
    doubled-braces: `{{custmer.name}}` is no placeholder: the customer reads `{custmer.name}` (no placeholder is called `custmer.name`; write `{customer.name}` if that is what you mean)
    doubled-braces: `{{number}}` is no placeholder: the customer reads `{number}` (write `{number}`) [{number}]
    ");
    assert_snapshot!(reply("{{ }} {{}} {{ {customer.name or x} }} }} {{"), @"");
    let fixed = fixed_text("otherwise: assign nobody, reply \"{{customer.name or there}}, {{1}}\"\n");
    assert!(fixed.contains("\"{customer.name or there}, {{1}}\""), "{fixed}");
}

#[test]
fn tests_about_customers_and_rules_that_cannot_be() {
    let rules = "also rule \"angry\" when new_customer: tag \"x\"\nrule \"rest\" otherwise: assign nobody\n";
    let test = |line: &str, expect: &str| {
        lines(&format!("{rules}test \"t\":\n    given {line}\n    expect {expect}\n"))
    };
    assert_snapshot!(test("customer country \"UK\", language \"french\", phone \"12\"", "rule \"rest\""), @r#"
    impossible-value: no country code is `UK` (did you mean `GB`?) ["GB"]
    impossible-value: no language code is `french` (did you mean `fr`?) ["fr"]
    impossible-value: no phone number is `12` (write `+`, the country code and the number, as in `+201001234567`)
    "#);
    assert_snapshot!(test("customer country \"EG\", language \"ar\"", "rule \"angry\""), @r#"unknown-rule: `angry` is an `also` rule, which never decides (write `expect also rule "angry"`) [expect also rule ]"#);
    assert_snapshot!(test("customer new", "also rule \"rest\""), @r#"unknown-rule: `rest` is no `also` rule (write `expect rule "rest"`) [expect rule ]"#);
    assert_eq!(test("customer new", "not rule \"angry\""), "");
}

/// The parser knows no names: `"Sales" is online` is about a group, `"bob" is online` about a user.
#[test]
fn users_where_only_groups_can_be() {
    let told = |condition: &str| {
        lines(&format!(
            "rule \"a\" when {condition}: assign owner else nobody\nrule \"b\" otherwise: assign nobody\n"
        ))
    };
    assert_snapshot!(told("\"Sales\" is online"), @r#"unknown-fact: write `any_online in "Sales"`, not `"Sales" is online` [any_online in "Sales"]"#);
    assert_snapshot!(told("\"bob\" is online or \"bob\" available"), @r#"
    unknown-group: `bob` is a user, not a group (there is no condition about one user: write `assign user "bob" among online`, with another alternative after `else`)
    unknown-group: `bob` is a user, not a group (there is no condition about one user: write `assign user "bob" among online`, with another alternative after `else`)
    "#);
    assert_snapshot!(told("any_online \"bob\""), @r#"unknown-group: `bob` is a user, not a group (there is no condition about one user: write `assign user "bob" among online`, with another alternative after `else`)"#);
}
