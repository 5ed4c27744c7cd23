//! Statements, each prepared once for a connection.

use rusqlite::{Connection, Params, Row};

use crate::store::StoreError;

/// Runs a statement that writes; the answer is how many rows it changed. After some errors SQLite rolls back
/// by itself: then nothing is written, as it would be outside of the transaction.
pub(super) fn run(db: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    if db.is_autocommit() {
        return Err(StoreError::Away("the database has dropped the transaction".to_owned()));
    }
    Ok(db.prepare_cached(sql)?.execute(params)?)
}

/// The first row.
pub(super) fn one<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Option<T>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// All rows.
pub(super) fn all<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}
