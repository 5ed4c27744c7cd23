//! What the answer of the Graph API means for the reply that was sent.

use std::borrow::Cow;
use std::time::Duration;

use serde_json::value::RawValue;

use super::json::JsonObject;
use super::outcome::SendOutcome;

/// How a request to send a reply ended.
#[derive(Debug, Clone, Copy)]
pub enum GraphAnswer<'a> {
    /// No connection was made, so that nothing can have been sent.
    NotConnected,
    /// The time was over, or the connection broke: the reply may have been sent.
    CutOff,
    /// An answer.
    Http {
        /// The status code.
        status: u16,
        /// The header `Retry-After`.
        retry_after: Option<&'a str>,
        /// The body.
        body: &'a [u8],
    },
}

/// The longest that a `Retry-After` is kept. No reply is sent a day after the customer's message.
const LONGEST_DELAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What the answer means for the reply.
pub fn classify(answer: GraphAnswer<'_>) -> SendOutcome {
    let (status, retry_after, body) = match answer {
        GraphAnswer::NotConnected => return retry(None, None),
        GraphAnswer::CutOff => return SendOutcome::Unknown,
        GraphAnswer::Http { status, retry_after, body } => (status, retry_after, body),
    };
    let body = serde_json::from_slice::<&RawValue>(body).ok().and_then(JsonObject::read);
    if (200..300).contains(&status) {
        return body.and_then(|body| sent(&body)).unwrap_or(SendOutcome::Unknown);
    }
    let error = body.and_then(|body| body.object("error"));
    let code = error.and_then(|error| error.text("code")?.parse::<i64>().ok());
    match (status, code) {
        (_, Some(1 | 2 | 4 | 613 | 80007 | 130_429 | 131_000 | 131_016 | 131_056 | 131_057 | 133_004))
        | (429, _)
        | (408, None) => retry(code, retry_after),
        (_, Some(code @ (0 | 3 | 10 | 190 | 200..=299 | 368 | 131_031 | 131_042 | 131_045 | 133_010))) => {
            SendOutcome::NumberPaused { code }
        }
        (_, Some(code)) => SendOutcome::Failed { code },
        (500.., None) => SendOutcome::Unknown,
        (_, None) => SendOutcome::NumberPaused { code: status.into() },
    }
}

fn retry(code: Option<i64>, retry_after: Option<&str>) -> SendOutcome {
    let seconds = retry_after.and_then(|text| text.trim().parse().ok());
    let after = seconds.map(|seconds| Duration::from_secs(seconds).min(LONGEST_DELAY));
    SendOutcome::Again { code, after, slower: code == Some(130_429) }
}

fn sent(body: &JsonObject<'_>) -> Option<SendOutcome> {
    let messages = body.list("messages");
    let wamid = messages.into_iter().find_map(|message| JsonObject::read(message)?.text("id"))?.into_owned();
    let contacts = body.list("contacts");
    let user_id = contacts.into_iter().find_map(|contact| JsonObject::read(contact)?.text("user_id"));
    Some(SendOutcome::Sent { wamid, user_id: user_id.map(Cow::into_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn http(status: u16, retry_after: Option<&str>, body: &str) -> SendOutcome {
        classify(GraphAnswer::Http { status, retry_after, body: body.as_bytes() })
    }

    fn check(status: u16, code: i64, expected: &str) {
        let body = format!(r#"{{"error":{{"message":"(#{code})","code":{code},"fbtrace_id":"A"}}}}"#);
        let outcome = http(status, None, &body);
        let found = match outcome {
            SendOutcome::Again { code: Some(found), slower, .. } if found == code => {
                if slower {
                    "slower"
                } else {
                    "again"
                }
            }
            SendOutcome::NumberPaused { code: found } if found == code => "pause",
            SendOutcome::Failed { code: found } if found == code => "failed",
            ref other => panic!("{code}: {other:?}"),
        };
        assert_eq!(found, expected, "{status} {code}");
    }

    #[test]
    fn every_code_has_its_outcome() {
        for code in [1, 2, 4, 613, 80007, 131_000, 131_016, 131_056, 131_057, 133_004] {
            check(400, code, "again");
            check(500, code, "again");
        }
        check(400, 130_429, "slower");
        check(429, 130_429, "slower");
        check(429, 131_026, "again");
        for code in [0, 3, 10, 190, 200, 230, 299, 368, 131_031, 131_042, 131_045, 133_010] {
            check(400, code, "pause");
            check(503, code, "pause");
        }
        for code in [-1, 5, 100, 199, 300, 131_026, 131_047, 131_049, 130_472, 131_062, 999_999] {
            check(400, code, "failed");
        }
    }

    #[test]
    fn a_sent_message_has_an_id() {
        let body = r#"{"messaging_product":"whatsapp","contacts":[{"input":"201001234567","wa_id":"201001234567","user_id":"EG.1349"}],"messages":[{"id":"wamid.A1"}]}"#;
        let user_id = Some("EG.1349".to_owned());
        assert_eq!(http(200, None, body), SendOutcome::Sent { wamid: "wamid.A1".into(), user_id });
        let body = r#"{"messages":[{"id":"wamid.A1","message_status":"accepted"}]}"#;
        assert_eq!(http(201, None, body), SendOutcome::Sent { wamid: "wamid.A1".into(), user_id: None });
    }

    #[test]
    fn what_may_have_been_sent_is_unknown() {
        assert_eq!(classify(GraphAnswer::CutOff), SendOutcome::Unknown);
        assert_eq!(http(502, None, "<html>Bad Gateway</html>"), SendOutcome::Unknown);
        assert_eq!(http(500, None, ""), SendOutcome::Unknown);
        assert_eq!(http(200, None, "{}"), SendOutcome::Unknown);
        assert_eq!(http(200, None, r#"{"messages":[{"id":"#), SendOutcome::Unknown);
    }

    #[test]
    fn what_was_surely_not_sent_is_tried_again_or_waits() {
        let again = SendOutcome::Again { code: None, after: None, slower: false };
        assert_eq!(classify(GraphAnswer::NotConnected), again);
        assert_eq!(http(429, None, "slow down"), again);
        assert_eq!(http(404, None, "<html>"), SendOutcome::NumberPaused { code: 404 });
        assert_eq!(http(302, None, ""), SendOutcome::NumberPaused { code: 302 });
    }

    #[test]
    fn retry_after_is_kept() {
        let body = r#"{"error":{"code":4}}"#;
        let after = |text| match http(400, Some(text), body) {
            SendOutcome::Again { after, .. } => after.map(|after| after.as_secs()),
            other => panic!("{other:?}"),
        };
        assert_eq!(after("30"), Some(30));
        assert_eq!(after("99999999999"), Some(86400));
        assert_eq!(after("Wed, 21 Oct 2026 07:28:00 GMT"), None);
    }
}
