//! Opens a database.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::migrate::migrate;
use crate::store::StoreError;

/// Where a database is.
#[derive(Debug, Clone)]
pub(super) enum Location {
    /// In a file.
    File(PathBuf),
    /// In memory, under a name by which all connections of the process find it.
    Memory(String),
}

/// How long a connection waits for another program that is writing.
const BUSY: Duration = Duration::from_secs(2);

/// How many prepared statements a connection keeps: more than there are.
const STATEMENTS: usize = 256;

/// After so many pages of the log of changes the writer itself writes them back into the database: 256 MB. Usually the
/// [`Checkpoints`](super::checkpoints::Checkpoints) have done so before.
const CHECKPOINT_PAGES: u32 = 65_536;

/// How much of the database a writer keeps in memory, in KiB.
const WRITER_CACHE: i64 = 128 * 1024;

/// The connection that writes. What does not exist yet is made.
pub(super) fn open_to_write(location: &Location) -> Result<Connection, StoreError> {
    if let Location::File(path) = location {
        make_file(path)?;
    }
    let explain = |error| explain(error, location);
    let write = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let mut db = open(location, write).map_err(explain)?;
    prepare_to_write(&mut db).map_err(explain)?;
    Ok(db)
}

fn prepare_to_write(db: &mut Connection) -> Result<(), StoreError> {
    if db.is_readonly("main")? {
        return Err(StoreError::Away("this program may not write to it".to_owned()));
    }
    // A database in memory has no such mode, and says so.
    db.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get::<_, String>(0))?;
    db.pragma_update(None, "synchronous", "full")?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
    db.pragma_update(None, "cache_size", -WRITER_CACHE)?;
    migrate(db)
}

/// Makes the file of a database, which only its owner may read. SQLite gives the files beside it the same mode.
fn make_file(path: &Path) -> Result<(), StoreError> {
    check_place(path)?;
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let away = |error| StoreError::Away(format!("`{}` cannot be opened: {error}", path.display()));
    options.open(path).map(drop).map_err(away)
}

/// A connection that copies what has been written from the log of changes into the database.
pub(super) fn open_to_checkpoint(location: &Location) -> Result<Connection, StoreError> {
    open(location, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(|error| explain(error, location))
}

/// A connection that only reads.
pub(super) fn open_to_read(location: &Location) -> Result<Connection, StoreError> {
    let db = open(location, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(|error| explain(error, location))?;
    db.pragma_update(None, "query_only", true)?;
    Ok(db)
}

fn open(location: &Location, flags: OpenFlags) -> Result<Connection, StoreError> {
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = match location {
        Location::File(path) => Connection::open_with_flags(path, flags)?,
        Location::Memory(name) => {
            let uri = format!("file:/{name}?vfs=memdb");
            Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?
        }
    };
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(STATEMENTS);
    // Otherwise SQLite may plan a statement anew whenever a parameter of a partial index has another value,
    // which takes longer than to run it.
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    db.pragma_update(None, "foreign_keys", false)?;
    db.pragma_update(None, "temp_store", "memory")?;
    Ok(db)
}

/// What is wrong with the place of a file, before SQLite says it in its own words.
fn check_place(path: &Path) -> Result<(), StoreError> {
    if path.is_dir() {
        return Err(StoreError::Away(format!("`{}` is a folder", path.display())));
    }
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => {
            Err(StoreError::Away(format!("there is no folder `{}`", folder.display())))
        }
        _ => Ok(()),
    }
}

/// Names the file in an error.
fn explain(error: StoreError, location: &Location) -> StoreError {
    let Location::File(path) = location else { return error };
    let path = path.display();
    match error {
        StoreError::Away(why) => StoreError::Away(format!("`{path}` cannot be opened: {why}")),
        StoreError::Damaged(why) => StoreError::Damaged(format!("`{path}` {why}")),
        error => error,
    }
}
