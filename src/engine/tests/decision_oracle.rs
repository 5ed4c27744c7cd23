//! Whole decisions against a slow reading of what the language means, which shares no code with the engine: rules of every
//! kind, who is left out, `for` and its continuation, and what is put off.

use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};
use proptest::{option, sample::select};
use serde_json::{Value as Json, json};

use super::sample::situation;
use crate::engine::{decide, decide_compiled};
use crate::roster::dice;
use crate::testing::{inbox, policy};

const USERS: [&str; 3] = ["alice", "bob", "carol"];
const NAMES: [&str; 3] = ["Alice", "Bob", "Carol"];
const CAPACITIES: [u32; 3] = [5, 3, u32::MAX];
const SKILLS: [&[&str]; 3] = [&["en", "ar"], &[], &["fr"]];
const GROUPS: [(&str, &[usize]); 4] =
    [("Sales", &[0, 1]), ("Support", &[1, 2]), ("Two", &[1, 0]), ("Empty", &[])];

/// A situation. A user is an index in `USERS`; one beyond them has left the inbox.
#[derive(Debug, Clone)]
struct World {
    returning: bool,
    owner: Option<usize>,
    presences: [&'static str; 3],
    chats: [u32; 3],
    /// Minutes since each user's last message.
    idle: [Option<i64>; 3],
    language: Option<&'static str>,
    forwarded: bool,
    /// Who has the open chat, and the group of it.
    chat: Option<(Option<usize>, Option<usize>)>,
    turn: Option<usize>,
}

#[derive(Debug, Clone)]
struct Rule {
    kind: &'static str,
    condition: usize,
    alternatives: Vec<(Target, Option<u64>)>,
    actions: Vec<(Action, Option<u64>)>,
}

#[derive(Debug, Clone)]
enum Target {
    Nobody,
    Owner(Option<&'static str>),
    User(usize, Option<&'static str>),
    Hand(usize),
    Group {
        group: usize,
        skill: &'static str,
        except: &'static str,
        by: &'static str,
        among: Option<&'static str>,
    },
}

#[derive(Debug, Clone, Copy)]
enum Action {
    Reply(usize),
    Tag(&'static str),
    Priority(&'static str),
}

/// Who takes the chat: a user, perhaps from a group by an algorithm; a queue; or nobody.
#[derive(Debug, Clone, Copy)]
enum Taken {
    User(usize, Option<(usize, &'static str)>),
    Hand(usize),
    Nobody,
}

/// A condition, and whether it holds.
type Reading = (&'static str, fn(&World) -> bool);

const CONDITIONS: &[Reading] = &[
    ("new_customer or returning_customer", |_| true),
    ("returning_customer", World::is_returning),
    ("not returning_customer", |world| !world.is_returning()),
    ("has_owner", |world| world.owner_in_inbox().is_some()),
    ("owner_away", |world| world.owner_in_inbox().is_some_and(|owner| world.presences[owner] == "away")),
    ("chat_open", |world| world.chat.is_some()),
    ("chat_waiting", |world| world.chat.is_some() && world.holder().is_none()),
    ("user_offline", |world| world.holder().is_some_and(|user| world.presences[user] != "online")),
    ("chat with any [\"alice\", \"carol\"]", |world| matches!(world.holder(), Some(0 | 2))),
    ("chat in \"Support\"", |world| world.chat.is_some_and(|(_, group)| group == Some(1))),
    ("message.forwarded", |world| world.forwarded),
    ("any_online", |world| world.presences.contains(&"online")),
];

/// The texts of replies, and what is left of them for the names of the user, the group and the owner.
type Text = (&'static str, fn(&str, &str, &str) -> String);

const TEXTS: &[Text] = &[
    ("Hello", |_, _, _| "Hello".to_owned()),
    ("{owner.name}", |_, _, owner| owner.to_owned()),
    ("[{user.name}]", |user, _, _| format!("[{user}]")),
    ("{group}", |_, group, _| group.to_owned()),
];
/// The first of them may be sent later.
const LATE_TEXTS: usize = 2;

impl World {
    fn is_returning(&self) -> bool {
        self.returning || self.chat.is_some()
    }

    fn owner_in_inbox(&self) -> Option<usize> {
        self.owner.filter(|owner| self.is_returning() && *owner < USERS.len())
    }

    fn holder(&self) -> Option<usize> {
        self.chat?.0.filter(|user| *user < USERS.len())
    }

    fn group(&self) -> Option<usize> {
        self.chat?.1.filter(|group| *group < GROUPS.len())
    }

    fn fits(&self, user: usize, among: &str) -> bool {
        match among {
            "everyone" => true,
            "online" => self.presences[user] == "online",
            _ => self.presences[user] == "online" && self.chats[user] < CAPACITIES[user],
        }
    }

    fn fields(&self) -> Json {
        let users = USERS.iter().enumerate().map(|(user, id)| {
            let idle = self.idle[user].map(|minutes| format!("2026-11-24T11:{:02}:00Z", 59 - minutes));
            let state =
                json!({"presence": self.presences[user], "chats": self.chats[user], "last_message_at": idle});
            ((*id).to_owned(), state)
        });
        let name = |user: usize| USERS.get(user).copied().unwrap_or("zoe");
        let group = |group: usize| GROUPS.get(group).map_or("Gone", |group| group.0);
        let turn =
            self.turn.map(|user| json!({"Sales": name(user), "Two": name(user), "Support": name(user)}));
        json!({
            "number": "+15550100",
            "message": { "id": "m1", "forwarded": self.forwarded },
            "customer": { "returning": self.returning, "language": self.language,
                "owner": self.owner.filter(|_| self.is_returning()).map(name) },
            "users": users.collect::<serde_json::Map<_, _>>(),
            "turns": turn,
            "chat": self.chat.map(|(user, of)| json!({"user": user.map(name), "group": of.map(group)})),
        })
    }

    /// Tries the alternatives of a rule from one of them on.
    fn assign(&self, rule: &Rule, from: usize, left_out: &[usize]) -> Option<(usize, Taken)> {
        rule.alternatives.iter().enumerate().skip(from).find_map(|(place, (target, _))| {
            let one = |user: usize, among: Option<&str>| {
                let fits = !left_out.contains(&user) && among.is_none_or(|among| self.fits(user, among));
                fits.then_some(Taken::User(user, None))
            };
            let taken = match target {
                Target::Nobody => Some(Taken::Nobody),
                Target::Owner(among) => self.owner_in_inbox().and_then(|owner| one(owner, *among)),
                Target::User(user, among) => one(*user, *among),
                Target::Hand(group) => Some(Taken::Hand(*group)),
                Target::Group { group, .. } => self
                    .choose(target, rule.kind == "move", left_out)
                    .map(|(user, by)| Taken::User(user, Some((*group, by)))),
            };
            taken.map(|taken| (place, taken))
        })
    }

    fn choose(&self, target: &Target, is_move: bool, left_out: &[usize]) -> Option<(usize, &'static str)> {
        let Target::Group { group, skill, except, by, among } = target else { return None };
        let has = |user: usize| match *skill {
            "" => true,
            "\"en\" and \"ar\"" => SKILLS[user].contains(&"en") && SKILLS[user].contains(&"ar"),
            "any [\"ar\", \"fr\"]" => SKILLS[user].contains(&"ar") || SKILLS[user].contains(&"fr"),
            _ => self.language.is_some_and(|language| SKILLS[user].contains(&language)),
        };
        let is_excepted = |user: usize| {
            except.contains("owner") && self.owner_in_inbox() == Some(user) || except.contains(USERS[user])
        };
        let all = GROUPS[*group].1;
        // In turn order: from the member after the last turn round to that member.
        let start =
            self.turn.and_then(|last| all.iter().position(|user| *user == last)).map_or(0, |at| at + 1);
        let in_turn = all.iter().cycle().skip(start).take(all.len()).copied();
        let members: Vec<usize> =
            in_turn.filter(|user| has(*user) && !is_excepted(*user) && !left_out.contains(user)).collect();
        let wider: &[&str] =
            if is_move { &["available", "online"] } else { &["available", "online", "everyone"] };
        let pools = among.as_ref().map_or(wider, std::slice::from_ref);
        let mut pools = pools
            .iter()
            .map(|among| members.iter().copied().filter(|user| self.fits(*user, among)).collect());
        let pool: Vec<usize> = pools.find(|pool: &Vec<usize>| !pool.is_empty())?;
        // Of equals, `min_by_key` takes the first.
        let idle = |user: usize| std::cmp::Reverse(self.idle[user].unwrap_or(i64::MAX));
        let chosen = match *by {
            "in_order" => pool.first().copied(),
            "most_waiting" => pool.into_iter().min_by_key(|user| idle(*user)),
            _ => pool.into_iter().min_by_key(|user| (self.chats[*user], idle(*user))),
        };
        Some((chosen?, *by))
    }
}

/// The assignment and the continuation that a decision says.
fn told(rule: &Rule, taken: Option<(usize, Taken)>, had: &[usize]) -> (Json, Json) {
    let last_named = rule.alternatives.iter().rev().find_map(|(target, _)| match target {
        Target::Group { group, by, .. } => Some((*group, *by)),
        Target::Hand(group) => Some((*group, "hand")),
        _ => None,
    });
    let name = |group: Option<usize>| group.map(|group| GROUPS[group].0);
    let queue = |group: Option<usize>, by: Option<&str>, alternative: usize| json!({"to": "queue", "user": null, "group": name(group), "by": by, "alternative": alternative});
    let Some((place, taken)) = taken else {
        let (group, by) = last_named.unzip();
        return (queue(group, by, rule.alternatives.len() - 1), Json::Null);
    };
    let mut had = had.to_vec();
    let assign = match taken {
        Taken::User(user, from) => {
            had.push(user);
            let (group, by) = from.unzip();
            json!({"to": "user", "user": USERS[user], "group": name(group), "by": by, "alternative": place})
        }
        Taken::Hand(group) => queue(Some(group), Some("hand"), place),
        Taken::Nobody => json!({"to": "nobody"}),
    };
    let had: Vec<&str> = had.into_iter().map(|user| USERS[user]).collect();
    let resume = rule.alternatives[place].1.filter(|_| place + 1 < rule.alternatives.len());
    (
        assign,
        json!(
            resume
                .map(|minutes| json!({"after_seconds": minutes * 60, "alternative": place + 1, "had": had}))
        ),
    )
}

/// The decision that the language demands, without reasons; and the rule that decided.
fn expected<'r>(world: &World, rules: &'r [Rule]) -> (Json, Option<&'r Rule>) {
    let holds = |rule: &Rule| CONDITIONS[rule.condition].1(world);
    let kind = if world.chat.is_some() { "move" } else { "" };
    let held = rules.iter().find(|rule| rule.kind == kind && holds(rule));
    let left_out: Vec<usize> = world.holder().into_iter().collect();
    let taken = held.map(|rule| world.assign(rule, 0, &left_out));
    let waits_in = world.group().filter(|_| world.holder().is_none());
    let stays = match taken.flatten() {
        None => true,
        Some((_, Taken::Hand(group))) => Some(group) == waits_in,
        Some(_) => false,
    };
    let rule = held.filter(|_| world.chat.is_none() || !stays);
    let chat = world.fields()["chat"].clone();
    let (assign, resume) = match rule {
        Some(rule) => told(rule, taken.flatten(), &left_out),
        None if world.chat.is_some() => {
            (json!({"to": "kept", "user": chat["user"], "group": chat["group"]}), Json::Null)
        }
        None => (Json::Null, Json::Null),
    };
    let also: Vec<&Rule> = rules.iter().filter(|rule| rule.kind == "also" && holds(rule)).collect();
    let acting: Vec<&Rule> = rule.into_iter().chain(also.iter().copied()).collect();
    let user = match assign["to"].as_str() {
        Some("user") => USERS.iter().position(|id| assign["user"] == *id),
        Some("kept") => world.holder(),
        _ => None,
    };
    let group = match assign["to"].as_str() {
        Some("kept") => world.group().map_or("", |group| GROUPS[group].0),
        _ => assign["group"].as_str().unwrap_or_default(),
    };
    let name = |user: Option<usize>| user.map_or("", |user| NAMES[user]);
    let done = |after: Option<u64>, given: &[Json]| {
        let (mut texts, mut tags, mut priorities) = (Vec::new(), Vec::<&str>::new(), Vec::new());
        for (action, _) in acting.iter().flat_map(|rule| &rule.actions).filter(|(_, at)| *at == after) {
            match action {
                Action::Reply(text) => {
                    texts.push(TEXTS[*text].1(name(user), group, name(world.owner_in_inbox())));
                }
                Action::Tag(tag) => tags.push(tag),
                Action::Priority(priority) => priorities.push(*priority),
            }
        }
        texts.retain(|text| !text.is_empty());
        let mut seen: Vec<String> = given.iter().map(|tag| tag.as_str().unwrap().to_lowercase()).collect();
        tags.retain(|tag| {
            let is_new = !seen.contains(&tag.to_lowercase());
            seen.push(tag.to_lowercase());
            is_new
        });
        let rank = |word: &&str| ["low", "normal", "high", "urgent"].iter().position(|known| known == word);
        (json!(texts), json!(tags), json!(priorities.into_iter().max_by_key(rank)))
    };
    let (replies, tags, priority) = done(None, &[]);
    let later = [1, 5].map(|minutes| (minutes * 60, done(Some(minutes), tags.as_array().unwrap())));
    let is_empty = |(_, (texts, tags, priority)): &&(u64, (Json, Json, Json))| {
        *texts == json!([]) && *tags == json!([]) && priority.is_null()
    };
    let is_open = !matches!(assign["to"].as_str(), Some("nobody") | None);
    let later: Vec<Json> = later.iter().filter(|one| is_open && !is_empty(one)).map(|(after, (texts, tags, priority))| {
        json!({"after_seconds": after, "replies": texts, "tags": tags, "priority": priority})
    }).collect();
    let place =
        |rule: &Rule| json!(rules.iter().position(|one| std::ptr::eq(one, rule)).unwrap().to_string());
    let decision = json!({
        "rule": rule.map(place), "assign": assign, "resume": resume, "replies": replies, "tags": tags,
        "priority": priority, "also": also.into_iter().map(place).collect::<Vec<_>>(), "later": later,
        "moved": rule.and(world.chat).map(|_| json!({"user": chat["user"], "group": chat["group"]})),
    });
    (decision, rule)
}

/// The parts of a real decision that are foretold, in that form.
fn plain(mut decision: Json) -> Json {
    let texts = |replies: &mut Json| {
        replies.as_array().unwrap().iter().map(|reply| reply["text"].clone()).collect::<Vec<_>>().into()
    };
    decision["replies"] = texts(&mut decision["replies"]);
    for later in decision["later"].as_array_mut().unwrap() {
        later["replies"] = texts(&mut later["replies"]);
    }
    if let Some(assign) = decision["assign"].as_object_mut() {
        assign.remove("reason");
    }
    decision["rule"] = decision["rule"]["name"].take();
    decision["also"] = decision["also"].as_array().unwrap().iter().map(|rule| rule["name"].clone()).collect();
    let fields = decision.as_object_mut().unwrap();
    for field in ["message", "number", "policy"] {
        fields.remove(field);
    }
    decision
}

fn text(rules: &[Rule]) -> String {
    let mut text = String::new();
    for (place, Rule { kind, condition, alternatives, actions }) in rules.iter().enumerate() {
        let among = |among: Option<&str>| among.map(|among| format!(" among {among}")).unwrap_or_default();
        let written = alternatives.iter().enumerate().map(|(place, (target, timeout))| {
            let target = match target {
                Target::Nobody => "nobody".to_owned(),
                Target::Owner(of) => format!("owner{}", among(*of)),
                Target::User(user, of) => format!("user {:?}{}", USERS[*user], among(*of)),
                Target::Hand(group) => format!("group {:?} by hand", GROUPS[*group].0),
                Target::Group { group, skill, except, by, among: of } => {
                    let skill = if skill.is_empty() { String::new() } else { format!(" with skill {skill}") };
                    let except = if except.is_empty() { String::new() } else { format!(" except {except}") };
                    format!("group {:?}{skill}{except} by {by}{}", GROUPS[*group].0, among(*of))
                }
            };
            let timeout = timeout.filter(|_| place + 1 < alternatives.len());
            target + &timeout.map(|minutes| format!(" for {minutes}m")).unwrap_or_default()
        });
        let assign = written.collect::<Vec<_>>().join(" else ");
        let actions = actions.iter().map(|(action, after)| {
            let after = after.map(|minutes| format!(" after {minutes}m")).unwrap_or_default();
            match action {
                Action::Reply(text) => format!("reply {:?}{after}", TEXTS[*text].0),
                Action::Tag(tag) => format!("tag {tag:?}{after}"),
                Action::Priority(priority) => format!("priority {priority}{after}"),
            }
        });
        let assign = (*kind != "also").then(|| format!("assign {assign}"));
        let all = assign.into_iter().chain(actions).collect::<Vec<_>>().join(", ");
        text += &format!("{kind} rule \"{place}\"\nwhen {}:\n    {all}\n", CONDITIONS[*condition].0);
    }
    text
}

fn targets() -> impl Strategy<Value = Target> {
    let among = || option::of(select(&["available", "online"][..]));
    let group = (
        0..GROUPS.len(),
        select(&["", "", "\"en\" and \"ar\"", "any [\"ar\", \"fr\"]", "customer.language"][..]),
        select(&["", "", "owner", "user \"bob\"", "owner and user \"alice\""][..]),
        select(&["in_order", "least_chats", "most_waiting"][..]),
        option::of(select(&["available", "online", "everyone"][..])),
    );
    prop_oneof![
        1 => Just(Target::Nobody),
        2 => among().prop_map(Target::Owner),
        2 => (0..USERS.len(), among()).prop_map(|(user, among)| Target::User(user, among)),
        1 => (0..GROUPS.len()).prop_map(Target::Hand),
        6 => group.prop_map(|(group, skill, except, by, among)| Target::Group { group, skill, except, by, among }),
    ]
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let alternatives = prop::collection::vec((targets(), option::of(1..9_u64)), 1..4);
    let at_once = prop_oneof![
        (0..TEXTS.len()).prop_map(Action::Reply),
        select(&["a", "A", "b"][..]).prop_map(Action::Tag),
        select(&["low", "high", "urgent"][..]).prop_map(Action::Priority),
    ];
    let actions = (at_once, option::of(select(&[1, 5][..]))).prop_map(|(action, after)| match action {
        Action::Reply(text) if text >= LATE_TEXTS => (action, None),
        _ => (action, after),
    });
    // An `also` rule has to do something.
    let rule = (
        select(&["", "", "move", "move", "also"][..]),
        0..CONDITIONS.len(),
        alternatives,
        prop::collection::vec(actions, 1..5),
    );
    let rule = rule.prop_map(|(kind, condition, alternatives, actions)| Rule {
        kind,
        condition,
        alternatives,
        actions,
    });
    prop::collection::vec(rule, 1..6)
}

fn worlds() -> impl Strategy<Value = World> {
    let presences = || select(&["online", "online", "away", "offline"][..]);
    let idle = || option::of(0..3_i64);
    let customer =
        (any::<bool>(), option::of(0..4_usize), option::of(select(&["en", "fr", "de"][..])), any::<bool>());
    let chat = option::of((option::of(0..4_usize), option::of(0..5_usize)));
    (
        customer,
        [presences(), presences(), presences()],
        [0..7_u32, 0..5, 0..3],
        [idle(), idle(), idle()],
        chat,
        option::of(0..3_usize),
    )
        .prop_map(|((returning, owner, language, forwarded), presences, chats, idle, chat, turn)| {
            World { returning, owner, presences, chats, idle, language, forwarded, chat, turn }
        })
}

fn check(world: &World, rules: &[Rule]) {
    let inbox = inbox();
    let text = text(rules);
    let compiled = crate::engine::CompiledPolicy::from(std::sync::Arc::new(policy(&inbox, &text)));
    let decided = |fields: &Json| {
        let fields = fields.to_string();
        let situation = situation(&fields[1..fields.len() - 1]);
        let decision = decide(&compiled, &inbox, &situation, &mut dice(0, None)).unwrap();
        assert_eq!(
            decide_compiled(&compiled, &inbox, &situation, &mut dice(0, None)).as_ref(),
            Ok(&decision)
        );
        serde_json::to_value(decision).unwrap()
    };
    let fields = world.fields();
    let (expected, rule) = expected(world, rules);
    let first = decided(&fields);
    assert_eq!(plain(first.clone()), expected, "{text}\n{fields}");
    let Some(rule) = rule.filter(|_| !first["resume"].is_null()) else { return };

    // Nobody answers: whoever had the chat is left out, and the user whom the chat has gone to by hand too.
    let taker = (first["assign"]["to"] == "queue").then_some(1);
    let user = USERS.iter().position(|id| first["assign"]["user"] == *id).or(taker);
    let group = GROUPS.iter().position(|group| first["assign"]["group"] == group.0);
    let later = World { chat: Some((user, group)), ..world.clone() };
    let mut fields = later.fields();
    fields["resume"] = json!({"rule": first["rule"], "alternative": first["resume"]["alternative"], "had": first["resume"]["had"]});
    let mut had: Vec<usize> = first["resume"]["had"]
        .as_array()
        .unwrap()
        .iter()
        .map(|id| USERS.iter().position(|user| id == user).unwrap())
        .collect();
    had.extend(user.filter(|user| !had.contains(user)));
    let from = usize::try_from(first["resume"]["alternative"].as_u64().unwrap()).unwrap();
    let (assign, resume) = told(rule, later.assign(rule, from, &had), &had);
    let expected = json!({
        "rule": first["rule"]["name"], "assign": assign, "resume": resume, "replies": [], "tags": [],
        "priority": null, "also": [], "later": [], "moved": null,
    });
    assert_eq!(plain(decided(&fields)), expected, "{text}\n{fields}");
}

proptest! {
    // `PROPTEST_CASES=20000` decides 160,000 situations.
    #[test]
    fn a_decision_is_what_the_language_says(rules in rules(), worlds in prop::collection::vec(worlds(), 8)) {
        for world in &worlds {
            check(world, &rules);
        }
    }
}
