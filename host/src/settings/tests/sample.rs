//! A `host.toml` is read, and what is found in it is drawn.

use std::sync::Arc;

use inbox_rules::diagnostic::human::Style;
use inbox_rules::diagnostic::{Sources, human};
use inbox_rules::text::Source;

use crate::settings::host_settings::HostSettings;
use crate::settings::mask::{masked, secret_values};
use crate::settings::parse::parse;
use crate::settings::secret::SecretPlace;

const STYLE: Style = Style { colour: false, width: 100, line_width: 240, unicode: true };

/// The settings, and what was found. The variables of the environment that begin with `NO` do not exist.
pub(super) fn read(text: &str) -> (HostSettings, String) {
    let source = Source::new("host.toml", text);
    let inboxes: [Arc<str>; 2] = ["main".into(), "shop".into()];
    let (settings, findings) = parse(&source, &inboxes, &|place| match place {
        SecretPlace::Variable(name) if name.starts_with("NO") => {
            Err(format!("the environment has no variable `{name}`"))
        }
        SecretPlace::Variable(name) => Ok(format!("of {name}").into()),
        SecretPlace::File(path) if path == "proxy-secret" => Ok("0123456789abcdef".repeat(4).into()),
        SecretPlace::File(path) => Ok(format!("in {path}").into()),
    });
    let sources = Sources::from_iter([masked(&source, &secret_values(text))]);
    (settings, human::render(&findings, &sources, STYLE))
}

pub(super) fn findings(text: &str) -> String {
    read(text).1
}
