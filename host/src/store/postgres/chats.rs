//! Chats.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::desk::ChatRecord;
use tokio_postgres::Row;

use super::database::Database;
use super::keys::{InboxNumber, customer_id, customer_key, customer_to_write};
use super::log::limit;
use super::query::{Query, ReadRow};
use super::text::PgText;
use crate::incoming::SendBy;
use crate::store::columns::{as_integer, as_stored, chat_number, micros, rank, without_content};
use crate::store::{ChatFilter, ChatRow, ChatState, Page, StoreError};

/// A chat, and since when it has waited, or did last.
#[derive(Clone)]
pub(super) struct KnownChat {
    row: ChatRow,
    customer: i64,
    rank: i16,
    since: i64,
}

/// The chats that a transaction knows, and those that it has written.
#[derive(Default)]
pub(super) struct ChatWrites {
    /// By id; `None`: there is none.
    known: HashMap<i64, Option<KnownChat>>,
    /// The chats that a customer has or had, all of them known.
    of_customer: HashMap<i64, BTreeSet<i64>>,
    /// The customers whose open chats are all known.
    complete: HashSet<i64>,
    changed: BTreeSet<i64>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.customer, c.number, c.by_caller, c.resume_at, c.closed_at, c.since, c.rank, c.body FROM ",
            $rest
        )
    };
}

fn known_chat(row: &Row) -> Result<(i64, KnownChat), StoreError> {
    let mut chat: ChatRecord = serde_json::from_str(&row.text(8)?)?;
    // The customer may have been merged into another.
    let key: i64 = row.value(1)?;
    if customer_key(&chat.customer) != Some(key) {
        chat.customer = customer_id(key).into();
    }
    let send = if row.value(3)? { SendBy::Caller } else { SendBy::WhatsApp };
    let (resume_at, closed_at) = (row.moment_or_none(4)?, row.moment_or_none(5)?);
    let of_chat = ChatRow { chat: Arc::new(chat), number: row.shared(2)?, send, closed_at, resume_at };
    Ok((row.value(0)?, KnownChat { row: of_chat, customer: key, rank: row.value(7)?, since: row.value(6)? }))
}

fn chat_row(row: &Row) -> Result<ChatRow, StoreError> {
    Ok(known_chat(row)?.1.row)
}

/// Asks for the open chats of the customers with these names.
pub(super) fn by_names(inbox: InboxNumber, names: &[Arc<str>]) -> Query<'_> {
    const SQL: &str = select!(
        "unnest($2::text[]) w (name),
            LATERAL (SELECT customer FROM names WHERE inbox = $1 AND name = w.name OFFSET 0) n,
            LATERAL (SELECT * FROM chats WHERE inbox = $1 AND customer = n.customer AND closed_at IS NULL OFFSET 0) c"
    );
    Query::new(SQL).with(inbox.0).with(names.iter().map(|name| PgText(&**name)).collect::<Vec<_>>())
}

/// Asks for the open chats of customers.
pub(super) fn by_customers(inbox: InboxNumber, customers: Vec<i64>) -> Query<'static> {
    const SQL: &str = select!(
        "unnest($2::bigint[]) w (id),
            LATERAL (SELECT * FROM chats WHERE inbox = $1 AND customer = w.id AND closed_at IS NULL OFFSET 0) c"
    );
    Query::new(SQL).with(inbox.0).with(customers)
}

/// Asks for a chat, open or closed.
pub(super) fn by_id(inbox: InboxNumber, id: ChatId) -> Query<'static> {
    const SQL: &str = select!("chats c WHERE c.inbox = $1 AND c.id = $2");
    Query::new(SQL).with(inbox.0).with(chat_number(id))
}

/// The chat with this id, open or closed.
pub(super) fn read(db: &mut Database, inbox: InboxNumber, id: ChatId) -> Result<Option<ChatRow>, StoreError> {
    db.ask_one(by_id(inbox, id))?.first().map(chat_row).transpose()
}

/// Asks for the open chats of a user.
pub(super) fn by_user(inbox: InboxNumber, user: &str) -> Query<'_> {
    const SQL: &str =
        select!("chats c WHERE c.inbox = $1 AND c.\"user\" = $2 AND c.closed_at IS NULL ORDER BY c.id");
    Query::new(SQL).with(inbox.0).with_text(user)
}

/// Asks for the chats that wait of these customers, and of the customers of these chats.
pub(super) fn that_wait_of(inbox: InboxNumber, chats: &[ChatId], customers: Vec<i64>) -> Query<'static> {
    const SQL: &str = select!(
        "chats c WHERE c.inbox = $1 AND c.\"user\" IS NULL AND c.closed_at IS NULL AND c.customer = ANY(
            $2::bigint[] || ARRAY(SELECT o.customer FROM chats o WHERE o.inbox = $1 AND o.id = ANY($3)))"
    );
    let chats: Vec<_> = chats.iter().map(|chat| chat_number(*chat)).collect();
    Query::new(SQL).with(inbox.0).with(customers).with(chats)
}

