//! Conditions against a slow and plain reading of them, and decisions of whatever comes.

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use proptest::{option, sample::select};
use serde_json::{Value as Json, json};

use super::sample::holds;
use crate::engine::{Decision, decide, explain};
use crate::roster::dice;
use crate::situation::Situation;
use crate::testing::{inbox, policy};

/// A situation of which every fact below can be read off.
#[derive(Debug, Clone)]
struct World {
    returning: bool,
    owner: Option<&'static str>,
    alice: (&'static str, u32),
    bob: (&'static str, u32),
    text: Option<&'static str>,
    tags: Vec<&'static str>,
    orders: Option<i32>,
    plan: Option<&'static str>,
    waiting: u32,
}

impl World {
    fn fields(&self) -> String {
        let fields = json!({
            "message": { "text": self.text, "kind": if self.text.is_some() { "text" } else { "image" } },
            "customer": {
                "returning": self.returning, "owner": self.owner.filter(|_| self.returning), "tags": self.tags,
                "attributes": { "orders": self.orders, "plan": self.plan }
            },
            "users": {
                "alice": { "presence": self.alice.0, "chats": self.alice.1 },
                "bob": { "presence": self.bob.0, "chats": self.bob.1 }
            },
            "waiting": { "Sales": self.waiting, "Support": 1 }
        });
        let object = fields.to_string();
        object[1..object.len() - 1].to_owned()
    }

    fn owner_presence(&self) -> Option<&'static str> {
        match self.owner.filter(|_| self.returning)? {
            "alice" => Some(self.alice.0),
            "bob" => Some(self.bob.0),
            _ => None,
        }
    }

    fn online(&self) -> usize {
        [self.alice, self.bob].iter().filter(|user| user.0 == "online").count()
    }

    fn available(&self) -> usize {
        [(self.alice, 5), (self.bob, 3)]
            .iter()
            .filter(|(user, most)| user.0 == "online" && user.1 < *most)
            .count()
    }
}

/// A condition, and whether it holds.
type Reading = (&'static str, fn(&World) -> bool);

const FACTS: &[Reading] = &[
    ("new_customer", |world| !world.returning),
    ("returning_customer", |world| world.returning),
    ("has_owner", |world| world.owner_presence().is_some()),
    ("owner_online", |world| world.owner_presence() == Some("online")),
    ("owner_offline", |world| world.owner_presence().is_some_and(|presence| presence != "online")),
    ("any_online", |world| world.online() > 0),
    ("all_offline in \"Sales\"", |world| world.online() == 0),
    ("any_online in \"Empty\"", |_| false),
    ("any_online in \"Support\"", |world| world.bob.0 == "online"),
    ("any_available in \"Sales\"", |world| world.available() > 0),
    ("online in \"Sales\" = 1", |world| world.online() == 1),
    ("available < 2", |world| world.available() < 2),
    ("waiting > 2", |world| world.waiting + 1 > 2),
    ("waiting in \"Sales\" <= 2", |world| world.waiting <= 2),
    ("message is \"A refund\"", |world| world.text == Some("a Refund")),
    ("message is not \"hi\"", |world| world.text != Some("hi")),
    ("message contains \"fund\"", |_| false),
    ("message contains part \"FUND\"", |world| world.text == Some("a Refund")),
    ("message starts with any [\"h\", \"x\"]", |world| world.text == Some("hi")),
    ("message matches /^h/", |world| world.text == Some("hi")),
    ("message is image", |world| world.text.is_none()),
    ("message is not any [image, text]", |_| false),
    ("customer has tag any [\"VIP\", \"x\"]", |world| world.tags.contains(&"vip")),
    ("customer.orders >= 2.5", |world| world.orders.is_some_and(|orders| orders >= 3)),
    ("customer.orders = 2", |world| world.orders == Some(2)),
    ("customer has orders", |world| world.orders.is_some()),
    ("customer.plan is \"Gold\"", |world| world.plan == Some("gold")),
    ("customer.plan is not \"gold\"", |world| world.plan != Some("gold")),
    ("customer.plan is not any [\"gold\", \"free\"]", |world| world.plan.is_none()),
    ("customer.name is \"x\"", |_| false),
    ("customer.name is not \"x\"", |_| true),
    ("customer.blocked", |_| false),
    ("customer.silent_for > 0s", |_| false),
    ("message.age = 0s", |_| true),
    ("named", |world| world.returning && world.online() > 0),
];

#[derive(Debug, Clone)]
enum Tree {
    Fact(usize),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

impl Tree {
    fn text(&self) -> String {
        let join = |parts: &[Self], word: &str| {
            let parts: Vec<_> = parts.iter().map(|part| format!("({})", part.text())).collect();
            parts.join(word)
        };
        match self {
            Self::Fact(fact) => FACTS[*fact].0.to_owned(),
            Self::Not(part) => format!("not ({})", part.text()),
            Self::And(parts) => join(parts, " and "),
            Self::Or(parts) => join(parts, " or "),
        }
    }

    fn holds(&self, world: &World) -> bool {
        match self {
            Self::Fact(fact) => FACTS[*fact].1(world),
            Self::Not(part) => !part.holds(world),
            Self::And(parts) => parts.iter().all(|part| part.holds(world)),
            Self::Or(parts) => parts.iter().any(|part| part.holds(world)),
        }
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    (0..FACTS.len()).prop_map(Tree::Fact).prop_recursive(4, 24, 4, |part| {
        let parts = || prop::collection::vec(part.clone(), 2..4);
        prop_oneof![
            part.clone().prop_map(|part| Tree::Not(Box::new(part))),
            parts().prop_map(Tree::And),
            parts().prop_map(Tree::Or),
        ]
    })
}

fn worlds() -> impl Strategy<Value = World> {
    let user = || (select(&["online", "away", "offline"][..]), 0..6_u32);
    let texts = option::of(select(&["hi", "a Refund", "other"][..]));
    let tags = select(vec![vec![], vec!["vip"], vec!["other", "vip"]]);
    let orders = option::of(0..5);
    let plan = option::of(select(&["gold", "free"][..]));
    let owner = option::of(select(&["alice", "bob", "zoe"][..]));
    (any::<bool>(), owner, user(), user(), texts, tags, orders, plan, 0..5_u32).prop_map(
        |(returning, owner, alice, bob, text, tags, orders, plan, waiting)| World {
            returning,
            owner,
            alice,
            bob,
            text,
            tags,
            orders,
            plan,
            waiting,
        },
    )
}

/// One of `likely`, or anything at all.
fn values(likely: &'static [&'static str]) -> impl Strategy<Value = Json> {
    let likely = select(likely).prop_map(|json| serde_json::from_str(json).unwrap());
    let text = prop_oneof![".{0,8}", Just("أهلا 12".to_owned())].prop_map(Json::from);
    prop_oneof![40 => likely, 1 => any::<bool>().prop_map(Json::from), 1 => any::<i64>().prop_map(Json::from), 2 => text]
}

const TIMES: &[&str] = &[
    "\"2026-10-30T00:30:00\"",
    "\"2026-04-24T00:30:00\"",
    "\"2030-01-01T00:00:00Z\"",
    "\"-009999-01-02T02:00:00Z\"",
    "\"9999-12-30T21:59:59Z\"",
];
const TEXTS: &[&str] = &["null", "\"\"", "\"أهلا 12\"", "\"EN\"", "\"{user.name}\""];
const USERS: &[&str] = &["null", "\"alice\"", "\"bob\"", "\"zoe\""];
const NUMBERS: &[&str] = &["null", "0", "3", "4294967295", "4294967296"];

/// Rules that use whatever there is.
const RULES: &str = r#"
    let named = returning_customer and any_online
    when named and (owner_offline or message contains part "ا") and not during sat-sun: assign owner
    when customer.orders > 2 or customer.silent_for > 1h or waiting in "Sales" > 3:
        assign group "Sales" with skill customer.language by weighted among available for 5m
            else group "Empty" by least_load else user "bob",
        reply "{customer.name or x} {customer.orders} {owner.name} {user.name} {number}"
    also when message is not text or customer has tag "vip": tag "t", reply "{user.name}" once per 1h
    when message matches /\d/: assign group "Support" by least_load
    when customer.plan is not "gold": assign group "Sales" by random
    otherwise: assign group "Sales" by hand"#;

proptest! {
    #[test]
    fn a_condition_holds_as_it_reads(tree in trees(), world in worlds()) {
        let named = "let named = returning_customer and any_online\n";
        let rules = format!("{named}when {}: assign nobody", tree.text());
        assert_eq!(holds(&rules, &world.fields()), tree.holds(&world), "{rules} in {world:?}");
    }

    #[test]
    fn whatever_comes_is_decided_or_refused_and_always_alike(
        (at, last, text, name) in (values(TIMES), values(TIMES), values(TEXTS), values(TEXTS)),
        (owner, turn, chats, orders) in (values(USERS), values(USERS), values(NUMBERS), values(NUMBERS)),
        presence in values(&["null", "\"online\"", "\"away\""]),
        (returning, seed) in (any::<bool>(), any::<u64>()),
    ) {
        let customer_last = if returning { &last } else { &Json::Null };
        let json = json!({
            "at": at, "message": { "id": name, "text": text },
            "customer": { "returning": returning, "name": name, "owner": if returning { owner } else { Json::Null },
                "language": text, "tags": [name], "attributes": { "orders": orders }, "last_message_at": customer_last },
            "users": { "alice": { "presence": presence, "chats": chats, "last_message_at": last } },
            "waiting": { "Sales": chats }, "turns": { "Sales": turn },
        });
        if let Ok(situation) = Situation::from_json(&json.to_string()) {
            let inbox = inbox();
            let policy = policy(&inbox, RULES);
            let decide = || decide(&policy, &inbox, &situation, &mut dice(seed, None));
            let explained = explain(&policy, &inbox, &situation, &mut dice(seed, None));
            assert_eq!(decide(), decide());
            assert_eq!(explained.map(|decision| Decision { why: None, ..decision }), decide());
        }
    }
}
