//! The place in an item where parsing stopped: the token there, the tokens around it, and what was expected.

use std::ops::Range;
use std::sync::Arc;

use super::expected::expectation;
use super::first_word::instead_of;
use super::grammar::{self, Production, SyntaxError};
use super::lexer::{Token, TokenKind};
use super::patched::PatchedText;
use super::repair;
use super::vocabulary::{self, WordClass};
use crate::diagnostic::{Code, Finding};
use crate::text::Span;

/// Where parsing stopped.
#[derive(Debug, Clone, Copy)]
pub(super) struct ErrorSite<'d, 't> {
    /// The item with the repairs so far.
    pub patched: &'d PatchedText<'t>,
    /// The byte, and what was expected there.
    pub error: &'d SyntaxError,
    /// The index of the token there; the number of tokens if that is the end.
    pub index: usize,
}

impl<'d, 't> ErrorSite<'d, 't> {
    /// The place of `error` in `patched`.
    pub(super) fn new(patched: &'d PatchedText<'t>, error: &'d SyntaxError) -> Self {
        let is_before = |token: &Token| token.span.end as usize <= error.at;
        let mut index = patched.tokens.partition_point(is_before);
        while patched.tokens.get(index).is_some_and(|token| token.kind == TokenKind::Comment) {
            index += 1;
        }
        Self { patched, error, index }
    }

