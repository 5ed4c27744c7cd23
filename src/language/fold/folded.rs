//! A folded text, and how one is made.

use super::super::word_match;
use super::char_fold::fold_by_char;
use super::definition::{fold_characters, push_single_spaces};
use super::fold_need::{FoldNeed, fold_need};
use super::signs::{trim_signs, trim_signs_start};

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

    /// The text without the signs at both ends; the text as it is if it is nothing but signs.
    #[must_use]
    pub fn without_signs(&self) -> Self {
        Self(trim_signs(&self.0).into())
    }

    /// The text without the signs at its beginning; the text as it is if it is nothing but signs.
    #[must_use]
    pub fn without_signs_at_start(&self) -> Self {
        match trim_signs_start(&self.0) {
            "" => self.clone(),
            trimmed => Self(trimmed.into()),
        }
    }

    /// Whether it has nothing but signs.
    pub fn is_only_signs(&self) -> bool {
        trim_signs_start(&self.0).is_empty()
    }

    /// Whether it is `other`, but for signs at the ends.
    pub fn is_but_for_signs(&self, other: &Self) -> bool {
        trim_signs(&self.0) == trim_signs(&other.0)
    }

    /// Whether it starts with `start`, but for signs at the beginning of both; if `start` is nothing but signs, whether it
    /// starts with just these.
    pub fn starts_but_for_signs(&self, start: &Self) -> bool {
        match trim_signs_start(&start.0) {
            "" => self.starts_with(start),
            start => trim_signs_start(&self.0).starts_with(start),
        }
    }
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

/// Folds `text`, so that capitals, accents, the forms of Unicode, Arabic vowel marks and letters, apostrophes, dashes and
/// the digits of other scripts do not matter.
///
/// Folding is idempotent, and canonically equivalent texts have the same folded form.
pub fn fold(text: &str) -> Folded {
    let mut folded = String::with_capacity(text.len());
    fold_into(text, &mut folded);
    Folded(folded.into_boxed_str())
}
