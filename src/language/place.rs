//! The place in an item where reading stopped: what stands there, what came before, what was expected.

use std::ops::Range;
use std::sync::Arc;

use super::draft::Draft;
use super::grammar::{self, Kind, Stop};
use super::scan::{self, Lexeme};
use super::vocabulary::ItemWord;
use crate::diagnostic::{Code, Finding};
use crate::text::Span;

/// Where reading stopped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'d, 't> {
    /// The item as far as it is mended.
    pub draft: &'d Draft<'t>,
    /// Where, and what was expected.
    pub stop: &'d Stop,
    /// Which lexeme stands there; the number of lexemes at the end.
    pub index: usize,
}

impl<'d, 't> Place<'d, 't> {
    /// The place in `draft` where reading stopped.
    pub(super) fn new(draft: &'d Draft<'t>, stop: &'d Stop) -> Self {
        let is_before = |lexeme: &Lexeme| lexeme.span.end as usize <= stop.at;
        let mut index = draft.lexemes.partition_point(is_before);
        while draft.lexemes.get(index).is_some_and(|lexeme| lexeme.kind == scan::Kind::Comment) {
            index += 1;
        }
        Self { draft, stop, index }
    }

    /// The item's text.
    pub(super) fn text(&self) -> &'d str {
        &self.draft.text
    }

    /// The lexeme where reading stopped.
    pub(super) fn here(&self) -> Option<Lexeme> {
        self.draft.lexemes.get(self.index).copied()
    }

    /// The lexemes after the one where reading stopped, without comments.
    pub(super) fn after(&self) -> impl Iterator<Item = Lexeme> + 'd {
        let after = self.draft.lexemes.get(self.index + 1..).unwrap_or_default();
        after.iter().copied().filter(|lexeme| lexeme.kind != scan::Kind::Comment)
    }

    /// The lexemes before, the nearest first, without comments.
    pub(super) fn before(&self) -> impl Iterator<Item = Lexeme> + 'd {
        let before = self.draft.lexemes.get(..self.index).unwrap_or_default();
        before.iter().rev().copied().filter(|lexeme| lexeme.kind != scan::Kind::Comment)
    }

    /// What `lexeme` says.
    pub(super) fn said(&self, lexeme: Lexeme) -> &'d str {
        lexeme.of(self.text())
    }

    /// What `lexeme` and the figures and signs that it hangs on say: all of `09:00-17:00`.
    pub(super) fn written(&self, lexeme: Lexeme) -> &'d str {
        let end = lexeme.span.end as usize;
        if lexeme.kind != scan::Kind::Number {
            return self.said(lexeme);
        }
        let text = self.text().get(..end).unwrap_or_default();
        let start = text
            .trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '.' | '_'))
            .len();
        text.get(start..).unwrap_or_default()
    }

    /// Whether `kind` could have stood here.
    pub(super) fn expects(&self, kind: Kind) -> bool {
        self.stop.expected.contains(&kind)
    }

    /// Whether a line break stands between `first` and `second`.
    pub(super) fn breaks_between(&self, first: Lexeme, second: Lexeme) -> bool {
        let between = self.text().get(first.span.end as usize..second.span.start as usize);
        between.is_none_or(|between| between.contains('\n'))
    }

    /// The lexeme of the last line up to here that looks like a new item: after a blank line, or not further in
    /// than the item's first line. What stands before may be all that was meant to be one item.
    pub(super) fn new_item(&self) -> Option<usize> {
        let up_to = self.draft.lexemes.get(..=self.index).unwrap_or(&self.draft.lexemes);
        let lines = up_to.iter().enumerate().skip(1).rev();
        let mut lines = lines.filter(|(_, lexeme)| lexeme.first && lexeme.kind != scan::Kind::Comment);
        let (index, first, is_apart) = lines.find_map(|(index, first)| {
            let before = up_to.get(index - 1).map_or(0, |before| before.span.end as usize);
            let gap = self.text().get(before..first.span.start as usize).unwrap_or_default();
            let column = gap.len() - gap.rfind('\n').map_or(0, |at| at + 1);
            let is_apart = gap.bytes().filter(|byte| *byte == b'\n').count() > 1;
            (is_apart || column <= self.draft.indent).then_some((index, *first, is_apart))
        })?;
        let before = up_to.get(..index)?.iter().rfind(|lexeme| lexeme.kind != scan::Kind::Comment)?;
        let joins = matches!(self.said(first), "and" | "or") && !is_apart;
        let goes_on = joins || self.goes_on(first) || self.said(*before) == ",";
        (!goes_on).then_some(index)
    }

    /// Whether the line that `first` begins plainly belongs to the item above.
    fn goes_on(&self, first: Lexeme) -> bool {
        const WORDS: [&str; 13] = [
            "given", "expect", "assign", "reply", "tag", "priority", "else", "&&", "||", "}", "//", "--", ";",
        ];
        WORDS.contains(&self.said(first).to_ascii_lowercase().as_str())
    }

    /// Whether the line that begins here may as well belong to no item, as the one above is complete.
    pub(super) fn may_be_junk(&self) -> bool {
        let (Some(before), Some(here)) = (self.draft.lexemes.get(..self.index), self.here()) else {
            return false;
        };
        here.first && !self.goes_on(here) && grammar::read(self.text(), before).is_ok()
    }

    /// What to underline: what stands here; or, where a line ended too early, the rest of that line.
    pub(super) fn range(&self) -> Range<usize> {
        match (self.before().next(), self.here()) {
            (None, None) => 0..0,
            (None, Some(here)) => here.span.range(),
            (Some(before), Some(here)) if !self.breaks_between(before, here) => here.span.range(),
            (Some(before), _) => {
                let start = before.span.end as usize;
                let rest = self.text().get(start..).unwrap_or_default();
                let line = rest.split(['\r', '\n']).next().unwrap_or_default();
                start..start + line.trim_end().len()
            }
        }
    }

    /// The place in the file of a stretch of the item.
    pub(super) fn origin(&self, range: &Range<usize>) -> Span {
        self.draft.origin(range)
    }

    /// What is wrong here and what to do, where people have a reason to expect something else.
    fn known(&self) -> Option<(String, String)> {
        let here = self.here()?;
        let said = self.said(here);
        let before = self.before().next();
        if before.is_none() {
            return Some((format!("{} begins no item", quote(said)), items()));
        }
        if said == "otherwise" && before.is_some_and(|before| self.said(before) == "also") {
            let help = "an also rule has a condition: write `also when …`";
            return Some(("there is no `also otherwise`".to_owned(), help.to_owned()));
        }
        let is_name =
            [Kind::name, Kind::condition, Kind::part, Kind::term].iter().any(|kind| self.expects(*kind));
        let is_strange = here.kind == scan::Kind::Word
            && !said.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        (is_name && is_strange).then(|| {
            let help = "names are written with `a` to `z`, `0` to `9` and `_`; texts stand in quotes and may be anything";
            (format!("{} cannot be a name", quote(said)), help.to_owned())
        })
    }

    /// Says what was expected, where nothing better is known.
    pub(super) fn plain(&self, file: &Arc<str>) -> Finding {
        let range = self.range();
        if let Some((message, help)) = self.known() {
            return Finding::new(Code::Syntax, file, self.origin(&range), message).help(help);
        }
        let mut message = grammar::expectation(&self.stop.expected);
        if let Some(before) = self.before().next() {
            message = format!("{message} after {}", quote(self.written(before)));
        }
        if let Some(here) = self.here().filter(|here| here.span.range() == range) {
            message = format!("{message}, not {}", quote(self.said(here)));
        }
        let finding = Finding::new(Code::Syntax, file, self.origin(&range), message);
        if self.expects(Kind::day) || self.expects(Kind::time) {
            return finding.help("hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`");
        }
        finding
    }
}

/// With what an item can begin.
pub(super) fn items() -> String {
    let words: Vec<_> = ItemWord::ALL.iter().map(|word| format!("`{word}`")).collect();
    format!("an item begins with one of {}", words.join(", "))
}

/// `said` in backticks, cut where it is long.
pub(super) fn quote(said: &str) -> String {
    const LONGEST: usize = 32;
    let line = said.lines().next().unwrap_or_default();
    let short: String = line.chars().take(LONGEST).collect();
    if short.len() < said.len() { format!("`{}…`", short.trim_end()) } else { format!("`{short}`") }
}
