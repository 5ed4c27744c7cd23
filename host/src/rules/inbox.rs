//! The rules of one inbox, wherever they come from.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use inbox_rules::compare::{RuleComparison, RuleVersion};
use inbox_rules::diagnostic::json::{self, JsonReport};
use inbox_rules::scenario::{self, TestOutcome, TestReport};
use inbox_rules::{Folder, Inbox, Judgement, LoadError, Outcome, Refusal, Release, ReloadThread, RuleSet};
use jiff::Timestamp;

use super::diff_gate::compare;
use super::edit::RulesEdit;
use super::error::{RulesError, RulesStartError};
use super::flow::{PolicyFlow, flow};
use super::folder_rules::{FolderRules, OnRules};
use super::inboxes::InboxFolder;
use super::judged_options::{broken_tests, form_findings, with_fixes};
use super::number_options::{NumberOptions, OptionsRequest, number_options};
use super::policy_week::{PolicyWeek, week};
use super::status::{
    BroughtRules, LastChange, RulesStatus, WaitingRules, findings_json, prefix, without_prefix,
};
use super::store_rules::{Proposed, StoreRules};
use crate::settings::GateMode;

/// Rules as the store keeps them: the last that were good.
#[derive(Debug, Clone)]
pub struct StoredRules {
    /// Their texts, as of [`Folder::from_texts`].
    pub folder: Folder,
    /// Since when they decide.
    pub since: Timestamp,
    /// Who brought them.
    pub by: Arc<str>,
}

/// The rules of one inbox.
#[derive(Debug)]
pub enum InboxRules {
    /// They are in a folder.
    Folder(FolderRules),
    /// They are in the store.
    Store(Box<StoreRules>),
}

/// What became of edited rules that are sound.
#[derive(Debug)]
pub enum RulesPut {
    /// They decide from now on.
    Active(Box<RulesStatus>),
    /// They are to be stored.
    ToStore(Proposed),
}

/// Edited rules that could decide.
struct Readable {
    /// The digest of the active rules that were edited.
    digest: String,
    folder: Folder,
    set: Arc<RuleSet>,
}

/// How many folders are read at the same time when the program starts; each waits until its files rest.
const READ_AT_ONCE: usize = 32;

/// Begins to follow the folders of all inboxes, with the rules that `stored` has for each, and waits until
/// they have been judged.
///
/// # Errors
///
/// [`RulesStartError`]: the rules of an inbox are not sound, and none are stored.
pub fn start_folders(
    folders: &[InboxFolder],
    stored: &(dyn Fn(&str) -> Option<StoredRules> + Sync),
    gate: GateMode,
    thread: &ReloadThread,
    on_rules: &Arc<OnRules>,
) -> Result<Vec<(Arc<str>, FolderRules)>, RulesStartError> {
    let next = Mutex::new(folders.iter());
    let started = Mutex::new(Vec::new());
    let start = || {
        loop {
            let Some(folder) = next.lock().unwrap_or_else(PoisonError::into_inner).next() else { return };
            let inbox = Arc::clone(&folder.id);
            let rules = FolderRules::start(folder, stored(&inbox), gate, thread, on_rules);
            let rules = rules.map_err(|source| RulesStartError { inbox: Arc::clone(&inbox), source });
            started.lock().unwrap_or_else(PoisonError::into_inner).push((inbox, rules));
        }
    };
    thread::scope(|scope| {
        for _ in 1..folders.len().min(READ_AT_ONCE) {
            // Where no thread can be started, the others do the work.
            let _ = thread::Builder::new().spawn_scoped(scope, start);
        }
        start();
    });
    let mut started = started.into_inner().unwrap_or_else(PoisonError::into_inner);
    started.sort_by(|(one, _), (other, _)| one.cmp(other));
    let started = started.into_iter().map(|(inbox, rules)| Ok((inbox, rules?)));
    let started = started.collect::<Result<Vec<_>, RulesStartError>>()?;
    for (_, rules) in &started {
        rules.wait_until_judged();
    }
    Ok(started)
}

impl InboxRules {
    /// The rules that decide now.
    pub fn release(&self) -> Arc<Release> {
        match self {
            Self::Folder(rules) => rules.release(),
            Self::Store(rules) => rules.release(),
        }
    }

    /// What the inbox tells about its rules. `stored` are those that wait in the store. What waits in a folder waits
    /// there.
    pub fn status(&self, stored: Option<WaitingRules>) -> RulesStatus {
        match self {
            Self::Folder(rules) => rules.status(),
            Self::Store(rules) => RulesStatus { waiting: stored, ..rules.status() },
        }
    }

    /// The rules with that digest in the folder, which do not decide.
    pub fn undecided(&self, digest: &str) -> Option<BroughtRules> {
        match self {
            Self::Folder(rules) => rules.undecided(digest),
            Self::Store(_) => None,
        }
    }

