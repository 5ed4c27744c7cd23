//! Texts as phones write them.

use serde_json::json;

use super::sample::holds;

/// Whether `condition` holds of a message with this text.
fn fits(condition: &str, text: &str) -> bool {
    let rules = format!("when {condition}:\n    assign nobody");
    holds(&rules, &format!("\"message\": {}", json!({ "text": text })))
}

#[track_caller]
fn check(condition: &str, fitting: &[&str], others: &[&str]) {
    for text in fitting {
        assert!(fits(condition, text), "{condition}, {text:?}");
    }
    for text in others {
        assert!(!fits(condition, text), "not {condition}, {text:?}");
    }
}

#[test]
fn apostrophes() {
    check(r#"message contains "can't log in""#, &["I can't log in", "I can’t log in"], &["I cant log in"]);
    check(r#"message contains "s’il vous plaît""#, &["s'il vous plait"], &[]);
}

#[test]
fn digits_and_signs_around_them() {
    let ones = ["1", "١", "۱", "１", "1️⃣", "1.", "1)", "#1", "¿1?"];
    check(r#"message is "1""#, &ones, &["11", "1 2", "1+", "$1"]);
    check(r##"message is "#1""##, &ones, &["#"]);
}

#[test]
fn accents() {
    let words = r#"message contains any ["preço", "não"]"#;
    check(words, &["PREÇO?", "preco?", "nao quero", "na\u{303}o"], &["precos"]);
    check(r#"message is "истек""#, &["истёк"], &["истей"]);
}

#[test]
fn signs_at_the_ends() {
    let words = r#"message is any ["yes", "thanks", "ok"]"#;
    check(words, &["Yes", "Yes!", "ok.", "thanks 🙏", "*ok* 👍🏽", "« ok »"], &["ok?no", "_ok_", "ok+", "👍"]);
    check(r#"message is not "yes""#, &["no", "👍"], &["Yes!"]);
    check(r#"message is "👍""#, &["👍", "👍🏽"], &["👍👍", "ok 👍", "!"]);
    check(r#"message starts with "re:""#, &["Re: refund", "*re: x"], &["refund", "re"]);
    check(r#"message starts with "(order""#, &["order", "- order 12", "(orders"], &["my order"]);
    check(r#"message starts with "!""#, &["!", "!!", "! x"], &["?!", "x!"]);
    check(r#"message contains "ok.""#, &["ok.", "ok. fine"], &["ok"]);
}

/// Only the message's text: a name or a city is compared with all its signs.
#[test]
fn signs_of_attributes_count() {
    let city = |text: &str| {
        let customer = json!({ "attributes": { "city": text } });
        holds("when customer.city is \"Cairo\":\n    assign nobody", &format!("\"customer\": {customer}"))
    };
    assert!(city("cairo ") && !city("Cairo!"));
}

#[test]
fn scripts_without_spaces() {
    check(r#"message contains "退款""#, &["我要退款谢谢"], &[]);
    check(r#"message contains "คืนเงิน""#, &["ฉันต้องการคืนเงินครับ"], &[]);
    check(r#"message contains "환불""#, &["환불!"], &["환불해주세요"]);
}
