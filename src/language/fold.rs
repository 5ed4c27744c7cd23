//! Text as text tests compare it: letters of any case, Unicode form or hamza fold to the same.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{CanonicalCombiningClass, ChangesWhenNfkcCasefolded, DefaultIgnorableCodePoint};
use icu_properties::{CodePointMapData, CodePointSetData};

use super::char_fold::fold_by_char;
use super::word_match;

/// A text as text tests compare it; made by [`fold`], so two that read the same are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Folded(Box<str>);

impl Folded {
    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left of the text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `needle` stands in it as whole words: neither end of it inside a word.
    pub fn contains_words(&self, needle: &Self) -> bool {
        word_match::contains_words(&self.0, &needle.0)
    }

    /// Whether `needle` stands in it, inside words too.
    pub fn contains(&self, needle: &Self) -> bool {
        self.0.contains(&*needle.0)
    }

    /// Whether it begins with `needle`.
    pub fn starts_with(&self, needle: &Self) -> bool {
        self.0.starts_with(&*needle.0)
    }
}

/// What of a text folding changes, as far as a glance tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FoldNeed {
    /// Nothing.
    Nothing,
    /// Capitals.
    Lowercase,
    /// White space, perhaps capitals.
    Whitespace,
    /// It is not ASCII: perhaps anything.
    Full,
}

/// Looks at every byte of `text` without a way out in between, so that the processor looks at many at once.
pub(crate) fn fold_need(text: &str) -> FoldNeed {
    let bytes = text.as_bytes();
    let (Some((first, rest)), Some((last, but_last))) = (bytes.split_first(), bytes.split_last()) else {
        return FoldNeed::Nothing;
    };
    // Each byte is looked at beside the one before it; some twice, as what is seen twice is seen.
    let mut by_place = [0; CHUNK];
    let mut seen = 0;
    let (chunks, chunks_before) = (rest.as_chunks().0, but_last.as_chunks().0);
    for (chunk, before) in chunks.iter().zip(chunks_before) {
        classify_chunk(before, chunk, &mut by_place);
    }
    match (rest.last_chunk(), but_last.last_chunk()) {
        (Some(chunk), Some(before)) => classify_chunk(before, chunk, &mut by_place),
        _ => {
            seen = rest
                .iter()
                .zip(but_last)
                .fold(seen, |seen, (byte, before)| seen | classify_byte(*before, *byte))
        }
    }
    seen = by_place.iter().fold(seen, |all, seen| all | seen);
    // White space at either end counts as two.
    seen |= classify_byte(b' ', *first) | classify_byte(*last, b' ');
    match seen {
        0 => FoldNeed::Nothing,
        CAPITALS => FoldNeed::Lowercase,
        seen if seen & NOT_ASCII == 0 => FoldNeed::Whitespace,
        _ => FoldNeed::Full,
    }
}

/// As many bytes as a processor looks at together.
const CHUNK: usize = 16;
const NOT_ASCII: u8 = 0x80;
const SPACES: u8 = 2;
const CAPITALS: u8 = 1;

#[inline]
fn classify_chunk(before: &[u8; CHUNK], chunk: &[u8; CHUNK], seen: &mut [u8; CHUNK]) {
    for ((seen, byte), before) in seen.iter_mut().zip(chunk).zip(before) {
        *seen |= classify_byte(*before, *byte);
    }
}

/// What is to be seen of a byte that stands after another.
#[inline]
fn classify_byte(before: u8, byte: u8) -> u8 {
    let are_spaces = (byte ^ b' ') | (before ^ b' ') == 0;
    let spaces = u8::from(byte < b' ' || are_spaces) * SPACES;
    (byte & NOT_ASCII) | spaces | (u8::from(byte.is_ascii_uppercase()) * CAPITALS)
}

/// Writes `text`, folded, into `folded`, whose room is kept.
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

/// Folds `text`: `NFKC_Casefold`; Arabic vowel marks, tatweel and Hebrew points dropped; `أ إ آ ٱ` as `ا`, `ى` as
/// `ي`, `ة` as `ه`; NFC; white space runs as one space; trimmed.
///
/// Folding again changes nothing, and canonically equivalent texts fold to the same.
pub fn fold(text: &str) -> Folded {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    Folded(folded.into_boxed_str())
}

/// The letters of `text`, folded one by one and together, but for white space.
pub(super) fn fold_characters(text: &str) -> String {
    NFC.normalize(&unify_letters(&nfkc_casefold(text))).into_owned()
}

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();
const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();

