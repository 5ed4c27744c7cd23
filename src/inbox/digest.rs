//! The digest of what a roster takes from an inbox.

use std::sync::{Arc, OnceLock};

use sha2::{Digest as _, Sha256};

use super::model::Inbox;
use crate::text::sha256_text;

/// The digest of what a roster takes from an inbox, computed when it is first needed. A copy of the inbox computes its own,
/// because it may be changed before.
#[derive(Debug, Default)]
pub(super) struct RosterDigest(OnceLock<Arc<str>>);

impl Clone for RosterDigest {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl PartialEq for RosterDigest {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Inbox {
    /// The digest of what a [`Roster`](crate::Roster) takes from the inbox: the users in order with their names, capacities,
    /// weights and skills, and the groups with their members. A user or a group has the same index in all inboxes of this
    /// digest. It is computed once: afterwards, change only a copy of the inbox.
    pub fn roster_digest(&self) -> &Arc<str> {
        self.roster_digest.0.get_or_init(|| digest(self))
    }
}

fn digest(inbox: &Inbox) -> Arc<str> {
    let mut bytes = Vec::new();
    number(&mut bytes, inbox.users.len());
    for user in &inbox.users {
        text(&mut bytes, &user.id);
        text(&mut bytes, &user.name);
        bytes.extend(user.capacity.unwrap_or(0).to_le_bytes());
        bytes.extend(user.weight.to_le_bytes());
        number(&mut bytes, user.skills.len());
        user.skills.iter().for_each(|skill| text(&mut bytes, skill.as_str()));
    }
    for group in &inbox.groups {
        text(&mut bytes, &group.name);
        number(&mut bytes, group.members.len());
        group.members.iter().for_each(|member| bytes.extend(member.0.to_le_bytes()));
    }
    sha256_text(&Sha256::digest(&bytes).into()).into()
}

/// Each text begins with its length, so that no two lists of texts look the same.
fn text(bytes: &mut Vec<u8>, text: &str) {
    number(bytes, text.len());
    bytes.extend(text.as_bytes());
}

fn number(bytes: &mut Vec<u8>, number: usize) {
    bytes.extend((number as u64).to_le_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    const INBOX: &str = "[users.ana]\nskills = [\"ar\"]\n[users.bo]\n[groups]\nSales = [\"ana\", \"bo\"]\n";

    fn digest_of(toml: &str) -> Arc<str> {
        Arc::clone(Inbox::parse(&Source::new("inbox.toml", toml)).0.roster_digest())
    }

    #[test]
    fn only_what_a_roster_takes_counts() {
        let same = |toml: &str| assert_eq!(digest_of(toml), digest_of(INBOX), "{toml}");
        same(&format!("# our inbox\n{INBOX}"));
        same(&format!("{INBOX}[attributes]\nplan = \"text\"\n[lints]\nunused-definition = \"allow\"\n"));
        same(&INBOX.replace("[users.bo]", "[users.bo]\nowns = false"));
        let other =
            |from: &str, to: &str| assert_ne!(digest_of(&INBOX.replace(from, to)), digest_of(INBOX), "{to}");
        other("[users.bo]", "[users.bo]\nname = \"Bo\"");
        other("[users.bo]", "[users.bo]\ncapacity = 1");
        other("[users.bo]", "[users.bo]\nweight = 2");
        other("\"ar\"", "\"fr\"");
        other("\"ana\", \"bo\"", "\"bo\", \"ana\"");
        other("Sales", "Shop");
        other("[groups]", "[users.cy]\n[groups]");
        other("[users.bo]", "[users.bob]");
    }

    #[test]
    fn a_copy_that_is_changed_has_its_own() {
        let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", INBOX));
        let before = Arc::clone(inbox.roster_digest());
        let mut copy = inbox.clone();
        copy.users.swap(0, 1);
        assert_ne!(*copy.roster_digest(), before);
        assert_eq!(inbox, inbox.clone());
    }
}
