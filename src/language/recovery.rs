//! Reading on after a syntax error that nothing repairs: the clause with the error gives way to a placeholder, as in
//! *panic mode* (A. Aho et al., *Compilers*, 2006, section 4.1.4), so that the mistakes after it are found in the same run.
//!
//! A clause ends at `and` or `or`, at a comma, at the `:` of its rule, or at the next line of a test. If the text after
//! the placeholder cannot be read either, the clause was not what is wrong, and the whole condition or all actions give
//! way. What cannot be read at all then is left alone: it is better to say nothing than to report a consequence.

use std::ops::Range;

use super::error_site::ErrorSite;
use super::grammar;
use super::lexer::{Token, TokenKind};
use super::patched::PatchedText;
use super::repair::{Budget, is_action_word};

/// A condition, an action, an alternative, and lines of a test that nothing is ever reported about.
const CONDITION: &str = "new_customer";
const ACTION: &str = "priority low";
const ALTERNATIVE: &str = "nobody";
const GIVEN: &str = "given at 2026-01-05 12:00";
const EXPECT: &str = "expect waiting";

/// The item with a placeholder, and the range of the text before that it stands for.
pub(super) fn skip<'t>(
    site: &ErrorSite<'_, 't>,
    budget: &mut Budget,
) -> Option<(Range<usize>, PatchedText<'t>)> {
    let item = ItemTokens::new(site);
    item.gaps().into_iter().flatten().find_map(|gap| {
        let (range, text) = item.edit(&gap);
        if !budget.spend(site.text().len() + text.len()) {
            return None;
        }
        let next = item.tokens.get(gap.tokens.end).map_or(usize::MAX, |next| next.span.start as usize);
        let moved = (range.start + text.len()).saturating_add(next.saturating_sub(range.end));
        let patched = site.patched.replace(&range, &text)?;
        let helps = match grammar::parse_item(&patched.text) {
            Ok(_) => true,
            // What follows the placeholder on its line must be read too.
            Err(error) => error.at > moved || (error.at == moved && item.is_first(gap.tokens.end)),
        };
        helps.then_some((range, patched))
    })
}

/// The clause of a condition in which parsing stopped.
pub(super) struct Clause {
    /// Its tokens, and those after it up to the end of the condition.
    pub tokens: Vec<Token>,
    /// How many of them are its own.
    pub length: usize,
    /// The clause before it.
    pub before: Vec<Token>,
    /// A `not` or bracket stands before the clause before it.
    pub is_negated: bool,
    /// It is denied, or joined by `or`, so that an `and` in it needs brackets.
    pub needs_parens: bool,
}

/// The clause in which parsing stopped; `None` if it did not stop in a condition.
pub(super) fn clause(site: &ErrorSite<'_, '_>) -> Option<Clause> {
    // Every rule of the repairs asks for it, so the clauses of very long items are not looked for.
    if site.patched.tokens.len() > 2_000 {
        return None;
    }
    let item = ItemTokens::new(site);
    let whole = item.condition()?;
    let joints = item.joints(whole.start, whole.end);
    let is_last = joints.iter().rposition(|joint| *joint < item.error);
    let first = is_last.and_then(|last| joints.get(last)).map_or(whole.start, |joint| joint + 1);
    let next = joints.iter().find(|joint| **joint >= item.error.max(first)).copied();
    let (mut start, mut before) = (whole.start, whole.start..whole.start);
    for joint in joints.iter().take(is_last.map_or(0, |last| last + 1)) {
        if start < *joint {
            before = start..*joint;
        }
        start = joint + 1;
    }
    let word_before = |index: usize| index.checked_sub(1).map(|before| item.word(before)).unwrap_or_default();
    let next_word = next.map(|next| item.word(next)).unwrap_or_default();
    Some(Clause {
        length: next.unwrap_or(whole.end).saturating_sub(first),
        is_negated: matches!(word_before(before.start), "not" | "("),
        before: item.tokens.get(before)?.to_vec(),
        needs_parens: matches!(word_before(first), "not" | "or") || next_word == "or",
        tokens: item.tokens.get(first..whole.end)?.to_vec(),
    })
}

/// Tokens that a placeholder may stand for.
struct Gap {
    tokens: Range<usize>,
    placeholder: String,
}

/// Where the condition of a rule ends, and the `:` that is missing there.
struct GuardEnd {
    index: usize,
    colon: &'static str,
}

impl GuardEnd {
    /// Whether parsing stopped after it, at `error`.
    fn is_before(&self, error: usize) -> bool {
        error > self.index
    }
}

/// The tokens of an item without comments, and the one where parsing stopped.
struct ItemTokens<'d> {
    text: &'d str,
    tokens: Vec<Token>,
    error: usize,
}

