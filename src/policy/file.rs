//! One rule file: its text, and what the parser makes of it.

use std::sync::{Arc, OnceLock};

use sha2::{Digest as _, Sha256};

use super::folder::resolve_path;
use crate::diagnostic::Finding;
use crate::language::{self, ast};
use crate::text::{LineIndex, Source};

/// One rule file. Its tree takes ten times the room of its text, so it may be let go of and read again.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// Its text.
    pub source: Source,
    /// What the parser found.
    pub findings: Vec<Finding>,
    /// SHA-256 of the text; `None` where the file could not be read as text.
    pub digest: Option<[u8; 32]>,
    /// What there is to know of it without its tree.
    pub outline: Arc<Outline>,
    /// Shared by copies, whichever is asked first.
    parsed: Arc<OnceLock<Box<ParsedFile>>>,
}

/// What there is to know of a file without its tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The paths of its `use` lines, as written.
    pub uses: Box<[String]>,
    /// One of those could not be read: it may use any file.
    pub is_use_broken: bool,
    /// It has rules or tests, which no file takes from another.
    pub has_rules: bool,
}

#[derive(Debug)]
struct ParsedFile {
    tree: ast::File,
    lines: LineIndex,
}

/// The same text with the same findings, whatever was made of it.
impl PartialEq for RuleFile {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.findings == other.findings
    }
}

impl Eq for RuleFile {}

impl RuleFile {
    /// Reads a rule file; what is wrong is among its findings.
    pub fn parse(source: Source) -> Self {
        let parsed = language::parse(&source);
        let lines = LineIndex::new(&source.text);
        let digest = Some(digest(&source.text));
        Self::of(source, parsed.findings, digest, ParsedFile { tree: parsed.file, lines })
    }

    /// A file that could not be read as text: whatever it would have named counts as known.
    pub fn unreadable(name: Arc<str>, finding: Finding) -> Self {
        let broken = ast::Broken { is_use: true, ..ast::Broken::default() };
        let tree = ast::File { broken: vec![broken], ..ast::File::default() };
        Self::of(Source::new(name, ""), vec![finding], None, ParsedFile { tree, lines: LineIndex::new("") })
    }

    fn of(source: Source, findings: Vec<Finding>, digest: Option<[u8; 32]>, form: ParsedFile) -> Self {
        let outline = Arc::new(Outline::of(&form.tree));
        Self { source, findings, digest, outline, parsed: Arc::new(OnceLock::from(Box::new(form))) }
    }

    /// The same text in a file called `name`. What was made of it is shared.
    #[must_use]
    pub fn copied(&self, name: &Arc<str>) -> Self {
        let mut copy = self.clone();
        let renamed = |file: &mut Arc<str>| {
            if *file == self.source.name {
                file.clone_from(name);
            }
        };
        for finding in &mut copy.findings {
            renamed(&mut finding.file);
            finding.related.iter_mut().for_each(|related| renamed(&mut related.file));
        }
        copy.source.name.clone_from(name);
        copy
    }

    /// The same without its tree, which is read again when it is asked for.
    #[must_use]
    pub fn without_tree(&self) -> Self {
        // What is no text cannot be read again.
        let form = if self.digest.is_some() { Arc::default() } else { Arc::clone(&self.parsed) };
        Self { parsed: form, ..self.clone() }
    }

    /// The same with a tree that goes when it goes, unless the tree is there to stay.
    #[must_use]
    pub(crate) fn for_now(&self) -> Self {
        if self.parsed.get().is_some() { self.clone() } else { self.without_tree() }
    }

    #[cfg(test)]
    pub(crate) fn has_tree(&self) -> bool {
        self.parsed.get().is_some()
    }

    /// Its tree.
    pub fn tree(&self) -> &ast::File {
        &self.parsed().tree
    }

    /// Where its lines begin.
    pub fn lines(&self) -> &LineIndex {
        &self.parsed().lines
    }

    fn parsed(&self) -> &ParsedFile {
        self.parsed.get_or_init(|| {
            let lines = LineIndex::new(&self.source.text);
            Box::new(ParsedFile { tree: language::parse(&self.source).file, lines })
        })
    }

    /// The files that it uses, by their names inside the folder, where it is called `name`.
    pub fn used(&self, name: &str) -> impl Iterator<Item = String> {
        self.outline.uses.iter().filter_map(move |path| resolve_path(name, path))
    }
}

impl Outline {
    fn of(tree: &ast::File) -> Self {
        let uses = tree.items.iter().filter_map(|item| match item {
            ast::Item::Use(used) => Some(used.path.value.clone()),
            _ => None,
        });
        let is_rule = |item: &ast::Item| matches!(item, ast::Item::Rule(_) | ast::Item::Test(_));
        Self {
            uses: uses.collect(),
            is_use_broken: tree.broken.iter().any(|broken| broken.is_use),
            has_rules: tree.items.iter().any(is_rule),
        }
    }
}

/// SHA-256 of a text.
pub fn digest(text: &str) -> [u8; 32] {
    Sha256::digest(text.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Code;

    const TEXT: &str = "use \"common.rules\"\nuse commn\nrule \"a\" when new_customer: assign owner\n";

    #[test]
    fn a_tree_that_was_let_go_of_is_read_again() {
        let whole = RuleFile::parse(Source::new("shop/a.rules", TEXT));
        let light = whole.without_tree();
        assert!(!light.has_tree());
        assert_eq!(light, whole);
        assert_eq!(light.tree(), whole.tree());
        assert_eq!(light.lines(), whole.lines());
        assert!(light.has_tree());
    }

    #[test]
    fn what_is_no_text_keeps_its_tree() {
        let finding =
            Finding::new(Code::UnknownFile, &"a.rules".into(), crate::text::Span::default(), "no text");
        let file = RuleFile::unreadable("a.rules".into(), finding).without_tree();
        assert!(file.tree().broken[0].is_use && file.outline.is_use_broken);
    }

    #[test]
    fn copies_share_a_tree() {
        let first = RuleFile::parse(Source::new("a.rules", TEXT)).without_tree();
        let copy = first.copied(&"b.rules".into());
        assert!(std::ptr::eq(copy.tree(), first.tree()));
    }

    #[test]
    fn a_tree_for_now_leaves_the_file_without_one() {
        let light = RuleFile::parse(Source::new("a.rules", TEXT)).without_tree();
        assert!(light.for_now().tree().items.len() > 1 && !light.has_tree());
        light.tree();
        assert!(std::ptr::eq(light.for_now().tree(), light.tree()));
    }

    #[test]
    fn outlines() {
        let used = |name: &str, text: &str| -> Vec<String> {
            RuleFile::parse(Source::new(name, text)).used(name).collect()
        };
        assert_eq!(used("shop/a.rules", TEXT)[0], "shop/common.rules");
        assert_eq!(used("shop/a.rules", "use \"../../outside.rules\"\n"), [""; 0]);
        let has_rules = |text: &str| RuleFile::parse(Source::new("a.rules", text)).outline.has_rules;
        assert!(has_rules(TEXT) && has_rules("test \"t\": expect no rule\n"));
        assert!(!has_rules("let vip = new_customer\n"));
    }
}
