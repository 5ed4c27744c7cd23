//! Replies on their way out. Of each customer and number one row is marked as the first that is not settled,
//! so that those which can be tried are found without looking at what waits behind them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use inbox_rules::ChatId;
use jiff::Timestamp;
use tokio_postgres::Row;

use super::database::Database;
use super::keys::{InboxNumber, customer_id, customer_key, customer_to_write};
use super::log::limit;
use super::query::{Query, ReadRow};
use super::text::PgText;
use crate::store::columns::{
    CountChanges, as_integer, as_stored, chat_number, count, micros, state_code, state_of,
};
use crate::store::{DueReplies, OutboxRow, OutboxState, Page, ReplyName, StoreError};

/// The replies that a transaction knows, and those that it has written.
#[derive(Default)]
pub(super) struct ReplyWrites {
    /// By id, with the number of the customer; `None`: there is none.
    known: HashMap<i64, Option<(OutboxRow, i64)>>,
    added: BTreeSet<i64>,
    changed: BTreeSet<i64>,
    /// The customers and numbers of which another reply may be the first.
    moved: BTreeSet<(i64, Arc<str>)>,
    counts: CountChanges,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, number, customer, chat, seq, caller_id, recipient, text, state, due, lease, tries, ",
            "wamid, code, expires, at FROM outbox WHERE inbox = $1 AND ",
            $rest
        )
    };
}

fn outbox_row(row: &Row) -> Result<OutboxRow, StoreError> {
    Ok(OutboxRow {
        id: row.count(0)?,
        number: row.shared(1)?,
        customer: customer_id(row.value(2)?).into(),
        chat: row.count_or_none(3)?.map(ChatId),
        seq: row.count_or_none(4)?,
        caller_id: row.text_or_none(5)?,
        recipient: row.shared(6)?,
        text: row.text(7)?,
        state: state_of(row.value(8)?)?,
        due: row.moment(9)?,
        lease: row.moment_or_none(10)?,
        tries: u32::try_from(row.value::<i64>(11)?).unwrap_or(u32::MAX),
        wamid: row.text_or_none(12)?,
        code: row.value(13)?,
        expires: row.moment(14)?,
        at: row.moment(15)?,
    })
}

/// The id of a reply as it is stored. One that no reply can have is nobody's.
pub(super) fn key(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(-1)
}

/// Asks for replies by their ids.
pub(super) fn by_ids(inbox: InboxNumber, ids: Vec<i64>) -> Query<'static> {
    Query::new(select!("id = ANY($2)")).with(inbox.0).with(ids)
}

/// Asks for the reply with this id of WhatsApp, or of a caller.
pub(super) fn by_name(inbox: InboxNumber, name: ReplyName<'_>) -> Query<'_> {
    const WAMID: &str = select!("left(wamid, 128) = left($2, 128) AND wamid = $2 ORDER BY id LIMIT 1");
    const CALLER: &str =
        select!("chat = $2 AND left(caller_id, 128) = left($3, 128) AND caller_id = $3 ORDER BY id LIMIT 1");
    match name {
        ReplyName::Wamid(wamid) => Query::new(WAMID).with(inbox.0).with_text(wamid),
        ReplyName::Caller(chat, id) => Query::new(CALLER).with(inbox.0).with(chat_number(chat)).with_text(id),
    }
}

/// Asks for the replies that can be tried, the earliest first.
pub(super) fn due(inbox: InboxNumber, number: &str, now: Timestamp, most: usize) -> Query<'_> {
    const SQL: &str = select!("first AND number = $2 AND due <= $3 ORDER BY due, id LIMIT $4");
    Query::new(SQL).with(inbox.0).with_text(number).with(micros(now)).with(limit(most))
}

/// The replies of a decision.
pub(super) fn of_decision(
    db: &mut Database,
    inbox: InboxNumber,
    seq: u64,
) -> Result<Vec<OutboxRow>, StoreError> {
    let query = Query::new(select!("seq = $2 ORDER BY id")).with(inbox.0).with(as_integer(seq));
    db.ask_one(query)?.iter().map(outbox_row).collect()
}

/// The replies to a customer from a number.
pub(super) fn to_customer(
    db: &mut Database,
    inbox: InboxNumber,
    customer: &str,
    number: &str,
) -> Result<Vec<OutboxRow>, StoreError> {
    let Some(customer) = customer_key(customer) else { return Ok(Vec::new()) };
    let query = Query::new(select!("customer = $2 AND number = $3 ORDER BY id"));
    db.ask_one(query.with(inbox.0).with(customer).with_text(number))?.iter().map(outbox_row).collect()
}

