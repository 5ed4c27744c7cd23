//! `--watch`: runs a command again whenever the rules change.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::thread;

use super::exit::{self, Exit, Failure};
use super::output;
use super::paths::is_stdin;
use crate::reload::{Settings, WatchEvent, Watcher};

/// Runs `once`, and runs it again each time `paths` (by default `rules`) have changed and are stable. Returns only when
/// the output is closed or the first run fails.
pub(super) fn again(paths: &[PathBuf], once: impl Fn() -> Result<Exit, Failure>) -> Result<Exit, Failure> {
    if paths.iter().any(|path| is_stdin(path)) {
        return Err(Failure::Message(
            "`--watch` cannot watch standard input; name a file or a folder".into(),
        ));
    }
    let (sender, events) = mpsc::channel();
    let paths = if paths.is_empty() { &[PathBuf::from("rules")] } else { paths };
    for path in paths {
        let (path, sender) = (watched(path), sender.clone());
        thread::Builder::new().name("rules-watch".to_owned()).spawn(move || follow(&path, &sender))?;
    }
    drop(sender);
    // Each watcher reports when it is ready, so that no change before the first run is missed.
    for _ in paths {
        let _ = events.recv();
    }
    once()?;
    output::eprint("watching for changes; press Ctrl-C to stop\n");
    for event in events {
        // A blank line between two outputs. If the output is closed, this fails and ends the loop.
        let mut out = io::stdout().lock();
        out.write_all(b"\n").and_then(|()| out.flush())?;
        drop(out);
        if event == WatchEvent::Unstable {
            output::eprint("── the rules keep changing\n");
            continue;
        }
        output::eprint("── the rules have changed\n");
        if let Err(failure) = once() {
            exit::report(&failure);
        }
    }
    Ok(Exit::Clean)
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

fn follow(path: &Path, sender: &Sender<WatchEvent>) {
    let mut watcher = Watcher::new(path, Settings::default());
    let mut event = Some(WatchEvent::Changed);
    while let Some(current) = event {
        if sender.send(current).is_err() {
            return;
        }
        event = watcher.next();
    }
}
