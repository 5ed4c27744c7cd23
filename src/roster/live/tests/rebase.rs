//! A roster that gets another inbox, and one that is saved and restored.

use insta::assert_snapshot;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;

#[test]
fn an_inbox_is_rebased_by_names() {
    let mut roster = three_members();
    for written in ["+bo", "bo!5", "+cy", "cy:6", "G+"] {
        roster.apply(event(written)).unwrap();
    }
    let (bo, cy) = (roster.now("bo"), roster.now("cy"));
    // Ana was removed, Bo has another index, Dan is new.
    roster.rebase(&inbox(
        "[users]\ncy = {}\ndan = {}\nbo = {}\n[groups]\nH = []\nG = [\"dan\", \"bo\", \"cy\"]",
    ));
    assert_eq!(roster.user("ana"), None);
    assert_eq!((roster.now("bo"), roster.now("cy")), (bo, cy));
    let now = roster.snapshot();
    assert_eq!((now.waiting(GroupId(0)), now.waiting(GroupId(1))), (0, 1));
    assert_eq!((now.last_turn(GroupId(0)), now.last_turn(GroupId(1))), (None, Some(UserId(2))));
}

const THREE: &str = "[users]\nana = {}\nbo = {}\ncy = {}\n[groups]\nG = [\"ana\", \"bo\", \"cy\"]";
const TWO: &str = "[users]\ncy = {}\nana = {}\n[groups]\nG = [\"ana\", \"cy\"]";

/// Applies the events to a roster of `from`, and goes on with each of `to`. The roster, and what the last of
/// them returned.
fn rebased(events: &str, from: &str, to: &[&str]) -> (Roster, String) {
    let mut roster = Roster::new(&inbox(from));
    for written in events.split_whitespace() {
        roster.apply(event(written)).unwrap();
    }
    let mut last = Rebased::default();
    for toml in to {
        let (restored, _) = Roster::restore(&inbox(toml), roster.save()).unwrap();
        last = roster.rebase(&inbox(toml));
        assert_eq!(restored.save(), roster.save());
    }
    let Json::Object(lists) = serde_json::to_value(last).unwrap() else { panic!() };
    let lists = lists.into_iter().filter(|(_, list)| *list != Json::Array(Vec::new()));
    (roster, Json::Object(lists.collect()).to_string())
}

