//! Several nodes, each in a network namespace of its own: one is killed, one freezes, and the packets of one vanish.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use crate::graph::Graph;
use crate::host::{Place, Setup};
use crate::nodes::{Cluster, sleep, url};
use crate::postgres::Postgres;
use crate::times;

/// A bridge, and namespaces joined to it. They are taken away when this is dropped.
struct Namespaces {
    /// The name of the bridge, and the beginning of all names.
    bridge: String,
    /// The beginning of all IP addresses. That of the bridge ends with 1.
    network: String,
}

impl Namespaces {
    const COUNT: usize = 3;

    /// Fails without the rights of root.
    fn new() -> Self {
        let id = std::process::id();
        // 198.18.0.0/15 is for tests of networks, so no real machine has an address there.
        let namespaces = Self { bridge: format!("inbox{id}"), network: format!("198.18.{}", id % 256) };
        let (bridge, ip) = (&namespaces.bridge, namespaces.ip(1));
        for node in 0..Self::COUNT {
            run(&format!("netns add {}", namespaces.name(node)));
        }
        run(&format!("link add {bridge} type bridge"));
        run(&format!("address add {ip}/24 dev {bridge}"));
        run(&format!("link set {bridge} up"));
        for node in 0..Self::COUNT {
            let (name, ip) = (namespaces.name(node), namespaces.ip(node + 2));
            run(&format!("link add {name} type veth peer name eth0 netns {name}"));
            run(&format!("link set {name} master {bridge} up"));
            run(&format!("-n {name} address add {ip}/24 dev eth0"));
            run(&format!("-n {name} link set eth0 up"));
            run(&format!("-n {name} link set lo up"));
        }
        namespaces
    }

    /// The name of a node's namespace, and of the link to it.
    fn name(&self, node: usize) -> String {
        format!("{}-{node}", self.bridge)
    }

    fn ip(&self, last: usize) -> String {
        format!("{}.{last}", self.network)
    }

    fn place(&self, node: usize, port: u16) -> Place {
        Place { namespace: Some(self.name(node)), ip: self.ip(node + 2), store: url(&self.ip(1), port) }
    }

    /// From now on all packets from and to a node vanish, or none do.
    fn cut_off(&self, node: usize, is_cut_off: bool) {
        run(&format!("link set {} {}", self.name(node), if is_cut_off { "down" } else { "up" }));
    }

    /// A node's connections to the database: those on which something it sent is not confirmed yet, or all.
    fn connections(&self, node: usize, port: u16, only_unconfirmed: bool) -> BTreeSet<String> {
        let name = self.name(node);
        let lines = run(&format!("netns exec {name} ss -Htn state established dport = :{port}"));
        let columns = lines.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        columns.filter(|line| !only_unconfirmed || line[1] != "0").map(|line| line[2].to_owned()).collect()
    }
}

impl Drop for Namespaces {
    fn drop(&mut self) {
        for node in 0..Self::COUNT {
            let _ = ip(&format!("link delete {}", self.name(node)));
            let _ = ip(&format!("netns delete {}", self.name(node)));
        }
        let _ = ip(&format!("link delete {}", self.bridge));
    }
}

/// What `ip` prints, or why it failed.
fn ip(arguments: &str) -> Result<String, String> {
    let output = Command::new("ip").args(arguments.split(' ')).output().map_err(|error| error.to_string())?;
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn run(arguments: &str) -> String {
    ip(arguments)
        .unwrap_or_else(|why| panic!("`ip {arguments}` failed, which root must be able to do: {why}"))
}

/// Only in the long form, because it needs root.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_dies_freezes_or_is_cut_off_in_its_namespace_does_not_stop_the_others() {
    if times(0, 1) == 0 {
        return;
    }
    let namespaces = Namespaces::new();
    let graph = Graph::start_on(&namespaces.ip(1)).await;
    let setup = Setup::new(&graph.address);
    let postgres = Postgres::start_on(&namespaces.ip(1));
    let port = postgres.port;
    let places = (0..Namespaces::COUNT).map(|node| namespaces.place(node, port)).collect();
    let mut cluster = Cluster::start_at(graph, setup, postgres, places).await;
    let busy = cluster.busy();
    sleep(1_000).await;

    let killed = cluster.nodes.remove(0);
    let address = killed.address.clone();
    killed.kill();
    let others = cluster.go_on_without(&address).await;
    cluster.start_again(0);
    rejoin(&cluster, 0, "killed", others).await;

    let frozen = &cluster.nodes[1];
    frozen.freeze();
    let others = cluster.go_on_without(&frozen.address).await;
    frozen.go_on();
    rejoin(&cluster, 1, "frozen", others).await;

    namespaces.cut_off(2, true);
    let given_up = async {
        sleep(3_000).await;
        let unconfirmed = namespaces.connections(2, port, true);
        // The operating system gives them up after 5 seconds, and the node itself only after 12.
        sleep(7_000).await;
        let kept = namespaces.connections(2, port, false);
        assert!(!unconfirmed.is_empty(), "the node sent nothing to the database in 3 seconds");
        assert!(kept.is_disjoint(&unconfirmed), "{unconfirmed:?} should be given up: {kept:?}");
    };
    let (others, ()) = tokio::join!(cluster.go_on_without(&cluster.nodes[2].address), given_up);
    namespaces.cut_off(2, false);
    rejoin(&cluster, 2, "cut off", others).await;

    cluster.calm(busy).await;
    cluster.check().await;
}

/// A node is back: customers write to it alone for a moment, then to all again.
async fn rejoin(cluster: &Cluster, node: usize, fault: &str, others: Duration) {
    let address = cluster.nodes[node].address.clone();
    let alone = cluster.go_on_with(|used| used == address).await;
    cluster.list_addresses();
    let count = cluster.acknowledged();
    println!(
        "{fault}: the others went on after {others:?}, the node itself after {alone:?}; {count} acknowledged"
    );
}
