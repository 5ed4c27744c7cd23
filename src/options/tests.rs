//! The form of samples, of each shape that has none, and of random options.

mod comments;

use proptest::prelude::*;

use super::*;
use crate::language::vocabulary::Algorithm;
use crate::text::Source;

fn read(text: &str) -> Result<Option<RoutingOptions>, String> {
    read_options(&Source::new("+15550100.rules", text)).map_err(|error| error.to_string())
}

fn write(text: &str, options: &RoutingOptions) -> String {
    write_options(&Source::new("+15550100.rules", text), options).unwrap()
}

fn group(name: &str, by: Algorithm, reply: Option<&str>) -> RoutingCase {
    let reply = reply.map(str::to_owned);
    RoutingCase { owner: false, group: Some(name.to_owned()), by: Some(by), reply }
}

fn store() -> RoutingOptions {
    RoutingOptions {
        new_online: group(
            "Sales",
            Algorithm::LeastChats,
            Some("Welcome to my store. We'll be with you in a moment."),
        ),
        new_offline: group(
            "Sales",
            Algorithm::InOrder,
            Some("Thank you for your message. We are out of office hours."),
        ),
        owner_online: RoutingCase { owner: true, ..RoutingCase::default() },
        owner_not_online: group(
            "Support",
            Algorithm::MostWaiting,
            Some("{owner.name} is away, {user.name} will help you."),
        ),
        all_offline: RoutingCase { owner: true, ..group("Support", Algorithm::InOrder, None) },
        new_group: Some("Sales".to_owned()),
        returning_group: Some("Support".to_owned()),
        unowned: UnownedCustomers::AllOffline,
    }
}

const STORE: &str = include_str!("../cli/init/store.rules");

#[test]
fn the_store_of_init_has_a_form() {
    assert_eq!(read(STORE), Ok(Some(store())));
    assert_eq!(write(STORE, &store()), STORE);
}

#[test]
fn a_changed_case_changes_only_its_words() {
    let mut options = store();
    options.new_online.by = Some(Algorithm::Random);
    options.new_offline.reply = None;
    options.owner_online.reply = Some("Welcome back, \"{customer.name}\".".to_owned());
    let changed = STORE
        .replace("by least_chats", "by random")
        .replace(",\n    reply \"Thank you for your message. We are out of office hours.\"", "")
        .replace(
            "    assign owner\n",
            "    assign owner,\n    reply \"Welcome back, \\\"{customer.name}\\\".\"\n",
        );
    assert_eq!(write(STORE, &options), changed);
    assert_eq!(read(&changed), Ok(Some(options)));
}

