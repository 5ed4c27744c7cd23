//! Each call of a store on its own.

use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::desk::{CustomerName, DeskTimer, LogRecord};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Stored;
use super::fixtures::{at, chat, customer, inbox, log, log_of, reply, shown_log, text};
use crate::store::columns::as_stored;
use crate::store::{
    ChatFilter, ChatRow, ChatState, DecisionFilter, DueInbox, DueReplies, HostTimer, MessageKey, MessageRow,
    OutboxRow, OutboxState, Page, ReplyName, RuleSetRow, SessionRow, TimerRow, Transaction, WaitingSetRow,
};

/// All of them.
pub(super) const ALL: &[fn(&mut Stored)] = &[
    messages,
    customers,
    chats,
    pages_of_waiting,
    timers,
    replies,
    merged,
    forgotten,
    dropped,
    several_inboxes,
    followed,
    rule_sets,
    sessions,
    old,
];

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
        assert_eq!(tx.customers_named(&names(&["US.1349", "+20100"])).unwrap(), std::slice::from_ref(&mona));
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
        assert_eq!(tx.chats_of_customer("c2").unwrap(), std::slice::from_ref(&waits));
        assert_eq!(tx.chats_of_user("ana").unwrap(), std::slice::from_ref(&had));
        assert_eq!(tx.chats_waiting(None).unwrap(), std::slice::from_ref(&waits));
        tx.rename_group("Sales", "Shop").unwrap();
        assert_eq!(tx.chats_waiting(Some("Sales")).unwrap(), []);
        let renamed = chat(4, "c2", "+1", None, "Shop");
        assert_eq!(tx.chats_waiting(Some("Shop")).unwrap(), [renamed]);
    });
    let closed = ChatRow { closed_at: Some(at(99)), ..had };
    stored.write(|tx| tx.put_chat(&closed).unwrap());
    let found = stored.read().chat("main", ChatId(3)).unwrap().unwrap();
    assert_eq!((found.closed_at, &found.chat.message.text), (Some(at(99)), &None));
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

/// Of each customer the first reply that is not settled is due, and the next once it is.
fn replies(stored: &mut Stored) {
    let first = stored.write(|tx| {
        let ids = [5, 1, 3].map(|due| tx.add_reply(&reply("+1", "c1", due)).unwrap());
        tx.add_reply(&reply("+1", "c2", 4)).unwrap();
        tx.add_reply(&reply("+2", "c1", 9)).unwrap();
        ids[0]
    });
    let due = stored.store.replies_due(10).unwrap();
    let number = |number: &str, due| DueReplies { inbox: inbox(), number: number.into(), due: at(due) };
    assert_eq!(due, [number("+1", 4), number("+2", 9)]);
    stored.write(|tx| {
        let due = |tx: &mut dyn Transaction, now| -> Vec<Timestamp> {
            tx.replies_due("+1", at(now), 10).unwrap().iter().map(|row| row.due).collect()
        };
        assert_eq!(due(tx, 9), [at(4), at(5)]);
        assert_eq!(due(tx, 4), [at(4)]);
        let mut row = tx.reply(first).unwrap().unwrap();
        (row.state, row.due, row.wamid) = (OutboxState::Sent, Timestamp::MAX, Some("wamid.A".to_owned()));
        tx.put_reply(&row).unwrap();
        assert_eq!(due(tx, 4), [at(1), at(4)]);
        assert_eq!(tx.reply_named(ReplyName::Wamid("wamid.A")).unwrap(), Some(row));
    });
    let counts = stored.read().count_replies("main").unwrap();
    assert_eq!(counts, [(OutboxState::Waiting, 4), (OutboxState::Sent, 1)]);
    stored.write_in("other", |tx| assert_eq!(tx.reply(first).unwrap(), None));
}

