//! A secret is in the environment or in a file of its own, never in `host.toml`.

use secrecy::SecretString;

/// Where a secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretPlace {
    /// `{ env = "APP_SECRET" }`: a variable of the environment.
    Variable(String),
    /// `{ file = "token" }`: a file, relative to `host.toml`.
    File(String),
}

/// Reads a secret, or says in a sentence why it cannot be read.
pub type ReadSecret<'r> = dyn Fn(&SecretPlace) -> Result<SecretString, String> + 'r;
