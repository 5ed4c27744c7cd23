//! The names of definitions, hours and dates that are visible in a file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::imports::ImportClosure;
use crate::diagnostic::Code;
use crate::language::ast;
use crate::language::vocabulary::is_reserved;
use crate::policy::file::RuleFile;
use crate::text::Span;

/// Every name that is visible in the file.
pub(super) struct Names<'a> {
    pub(super) all: BTreeMap<&'a str, Name<'a>>,
    /// Whether a `use` could not be followed, so that any name may come from there.
    pub(super) is_incomplete: bool,
}

/// A name and its definition.
#[derive(Clone, Copy)]
pub(super) struct Name<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) span: Span,
    pub(super) kind: NameKind<'a>,
}

/// The definition of a name.
#[derive(Clone, Copy)]
pub(super) enum NameKind<'a> {
    Condition(&'a ast::Definition),
    Hours(&'a ast::Hours),
    Dates(&'a ast::Dates),
    /// An item that could not be read, so it may be of any kind.
    Broken,
}

impl<'a> Names<'a> {
    /// Collects the names of all files, and reports names that are defined twice.
    pub(super) fn collect(cx: &mut Context<'a>, closure: &ImportClosure<'a>) -> Self {
        let mut names = Self { all: BTreeMap::new(), is_incomplete: closure.is_incomplete };
        for (origin, file) in &closure.files {
            for item in &file.tree().items {
                let (name, kind) = match item {
                    ast::Item::Definition(item) => (&item.name, NameKind::Condition(item)),
                    ast::Item::Hours(item) => (&item.name, NameKind::Hours(item)),
                    ast::Item::Dates(item) => (&item.name, NameKind::Dates(item)),
                    _ => continue,
                };
                let new = Name { file: origin.file_name, span: name.span, kind };
                if origin.via.is_none() && is_reserved(&name.value) {
                    let message =
                        format!("`{}` is a word of the language, so it cannot be a name", name.value);
                    cx.report(cx.error(Code::Syntax, name.span, message).help("choose another name"));
                    names.all.entry(&name.value).or_insert(Name { kind: NameKind::Broken, ..new });
                } else if let Some(first) = names.all.get(name.value.as_str()) {
                    // What a used file defines twice is reported for that file.
                    if origin.via.is_none() || first.file != origin.file_name {
                        report_duplicate(cx, &name.value, *first, origin.via.unwrap_or(name.span));
                    }
                } else {
                    names.all.insert(&name.value, new);
                }
            }
            for broken in &file.tree().broken {
                names.is_incomplete |= broken.gives_any_name;
                for name in &broken.names {
                    let kind = NameKind::Broken;
                    names.all.entry(name).or_insert(Name { file: origin.file_name, span: broken.span, kind });
                }
            }
        }
        names
    }

    /// Whether the file defines `word`, although it is a word of the language. That is reported where it is defined.
    pub(super) fn is_misnamed(&self, word: &str) -> bool {
        is_reserved(word) && self.all.contains_key(word)
    }

    /// The names that occur in the unreadable parts of `file`, which may be mentions of them: pairs of file and name.
    pub(super) fn possible_mentions(&self, file: &'a RuleFile) -> impl Iterator<Item = (Arc<str>, Arc<str>)> {
        let words = file.tree().broken.iter().flat_map(|broken| &broken.words);
        words.filter_map(|word| {
            let name = self.all.get(word.as_str())?;
            Some((Arc::clone(name.file), Arc::from(word.as_str())))
        })
    }

    /// Whether `word` may be defined in something that could not be read. Then it is not reported as unknown.
    pub(super) fn may_be_defined_elsewhere(&self, word: &str) -> bool {
        self.is_incomplete || self.all.get(word).is_some_and(|name| matches!(name.kind, NameKind::Broken))
    }
}

fn report_duplicate(cx: &mut Context<'_>, name: &str, first: Name<'_>, span: Span) {
    let finding = cx.error(Code::DuplicateName, span, format!("`{name}` is defined twice"));
    let finding = match cx.folder.files.get(first.file) {
        Some(file) => finding.related_in(&file.source.name, first.span, "it is first defined here"),
        None => finding,
    };
    cx.report(finding.help("rename one of them: definitions, hours and dates share one set of names"));
}
