//! `rules fmt`: writes rule files in the canonical layout.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::changed_file::{self, ChangedFile};
use super::exit::{Exit, Failure};
use super::output;
use super::paths::{self, LoadedPath, PathKind};
use super::progress::Progress;
use crate::diagnostic::human::counted;
use crate::diagnostic::{EditSet, Fix};
use crate::language::{Formatted, format};
use crate::policy::RuleFile;
use crate::text::{LineIndex, Source};

/// Write rules in the canonical layout
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    rules fmt\n  \
    rules fmt --check\n  \
    rules fmt - < draft.rules\n\n\
    Only white space changes. An item that cannot be read stays as it is, and the exit code is then 1.")]
pub(super) struct FmtArgs {
    /// Files and folders to format; `-` writes standard input, formatted, to standard output [default: rules]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Show what would change, without changing it; the exit code is 1 if anything would
    #[arg(long)]
    check: bool,
}

pub(super) fn run(arguments: &FmtArgs) -> Result<Exit, Failure> {
    let is_filter = arguments.paths.iter().any(|path| paths::is_stdin(path));
    if is_filter && arguments.paths.len() > 1 {
        return Err(Failure::Message("`-` cannot be combined with other paths".into()));
    }
    let progress = Progress::start(&arguments.paths, |_| "formatting the rules …".to_owned());
    let files = FormattedFiles::load(&arguments.paths)?;
    drop(progress);
    let changed = files.changed();
    if arguments.check {
        for file in &changed {
            output::print(&file.diff())?;
        }
    } else if is_filter {
        files.print()?;
    } else {
        let is_written =
            changed_file::write(changed.iter().map(|file| (file, format!("formatted {}", file.after.name))))?;
        if !is_written {
            files.report_unread();
            return Ok(Exit::Found);
        }
    }
    files.report_unread();
    if !is_filter {
        output::eprint(&summary(arguments.check, changed.len(), files.files.len()));
    }
    let differs = arguments.check && !changed.is_empty();
    Ok(Exit::found(differs || files.has_unread()))
}

/// `2 of 7 files would change`
fn summary(is_check: bool, changed: usize, files: usize) -> String {
    match (changed, is_check) {
        (0, _) => format!("{} formatted already\n", counted(files, "file")),
        (_, true) => format!("{changed} of {} would change\n", counted(files, "file")),
        (_, false) => format!("{changed} of {} changed\n", counted(files, "file")),
    }
}

/// The rule files of the paths, by name.
struct FormattedFiles {
    files: BTreeMap<Arc<str>, FormattedFile>,
}

/// A rule file and its formatting; `None` if it is not a text.
struct FormattedFile {
    before: Source,
    formatted: Option<Formatted>,
}

impl FormattedFiles {
    fn load(paths: &[PathBuf]) -> Result<Self, Failure> {
        let loaded = paths::load(paths)?;
        let files = loaded.iter().flat_map(rule_files).map(|file| {
            let before = file.source.clone();
            // What could not be decoded has no digest.
            let formatted = file.digest.is_some().then(|| format(&before));
            (Arc::clone(&before.name), FormattedFile { before, formatted })
        });
        Ok(Self { files: files.collect() })
    }

    fn changed(&self) -> Vec<ChangedFile> {
        self.files.values().filter_map(FormattedFile::changed).collect()
    }

    fn print(&self) -> Result<(), Failure> {
        for file in self.files.values() {
            let after = file.changed().map_or_else(|| file.before.clone(), |changed| changed.after);
            output::print(&after.text)?;
        }
        Ok(())
    }

    fn has_unread(&self) -> bool {
        self.files.values().any(FormattedFile::has_unread)
    }

    /// Says which items stay as they are.
    fn report_unread(&self) {
        for FormattedFile { before, formatted } in self.files.values() {
            let name = &before.name;
            let Some(formatted) = formatted else {
                output::eprint(&format!("{name} is no text in UTF-8 and stays as it is\n"));
                continue;
            };
            let lines = LineIndex::new(&before.text);
            for span in &formatted.unread {
                let line = lines.line(span.start);
                output::eprint(&format!(
                    "{name}:{line}: this item cannot be read and stays as it is; `rules check` says why\n"
                ));
            }
        }
    }
}

impl FormattedFile {
    fn changed(&self) -> Option<ChangedFile> {
        let edits = &self.formatted.as_ref()?.edits;
        if edits.is_empty() {
            return None;
        }
        let fix = Fix { title: String::new(), edits: edits.clone() };
        let mut set = EditSet::new(&self.before.text);
        set.add(&fix);
        let after = Source::new(Arc::clone(&self.before.name), set.apply());
        Some(ChangedFile { before: self.before.clone(), after })
    }

    fn has_unread(&self) -> bool {
        self.formatted.as_ref().is_none_or(|formatted| !formatted.unread.is_empty())
    }
}

/// The rule files that the path names.
fn rule_files(path: &LoadedPath) -> impl Iterator<Item = &Arc<RuleFile>> {
    path.folder.files.values().filter(move |file| match &path.kind {
        PathKind::File(name) => file.source.name == *name,
        PathKind::Folder | PathKind::Stdin => true,
    })
}
