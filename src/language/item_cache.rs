//! The items of an earlier state of a text, so that those that have not changed are not parsed again.

use std::collections::HashMap;

use super::ast::shift::Shift as _;
use super::ast::{File, Item};

/// The items of an earlier state of a text, by their text. The tree of an item without findings depends on its text alone.
/// Findings can depend on the text around it, so items with findings are parsed again.
#[derive(Debug, Default)]
pub struct ItemCache<'e>(HashMap<&'e str, &'e Item>);

impl<'e> ItemCache<'e> {
    /// Those of `text`, whose tree is `file`.
    pub fn new(text: &'e str, file: &'e File) -> Self {
        let sound = file.items.iter().enumerate().filter(|(index, _)| !file.with_findings.contains(index));
        Self(sound.filter_map(|(_, item)| Some((text.get(item.span().range())?, item))).collect())
    }

    /// The item that was written like this, at byte `start`.
    pub(super) fn at(&self, start: u32, written: &str) -> Option<Item> {
        let mut item = Item::clone(self.0.get(written)?);
        let by = start.wrapping_sub(item.span().start);
        if by != 0 {
            item.shift(by);
        }
        Some(item)
    }
}

#[cfg(test)]
mod tests {
    use rand::{RngExt as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::super::parse::{Parsed, parse, reparse};
    use super::*;
    use crate::testing::{damage, other_damage, sound_policies};
    use crate::text::{Source, Span};

    fn source(text: &str) -> Source {
        Source::new("a.rules", text)
    }

    /// The result for `after` with the help of `before`.
    fn again(before: &str, after: &str) -> Parsed {
        let parsed = parse(&source(before));
        reparse(&source(after), &ItemCache::new(before, &parsed.file))
    }

    #[test]
    fn an_item_that_has_not_changed_is_taken_over() {
        let text = "let a = new_customer\nlet b = a and # why\n    not c\nlet d = = e\n";
        let file = parse(&source(text)).file;
        let earlier = ItemCache::new(text, &file);
        assert_eq!(earlier.at(0, "let a = new_customer").as_ref(), file.items.first());
        let moved = earlier.at(7, "let b = a and # why\n    not c").unwrap();
        assert_eq!(moved.span(), Span { start: 7, end: 36 });
        let Item::Definition(moved) = moved else { panic!("{moved:?}") };
        assert_eq!(moved.name.span, Span { start: 11, end: 12 });
        assert_eq!(earlier.at(0, "let b = a and"), None);
        // It has a finding, which must be there again.
        assert_eq!(file.items.len(), 3);
        assert_eq!(earlier.at(0, "let d = = e"), None);
    }

    #[test]
    fn what_an_item_reports_is_reported_again() {
        for text in ["let a = = b\n", "hours a = mon 25:00-26:00\n", "let a = message is \"\\q\"\n"] {
            assert_eq!(again(text, &format!("\n{text}")), parse(&source(&format!("\n{text}"))));
        }
    }

    #[test]
    fn what_was_read_in_place_of_a_conflict_is_read_again() {
        let rest = "when new_customer:\n=======\nwhen not new_customer:\n>>>>>>> b\n    assign owner\n";
        let before = format!("<<<<<<< a\n{rest}");
        assert_eq!(parse(&source(&before)).file.items.len(), 1);
        assert_eq!(again(&before, rest), parse(&source(rest)));
    }

    /// Edits follow one another, and are taken back at times, as when somebody types.
    #[test]
    fn after_random_edits_the_result_is_that_of_a_fresh_parse() {
        let mut random = ChaCha8Rng::seed_from_u64(1);
        for sample in sound_policies() {
            let mut before = sample.text.to_owned();
            let mut parsed = parse(&source(&before));
            for _ in 0..30 {
                let edited = match random.random_range(0..6) {
                    0 => Some(sample.text.to_owned()),
                    1 => other_damage(&before, &mut random).map(|damage| damage.text),
                    _ => damage(&before, &mut random).map(|damage| damage.text),
                };
                let Some(text) = edited else { continue };
                let fresh = parse(&source(&text));
                let again = reparse(&source(&text), &ItemCache::new(&before, &parsed.file));
                assert_eq!(again, fresh, "{before}\n-- became --\n{text}");
                (before, parsed) = (text, again);
            }
        }
    }
}
