//! Replies at a WhatsApp that these tests play.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, sleep};
use std::time::Duration;

use serde_json::{Value, json};

use crate::running::RunningHost;
use crate::webhooks::text_message;

/// A request that has come: its first line and headers, and its body.
type Posted = (String, Value);

/// Answers each request with these, the last one again and again.
fn graph(answers: Vec<(u16, Value)>) -> (u16, Receiver<Posted>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (posted, requests) = mpsc::channel();
    thread::spawn(move || {
        let mut answers = answers.into_iter().peekable();
        let mut last = None;
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut head, mut length) = (String::new(), 0);
            loop {
                let start = head.len();
                stream.read_line(&mut head).unwrap();
                let line = head[start..].trim().to_lowercase();
                if let Some(value) = line.strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap();
                }
                if line.is_empty() {
                    break;
                }
            }
            let mut body = vec![0; length];
            stream.read_exact(&mut body).unwrap();
            last = answers.next().or(last);
            let (status, answer) = last.clone().unwrap();
            let answer = answer.to_string();
            let head_of_answer = format!(
                "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
                answer.len()
            );
            let _ = stream.get_mut().write_all(format!("{head_of_answer}{answer}").as_bytes());
            if posted.send((head, serde_json::from_slice(&body).unwrap())).is_err() {
                return;
            }
        }
    });
    (port, requests)
}

/// The reply, once it is in this state.
#[track_caller]
fn reply_in(host: &RunningHost, state: &str) -> Value {
    let mut replies = Value::Null;
    for _ in 0..100 {
        replies = host.get(&format!("replies?state={state}"));
        if let Some(reply) = replies["items"].get(0) {
            return reply.clone();
        }
        sleep(Duration::from_millis(100));
    }
    panic!("no reply is {state}: {replies} {}", host.get("replies"));
}

#[test]
fn a_message_comes_in_and_a_reply_goes_out() {
    let taken = json!({ "messages": [{ "id": "wamid.OUT1" }], "contacts": [{ "user_id": "EG.1349" }] });
    let (port, requests) = graph(vec![(200, taken)]);
    let host = RunningHost::start_with_graph(port);
    assert_eq!(host.webhook(&text_message("wamid.A1", "201001234567", "hi")).status, 200);
    let (head, body) = requests.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(head.starts_with("POST /v25.0/106540352242922/messages HTTP/1.1\r\n"), "{head}");
    assert!(head.to_lowercase().contains("authorization: bearer access\r\n"), "{head}");
    assert_eq!(
        body,
        json!({ "messaging_product": "whatsapp", "recipient_type": "individual", "to": "201001234567", "type": "text",
            "text": { "body": "Please wait." }, "biz_opaque_callback_data": "r1" })
    );
    let reply = reply_in(&host, "sent");
    assert_eq!(
        (&reply["id"], &reply["wamid"], &reply["tries"]),
        (&json!("r1"), &json!("wamid.OUT1"), &json!(1))
    );
    assert_eq!(host.get("decisions")["items"][0]["replies"][0]["state"], "sent");
    let names = host.get("customers/201001234567")["names"].clone();
    assert_eq!(names, json!(["+201001234567", "EG.1349"]));

    // What WhatsApp says of it later.
    let status = json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": {
        "metadata": { "phone_number_id": "106540352242922" },
        "statuses": [{ "id": "wamid.OUT1", "status": "read", "timestamp": "1795000000", "biz_opaque_callback_data": "r1" }],
    } }] }] });
    assert_eq!(host.webhook(&status.to_string()).status, 200);
    assert_eq!(reply_in(&host, "read")["id"], "r1");
    for secret in ["201001234567", "Please wait", "access\""] {
        assert!(!host.log().contains(secret), "{secret} in {}", host.log());
    }
}

#[test]
fn a_reply_that_was_not_taken_is_sent_again_or_not() {
    let error = |code: i64| json!({ "error": { "message": "no", "code": code } });
    let taken = json!({ "messages": [{ "id": "wamid.OUT1" }] });
    let (port, requests) = graph(vec![(500, error(131_016)), (200, taken)]);
    let host = RunningHost::start_with_graph(port);
    host.webhook(&text_message("wamid.A1", "201001234567", "hi"));
    assert_eq!(reply_in(&host, "sent")["tries"], 2);
    let bodies: Vec<Value> = requests.try_iter().map(|(_, body)| body).collect();
    assert_eq!(bodies.len(), 2);

    let (port, _requests) = graph(vec![(400, error(131_026))]);
    let host = RunningHost::start_with_graph(port);
    host.webhook(&text_message("wamid.A1", "201001234567", "hi"));
    assert_eq!(reply_in(&host, "failed")["code"], 131_026);
    let log = host.log();
    assert!(log.contains(r#""reply":"r1","outcome":"refused","code":131026"#), "{log}");

    let (port, requests) = graph(vec![(401, error(190))]);
    let host = RunningHost::start_with_graph(port);
    host.webhook(&text_message("wamid.A1", "201001234567", "hi"));
    requests.recv_timeout(Duration::from_secs(20)).unwrap();
    sleep(Duration::from_millis(1_500));
    assert_eq!(host.get("replies?state=waiting")["items"][0]["code"], 190);
    assert!(requests.try_recv().is_err(), "a number that is paused is tried once a minute");
    let metrics = RunningHost::request_at(&host.admin, "/metrics").body;
    assert!(metrics.contains("rules_number_paused{number=\"+15550100\",code=\"190\"} 1"), "{metrics}");
}
