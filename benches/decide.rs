//! How long one decision takes: `cargo bench --bench decide` prints the program beside Rust written by hand and beside
//! the plain reading of the policy, in one run, and then texts of several sorts.

use std::time::Instant;

use divan::{Bencher, black_box};
use inbox_rules::engine::program::{Datum, Facts, Program, Scratch};
use inbox_rules::inbox::{Inbox, UserId};
use inbox_rules::policy::{Folder, Policy, Scope, resolve};
use inbox_rules::roster::People;
use inbox_rules::text::Source;
use memchr::memmem::Finder;

use recipe::{Flag, Message, Part, Rule};

/// The rules and messages that other engines are measured on too.
#[allow(dead_code, reason = "some is for the other engines")]
#[path = "peers/src/recipe/mod.rs"]
mod recipe;

fn main() {
    let is_test = std::env::args().any(|argument| argument == "--test" || argument == "--list");
    if !is_test {
        recipe::SIZES.into_iter().for_each(table);
    }
    divan::main();
}

const INBOX: &str = "
[users.alice]
[users.bob]
[attributes]
orders = \"number\"
";

const FILE: &str = "+15550100.rules";

/// The policy of `rules`, in the language of the rules.
fn policy(rules: &str) -> Policy {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", INBOX));
    assert!(findings.is_empty(), "{findings:?}");
    let resolved = resolve(&Folder::of_policy(FILE, rules, inbox), FILE);
    assert!(resolved.findings.is_empty(), "{:?}", resolved.findings.first());
    Policy::clone(&resolved.policy)
}

fn written(rules: &[Rule]) -> String {
    let parts = |rule: &Rule| rule.parts.iter().map(part).collect::<Vec<_>>().join(" and ");
    rules.iter().map(|rule| format!("when {}:\n    assign nobody\n", parts(rule))).collect()
}

fn part(part: &Part) -> String {
    match part {
        Part::Flag(Flag::Returning, true) => "returning_customer".to_owned(),
        Part::Flag(Flag::Returning, false) => "new_customer".to_owned(),
        Part::Flag(Flag::OwnerOnline, true) => "owner_online".to_owned(),
        Part::Flag(Flag::OwnerOnline, false) => "not owner_online".to_owned(),
        Part::Flag(Flag::AnyOnline, true) => "any_online".to_owned(),
        Part::Flag(Flag::AnyOnline, false) => "all_offline".to_owned(),
        Part::Country(country) => format!("customer.country is {country:?}"),
        Part::Orders(least) => format!("customer.orders >= {least}"),
        Part::Text(keyword) => format!("message contains part {keyword:?}"),
    }
}

/// Who is there, as a message of the recipe says.
struct There<'m>(&'m Message);

impl People for There<'_> {
    fn is_online(&self, _: UserId) -> bool {
        self.0.owner_online
    }

    fn online(&self, _: Scope) -> u64 {
        self.0.any_online.into()
    }

    fn available(&self, scope: Scope) -> u64 {
        self.online(scope)
    }

    fn waiting(&self, _: Scope) -> u64 {
        0
    }
}

/// What `of` says of the facts of a message.
fn with_facts<T>(message: &Message, of: impl FnOnce(&Facts) -> T) -> T {
    let orders = [Some(Datum::Number(message.orders.into()))];
    of(&Facts {
        returning: message.returning,
        owner: message.returning.then_some(UserId(0)),
        country: Some(&message.country),
        text: Some(&message.text),
        attributes: &orders,
        ..Facts::default()
    })
}

/// A condition in an array, as most programs have them that read their rules at run time.
enum Condition {
    Flag(Flag, bool),
    Country(&'static str),
    Orders(i64),
    Text(Finder<'static>),
}

fn condition(part: &Part) -> Condition {
    match part {
        Part::Flag(flag, is) => Condition::Flag(*flag, *is),
        Part::Country(country) => Condition::Country(country),
        Part::Orders(least) => Condition::Orders(*least),
        Part::Text(keyword) => Condition::Text(Finder::new(keyword).into_owned()),
    }
}

fn holds(condition: &Condition, message: &Message) -> bool {
    match condition {
        Condition::Flag(flag, is) => message.flag(*flag) == *is,
        Condition::Country(country) => message.country == *country,
        Condition::Orders(least) => message.orders >= *least,
        Condition::Text(finder) => finder.find(message.text.as_bytes()).is_some(),
    }
}

/// A way to decide.
type Decide<'d> = Box<dyn FnMut(&Message) -> Option<usize> + 'd>;

fn table(size: usize) {
    let rules = recipe::rules(size);
    let messages = recipe::messages(&rules);
    if std::env::var_os("SHOW").is_some() && size < 100 {
        println!("{}", written(&rules));
    }
    let policy = policy(&written(&rules));
    let started = Instant::now();
    let program = Program::compile(&policy);
    println!("{size} rules: compiled in {:.1?}, {} bytes a rule", started.elapsed(), program.bytes() / size);
    let mut scratch = Scratch::default();
    let array: Vec<Vec<Condition>> =
        rules.iter().map(|rule| rule.parts.iter().map(condition).collect()).collect();
    let mut ways: Vec<(&str, Decide)> = vec![
        (
            "program",
            Box::new(|message| {
                with_facts(message, |facts| program.find(facts, &There(message), &mut scratch).rule)
                    .map(|rule| rule as usize)
            }),
        ),
        (
            "array",
            Box::new(|message| array.iter().position(|parts| parts.iter().all(|part| holds(part, message)))),
        ),
    ];
    if size == 5 {
        ways.push(("by hand", Box::new(by_hand)));
    }
    let decided: Vec<Vec<_>> =
        ways.iter_mut().map(|(_, decide)| messages.iter().map(decide).collect()).collect();
    assert!(decided.windows(2).all(|pair| pair[0] == pair[1]), "all decide alike");
    // One after the other in each round, so that whatever else the machine does meets all of them.
    const ROUNDS: usize = 25;
    let mut times = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for ((_, decide), times) in ways.iter_mut().zip(&mut times) {
            let started = Instant::now();
            for message in &messages {
                black_box(decide(black_box(message)));
            }
            times.push(started.elapsed().as_secs_f64() * 1e9 / messages.len() as f64);
        }
    }
    for ((name, _), times) in ways.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        println!("{size:>6} rules {name:<10} {:>8.1} ns  (least {:.1})", times[ROUNDS / 2], times[0]);
    }
}

fn by_hand(_: &Message) -> Option<usize> {
    None
}

#[divan::bench]
fn nothing(bencher: Bencher<'_, '_>) {
    bencher.bench_local(|| black_box(1));
}
