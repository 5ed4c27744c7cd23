//! A proxy that logs people in, and what those may do whom it has logged in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};

use super::network::Network;
use super::principal::{Can, EVERY_INBOX, Principal};

/// A name has at most so many characters.
const MAX_NAME: usize = 256;

/// A proxy in front of the program that logs people in: `[proxy]`.
#[derive(Debug, Clone)]
pub struct ProxySettings {
    /// The header with the name of whoever is logged in.
    pub user_header: String,
    /// The header with their groups, separated by commas. `None`: groups are not known.
    pub groups_header: Option<String>,
    /// The header with the secret; `X-Proxy-Secret`.
    pub secret_header: String,
    /// One, or two while it is being changed: what only the proxy knows. Other programs of the same machine come from
    /// the same address.
    pub secrets: Vec<SecretString>,
    /// Where the proxy calls from; this machine.
    pub from: Vec<Network>,
    /// Where a browser is sent to log out at the proxy. `None`: it is not known.
    pub log_out: Option<String>,
    /// The inbox that anybody may use whom the proxy has logged in, unless a grant fits; `*`.
    pub inbox: Arc<str>,
    /// What they may do there; `read`.
    pub can: Vec<Can>,
    /// What others may do: the first that fits counts.
    pub grants: Vec<ProxyGrant>,
}

/// What some of those may do whom the proxy has logged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyGrant {
    /// For whom it is.
    pub to: Grantee,
    /// The inbox that they may use; `*` is every inbox.
    pub inbox: Arc<str>,
    /// What they may do there.
    pub can: Vec<Can>,
}

/// For whom a grant is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grantee {
    /// The user with this name.
    User(String),
    /// Everybody in this group.
    Group(String),
}

impl ProxySettings {
    /// Whether the proxy may be at this address.
    pub fn is_from(&self, address: IpAddr) -> bool {
        self.from.iter().any(|network| network.contains(address))
    }

    /// Whether it is one of the secrets. How long this takes does not depend on what it is.
    pub fn knows(&self, secret: &[u8]) -> bool {
        let presented = Sha256::digest(secret);
        let is_it = |known: &SecretString| Sha256::digest(known.expose_secret()).ct_eq(&presented);
        self.secrets.iter().fold(Choice::from(0), |found, known| found | is_it(known)).into()
    }

    /// Whoever the proxy has logged in by this name, with what they may do.
    pub fn principal(&self, user: &str, groups: &[&str]) -> Principal {
        let fits = |grant: &&ProxyGrant| match &grant.to {
            Grantee::User(name) => name == user,
            Grantee::Group(name) => groups.contains(&&**name),
        };
        let (inbox, can) = match self.grants.iter().find(fits) {
            Some(grant) => (&grant.inbox, &grant.can),
            None => (&self.inbox, &self.can),
        };
        Principal { name: user.into(), inbox: Arc::clone(inbox), can: can.clone() }
    }
}

/// Whether it can be the name of a user. Proxies join a header that is there twice by a comma.
pub fn is_user_name(text: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b',' | b';' | b'"');
    !text.is_empty() && text.len() <= MAX_NAME && text.bytes().all(is_plain)
}

impl Default for ProxySettings {
    fn default() -> Self {
        Self {
            user_header: String::new(),
            groups_header: None,
            secret_header: "X-Proxy-Secret".to_owned(),
            secrets: Vec::new(),
            from: [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()].map(Network::of).to_vec(),
            log_out: None,
            inbox: EVERY_INBOX.into(),
            can: vec![Can::Read],
            grants: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(to: Grantee, inbox: &str, can: &[Can]) -> ProxyGrant {
        ProxyGrant { to, inbox: inbox.into(), can: can.to_vec() }
    }

    #[test]
    fn the_first_grant_that_fits_counts() {
        let [mona, leads] = [Grantee::User("mona".to_owned()), Grantee::Group("leads".to_owned())];
        let proxy = ProxySettings {
            grants: vec![grant(mona, "shop", &[Can::Read, Can::Rules]), grant(leads, "*", &[Can::Chats])],
            ..ProxySettings::default()
        };
        let told = |user: &str, groups: &[&str]| {
            let Principal { inbox, can, .. } = proxy.principal(user, groups);
            format!("{inbox} {}", can.iter().map(|can| can.word()).collect::<Vec<_>>().join(","))
        };
        assert_eq!(told("mona", &["leads"]), "shop read,rules");
        assert_eq!(told("ali", &["all", "leads"]), "* chats");
        assert_eq!(told("leads", &["mona", "Leads"]), "* read");
        assert_eq!(told("Mona", &[]), "* read");
    }

    #[test]
    fn names_of_users() {
        for name in ["mona", "mona@example.com", "auth0|5f7c8ec7c33c6c004bbafe82", "EXAMPLE\\mona", "a'b"] {
            assert!(is_user_name(name), "{name}");
        }
        for name in ["", " ", "mona ali", "mona,ali", "mona;", "منى", "mona\t", "\"mona\"", &"m".repeat(257)]
        {
            assert!(!is_user_name(name), "{name}");
        }
    }

    #[test]
    fn only_a_whole_secret_is_known() {
        let secrets = vec!["first".to_owned().into(), "second".to_owned().into()];
        let proxy = ProxySettings { secrets, ..ProxySettings::default() };
        assert!(proxy.knows(b"first") && proxy.knows(b"second"));
        for secret in [&b""[..], b"firs", b"first ", b"firstsecond", b"\xff"] {
            assert!(!proxy.knows(secret), "{secret:?}");
        }
        assert!(!ProxySettings::default().knows(b""));
    }
}
