//! `--watch`: the same again whenever the rules change.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Sender};
use std::thread;

use super::exit::{self, Exit, Failure};
use super::output;
use super::paths::is_stdin;
use crate::reload::{News, Settings, Watcher};

/// Runs `once`, and again each time that something has changed at `paths` (none means `rules`) and come to rest. Ends
/// only with what reads the output, or where the first run cannot do its work.
pub(super) fn again(paths: &[PathBuf], once: impl Fn() -> Result<Exit, Failure>) -> Result<Exit, Failure> {
    if paths.iter().any(|path| is_stdin(path)) {
        return Err(Failure::Message("standard input cannot be watched; name a file or a folder".into()));
    }
    let (sender, news) = mpsc::channel();
    let paths = if paths.is_empty() { &[PathBuf::from("rules")] } else { paths };
    for path in paths {
        let (path, sender) = (watched(path), sender.clone());
        thread::Builder::new().name("rules-watch".to_owned()).spawn(move || follow(&path, &sender))?;
    }
    drop(sender);
    // Each tells when it is ready, so that no change falls between.
    for _ in paths {
        let _ = news.recv();
    }
    once()?;
    output::eprint("watching for changes; Ctrl-C ends this\n");
    for news in news {
        // Between two outputs; where nobody reads them any more there is nothing left to do.
        let mut out = io::stdout().lock();
        out.write_all(b"\n").and_then(|()| out.flush())?;
        drop(out);
        if news == News::Restless {
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

/// What is to be watched for the sake of `path`: an `inbox.toml` is checked with its folder.
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

fn follow(path: &Path, sender: &Sender<News>) {
    let mut watcher = Watcher::new(path, Settings::default());
    let mut news = Some(News::Changed);
    while let Some(one) = news {
        if sender.send(one).is_err() {
            return;
        }
        news = watcher.next();
    }
}
