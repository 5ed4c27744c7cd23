//! Chats. Open ones and closed ones have tables of their own, so that what is searched stays small.

use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::desk::ChatRecord;
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params_from_iter};

use super::customer_cache::{CustomerCache, LONG};
use super::keys::{InboxKey, customer_id, micros, moment_or_none};
use super::log::limit;
use super::query::{all, one, run};
use crate::incoming::SendBy;
use crate::store::columns::{rank, rename_group_of, without_content};
use crate::store::{ChatFilter, ChatRow, ChatState, Page, StoreError};

/// The columns of an open chat that indexes are over. They are written only if they have changed.
#[derive(PartialEq)]
struct Indexed {
    customer: i64,
    user: Option<Arc<str>>,
    group: Option<Arc<str>>,
    rank: i64,
    waiting_since: Option<Timestamp>,
}

impl Indexed {
    fn of(inbox: InboxKey, chat: &ChatRecord) -> Result<Self, StoreError> {
        Ok(Self {
            customer: inbox.customer_to_write(&chat.customer)?,
            user: chat.user().cloned(),
            group: chat.group().cloned(),
            rank: rank(chat.last.step.priority).into(),
            waiting_since: chat.waiting_since,
        })
    }
}

macro_rules! open {
    ($rest:literal) => {
        concat!("SELECT customer, number, by_caller, resume_at, NULL, body, id FROM chats WHERE ", $rest)
    };
}

/// The order in which chats wait.
const BY_AGE: &str = " ORDER BY rank, since, id";

fn chat_row(row: &Row<'_>) -> Result<ChatRow, StoreError> {
    let body = row.get_ref(5)?.as_str().map_err(rusqlite::Error::from)?;
    let mut chat: ChatRecord = serde_json::from_str(body)?;
    // The customer may have been merged into another.
    let customer = customer_id(row.get(0)?);
    if *chat.customer != customer {
        chat.customer = customer.into();
    }
    let send = if row.get(2)? { SendBy::Caller } else { SendBy::WhatsApp };
    let (resume_at, closed_at) = (moment_or_none(row.get(3)?)?, moment_or_none(row.get(4)?)?);
    Ok(ChatRow { chat: Arc::new(chat), number: row.get(1)?, send, closed_at, resume_at })
}

/// The chat with this id, open or closed.
pub(super) fn by_id(db: &Connection, inbox: InboxKey, id: ChatId) -> Result<Option<ChatRow>, StoreError> {
    const CLOSED: &str =
        "SELECT customer, number, by_caller, resume_at, closed_at, body FROM closed_chats WHERE id = ?";
    let key = inbox.at(id.0);
    match one(db, open!("id = ?"), [key], chat_row)? {
        None => one(db, CLOSED, [key], chat_row),
        found => Ok(found),
    }
}

/// The open chats of a customer.
pub(super) fn of_customer(db: &Connection, customer: i64) -> Result<Vec<ChatRow>, StoreError> {
    all(db, open!("customer = ? ORDER BY id"), [customer], chat_row)
}

/// The open chats of a user.
pub(super) fn of_user(db: &Connection, inbox: InboxKey, user: &str) -> Result<Vec<ChatRow>, StoreError> {
    all(db, open!("inbox = ? AND user = ? ORDER BY id"), (inbox.0, user), chat_row)
}

/// The chats that wait, in the queue of a group or anywhere.
pub(super) fn waiting(
    db: &Connection,
    inbox: InboxKey,
    group: Option<&str>,
) -> Result<Vec<ChatRow>, StoreError> {
    let sql = open!("inbox = ?1 AND user IS NULL AND (?2 IS NULL OR grp = ?2)").to_owned() + BY_AGE;
    all(db, &sql, (inbox.0, group), chat_row)
}

/// How many chats wait.
pub(super) fn count_waiting(db: &Connection, inbox: InboxKey) -> Result<u64, StoreError> {
    const SQL: &str = "SELECT count(*) FROM chats WHERE inbox = ? AND user IS NULL";
    let count: Option<i64> = one(db, SQL, [inbox.0], |row| Ok(row.get(0)?))?;
    Ok(count.unwrap_or_default().cast_unsigned())
}

