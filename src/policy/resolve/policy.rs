//! The resolution of a whole file.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::context::Context;
use super::names::Names;
use super::time_zone::time_zone;
use super::{definitions, imports, rest, rule, test_block};
use crate::diagnostic::Finding;
use crate::policy::file::{RuleFile, digest as text_digest};
use crate::policy::folder::Folder;
use crate::policy::model::Policy;

/// The meaning of one file.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The policy. It may be used only if the file and those that it uses have no faults.
    pub policy: Arc<Policy>,
    /// The findings about the file's own items, in order of place. Findings about a used file are reported for that file.
    pub findings: Vec<Finding>,
    /// The definitions, hours and dates that the file mentions, or may mention in a part that could not be read: pairs
    /// of file and name.
    pub mentions: Arc<BTreeSet<(Arc<str>, Arc<str>)>>,
    /// Every file that it uses, directly or indirectly, if it is a policy.
    imports: Arc<[Arc<str>]>,
}

impl Resolved {
    /// The result for the file called `name`, which has the same text as the file `first` that this is the result
    /// of. Both files are in one folder. `None` if there are findings, because they name their file, or if `first`
    /// uses `name`, because the copy would then use itself.
    pub fn rebind(&self, first: &Arc<str>, name: &Arc<str>) -> Option<Self> {
        if !self.findings.is_empty() || self.imports.contains(name) {
            return None;
        }
        let policy = Policy { file: Arc::clone(name), ..Policy::clone(&self.policy) };
        let is_own = |(file, _): &&(Arc<str>, Arc<str>)| file == first;
        let mentions = if self.mentions.iter().any(|mention| is_own(&mention)) {
            let renamed = |mention @ (file, what): &(Arc<str>, Arc<str>)| {
                let file = if is_own(&mention) { name } else { file };
                (Arc::clone(file), Arc::clone(what))
            };
            Arc::new(self.mentions.iter().map(renamed).collect())
        } else {
            Arc::clone(&self.mentions)
        };
        Some(Self {
            policy: Arc::new(policy),
            findings: Vec::new(),
            mentions,
            imports: Arc::clone(&self.imports),
        })
    }
}

/// Resolves the file called `name` of `folder`. If there is no such file, the policy is empty.
pub fn resolve(folder: &Folder, name: &str) -> Resolved {
    let Some((key, file)) = folder.files.get_key_value(name) else {
        let policy = Arc::new(empty(name, folder));
        return Resolved { policy, findings: Vec::new(), mentions: Arc::default(), imports: Arc::default() };
    };
    let mut cx = Context::new(folder, key, file);
    let closure = imports::import_closure(&mut cx);
    let names = Names::collect(&mut cx, &closure);
    let timezone = time_zone(&mut cx);
    definitions::resolve_definitions(&mut cx, &names);
    let rules = rule::rules(&mut cx, &names);
    let tests = test_block::tests(&mut cx);
    rest::resolve_rests(&mut cx, &names);
    // Only policies decide and have copies. In a chain of files that use each other, the lists of all of them would take
    // space that is quadratic in its length.
    let used = if folder.is_policy(key) {
        closure.files.as_slice()
    } else {
        closure.files.get(..1).unwrap_or_default()
    };
    let policy = Policy {
        file: Arc::clone(key),
        timezone: timezone.unwrap_or_else(|| folder.inbox.timezone.clone()),
        rules: rules.into(),
        definitions: std::mem::take(&mut cx.definitions).into(),
        tests: tests.into(),
        digest: digest(used.iter().map(|(_, file)| *file)),
        text: Arc::clone(&file.source.text),
    };
    let others = used.iter().filter(|(origin, _)| origin.via.is_some());
    let imports = others.map(|(origin, _)| Arc::clone(origin.file_name)).collect();
    let Context { mut findings, mut mentions, .. } = cx;
    rest::drop_consequences(&mut findings, &file.findings);
    findings.sort_by_key(|finding| finding.span);
    mentions.extend(names.possible_mentions(file));
    Resolved { policy: Arc::new(policy), findings, mentions: Arc::new(mentions), imports }
}

fn empty(name: &str, folder: &Folder) -> Policy {
    Policy {
        file: name.into(),
        timezone: folder.inbox.timezone.clone(),
        rules: Arc::default(),
        definitions: Arc::default(),
        tests: Arc::default(),
        digest: digest([]),
        text: "".into(),
    }
}

/// The digest of a policy: SHA-256 of its text. If it uses other files, SHA-256 of the SHA-256 of each text, its own first, so
/// that the boundaries count and a text that many policies use is hashed once.
fn digest<'a>(files: impl IntoIterator<Item = &'a Arc<RuleFile>>) -> Arc<str> {
    let mut digests =
        files.into_iter().map(|file| file.digest.unwrap_or_else(|| text_digest(&file.source.text)));
    let first = digests.next().unwrap_or_else(|| text_digest(""));
    let mut of_all = Sha256::new().chain_update(first);
    let mut others = 0;
    for digest in digests {
        of_all.update(digest);
        others += 1;
    }
    let bytes = if others == 0 { first } else { of_all.finalize().into() };
    let mut text = String::from("sha256:");
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text.into()
}
