//! The definition of folding, one function for each step. It is the slow path, for texts in which characters depend on
//! their neighbours, and what the fast paths are tested against.
//!
//! To drop accents, vowel marks and tatweel, and to replace letters that people use interchangeably by one of them, is the
//! usual normalization in information retrieval, as in Larkey, Ballesteros and Connell, "Improving Stemming for Arabic
//! Information Retrieval" (SIGIR 2002), and Lucene's `ArabicNormalizer` and `ASCIIFoldingFilter`.

use icu_casemap::CaseMapper;
use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use icu_properties::props::{
    ChangesWhenNfkcCasefolded, DefaultIgnorableCodePoint, GeneralCategory, GeneralCategoryGroup, Script,
};
use icu_properties::{CodePointMapData, CodePointSetData};

const NFC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfc();
const NFD: DecomposingNormalizerBorrowed<'static> = DecomposingNormalizerBorrowed::new_nfd();
const NFKC: ComposingNormalizerBorrowed<'static> = ComposingNormalizerBorrowed::new_nfkc();

/// The folded form of `text`, but for its white space.
pub(super) fn fold_characters(text: &str) -> String {
    let casefolded = nfkc_casefold(text);
    let mut folded = String::with_capacity(casefolded.len());
    // The letter that marks stand on. A character that is dropped does not separate them from it.
    let mut base = ' ';
    for character in NFD.normalize_iter(casefolded.chars()).filter(|character| !is_dropped(*character)) {
        let character = unify_letter(character);
        let category = category(character);
        if !GeneralCategoryGroup::Mark.contains(category) {
            base = character;
        } else if is_dropped_on(base, character) {
            continue;
        }
        match character {
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            _ if category == GeneralCategory::DecimalNumber => folded.push(digit(character)),
            _ => folded.push(unify_sign(character)),
        }
    }
    NFC.normalize(&folded).into_owned()
}

/// Appends `text` with each run of white space as one space, and none at the ends.
pub(super) fn push_single_spaces(text: &str, folded: &mut String) {
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
}

/// `NFKC_Casefold` of each character of the decomposed text (Unicode Standard, section 3.13, definition D147, without
/// its final NFC), but `´` is an apostrophe: Unicode would make it a space with an accent.
fn nfkc_casefold(text: &str) -> String {
    let changes = CodePointSetData::new::<ChangesWhenNfkcCasefolded>();
    let mut folded = String::with_capacity(text.len());
    for character in NFD.normalize_iter(text.chars()) {
        if character == '´' {
            folded.push('\'');
        } else if changes.contains(character) {
            folded.push_str(&nfkc_casefold_char(character));
        } else {
            folded.push(character);
        }
    }
    folded
}

/// The property `NFKC_Casefold` of one character. ICU4X has no data for it, so it is computed as Unicode derives it
/// (UAX #44, DerivedNormalizationProps): NFKC, case folding and the removal of default ignorable code points, repeated
/// until nothing changes.
pub(super) fn nfkc_casefold_char(character: char) -> String {
    let mut folded = character.to_string();
    loop {
        let mut next = NFKC.normalize(&CaseMapper::new().fold_string(&NFKC.normalize(&folded))).into_owned();
        next.retain(|character| !CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character));
        if next == folded {
            return folded;
        }
        folded = next;
    }
}

/// Whether `character` is dropped wherever it stands: Arabic vowel marks and tatweel, Hebrew points, the mark of a keycap,
/// skin tones.
fn is_dropped(character: char) -> bool {
    matches!(character,
        '\u{0610}'..='\u{061A}' | '\u{064B}'..='\u{0652}' | '\u{0656}'..='\u{065F}' | '\u{0670}'
        | '\u{06D6}'..='\u{06DC}' | '\u{06DF}'..='\u{06E4}' | '\u{06E7}'..='\u{06E8}' | '\u{06EA}'..='\u{06ED}'
        | '\u{0640}'
        | '\u{0591}'..='\u{05BD}' | '\u{05BF}' | '\u{05C1}'..='\u{05C2}' | '\u{05C4}'..='\u{05C5}' | '\u{05C7}'
        | '\u{20E3}' | '\u{1F3FB}'..='\u{1F3FF}')
}

/// The Arabic letter that is compared in place of `character`: Persian, Urdu and Egyptian keyboards have letters of
/// their own for the same sound.
fn unify_letter(character: char) -> char {
    match character {
        'ٱ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ة' | 'ہ' | 'ە' => 'ه',
        'ک' => 'ك',
        _ => character,
    }
}

pub(super) fn is_mark(character: char) -> bool {
    GeneralCategoryGroup::Mark.contains(category(character))
}

/// Whether `mark` is dropped if it stands on `base`: the hamza and the madda of `أ إ آ` and `ۀ`, an accent of a Latin or a
/// Greek letter, the diaeresis of `ё`.
pub(super) fn is_dropped_on(base: char, mark: char) -> bool {
    match base {
        'ا' | 'ه' => matches!(mark, '\u{0653}'..='\u{0655}'),
        'е' => mark == '\u{0308}',
        _ => is_latin_or_greek_letter(base) && category(mark) == GeneralCategory::NonspacingMark,
    }
}

pub(super) fn is_latin_or_greek_letter(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphabetic();
    }
    let script = CodePointMapData::<Script>::new().get(character);
    matches!(script, Script::Latin | Script::Greek)
        && GeneralCategoryGroup::Letter.contains(category(character))
}

/// What is compared in place of a letter with a stroke, or of a typographic apostrophe, quotation mark or dash.
fn unify_sign(character: char) -> char {
    match character {
        'ı' => 'i',
        'ł' => 'l',
        'đ' => 'd',
        'ø' => 'o',
        'ħ' => 'h',
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BB}' | '\u{02BC}' | '\u{2032}' | '`' | '\u{05F3}' => {
            '\''
        }
        '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' | '\u{05F4}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{05BE}' => '-',
        _ => character,
    }
}

/// The ASCII digit of the same value as `character`, a decimal digit.
fn digit(character: char) -> char {
    // Unicode encodes the digits of a script side by side, in ascending order (Unicode Standard, section 4.6).
    let is_digit =
        |code: &u32| char::from_u32(*code).is_some_and(|at| category(at) == GeneralCategory::DecimalNumber);
    let value: u32 = (0..u32::from(character)).rev().take_while(is_digit).map(|_| 1).sum();
    char::from_digit(value % 10, 10).unwrap_or(character)
}

fn category(character: char) -> GeneralCategory {
    CodePointMapData::<GeneralCategory>::new().get(character)
}
