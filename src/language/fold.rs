//! Folding: the form in which texts are compared, so that case, Unicode form and Arabic spelling variants do not
//! matter.
//!
//! The definition is the slow path, `fold_characters`. Two fast paths give the same result, as tests verify:
//! ASCII texts are folded byte by byte, and most others character by character (`char_fold.rs`).

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{CanonicalCombiningClass, ChangesWhenNfkcCasefolded, DefaultIgnorableCodePoint};
use icu_properties::{CodePointMapData, CodePointSetData};

use super::char_fold::fold_by_char;
use super::word_match;

/// A folded text, made by [`fold`]. Two texts that read the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Folded(Box<str>);

impl Folded {
    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether folding left nothing of the text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether it contains `needle` as whole words: neither end of the match is inside a word.
    pub fn contains_words(&self, needle: &Self) -> bool {
        word_match::contains_words(&self.0, &needle.0)
    }

    /// Whether it contains `needle`, even inside a word.
    pub fn contains(&self, needle: &Self) -> bool {
        self.0.contains(&*needle.0)
    }

    /// Whether it starts with `needle`.
    pub fn starts_with(&self, needle: &Self) -> bool {
        self.0.starts_with(&*needle.0)
    }
}

/// What folding has to do to a text. It is determined in one pass over the bytes, and may be more than is necessary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoldNeed {
    /// Nothing: the text is folded already.
    Nothing,
    /// The text is ASCII with capital letters.
    Lowercase,
    /// The text is ASCII with white space to join or to trim, and may have capital letters.
    Whitespace,
    /// The text is not ASCII.
    Full,
}

/// What folding has to do to `text`.
///
/// The loop has no early exit and its state is one byte for each lane, so that the compiler turns it into vector
/// instructions: most messages are short ASCII texts, and this pass is all that they need.
pub(crate) fn fold_need(text: &str) -> FoldNeed {
    let bytes = text.as_bytes();
    let (Some((first, rest)), Some((last, but_last))) = (bytes.split_first(), bytes.split_last()) else {
        return FoldNeed::Nothing;
    };
    // Each byte is classified together with the one before it. The last chunk may overlap the one before: the classes
    // are combined with `or`, so that classifying a byte twice does no harm.
    let mut lanes = [0; CHUNK];
    let mut classes = 0;
    let (chunks, previous_chunks) = (rest.as_chunks().0, but_last.as_chunks().0);
    for (chunk, before) in chunks.iter().zip(previous_chunks) {
        classify_chunk(before, chunk, &mut lanes);
    }
    match (rest.last_chunk(), but_last.last_chunk()) {
        (Some(chunk), Some(before)) => classify_chunk(before, chunk, &mut lanes),
        _ => {
            for (byte, before) in rest.iter().zip(but_last) {
                classes |= classify_byte(*before, *byte);
            }
        }
    }
    classes = lanes.iter().fold(classes, |all, lane| all | lane);
    // A space at either end has to be trimmed, so it counts as the second of two.
    classes |= classify_byte(b' ', *first) | classify_byte(*last, b' ');
    match classes {
        0 => FoldNeed::Nothing,
        CAPITALS => FoldNeed::Lowercase,
        classes if classes & NOT_ASCII == 0 => FoldNeed::Whitespace,
        _ => FoldNeed::Full,
    }
}

/// The bytes of a 128-bit vector register.
const CHUNK: usize = 16;
const NOT_ASCII: u8 = 0x80;
const SPACES: u8 = 2;
const CAPITALS: u8 = 1;

#[inline]
fn classify_chunk(before: &[u8; CHUNK], chunk: &[u8; CHUNK], classes: &mut [u8; CHUNK]) {
    for ((classes, byte), before) in classes.iter_mut().zip(chunk).zip(before) {
        *classes |= classify_byte(*before, *byte);
    }
}

