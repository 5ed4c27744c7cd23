//! The schema of a database, which is brought up to date when it is opened.

use rusqlite::{Connection, TransactionBehavior};

use crate::store::StoreError;

/// The steps of the schema. A step that has been released is never changed.
const STEPS: &[&str] = &[include_str!("../schema/sqlite/001.sql")];

/// Says that a file is a database of this program: "inbx".
const APPLICATION: i64 = 0x696e_6278;

/// Brings the schema of a database up to date.
pub(super) fn migrate(db: &mut Connection) -> Result<(), StoreError> {
    migrate_by(db, STEPS)
}

fn migrate_by(db: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    let found = version(db)?;
    check(found, known)?;
    if found == known {
        return Ok(());
    }
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another program may have done it meanwhile.
    let found = version(&tx)?;
    check(found, known)?;
    for step in steps.iter().skip(found as usize) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", known)?;
    Ok(tx.commit()?)
}

fn check(found: u32, known: u32) -> Result<(), StoreError> {
    if found > known { Err(StoreError::Newer { found, known }) } else { Ok(()) }
}

/// The schema that a database has; 0: none.
fn version(db: &Connection) -> Result<u32, StoreError> {
    let number = |name| db.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let is_empty: bool =
        db.query_row("SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)", [], |row| row.get(0))?;
    if !is_empty && number("application_id")? != APPLICATION {
        return Err(StoreError::Damaged("is the database of another program".to_owned()));
    }
    let version = number("user_version")?;
    u32::try_from(version).map_err(|_| StoreError::Damaged(format!("has schema {version}")))
}
