//! What the calls share.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use tokio::sync::{Semaphore, watch};

use super::counts::InboxCounts;
use super::findings_cache::FindingsCache;
use super::session::SessionCache;
use crate::inboxes::{Inboxes, ReaderPool, SessionQueue};
use crate::limits::CallLimit;
use crate::metrics::Metrics;
use crate::rules::InboxRules;
use crate::settings::{ProxySettings, TokenTable};

/// How many calls judge or prove rules at the same time.
const RULES_WORK: usize = 8;

/// What the calls share.
#[derive(Debug)]
pub struct ApiState {
    /// The inboxes.
    pub inboxes: Arc<Inboxes>,
    /// The rules of each inbox.
    pub rules: BTreeMap<Arc<str>, Arc<InboxRules>>,
    /// What reads the store.
    pub readers: ReaderPool,
    /// What writes the sessions of the page.
    pub sessions: SessionQueue,
    /// Sessions that were read lately.
    pub(super) session_cache: SessionCache,
    /// What the rules have decided lately.
    pub(super) counts: InboxCounts,
    /// Places for calls that judge or prove rules, which may take long.
    pub(super) rules_work: Arc<Semaphore>,
    /// How much was found in the active rules.
    pub(super) findings: FindingsCache,
    /// How many calls a token may make.
    pub limit: CallLimit,
    /// The seed of all random choices.
    pub seed: u64,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// Whether the program is about to end, so that whoever waits goes home.
    pub stopping: watch::Receiver<bool>,
    access: RwLock<Arc<Access>>,
}

/// Who may call.
#[derive(Debug, Clone, Default)]
pub struct Access {
    /// The tokens that are known.
    pub tokens: TokenTable,
    /// The proxy that logs people in; `None`: none does.
    pub proxy: Option<ProxySettings>,
}

impl ApiState {
    /// The calls of these inboxes.
    #[expect(clippy::too_many_arguments, reason = "each is a thing of its own")]
    pub fn new(
        inboxes: Arc<Inboxes>,
        rules: BTreeMap<Arc<str>, Arc<InboxRules>>,
        readers: ReaderPool,
        sessions: SessionQueue,
        access: Access,
        seed: u64,
        metrics: Arc<Metrics>,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        let (limit, access) = (CallLimit::new(), RwLock::new(Arc::new(access)));
        let (session_cache, counts, findings) = Default::default();
        Self {
            inboxes,
            rules,
            readers,
            sessions,
            session_cache,
            counts,
            rules_work: Arc::new(Semaphore::new(RULES_WORK)),
            findings,
            limit,
            seed,
            metrics,
            stopping,
            access,
        }
    }

    /// Who may call.
    pub fn access(&self) -> Arc<Access> {
        Arc::clone(&self.access.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// These may call from now on.
    pub fn set_access(&self, access: Access) {
        *self.access.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(access);
    }
}