/// Open chats.
pub(super) fn list(
    db: &Connection,
    inbox: InboxKey,
    filter: &ChatFilter,
    page: Page,
) -> Result<Vec<ChatRow>, StoreError> {
    let after = inbox.at(page.after);
    let mut sql = open!("id > ? AND id <= ?").to_owned();
    let mut params = vec![Value::from(inbox.first()), inbox.last().into()];
    let mut add = |condition: &str, with: Vec<Value>| {
        sql += condition;
        params.extend(with);
    };
    if let Some(customer) = &filter.customer {
        let Some(key) = inbox.customer(customer) else { return Ok(Vec::new()) };
        add(" AND customer = ?", vec![key.into()]);
    }
    if let Some(user) = &filter.user {
        add(" AND inbox = ? AND user = ?", vec![inbox.0.into(), user.clone().into()]);
    }
    for (condition, name) in [(" AND grp = ?", &filter.group), (" AND number = ?", &filter.number)] {
        if let Some(name) = name {
            add(condition, vec![name.clone().into()]);
        }
    }
    let order = if filter.state == Some(ChatState::Waiting) {
        add(" AND inbox = ? AND user IS NULL", vec![inbox.0.into()]);
        if let Some((rank, since)) = rank_of(db, after)? {
            add(" AND (rank, since, id) > (?, ?, ?)", vec![rank.into(), since.into(), after.into()]);
        }
        BY_AGE
    } else {
        if filter.state == Some(ChatState::Open) {
            add(" AND +user IS NOT NULL", Vec::new());
        }
        add(" AND id > ?", vec![after.into()]);
        " ORDER BY id"
    };
    sql += order;
    sql += " LIMIT ?";
    params.push(limit(page).into());
    all(db, &sql, params_from_iter(params), chat_row)
}

