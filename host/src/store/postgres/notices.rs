//! Notices.

use serde_json::value::RawValue;

use super::database::Database;
use super::keys::{InboxNumber, customer_id, customer_to_write};
use super::log::limit;
use super::query::{Query, ReadRow};
use super::text::PgText;
use crate::store::columns::{as_integer, micros};
use crate::store::{NoticeRow, Page, StoreError};

/// The notices that a transaction adds, and the customers of them.
#[derive(Default)]
pub(super) struct NoticeWrites(Vec<(NoticeRow, Option<i64>)>);

impl NoticeWrites {
    /// Adds a notice.
    pub(super) fn add(&mut self, seq: u64, row: &NoticeRow) -> Result<(), StoreError> {
        let customer = row.customer.as_ref().map(|id| customer_to_write(id)).transpose()?;
        self.0.push((NoticeRow { seq, ..row.clone() }, customer));
        Ok(())
    }

    pub(super) fn write<'w>(&'w self, inbox: InboxNumber, out: &mut Vec<Query<'w>>) {
        const SQL: &str = "INSERT INTO notices SELECT $1::integer, * FROM unnest($2::bigint[], $3::bigint[],
            $4::text[], $5::text[], $6::bigint[], $7::text[])";
        if self.0.is_empty() {
            return;
        }
        let rows = || self.0.iter().map(|(row, _)| row);
        out.push(
            Query::new(SQL)
                .with(inbox.0)
                .with(rows().map(|row| as_integer(row.seq)).collect::<Vec<_>>())
                .with(rows().map(|row| micros(row.at)).collect::<Vec<_>>())
                .with(rows().map(|row| PgText(&*row.kind)).collect::<Vec<_>>())
                .with(rows().map(|row| row.number.as_deref().map(PgText)).collect::<Vec<_>>())
                .with(self.0.iter().map(|(_, customer)| *customer).collect::<Vec<_>>())
                .with(rows().map(|row| PgText(row.body.get())).collect::<Vec<_>>()),
        );
    }

    pub(super) fn written(&mut self) {
        self.0.clear();
    }
}

/// Notices.
pub(super) fn list(db: &mut Database, inbox: InboxNumber, page: Page) -> Result<Vec<NoticeRow>, StoreError> {
    const SQL: &str = "SELECT seq, at, kind, number, customer, body FROM notices
        WHERE inbox = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let query = Query::new(SQL).with(inbox.0).with(as_integer(page.after)).with(limit(page.limit));
    let rows = db.ask_one(query)?;
    let rows = rows.iter().map(|row| {
        Ok(NoticeRow {
            seq: row.count(0)?,
            at: row.moment(1)?,
            kind: row.text(2)?,
            number: row.shared_or_none(3)?,
            customer: row.value::<Option<i64>>(4)?.map(|key| customer_id(key).into()),
            body: RawValue::from_string(row.text(5)?)?,
        })
    });
    rows.collect()
}
