//! All that a store tells, as text, and whether parts of lists are parts of the lists.

use std::fmt::Debug;

use inbox_rules::ChatId;
use inbox_rules::desk::{CustomerName, LogRecordKind};

use super::Stored;
use super::fixtures::{at, shown_log};
use crate::store::{
    ChatFilter, ChatRow, ChatState, DecisionFilter, InboxRow, MessageKey, OutboxRow, Page, StoreError,
    StoreReader,
};

const ALL: Page = Page { after: 0, limit: usize::MAX };

/// All that a store tells of an inbox whose positions are at most `last`. A reply is called by its position
/// among these ids.
pub(super) fn shown(stored: &mut Stored, inbox: &str, last: u64, ids: &[u64]) -> Vec<String> {
    let mut out = Vec::new();
    read(stored, inbox, last, ids, &mut out);
    show(&mut out, "due", stored.store.timers_due(10));
    let mut due = stored.store.replies_due(10).unwrap();
    due.sort_by(|one, other| (&one.inbox, &one.number).cmp(&(&other.inbox, &other.number)));
    out.push(format!("due {due:?}"));
    transaction(stored, inbox, ids, &mut out);
    out
}

fn show_replies(out: &mut Vec<String>, what: &str, rows: Result<Vec<OutboxRow>, StoreError>, ids: &[u64]) {
    let numbered = |row: OutboxRow| OutboxRow { id: ids.binary_search(&row.id).unwrap() as u64, ..row };
    show(out, what, rows.map(|rows| rows.into_iter().map(numbered).collect::<Vec<_>>()));
}

fn show(out: &mut Vec<String>, what: &str, value: Result<impl Debug, StoreError>) {
    out.push(format!("{what} {:?}", value.unwrap()));
}

fn read(stored: &mut Stored, inbox: &str, last: u64, ids: &[u64], out: &mut Vec<String>) {
    let reader = &mut *stored.reader;
    let row = InboxRow { stamp: 0, unlogged: 0, ..reader.inbox(inbox).unwrap() };
    out.push(format!("{row:?}"));
    chats(reader, inbox, out);
    for id in 0..=last {
        show(out, "chat", reader.chat(inbox, ChatId(id)));
        show(out, "text", reader.text(inbox, id));
        show_replies(out, "replies of", reader.replies_of(inbox, id), ids);
        show(out, "snapshot", reader.snapshot(inbox, id));
    }
    for name in ["c1", "c2", "c3", "c4", "+20100", "US.1349", "na\u{0}me", "nobody"] {
        show(out, "customer", reader.customer(inbox, name));
    }
    show(out, "customers", reader.customers(inbox, ALL));
    show(out, "users", reader.users(inbox));
    show(out, "turns", reader.turns(inbox));
    out.extend(shown_log(&reader.log(inbox, ALL).unwrap()));
    decisions(reader, inbox, out);
    let replies = reader.replies(inbox, None, ALL).unwrap();
    let mut counts = reader.count_replies(inbox).unwrap();
    counts.sort_by_key(|(state, _)| format!("{state:?}"));
    for (state, count) in &counts {
        let mut of_state = replies.clone();
        of_state.retain(|row| row.state == *state);
        assert_eq!(of_state.len() as u64, *count);
        assert_eq!(reader.replies(inbox, Some(*state), ALL).unwrap(), of_state);
    }
    assert_pages(&replies, |row| row.id, |page| reader.replies(inbox, None, page).unwrap());
    for row in &replies {
        let is_to = |other: &&OutboxRow| (&other.customer, &other.number) == (&row.customer, &row.number);
        let expected: Vec<_> = replies.iter().filter(is_to).cloned().collect();
        assert_eq!(reader.replies_to(inbox, &row.customer, &row.number).unwrap(), expected);
    }
    out.push(format!("{counts:?}"));
    show_replies(out, "replies", Ok(replies), ids);
    show(out, "notices", reader.notices(inbox, ALL));
    show(out, "waiting", reader.count_waiting(inbox));
    let sets = reader.rule_sets(inbox, ALL).unwrap();
    assert!(sets.is_sorted_by(|later, earlier| later.seq > earlier.seq));
    assert_parts(&sets, |row| row.seq, |page| reader.rule_sets(inbox, page).unwrap());
    out.push(format!("{sets:?}"));
    for digest in 0..3 {
        show(out, "rules", reader.rule_set(inbox, &format!("sha256:{digest}")));
    }
}

/// Pages of two are the list.
fn assert_pages<T: Debug + PartialEq>(
    all: &[T],
    position: impl Fn(&T) -> u64,
    mut read: impl FnMut(Page) -> Vec<T>,
) {
    let after = assert_parts(all, position, &mut read);
    assert_eq!(read(Page { after: after.max(1_000), limit: 2 }), []);
}

/// The same, without what comes after the last one, whose position is the answer.
fn assert_parts<T: Debug + PartialEq>(
    all: &[T],
    position: impl Fn(&T) -> u64,
    mut read: impl FnMut(Page) -> Vec<T>,
) -> u64 {
    let mut after = 0;
    for expected in all.chunks(2) {
        let found = read(Page { after, limit: 2 });
        assert_eq!(found, expected);
        after = position(&expected[expected.len() - 1]);
    }
    after
}