#[test]
fn other_conditions_are_written_into_the_places_of_the_rules() {
    let options = RoutingOptions { new_group: None, unowned: UnownedCustomers::OwnerNotOnline, ..store() };
    let written = write(STORE, &options);
    assert_eq!(read(&written), Ok(Some(options)));
    let rules = written.split("\ntest ").next().unwrap();
    insta::assert_snapshot!(rules, @r#"
    # Who answers a customer who writes to +15550100.
    #
    # Rules are read from the top, and the first rule whose condition holds decides. `rules check` finds mistakes,
    # and `rules test` runs the tests at the end of this file.

    rule "welcome"
    when new_customer and any_online:
        assign group "Sales" by least_chats,
        reply "Welcome to my store. We'll be with you in a moment."

    rule "closed"
    when new_customer:
        assign group "Sales" by in_order,
        reply "Thank you for your message. We are out of office hours."

    rule "back to the owner"
    when returning_customer and owner_online:
        assign owner

    rule "owner is away"
    when returning_customer and any_online in "Support":
        assign group "Support" by most_waiting,
        reply "{owner.name} is away, {user.name} will help you."

    otherwise:
        assign owner else group "Support" by in_order
    "#);
    assert_eq!(
        written.split_once("\ntest "),
        written.split_once("\ntest ").map(|(rules, _)| { (rules, STORE.split_once("\ntest ").unwrap().1) })
    );
}

#[test]
fn how_conditions_are_written_makes_no_difference() {
    let text = r#"
        # Owners first.
        rule "mine" when not (not owner_online): assign owner
        rule "theirs" when has_owner and not all_offline: assign group "A" by random
        rule "new" when not returning_customer and any_online:
            reply "Hi", assign group "B" by in_order
        otherwise: assign owner else group "A" by hand
    "#;
    let options = read(text).unwrap().unwrap();
    assert_eq!(options.new_online, group("B", Algorithm::InOrder, Some("Hi")));
    assert_eq!(options.new_offline, group("A", Algorithm::Hand, None));
    assert_eq!(options.owner_not_online, group("A", Algorithm::Random, None));
    assert_eq!(options.unowned, UnownedCustomers::AllOffline);
    assert_eq!((&options.new_group, &options.returning_group), (&None, &None));
}

#[test]
fn comments_within_a_changed_part_are_kept() {
    let text =
        "otherwise:\n    assign owner # keep\n    else group \"A\" by random, # hi\n    reply \"x\" # last\n";
    let mut options = read(text).unwrap().unwrap();
    for case in [
        &mut options.new_online,
        &mut options.new_offline,
        &mut options.owner_online,
        &mut options.owner_not_online,
        &mut options.all_offline,
    ] {
        case.by = Some(Algorithm::InOrder);
        case.reply = None;
    }
    let written = write(text, &options);
    assert_eq!(written, "# keep\n# hi\notherwise:\n    assign owner else group \"A\" by in_order # last\n");
    assert_eq!(read(&written), Ok(Some(options)));
}

#[test]
fn a_file_without_rules_gets_five_before_its_tests() {
    let text = "# Mine.\n\ntimezone \"Africa/Cairo\"\n\n# The test.\ntest \"t\":\n    expect no reply\n";
    let written = write(text, &store());
    assert_eq!(read(&written), Ok(Some(store())));
    assert!(
        written.starts_with("# Mine.\n\ntimezone \"Africa/Cairo\"\n\nrule \"new customer\"\n"),
        "{written}"
    );
    assert!(written.ends_with("by in_order\n\n# The test.\ntest \"t\":\n    expect no reply\n"), "{written}");
    assert_eq!(read(text), Ok(None));
    assert_eq!(read(""), Ok(None));
}

#[test]
fn a_new_rule_has_a_name_of_its_own() {
    let text = "rule \"new customer\" when new_customer and not any_online: assign group \"A\" by random
        otherwise: assign owner else group \"A\" by in_order";
    let mut options = read(text).unwrap().unwrap();
    options.owner_online.reply = Some("Hi".to_owned());
    let written = write(text, &options);
    assert_eq!(read(&written), Ok(Some(options)));
    assert_eq!(written.matches("rule \"new customer\"\n").count(), 1, "{written}");
}

#[test]
fn a_direction_mark_is_no_error() {
    let mut options = store();
    options.new_online.reply = Some("\u{200f}\u{623}\u{647}\u{644}\u{627}".to_owned());
    assert_eq!(read(&write(STORE, &options)), Ok(Some(options)));
}

#[test]
fn rules_of_another_shape_say_why() {
    let check = |text: &str, why: &str| assert_eq!(read(text), Err(why.to_owned()));
    let rest = "otherwise: assign group \"A\" by random";
    check(
        &format!("rule \"refund\" when message contains \"refund\": assign owner\n{rest}"),
        "the rule \"refund\" asks for more than this form can: `message contains \"refund\"`",
    );
    check(
        &format!("also rule \"vip\" when new_customer: tag \"vip\"\n{rest}"),
        "the rule \"vip\" is an `also` rule, which this form cannot show",
    );
    check(
        "otherwise: assign group \"A\" by random for 5m else group \"B\" by random",
        "the rule on line 1 has an `assign` that this form cannot show: `group \"A\" by random for 5m`",
    );
    check(
        "otherwise: assign group \"A\" by random, tag \"x\"",
        "the rule on line 1 has an action that this form cannot show: `tag \"x\"`",
    );
    check(
        "when new_customer: assign group \"A\" by random",
        "there are returning customers whom no rule answers",
    );
    check(
        "otherwise: assign owner",
        "the rule on line 1 gives new customers to their owner, whom they do not have",
    );
    check(
        &format!("{rest}\nwhen new_customer: assign group \"B\" by random"),
        "the rule on line 2 is never reached",
    );
    check("when new_customer assign", "the rules have errors; fix them first");
    check(
        &format!("when any_online in \"A\" and any_online in \"B\": assign group \"C\" by random\n{rest}"),
        "for new customers, more counts than whether somebody is online in one group",
    );
    check(
        &format!(
            "rule \"lost\" when returning_customer and not has_owner: assign group \"L\" by random\n{rest}"
        ),
        "the rule \"lost\" and the rule on line 2 answer in the same case, but not alike",
    );
    let online = "when returning_customer and any_online";
    check(
        &format!(
            "rule \"l\" {online} and not has_owner: assign group \"L\" by random
            {online}: assign group \"A\" by in_order
            {rest}"
        ),
        "the rule \"l\" is only for returning customers without an owner",
    );
}

fn case(is_new: bool) -> impl Strategy<Value = RoutingCase> {
    let group = (
        prop::sample::select(vec!["Sales", "Support", "B \"2\""]),
        prop::sample::select(Algorithm::ALL.to_vec()),
    );
    let reply =
        prop::option::of(prop::sample::select(vec!["Hi", "a\nb \\ \"c\" {user.name}", "أهلا", "# no"]));
    let of = (0..if is_new { 1_u8 } else { 3 }, group, reply);
    of.prop_map(|(owner, (group, by), reply)| {
        let has_group = owner != 1;
        RoutingCase {
            owner: owner > 0,
            group: has_group.then(|| group.to_owned()),
            by: has_group.then_some(by),
            reply: reply.map(str::to_owned),
        }
    })
}

fn scope() -> impl Strategy<Value = Option<String>> {
    prop::sample::select(vec![None, Some("Sales".to_owned()), Some("Support".to_owned())])
}

prop_compose! {
    fn options()(
        new_online in case(true), new_offline in case(true), owner_online in case(false),
        owner_not_online in case(false), all_offline in case(false),
        new_group in scope(), returning_group in scope(), unowned in any::<bool>(),
    ) -> RoutingOptions {
        let unowned =
            if unowned { UnownedCustomers::OwnerNotOnline } else { UnownedCustomers::AllOffline };
        RoutingOptions {
            new_online, new_offline, owner_online, owner_not_online, all_offline, new_group,
            returning_group, unowned,
        }
    }
}

/// Comments and tests, in no order.
fn kept(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = text.lines().map(|line| line.trim().to_owned()).collect();
    lines.retain(|line| ["#", "test", "given", "expect"].iter().any(|start| line.starts_with(start)));
    lines.sort();
    lines
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(first in options(), second in options()) {
        let written = write("", &first);
        prop_assert_eq!(read(&written), Ok(Some(first.clone())), "{}", written);
        prop_assert_eq!(write(&written, &first), &*written);
        let changed = write(&written, &second);
        prop_assert_eq!(read(&changed), Ok(Some(second.clone())), "{}", changed);
        let store = write(STORE, &second);
        prop_assert_eq!(read(&store), Ok(Some(second)), "{}", store);
        prop_assert_eq!(kept(&store), kept(STORE));
    }
}
