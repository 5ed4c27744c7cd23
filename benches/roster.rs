//! How long it takes to choose somebody and give them the chat, from 10 users to a million: `cargo bench --bench roster` prints
//! nanoseconds, and how many times those of 10 users they are. Parts of names pick rows: `cargo bench --bench roster -- least_chats`.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use inbox_rules::inbox::{GroupId, Inbox, UserId};
use inbox_rules::language::vocabulary::{Algorithm, Eligibility, Presence};
use inbox_rules::language::{Folded, fold};
use inbox_rules::roster::{ChoiceRequest, RequiredSkill};
use inbox_rules::situation::Incoming;
use inbox_rules::{Event, Roster, RuleSet, Situation, dice};
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use rand::seq::SliceRandom;

const SIZES: [usize; 4] = [10, 1_000, 100_000, 1_000_000];
/// Hundredths of the users that are online.
const ONLINE: [usize; 3] = [1, 50, 100];

fn main() {
    let filters: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |name: &str| filters.is_empty() || filters.iter().any(|filter| name.contains(&**filter));
    for online in ONLINE {
        let mut rows: Vec<Row> = rows().into_iter().filter(|row| wanted(&row.name)).collect();
        for size in SIZES {
            if rows.is_empty() {
                break;
            }
            let before = resident();
            let people = People::new(size, online);
            let used = resident().saturating_sub(before);
            if online == 100 && used > 0 {
                println!("{size} users: {} bytes each", used / size);
            }
            for row in &mut rows {
                let times = (row.measure)(&people);
                row.times.push(times);
            }
        }
        print(&rows, online);
    }
    if wanted("threads") {
        threads();
    }
    if wanted("route") {
        println!("\nRuleSet::route, of 5 rules, by least_chats, all online");
        SIZES.into_iter().for_each(routes);
    }
}

/// The memory of this process, in bytes, where the system tells it.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}

/// An inbox of one group, in which all had a message at some time and some are online.
struct People {
    roster: Roster,
    /// The places of those online.
    online: Vec<u32>,
    skill: Folded,
}

impl People {
    fn new(size: usize, online: usize) -> Self {
        let random = &mut dice(size as u64, None);
        let mut inbox = Inbox::inferred((0..size).map(|n| format!("user{n}")), ["Sales".to_owned()], []);
        let skill = fold("ar");
        for (n, user) in inbox.users.iter_mut().enumerate() {
            user.capacity = Some(random.random_range(3..=12));
            user.weight = random.random_range(1..=4);
            user.skills = if n % 2 == 0 { vec![skill.clone()] } else { Vec::new() };
        }
        let mut users: Vec<UserId> = (0..).map(UserId).take(size).collect();
        for group in &mut inbox.groups {
            group.members.clone_from(&users);
        }
        let mut roster = Roster::new(&inbox);
        users.shuffle(random);
        for (user, second) in users.iter().zip(0..) {
            let _ = roster.apply(Event::Message { user: *user, at: moment(second) });
        }
        users.shuffle(random);
        // At least four, of whom some have the skill.
        users.sort_by_key(|user| user.0 >= 4);
        users.truncate((size * online / 100).max(4));
        for user in &users {
            let _ = roster.apply(Event::Presence { user: *user, presence: Presence::Online });
        }
        let mut online: Vec<u32> = users.iter().map(|user| user.0).collect();
        online.sort_unstable();
        Self { roster, online, skill }
    }
}

