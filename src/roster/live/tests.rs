//! How events change the next choice, one line for each case; two threads on one roster.

mod oracle;
mod rebase;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::thread;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::vocabulary::{Algorithm, Eligibility, Presence};
use crate::roster::{ChoiceRequest, Criterion, dice};
use crate::text::Source;

fn inbox(toml: &str) -> Inbox {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", toml));
    assert!(findings.is_empty(), "{findings:?}");
    inbox
}

/// Ana, Bo and Cy in the group G.
fn three_members() -> Roster {
    Roster::new(&inbox("[users]\nana = {}\nbo = {}\ncy = {}\n[groups]\nG = [\"ana\", \"bo\", \"cy\"]"))
}

/// Parses an event: `+ana` (online), `-ana` (offline), `ana:5` (a chat at second 5), `ana!5` (the same, in
/// turn), `ana.` (a chat is closed), `ana~5` (a message), `ana/2` (capacity), `ana*` (removed), `G=bo,ana`
/// (members), `G+`, `G-` (the queue).
fn event(written: &str) -> Event {
    let sign = written.find(|letter: char| !letter.is_alphabetic()).unwrap();
    let (name, rest) = if sign == 0 { (&written[1..], "") } else { (&written[..sign], &written[sign + 1..]) };
    let (user, group): (Arc<str>, Arc<str>) = (name.into(), "G".into());
    let at = rest.parse().map(|second| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second));
    match (&written[sign..=sign], name) {
        ("+", "G") => Event::Queued { group },
        ("-", "G") => Event::Dequeued { group },
        ("+", _) => Event::Presence { user, presence: Presence::Online },
        ("-", _) => Event::Presence { user, presence: Presence::Offline },
        (":", _) => Event::Assigned { user, at: at.unwrap(), turn: None },
        ("!", _) => Event::Assigned { user, at: at.unwrap(), turn: Some(group) },
        (".", _) => Event::Closed { user },
        ("~", _) => Event::Message { user, at: at.unwrap() },
        ("/", _) => Event::Capacity { user, capacity: rest.parse().ok() },
        ("*", _) => Event::Removed { user },
        ("=", _) => Event::Members { group, members: rest.split(',').map(Arc::from).collect() },
        _ => panic!("{written}"),
    }
}

/// A choice of any member of the group G.
fn request(by: Algorithm) -> ChoiceRequest<'static, 'static> {
    let among = &[Eligibility::Available, Eligibility::Online, Eligibility::Everyone];
    ChoiceRequest { group: GroupId(0), skills: &[], excluded: &[], by, among, at: Timestamp::MAX }
}

fn chosen(roster: &mut Roster, by: &str) -> Option<UserId> {
    let request = request(Algorithm::parse(by).unwrap());
    roster.choose(&request, &mut dice(0, None)).map(|pick| pick.user)
}

/// Checks which of the three is chosen after the events.
#[track_caller]
fn check(events: &str, by: &str, expected: &str) {
    let mut roster = three_members();
    for written in events.split_whitespace() {
        // A choice before each event builds the index, so that the event has to update it.
        chosen(&mut roster, by);
        roster.apply(event(written)).unwrap();
    }
    let user = chosen(&mut roster, by);
    let names = ["ana", "bo", "cy"].map(|name| (roster.user(name), name));
    let name = names.iter().find(|(id, _)| user.is_some() && *id == user).map_or("nobody", |(_, name)| name);
    assert_eq!(name, expected, "{by} after {events}");
}

#[test]
fn presence_and_chats() {
    check("", "least_chats", "ana");
    check("+bo", "least_chats", "bo");
    check("+bo +cy bo:1", "least_chats", "cy");
    check("+bo +cy bo:1 bo.", "least_chats", "cy");
    check("+bo -bo", "least_chats", "ana");
}

#[test]
fn an_older_message_changes_nothing() {
    check("ana~9 bo~5 cy~7", "most_waiting", "bo");
    check("ana~9 bo~5 cy~7 bo~8", "most_waiting", "cy");
    check("ana~9 bo~5 cy~7 ana~1", "most_waiting", "bo");
}

#[test]
fn only_a_turn_moves_the_turn() {
    check("ana:1", "in_order", "ana");
    check("ana!1", "in_order", "bo");
    check("cy!1", "in_order", "ana");
    check("ana!1 G=ana,cy,bo", "in_order", "cy");
    check("ana!1 G=bo,cy", "in_order", "bo");
    check("bo!1 G=ana,cy G=ana,bo,cy", "in_order", "cy");
}

#[test]
fn ties_are_broken_by_turn() {
    check("ana!1 bo~1 cy~1", "most_waiting", "bo");
    check("bo!1 ana~1 cy~1", "most_waiting", "cy");
    check("cy!1 ana~1 bo~1", "most_waiting", "ana");
    check("bo!1 ana~2 cy~2 bo~2", "least_chats", "cy");
}

