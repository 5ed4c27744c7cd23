//! The thread that follows folders.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use super::clock::now;
use super::follower::Follower;
use super::followers::{Followers, Waker, WatchEvent};
use super::outcome::Refusal;
use super::release::Release;
use super::shared::{Shared, Task};
use super::start_thread::start_thread;

/// A thread that follows any number of folders, for [`ReloaderBuilder::start_on`](super::ReloaderBuilder::start_on). It ends
/// when this and all reloaders on it are dropped. A clone is the same thread.
#[derive(Debug, Clone)]
pub struct ReloadThread(Arc<Handle>);

#[derive(Debug)]
struct Handle {
    commands: Sender<Command>,
    waker: Waker,
    next_id: AtomicUsize,
    is_alive: Arc<AtomicBool>,
}

enum Command {
    Insert(usize, Box<Follower>, Weak<Shared>),
    Remove(usize),
    Retire(Retired),
}

/// A release that was current before, and until when to wait for those who hold it. Whoever drops the last reference to it
/// frees it, which takes long if much has changed, and should not be a thread that decides.
struct Retired {
    release: Arc<Release>,
    until: Instant,
}

/// How long to wait for those who hold a release.
const RETIRE: Duration = Duration::from_millis(20);

impl ReloadThread {
    /// Starts a thread.
    ///
    /// # Errors
    ///
    /// The system allows no more threads.
    pub fn start() -> io::Result<Self> {
        let followers = Followers::new();
        let waker = followers.waker();
        let (commands, received) = mpsc::channel();
        let is_alive = Arc::new(AtomicBool::new(true));
        let alive = Alive(Arc::clone(&is_alive));
        start_thread("rules-reload", move || {
            let _alive = alive;
            follow(followers, &received);
        })?;
        Ok(Self(Arc::new(Handle { commands, waker, next_id: AtomicUsize::new(0), is_alive })))
    }

    /// Whether the thread runs.
    pub(super) fn is_alive(&self) -> bool {
        self.0.is_alive.load(Ordering::Acquire)
    }

    /// Follows one more folder for as long as `shared` exists. Returns its number.
    pub(super) fn insert(&self, follower: Follower, shared: &Arc<Shared>) -> usize {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        self.send(Command::Insert(id, Box::new(follower), Arc::downgrade(shared)));
        id
    }

    /// Follows the folder of that number no longer.
    pub(super) fn remove(&self, id: usize) {
        self.send(Command::Remove(id));
    }

    /// Drops a release that has been replaced, when nobody holds it any longer.
    pub(super) fn retire(&self, release: Arc<Release>) {
        self.send(Command::Retire(Retired { release, until: now() + RETIRE }));
    }

    fn send(&self, command: Command) {
        // If the thread has ended, which is a bug, `is_alive` tells.
        let _ = self.0.commands.send(command);
        self.0.waker.wake();
    }
}

/// Tells when the thread has ended, after a panic as well.
struct Alive(Arc<AtomicBool>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // The thread finds that nobody can send commands any longer.
        let (nobody, _) = mpsc::channel();
        drop(std::mem::replace(&mut self.commands, nobody));
        self.waker.wake();
    }
}

/// Follows folders until nobody can send commands.
fn follow(mut followers: Followers, commands: &Receiver<Command>) {
    let mut all: BTreeMap<usize, Weak<Shared>> = BTreeMap::new();
    let mut retired: Vec<Retired> = Vec::new();
    loop {
        let event = followers.next(drop_retired(&mut retired));
        loop {
            match commands.try_recv() {
                Ok(Command::Insert(id, follower, shared)) => {
                    all.insert(id, shared);
                    followers.insert(id, *follower);
                }
                Ok(Command::Remove(id)) => {
                    all.remove(&id);
                    followers.remove(id);
                }
                Ok(Command::Retire(release)) => retired.push(release),
                Err(mpsc::TryRecvError::Empty) => break,
                Err(mpsc::TryRecvError::Disconnected) => return,
            }
        }
        if let Some(id) = event.id()
            && let Some(shared) = all.get(&id).and_then(Weak::upgrade)
            && let Some(task) = task(event, &followers)
        {
            shared.begin(task);
        }
    }
}

/// What follows from an event.
fn task(event: WatchEvent, followers: &Followers) -> Option<Task> {
    Some(match event {
        WatchEvent::Changed(id) => Task::Publish(followers.get(id)?.state().clone()),
        WatchEvent::Unstable(_, files) => Task::Refuse(Refusal::Unstable(files)),
        WatchEvent::Panicked(_, message) => Task::Refuse(Refusal::Panicked(message)),
        WatchEvent::Woken => return None,
    })
}

/// Drops those that nobody holds any longer, or that have been kept for long enough. Returns when to try again.
fn drop_retired(retired: &mut Vec<Retired>) -> Option<Instant> {
    let now = now();
    let is_held =
        |release: &Arc<Release>| Arc::strong_count(release) > 1 || Arc::strong_count(&release.set) > 1;
    retired.retain(|Retired { release, until }| is_held(release) && *until > now);
    let end = retired.iter().map(|retired| retired.until).min()?;
    Some((now + Duration::from_millis(1)).min(end))
}