#[test]
fn nothing_is_lost_of_who_is_missing_for_a_while() {
    let (mut roster, told) = rebased("+bo bo!5 bo:6 bo/9", THREE, &[TWO]);
    assert_snapshot!(told, @r#"{"users_gone":[{"chats":2,"user":"bo"}]}"#);
    assert_eq!((roster.now("bo"), chosen(&mut roster, "in_order")), (None, roster.user("ana")));
    for written in ["bo.", "bo~9"] {
        roster.apply(event(written)).unwrap();
    }
    assert_eq!(roster.apply(event("bo:7")).unwrap_err().to_string(), "the inbox has no user called `bo`");
    let told = serde_json::to_string(&roster.rebase(&inbox(THREE)).users_back).unwrap();
    assert_snapshot!(told, @r#"[{"user":"bo","chats":1}]"#);
    let now = roster.now("bo").unwrap();
    assert_eq!((now.presence, now.chats, now.capacity), (Presence::Online, 1, Some(9)));
    assert_eq!(now.last_message_at.unwrap().as_second(), 9);
    roster.apply(event("-bo")).unwrap();
    assert_eq!(chosen(&mut roster, "in_order"), roster.user("cy"), "it was the turn of Bo");
}

#[test]
fn a_group_that_is_missing_for_a_while() {
    let without = THREE.replace("G =", "H =").replace("\"cy\"]", "]");
    let (mut roster, told) = rebased("G+ G+ ana!1", THREE, &[&without]);
    assert_snapshot!(told, @r#"{"groups_gone":[{"group":"G","waiting":2}]}"#);
    roster.apply(event("G-")).unwrap();
    assert_eq!(roster.apply(event("G+")).unwrap_err().to_string(), "the inbox has no group called `G`");
    let told = serde_json::to_string(&roster.rebase(&inbox(THREE)).groups_back).unwrap();
    assert_snapshot!(told, @r#"[{"group":"G","waiting":1}]"#);
    assert_eq!((roster.waiting_in("G"), chosen(&mut roster, "in_order")), (Some(1), roster.user("bo")));
}

#[test]
fn a_renamed_group_keeps_its_queue_and_turn() {
    let renamed = THREE.replace("G =", "Sales =");
    let (roster, told) = rebased("G+ ana!1", THREE, &[&renamed]);
    assert_snapshot!(told, @r#"{"groups_renamed":[{"from":"G","to":"Sales"}]}"#);
    assert_eq!(roster.waiting_in("Sales"), Some(1));
    let (_, told) = rebased("G+", THREE, &[&format!("{renamed}\nShop = [\"cy\", \"bo\", \"ana\"]")]);
    assert_snapshot!(told, @r#"{"groups_gone":[{"group":"G","waiting":1}]}"#);
    let two = format!("{THREE}\nH = [\"cy\", \"bo\", \"ana\"]");
    let (_, told) = rebased("G+", &two, &[&renamed]);
    assert_snapshot!(told, @r#"{"groups_gone":[{"group":"G","waiting":1},{"group":"H","waiting":0}]}"#);
    let (_, told) = rebased("G+", "[groups]\nG = []", &["[groups]\nH = []"]);
    assert_snapshot!(told, @r#"{"groups_gone":[{"group":"G","waiting":1}]}"#);
}

#[test]
fn limits_that_events_set_count_until_they_are_taken_back() {
    let file = |capacity: u32| format!("[users.ana]\ncapacity = {capacity}\nweight = {capacity}");
    let (mut roster, told) = rebased("ana/2", &file(5), &[&file(7)]);
    assert_snapshot!(told, @r#"{"capacities_kept":[{"in_file":7,"set":2,"user":"ana"}]}"#);
    let weight = |weight| Event::Weight { user: "ana".into(), weight };
    roster.apply(weight(Some(3))).unwrap();
    let ana = roster.user("ana").unwrap();
    let limits = |roster: &Roster| {
        let state = roster.users.state(ana).unwrap();
        (state.capacity, state.weight)
    };
    assert_eq!(limits(&roster), (Some(2), 3));
    roster.apply(event("ana/")).unwrap();
    roster.apply(weight(None)).unwrap();
    assert_eq!(limits(&roster), (Some(7), 7));
}

/// What events have changed lasts as long as the inbox.
#[test]
fn users_and_members_that_events_have_changed() {
    let mut roster = three_members();
    let added = Event::Added {
        user: "dan".into(),
        name: Some("Dan".into()),
        capacity: Some(3),
        skills: vec!["ar".into()],
        weight: None,
    };
    for event in [event("cy*"), added.clone(), event("G=dan,bo"), event("dan!3"), event("cy~1")] {
        roster.apply(event).unwrap();
    }
    let json = serde_json::to_string(&roster.save()).unwrap();
    assert_snapshot!(json, @r#"{"version":1,"inbox":"sha256:7c6d050044b9be29a2e4dd9a2831963bc83510ecdddc4a376ebbe8811103c64a","users":{"ana":{},"bo":{},"cy":{"last_message_at":"1970-01-01T00:00:01Z"},"dan":{"chats":1,"last_message_at":"1970-01-01T00:00:03Z"}},"groups":{"G":{"members":["dan","bo"],"last_turn":"dan"}},"changes":[{"kind":"removed","user":"cy"},{"kind":"added","user":"dan","name":"Dan","capacity":3,"skills":["ar"]}]}"#);
    let restored = |toml: &str| Roster::restore(&inbox(toml), serde_json::from_str(&json).unwrap()).unwrap();
    let (mut same, told) = restored(THREE);
    assert_eq!((same.save(), told.users_gone.len()), (roster.save(), 1));
    assert_eq!(chosen(&mut same, "in_order"), same.user("bo"));
    let (mut other, told) = restored(&THREE.replace("ana = {}", "ana = { weight = 2 }"));
    assert_eq!(told.users_gone.iter().map(|gone| &*gone.user).collect::<Vec<_>>(), ["dan"]);
    assert_eq!((chosen(&mut other, "in_order"), other.user("dan")), (other.user("ana"), None));
    other.apply(added).unwrap();
    assert_eq!(other.now("dan").unwrap().chats, 1, "added again, with the chat that they had");
}

#[test]
fn who_is_removed_and_added_again_stays_where_they_are() {
    let mut roster = three_members();
    let added = r#"{ "kind": "added", "user": "bo" }"#;
    for event in [event("bo*"), serde_json::from_str(added).unwrap(), event("G=ana,bo,cy"), event("ana!1")] {
        roster.apply(event).unwrap();
    }
    let (mut restored, _) = Roster::restore(&inbox(THREE), roster.save()).unwrap();
    assert_eq!(restored.save(), roster.save());
    assert_eq!(chosen(&mut restored, "in_order"), roster.user("bo"));
}

#[test]
fn states_that_cannot_be_restored() {
    let restored =
        |json: &str| Roster::restore(&inbox(THREE), serde_json::from_str(json).unwrap()).unwrap_err();
    assert_snapshot!(restored(r#"{"version": 1, "users": {"ana": {"capacity": 0}}, "groups": {}}"#), @"the state of the roster contradicts itself: the capacity and the weight of `ana` must be at least 1");
    let state = serde_json::to_string(&three_members().save()).unwrap();
    assert_snapshot!(restored(&state.replace("[\"ana\",", "[\"bo\",")), @"the state of the roster contradicts itself: `bo` is listed twice as a member of `G`");
    assert_snapshot!(restored(&state.replace("[\"ana\",", "[\"dan\",")), @"the state of the roster contradicts itself: the inbox has no user called `dan`");
}

#[test]
fn damage_is_refused_where_it_is() {
    let mut roster = three_members();
    for written in ["cy*", "+ana", "ana!3", "G+"] {
        roster.apply(event(written)).unwrap();
    }
    let state = serde_json::to_string_pretty(&roster.save()).unwrap();
    let refused = |from: &str, to: &str| {
        assert!(state.contains(from), "{from}: {state}");
        serde_json::from_str::<RosterState>(&state.replacen(from, to, 1)).unwrap_err().to_string()
    };
    let chats = "\"chats\": 1";
    assert_snapshot!(refused("\"version\": 1", "\"version\": 2"), @"the state of the roster has version 2, but this version of the library reads version 1 at line 2 column 14");
    assert_snapshot!(refused(chats, "\"chat\": 1"), @"`ana`: unknown field `chat`, expected one of `presence`, `chats`, `last_message_at`, `capacity`, `weight` at line 7 column 12");
    assert_snapshot!(refused(chats, "\"chats\": 1, \"chats\": 2"), @"`ana`: duplicate field `chats` at line 7 column 25");
    assert_snapshot!(refused(chats, "\"chats\": -1"), @"`ana`: invalid value: integer `-1`, expected u32 at line 7 column 17");
    assert_snapshot!(refused("\"bo\"", "\"ana\""), @"`ana` is there twice at line 10 column 13");
    assert_snapshot!(refused("\"waiting\"", "\"waits\""), @"`G`: unknown field `waits`, expected one of `members`, `waiting`, `last_turn` at line 19 column 13");
    assert_snapshot!(refused("\"groups\"", "\"group\""), @"unknown field `group`, expected one of `version`, `inbox`, `users`, `groups`, `changes` at line 13 column 9");
    assert_snapshot!(refused("\"G\": {", "\"G\": {}, \"G\": {"), @"`G` is there twice at line 22 column 3");
    assert_snapshot!(refused("sha256:7", "sha256:g"), @"`sha256:gc6d050044b9be29a2e4dd9a2831963bc83510ecdddc4a376ebbe8811103c64a` is not the digest of an inbox at line 3 column 84");
    assert_snapshot!(refused("sha256:7", "sha256:"), @"`sha256:c6d050044b9be29a2e4dd9a2831963bc83510ecdddc4a376ebbe8811103c64a` is not the digest of an inbox at line 3 column 83");
    assert_snapshot!(refused("\"removed\"", "\"closed\""), @"`changes[0]` neither adds nor removes a user, and other changes are not saved there at line 29 column 1");
    assert_snapshot!(refused("\"removed\"", "\"assigned\", \"at\": \"2026-11-24T18:30:00Z\""), @"`changes[0]` neither adds nor removes a user, and other changes are not saved there at line 29 column 1");
    assert_snapshot!(refused("\"removed\"", "\"remove\""), @"unknown variant `remove`, expected one of `presence`, `assigned`, `closed`, `message`, `capacity`, `weight`, `added`, `removed`, `members`, `queued`, `dequeued` at line 25 column 22");
    assert_snapshot!(refused("\"removed\"", "\"removed\", \"group\": \"G\""), @"unknown field `group`, expected `user` at line 28 column 3");
}

/// A count that stood still at its limit would be too small after a chat is closed.
#[test]
fn counts_never_stand_still() {
    let full = r#"{"version": 1, "users": {"ana": {"chats": 4294967295}}, "groups": {"G": {"waiting": 4294967295}}}"#;
    let mut roster = Roster::restore(&inbox(THREE), serde_json::from_str(full).unwrap()).unwrap().0;
    let before = roster.save();
    let mut refused = |written: &str| roster.apply(event(written)).unwrap_err().to_string();
    assert_snapshot!(refused("G+"), @"4294967295 chats are waiting in the queue of `G`, the most that can be counted");
    assert_snapshot!(refused("ana!3"), @"`ana` has 4294967295 open chats, the most that can be counted");
    assert_eq!(roster.save(), before);
    let request = request(Algorithm::MostWaiting);
    assert_eq!(roster.claim(&request, &mut dice(0, None)), None);
    assert_eq!(roster.save(), before);
    for written in ["G-", "ana.", "G+", "ana:3"] {
        roster.apply(event(written)).unwrap();
    }
    assert_eq!((roster.now("ana").unwrap().chats, roster.waiting_in("G")), (u32::MAX, Some(u32::MAX)));
}

proptest! {
    #[test]
    fn any_damage_to_a_state_is_read_or_refused(at: prop::sample::Index, with in "[0-9\"a-z{}]{0,4}") {
        let (mut roster, _) = rebased("+bo bo!5 bo:6 bo/9 G+", THREE, &[TWO]);
        for written in ["cy*", "ana!7", "G=ana"] {
            roster.apply(event(written)).unwrap();
        }
        let state = serde_json::to_string(&roster.save()).unwrap();
        let at = at.index(state.len());
        let damaged = format!("{}{with}{}", &state[..at], &state[at + 1..]);
        if let Ok(state) = serde_json::from_str(&damaged) {
            for toml in [THREE, TWO] {
                if let Ok((restored, _)) = Roster::restore(&inbox(toml), RosterState::clone(&state)) {
                    let again = Roster::restore(&inbox(toml), restored.save()).unwrap().0;
                    assert_eq!(again.save(), restored.save());
                }
            }
        }
    }
}