fn moment(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

/// Nanoseconds of a choice with its update, and of the close of a chat.
type Times = (f64, f64);

struct Row {
    name: String,
    measure: Box<dyn Fn(&People) -> Times>,
    times: Vec<Times>,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for by in Algorithm::ALL.iter().copied().filter(|by| *by != Algorithm::Hand) {
        for (form, skill, among) in [
            ("", false, None),
            (" among online", false, Some(Eligibility::Online)),
            (" with skill", true, None),
        ] {
            let measure = move |people: &People| live(people, by, skill, among);
            rows.push(Row { name: format!("by {by}{form}"), measure: Box::new(measure), times: Vec::new() });
        }
    }
    let peer = |name: &str, measure: fn(&People) -> Times| Row {
        name: name.to_owned(),
        measure: Box::new(measure),
        times: Vec::new(),
    };
    rows.push(peer("least_chats, BTreeSet", tree));
    rows.push(peer("least_chats, linear scan", scan));
    rows.push(peer("memory: one user fetched", fetch));
    rows
}

fn print(rows: &[Row], online: usize) {
    if rows.is_empty() {
        return;
    }
    println!("\n{online} % online: ns a choice with its update (times that of 10 users); ns a close");
    print!("{:32}", "");
    for size in SIZES {
        print!("{size:>26}");
    }
    println!();
    for row in rows {
        print!("{:32}", row.name);
        let first = row.times.first().map_or(1.0, |times| times.0);
        for (claim, close) in &row.times {
            print!("{:>26}", format!("{claim:.0} ({:.1}x); {close:.0}", claim / first));
        }
        println!();
    }
}

/// The median over rounds. In each, so many chats are given, and then closed in the same order.
fn rounds<State>(
    people: &People,
    most: usize,
    state: &mut State,
    mut claim: impl FnMut(&mut State, Timestamp) -> Option<UserId>,
    mut close: impl FnMut(&mut State, UserId),
) -> Times {
    let each = people.online.len().clamp(1, most);
    let mut second = 10_000_000;
    let mut given = Vec::with_capacity(each);
    let (mut claims, mut closes) = (Vec::new(), Vec::new());
    let begin = Instant::now();
    while claims.len() < 9 || (begin.elapsed() < Duration::from_millis(60) && claims.len() < 10_000) {
        let start = Instant::now();
        for _ in 0..each {
            second += 1;
            given.extend(claim(state, moment(second)));
        }
        claims.push(start.elapsed());
        assert_eq!(given.len(), each, "somebody takes each chat");
        let start = Instant::now();
        given.drain(..).for_each(|user| close(state, user));
        closes.push(start.elapsed());
    }
    (median(claims, each), median(closes, each))
}

#[expect(clippy::cast_precision_loss, reason = "a time is shown")]
fn median(mut times: Vec<Duration>, each: usize) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_nanos() as f64 / each as f64)
}

fn live(people: &People, by: Algorithm, skill: bool, among: Option<Eligibility>) -> Times {
    let mut roster = people.roster.clone();
    let skill = skill.then_some(RequiredSkill::Named { folded: &people.skill, written: "ar" });
    let ask = ChoiceRequest { group: GroupId(0), skill, by, among };
    let mut dice = dice(0, None);
    // What the choice needs is laid out.
    black_box(roster.choose(&ask, &mut dice));
    let claim = |roster: &mut Roster, at: Timestamp| Some(roster.claim(&ask, at, &mut dice)?.user);
    let close = |roster: &mut Roster, user| roster.apply(Event::Closed { user }).expect("it was open");
    rounds(people, 1_000, &mut roster, claim, close)
}

/// Chats, last message, place.
type Figures = (u32, Timestamp, u32);

fn figures(people: &People) -> Vec<Figures> {
    let now = |user: u32| people.roster.now(UserId(user));
    let figures = |user: &u32| (0, now(*user).last_message_at.unwrap_or_default(), *user);
    people.online.iter().map(figures).collect()
}

/// `least_chats` of those online from a sorted tree.
fn tree(people: &People) -> Times {
    let users = figures(people);
    let mut figures: Vec<Figures> =
        (0..=users.last().map_or(0, |user| user.2)).map(|_| Figures::default()).collect();
    for user in &users {
        *place(&mut figures, user.2) = *user;
    }
    let mut state = (users.into_iter().collect::<BTreeSet<Figures>>(), figures);
    let claim = |(tree, figures): &mut (BTreeSet<Figures>, Vec<Figures>), at: Timestamp| {
        let (chats, _, user) = tree.pop_first()?;
        *place(figures, user) = (chats + 1, at, user);
        tree.insert((chats + 1, at, user));
        Some(UserId(user))
    };
    let close = |(tree, figures): &mut (BTreeSet<Figures>, Vec<Figures>), user: UserId| {
        let figures = place(figures, user.0);
        tree.remove(figures);
        figures.0 -= 1;
        tree.insert(*figures);
    };
    rounds(people, 1_000, &mut state, claim, close)
}

/// `least_chats` of those online from a list that is gone through.
fn scan(people: &People) -> Times {
    let claim = |users: &mut Vec<Figures>, at: Timestamp| {
        let first = users.iter_mut().min()?;
        *first = (first.0 + 1, at, first.2);
        Some(UserId(first.2))
    };
    let close = |users: &mut Vec<Figures>, user: UserId| {
        if let Ok(place) = users.binary_search_by_key(&user.0, |figures| figures.2)
            && let Some(figures) = users.get_mut(place)
        {
            figures.0 -= 1;
        }
    };
    rounds(people, 10, &mut figures(people), claim, close)
}