/// All that a customer had is another's, and the first of their replies goes first.
fn merged(stored: &mut Stored) {
    stored.write(|tx| {
        tx.put_customer(&customer("c1", &["+20100"])).unwrap();
        tx.put_customer(&customer("c2", &["US.1349"])).unwrap();
        for (id, due) in [("c2", 1), ("c1", 2), ("c2", 3)] {
            tx.add_reply(&reply("+1", id, due)).unwrap();
        }
        tx.add_log(&log(1, "m1", "c2", None)).unwrap();
        tx.put_text(&text(1, "c2", "hi")).unwrap();
        tx.put_chat(&chat(1, "c2", "+1", None, "Sales")).unwrap();
        tx.put_once("c1", "a", at(5)).unwrap();
        tx.put_once("c2", "a", at(3)).unwrap();
        tx.merge_customer("c2", "c1").unwrap();
        tx.put_customer(&customer("c1", &["+20100", "US.1349"])).unwrap();
        assert_eq!(&*tx.customer("c2").unwrap().unwrap().id, "c1");
        assert_eq!(tx.customers_named(&names(&["US.1349"])).unwrap().len(), 1);
        assert_eq!(tx.replies_due("+1", at(9), 9).unwrap().len(), 1);
        assert_eq!(&*tx.chats_of_customer("c1").unwrap()[0].chat.customer, "c1");
        assert_eq!(tx.once("c1").unwrap(), [("a".to_owned(), at(5))].into());
    });
    assert_eq!(&*stored.read().text("main", 1).unwrap().unwrap().customer, "c1");
    stored.write(|tx| {
        tx.put_customer(&customer("c3", &["+20300"])).unwrap();
        tx.merge_customer("c1", "c3").unwrap();
        for id in ["c1", "c2", "c3"] {
            assert_eq!(&*tx.customer(id).unwrap().unwrap().id, "c3");
        }
    });
    assert_eq!(&*stored.read().customer("main", "c2").unwrap().unwrap().id, "c3");
    assert_eq!(stored.read().customer("other", "c2").unwrap(), None);
}

/// The list of chats that wait goes on, whatever has become of the last one that was seen.
fn pages_of_waiting(stored: &mut Stored) {
    let waits = |id| chat(id, "c1", "+1", None, "Sales");
    stored.write(|tx| {
        for (id, priority) in [(1, "low"), (2, "urgent"), (3, "normal"), (4, "urgent")] {
            let mut row = waits(id);
            Arc::make_mut(&mut row.chat).last.step.priority =
                serde_json::from_value(json!(priority)).unwrap();
            tx.put_chat(&row).unwrap();
        }
    });
    let with_user = chat(4, "c1", "+1", Some("ana"), "Sales");
    let closed = ChatRow { closed_at: Some(at(9)), ..with_user.clone() };
    for row in [None, Some(with_user), Some(closed)] {
        if let Some(mut row) = row {
            Arc::make_mut(&mut row.chat).last.step.priority =
                serde_json::from_value(json!("urgent")).unwrap();
            stored.write(|tx| tx.put_chat(&row).unwrap());
        }
        let filter = ChatFilter { state: Some(ChatState::Waiting), ..ChatFilter::default() };
        let rows = stored.read().chats("main", &filter, Page { after: 4, limit: 9 }).unwrap();
        assert_eq!(rows.iter().map(|row| row.chat.id.0).collect::<Vec<_>>(), [3, 1]);
    }
}

/// The texts and names of a customer go, and those of others stay.
fn forgotten(stored: &mut Stored) {
    stored.write(|tx| {
        for (seq, id) in [(1, "c1"), (2, "c2")] {
            tx.add_log(&log(seq, "m", id, None)).unwrap();
            tx.put_text(&text(seq, id, "hi")).unwrap();
        }
        tx.put_chat(&chat(1, "c1", "+1", None, "Sales")).unwrap();
        tx.add_log(&log_of(3, names_now("c1", &["+20100", "US.1"]))).unwrap();
        tx.add_log(&log_of(4, names_now("c2", &["+20200"]))).unwrap();
        tx.forget_customer("c1").unwrap();
        assert_eq!(tx.chat(ChatId(1)).unwrap().unwrap().chat.message.text, None);
        assert!(tx.logged(1).unwrap().unwrap().routed.is_none());
        assert!(tx.logged(2).unwrap().unwrap().routed.is_some());
    });
    assert_eq!(stored.read().text("main", 1).unwrap(), None);
    assert_eq!(stored.read().text("main", 2).unwrap(), Some(text(2, "c2", "hi")));
    let page = Page { after: 0, limit: 9 };
    let decisions = stored.read().decisions("main", &DecisionFilter::default(), page).unwrap();
    assert_eq!(decisions.iter().map(|row| row.record.seq).collect::<Vec<_>>(), [2]);
    let entries = stored.read().log("main", Page { after: 2, limit: 9 }).unwrap();
    let records: Vec<LogRecord> = entries.into_iter().map(|row| row.record).collect();
    let expected = [log_of(3, names_now("c1", &[])), log_of(4, names_now("c2", &["+20200"]))];
    assert_eq!(records, expected.map(|row| row.record));
}

