//! Random policies, written as text.

use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::sample::{select, subsequence};
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use super::moments::moments;
use super::situations::{CHAT, HEAD, THEMES, TIME, merge};

/// A condition.
#[derive(Debug, Clone)]
pub(crate) enum Expr {
    Fact(&'static str),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

impl Expr {
    pub(crate) fn text(&self) -> String {
        let join = |parts: &[Self], word: &str| {
            parts.iter().map(|part| format!("({})", part.text())).collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Fact(fact) => (*fact).to_owned(),
            Self::Not(part) => format!("not ({})", part.text()),
            Self::And(parts) => join(parts, " and "),
            Self::Or(parts) => join(parts, " or "),
        }
    }
}

/// A policy; each rule has a condition, an assignment and the placeholders of its replies.
#[derive(Debug, Clone)]
pub(crate) struct RandomPolicy {
    pub(crate) themes: Vec<usize>,
    pub(crate) rules: Vec<(Expr, &'static str, Vec<&'static str>)>,
    pub(crate) definition: Expr,
    pub(crate) otherwise: Option<&'static str>,
    pub(crate) also: Option<(Expr, &'static str)>,
    /// The `move` rules.
    pub(crate) moves: Vec<(Expr, &'static str, Vec<&'static str>)>,
    /// What the `also` rule does besides.
    pub(crate) also_actions: &'static str,
}

pub(crate) const ASSIGNS: &[&str] = &[
    "nobody",
    "owner",
    "user \"bob\"",
    "group \"Sales\" by in_order",
    "group \"Support\" by least_chats among online",
    "group \"Sales\" by hand",
    "owner else group \"Support\" by most_waiting",
    "group \"Sales\" by least_load among available else owner",
    "group \"Sales\" by random among everyone",
    "group \"Empty\" by random else group \"Support\" by random among available",
    "group \"Sales\" with skill \"ar\" by in_order among online else group \"Support\" by hand",
    "group \"Sales\" with skill customer.language by in_order else user \"carol\"",
    "user \"bob\" else owner",
];

/// Assignments of every form besides, some with actions that are put off.
const MORE_ASSIGNS: &[&str] = &[
    "owner among available else user \"bob\" among online else group \"Sales\" by in_order",
    "owner among online",
    "user \"alice\" among available",
    "user \"alice\" among online for 1m else user \"alice\" else owner",
    "group \"Sales\" with skill \"en\" and \"ar\" by least_chats",
    "group \"Support\" with skill any [\"fr\", \"ar\"] by weighted",
    "group \"Sales\" with skill customer.language and any [\"en\", \"fr\"] by random among everyone",
    "group \"Two\" with skill customer.city by least_load",
    "group \"Support\" except owner by in_order",
    "group \"Sales\" except owner and user \"bob\" by most_waiting else user \"carol\"",
    "group \"Two\" except user \"alice\" by least_load among available",
    "group \"Sales\" by in_order for 5m else owner for 10m else group \"Support\" by hand",
    "group \"Sales\" by hand for 5m else group \"Support\" by least_load for 5m else nobody",
    "group \"Support\" by hand",
    "owner, tag \"a\" after 5m, reply \"late {customer.plan}\" after 10m, priority high after 5m",
    "group \"Sales\" by least_chats, tag \"a\", tag \"A\" after 5m, reply \"{customer.plan}\" after 1m",
    "nobody, tag \"b\" after 5m",
];

const REPLIES: &[&str] = &[
    "{owner.name}",
    "{user.name}",
    "{group}",
    "{customer.plan}",
    "{customer.country}",
    "{customer.name or x}",
];

/// Policies about one or two of the themes, where no chat is open.
pub(crate) fn policies() -> impl Strategy<Value = RandomPolicy> {
    themes().prop_flat_map(policies_about)
}

/// Policies about one or two of all themes, in which every form of the language may occur.
pub(crate) fn policies_with_moves() -> impl Strategy<Value = RandomPolicy> {
    // Most of them ask about the open chat.
    let chats = (0..THEMES.len()).prop_map(|other| few(vec![CHAT, other]));
    prop_oneof![2 => chats, 1 => themes_up_to(THEMES.len())].prop_flat_map(|themes| {
        let facts: Vec<_> = themes.iter().flat_map(|theme| THEMES[*theme].facts).copied().collect();
        let assigns = || select([ASSIGNS, MORE_ASSIGNS].concat());
        let rule = (exprs(facts.into_iter().chain(["named"]).collect()), assigns(), replies());
        let moves = prop::collection::vec(rule, 0..4);
        let assigns = prop::collection::vec(prop::option::of(assigns()), 7);
        (policies_about(themes), moves, assigns).prop_map(|(mut policy, moves, assigns)| {
            policy.moves = moves;
            policy.also_actions = ", tag \"a\" after 5m, tag \"B\", priority high after 10m, \
                reply \"{customer.plan} {number}\" once per 1h after 5m";
            let old = policy.rules.iter_mut().map(|rule| &mut rule.1).chain(&mut policy.otherwise);
            old.zip(assigns).for_each(|(old, new)| *old = new.unwrap_or(*old));
            policy
        })
    })
}

/// One or two of the themes without an open chat.
pub(crate) fn themes() -> impl Strategy<Value = Vec<usize>> {
    themes_up_to(CHAT)
}

fn themes_up_to(end: usize) -> impl Strategy<Value = Vec<usize>> {
    subsequence((0..end).collect::<Vec<_>>(), 1..=2).prop_map(few)
}

/// Every combination of their cases is decided, so they must stay few.
fn few(mut themes: Vec<usize>) -> Vec<usize> {
    themes.dedup();
    if themes.iter().map(|theme| (THEMES[*theme].cases)().len()).product::<usize>() > 300 {
        themes.truncate(1);
    }
    themes
}

fn replies() -> impl Strategy<Value = Vec<&'static str>> {
    prop::collection::vec(select(REPLIES), 0..2)
}

pub(crate) fn policies_about(themes: Vec<usize>) -> impl Strategy<Value = RandomPolicy> {
    let facts: Vec<&'static str> =
        themes.iter().flat_map(|theme| THEMES[*theme].facts.iter().copied()).collect();
    let expr = |named: bool| {
        let mut facts = facts.clone();
        if named {
            facts.push("named");
        }
        exprs(facts)
    };
    let rule = (expr(true), select(ASSIGNS), replies());
    (
        Just(themes),
        prop::collection::vec(rule, 1..6),
        expr(false),
        prop::option::of(select(ASSIGNS)),
        prop::option::of((expr(true), select(REPLIES))),
    )
        .prop_map(|(themes, rules, definition, otherwise, also)| RandomPolicy {
            themes,
            rules,
            definition,
            otherwise,
            also,
            moves: Vec::new(),
            also_actions: "",
        })
}

/// Conditions of any shape over these facts.
pub(crate) fn exprs(facts: Vec<&'static str>) -> impl Strategy<Value = Expr> {
    select(facts).prop_map(Expr::Fact).prop_recursive(3, 8, 3, |part| {
        let parts = || prop::collection::vec(part.clone(), 2..4);
        prop_oneof![
            part.clone().prop_map(|part| Expr::Not(Box::new(part))),
            parts().prop_map(Expr::And),
            parts().prop_map(Expr::Or),
        ]
    })
}

impl RandomPolicy {
    /// The policy's text; each reply is its number and then its placeholder in angle brackets.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{HEAD}let named = {}\n", self.definition.text());
        let mut number = 0;
        let mut reply = |what: &str| {
            number += 1;
            format!(", reply \"{}<{what}>\"", number - 1)
        };
        for (expr, assign, replies) in &self.rules {
            let replies: String = replies.iter().map(|what| reply(what)).collect();
            text += &format!("when {}:\n  assign {assign}{replies}\n", expr.text());
        }
        for (expr, assign, replies) in &self.moves {
            let replies: String = replies.iter().map(|what| reply(what)).collect();
            text += &format!("move when {}:\n  assign {assign}{replies}\n", expr.text());
        }
        if let Some((expr, what)) = &self.also {
            let more = self.also_actions;
            text += &format!("also when {}:\n  priority low{}{more}\n", expr.text(), reply(what));
        }
        if let Some(assign) = self.otherwise {
            text += &format!("otherwise:\n  assign {assign}\n");
        }
        text
    }

    /// One situation of each kind that the policy can tell apart. `text` is the policy, with any other text that is
    /// read with it, in the first `zones` of [`super::ZONES`].
    pub(crate) fn cases(&self, zones: usize, text: &str) -> Vec<Json> {
        let mut cases = vec![json!({})];
        // What a skill or a placeholder refers to.
        let mut dimensions: Vec<Vec<Json>> = self
            .themes
            .iter()
            .map(|theme| match *theme {
                TIME => moments(zones, text),
                theme => (THEMES[theme].cases)(),
            })
            .collect();
        if text.contains("customer.language") {
            dimensions.push(
                [None, Some("ar"), Some("de")]
                    .map(|language| json!({"customer": {"language": language}}))
                    .to_vec(),
            );
        }
        if text.contains("customer.city") {
            let city = |city| json!({"customer": {"attributes": {"city": city}}});
            dimensions.push([None, Some("AR"), Some("Cairo")].map(city).to_vec());
        }
        if text.contains("move when") && !self.themes.contains(&CHAT) {
            let chats = [
                json!({}),
                json!({"chat": {"user": "bob", "group": "Support"}}),
                json!({"chat": {"group": "Sales"}}),
            ];
            dimensions.push(chats.to_vec());
        }
        if text.contains("group") && !self.themes.contains(&0) && !self.themes.contains(&CHAT) {
            let everybody = json!({"users": {"alice": {"presence": "online"}, "bob": {"presence": "online"}, "carol": {"presence": "online"}}});
            let sales = json!({"users": {"alice": {"presence": "online", "chats": 5}, "bob": {"presence": "online", "chats": 3}}});
            let carol = json!({"users": {"carol": {"presence": "online"}}});
            let bob = json!({"users": {"bob": {"presence": "online"}}});
            let alice = json!({"users": {"alice": {"presence": "online"}}});
            dimensions.push(vec![json!({}), everybody, sales, carol, bob, alice]);
        }
        if text.contains("owner") && !self.themes.iter().any(|theme| *theme < 2 || *theme == CHAT) {
            dimensions.push(vec![
                json!({}),
                json!({"customer": {"returning": true}}),
                json!({"customer": {"returning": true, "owner": "bob"}}),
            ]);
        }
        if text.contains("{customer.plan}") && !self.themes.contains(&5) {
            dimensions.push(vec![json!({}), json!({"customer": {"attributes": {"plan": "gold"}}})]);
        }
        if text.contains("{customer.country}") && !self.themes.contains(&7) {
            dimensions.push(vec![json!({}), json!({"customer": {"country": "DE"}})]);
        }
        for dimension in dimensions {
            let merged = |case: &Json, more: &Json| {
                let mut case = case.clone();
                merge(&mut case, more);
                case
            };
            cases = cases
                .iter()
                .flat_map(|case| dimension.iter().map(|more| merged(case, more)).collect::<Vec<_>>())
                .collect();
        }
        cases
    }
}

/// 500 policies, unless `PROPTEST_CASES` is set.
pub(crate) fn config() -> Config {
    let default = Config::default();
    // proptest reads the variable into its default, which is 256 without it.
    if default.cases == 256 { Config { cases: 500, max_shrink_iters: 300, ..default } } else { default }
}
