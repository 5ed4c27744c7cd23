//! A set of codes, and what people write instead of them.

use std::collections::{HashMap, HashSet};

use crate::language::{Folded, fold};

/// A set of codes, each with what people write instead of it. Everything is folded, as texts in rules are.
pub(in crate::check) struct CodeSet {
    codes: HashSet<&'static str>,
    /// The beginnings of codes.
    starts: HashSet<&'static str>,
    /// The parts of codes.
    parts: HashSet<&'static str>,
    /// The code that a name or another code stands for.
    by_name: HashMap<Folded, &'static str>,
}

impl CodeSet {
    /// The set of these codes, in small letters.
    pub(super) fn new(codes: impl IntoIterator<Item = &'static str>) -> Self {
        let codes: HashSet<&str> = codes.into_iter().collect();
        let starts = codes.iter().flat_map(|code| (1..=code.len()).filter_map(|end| code.get(..end)));
        let starts: HashSet<&str> = starts.collect();
        let parts = starts.iter().flat_map(|start| (0..start.len()).filter_map(|from| start.get(from..)));
        let parts = parts.collect();
        Self { starts, parts, by_name: HashMap::new(), codes }
    }

    /// The same set, with other `names` of its codes.
    pub(super) fn with_names(self, names: impl IntoIterator<Item = (&'static str, &'static str)>) -> Self {
        let by_name = names.into_iter().map(|(name, code)| (fold(name), code)).collect();
        Self { by_name, ..self }
    }

    /// Whether this is a code.
    pub(in crate::check) fn is_code(&self, text: &str) -> bool {
        self.codes.contains(text)
    }

    /// Whether a code starts with this.
    pub(in crate::check) fn is_start(&self, text: &str) -> bool {
        self.starts.contains(text)
    }

    /// Whether a code has this in it.
    pub(in crate::check) fn is_part(&self, text: &str) -> bool {
        self.parts.contains(text)
    }

    /// The code that `name` stands for: `gb` for `Britain`, `ar` for `ara`.
    pub(in crate::check) fn named(&self, name: &Folded) -> Option<&'static str> {
        self.by_name.get(name).copied()
    }

    /// The names that stand for codes.
    pub(in crate::check) fn names(&self) -> impl Iterator<Item = &Folded> {
        self.by_name.keys()
    }
}

/// The rows of a table: lines of columns, except those that begin with `#`.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = [&'static str; 3]> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| {
        let mut columns = line.split('\t');
        [(); 3].map(|()| columns.next().unwrap_or_default())
    })
}
