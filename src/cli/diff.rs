//! `rules diff`: what two policies decide differently.

use std::path::Path;
use std::sync::Arc;

use clap::ValueEnum;

use super::diff_report::{DiffReport, PolicyDiff, Side};
use super::exit::{Exit, Failure};
use super::paths::{is_stdin, stdin};
use super::progress::Progress;
use super::{output, revision};
use crate::load::{self, LoadError, RuleSet};
use crate::policy::{Folder, Policy};
use crate::prove::compare;

/// Show which messages two policies decide differently, each with an example
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    rules diff old.rules rules/+15550100.rules\n  \
    rules diff git:HEAD:rules rules\n  \
    rules diff git:main:rules/+15550100.rules rules/+15550100.rules --format github\n\n\
    Two folders are compared file by file, two files whatever they are called. Names, comments and the order of rules\n\
    count only where they change a decision. When nothing is shown, the same is decided for every message.")]
pub(super) struct DiffArgs {
    /// A file, a folder, or `git:REVISION:PATH`
    #[arg(value_name = "OLD")]
    old: String,
    /// The same
    #[arg(value_name = "NEW")]
    new: String,
    /// How differences are shown
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
    /// Commands that GitHub shows beside the lines of a pull request
    Github,
}

pub(super) fn run(arguments: &DiffArgs) -> Result<Exit, Failure> {
    let progress = Progress::start([], |_| "comparing the rules …".to_owned());
    let [mut old, mut new] = [open(&arguments.old)?, open(&arguments.new)?];
    let is_file = |folder: &Folder| !folder.extra_policies.is_empty();
    if is_file(&old) != is_file(&new) {
        let (file, folder) =
            if is_file(&old) { (&arguments.old, &arguments.new) } else { (&arguments.new, &arguments.old) };
        let message = format!("`{file}` is a file and `{folder}` a folder; name two files or two folders");
        return Err(Failure::Message(message));
    }
    // What is typed is for the inbox of the other side.
    if is_stdin(Path::new(&arguments.old)) {
        old = for_inbox(&old, new.inbox_source.clone());
    }
    if is_stdin(Path::new(&arguments.new)) {
        new = for_inbox(&new, old.inbox_source.clone());
    }
    has_inbox(&old, &arguments.old)?;
    has_inbox(&new, &arguments.new)?;
    let inbox_differs = old.inbox != new.inbox;
    if inbox_differs {
        old = for_inbox(&old, new.inbox_source.clone());
    }
    let (old, new) = (meaning(old)?, meaning(new)?);
    let mut report = DiffReport { policies: Vec::new(), inbox_differs };
    if is_file(&new.folder) {
        if let (Some((_, before)), Some((name, after))) =
            (old.policies.first_key_value(), new.policies.first_key_value())
        {
            report.policies.push(compared(name, before, after, &new));
        }
    } else {
        let names =
            old.policies.keys().chain(new.policies.keys().filter(|name| !old.policies.contains_key(*name)));
        for name in names {
            report.policies.push(match (old.policies.get(name), new.policies.get(name)) {
                (Some(before), Some(after)) => compared(name, before, after, &new),
                (None, _) => PolicyDiff::added(name),
                (_, None) => PolicyDiff::removed(name),
            });
        }
        report.policies.sort_by(|one, other| one.name.cmp(&other.name));
    }
    drop(progress);
    let sides = [&old, &new];
    output::print(&match arguments.format {
        DiffFormat::Human => report.human(sides),
        DiffFormat::Json => output::json(&report.json(sides))?,
        DiffFormat::Github => report.github(sides),
    })?;
    Ok(Exit::found(!report.is_alike()))
}

fn open(side: &str) -> Result<Folder, Failure> {
    if let Some(named) = side.strip_prefix("git:") {
        return revision::open(named);
    }
    if is_stdin(Path::new(side)) {
        return stdin();
    }
    let folder = load::read(Path::new(side))?;
    if folder.files.is_empty() {
        let message = format!("there is no rule file in `{side}`; their names end in `.rules`");
        return Err(Failure::Message(message));
    }
    Ok(folder)
}

fn for_inbox(folder: &Folder, inbox: Option<crate::text::Source>) -> Folder {
    Folder { extra_policies: folder.extra_policies.clone(), ..Folder::new(inbox, folder.files.clone()) }
}

fn has_inbox(folder: &Folder, side: &str) -> Result<(), Failure> {
    if folder.inbox_source.is_some() || !folder.findings.is_empty() {
        return Ok(());
    }
    let place = if folder.extra_policies.is_empty() { "in" } else { "beside" };
    let message = format!("there is no `inbox.toml` {place} `{side}`, which names the groups and users");
    Err(Failure::Message(message))
}

/// The policies of a folder, or of a file, which must have no fault.
fn meaning(folder: Folder) -> Result<Side, LoadError> {
    let set = RuleSet::from_folder(&folder)?;
    let asked =
        |policy: &&Policy| folder.extra_policies.is_empty() || folder.extra_policies.contains(&policy.file);
    let policies =
        set.policies().filter(asked).map(|policy| (Arc::clone(&policy.file), Arc::new(policy.clone())));
    let policies = policies.collect();
    Ok(Side { folder, policies })
}

fn compared(name: &Arc<str>, old: &Arc<Policy>, new: &Arc<Policy>, side: &Side) -> PolicyDiff {
    PolicyDiff::compared(name, old, new, compare(old, new, &side.folder.inbox))
}