/// Replies by id.
pub(super) fn list(
    db: &mut Database,
    inbox: InboxNumber,
    state: Option<OutboxState>,
    page: Page,
) -> Result<Vec<OutboxRow>, StoreError> {
    const ALL: &str = select!("id > $2 ORDER BY id LIMIT $3");
    const OF_STATE: &str = select!("id > $2 AND state = $4 ORDER BY id LIMIT $3");
    let after = i64::try_from(page.after).unwrap_or(i64::MAX);
    let query = Query::new(if state.is_some() { OF_STATE } else { ALL });
    let mut query = query.with(inbox.0).with(after).with(limit(page.limit));
    if let Some(state) = state {
        query = query.with(state_code(state));
    }
    db.ask_one(query)?.iter().map(outbox_row).collect()
}

/// How many replies are in each state.
pub(super) fn counts(db: &mut Database, inbox: InboxNumber) -> Result<Vec<(OutboxState, u64)>, StoreError> {
    const SQL: &str = "SELECT state, n FROM outbox_counts WHERE inbox = $1 AND n > 0 ORDER BY state";
    let rows = db.ask_one(Query::new(SQL).with(inbox.0))?;
    rows.iter().map(|row| Ok((state_of(row.value(0)?)?, row.count(1)?))).collect()
}

/// Changes how many replies are in each state.
pub(super) fn change_counts(inbox: InboxNumber, changes: &CountChanges) -> Option<Query<'static>> {
    const SQL: &str =
        "INSERT INTO outbox_counts SELECT $1::integer, * FROM unnest($2::smallint[], $3::bigint[])
        ON CONFLICT (inbox, state) DO UPDATE SET n = outbox_counts.n + excluded.n";
    let changes = (0_i16..).zip(changes).filter(|(_, by)| **by != 0);
    let (states, by): (Vec<i16>, Vec<i64>) = changes.map(|(state, by)| (state, *by)).unzip();
    (!states.is_empty()).then(|| Query::new(SQL).with(inbox.0).with(states).with(by))
}

/// The earliest moments of the numbers.
pub(super) fn due_numbers(db: &mut Database, most: usize) -> Result<Vec<DueReplies>, StoreError> {
    // From one number to the next, without looking at what else each has.
    const SQL: &str = "WITH RECURSIVE next AS (
            (SELECT inbox, number, due FROM outbox WHERE first ORDER BY inbox, number, due LIMIT 1)
            UNION ALL
            SELECT o.* FROM next, LATERAL (SELECT inbox, number, due FROM outbox
                WHERE first AND (inbox, number) > (next.inbox, next.number)
                ORDER BY inbox, number, due LIMIT 1) o)
        SELECT i.name, n.number, n.due FROM next n JOIN inboxes i USING (inbox) ORDER BY n.due LIMIT $1";
    let rows = db.ask_one(Query::new(SQL).with(limit(most)))?;
    let rows = rows
        .iter()
        .map(|row| Ok(DueReplies { inbox: row.shared(0)?, number: row.shared(1)?, due: row.moment(2)? }));
    rows.collect()
}

fn row_as_stored(row: &OutboxRow) -> OutboxRow {
    OutboxRow {
        due: as_stored(row.due),
        lease: row.lease.map(as_stored),
        expires: as_stored(row.expires),
        at: as_stored(row.at),
        ..row.clone()
    }
}

impl ReplyWrites {
    pub(super) fn is_changed(&self) -> bool {
        !self.added.is_empty() || !self.changed.is_empty()
    }

    /// Whether a reply is known.
    pub(super) fn knows(&self, id: i64) -> bool {
        self.known.contains_key(&id)
    }

    /// The reply, which is known.
    pub(super) fn get(&self, id: i64) -> Option<&OutboxRow> {
        Some(&self.known.get(&id)?.as_ref()?.0)
    }

    /// Replies were asked for; the answer is those that were found.
    pub(super) fn answered(&mut self, rows: &[Row]) -> Result<Vec<i64>, StoreError> {
        let mut ids = Vec::with_capacity(rows.len());
        for row in rows {
            let id: i64 = row.value(0)?;
            if !self.known.get(&id).is_some_and(Option::is_some) {
                self.known.insert(id, Some((outbox_row(row)?, row.value(2)?)));
            }
            ids.push(id);
        }
        Ok(ids)
    }

    /// A reply was asked for, and there is none.
    pub(super) fn is_missing(&mut self, id: i64) {
        self.known.entry(id).or_insert(None);
    }

