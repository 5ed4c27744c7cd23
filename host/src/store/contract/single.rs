//! Each call of a store on its own.

use std::sync::Arc;

use inbox_rules::desk::{CustomerName, DeskTimer};
use inbox_rules::{ChatId, Presence};
use jiff::Timestamp;

use super::Stored;
use super::fixtures::{at, chat, customer, inbox, log, log_of, reply, shown, text};
use crate::store::*;

/// All of them.
pub(super) const ALL: &[fn(&mut Stored)] = &[messages, customers, chats, timers];

fn names(names: &[&str]) -> Vec<CustomerName> {
    names.iter().map(|name| CustomerName::parse(name).unwrap()).collect()
}

/// A message is found on its day and the days beside it, and in its inbox only.
fn messages(stored: &mut Stored) {
    let key = |day, first| MessageKey { day, hash: [first; 16] };
    stored.write(|tx| {
        tx.put_message(&key(100, 1), MessageRow { seq: 0, held: true }).unwrap();
        tx.put_message(&key(100, 1), MessageRow { seq: 7, held: false }).unwrap();
        tx.put_message(&key(100, 2), MessageRow { seq: 8, held: false }).unwrap();
    });
    stored.write(|tx| {
        for (day, seq) in [(98, None), (99, Some(7)), (100, Some(7)), (101, Some(7)), (102, None)] {
            let found = tx.message(&key(day, 1)).unwrap();
            assert_eq!(found, seq.map(|seq| MessageRow { seq, held: false }), "on day {day}");
        }
    });
    stored.write_in("other", |tx| assert_eq!(tx.message(&key(100, 1)).unwrap(), None));
}

fn customers(stored: &mut Stored) {
    let mona = customer("c7", &["+20100", "US.1349"]);
    let other = customer("c8", &["+20200"]);
    stored.write(|tx| {
        tx.put_customer(&mona).unwrap();
        tx.put_customer(&other).unwrap();
        assert_eq!(tx.customers_named(&names(&["US.1349", "+20100"])).unwrap(), [mona.clone()]);
    });
    stored.write(|tx| {
        let found = tx.customers_named(&names(&["+20200", "nobody", "+20100"])).unwrap();
        assert_eq!(found, [other.clone(), mona.clone()]);
        // A name goes to whoever has it last.
        let mut other = other.clone();
        other.names = vec!["+20100".into()];
        tx.put_customer(&other).unwrap();
        assert_eq!(tx.customers_named(&names(&["+20100", "+20200"])).unwrap(), [other]);
        assert_eq!(tx.customer("c7").unwrap().unwrap().names, [Arc::from("US.1349")]);
    });
    let read = stored.read();
    assert_eq!(&*read.customer("main", "+20100").unwrap().unwrap().id, "c8");
    assert_eq!(&*read.customer("main", "c7").unwrap().unwrap().id, "c7");
    assert_eq!(read.customer("other", "c7").unwrap(), None);
    assert_eq!(read.customers("main", Page { after: 7, limit: 9 }).unwrap().len(), 1);
}

fn chats(stored: &mut Stored) {
    let had = chat(3, "c1", "+1", Some("ana"), "Sales");
    let waits = chat(4, "c2", "+1", None, "Sales");
    stored.write(|tx| {
        tx.put_chat(&had).unwrap();
        tx.put_chat(&waits).unwrap();
        assert_eq!(tx.chat(ChatId(3)).unwrap(), Some(had.clone()));
        assert_eq!(tx.chats_of_customer("c2").unwrap(), [waits.clone()]);
        assert_eq!(tx.chats_of_user("ana").unwrap(), [had.clone()]);
        assert_eq!(tx.chats_waiting(None).unwrap(), [waits.clone()]);
        tx.rename_group("Sales", "Shop").unwrap();
        assert_eq!(tx.chats_waiting(Some("Sales")).unwrap(), []);
        let renamed = chat(4, "c2", "+1", None, "Shop");
        assert_eq!(tx.chats_waiting(Some("Shop")).unwrap(), [renamed]);
    });
    let closed = ChatRow { closed_at: Some(at(99)), ..had };
    stored.write(|tx| tx.put_chat(&closed).unwrap());
    let found = stored.read().chat("main", ChatId(3)).unwrap().unwrap();
    assert_eq!((found.closed_at, found.chat.message.text), (Some(at(99)), None));
    let page = Page { after: 0, limit: 10 };
    let open = stored.read().chats("main", &ChatFilter::default(), page).unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(stored.read().count_waiting("main").unwrap(), 1);
}

fn timers(stored: &mut Stored) {
    let idle = |chat| HostTimer::Desk(DeskTimer::Idle { chat: ChatId(chat) });
    let later = |chat, index| {
        HostTimer::Desk(DeskTimer::Later { chat: ChatId(chat), seq: 1, index, too_late: false })
    };
    let set = |tx: &mut dyn Transaction, due, timer| tx.set_timer(&TimerRow { due: at(due), timer }).unwrap();
    stored.write(|tx| {
        set(tx, 9, idle(1));
        set(tx, 5, idle(1));
        set(tx, 4, idle(2));
        set(tx, 3, later(1, 0));
        set(tx, 2, later(1, 1));
        let due = |tx: &mut dyn Transaction, now| -> Vec<Timestamp> {
            tx.timers_due(at(now), 10).unwrap().iter().map(|row| row.due).collect()
        };
        assert_eq!(due(tx, 9), [at(2), at(3), at(4), at(5)]);
        assert_eq!(due(tx, 3), [at(2), at(3)]);
        tx.drop_timers_of(ChatId(1), true).unwrap();
        assert_eq!(due(tx, 9), [at(4), at(5)]);
        tx.drop_timer(&idle(2)).unwrap();
        assert_eq!(due(tx, 9), [at(5)]);
    });
    let due = stored.store.timers_due(10).unwrap();
    assert_eq!(due, [DueInbox { inbox: inbox(), due: at(5) }]);
}
