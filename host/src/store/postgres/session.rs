//! A connection, and statements that go out together.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

use tokio::task::JoinHandle;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Client, Error as PgError, Row, Statement};

use super::address::ServerAddress;
use super::query::Query;

/// A connection that is open.
pub(super) struct Session {
    client: Client,
    /// Drives the connection, and holds it open.
    driver: JoinHandle<()>,
    statements: HashMap<Cow<'static, str>, Statement>,
}

/// How many prepared statements are kept: more than most programs have.
const STATEMENTS: usize = 256;

/// A stalled node must free the inbox that it has locked, and others must wait longer than that (`lock_timeout`). Every read
/// has an index; plans made while a table is small would ignore it and be kept, so those kinds of plan are off. A commit must
/// reach the disk and the synchronous standby, and see what others have committed, whatever the server's defaults.
const SETTINGS: &str = "SET default_transaction_isolation = 'read committed';
    SET idle_in_transaction_session_timeout = '3s';
    SET lock_timeout = '5s';
    SET statement_timeout = '10s';
    SET plan_cache_mode = force_generic_plan;
    SET enable_seqscan = off;
    SET enable_hashjoin = off;
    SET enable_mergejoin = off;
    SET enable_material = off;
    SET jit = off;
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') IN ('off', 'local')";

/// Whoever reads waits for the answer, and nobody waits for them.
const SETTINGS_TO_READ: &str = "SET lock_timeout = '3s'; SET statement_timeout = '5s'";

/// Without it, a connection whose answer never comes would stay open.
impl Drop for Session {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

impl Session {
    /// Opens a connection, which the present runtime drives.
    pub(super) async fn open(address: &ServerAddress) -> Result<Self, PgError> {
        let (client, connection) = address.config.connect(address.tls.clone()).await?;
        let driver = tokio::spawn(async move {
            // Whoever waits for an answer is told.
            drop(connection.await);
        });
        let session = Self { client, driver, statements: HashMap::new() };
        session.run_script(SETTINGS).await?;
        if address.is_read {
            session.run_script(SETTINGS_TO_READ).await?;
        }
        Ok(session)
    }

    /// Whether it is known to be lost.
    pub(super) fn is_lost(&self) -> bool {
        self.client.is_closed()
    }

    /// Runs statements that need no preparation.
    pub(super) async fn run_script(&self, sql: &str) -> Result<(), PgError> {
        self.client.batch_execute(sql).await
    }

    /// Sends statements in one flight; the answer is the rows of each. If one fails, so do those after it in a
    /// transaction, and the error is that of the first.
    pub(super) async fn send(&mut self, queries: &[Query<'_>]) -> Result<Vec<Vec<Row>>, PgError> {
        self.prepare(queries).await?;
        let (client, statements) = (&self.client, &self.statements);
        let sent = queries.iter().map(|query| async move {
            let params: Vec<&(dyn ToSql + Sync)> =
                query.params.iter().map(|param| -> &(dyn ToSql + Sync) { &**param }).collect();
            match statements.get(&query.sql) {
                Some(statement) => client.query(statement, &params).await,
                None => client.query(&*query.sql, &params).await,
            }
        });
        in_order(sent).await.into_iter().collect()
    }

    async fn prepare(&mut self, queries: &[Query<'_>]) -> Result<(), PgError> {
        if self.statements.len() > STATEMENTS {
            self.statements.clear();
        }
        let new = queries.iter().filter(|query| query.is_prepared).map(|query| &query.sql);
        let new: Vec<_> = new.filter(|sql| !self.statements.contains_key(*sql)).collect();
        if new.is_empty() {
            return Ok(());
        }
        let client = &self.client;
        let prepared = in_order(new.iter().map(|sql| client.prepare(sql))).await;
        for (sql, statement) in new.into_iter().zip(prepared) {
            self.statements.insert(sql.clone(), statement?);
        }
        Ok(())
    }
}

/// Runs all, beginning with the first: what each of them sends goes out in this order.
async fn in_order<F: Future>(all: impl Iterator<Item = F>) -> Vec<F::Output> {
    enum Running<F: Future> {
        Waits(Pin<Box<F>>),
        Done(F::Output),
    }
    let mut all: Vec<_> = all.map(|future| Some(Running::Waits(Box::pin(future)))).collect();
    poll_fn(|context| {
        let mut is_ready = true;
        for one in &mut all {
            if let Some(Running::Waits(future)) = one {
                match future.as_mut().poll(context) {
                    Poll::Ready(output) => *one = Some(Running::Done(output)),
                    Poll::Pending => is_ready = false,
                }
            }
        }
        if is_ready { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    let done = all.into_iter().flatten().filter_map(|one| match one {
        Running::Done(output) => Some(output),
        Running::Waits(_) => None,
    });
    done.collect()
}
