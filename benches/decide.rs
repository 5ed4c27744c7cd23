//! The time of one decision. `cargo bench --bench decide` compares the compiled program with an array of conditions in one
//! run, and then measures several kinds of texts. `benches/peers` compares with other engines.
#![allow(clippy::disallowed_methods, reason = "time is what is measured")]
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

use std::time::Instant;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use inbox_rules::engine::program::{Program, Scratch};
use inbox_rules::inbox::Inbox;
use inbox_rules::policy::{Folder, Policy, resolve};
use inbox_rules::situation::Case;
use inbox_rules::text::Source;

use adapter::{INBOX, MessageRoster, when, with_case};
use recipe::{Message, Rule};

/// The rules and messages, which the comparison with other engines uses too.
#[allow(dead_code, reason = "parts of it are only for the other engines")]
#[path = "peers/src/recipe/mod.rs"]
mod recipe;
#[path = "peers/src/adapter.rs"]
mod adapter;
#[path = "peers/src/engines/array.rs"]
mod array;

fn main() {
    let is_test = std::env::args().any(|argument| argument == "--test" || argument == "--list");
    if !is_test {
        recipe::SIZES.into_iter().for_each(table);
    }
    divan::main();
}

const FILE: &str = "+15550100.rules";

/// The policy with these rules.
fn policy(rules: &str) -> Policy {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", INBOX));
    assert!(findings.is_empty(), "{findings:?}");
    let resolved = resolve(&Folder::from_policy(FILE, rules, inbox), FILE);
    assert!(resolved.findings.is_empty(), "{:?}", resolved.findings.first());
    Policy::clone(&resolved.policy)
}

fn rules_text(rules: &[Rule]) -> String {
    let text = |rule: &Rule| format!("when {}:\n    assign nobody\n", when(rule));
    rules.iter().map(text).collect::<Vec<_>>().concat()
}

const ROUNDS: usize = 25;

/// A function that decides a message: the index of the rule.
type Decide<'d> = Box<dyn FnMut(&Message) -> Option<usize> + 'd>;

fn table(size: usize) {
    let rules = recipe::rules(size);
    let messages = recipe::messages(&rules);
    let policy = policy(&rules_text(&rules));
    let started = Instant::now();
    let program = Program::compile(&policy);
    println!("{size} rules: compiled in {:.1?}, {} bytes a rule", started.elapsed(), program.bytes() / size);
    let mut scratch = Scratch::default();
    let array = array::array(&rules);
    let mut engines: Vec<(&str, Decide)> = vec![
        (
            "program",
            Box::new(|message| {
                with_case(message, |case| program.find(case, &MessageRoster(message), &mut scratch).rule)
                    .map(|rule| rule as usize)
            }),
        ),
        ("array", Box::new(array)),
    ];
    let decided: Vec<Vec<_>> =
        engines.iter_mut().map(|(_, decide)| messages.iter().map(decide).collect()).collect();
    assert!(decided.iter().all(|one| Some(one) == decided.first()), "all engines agree");
    // Each round runs all of them in turn, so that other load on the machine affects all alike.
    let mut times = vec![Vec::new(); engines.len()];
    for _ in 0..ROUNDS {
        for ((_, decide), times) in engines.iter_mut().zip(&mut times) {
            let started = Instant::now();
            for message in &messages {
                black_box(decide(black_box(message)));
            }
            times.push(started.elapsed().as_secs_f64() * 1e9 / messages.len() as f64);
        }
    }
    for ((name, _), times) in engines.iter().zip(&mut times) {
        times.sort_by(f64::total_cmp);
        let median = times.get(ROUNDS / 2).copied().unwrap_or_default();
        println!("{size:>6} rules {name:<10} {median:>8.1} ns");
    }
}

/// A policy of fifty rules with keywords in several scripts.
fn keyword_rules(form: &str) -> String {
    const WORDS: [&str; 8] =
        ["refund", "استرجاع", "退款", "invoice number", "كلمة السر", "возврат", "😡", "remboursement"];
    let rule = |(n, word): (usize, &str)| format!("when message {form} \"{word} {n}\": assign nobody\n");
    (0..50).zip(WORDS.into_iter().cycle()).map(rule).collect::<Vec<_>>().concat()
}

const TEXTS: [(&str, &str, usize); 6] = [
    (
        "ascii 90",
        "i would like to know when my order will be here because the shop told me it is on its way ok",
        1,
    ),
    (
        "ascii 90 capitals",
        "I would like to know when my order will be here because The Shop told me it is on its way OK",
        1,
    ),
    (
        "ascii 4k",
        "i would like to know when my order will be here because the shop told me it is on its way ",
        46,
    ),
    ("arabic 90", "مرحبا أريد أن أعرف متى سيصل طلبي لأن المتجر أخبرني", 1),
    ("arabic 4k", "مرحبا أريد أن أعرف متى سيصل طلبي لأن المتجر أخبرني ", 44),
    ("emoji 90", "hello 😀😀 my order 🚚 is late 😡😡😡 please help 🙏🏽 thank you ❤️ bye 👋🏽", 1),
];

#[divan::bench(args = TEXTS.map(|text| text.0), consts = [false, true])]
fn fifty_keywords<const WHOLE_WORDS: bool>(bencher: Bencher<'_, '_>, name: &str) {
    let (_, text, times) = TEXTS.into_iter().find(|text| text.0 == name).expect("the name of a text");
    let text = text.repeat(times);
    let policy = policy(&keyword_rules(if WHOLE_WORDS { "contains" } else { "contains part" }));
    let program = Program::compile(&policy);
    let mut scratch = Scratch::default();
    let nobody = MessageRoster(&Message {
        returning: false,
        owner_online: false,
        any_online: false,
        country: String::new(),
        orders: 0,
        text: String::new(),
    });
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| {
        let case = Case { text: Some(black_box(&text)), ..Case::default() };
        program.find(&case, &nobody, &mut scratch).rule
    });
}

/// Compiling a policy.
#[divan::bench(args = recipe::SIZES)]
fn compile(bencher: Bencher<'_, '_>, size: usize) {
    let policy = policy(&rules_text(&recipe::rules(size)));
    bencher.counter(ItemsCount::new(size)).bench_local(|| Program::compile(&policy));
}
