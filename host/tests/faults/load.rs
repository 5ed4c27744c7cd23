//! Customers who write, and what must hold afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
#[cfg(feature = "postgres")]
use std::time::Duration;

use crate::host::Host;
use crate::whatsapp;

/// Customers who write. What was acknowledged must never be lost.
#[derive(Default)]
pub(crate) struct Load {
    next: AtomicU64,
    /// The webhooks that were not acknowledged: WhatsApp sends them again.
    open: Mutex<Vec<(u64, u64)>>,
    /// The numbers of the messages that were.
    pub(crate) acknowledged: Mutex<BTreeSet<u64>>,
    stopped: AtomicBool,
}

impl Load {
    /// How many customers there are.
    const CUSTOMERS: u64 = 50;

    /// Sends webhooks from so many connections at once until [`stop`](Self::stop). A webhook without an
    /// answer is sent again, later.
    pub(crate) async fn run(self: &Arc<Self>, client: &reqwest::Client, address: &str, connections: usize) {
        self.stopped.store(false, Ordering::Relaxed);
        let mut tasks = Vec::new();
        for _ in 0..connections {
            let (load, client, address) = (Arc::clone(self), client.clone(), address.to_owned());
            tasks.push(tokio::spawn(async move {
                while !load.stopped.load(Ordering::Relaxed) {
                    let open = load.open.lock().unwrap().pop();
                    let (n, sent_at) =
                        open.unwrap_or_else(|| (load.next.fetch_add(1, Ordering::Relaxed), whatsapp::now()));
                    if !load.send(&client, &address, n, sent_at).await {
                        return;
                    }
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    }

    /// Sends webhooks to whichever of these nodes until [`stop`](Self::stop), from so many connections at once.
    /// One that a node does not acknowledge is sent again, to another.
    #[cfg(feature = "postgres")]
    pub(crate) async fn run_on(
        self: &Arc<Self>,
        client: &reqwest::Client,
        nodes: Arc<Mutex<Vec<String>>>,
        connections: usize,
    ) {
        self.stopped.store(false, Ordering::Relaxed);
        let mut tasks = Vec::new();
        for connection in 0..connections {
            let (load, client, nodes) = (Arc::clone(self), client.clone(), Arc::clone(&nodes));
            tasks.push(tokio::spawn(async move {
                for turn in connection.. {
                    if load.stopped.load(Ordering::Relaxed) {
                        return;
                    }
                    let open = load.open.lock().unwrap().pop();
                    let (n, sent_at) =
                        open.unwrap_or_else(|| (load.next.fetch_add(1, Ordering::Relaxed), whatsapp::now()));
                    let address = {
                        let nodes = nodes.lock().unwrap();
                        nodes[turn % nodes.len()].clone()
                    };
                    if !load.send(&client, &address, n, sent_at).await {
                        tokio::time::sleep(Duration::from_millis(20)).await;
                    }
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
    }

    /// Sends a webhook. Whether there was an answer.
    async fn send(&self, client: &reqwest::Client, address: &str, n: u64, sent_at: u64) -> bool {
        let text = if n.is_multiple_of(3) { "I want a refund" } else { "Hello" };
        let webhook = whatsapp::text(&id(n), 201_000_000_000 + n % Self::CUSTOMERS, text, sent_at);
        let status = whatsapp::post(client, address, &webhook).await;
        if status == Some(200) {
            self.acknowledged.lock().unwrap().insert(n);
        } else {
            self.open.lock().unwrap().push((n, sent_at));
        }
        status.is_some()
    }

    /// No more webhooks.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Sends what is open, until all of it is acknowledged.
    pub(crate) async fn finish(&self, host: &Host) {
        for _ in 0..100 {
            let open = std::mem::take(&mut *self.open.lock().unwrap());
            if open.is_empty() {
                return;
            }
            for (n, sent_at) in open {
                self.send(&host.client, &host.address, n, sent_at).await;
            }
        }
        panic!("{:?} is not acknowledged", self.open.lock().unwrap());
    }

    /// Checks that each message that was acknowledged is decided, and no message twice.
    pub(crate) async fn check(&self, host: &Host) {
        let mut decided: BTreeMap<String, u32> = BTreeMap::new();
        for decision in host.all("/decisions").await {
            *decided.entry(decision["message"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let twice: Vec<_> = decided.iter().filter(|(_, times)| **times > 1).collect();
        assert!(twice.is_empty(), "decided twice: {twice:?}");
        let acknowledged = self.acknowledged.lock().unwrap().clone();
        let lost: Vec<_> = acknowledged.iter().filter(|n| !decided.contains_key(&id(**n))).collect();
        assert!(
            lost.is_empty(),
            "{} of {} acknowledged messages are lost: {lost:?}",
            lost.len(),
            acknowledged.len()
        );
        let log: Vec<u64> =
            host.all("/events").await.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
        assert!(log.iter().copied().eq(1..=log.len() as u64), "the log has gaps");
    }
}

fn id(n: u64) -> String {
    format!("wamid.in.{n}")
}
