//! Threads that route by one roster while rules with other inboxes take over.

use std::sync::{Arc, Mutex, RwLock};
use std::thread;

use inbox_rules::{
    Assignment, Customer, Event, Inbox, Incoming, Message, Presence, Roster, RouteError, RuleSet, Source,
    dice,
};
use jiff::Timestamp;

/// The two inboxes have the same names in another order; what is missing in one of them is in the other.
const INBOXES: [&str; 2] = [
    "[users]\nana = {}\nbo = {}\ncy = {}\n[groups]\nShop = [\"ana\"]\nSales = [\"bo\"]",
    "[users]\ncy = {}\nbo = {}\ndan = {}\n[groups]\nSales = [\"bo\"]\nDesk = [\"dan\"]",
];

/// Each thread reads the set before it takes the lock, and so has an old one now and then.
#[test]
fn no_thread_gives_a_chat_to_the_wrong_user() {
    let rules = "when any_online: assign group \"Sales\" by in_order\notherwise: assign user \"bo\"";
    let sets = INBOXES.map(|toml| {
        let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", toml));
        Arc::new(RuleSet::parse("+15550100.rules", rules, &inbox).unwrap())
    });
    let current = RwLock::new(Arc::clone(&sets[0]));
    let roster = Mutex::new(Roster::new(sets[0].inbox()));
    let route = |thread: u64| {
        let (mut decided, mut refused) = (0, 0);
        for n in 0..4_000 {
            let set = Arc::clone(&current.read().unwrap());
            let mut roster = roster.lock().unwrap();
            let at = Timestamp::UNIX_EPOCH;
            let incoming = Incoming { number: "+15550100", at, message: &Message::default(), chat: None };
            match set.route(&incoming, &Customer::default(), &mut roster, &mut dice(thread, None)) {
                Ok(decision) => {
                    let Some(Assignment::User { user, .. }) = decision.assign else {
                        panic!("somebody has it")
                    };
                    assert_eq!(&*user, "bo");
                    decided += 1;
                }
                Err(error) => {
                    assert_eq!(error, RouteError::OtherInbox);
                    refused += 1;
                    roster.rebase(current.read().unwrap().inbox());
                }
            }
            if n % 64 == 0 {
                let presence = if n % 128 == 0 { Presence::Online } else { Presence::Offline };
                roster.apply(Event::Presence { user: "bo".into(), presence }).unwrap();
            }
        }
        (decided, refused)
    };
    let (decided, refused) = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|thread| scope.spawn(move || route(thread))).collect();
        let mut swaps = 0;
        while threads.iter().any(|thread| !thread.is_finished()) {
            swaps += 1;
            *current.write().unwrap() = Arc::clone(&sets[swaps % 2]);
            thread::yield_now();
        }
        let counts = threads.into_iter().map(|thread| thread.join().unwrap());
        counts.fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1))
    });
    assert_eq!(decided + refused, 16_000);
    let mut roster = roster.into_inner().unwrap();
    roster.rebase(sets[0].inbox());
    assert_eq!(roster.now("bo").unwrap().chats, decided);
    assert!(["ana", "cy"].iter().all(|user| roster.now(user).unwrap().chats == 0));
}
