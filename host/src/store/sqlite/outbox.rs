//! Replies on their way out. Of each customer and number one row is marked as the first that is not settled,
//! so that those which can be tried are found without looking at what waits behind them.

use std::sync::Arc;

use inbox_rules::ChatId;
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use super::keys::{InboxKey, as_integer, chat_number, customer_id, micros, moment, moment_or_none};
use super::log::limit;
use super::query::{all, one, run};
use crate::store::columns::{CountChanges, count, state_code, state_of};
use crate::store::{DueReplies, OutboxRow, OutboxState, Page, ReplyName, StoreError};

/// Writes the last id that a reply has had.
pub(super) fn write_last_id(db: &Connection, id: i64) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO outbox_counts VALUES (0, 0, ?) ON CONFLICT DO UPDATE SET n = excluded.n";
    run(db, SQL, [id])?;
    Ok(())
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, customer, chat, seq, caller_id, recipient, text, state, due, lease, tries, ",
            "wamid, code, expires, at FROM outbox WHERE ",
            $rest
        )
    };
}

fn outbox_row(row: &Row<'_>) -> Result<OutboxRow, StoreError> {
    Ok(OutboxRow {
        id: row.get::<_, i64>(0)?.cast_unsigned(),
        number: row.get(1)?,
        customer: customer_id(row.get(2)?).into(),
        chat: row.get::<_, Option<i64>>(3)?.map(|id| ChatId(id.cast_unsigned())),
        seq: row.get::<_, Option<i64>>(4)?.map(i64::cast_unsigned),
        caller_id: row.get(5)?,
        recipient: row.get(6)?,
        text: row.get(7)?,
        state: state_of(row.get(8)?)?,
        due: moment(row.get(9)?)?,
        lease: moment_or_none(row.get(10)?)?,
        tries: row.get(11)?,
        wamid: row.get(12)?,
        code: row.get(13)?,
        expires: moment(row.get(14)?)?,
        at: moment(row.get(15)?)?,
    })
}

/// The reply with this id.
pub(super) fn by_id(db: &Connection, inbox: InboxKey, id: u64) -> Result<Option<OutboxRow>, StoreError> {
    one(db, select!("id = ? AND inbox = ?"), (as_integer(id), inbox.0), outbox_row)
}

/// The reply with this id of WhatsApp, or of a caller.
pub(super) fn by_name(
    db: &Connection,
    inbox: InboxKey,
    name: ReplyName<'_>,
) -> Result<Option<OutboxRow>, StoreError> {
    match name {
        ReplyName::Wamid(wamid) => one(db, select!("inbox = ? AND wamid = ?"), (inbox.0, wamid), outbox_row),
        ReplyName::Caller(chat, id) => {
            let key = (inbox.0, chat_number(chat), id);
            one(db, select!("inbox = ? AND chat = ? AND caller_id = ?"), key, outbox_row)
        }
    }
}

/// The replies of a decision.
pub(super) fn of_decision(db: &Connection, inbox: InboxKey, seq: u64) -> Result<Vec<OutboxRow>, StoreError> {
    all(db, select!("inbox = ? AND seq = ? ORDER BY id"), (inbox.0, as_integer(seq)), outbox_row)
}

/// The replies to a customer from a number.
pub(super) fn to_customer(
    db: &Connection,
    inbox: InboxKey,
    customer: &str,
    number: &str,
) -> Result<Vec<OutboxRow>, StoreError> {
    let Some(customer) = inbox.customer(customer) else { return Ok(Vec::new()) };
    all(db, select!("customer = ? AND number = ? ORDER BY id"), (customer, number), outbox_row)
}

/// Replies by id.
pub(super) fn list(
    db: &Connection,
    inbox: InboxKey,
    state: Option<OutboxState>,
    page: Page,
) -> Result<Vec<OutboxRow>, StoreError> {
    const SQL: &str = select!("inbox = ? AND state = ? AND id > ? ORDER BY id LIMIT ?");
    let mut found = Vec::new();
    // An index holds the replies of each state by id.
    for one in OutboxState::ALL.iter().filter(|one| state.is_none_or(|state| state == **one)) {
        let params = (inbox.0, state_code(*one), as_integer(page.after), limit(page));
        found.extend(all(db, SQL, params, outbox_row)?);
    }
    found.sort_unstable_by_key(|row| row.id);
    found.truncate(page.limit);
    Ok(found)
}

