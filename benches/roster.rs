//! The time to choose a user and give them the chat, for 10 to a million users. `cargo bench --bench roster` prints nanoseconds,
//! and the ratio to the time for 10 users. `cargo bench --bench roster -- least_chats` runs only the rows whose names contain that.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]

use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use inbox_rules::inbox::{GroupId, Inbox, UserId};
use inbox_rules::language::vocabulary::{Algorithm, Eligibility, Presence};
use inbox_rules::language::{Folded, fold};
use inbox_rules::roster::{ChoiceRequest, RequiredSkill};
use inbox_rules::situation::Incoming;
use inbox_rules::{Event, Roster, RosterState, RuleSet, Situation, dice};
use jiff::{SignedDuration, Timestamp};
use rand::RngExt;
use rand::seq::SliceRandom;

const SIZES: [usize; 4] = [10, 1_000, 100_000, 1_000_000];
/// The percentages of users who are online.
const ONLINE: [usize; 3] = [1, 50, 100];

fn main() {
    let filters: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let selected = |name: &str| filters.is_empty() || filters.iter().any(|filter| name.contains(&**filter));
    for online in ONLINE {
        let mut rows: Vec<Row> = rows().into_iter().filter(|row| selected(&row.name)).collect();
        for size in SIZES {
            if rows.is_empty() {
                break;
            }
            let before = resident();
            let sample = SampleRoster::new(size, online);
            let used = resident().saturating_sub(before);
            if online == 100 && used > 0 {
                println!("{size} users: {} bytes each", used / size);
            }
            for row in &mut rows {
                let times = (row.measure)(&sample);
                row.times.push(times);
            }
        }
        print(&rows, online);
    }
    if selected("threads") {
        threads();
    }
    if selected("restore") {
        println!("\nThe state of a roster, half online: milliseconds");
        [1_000, 10_000, 100_000].into_iter().for_each(restores);
    }
    if selected("route") {
        println!("\nRuleSet::route, of 5 rules, by least_chats, all online");
        SIZES.into_iter().for_each(routes);
    }
}

/// The resident memory of this process in bytes; 0 if the system does not report it.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    pages.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok()).unwrap_or(0) * 4096
}

/// A roster with one group, in which every user has had a message and some are online.
struct SampleRoster {
    roster: Roster,
    ids: Vec<Arc<str>>,
    /// The users who are online.
    online: Vec<u32>,
    skill: Folded,
}

impl SampleRoster {
    fn new(size: usize, online: usize) -> Self {
        Self::with_inbox(size, online).0
    }

    fn with_inbox(size: usize, online: usize) -> (Self, Inbox) {
        let random = &mut dice(size as u64, None);
        let mut inbox = Inbox::inferred((0..size).map(|n| format!("user{n}")), ["Sales".to_owned()], [], []);
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
        let ids: Vec<Arc<str>> = inbox.users.iter().map(|user| Arc::clone(&user.id)).collect();
        let id = |user: UserId| id_of(&ids, user);
        let mut roster = Roster::new(&inbox);
        users.shuffle(random);
        for (user, second) in users.iter().zip(0..) {
            let _ = roster.apply(Event::Message { user: id(*user), at: moment(second) });
        }
        users.shuffle(random);
        // At least four users are online, and some of them have the skill.
        users.sort_by_key(|user| user.0 >= 4);
        users.truncate((size * online / 100).max(4));
        for user in &users {
            let _ = roster.apply(Event::Presence { user: id(*user), presence: Presence::Online });
        }
        let mut online: Vec<u32> = users.iter().map(|user| user.0).collect();
        online.sort_unstable();
        (Self { roster, ids, online, skill }, inbox)
    }
}

fn id_of(ids: &[Arc<str>], user: UserId) -> Arc<str> {
    ids.get(user.0 as usize).map(Arc::clone).unwrap_or_default()
}

fn moment(second: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second)
}

/// The nanoseconds of a choice with its update, and of closing a chat.
type Times = (f64, f64);

