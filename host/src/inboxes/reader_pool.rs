//! Reads the store beside whoever writes it, on threads that may block.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::store::{StoreError, StoreReader};

/// How many calls read at the same time.
const READERS: usize = 8;

/// How long a call waits for its turn to read.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Opens a reader.
pub type OpenReader = dyn Fn() -> Result<Box<dyn StoreReader + Send>, StoreError> + Send + Sync;

/// Readers of the store, which are opened when they are needed and then kept.
#[derive(Clone)]
pub struct ReaderPool(Arc<SharedReaders>);

struct SharedReaders {
    open: Box<OpenReader>,
    idle: Mutex<Vec<Box<dyn StoreReader + Send>>>,
    places: Semaphore,
}

impl ReaderPool {
    /// A pool whose readers this function opens.
    pub fn new(open: Box<OpenReader>) -> Self {
        let shared = SharedReaders { open, idle: Mutex::default(), places: Semaphore::new(READERS) };
        Self(Arc::new(shared))
    }

    /// Reads on a thread that may block.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut dyn StoreReader) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let away = |what: &str| StoreError::Away(what.to_owned());
        let place = timeout(TIMEOUT, self.0.places.acquire()).await;
        let _place = place.ok().and_then(Result::ok).ok_or_else(|| away("too many calls read from it"))?;
        let shared = Arc::clone(&self.0);
        let reading = tokio::task::spawn_blocking(move || {
            let idle = shared.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut reader = idle.map_or_else(|| (shared.open)(), Ok)?;
            let found = read(&mut *reader);
            let mut idle = shared.idle.lock().unwrap_or_else(PoisonError::into_inner);
            match found {
                Ok(_) => idle.push(reader),
                // What has failed is not used again, and the others may have lost the same server.
                Err(_) => idle.clear(),
            }
            found
        });
        reading.await.unwrap_or_else(|_| Err(away("reading has panicked, which is a bug")))
    }
}

impl fmt::Debug for ReaderPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReaderPool").finish_non_exhaustive()
    }
}
