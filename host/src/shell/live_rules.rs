//! The rules while the program runs: in folders that are followed, or as the store has them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use inbox_rules::{Folder, LoadError, ReloadThread, read_folder};
use jiff::Timestamp;

use crate::api::ApiState;
use crate::cli::Start;
use crate::inboxes::Inboxes;
use crate::machine::Item;
use crate::metrics::Metrics;
use crate::rules::{
    InboxRules, OnRules, RulesError, RulesEvent, RulesStartError, StoreRules, StoredRules, start_folders,
};
use crate::settings::RulesSource;
use crate::store::{StoreError, StoreReader};

/// Who brings the rules of a folder.
pub(super) const FOLDER: &str = "folder";

/// Why the rules of the inboxes cannot be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum BeginRulesError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Folder(#[from] RulesStartError),
    #[error("the stored rules of the inbox `{inbox}` cannot be used: {source}")]
    StoredRules { inbox: Arc<str>, source: RulesError },
    #[error("the rules of the inbox `{inbox}` cannot be read: {source}")]
    UnreadableRules { inbox: Arc<str>, source: LoadError },
    #[error("the system allows no more threads: {0}")]
    Thread(std::io::Error),
}

/// The rules of all inboxes, and who has to hear of changes once everything runs.
pub(super) struct LiveRules {
    pub(super) rules: BTreeMap<Arc<str>, Arc<InboxRules>>,
    pub(super) listener: Arc<OnceLock<Arc<Inboxes>>>,
}

/// The inboxes whose folder decides from the start. A process that has the store alone (`is_alone`) goes by its
/// folders. Where several nodes share it, a folder that changed while its node was down decides, and one with rules
/// that have decided before does not: it may not have been changed yet, and would take back what another node has
/// brought.
///
/// # Errors
///
/// [`StoreError`].
pub(super) fn deciding_folders(
    rules: &BTreeMap<Arc<str>, Arc<InboxRules>>,
    reader: &mut dyn StoreReader,
    is_alone: bool,
) -> Result<BTreeSet<Arc<str>>, StoreError> {
    let mut deciding = BTreeSet::new();
    for (inbox, rules) in rules {
        let InboxRules::Folder(folder) = &**rules else { continue };
        let digest = folder.release().digest.clone();
        let row = reader.inbox(inbox)?;
        // One that only waited to be accepted has never decided.
        let waits = row.waiting.is_some_and(|waiting| *waiting.digest == *digest);
        if is_alone || waits || reader.rule_set(inbox, &digest)?.is_none() {
            deciding.insert(Arc::clone(inbox));
        } else if row.rules.as_deref() != Some(&*digest) {
            tracing::warn!(
                %inbox,
                "the folder has rules that decided before, and other nodes run: those in the store decide until \
                 the folder changes"
            );
        }
    }
    Ok(deciding)
}

