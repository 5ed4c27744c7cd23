//! Several nodes on one PostgreSQL: nodes, the network and the database fail under load.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use inbox_host::store::PostgresStore;
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::graph::Graph;
use crate::host::{Host, Place, Setup, check};
use crate::load::Load;
use crate::postgres::Postgres;
use crate::proxy::{Network, Proxy};
use crate::{times, whatsapp};

/// Three nodes, each with a network of its own to the database.
pub(crate) struct Cluster {
    graph: Graph,
    setup: Setup,
    postgres: Postgres,
    /// What lies between the nodes and the database, if they run beside the tests.
    proxies: Vec<Proxy>,
    places: Vec<Place>,
    pub(crate) nodes: Vec<Host>,
    addresses: Arc<Mutex<Vec<String>>>,
    client: reqwest::Client,
    load: Arc<Load>,
}

impl Cluster {
    /// `None`: there is no PostgreSQL.
    async fn start() -> Option<Self> {
        Self::start_with(|setup| setup).await
    }

    async fn start_with(prepare: impl FnOnce(Setup) -> Setup) -> Option<Self> {
        if !Postgres::is_installed() {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is missing");
            println!("skipped: PostgreSQL is missing");
            return None;
        }
        let graph = Graph::start().await;
        let setup = prepare(Setup::new(&graph.address));
        let postgres = Postgres::start();
        let mut proxies = Vec::new();
        for _ in 0..3 {
            proxies.push(Proxy::start(postgres.port).await);
        }
        let stores = proxies.iter().map(|proxy| url("127.0.0.1", proxy.address.port()));
        let places = stores.map(|store| Place::here(&store)).collect();
        Some(Self { proxies, ..Self::start_at(graph, setup, postgres, places).await })
    }

    /// A node at each of these places.
    pub(crate) async fn start_at(graph: Graph, setup: Setup, postgres: Postgres, places: Vec<Place>) -> Self {
        let nodes: Vec<Host> = places.iter().map(|place| setup.start_at(place)).collect();
        let client = nodes[0].client.clone();
        let cluster = Self {
            graph,
            setup,
            postgres,
            proxies: Vec::new(),
            places,
            nodes,
            addresses: Arc::default(),
            client,
            load: Arc::default(),
        };
        cluster.list_addresses();
        cluster.nodes[0].online("alice").await;
        cluster.nodes[1].online("bob").await;
        cluster
    }

    pub(crate) fn list_addresses(&self) {
        *self.addresses.lock().unwrap() = self.nodes.iter().map(|node| node.address.clone()).collect();
    }

    /// Customers write, until [`calm`](Self::calm).
    pub(crate) fn busy(&self) -> JoinHandle<()> {
        let (load, client, nodes) =
            (Arc::clone(&self.load), self.client.clone(), Arc::clone(&self.addresses));
        tokio::spawn(async move { load.run_on(&client, nodes, 12).await })
    }

    /// No customer writes any more, and all that was written is acknowledged.
    pub(crate) async fn calm(&self, busy: JoinHandle<()>) {
        self.load.stop();
        busy.await.unwrap();
        self.load.finish(&self.nodes[0]).await;
    }

    pub(crate) fn acknowledged(&self) -> usize {
        self.load.acknowledged.lock().unwrap().len()
    }

