//! Customers, their names, and the replies that they are sent `once per` a time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use tokio_postgres::Row;

use super::database::Database;
use super::keys::{InboxNumber, customer_id};
use super::log::limit;
use super::query::{Query, ReadRow};
use super::text::PgText;
use crate::store::columns::{as_integer, as_stored, micros, moment};
use crate::store::{CustomerRow, Page, StoreError};

/// The customers that a transaction knows, and those that it has written.
#[derive(Default)]
pub(super) struct CustomerWrites {
    /// By number; `None`: there is none.
    known: HashMap<i64, Option<CustomerRow>>,
    /// When replies were last sent to those that are known.
    once: HashMap<i64, BTreeMap<String, Timestamp>>,
    /// Into whom somebody was merged who is known not to exist.
    former: HashMap<i64, i64>,
    /// Who has a name; `None`: nobody.
    owners: HashMap<Arc<str>, Option<i64>>,
    changed: BTreeSet<i64>,
    names_changed: BTreeMap<Arc<str>, Option<i64>>,
    once_changed: BTreeMap<(i64, String), Timestamp>,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT c.id, c.names, c.name, c.language, c.country, c.tags, c.attributes, c.owner, ",
            "c.is_returning, c.first_at, c.last_at FROM ",
            $rest
        )
    };
}

fn customer_row(row: &Row) -> Result<(i64, CustomerRow), StoreError> {
    let key: i64 = row.value(0)?;
    let [tags, attributes] = [row.text_or_none(5)?, row.text_or_none(6)?];
    let customer = CustomerRow {
        id: customer_id(key).into(),
        names: serde_json::from_str(&row.text(1)?)?,
        name: row.text_or_none(2)?,
        language: row.text_or_none(3)?,
        country: row.text_or_none(4)?,
        tags: tags.map(|tags| serde_json::from_str(&tags)).transpose()?.unwrap_or_default(),
        attributes: attributes.map(|all| serde_json::from_str(&all)).transpose()?.unwrap_or_default(),
        owner: row.shared_or_none(7)?,
        returning: row.value(8)?,
        first_at: row.moment_or_none(9)?,
        last_at: row.moment_or_none(10)?,
    };
    Ok((key, customer))
}

/// Asks for the customers with these names.
pub(super) fn by_names(inbox: InboxNumber, names: &[Arc<str>]) -> [Query<'_>; 2] {
    // With OFFSET each name is looked up by itself, whatever the planner thinks of the tables.
    const CUSTOMERS: &str = select!(
        "unnest($2::text[]) w (name),
            LATERAL (SELECT customer FROM names WHERE inbox = $1 AND name = w.name OFFSET 0) n,
            LATERAL (SELECT * FROM customers WHERE inbox = $1 AND id = n.customer OFFSET 0) c"
    );
    const ONCE: &str = "SELECT n.customer, o.key, o.at FROM unnest($2::text[]) w (name),
        LATERAL (SELECT customer FROM names WHERE inbox = $1 AND name = w.name OFFSET 0) n,
        LATERAL (SELECT key, at FROM once WHERE inbox = $1 AND customer = n.customer OFFSET 0) o";
    let names = || names.iter().map(|name| PgText(&**name)).collect::<Vec<_>>();
    [CUSTOMERS, ONCE].map(|sql| Query::new(sql).with(inbox.0).with(names()))
}

/// Asks for customers, and into whom they were merged.
pub(super) fn by_keys(inbox: InboxNumber, keys: &[i64]) -> [Query<'static>; 3] {
    const CUSTOMERS: &str = select!(
        "unnest($2::bigint[]) w (id),
            LATERAL (SELECT * FROM customers WHERE inbox = $1 AND id = w.id OFFSET 0) c"
    );
    const ONCE: &str = "SELECT w.id, o.key, o.at FROM unnest($2::bigint[]) w (id),
        LATERAL (SELECT key, at FROM once WHERE inbox = $1 AND customer = w.id OFFSET 0) o";
    const FORMER: &str = "SELECT w.id, f.customer FROM unnest($2::bigint[]) w (id),
        LATERAL (SELECT customer FROM former_customers WHERE inbox = $1 AND id = w.id OFFSET 0) f";
    [CUSTOMERS, ONCE, FORMER].map(|sql| Query::new(sql).with(inbox.0).with(keys.to_vec()))
}

