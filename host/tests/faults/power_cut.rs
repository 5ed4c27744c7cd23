//! The power is cut under load: what was not synced is gone, or half of it.

use std::sync::Arc;
use std::time::Duration;

use crate::graph::Graph;
use crate::host::Setup;
use crate::load::Load;
use crate::{journal, times};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_survives_a_power_cut() {
    for round in 0..times(2, 30) {
        let graph = Graph::start().await;
        let setup = Setup::new(&graph.address).with_journal();
        let load = Arc::new(Load::default());
        let host = setup.start("inbox.db");
        host.online("alice").await;
        let (client, address) = (host.client.clone(), host.address.clone());
        let running = tokio::spawn({
            let load = Arc::clone(&load);
            async move { load.run(&client, &address, 16).await }
        });
        while load.acknowledged.lock().unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        tokio::time::sleep(Duration::from_millis(300 + (round as u64 * 97) % 700)).await;
        host.kill();
        load.stop();
        running.await.unwrap();
        let mut n = round as u64;
        // Any sequence will do, as long as it can be repeated.
        let coin = || {
            n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            n >> 63 == 1
        };
        journal::after_power_cut(&setup.path("journal"), &setup.path("after"), coin);
        let host = setup.start("after/inbox.db");
        load.check(&host).await;
        load.finish(&host).await;
        load.check(&host).await;
        host.kill();
        setup.verify("after/inbox.db");
    }
}
