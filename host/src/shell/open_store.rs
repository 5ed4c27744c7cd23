//! The store as the settings name it: a file that this process has alone, or a database that several nodes
//! share.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

#[cfg(feature = "postgres")]
use secrecy::ExposeSecret;

use crate::inboxes::OpenReader;
use crate::settings::StoreAddress;
#[cfg(feature = "postgres")]
use crate::store::PostgresStore;
use crate::store::{SqliteStore, Store, StoreError, StoreReader};

/// How many batches of different inboxes are written to PostgreSQL at the same time.
#[cfg(feature = "postgres")]
const POSTGRES_STORES: usize = 12;

/// The store, opened.
pub(super) struct OpenStore {
    /// One for each thread that works on it.
    pub(super) stores: Vec<Box<dyn Store + Send>>,
    /// Opens readers.
    pub(super) open_reader: Box<OpenReader>,
    /// The file, if this process has the store alone.
    pub(super) file: Option<PathBuf>,
    /// Held for as long as the store is used.
    pub(super) lock: Option<File>,
}

/// Why the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum OpenStoreError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[cfg(not(feature = "postgres"))]
    #[error("this build has no PostgreSQL; name a file as the store, as in `sqlite:inbox.db`")]
    NoPostgres,
    #[error("`{}` is used by another inbox-host that runs", .0.display())]
    InUse(PathBuf),
    #[error("nobody else can be kept from using the store: {0}")]
    Lock(io::Error),
}

/// Opens the store.
///
/// # Errors
///
/// [`OpenStoreError`].
pub(super) fn open_store(address: &StoreAddress) -> Result<OpenStore, OpenStoreError> {
    match address {
        StoreAddress::Sqlite(path) => {
            let store = SqliteStore::open(path)?;
            let lock = lock(path)?;
            let open = store.reader_opener();
            Ok(OpenStore {
                stores: vec![Box::new(store)],
                open_reader: Box::new(move || {
                    open().map(|reader| -> Box<dyn StoreReader + Send> { Box::new(reader) })
                }),
                file: Some(path.clone()),
                lock: Some(lock),
            })
        }
        #[cfg(feature = "postgres")]
        StoreAddress::Postgres(url) => {
            let open = || PostgresStore::open(url.expose_secret());
            let stores = (0..POSTGRES_STORES).map(|_| open()).collect::<Result<Vec<_>, _>>()?;
            let opener = stores.first().map(PostgresStore::reader_opener);
            let open_reader = opener.ok_or_else(|| StoreError::Away("no connection".to_owned()))?;
            Ok(OpenStore {
                stores: stores
                    .into_iter()
                    .map(|store| -> Box<dyn Store + Send> { Box::new(store) })
                    .collect(),
                open_reader: Box::new(move || {
                    open_reader().map(|reader| -> Box<dyn StoreReader + Send> { Box::new(reader) })
                }),
                file: None,
                lock: None,
            })
        }
        #[cfg(not(feature = "postgres"))]
        StoreAddress::Postgres(_) => Err(OpenStoreError::NoPostgres),
    }
}

/// Keeps other programs from writing the same store for as long as the file is open.
fn lock(store: &Path) -> Result<File, OpenStoreError> {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options().create(true).write(true).truncate(false).open(Path::new(&name));
    let file = file.map_err(OpenStoreError::Lock)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenStoreError::InUse(store.to_owned())),
        Err(TryLockError::Error(error)) => Err(OpenStoreError::Lock(error)),
    }
}