/// Asks for the chats that wait, in the queue of a group or anywhere.
pub(super) fn that_wait(inbox: InboxNumber, group: Option<&str>) -> Query<'_> {
    const SQL: &str = select!(
        "chats c WHERE c.inbox = $1 AND c.\"user\" IS NULL AND c.closed_at IS NULL
            AND ($2::text IS NULL OR c.grp = $2) ORDER BY c.rank, c.since, c.id"
    );
    Query::new(SQL).with(inbox.0).with(group.map(PgText))
}

/// Asks for the open chats of a group.
pub(super) fn by_group(inbox: InboxNumber, group: &str) -> Query<'_> {
    const SQL: &str = select!("chats c WHERE c.inbox = $1 AND c.grp = $2 AND c.closed_at IS NULL");
    Query::new(SQL).with(inbox.0).with_text(group)
}

/// How many chats wait.
pub(super) fn count_waiting(db: &mut Database, inbox: InboxNumber) -> Result<u64, StoreError> {
    const SQL: &str =
        "SELECT count(*) FROM chats WHERE inbox = $1 AND \"user\" IS NULL AND closed_at IS NULL";
    db.ask_one(Query::new(SQL).with(inbox.0))?.first().map_or(Ok(0), |row| row.count(0))
}

/// Open chats.
pub(super) fn list(
    db: &mut Database,
    inbox: InboxNumber,
    filter: &ChatFilter,
    page: Page,
) -> Result<Vec<ChatRow>, StoreError> {
    let after = as_integer(page.after);
    let mut query = Query::new("").with(inbox.0);
    let mut sql = select!("chats c WHERE c.inbox = $1 AND c.closed_at IS NULL").to_owned();
    if let Some(customer) = &filter.customer {
        let Some(key) = customer_key(customer) else { return Ok(Vec::new()) };
        query = query.with(key);
        sql += &format!(" AND c.customer = ${}", query.params.len());
    }
    for (column, name) in [("\"user\"", &filter.user), ("grp", &filter.group), ("number", &filter.number)] {
        if let Some(name) = name {
            query = query.with_text(name);
            sql += &format!(" AND c.{column} = ${}", query.params.len());
        }
    }
    if filter.state == Some(ChatState::Waiting) {
        sql += " AND c.\"user\" IS NULL";
        if let Some((rank, since)) = rank_of(db, inbox, after)? {
            query = query.with(rank).with(since).with(after);
            let last = query.params.len();
            sql += &format!(" AND (c.rank, c.since, c.id) > (${}, ${}, ${last})", last - 2, last - 1);
        }
        sql += " ORDER BY c.rank, c.since, c.id";
    } else {
        if filter.state == Some(ChatState::Open) {
            sql += " AND c.\"user\" IS NOT NULL";
        }
        query = query.with(after);
        sql += &format!(" AND c.id > ${} ORDER BY c.id", query.params.len());
    }
    query = query.with(limit(page.limit));
    sql += &format!(" LIMIT ${}", query.params.len());
    query.sql = sql.into();
    db.ask_one(query)?.iter().map(chat_row).collect()
}

/// The place of a chat among those that wait, or its last one: a list goes on after it, even if the chat is closed.
fn rank_of(db: &mut Database, inbox: InboxNumber, id: i64) -> Result<Option<(i16, i64)>, StoreError> {
    const SQL: &str = "SELECT rank, since FROM chats WHERE inbox = $1 AND id = $2";
    let rows = db.ask_one(Query::new(SQL).with(inbox.0).with(id))?;
    rows.first().map(|row| Ok((row.value(0)?, row.value(1)?))).transpose()
}

impl ChatWrites {
    pub(super) fn is_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Whether a chat is known.
    pub(super) fn knows(&self, id: i64) -> bool {
        self.known.contains_key(&id)
    }

    /// The chat, which is known.
    pub(super) fn get(&self, id: i64) -> Option<&ChatRow> {
        Some(&self.known.get(&id)?.as_ref()?.row)
    }

    /// Chats were asked for; the answer is their ids.
    pub(super) fn answered(&mut self, rows: &[Row]) -> Result<Vec<i64>, StoreError> {
        let mut ids = Vec::with_capacity(rows.len());
        for row in rows {
            let id: i64 = row.value(0)?;
            if !self.known.get(&id).is_some_and(Option::is_some) {
                let (_, chat) = known_chat(row)?;
                self.of_customer.entry(chat.customer).or_default().insert(id);
                self.known.insert(id, Some(chat));
            }
            ids.push(id);
        }
        Ok(ids)
    }

    /// A chat was asked for, and there is none.
    pub(super) fn is_missing(&mut self, id: i64) {
        self.known.entry(id).or_insert(None);
    }

