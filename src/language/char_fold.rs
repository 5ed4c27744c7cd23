//! The fast path of folding: most characters fold to the same in any context, and a text of such
//! characters is folded by looking each of them up in a table.

use std::array;
use std::sync::OnceLock;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::CanonicalCombiningClass;

use super::fold::fold_characters;

/// The folded form of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CharFold {
    /// One character, usually the same.
    One(char),
    Two(char, char),
    Nothing,
    /// White space.
    Space,
    /// It depends on the neighbours, or is longer than two characters: the text takes the slow path.
    ContextDependent,
}

type FoldPage = [CharFold; PAGE_SIZE];

const PAGE_SIZE: usize = 256;
/// Characters beyond these pages are rare, and take the slow path.
const PAGE_COUNT: usize = 0x340;

/// The table. A page is computed when a text first has a character of it: computing all pages at the start
/// would delay every program, and most programs process texts in few scripts.
static TABLE: [OnceLock<Box<FoldPage>>; PAGE_COUNT] = [const { OnceLock::new() }; PAGE_COUNT];

/// Writes the folded form of `text` into `folded`, which is empty, and returns true. It returns false at the
/// first character that depends on its neighbours; the caller then discards `folded`.
pub(super) fn fold_by_char(text: &str, folded: &mut String) -> bool {
    let mut after_space = false;
    for letter in text.chars() {
        let fold = if letter.is_ascii() { ascii_fold(letter) } else { char_fold(letter) };
        match fold {
            CharFold::Space => after_space = true,
            CharFold::Nothing => {}
            CharFold::ContextDependent => return false,
            CharFold::One(_) | CharFold::Two(..) => {
                // A space is written only between two characters, which trims the text.
                if after_space && !folded.is_empty() {
                    folded.push(' ');
                }
                after_space = false;
                match fold {
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

/// The folded form of `letter`, if it does not depend on its neighbours.
///
/// Neighbours matter in normalization alone, and there in two ways (Unicode Standard, section 3.11): marks (characters
/// with a combining class) are reordered and composed with the starter before them, and a few starters of the scripts
/// below compose with the starter before them. A character that begins with neither, decomposed or folded, does not
/// change the text before it. The text after it cannot change it either: only such characters could, and any of them
/// sends the whole text to the slow path.
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

/// Whether `letter` is of a block with starters that compose with the starter before them: Indic, Tibetan, Myanmar,
/// Hangul jamo, Balinese and the historic scripts. A test compares these ranges with the compositions that Unicode
/// lists.
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
    fn no_character_of_the_table_composes_with_the_one_before() {
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
    fn common_characters_are_in_the_table() {
        for letter in "éßЖسאあ漢한กΩ😀\u{200d}\u{fe0f}\u{a0}“’".chars() {
            assert_ne!(char_fold(letter), CharFold::ContextDependent, "{letter:?}");
        }
        for letter in "\u{301}\u{64e}\u{654}क\u{1161}\u{e48}".chars() {
            assert_eq!(char_fold(letter), CharFold::ContextDependent, "{letter:?}");
        }
    }
}
