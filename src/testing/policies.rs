//! Random policies, written as text.

use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::sample::{select, subsequence};
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use super::moments::moments;
use super::situations::{CHAT, CHATS, COMPLETE, HEAD, THEMES, TIME, merge, theme_cases};

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
    /// What the first rule and the `also` rule write later.
    pub(crate) late: Option<&'static str>,
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

/// Further assignments, of which each alternative is tried in some situation of every theme or in none at all.
const COMPLETE_ASSIGNS: &[&str] = &[
    "user \"alice\" for 5m else owner",
    "group \"Sales\" by least_chats among online for 5m else user \"bob\" among available else owner among online",
    "owner among online else group \"Support\" by hand",
    "user \"bob\" among available else owner among available",
    "group \"Sales\" with skill any [\"fr\", \"AR\"] by in_order else user \"bob\" among online",
    "group \"Sales\" with skill \"en\" and \"ar\" by least_load",
    "group \"Sales\" with skill customer.language and \"en\" by random among online",
    "group \"Sales\" except owner by least_chats",
    "group \"Two\" except owner and user \"alice\" by in_order among online else user \"carol\"",
    "group \"Sales\" except user \"bob\" by in_order among available",
    "group \"Support\" except owner by random among everyone else nobody",
];

/// Assignments that depend on nothing but the chat.
const MOVES: &[&str] = &[
    "nobody",
    "user \"carol\"",
    "user \"bob\" else nobody",
    "group \"Sales\" by hand",
    "user \"bob\" else group \"Support\" by hand",
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
    let chats = (0..COMPLETE).prop_map(|other| few(vec![CHAT, other]));
    prop_oneof![2 => chats, 1 => themes_up_to(COMPLETE)].prop_flat_map(|themes| {
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

/// Policies in which every form may occur but `for`, about themes with every case that they can tell apart.
pub(crate) fn complete_policies() -> impl Strategy<Value = RandomPolicy> {
    let all: Vec<usize> = (0..CHAT).chain(COMPLETE..THEMES.len()).collect();
    let chats = select(CHATS.to_vec()).prop_map(|theme| vec![theme]);
    let themes = prop_oneof![1 => chats, 2 => subsequence(all, 1..=2).prop_map(few)];
    themes.prop_flat_map(|themes| {
        let facts: Vec<_> = themes.iter().flat_map(|theme| THEMES[*theme].facts).copied().collect();
        let [people, details, few] = CHATS.map(|theme| themes.contains(&theme));
        let targets = if people { [ASSIGNS, COMPLETE_ASSIGNS, MOVES].concat() } else { MOVES.to_vec() };
        let move_rule = (exprs(facts.into_iter().chain(["named"]).collect()), select(targets), replies());
        let moves = prop::collection::vec(move_rule, if people || details || few { 0..4 } else { 0..1 });
        let count = themes.iter().map(|theme| theme_cases(*theme).len()).product::<usize>();
        let targets = match (details, people || count <= 30) {
            (true, _) => MOVES.to_vec(),
            (false, true) => [ASSIGNS, COMPLETE_ASSIGNS].concat(),
            (false, false) => ASSIGNS.to_vec(),
        };
        let assigns = prop::collection::vec(prop::option::of(select(targets)), 7);
        let late = prop::option::of(select(vec!["{owner.name}", "{customer.plan}"]));
        (policies_about(themes), moves, assigns, late).prop_map(move |(mut policy, moves, assigns, late)| {
            policy.moves = moves;
            let old = policy.rules.iter_mut().map(|rule| &mut rule.1).chain(&mut policy.otherwise);
            old.zip(assigns).for_each(|(old, new)| {
                *old = new.unwrap_or(if details { MOVES[0] } else { *old });
            });
            policy.late = late;
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
    if themes.iter().map(|theme| theme_cases(*theme).len()).product::<usize>() > 300 {
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
            late: None,
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
        for (index, (expr, assign, replies)) in self.rules.iter().enumerate() {
            let mut replies: String = replies.iter().map(|what| reply(what)).collect();
            if let Some(late) = self.late.filter(|_| index == 0) {
                replies += &format!("{} after 5m", reply(late));
            }
            text += &format!("when {}:\n  assign {assign}{replies}\n", expr.text());
        }
        for (expr, assign, replies) in &self.moves {
            let replies: String = replies.iter().map(|what| reply(what)).collect();
            text += &format!("move when {}:\n  assign {assign}{replies}\n", expr.text());
        }
        if let Some((expr, what)) = &self.also {
            let more = self.also_actions;
            let late = self.late.map(|late| format!("{} after 1h", reply(late))).unwrap_or_default();
            text += &format!("also when {}:\n  priority low{}{late}{more}\n", expr.text(), reply(what));
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
                theme => theme_cases(theme).to_vec(),
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
        let has_chats = self.themes.iter().any(|theme| *theme == CHAT || CHATS.contains(theme));
        let is_about = |themes: &[usize]| self.themes.iter().any(|theme| themes.contains(theme));
        let told_apart = ["except owner", "owner among", "\"bob\" among"];
        let depends_on_people = told_apart.into_iter().any(|one| text.contains(one));
        if text.contains("move when") && !has_chats {
            let chats = [
                json!({}),
                json!({"chat": {"user": "bob", "group": "Support"}}),
                json!({"chat": {"group": "Sales"}}),
            ];
            dimensions.push(chats.to_vec());
        }
        // In a chat that is kept, what is put off is still sent.
        let writes_in_chats = text.contains("{user.name}") || text.contains("{group}") || self.late.is_some();
        if self.also.is_some() && writes_in_chats && !text.contains("move when") && !has_chats {
            dimensions.push(vec![json!({}), json!({"chat": {"user": null}})]);
        }
        if depends_on_people && !is_about(&[0, CHAT, CHATS[0]]) {
            dimensions.push(owners_and_users());
        } else if text.contains("group") && !is_about(&[0, CHAT, CHATS[0]]) {
            let everybody = json!({"users": {"alice": {"presence": "online"}, "bob": {"presence": "online"}, "carol": {"presence": "online"}}});
            let sales = json!({"users": {"alice": {"presence": "online", "chats": 5}, "bob": {"presence": "online", "chats": 3}}});
            let carol = json!({"users": {"carol": {"presence": "online"}}});
            let bob = json!({"users": {"bob": {"presence": "online"}}});
            let alice = json!({"users": {"alice": {"presence": "online"}}});
            dimensions.push(vec![json!({}), everybody, sales, carol, bob, alice]);
        }
        if text.contains("owner") && !depends_on_people && !is_about(&[0, 1, CHAT, CHATS[0]]) {
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

/// Who is online or at capacity, with every owner.
fn owners_and_users() -> Vec<Json> {
    let owners = [json!({}), json!({"returning": true})].into_iter();
    let owners =
        owners.chain(["alice", "bob", "carol"].map(|owner| json!({"returning": true, "owner": owner})));
    let user = |state: i32, capacity: i32| {
        let presence = if state == 0 { "offline" } else { "online" };
        json!({"presence": presence, "chats": if state == 2 { capacity } else { 0 }})
    };
    let mut cases = Vec::new();
    for owner in owners {
        for (alice, bob, carol) in
            (0..3).flat_map(|a| (0..3).flat_map(move |b| (0..2).map(move |c| (a, b, c))))
        {
            let users = json!({"alice": user(alice, 5), "bob": user(bob, 3), "carol": user(carol, 9)});
            cases.push(json!({"customer": owner, "users": users}));
        }
    }
    cases
}

/// 100 policies, unless `PROPTEST_CASES` is set.
pub(crate) fn config() -> Config {
    let default = Config::default();
    // proptest reads the variable into its default, which is 256 without it.
    if default.cases == 256 { Config { cases: 100, max_shrink_iters: 300, ..default } } else { default }
}
