//! What an error of SQLite means to a caller.

use rusqlite::ErrorCode;

use crate::store::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(code) = error.sqlite_error_code() else { return Self::Damaged(error.to_string()) };
        match code {
            ErrorCode::NotADatabase => Self::Damaged("is not a database".to_owned()),
            ErrorCode::DatabaseCorrupt
            | ErrorCode::TypeMismatch
            | ErrorCode::ConstraintViolation
            | ErrorCode::Unknown => Self::Damaged(error.to_string()),
            ErrorCode::DiskFull => Self::Away("the disk is full".to_owned()),
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
                Self::Away("another program is writing to the database".to_owned())
            }
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => {
                Self::Away("this program may not write to the database".to_owned())
            }
            _ => Self::Away(error.to_string()),
        }
    }
}

/// What it means that a `COMMIT` has failed. If the disk did not confirm what was written, it may be there
/// after a restart.
pub(super) fn of_commit(error: rusqlite::Error) -> StoreError {
    const UNCONFIRMED: [i32; 2] = [rusqlite::ffi::SQLITE_IOERR_FSYNC, rusqlite::ffi::SQLITE_IOERR_DIR_FSYNC];
    match error.sqlite_error() {
        Some(cause) if UNCONFIRMED.contains(&cause.extended_code) => StoreError::Unknown(error.to_string()),
        _ => error.into(),
    }
}
