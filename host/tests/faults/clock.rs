//! The wall clock jumps by a day.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::graph::Graph;
use crate::host::Setup;
use crate::load::Load;
use crate::times;

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_jumps_loses_nothing() {
    let graph = Graph::start().await;
    let setup = Setup::new(&graph.address).with_faults();
    let host = setup.start("inbox.db");
    host.online("alice").await;
    let load = Arc::new(Load::default());
    for ahead in [86_400, 0, -86_400, 0].into_iter().cycle().take(times(4, 40)) {
        setup.control(ahead, false);
        let running = tokio::spawn({
            let (load, client, address) = (Arc::clone(&load), host.client.clone(), host.address.clone());
            async move { load.run(&client, &address, 8).await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        load.stop();
        running.await.unwrap();
        load.finish(&host).await;
    }
    setup.control(0, false);
    load.check(&host).await;
    // It still works: somebody comes, and a chat can be closed.
    host.online("carol").await;
    let (status, chats) = host.call("GET", "/chats", None).await;
    assert_eq!(status, 200);
    let chat = &chats["items"][0]["id"];
    let (status, closed) = host.call("POST", &format!("/chats/{chat}/close"), Some(json!({}))).await;
    assert_eq!((status, &closed["state"]), (200, &json!("closed")));
    host.kill();
    setup.verify("inbox.db");
}
