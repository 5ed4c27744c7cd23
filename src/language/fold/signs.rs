//! Signs at the ends of a text: punctuation and emoji, which people add to a word without meaning another.

use icu_properties::props::{ExtendedPictographic, GeneralCategory, GeneralCategoryGroup, RegionalIndicator};
use icu_properties::{CodePointMapData, CodePointSetData};

/// A folded text without the signs at both ends, and without the white space beside them; the text as it is if it is
/// nothing but signs.
pub(crate) fn trim_signs(folded: &str) -> &str {
    match folded.as_bytes() {
        [first, .., last] if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() => folded,
        _ => match folded.trim_matches(is_sign_or_space) {
            "" => folded,
            trimmed => trimmed,
        },
    }
}

/// A folded text without the signs at its beginning, and without the white space beside them.
pub(crate) fn trim_signs_start(folded: &str) -> &str {
    folded.trim_start_matches(is_sign_or_space)
}

/// Whether the signs at the beginning of a folded text, and the white space beside them, end at `start`. It is asked where a
/// word is found, so it does not look far: what comes before a later word does not end with signs alone.
pub(crate) fn is_behind_signs(folded: &str, start: usize) -> bool {
    folded.split_at_checked(start).is_some_and(|(before, rest)| {
        !rest.starts_with(is_sign_or_space) && before.trim_end_matches(is_sign_or_space).is_empty()
    })
}

/// Whether `character` is punctuation, but none that joins words as `_` does, or an emoji. The only white space of a
/// folded text is the space.
pub(super) fn is_sign_or_space(character: char) -> bool {
    if character.is_ascii() {
        let is_symbol = matches!(character, '$' | '+' | '<'..='>' | '^'..='`' | '|' | '~');
        return character == ' ' || character.is_ascii_punctuation() && !is_symbol;
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    match category {
        GeneralCategory::ConnectorPunctuation => false,
        _ => {
            GeneralCategoryGroup::Punctuation.contains(category)
                || CodePointSetData::new::<ExtendedPictographic>().contains(character)
                || CodePointSetData::new::<RegionalIndicator>().contains(character)
        }
    }
}
