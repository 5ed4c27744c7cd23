//! Text as text tests compare it.

/// Text as text tests compare it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Folded(Box<str>);

/// Folds `text`.
pub fn fold(text: &str) -> Folded {
    Folded(text.to_lowercase().into())
}

impl Folded {
    /// The folded text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
    /// As whole words.
    pub fn contains_words(&self, needle: &Self) -> bool {
        self.contains(needle)
    }
    /// Anywhere.
    pub fn contains(&self, needle: &Self) -> bool {
        self.0.contains(&*needle.0)
    }
    /// At the beginning.
    pub fn starts_with(&self, needle: &Self) -> bool {
        self.0.starts_with(&*needle.0)
    }
}
