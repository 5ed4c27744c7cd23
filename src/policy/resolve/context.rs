//! The state of resolving a file, and the findings about wrong names.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::diagnostic::{Code, Finding, MAX_FINDINGS, one_of, push_limited};
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::{ast, nearest_word};
use crate::policy::calendar::{Calendar, DateSet};
use crate::policy::file::RuleFile;
use crate::policy::folder::Folder;
use crate::policy::model::Definition;
use crate::text::{Span, Spanned, quoted};

/// How many findings are kept. They are not found in the order of the file, so more than are shown.
const MAX_KEPT: usize = 10 * MAX_FINDINGS;

/// So many names are listed where none of them is near to what is written.
pub(super) const MAX_LISTED: usize = 12;

/// The state of resolving a file.
pub(super) struct Context<'a> {
    pub(super) folder: &'a Folder,
    /// The name of the resolved file, relative to the folder.
    pub(super) file_name: &'a Arc<str>,
    pub(super) file: &'a RuleFile,
    /// The name of the file whose item is being resolved: `file`, or one that it uses.
    pub(super) current_file: &'a Arc<str>,
    pub(super) definitions: Vec<Definition>,
    pub(super) definition_indices: BTreeMap<&'a str, usize>,
    pub(super) hours: BTreeMap<&'a str, Arc<Calendar>>,
    pub(super) dates: BTreeMap<&'a str, Arc<DateSet>>,
    // Interners for texts and for hours written in conditions: the rules of one policy have many in common.
    calendars: HashSet<Arc<Calendar>>,
    texts: HashSet<Arc<str>>,
    pub(super) findings: Vec<Finding>,
    pub(super) mentions: BTreeSet<(Arc<str>, Arc<str>)>,
}

impl<'a> Context<'a> {
    pub(super) fn new(folder: &'a Folder, key: &'a Arc<str>, file: &'a RuleFile) -> Self {
        Self {
            folder,
            file_name: key,
            file,
            current_file: key,
            definitions: Vec::new(),
            definition_indices: BTreeMap::new(),
            hours: BTreeMap::new(),
            dates: BTreeMap::new(),
            calendars: HashSet::new(),
            texts: HashSet::new(),
            findings: Vec::new(),
            mentions: BTreeSet::new(),
        }
    }

