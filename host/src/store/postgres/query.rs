//! Statements with their parameters, and what is read of their rows.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::Timestamp;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql};

use super::text::PgText;
use crate::store::StoreError;
use crate::store::columns::{moment, moment_or_none};

/// A call of a function about one of the locks of this program, which have "inbx" and a number: 1 for the schema, 2 for new days,
/// 3 for what is too old.
macro_rules! advisory_lock {
    ($function:literal, $number:literal) => {
        concat!("SELECT ", $function, "(1768841848, ", $number, ")")
    };
}

/// The time by the clock of the server, in microseconds.
macro_rules! server_clock {
    () => {
        "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint"
    };
}

pub(super) use {advisory_lock, server_clock};

/// A parameter.
pub(super) type Param<'q> = Box<dyn ToSql + Sync + Send + 'q>;

/// A statement with its parameters.
pub(super) struct Query<'q> {
    pub(super) sql: Cow<'static, str>,
    pub(super) params: Vec<Param<'q>>,
    /// Whether it is prepared once for a connection.
    pub(super) is_prepared: bool,
}

impl<'q> Query<'q> {
    /// A statement without parameters.
    pub(super) fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { sql: sql.into(), params: Vec::new(), is_prepared: true }
    }

    /// A statement that is hardly run again.
    pub(super) fn once(sql: String) -> Self {
        Self { is_prepared: false, ..Self::new(sql) }
    }

    /// With one more parameter.
    pub(super) fn with(mut self, param: impl ToSql + Sync + Send + 'q) -> Self {
        self.params.push(Box::new(param));
        self
    }

    /// With one more parameter, a text.
    pub(super) fn with_text(self, text: &'q str) -> Self {
        self.with(PgText(text))
    }
}

/// What is read of a row, by the position of the column.
pub(super) trait ReadRow {
    /// A value.
    fn value<'r, T: FromSql<'r>>(&'r self, column: usize) -> Result<T, StoreError>;
    /// A text.
    fn text(&self, column: usize) -> Result<String, StoreError>;
    /// A text that may be missing.
    fn text_or_none(&self, column: usize) -> Result<Option<String>, StoreError>;
    /// A text that is shared.
    fn shared(&self, column: usize) -> Result<Arc<str>, StoreError> {
        self.text(column).map(Arc::from)
    }
    /// A text that is shared and may be missing.
    fn shared_or_none(&self, column: usize) -> Result<Option<Arc<str>>, StoreError> {
        Ok(self.text_or_none(column)?.map(Arc::from))
    }
    /// A number that is never negative.
    fn count(&self, column: usize) -> Result<u64, StoreError>;
    /// The same for one that may be missing.
    fn count_or_none(&self, column: usize) -> Result<Option<u64>, StoreError>;
    /// A moment.
    fn moment(&self, column: usize) -> Result<Timestamp, StoreError>;
    /// A moment that may be missing.
    fn moment_or_none(&self, column: usize) -> Result<Option<Timestamp>, StoreError>;
}

impl ReadRow for Row {
    fn value<'r, T: FromSql<'r>>(&'r self, column: usize) -> Result<T, StoreError> {
        self.try_get(column).map_err(|error| StoreError::Damaged(error.to_string()))
    }

    fn text(&self, column: usize) -> Result<String, StoreError> {
        self.value::<PgText<String>>(column).map(|text| text.0)
    }

    fn text_or_none(&self, column: usize) -> Result<Option<String>, StoreError> {
        Ok(self.value::<Option<PgText<String>>>(column)?.map(|text| text.0))
    }

    fn count(&self, column: usize) -> Result<u64, StoreError> {
        self.value::<i64>(column).map(i64::cast_unsigned)
    }

    fn count_or_none(&self, column: usize) -> Result<Option<u64>, StoreError> {
        Ok(self.value::<Option<i64>>(column)?.map(i64::cast_unsigned))
    }

    fn moment(&self, column: usize) -> Result<Timestamp, StoreError> {
        moment(self.value(column)?)
    }

    fn moment_or_none(&self, column: usize) -> Result<Option<Timestamp>, StoreError> {
        moment_or_none(self.value(column)?)
    }
}
