//! WhatsApp as the program sees it: signed webhooks, sent again until they are acknowledged.

use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::host::{PHONE_NUMBER_ID, SECRET};

/// Now, in seconds since 1970.
pub(crate) fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

/// The webhook of a text message.
pub(crate) fn text(id: &str, customer: u64, text: &str, sent_at: u64) -> Value {
    let customer = customer.to_string();
    value(json!({
        "contacts": [{ "profile": { "name": "Mona" }, "wa_id": customer }],
        "messages": [{ "from": customer, "id": id, "timestamp": sent_at.to_string(), "type": "text", "text": { "body": text } }],
    }))
}

/// The webhook of a status.
pub(crate) fn status(wamid: &str, data: &str, state: &str, customer: &str) -> Value {
    value(json!({ "statuses": [{
        "id": wamid, "status": state, "timestamp": now().to_string(), "recipient_id": customer, "biz_opaque_callback_data": data,
    }] }))
}

fn value(mut value: Value) -> Value {
    value["messaging_product"] = json!("whatsapp");
    value["metadata"] = json!({ "display_phone_number": "15550100", "phone_number_id": PHONE_NUMBER_ID });
    json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": "1", "changes": [{ "field": "messages", "value": value }] }],
    })
}

/// The header that signs a body.
pub(crate) fn signature(body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().iter().fold("sha256=".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}

/// Sends a webhook once: the status that came back, or `None` without an answer.
pub(crate) async fn post(client: &reqwest::Client, address: &str, webhook: &Value) -> Option<u16> {
    let body = serde_json::to_vec(webhook).unwrap();
    let request = client.post(format!("{address}/webhooks/whatsapp"));
    let request = request.header("X-Hub-Signature-256", signature(&body)).body(body);
    let answer = request.timeout(std::time::Duration::from_secs(10)).send().await.ok()?;
    Some(answer.status().as_u16())
}
