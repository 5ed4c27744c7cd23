//! Tokens of the API: 256 random bits, of which only the SHA-256 is kept.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::principal::{Can, EVERY_INBOX, Principal};

/// A token of the API.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken {
    /// The SHA-256 of the token, as it is presented.
    pub sha256: [u8; 32],
    /// Whoever presents it, by the name of the token.
    pub principal: Arc<Principal>,
}

/// The tokens that are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenTable(Vec<Arc<ApiToken>>);

/// A token that has just been made.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// The token itself, to be shown once.
    pub text: SecretString,
    /// What is kept of it.
    pub sha256: [u8; 32],
}

impl ApiToken {
    /// A token that allows everything in every inbox.
    pub fn for_everything(name: &str, sha256: [u8; 32]) -> Self {
        let can = Can::ALL.map(|(_, can)| can).to_vec();
        let principal = Principal { name: name.into(), inbox: EVERY_INBOX.into(), can };
        Self { sha256, principal: principal.into() }
    }

    /// Its SHA-256, as it is written in `host.toml`.
    pub fn sha256_hex(&self) -> String {
        hex(&self.sha256)
    }

    /// As it is written in `host.toml`.
    pub fn to_toml(&self) -> String {
        let Principal { name, inbox, can } = &*self.principal;
        let can: Vec<String> = can.iter().map(|can| format!("\"{}\"", can.word())).collect();
        let (name, inbox) = (toml::Value::from(&**name), toml::Value::from(&**inbox));
        let (sha256, can) = (hex(&self.sha256), can.join(", "));
        format!("[[tokens]]\nname = {name}\nsha256 = \"{sha256}\"\ninbox = {inbox}\ncan = [{can}]\n")
    }
}

impl TokenTable {
    /// Whether there is such a token, with the same rights.
    pub fn contains(&self, token: &ApiToken) -> bool {
        self.0.iter().any(|known| **known == *token)
    }

    /// The token that is presented, if it is known. How long this takes does not depend on which one it is.
    pub fn find(&self, presented: &str) -> Option<&Arc<ApiToken>> {
        let hash = Sha256::digest(presented.as_bytes());
        let is_it = |token: &Arc<ApiToken>| bool::from(token.sha256.as_slice().ct_eq(hash.as_slice()));
        self.0.iter().fold(None, |found, token| if is_it(token) { Some(token) } else { found })
    }

    /// The token with this SHA-256.
    pub fn with_hash(&self, sha256: &[u8; 32]) -> Option<&Arc<ApiToken>> {
        self.0.iter().find(|token| token.sha256 == *sha256)
    }

    /// Each token.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<ApiToken>> {
        self.0.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One token more.
    pub fn insert(&mut self, token: ApiToken) {
        self.0.push(Arc::new(token));
    }
}

impl NewToken {
    /// The token of these random bits.
    pub fn new(bits: [u8; 32]) -> Self {
        let text = hex(&bits);
        let sha256 = Sha256::digest(text.as_bytes()).into();
        Self { text: text.into(), sha256 }
    }
}

/// Without its hash.
impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiToken").field("principal", &self.principal).finish_non_exhaustive()
    }
}

/// 64 hexadecimal digits.
pub fn parse_sha256(text: &str) -> Option<[u8; 32]> {
    let digits = text.as_bytes();
    let mut hash = [0; 32];
    if digits.len() != 2 * hash.len() {
        return None;
    }
    for (byte, pair) in hash.iter_mut().zip(digits.chunks_exact(2)) {
        let mut digit = pair.iter().map(|digit| char::from(*digit).to_digit(16));
        *byte = u8::try_from(digit.next()?? * 16 + digit.next()??).ok()?;
    }
    Some(hash)
}

fn hex(bytes: &[u8; 32]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_token_is_found_by_its_text() {
        let new = NewToken::new([7; 32]);
        let mut tokens = TokenTable::default();
        tokens.insert(ApiToken::for_everything("other", NewToken::new([8; 32]).sha256));
        let crm = Principal { name: "crm".into(), inbox: "shop".into(), can: vec![Can::Read] };
        tokens.insert(ApiToken { sha256: new.sha256, principal: crm.into() });
        let found = &tokens.find(new.text.expose_secret()).unwrap().principal;
        assert_eq!((&*found.name, found.can(Can::Read), found.can(Can::Rules)), ("crm", true, false));
        assert_eq!((found.is_for("shop"), found.is_for("main")), (true, false));
        assert_eq!(tokens.find(""), None);
        assert_eq!(tokens.find(&hex(&new.sha256)), None);
        assert!(!format!("{new:?} {tokens:?}").contains(new.text.expose_secret()));
    }

    #[test]
    fn what_is_written_in_the_file() {
        let token = ApiToken::for_everything("c\"rm", NewToken::new([0; 32]).sha256);
        assert_snapshot!(token.to_toml(), @r#"
        [[tokens]]
        name = 'c"rm'
        sha256 = "60e05bd1b195af2f94112fa7197a5c88289058840ce7c6df9693756bc6250f55"
        inbox = "*"
        can = ["read", "messages", "users", "chats", "customers", "rules"]
        "#);
    }

    #[test]
    fn hashes() {
        let hash: [u8; 32] = std::array::from_fn(|at| u8::try_from(at * 8).unwrap());
        assert_eq!(parse_sha256(&hex(&hash)), Some(hash));
        assert_eq!(parse_sha256(&hex(&hash).to_uppercase()), Some(hash));
        for text in ["", "ab", &"g".repeat(64), &"é".repeat(32), &"0".repeat(65)] {
            assert_eq!(parse_sha256(text), None, "{text}");
        }
    }
}
