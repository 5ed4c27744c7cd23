//! What lies between a node and its database: a network that is slow, silent, or gone.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, tcp};
use tokio::sync::watch;

/// How the network is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Network {
    /// As it should be.
    Good,
    /// Whatever is sent arrives so much later.
    Slow(Duration),
    /// Nothing arrives, and nobody is told.
    Silent,
    /// All connections are closed, and none is taken.
    Gone,
}

/// The network, in front of a server.
#[derive(Clone)]
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    state: Arc<watch::Sender<(Network, u16)>>,
}

impl Proxy {
    /// Connects whoever comes with the server on this port.
    pub(crate) async fn start(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(watch::Sender::new((Network::Good, port)));
        let proxy = Self { address, state: Arc::clone(&state) };
        tokio::spawn(async move {
            loop {
                let Ok((client, _)) = listener.accept().await else { continue };
                tokio::spawn(connect(client, state.subscribe()));
            }
        });
        proxy
    }

    /// From now on the network is so.
    pub(crate) fn set(&self, network: Network) {
        self.state.send_modify(|state| state.0 = network);
    }

    /// New connections lead to the server on this port.
    pub(crate) fn lead_to(&self, port: u16) {
        self.state.send_modify(|state| state.1 = port);
    }
}

async fn connect(client: TcpStream, mut state: watch::Receiver<(Network, u16)>) {
    let (network, port) = *state.borrow();
    if network == Network::Gone {
        return;
    }
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let (there, back) = (state.clone(), state.clone());
    tokio::select! {
        () = forward(from_client, to_server, there) => {}
        () = forward(from_server, to_client, back) => {}
        _ = state.wait_for(|(network, _)| *network == Network::Gone) => {}
    }
}

async fn forward(
    mut from: tcp::OwnedReadHalf,
    mut to: tcp::OwnedWriteHalf,
    mut state: watch::Receiver<(Network, u16)>,
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let Ok(count @ 1..) = from.read(&mut buffer).await else { return };
        let wait = match state.borrow().0 {
            Network::Slow(time) => time,
            _ => Duration::ZERO,
        };
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        if state.wait_for(|(network, _)| *network != Network::Silent).await.is_err()
            || to.write_all(&buffer[..count]).await.is_err()
        {
            return;
        }
    }
}
