//! `kill -9` under load.

use std::sync::Arc;
use std::time::Duration;

use crate::graph::Graph;
use crate::host::Setup;
use crate::load::Load;
use crate::times;

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_decided_twice_when_the_program_is_killed() {
    let graph = Graph::start().await;
    let setup = Setup::new(&graph.address);
    let load = Arc::new(Load::default());
    for round in 0..times(3, 100) {
        let host = setup.start("inbox.db");
        host.online("alice").await;
        let (client, address) = (host.client.clone(), host.address.clone());
        let running = tokio::spawn({
            let load = Arc::clone(&load);
            async move { load.run(&client, &address, 16).await }
        });
        tokio::time::sleep(Duration::from_millis(150 + (round as u64 * 37) % 400)).await;
        host.kill();
        load.stop();
        running.await.unwrap();
    }
    let host = setup.start("inbox.db");
    load.finish(&host).await;
    load.check(&host).await;
    host.kill();
    setup.verify("inbox.db");
    println!("{} messages acknowledged", load.acknowledged.lock().unwrap().len());
    // A reply that was being sent when the program was killed may have been taken: it is sent again after
    // `unknown_after`, since no status tells of it. All others come once.
    let taken = graph.taken.lock().unwrap();
    let most = taken.times.values().max().copied().unwrap_or(0);
    assert!(most <= 2, "a reply was sent {most} times");
    assert!(!taken.times.is_empty(), "no reply was sent");
}