/// How many replies are in each state.
pub(super) fn counts(db: &Connection, inbox: InboxKey) -> Result<Vec<(OutboxState, u64)>, StoreError> {
    const SQL: &str = "SELECT state, n FROM outbox_counts WHERE inbox = ? AND n > 0 ORDER BY state";
    all(db, SQL, [inbox.0], |row| Ok((state_of(row.get(0)?)?, row.get::<_, i64>(1)?.cast_unsigned())))
}

/// Writes how many replies are in each state.
pub(super) fn write_counts(db: &Connection, inbox: i64, changes: &CountChanges) -> Result<(), StoreError> {
    const SQL: &str =
        "INSERT INTO outbox_counts VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n";
    for (code, by) in (0_i16..).zip(changes).filter(|(_, by)| **by != 0) {
        run(db, SQL, (inbox, code, by))?;
    }
    Ok(())
}

/// The last id that a reply has had.
pub(super) fn last_id(db: &Connection) -> Result<i64, StoreError> {
    let last =
        one(db, "SELECT n FROM outbox_counts WHERE inbox = 0 AND state = 0", [], |row| Ok(row.get(0)?))?;
    Ok(last.unwrap_or_default())
}

/// The replies that can be tried, the earliest first.
pub(super) fn due(
    db: &Connection,
    inbox: InboxKey,
    number: &str,
    now: Timestamp,
    most: usize,
) -> Result<Vec<OutboxRow>, StoreError> {
    const SQL: &str = select!("first = 1 AND inbox = ? AND number = ? AND due <= ? ORDER BY due, id LIMIT ?");
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    all(db, SQL, (inbox.0, number, micros(now), most), outbox_row)
}

/// The earliest moments of the numbers.
pub(super) fn due_numbers(db: &Connection, most: usize) -> Result<Vec<DueReplies>, StoreError> {
    const NEXT: &str = "SELECT inbox, number, due FROM outbox
        WHERE first = 1 AND (inbox, number) > (?, ?) ORDER BY inbox, number, due LIMIT 1";
    let mut found: Vec<(i64, Arc<str>, i64)> = Vec::new();
    let mut next = (0, Arc::from(""));
    while let Some(row) = one(db, NEXT, (next.0, &next.1), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
    {
        next = (row.0, Arc::clone(&row.1));
        found.push(row);
    }
    found.sort_by_key(|(.., due)| *due);
    found.truncate(most);
    let rows = found.into_iter().map(|(inbox, number, due)| {
        let name = one(db, "SELECT name FROM inboxes WHERE inbox = ?", [inbox], |row| Ok(row.get(0)?))?;
        let inbox = name.ok_or_else(|| StoreError::Damaged(format!("a reply of inbox {inbox}")))?;
        Ok(DueReplies { inbox, number, due: moment(due)? })
    });
    rows.collect()
}

/// Adds a reply, with an id after all others.
pub(super) fn add(
    db: &Connection,
    inbox: InboxKey,
    id: i64,
    row: &OutboxRow,
    changes: &mut CountChanges,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO outbox (id, inbox, number, customer, settled, first, state, chat, seq,
            caller_id, recipient, text, due, lease, tries, wamid, code, expires, at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let customer = inbox.customer_to_write(&row.customer)?;
    let first = !row.is_settled() && first_unsettled(db, customer, &row.number)?.is_none();
    let (state, chat) = (state_code(row.state), row.chat.map(chat_number));
    let seq = row.seq.map(as_integer);
    let (due, lease) = (micros(row.due), row.lease.map(micros));
    let (expires, at) = (micros(row.expires), micros(row.at));
    let params = rusqlite::params![
        id,
        inbox.0,
        row.number,
        customer,
        row.is_settled(),
        first,
        state,
        chat,
        seq,
        row.caller_id,
        row.recipient,
        row.text,
        due,
        lease,
        row.tries,
        row.wamid,
        row.code,
        expires,
        at
    ];
    run(db, SQL, params)?;
    count(changes, state, 1);
    Ok(())
}

/// Changes a reply.
pub(super) fn put(
    db: &Connection,
    inbox: InboxKey,
    row: &OutboxRow,
    changes: &mut CountChanges,
) -> Result<(), StoreError> {
    const BEFORE: &str = "SELECT customer, number, settled, state FROM outbox WHERE id = ? AND inbox = ?";
    const SQL: &str = "UPDATE outbox SET settled = ?, state = ?, recipient = ?, text = ?, due = ?, lease = ?,
        tries = ?, wamid = ?, code = ?, expires = ? WHERE id = ?";
    let id = as_integer(row.id);
    let before = one(db, BEFORE, (id, inbox.0), |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, Arc<str>>(1)?, row.get::<_, bool>(2)?, row.get(3)?))
    })?;
    let Some((customer, number, was_settled, state_before)) = before else { return Ok(()) };
    let state = state_code(row.state);
    let (due, lease, expires) = (micros(row.due), row.lease.map(micros), micros(row.expires));
    let params = rusqlite::params![
        row.is_settled(),
        state,
        row.recipient,
        row.text,
        due,
        lease,
        row.tries,
        row.wamid,
        row.code,
        expires,
        id
    ];
    if was_settled == row.is_settled() {
        run(db, SQL, params)?;
    } else {
        let first_before = first_unsettled(db, customer, &number)?;
        run(db, SQL, params)?;
        mark_first(db, customer, &number, &[first_before])?;
    }
    count(changes, state_before, -1);
    count(changes, state, 1);
    Ok(())
}

