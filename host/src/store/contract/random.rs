//! Two stores agree after random calls.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::{CustomerName, DeskTimer};
use inbox_rules::{ChatId, Presence};
use jiff::Timestamp;
use serde_json::json;

use super::Stored;
use super::fixtures::{at, chat, customer, log, log_of, reply, text};
use super::shown::shown;
use crate::store::{
    ChatRow, HostTimer, MessageKey, MessageRow, NoticeRow, OutboxState, ReplyName, RuleSetRow, TimerRow,
    Transaction, UserRow,
};

/// A call: what it is, and what it is about.
pub(crate) type Call = [u8; 4];

/// Calls in one transaction, and whether it is committed.
pub(crate) type Calls = (Vec<Call>, bool);

const NAMES: [&str; 5] = ["+20100", "+20200", "US.1349", "na\u{0}me", "\u{1f600}"];
const GROUPS: [&str; 3] = ["Sales", "Support", "Shop"];
const USERS: [&str; 3] = ["ana", "bob", "cy"];
fn of<'a>(all: &[&'a str], byte: u8) -> &'a str {
    all[usize::from(byte) % all.len()]
}

fn customer_id(byte: u8) -> String {
    format!("c{}", 1 + byte % 4)
}

/// The ids of the replies of each inbox, in their order: each store gives its own.
type ReplyIds = BTreeMap<Arc<str>, Vec<u64>>;

/// Two stores are told the same, the second in transactions of one call each, and tell the same.
pub(crate) fn agree(one: &mut Stored, other: &mut Stored, transactions: &[Calls]) {
    let mut seq = 0;
    let (mut ids, mut other_ids) = (ReplyIds::new(), ReplyIds::new());
    for (position, (calls, is_committed)) in transactions.iter().enumerate() {
        let inbox = Arc::from(if position % 4 == 3 { "other" } else { "main" });
        let first = seq + 1;
        let mut tx = one.store.begin(&inbox).unwrap();
        let mut of_inbox = ids.get(&inbox).cloned().unwrap_or_default();
        for call in calls {
            seq += 1;
            run(&mut *tx, seq, *call, &mut of_inbox);
        }
        if *is_committed {
            tx.commit().unwrap();
            ids.insert(Arc::clone(&inbox), of_inbox);
        } else {
            drop(tx);
        }
        for (seq, call) in (first..).zip(calls).filter(|_| *is_committed) {
            let mut tx = other.store.begin(&inbox).unwrap();
            run(&mut *tx, seq, *call, other_ids.entry(Arc::clone(&inbox)).or_default());
            tx.commit().unwrap();
        }
        if position % 3 == 0 {
            one.store.sync().unwrap();
        }
    }
    one.store.sync().unwrap();
    other.store.sync().unwrap();
    for inbox in ["main", "other", "none"] {
        let of = |ids: &ReplyIds| ids.get(inbox).cloned().unwrap_or_default();
        assert_same(&shown(one, inbox, seq, &of(&ids)), &shown(other, inbox, seq, &of(&other_ids)));
    }
}

fn assert_same(one: &[String], other: &[String]) {
    for (one, other) in one.iter().zip(other) {
        assert_eq!(one, other);
    }
    assert_eq!(one.len(), other.len());
}

/// Makes a call. `seq` grows with each, and `replies` are the ids of those that were added.
fn run(tx: &mut dyn Transaction, seq: u64, [kind, a, b, c]: Call, replies: &mut Vec<u64>) {
    let (id, number) = (customer_id(a), of(&["+1", "+2"], b));
    let due = at(i64::from(c) % 16);
    match kind % 10 {
        0 | 1 => run_on_log(tx, seq, [kind / 10, a, b, c]),
        2 | 3 => run_on_customers(tx, [kind / 10, a, b, c]),
        4 | 5 => run_on_chats(tx, seq, [kind / 10, a, b, c]),
        6 => run_on_timers(tx, [kind / 10, a, b, c]),
        7 => {
            let mut row = reply(number, &id, i64::from(c) % 16);
            row.caller_id = (c % 3 == 0).then(|| format!("k{}", c % 5));
            row.seq = (c % 2 == 0).then(|| seq - seq.min(u64::from(c) % 3));
            row.state = OutboxState::ALL[usize::from(c) % 2 * 7];
            replies.push(tx.add_reply(&row).unwrap());
        }
        8 => {
            let position = usize::from(a) % 12;
            if let Some(id) = replies.get(position) {
                let mut row = tx.reply(*id).unwrap().unwrap();
                row.state = OutboxState::ALL[usize::from(b) % OutboxState::ALL.len()];
                row.due = if row.is_settled() || c % 7 == 0 { Timestamp::MAX } else { due };
                row.lease = (c % 2 == 0).then_some(due);
                row.wamid = (c % 3 == 0).then(|| format!("wamid.{position}"));
                tx.put_reply(&row).unwrap();
            }
        }
        _ => run_on_figures(tx, seq, [kind / 10, a, b, c]),
    }
}

fn run_on_log(tx: &mut dyn Transaction, seq: u64, [kind, a, b, c]: Call) {
    let id = customer_id(a);
    match kind % 6 {
        0..=2 => {
            let rule = (b % 3 > 0).then(|| of(&["one", "two"], b));
            tx.add_log(&log(seq, &format!("m{}", c % 4), &id, rule)).unwrap();
            tx.put_text(&text(seq, &id, "hi \u{0} \u{1f600}")).unwrap();
        }
        3 => tx.add_log(&log_of(seq, json!({"kind": "rules", "digest": "sha256:1"}))).unwrap(),
        4 => {
            let key = MessageKey { day: i32::from(a) % 4, hash: [b % 3; 16] };
            if tx.message(&key).unwrap().is_none() {
                tx.put_message(&key, MessageRow { seq, held: c % 2 == 0 }).unwrap();
            }
        }
        _ => match c % 3 {
            0 => tx.edit_text(u64::from(a) % 16, None).unwrap(),
            1 => tx.edit_text(u64::from(a) % 16, Some("edited")).unwrap(),
            _ => tx.add_text(u64::from(a) % 16, "added").unwrap(),
        },
    }
}