fn names_now(customer: &str, names: &[&str]) -> Value {
    json!({ "kind": "renamed", "customer": customer, "names": names })
}

/// A transaction that is dropped leaves nothing, also after another that was committed.
fn dropped(stored: &mut Stored) {
    stored.drop_after(|tx| tx.put_customer(&customer("c1", &["+20100"])).unwrap());
    let mut tx = stored.store.begin(&inbox()).unwrap();
    tx.put_customer(&customer("c2", &["+20200"])).unwrap();
    tx.commit().unwrap();
    stored.drop_after(|tx| {
        assert!(tx.customer("c2").unwrap().is_some());
        tx.put_customer(&customer("c3", &["+20200"])).unwrap();
        tx.add_log(&log(1, "m", "c3", None)).unwrap();
    });
    stored.store.sync().unwrap();
    let found = stored.read().customers("main", Page { after: 0, limit: 9 }).unwrap();
    assert_eq!(found, [customer("c2", &["+20200"])]);
    assert_eq!(stored.read().inbox("main").unwrap().seq, 0);
}

/// A reader neither sees nor waits for what is not synced.
pub(crate) fn isolated(stored: &mut Stored) {
    let page = Page { after: 0, limit: 9 };
    let mut tx = stored.store.begin(&inbox()).unwrap();
    tx.put_customer(&customer("c1", &["+20100"])).unwrap();
    assert_eq!(stored.reader.customers("main", page).unwrap(), []);
    tx.commit().unwrap();
    assert_eq!(stored.read().customers("main", page).unwrap(), []);
    stored.store.sync().unwrap();
    assert_eq!(stored.read().customers("main", page).unwrap().len(), 1);
}

/// Two inboxes are written together and keep apart. Each commit has a stamp of its own.
fn several_inboxes(stored: &mut Stored) {
    for inbox in ["main", "other", "main"] {
        let mut tx = stored.store.begin(&inbox.into()).unwrap();
        let seq = tx.inbox().unwrap().seq + 1;
        let id = format!("{inbox}{seq}");
        tx.add_log(&log(seq, &id, "c1", Some("rule"))).unwrap();
        tx.commit().unwrap();
    }
    stored.store.sync().unwrap();
    let page = Page { after: 0, limit: 9 };
    let log_of_main = stored.read().log("main", page).unwrap();
    assert_eq!(
        shown_log(&log_of_main),
        shown_log(&[log(1, "main1", "c1", Some("rule")), log(2, "main2", "c1", Some("rule"))])
    );
    assert_eq!(stored.read().log("other", page).unwrap().len(), 1);
    let stamps = ["main", "other"].map(|inbox| stored.read().inbox(inbox).unwrap().stamp);
    assert_ne!(stamps[0], stamps[1]);
}

/// Another node learns what was written: the stamp, the entries of the log, and the chats that wait.
fn followed(stored: &mut Stored) {
    let mut tx = stored.store.begin(&inbox()).unwrap();
    for (id, number, user) in [(1, "+1", None), (2, "+2", Some("bob")), (3, "+1", None), (4, "+1", None)] {
        let of = ["c1", "c1", "c2", "c3"][usize::try_from(id).unwrap() - 1];
        tx.put_customer(&customer(of, &[&format!("+2010{of}")])).unwrap();
        tx.put_chat(&chat(id, of, number, user, "Sales")).unwrap();
        tx.add_log(&log(id, &format!("m{id}"), of, None)).unwrap();
    }
    let stamp = tx.commit().unwrap();
    stored.store.sync().unwrap();
    let row = stored.read().inbox("main").unwrap();
    assert_eq!((row.seq, row.stamp, row.unlogged), (4, stamp, 0));
    let mark = stored.write(|tx| {
        assert_eq!(tx.inbox().unwrap().stamp, stamp);
        for (from, most, expected) in [(2, 9, vec![2, 3, 4]), (0, 2, vec![1, 2]), (5, 9, vec![])] {
            let found: Vec<u64> = tx.log_from(from, most).unwrap().iter().map(|record| record.seq).collect();
            assert_eq!(found, expected);
        }
        // Chat 2 is not one that waits, and its customer has another.
        for (of, expected) in [
            (None, vec![1, 3, 4]),
            (Some((&[ChatId(2), ChatId(9)][..], &["c3".into()][..])), vec![1, 4]),
            (Some((&[][..], &[][..])), vec![]),
        ] {
            let mut found = tx.waiting(of).unwrap();
            found.sort_by_key(|(row, _)| row.chat.id);
            let ids: Vec<u64> = found.iter().map(|(row, _)| row.chat.id.0).collect();
            assert_eq!(ids, expected);
            assert!(found.iter().all(|(row, customer)| row.chat.customer == customer.id));
        }
        let marks = [tx.mark_unlogged().unwrap(), tx.mark_unlogged().unwrap()];
        assert_ne!(marks[0], marks[1]);
        marks[1]
    });
    let row = stored.read().inbox("main").unwrap();
    assert_eq!((row.seq, row.unlogged), (4, mark));
    assert_ne!(row.stamp, stamp);
}

