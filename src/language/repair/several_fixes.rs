//! Several fixes in one item, where a single slip may be all that is wrong.

use super::super::grammar;
use super::super::lexer::{Token, TokenKind};
use super::super::patched::PatchedText;
use super::rivals::{without_slip, words};
use super::{LONGEST, edit, remove};
use crate::diagnostic::{Edit, Finding, Fix};
use crate::text::Span;

/// How many words are left out or replaced in turn, at most.
const TRIES: usize = 16;

/// What may stand in the place of a wrong word between two parts of an item.
const JOINTS: [&str; 7] = ["else", "and", "or", ",", ":", "for 5m else", "by"];

/// How near words and signs that are missing or too many may be to come from one slip.
const NEAR: u32 = 8;

/// Makes one finding without a fix of those since `from`, if the item makes sense without a single word or sign near by, or
/// with another in its place. `result` is the `original` with all fixes applied, and `file` the text that both are from.
/// Returns whether it did.
pub(in super::super) fn doubt_several(
    findings: &mut Vec<Finding>,
    from: usize,
    original: &PatchedText<'_>,
    result: &PatchedText<'_>,
    file: &str,
) -> bool {
    let ours = findings.get(from..).unwrap_or_default();
    if ours.len() < 2 || original.text.len() > LONGEST {
        return false;
    }
    let fixes: Vec<&Fix> = ours.iter().filter_map(|finding| finding.fix.as_ref()).collect();
    let Some(help) = single_slip(ours, original, result).or_else(|| many_slips(&fixes, file)) else {
        return false;
    };
    findings.truncate(from + 1);
    if let Some(finding) = findings.last_mut() {
        finding.fix = None;
        finding.help = Some(help);
    }
    true
}

/// A word or sign near the fixes that may be all that is wrong.
fn single_slip(ours: &[Finding], original: &PatchedText<'_>, result: &PatchedText<'_>) -> Option<String> {
    let fixes = ours.iter().filter_map(|finding| finding.fix.as_ref());
    let edited = fixes.flat_map(|fix| &fix.edits).map(|edit| edit.span).next()?;
    let extent = ours.iter().map(|finding| finding.span).fold(edited, Span::to);
    let place = |token: &Token| original.to_file_span(&token.span.range());
    let first = original.tokens.partition_point(|token| place(token).end < extent.start).saturating_sub(2);
    let near = original.tokens.iter().skip(first).take_while(|token| place(token).start <= extent.end + 1);
    let makes_sense = |edit: Edit| {
        let other = original.apply(&[edit]);
        other.is_some_and(|other| grammar::parse_item(&other.text).is_ok() && words(&other).ne(words(result)))
    };
    near.take(TRIES).find_map(|token| {
        let (word, range) = (token.of(&original.text), token.span.range());
        match token.kind {
            TokenKind::Word | TokenKind::Number | TokenKind::Sign => {
                if makes_sense(remove(&original.text, range.clone())) {
                    return Some(without_slip(word));
                }
                let joint =
                    JOINTS.iter().find(|joint| makes_sense(edit(range.clone(), format!(" {joint} "))))?;
                Some(format!("with `{joint}` instead of `{word}` it makes sense too: write what is meant"))
            }
            TokenKind::Unclosed => {
                let sign = word.chars().next()?;
                makes_sense(edit(range.start..range.start + sign.len_utf8(), ""))
                    .then(|| format!("write both quotes, or remove `{sign}`"))
            }
            _ => None,
        }
    })
}

/// More than two words or signs are missing or too many in the same place.
fn many_slips(fixes: &[&Fix], file: &str) -> Option<String> {
    let is_slip = |edit: &Edit| {
        let before = file.get(edit.span.range()).unwrap_or_default();
        before.trim().is_empty() != edit.text.trim().is_empty()
    };
    let slips: Vec<Span> = fixes
        .iter()
        .filter(|fix| fix.edits.iter().all(is_slip))
        .filter_map(|fix| fix.edits.iter().map(|edit| edit.span).reduce(Span::to))
        .collect();
    let are_near = |spans: &[Span]| match spans {
        [first, second, third] => first.end + NEAR >= second.start && second.end + NEAR >= third.start,
        _ => false,
    };
    slips
        .windows(3)
        .any(are_near)
        .then(|| "several words or signs are missing or too many here: write what is meant".to_owned())
}