#[test]
fn at_capacity() {
    check("+ana +bo ana/1 ana:1", "in_order", "bo");
    check("+ana ana/1 ana:1", "in_order", "ana");
    check("+ana +bo ana/1 ana:1 ana/2", "in_order", "ana");
    check("+ana +bo ana/4 ana:1 bo/1 bo:2 bo/9", "least_load", "bo");
}

#[test]
fn removed_users_are_never_chosen() {
    check("ana*", "in_order", "bo");
    check("ana* bo* cy*", "random", "nobody");
    check("+ana +bo ana*", "least_chats", "bo");
}

#[test]
fn events_that_do_not_fit_change_nothing() {
    let check = |written: &str, error: &str| {
        let mut roster = three_members();
        roster.apply(event("bo*")).unwrap();
        let before = roster.save();
        assert_eq!(roster.apply(event(written)).unwrap_err().to_string(), error, "{written}");
        assert_eq!(roster.save(), before);
    };
    check("ana.", "`ana` has no open chat");
    check("bo:1", "the inbox has no user called `bo`");
    check("bo.", "`bo` has no open chat");
    check("bo*", "the inbox has no user called `bo`");
    check("+dan", "the inbox has no user called `dan`");
    check("G=ana,bo", "the inbox has no user called `bo`");
    check("G=ana,cy,ana", "`ana` is listed twice as a member of `G`");
    check("ana/0", "the capacity and the weight of `ana` must be at least 1");
    check("G-", "no chat is waiting in the queue of `G`");
}

#[test]
fn a_returning_user_keeps_their_id() {
    let mut roster = three_members();
    let user = |id: &str| Event::Added {
        user: id.into(),
        name: None,
        capacity: None,
        skills: Vec::new(),
        weight: None,
    };
    let error = roster.apply(user("bo")).unwrap_err();
    assert_eq!(error.to_string(), "the inbox already has a user called `bo`");
    roster.apply(event("bo*")).unwrap();
    assert_eq!(roster.user("bo"), None);
    roster.apply(user("dan")).unwrap();
    roster.apply(user("bo")).unwrap();
    assert_eq!((roster.user("bo"), roster.user("dan")), (Some(UserId(1)), Some(UserId(3))));
    roster.apply(event("G=dan,bo")).unwrap();
    assert_eq!(chosen(&mut roster, "in_order"), Some(UserId(3)));
}

#[test]
fn the_deciding_criterion_by_load() {
    let toml = "[users.a]\ncapacity = 4\n[users.b]\ncapacity = 2\n[groups]\ng = [\"a\", \"b\"]";
    let mut roster = Roster::new(&inbox(toml));
    let request = request(Algorithm::LeastLoad);
    for user in ["a", "a", "b"] {
        roster.apply(event(&format!("{user}:0"))).unwrap();
    }
    let decided = |roster: &mut Roster| roster.choose(&request, &mut dice(0, None)).unwrap().decided_by;
    assert_eq!(decided(&mut roster), Criterion::FewestChats);
    roster.apply(event("b.")).unwrap();
    assert_eq!(decided(&mut roster), Criterion::LowestLoad(4));
}

/// Two threads claim 4,000 users `by in_order` from one roster; the users of the first thread, then those of
/// the second.
fn claimed_by_two_threads(roster: &Mutex<Roster>) -> Vec<UserId> {
    let request = request(Algorithm::InOrder);
    let give = || {
        let claim = |_| {
            let mut roster = roster.lock().unwrap();
            roster.claim(&request, &mut dice(0, None)).unwrap().user
        };
        (0..2_000).map(claim).collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let threads = [scope.spawn(give), scope.spawn(give)];
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn two_threads_give_exact_turns() {
    let roster = Mutex::new(three_members());
    let mut counts: HashMap<UserId, u32> = HashMap::new();
    for user in claimed_by_two_threads(&roster) {
        *counts.entry(user).or_default() += 1;
    }
    assert_eq!([0, 1, 2].map(|user| counts[&UserId(user)]), [1334, 1333, 1333]);
    let roster = roster.into_inner().unwrap();
    assert_eq!(["ana", "bo", "cy"].map(|user| roster.now(user).unwrap().chats), [1334, 1333, 1333]);
}

#[test]
fn inboxes_do_not_wait_for_each_other() {
    let (busy, free) = (Mutex::new(three_members()), Mutex::new(three_members()));
    let held = busy.lock().unwrap();
    // While one roster is locked, all chats of the other are claimed.
    assert_eq!(claimed_by_two_threads(&free).len(), 4_000);
    drop(held);
    assert_eq!(claimed_by_two_threads(&busy).len(), 4_000);
}