fn run_on_customers(tx: &mut dyn Transaction, [kind, a, b, c]: Call) {
    let (id, other) = (customer_id(a), customer_id(b));
    match kind % 4 {
        0 | 1 => {
            let names: Vec<&str> = (0..5).filter(|bit| b >> bit & 1 == 1).map(|bit| NAMES[bit]).collect();
            let parsed: Vec<_> = names.iter().map(|name| CustomerName::parse(name).unwrap()).collect();
            for mut row in tx.customers_named(&parsed).unwrap() {
                row.names.retain(|name| !names.contains(&&**name));
                tx.put_customer(&row).unwrap();
            }
            let mut row = customer(&id, &names);
            row.last_at = (c % 3 > 0).then(|| at(i64::from(c)));
            row.tags.truncate(usize::from(c) % 2);
            tx.put_customer(&row).unwrap();
        }
        2 => {
            let rows = (tx.customer(&id).unwrap(), tx.customer(&other).unwrap());
            if let (Some(mut row), Some(gone)) = rows
                && row.id != gone.id
            {
                tx.merge_customer(&gone.id, &row.id).unwrap();
                row.names.extend(gone.names);
                tx.put_customer(&row).unwrap();
            }
        }
        _ => tx.put_once(&id, &format!("key{}", b % 3), at(i64::from(c))).unwrap(),
    }
}

fn run_on_chats(tx: &mut dyn Transaction, seq: u64, [kind, a, b, c]: Call) {
    let (id, number, group) = (customer_id(a), of(&["+1", "+2"], b), of(&GROUPS, c));
    let user = (c % 4 > 0).then(|| of(&USERS, c / 4));
    match kind % 4 {
        0 | 1 => {
            let mut row = chat(seq, &id, number, user, group);
            let priority = ["low", "normal", "high", "urgent"][usize::from(b) % 4];
            Arc::make_mut(&mut row.chat).last.step.priority = serde_json::from_value(json!(priority)).ok();
            tx.put_chat(&row).unwrap();
        }
        2 => {
            let open = tx.chats_of_customer(&id).unwrap();
            let Some(before) = open.get(usize::from(b) % open.len().max(1)) else { return };
            let row = match c % 3 {
                0 => ChatRow { closed_at: Some(at(i64::from(c))), ..before.clone() },
                1 => ChatRow { resume_at: None, ..before.clone() },
                _ => chat(before.chat.id.0, &before.chat.customer, &before.number, user, group),
            };
            tx.put_chat(&row).unwrap();
        }
        _ => tx.rename_group(group, of(&GROUPS, b)).unwrap(),
    }
}

fn run_on_timers(tx: &mut dyn Transaction, [kind, a, b, c]: Call) {
    let chat = ChatId(u64::from(a) % 4);
    let index = usize::from(b) % 2;
    let timer = HostTimer::Desk(match b % 4 {
        0 => DeskTimer::Idle { chat },
        1 => DeskTimer::Presence { user: of(&USERS, a).into() },
        _ => DeskTimer::Later { chat, seq: 1, index, too_late: c % 2 == 0 },
    });
    match kind % 4 {
        0 | 1 => tx.set_timer(&TimerRow { due: at(i64::from(c)), timer }).unwrap(),
        2 => tx.drop_timer(&timer).unwrap(),
        _ => tx.drop_timers_of(chat, c % 2 == 0).unwrap(),
    }
}

fn run_on_figures(tx: &mut dyn Transaction, seq: u64, [kind, a, b, c]: Call) {
    match kind % 6 {
        0 => tx.put_user(&UserRow {
            id: of(&USERS, a).into(),
            presence: [Presence::Online, Presence::Away, Presence::Offline][usize::from(b) % 3],
            until: (c % 2 == 0).then(|| at(i64::from(c))),
            chats: b.into(),
            last_at: None,
            capacity: (c % 3 == 0).then_some(5),
        }),
        1 => tx.put_turn(of(&GROUPS, a), (b % 3 > 0).then(|| of(&USERS, c))),
        2 => {
            let body = serde_json::value::to_raw_value(&b).unwrap();
            let customer = (c % 2 == 0).then(|| customer_id(a).into());
            let (kind, number) = ("reaction".to_owned(), Some("+1".into()));
            tx.add_notice(&NoticeRow { seq: 0, at: at(c.into()), kind, number, customer, body }).map(drop)
        }
        3 => {
            let files = [(format!("{a}.rules"), "\u{0}".to_owned())].into();
            let digest = format!("sha256:{}", b % 3).into();
            tx.activate(&RuleSetRow { digest, files, at: at(c.into()), by: "folder".to_owned() })
        }
        4 => {
            let files = [("waiting.rules".to_owned(), c.to_string())].into();
            let digest = format!("sha256:{}", b % 3).into();
            let row = RuleSetRow { digest, files, at: at(c.into()), by: "page".to_owned() };
            tx.put_waiting((a % 4 > 0).then_some((&row, a.into())))
        }
        _ => tx.put_snapshot(seq, &format!("{{{c}}}")),
    }
    .unwrap();
    assert_eq!(tx.reply_named(ReplyName::Wamid("nobody's")).unwrap(), None);
}
