//! What folding makes of single letters: most neither change with their neighbours nor change them, and a text of
//! such letters is folded letter by letter.

use std::array;
use std::sync::OnceLock;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::CanonicalCombiningClass;

use super::fold::fold_letters;

/// What folding makes of a letter, whatever its neighbours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Alone {
    /// That letter; in most cases itself.
    One(char),
    Two(char, char),
    Nothing,
    /// White space.
    Space,
    /// More than two, or it depends on its neighbours.
    Depends,
}

type Page = [Alone; PAGE];

const PAGE: usize = 256;
/// Letters beyond these pages are rare.
const PAGES: usize = 0x340;

/// A page is worked out when a text first has a letter of it.
static TABLE: [OnceLock<Box<Page>>; PAGES] = [const { OnceLock::new() }; PAGES];

/// Writes `text`, folded, behind what stands in `folded`, which is empty. If a letter depends on its neighbours, the
/// answer is no, and what was written is worth nothing.
pub(super) fn fold_each(text: &str, folded: &mut String) -> bool {
    let mut after_space = false;
    for letter in text.chars() {
        let alone = if letter.is_ascii() { ascii(letter) } else { alone(letter) };
        match alone {
            Alone::Space => after_space = true,
            Alone::Nothing => {}
            Alone::Depends => return false,
            Alone::One(_) | Alone::Two(..) => {
                // What is in front of the first letter is trimmed, and so is what is behind the last.
                if after_space && !folded.is_empty() {
                    folded.push(' ');
                }
                after_space = false;
                match alone {
                    Alone::One(one) => folded.push(one),
                    Alone::Two(first, second) => folded.extend([first, second]),
                    _ => {}
                }
            }
        }
    }
    true
}

fn ascii(letter: char) -> Alone {
    if letter.is_whitespace() { Alone::Space } else { Alone::One(letter.to_ascii_lowercase()) }
}

fn alone(letter: char) -> Alone {
    let code = letter as usize;
    let page = TABLE.get(code / PAGE).map(|page| page.get_or_init(|| work_out(code / PAGE * PAGE)));
    page.and_then(|page| page.get(code % PAGE)).copied().unwrap_or(Alone::Depends)
}

fn work_out(first: usize) -> Box<Page> {
    let letter = |at: usize| u32::try_from(first + at).ok().and_then(char::from_u32);
    Box::new(array::from_fn(|at| letter(at).map_or(Alone::Depends, work_out_letter)))
}

/// Neighbours can matter in two ways: marks are put in order and written together with the letter before them, and
/// so are some letters of the scripts below. What begins with neither is alone, since marks are not.
fn work_out_letter(letter: char) -> Alone {
    let folded = fold_letters(&letter.to_string());
    if joins_letters(letter) || begins_with_mark(letter.encode_utf8(&mut [0; 4])) || begins_with_mark(&folded)
    {
        return Alone::Depends;
    }
    let mut letters = folded.chars();
    match (letters.next(), letters.next(), letters.next()) {
        (None, ..) => Alone::Nothing,
        (Some(space), None, _) if space.is_whitespace() => Alone::Space,
        _ if folded.contains(char::is_whitespace) || folded.contains(joins_letters) => Alone::Depends,
        (Some(one), None, _) => Alone::One(one),
        (Some(first), Some(second), None) => Alone::Two(first, second),
        _ => Alone::Depends,
    }
}

/// Letters that may be written together with the one before: Indic, Tibetan, Myanmar, jamo, Balinese and what is beyond.
fn joins_letters(letter: char) -> bool {
    matches!(letter, '\u{0900}'..='\u{0DFF}' | '\u{0F00}'..='\u{11FF}' | '\u{1B00}'..='\u{1B7F}' | '\u{11000}'..='\u{16FFF}')
}

fn begins_with_mark(text: &str) -> bool {
    let classes = CodePointMapData::<CanonicalCombiningClass>::new();
    let mut decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize_iter(text.chars());
    decomposed.next().is_some_and(|first| classes.get(first) != CanonicalCombiningClass::NotReordered)
}

#[cfg(test)]
mod tests {
    use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

    use super::*;

    #[test]
    fn no_letter_that_is_alone_is_written_together_with_one_before() {
        let seconds = ('\0'..=char::MAX).filter_map(|letter| {
            match CanonicalDecompositionBorrowed::new().decompose(letter) {
                Decomposed::Expansion(_, second) => Some(second),
                _ => None,
            }
        });
        for second in seconds {
            assert_eq!(alone(second), Alone::Depends, "{second:?}");
        }
    }

    #[test]
    fn what_people_write_is_alone() {
        for letter in "éßЖسאあ漢한กΩ😀\u{200d}\u{fe0f}\u{a0}“’".chars() {
            assert_ne!(alone(letter), Alone::Depends, "{letter:?}");
        }
        for letter in "\u{301}\u{64e}\u{654}क\u{1161}\u{e48}".chars() {
            assert_eq!(alone(letter), Alone::Depends, "{letter:?}");
        }
    }
}