/// The customer with this number, or into whom the one with this number was merged.
pub(super) fn read(
    db: &mut Database,
    inbox: InboxNumber,
    key: i64,
) -> Result<Option<CustomerRow>, StoreError> {
    const NOW: &str = select!(
        "customers c WHERE c.inbox = $1 AND c.id IN
            ($2, (SELECT f.customer FROM former_customers f WHERE f.inbox = $1 AND f.id = $2))
            ORDER BY c.id <> $2 LIMIT 1"
    );
    let rows = db.ask_one(Query::new(NOW).with(inbox.0).with(key))?;
    rows.first().map(|row| Ok(customer_row(row)?.1)).transpose()
}

/// The customer with this name.
pub(super) fn read_named(
    db: &mut Database,
    inbox: InboxNumber,
    name: &str,
) -> Result<Option<CustomerRow>, StoreError> {
    let names = [Arc::from(name)];
    let [query, _] = by_names(inbox, &names);
    db.ask_one(query)?.first().map(|row| Ok(customer_row(row)?.1)).transpose()
}

/// Customers by id.
pub(super) fn list(
    db: &mut Database,
    inbox: InboxNumber,
    page: Page,
) -> Result<Vec<CustomerRow>, StoreError> {
    const SQL: &str = select!("customers c WHERE c.inbox = $1 AND c.id > $2 ORDER BY c.id LIMIT $3");
    let query = Query::new(SQL).with(inbox.0).with(as_integer(page.after)).with(limit(page.limit));
    db.ask_one(query)?.iter().map(|row| Ok(customer_row(row)?.1)).collect()
}

impl CustomerWrites {
    /// Whether it is known who has a name.
    pub(super) fn knows_name(&self, name: &str) -> bool {
        self.owners.contains_key(name)
    }

    /// Whether all is known about a customer.
    pub(super) fn knows(&self, key: i64) -> bool {
        self.known.contains_key(&key)
    }

    /// Those with these names were asked for, or those with these numbers. The answer is those that were not known
    /// before.
    pub(super) fn answered(
        &mut self,
        names: &[Arc<str>],
        keys: &BTreeSet<i64>,
        rows: &[Row],
        once: &[Row],
    ) -> Result<BTreeSet<i64>, StoreError> {
        let mut new: BTreeSet<i64> = keys.iter().copied().filter(|key| !self.knows(*key)).collect();
        for row in rows {
            let (key, customer) = customer_row(row)?;
            if self.known.get(&key).is_some_and(Option::is_some) {
                continue;
            }
            for name in &customer.names {
                self.owners.entry(Arc::clone(name)).or_insert(Some(key));
            }
            self.known.insert(key, Some(customer));
            new.insert(key);
        }
        for name in names {
            self.owners.entry(Arc::clone(name)).or_insert(None);
        }
        for key in &new {
            self.known.entry(*key).or_insert(None);
            self.once.insert(*key, BTreeMap::new());
        }
        for row in once {
            let key: i64 = row.value(0)?;
            if new.contains(&key) {
                self.once.entry(key).or_default().insert(row.text(1)?, moment(row.value(2)?)?);
            }
        }
        for ((key, text), at) in &self.once_changed {
            if new.contains(key) {
                self.once.entry(*key).or_default().insert(text.clone(), *at);
            }
        }
        Ok(new)
    }

    /// These were merged into others.
    pub(super) fn were_merged(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        for row in rows {
            self.former.insert(row.value(0)?, row.value(1)?);
        }
        Ok(())
    }

    /// Into whom somebody was merged who is known not to exist.
    pub(super) fn merged_into(&self, key: i64) -> Option<i64> {
        let is_gone = self.get(key).is_none();
        self.former.get(&key).copied().filter(|_| is_gone)
    }

    /// The customer, who is known.
    pub(super) fn get(&self, key: i64) -> Option<&CustomerRow> {
        self.known.get(&key)?.as_ref()
    }