    pub(super) fn inbox(&self) -> &'a Inbox {
        &self.folder.inbox
    }

    /// The shared copy of a calendar.
    pub(super) fn intern_calendar(&mut self, calendar: Calendar) -> Arc<Calendar> {
        let shared = self.calendars.get(&calendar).map_or_else(|| Arc::new(calendar), Arc::clone);
        self.calendars.insert(Arc::clone(&shared));
        shared
    }

    /// The shared copy of a text.
    pub(super) fn intern(&mut self, text: &str) -> Arc<str> {
        let shared = self.texts.get(text).map_or_else(|| text.into(), Arc::clone);
        self.texts.insert(Arc::clone(&shared));
        shared
    }

    /// A new finding in the resolved file, to be passed to [`report`](Self::report).
    pub(super) fn error(&self, code: Code, span: Span, message: impl Into<String>) -> Finding {
        Finding::new(code, &self.file.source.name, span, message)
    }

    /// Keeps the finding, unless it is about an item of a used file: that is reported when the used file is resolved.
    pub(super) fn report(&mut self, finding: Finding) {
        if self.current_file == self.file_name {
            push_limited(&mut self.findings, finding, MAX_KEPT);
        }
    }

    /// Keeps the finding as `complete` makes it, which is only called if the finding will be read: to look for what was
    /// meant takes long where there are many names, and a file may have very many mistakes.
    pub(super) fn report_with(&mut self, finding: Finding, complete: impl FnOnce(Finding) -> Finding) {
        self.report(if self.is_full() { finding } else { complete(finding) });
    }

    /// Whether no further finding will be read.
    pub(super) fn is_full(&self) -> bool {
        self.current_file != self.file_name || self.findings.len() > MAX_FINDINGS
    }

    /// Records that the resolved file mentions `word`, which `file` defines.
    pub(super) fn record_mention(&mut self, word: &ast::Word, file: &Arc<str>) {
        if self.current_file == self.file_name {
            self.mentions.insert((Arc::clone(file), Arc::from(word.value.as_str())));
        }
    }

    /// The group with that name; `None` after a finding.
    pub(super) fn group(&mut self, name: &ast::TextLiteral) -> Option<GroupId> {
        let inbox = self.inbox();
        let found = inbox.group_id(&name.value);
        if found.is_none() {
            let groups = inbox.groups.iter().map(|group| &*group.name);
            let finding =
                self.error(Code::UnknownGroup, name.span, format!("no group is called `{}`", name.value));
            self.report_with(finding, |finding| {
                if inbox.user_id(&name.value).is_some() {
                    finding.help(format!("`{0}` is a user: write `user \"{0}\"`", name.value))
                } else {
                    suggest_text(finding, name, groups, "groups")
                }
            });
        }
        found
    }

    /// The user with that id; `None` after a finding.
    pub(super) fn user(&mut self, id: &ast::TextLiteral) -> Option<UserId> {
        let inbox = self.inbox();
        let found = inbox.user_id(&id.value);
        if found.is_none() {
            let finding = self.error(Code::UnknownUser, id.span, format!("no user is called `{}`", id.value));
            self.report_with(finding, |finding| {
                if inbox.group_id(&id.value).is_some() {
                    finding.help(format!("`{0}` is a group: write `group \"{0}\"`", id.value))
                } else if let Some(user) = inbox.users.iter().find(|user| *user.name == *id.value) {
                    finding.did_you_mean(&user.id, id.span, quoted(&user.id))
                } else {
                    suggest_text(finding, id, inbox.users.iter().map(|user| &*user.id), "users")
                }
            });
        }
        found
    }

    /// A duration that is not zero; `None` after a finding.
    pub(super) fn nonzero_seconds(&mut self, duration: &Spanned<Option<u64>>) -> Option<u64> {
        match duration.value {
            Some(0) => {
                self.report(
                    self.error(Code::InvalidNumber, duration.span, "this duration is zero")
                        .help("write a duration such as `30s`, `5m`, `12h` or `30d`"),
                );
                None
            }
            Some(seconds) => Some(seconds),
            None => {
                self.report_too_long(duration.span);
                None
            }
        }
    }

    /// Reports a word that is not in `known`, with the nearest known word, or with help that lists all of them.
    pub(super) fn report_unknown_word(
        &mut self,
        word: &ast::Word,
        message: String,
        known: impl Iterator<Item = &'static str> + Clone,
        help: impl FnOnce(String) -> String,
    ) {
        let finding = self.error(Code::UnknownValue, word.span, message);
        self.report(suggest_word(finding, word, known.clone(), || help(one_of(known))));
    }

    pub(super) fn report_too_long(&mut self, span: Span) {
        self.report(self.error(Code::InvalidNumber, span, "this duration is too long"));
    }
}

/// Suggests the nearest of the known names, or lists them all if they are few.
pub(super) fn suggest_text<'n>(
    finding: Finding,
    text: &ast::TextLiteral,
    known: impl Iterator<Item = &'n str> + Clone,
    what: &str,
) -> Finding {
    if let Some(near) = nearest_word(&text.value, known.clone()) {
        return finding.did_you_mean(near, text.span, quoted(near));
    }
    let names: Vec<String> = known.take(MAX_LISTED + 1).map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => finding.help(format!("`inbox.toml` has no {what}")),
        1..=MAX_LISTED => finding.help(format!("the {what} of `inbox.toml` are {}", names.join(", "))),
        _ => finding.help(format!("`inbox.toml` lists the {what}")),
    }
}

/// Suggests the nearest of the known words, or gives the other help. Words are written without quotes.
pub(super) fn suggest_word<'n>(
    finding: Finding,
    word: &ast::Word,
    known: impl Iterator<Item = &'n str>,
    fallback_help: impl FnOnce() -> String,
) -> Finding {
    match nearest_word(&word.value, known) {
        Some(near) => finding.did_you_mean(near, word.span, near),
        None => finding.help(fallback_help()),
    }
}
