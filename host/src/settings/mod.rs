//! What the program is told by its arguments, by the environment and by `host.toml`.

mod address;
mod duration;
mod secret;
mod principal;
mod token;
mod network;
mod proxy;
mod host_settings;
mod mask;
mod entry;
mod account;
mod token_entry;
mod proxy_entry;
mod parse;
mod load;
#[cfg(test)]
mod tests;

pub use address::{StoreAddress, parse_listen, parse_store};
pub use host_settings::{
    AccountSettings, ChatSettings, GateMode, HostSettings, KeepSettings, RulesSource, UnknownSend,
};
pub use load::{SettingsError, SettingsFindings, SettingsLocation, SettingsOverrides, load, reload_secrets};
pub use network::Network;
pub use principal::{Can, Principal};
pub use proxy::{Grantee, ProxyGrant, ProxySettings, is_user_name};
pub use secret::{ReadSecret, SecretPlace};
pub use token::{ApiToken, NewToken, TokenTable, parse_sha256};