fn first_unsettled(db: &Connection, customer: i64, number: &str) -> Result<Option<i64>, StoreError> {
    const SQL: &str =
        "SELECT id FROM outbox WHERE customer = ? AND number = ? AND settled = 0 ORDER BY id LIMIT 1";
    one(db, SQL, (customer, number), |row| Ok(row.get(0)?))
}

/// Marks the first reply to a customer that is not settled, instead of those that were marked.
fn mark_first(
    db: &Connection,
    customer: i64,
    number: &str,
    marked: &[Option<i64>],
) -> Result<(), StoreError> {
    const MARK: &str = "UPDATE outbox SET first = ? WHERE id = ?";
    let first = first_unsettled(db, customer, number)?;
    for marked in marked.iter().filter(|marked| **marked != first).flatten() {
        run(db, MARK, (false, marked))?;
    }
    if let Some(first) = first.filter(|_| !marked.contains(&first)) {
        run(db, MARK, (true, first))?;
    }
    Ok(())
}

/// The replies to a customer become those to another.
pub(super) fn merge(db: &Connection, from: i64, into: i64) -> Result<(), StoreError> {
    const NUMBERS: &str = "SELECT DISTINCT number FROM outbox WHERE customer = ? AND settled = 0";
    let numbers: Vec<String> = all(db, NUMBERS, [from], |row| Ok(row.get(0)?))?;
    let marked = numbers
        .iter()
        .map(|number| Ok([first_unsettled(db, from, number)?, first_unsettled(db, into, number)?]));
    let marked: Vec<_> = marked.collect::<Result<_, StoreError>>()?;
    run(db, "UPDATE outbox SET customer = ? WHERE customer = ?", (into, from))?;
    numbers.iter().zip(marked).try_for_each(|(number, marked)| mark_first(db, into, number, &marked))
}

/// Forgets what was sent to a customer, and where.
pub(super) fn forget_customer(db: &Connection, customer: i64) -> Result<(), StoreError> {
    run(db, "UPDATE outbox SET text = '', recipient = '' WHERE customer = ? AND settled = 1", [customer])?;
    Ok(())
}
