//! Rules that the form writes decide as the form says.

use inbox_rules::options::{RoutingCase, RoutingOptions, UnownedCustomers, read_options, write_options};
use inbox_rules::{Algorithm, Inbox, RuleSet, Situation, Source, dice};
use proptest::prelude::*;
use serde_json::json;

const INBOX: &str = r#"
    users = { ana = {}, bo = {}, cy = {} }
    [groups]
    Sales = ["ana", "bo"]
    Support = ["cy"]
"#;

fn case(is_new: bool) -> impl Strategy<Value = RoutingCase> {
    let of = (
        0..if is_new { 1_u8 } else { 3 },
        prop::sample::select(vec!["Sales", "Support"]),
        prop::sample::select(Algorithm::ALL.to_vec()),
        prop::option::of("[a-z]{1,3}"),
    );
    of.prop_map(|(owner, group, by, reply)| {
        let has_group = owner != 1;
        RoutingCase {
            owner: owner > 0,
            group: has_group.then(|| group.to_owned()),
            by: has_group.then_some(by),
            reply,
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

/// The case of the form, as its words say.
fn case_of<'o>(
    options: &'o RoutingOptions,
    is_new: bool,
    owner: Option<&str>,
    is_online: impl Fn(&str) -> bool,
) -> &'o RoutingCase {
    let any_online = |group: &Option<String>| match group.as_deref() {
        Some("Sales") => is_online("ana") || is_online("bo"),
        Some(_) => is_online("cy"),
        None => is_online("ana") || is_online("bo") || is_online("cy"),
    };
    if is_new {
        return if any_online(&options.new_group) { &options.new_online } else { &options.new_offline };
    }
    if owner.is_some_and(&is_online) {
        return &options.owner_online;
    }
    let is_away = owner.is_some() || options.unowned == UnownedCustomers::OwnerNotOnline;
    if is_away && any_online(&options.returning_group) {
        return &options.owner_not_online;
    }
    &options.all_offline
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rules_of_the_form_decide_as_it_says(
        options in options(),
        before in options(),
        customer in 0..5_u8,
        online in prop::collection::vec(any::<bool>(), 3),
    ) {
        let source = |text: String| Source::new("+15550100.rules", text);
        let text = write_options(&source(String::new()), &before).unwrap();
        let text = write_options(&source(text), &options).unwrap();
        prop_assert_eq!(read_options(&source(text.clone())).unwrap(), Some(options.clone()));
        let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", INBOX));
        let rules = RuleSet::parse("+15550100.rules", &text, &inbox).unwrap();
        let users = ["ana", "bo", "cy"];
        let is_online = |user: &str| users.iter().zip(&online).any(|(id, online)| *id == user && *online);
        let owner = (customer > 1).then(|| users[usize::from(customer - 2)]);
        let presence = |user: &str| json!({ "presence": if is_online(user) { "online" } else { "offline" } });
        let situation = json!({
            "number": "+15550100", "at": "2026-11-24T18:30:00Z", "message": { "id": "A", "text": "hi" },
            "customer": { "id": "1", "returning": customer > 0, "owner": owner },
            "users": { "ana": presence("ana"), "bo": presence("bo"), "cy": presence("cy") },
        });
        let situation = Situation::from_json(&situation.to_string()).unwrap();
        let decision = rules.decide(&situation, &mut dice(0, Some("A"))).unwrap();
        let expected = case_of(&options, customer == 0, owner, is_online);
        let assigned = serde_json::to_value(&decision.assign).unwrap();
        match owner.filter(|_| expected.owner) {
            Some(owner) => prop_assert_eq!(&assigned["user"], owner, "{}", text),
            None => {
                prop_assert_eq!(&assigned["group"], &json!(expected.group), "{}", text);
                prop_assert_eq!(&assigned["by"], &json!(expected.by), "{}", text);
            }
        }
        let replies: Vec<&str> = decision.replies.iter().map(|reply| &*reply.text).collect();
        prop_assert_eq!(replies, expected.reply.iter().map(|reply| &**reply).collect::<Vec<_>>());
    }
}
