//! The disk is full for a while.

use std::sync::Arc;
use std::time::Duration;

use crate::graph::Graph;
use crate::host::Setup;
use crate::load::Load;
use crate::{times, whatsapp};

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_loses_nothing_and_the_program_goes_on_when_there_is_room() {
    let graph = Graph::start().await;
    let setup = Setup::new(&graph.address).with_faults();
    let host = setup.start("inbox.db");
    host.online("alice").await;
    let load = Arc::new(Load::default());
    for _ in 0..times(2, 20) {
        let running = tokio::spawn({
            let (load, client, address) = (Arc::clone(&load), host.client.clone(), host.address.clone());
            async move { load.run(&client, &address, 8).await }
        });
        tokio::time::sleep(Duration::from_millis(200)).await;
        setup.control(0, true);
        tokio::time::sleep(Duration::from_millis(400)).await;
        let webhook = whatsapp::text("wamid.full", 201_999_999_999, "Hello", whatsapp::now());
        let status = whatsapp::post(&host.client, &host.address, &webhook).await;
        assert_eq!(status, Some(503), "what cannot be written is not acknowledged");
        setup.control(0, false);
        tokio::time::sleep(Duration::from_millis(300)).await;
        load.stop();
        running.await.unwrap();
        load.finish(&host).await;
    }
    load.check(&host).await;
    host.kill();
    setup.verify("inbox.db");
    let host = setup.start("inbox.db");
    load.check(&host).await;
}
