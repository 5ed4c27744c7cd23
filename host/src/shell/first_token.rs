//! The token of the first run. Its hash is kept in a file beside the store.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use secrecy::SecretString;

use crate::settings::{ApiToken, NewToken, parse_sha256};

/// What the logs call it.
const NAME: &str = "first-run";

/// The token that an earlier run has made for this store.
pub(super) fn earlier(store: &Path) -> Option<ApiToken> {
    let hash = fs::read_to_string(path(store)).ok()?;
    Some(ApiToken::for_everything(NAME, parse_sha256(hash.trim())?))
}

/// Makes a token that allows everything, and keeps its hash. The text is to be shown once.
///
/// # Errors
///
/// The file cannot be written.
pub(super) fn make(store: &Path) -> io::Result<(ApiToken, SecretString)> {
    let new = NewToken::new(rand::random());
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let token = ApiToken::for_everything(NAME, new.sha256);
    options.open(path(store))?.write_all(format!("{}\n", token.sha256_hex()).as_bytes())?;
    Ok((token, new.text))
}

fn path(store: &Path) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".token");
    name.into()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;
    use crate::settings::TokenTable;

    #[test]
    fn a_token_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("inbox.db");
        assert_eq!(earlier(&store), None);
        let (token, text) = make(&store).unwrap();
        assert!(make(&store).is_err());
        assert_eq!(earlier(&store), Some(token.clone()));
        let kept = fs::read_to_string(path(&store)).unwrap();
        assert!(!kept.contains(text.expose_secret()));
        let mut tokens = TokenTable::default();
        tokens.insert(token);
        assert!(tokens.find(text.expose_secret()).is_some());
    }
}
