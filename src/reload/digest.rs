//! A hash of everything in a folder, updated at the cost of what has changed.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::policy::{Files, Folder, RuleFile};
use crate::text::Source;

/// The sum of the SHA-256 of every file's name and content, as numbers of 256 bits. (`AdHash`, of Bellare and
/// Micciancio, *A New Paradigm for Collision-free Hashing*, 1997. It tells one state of a folder from
/// another, and is no defence against somebody who constructs two with the same sum.)
#[derive(Debug, Clone, Default)]
pub(super) struct Digest {
    sum: Number,
    inbox_source: Option<Source>,
    files: Files,
}

/// A number of 256 bits, the low half first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Number(u128, u128);

impl Digest {
    /// Changes it to the hash of `folder`.
    pub(super) fn update(&mut self, folder: &Folder) {
        if self.inbox_source != folder.inbox_source {
            let of = |inbox: &Source| Number::of("inbox.toml", Sha256::digest(inbox.text.as_bytes()).into());
            let (old, new) = (self.inbox_source.as_ref().map(of), folder.inbox_source.as_ref().map(of));
            self.sum = self.sum.minus(old.unwrap_or_default()).plus(new.unwrap_or_default());
            self.inbox_source.clone_from(&folder.inbox_source);
        }
        for (name, (old, new)) in self.files.changes(&folder.files) {
            let of = |file: Option<&Arc<RuleFile>>| {
                file.map(|file| Number::of(name, file.digest.unwrap_or_default())).unwrap_or_default()
            };
            self.sum = self.sum.minus(of(old)).plus(of(new));
        }
        self.files = folder.files.clone();
    }
}

/// `sha256-sum:…`
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Number(low, high) = self.sum;
        write!(f, "sha256-sum:{high:032x}{low:032x}")
    }
}

impl Number {
    /// The hash of a file by its name and the hash of its content.
    fn of(name: &str, content: [u8; 32]) -> Self {
        let hash = Sha256::new().chain_update(name).chain_update([0]).chain_update(content).finalize();
        let half = |from: usize| {
            hash.iter().skip(from).take(16).fold(0, |number: u128, byte| number << 8 | u128::from(*byte))
        };
        Self(half(16), half(0))
    }

    fn plus(self, other: Self) -> Self {
        let (low, carry) = self.0.overflowing_add(other.0);
        Self(low, self.1.wrapping_add(other.1).wrapping_add(carry.into()))
    }

    fn minus(self, other: Self) -> Self {
        let (low, borrow) = self.0.overflowing_sub(other.0);
        Self(low, self.1.wrapping_sub(other.1).wrapping_sub(borrow.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Digest;
    use crate::policy::{Files, Folder, RuleFile};
    use crate::text::Source;

    fn folder(inbox: &str, files: &[(&str, &str)]) -> Folder {
        let file = |(name, text): &(&str, &str)| {
            (Arc::from(*name), Arc::new(RuleFile::parse(Source::new(*name, *text))))
        };
        Folder::new(Some(Source::new("inbox.toml", inbox)), files.iter().map(file).collect::<Files>())
    }

    #[test]
    fn the_order_of_changes_does_not_matter() {
        let states = [
            folder("", &[("a.rules", "let a = new_customer"), ("b.rules", "")]),
            folder("", &[("a.rules", ""), ("b.rules", "let a = new_customer")]),
            folder("[users.alice]", &[("a.rules", "")]),
            folder("[users.alice]", &[]),
            folder("", &[("a.rules", "let a = new_customer"), ("b.rules", "")]),
        ];
        let mut kept = Digest::default();
        let mut seen = Vec::new();
        for state in &states {
            kept.update(state);
            let mut fresh = Digest::default();
            fresh.update(state);
            assert_eq!(kept.to_string(), fresh.to_string());
            seen.push(kept.to_string());
        }
        assert_eq!(seen[0], seen[4]);
        seen.pop();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 4);
    }
}
