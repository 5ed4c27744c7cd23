//! Webhooks, from outside: signed, durable, answered.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::running::{RunningHost, sign};

/// A webhook with a text message.
pub(crate) fn text_message(id: &str, from: &str, text: &str) -> String {
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": {
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": "15550100", "phone_number_id": "106540352242922" },
        "contacts": [{ "profile": { "name": "Mona" }, "wa_id": from }],
        "messages": [{ "from": from, "id": id, "type": "text", "text": { "body": text } }],
    } }] }] })
    .to_string()
}

#[test]
fn the_address_is_confirmed() {
    let host = RunningHost::start();
    let ask = |query: &str| host.request("GET", &format!("/webhooks/whatsapp{query}"), &[], b"");
    let right = ask("?hub.mode=subscribe&hub.verify_token=verify&hub.challenge=1158201444");
    assert_eq!((right.status, &*right.body), (200, "1158201444"));
    assert!(right.headers.contains("text/plain"), "{right:?}");
    for query in
        ["", "?hub.mode=subscribe&hub.verify_token=wrong&hub.challenge=1", "?hub.verify_token=verify"]
    {
        assert!(ask(query).error().starts_with("403 not-allowed"), "{query}");
    }
    assert!(ask("/other?hub.mode=subscribe").error().starts_with("404 unknown-account"));
    assert_eq!(ask("/main?hub.mode=subscribe&hub.verify_token=verify&hub.challenge=7").body, "7");
    let wrong = host.request("DELETE", "/webhooks/whatsapp", &[], b"");
    assert_eq!(wrong.error(), "405 wrong-method: this address does not take this method");
    assert!(wrong.headers.to_lowercase().contains("\nallow: get,head,post"), "{wrong:?}");
}

#[test]
fn a_webhook_is_decided_before_it_is_answered() {
    let host = RunningHost::start();
    let body = text_message("wamid.A1", "201001234567", "hi");
    let answer = host.webhook(&body);
    assert_eq!((answer.status, &*answer.body), (200, ""));
    assert_eq!(host.webhook(&body).status, 200);
    let decisions = host.get("decisions");
    assert_eq!(decisions["items"].as_array().unwrap().len(), 1);
    assert_eq!(decisions["items"][0]["message"], "wamid.A1");
    assert_eq!(host.get("customers/201001234567")["name"], "Mona");
}

/// A webhook may bring more than the queue of an inbox holds. If only a part was taken in time, the answer is 503, and the
/// part is not decided again.
#[test]
fn a_webhook_that_was_taken_in_part_comes_again() {
    const MESSAGES: usize = 4_500;
    let host = RunningHost::start();
    let mut body: Value = serde_json::from_str(&text_message("", "", "")).unwrap();
    let message = |at: usize| {
        let from = format!("2010{:07}", at % 50);
        json!({ "from": from, "id": format!("wamid.{at}"), "type": "text", "text": { "body": "hi" } })
    };
    body["entry"][0]["changes"][0]["value"]["messages"] = (0..MESSAGES).map(message).collect();
    body["entry"][0]["changes"][0]["value"].as_object_mut().unwrap().remove("contacts");
    let body = body.to_string();
    let mut before = Vec::new();
    let mut statuses = Vec::new();
    while statuses.last() != Some(&200) {
        assert!(statuses.len() < 60, "{statuses:?}");
        let answer = host.webhook(&body);
        if answer.status == 503 {
            assert!(answer.headers.to_lowercase().contains("retry-after: "), "{answer:?}");
            assert!(answer.error().starts_with("503 "), "{answer:?}");
        }
        statuses.push(answer.status);
        let now = decided(&host);
        assert!(now.starts_with(&before), "what was decided has changed");
        before = now;
    }
    let mut ids: Vec<&str> = before.iter().map(|(message, _)| &**message).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((ids.len(), before.len()), (MESSAGES, MESSAGES));
    assert_eq!(host.webhook(&body).status, 200);
    assert_eq!(decided(&host), before);
}

/// The messages that are decided, in order, with their decisions.
fn decided(host: &RunningHost) -> Vec<(String, Value)> {
    let (mut all, mut after) = (Vec::new(), Some(0));
    while let Some(from) = after {
        let page = host.get(&format!("decisions?limit=500&after={from}"));
        let items = page["items"].as_array().unwrap();
        all.extend(
            items.iter().map(|one| (one["message"].as_str().unwrap().to_owned(), one["decision"].clone())),
        );
        after = page["next"].as_u64();
    }
    all
}

