//! The schema of a database, which is brought up to date by one node at a time.

use super::database::Database;
use super::error::QueryFailure;
use super::query::{Query, ReadRow, advisory_lock};
use crate::store::StoreError;

/// The steps of the schema. A step that has been released is never changed.
const STEPS: &[&str] = &[include_str!("../schema/postgres/001.sql")];

/// Held by the node that changes the schema.
const LOCK: &str = advisory_lock!("pg_advisory_xact_lock", 1);

/// Brings the schema up to date. It is in the first schema of the search path.
pub(super) fn migrate(db: &mut Database) -> Result<(), StoreError> {
    migrate_by(db, STEPS)
}

fn migrate_by(db: &mut Database, steps: &[&str]) -> Result<(), StoreError> {
    const ENCODING: &str = "SELECT current_setting('server_encoding')";
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let encoding = db.ask_one(Query::new(ENCODING))?.first().map(|row| row.text(0)).transpose()?;
    if let Some(other) = encoding.filter(|encoding| encoding != "UTF8") {
        return Err(StoreError::Damaged(format!("the database has the encoding {other}; it must have UTF8")));
    }
    let found = version(db)?;
    check(found, known)?;
    if found == known {
        return Ok(());
    }
    db.in_transaction(|db| take_steps(db, steps, known))
}

fn take_steps(db: &mut Database, steps: &[&str], known: u32) -> Result<(), StoreError> {
    // Another node may take longer than a statement usually may.
    run(db, &format!("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0; {LOCK}"))?;
    let found = version(db)?;
    check(found, known)?;
    for (step, number) in steps.iter().zip(1_u32..).skip(found as usize) {
        run(db, step)?;
        if number == 1 {
            run(db, "CREATE TABLE schema_steps (step integer PRIMARY KEY)")?;
        }
        run(db, &format!("INSERT INTO schema_steps VALUES ({number})"))?;
    }
    Ok(())
}

fn run(db: &mut Database, sql: &str) -> Result<(), StoreError> {
    db.run_script(sql).map_err(QueryFailure::before_commit)
}

fn check(found: u32, known: u32) -> Result<(), StoreError> {
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(()) }
}

/// The schema that a database has; 0: none.
fn version(db: &mut Database) -> Result<u32, StoreError> {
    // The table of tables is read as it is, while a name may be looked up as it was before another node made it.
    const HAS_STEPS: &str = "SELECT EXISTS (SELECT 1 FROM pg_class
        WHERE relname = 'schema_steps' AND relnamespace = current_schema()::regnamespace)";
    let found = db.ask_one(Query::new(HAS_STEPS))?;
    if !found.first().map_or(Ok(false), |row| row.value(0))? {
        return Ok(0);
    }
    let found = db.ask_one(Query::new("SELECT coalesce(max(step), 0) FROM schema_steps"))?;
    let version: i32 = found.first().map_or(Ok(0), |row| row.value(0))?;
    u32::try_from(version).map_err(|_| StoreError::Damaged(format!("the database has schema {version}")))
}
