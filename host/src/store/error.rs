//! Why a store has failed.

/// Why a store has failed.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Nothing was written: the database is away, busy for too long, or its disk is full.
    #[error("the store cannot be used: {0}")]
    Away(String),
    /// The transaction may or may not have been committed.
    #[error("it is not known whether the store has written it: {0}")]
    Unknown(String),
    /// What was read is not what this program writes.
    #[error("the store is damaged: {0}")]
    Damaged(String),
    /// A later program has written to the store.
    #[error(
        "the store has schema {found}, and this program knows only schema {known}; a later version of it is needed"
    )]
    Newer {
        /// The schema of the store.
        found: u32,
        /// The latest schema that the program knows.
        known: u32,
    },
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        // Its own text may quote what a customer wrote.
        Self::Damaged(format!("JSON is not as expected at line {}, column {}", error.line(), error.column()))
    }
}
