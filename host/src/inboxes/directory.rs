//! All inboxes, by their ids and by the ids that WhatsApp gives their numbers.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use inbox_rules::Release;
use tokio::sync::mpsc;

use super::handle::InboxHandle;
use super::queue::Submission;

/// All inboxes.
#[derive(Debug)]
pub struct Inboxes {
    by_id: BTreeMap<Arc<str>, Arc<InboxHandle>>,
    by_number: RwLock<Arc<HashMap<String, NumberOwner>>>,
}

/// Which inbox has a number.
#[derive(Debug, Clone)]
pub struct NumberOwner {
    /// The inbox.
    pub inbox: Arc<InboxHandle>,
    /// The number in E.164.
    pub number: Arc<str>,
}

impl Inboxes {
    /// These inboxes with these rules. Their items go into this channel.
    pub fn new(
        releases: impl IntoIterator<Item = (Arc<str>, Arc<Release>)>,
        sender: &mpsc::UnboundedSender<Submission>,
    ) -> Self {
        let handle = |(id, release): (Arc<str>, _)| {
            (Arc::clone(&id), Arc::new(InboxHandle::new(id, release, sender.clone())))
        };
        let inboxes =
            Self { by_id: releases.into_iter().map(handle).collect(), by_number: RwLock::default() };
        inboxes.list_numbers();
        inboxes
    }

    /// The inbox with this id.
    pub fn get(&self, id: &str) -> Option<&Arc<InboxHandle>> {
        self.by_id.get(id)
    }

    /// Each inbox, by id.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<InboxHandle>> {
        self.by_id.values()
    }

    /// Which inbox has each number, by the number in E.164 and by the `phone_number_id` that WhatsApp gives
    /// it. If several list the same, the first has it.
    pub fn numbers(&self) -> Arc<HashMap<String, NumberOwner>> {
        Arc::clone(&self.by_number.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// These rules decide in the inbox from now on.
    pub fn set_release(&self, inbox: &str, release: Arc<Release>) {
        let Some(handle) = self.get(inbox) else { return };
        let renumbered = handle.release().set.inbox().numbers != release.set.inbox().numbers;
        handle.set_release(release);
        if renumbered {
            self.list_numbers();
        }
    }

    fn list_numbers(&self) {
        let mut numbers = HashMap::new();
        for inbox in self.iter() {
            for (number, entry) in &inbox.release().set.inbox().numbers {
                let owner = || NumberOwner { inbox: Arc::clone(inbox), number: number.as_str().into() };
                numbers.entry(number.clone()).or_insert_with(owner);
                if let Some(id) = entry.phone_number_id.clone() {
                    numbers.entry(id).or_insert_with(owner);
                }
            }
        }
        *self.by_number.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(numbers);
    }
}
