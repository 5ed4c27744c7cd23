//! Slow and hostile clients.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::graph::Graph;
use crate::host::Setup;
use crate::{times, whatsapp};

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_hostile_clients_do_not_stop_others() {
    let graph = Graph::start().await;
    let setup = Setup::new(&graph.address);
    let host = setup.start("inbox.db");
    let address = host.address.trim_start_matches("http://").to_owned();
    let mut held = Vec::new();
    for n in 0..times(200, 1500) {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        let start: &[u8] = match n % 5 {
            // Headers that never end.
            0 => b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nX-A: ",
            // A body that never comes.
            1 => b"POST /webhooks/whatsapp HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n{",
            // Something else than HTTP.
            2 => b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\xff\xfe",
            // Two answers at once to requests of which none is good.
            3 => b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /v1/inboxes HTTP/1.1\r\nHost: x\r\n\r\n",
            // Nothing at all.
            _ => b"",
        };
        let _ = stream.write_all(start).await;
        held.push(stream);
    }
    let started = Instant::now();
    for n in 0..20 {
        let webhook = whatsapp::text(&format!("wamid.{n}"), 201_000_000_000 + n, "Hello", whatsapp::now());
        assert_eq!(whatsapp::post(&host.client, &host.address, &webhook).await, Some(200));
    }
    assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());

    // Headers that never end are given up after ten seconds.
    let mut first = held.swap_remove(0);
    let closed = tokio::time::timeout(Duration::from_secs(20), async {
        let mut buffer = [0; 1024];
        while matches!(first.read(&mut buffer).await, Ok(read) if read > 0) {}
    });
    assert!(closed.await.is_ok(), "a client may hold a connection for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn any_bytes_get_an_answer() {
    let graph = Graph::start().await;
    let setup = Setup::new(&graph.address);
    let host = setup.start("inbox.db");
    let post = |body: Vec<u8>, signature: String| {
        let request = host.client.post(format!("{}/webhooks/whatsapp", host.address));
        let request = request.header("X-Hub-Signature-256", signature).body(body);
        async move { request.send().await.unwrap().status().as_u16() }
    };
    for (body, expected) in [
        (&b""[..], 400),
        (b"{", 400),
        (b"\xff\xfe\x00", 400),
        (b"null", 200),
        (b"[]", 200),
        (b"{\"entry\":[{\"changes\":[{\"value\":{\"messages\":[null,7,{\"type\":5}]}}]}]}", 200),
    ] {
        assert_eq!(post(body.to_vec(), whatsapp::signature(body)).await, expected, "{}", body.escape_ascii());
        assert_eq!(post(body.to_vec(), "sha256=00".to_owned()).await, 401);
    }
    let nested = [b"{\"entry\":".to_vec(), b"[".repeat(100_000)].concat();
    assert_eq!(post(nested.clone(), whatsapp::signature(&nested)).await, 400);
    let large = vec![b' '; 3 * 1024 * 1024 + 1];
    assert_eq!(post(large.clone(), whatsapp::signature(&large)).await, 413);
}