    /// The open chats of these customers are all known.
    pub(super) fn complete(&mut self, customers: impl IntoIterator<Item = i64>) {
        self.complete.extend(customers);
    }

    /// The open chats of a customer, if all are known.
    pub(super) fn of_customer(&self, customer: i64) -> Option<Vec<ChatRow>> {
        self.complete.contains(&customer).then(|| {
            let ids = self.of_customer.get(&customer).into_iter().flatten();
            let chats = ids.filter_map(|id| self.known.get(id)?.as_ref());
            let open = chats.filter(|chat| chat.customer == customer && chat.row.closed_at.is_none());
            open.map(|chat| chat.row.clone()).collect()
        })
    }

    /// Adds or changes a chat, which is known. A closed one never opens again.
    pub(super) fn put(&mut self, row: &ChatRow) -> Result<(), StoreError> {
        let (id, customer) = (chat_number(row.chat.id), customer_to_write(&row.chat.customer)?);
        let before = self.known.get(&id).and_then(Option::as_ref);
        let place = match before {
            // Those that wait are listed after it.
            Some(before) if row.closed_at.is_some() => (before.rank, before.since),
            _ => {
                let since = before.map_or_else(|| micros(row.chat.opened_at), |before| before.since);
                (rank(row.chat.last.step.priority), row.chat.waiting_since.map_or(since, micros))
            }
        };
        let closed_at = row.closed_at.or(before.and_then(|before| before.row.closed_at)).map(as_stored);
        let mut row = ChatRow { closed_at, resume_at: row.resume_at.map(as_stored), ..row.clone() };
        if row.closed_at.is_some() {
            Arc::make_mut(&mut row.chat).message = without_content(&row.chat.message);
        }
        self.of_customer.entry(customer).or_default().insert(id);
        self.known.insert(id, Some(KnownChat { row, customer, rank: place.0, since: place.1 }));
        self.changed.insert(id);
        Ok(())
    }

    pub(super) fn write<'w>(
        &'w self,
        inbox: InboxNumber,
        out: &mut Vec<Query<'w>>,
    ) -> Result<(), StoreError> {
        const SQL: &str = "INSERT INTO chats SELECT $1::integer, * FROM unnest($2::bigint[], $3::bigint[], $4::text[],
                $5::text[], $6::text[], $7::smallint[], $8::bigint[], $9::boolean[], $10::bigint[], $11::bigint[],
                $12::text[])
            ON CONFLICT (inbox, id) DO UPDATE SET customer = excluded.customer, number = excluded.number,
                \"user\" = excluded.\"user\", grp = excluded.grp, rank = excluded.rank, since = excluded.since,
                by_caller = excluded.by_caller, resume_at = excluded.resume_at,
                closed_at = excluded.closed_at, body = excluded.body";
        if self.changed.is_empty() {
            return Ok(());
        }
        let rows: Vec<(i64, &KnownChat)> =
            self.changed.iter().filter_map(|id| Some((*id, self.known.get(id)?.as_ref()?))).collect();
        let texts = |of: fn(&ChatRow) -> Option<&str>| {
            rows.iter().map(|(_, chat)| of(&chat.row).map(PgText)).collect::<Vec<_>>()
        };
        let bodies = rows.iter().map(|(_, chat)| Ok(PgText(serde_json::to_string(&chat.row.chat)?)));
        out.push(
            Query::new(SQL)
                .with(inbox.0)
                .with(rows.iter().map(|(id, _)| *id).collect::<Vec<_>>())
                .with(rows.iter().map(|(_, chat)| chat.customer).collect::<Vec<_>>())
                .with(texts(|row| Some(&row.number)))
                .with(texts(|row| row.chat.user().map(|user| &**user)))
                .with(texts(|row| row.chat.group().map(|group| &**group)))
                .with(rows.iter().map(|(_, chat)| chat.rank).collect::<Vec<_>>())
                .with(rows.iter().map(|(_, chat)| chat.since).collect::<Vec<_>>())
                .with(rows.iter().map(|(_, chat)| chat.row.send == SendBy::Caller).collect::<Vec<_>>())
                .with(rows.iter().map(|(_, chat)| chat.row.resume_at.map(micros)).collect::<Vec<_>>())
                .with(rows.iter().map(|(_, chat)| chat.row.closed_at.map(micros)).collect::<Vec<_>>())
                .with(bodies.collect::<Result<Vec<_>, StoreError>>()?),
        );
        Ok(())
    }

    pub(super) fn written(&mut self) {
        self.changed.clear();
    }
}

/// The chats of a customer become those of another.
pub(super) fn merge(inbox: InboxNumber, from: i64, into: i64) -> Query<'static> {
    const SQL: &str = "UPDATE chats SET customer = $3 WHERE inbox = $1 AND customer = $2";
    Query::new(SQL).with(inbox.0).with(from).with(into)
}
