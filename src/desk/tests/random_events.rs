//! Random events under random rules.

use std::sync::Arc;

use jiff::SignedDuration;
use proptest::prelude::{Just, Strategy, any, prop_oneof, proptest};
use proptest::sample::select;

use super::store::{ChatKey, Store};
use crate::desk::{ChatCause, DeskEvent, DeskSettings, TransferTarget};
use crate::language::vocabulary::{Algorithm, Presence};
use crate::load::RuleSet;
use crate::situation::Message;
use crate::testing::{config, folder};

const INBOXES: [&str; 2] = [
    r#"
[users.ana]
capacity = 2
skills = ["en", "fr"]
[users.bo]
capacity = 1
[users.cy]
skills = ["fr"]
owns = false
[users.di]
capacity = 1
[attributes]
plan = "text"
[groups]
Sales = ["ana", "bo", "cy"]
Support = ["bo", "di"]
"#,
    r#"
[users.bo]
capacity = 2
[users.cy]
skills = ["fr"]
[users.di]
[users.eve]
[groups]
Sales = ["bo", "cy"]
Help = ["bo", "di"]
"#,
];
const USERS: [&str; 5] = ["ana", "bo", "cy", "di", "eve"];
const NUMBERS: [&str; 2] = ["+15550100", "+15550101"];
const CUSTOMERS: [&str; 4] = ["c1", "c2", "c3", "c4"];
const TEXTS: [&str; 4] = ["hello", "refund", "bye", "urgent refund"];
const TARGETS: &[&str] = &[
    "owner",
    "owner among online",
    "user \"bo\" among online",
    "user \"di\"",
    "group \"Sales\" by least_chats among available",
    "group \"Sales\" by random among online",
    "group \"Sales\" with skill \"fr\" by in_order among available",
    "group \"Support\" by in_order among available",
    "group \"Support\" by most_waiting",
    "group \"Sales\" by hand",
];

#[derive(Debug, Clone)]
enum Step {
    Message { customer: usize, number: usize, text: usize, age_seconds: u64 },
    Presence { user: usize, presence: Presence, seconds: Option<i64> },
    Capacity { user: usize, capacity: Option<u32> },
    Take { place: usize, user: usize },
    Transfer { place: usize, target: TransferTarget },
    Answered { place: usize, user: Option<usize> },
    Close { place: usize },
    Owner { place: usize, user: Option<usize> },
    Pass { seconds: i64 },
    Rules,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let user = || 0..USERS.len();
    let place = || any::<usize>();
    let by = select(&[Algorithm::Random, Algorithm::InOrder, Algorithm::LeastChats, Algorithm::Hand][..]);
    let group = select(&["Sales", "Support", "Help"][..]);
    let target = prop_oneof![
        user().prop_map(|user| TransferTarget::User(USERS[user].into())),
        (group, by).prop_map(|(group, by)| TransferTarget::Group { group: group.into(), by }),
    ];
    let ages = select(&[0, 0, 0, 7_200][..]);
    let message = (0..CUSTOMERS.len(), 0..NUMBERS.len(), 0..TEXTS.len(), ages);
    let presence = (user(), select(Presence::ALL), proptest::option::of(1..300_i64));
    let one = prop_oneof![
        9 => message.prop_map(|(customer, number, text, age_seconds)| Step::Message { customer, number, text, age_seconds }),
        6 => presence.prop_map(|(user, presence, seconds)| Step::Presence { user, presence, seconds }),
        1 => (user(), proptest::option::of(1..4_u32)).prop_map(|(user, capacity)| Step::Capacity { user, capacity }),
        2 => (place(), user()).prop_map(|(place, user)| Step::Take { place, user }),
        2 => (place(), target).prop_map(|(place, target)| Step::Transfer { place, target }),
        2 => (place(), proptest::option::of(user())).prop_map(|(place, user)| Step::Answered { place, user }),
        2 => place().prop_map(|place| Step::Close { place }),
        1 => (place(), proptest::option::of(user())).prop_map(|(place, user)| Step::Owner { place, user }),
        5 => (1..400_i64).prop_map(|seconds| Step::Pass { seconds }),
        1 => (3_600..50_000_i64).prop_map(|seconds| Step::Pass { seconds }),
        1 => Just(Step::Rules),
    ];
    proptest::collection::vec(one, 1..50)
}

fn targets() -> impl Strategy<Value = String> {
    proptest::collection::vec((select(TARGETS), any::<bool>()), 1..4).prop_map(|targets| {
        let last = targets.len() - 1;
        let one = |(place, (target, waits)): (usize, &(&str, bool))| {
            if *waits && place < last { format!("{target} for 1m") } else { (*target).to_owned() }
        };
        targets.iter().enumerate().map(one).collect::<Vec<_>>().join(" else ")
    })
}

