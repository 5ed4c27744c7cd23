//! Customers, their names, and the replies that they are sent `once per` a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use inbox_rules::desk::CustomerName;
use jiff::Timestamp;
use rusqlite::{Connection, Row};

use super::customer_cache::CustomerCache;
use super::keys::{InboxKey, customer_id, micros, moment, moment_or_none};
use super::log::limit;
use super::query::{all, one, run};
use crate::store::{CustomerRow, Page, StoreError};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.names, c.name, c.language, c.country, c.tags, c.attributes, c.owner, ",
            "c.is_returning, c.first_at, c.last_at FROM ",
            $rest
        )
    };
}

fn customer_row(row: &Row<'_>) -> Result<(i64, CustomerRow), StoreError> {
    let key: i64 = row.get(0)?;
    let names = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
    let [tags, attributes] = [row.get::<_, Option<String>>(5)?, row.get(6)?];
    let customer = CustomerRow {
        id: customer_id(key).into(),
        names: serde_json::from_str(names)?,
        name: row.get(2)?,
        language: row.get(3)?,
        country: row.get(4)?,
        tags: tags.map(|tags| serde_json::from_str(&tags)).transpose()?.unwrap_or_default(),
        attributes: attributes.map(|all| serde_json::from_str(&all)).transpose()?.unwrap_or_default(),
        owner: row.get(7)?,
        returning: row.get(8)?,
        first_at: moment_or_none(row.get(9)?)?,
        last_at: moment_or_none(row.get(10)?)?,
    };
    Ok((key, customer))
}

/// The customer with this key.
pub(super) fn by_key(db: &Connection, key: i64) -> Result<Option<CustomerRow>, StoreError> {
    one(db, select!("customers c WHERE c.id = ?"), [key], |row| Ok(customer_row(row)?.1))
}

/// The customer with this key, or into whom the one with this key was merged.
pub(super) fn now_by_key(db: &Connection, key: i64) -> Result<Option<(i64, CustomerRow)>, StoreError> {
    const FORMER: &str = select!("former_customers f JOIN customers c ON c.id = f.customer WHERE f.id = ?");
    match by_key(db, key)? {
        Some(customer) => Ok(Some((key, customer))),
        None => one(db, FORMER, [key], customer_row),
    }
}

/// The customer with this name.
pub(super) fn by_name(
    db: &Connection,
    inbox: InboxKey,
    name: &str,
) -> Result<Option<(i64, CustomerRow)>, StoreError> {
    const SQL: &str =
        select!("names n JOIN customers c ON c.id = n.customer WHERE n.inbox = ? AND n.name = ?");
    one(db, SQL, (inbox.0, name), customer_row)
}

/// The customers who have one of these names, each once.
pub(super) fn by_names(
    db: &Connection,
    inbox: InboxKey,
    names: &[CustomerName],
    cache: &mut CustomerCache,
) -> Result<Vec<CustomerRow>, StoreError> {
    let mut found: Vec<CustomerRow> = Vec::new();
    for name in names {
        let customer = match cache.named(inbox, name.as_str()) {
            Some(customer) => Some(customer.clone()),
            None => by_name(db, inbox, name.as_str())?.map(|(key, customer)| {
                cache.put_customer(inbox, key, &customer);
                customer
            }),
        };
        found.extend(customer.filter(|customer| found.iter().all(|other| other.id != customer.id)));
    }
    Ok(found)
}

/// Customers by id.
pub(super) fn list(db: &Connection, inbox: InboxKey, page: Page) -> Result<Vec<CustomerRow>, StoreError> {
    const SQL: &str = select!("customers c WHERE c.id > ? AND c.id <= ? ORDER BY c.id LIMIT ?");
    let range = (inbox.at(page.after), inbox.last(), limit(page));
    all(db, SQL, range, |row| Ok(customer_row(row)?.1))
}

/// Adds or changes a customer. A name that another customer has is taken from them.
pub(super) fn put(
    db: &Connection,
    inbox: InboxKey,
    row: &CustomerRow,
    cache: &mut CustomerCache,
) -> Result<(), StoreError> {
    let key = inbox.customer_to_write(&row.id)?;
    let before = match cache.customer(key) {
        Some(before) => Some(before.clone()),
        None => by_key(db, key)?,
    };
    if before.as_ref() == Some(row) {
        return Ok(());
    }
    let names_before = before.as_ref().map_or(&[][..], |before| &before.names);
    if names_before != row.names {
        write_names(db, inbox, key, names_before, &row.names, cache)?;
    }
    write(db, key, row)?;
    cache.put_customer(inbox, key, row);
    Ok(())
}