/// A rule set of this digest.
fn rule_set(digest: &str, micros: i64) -> RuleSetRow {
    let files = [("default.rules".to_owned(), format!("# {digest}"))].into();
    RuleSetRow { digest: digest.into(), files, at: at(micros), by: format!("by {digest}") }
}

/// The rule sets that were active are kept, each once, the latest first. One that waits is kept until another waits
/// or becomes active, and is not among them before it is active.
fn rule_sets(stored: &mut Stored) {
    let page = |after, limit| Page { after, limit };
    let digests = |stored: &mut Stored, page| -> Vec<Arc<str>> {
        let heads = stored.read().rule_sets("main", page).unwrap();
        heads.into_iter().map(|head| head.digest).collect()
    };
    let waiting = |stored: &mut Stored| {
        let waiting = stored.read().inbox("main").unwrap().waiting;
        waiting.map(|WaitingSetRow { digest, differences }| (digest.to_string(), differences))
    };
    let is_kept = |stored: &mut Stored, digest| stored.read().rule_set("main", digest).unwrap().is_some();
    let all = page(0, 9);
    assert!(digests(stored, all).is_empty());
    for (digest, since) in [("a", 1), ("b", 2), ("c", 3), ("a", 4)] {
        stored.write(|tx| tx.activate(&rule_set(digest, since)).unwrap());
    }
    assert_eq!(digests(stored, all), ["a", "c", "b"].map(Arc::from));
    assert_eq!(digests(stored, page(0, 1)), [Arc::from("a")]);
    let heads = stored.read().rule_sets("main", all).unwrap();
    assert_eq!((heads[0].at, &*heads[0].by, heads[2].at), (at(4), "by a", at(2)));
    assert_eq!(digests(stored, page(heads[0].seq, 9)), ["c", "b"].map(Arc::from));
    assert!(digests(stored, page(heads[2].seq, 9)).is_empty());
    // One that waits is in nobody's way, and not among those that were active.
    stored.write(|tx| {
        tx.put_waiting(Some((&rule_set("d", 5), 3))).unwrap();
        assert_eq!(tx.rule_set("d").unwrap(), Some(rule_set("d", 5)));
    });
    assert_eq!((waiting(stored), digests(stored, all).len()), (Some(("d".to_owned(), 3)), 3));
    stored.drop_after(|tx| tx.put_waiting(None).unwrap());
    assert!(waiting(stored).is_some() && is_kept(stored, "d"));
    // Another takes its place, here one that was active; then none waits.
    stored.write(|tx| tx.put_waiting(Some((&rule_set("b", 6), 0))).unwrap());
    assert_eq!((waiting(stored), is_kept(stored, "d")), (Some(("b".to_owned(), 0)), false));
    assert_eq!(stored.read().rule_set("main", "b").unwrap().unwrap().at, at(2));
    stored.write(|tx| tx.put_waiting(None).unwrap());
    assert_eq!((waiting(stored), is_kept(stored, "b")), (None, true));
    // It becomes active, or others do.
    for (digest, active) in [("e", "e"), ("f", "c")] {
        stored.write(|tx| tx.put_waiting(Some((&rule_set(digest, 7), 1))).unwrap());
        stored.write(|tx| tx.activate(&rule_set(active, 8)).unwrap());
        assert_eq!((waiting(stored), &*digests(stored, all)[0]), (None, active));
    }
    assert_eq!((is_kept(stored, "e"), is_kept(stored, "f"), digests(stored, all).len()), (true, false, 4));
    assert!(stored.read().rule_sets("other", all).unwrap().is_empty());
}