/// The place of a chat among those that wait, or its last one: a list goes on after it, even if the chat is closed.
fn rank_of(db: &Connection, key: i64) -> Result<Option<(i64, i64)>, StoreError> {
    const SQL: &str = "SELECT rank, since FROM chats WHERE id = ?1
        UNION ALL SELECT rank, since FROM closed_chats WHERE id = ?1 AND rank IS NOT NULL LIMIT 1";
    one(db, SQL, [key], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
}

/// Adds or changes a chat. A closed one never opens again.
pub(super) fn put(
    db: &Connection,
    inbox: InboxKey,
    row: &ChatRow,
    cache: &mut CustomerCache,
) -> Result<(), StoreError> {
    let key = inbox.at(row.chat.id.0);
    let now = Indexed::of(inbox, &row.chat)?;
    let body = serde_json::to_string(&row.chat)?;
    if let Some(closed_at) = row.closed_at {
        close(db, key, now.customer, row, closed_at)?;
    } else if is_indexed_so(inbox, row, &now, cache)? {
        const SQL: &str = "UPDATE chats SET number = ?, by_caller = ?, resume_at = ?, body = ? WHERE id = ?";
        let resume_at = row.resume_at.map(micros);
        run(db, SQL, (&row.number, row.send == SendBy::Caller, resume_at, &body, key))?;
    } else {
        write(db, inbox, key, row, &now, &body)?;
    }
    cache.put_chat(now.customer, row, body.len() > LONG);
    Ok(())
}

/// Whether the cache says that the chat is in the indexes like this.
fn is_indexed_so(
    inbox: InboxKey,
    row: &ChatRow,
    now: &Indexed,
    cache: &CustomerCache,
) -> Result<bool, StoreError> {
    let chats = cache.chats(now.customer).unwrap_or_default();
    let before = chats.iter().find(|before| before.chat.id == row.chat.id);
    let before = before.map(|before| Indexed::of(inbox, &before.chat)).transpose()?;
    Ok(before.as_ref() == Some(now))
}

fn write(
    db: &Connection,
    inbox: InboxKey,
    key: i64,
    row: &ChatRow,
    now: &Indexed,
    body: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO chats (id, customer, number, inbox, user, grp, rank, since,
            by_caller, resume_at, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(?8, ?12), ?9, ?10, ?11)
        ON CONFLICT DO UPDATE SET customer = excluded.customer, number = excluded.number,
            user = excluded.user, grp = excluded.grp, rank = excluded.rank,
            since = coalesce(?8, since), by_caller = excluded.by_caller, resume_at = excluded.resume_at,
            body = excluded.body";
    let Indexed { customer, user, group, rank, waiting_since } = now;
    let (since, opened_at) = (waiting_since.map(micros), micros(row.chat.opened_at));
    let (by_caller, resume_at) = (row.send == SendBy::Caller, row.resume_at.map(micros));
    let number = &row.number;
    run(
        db,
        SQL,
        (key, customer, number, inbox.0, user, group, rank, since, by_caller, resume_at, body, opened_at),
    )?;
    Ok(())
}

fn close(
    db: &Connection,
    key: i64,
    customer: i64,
    row: &ChatRow,
    closed_at: Timestamp,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO closed_chats VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET customer = excluded.customer, number = excluded.number,
            by_caller = excluded.by_caller, closed_at = excluded.closed_at, resume_at = excluded.resume_at,
            body = excluded.body";
    let (rank, since) = rank_of(db, key)?.unzip();
    run(db, "DELETE FROM chats WHERE id = ?", [key])?;
    let chat = ChatRecord { message: without_content(&row.chat.message), ..ChatRecord::clone(&row.chat) };
    let (by_caller, resume_at) = (row.send == SendBy::Caller, row.resume_at.map(micros));
    let body = serde_json::to_string(&chat)?;
    let closed_at = micros(closed_at);
    run(db, SQL, (key, customer, &row.number, by_caller, closed_at, resume_at, body, rank, since))?;
    Ok(())
}

/// Forgets what a customer wrote in the open chats.
pub(super) fn forget_content(db: &Connection, customer: i64) -> Result<(), StoreError> {
    for row in of_customer_with_keys(db, customer)? {
        let (key, mut row) = row;
        Arc::make_mut(&mut row.chat).message = without_content(&row.chat.message);
        write_body(db, key, &row.chat)?;
    }
    Ok(())
}

fn of_customer_with_keys(db: &Connection, customer: i64) -> Result<Vec<(i64, ChatRow)>, StoreError> {
    all(db, open!("customer = ?"), [customer], |row| Ok((row.get(6)?, chat_row(row)?)))
}

fn write_body(db: &Connection, key: i64, chat: &ChatRecord) -> Result<(), StoreError> {
    run(db, "UPDATE chats SET body = ? WHERE id = ?", (serde_json::to_string(chat)?, key))?;
    Ok(())
}

/// The chats of a customer become those of another.
pub(super) fn merge(
    db: &Connection,
    from: i64,
    into: i64,
    cache: &mut CustomerCache,
) -> Result<(), StoreError> {
    run(db, "UPDATE chats SET customer = ? WHERE customer = ?", (into, from))?;
    run(db, "UPDATE closed_chats SET customer = ? WHERE customer = ?", (into, from))?;
    cache.remove(from);
    cache.remove(into);
    Ok(())
}

/// Gives a group another name in the open chats.
pub(super) fn rename_group(
    db: &Connection,
    inbox: InboxKey,
    from: &str,
    to: &Arc<str>,
    cache: &mut CustomerCache,
) -> Result<(), StoreError> {
    let found =
        all(db, open!("inbox = ? AND grp = ?"), (inbox.0, from), |row| Ok((row.get(6)?, chat_row(row)?)))?;
    for (key, mut row) in found {
        rename_group_of(Arc::make_mut(&mut row.chat), to);
        let body = serde_json::to_string(&row.chat)?;
        write(db, inbox, key, &row, &Indexed::of(inbox, &row.chat)?, &body)?;
    }
    cache.remove_chats();
    Ok(())
}
