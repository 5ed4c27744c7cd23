//! Whether a request comes from WhatsApp: the signature of a webhook, and the token with which its address is
//! confirmed.

use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Whether the header `X-Hub-Signature-256` is the signature of the raw body under one of the app's secrets.
/// The time that it takes says nothing about the secrets. An empty secret signs nothing.
pub fn verify(secrets: &[SecretString], header: Option<&str>, body: &[u8]) -> bool {
    let Some(signature) = header.and_then(|header| decode(header.trim().strip_prefix("sha256=")?)) else {
        return false;
    };
    let keys = secrets.iter().map(|secret| secret.expose_secret().as_bytes()).filter(|key| !key.is_empty());
    keys.fold(false, |found, key| found | is_signature(key, body, &signature))
}

/// Whether the token of a request is the one that was set, in constant time.
pub fn is_token(expected: &SecretString, given: &str) -> bool {
    let expected = expected.expose_secret().as_bytes();
    !expected.is_empty() && bool::from(expected.ct_eq(given.as_bytes()))
}

fn is_signature(key: &[u8], body: &[u8], signature: &[u8; 32]) -> bool {
    Hmac::<Sha256>::new_from_slice(key)
        .is_ok_and(|mac| mac.chain_update(body).verify_slice(signature).is_ok())
}

/// The 32 bytes of a SHA-256 in hexadecimal.
fn decode(hex: &str) -> Option<[u8; 32]> {
    if hex.len() != 64 {
        return None;
    }
    let mut bytes = [0; 32];
    for (byte, digits) in bytes.iter_mut().zip(hex.as_bytes().chunks_exact(2)) {
        let mut digits = digits.iter().map(|digit| char::from(*digit).to_digit(16));
        let (high, low) = (digits.next()??, digits.next()??);
        *byte = u8::try_from(high * 16 + low).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4231, test case 2.
    const BODY: &[u8] = b"what do ya want for nothing?";
    const HEX: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";

    fn check(secrets: &[&str], header: Option<&str>, expected: bool) {
        let secrets: Vec<SecretString> = secrets.iter().map(|secret| SecretString::from(*secret)).collect();
        assert_eq!(verify(&secrets, header, BODY), expected, "{header:?}");
    }

    #[test]
    fn a_right_signature_is_accepted() {
        let header = format!("sha256={HEX}");
        check(&["Jefe"], Some(&header), true);
        check(&["former", "Jefe"], Some(&header), true);
        check(&["Jefe", "next"], Some(&header), true);
        check(&["Jefe"], Some(&format!("sha256={}", HEX.to_uppercase())), true);
    }

    #[test]
    fn any_other_signature_is_refused() {
        let header = format!("sha256={HEX}");
        check(&["other"], Some(&header), false);
        check(&[], Some(&header), false);
        check(&["Jefe"], None, false);
        check(&["Jefe"], Some(HEX), false);
        check(&["Jefe"], Some("sha256="), false);
        check(&["Jefe"], Some(&format!("sha1={HEX}")), false);
        check(&["Jefe"], Some(header.trim_end_matches('3')), false);
        check(&["Jefe"], Some(&header.replace("5b", "5c")), false);
        check(&["Jefe"], Some(&header.replace("5b", "+b")), false);
        check(&["Jefe"], Some(&"é".repeat(35)), false);
        // The signature under an empty key.
        let hex = "76d9e7194e7dbc3aa00bbe8ffb9f6fcb5a932170f971f948bb2ab61607d2b9d6";
        check(&[""], Some(&format!("sha256={hex}")), false);
    }

    #[test]
    fn the_token_is_compared() {
        assert!(is_token(&"secret".into(), "secret"));
        assert!(!is_token(&"secret".into(), "secre"));
        assert!(!is_token(&"".into(), ""));
    }
}
