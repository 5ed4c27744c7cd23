//! A hash of everything in a folder, updated at the cost of what has changed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::policy::{Files, Folder, INBOX, RuleFile};
use crate::text::{Source, sha256_text};

/// The SHA-256 of the names and texts of all files, by a tree of hashes, so that a change costs what it changes: the files
/// are put into 256 buckets by the first byte of the hash of their names; the hash of a bucket is that of the names and the
/// hashes of its files, in the order of the names; and the digest is the hash of the 256 hashes. (R. Merkle, *A digital
/// signature based on a conventional encryption function*, CRYPTO 1987.) Whoever finds two folders with one digest has
/// found a collision of SHA-256.
#[derive(Debug, Clone)]
pub struct FolderDigest {
    buckets: Vec<Arc<Bucket>>,
    inbox_source: Option<Source>,
    files: Files,
}

/// A hash of 256 bits.
type Hash = [u8; 32];

/// The hashes of some files, and the hash of them all.
#[derive(Debug, Clone)]
struct Bucket {
    files: BTreeMap<Arc<str>, Hash>,
    hash: Hash,
}

impl FolderDigest {
    /// The digest of `folder`.
    pub fn of(folder: &Folder) -> Self {
        let mut digest = Self::default();
        digest.update(folder);
        digest
    }

    /// Changes it to the digest of `folder`.
    pub fn update(&mut self, folder: &Folder) {
        let before = std::mem::replace(&mut self.files, folder.files.clone());
        let mut stale = [false; 256];
        for (name, (_, new)) in before.changes(&folder.files) {
            self.set(name, new.map(|file| hash_of(file)), &mut stale);
        }
        if self.inbox_source != folder.inbox_source {
            self.inbox_source.clone_from(&folder.inbox_source);
            let hash = folder.inbox_source.as_ref().map(|inbox| Sha256::digest(inbox.text.as_bytes()).into());
            self.set(&INBOX.into(), hash, &mut stale);
        }
        for (bucket, _) in self.buckets.iter_mut().zip(stale).filter(|(_, is_stale)| *is_stale) {
            let hash = bucket.hash_of_files();
            Arc::make_mut(bucket).hash = hash;
        }
    }

    fn set(&mut self, name: &Arc<str>, hash: Option<Hash>, stale: &mut [bool; 256]) {
        let index = usize::from(Sha256::digest(name.as_bytes()).first().copied().unwrap_or(0));
        if let (Some(bucket), Some(is_stale)) = (self.buckets.get_mut(index), stale.get_mut(index)) {
            *is_stale = true;
            let bucket = Arc::make_mut(bucket);
            match hash {
                Some(hash) => bucket.files.insert(Arc::clone(name), hash),
                None => bucket.files.remove(name),
            };
        }
    }
}

impl Default for FolderDigest {
    fn default() -> Self {
        let mut empty = Bucket { files: BTreeMap::new(), hash: Hash::default() };
        empty.hash = empty.hash_of_files();
        Self {
            buckets: std::iter::repeat_n(Arc::new(empty), 256).collect(),
            inbox_source: None,
            files: Files::default(),
        }
    }
}

impl Bucket {
    fn hash_of_files(&self) -> Hash {
        let mut hasher = Sha256::new();
        for (name, hash) in &self.files {
            // With its length, since a name may contain any character.
            hasher.update((name.len() as u64).to_be_bytes());
            hasher.update(name.as_bytes());
            hasher.update(hash);
        }
        hasher.finalize().into()
    }
}

/// The hash of the text of a file, or of why it is no text.
fn hash_of(file: &RuleFile) -> Hash {
    file.digest.unwrap_or_else(|| {
        let mut hasher = Sha256::new_with_prefix(b"\xFF");
        file.findings.iter().for_each(|finding| hasher.update(finding.message.as_bytes()));
        hasher.chain_update(file.source.text.as_bytes()).finalize().into()
    })
}

/// `sha256:…`
impl fmt::Display for FolderDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut hasher = Sha256::new();
        self.buckets.iter().for_each(|bucket| hasher.update(bucket.hash));
        f.write_str(&sha256_text(&hasher.finalize().into()))
    }
}