#[test]
fn what_is_not_signed_is_not_read() {
    let host = RunningHost::start();
    let body = text_message("wamid.A1", "201001234567", "hi");
    let post =
        |header: &str, body: &str| host.request("POST", "/webhooks/whatsapp", &[header], body.as_bytes());
    let wrong = "401 bad-signature: the header `X-Hub-Signature-256` is not the signature of this body";
    assert_eq!(post("X: y", &body).error(), wrong);
    assert_eq!(post(&format!("X-Hub-Signature-256: sha256={}", "0".repeat(64)), &body).error(), wrong);
    assert_eq!(host.webhook("not JSON").error(), "400 bad-json: the body is not JSON");
    assert_eq!(host.get("decisions")["items"], json!([]));
    let long = "x".repeat(3 * 1024 * 1024 + 1);
    assert_eq!(host.webhook(&long).error(), "413 too-large: the body has more than 3072 kB");
}

#[test]
fn one_element_that_cannot_be_read_does_not_stop_the_others() {
    let host = RunningHost::start();
    let good = text_message("wamid.A1", "201001234567", "hi");
    let mut body: serde_json::Value = serde_json::from_str(&good).unwrap();
    let messages = body["entry"][0]["changes"][0]["value"]["messages"].as_array_mut().unwrap();
    messages.insert(0, json!(17));
    messages.push(json!({ "from": "201001234567", "id": "wamid.R1", "type": "reaction", "reaction": { "message_id": "x" } }));
    assert_eq!(host.webhook(&body.to_string()).status, 200);
    assert_eq!(host.get("decisions")["items"].as_array().unwrap().len(), 1);
    let notices = host.get("notices");
    let kinds: Vec<&str> =
        notices["items"].as_array().unwrap().iter().map(|one| one["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["unreadable", "reaction"]);
    let unknown = good.replace("106540352242922", "1");
    assert_eq!(host.webhook(&unknown).status, 200);
    let metrics = RunningHost::request_at(&host.admin, "/metrics").body;
    assert!(metrics.contains("rules_ignored_total{why=\"unknown_number\"} 1"), "{metrics}");
}

#[test]
fn everything_is_ready_before_the_first_webhook() {
    let host = RunningHost::start();
    let events = host.get("events");
    assert_eq!(events["items"][0]["kind"], "rules", "{events}");
    assert!(host.get("rules")["since"].is_string());
    let began = Instant::now();
    assert_eq!(host.webhook(&text_message("wamid.A1", "201001234567", "hi")).status, 200);
    // A debug build took 0.4 s for the table of countries alone.
    assert!(began.elapsed() < Duration::from_millis(300), "{:?}", began.elapsed());
}

#[test]
fn each_account_has_its_own_secrets_and_waits() {
    let account = "[whatsapp.second]\napp_secrets = [{ env = \"VERIFY_TOKEN\" }]\nverify_token = { env = \"APP_SECRET\" }\n\
        access_token = { env = \"ACCESS_TOKEN\" }\nbase_url = \"http://127.0.0.1:9\"\nghost_wait = \"1s\"\n\
        numbers = [\"106540352242922\"]\n";
    let host = RunningHost::start_with(account);
    let post = |path: &str, secret: &str, body: &str| {
        let signature = format!("X-Hub-Signature-256: sha256={}", sign(secret, body.as_bytes()));
        host.request("POST", path, &[&signature], body.as_bytes()).status
    };
    let held = text_message("wamid.G1", "201001234567", "")
        .replace(r#""text":{"body":""},"type":"text""#, r#""type":"unsupported","errors":[{"code":131060}]"#);
    assert!(held.contains("131060"), "{held}");
    // The number is the other account's.
    assert_eq!(post("/webhooks/whatsapp", "secret", &held), 200);
    assert_eq!(post("/webhooks/whatsapp/second", "secret", &held), 401);
    assert_eq!(post("/webhooks/whatsapp/second", "verify", &held), 200);
    let began = Instant::now();
    while host.get("decisions")["items"] == json!([]) {
        assert!(began.elapsed() < Duration::from_secs(4), "`ghost_wait` of the other account is 5 s");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(began.elapsed() > Duration::from_millis(700), "{:?}", began.elapsed());
}

#[test]
fn what_the_inbox_does_not_know_is_kept_counted_and_told() {
    let host = RunningHost::start();
    let body = json!({
        "number": "+15550100",
        "message": { "id": "A1", "text": "hi", "attributes": { "campaign": "winter" } },
        "customer": { "phone": "+201001234567", "attributes": { "plan": "platinum", "city": "Cairo" } },
    });
    let answer = host.call("POST", "messages", &body.to_string());
    assert_eq!(answer.status, 200, "{answer:?}");
    let attributes = host.get("customers/201001234567")["attributes"].clone();
    assert_eq!(attributes, json!({ "plan": "platinum", "city": "Cairo" }));
    let decision = host.get(&format!("decisions/{}?why=true", answer.json()["seq"]));
    let unknown = json!(["message.campaign", "customer.city", "customer.plan"]);
    assert_eq!(decision["decision"]["why"]["unknown"], unknown);
    let metrics = RunningHost::request_at(&host.admin, "/metrics").body;
    assert!(metrics.contains("rules_ignored_total{why=\"unknown_attribute\"} 3"), "{metrics}");
}