    /// Another node has brought these rules, which decide since then.
    pub fn follow(&self, release: &Arc<Release>, since: Timestamp, by: &Arc<str>) {
        match self {
            Self::Folder(rules) => rules.follow(release, since, by),
            Self::Store(rules) => rules.activate(release, since, by),
        }
    }

    /// The rules with this digest decide, and no other node has brought them just now.
    pub fn decides(&self, digest: &str) {
        if let Self::Folder(rules) = self {
            rules.decides(digest);
        }
    }

    /// The text of a file.
    pub fn file(&self, name: &str) -> Option<String> {
        let release = self.release();
        release.folder.texts().find(|(file, _)| *file == name).map(|(_, text)| text.to_owned())
    }

    /// Makes edited rules active, or says that they are to be stored first. This waits until they have been
    /// judged.
    ///
    /// # Errors
    ///
    /// [`RulesError`]: the rules are as before. After [`RulesError::Gate`] the new ones wait to be accepted.
    pub fn put(&self, edit: &RulesEdit, by: &str) -> Result<RulesPut, RulesError> {
        Ok(match self {
            Self::Folder(rules) => RulesPut::Active(Box::new(rules.put(edit, by)?)),
            Self::Store(rules) => RulesPut::ToStore(rules.propose(edit)?),
        })
    }

    /// Lets rules decide that wait for it, or says that they are to be stored first. `stored` are those that wait in
    /// the store.
    ///
    /// # Errors
    ///
    /// [`RulesError::NothingWaits`]: no rules with that digest wait.
    pub fn accept(&self, digest: &str, by: &str, stored: Option<&Folder>) -> Result<RulesPut, RulesError> {
        Ok(match (self, stored) {
            (Self::Folder(rules), _) => RulesPut::Active(Box::new(rules.accept(digest, by)?)),
            (Self::Store(rules), Some(folder)) => RulesPut::ToStore(Proposed::Active(rules.read(folder)?)),
            (Self::Store(_), None) => return Err(RulesError::NothingWaits(digest.to_owned())),
        })
    }

    /// What is found in edited rules, as `rules check --format json` prints it.
    ///
    /// # Errors
    ///
    /// [`RulesError::FileName`]
    pub fn check(&self, edit: &RulesEdit) -> Result<JsonReport, RulesError> {
        let folder = edit.apply(&self.release())?;
        let judgement = self.judge(&folder);
        let (findings, sources) = (judgement.findings.to_vec(), judgement.sources());
        let files = folder.texts().count();
        let shown = findings_json(&findings, &sources, &prefix(&folder));
        Ok(JsonReport { findings: shown, ..json::report(&findings, &sources, files) })
    }

    /// What edited rules decide differently, as `rules diff --format json` prints it.
    ///
    /// # Errors
    ///
    /// [`RulesError::Findings`], if they are not sound.
    pub fn diff(&self, edit: &RulesEdit) -> Result<RuleComparison, RulesError> {
        let release = self.release();
        let folder = edit.apply(&release)?;
        let set = self.set_of(&folder)?;
        // The API knows files by their names alone.
        let [before, after] = [&release.folder, &folder].map(|folder| Folder::from_texts(folder.texts()));
        let before = RuleVersion { set: &release.set, folder: &before };
        compare(before, &set, &after).map_err(|error| faulty(&error))
    }

    /// The set of edited rules, to be tried.
    ///
    /// # Errors
    ///
    /// [`RulesError::Findings`], if they are not sound.
    pub fn edited(&self, edit: &RulesEdit) -> Result<RuleSet, RulesError> {
        self.set_of(&edit.apply(&self.release())?)
    }

    /// Edited rules as people read them.
    ///
    /// # Errors
    ///
    /// [`RulesError::Findings`], if they cannot decide.
    pub fn flow(&self, edit: &RulesEdit, number: &str) -> Result<PolicyFlow, RulesError> {
        let Readable { digest, folder, set } = self.readable(edit)?;
        Ok(flow(&folder, &set, number, digest))
    }

    /// When each of the edited rules can decide.
    ///
    /// # Errors
    ///
    /// [`RulesError::Findings`], if they cannot decide.
    pub fn week(&self, edit: &RulesEdit, number: &str) -> Result<PolicyWeek, RulesError> {
        let Readable { digest, folder, set } = self.readable(edit)?;
        Ok(week(&folder, &set, number, digest))
    }

    /// The inbox of edited rules.
    ///
    /// # Errors
    ///
    /// [`RulesError::FileName`]
    pub fn edited_inbox(&self, edit: &RulesEdit) -> Result<Arc<Inbox>, RulesError> {
        Ok(edit.apply(&self.release())?.inbox)
    }

