//! Other rules take over.

use std::collections::BTreeSet;
use std::sync::Arc;

use inbox_rules::desk::DeskEvent;
use inbox_rules::{Folder, Release};
use jiff::Timestamp;

use super::batch::{Batch, Handled};
use super::item::{Answer, Refused};
use crate::store::RuleSetRow;

/// These rules are active from now on, if those are that they were edited from.
pub(super) fn replace(batch: &mut Batch, base: &str, release: &Arc<Release>, by: &str) -> Handled {
    let active = &batch.live.release.digest;
    if *active != base && *active != release.digest {
        return Err(Refused::RulesChanged.into());
    }
    // Whoever brings the active rules once more takes back what waits.
    batch.tx.put_waiting(None)?;
    activate(batch, Arc::clone(release), by)
}

/// These rules wait to be accepted, if those are active that they were edited from.
pub(super) fn wait(batch: &mut Batch, base: &str, set: &RuleSetRow, differences: u64) -> Handled {
    if batch.live.release.digest != base {
        return Err(Refused::RulesChanged.into());
    }
    batch.tx.put_waiting(Some((set, differences)))?;
    Ok(Answer::Done)
}

/// A rule set as it is kept.
pub(super) fn set_of(digest: &str, folder: &Folder, at: Timestamp, by: &str) -> RuleSetRow {
    let files = folder.texts().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    RuleSetRow { digest: digest.into(), files, at, by: by.to_owned() }
}

/// These rules are active from now on, unless they are already.
pub(super) fn activate(batch: &mut Batch, release: Arc<Release>, by: &str) -> Handled {
    if batch.live.release.digest == release.digest {
        return Ok(Answer::Done);
    }
    activate_first(batch, release, by)
}

/// These rules are active from now on. Chats that cannot go on under them are decided afresh, the oldest
/// first, and then those that wait are tried.
pub(super) fn activate_first(batch: &mut Batch, release: Arc<Release>, by: &str) -> Handled {
    let set = set_of(&release.digest, &release.folder, batch.now, by);
    batch.live.release = release;
    batch.live.rules_are_new = false;
    batch.tx.activate(&set)?;
    let effects = batch.handle_event(DeskEvent::Rules { digest: set.digest })?;
    for renamed in &effects.groups_renamed {
        batch.tx.rename_group(&renamed.from, &renamed.to)?;
    }
    let mut afresh: BTreeSet<_> = effects.afresh.iter().copied().collect();
    for user in &effects.users_gone {
        afresh.extend(batch.tx.chats_of_user(user)?.into_iter().map(|row| row.chat.id));
    }
    for group in &effects.groups_gone {
        afresh.extend(batch.tx.chats_waiting(Some(group))?.into_iter().map(|row| row.chat.id));
    }
    for id in afresh {
        if let Some(about) = batch.about_open_chat(id)? {
            batch.handle_about(DeskEvent::Afresh, &about)?;
        }
    }
    batch.handle_event(DeskEvent::Drain)?;
    Ok(Answer::Done)
}
