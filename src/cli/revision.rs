//! The rules as they were in a revision of git.

use std::collections::BTreeSet;
use std::io;
use std::process::{Command, Output};
use std::sync::Arc;

use super::exit::Failure;
use crate::language::decode;
use crate::load::is_rule_file;
use crate::policy::{Files, Folder, RuleFile};
use crate::text::Source;

const INBOX: &str = "inbox.toml";

/// Reads `REVISION:PATH`, a file or a folder; the path is seen from the folder that one is in.
pub(super) fn open(asked: &str) -> Result<Folder, Failure> {
    let Some((revision, path)) = asked.split_once(':').filter(|(revision, _)| !revision.is_empty()) else {
        let message =
            format!("`git:{asked}` names no revision; write `git:REVISION:PATH`, as `git:HEAD:rules`");
        return Err(Failure::Message(message));
    };
    let path = path.trim_end_matches('/');
    let revision = Revision::of(revision)?;
    let path = if path.is_empty() { "." } else { path };
    match revision.kind(path)?.as_str() {
        "blob" => {
            let (root, name) = path.rsplit_once('/').unwrap_or((".", path));
            let tree = GitTree::of(&revision, root)?;
            let mut folder = tree.folder(BTreeSet::from([name.to_owned()]))?;
            folder.extra_policies.insert(name.into());
            Ok(folder)
        }
        _ => {
            let tree = GitTree::of(&revision, path)?;
            let is_shown =
                |name: &&String| is_rule_file(name) && !name.split('/').any(|part| part.starts_with('.'));
            let names: BTreeSet<String> = tree.names.iter().filter(is_shown).cloned().collect();
            if names.is_empty() {
                let message = format!(
                    "there is no rule file in `{path}` of `{}`; their names end in `.rules`",
                    revision.name
                );
                return Err(Failure::Message(message));
            }
            tree.folder(names)
        }
    }
}

/// A revision that there is.
struct Revision<'a> {
    name: &'a str,
}

impl<'a> Revision<'a> {
    fn of(name: &'a str) -> Result<Self, Failure> {
        let unknown = || Failure::Message(format!("git knows no revision `{name}`"));
        if name.starts_with('-') {
            return Err(unknown());
        }
        let ran = git(&["rev-parse", "--verify", "--quiet", &format!("{name}^{{tree}}")])?;
        if ran.status.success() {
            return Ok(Self { name });
        }
        let said = String::from_utf8_lossy(&ran.stderr);
        if said.contains("not a git repository") {
            return Err(Failure::Message(
                "this folder is in no git repository, so there is no older state of it".into(),
            ));
        }
        Err(unknown())
    }

    /// `name:./path`, which git reads from the folder that one is in.
    fn object(&self, path: &str) -> String {
        format!("{}:./{path}", self.name)
    }

    /// `blob` or `tree`.
    fn kind(&self, path: &str) -> Result<String, Failure> {
        let ran = git(&["cat-file", "-t", &self.object(path)])?;
        if ran.status.success() {
            return Ok(String::from_utf8_lossy(&ran.stdout).trim().to_owned());
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
        let ran = git(&["ls-tree", "-r", "-z", "--full-tree", "--name-only", &revision.object(root)])?;
        if !ran.status.success() {
            return Err(git_error(&ran));
        }
        let names = String::from_utf8_lossy(&ran.stdout);
        let names = names.split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        Ok(Self { revision, root, names })
    }

    /// The files of those names, what they use, and the inbox.
    fn folder(&self, mut names: BTreeSet<String>) -> Result<Folder, Failure> {
        let mut files = Files::new();
        let mut findings = Vec::new();
        while let Some(name) = names.pop_first() {
            let (shown, bytes) = self.read(&name)?;
            let file = match decode(&shown, &bytes) {
                Ok(source) => RuleFile::parse(source),
                Err(finding) => RuleFile::unreadable(shown, *finding),
            };
            let is_new = |used: &String| self.names.contains(used) && !files.contains_key(used.as_str());
            names.extend(file.used(&name).filter(|used| *used != name && is_new(used)));
            files.insert(name.into(), Arc::new(file));
        }
        let inbox = if self.names.contains(INBOX) {
            let (shown, bytes) = self.read(INBOX)?;
            match decode(&shown, &bytes) {
                Ok(source) => Some(source),
                Err(finding) => {
                    findings.push(*finding);
                    Some(Source::new(shown, ""))
                }
            }
        } else {
            None
        };
        let mut folder = Folder::new(inbox, files);
        folder.findings.extend(findings);
        Ok(folder)
    }

    fn read(&self, name: &str) -> Result<(Arc<str>, Vec<u8>), Failure> {
        let path = if self.root == "." { name.to_owned() } else { format!("{}/{name}", self.root) };
        let ran = git(&["cat-file", "blob", &self.revision.object(&path)])?;
        if !ran.status.success() {
            return Err(git_error(&ran));
        }
        Ok((format!("{}:{path}", self.revision.name).into(), ran.stdout))
    }
}

fn git(arguments: &[&str]) -> Result<Output, Failure> {
    Command::new("git").args(arguments).output().map_err(|error| {
        Failure::Message(match error.kind() {
            io::ErrorKind::NotFound => "`git:` needs the program `git`, which is not there".to_owned(),
            _ => format!("git cannot be run: {error}"),
        })
    })
}

fn git_error(ran: &Output) -> Failure {
    let said = String::from_utf8_lossy(&ran.stderr);
    Failure::Message(format!("git says: {}", said.trim()))
}