/// Unicode's `toNFKC_Casefold(NFD(text))` (chapter 3.13, D147), up to the last NFC, which our caller does.
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

/// The property `NFKC_Casefold` of one letter, as Unicode derives it: NFKC, case folding and the removal of
/// ignorable characters, again and again until nothing changes.
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

/// Without vowel marks and tatweel, and with one letter for those that are written for each other. It works on
/// the decomposed text, where a hamza is a mark of its own and no other mark hides it from its alef.
fn unify_letters(text: &str) -> String {
    let classes = CodePointMapData::<CanonicalCombiningClass>::new();
    let mut plain = String::with_capacity(text.len());
    let mut on_alef = false;
    for letter in NFD.normalize_iter(text.chars()) {
        let letter = unify_letter(letter);
        // What is dropped must not stand between an alef and its hamza either.
        if is_dropped(letter) {
            continue;
        }
        on_alef = letter == ALEF || (on_alef && classes.get(letter) != CanonicalCombiningClass::NotReordered);
        if !(on_alef && is_madda_or_hamza(letter)) {
            plain.push(letter);
        }
    }
    plain
}

fn unify_letter(letter: char) -> char {
    match letter {
        'ٱ' => ALEF,
        'ى' => 'ي',
        'ة' => 'ه',
        other => other,
    }
}

/// Arabic vowel marks, tatweel, Hebrew points.
fn is_dropped(letter: char) -> bool {
    matches!(letter,
        '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{0652}' | '\u{0656}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E4}' | '\u{06E7}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}'
        | '\u{0640}'
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}'..='\u{05C2}' | '\u{05C4}'..='\u{05C5}' | '\u{05C7}')
}

/// What makes `آ أ إ` of an alef.
fn is_madda_or_hamza(letter: char) -> bool {
    matches!(letter, '\u{0653}'..='\u{0655}')
}

/// Each run of white space as one space, none at the ends.
fn push_single_spaces(text: &str, spaced: &mut String) {
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
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
    fn what_is_not_seen() {
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

    /// Every character but the private and those that Unicode has yet to give a meaning.
    fn assigned() -> impl Iterator<Item = char> {
        ('\0'..='\u{33FFF}').chain('\u{E0000}'..='\u{E0FFF}')
    }

    /// `NFKC_Casefold` of every character: its derivation changes exactly those that Unicode lists as changing.
    #[test]
    fn every_letter_changes_when_unicode_says_so() {
        let changes = CodePointSetData::new::<ChangesWhenNfkcCasefolded>();
        for letter in assigned() {
            let folded = nfkc_casefold_char(letter);
            // The property speaks of the decomposed letter, which is how `nfkc_casefold` meets it.
            let decomposed = NFD.normalize_iter(std::iter::once(letter)).eq([letter]);
            if decomposed {
                assert_eq!(folded != letter.to_string(), changes.contains(letter), "{letter:?} {folded:?}");
            }
        }
    }

    fn long_way(text: &str) -> String {
        let mut folded = String::new();
        push_single_spaces(&fold_characters(text), &mut folded);
        folded
    }

    #[test]
    fn the_short_way_is_right_for_every_letter() {
        for letter in assigned() {
            let text = format!("a{letter} {letter}ا{letter}");
            assert_eq!(fold(&text).as_str(), long_way(&text), "{letter:?}");
        }
    }

    #[test]
    fn every_letter_folds_once_and_for_all() {
        for letter in assigned() {
            let text = format!("x{letter}x");
            let folded = fold(&text);
            assert_eq!(fold(folded.as_str()), folded, "{letter:?}");
            assert_eq!(fold(&NFD.normalize(&text)), folded, "{letter:?}");
            assert_eq!(fold(&CaseMapper::new().fold_string(&text)), folded, "{letter:?}");
            assert!(NFC.is_normalized(folded.as_str()) && NFKC.is_normalized(folded.as_str()), "{letter:?}");
        }
    }

    /// Any character, those that fold in a special way more often.
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
        fn the_short_way_for_ascii_is_right(text in "[\0-\x7f]{0,16}") {
            prop_assert_eq!(fold(&text).0.into_string(), long_way(&text));
        }

        #[test]
        fn the_short_way_for_most_letters_is_right(text in text()) {
            prop_assert_eq!(fold(&text).0.into_string(), long_way(&text));
        }

        #[test]
        fn a_glance_is_right(text in "([a-c]{0,40}[a-cA-C éX\\n]{0,4}[a-c]{0,40})|[a-cA-C éX\\n]{0,4}") {
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
