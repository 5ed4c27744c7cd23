//! The library as the bindings call it: JSON texts in, JSON texts out, and one kind of error.
//!
//! Python, Node and C differ in how they hand over a text and report an error, and in nothing else.

#![forbid(unsafe_code)]

mod error;
mod outcome;
mod reloader;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use inbox_rules::check;
use inbox_rules::diagnostic::json;
use inbox_rules::policy::Files;
use inbox_rules::text::MAX_FILE_SIZE;
use inbox_rules::{RuleSet, Situation, SituationError, dice, read_folder};
use jiff::Timestamp;
use serde::Serialize;

pub use error::{CallError, ErrorKind, catch_panic};
pub use outcome::{ChangesJson, OutcomeJson};
pub use reloader::ProcessReloader;

/// Checks a folder of rules, or one file in it: what `rules check --format json` prints.
///
/// # Errors
///
/// [`ErrorKind::Load`], if there is nothing at that path, it cannot be read, or has no rules.
pub fn check_path(path: &Path) -> Result<String, CallError> {
    catch_panic(|| {
        let is_inbox = path.file_name().is_some_and(|name| name == "inbox.toml") && path.is_file();
        let mut folder = read_folder(if is_inbox { folder_of(path) } else { path })?;
        if is_inbox {
            folder.files = Files::new();
            folder.is_whole = false;
        }
        let is_empty = folder.files.is_empty() && folder.ignored_files.is_empty();
        if is_empty && folder.inbox_source.is_none() && folder.findings.is_empty() {
            let message =
                format!("there is no rule file in `{}`; rule files end in `.rules`", path.display());
            return Err(CallError::new(ErrorKind::Load, message));
        }
        let name = path.file_name().filter(|_| !path.is_dir()).map(|name| name.to_string_lossy());
        let file = name.and_then(|name| folder.files.get(&name)).map(|file| Arc::clone(&file.source.name));
        let mut findings = check::check(&folder);
        // What a file uses counts only where it makes the file useless.
        findings.retain(|finding| {
            file.as_ref().is_none_or(|file| finding.file == *file || finding.code.is_fault())
        });
        findings.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
        findings.dedup();
        let read = || folder.files.values().map(|file| &file.source).chain(&folder.inbox_source);
        let unread = folder.findings.iter().map(|finding| &finding.file);
        let names: BTreeSet<&Arc<str>> = read().map(|source| &source.name).chain(unread).collect();
        to_json(&json::report(&findings, &read().cloned().collect(), names.len()))
    })
}

fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|parent| *parent != Path::new("")).unwrap_or(Path::new("."))
}

/// Reads the rules of a folder.
///
/// # Errors
///
/// [`ErrorKind::Load`], as [`RuleSet::load`].
pub fn load(folder: &Path) -> Result<RuleSet, CallError> {
    catch_panic(|| Ok(RuleSet::load(folder)?))
}

/// Decides a situation as `rules route --seed SEED` does, with `why` if `explain` is set. Without an `at`, it is decided at
/// the current time.
///
/// # Errors
///
/// [`ErrorKind::Situation`], if the text is not a situation, or the situation is not one of these rules' inbox.
pub fn decide(rules: &RuleSet, situation: &str, seed: u64, explain: bool) -> Result<String, CallError> {
    catch_panic(|| {
        if situation.len() > MAX_FILE_SIZE {
            return Err(SituationError::new("the situation is larger than 8 MiB").into());
        }
        let mut situation = Situation::from_json(situation)?;
        situation.at.get_or_insert_with(|| now().into());
        let mut dice = dice(seed, situation.message.id.as_deref());
        let decision = if explain {
            rules.explain(&situation, &mut dice)?
        } else {
            rules.decide(&situation, &mut dice)?
        };
        to_json(&decision)
    })
}

fn to_json(value: &impl Serialize) -> Result<String, CallError> {
    serde_json::to_string(value).map_err(|error| CallError::internal(&error.to_string()))
}

#[expect(clippy::disallowed_methods, reason = "a situation without a time is decided at the current time")]
fn now() -> Timestamp {
    Timestamp::now()
}
