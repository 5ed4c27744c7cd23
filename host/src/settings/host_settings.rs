//! The settings as plain data, with their defaults.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use secrecy::SecretString;

use super::address::StoreAddress;
use super::duration::{days, hours};
use super::proxy::ProxySettings;
use super::token::TokenTable;

/// What the program is told by its arguments, by the environment and by `host.toml`.
#[derive(Debug, Clone)]
pub struct HostSettings {
    /// Where the API and the webhooks are served; `127.0.0.1:8080`.
    pub listen: SocketAddr,
    /// Where the metrics are served; `127.0.0.1:9090`.
    pub admin: SocketAddr,
    /// Where everything is kept; `sqlite:inbox.db`.
    pub store: StoreAddress,
    /// What is logged, as `tracing` reads it, from the environment alone; `info`.
    pub log: String,
    /// The seed of all random choices; 0.
    pub seed: u64,
    /// Where the rules come from; the folder, or the store if it is PostgreSQL.
    pub rules: Option<RulesSource>,
    /// Which rules wait until somebody accepts them; none.
    pub gate: GateMode,
    /// `[chats]`
    pub chats: ChatSettings,
    /// `[keep]`
    pub keep: KeepSettings,
    /// `[whatsapp.NAME]`, by their names.
    pub whatsapp: BTreeMap<Arc<str>, AccountSettings>,
    /// `[[tokens]]`
    pub tokens: TokenTable,
    /// `[proxy]`; `None`: no header is believed.
    pub proxy: Option<ProxySettings>,
}

/// Where the rules come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RulesSource {
    /// The folder is the truth, and is followed.
    Folder,
    /// Only the API changes them.
    Store,
}

/// Which sound rules wait until somebody accepts them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GateMode {
    /// None.
    Off,
    /// Those that decide any message differently.
    Diff,
}

/// How chats go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatSettings {
    /// A chat without a message for so long closes; 12 hours.
    pub close_after: Duration,
    /// A message older than this is decided, but not replied to; 1 hour.
    pub reply_within: Duration,
}

/// How long everything is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeepSettings {
    /// The ids of messages, by which a repeat is known; 10 days, and at least 8.
    pub messages: Duration,
    /// What customers wrote; 30 days.
    pub texts: Duration,
    /// The log; 400 days.
    pub events: Duration,
}

/// A WhatsApp account.
#[derive(Debug, Clone)]
pub struct AccountSettings {
    /// One, or two while it is being changed: what WhatsApp signs its messages with.
    pub app_secrets: Vec<SecretString>,
    /// What WhatsApp says when the address is registered. `None`: it cannot be registered.
    pub verify_token: Option<SecretString>,
    /// What allows to send. `None`: nothing is sent.
    pub access_token: Option<SecretString>,
    /// Where the Graph API is, without a `/` at the end; `https://graph.facebook.com`.
    pub base_url: String,
    /// The version of the Graph API; `v25.0`.
    pub version: String,
    /// The `phone_number_id`s of the account; empty: all that no other account lists.
    pub numbers: Vec<String>,
    /// How many messages a number sends in a second; 80.
    pub per_second: u32,
    /// What becomes of a reply of which nobody knows whether it was sent.
    pub unknown: UnknownSend,
    /// How long a status is waited for that tells whether it was; 120 seconds.
    pub unknown_after: Duration,
    /// How long a first message without its text waits for it; 5 seconds.
    pub ghost_wait: Duration,
}

/// What becomes of a reply of which nobody knows whether it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownSend {
    /// It is sent again, so that the customer may read it twice.
    Resend,
    /// It is not, so that the customer may never read it.
    Hold,
}

impl HostSettings {
    /// The account that a `phone_number_id` belongs to: the one that lists it, or else the one that lists
    /// none.
    pub fn account_of(&self, phone_number_id: &str) -> Option<(&Arc<str>, &AccountSettings)> {
        let lists_it = |account: &AccountSettings| account.numbers.iter().any(|id| id == phone_number_id);
        let named = self.whatsapp.iter().find(|(_, account)| lists_it(account));
        named.or_else(|| self.whatsapp.iter().find(|(_, account)| account.numbers.is_empty()))
    }
}

impl HostSettings {
    /// Where the rules come from.
    pub fn rules_source(&self) -> RulesSource {
        self.rules.unwrap_or(match self.store {
            StoreAddress::Sqlite(_) => RulesSource::Folder,
            StoreAddress::Postgres(_) => RulesSource::Store,
        })
    }
}

impl Default for HostSettings {
    fn default() -> Self {
        Self {
            listen: (Ipv4Addr::LOCALHOST, 8080).into(),
            admin: (Ipv4Addr::LOCALHOST, 9090).into(),
            store: StoreAddress::Sqlite("inbox.db".into()),
            log: "info".to_owned(),
            seed: 0,
            rules: None,
            gate: GateMode::Off,
            chats: ChatSettings::default(),
            keep: KeepSettings::default(),
            whatsapp: BTreeMap::new(),
            tokens: TokenTable::default(),
            proxy: None,
        }
    }
}

impl Default for ChatSettings {
    fn default() -> Self {
        Self { close_after: hours(12), reply_within: hours(1) }
    }
}

impl Default for KeepSettings {
    fn default() -> Self {
        Self { messages: days(10), texts: days(30), events: days(400) }
    }
}

impl Default for AccountSettings {
    fn default() -> Self {
        Self {
            app_secrets: Vec::new(),
            verify_token: None,
            access_token: None,
            base_url: "https://graph.facebook.com".to_owned(),
            version: "v25.0".to_owned(),
            numbers: Vec::new(),
            per_second: 80,
            unknown: UnknownSend::Resend,
            unknown_after: Duration::from_secs(120),
            ghost_wait: Duration::from_secs(5),
        }
    }
}
