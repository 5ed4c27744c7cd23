//! Sessions of the page.

use jiff::Timestamp;
use tokio_postgres::Row;

use super::database::Database;
use super::query::{Query, ReadRow};
use crate::store::columns::micros;
use crate::store::{SessionRow, StoreError};

/// The session with this hash.
pub(super) fn find(db: &mut Database, hash: &[u8; 32]) -> Result<Option<SessionRow>, StoreError> {
    const SQL: &str = "SELECT token, created, expires FROM sessions WHERE hash = $1";
    let found = db.ask_one(Query::new(SQL).with(&hash[..]))?;
    let read = |row: &Row| {
        let token = row.value::<&[u8]>(0)?.try_into();
        let token =
            token.map_err(|_| StoreError::Damaged("the hash of a token has no 32 bytes".to_owned()))?;
        Ok(SessionRow { hash: *hash, token, created: row.moment(1)?, expires: row.moment(2)? })
    };
    found.first().map(read).transpose()
}

/// Keeps a session.
pub(super) fn put(db: &mut Database, row: &SessionRow) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO sessions VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO UPDATE
        SET token = excluded.token, created = excluded.created, expires = excluded.expires";
    let query = Query::new(SQL).with(&row.hash[..]).with(&row.token[..]);
    db.ask_one(query.with(micros(row.created)).with(micros(row.expires))).map(drop)
}

/// Drops a session.
pub(super) fn delete(db: &mut Database, hash: &[u8; 32]) -> Result<(), StoreError> {
    db.ask_one(Query::new("DELETE FROM sessions WHERE hash = $1").with(&hash[..])).map(drop)
}

/// Drops those that began with none of these tokens.
pub(super) fn retain(db: &mut Database, tokens: &[[u8; 32]]) -> Result<(), StoreError> {
    let tokens: Vec<&[u8]> = tokens.iter().map(|token| &token[..]).collect();
    db.ask_one(Query::new("DELETE FROM sessions WHERE token <> ALL($1)").with(tokens)).map(drop)
}

/// Drops those that have ended.
pub(super) fn expire(db: &mut Database, now: Timestamp) -> Result<(), StoreError> {
    db.ask_one(Query::new("DELETE FROM sessions WHERE expires <= $1").with(micros(now))).map(drop)
}
