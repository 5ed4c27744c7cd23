//! Random policies, written as text.

use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::sample::{select, subsequence};
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use super::moments::moments;
use super::situations::{HEAD, THEMES, TIME, merge};

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

const REPLIES: &[&str] = &[
    "{owner.name}",
    "{user.name}",
    "{group}",
    "{customer.plan}",
    "{customer.country}",
    "{customer.name or x}",
];

/// Policies about one or two of the themes.
pub(crate) fn policies() -> impl Strategy<Value = RandomPolicy> {
    themes().prop_flat_map(policies_about)
}

pub(crate) fn themes() -> impl Strategy<Value = Vec<usize>> {
    subsequence((0..THEMES.len()).collect::<Vec<_>>(), 1..=2).prop_map(|mut themes| {
        // Every combination of their cases is decided, so they must stay few.
        if themes.iter().map(|theme| (THEMES[*theme].cases)().len()).product::<usize>() > 300 {
            themes.truncate(1);
        }
        themes
    })
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
    let replies = prop::collection::vec(select(REPLIES), 0..2);
    let rule = (expr(true), select(ASSIGNS), replies);
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
        if let Some((expr, what)) = &self.also {
            text += &format!("also when {}:\n  priority low{}\n", expr.text(), reply(what));
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
        if text.contains("group") && !self.themes.contains(&0) {
            let everybody = json!({"users": {"alice": {"presence": "online"}, "bob": {"presence": "online"}, "carol": {"presence": "online"}}});
            let sales = json!({"users": {"alice": {"presence": "online", "chats": 5}, "bob": {"presence": "online", "chats": 3}}});
            let carol = json!({"users": {"carol": {"presence": "online"}}});
            let bob = json!({"users": {"bob": {"presence": "online"}}});
            let alice = json!({"users": {"alice": {"presence": "online"}}});
            dimensions.push(vec![json!({}), everybody, sales, carol, bob, alice]);
        }
        if text.contains("owner") && !self.themes.iter().any(|theme| *theme < 2) {
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
