//! Programs against the plain reading of policies: random policies and situations of every kind.

use std::sync::LazyLock;

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use super::{Program, Scratch};
use crate::engine::decide::evaluate_all;
use crate::engine::view::{View, with_view};
use crate::inbox::{Inbox, UserId};
use crate::language::vocabulary::Presence;
use crate::policy::{AttributeValue, Policy, Scope};
use crate::roster::RosterView;
use crate::situation::{Case, CustomAttributes, Owner};
use crate::testing::{Expr, HEAD, THEMES, exprs, inbox, merge, policy, situation};

/// What the themes of the proofs do not ask: texts of all scripts, patterns, texts of attributes.
const MORE: &[&str] = &[
    "message contains \"استرجاع\"",
    "message contains part \"ستر\"",
    "message contains any [\"退款\", \"refund\", \"😀\"]",
    "message contains part any [\"fund\", \"refund\", \"undo\", \"re\", \"r\"]",
    "message contains part any [\"aab\", \"aabaab\", \"ab\"]",
    "message contains \"aab aab\"",
    "message starts with any [\"refund\", \"ال\", \"😀\"]",
    "message starts with \"want a refund today\"",
    "message is any [\"refund\", \"الاسترجاع\", \"1\", \"é\"]",
    "message is not \"refund\"",
    "message contains part \"é\"",
    "message contains \"c++\"",
    "message is any [\"Refund!\", \"#12\", \"!\"]",
    "message is not \"😀\"",
    "message is \"12\"",
    "message is any [\"want a refund today\", \"c++\", \"الاسترجاع؟\"]",
    "message starts with any [\"- re\", \"!\", \"12\"]",
    "message starts with \"want a refund today!\"",
    "message contains any [\"can't\", \"12!\"]",
    "message contains part \"'\"",
    "message matches /Refund|\\d{2}/",
    "message matches /^\\s*$/",
    "customer.city contains \"new\"",
    "customer.city contains part \"airo\"",
    "customer.city is any [\"Cairo\", \"القاهرة\", \"New York\"]",
    "customer.city is not \"cairo\"",
    "customer.city starts with \"new y\"",
    "customer.city matches /^C/",
    "customer has city",
    "customer.name contains any [\"ltd\", \"محمد\"]",
    "customer.name is \"mona\"",
    "customer.phone starts with any [\"+20\", \"+1\"]",
    "customer.language is \"ar\"",
    "customer.language is not any [\"ar\", \"en\"]",
    "customer has name",
    "customer has tag any [\"vip\", \"مهم\", \"late payer\"]",
    "customer has tag \"VIP\"",
];

/// Pieces that texts are put together from.
const PIECES: &[&str] = &[
    "refund",
    "Refund",
    "REFUNDED",
    "undo",
    "want a refund today",
    "re",
    "r",
    " ",
    "  ",
    "\t",
    "\n",
    ",",
    ".",
    "_",
    "1",
    "12",
    "aab",
    "aabaab",
    "a",
    "b",
    "ab",
    "c++",
    "é",
    "e\u{301}",
    "É",
    "الاسترجاع",
    "استرجاع",
    "اِسْتِرْجَاع",
    "ال",
    "ستر",
    "退款",
    "我要退款谢谢",
    "😀",
    "👍🏽",
    "\u{200d}",
    "ＲＥＦＵＮＤ",
    "\u{a0}",
    "x",
    "!",
    "*",
    "👍",
    "؟",
    "can’t",
    "can`t",
    "´",
    "١",
    "۱۲",
    "1\u{fe0f}\u{20e3}",
    "é\u{301}",
    "–",
];

const CITIES: &[&str] =
    &["Cairo", "cairo ", "القاهرة", "القاهره", "New York", "new  york city", "Newark", "", "Kairo"];
const NAMES: &[&str] = &["Mona", "mona", "Acme Ltd.", "محمد علي", "Moltd", ""];
const PHONES: &[&str] = &["+201001", "+15550", "+49"];
const LANGUAGES: &[&str] = &["ar", "en", "DE"];
const TAGS: &[&str] = &["vip", "VIP ", "مهم", "Late  payer", "a", "b", "c", ""];