/// Sessions are kept until they are deleted, or have ended.
fn sessions(stored: &mut Stored) {
    let now = stored.store.now().unwrap();
    let in_seconds = |seconds| as_stored(now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap());
    let session = |first, seconds| SessionRow {
        hash: [first; 32],
        token: [200; 32],
        created: as_stored(now),
        expires: in_seconds(seconds),
    };
    for (first, seconds) in [(0, 600), (1, 600), (2, -1), (255, 1200)] {
        stored.store.put_session(&session(first, seconds)).unwrap();
    }
    stored.store.put_session(&session(1, 900)).unwrap();
    stored.store.delete_session(&[0; 32]).unwrap();
    stored.store.delete_session(&[9; 32]).unwrap();
    stored.store.sync().unwrap();
    for (first, seconds) in [(1, 900), (2, -1), (255, 1200)] {
        assert_eq!(stored.read().session(&[first; 32]).unwrap(), Some(session(first, seconds)));
    }
    assert_eq!(stored.read().session(&[0; 32]).unwrap(), None);
    while stored.store.expire(0, at(0), at(0)).unwrap() {}
    stored.store.sync().unwrap();
    let left =
        |stored: &mut Stored| [1, 2, 255].map(|first| stored.read().session(&[first; 32]).unwrap().is_some());
    assert_eq!(left(stored), [true, false, true]);
    // Only those of a token that is known stay.
    stored.store.put_session(&SessionRow { token: [201; 32], ..session(2, 600) }).unwrap();
    for (tokens, expected) in [
        (&[[200; 32], [201; 32]][..], [true, true, true]),
        (&[[201; 32], [9; 32]], [false, true, false]),
        (&[], [false, false, false]),
    ] {
        stored.store.retain_sessions(tokens).unwrap();
        stored.store.sync().unwrap();
        assert_eq!(left(stored), expected);
    }
}

/// What is too old goes, piece by piece, and by day where it is kept by day; what is not stays.
fn old(stored: &mut Stored) {
    // The moment so many microseconds after the beginning of a day.
    let on = |day: i64, micros: i64| Timestamp::from_microsecond((20_775 + day) * DAY + micros).unwrap();
    stored.write(|tx| {
        for seq in 1..=3000_u64 {
            let mut entry = log(seq, "m", "c1", None);
            let position = i64::try_from(seq).unwrap();
            entry.record.at = on((position - 1) / 1000, position);
            tx.add_log(&entry).unwrap();
            tx.put_text(&text(seq, "c1", "hi")).unwrap();
            let [first, second, ..] = seq.to_le_bytes();
            let mut hash = [0; 16];
            (hash[0], hash[1]) = (first, second);
            let day = if seq <= 1500 { 5 } else { 6 };
            tx.put_message(&MessageKey { day, hash }, MessageRow { seq, held: false }).unwrap();
        }
        let open = tx.add_reply(&OutboxRow { at: on(0, 0), ..reply("+1", "c1", 1) }).unwrap();
        let settled = |at| OutboxRow { state: OutboxState::Returned, at, ..reply("+1", "c1", 1) };
        assert_eq!(tx.add_reply(&settled(on(0, 0))).unwrap(), open + 1);
        tx.add_reply(&settled(on(2, 0))).unwrap();
        let closed = chat(1, "c1", "+1", None, "Sales");
        tx.put_chat(&ChatRow { closed_at: Some(on(0, 10)), ..closed }).unwrap();
    });
    let mut calls = 0;
    while stored.store.expire(6, on(2, 0), on(1, 0)).unwrap() {
        stored.store.sync().unwrap();
        calls += 1;
        assert!(calls < 100);
    }
    stored.store.sync().unwrap();
    let read = stored.read();
    let all = Page { after: 0, limit: 9000 };
    assert_eq!(read.log("main", all).unwrap().len(), 2000);
    let page = Page { after: 1990, limit: 20 };
    let seqs: Vec<u64> = read.log("main", page).unwrap().iter().map(|row| row.record.seq).collect();
    assert_eq!(seqs, (1991..=2010).collect::<Vec<_>>());
    let texts = [1000, 2000, 2001, 3000].map(|seq| read.text("main", seq).unwrap().is_some());
    assert_eq!(texts, [false, false, true, true]);
    assert_eq!(read.replies("main", None, all).unwrap().len(), 2);
    assert_eq!(read.chat("main", ChatId(1)).unwrap(), None);
    let key = |day, seq: u16| {
        let mut hash = [0; 16];
        (hash[0], hash[1]) = seq.to_le_bytes().into();
        MessageKey { day, hash }
    };
    stored.write(|tx| {
        assert_eq!(tx.message(&key(5, 1500)).unwrap(), None);
        assert!(tx.message(&key(6, 1501)).unwrap().is_some());
    });
}

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;
