//! The names of definitions, hours and dates that are visible in a file.

use std::sync::Arc;

use imbl::OrdMap;
use imbl::ordmap::DiffItem;

use super::context::Context;
use crate::diagnostic::Code;
use crate::language::vocabulary::is_reserved;
use crate::policy::file::RuleFile;
use crate::policy::outline::{NameKind, Outline};
use crate::text::Span;

/// Every name that is visible in a file. Files share what they take from the same file: in a chain of files that use
/// each other, a table for each of them would take space that is quadratic in its length.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    all: OrdMap<Arc<str>, Arc<Name>>,
    /// Whether a `use` could not be followed, so that any name may come from there.
    is_incomplete: bool,
}

/// Where a name is defined, and as what.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) file: Arc<str>,
    pub(super) span: Span,
    pub(super) kind: NameKind,
    /// The position of its item in the tree of the file.
    pub(super) item: usize,
}

/// A name that comes into a file a second time.
#[derive(Debug)]
pub(super) struct Duplicate {
    pub(super) name: Arc<str>,
    pub(super) first: Arc<Name>,
}

impl Names {
    /// The names that a file defines, and those that it defines a second time, with their places.
    pub(super) fn own(file: &Arc<str>, outline: &Outline) -> (Self, Vec<(Span, Duplicate)>) {
        let mut names = Self { all: OrdMap::new(), is_incomplete: outline.is_use_broken };
        let mut duplicates = Vec::new();
        for defined in &outline.names {
            let name = Arc::clone(&defined.name);
            let kind = if is_reserved(&name) { NameKind::Broken } else { defined.kind };
            match names.all.get(&name) {
                None => {
                    let (span, item) = (defined.span, defined.item);
                    names.all.insert(name, Arc::new(Name { file: Arc::clone(file), span, kind, item }));
                }
                Some(first) if kind != NameKind::Broken => {
                    duplicates.push((defined.span, Duplicate { name, first: Arc::clone(first) }));
                }
                Some(_) => {}
            }
        }
        (names, duplicates)
    }

    /// Adds the names of `other`. A name that is here already stays what it is; it is passed to `duplicate` if the other
    /// is defined elsewhere.
    pub(super) fn add(&mut self, other: &Self, mut duplicate: impl FnMut(Duplicate)) {
        self.is_incomplete |= other.is_incomplete;
        let mut compare = |name: &Arc<str>, first: &Arc<Name>, second: &Arc<Name>| {
            let is_broken = [first, second].iter().any(|name| name.kind == NameKind::Broken);
            if !is_broken && first != second {
                duplicate(Duplicate { name: Arc::clone(name), first: Arc::clone(first) });
            }
        };
        let is_few = |few: &Self, many: &Self| few.all.len().saturating_mul(8) < many.all.len();
        if is_few(self, other) {
            let own = std::mem::replace(&mut self.all, other.all.clone());
            for (name, first) in own {
                if let Some(second) = self.all.insert(Arc::clone(&name), Arc::clone(&first)) {
                    compare(&name, &first, &second);
                }
            }
        } else if is_few(other, self) {
            for (name, second) in &other.all {
                match self.all.get(name) {
                    Some(first) => compare(name, first, second),
                    None => drop(self.all.insert(Arc::clone(name), Arc::clone(second))),
                }
            }
        } else {
            // Nodes that both share are skipped.
            let before = self.all.clone();
            for change in before.diff(&other.all) {
                match change {
                    DiffItem::Add(name, second) => {
                        self.all.insert(Arc::clone(name), Arc::clone(second));
                    }
                    DiffItem::Update { old: (name, first), new: (_, second) } => compare(name, first, second),
                    DiffItem::Remove(..) => {}
                }
            }
        }
    }

    /// The definition of `name`.
    pub(super) fn get(&self, name: &str) -> Option<&Arc<Name>> {
        self.all.get(name)
    }

    /// All of them with their definitions, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &Name)> + Clone {
        self.all.iter().map(|(name, definition)| (&**name, &**definition))
    }

    /// Any other name may come from a `use` that could not be followed.
    pub(super) fn set_incomplete(&mut self) {
        self.is_incomplete = true;
    }

    /// Whether the file defines `word`, although it is a word of the language. That is reported where it is defined.
    pub(super) fn is_misnamed(&self, word: &str) -> bool {
        is_reserved(word) && self.all.contains_key(word)
    }

    /// The names that occur in the unreadable parts of `file`, which may be mentions of them: pairs of file and name.
    pub(super) fn possible_mentions(&self, file: &RuleFile) -> impl Iterator<Item = (Arc<str>, Arc<str>)> {
        let words = file.tree().broken.iter().flat_map(|broken| &broken.words);
        words.filter_map(|word| {
            let (word, name) = self.all.get_key_value(word.as_str())?;
            Some((Arc::clone(&name.file), Arc::clone(word)))
        })
    }

    /// Whether `word` may be defined in something that could not be read. Then it is not reported as unknown.
    pub(super) fn may_be_defined_elsewhere(&self, word: &str) -> bool {
        self.is_incomplete || self.all.get(word).is_some_and(|name| name.kind == NameKind::Broken)
    }
}

/// Reports the file's own names that are words of the language.
pub(super) fn report_reserved(cx: &mut Context<'_>) {
    let is_misnamed = |kind, name: &str| kind != NameKind::Broken && is_reserved(name);
    for defined in cx.file.outline.names.iter().filter(|defined| is_misnamed(defined.kind, &defined.name)) {
        let message = format!("`{}` is a word of the language, so it cannot be a name", defined.name);
        cx.report(cx.error(Code::Syntax, defined.span, message).help("choose another name"));
    }
}

/// Reports that a name is defined twice, at the second definition or the `use` line that it comes through.
pub(super) fn report_duplicate(cx: &mut Context<'_>, span: Span, duplicate: &Duplicate) {
    let Duplicate { name, first } = duplicate;
    let finding = cx.error(Code::DuplicateName, span, format!("`{name}` is defined twice"));
    let finding = match cx.folder.files.get(&first.file) {
        Some(file) => finding.related_in(&file.source.name, first.span, "it is first defined here"),
        None => finding,
    };
    cx.report(finding.help("rename one of them: definitions, hours and dates share one set of names"));
}
