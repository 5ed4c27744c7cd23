//! The time to give chats that wait to a user who comes online, with 100 to 100,000 chats waiting. `cargo bench --bench drain`
//! prints microseconds for a whole `RuleSet::drain`, and the number of chats that it gives.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use inbox_rules::{
    ChatId, Customer, Event, Folder, Inbox, Incoming, Message, Presence, Roster, RuleSet, Source,
    WaitingChats, dice,
};
use jiff::{SignedDuration, Timestamp};

const SIZES: [usize; 4] = [100, 1_000, 10_000, 100_000];
const ROUNDS: usize = 50;

/// What the chats ask for, who owns their customers, and who comes online.
struct Scenario {
    name: &'static str,
    assign: &'static str,
    has_owners: bool,
    comes: &'static str,
}

const SCENARIOS: [Scenario; 6] = [
    Scenario {
        name: "all ask for the same group",
        assign: "group \"Sales\" by least_chats among available",
        has_owners: false,
        comes: "sales0",
    },
    Scenario {
        name: "each asks for its owner, then for the group",
        assign: "owner among available else group \"Sales\" by least_chats among available",
        has_owners: true,
        comes: "sales0",
    },
    Scenario {
        name: "the same, and an owner comes",
        assign: "owner among available else group \"Sales\" by least_chats among available",
        has_owners: true,
        comes: "owner7",
    },
    Scenario {
        name: "each asks for the group except its owner",
        assign: "group \"Sales\" except owner by random among available",
        has_owners: true,
        comes: "sales0",
    },
    Scenario {
        name: "each asks for the skill that its customer names",
        assign: "group \"Sales\" with skill customer.plan by in_order among available",
        has_owners: false,
        comes: "sales0",
    },
    Scenario {
        name: "somebody comes who can take none",
        assign: "owner among available else group \"Sales\" by least_chats among available",
        has_owners: true,
        comes: "other",
    },
];

fn main() {
    println!(
        "microseconds for one drain, and chats given; microseconds for each chat when the rules have changed"
    );
    for scenario in &SCENARIOS {
        println!("{}", scenario.name);
        for size in SIZES {
            let (drain, given, rebuilt) = measure(scenario, size);
            println!("{size:>9} waiting {drain:>9.1} µs, {given} given {rebuilt:>9.2} µs");
        }
    }
}

/// An inbox of ten sellers who have the first skills and take five chats each, somebody else, and owners.
fn inbox(owners: usize) -> Inbox {
    let mut toml = String::from("[users]\nother = {}\n");
    for seller in 0..10 {
        let _ = writeln!(toml, "sales{seller} = {{ capacity = 5, skills = [\"plan{seller}\"] }}");
    }
    for owner in 0..owners {
        let _ = writeln!(toml, "owner{owner} = {{ capacity = 1 }}");
    }
    let sellers: Vec<String> = (0..10).map(|seller| format!("\"sales{seller}\"")).collect();
    let _ = writeln!(toml, "[attributes]\nplan = \"text\"\n[groups]\nSales = [{}]", sellers.join(", "));
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", toml));
    assert!(findings.is_empty(), "the inbox is sound");
    inbox
}

fn moment(second: usize) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(i64::try_from(second).unwrap_or(0))
}

fn measure(scenario: &Scenario, size: usize) -> (f64, usize, f64) {
    let inbox = inbox(if scenario.has_owners { size } else { 0 });
    let rules = format!("otherwise: assign {}", scenario.assign);
    let folder = Folder::from_policy("default.rules", &rules, inbox.clone());
    let parse = || RuleSet::from_folder(&folder).expect("the rules are sound");
    let set = parse();
    let mut roster = Roster::new(&inbox);
    let mut waiting = WaitingChats::new();
    let wait = |place: usize, roster: &mut Roster, waiting: &mut WaitingChats| {
        let owner = scenario.has_owners.then(|| format!("owner{place}"));
        let plan = inbox_rules::AttributeValue::Text(format!("plan{place}"));
        let attributes = [("plan".to_owned(), plan)].into();
        let customer = Customer { returning: true, owner, attributes, ..Customer::default() };
        let message = Message { id: Some(format!("m{place}")), ..Message::default() };
        let number = format!("+1555{place:07}");
        let incoming = Incoming { number: &number, at: moment(place), message: &message, chat: None };
        let decision = set.route(&incoming, &customer, roster, &mut dice(0, message.id.as_deref()));
        let id = ChatId(u64::try_from(place).unwrap_or(0));
        let decision = decision.expect("the customer fits the inbox");
        waiting.update(id, &decision, &customer, moment(place));
    };
    (0..size).for_each(|place| wait(place, &mut roster, &mut waiting));
    let drain = |set: &RuleSet, roster: &mut Roster, waiting: &mut WaitingChats| {
        set.drain(roster, waiting, moment(size), 0).expect("the roster is of the inbox")
    };
    let (mut times, mut given, mut rebuilds) = (Vec::new(), 0, Vec::new());
    let presence = |presence| Event::Presence { user: scenario.comes.into(), presence };
    for round in 0..ROUNDS {
        // New chats, and from time to time new rules, are indexed while nobody can take a chat.
        if round % 10 == 0 {
            let edited = parse();
            let start = Instant::now();
            assert!(drain(&edited, &mut roster, &mut waiting).is_empty());
            rebuilds.push(start.elapsed());
        }
        assert!(drain(&set, &mut roster, &mut waiting).is_empty());
        roster.apply(presence(Presence::Online)).expect("the user is known");
        let start = Instant::now();
        let drained = black_box(drain(&set, &mut roster, &mut waiting));
        times.push(start.elapsed());
        given = drained.len();
        roster.apply(presence(Presence::Offline)).expect("the user is known");
        for (id, _) in drained {
            roster.apply(Event::Closed { user: scenario.comes.into() }).expect("the user has the chat");
            wait(usize::try_from(id.0).unwrap_or(0), &mut roster, &mut waiting);
        }
    }
    (median(times, 1), given, median(rebuilds, size))
}

#[expect(clippy::cast_precision_loss, reason = "a time is shown")]
fn median(mut times: Vec<Duration>, each: usize) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_secs_f64() * 1e6 / each as f64)
}