fn write(db: &Connection, key: i64, row: &CustomerRow) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO customers (id, names, name, language, country, tags, attributes, owner,
            is_returning, first_at, last_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET names = excluded.names, name = excluded.name,
            language = excluded.language, country = excluded.country, tags = excluded.tags,
            attributes = excluded.attributes, owner = excluded.owner, is_returning = excluded.is_returning,
            first_at = excluded.first_at, last_at = excluded.last_at";
    let tags = (!row.tags.is_empty()).then(|| serde_json::to_string(&row.tags)).transpose()?;
    let attributes = &row.attributes;
    let attributes = (!attributes.is_empty()).then(|| serde_json::to_string(attributes)).transpose()?;
    let names = serde_json::to_string(&row.names)?;
    let (first_at, last_at) = (row.first_at.map(micros), row.last_at.map(micros));
    let CustomerRow { name, language, country, owner, returning, .. } = row;
    run(
        db,
        SQL,
        (key, names, name, language, country, tags, attributes, owner, returning, first_at, last_at),
    )?;
    Ok(())
}

fn write_names(
    db: &Connection,
    inbox: InboxKey,
    key: i64,
    before: &[Arc<str>],
    now: &[Arc<str>],
    cache: &mut CustomerCache,
) -> Result<(), StoreError> {
    const PUT: &str =
        "INSERT INTO names VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET customer = excluded.customer";
    for name in before.iter().filter(|name| !now.contains(name)) {
        const SQL: &str = "DELETE FROM names WHERE inbox = ? AND name = ? AND customer = ?";
        run(db, SQL, (inbox.0, name, key))?;
    }
    for name in now.iter().filter(|name| !before.contains(name)) {
        if let Some((other, mut customer)) = by_name(db, inbox, name)?
            && other != key
        {
            customer.names.retain(|one| one != name);
            write(db, other, &customer)?;
            cache.remove(other);
        }
        run(db, PUT, (inbox.0, name, key))?;
    }
    Ok(())
}

/// Merges the row of a customer into another one. Chats, decisions and replies are moved elsewhere.
pub(super) fn merge(
    db: &Connection,
    inbox: InboxKey,
    from: i64,
    into: i64,
    cache: &mut CustomerCache,
) -> Result<(), StoreError> {
    let Some(gone) = by_key(db, from)? else { return Ok(()) };
    for name in &gone.names {
        const SQL: &str = "UPDATE names SET customer = ? WHERE inbox = ? AND name = ? AND customer = ?";
        run(db, SQL, (into, inbox.0, name, from))?;
    }
    if let Some(mut target) = by_key(db, into)? {
        target.names.extend(gone.names);
        let mut seen = BTreeSet::new();
        target.names.retain(|name| seen.insert(Arc::clone(name)));
        write(db, into, &target)?;
    }
    run(db, "DELETE FROM customers WHERE id = ?", [from])?;
    run(db, "UPDATE former_customers SET customer = ? WHERE customer = ?", (into, from))?;
    run(
        db,
        "INSERT INTO former_customers VALUES (?, ?) ON CONFLICT DO UPDATE SET customer = excluded.customer",
        (from, into),
    )?;
    run(
        db,
        "INSERT INTO once SELECT ?, key, at FROM once WHERE customer = ?
            ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
        (into, from),
    )?;
    run(db, "DELETE FROM once WHERE customer = ?", [from])?;
    cache.remove(from);
    cache.remove(into);
    Ok(())
}

/// When replies with these keys were last sent to the customer.
pub(super) fn once(db: &Connection, customer: i64) -> Result<BTreeMap<String, Timestamp>, StoreError> {
    let rows = all(db, "SELECT key, at FROM once WHERE customer = ?", [customer], |row| {
        Ok((row.get(0)?, moment(row.get(1)?)?))
    })?;
    Ok(rows.into_iter().collect())
}

/// A reply with this key was sent to the customer.
pub(super) fn put_once(db: &Connection, customer: i64, key: &str, at: Timestamp) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO once VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = excluded.at";
    run(db, SQL, (customer, key, micros(at)))?;
    Ok(())
}
