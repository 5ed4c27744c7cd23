//! The words that an attribute can have.

use std::ops::Deref;
use std::sync::Arc;

use crate::language::Folded;

/// The words that an attribute can have, each as written and folded, in the order of `inbox.toml`. A clone shares them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordList {
    words: Arc<[(String, Folded)]>,
    /// The positions of the words, in the order of the folded texts.
    sorted: Arc<[usize]>,
}

impl WordList {
    /// Whether this is one of the words.
    pub fn has(&self, text: &Folded) -> bool {
        self.written(text).is_some()
    }

    /// The word as it is written, if this is one of the words.
    pub fn written(&self, text: &Folded) -> Option<&str> {
        let word = |at: &usize| self.words.get(*at).map(|(_, folded)| folded.as_str());
        let found = self.sorted.binary_search_by(|at| word(at).cmp(&Some(text.as_str()))).ok()?;
        self.words.get(*self.sorted.get(found)?).map(|(written, _)| written.as_str())
    }
}

impl FromIterator<(String, Folded)> for WordList {
    fn from_iter<I: IntoIterator<Item = (String, Folded)>>(words: I) -> Self {
        let words: Arc<[_]> = words.into_iter().collect();
        let mut sorted: Vec<usize> = (0..words.len()).collect();
        sorted.sort_by_key(|at| words.get(*at).map(|(_, folded)| folded.as_str()));
        Self { sorted: sorted.into(), words }
    }
}

impl Deref for WordList {
    type Target = [(String, Folded)];

    fn deref(&self) -> &Self::Target {
        &self.words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::fold;

    #[test]
    fn words_are_found_in_any_order() {
        let words: WordList =
            ["gold", "Free", "été"].map(|word| (word.to_owned(), fold(word))).into_iter().collect();
        let has = |text: &str| words.has(&fold(text));
        assert_eq!(["GOLD", "free", "ete", "silver", ""].map(has), [true, true, true, false, false]);
        assert_eq!(words.written(&fold("FREE")), Some("Free"));
        assert_eq!(words.first().map(|(word, _)| word.as_str()), Some("gold"));
    }
}