fn chats(reader: &mut dyn StoreReader, inbox: &str, out: &mut Vec<String>) {
    let open = reader.chats(inbox, &ChatFilter::default(), ALL).unwrap();
    out.push(format!("{open:?}"));
    let filters = [
        ChatFilter { state: Some(ChatState::Open), ..ChatFilter::default() },
        ChatFilter { user: Some("ana".to_owned()), ..ChatFilter::default() },
        ChatFilter { group: Some("Sales".to_owned()), ..ChatFilter::default() },
        ChatFilter { number: Some("+1".to_owned()), customer: Some("c1".into()), ..ChatFilter::default() },
    ];
    for filter in &filters {
        let expected: Vec<_> = open.iter().filter(|row| is_meant(row, filter)).cloned().collect();
        assert_eq!(reader.chats(inbox, filter, ALL).unwrap(), expected);
        assert_pages(&expected, |row| row.chat.id.0, |page| reader.chats(inbox, filter, page).unwrap());
    }
    let filter = ChatFilter { state: Some(ChatState::Waiting), ..ChatFilter::default() };
    let mut waiting: Vec<_> = open.into_iter().filter(|row| is_meant(row, &filter)).collect();
    waiting.sort_by_key(|row| {
        let priority = row.chat.last.step.priority.unwrap_or(inbox_rules::Priority::Normal);
        (std::cmp::Reverse(priority), row.chat.waiting_since, row.chat.id)
    });
    let mut read = |page| reader.chats(inbox, &filter, page).unwrap();
    assert_eq!(read(ALL), waiting);
    for (before, expected) in waiting.iter().zip(waiting.chunks(1).skip(1)) {
        assert_eq!(read(Page { after: before.chat.id.0, limit: 1 }), expected);
    }
}

fn is_meant(row: &ChatRow, filter: &ChatFilter) -> bool {
    let is = |wanted: Option<&str>, value: Option<&str>| wanted.is_none() || wanted == value;
    is(filter.user.as_deref(), row.chat.user().map(|user| &**user))
        && is(filter.group.as_deref(), row.chat.group().map(|group| &**group))
        && is(filter.number.as_deref(), Some(&*row.number))
        && is(filter.customer.as_deref(), Some(&*row.chat.customer))
        && filter.state.is_none_or(|state| (state == ChatState::Waiting) == row.chat.user().is_none())
}

fn decisions(reader: &mut dyn StoreReader, inbox: &str, out: &mut Vec<String>) {
    let all = reader.decisions(inbox, &DecisionFilter::default(), ALL).unwrap();
    out.extend(shown_log(&all));
    for (rule, message) in [(Some("one"), None), (None, Some("m1")), (Some("two"), Some("m2"))] {
        let expected = all.iter().filter(|row| match &row.record.kind {
            LogRecordKind::Message { message: id, rule: by, .. } => {
                let by = by.as_ref().and_then(|by| by.name.as_deref());
                (rule.is_none() || rule == by) && (message.is_none() || message == id.as_deref())
            }
            _ => false,
        });
        let expected: Vec<u64> = expected.map(|row| row.record.seq).collect();
        let [rule, message] = [rule, message].map(|name| name.map(str::to_owned));
        let filter = DecisionFilter { rule, message, customer: None };
        let mut read = |page| -> Vec<u64> {
            reader.decisions(inbox, &filter, page).unwrap().iter().map(|row| row.record.seq).collect()
        };
        assert_eq!(read(ALL), expected);
        assert_pages(&expected, |seq| *seq, read);
    }
}

fn transaction(stored: &mut Stored, inbox: &str, ids: &[u64], out: &mut Vec<String>) {
    let mut tx = stored.store.begin(&inbox.into()).unwrap();
    for day in -1..6 {
        for hash in 0..3 {
            show(out, "message", tx.message(&MessageKey { day, hash: [hash; 16] }));
        }
    }
    for customer in ["c1", "c2", "c3", "c4", "c01", "x"] {
        show(out, "customer", tx.customer(customer));
        show(out, "once", tx.once(customer));
        show(out, "chats", tx.chats_of_customer(customer));
    }
    let names = ["+20100", "+20200", "US.1349"].map(|name| CustomerName::parse(name).unwrap());
    let mut found = tx.customers_named(&names).unwrap();
    found.sort_by(|one, other| one.id.cmp(&other.id));
    out.push(format!("{found:?}"));
    for user in ["ana", "bob", "cy"] {
        show(out, "of user", tx.chats_of_user(user));
    }
    let mut waiting = tx.chats_waiting(Some("Sales")).unwrap();
    waiting.sort_by_key(|row| row.chat.id);
    out.push(format!("{waiting:?}"));
    for now in [0, 7, 300] {
        let due = tx.timers_due(at(now), 100).unwrap();
        let mut due: Vec<_> = due.iter().map(|row| format!("{row:?}")).collect();
        due.sort();
        out.push(format!("{due:?}"));
        for number in ["+1", "+2"] {
            show_replies(out, "replies", tx.replies_due(number, at(now), 100), ids);
        }
    }
}
