//! What folding makes of single letters: most neither change with their neighbours nor change them, and a text of
//! such letters is folded letter by letter.

use std::array;
use std::sync::OnceLock;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::CanonicalCombiningClass;

use super::fold::fold_characters;

/// What folding makes of a letter, whatever its neighbours are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CharFold {
    /// That letter; in most cases itself.
    One(char),
    Two(char, char),
    Nothing,
    /// White space.
    Space,
    /// More than two, or it depends on its neighbours.
    ContextDependent,
}

type FoldPage = [CharFold; PAGE_SIZE];

const PAGE_SIZE: usize = 256;
/// Letters beyond these pages are rare.
const PAGE_COUNT: usize = 0x340;

/// A page is worked out when a text first has a letter of it.
static TABLE: [OnceLock<Box<FoldPage>>; PAGE_COUNT] = [const { OnceLock::new() }; PAGE_COUNT];

/// Writes `text`, folded, behind what stands in `folded`, which is empty. If a letter depends on its neighbours, the
/// answer is no, and what was written is worth nothing.
pub(super) fn fold_by_char(text: &str, folded: &mut String) -> bool {
    let mut after_space = false;
    for letter in text.chars() {
        let alone = if letter.is_ascii() { ascii_fold(letter) } else { char_fold(letter) };
        match alone {
            CharFold::Space => after_space = true,
            CharFold::Nothing => {}
            CharFold::ContextDependent => return false,
            CharFold::One(_) | CharFold::Two(..) => {
                // What is in front of the first letter is trimmed, and so is what is behind the last.
                if after_space && !folded.is_empty() {
                    folded.push(' ');
                }
                after_space = false;
                match alone {
                    CharFold::One(one) => folded.push(one),
                    CharFold::Two(first, second) => folded.extend([first, second]),
                    _ => {}
                }
            }
        }
    }
    true
}

fn ascii_fold(letter: char) -> CharFold {
    if letter.is_whitespace() { CharFold::Space } else { CharFold::One(letter.to_ascii_lowercase()) }
}

fn char_fold(letter: char) -> CharFold {
    let code = letter as usize;
    let page = TABLE
        .get(code / PAGE_SIZE)
        .map(|page| page.get_or_init(|| compute_page(code / PAGE_SIZE * PAGE_SIZE)));
    page.and_then(|page| page.get(code % PAGE_SIZE)).copied().unwrap_or(CharFold::ContextDependent)
}

fn compute_page(first: usize) -> Box<FoldPage> {
    let letter = |at: usize| u32::try_from(first + at).ok().and_then(char::from_u32);
    Box::new(array::from_fn(|at| letter(at).map_or(CharFold::ContextDependent, compute)))
}

/// Neighbours can matter in two ways: marks are put in order and written together with the letter before them, and
/// so are some letters of the scripts below. What begins with neither is alone, since marks are not.
fn compute(letter: char) -> CharFold {
    let folded = fold_characters(&letter.to_string());
    if joins_letters(letter) || begins_with_mark(letter.encode_utf8(&mut [0; 4])) || begins_with_mark(&folded)
    {
        return CharFold::ContextDependent;
    }
    let mut letters = folded.chars();
    match (letters.next(), letters.next(), letters.next()) {
        (None, ..) => CharFold::Nothing,
        (Some(space), None, _) if space.is_whitespace() => CharFold::Space,
        _ if folded.contains(char::is_whitespace) || folded.contains(joins_letters) => {
            CharFold::ContextDependent
        }
        (Some(one), None, _) => CharFold::One(one),
        (Some(first), Some(second), None) => CharFold::Two(first, second),
        _ => CharFold::ContextDependent,
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
            assert_eq!(char_fold(second), CharFold::ContextDependent, "{second:?}");
        }
    }

    #[test]
    fn what_people_write_is_alone() {
        for letter in "éßЖسאあ漢한กΩ😀\u{200d}\u{fe0f}\u{a0}“’".chars() {
            assert_ne!(char_fold(letter), CharFold::ContextDependent, "{letter:?}");
        }
        for letter in "\u{301}\u{64e}\u{654}क\u{1161}\u{e48}".chars() {
            assert_eq!(char_fold(letter), CharFold::ContextDependent, "{letter:?}");
        }
    }
}
