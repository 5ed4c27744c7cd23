//! What an error of PostgreSQL means to a caller.

use std::error::Error;

use tokio_postgres::Error as PgError;
use tokio_postgres::error::{DbError, Severity, SqlState};

use crate::store::StoreError;

/// Why statements have failed.
#[derive(Debug)]
pub(super) enum QueryFailure {
    /// The server has refused one: nothing of the transaction is written.
    Refused(StoreError),
    /// The connection is lost, or no answer came in time: what was sent may have been done.
    Lost(String),
}

impl QueryFailure {
    /// Why one failed.
    pub(super) fn of(error: &PgError) -> Self {
        match error.as_db_error() {
            // The connection goes with such an error.
            Some(error) if matches!(error.parsed_severity(), Some(Severity::Fatal | Severity::Panic)) => {
                Self::Lost(error.message().to_owned())
            }
            // Statements that were prepared do not fit any more: a later program has changed the tables, or something
            // between here and the server has given another connection.
            Some(error) if is_outdated(error) => Self::Lost(error.message().to_owned()),
            Some(error) => Self::Refused(refused(error)),
            None => Self::Lost(told(error)),
        }
    }

    /// What it means if nothing was to be committed.
    pub(super) fn before_commit(self) -> StoreError {
        match self {
            Self::Refused(error) => error,
            Self::Lost(why) => StoreError::Away(why),
        }
    }

    /// What it means if the statements ended with a `COMMIT`.
    pub(super) fn of_commit(self) -> StoreError {
        match self {
            Self::Refused(error) => error,
            Self::Lost(why) => StoreError::Unknown(why),
        }
    }
}

fn is_outdated(error: &DbError) -> bool {
    [SqlState::FEATURE_NOT_SUPPORTED, SqlState::INVALID_SQL_STATEMENT_NAME].contains(error.code())
}

/// What the server says. Its details may hold values, and are left out.
fn refused(error: &DbError) -> StoreError {
    let code = error.code();
    if *code == SqlState::READ_ONLY_SQL_TRANSACTION {
        return StoreError::Away(
            "the server can only be read now: it is a standby, or its default is read-only".to_owned(),
        );
    }
    let message = error.message().to_owned();
    // Data, constraints, and statements that do not fit the tables; the others may succeed later.
    let is_damage = ["22", "23", "42", "XX"].iter().any(|class| code.code().starts_with(class));
    let is_missing_partition =
        *code == SqlState::CHECK_VIOLATION && error.constraint().is_none() && error.column().is_none();
    if is_damage && !is_missing_partition && *code != SqlState::INSUFFICIENT_PRIVILEGE {
        StoreError::Damaged(message)
    } else {
        StoreError::Away(message)
    }
}

/// An error with its causes.
pub(super) fn told(error: &PgError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