struct Row {
    name: String,
    measure: Box<dyn Fn(&SampleRoster) -> Times>,
    times: Vec<Times>,
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for by in Algorithm::ALL.iter().copied().filter(|by| *by != Algorithm::Hand) {
        let online: &[_] = &[Eligibility::Online];
        for (form, skill, excluded, among) in [
            ("", false, &[][..], ANYBODY),
            (" among online", false, &[], online),
            (" with skill", true, &[], ANYBODY),
            (" except", false, &[UserId(0), UserId(1)], ANYBODY),
        ] {
            let measure = move |sample: &SampleRoster| live(sample, by, skill, excluded, among);
            rows.push(Row { name: format!("by {by}{form}"), measure: Box::new(measure), times: Vec::new() });
        }
    }
    let peer = |name: &str, measure: fn(&SampleRoster) -> Times| Row {
        name: name.to_owned(),
        measure: Box::new(measure),
        times: Vec::new(),
    };
    rows.push(peer("least_chats, BTreeSet", tree));
    rows.push(peer("least_chats, linear scan", scan));
    rows.push(peer("memory: one user loaded", memory_latency));
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

/// The medians over rounds. In each round, up to `most` chats are assigned, and then closed in the same order.
fn rounds<State>(
    sample: &SampleRoster,
    most: usize,
    state: &mut State,
    mut claim: impl FnMut(&mut State, Timestamp) -> Option<UserId>,
    mut close: impl FnMut(&mut State, UserId),
) -> Times {
    let each = sample.online.len().clamp(1, most);
    let mut second = 10_000_000;
    let mut claimed = Vec::with_capacity(each);
    let (mut claims, mut closes) = (Vec::new(), Vec::new());
    let begin = Instant::now();
    while claims.len() < 9 || (begin.elapsed() < Duration::from_millis(60) && claims.len() < 10_000) {
        let start = Instant::now();
        for _ in 0..each {
            second += 1;
            claimed.extend(claim(state, moment(second)));
        }
        claims.push(start.elapsed());
        assert_eq!(claimed.len(), each, "each chat is assigned");
        let start = Instant::now();
        claimed.drain(..).for_each(|user| close(state, user));
        closes.push(start.elapsed());
    }
    (median(claims, each), median(closes, each))
}

#[expect(clippy::cast_precision_loss, reason = "a time is shown")]
fn median(mut times: Vec<Duration>, each: usize) -> f64 {
    times.sort_unstable();
    times.get(times.len() / 2).map_or(0.0, |time| time.as_nanos() as f64 / each as f64)
}

/// What a rule without `among` asks for.
const ANYBODY: &[Eligibility] = &[Eligibility::Available, Eligibility::Online, Eligibility::Everyone];

fn live(
    sample: &SampleRoster,
    by: Algorithm,
    skill: bool,
    excluded: &[UserId],
    among: &'static [Eligibility],
) -> Times {
    let mut roster = sample.roster.clone();
    let skill = skill.then(|| RequiredSkill::OfCustomer { folded: sample.skill.clone(), written: "ar" });
    let request = |at| ChoiceRequest { group: GroupId(0), skills: skill.as_slice(), excluded, by, among, at };
    let mut dice = dice(0, None);
    // The first choice builds the index.
    black_box(roster.choose(&request(moment(0)), &mut dice));
    let claim = |roster: &mut Roster, at: Timestamp| Some(roster.claim(&request(at), &mut dice)?.user);
    let close = |roster: &mut Roster, user: UserId| {
        roster.apply(Event::Closed { user: id_of(&sample.ids, user) }).expect("the user has an open chat");
    };
    rounds(sample, 1_000, &mut roster, claim, close)
}

/// Chats, last message and index of a user.
type UserKey = (u32, Timestamp, u32);

fn keys(sample: &SampleRoster) -> Vec<UserKey> {
    let snapshot = sample.roster.snapshot();
    let now = |user: u32| snapshot.user(UserId(user));
    let keys = |user: &u32| (0, now(*user).last_message_at.unwrap_or_default(), *user);
    sample.online.iter().map(keys).collect()
}

/// `least_chats` among online users, by a `BTreeSet`.
fn tree(sample: &SampleRoster) -> Times {
    let users = keys(sample);
    let mut keys: Vec<UserKey> =
        (0..=users.last().map_or(0, |user| user.2)).map(|_| UserKey::default()).collect();
    for user in &users {
        *key_of(&mut keys, user.2) = *user;
    }
    let mut state = (users.into_iter().collect::<BTreeSet<UserKey>>(), keys);
    let claim = |(tree, keys): &mut (BTreeSet<UserKey>, Vec<UserKey>), at: Timestamp| {
        let (chats, _, user) = tree.pop_first()?;
        *key_of(keys, user) = (chats + 1, at, user);
        tree.insert((chats + 1, at, user));
        Some(UserId(user))
    };
    let close = |(tree, keys): &mut (BTreeSet<UserKey>, Vec<UserKey>), user: UserId| {
        let keys = key_of(keys, user.0);
        tree.remove(keys);
        keys.0 -= 1;
        tree.insert(*keys);
    };
    rounds(sample, 1_000, &mut state, claim, close)
}

/// `least_chats` among online users, by a linear scan.
fn scan(sample: &SampleRoster) -> Times {
    let claim = |users: &mut Vec<UserKey>, at: Timestamp| {
        let first = users.iter_mut().min()?;
        *first = (first.0 + 1, at, first.2);
        Some(UserId(first.2))
    };
    let close = |users: &mut Vec<UserKey>, user: UserId| {
        if let Ok(key_of) = users.binary_search_by_key(&user.0, |keys| keys.2)
            && let Some(keys) = users.get_mut(key_of)
        {
            keys.0 -= 1;
        }
    };
    rounds(sample, 10, &mut keys(sample), claim, close)
}

fn key_of(keys: &mut [UserKey], user: u32) -> &mut UserKey {
    keys.get_mut(user as usize).expect("there is such a user")
}

/// The memory latency alone: reads the 64 bytes of one user after another, in random order.
fn memory_latency(sample: &SampleRoster) -> Times {
    let mut order: Vec<u32> = sample.online.clone();
    order.shuffle(&mut dice(0, None));
    let last = sample.online.last().map_or(0, |last| last + 1);
    let mut next: Vec<[u32; 16]> = (0..last).map(|_| [0; 16]).collect();
    for (user, other) in order.iter().zip(order.iter().cycle().skip(1)) {
        if let Some([first, ..]) = next.get_mut(*user as usize) {
            *first = *other;
        }
    }
    let mut state = (next, order.first().copied().unwrap_or_default());
    let step = |(next, user): &mut (Vec<[u32; 16]>, u32), _| {
        *user = next.get(*user as usize)?.first().copied()?;
        Some(UserId(*user))
    };
    rounds(sample, 1_000, &mut state, step, |_, _| {})
}

/// One inbox of 1,000 users with one thread and with two, and two inboxes with a thread each.
fn threads() {
    const EACH: u32 = 1_000_000;
    let sample = SampleRoster::new(1_000, 50);
    let claim_all = |roster: &Mutex<Roster>| {
        let mut dice = dice(0, None);
        let request = |at| ChoiceRequest {
            group: GroupId(0),
            skills: &[],
            excluded: &[],
            by: Algorithm::LeastChats,
            among: &[Eligibility::Online],
            at,
        };
        for second in 0..EACH {
            let mut roster = roster.lock().expect("no thread has failed");
            black_box(roster.claim(&request(moment(second.into())), &mut dice));
        }
    };
    // Each measurement has rosters of its own, since time begins again in each.
    let time = |name: &str, inboxes: usize, threads: u32| {
        let rosters: Vec<_> = (0..inboxes).map(|_| Mutex::new(sample.roster.clone())).collect();
        let start = Instant::now();
        thread::scope(|scope| {
            rosters
                .iter()
                .cycle()
                .take(threads as usize)
                .for_each(|roster| drop(scope.spawn(|| claim_all(roster))));
        });
        let chats = f64::from(EACH) * f64::from(threads);
        println!("{name:32}{:>8.1} million chats a second", chats / start.elapsed().as_secs_f64() / 1e6);
    };
    println!("\nThreads, by least_chats among 500 online");
    time("1 thread", 1, 1);
    time("2 threads, 1 inbox", 1, 2);
    time("2 threads, 2 inboxes", 2, 2);
}

/// The state of a roster saved and restored, with JSON between, and a roster that gets an inbox in another order.
fn restores(size: usize) {
    let (sample, inbox) = SampleRoster::with_inbox(size, 50);
    let mut other = inbox.clone();
    other.groups.iter_mut().for_each(|group| group.members.reverse());
    other.roster_digest();
    let mut times = vec![Vec::new(); 5];
    let mut time =
        |row: usize, start: Instant| times.get_mut(row).into_iter().for_each(|row| row.push(start.elapsed()));
    for _ in 0..21 {
        let mut roster = sample.roster.clone();
        let start = Instant::now();
        let state = roster.save();
        time(0, start);
        let start = Instant::now();
        let json = serde_json::to_string(&state).expect("a state is JSON");
        time(1, start);
        let start = Instant::now();
        let state: RosterState = serde_json::from_str(&json).expect("it is a state");
        time(2, start);
        let start = Instant::now();
        black_box(Roster::restore(&inbox, state)).expect("it fits");
        time(3, start);
        let start = Instant::now();
        black_box(roster.rebase(&other));
        time(4, start);
    }
    print!("{size:>9} users");
    for (name, times) in ["save", "write JSON", "read JSON", "restore", "rebase"].into_iter().zip(times) {
        print!("   {name} {:.2}", median(times, 1) / 1e6);
    }
    println!();
}

const RULES: &str = "
rule \"welcome\" when new_customer and any_online in \"Sales\":
    assign group \"Sales\" by least_chats, reply \"Welcome to my store, I am {user.name}.\"
rule \"closed\" when new_customer: assign group \"Sales\" by in_order, reply \"Thank you for your message.\"
rule \"back\" when returning_customer and owner_online: assign owner
rule \"away\" when owner_offline and any_online in \"Sales\": assign group \"Sales\" by most_waiting
otherwise: assign owner else group \"Sales\" by in_order
";

/// The whole routing of a message: the rules match, a user is chosen and gets the chat, and the decision is built with its texts.
fn routes(size: usize) {
    const EACH: usize = 1_000;
    let mut inbox = Inbox::inferred((0..size).map(|n| format!("user{n}")), ["Sales".to_owned()], [], []);
    let users: Vec<UserId> = (0..).map(UserId).take(size).collect();
    for group in &mut inbox.groups {
        group.members.clone_from(&users);
    }
    let set = RuleSet::parse("+15550100.rules", RULES, &inbox).expect("the rules are sound");
    let mut roster = Roster::new(&inbox);
    for user in &inbox.users {
        let user = Arc::clone(&user.id);
        let _ = roster.apply(Event::Presence { user, presence: Presence::Online });
    }
    let situation = r#"{"message": {"id": "A1", "text": "I want a refund, please"}}"#;
    let situation = Situation::from_json(situation).expect("the situation is valid");
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
