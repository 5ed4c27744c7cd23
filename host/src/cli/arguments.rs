//! The arguments, and the environment.

use std::env;
use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};

use super::check_all::check_all;
use super::make_token::{TokenArgs, new_token};
use super::output::{eprint, print, style};
use crate::rules::{InboxFolder, InboxesError, find_inboxes};
use crate::settings::{
    HostSettings, SettingsError, SettingsLocation, SettingsOverrides, load, parse_listen, parse_store,
    reload_secrets,
};

/// Serve a WhatsApp inbox: messages come in, rules decide who answers, replies go out
#[derive(Parser)]
#[command(
    name = "inbox-host",
    version,
    max_term_width = 100,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true
)]
#[command(
    after_help = "An argument counts more than the environment (INBOX_CONFIG, INBOX_LISTEN, INBOX_ADMIN, INBOX_STORE, \
    INBOX_LOG), and that more than host.toml.\n\n\
    Exit codes:\n  \
    0  it was told to stop, or `--check` has found no error\n  \
    1  the rules have errors\n  \
    2  the arguments or the settings cannot be used"
)]
struct Arguments {
    /// The folder with the rules of an inbox, or with such a folder for each inbox [default: rules]
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The settings [default: host.toml beside DIR]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Where the API and the webhooks are served, as 127.0.0.1:8080
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Where the metrics are served, as 127.0.0.1:9090
    #[arg(long, value_name = "ADDR")]
    admin: Option<String>,
    /// Where everything is kept
    #[arg(
        long,
        value_name = "URL",
        help = "Where everything is kept, as sqlite:inbox.db or postgres://user@machine/inbox"
    )]
    store: Option<String>,
    /// Judge the settings and the rules, and start nothing
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    verb: Option<HostVerb>,
}

#[derive(Subcommand)]
enum HostVerb {
    Token(TokenArgs),
}

/// All that is known before anything is started.
#[derive(Debug)]
pub struct Start {
    /// The settings.
    pub settings: HostSettings,
    /// The inboxes, by their ids.
    pub inboxes: Vec<InboxFolder>,
    file: SettingsFile,
}

/// Where the settings are.
#[derive(Debug)]
struct SettingsFile {
    path: PathBuf,
    is_named: bool,
}

/// Why nothing can be started.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error(transparent)]
    Inboxes(#[from] InboxesError),
    /// An argument or a variable of the environment cannot be read; what to write.
    #[error("`{name}` cannot be used: {help}")]
    Argument { name: &'static str, help: String },
}

/// Runs the program with the arguments of the process. `run` starts the service, and returns when it has
/// ended.
pub fn main(run: impl FnOnce(Start) -> ExitCode) -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(HostVerb::Token(args)) = &arguments.verb {
        print(&new_token(args, rand::random(), io::stdout().is_terminal()));
        return ExitCode::SUCCESS;
    }
    let failed = |error: StartError| {
        eprint(&format!("error: {error}\n"));
        ExitCode::from(2)
    };
    let folder = arguments.folder.clone().unwrap_or_else(|| "rules".into());
    let inboxes = match find_inboxes(&folder) {
        Ok(inboxes) => inboxes,
        Err(error) => return failed(error.into()),
    };
    let overrides = match overrides(&arguments) {
        Ok(overrides) => overrides,
        Err(error) => return failed(error),
    };
    let file = SettingsFile::of(&arguments, &folder);
    let settings = file.with_location(&inboxes, |location| load(location, &overrides));
    if arguments.check {
        return check_all(&file.path, &settings, &inboxes);
    }
    match settings {
        Ok((settings, warnings)) => {
            eprint(&warnings.render(style(&io::stderr())));
            run(Start { settings, inboxes, file })
        }
        Err(error) => {
            eprint(&format!("{}error: {error}\n", error.render(style(&io::stderr()))));
            ExitCode::from(2)
        }
    }
}

impl Start {
    /// The settings with the tokens and secrets that the file has now.
    ///
    /// # Errors
    ///
    /// As [`reload_secrets`]; then those of `settings` stay in use.
    pub fn reload_secrets(&self, settings: &HostSettings) -> Result<HostSettings, SettingsError> {
        self.file.with_location(&self.inboxes, |location| reload_secrets(settings, location))
    }
}

impl SettingsFile {
    fn of(arguments: &Arguments, folder: &Path) -> Self {
        let named = arguments.config.clone().or_else(|| variable("INBOX_CONFIG").map(PathBuf::from));
        let is_named = named.is_some();
        Self { path: named.unwrap_or_else(|| beside(folder).join("host.toml")), is_named }
    }

    fn with_location<T>(
        &self,
        inboxes: &[InboxFolder],
        use_it: impl FnOnce(&SettingsLocation<'_>) -> T,
    ) -> T {
        let inboxes: Vec<Arc<str>> = inboxes.iter().map(|inbox| Arc::clone(&inbox.id)).collect();
        let (path, may_be_missing) = (self.path.clone(), !self.is_named);
        use_it(&SettingsLocation {
            path,
            may_be_missing,
            inboxes: &inboxes,
            variable: &|name| env::var_os(name),
        })
    }
}

/// The folder that a folder is in.
fn beside(folder: &Path) -> PathBuf {
    match (folder.file_name(), folder.parent()) {
        (Some(_), Some(parent)) => parent.to_owned(),
        _ => folder.join(".."),
    }
}

/// A variable of the environment that has a value.
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name).filter(|value| !value.is_empty())
}

fn overrides(arguments: &Arguments) -> Result<SettingsOverrides, StartError> {
    let Arguments { listen, admin, store, .. } = arguments;
    Ok(SettingsOverrides {
        listen: argument(listen.as_deref(), "--listen", "INBOX_LISTEN", parse_listen)?,
        admin: argument(admin.as_deref(), "--admin", "INBOX_ADMIN", parse_listen)?,
        store: argument(store.as_deref(), "--store", "INBOX_STORE", parse_store)?,
        log: argument(None, "", "INBOX_LOG", |text| Ok(text.to_owned()))?,
    })
}

/// What the argument says, or else the variable. The value is not repeated if it is wrong: it may have a
/// password in it.
fn argument<T>(
    given: Option<&str>,
    flag: &'static str,
    name: &'static str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, StartError> {
    if let Some(text) = given {
        return parse(text).map(Some).map_err(|help| StartError::Argument { name: flag, help });
    }
    let Some(value) = variable(name) else { return Ok(None) };
    let text = value.to_str().ok_or_else(|| "it is not text".to_owned());
    text.and_then(parse).map(Some).map_err(|help| StartError::Argument { name, help })
}
