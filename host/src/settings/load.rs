//! Reads the settings from where they are: `host.toml`, the environment, files with secrets.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use inbox_rules::diagnostic::human::{self, Style};
use inbox_rules::diagnostic::json;
use inbox_rules::diagnostic::{Finding, Level, Sources};
use inbox_rules::language::decode;
use inbox_rules::text::{MAX_FILE_SIZE, Source};
use secrecy::SecretString;

use super::address::StoreAddress;
use super::host_settings::HostSettings;
use super::mask::{masked, secret_values};
use super::parse::parse;
use super::secret::SecretPlace;

/// A secret is not longer than this.
const MAX_SECRET: u64 = 64 * 1024;

/// Where the settings are.
pub struct SettingsLocation<'s> {
    /// The file.
    pub path: PathBuf,
    /// Whether it may be missing: nobody has named it.
    pub may_be_missing: bool,
    /// The ids of the inboxes.
    pub inboxes: &'s [Arc<str>],
    /// A variable of the environment.
    pub variable: &'s dyn Fn(&str) -> Option<OsString>,
}

/// What arguments and the environment say, which counts more than the file.
#[derive(Debug, Clone, Default)]
pub struct SettingsOverrides {
    /// `--listen`
    pub listen: Option<SocketAddr>,
    /// `--admin`
    pub admin: Option<SocketAddr>,
    /// `--store`
    pub store: Option<StoreAddress>,
    /// `INBOX_LOG`
    pub log: Option<String>,
}

/// What was found in `host.toml`.
#[derive(Debug, Clone, Default)]
pub struct SettingsFindings {
    /// By their place.
    pub findings: Vec<Finding>,
    /// The text, without what may be a secret.
    pub sources: Sources,
}

/// Why there are no settings.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file that was named does not exist.
    #[error("there is no file `{}`", .0.display())]
    NotFound(PathBuf),
    /// The file cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// There are mistakes in the file.
    #[error("the settings cannot be used until this is fixed")]
    Findings(SettingsFindings),
}

/// Reads the settings, and what deserves a warning in them.
///
/// # Errors
///
/// [`SettingsError`]: the program cannot start with them.
pub fn load(
    location: &SettingsLocation<'_>,
    overrides: &SettingsOverrides,
) -> Result<(HostSettings, SettingsFindings), SettingsError> {
    let (mut settings, findings) = read(location)?;
    let SettingsOverrides { listen, admin, store, log } = overrides.clone();
    settings.listen = listen.unwrap_or(settings.listen);
    settings.admin = admin.unwrap_or(settings.admin);
    settings.store = store.unwrap_or(settings.store);
    settings.log = log.unwrap_or(settings.log);
    Ok((settings, findings))
}

/// The same settings with the tokens, the proxy and the secrets that the file has now. Accounts that are new in it are
/// not there until the program starts again, and those that are gone stay.
///
/// # Errors
///
/// As [`load`]; then the tokens and secrets in use stay.
pub fn reload_secrets(
    settings: &HostSettings,
    location: &SettingsLocation<'_>,
) -> Result<HostSettings, SettingsError> {
    let (mut new, _) = read(location)?;
    let mut settings = HostSettings { tokens: new.tokens, proxy: new.proxy, ..settings.clone() };
    for (name, account) in &mut settings.whatsapp {
        if let Some(new) = new.whatsapp.remove(name) {
            account.app_secrets = new.app_secrets;
            account.verify_token = new.verify_token;
            account.access_token = new.access_token;
        }
    }
    Ok(settings)
}

impl SettingsError {
    /// The findings, with the lines that they are about.
    pub fn render(&self, style: Style) -> String {
        match self {
            Self::Findings(findings) => findings.render(style),
            _ => String::new(),
        }
    }

    /// The findings on one line, each with its place, as a log has them.
    pub fn in_one_line(&self) -> String {
        let Self::Findings(SettingsFindings { findings, sources }) = self else { return String::new() };
        let shown = json::report(findings, sources, 0).findings.into_iter().map(|finding| {
            let (file, line, column) = (finding.file, finding.start.line, finding.start.column);
            format!("{file}:{line}:{column} {}: {}", finding.code, finding.message)
        });
        shown.collect::<Vec<_>>().join("; ")
    }
}

impl SettingsFindings {
    /// Each finding with the lines that it is about.
    pub fn render(&self, style: Style) -> String {
        human::render(&self.findings, &self.sources, style)
    }
}

fn read(location: &SettingsLocation<'_>) -> Result<(HostSettings, SettingsFindings), SettingsError> {
    let path = &location.path;
    let bytes = match read_bytes(path, MAX_FILE_SIZE as u64 + 1) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound && location.may_be_missing => {
            return Ok((HostSettings::default(), SettingsFindings::default()));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(SettingsError::NotFound(path.clone()));
        }
        Err(source) => return Err(SettingsError::Unreadable { path: path.clone(), source }),
    };
    let name = path.to_string_lossy();
    let source = match decode(&name, &bytes) {
        Ok(source) => source,
        Err(error) => {
            let sources = Sources::from_iter([Source::new(&*name, "")]);
            let findings = vec![error.finding.clone()];
            return Err(SettingsError::Findings(SettingsFindings { findings, sources }));
        }
    };
    let folder = path.parent().unwrap_or(Path::new(""));
    let (settings, findings) =
        parse(&source, location.inboxes, &|place| read_secret(place, folder, location.variable));
    let is_sound = findings.iter().all(|finding| finding.level != Level::Error);
    let sources = Sources::from_iter([masked(&source, &secret_values(&source.text))]);
    let findings = SettingsFindings { findings, sources };
    if is_sound { Ok((settings, findings)) } else { Err(SettingsError::Findings(findings)) }
}

