//! Applies fixes to a text.

use std::collections::BTreeMap;

use super::Fix;

/// Applies `fixes` to `text`; returns the new text and how many fixes were applied.
///
/// A fix is applied completely or not at all. A fix that overlaps an earlier one, or that is out of range, is skipped:
/// the caller checks the new text and tries again.
pub fn apply_fixes(text: &str, fixes: &[&Fix]) -> (String, usize) {
    let mut edits = Edits::new();
    let applied = fixes.iter().filter(|fix| add(text, &mut edits, fix)).count();
    (rewrite(text, &edits), applied)
}

/// The replacement of each span, by its start and end. No two spans overlap.
type Edits<'a> = BTreeMap<(u32, u32), &'a str>;

/// Adds all edits of a fix or none. Returns whether they were added.
fn add<'a>(text: &str, edits: &mut Edits<'a>, fix: &'a Fix) -> bool {
    let mut added = Vec::with_capacity(fix.edits.len());
    for edit in &fix.edits {
        let span = (edit.span.start, edit.span.end);
        if text.get(edit.span.range()).is_none() || overlaps(edits, span) {
            for span in added {
                edits.remove(&span);
            }
            return false;
        }
        edits.insert(span, &edit.text);
        added.push(span);
    }
    !added.is_empty()
}

/// Whether the span shares a character with an edit, or inserts where another edit inserts. Since the edits do not
/// overlap one another, only the neighbours of the span need to be compared.
fn overlaps(edits: &Edits, span: (u32, u32)) -> bool {
    let before = edits.range(..=span).next_back();
    let after = edits.range(span..).next();
    before.into_iter().chain(after).any(|(other, _)| *other == span || (other.0 < span.1 && span.0 < other.1))
}

fn rewrite(text: &str, edits: &Edits) -> String {
    let mut rewritten = String::with_capacity(text.len());
    let mut copied = 0;
    for (&(start, end), new) in edits {
        rewritten.push_str(text.get(copied..start as usize).unwrap_or_default());
        rewritten.push_str(new);
        copied = end as usize;
    }
    rewritten.push_str(text.get(copied..).unwrap_or_default());
    rewritten
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Edit;
    use crate::text::Span;

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
        let (text, count) = apply_fixes("when é and b", &fixes.iter().collect::<Vec<_>>());
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
}