    /// The reply with this name among those that are new or changed.
    pub(super) fn written_as(&self, name: ReplyName<'_>) -> Option<&OutboxRow> {
        let has = |row: &&OutboxRow| match name {
            ReplyName::Wamid(wamid) => row.wamid.as_deref() == Some(wamid),
            ReplyName::Caller(chat, id) => row.chat == Some(chat) && row.caller_id.as_deref() == Some(id),
        };
        self.added.iter().chain(&self.changed).filter_map(|id| self.get(*id)).find(has)
    }

    /// Adds a reply, with an id after all others.
    pub(super) fn add(&mut self, id: i64, row: &OutboxRow) -> Result<(), StoreError> {
        let customer = customer_to_write(&row.customer)?;
        count(&mut self.counts, state_code(row.state), 1);
        let row = OutboxRow { id: id.cast_unsigned(), ..row_as_stored(row) };
        self.known.insert(id, Some((row, customer)));
        self.added.insert(id);
        Ok(())
    }

    /// Changes a reply, which is known. Whose it is, and what it belongs to, stays.
    pub(super) fn put(&mut self, row: &OutboxRow) {
        let id = key(row.id);
        let Some(Some((before, customer))) = self.known.get_mut(&id) else { return };
        let row = row_as_stored(row);
        count(&mut self.counts, state_code(before.state), -1);
        count(&mut self.counts, state_code(row.state), 1);
        if before.is_settled() != row.is_settled() {
            self.moved.insert((*customer, Arc::clone(&before.number)));
        }
        *before = OutboxRow {
            number: Arc::clone(&before.number),
            customer: Arc::clone(&before.customer),
            chat: before.chat,
            seq: before.seq,
            caller_id: before.caller_id.take(),
            at: before.at,
            ..row
        };
        if !self.added.contains(&id) {
            self.changed.insert(id);
        }
    }

    pub(super) fn write<'w>(&'w self, inbox: InboxNumber, out: &mut Vec<Query<'w>>) {
        if !self.added.is_empty() {
            out.push(self.add_rows(inbox));
        }
        if !self.changed.is_empty() {
            out.push(self.change_rows(inbox));
        }
        if !self.moved.is_empty() {
            let (customers, numbers) =
                self.moved.iter().map(|(customer, number)| (*customer, PgText(&**number))).unzip();
            out.push(mark_first(inbox, customers, numbers));
        }
        out.extend(change_counts(inbox, &self.counts));
    }

    fn add_rows(&self, inbox: InboxNumber) -> Query<'_> {
        const SQL: &str = "INSERT INTO outbox
            SELECT $1::integer, n.id, n.number, n.customer, n.settled,
                n.first AND (SELECT o.id FROM outbox o WHERE o.inbox = $1 AND o.customer = n.customer
                    AND o.number = n.number AND NOT o.settled LIMIT 1) IS NULL,
                n.state, n.chat, n.seq, n.caller_id, n.recipient, n.text, n.due, n.lease, n.tries, n.wamid, n.code,
                n.expires, n.at
            FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::boolean[], $6::boolean[], $7::smallint[],
                $8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::bigint[], $14::bigint[],
                $15::bigint[], $16::text[], $17::bigint[], $18::bigint[], $19::bigint[])
                AS n (id, number, customer, settled, first, state, chat, seq, caller_id, recipient, text, due, lease,
                    tries, wamid, code, expires, at)";
        let rows: Vec<_> =
            self.added.iter().filter_map(|id| Some((*id, self.known.get(id)?.as_ref()?))).collect();
        let rows = || rows.iter().map(|(id, (row, customer))| (*id, row, *customer));
        let mut firsts = BTreeMap::new();
        for (id, row, customer) in rows().filter(|(_, row, _)| !row.is_settled()) {
            firsts.entry((customer, &*row.number)).or_insert(id);
        }
        Query::new(SQL)
            .with(inbox.0)
            .with(rows().map(|(id, ..)| id).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| PgText(&*row.number)).collect::<Vec<_>>())
            .with(rows().map(|(.., customer)| customer).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| row.is_settled()).collect::<Vec<_>>())
            .with(
                rows()
                    .map(|(id, row, customer)| firsts.get(&(customer, &*row.number)) == Some(&id))
                    .collect::<Vec<_>>(),
            )
            .with(rows().map(|(_, row, _)| state_code(row.state)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| row.chat.map(chat_number)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| row.seq.map(as_integer)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| row.caller_id.as_deref().map(PgText)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| PgText(&*row.recipient)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| PgText(&*row.text)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| micros(row.due)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| row.lease.map(micros)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| i64::from(row.tries)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| row.wamid.as_deref().map(PgText)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| row.code).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| micros(row.expires)).collect::<Vec<_>>())
            .with(rows().map(|(_, row, _)| micros(row.at)).collect::<Vec<_>>())
    }

    fn change_rows(&self, inbox: InboxNumber) -> Query<'_> {
        const SQL: &str = "UPDATE outbox o SET settled = n.settled, first = o.first AND NOT n.settled, state = n.state,
                recipient = n.recipient, text = n.text, due = n.due, lease = n.lease, tries = n.tries, wamid = n.wamid,
                code = n.code, expires = n.expires
            FROM unnest($2::bigint[], $3::boolean[], $4::smallint[], $5::text[], $6::text[], $7::bigint[],
                $8::bigint[], $9::bigint[], $10::text[], $11::bigint[], $12::bigint[])
                AS n (id, settled, state, recipient, text, due, lease, tries, wamid, code, expires)
            WHERE o.inbox = $1 AND o.id = n.id";
        let rows: Vec<_> = self.changed.iter().filter_map(|id| Some((*id, self.get(*id)?))).collect();
        let of = || rows.iter().map(|(_, row)| *row);
        Query::new(SQL)
            .with(inbox.0)
            .with(rows.iter().map(|(id, _)| *id).collect::<Vec<_>>())
            .with(of().map(OutboxRow::is_settled).collect::<Vec<_>>())
            .with(of().map(|row| state_code(row.state)).collect::<Vec<_>>())
            .with(of().map(|row| PgText(&*row.recipient)).collect::<Vec<_>>())
            .with(of().map(|row| PgText(&*row.text)).collect::<Vec<_>>())
            .with(of().map(|row| micros(row.due)).collect::<Vec<_>>())
            .with(of().map(|row| row.lease.map(micros)).collect::<Vec<_>>())
            .with(of().map(|row| i64::from(row.tries)).collect::<Vec<_>>())
            .with(of().map(|row| row.wamid.as_deref().map(PgText)).collect::<Vec<_>>())
            .with(of().map(|row| row.code).collect::<Vec<_>>())
            .with(of().map(|row| micros(row.expires)).collect::<Vec<_>>())
    }

    pub(super) fn written(&mut self) {
        self.added.clear();
        self.changed.clear();
        self.moved.clear();
        self.counts = CountChanges::default();
    }
}