const MOVES: [&str; 5] = [
    "",
    "move when message contains \"urgent\" and chat_waiting: assign user \"cy\" among online, priority urgent\n",
    "move when message contains \"urgent\": assign group \"Sales\" by in_order among online for 1m else user \"di\" among online\n",
    "move when message contains \"bye\": assign nobody, reply \"Bye.\"\n",
    "move rule \"away\" when user_offline and message contains \"refund\": assign group \"Sales\" by in_order among online\n",
];
const ALSO: [&str; 3] = [
    "",
    "also when message contains \"refund\": tag \"refund\", priority high, reply \"Sorry.\" once per 1h\n",
    "also when message contains \"hello\": reply \"Still there?\" once per 10m after 2m, tag \"late\" after 5m, priority high after 3m\n",
];

fn policies() -> impl Strategy<Value = String> {
    let parts = (select(&MOVES[..]), select(&ALSO[..]), targets(), targets(), any::<bool>());
    parts.prop_map(|(moves, also, refund, rest, nobody)| {
        let nobody = if nobody { "when message contains \"bye\": assign nobody\n" } else { "" };
        format!("{moves}{also}{nobody}when message contains \"refund\": assign {refund}\notherwise: assign {rest}, reply \"Hi {{user.name or you}}.\"\n")
    })
}

/// A set of the inbox. In the second one a group has another name. Perhaps the second number has no policy.
fn set(inbox: &str, first: &str, second: Option<&str>) -> RuleSet {
    let renamed = |policy: &str| {
        if inbox.contains("Help") { policy.replace("\"Support\"", "\"Help\"") } else { policy.to_owned() }
    };
    let (first, second) = (renamed(first), second.map(renamed));
    let second = second.as_deref().map(|policy| ("+15550101.rules", policy));
    let files: Vec<_> =
        [("inbox.toml", inbox), ("+15550100.rules", &first)].into_iter().chain(second).collect();
    RuleSet::from_folder(&folder(&files)).unwrap()
}

fn act(store: &mut Store, step: &Step) {
    let key = |store: &Store, place: usize| -> Option<ChatKey> {
        store.chats.keys().nth(place % store.chats.len().max(1)).cloned()
    };
    let on_chat = |store: &mut Store, place: usize, event: DeskEvent| {
        if let Some(key) = key(store, place) {
            // A user whom the inbox does not have, a chat that somebody has: refused, and nothing changes.
            let _ = store.handle(event, Some(&key));
        }
    };
    match step {
        Step::Message { customer, number, text, age_seconds } => {
            let number = NUMBERS[*number];
            let text = Some(TEXTS[*text].to_owned());
            let message = Message { text, age_seconds: *age_seconds, ..Message::default() };
            store.write(CUSTOMERS[*customer], number, message).unwrap();
        }
        Step::Presence { user, presence, seconds } => {
            let until = seconds.map(|seconds| store.now + SignedDuration::from_secs(seconds));
            let event = DeskEvent::Presence { user: USERS[*user].into(), presence: *presence, until };
            let _ = store.handle(event, None);
        }
        Step::Capacity { user, capacity } => {
            let _ =
                store.handle(DeskEvent::Capacity { user: USERS[*user].into(), capacity: *capacity }, None);
        }
        Step::Take { place, user } => on_chat(store, *place, DeskEvent::Take(USERS[*user].into())),
        Step::Transfer { place, target } => on_chat(store, *place, DeskEvent::Transfer(target.clone())),
        Step::Answered { place, user } => {
            on_chat(store, *place, DeskEvent::Answered(user.map(|user| USERS[user].into())));
        }
        Step::Close { place } => on_chat(store, *place, DeskEvent::Close(ChatCause::Api)),
        Step::Owner { place, user } => {
            let Some(key) = key(store, *place) else { return };
            let owner = user.map(|user| USERS[user].to_owned());
            store.customers.get_mut(&key.0).unwrap().customer.owner = owner;
            let keys: Vec<_> = store.chats.keys().filter(|one| one.0 == key.0).cloned().collect();
            for key in keys {
                store.handle(DeskEvent::CustomerChanged, Some(&key)).unwrap();
            }
        }
        Step::Pass { seconds } => store.pass(SignedDuration::from_secs(*seconds)),
        Step::Rules => {
            store.handle(DeskEvent::Rules { digest: Arc::from("sha256:0") }, None).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(config())]

    /// The desk counts what the store counts, decides as the plain engine does, and leaves no chat waiting that somebody could
    /// take; the log alone gives the same roster.
    #[test]
    fn the_desk_is_as_its_store_counts(
        first in [policies(), policies()],
        other in policies(),
        is_same_inbox in any::<bool>(),
        without_second in any::<bool>(),
        steps in steps(),
    ) {
        let inbox = INBOXES[usize::from(!is_same_inbox)];
        let mut sets =
            vec![set(INBOXES[0], &first[0], Some(&first[1])), set(inbox, &first[0], Some(&other))];
        if without_second {
            sets.insert(1, set(inbox, &first[0], None));
        }
        let mut store = Store::new(sets, DeskSettings::default());
        for step in &steps {
            act(&mut store, step);
            store.verify();
        }
    }
}
