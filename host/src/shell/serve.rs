//! Listens, and serves each connection in a task of its own.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use super::connection::ClientStream;
use crate::limits::{CONNECTIONS, HEADER_TIME};

/// The headers of a request have at most so many bytes.
const HEADER_BYTES: usize = 64 * 1024;

/// Serves until `stopping`, and then for at most `drain` longer, until what has begun is answered.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    mut stopping: watch::Receiver<bool>,
    drain: Duration,
) {
    let most = most_connections(std::fs::read_to_string("/proc/self/limits").ok().as_deref());
    let places = Arc::new(Semaphore::new(most));
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            accepted = accepted => accepted,
            _ = stopping.wait_for(|stopping| *stopping) => break,
        };
        match (place, accepted) {
            (Ok(place), Ok((stream, peer))) => {
                let serving = connection(stream, peer, router.clone(), stopping.clone());
                tokio::spawn(async move {
                    serving.await;
                    drop(place);
                });
            }
            (_, Err(error)) => pause_after(&error).await,
            (Err(_), _) => return,
        }
    }
    drop(listener);
    let all = u32::try_from(most).unwrap_or(u32::MAX);
    // Whoever is slower than this is cut off.
    let _ = timeout(drain, places.acquire_many(all)).await;
}

/// So many connections leave files for the store and the rules. `limits`: what Linux tells of the process.
fn most_connections(limits: Option<&str>) -> usize {
    let files = limits.and_then(|limits| {
        let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
        line.split_whitespace().next()?.parse::<usize>().ok()
    });
    files.map_or(CONNECTIONS, |files| CONNECTIONS.min(files / 4 * 3).max(16))
}

/// A connection that was gone before it was accepted is nothing; too many open files pass.
async fn pause_after(error: &io::Error) {
    let is_gone = matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionRefused
    );
    if !is_gone {
        tracing::error!(%error, "a connection cannot be accepted");
        sleep(Duration::from_millis(200)).await;
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    mut stopping: watch::Receiver<bool>,
) -> impl Future<Output = ()> + Send {
    // Answers are small, and go out at once.
    let _ = stream.set_nodelay(true);
    let service =
        TowerToHyperService::new(router.map_request(move |mut request: hyper::Request<_>| -> Request {
            request.extensions_mut().insert(ConnectInfo(peer));
            request.map(axum::body::Body::new)
        }));
    async move {
        let mut builder = Builder::new();
        builder.timer(TokioTimer::new()).header_read_timeout(HEADER_TIME).max_buf_size(HEADER_BYTES);
        let mut serving = pin!(builder.serve_connection(TokioIo::new(ClientStream::new(stream)), service));
        // What goes wrong with a connection is the client's affair.
        tokio::select! {
            _ = serving.as_mut() => return,
            _ = stopping.wait_for(|stopping| *stopping) => serving.as_mut().graceful_shutdown(),
        }
        let _ = serving.await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_rest() {
        let limits = |files: &str| {
            format!("Limit    Soft Limit  Hard Limit  Units\nMax open files  {files}  1048576  files\n")
        };
        assert_eq!(most_connections(Some(&limits("1024"))), 768);
        assert_eq!(most_connections(Some(&limits("1048576"))), CONNECTIONS);
        assert_eq!(most_connections(Some(&limits("unlimited"))), CONNECTIONS);
        assert_eq!(most_connections(Some(&limits("8"))), 16);
        assert_eq!(most_connections(None), CONNECTIONS);
    }
}