/// The classes of `byte`, which follows `before`. All control characters count as white space here, since
/// some of them are; splitting the text at white space then treats each of them correctly.
#[inline]
fn classify_byte(before: u8, byte: u8) -> u8 {
    let are_spaces = (byte ^ b' ') | (before ^ b' ') == 0;
    let spaces = u8::from(byte < b' ' || are_spaces) * SPACES;
    (byte & NOT_ASCII) | spaces | (u8::from(byte.is_ascii_uppercase()) * CAPITALS)
}

/// Writes the folded form of `text` into `folded`, whose capacity is reused.
pub(crate) fn fold_into(text: &str, folded: &mut String) {
    folded.clear();
    match fold_need(text) {
        FoldNeed::Nothing => folded.push_str(text),
        FoldNeed::Lowercase => {
            folded.push_str(text);
            folded.make_ascii_lowercase();
        }
        FoldNeed::Whitespace => {
            push_single_spaces(text, folded);
            folded.make_ascii_lowercase();
        }
        FoldNeed::Full => {
            if !fold_by_char(text, folded) {
                folded.clear();
                push_single_spaces(&fold_characters(text), folded);
            }
        }
    }
}

/// Folds `text`: applies `NFKC_Casefold` (Unicode Standard, section 3.13); drops Arabic vowel marks, tatweel and Hebrew
/// points; writes `أ إ آ ٱ` as `ا`, `ى` as `ي` and `ة` as `ه`; composes the result (NFC, UAX #15); and replaces each
/// run of white space by one space, and trims it.
///
/// Folding is idempotent, and canonically equivalent texts have the same folded form.
pub fn fold(text: &str) -> Folded {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    Folded(folded.into_boxed_str())
}

/// The slow path: the folded form of `text`, but for its white space.
pub(super) fn fold_characters(text: &str) -> String {
    NFC.normalize(&unify_letters(&nfkc_casefold(text))).into_owned()
}

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();
const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();

/// `toNFKC_Casefold(NFD(text))` (Unicode Standard, section 3.13, definition D147), but for the final NFC, which the
/// caller applies once at the end.
fn nfkc_casefold(text: &str) -> String {
    let changes = CodePointSetData::new::<ChangesWhenNfkcCasefolded>();
    let mut folded = String::with_capacity(text.len());
    for letter in NFD.normalize_iter(text.chars()) {
        if changes.contains(letter) {
            folded.push_str(&nfkc_casefold_char(letter));
        } else {
            folded.push(letter);
        }
    }
    folded
}

/// The property `NFKC_Casefold` of one character. ICU4X has no data for it, so it is computed as Unicode derives it
/// (UAX #44, DerivedNormalizationProps): NFKC, case folding and the removal of default ignorable code points, repeated
/// until nothing changes.
fn nfkc_casefold_char(letter: char) -> String {
    let mut folded = letter.to_string();
    loop {
        let mut next = NFKC.normalize(&CaseMapper::new().fold_string(&NFKC.normalize(&folded))).into_owned();
        next.retain(|letter| !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(letter));
        if next == folded {
            return folded;
        }
        folded = next;
    }
}

const ALEF: char = 'ا';

/// Drops vowel marks and tatweel, and replaces letters that people use interchangeably by one of them. This is the usual
/// normalization of Arabic in information retrieval, as in Larkey, Ballesteros and Connell, "Improving Stemming for
/// Arabic Information Retrieval" (SIGIR 2002), and Lucene's `ArabicNormalizer`.
///
/// It works on the decomposed text (NFD), where a hamza is a separate mark, even if other marks follow the alef.
fn unify_letters(text: &str) -> String {
    let classes = CodePointMapData::<CanonicalCombiningClass>::new();
    let mut unified = String::with_capacity(text.len());
    let mut on_alef = false;
    for letter in NFD.normalize_iter(text.chars()) {
        let letter = unify_letter(letter);
        // Vowel marks are dropped first, so that one between an alef and its hamza does not separate them.
        if is_dropped(letter) {
            continue;
        }
        on_alef = letter == ALEF || (on_alef && classes.get(letter) != CanonicalCombiningClass::NotReordered);
        if !(on_alef && is_madda_or_hamza(letter)) {
            unified.push(letter);
        }
    }
    unified
}