/// Marks the first replies to these customers from these numbers that are not settled, and no others.
fn mark_first(inbox: InboxNumber, customers: Vec<i64>, numbers: Vec<PgText<&str>>) -> Query<'_> {
    const SQL: &str = "UPDATE outbox o SET first = (o.id = f.id)
        FROM unnest($2::bigint[], $3::text[]) AS n (customer, number), LATERAL (
            SELECT min(u.id) AS id FROM outbox u WHERE u.inbox = $1 AND u.customer = n.customer
                AND u.number = n.number AND NOT u.settled) f
        WHERE o.inbox = $1 AND o.customer = n.customer AND o.number = n.number AND NOT o.settled
            AND o.first <> (o.id = f.id)";
    Query::new(SQL).with(inbox.0).with(customers).with(numbers)
}

/// The replies to a customer become those to another.
pub(super) fn merge(db: &mut Database, inbox: InboxNumber, from: i64, into: i64) -> Result<(), StoreError> {
    const NUMBERS: &str =
        "SELECT DISTINCT number FROM outbox WHERE inbox = $1 AND customer = $2 AND NOT settled";
    const SQL: &str = "UPDATE outbox SET customer = $3 WHERE inbox = $1 AND customer = $2";
    let numbers = db.ask_one(Query::new(NUMBERS).with(inbox.0).with(from))?;
    let numbers: Vec<String> = numbers.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
    let numbers: Vec<_> = numbers.iter().map(|number| PgText(&**number)).collect();
    let moved = Query::new(SQL).with(inbox.0).with(from).with(into);
    db.ask(&[moved, mark_first(inbox, vec![into; numbers.len()], numbers)]).map(drop)
}

/// Forgets what was sent to a customer, and where.
pub(super) fn forget_customer(inbox: InboxNumber, customer: i64) -> Query<'static> {
    const SQL: &str =
        "UPDATE outbox SET text = '', recipient = '' WHERE inbox = $1 AND customer = $2 AND settled";
    Query::new(SQL).with(inbox.0).with(customer)
}