    /// The item's text.
    pub(super) fn text(&self) -> &'d str {
        &self.patched.text
    }

    /// The token where parsing stopped.
    pub(super) fn current(&self) -> Option<Token> {
        self.patched.tokens.get(self.index).copied()
    }

    /// The tokens after the current one, without comments.
    pub(super) fn after(&self) -> impl Iterator<Item = Token> + 'd {
        let after = self.patched.tokens.get(self.index + 1..).unwrap_or_default();
        after.iter().copied().filter(|token| token.kind != TokenKind::Comment)
    }

    /// The tokens before the current one, the nearest first, without comments.
    pub(super) fn before(&self) -> impl Iterator<Item = Token> + 'd {
        let before = self.patched.tokens.get(..self.index).unwrap_or_default();
        before.iter().rev().copied().filter(|token| token.kind != TokenKind::Comment)
    }

    /// The text of `token`.
    pub(super) fn text_of(&self, token: Token) -> &'d str {
        token.of(self.text())
    }

    /// The text of `token` with the numbers and signs that it is joined to: all of `09:00-17:00`.
    pub(super) fn whole_text_of(&self, token: Token) -> &'d str {
        let end = token.span.end as usize;
        if token.kind != TokenKind::Number {
            return self.text_of(token);
        }
        let text = self.text().get(..end).unwrap_or_default();
        let start = text
            .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '.' | '_'))
            .len();
        text.get(start..).unwrap_or_default()
    }

    /// Whether `kind` was expected here.
    pub(super) fn expects(&self, kind: Production) -> bool {
        self.error.expected.contains(&kind)
    }

    /// Whether there is a line break between `first` and `second`.
    pub(super) fn breaks_between(&self, first: Token, second: Token) -> bool {
        let between = self.text().get(first.span.end as usize..second.span.start as usize);
        between.is_none_or(|between| between.contains('\n'))
    }

    /// The first token of the last line up to here that looks like a new item: it follows a blank line, or is not
    /// indented more than the first line of the item. What comes before it may be a complete item.
    pub(super) fn new_item(&self) -> Option<usize> {
        let up_to = self.patched.tokens.get(..=self.index).unwrap_or(&self.patched.tokens);
        let lines = up_to.iter().enumerate().skip(1).rev();
        let mut lines = lines.filter(|(_, token)| token.first && token.kind != TokenKind::Comment);
        let (index, first, is_apart) = lines.find_map(|(index, first)| {
            let before = up_to.get(index - 1).map_or(0, |before| before.span.end as usize);
            let gap = self.text().get(before..first.span.start as usize).unwrap_or_default();
            let column = gap.len() - gap.rfind('\n').map_or(0, |at| at + 1);
            let is_apart = gap.bytes().filter(|byte| *byte == b'\n').count() > 1;
            (is_apart || column <= self.patched.indent).then_some((index, *first, is_apart))
        })?;
        let before = up_to.get(..index)?.iter().rfind(|token| token.kind != TokenKind::Comment)?;
        let joins = matches!(self.text_of(first), "and" | "or") && !is_apart;
        let goes_on = joins || self.goes_on(first) || self.text_of(*before) == ",";
        (!goes_on).then_some(index)
    }

    /// Whether the line that starts here is indented more than the item, so that it belongs to it.
    pub(super) fn is_indented(&self) -> bool {
        let Some(here) = self.current().filter(|here| here.first) else { return false };
        let line = self.text().get(..here.span.start as usize).unwrap_or_default();
        let gap = line.get(line.trim_end().len()..).unwrap_or_default();
        let column = gap.len() - gap.rfind('\n').map_or(0, |at| at + 1);
        column > self.patched.indent && gap.bytes().filter(|byte| *byte == b'\n').count() < 2
    }

    /// Whether the line that starts with `first` clearly belongs to the item above.
    fn goes_on(&self, first: Token) -> bool {
        const SIGNS: [&str; 7] = ["&&", "||", "}", "//", "--", ";", "else"];
        let text = self.text_of(first);
        let continues = |class| vocabulary::is_of_class(text, class);
        continues(WordClass::TestLine)
            || continues(WordClass::Action)
            || SIGNS.iter().any(|sign| text.eq_ignore_ascii_case(sign))
    }

    /// Whether the line that starts here may belong to no item, because the item above is complete.
    pub(super) fn may_start_no_item(&self) -> bool {
        let Some(here) = self.current() else { return false };
        here.first && !self.goes_on(here) && grammar::parse_item(self.patched.text_before(self.index)).is_ok()
    }

    /// The line where parsing stopped.
    pub(super) fn line(&self) -> Range<usize> {
        let (before, after) = self.text().split_at_checked(self.error.at).unwrap_or((self.text(), ""));
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        start..self.error.at + after.find('\n').unwrap_or(after.len())
    }

    /// What to underline: the current token, or the rest of the line if the line ended too early.
    pub(super) fn range(&self) -> Range<usize> {
        match (self.before().next(), self.current()) {
            (None, None) => 0..0,
            (None, Some(here)) => here.span.range(),
            (Some(before), Some(here)) if !self.breaks_between(before, here) || self.is_strange(here) => {
                here.span.range()
            }
            (Some(before), _) => {
                let start = before.span.end as usize;
                let rest = self.text().get(start..).unwrap_or_default();
                let line = rest.split(['\r', '\n']).next().unwrap_or_default();
                start..start + line.trim_end().len()
            }
        }
    }

    /// Whether `here` is itself what is wrong, rather than what is missing before it.
    fn is_strange(&self, here: Token) -> bool {
        !self.goes_on(here) && here.kind == TokenKind::Word
    }

    /// The span in the file of a range of the item's text.
    pub(super) fn to_file_span(self, range: &Range<usize>) -> Span {
        self.patched.to_file_span(range)
    }

    /// The first word of the item.
    fn first_word(&self) -> Option<&'d str> {
        let first = self.patched.tokens.iter().find(|token| token.kind != TokenKind::Comment)?;
        Some(self.text_of(*first))
    }

    /// The message and the help for mistakes that have a sentence of their own.
    fn special_message(&self) -> Option<(String, String)> {
        let here = self.current()?;
        let snippet = self.text_of(here);
        let before = self.before().next();
        if before.is_none() && self.after().next().is_some_and(|next| self.text_of(next) == "=") {
            let help = format!(
                "write `let {snippet} = …`, or `hours` or `dates` before the name for times or dates"
            );
            return Some((format!("{} cannot start a line here", quote(snippet)), help));
        }
        if before.is_none() && here.kind == TokenKind::Text {
            let help = format!(
                "write `rule {snippet}` for the name of a rule, or `test {snippet}:` for that of a test"
            );
            return Some((format!("{} cannot start a line here", quote(snippet)), help));
        }
        if before.is_none() {
            return Some((format!("{} cannot start a line here", quote(snippet)), instead_of(snippet)));
        }
        if let Some(word) = self.first_word().filter(|word| matches!(*word, "also" | "move"))
            && snippet == "otherwise"
            && self.expects(Production::WHEN)
        {
            let help = format!("the rule needs a condition: write `{word} when …`");
            return Some((format!("there is no `{word} otherwise`"), help));
        }
        let is_name = [Production::name, Production::condition, Production::negation, Production::operand]
            .iter()
            .any(|kind| self.expects(*kind));
        let is_strange = here.kind == TokenKind::Word
            && !snippet.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (is_name && is_strange).then(|| {
            let help =
                "names consist of `a` to `z`, `0` to `9` and `_`; texts in quotes can contain anything";
            (format!("{} cannot be a name", quote(snippet)), help.to_owned())
        })
    }

    /// The finding if no repair is known: it says what was expected.
    pub(super) fn finding(&self, file: &Arc<str>) -> Finding {
        let range = self.range();
        if let Some((message, help)) = self.special_message() {
            return Finding::new(Code::Syntax, file, self.to_file_span(&range), message).help(help);
        }
        if let Some(explained) = repair::explanation(self) {
            let span = self.to_file_span(&explained.range);
            return Finding::new(Code::Syntax, file, span, explained.message).help(explained.help);
        }
        let mut message = expectation(&self.error.expected);
        if let Some(before) = self.before().next().filter(|before| !self.patched.is_placeholder(*before)) {
            message = format!("{message} after {}", quote(self.whole_text_of(before)));
        }
        if let Some(here) = self.current().filter(|here| here.span.range() == range) {
            message = format!("{message}, not {}", quote(self.text_of(here)));
        }
        let finding = Finding::new(Code::Syntax, file, self.to_file_span(&self.whole_date(range)), message);
        if [Production::day, Production::time, Production::hours_entry].iter().any(|kind| self.expects(*kind))
        {
            return finding.help("hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`");
        }
        match self.form() {
            Some(help) => finding.help(help),
            None => finding,
        }
    }

    /// `range` with all of the date or time that starts there: any part of it may be what is wrong.
    fn whole_date(&self, range: Range<usize>) -> Range<usize> {
        const DATES: [Production; 5] = [
            Production::time,
            Production::day,
            Production::date_range,
            Production::calendar_date,
            Production::hours_entry,
        ];
        let is_number =
            self.current().is_some_and(|here| here.kind == TokenKind::Number && here.span.range() == range);
        if !is_number || !DATES.iter().any(|kind| self.expects(*kind)) {
            return range;
        }
        let rest = self.text().get(range.end..).unwrap_or_default();
        let joined = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, ':' | '-' | '.' | '+' | '_')));
        let written = rest.get(..joined.unwrap_or(rest.len())).unwrap_or_default();
        range.start..range.end + written.trim_end_matches([':', '.']).len()
    }

    /// How the word where parsing stopped is used, if it is one of the language's.
    fn form(&self) -> Option<String> {
        let word = self.text_of(self.current()?);
        let entry = vocabulary::find(word)?;
        let is_part = matches!(
            entry.class,
            WordClass::Action | WordClass::ActionPart | WordClass::Target | WordClass::TestPart
        );
        (is_part && self.expects(Production::EOI)).then(|| format!("`{word}` is used as in `{}`", entry.form))
    }
}

/// `snippet` in backticks, shortened if it is long.
pub(super) fn quote(snippet: &str) -> String {
    const LONGEST: usize = 32;
    let line = snippet.lines().next().unwrap_or_default();
    let short: String = line.chars().take(LONGEST).collect();
    if short.len() < snippet.len() { format!("`{}…`", short.trim_end()) } else { format!("`{short}`") }
}
