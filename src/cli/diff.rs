//! `rules diff`: the messages that two policies decide differently.

use std::path::Path;

use clap::ValueEnum;

use super::diff_output::{github, human};
use super::exit::{Exit, Failure};
use super::paths::{is_stdin, stdin};
use super::progress::Progress;
use super::{output, revision};
use crate::compare::{RuleVersion, compare_rules};
use crate::load::{self, RuleSet};
use crate::policy::Folder;

/// Show which messages two versions of the rules decide differently, each with an example
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    rules diff old.rules rules/+15550100.rules\n  \
    rules diff git:HEAD:rules rules\n  \
    rules diff git:main:rules/+15550100.rules rules/+15550100.rules --format github\n\n\
    Folders are compared file by file; two files are compared even if their names differ. Each side is decided with its \
    own inbox.toml. Only changes to decisions are shown: names, comments and the order of rules do not matter by \
    themselves.")]
pub(super) struct DiffArgs {
    /// The old rules: a file, a folder, or `git:REVISION:PATH`
    #[arg(value_name = "OLD")]
    old: String,
    /// The new rules, in the same form
    #[arg(value_name = "NEW")]
    new: String,
    /// Show every example that was found, not only three of each cause
    #[arg(long)]
    all: bool,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    format: DiffFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// For people
    #[default]
    Human,
    /// One JSON object
    Json,
    /// Annotations on the lines of a GitHub pull request
    Github,
}

pub(super) fn run(arguments: &DiffArgs) -> Result<Exit, Failure> {
    let progress = Progress::start([], |_| "comparing the rules …".to_owned());
    let [mut old, mut new] = [open(&arguments.old)?, open(&arguments.new)?];
    let is_file = |folder: &Folder| !folder.extra_policies.is_empty();
    if is_file(&old) != is_file(&new) {
        let (file, folder) =
            if is_file(&old) { (&arguments.old, &arguments.new) } else { (&arguments.new, &arguments.old) };
        let message = format!("`{file}` is a file and `{folder}` is a folder; name two files or two folders");
        return Err(Failure::Message(message));
    }
    // Standard input has no `inbox.toml` of its own, so it gets that of the other side.
    if is_stdin(Path::new(&arguments.old)) {
        old = for_inbox(&old, new.inbox_source.clone());
    }
    if is_stdin(Path::new(&arguments.new)) {
        new = for_inbox(&new, old.inbox_source.clone());
    }
    has_inbox(&old, &arguments.old)?;
    has_inbox(&new, &arguments.new)?;
    let (old_set, new_set) = (RuleSet::from_folder(&old)?, RuleSet::from_folder(&new)?);
    let old = RuleVersion { set: &old_set, folder: &old };
    let new = RuleVersion { set: &new_set, folder: &new };
    let comparison = compare_rules(old, new, usize::MAX)?;
    drop(progress);
    output::print(&match arguments.format {
        DiffFormat::Human => human(&comparison, arguments.all),
        DiffFormat::Json => output::json(&comparison)?,
        DiffFormat::Github => github(&comparison),
    })?;
    Ok(Exit::found(!comparison.is_alike()))
}

/// The rules of a folder or a file, or of a revision of it, with their inbox.
pub(super) fn rule_set(side: &str) -> Result<RuleSet, Failure> {
    let folder = open(side)?;
    has_inbox(&folder, side)?;
    Ok(RuleSet::from_folder(&folder)?)
}

/// The rules of a side: a file, a folder, a revision, or standard input.
pub(super) fn open(side: &str) -> Result<Folder, Failure> {
    if let Some(spec) = side.strip_prefix("git:") {
        return revision::open(spec);
    }
    if is_stdin(Path::new(side)) {
        return stdin();
    }
    let folder = load::read_folder(Path::new(side))?;
    if folder.files.is_empty() {
        let message = format!("there is no rule file in `{side}`; rule files end in `.rules`");
        return Err(Failure::Message(message));
    }
    Ok(folder)
}

fn for_inbox(folder: &Folder, inbox: Option<crate::text::Source>) -> Folder {
    folder.clone().with_inbox(inbox)
}

/// Whether there is an `inbox.toml` to decide with.
fn has_inbox(folder: &Folder, side: &str) -> Result<(), Failure> {
    if folder.inbox_source.is_some() || !folder.findings.is_empty() {
        return Ok(());
    }
    let place = if folder.extra_policies.is_empty() { "in" } else { "beside" };
    let message = format!("there is no `inbox.toml` {place} `{side}` to name the groups and users");
    Err(Failure::Message(message))
}