/// The rules of all inboxes: in folders that are followed, or as the store has them.
///
/// # Errors
///
/// [`BeginRulesError`].
pub(super) fn begin_rules(
    start: &Start,
    reader: &mut (dyn StoreReader + Send),
    now: Timestamp,
    metrics: &Arc<Metrics>,
) -> Result<LiveRules, BeginRulesError> {
    let listener: Arc<OnceLock<Arc<Inboxes>>> = Arc::default();
    let reader = Mutex::new(reader);
    let stored =
        |inbox: &str| stored_rules(&mut **reader.lock().unwrap_or_else(PoisonError::into_inner), inbox);
    let mut rules = BTreeMap::new();
    match start.settings.rules_source() {
        RulesSource::Folder => {
            let thread = ReloadThread::start().map_err(BeginRulesError::Thread)?;
            let (listener, metrics) = (Arc::clone(&listener), Arc::clone(metrics));
            let on_rules: Arc<OnRules> =
                Arc::new(move |event: &RulesEvent<'_>| rules_changed(event, listener.get(), &metrics));
            for (inbox, folder) in start_folders(
                &start.inboxes,
                &|inbox| stored(inbox).ok().flatten(),
                start.settings.gate,
                &thread,
                &on_rules,
            )? {
                rules.insert(inbox, Arc::new(InboxRules::Folder(folder)));
            }
        }
        RulesSource::Store => {
            for folder in &start.inboxes {
                let inbox = Arc::clone(&folder.id);
                let first = || {
                    let folder = read_folder(&folder.path);
                    let folder = folder.map_err(|source| BeginRulesError::UnreadableRules {
                        inbox: Arc::clone(&inbox),
                        source,
                    })?;
                    Ok::<_, BeginRulesError>(StoredRules { folder, since: now, by: FOLDER.into() })
                };
                let stored = stored(&inbox)?.map_or_else(first, Ok)?;
                let of_store = StoreRules::start(&stored, start.settings.gate)
                    .map_err(|source| BeginRulesError::StoredRules { inbox: Arc::clone(&inbox), source })?;
                rules.insert(inbox, Arc::new(InboxRules::Store(Box::new(of_store))));
            }
        }
    }
    Ok(LiveRules { rules, listener })
}

/// The rules that decided last.
fn stored_rules(reader: &mut dyn StoreReader, inbox: &str) -> Result<Option<StoredRules>, StoreError> {
    let row = reader.inbox(inbox)?;
    let Some(digest) = row.rules else { return Ok(None) };
    let Some(set) = reader.rule_set(inbox, &digest)? else { return Ok(None) };
    let texts = set.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let since = row.rules_since.unwrap_or(set.at);
    Ok(Some(StoredRules { folder: Folder::from_texts(texts), since, by: set.by.into() }))
}

/// Hands rules that have changed to the machine. This runs on a thread of its own.
fn rules_changed(event: &RulesEvent<'_>, inboxes: Option<&Arc<Inboxes>>, metrics: &Metrics) {
    let (inbox, outcome) = (event.inbox, event.outcome);
    match (outcome.refusal(), outcome.is_waiting()) {
        (None, _) => metrics.count_reload("accepted"),
        (Some(_), true) => metrics.count_reload("waiting"),
        (Some(refusal), false) => {
            metrics.count_reload("rejected");
            tracing::warn!(%inbox, %refusal, "the rules stay as they were");
        }
    }
    let Some(active) = event.active else { return };
    // Before everything runs nobody hears it: the machine begins with the rules that are active then.
    let Some(inbox) = inboxes.and_then(|inboxes| inboxes.get(inbox)) else { return };
    let item = || Item::Rules { release: Arc::clone(&active.release), by: active.by.to_string() };
    while inbox.submit(item()).is_err() {
        thread::sleep(Duration::from_millis(50));
    }
    tracing::info!(inbox = %event.inbox, digest = active.release.digest, "other rules decide from now on");
}

/// Lets changes of the rules reach the machine, and those that came while it was made. What it gives waits until all inboxes are
/// loaded, and go on under the rules that they have now.
pub(super) fn follow_rules(
    api: &ApiState,
    listener: &OnceLock<Arc<Inboxes>>,
) -> impl Future<Output = ()> + use<> {
    let _ = listener.set(Arc::clone(&api.inboxes));
    for (id, rules) in &api.rules {
        let (Some(inbox), status) = (api.inboxes.get(id), rules.status(None)) else { continue };
        let release = rules.release();
        if release.digest != inbox.release().digest {
            let _ = inbox.submit(Item::Rules { release, by: status.by.to_string() });
        }
    }
    let loading: Vec<_> = api.inboxes.iter().map(|inbox| inbox.submit(Item::Timers)).collect();
    async move {
        for loaded in loading.into_iter().flatten() {
            // What the store refuses now is tried again with the next item; the log says so.
            let _ = loaded.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::rules::InboxFolder;
    use crate::settings::GateMode;
    use crate::store::{RuleSetRow, SqliteStore, Store};

    #[test]
    fn a_folder_that_was_not_changed_does_not_take_back_what_another_node_has_brought() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("inbox.toml"), "[users.bob]\n").unwrap();
        let (thread, on_rules) =
            (ReloadThread::start().unwrap(), Arc::new(|_: &RulesEvent<'_>| {}) as Arc<OnRules>);
        let of_node = |text: &str| {
            fs::write(folder.path().join("default.rules"), text).unwrap();
            let folders = [InboxFolder { id: "main".into(), path: folder.path().to_owned() }];
            let started = start_folders(&folders, &|_| None, GateMode::Off, &thread, &on_rules).unwrap();
            let rules = started.into_iter().map(|(id, rules)| (id, Arc::new(InboxRules::Folder(rules))));
            rules.collect::<BTreeMap<_, _>>()
        };
        let (old, new) = ("otherwise: assign nobody", "otherwise: assign user \"bob\"");
        let mut store = SqliteStore::in_memory("deciding", Box::new(|| Timestamp::UNIX_EPOCH)).unwrap();
        let mut activate = |rules: &BTreeMap<Arc<str>, Arc<InboxRules>>| {
            let digest = rules["main"].release().digest.as_str().into();
            let mut tx = store.begin(&"main".into()).unwrap();
            let row = RuleSetRow {
                digest,
                files: BTreeMap::new(),
                at: Timestamp::UNIX_EPOCH,
                by: FOLDER.to_owned(),
            };
            tx.activate(&row).unwrap();
            tx.commit().unwrap();
            store.sync().unwrap();
            store.reader().unwrap()
        };
        let mut reader = activate(&of_node(old));
        let mut decides = |rules: &str, is_alone| {
            !deciding_folders(&of_node(rules), &mut reader, is_alone).unwrap().is_empty()
        };
        // A node that was changed while it was down brings its rules; one that was not, later, does not.
        assert!(decides(new, false));
        let mut reader = activate(&of_node(new));
        let mut decides = |rules: &str, is_alone| {
            !deciding_folders(&of_node(rules), &mut reader, is_alone).unwrap().is_empty()
        };
        assert!(!decides(old, false));
        // But where no other node runs, the folder is the truth.
        assert!(decides(old, true));
    }
}