    /// Waits until nodes acknowledge again, and says how long it took.
    async fn wait_for_more(&self) -> Duration {
        let (began, before) = (Instant::now(), self.acknowledged());
        while self.acknowledged() < before + 20 {
            assert!(began.elapsed() < Duration::from_secs(60), "nothing is acknowledged any more");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        began.elapsed()
    }

    /// Customers write to the other nodes for a while. The node at `address` may hold the lock of the inbox, which is taken
    /// from it. Says how long that took.
    pub(crate) async fn go_on_without(&self, address: &str) -> Duration {
        let waited = self.go_on_with(|other| other != address).await;
        sleep(times(3_000, 30_000) as u64).await;
        waited
    }

    /// Customers write to the nodes at some of the addresses. Says how long it took until these acknowledged.
    pub(crate) async fn go_on_with(&self, is_used: impl Fn(&str) -> bool) -> Duration {
        let used = self.nodes.iter().map(|node| node.address.clone()).filter(|address| is_used(address));
        *self.addresses.lock().unwrap() = used.collect();
        let waited = self.wait_for_more().await;
        assert!(waited < Duration::from_secs(20), "nothing was acknowledged for {waited:?}");
        waited
    }

    /// A node that was killed is started again.
    pub(crate) fn start_again(&mut self, node: usize) {
        self.nodes.insert(node, self.setup.start_at(&self.places[node]));
        self.list_addresses();
    }

    /// What must hold in the end.
    pub(crate) async fn check(mut self) {
        for node in &self.nodes {
            self.load.check(node).await;
        }
        let taken = self.graph.taken.lock().unwrap().times.clone();
        assert!(!taken.is_empty(), "no reply was sent");
        let most = taken.values().max().copied().unwrap_or(0);
        assert!(most <= 2, "a reply was sent {most} times");
        self.nodes.drain(..).for_each(Host::kill);
        let url = url("127.0.0.1", self.postgres.port);
        // The store blocks, which this thread may not.
        let checked = tokio::task::spawn_blocking(move || {
            check(&mut PostgresStore::open(&url).unwrap().reader().unwrap());
        });
        checked.await.unwrap();
        println!("{} messages acknowledged", self.acknowledged());
    }
}

/// The address of the store.
pub(crate) fn url(ip: &str, port: u16) -> String {
    format!("postgres://postgres@{ip}:{port}/postgres?sslmode=disable")
}

pub(crate) async fn sleep(millis: u64) {
    tokio::time::sleep(Duration::from_millis(millis)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_decided_twice_when_nodes_are_killed() {
    let Some(mut cluster) = Cluster::start().await else { return };
    for round in 0..times(3, 100) {
        let busy = cluster.busy();
        sleep(150 + (round as u64 * 37) % 400).await;
        let node = round % 3;
        cluster.nodes.remove(node).kill();
        cluster.list_addresses();
        cluster.wait_for_more().await;
        cluster.start_again(node);
        cluster.calm(busy).await;
    }
    cluster.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_decided_twice_when_the_database_is_killed() {
    let Some(mut cluster) = Cluster::start().await else { return };
    for round in 0..times(2, 20) {
        let busy = cluster.busy();
        sleep(300 + (round as u64 * 61) % 500).await;
        cluster.postgres.kill();
        let webhook =
            whatsapp::text(&format!("wamid.away.{round}"), 201_999_999_999, "Hello", whatsapp::now());
        let status = whatsapp::post(&cluster.client, &cluster.nodes[0].address, &webhook).await;
        assert_eq!(status, Some(503), "what cannot be written is not acknowledged");
        cluster.postgres.start_again();
        cluster.wait_for_more().await;
        cluster.calm(busy).await;
    }
    cluster.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_freezes_does_not_stop_the_others() {
    let Some(cluster) = Cluster::start().await else { return };
    for round in 0..times(1, 6) {
        let busy = cluster.busy();
        sleep(300).await;
        let frozen = &cluster.nodes[round % 3];
        frozen.freeze();
        cluster.go_on_without(&frozen.address).await;
        frozen.go_on();
        cluster.list_addresses();
        sleep(500).await;
        cluster.calm(busy).await;
    }
    cluster.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_cut_off_does_not_stop_the_others() {
    let Some(cluster) = Cluster::start().await else { return };
    for round in 0..times(1, 6) {
        let busy = cluster.busy();
        sleep(300).await;
        let (cut_off, proxy) = (&cluster.nodes[round % 3], &cluster.proxies[round % 3]);
        proxy.set(Network::Silent);
        cluster.go_on_without(&cut_off.address).await;
        proxy.set(Network::Good);
        cluster.list_addresses();
        sleep(500).await;
        cluster.calm(busy).await;
    }
    cluster.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_is_slow_or_gone_for_a_while_loses_nothing() {
    let Some(cluster) = Cluster::start().await else { return };
    let slow = Network::Slow(Duration::from_millis(50));
    for network in [slow, Network::Gone, Network::Silent].into_iter().cycle().take(times(3, 30)) {
        let busy = cluster.busy();
        sleep(200).await;
        cluster.proxies.iter().for_each(|proxy| proxy.set(network));
        sleep(1_500).await;
        cluster.proxies.iter().for_each(|proxy| proxy.set(Network::Good));
        cluster.wait_for_more().await;
        cluster.calm(busy).await;
    }
    cluster.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failover_to_a_synchronous_standby_loses_nothing() {
    let Some(mut cluster) = Cluster::start().await else { return };
    for _ in 0..times(1, 5) {
        let standby = cluster.postgres.synchronous_standby();
        let busy = cluster.busy();
        sleep(500).await;
        cluster.postgres.kill();
        cluster.proxies.iter().for_each(|proxy| proxy.set(Network::Gone));
        standby.promote();
        for proxy in &cluster.proxies {
            proxy.lead_to(standby.port);
            proxy.set(Network::Good);
        }
        cluster.postgres = standby;
        cluster.wait_for_more().await;
        cluster.calm(busy).await;
    }
    cluster.check().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn clocks_that_differ_by_days_lose_nothing() {
    let Some(cluster) = Cluster::start_with(Setup::with_faults).await else { return };
    for ahead in [86_400, -86_400, 0].into_iter().cycle().take(times(3, 20)) {
        let busy = cluster.busy();
        // The clocks of all nodes jump, and the clock of the database stays.
        cluster.setup.control(ahead, false);
        sleep(400).await;
        cluster.calm(busy).await;
    }
    cluster.check().await;
}

/// Rules that wait are known to all nodes, also to one that has just been started, and each can let them through.
#[tokio::test(flavor = "multi_thread")]
async fn what_waits_at_the_gate_is_accepted_at_any_node() {
    let Some(mut cluster) = Cluster::start_with(|setup| setup.with_setting("gate = \"diff\"")).await else {
        return;
    };
    let rules = |node: usize| cluster.nodes[node].call("GET", "/rules", None);
    let before = rules(0).await.1;
    let put = json!({ "base": before["digest"], "files": { "+15550100.rules": "otherwise: assign user \"carol\"\n" } });
    let (status, answer) = cluster.nodes[0].call("PUT", "/rules", Some(put.clone())).await;
    assert_eq!((status, answer["error"]["code"].as_str()), (409, Some("gate")), "{answer}");
    let waiting = rules(0).await.1["waiting"].clone();
    assert!(waiting["differences"].as_u64().is_some_and(|count| count > 0), "{waiting}");
    for node in 0..3 {
        let now = rules(node).await.1;
        assert_eq!((&now["waiting"], &now["digest"]), (&waiting, &before["digest"]), "node {node}");
    }
    // The node that was given them is gone, and another begins afterwards.
    cluster.nodes.remove(0).kill();
    cluster.start_again(0);
    let accept = json!({ "digest": waiting["digest"] });
    let (status, answer) = cluster.nodes[0].call("POST", "/rules/accept", Some(accept.clone())).await;
    assert_eq!((status, &answer["digest"], &answer["waiting"]), (200, &waiting["digest"], &Value::Null));
    for node in 0..3 {
        for round in 0.. {
            let (_, now) = cluster.nodes[node].call("GET", "/rules", None).await;
            assert_eq!(now["waiting"], Value::Null, "node {node}");
            if now["digest"] == waiting["digest"] {
                break;
            }
            assert!(round < 40, "node {node} has other rules: {now}");
            sleep(50).await;
        }
        let (status, answer) = cluster.nodes[node].call("POST", "/rules/accept", Some(accept.clone())).await;
        assert_eq!((status, answer["error"]["code"].as_str()), (404, Some("unknown-digest")));
        let (status, _) = cluster.nodes[node].call("PUT", "/rules", Some(put.clone())).await;
        assert_eq!(status, 409, "the base is not active any more");
    }
}
