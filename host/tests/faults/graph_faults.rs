//! WhatsApp's Graph API is away, late, or answers with an error.

use std::time::{Duration, Instant};

use crate::graph::{Behaviour, Graph};
use crate::host::{Host, Setup};
use crate::{times, whatsapp};

/// Waits until no reply is on its way any more, and says how many are in each of the states that are
/// expected.
async fn settled(host: &Host, seconds: u64) -> Vec<serde_json::Value> {
    let until = Instant::now() + Duration::from_secs(seconds);
    loop {
        let replies = host.all("/replies").await;
        let is_open = |reply: &&serde_json::Value| {
            ["waiting", "sending", "unknown"].contains(&reply["state"].as_str().unwrap())
        };
        if replies.iter().find(is_open).is_none() {
            return replies;
        }
        assert!(
            Instant::now() < until,
            "after {seconds} s there is still {:?}",
            replies.iter().find(is_open)
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn write(host: &Host, messages: u64, first: u64) {
    for n in first..first + messages {
        let webhook = whatsapp::text(&format!("wamid.{n}"), 201_000_000_000 + n, "Hello", whatsapp::now());
        assert_eq!(whatsapp::post(&host.client, &host.address, &webhook).await, Some(200));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_go_out_once_when_graph_is_back() {
    let graph = Graph::start().await;
    let setup = Setup::new(&graph.address);
    let host = setup.start("inbox.db");
    host.online("alice").await;
    let mut sent = 0;
    for behaviour in [Behaviour::Only502, Behaviour::RateLimited, Behaviour::Late(Duration::from_millis(700))]
    {
        graph.set(behaviour);
        write(&host, 10, sent).await;
        sent += 10;
        tokio::time::sleep(Duration::from_millis(500)).await;
        graph.set(Behaviour::Good);
        let replies = settled(&host, 60).await;
        assert!(replies.iter().all(|reply| reply["state"] == "sent"), "{replies:?}");
        let taken = graph.taken.lock().unwrap();
        assert_eq!(taken.times.len() as u64, sent, "{behaviour:?}");
        assert!(taken.times.values().all(|times| *times == 1), "{behaviour:?}: {:?}", taken.times);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_settles_a_reply_whose_answer_was_lost() {
    let graph = Graph::start().await;
    let setup = Setup::new(&graph.address);
    let host = setup.start("inbox.db");
    host.online("alice").await;
    graph.set(Behaviour::TakenAnd502);
    write(&host, 10, 0).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    graph.set(Behaviour::Good);
    let ids = graph.taken.lock().unwrap().ids.clone();
    assert_eq!(ids.len(), 10);
    // WhatsApp tells of half of them.
    for (wamid, reply, customer) in &ids[..5] {
        let status = whatsapp::status(wamid, reply, "delivered", customer);
        assert_eq!(whatsapp::post(&host.client, &host.address, &status).await, Some(200));
    }
    let replies = settled(&host, 30).await;
    let count = |state: &str| replies.iter().filter(|reply| reply["state"] == state).count();
    assert_eq!((count("delivered"), count("sent")), (5, 5), "{replies:?}");
    let taken = graph.taken.lock().unwrap();
    let twice = taken.times.values().filter(|times| **times == 2).count();
    assert_eq!((twice, taken.texts.len()), (5, 15), "only those that nothing is known of are sent again");
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_that_are_an_hour_late_are_not_sent() {
    let graph = Graph::start().await;
    let setup = Setup::new(&graph.address).with_faults();
    let host = setup.start("inbox.db");
    host.online("alice").await;
    graph.set(Behaviour::Only502);
    write(&host, times(5, 100) as u64, 0).await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    setup.control(3700, false);
    graph.set(Behaviour::Good);
    let replies = settled(&host, 60).await;
    assert!(replies.iter().all(|reply| reply["state"] != "sent"), "{replies:?}");
    assert_eq!(graph.taken.lock().unwrap().texts.len(), 0);
}
