//! How long what a decision reads and writes takes.

use std::sync::Arc;
use std::time::Duration;

use inbox_rules::Presence;
use inbox_rules::desk::{CustomerName, DeskTimer};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::Stored;
use super::fixtures::{at, chat, customer, inbox, log, log_of, reply, text};
use crate::store::{HostTimer, LogRow, MessageKey, MessageRow, TextRow, TimerRow, Transaction, UserRow};

/// The time of a decision, of those whose customers are new and then of those who come again. `clock` tells the time.
pub(crate) fn decision_times(
    stored: &mut Stored,
    count: u64,
    batch: u64,
    mut clock: impl FnMut() -> Timestamp,
) -> [Duration; 2] {
    [0, count].map(|first| {
        let before = clock();
        for start in (first..first + count).step_by(usize::try_from(batch).unwrap()) {
            let mut tx = stored.store.begin(&inbox()).unwrap();
            // Those who come again do not come in the order in which they came.
            let person = |position| if first == 0 { position } else { position * 7919 % count };
            let positions = start..(start + batch).min(first + count);
            let mut names = positions.clone().map(|position| name(person(position)));
            tx.prefetch(&mut positions.clone().map(key), &mut names, &mut std::iter::empty()).unwrap();
            for position in positions {
                decide(&mut *tx, position, person(position));
            }
            tx.commit().unwrap();
            stored.store.sync().unwrap();
        }
        let time: SignedDuration = clock().duration_since(before);
        Duration::try_from(time).unwrap() / u32::try_from(count).unwrap()
    })
}

fn key(position: u64) -> MessageKey {
    let mut hash = [0; 16];
    hash[..8].copy_from_slice(&position.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
    MessageKey { day: 20_000, hash }
}

fn name(person: u64) -> CustomerName {
    CustomerName::parse(&format!("+2010{person:08}")).unwrap()
}

fn decide(tx: &mut dyn Transaction, position: u64, person: u64) {
    let seq = 2 * position + 1;
    let (name, key) = (name(person), key(position));
    assert_eq!(tx.message(&key).unwrap(), None);
    let known = tx.customers_named(std::slice::from_ref(&name)).unwrap().pop();
    let is_new = known.is_none();
    let mut row = known.unwrap_or_else(|| customer(&format!("c{seq}"), &[name.as_str()]));
    row.last_at = Some(at(i64::try_from(seq).unwrap()));
    let open = tx.chats_of_customer(&row.id).unwrap().pop();
    assert_eq!(open.is_none(), is_new);
    tx.once(&row.id).unwrap();
    let user = ["ana", "bob", "cy", "dee"][usize::try_from(position % 4).unwrap()];
    let wide = serde_json::value::to_raw_value(&"x".repeat(700)).unwrap();
    tx.add_log(&LogRow {
        routed: Some(wide),
        ..log(seq, &format!("wamid.{position}"), &row.id, Some("rule"))
    })
    .unwrap();
    if is_new {
        let assigned = json!({"kind": "assigned", "chat": seq, "user": user, "group": "Sales", "by": null, "cause": "decision"});
        tx.add_log(&log_of(seq + 1, assigned)).unwrap();
    }
    tx.put_message(&key, MessageRow { seq, held: false }).unwrap();
    tx.put_text(&TextRow { facts: "x".repeat(700), ..text(seq, &row.id, "Hello, is this still there?") })
        .unwrap();
    tx.put_customer(&row).unwrap();
    let mut open = open.unwrap_or_else(|| chat(seq, &row.id, "+15550100", Some(user), "Sales"));
    Arc::make_mut(&mut open.chat).last_at = at(i64::try_from(seq).unwrap());
    tx.put_chat(&open).unwrap();
    let due = at(43_200_000_000 + i64::try_from(seq).unwrap());
    tx.set_timer(&TimerRow { due, timer: HostTimer::Desk(DeskTimer::Idle { chat: open.chat.id }) }).unwrap();
    if is_new {
        tx.add_reply(&reply("+15550100", &row.id, 1)).unwrap();
    }
    let (presence, last_at) = (Presence::Online, Some(at(1)));
    tx.put_user(&UserRow { id: user.into(), presence, until: None, chats: 1, last_at, capacity: None })
        .unwrap();
    tx.put_turn("Sales", Some(user)).unwrap();
}
