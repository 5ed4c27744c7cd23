//! `# allow CODE: reason`: a comment that silences a finding for the item below it.

use crate::diagnostic::{Code, Finding, MAX_FINDINGS, nearest};
use crate::language::ast;
use crate::policy::RuleFile;
use crate::text::{LineIndex, Source, Span};

/// What the comments of one file silence, and what is wrong with them.
#[derive(Debug, Default)]
pub(crate) struct Suppressions {
    /// Each silences findings of its code that begin in its span. Spans of one code do not overlap.
    #[cfg_attr(not(feature = "check"), expect(dead_code, reason = "they silence lints"))]
    spans: Vec<(Code, Span)>,
    /// Comments with a misspelt code, or without a reason.
    pub(crate) faults: Vec<Finding>,
}

impl Suppressions {
    /// Those of a rule file.
    pub(crate) fn of_rules(file: &RuleFile) -> Self {
        let mut faults = Vec::new();
        let mut spans = in_rules(file, &mut faults);
        spans.sort();
        Self { spans, faults }
    }

    /// Those of `inbox.toml`.
    pub(crate) fn of_inbox(inbox: &Source) -> Self {
        let mut faults = Vec::new();
        let mut spans = in_inbox(inbox, &mut faults);
        spans.sort();
        Self { spans, faults }
    }

    /// Whether a comment silences this finding. Faults cannot be silenced.
    #[cfg(feature = "check")]
    pub(crate) fn silence(&self, finding: &Finding) -> bool {
        let (code, start) = (finding.code, finding.span.start);
        let after = self.spans.partition_point(|(known, span)| (*known, span.start) <= (code, start));
        let last = after.checked_sub(1).and_then(|at| self.spans.get(at));
        !code.is_fault() && last.is_some_and(|(known, span)| *known == code && start <= span.end)
    }
}

/// The comments of a rule file: each applies to the item that it is in, or that begins on the next line.
fn in_rules(file: &RuleFile, faults: &mut Vec<Finding>) -> Vec<(Code, Span)> {
    let (source, tree, lines) = (&file.source, file.tree(), file.lines());
    let mut items: Vec<Span> = tree.items.iter().map(ast::Item::span).collect();
    items.sort();
    let mut allows = Vec::new();
    // From the last to the first, so that several comments may precede one item.
    let mut next: Option<(u32, Span)> = None;
    for comment in tree.comments.iter().rev() {
        let line = lines.line(comment.start);
        let after = items.partition_point(|item| item.start <= comment.start);
        let within =
            after.checked_sub(1).and_then(|at| items.get(at)).filter(|item| comment.start < item.end);
        let below = items.get(after).map(|item| (lines.line(item.start), *item));
        let alone = is_alone(source, lines, *comment);
        let applies_to = match (within, below, next) {
            (Some(item), ..) => Some(*item),
            (None, Some((begins, item)), _) if alone && begins == line + 1 => Some(item),
            (None, _, Some((comment_line, item))) if alone && comment_line == line + 1 => Some(item),
            _ => None,
        };
        if alone {
            next = applies_to.map(|item| (line, item));
        }
        let Some(code) = read(source, *comment, faults) else { continue };
        let span = match code {
            Code::Unanswered => (line == 1).then(|| Span::new(0, source.text.len())),
            _ => applies_to,
        };
        allows.extend(span.map(|span| (code, span)));
    }
    allows
}

/// The comments of `inbox.toml`: each applies to the next line.
fn in_inbox(inbox: &Source, faults: &mut Vec<Finding>) -> Vec<(Code, Span)> {
    let mut allows = Vec::new();
    let mut pending: Vec<Code> = Vec::new();
    let mut start = 0;
    for line in inbox.text.split_inclusive('\n') {
        let span = Span::new(start, start + line.trim_end().len());
        start += line.len();
        if line.trim_start().starts_with('#') {
            pending.extend(read(inbox, span, faults));
        } else {
            allows.extend(pending.drain(..).map(|code| (code, span)));
        }
    }
    allows
}

/// Whether the comment is alone on its line.
fn is_alone(source: &Source, lines: &LineIndex, comment: Span) -> bool {
    let start = lines.start(lines.line(comment.start)).unwrap_or(0);
    source.slice(Span { start, end: comment.start }).trim_start_matches('\u{FEFF}').trim().is_empty()
}

/// The code that a comment allows; `None` for a comment that only happens to begin with the word.
fn read(source: &Source, comment: Span, faults: &mut Vec<Finding>) -> Option<Code> {
    let text = source.slice(comment).trim_start().trim_start_matches('#').trim_start();
    let rest = text.strip_prefix("allow").filter(|rest| rest.starts_with(char::is_whitespace))?.trim_start();
    let (code, reason) = match rest.find(|character: char| character == ':' || character.is_whitespace()) {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let known = Code::named(code);
    let reason = reason.trim();
    let is_read = known.is_none() && reason.starts_with(':') && faults.len() <= MAX_FINDINGS;
    let near = if is_read { nearest(code, Code::ALL.iter().map(|code| code.name())) } else { None };
    if known.is_none() && !(reason.starts_with(':') && (near.is_some() || code.contains('-'))) {
        return None;
    }
    let start = comment.range().end - rest.len();
    let span = Span::new(start, start + code.len());
    let error = |code, message: String| Finding::new(code, &source.name, span, message);
    let finding = match (known, reason.strip_prefix(':').map(str::trim)) {
        (Some(fault), _) if fault.is_fault() => {
            error(Code::UnknownValue, format!("`{code}` is a fault, which cannot be allowed"))
                .help("remove this comment: a policy cannot be used until its faults are fixed")
        }
        (Some(known), Some(reason)) if !reason.is_empty() => return Some(known),
        (Some(_), None) if !reason.is_empty() => {
            error(Code::Syntax, format!("a `:` is missing between `{code}` and the reason"))
                .help("write it as in `# allow unreachable-rule: kept for Ramadan`")
                .fix("write `:`", Span { start: span.end, end: span.end }, ":")
        }
        (Some(_), _) => error(Code::Syntax, format!("a reason is missing for `{code}`"))
            .help("write why it is allowed, as in `# allow unreachable-rule: kept for Ramadan`"),
        (None, _) => {
            let finding = error(Code::UnknownValue, format!("no finding is called `{code}`"));
            match near {
                Some(near) => finding.did_you_mean(near, span, near),
                None => finding.help("`rules check` shows the name of each finding beside it"),
            }
        }
    };
    faults.push(finding);
    None
}
