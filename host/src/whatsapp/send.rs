//! The request that sends a reply.

use inbox_rules::desk::CustomerName;
use serde::Serialize;

/// The address that a reply of the number is posted to.
pub fn request_url(base_url: &str, version: &str, phone_number_id: &str) -> String {
    format!("{}/{version}/{phone_number_id}/messages", base_url.trim_end_matches('/'))
}

/// The body of the request that sends `text`. `row` comes back in every status of the message.
pub fn request_body(row: &str, recipient: &CustomerName, text: &str) -> String {
    let name = recipient.as_str();
    let phone = name.strip_prefix('+');
    let body = TextBody {
        messaging_product: "whatsapp",
        recipient_type: "individual",
        to: phone,
        recipient: phone.is_none().then_some(name),
        kind: "text",
        text: TextContent { body: text },
        biz_opaque_callback_data: row,
    };
    serde_json::to_string(&body).unwrap_or_default()
}

#[derive(Serialize)]
struct TextBody<'a> {
    messaging_product: &'static str,
    recipient_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recipient: Option<&'a str>,
    #[serde(rename = "type")]
    kind: &'static str,
    text: TextContent<'a>,
    biz_opaque_callback_data: &'a str,
}

#[derive(Serialize)]
struct TextContent<'a> {
    body: &'a str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reply_goes_to_a_phone_or_to_a_user_id() {
        let body =
            |name: &str| request_body("r9", &CustomerName::parse(name).expect("a name"), "Hello “Mona”\n");
        assert_eq!(
            body("+201001234567"),
            r#"{"messaging_product":"whatsapp","recipient_type":"individual","to":"201001234567","type":"text","text":{"body":"Hello “Mona”\n"},"biz_opaque_callback_data":"r9"}"#
        );
        assert_eq!(
            body("US.1349"),
            r#"{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"US.1349","type":"text","text":{"body":"Hello “Mona”\n"},"biz_opaque_callback_data":"r9"}"#
        );
    }

    #[test]
    fn the_address_has_the_number() {
        let url = "https://graph.facebook.com/v25.0/106540352242922/messages";
        assert_eq!(request_url("https://graph.facebook.com", "v25.0", "106540352242922"), url);
        assert_eq!(request_url("https://graph.facebook.com/", "v25.0", "106540352242922"), url);
    }
}