    /// The routing options of a number by edited rules, as they are or as the request has them; those are judged and
    /// tested.
    ///
    /// # Errors
    ///
    /// [`RulesError::FileName`]
    pub fn options(&self, edit: &RulesEdit, request: &OptionsRequest) -> Result<NumberOptions, RulesError> {
        let release = self.release();
        let mut options = number_options(&edit.apply(&release)?, &release.digest, request);
        if !request.is_change() || (request.options.is_some() && options.why_not.is_some()) {
            return Ok(options);
        }
        let mut judged = self.judged(edit, &release, &options)?;
        let mut fixes = Vec::new();
        if let (Ok(before), Some(after)) = (self.readable(edit), set_of_judged(&judged)) {
            let broken = broken_tests(&before.set, &after, &judged, &request.number);
            (options.broken_tests, fixes) = broken.into_iter().unzip();
        }
        if request.update_tests && fixes.iter().any(Option::is_some) {
            options.text = with_fixes(&options.text, fixes.iter().flatten());
            judged = self.judged(edit, &release, &options)?;
        }
        options.findings = form_findings(&judged, &options);
        Ok(options)
    }

    /// Edited rules with the file of these options, as they are judged.
    fn judged(
        &self,
        edit: &RulesEdit,
        release: &Release,
        options: &NumberOptions,
    ) -> Result<Judgement, RulesError> {
        let mut edit = edit.clone();
        edit.files.insert(options.file.to_string(), Some(options.text.clone()));
        Ok(self.judge(&edit.apply(release)?))
    }

    /// The results of the tests of edited rules.
    ///
    /// # Errors
    ///
    /// [`RulesError::Findings`], if they cannot decide.
    pub fn test(&self, edit: &RulesEdit) -> Result<TestReport, RulesError> {
        let Readable { folder, set, .. } = self.readable(edit)?;
        let mut tests = Vec::new();
        for policy in set.policies() {
            let Some(file) = folder.files.get(&policy.file) else { continue };
            let outcome = |test| TestOutcome::new(file, test, scenario::run(policy, set.inbox(), test));
            tests.extend(policy.tests.iter().map(outcome));
        }
        let prefix = prefix(&folder);
        for test in &mut tests {
            test.file = without_prefix(&test.file, &prefix).into();
        }
        Ok(TestReport::new(tests))
    }

    /// Edited rules that could decide, whatever else is found in them.
    fn readable(&self, edit: &RulesEdit) -> Result<Readable, RulesError> {
        let release = self.release();
        let (folder, digest) = (edit.apply(&release)?, release.digest.clone());
        if edit.files.is_empty() {
            return Ok(Readable { digest, folder, set: Arc::clone(&release.set) });
        }
        match RuleSet::from_folder(&folder) {
            Ok(set) => Ok(Readable { digest, folder, set: Arc::new(set) }),
            Err(error) => Err(findings_of(&self.judge(&folder)).unwrap_or_else(|| faulty(&error))),
        }
    }

    fn judge(&self, folder: &Folder) -> Judgement {
        match self {
            Self::Folder(rules) => rules.judge(folder),
            Self::Store(rules) => rules.judge(folder),
        }
    }

    fn set_of(&self, folder: &Folder) -> Result<RuleSet, RulesError> {
        let judgement = self.judge(folder);
        if let Some(error) = findings_of(&judgement) {
            return Err(error);
        }
        judgement.result.or_else(|_| RuleSet::from_folder(folder).map_err(|error| faulty(&error)))
    }
}

/// The set of judged rules, if they could decide.
fn set_of_judged(judgement: &Judgement) -> Option<Cow<'_, RuleSet>> {
    match &judgement.result {
        Ok(set) => Some(Cow::Borrowed(set)),
        Err(_) => RuleSet::from_folder(&judgement.folder).ok().map(Cow::Owned),
    }
}

/// Why judged rules cannot decide. If much is gone from them, they can, once they are accepted.
pub(super) fn findings_of(judgement: &Judgement) -> Option<RulesError> {
    let prefix = prefix(&judgement.folder);
    let why = match &judgement.result {
        Ok(_) => judgement.findings.errors().next()?.message.clone(),
        Err(Refusal::Removed(_)) => return None,
        Err(refusal) => without_prefix(&refusal.to_string(), &prefix),
    };
    let findings = findings_json(&judgement.findings.to_vec(), &judgement.sources(), &prefix);
    Some(RulesError::Findings { why, findings })
}

fn faulty(error: &LoadError) -> RulesError {
    RulesError::Findings { why: error.to_string(), findings: Vec::new() }
}

/// Why rules with that outcome do not decide.
pub(super) fn refused(outcome: &Outcome) -> RulesError {
    let LastChange { refusal, findings, .. } = LastChange::of(outcome);
    RulesError::Findings { why: refusal.unwrap_or_default(), findings }
}
