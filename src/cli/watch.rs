//! `--watch`: runs a command again whenever the rules change.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use jiff::Zoned;

use super::exit::{self, Exit, Failure};
use super::output;
use super::paths::is_stdin;
use crate::reload::{Follower, Followers, Settings, WatchEvent};

/// Runs `once`, and runs it again each time `paths` (by default `rules`) have changed and are stable. Returns only when
/// the output is closed or the first run fails.
pub(super) fn again(paths: &[PathBuf], once: impl Fn() -> Result<Exit, Failure>) -> Result<Exit, Failure> {
    if paths.iter().any(|path| is_stdin(path)) {
        return Err(Failure::Message(
            "`--watch` cannot watch standard input; name a file or a folder".into(),
        ));
    }
    let paths = if paths.is_empty() { &[PathBuf::from("rules")] } else { paths };
    let mut followers = Followers::new();
    for (id, path) in paths.iter().enumerate() {
        followers.insert(id, Follower::new(&watched(path), &Settings::default()));
    }
    // Each path is at rest, or has kept changing, before the first run.
    let mut unread: BTreeSet<usize> = (0..paths.len()).collect();
    while !unread.is_empty() {
        if let Some(id) = followers.next(None).id() {
            unread.remove(&id);
        }
    }
    once()?;
    output::eprint("watching for changes; press Ctrl-C to stop\n");
    loop {
        let event = followers.next(None);
        if event.id().is_none() {
            continue;
        }
        // A blank line between two outputs. If the output is closed, this fails and ends the loop.
        let mut out = io::stdout().lock();
        out.write_all(b"\n").and_then(|()| out.flush())?;
        drop(out);
        match event {
            WatchEvent::Unstable(..) => output::eprint("── the rules keep changing\n"),
            WatchEvent::Panicked(_, message) => {
                output::eprint(&format!("── reading the rules has panicked, which is a bug: {message}\n"));
            }
            _ => {
                output::eprint(&format!("── {} the rules have changed\n", clock()));
                if let Err(failure) = once() {
                    exit::report(&failure);
                }
            }
        }
    }
}

/// The time of day here, as `14:03:27`.
#[expect(clippy::disallowed_methods, reason = "people want to know how old the output is")]
fn clock() -> String {
    Zoned::now().strftime("%H:%M:%S").to_string()
}

/// The path to watch for `path`: for an `inbox.toml` its folder, since the two are checked together.
fn watched(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if path.file_name().is_some_and(|name| name == "inbox.toml") => match parent.as_os_str()
        {
            name if name.is_empty() => PathBuf::from("."),
            _ => parent.to_owned(),
        },
        _ => path.to_owned(),
    }
}