    /// The customers who have one of these names, which are known, each once.
    pub(super) fn named<'n>(&self, names: impl Iterator<Item = &'n str>) -> Vec<CustomerRow> {
        let mut found: Vec<CustomerRow> = Vec::new();
        for name in names {
            let customer = self.owners.get(name).copied().flatten().and_then(|key| self.get(key));
            found.extend(
                customer.filter(|customer| found.iter().all(|other| other.id != customer.id)).cloned(),
            );
        }
        found
    }

    /// Adds or changes a customer, who is known, and all whose names they get.
    pub(super) fn put(&mut self, key: i64, row: &CustomerRow) {
        let [first_at, last_at] = [row.first_at, row.last_at].map(|at| at.map(as_stored));
        let row = CustomerRow { first_at, last_at, ..row.clone() };
        let before = self.known.get(&key).and_then(Option::as_ref);
        if before == Some(&row) {
            return;
        }
        let before = before.map(|before| before.names.clone()).unwrap_or_default();
        for name in before.iter().filter(|name| !row.names.contains(name)) {
            if self.owners.get(name) == Some(&Some(key)) {
                self.set_owner(name, None);
            }
        }
        for name in row.names.iter().filter(|name| !before.contains(name)) {
            if let Some(Some(other)) = self.owners.get(name).copied()
                && other != key
                && let Some(Some(customer)) = self.known.get_mut(&other)
            {
                customer.names.retain(|one| one != name);
                self.changed.insert(other);
            }
            self.set_owner(name, Some(key));
        }
        self.known.insert(key, Some(row));
        self.changed.insert(key);
    }

    fn set_owner(&mut self, name: &Arc<str>, owner: Option<i64>) {
        self.owners.insert(Arc::clone(name), owner);
        self.names_changed.insert(Arc::clone(name), owner);
    }

    /// When replies were last sent to a customer, who is known.
    pub(super) fn once(&self, key: i64) -> BTreeMap<String, Timestamp> {
        self.once.get(&key).cloned().unwrap_or_default()
    }

    /// A reply with this key was sent to the customer.
    pub(super) fn put_once(&mut self, key: i64, text: &str, at: Timestamp) {
        let at = as_stored(at);
        if let Some(once) = self.once.get_mut(&key) {
            once.insert(text.to_owned(), at);
        }
        self.once_changed.insert((key, text.to_owned()), at);
    }

    pub(super) fn write<'w>(
        &'w self,
        inbox: InboxNumber,
        out: &mut Vec<Query<'w>>,
    ) -> Result<(), StoreError> {
        const GONE: &str = "DELETE FROM names WHERE inbox = $1 AND name = ANY($2)";
        const NAMES: &str = "INSERT INTO names SELECT $1::integer, * FROM unnest($2::text[], $3::bigint[])
            ON CONFLICT (inbox, name) DO UPDATE SET customer = excluded.customer";
        const ONCE: &str =
            "INSERT INTO once SELECT $1::integer, * FROM unnest($2::bigint[], $3::text[], $4::bigint[])
            ON CONFLICT (inbox, customer, key) DO UPDATE SET at = excluded.at";
        if !self.changed.is_empty() {
            out.push(self.write_rows(inbox)?);
        }
        let gone = self.names_changed.iter().filter(|(_, owner)| owner.is_none());
        let gone: Vec<_> = gone.map(|(name, _)| PgText(&**name)).collect();
        if !gone.is_empty() {
            out.push(Query::new(GONE).with(inbox.0).with(gone));
        }
        let owned = self.names_changed.iter().filter_map(|(name, owner)| Some((PgText(&**name), (*owner)?)));
        let (names, owners): (Vec<_>, Vec<_>) = owned.unzip();
        if !names.is_empty() {
            out.push(Query::new(NAMES).with(inbox.0).with(names).with(owners));
        }
        if !self.once_changed.is_empty() {
            let once = || self.once_changed.iter();
            out.push(
                Query::new(ONCE)
                    .with(inbox.0)
                    .with(once().map(|((key, _), _)| *key).collect::<Vec<_>>())
                    .with(once().map(|((_, text), _)| PgText(&**text)).collect::<Vec<_>>())
                    .with(once().map(|(_, at)| micros(*at)).collect::<Vec<_>>()),
            );
        }
        Ok(())
    }

    fn write_rows(&self, inbox: InboxNumber) -> Result<Query<'_>, StoreError> {
        const SQL: &str = "INSERT INTO customers SELECT $1::integer, * FROM unnest($2::bigint[], $3::text[], $4::text[],
                $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[], $11::bigint[], $12::bigint[])
            ON CONFLICT (inbox, id) DO UPDATE SET names = excluded.names, name = excluded.name,
                language = excluded.language, country = excluded.country, tags = excluded.tags,
                attributes = excluded.attributes, owner = excluded.owner,
                is_returning = excluded.is_returning, first_at = excluded.first_at, last_at = excluded.last_at";
        let rows: Vec<(i64, &CustomerRow)> =
            self.changed.iter().filter_map(|key| Some((*key, self.get(*key)?))).collect();
        let texts = |of: fn(&CustomerRow) -> Option<&str>| {
            rows.iter().map(|(_, row)| of(row).map(PgText)).collect::<Vec<_>>()
        };
        let json = |of: fn(&CustomerRow) -> serde_json::Result<Option<String>>| {
            rows.iter().map(|(_, row)| Ok(of(row)?.map(PgText))).collect::<Result<Vec<_>, StoreError>>()
        };
        let moments = |of: fn(&CustomerRow) -> Option<Timestamp>| {
            rows.iter().map(|(_, row)| of(row).map(micros)).collect::<Vec<_>>()
        };
        Ok(Query::new(SQL)
            .with(inbox.0)
            .with(rows.iter().map(|(key, _)| *key).collect::<Vec<_>>())
            .with(json(|row| serde_json::to_string(&row.names).map(Some))?)
            .with(texts(|row| row.name.as_deref()))
            .with(texts(|row| row.language.as_deref()))
            .with(texts(|row| row.country.as_deref()))
            .with(json(|row| (!row.tags.is_empty()).then(|| serde_json::to_string(&row.tags)).transpose())?)
            .with(json(|row| {
                (!row.attributes.is_empty()).then(|| serde_json::to_string(&row.attributes)).transpose()
            })?)
            .with(texts(|row| row.owner.as_deref()))
            .with(rows.iter().map(|(_, row)| row.returning).collect::<Vec<_>>())
            .with(moments(|row| row.first_at))
            .with(moments(|row| row.last_at)))
    }

    pub(super) fn written(&mut self) {
        self.changed.clear();
        self.names_changed.clear();
        self.once_changed.clear();
    }
}

