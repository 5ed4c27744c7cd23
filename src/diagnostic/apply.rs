//! Applies fixes to a text.

use std::collections::BTreeMap;

use super::Fix;
use crate::text::Span;

/// Applies `fixes` to `text`; returns the new text and how many fixes were applied. A fix that overlaps an earlier one, or
/// that is out of range, is skipped.
pub fn apply_fixes(text: &str, fixes: &[&Fix]) -> (String, usize) {
    let mut edits = EditSet::new(text);
    let applied = fixes.iter().filter(|fix| edits.add(fix)).count();
    (edits.apply(), applied)
}

/// The edits of several fixes of one text. No two of them overlap.
#[derive(Debug, Clone)]
pub struct EditSet<'a> {
    text: &'a str,
    /// The replacement of each span, by its start and end.
    edits: BTreeMap<(u32, u32), &'a str>,
}

impl<'a> EditSet<'a> {
    /// No edits of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, edits: BTreeMap::new() }
    }

    /// Adds all edits of a fix, or none if one is out of range or overlaps another. Returns whether they were added.
    pub fn add(&mut self, fix: &'a Fix) -> bool {
        let mut added = Vec::with_capacity(fix.edits.len());
        for edit in &fix.edits {
            let span = (edit.span.start, edit.span.end);
            if self.text.get(edit.span.range()).is_none() || self.overlaps(span) {
                for span in added {
                    self.edits.remove(&span);
                }
                return false;
            }
            self.edits.insert(span, &edit.text);
            added.push(span);
        }
        !added.is_empty()
    }

    /// Whether the span shares a character with an edit, or inserts where another edit inserts. Since the edits do not
    /// overlap one another, only the neighbours of the span need to be compared.
    fn overlaps(&self, span: (u32, u32)) -> bool {
        self.neighbours(span).any(|other| other == span || (other.0 < span.1 && span.0 < other.1))
    }

    /// Whether an edit shares a character with the span or borders on it.
    pub fn touches(&self, span: Span) -> bool {
        let span = (span.start, span.end);
        self.neighbours(span).any(|other| other.0 <= span.1 && span.0 <= other.1)
    }

    fn neighbours(&self, span: (u32, u32)) -> impl Iterator<Item = (u32, u32)> {
        let before = self.edits.range(..=span).next_back();
        let after = self.edits.range(span..).next();
        before.into_iter().chain(after).map(|(span, _)| *span)
    }

    /// The text with the edits.
    pub fn apply(&self) -> String {
        let mut edited = String::with_capacity(self.text.len());
        let mut copied = 0;
        for (&(start, end), new) in &self.edits {
            edited.push_str(self.text.get(copied..start as usize).unwrap_or_default());
            edited.push_str(new);
            copied = end as usize;
        }
        edited.push_str(self.text.get(copied..).unwrap_or_default());
        edited
    }

    /// Where the spans, which are in order and which no edit changes, are in the text with the edits.
    pub fn moved(&self, spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
        let mut edits = self.edits.iter().peekable();
        let (mut more, mut less) = (0, 0);
        let place = |span: Span| {
            while let Some(((start, end), new)) = edits.next_if(|((_, end), _)| *end <= span.start) {
                more += new.len();
                less += (end - start) as usize;
            }
            let at = |byte: u32| (byte as usize + more).saturating_sub(less);
            Span::new(at(span.start), at(span.end))
        };
        spans.into_iter().map(place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Edit;

    const TEXT: &str = "when é and b";

    fn fix(edits: &[(usize, usize, &str)]) -> Fix {
        let edit = |&(start, end, text): &(usize, usize, &str)| Edit {
            span: Span::new(start, end),
            text: text.into(),
        };
        Fix { title: String::new(), edits: edits.iter().map(edit).collect() }
    }

    #[track_caller]
    fn check(fixes: &[&[(usize, usize, &str)]], expected: &str, applied: usize) {
        let fixes: Vec<Fix> = fixes.iter().map(|edits| fix(edits)).collect();
        let (text, count) = apply_fixes(TEXT, &fixes.iter().collect::<Vec<_>>());
        assert_eq!((text.as_str(), count), (expected, applied));
    }

    #[test]
    fn fixes_are_applied_in_any_order() {
        check(&[], "when é and b", 0);
        check(&[&[(12, 13, "c")], &[(5, 7, "a")]], "when a and c", 2);
        check(&[&[(5, 5, "("), (13, 13, ")")]], "when (é and b)", 1);
        check(&[&[(0, 13, "")]], "", 1);
    }

    #[test]
    fn fixes_that_touch_are_both_applied() {
        check(&[&[(5, 7, "a")], &[(7, 8, "_")]], "when a_and b", 2);
        check(&[&[(5, 7, "a")], &[(5, 5, "not ")]], "when not a and b", 2);
        check(&[&[(5, 7, "a")], &[(7, 7, "!")]], "when a! and b", 2);
    }

    #[test]
    fn the_first_of_overlapping_fixes_is_applied() {
        check(&[&[(5, 7, "a")], &[(5, 8, "x")]], "when a and b", 1);
        check(&[&[(0, 8, "a")], &[(4, 4, "x")]], "aand b", 1);
        check(&[&[(4, 4, "x")], &[(0, 8, "a")]], "whenx é and b", 1);
        check(&[&[(5, 5, "x")], &[(5, 5, "x")]], "when xé and b", 1);
        check(&[&[(8, 11, "or")], &[(0, 4, "if"), (9, 10, "x")], &[(0, 4, "WHEN")]], "WHEN é or b", 2);
    }

    #[test]
    fn fixes_that_do_not_fit_the_text_are_left() {
        check(&[&[(6, 7, "x")]], "when é and b", 0);
        check(&[&[(10, 99, "x")], &[]], "when é and b", 0);
        check(&[&[(0, 4, "x"), (2, 6, "y")]], "when é and b", 0);
    }

    #[test]
    fn spans_move_with_the_text_before_them() {
        let fixes = [fix(&[(0, 4, "if")]), fix(&[(8, 8, "not ")])];
        let mut edits = EditSet::new(TEXT);
        assert!(fixes.iter().all(|fix| edits.add(fix)));
        let spans = [(5, 7), (8, 11), (12, 13)].map(|(start, end)| Span::new(start, end));
        let text = edits.apply();
        let moved: Vec<&str> = edits.moved(spans).iter().map(|span| &text[span.range()]).collect();
        assert_eq!(moved, ["é", "and", "b"]);
        assert!(edits.touches(Span::new(4, 5)) && edits.touches(Span::new(8, 9)));
        assert!(!edits.touches(Span::new(5, 7)));
    }
}
