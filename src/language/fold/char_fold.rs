//! The fast path of folding: most characters fold to the same in any context, and a text of such characters is folded by
//! looking each of them up in a table. Marks are looked up too, and fitted to what they stand on.

use std::array;
use std::sync::OnceLock;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::CanonicalCombiningClass;

use super::definition::{fold_characters, is_dropped_on, is_latin_or_greek_letter, is_mark};

/// The folded form of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CharFold {
    /// One character, usually the same.
    One(char),
    Two(char, char),
    Nothing,
    /// White space.
    Space,
    /// A mark, and perhaps a letter after it.
    Mark(char, Option<char>),
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
            CharFold::Mark(mark, then) => {
                if after_space || !push_mark(mark, folded) {
                    return false;
                }
                folded.extend(then);
            }
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

/// Appends `mark`, unless it is dropped on what it stands on; returns false if only the slow path can tell.
fn push_mark(mark: char, folded: &mut String) -> bool {
    let Some(before) = folded.chars().next_back() else { return false };
    if is_dropped_on(before, mark) {
        return true;
    }
    // Behind a mark that stays on a Latin letter, further marks have to find the letter. Marks are in canonical order if
    // their classes do not descend.
    let class = combining_class(mark);
    let is_ordered = class == CanonicalCombiningClass::NotReordered || combining_class(before) <= class;
    if is_latin_or_greek_letter(before) || composes_with_one_before(mark) || !is_ordered {
        return false;
    }
    folded.push(mark);
    true
}

fn ascii_fold(letter: char) -> CharFold {
    match letter {
        '`' => CharFold::One('\''),
        _ if letter.is_whitespace() => CharFold::Space,
        _ => CharFold::One(letter.to_ascii_lowercase()),
    }
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

/// The folded form of `letter`, if it does not depend on its neighbours, or only as a mark does.
///
/// Neighbours matter in two ways. In normalization (Unicode Standard, section 3.11), marks with a combining class are
/// reordered and composed with the starter before them, and a few starters compose with the starter before them. And marks
/// are dropped on certain letters. So a character that begins with neither, decomposed or folded, does not change the text
/// before it. The text after it cannot change it either: only such characters could, and [`push_mark`] sees to them.
fn compute(letter: char) -> CharFold {
    let folded = fold_characters(&letter.to_string());
    let mut letters = folded.chars();
    let (first, second, third) = (letters.next(), letters.next(), letters.next());
    // What is dropped in any case changes neither the order of the marks around it nor what they compose with.
    let Some(first) = first else { return CharFold::Nothing };
    if begins_with_mark(letter.encode_utf8(&mut [0; 4])) || begins_with_mark(&folded) {
        return match second {
            None if letter == first => CharFold::Mark(first, None),
            Some(second) if third.is_none() && !is_mark(letter) && !is_mark(second) => {
                CharFold::Mark(first, Some(second))
            }
            _ => CharFold::ContextDependent,
        };
    }
    if composes_with_one_before(letter) || composes_with_one_before(first) {
        return CharFold::ContextDependent;
    }
    match (second, third) {
        (None, _) if first.is_whitespace() => CharFold::Space,
        _ if folded.contains(char::is_whitespace) => CharFold::ContextDependent,
        (None, _) => CharFold::One(first),
        (Some(second), None) => CharFold::Two(first, second),
        _ => CharFold::ContextDependent,
    }
}

/// Whether `character` may compose with the one before it: a mark, or a starter of the Indic, Tibetan, Myanmar, Hangul jamo,
/// Balinese and historic scripts. A test compares these ranges with the compositions that Unicode lists.
fn composes_with_one_before(character: char) -> bool {
    matches!(character,
        '\u{0300}'..='\u{036F}' | '\u{0591}'..='\u{05C7}' | '\u{0653}'..='\u{0655}' | '\u{093C}' | '\u{0980}'..='\u{09FF}'
        | '\u{0A3C}' | '\u{0B00}'..='\u{0BFF}' | '\u{0C56}' | '\u{0C80}'..='\u{0DFF}' | '\u{0F00}'..='\u{11FF}'
        | '\u{1B00}'..='\u{1B7F}' | '\u{3099}'..='\u{309A}' | '\u{11000}'..='\u{16FFF}' | '\u{1D000}'..='\u{1D1FF}')
}

/// Whether the text begins with a mark, as it is or decomposed.
fn begins_with_mark(text: &str) -> bool {
    let mut decomposed = DecomposingNormalizerBorrowed::new_nfd().normalize_iter(text.chars());
    decomposed.next().is_some_and(|first| {
        is_mark(first) || combining_class(first) != CanonicalCombiningClass::NotReordered
    })
}

fn combining_class(character: char) -> CanonicalCombiningClass {
    CodePointMapData::<CanonicalCombiningClass>::new().get(character)
}

#[cfg(test)]
mod tests {
    use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};

    use super::*;

    #[test]
    fn every_character_that_composes_with_the_one_before_is_known() {
        let seconds = ('\0'..=char::MAX).filter_map(|letter| {
            match CanonicalDecompositionBorrowed::new().decompose(letter) {
                Decomposed::Expansion(_, second) => Some(second),
                _ => None,
            }
        });
        for second in seconds {
            assert!(composes_with_one_before(second), "{second:?}");
            let is_mark_or_dropped = matches!(char_fold(second), CharFold::Mark(_, None) | CharFold::Nothing);
            assert!(is_mark_or_dropped || char_fold(second) == CharFold::ContextDependent, "{second:?}");
        }
    }

    #[track_caller]
    fn is_fast(text: &str, fast: bool) {
        assert_eq!(fold_by_char(text, &mut String::new()), fast, "{text:?}");
    }

    #[test]
    fn texts_that_people_write_are_fast() {
        is_fast("Übergröße, PREÇO? cafe\u{301} Ελληνικά «да» “I can’t” 1\u{fe0f}\u{20e3} 👍🏽", true);
        is_fast("أَحْمَد قُرْآنٌ سئل ۱۲۳ שָׁלוֹם", true);
        is_fast("नमस्ते हिन्दी \u{958}लम ١", true);
        is_fast("ขอบคุณครับ ทำงาน ที่", true);
        is_fast("漢字 한국 ありがとう ｶ", true);
        is_fast("и\u{306}", false);
        is_fast("か\u{3099}", false);
        is_fast("বা", false);
        is_fast("\u{1112}\u{1161}", false);
    }
}