/// A policy's rules: the item word and the condition of each.
type Rules = (Expr, Vec<(&'static str, Expr)>);

fn rules() -> impl Strategy<Value = Rules> {
    let facts: Vec<&str> = THEMES.iter().flat_map(|theme| theme.facts).chain(MORE).copied().collect();
    // A few facts of many, so that rules ask the same; and now and then about keywords alone.
    let few = prop_oneof![
        2 => prop::collection::vec(select(facts), 2..8),
        1 => prop::collection::vec(select(MORE), 2..8),
    ];
    few.prop_flat_map(|facts| {
        let with_name = facts.iter().copied().chain(["named"]).collect::<Vec<_>>();
        let word = prop_oneof![2 => Just(""), 1 => Just("also "), 1 => Just("move ")];
        let rule = (word, exprs(with_name));
        (exprs(facts), prop::collection::vec(rule, 1..24))
    })
}

fn text((definition, rules): &Rules) -> String {
    let mut text = format!("{HEAD}let named = {}\n", definition.text());
    for (word, tree) in rules {
        let action = if *word == "also " { "priority low" } else { "assign nobody" };
        text += &format!("{word}when {}:\n  {action}\n", tree.text());
    }
    text
}

fn cases() -> impl Strategy<Value = Json> {
    let text = prop_oneof![
        Just(Json::Null),
        prop::collection::vec(select(PIECES), 0..8).prop_map(|pieces| pieces.concat().into()),
    ];
    let maybe = |of: &'static [&'static str]| prop::option::of(select(of));
    let indices = prop::collection::vec(any::<Index>(), THEMES.len());
    let customer = (maybe(CITIES), maybe(NAMES), maybe(PHONES), maybe(LANGUAGES));
    let tags = prop::option::of(prop::collection::vec(select(TAGS), 0..3));
    (indices, text, customer, tags, prop::bool::weighted(0.1)).prop_map(
        |(indices, text, (city, name, phone, language), tags, open)| {
            let mut case = json!({});
            for (cases, index) in CASES.iter().zip(indices) {
                merge(&mut case, index.get(cases));
            }
            let customer =
                json!({"name": name, "phone": phone, "language": language, "attributes": {"city": city}});
            merge(&mut case, &json!({"customer": customer}));
            if !text.is_null() {
                merge(&mut case, &json!({"message": {"text": text}}));
            }
            if let Some(tags) = tags {
                merge(&mut case, &json!({"customer": {"tags": tags}}));
            }
            if open {
                merge(&mut case, &json!({"chat": {"user": "bob"}}));
            }
            if case["customer"]["returning"] != true && case["chat"].is_null() {
                case["customer"]["owner"] = Json::Null;
                case.as_object_mut().unwrap().remove("silent");
            }
            case
        },
    )
}

/// What each theme can be told.
static CASES: LazyLock<Vec<Vec<Json>>> =
    LazyLock::new(|| THEMES.iter().map(|theme| (theme.cases)()).collect());

/// Finds as the plain reading does.
fn check(policy: &Policy, inbox: &Inbox, program: &Program, case: &Json, scratch: &mut Scratch) {
    let seen = |view: &View| {
        let (rule, also) = evaluate_all(view);
        let found = program.find(view.case, view, scratch);
        assert_eq!((found.rule, found.also), (rule, &*also), "{case}");
    };
    with_view(policy, inbox, &situation(case), seen).unwrap();
}

fn config() -> Config {
    let default = Config::default();
    // proptest reads `PROPTEST_CASES` into its default of 256.
    if default.cases == 256 { Config { cases: 64, ..default } } else { default }
}

/// Who is there, and how many: one number for all.
struct Heads(u64);

impl RosterView for Heads {
    fn presence(&self, _: UserId) -> Presence {
        if self.0 > 0 { Presence::Online } else { Presence::Offline }
    }

    fn online(&self, _: Scope) -> u64 {
        self.0
    }

    fn available(&self, _: Scope) -> u64 {
        self.0
    }

    fn waiting(&self, _: Scope) -> u64 {
        self.0
    }
}

/// A rule of every fact there is, and an `also` rule.
fn every_fact() -> String {
    let facts = THEMES.iter().flat_map(|theme| theme.facts).chain(MORE);
    let rules = facts.map(|fact| {
        format!("when {fact} and not new_customer:\n assign nobody\nalso when not ({fact}):\n priority low\n")
    });
    format!("{HEAD}{}", rules.collect::<String>())
}

#[test]
fn nothing_is_allocated_to_find_a_rule() {
    let inbox = inbox();
    let policy = policy(&inbox, &every_fact());
    let mut attributes = CustomAttributes::default();
    let values =
        [AttributeValue::Text("gold"), AttributeValue::Number(3.into()), AttributeValue::Text("New  York")];
    for (place, value) in (0..).zip(values) {
        attributes.set(place, value);
    }
    let texts = [
        "I want a Refund  today",
        "I want a refund today",
        "أُرِيدُ استرجاع المال",
        "نص عربي 😀 é",
        "refunded",
        "",
    ];
    let tags = ["VIP", "مهم"].map(str::to_owned);
    let (mut scratch, program) = (Scratch::default(), Program::compile(&policy));
    for text in texts {
        for returning in [false, true] {
            let case = Case {
                text: Some(text).filter(|text| !text.is_empty()),
                returning,
                owner: if returning { Owner::User(UserId(1)) } else { Owner::None },
                silent_for: Some(90_000),
                country: Some("EG"),
                name: Some("محمد علي"),
                phone: Some("+201001"),
                tags: &tags,
                attributes: attributes.clone(),
                ..Case::default()
            };
            program.find(&case, &Heads(1), &mut scratch);
            let allocated = allocation_counter::measure(|| {
                let rule = program.find(&case, &Heads(1), &mut scratch).rule;
                assert_eq!(rule.is_some(), returning);
            });
            // Vowel marks depend on the letters before them.
            if !text.starts_with("أُ") {
                assert_eq!(allocated.count_total, 0, "{text:?}");
            }
        }
    }
}

#[test]
fn many_users_groups_and_tags_of_chats() {
    // More of each than a feature has classes.
    let (users, groups) = ((0..90).map(|n| format!("u{n}")), (0..90).map(|n| format!("g{n}")));
    let inbox = Inbox::inferred(users, groups, [], []);
    let rule = |n: usize| {
        let other = (n + 7) % 90;
        format!(
            "move when chat with \"u{n}\" and not chat in \"g{other}\": assign nobody\n\
             also when chat in \"g{n}\" or chat has tag \"t{n}\": priority low\n\
             move when chat has tag any [\"t{n}\", \"T{other}\"] and chat_waiting: assign nobody\n"
        )
    };
    let policy = policy(&inbox, &(0..90).map(rule).collect::<String>());
    let (program, mut scratch) = (Program::compile(&policy), Scratch::default());
    for n in 0..92 {
        let user = if n % 3 == 0 { Json::Null } else { json!(format!("u{n}")) };
        let tags = if n % 2 == 0 { vec![] } else { vec!["x".to_owned(), format!("T{}", n * 3)] };
        let case = json!({"chat": {"user": user, "group": format!("g{}", n * 5 % 91), "tags": tags}});
        check(&policy, &inbox, &program, &case, &mut scratch);
    }
}

#[test]
fn one_scratch_serves_many_programs() {
    let inbox = inbox();
    let programs =
        ["when message contains \"a\": assign nobody", "when message contains \"b\": assign nobody"]
            .map(|rules| Program::compile(&policy(&inbox, rules)));
    let mut scratch = Scratch::default();
    for text in ["a", "b", "a b", "ab"] {
        let case = Case { text: Some(text), ..Case::default() };
        let found =
            programs.each_ref().map(|program| program.find(&case, &Heads(0), &mut scratch).rule.is_some());
        let words = |word| text.split(' ').any(|one| one == word);
        assert_eq!(found, [words("a"), words("b")], "{text}");
    }
}

/// More numbers and words than a source has classes; words that begin alike, and numbers with more decimals than are asked for.
fn many_of_each() -> impl Strategy<Value = (Vec<String>, Vec<Json>)> {
    let number = |decimals: &'static [&'static str]| {
        let n = prop_oneof![9 => -40_i64..80, 1 => Just(i64::MAX / 2), 1 => Just(i64::MIN)];
        (n, select(decimals)).prop_map(|(n, decimals)| format!("{n}{decimals}"))
    };
    let city = || {
        let parts = (select(&["", "c", "city of "]), 0_u32..100, select(&["", "1234", "é"]));
        parts.prop_map(|(before, n, after)| format!("{before}{n}{after}"))
    };
    let test = prop_oneof![
        (select(&["<", "<=", "=", ">=", ">"]), number(&["", ".5"]))
            .prop_map(|(op, n)| format!("customer.orders {op} {n}")),
        city().prop_map(|city| format!("customer.city is {city:?}")),
    ];
    let rule = (test.clone(), prop::bool::ANY, test).prop_map(|(one, not, other)| {
        format!("also when {one} and {}({other}):\n priority low\n", if not { "not " } else { "" })
    });
    let case = (prop::option::of(number(&["", ".5", ".7", ".51"])), prop::option::of(city())).prop_map(
        |(orders, city)| {
            let orders: Option<serde_json::Number> =
                orders.map(|orders| serde_json::from_str(&orders).unwrap());
            json!({"customer": {"attributes": {"orders": orders, "city": city}}})
        },
    );
    (prop::collection::vec(rule, 1..250), prop::collection::vec(case, 64))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn more_numbers_and_words_than_classes((rules, cases) in many_of_each()) {
        let inbox = inbox();
        let policy = policy(&inbox, &format!("{HEAD}{}", rules.concat()));
        let program = Program::compile(&policy);
        let mut scratch = Scratch::default();
        for case in &cases {
            check(&policy, &inbox, &program, case, &mut scratch);
        }
    }

    #[test]
    fn a_program_finds_what_the_policy_says(rules in rules(), cases in prop::collection::vec(cases(), 32)) {
        let inbox = inbox();
        let policy = policy(&inbox, &text(&rules));
        let program = Program::compile(&policy);
        let mut scratch = Scratch::default();
        for case in &cases {
            check(&policy, &inbox, &program, case, &mut scratch);
        }
    }
}
