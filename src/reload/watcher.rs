//! Waits until what stands in a folder has changed and come to rest.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use super::hints::Hints;
use super::settings::Settings;
use super::sight::{Extent, Sight};

/// Reading everything takes no more than one part in so many of the time.
const SHARE: u32 = 10;

/// Follows a folder, or a file with what it uses.
pub(crate) struct Watcher {
    eyes: Eyes,
    sight: Sight,
    messages: Receiver<Message>,
    sender: Sender<Message>,
    /// It was told that the folder does not come to rest.
    is_restless: bool,
}

/// What there is to be told of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    /// It has changed and come to rest.
    Changed,
    /// It has been changing for so long that people should know.
    Restless,
}

/// Stops a [`Watcher`].
#[derive(Debug, Clone)]
pub(crate) struct Stop(Sender<Message>);

impl Stop {
    pub(super) fn stop(&self) {
        // One that is gone has stopped.
        let _ = self.0.send(Message::Stop);
    }
}

#[derive(Debug)]
enum Message {
    /// Something happened to those paths.
    Happened(Vec<PathBuf>),
    Stop,
}

/// What looks at the folder.
struct Eyes {
    /// As it was asked for.
    path: PathBuf,
    /// The folder to look at, from the root of the file system.
    root: PathBuf,
    settings: Settings,
    hints: Option<Hints>,
    /// When everything is to be read the next time.
    next: Instant,
}

impl Watcher {
    /// Follows `path`; the first thing seen there is what has come to rest.
    pub(crate) fn new(path: &Path, settings: Settings) -> Self {
        let (sender, messages) = mpsc::channel();
        let tell = sender.clone();
        let hints = settings.notifications.then(|| {
            Hints::new(move |paths| {
                let _ = tell.send(Message::Happened(paths));
            })
        });
        let mut eyes = Eyes {
            path: path.to_owned(),
            root: root_of(path),
            settings,
            hints: hints.flatten(),
            next: now(),
        };
        let sight = eyes.look(&Sight::default(), &Extent::Whole);
        let mut watcher = Self { eyes, sight, messages, sender, is_restless: false };
        watcher.settle();
        watcher
    }

    /// What it takes to end [`next`](Self::next) from elsewhere.
    pub(super) fn stop(&self) -> Stop {
        Stop(self.sender.clone())
    }

    /// What stands there.
    pub(super) fn sight(&self) -> &Sight {
        &self.sight
    }

    /// At the beginning: looks until two sights agree, as long as patience lasts.
    fn settle(&mut self) {
        let began = now();
        while began.elapsed() < self.eyes.settings.patience {
            std::thread::sleep(self.eyes.settings.settle);
            let again = self.eyes.look(&self.sight, &Extent::Whole);
            let is_same = again.is_same(&self.sight);
            self.sight = again;
            if is_same {
                break;
            }
        }
    }

    /// Waits for news. `None`: it was [stopped](Self::stop).
    pub(crate) fn next(&mut self) -> Option<News> {
        loop {
            let mut extent = self.sign()?;
            let began = now();
            let mut first = self.eyes.look(&self.sight, &extent);
            while !first.is_same(&self.sight) {
                if let Some(more) = self.gather(self.eyes.settings.settle)? {
                    extent = extent.and(more);
                }
                let second = self.eyes.look(&first, &extent);
                if second.is_same(&first) {
                    self.sight = second;
                    self.is_restless = false;
                    return Some(News::Changed);
                }
                first = second;
                if began.elapsed() > self.eyes.settings.patience && !self.is_restless {
                    self.is_restless = true;
                    self.eyes.next = now();
                    return Some(News::Restless);
                }
            }
        }
    }

    /// Waits until something may have changed, or everything is to be read again.
    fn sign(&self) -> Option<Extent> {
        loop {
            let wait = self.eyes.next.saturating_duration_since(now());
            if wait.is_zero() {
                return Some(Extent::Whole);
            }
            match self.messages.recv_timeout(wait) {
                Ok(Message::Happened(paths)) => {
                    if let Some(extent) = self.extent_of(&paths) {
                        return Some(extent);
                    }
                }
                Err(RecvTimeoutError::Timeout) => return Some(Extent::Whole),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// What more may have changed within `time`.
    #[expect(clippy::option_option, reason = "stopped, nothing, or something: as in `sign`, for the `?`")]
    fn gather(&self, time: Duration) -> Option<Option<Extent>> {
        let end = now() + time;
        let mut gathered: Option<Extent> = None;
        loop {
            match self.messages.recv_timeout(end.saturating_duration_since(now())) {
                Ok(Message::Happened(paths)) => {
                    gathered = match (gathered, self.extent_of(&paths)) {
                        (Some(one), Some(other)) => Some(one.and(other)),
                        (one, other) => one.or(other),
                    };
                }
                Err(RecvTimeoutError::Timeout) => return Some(gathered),
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    fn extent_of(&self, paths: &[PathBuf]) -> Option<Extent> {
        let extents = paths.iter().filter_map(|path| self.sight.extent_of(&self.eyes.root, path));
        extents.reduce(Extent::and)
    }
}

impl Eyes {
    fn look(&mut self, before: &Sight, extent: &Extent) -> Sight {
        let began = now();
        let sight = before.again(&self.path, extent);
        if *extent == Extent::Whole {
            self.follow(&sight);
            self.next = now() + self.settings.interval.max(began.elapsed() * (SHARE - 1));
        }
        sight
    }

    /// Watches the folders that are there now, and the one that the outermost stands in: it may be replaced.
    fn follow(&mut self, sight: &Sight) {
        let Some(hints) = &mut self.hints else { return };
        let asked =
            if self.path.is_dir() { self.path.as_path() } else { self.path.parent().unwrap_or(&self.path) };
        let inner = sight.reading.folders.iter().filter_map(|folder| folder.strip_prefix(asked).ok());
        let folders: Vec<PathBuf> = inner.map(|inner| self.root.join(inner)).collect();
        hints.follow(
            folders.iter().map(PathBuf::as_path).chain([self.root.as_path()]).chain(self.root.parent()),
        );
    }
}

/// The folder that `path` is or stands in, from the root of the file system.
fn root_of(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match absolute.parent() {
        Some(parent) if absolute.is_file() => parent.to_owned(),
        _ => absolute,
    }
}

#[expect(clippy::disallowed_methods, reason = "a folder is followed in real time")]
fn now() -> Instant {
    Instant::now()
}
