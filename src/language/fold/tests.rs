//! What folding is, by examples; that it is sound, on every character and on random texts.

use icu_casemap::CaseMapper;
use icu_normalizer::properties::{CanonicalDecompositionBorrowed, Decomposed};
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{
    CanonicalCombiningClass, ChangesWhenNfkcCasefolded, GeneralCategory, GeneralCategoryGroup,
};
use icu_properties::{CodePointMapData, CodePointSetData};
use proptest::prelude::*;

use super::definition::{fold_characters, nfkc_casefold_char, push_single_spaces};
use super::signs::is_sign_or_space;
use super::{FoldNeed, fold, fold_need, is_behind_signs, trim_signs_start};

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();
const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();

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
    same("ΣΊΣΥΦΟΣ", "σίσυφος");
    same("ﬁnal", "FINAL");
    same("Ĳsland", "IJSLAND");
    same("①②", "12");
    same("ｒｅｆｕｎｄ　１２３", "Refund 123");
    same("ｶﾞ", "ガ");
    same("한국", "\u{1112}\u{1161}\u{11ab}\u{1100}\u{116e}\u{11a8}");
}

#[test]
fn accents() {
    check("PREÇO não", "preco nao");
    check("für Ñandú Ångström", "fur nandu angstrom");
    check("İstanbul ıspanak", "istanbul ispanak");
    check("Łódź đồng København Ħal Æsir cœur ǽ ǿ", "lodz dong kobenhavn hal aesir coeur ae o");
    check("αι ᾀ\u{302e} ᾀ ΐ", "αι α\u{302e}ι αι ι");
    check("e\u{34f}\u{301}\u{20dd}\u{302} a\u{1f3fb}\u{301}", "e\u{20dd} a");
    same("Ёлка", "елка");
    differ("й", "и");
    differ("ў", "у");
    differ("が", "か");
    differ("ð", "d");
    check("1\u{301} +\u{301}", "1\u{301} +\u{301}");
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
fn persian_and_urdu() {
    same("کتاب یک", "كتاب يك");
    same("خانۀ", "خانه");
    same("ہ ۂ ە ۀ", "ه ه ه ه");
    same("ئى", "ئی");
}

#[test]
fn hebrew() {
    check("שָׁלוֹם", "שלום");
    check("שׁלום", "שלום");
    check("בְּרֵאשִׁ֖ית", "בראשית");
    check("ב\u{5be}ג ד״ר צ׳יפס", "ב-ג ד\"ר צ'יפס");
}

#[test]
fn apostrophes_quotation_marks_and_dashes() {
    for apostrophe in "'’‘‛ʻʼ′`´\u{1ffd}\u{1fef}＇׳".chars() {
        check(&format!("can{apostrophe}t"), "can't");
    }
    for mark in "\"“”„‟«»״＂".chars() {
        check(&format!("{mark}a{mark}"), "\"a\"");
    }
    for dash in "-‐‑‒–—―−－\u{5be}".chars() {
        check(&format!("a{dash}b"), "a-b");
    }
    check("‚ ŉ ″", "‚ 'n ''");
}

#[test]
fn digits() {
    check("١٢٣ ۱۲۳ १२३ １２３ 𝟏𝟐𝟑 ๑๒๓", "123 123 123 123 123 123");
    check("1\u{fe0f}\u{20e3} #\u{fe0f}\u{20e3}", "1 #");
    check("½ ² 一", "1⁄2 2 一");
    let category = CodePointMapData::<GeneralCategory>::new();
    for digits in category.iter_ranges_for_value(GeneralCategory::DecimalNumber) {
        assert_eq!((digits.end() - digits.start() + 1) % 10, 0, "{digits:x?}");
        for (at, code) in digits.enumerate() {
            check(&String::from(char::from_u32(code).unwrap()), &(at % 10).to_string());
        }
    }
}

#[test]
fn invisible_characters_and_skin_tones() {
    check("re\u{200d}fu\u{ad}nd\u{200b}", "refund");
    check("\u{feff}hi\u{202e}", "hi");
    check("❤\u{fe0f}", "❤");
    check("👨\u{200d}👩\u{200d}👧", "👨👩👧");
    check("👍🏽", "👍");
    check("\u{200b}\u{ad}", "");
    check("\u{115f}", "");
}

#[test]
fn white_space() {
    check("  a \t\r\n b\u{a0}\u{2003}\u{3000}c\u{2028}", "a b c");
    check("a\u{b}\u{c}b\u{85}c", "a b c");
    check(" \n", "");
    check("a\u{200b} \u{200b} b", "a b");
    check(" ` \n", "'");
}

#[test]
fn signs_at_the_ends() {
    let trimmed = |text: &str| (fold(text).without_signs(), fold(text).without_signs_at_start());
    let check = |text: &str, both: &str, start: &str| {
        assert_eq!(trimmed(text), (fold(both), fold(start)), "{text:?}");
    };
    check("Yes!", "yes", "yes!");
    check("*yes* 👍", "yes", "yes* 👍");
    check("#1", "1", "1");
    check("1️⃣", "1", "1");
    check("¿Qué? 🇪🇬", "que", "que? 🇪🇬");
    check("re:", "re", "re:");
    check("( a. b )", "a. b", "a. b )");
    check("_a_", "_a_", "_a_");
    check("-$5", "$5", "$5");
    check("c++", "c++", "c++");
    check("`ok´", "ok", "ok'");
    check("👍🏽", "👍", "👍");
    check("?!", "?!", "?!");
    check("、はい。", "はい", "はい。");
    check("نعم؟", "نعم", "نعم؟");
    check("❤\u{fe0f} ok ‼️", "ok", "ok ‼");
}

#[test]
fn equal_but_for_signs() {
    let is = |text: &str, other: &str| fold(text).is_but_for_signs(&fold(other));
    assert!(is("Yes!", "yes") && is("yes", "Yes!") && is("*yes* 👍", "(yes)") && is("١", "#1"));
    assert!(is("!", "!") && !is("!", "?") && !is("!", "!!") && !is("yes", "!") && !is("!", "yes"));
    let starts = |text: &str, start: &str| fold(text).starts_but_for_signs(&fold(start));
    assert!(starts("*Re: refund", "re:") && starts("re: x", "- re:") && !starts("refund", "re:"));
    assert!(starts("!! a", "!") && !starts("?! a", "!") && !starts("a!", "!") && !starts("!", "a"));
}

/// So neither end of a match that is whole words is anywhere else for a sign beside it.
#[test]
fn no_sign_is_a_word_character() {
    let is_folded = |letter: &char| fold(&letter.to_string()).as_str() == letter.to_string();
    for letter in assigned().filter(|letter| is_sign_or_space(*letter)).filter(is_folded) {
        assert!(super::super::word_match::contains_words(&format!("a{letter}a"), "a"), "{letter:?}");
    }
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

#[track_caller]
fn is_sound(text: &str) {
    let folded = fold(text);
    assert_eq!(folded.as_str(), slow_path(text), "{text:?}");
    assert_eq!(fold(folded.as_str()), folded, "{text:?}");
    assert_eq!(fold(&NFD.normalize(text)), folded, "{text:?}");
    assert_eq!(fold(&NFC.normalize(text)), folded, "{text:?}");
    assert!(NFC.is_normalized(folded.as_str()) && NFKC.is_normalized(folded.as_str()), "{text:?}");
}

/// Each character alone, and but for the uniform blocks of ideographs and syllables also between letters, after letters on
/// which marks are dropped, and before marks.
#[test]
fn folding_any_character_is_sound() {
    for letter in assigned() {
        is_sound(&format!("{letter}"));
        let is_uniform = matches!(letter,
            '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{12000}'..='\u{1CFFF}' | '\u{20000}'..);
        if is_uniform && !u32::from(letter).is_multiple_of(64) {
            continue;
        }
        is_sound(&format!("x{letter}x е{letter}\u{308} {letter}"));
        is_sound(&format!("ا{letter}\u{654}ه{letter}α{letter}\u{301}"));
        is_sound(&format!("{letter}\u{301} {letter}\u{e48}\u{94d}ก{letter}\u{345}"));
    }
}

#[test]
fn cases_of_any_character_fold_to_the_same() {
    for letter in assigned() {
        let text = format!("x{letter}x");
        assert_eq!(fold(&CaseMapper::new().fold_string(&text)), fold(&text), "{letter:?}");
    }
}

/// Characters that fold in a special way, or that make others do so.
const SPECIAL: &str = "aZßẞéÅǰſﬁΣςᾳᾀΐ\u{345}\u{37a}\u{300}\u{301}\u{308}\u{316}\u{344}\u{34f}\u{302e}\u{200d}\u{ad}\u{fe0f}\u{20e3}\u{20dd}\
    İıłĐøħÆœǽĳŉеёйѐи\u{306}ｶﾞｱ\u{3099}한\u{1100}\u{1161}\u{11a8}أإآٱاىیةہەۂۀۓکـئؤ\u{653}\u{654}\u{655}\u{64e}\u{651}\u{610}\u{670}ﷲﻷש\u{5b8}\u{5c1}\u{5be}\u{5f3}\
    ก\u{e33}\u{e31}\u{e48}क\u{93c}\u{94d}\u{93e}\u{951}ক\u{9be}\u{9c7}你 \t\u{a0}\u{2028}\u{3000}_9٣۴५๖１𝟗`´¨’ʼ“»–−\"'-.!#👍\u{1f3fd}🇪❤\u{1d15e}\u{1d16d}<=\u{338}";

/// Texts of any characters, but more often of the special ones.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(SPECIAL.chars().collect::<Vec<_>>());
    let marks = CodePointMapData::<GeneralCategory>::new();
    let marks = marks.iter_ranges_for_group(GeneralCategoryGroup::Mark).flatten().filter_map(char::from_u32);
    let mark = prop::sample::select(marks.collect::<Vec<_>>());
    prop::collection::vec(prop_oneof![8 => special, 1 => mark, 1 => any::<char>()], 0..12)
        .prop_map(String::from_iter)
}

/// Another text that is canonically equivalent: some characters are decomposed, and some neighbouring marks of different
/// classes are exchanged.
fn equivalent(text: &str, mut choices: u64) -> String {
    let mut choose = || {
        choices = choices.rotate_left(7).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        choices >> 63 == 1
    };
    let mut characters: Vec<char> = Vec::new();
    for character in text.chars() {
        match CanonicalDecompositionBorrowed::new().decompose(character) {
            Decomposed::Singleton(other) if choose() => characters.push(other),
            Decomposed::Expansion(first, second) if choose() => characters.extend([first, second]),
            _ => characters.push(character),
        }
    }
    let class = |character| CodePointMapData::<CanonicalCombiningClass>::new().get(character);
    let unordered = CanonicalCombiningClass::NotReordered;
    for at in 1..characters.len() {
        let (before, after) = (characters[at - 1], characters[at]);
        // A precomposed character begins with a starter, or all of it is of one class.
        let is_single = |character| NFD.normalize_iter(std::iter::once(character)).count() == 1;
        let classes = (class(before), class(after));
        let may_exchange = classes.0 != unordered && classes.1 != unordered && classes.0 != classes.1;
        if may_exchange && is_single(before) && is_single(after) && choose() {
            characters.swap(at - 1, at);
        }
    }
    characters.into_iter().collect()
}

proptest! {
    #[test]
    fn folding_any_text_is_sound(text in text()) {
        is_sound(&text);
    }

    #[test]
    fn canonically_equivalent_texts_fold_to_the_same(text in text(), choices in any::<u64>()) {
        let other = equivalent(&text, choices);
        prop_assert_eq!(NFD.normalize(&other), NFD.normalize(&text));
        prop_assert_eq!(fold(&other), fold(&text));
    }

    #[test]
    fn cases_fold_to_the_same(text in "[a-zß-öø-ÿа-яα-ωա-ֆ ]{0,12}") {
        prop_assert_eq!(fold(&text.to_uppercase()), fold(&text));
    }

    #[test]
    fn the_fast_path_for_ascii_is_right(text in "[\0-\x7f]{0,16}") {
        let folded = fold(&text);
        prop_assert_eq!(folded.as_str(), slow_path(&text));
    }

    #[test]
    fn the_need_for_folding_is_right(text in "([a-c]{0,40}[a-cA-C éX\\n`]{0,4}[a-c]{0,40})|[a-cA-C éX\\n`]{0,4}") {
        let folded = fold(&text);
        match fold_need(&text) {
            FoldNeed::Nothing => prop_assert_eq!(folded.as_str(), text),
            FoldNeed::Lowercase => prop_assert_eq!(folded.as_str(), text.to_ascii_lowercase()),
            FoldNeed::Whitespace => prop_assert!(text.is_ascii() && !text.contains('`')),
            FoldNeed::Full => prop_assert!(!text.is_ascii() || text.contains('`')),
        }
    }

    #[test]
    fn a_place_is_behind_signs_where_they_end(text in "[!? a]{0,8}|[!🙂، aé]{0,8}") {
        let end = text.len() - trim_signs_start(&text).len();
        for start in (0..=text.len()).filter(|start| text.is_char_boundary(*start)) {
            assert_eq!(is_behind_signs(&text, start), start == end, "{start}");
        }
    }

    #[test]
    fn signs_are_trimmed_once(text in text()) {
        let folded = fold(&text);
        let (both, start) = (folded.without_signs(), folded.without_signs_at_start());
        prop_assert_eq!(both.without_signs(), both.clone());
        prop_assert_eq!(start.without_signs_at_start(), start.clone());
        prop_assert_eq!(start.without_signs(), both.clone());
        prop_assert_eq!(fold(both.as_str()), both);
        prop_assert_eq!(fold(start.as_str()), start);
    }
}
