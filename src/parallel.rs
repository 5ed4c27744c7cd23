//! The same work on many items, on all processors.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, Scope, ScopedJoinHandle};

/// The number of threads to use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Threads {
    /// One for each processor.
    #[default]
    All,
    /// One fewer: a processor is left to the threads that decide.
    AllButOne,
}

impl Threads {
    fn count(self) -> usize {
        let all = thread::available_parallelism().map_or(1, NonZero::get);
        if self == Self::All { all } else { all - 1 }
    }
}

/// The results of `work` for the items, in the order of the items. Fewer than `min_parallel` items are processed by the
/// current thread alone, since starting threads would take longer. So are all of them where no thread can be started.
pub(crate) fn map<T: Sync, R: Send>(
    threads: Threads,
    items: &[T],
    min_parallel: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    map_while(threads, items, min_parallel, work, || ()).0
}

/// [`map`], and the result of `meanwhile`, which the current thread runs before it takes its share of the items.
pub(crate) fn map_while<T: Sync, R: Send, M>(
    threads: Threads,
    items: &[T],
    min_parallel: usize,
    work: impl Fn(&T) -> R + Sync,
    meanwhile: impl FnOnce() -> M,
) -> (Vec<R>, M) {
    let threads = threads.count().min(items.len());
    if threads < 2 || items.len() < min_parallel {
        return (items.iter().map(work).collect(), meanwhile());
    }
    // Chunks small enough for all threads to finish at about the same time.
    let size = (items.len() / (threads * 16)).clamp(1, 64);
    let chunks: Vec<&[T]> = items.chunks(size).collect();
    let next = AtomicUsize::new(0);
    let process_chunks = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(chunk) = chunks.get(index) else { return done };
            done.push((index, chunk.iter().map(&work).collect::<Vec<R>>()));
        }
    };
    let (mut done, other) = thread::scope(|scope| {
        let workers: Vec<_> = (1..threads).map_while(|_| start(scope, process_chunks)).collect();
        let other = meanwhile();
        let mut done = process_chunks();
        for worker in workers {
            done.extend(worker.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        (done, other)
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    (done.into_iter().flat_map(|(_, results)| results).collect(), other)
}

/// Starts a thread. `None` where the system allows no more: the threads that there are do its share of the work.
fn start<'scope, R: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> R + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, R>> {
    #[cfg(test)]
    if tests::ARE_THREADS_REFUSED.get() {
        return None;
    }
    thread::Builder::new().spawn_scoped(scope, work).ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use std::cell::Cell;

    use super::*;

    thread_local! {
        /// Whether the current thread cannot start others, as under `ulimit -u`.
        pub(crate) static ARE_THREADS_REFUSED: Cell<bool> = const { Cell::new(false) };
    }

    #[test]
    fn without_threads_the_current_one_does_all_the_work() {
        ARE_THREADS_REFUSED.set(true);
        let items: Vec<usize> = (0..1_000).collect();
        assert_eq!(map(Threads::All, &items, 2, |item| item + 1), (1..=1_000).collect::<Vec<_>>());
        ARE_THREADS_REFUSED.set(false);
    }

    #[test]
    fn results_keep_the_order_of_the_items() {
        for count in [0, 1, 2, 63, 1_000, 4_097] {
            let items: Vec<usize> = (0..count).collect();
            let expected: Vec<usize> = items.iter().map(|item| item * 2).collect();
            for threads in [Threads::All, Threads::AllButOne] {
                assert_eq!(map(threads, &items, 2, |item| item * 2), expected);
                let (results, other) = map_while(threads, &items, 2, |item| item * 2, || "other");
                assert_eq!((results, other), (expected.clone(), "other"));
            }
        }
    }
}
