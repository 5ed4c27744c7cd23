//! What the rules above leave to a rule, beside the rule: `customers while nobody in Sales is online`.

mod facts;

use self::facts::{Fragment, fragment};
use crate::check::Workspace;
use crate::describe::list;
use crate::inbox::Inbox;
use crate::language::ast;
use crate::policy::Policy;
use crate::prove::{LeftOver, left_over};
use crate::text::Span;

/// A note that an editor shows in a line, as if it were written there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InlayHint {
    /// The byte after which it is shown.
    pub at: u32,
    /// At most 60 characters.
    pub text: String,
    /// All of it, if the text is not.
    pub tooltip: Option<String>,
}

/// The most characters of a hint.
const MAX_LENGTH: usize = 60;

/// The hints of the rules of the file called `file` that touch `range`. There are none while it has no meaning, and none at
/// a rule of which only its own condition could be repeated.
///
/// This asks the prover. All of a file of 1,000 rules takes a few hundred milliseconds, and what a screen shows a tenth of
/// that; so this should not be called where somebody waits for another answer.
pub fn inlay_hints(workspace: &Workspace, file: &str, range: Span) -> Vec<InlayHint> {
    let (folder, resolved) = (workspace.folder(), workspace.resolved());
    let Some(result) = resolved.file(file).filter(|result| resolved.has_meaning(result)) else {
        return Vec::new();
    };
    let Some(rules) = folder.files.get(file).filter(|_| folder.is_policy(file)) else { return Vec::new() };
    let policy = &result.resolved.policy;
    let touches = |span: Span| span.start <= range.end && range.start <= span.end;
    let is_wanted = |rule: usize| policy.rules.get(rule).is_some_and(|rule| touches(rule.span));
    let left = left_over(policy, &folder.inbox, is_wanted);
    let items = rules.tree().items.iter().filter_map(|item| match item {
        ast::Item::Rule(rule) => Some(rule),
        _ => None,
    });
    let hints = items.enumerate().filter_map(|(index, rule)| {
        let words = words(policy, &folder.inbox, left.get(&index)?)?;
        Some(hint(place(&rules.source.text, rule), words))
    });
    hints.collect()
}

/// After the name of a rule, or where it has none, after the colon.
fn place(text: &str, rule: &ast::Rule) -> u32 {
    let guard = match &rule.guard {
        ast::Guard::When(condition) => condition.span,
        ast::Guard::Otherwise(span) => *span,
    };
    if let Some(name) = &rule.name {
        let between = text.get(name.span.end as usize..guard.start as usize).unwrap_or_default();
        if between.contains('\n') {
            return name.span.end;
        }
    }
    let rest = text.get(guard.end as usize..).unwrap_or_default();
    let colon = rest.find(':').and_then(|colon| u32::try_from(colon).ok());
    guard.end + colon.map_or(0, |colon| colon + 1)
}

fn hint(at: u32, words: String) -> InlayHint {
    if words.chars().count() <= MAX_LENGTH {
        return InlayHint { at, text: words, tooltip: None };
    }
    let kept: String = words.chars().take(MAX_LENGTH - 1).collect();
    let kept = kept.rsplit_once(' ').map_or(kept.as_str(), |(whole, _)| whole);
    InlayHint { at, text: format!("{}…", kept.trim_end_matches(',')), tooltip: Some(words) }
}

/// `new customers without an owner while nobody in Sales is online`
fn words(policy: &Policy, inbox: &Inbox, facts: &[LeftOver]) -> Option<String> {
    let (mut subject, mut clauses, mut circumstances) = ("customers", Vec::new(), Vec::new());
    let mut is_subject_said = false;
    for fragment in facts.iter().filter_map(|fact| fragment(policy, inbox, fact.condition, fact.holds)) {
        match fragment {
            Fragment::Subject(words) => (subject, is_subject_said) = (words, true),
            Fragment::Clause(words) => clauses.push(words),
            Fragment::Circumstance(words) => circumstances.push(words),
        }
    }
    let mut parts = Vec::new();
    if is_subject_said || !clauses.is_empty() {
        parts.push(subject.to_owned());
    }
    if !clauses.is_empty() {
        parts.push(list(&clauses));
    }
    if !circumstances.is_empty() {
        parts.push(format!("while {}", list(&circumstances)));
    }
    (!parts.is_empty()).then(|| parts.join(" "))
}