/// Merges a customer, who had these names, into another one. The caller writes the other's row.
pub(super) fn merge(inbox: InboxNumber, from: i64, names: &[Arc<str>], into: i64) -> [Query<'_>; 6] {
    const NAMES: &str =
        "UPDATE names SET customer = $3 WHERE inbox = $1 AND customer = $2 AND name = ANY($4)";
    const GONE: &str = "DELETE FROM customers WHERE inbox = $1 AND id = $2";
    const ONCE: &str = "INSERT INTO once SELECT $1::integer, $3::bigint, key, at FROM once
        WHERE inbox = $1 AND customer = $2
        ON CONFLICT (inbox, customer, key) DO UPDATE SET at = greatest(once.at, excluded.at)";
    const NO_ONCE: &str = "DELETE FROM once WHERE inbox = $1 AND customer = $2";
    const FORMER: &str = "UPDATE former_customers SET customer = $3 WHERE inbox = $1 AND customer = $2";
    const NOW_FORMER: &str = "INSERT INTO former_customers VALUES ($1, $2, $3)
        ON CONFLICT (inbox, id) DO UPDATE SET customer = excluded.customer";
    let of = |sql| Query::new(sql).with(inbox.0).with(from);
    let names: Vec<_> = names.iter().map(|name| PgText(&**name)).collect();
    [
        of(NAMES).with(into).with(names),
        of(GONE),
        of(ONCE).with(into),
        of(NO_ONCE),
        of(FORMER).with(into),
        of(NOW_FORMER).with(into),
    ]
}