fn place(figures: &mut [Figures], user: u32) -> &mut Figures {
    figures.get_mut(user as usize).expect("there is such a user")
}

/// What the memory alone takes: of as many users, the 64 bytes of one after the other, in no order.
fn fetch(people: &People) -> Times {
    let mut order: Vec<u32> = people.online.clone();
    order.shuffle(&mut dice(0, None));
    let last = people.online.last().map_or(0, |last| last + 1);
    let mut next: Vec<[u32; 16]> = (0..last).map(|_| [0; 16]).collect();
    for (user, other) in order.iter().zip(order.iter().cycle().skip(1)) {
        if let Some([first, ..]) = next.get_mut(*user as usize) {
            *first = *other;
        }
    }
    let mut state = (next, order.first().copied().unwrap_or_default());
    let go = |(next, user): &mut (Vec<[u32; 16]>, u32), _| {
        *user = next.get(*user as usize)?.first().copied()?;
        Some(UserId(*user))
    };
    rounds(people, 1_000, &mut state, go, |_, _| {})
}

/// One inbox of 1,000 users from one thread and from two, and two inboxes from a thread each.
fn threads() {
    const EACH: u32 = 1_000_000;
    let people = People::new(1_000, 50);
    let give = |roster: &Mutex<Roster>| {
        let mut dice = dice(0, None);
        let ask = ChoiceRequest {
            group: GroupId(0),
            skill: None,
            by: Algorithm::LeastChats,
            among: Some(Eligibility::Online),
        };
        for second in 0..EACH {
            let mut roster = roster.lock().expect("no thread has failed");
            black_box(roster.claim(&ask, moment(second.into()), &mut dice));
        }
    };
    let time = |name: &str, rosters: &[&Mutex<Roster>]| {
        let start = Instant::now();
        thread::scope(|scope| rosters.iter().for_each(|roster| drop(scope.spawn(|| give(roster)))));
        let chats = f64::from(EACH) * f64::from(u32::try_from(rosters.len()).unwrap_or(u32::MAX));
        println!("{name:32}{:>8.1} million chats a second", chats / start.elapsed().as_secs_f64() / 1e6);
    };
    let inbox = || Mutex::new(people.roster.clone());
    println!("\nThreads, by least_chats among 500 online");
    let (one, other) = (inbox(), inbox());
    time("1 thread", &[&one]);
    time("2 threads, 1 inbox", &[&one, &one]);
    time("2 threads, 2 inboxes", &[&one, &other]);
}

const RULES: &str = "
rule \"welcome\" when new_customer and any_online in \"Sales\":
    assign group \"Sales\" by least_chats, reply \"Welcome to my store, I am {user.name}.\"
rule \"closed\" when new_customer: assign group \"Sales\" by in_order, reply \"Thank you for your message.\"
rule \"back\" when returning_customer and owner_online: assign owner
rule \"away\" when owner_offline and any_online in \"Sales\": assign group \"Sales\" by most_waiting
otherwise: assign owner else group \"Sales\" by in_order
";

/// The whole of a message: rules found, a user chosen and given the chat, and the decision written with its texts.
fn routes(size: usize) {
    const EACH: usize = 1_000;
    let mut inbox = Inbox::inferred((0..size).map(|n| format!("user{n}")), ["Sales".to_owned()], []);
    let users: Vec<UserId> = (0..).map(UserId).take(size).collect();
    for group in &mut inbox.groups {
        group.members.clone_from(&users);
    }
    let set = RuleSet::parse("+15550100.rules", RULES, &inbox).expect("the rules are sound");
    let mut roster = Roster::new(&inbox);
    for user in users {
        let _ = roster.apply(Event::Presence { user, presence: Presence::Online });
    }
    let situation = r#"{"message": {"id": "A1", "text": "I want a refund, please"}}"#;
    let situation = Situation::from_json(situation).expect("it is one");
    let mut dice = dice(0, None);
    let mut times = Vec::new();
    for second in 0..50 {
        let incoming =
            Incoming { number: "+15550100", at: moment(second), message: &situation.message, chat: None };
        let start = Instant::now();
        for _ in 0..EACH {
            let decision = set.route(black_box(&incoming), &situation.customer, &mut roster, &mut dice);
            black_box(decision).expect("the customer fits the inbox");
        }
        times.push(start.elapsed());
    }
    println!("{size:>9} users {:>6.0} ns a message", median(times, EACH));
}