impl<'d> ItemTokens<'d> {
    fn new(site: &ErrorSite<'d, '_>) -> Self {
        let tokens = site.patched.tokens.iter().copied();
        let tokens: Vec<Token> = tokens.filter(|token| token.kind != TokenKind::Comment).collect();
        let at = site.current().map_or(u32::MAX, |here| here.span.start);
        let error = tokens.partition_point(|token| token.span.start < at);
        Self { text: site.text(), tokens, error }
    }

    fn word(&self, index: usize) -> &'d str {
        self.tokens.get(index).map(|token| token.of(self.text)).unwrap_or_default()
    }

    fn is_first(&self, index: usize) -> bool {
        self.tokens.get(index).is_some_and(|token| token.first)
    }

    fn find(&self, from: usize, matches: impl Fn(&str) -> bool) -> Option<usize> {
        (from..self.tokens.len()).find(|index| matches(self.word(*index)))
    }

    /// The range of the text that the gap is, and what is written there.
    fn edit(&self, gap: &Gap) -> (Range<usize>, String) {
        let end_of = |index: usize| self.tokens.get(index).map(|token| token.span.end as usize);
        let before = gap.tokens.start.checked_sub(1).and_then(end_of).unwrap_or(0);
        let placeholder = &gap.placeholder;
        if gap.tokens.is_empty() {
            return (before..before, format!(" {placeholder} "));
        }
        let start = self.tokens.get(gap.tokens.start).map_or(before, |first| first.span.start as usize);
        let end = end_of(gap.tokens.end - 1).unwrap_or(start);
        let joined = |at: usize| self.text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric);
        let space = if joined(end) { " " } else { "" };
        (start..end, format!("{placeholder}{space}"))
    }

    /// The clause with the error, and then the larger part that it belongs to.
    fn gaps(&self) -> [Option<Gap>; 2] {
        match self.word(0).to_ascii_lowercase().as_str() {
            "rule" | "when" | "also" | "move" | "otherwise" | "if" | "else" => self.rule_gaps(),
            "let" => match self.find(1, |word| word == "=") {
                Some(equals) if equals < self.error => self.condition_gaps(equals + 1, self.tokens.len(), ""),
                _ => [None, None],
            },
            word @ ("hours" | "dates") => [self.entry(word == "dates"), None],
            "test" => [self.test_line(), None],
            _ => [None, None],
        }
    }

    /// The condition in which parsing stopped.
    fn condition(&self) -> Option<Range<usize>> {
        match self.word(0).to_ascii_lowercase().as_str() {
            "rule" | "when" | "also" | "move" | "if" | "else" => {
                let guard = self.find(0, |word| word == "when").filter(|guard| *guard < self.error)?;
                let end = self.guard_end(guard);
                (!end.is_before(self.error)).then_some(guard + 1..end.index)
            }
            "let" => {
                let equals = self.find(1, |word| word == "=").filter(|equals| *equals < self.error)?;
                Some(equals + 1..self.tokens.len())
            }
            _ => None,
        }
    }

    /// Where the condition of a rule ends: at its `:`, or before the first line that starts with an action.
    fn guard_end(&self, guard: usize) -> GuardEnd {
        let colon = (guard + 1..self.tokens.len()).find(|index| self.is_colon(*index));
        let is_action = |index: &usize| self.is_first(*index) && is_action_word(self.word(*index));
        let actions = (guard + 1..self.tokens.len()).find(is_action);
        match (colon, actions) {
            (Some(colon), Some(actions)) if colon > actions => GuardEnd { index: actions, colon: ":" },
            (Some(colon), _) => GuardEnd { index: colon, colon: "" },
            (None, Some(actions)) => GuardEnd { index: actions, colon: ":" },
            (None, None) => GuardEnd { index: self.tokens.len(), colon: "" },
        }
    }

    fn rule_gaps(&self) -> [Option<Gap>; 2] {
        let Some(guard) = self.find(0, |word| matches!(word, "when" | "otherwise")) else {
            return [None, None];
        };
        let gap = |tokens: Range<usize>, placeholder: String| Some(Gap { tokens, placeholder });
        if self.error <= guard {
            let kind = Some(self.word(0)).filter(|word| matches!(*word, "also" | "move"));
            return [gap(0..guard, kind.unwrap_or_default().to_owned()), None];
        }
        let end = self.guard_end(guard);
        if end.is_before(self.error) {
            let start = end.index + usize::from(end.colon.is_empty());
            return [self.action(start), gap(start..self.tokens.len(), ACTION.to_owned())];
        }
        if self.word(guard) == "otherwise" {
            return [gap(guard + 1..end.index, end.colon.to_owned()), None];
        }
        self.condition_gaps(guard + 1, end.index, end.colon)
    }

    /// A `:` that is not part of a time.
    fn is_colon(&self, index: usize) -> bool {
        let is_number =
            |index: usize| self.tokens.get(index).is_some_and(|token| token.kind == TokenKind::Number);
        let touches_next = || {
            let (here, next) = (self.tokens.get(index), self.tokens.get(index + 1));
            here.zip(next).is_some_and(|(here, next)| here.span.end == next.span.start)
        };
        self.word(index) == ":"
            && !(index > 0 && is_number(index - 1) && is_number(index + 1) && touches_next())
    }

    /// The clause with the error of the condition made of the tokens from `start` to `end`, and all of it.
    fn condition_gaps(&self, start: usize, end: usize, colon: &str) -> [Option<Gap>; 2] {
        let joints = self.joints(start, end);
        let first = joints.iter().rfind(|joint| **joint < self.error).map_or(start, |joint| joint + 1);
        let last = joints.iter().find(|joint| **joint >= self.error.max(first)).copied();
        let placeholder = |end_colon: &str| format!("{CONDITION}{end_colon}");
        let clause = Gap {
            tokens: first..last.unwrap_or(end),
            placeholder: placeholder(if last.is_none() { colon } else { "" }),
        };
        [Some(clause), Some(Gap { tokens: start..end, placeholder: placeholder(colon) })]
    }

    /// What joins the clauses of a condition: `and`, `or`, a `not` or bracket before a clause, a bracket after one.
    fn joints(&self, start: usize, end: usize) -> Vec<usize> {
        let mut joints = Vec::new();
        let (mut list, mut inner) = (false, 0_u32);
        let mut starts = true;
        for index in start..end {
            let is_joint = match self.word(index) {
                "[" | "]" => {
                    list = self.word(index) == "[";
                    false
                }
                "and" | "or" => !list && inner == 0,
                "not" | "(" if starts => true,
                "(" => {
                    inner += 1;
                    false
                }
                ")" if inner > 0 => {
                    inner -= 1;
                    false
                }
                ")" => true,
                _ => false,
            };
            starts = is_joint && self.word(index) != ")";
            joints.extend(is_joint.then_some(index));
        }
        joints
    }

    /// The action with the error, or the alternative of an `assign`.
    fn action(&self, start: usize) -> Option<Gap> {
        let mut list = false;
        let mut first = start;
        for index in start..self.tokens.len() {
            let word = self.word(index);
            let ends = match word {
                "[" | "]" => {
                    list = word == "[";
                    false
                }
                "," | "else" => !list,
                _ => self.is_first(index) && index > first && is_action_word(word),
            };
            if !ends {
                continue;
            }
            let is_sign = matches!(word, "," | "else");
            if index >= self.error {
                return Some(self.action_gap(first..index, if is_sign { "" } else { "," }));
            }
            first = index + usize::from(is_sign);
        }
        (first <= self.tokens.len()).then(|| self.action_gap(first..self.tokens.len(), ""))
    }

    fn action_gap(&self, tokens: Range<usize>, comma: &str) -> Gap {
        let is_alternative = tokens.start > 0 && self.word(tokens.start - 1) == "else";
        let placeholder = match self.word(tokens.start).to_ascii_lowercase().as_str() {
            _ if is_alternative => ALTERNATIVE.to_owned(),
            "assign" => format!("assign {ALTERNATIVE}"),
            _ => ACTION.to_owned(),
        };
        Gap { tokens, placeholder: placeholder + comma }
    }

    /// The entry with the error of hours or dates.
    fn entry(&self, mut is_date: bool) -> Option<Gap> {
        let start = self.find(1, |word| word == "=").filter(|equals| *equals < self.error)? + 1;
        let mut first = start;
        for index in start..self.tokens.len() {
            let word = self.word(index);
            if !matches!(word, "," | "except") {
                continue;
            }
            if index >= self.error {
                return Some(entry_gap(first..index, is_date));
            }
            first = index + 1;
            is_date |= word == "except";
        }
        Some(entry_gap(first..self.tokens.len(), is_date))
    }

    /// The line of a test with the error.
    fn test_line(&self) -> Option<Gap> {
        let header = self.find(0, |word| matches!(word, "given" | "expect" | ":"))?;
        let is_line = |index: &usize| {
            let goes_on = *index > 0 && self.word(index - 1) == ",";
            matches!(self.word(*index), "given" | "expect") || (self.is_first(*index) && !goes_on)
        };
        let lines: Vec<usize> = (header..self.tokens.len()).filter(is_line).collect();
        let is_wrong = !matches!(self.word(self.error), "given" | "expect");
        let starts_before = |line: &&usize| **line < self.error || (**line == self.error && is_wrong);
        let first = *lines.iter().rfind(starts_before)?;
        let end = lines.iter().find(|line| **line >= self.error.max(first + 1)).copied();
        let placeholder = if self.word(first) == "given" { GIVEN } else { EXPECT };
        Some(Gap { tokens: first..end.unwrap_or(self.tokens.len()), placeholder: placeholder.to_owned() })
    }
}

fn entry_gap(tokens: Range<usize>, is_date: bool) -> Gap {
    let placeholder = if is_date { "jan 1" } else { "00:00-24:00" };
    Gap { tokens, placeholder: placeholder.to_owned() }
}
