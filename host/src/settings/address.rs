//! The addresses to listen on, and that of the store.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use secrecy::SecretString;

/// Where everything is kept.
#[derive(Debug, Clone)]
pub enum StoreAddress {
    /// `sqlite:PATH`; a relative path is that of the present folder.
    Sqlite(PathBuf),
    /// `postgres://…`, which may have a password in it.
    Postgres(SecretString),
}

/// `127.0.0.1:8080`, `[::1]:8080`, `localhost:8080`
///
/// # Errors
///
/// A sentence on what to write.
pub fn parse_listen(text: &str) -> Result<SocketAddr, String> {
    if let Ok(address) = text.parse() {
        return Ok(address);
    }
    let of_host = |host| text.strip_prefix(host).and_then(|port: &str| port.parse::<u16>().ok());
    if let Some(port) = of_host("localhost:") {
        return Ok((Ipv4Addr::LOCALHOST, port).into());
    }
    Err(match of_host(":").or_else(|| of_host("")) {
        Some(port) => {
            format!("write `127.0.0.1:{port}` for this machine alone, or `0.0.0.0:{port}` for all networks")
        }
        None => "write an IP address and a port, as in `127.0.0.1:8080`".to_owned(),
    })
}

/// `sqlite:inbox.db`, `postgres://user@machine/inbox`
///
/// # Errors
///
/// A sentence on what to write.
pub fn parse_store(text: &str) -> Result<StoreAddress, String> {
    let path = |path: &str| match path {
        "" => Err("name the file, as in `sqlite:inbox.db`".to_owned()),
        ":memory:" => Err("name a file, as in `sqlite:inbox.db`: what is in memory is lost".to_owned()),
        path => Ok(StoreAddress::Sqlite(path.into())),
    };
    if let Some(rest) = text.strip_prefix("sqlite:") {
        return path(rest.strip_prefix("//").unwrap_or(rest));
    }
    if text.starts_with("postgres://") || text.starts_with("postgresql://") {
        return Ok(StoreAddress::Postgres(text.into()));
    }
    Err("write `sqlite:` and a file, or `postgres://` and an address".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn listen(text: &str, expected: &str) {
        let shown = parse_listen(text).map_or_else(|help| help, |address| address.to_string());
        assert_eq!(shown, expected, "{text}");
    }

    #[track_caller]
    fn store(text: &str, expected: &str) {
        let shown = match parse_store(text) {
            Ok(StoreAddress::Sqlite(path)) => path.display().to_string(),
            Ok(StoreAddress::Postgres(_)) => "postgres".to_owned(),
            Err(help) => help,
        };
        assert_eq!(shown, expected, "{text}");
    }

    #[test]
    fn where_to_listen() {
        listen("127.0.0.1:0", "127.0.0.1:0");
        listen("[::1]:80", "[::1]:80");
        listen("localhost:8080", "127.0.0.1:8080");
        listen(":80", "write `127.0.0.1:80` for this machine alone, or `0.0.0.0:80` for all networks");
        listen("80", "write `127.0.0.1:80` for this machine alone, or `0.0.0.0:80` for all networks");
        listen("example.org:80", "write an IP address and a port, as in `127.0.0.1:8080`");
        listen("127.0.0.1:99999", "write an IP address and a port, as in `127.0.0.1:8080`");
    }

    #[test]
    fn where_to_keep_everything() {
        store("sqlite:inbox.db", "inbox.db");
        store("sqlite:///var/lib/inbox.db", "/var/lib/inbox.db");
        store("sqlite:", "name the file, as in `sqlite:inbox.db`");
        store("sqlite::memory:", "name a file, as in `sqlite:inbox.db`: what is in memory is lost");
        store("postgres://inbox:secret@db/inbox", "postgres");
        store("inbox.db", "write `sqlite:` and a file, or `postgres://` and an address");
    }

    #[test]
    fn a_password_is_not_printed() {
        let store = parse_store("postgres://inbox:hush@db/inbox").unwrap();
        assert!(!format!("{store:?}").contains("hush"));
    }
}
