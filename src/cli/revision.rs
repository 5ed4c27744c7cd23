//! Reads rules from a git revision, by running `git`.

use std::collections::BTreeSet;
use std::io;
use std::process::{Command, Output};
use std::sync::Arc;

use super::exit::Failure;
use crate::language::{Undecodable, decode};
use crate::load::is_rule_file;
use crate::policy::{Files, Folder, RuleFile};
use crate::text::Source;

const INBOX: &str = "inbox.toml";

/// Reads `REVISION:PATH`, a file or a folder. The path is relative to the current folder.
pub(super) fn open(spec: &str) -> Result<Folder, Failure> {
    let (revision, path) = match spec.split_once(':') {
        Some((revision, path)) if !revision.is_empty() => (revision, path),
        parts => {
            let missing = if parts.is_some() || spec.is_empty() { "revision" } else { "path" };
            let form = "write `git:REVISION:PATH`, for example `git:HEAD:rules`";
            return Err(Failure::Message(format!("`git:{spec}` has no {missing}; {form}")));
        }
    };
    let path = path.trim_end_matches('/');
    let revision = Revision::of(revision)?;
    let path = if path.is_empty() { "." } else { path };
    match revision.kind(path)?.as_str() {
        "blob" => {
            let (root, name) = path.rsplit_once('/').unwrap_or((".", path));
            let tree = GitTree::of(&revision, root)?;
            let mut folder = tree.folder(BTreeSet::from([name.to_owned()]), false)?;
            folder.extra_policies.insert(name.into());
            Ok(folder)
        }
        _ => {
            let tree = GitTree::of(&revision, path)?;
            let is_visible =
                |name: &&String| is_rule_file(name) && !name.split('/').any(|part| part.starts_with('.'));
            let names: BTreeSet<String> = tree.names.iter().filter(is_visible).cloned().collect();
            if names.is_empty() {
                let message = format!(
                    "there is no rule file in `{path}` of `{}`; rule files end in `.rules`",
                    revision.name
                );
                return Err(Failure::Message(message));
            }
            tree.folder(names, true)
        }
    }
}

/// A revision that exists.
struct Revision<'a> {
    name: &'a str,
}

impl<'a> Revision<'a> {
    fn of(name: &'a str) -> Result<Self, Failure> {
        let unknown = || Failure::Message(format!("git has no revision `{name}`"));
        if name.starts_with('-') {
            return Err(unknown());
        }
        let output = git(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{tree}}")])?;
        if output.status.success() {
            return Ok(Self { name });
        }
        let message = String::from_utf8_lossy(&output.stderr);
        if message.contains("not a git repository") {
            return Err(Failure::Message(
                "this folder is not in a git repository, so it has no revisions".into(),
            ));
        }
        if !message.trim().is_empty() {
            return Err(git_error(&output));
        }
        let commits = git(&["rev-list", "--max-count=1", "--all"])?;
        if commits.status.success() && commits.stdout.is_empty() {
            return Err(Failure::Message("the git repository has no commits, so it has no revisions".into()));
        }
        Err(unknown())
    }

    /// `name:./path`, which git resolves from the current folder.
    fn object(&self, path: &str) -> String {
        format!("{}:./{path}", self.name)
    }

    /// `blob` or `tree`.
    fn kind(&self, path: &str) -> Result<String, Failure> {
        let output = git(&["cat-file", "-t", &self.object(path)])?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        Err(Failure::Message(format!("there is no file or folder `{path}` in the revision `{}`", self.name)))
    }
}

/// The files below a folder of a revision.
struct GitTree<'a> {
    revision: &'a Revision<'a>,
    root: &'a str,
    names: BTreeSet<String>,
}

impl<'a> GitTree<'a> {
    fn of(revision: &'a Revision<'a>, root: &'a str) -> Result<Self, Failure> {
        let output = git(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", &revision.object(root)])?;
        if !output.status.success() {
            return Err(git_error(&output));
        }
        let names = String::from_utf8_lossy(&output.stdout);
        let names = names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Self { revision, root, names })
    }

    /// Reads the files of those names, the files that they use, and the inbox. If these are all the files of the inbox, also
    /// those that it names as policies.
    fn folder(&self, mut names: BTreeSet<String>, is_whole: bool) -> Result<Folder, Failure> {
        let folder = Folder { is_whole, ..self.inbox()? };
        if is_whole {
            let policies = folder.inbox.policy_files.iter().filter(|file| self.names.contains(&***file));
            names.extend(policies.map(ToString::to_string));
        }
        let mut files = Files::new();
        while let Some(name) = names.pop_first() {
            let (label, bytes) = self.read(&name)?;
            let file = match decode(&label, &bytes) {
                Ok(source) => RuleFile::parse(source),
                Err(error) => RuleFile::unreadable(label, *error),
            };
            let is_new = |used: &String| self.names.contains(used) && !files.contains(used.as_str());
            names.extend(file.used(&name).filter(|used| *used != name && is_new(used)));
            files.insert(name.into(), Arc::new(file));
        }
        Ok(folder.with_files(files))
    }

    /// A folder without files, with the inbox of the revision.
    fn inbox(&self) -> Result<Folder, Failure> {
        if !self.names.contains(INBOX) {
            return Ok(Folder::empty(None));
        }
        let (label, bytes) = self.read(INBOX)?;
        Ok(match decode(&label, &bytes) {
            Ok(source) => Folder::empty(Some(source)),
            Err(error) => {
                let Undecodable { finding, text } = *error;
                Folder {
                    inbox_source: Some(Source::new(label, text)),
                    findings: vec![finding],
                    ..Folder::empty(None)
                }
            }
        })
    }

    fn read(&self, name: &str) -> Result<(Arc<str>, Vec<u8>), Failure> {
        let path = if self.root == "." { name.to_owned() } else { format!("{}/{name}", self.root) };
        let output = git(&["cat-file", "blob", &self.revision.object(&path)])?;
        if !output.status.success() {
            return Err(git_error(&output));
        }
        Ok((format!("{}:{path}", self.revision.name).into(), output.stdout))
    }
}

fn git(arguments: &[&str]) -> Result<Output, Failure> {
    Command::new("git").args(arguments).output().map_err(|error| {
        Failure::Message(match error.kind() {
            io::ErrorKind::NotFound => "`git:` needs the program `git`, which is not installed".to_owned(),
            _ => format!("cannot run git: {error}"),
        })
    })
}

fn git_error(output: &Output) -> Failure {
    let message = String::from_utf8_lossy(&output.stderr);
    Failure::Message(format!("git: {}", message.trim()))
}
