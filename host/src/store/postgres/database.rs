//! A connection that is opened again when it was lost, for calls that block.

use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use tokio_postgres::Row;

use super::address::ServerAddress;
use super::error::QueryFailure;
use super::query::Query;
use super::session::Session;
use crate::store::StoreError;

/// An answer that does not come within this time does not come any more: longer than the server lets a
/// statement take.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(12);

/// A database, with a connection if there is one.
pub(super) struct Database {
    address: ServerAddress,
    runtime: Runtime,
    session: Option<Session>,
    /// Whether a transaction has begun, which goes with the connection.
    is_begun: bool,
}

impl Database {
    /// A database at an address. It is connected when it is used.
    pub(super) fn new(address: ServerAddress) -> Result<Self, StoreError> {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| StoreError::Away(error.to_string()))?;
        Ok(Self { address, runtime, session: None, is_begun: false })
    }

    /// Connects unless there is a connection. `true`: it is another one than before.
    pub(super) fn connect(&mut self) -> Result<bool, StoreError> {
        if self.session.as_ref().is_some_and(|session| !session.is_lost()) {
            return Ok(false);
        }
        self.session = None;
        let address = &self.address;
        let opened = self.runtime.block_on(async { timeout(ANSWER_TIMEOUT, Session::open(address)).await });
        match opened {
            Ok(Ok(session)) => {
                self.session = Some(session);
                Ok(true)
            }
            Ok(Err(error)) => Err(match QueryFailure::of(&error) {
                QueryFailure::Refused(error) => StoreError::Away(error.to_string()),
                QueryFailure::Lost(why) => StoreError::Away(why),
            }),
            Err(_) => Err(StoreError::Away("the server does not answer".to_owned())),
        }
    }

    /// Closes the connection. The server rolls back what is open once it notices, within 3 seconds.
    pub(super) fn disconnect(&mut self) {
        self.session = None;
        // What drives the connection ends when it is polled.
        self.runtime.block_on(tokio::task::yield_now());
    }

    /// Begins a transaction with a statement; the answer is its rows.
    pub(super) fn begin(&mut self, first: Query<'_>) -> Result<Vec<Row>, StoreError> {
        let rows = self.ask(&[Query::new("BEGIN"), first]);
        self.is_begun = true;
        if rows.is_err() {
            self.roll_back();
        }
        Ok(rows?.pop().unwrap_or_default())
    }

    /// Sends statements of which the last is `COMMIT`.
    pub(super) fn commit(&mut self, queries: &[Query<'_>]) -> Result<(), StoreError> {
        self.send(queries).map_err(QueryFailure::of_commit)?;
        self.is_begun = false;
        Ok(())
    }

    /// Does something in a transaction.
    pub(super) fn in_transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.begin(Query::new("SELECT 1"))?;
        let result = work(self).and_then(|done| self.commit(&[Query::new("COMMIT")]).map(|()| done));
        if result.is_err() {
            self.roll_back();
        }
        result
    }

    /// Sends statements in one flight over the present connection; the answer is the rows of each.
    pub(super) fn send(&mut self, queries: &[Query<'_>]) -> Result<Vec<Vec<Row>>, QueryFailure> {
        let Some(session) = self.session.as_mut().filter(|session| !session.is_lost()) else {
            return Err(QueryFailure::Refused(StoreError::Away("the connection is lost".to_owned())));
        };
        let sent = self.runtime.block_on(async { timeout(ANSWER_TIMEOUT, session.send(queries)).await });
        let failure = match sent {
            Ok(Ok(rows)) => return Ok(rows),
            Ok(Err(error)) => QueryFailure::of(&error),
            Err(_) => QueryFailure::Lost("the server does not answer".to_owned()),
        };
        if matches!(failure, QueryFailure::Lost(_)) {
            self.disconnect();
        }
        Err(failure)
    }

    /// Sends statements in one flight, in the present transaction. If there is none, it connects for it if need be,
    /// and nothing of what they do may matter if it is done twice.
    pub(super) fn ask(&mut self, queries: &[Query<'_>]) -> Result<Vec<Vec<Row>>, StoreError> {
        if self.is_begun {
            return self.send(queries).map_err(QueryFailure::before_commit);
        }
        let is_new = self.connect()?;
        match self.send(queries) {
            // A server that was restarted meanwhile.
            Err(QueryFailure::Lost(_)) if !is_new => {
                self.connect()?;
                self.send(queries).map_err(QueryFailure::before_commit)
            }
            result => result.map_err(QueryFailure::before_commit),
        }
    }

    /// Sends one statement in the same way.
    pub(super) fn ask_one(&mut self, query: Query<'_>) -> Result<Vec<Row>, StoreError> {
        Ok(self.ask(&[query])?.pop().unwrap_or_default())
    }

    /// Runs statements that change the schema.
    pub(super) fn run_script(&mut self, sql: &str) -> Result<(), QueryFailure> {
        let Some(session) = &self.session else {
            return Err(QueryFailure::Refused(StoreError::Away("the connection is lost".to_owned())));
        };
        let ran = self.runtime.block_on(async { timeout(ANSWER_TIMEOUT, session.run_script(sql)).await });
        match ran {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(QueryFailure::of(&error)),
            Err(_) => {
                self.disconnect();
                Err(QueryFailure::Lost("the server does not answer".to_owned()))
            }
        }
    }

    /// Rolls back what is open.
    pub(super) fn roll_back(&mut self) {
        let is_begun = std::mem::take(&mut self.is_begun);
        if is_begun && self.session.is_some() && self.run_script("ROLLBACK").is_err() {
            self.disconnect();
        }
    }
}
