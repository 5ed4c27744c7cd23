//! `inbox-host --check`: what is wrong with the settings and the rules.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use inbox_rules::check::check;
use inbox_rules::diagnostic::{Level, human};
use inbox_rules::read_folder;

use super::output::{eprint, print, style};
use crate::rules::InboxFolder;
use crate::settings::{SettingsError, SettingsFindings};

/// Prints what is found. The exit code is 2 if the settings cannot be used, 1 if the rules have errors.
pub(super) fn check_all<S>(
    file: &Path,
    settings: &Result<(S, SettingsFindings), SettingsError>,
    inboxes: &[InboxFolder],
) -> ExitCode {
    let shown = match settings {
        Ok((_, findings)) if file.exists() => {
            let summary = human::summary(&findings.findings, 1);
            format!("{}settings: {summary}\n", findings.render(style(&io::stdout())))
        }
        Ok(_) => format!("settings: there is no file `{}`, so the defaults are used\n", file.display()),
        Err(error) => error.render(style(&io::stdout())),
    };
    print(&shown);
    // Each inbox is judged, even if the first has errors.
    let have_errors = inboxes.iter().filter(|inbox| has_errors(inbox)).count() > 0;
    match settings {
        Ok(_) => ExitCode::from(u8::from(have_errors)),
        Err(error) => {
            eprint(&format!("error: {error}\n"));
            ExitCode::from(2)
        }
    }
}

/// Prints what is found in the rules of an inbox. Whether they cannot be used.
fn has_errors(inbox: &InboxFolder) -> bool {
    let InboxFolder { id, path } = inbox;
    let folder = match read_folder(path) {
        Ok(folder) => folder,
        Err(error) => {
            print(&format!("rules of `{id}`: {error}\n"));
            return true;
        }
    };
    if folder.inbox_source.is_none() && folder.findings.is_empty() {
        print(&format!(
            "rules of `{id}`: `{}` has no `inbox.toml`, which names the groups and users\n",
            path.display()
        ));
        return true;
    }
    let findings = check(&folder);
    let shown = human::render(&findings, &folder.sources(), style(&io::stdout()));
    print(&format!("{shown}rules of `{id}`: {}\n", human::summary(&findings, folder.texts().count())));
    findings.iter().any(|finding| finding.level == Level::Error)
}
