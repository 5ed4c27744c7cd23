//! Fixes applied to a text.

use std::collections::BTreeMap;

use super::Fix;

/// `text` with `fixes` applied, and how many were. A fix is applied whole or not at all: one that overlaps an
/// earlier one, or does not fit the text, is left for the next time.
pub fn apply_fixes(text: &str, fixes: &[&Fix]) -> (String, usize) {
    let mut edits = Edits::new();
    let applied = fixes.iter().filter(|fix| add(text, &mut edits, fix)).count();
    (write(text, &edits), applied)
}

/// Start and end of each stretch that goes, and what comes; no two overlap.
type Edits<'a> = BTreeMap<(u32, u32), &'a str>;

fn add<'a>(text: &str, edits: &mut Edits<'a>, fix: &'a Fix) -> bool {
    let mut added = Vec::with_capacity(fix.edits.len());
    for edit in &fix.edits {
        let place = (edit.span.start, edit.span.end);
        if text.get(edit.span.range()).is_none() || overlaps(edits, place) {
            for place in added {
                edits.remove(&place);
            }
            return false;
        }
        edits.insert(place, &edit.text);
        added.push(place);
    }
    !added.is_empty()
}

/// Whether `place` shares a character with an edit, lies inside one, or is where another inserts. Since edits do
/// not overlap one another, it is enough to look at the one before and the one after.
fn overlaps(edits: &Edits, place: (u32, u32)) -> bool {
    let before = edits.range(..=place).next_back();
    let after = edits.range(place..).next();
    before
        .into_iter()
        .chain(after)
        .any(|(other, _)| *other == place || (other.0 < place.1 && place.0 < other.1))
}

fn write(text: &str, edits: &Edits) -> String {
    let mut written = String::with_capacity(text.len());
    let mut done = 0;
    for (&(start, end), new) in edits {
        written.push_str(text.get(done..start as usize).unwrap_or_default());
        written.push_str(new);
        done = end as usize;
    }
    written.push_str(text.get(done..).unwrap_or_default());
    written
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