fn unify_letter(letter: char) -> char {
    match letter {
        'ٱ' => ALEF,
        'ى' => 'ي',
        'ة' => 'ه',
        other => other,
    }
}

/// Whether `letter` is an Arabic vowel mark, tatweel or a Hebrew point.
fn is_dropped(letter: char) -> bool {
    matches!(letter,
        '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{0652}' | '\u{0656}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E4}' | '\u{06E7}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}'
        | '\u{0640}'
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}'..='\u{05C2}' | '\u{05C4}'..='\u{05C5}' | '\u{05C7}')
}

/// Whether `letter` is a mark that turns an alef into `آ`, `أ` or `إ`.
fn is_madda_or_hamza(letter: char) -> bool {
    matches!(letter, '\u{0653}'..='\u{0655}')
}

/// Appends `text` with each run of white space as one space, and none at the ends.
fn push_single_spaces(text: &str, folded: &mut String) {
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn same(a: &str, b: &str) {
        assert_eq!(fold(a), fold(b), "{a:?} and {b:?}");
    }

    #[track_caller]
    fn differ(a: &str, b: &str) {
        assert_ne!(fold(a), fold(b), "{a:?} and {b:?}");
    }

    #[track_caller]
    fn check(text: &str, expected: &str) {
        assert_eq!(fold(text).as_str(), expected);
    }

    #[test]
    fn case_and_form() {
        same("Straße", "STRASSE");
        same("STRAẞE", "strasse");
        same("caf\u{e9}", "CAFE\u{301}");
        differ("café", "cafe");
        differ("für", "fur");
        same("ΣΊΣΥΦΟΣ", "σίσυφος");
        same("Ёлка", "ёлка");
        same("ﬁnal", "FINAL");
        same("①②", "12");
        same("ｒｅｆｕｎｄ　１２３", "Refund 123");
        same("ｶﾞ", "ガ");
        same("İ", "i\u{307}");
        differ("ı", "i");
        same("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}");
    }

    #[test]
    fn arabic() {
        check("أَحْمَد", "احمد");
        check("إسلام آمن ٱلله", "اسلام امن الله");
        check("\u{627}\u{654}حمد", "احمد");
        check("\u{627}\u{610}\u{654}حمد", "احمد");
        check("مـــرحـــبا", "مرحبا");
        check("مدرسة", "مدرسه");
        check("على", "علي");
        check("ﻣﺮﺣﺒﺎ", "مرحبا");
        check("ﻷ", "لا");
        check("ﷲ", "الله");
        check("هٰذا", "هذا");
        same("مسؤول", "مسو\u{654}ول");
        differ("سؤال", "سوال");
        differ("سئل", "سيل");
        differ("ء", "");
        check("قُرْآنٌ", "قران");
        check("ۖ", "");
    }

    #[test]
    fn hebrew() {
        check("שָׁלוֹם", "שלום");
        check("שׁלום", "שלום");
        check("בְּרֵאשִׁ֖ית", "בראשית");
        check("ב\u{5be}ג", "ב\u{5be}ג");
    }

    #[test]
    fn invisible_characters() {
        check("re\u{200d}fu\u{ad}nd\u{200b}", "refund");
        check("\u{feff}hi\u{202e}", "hi");
        check("❤\u{fe0f}", "❤");
        check("👨\u{200d}👩\u{200d}👧", "👨👩👧");
        check("👍🏽", "👍🏽");
        check("\u{200b}\u{ad}", "");
        check("\u{115f}", "");
    }

    #[test]
    fn white_space() {
        check("  a \t\r\n b\u{a0}\u{2003}\u{3000}c\u{2028}", "a b c");
        check("a\u{b}\u{c}b\u{85}c", "a b c");
        check(" \n", "");
        check("a\u{200b} \u{200b} b", "a b");
    }

    /// Every character in the planes that Unicode assigns, without those for private use.
    fn assigned() -> impl Iterator<Item = char> {
        ('\0'..='\u{33FFF}').chain('\u{E0000}'..='\u{E0FFF}')
    }

    /// `NFKC_Casefold`, as derived here, changes exactly the characters that Unicode lists as
    /// `Changes_When_NFKC_Casefolded`.
    #[test]
    fn the_derived_property_agrees_with_unicode() {
        let changes = CodePointSetData::new::<ChangesWhenNfkcCasefolded>();
        for letter in assigned() {
            let folded = nfkc_casefold_char(letter);
            // The property is about decomposed characters, and `nfkc_casefold` passes no others.
            let decomposed = NFD.normalize_iter(std::iter::once(letter)).eq([letter]);
            if decomposed {
                assert_eq!(folded != letter.to_string(), changes.contains(letter), "{letter:?} {folded:?}");
            }
        }
    }

    fn slow_path(text: &str) -> String {
        let mut folded = String::new();
        push_single_spaces(&fold_characters(text), &mut folded);
        folded
    }

    #[test]
    fn the_fast_path_is_right_for_every_character() {
        for letter in assigned() {
            let text = format!("a{letter} {letter}ا{letter}");
            assert_eq!(fold(&text).as_str(), slow_path(&text), "{letter:?}");
        }
    }

    #[test]
    fn folding_any_character_is_idempotent() {
        for letter in assigned() {
            let text = format!("x{letter}x");
            let folded = fold(&text);
            assert_eq!(fold(folded.as_str()), folded, "{letter:?}");
            assert_eq!(fold(&NFD.normalize(&text)), folded, "{letter:?}");
            assert_eq!(fold(&CaseMapper::new().fold_string(&text)), folded, "{letter:?}");
            assert!(NFC.is_normalized(folded.as_str()) && NFKC.is_normalized(folded.as_str()), "{letter:?}");
        }
    }

    /// Texts of any characters, but more often of those that fold in a special way.
    fn text() -> impl Strategy<Value = String> {
        let special = prop::sample::select(
            "aZßẞéÅǰſﬁΣςᾳ\u{345}\u{37a}\u{300}\u{316}\u{34f}\u{200d}\u{ad}\u{fe0f}İıｶﾞｱ\u{3099}한\u{1100}\u{1161}أإآٱاىةـئ\u{653}\u{654}\u{655}\u{64e}\u{651}\u{610}\u{670}ﷲﻷש\u{5b8}\u{5c1}\u{5be}ก\u{e33}你 \t\u{a0}\u{2028}\u{3000}_9٣"
                .chars()
                .collect::<Vec<_>>(),
        );
        prop::collection::vec(prop_oneof![3 => special, 1 => any::<char>()], 0..12)
            .prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn folding_again_changes_nothing(text in text()) {
            prop_assert_eq!(fold(fold(&text).as_str()), fold(&text));
        }

        #[test]
        fn unicode_forms_fold_to_the_same(text in text()) {
            prop_assert_eq!(fold(&NFD.normalize(&text)), fold(&text));
            prop_assert_eq!(fold(&NFC.normalize(&text)), fold(&text));
        }

        #[test]
        fn cases_fold_to_the_same(text in "[a-zß-öø-ÿа-яα-ωա-ֆ ]{0,12}") {
            prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
        }

        #[test]
        fn the_fast_path_for_ascii_is_right(text in "[\0-\x7f]{0,16}") {
            prop_assert_eq!(fold(&text).0.into_string(), slow_path(&text));
        }

        #[test]
        fn the_fast_path_for_other_texts_is_right(text in text()) {
            prop_assert_eq!(fold(&text).0.into_string(), slow_path(&text));
        }

        #[test]
        fn the_need_for_folding_is_right(text in "([a-c]{0,40}[a-cA-C éX\\n]{0,4}[a-c]{0,40})|[a-cA-C éX\\n]{0,4}") {
            let folded = fold(&text);
            match fold_need(&text) {
                FoldNeed::Nothing => prop_assert_eq!(folded.as_str(), text),
                FoldNeed::Lowercase => prop_assert_eq!(folded.as_str(), text.to_ascii_lowercase()),
                FoldNeed::Whitespace => prop_assert!(text.is_ascii()),
                FoldNeed::Full => prop_assert!(!text.is_ascii()),
            }
        }
    }
}
