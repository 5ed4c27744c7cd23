//! The settings while the program runs: tokens and secrets may change.

use std::sync::{Arc, PoisonError, RwLock};

use crate::machine::{Account, Accounts};
use crate::settings::{HostSettings, UnknownSend};

/// The settings while the program runs. A clone is the same.
#[derive(Debug, Clone)]
pub(super) struct LiveSettings(Arc<RwLock<Arc<HostSettings>>>);

impl LiveSettings {
    pub(super) fn new(settings: HostSettings) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(settings))))
    }

    /// The settings now.
    pub(super) fn get(&self) -> Arc<HostSettings> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// These from now on.
    pub(super) fn set(&self, settings: HostSettings) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    }
}

/// The WhatsApp accounts, by the numbers that belong to them.
pub(super) fn accounts(settings: &HostSettings) -> Accounts {
    let mut accounts = Accounts::default();
    for (name, account) in &settings.whatsapp {
        let found = Arc::new(Account {
            name: Arc::clone(name),
            ghost_wait: account.ghost_wait,
            unknown_after: account.unknown_after,
            unknown_again: account.unknown == UnknownSend::Resend,
            per_second: account.per_second,
        });
        if account.numbers.is_empty() {
            accounts.others = Some(Arc::clone(&found));
        }
        accounts.listed.extend(account.numbers.iter().map(|id| (id.clone(), Arc::clone(&found))));
    }
    accounts
}
