//! Sessions of the page.

use jiff::Timestamp;
use rusqlite::Connection;

use super::keys::{micros, moment};
use super::query::{one, run};
use crate::store::{SessionRow, StoreError};

/// The session with this hash.
pub(super) fn find(db: &Connection, hash: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
    one(db, "SELECT token, created, expires FROM sessions WHERE hash = ?", [hash], |row| {
        let (created, expires) = (moment(row.get(1)?)?, moment(row.get(2)?)?);
        Ok(SessionRow { hash: *hash, token: row.get(0)?, created, expires })
    })
}

/// Keeps a session.
pub(super) fn put(db: &Connection, row: &SessionRow) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO sessions VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
        SET token = excluded.token, created = excluded.created, expires = excluded.expires";
    run(db, SQL, (row.hash, row.token, micros(row.created), micros(row.expires)))?;
    Ok(())
}

/// Drops a session.
pub(super) fn delete(db: &Connection, hash: &[u8; 32]) -> Result<(), StoreError> {
    run(db, "DELETE FROM sessions WHERE hash = ?", [hash])?;
    Ok(())
}

/// Drops those that began with none of these tokens.
pub(super) fn retain(db: &Connection, tokens: &[[u8; 32]]) -> Result<(), StoreError> {
    const SQL: &str = "DELETE FROM sessions WHERE hex(token) NOT IN (SELECT value FROM json_each(?))";
    let hex = |token: &[u8; 32]| token.iter().fold(String::new(), |text, byte| text + &format!("{byte:02X}"));
    let tokens: Vec<String> = tokens.iter().map(hex).collect();
    run(db, SQL, [serde_json::to_string(&tokens)?])?;
    Ok(())
}

/// Drops those that have ended.
pub(super) fn expire(db: &Connection, now: Timestamp) -> Result<(), StoreError> {
    run(db, "DELETE FROM sessions WHERE expires <= ?", [micros(now)])?;
    Ok(())
}