fn read_bytes(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The secret at that place; `folder` is that of `host.toml`.
fn read_secret(
    place: &SecretPlace,
    folder: &Path,
    variable: &dyn Fn(&str) -> Option<OsString>,
) -> Result<SecretString, String> {
    let (what, text) = match place {
        SecretPlace::Variable(name) => {
            let value = if name.is_empty() || name.contains(['=', '\0']) { None } else { variable(name) };
            let value = value.ok_or_else(|| format!("the environment has no variable `{name}`"))?;
            let value = value.into_string();
            (
                format!("the variable `{name}`"),
                value.map_err(|_| format!("the variable `{name}` is not text"))?,
            )
        }
        SecretPlace::File(file) => {
            let bytes =
                read_bytes(&folder.join(file), MAX_SECRET + 1).map_err(|error| match error.kind() {
                    io::ErrorKind::NotFound => format!("there is no file `{file}`"),
                    _ => format!("`{file}` cannot be read: {error}"),
                })?;
            let text = Some(bytes).filter(|bytes| bytes.len() as u64 <= MAX_SECRET);
            let text = text.ok_or_else(|| format!("`{file}` is too long for a secret"))?;
            (format!("`{file}`"), String::from_utf8(text).map_err(|_| format!("`{file}` is not text"))?)
        }
    };
    match text.trim() {
        "" => Err(format!("{what} is empty")),
        secret if secret.contains(char::is_control) => Err(format!("{what} has more than one line")),
        secret => Ok(secret.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use secrecy::ExposeSecret;

    use super::*;

    fn with_location<T>(folder: &Path, name: &str, use_it: impl FnOnce(&SettingsLocation<'_>) -> T) -> T {
        let variable = |name: &str| (name == "APP_SECRET").then(|| OsString::from("first"));
        let (path, inboxes) = (folder.join(name), ["main".into()]);
        use_it(&SettingsLocation { path, may_be_missing: false, inboxes: &inboxes, variable: &variable })
    }

    const ACCOUNT: &str = "[whatsapp.main]\napp_secrets = [{ env = \"APP_SECRET\" }]\nverify_token = { file = \"v\" }\n\
        access_token = { file = \"t\" }\n";

    #[test]
    fn only_tokens_and_secrets_are_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let save = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let again = |settings: &HostSettings| {
            with_location(folder.path(), "host.toml", |location| reload_secrets(settings, location))
        };
        let access_token = |settings: &HostSettings| {
            settings.whatsapp["main"].access_token.as_ref().unwrap().expose_secret().to_owned()
        };
        save("host.toml", ACCOUNT);
        save("v", "v");
        save("t", "one\n");
        let (settings, _) = with_location(folder.path(), "host.toml", |location| {
            load(location, &SettingsOverrides::default())
        })
        .unwrap();
        assert_eq!(access_token(&settings), "one");

        save("t", "two\n");
        let token = format!("[[tokens]]\nname = \"a\"\nsha256 = \"{}\"\ncan = [\"read\"]\n", "0".repeat(64));
        let other = ACCOUNT.replace("main", "other") + "numbers = [\"1\"]\n";
        save("host.toml", &format!("seed = 7\n{ACCOUNT}{other}{token}"));
        let new = again(&settings).unwrap();
        assert_eq!((access_token(&new), new.tokens.iter().count()), ("two".to_owned(), 1));
        assert_eq!((new.seed, new.whatsapp.len()), (0, 1));

        fs::remove_file(folder.path().join("t")).unwrap();
        assert!(matches!(again(&new), Err(SettingsError::Findings(_))));
    }

    #[test]
    fn files_that_cannot_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let error = |name: &str| {
            let loaded =
                with_location(folder.path(), name, |location| load(location, &SettingsOverrides::default()));
            loaded.unwrap_err()
        };
        assert!(matches!(error("gone.toml"), SettingsError::NotFound(_)));
        fs::create_dir(folder.path().join("folder.toml")).unwrap();
        assert!(matches!(error("folder.toml"), SettingsError::Unreadable { .. }));
        fs::write(folder.path().join("host.toml"), b"access_token = \"hush\xFF\"").unwrap();
        let SettingsError::Findings(findings) = error("host.toml") else { panic!() };
        let shown = findings.render(Style { colour: false, width: 80, line_width: 240, unicode: true });
        assert!(shown.contains("this is not UTF-8 text") && !shown.contains("hush"), "{shown}");
        for secret in ["", " \n", "one\ntwo", &"x".repeat(70_000)] {
            fs::write(folder.path().join("v"), "v").unwrap();
            fs::write(folder.path().join("t"), secret).unwrap();
            fs::write(folder.path().join("host.toml"), ACCOUNT).unwrap();
            assert!(matches!(error("host.toml"), SettingsError::Findings(_)), "{}", secret.len());
        }
    }
}
