//! A rule file: its text, its tree and its findings.

use std::sync::{Arc, OnceLock};

use sha2::{Digest as _, Sha256};

use super::outline::Outline;
use crate::diagnostic::Finding;
use crate::inbox::resolve_path;
use crate::language::{self, ItemCache, Undecodable, ast};
use crate::text::{LineIndex, Source};

/// A rule file. Its tree takes much more memory than its text, so it can be dropped, and is parsed again on demand.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// The text.
    pub source: Source,
    /// The findings of the parser.
    pub findings: Vec<Finding>,
    /// SHA-256 of the text; `None` if the file could not be read as text.
    pub digest: Option<[u8; 32]>,
    /// What is known of the file without its tree.
    pub outline: Arc<Outline>,
    /// The tree, parsed on demand. Files with the same text share it.
    parsed: Arc<OnceLock<Box<ParsedFile>>>,
}

#[derive(Debug)]
struct ParsedFile {
    tree: ast::File,
    lines: LineIndex,
}

/// Files are equal if their text and findings are, whether they have a tree or not.
impl PartialEq for RuleFile {
    fn eq(&self, other: &Self) -> bool {
        // Comparing hashes is as good as comparing texts, and faster: two states of a large folder are compared often.
        self.digest == other.digest
            && self.source.name == other.source.name
            && self.findings == other.findings
    }
}

impl Eq for RuleFile {}

impl RuleFile {
    /// Parses a rule file. It never fails: mistakes are findings.
    pub fn parse(source: Source) -> Self {
        Self::parse_with(source, &ItemCache::default())
    }

    /// Parses a later state of this file with the same result, but faster if little has changed.
    #[must_use]
    pub fn reparse(&self, source: Source) -> Self {
        let parsed = self.parsed.get();
        let earlier = parsed.map(|parsed| ItemCache::new(&self.source.text, &parsed.tree));
        Self::parse_with(source, &earlier.unwrap_or_default())
    }

    fn parse_with(source: Source, earlier: &ItemCache<'_>) -> Self {
        let parsed = language::reparse(&source, earlier);
        let lines = LineIndex::new(&source.text);
        let digest = Some(digest(&source.text));
        Self::new(source, parsed.findings, digest, ParsedFile { tree: parsed.file, lines })
    }

    /// A file that could not be read as text. Any name may be defined in it, so none is reported as unknown.
    pub fn unreadable(name: Arc<str>, Undecodable { finding, text }: Undecodable) -> Self {
        let lines = LineIndex::new(&text);
        let broken = ast::Broken { gives_any_name: true, ..ast::Broken::default() };
        let tree = ast::File { broken: vec![broken], ..ast::File::default() };
        Self::new(Source::new(name, text), vec![finding], None, ParsedFile { tree, lines })
    }

    fn new(source: Source, findings: Vec<Finding>, digest: Option<[u8; 32]>, parsed: ParsedFile) -> Self {
        let outline = Arc::new(Outline::of(&parsed.tree));
        Self { source, findings, digest, outline, parsed: Arc::new(OnceLock::from(Box::new(parsed))) }
    }

    /// The same text in a file called `name`, with a shared tree.
    #[must_use]
    pub fn renamed(&self, name: &Arc<str>) -> Self {
        let mut copy = self.clone();
        let rename = |file: &mut Arc<str>| {
            if *file == self.source.name {
                file.clone_from(name);
            }
        };
        for finding in &mut copy.findings {
            rename(&mut finding.file);
            finding.related.iter_mut().for_each(|related| rename(&mut related.file));
        }
        copy.source.name.clone_from(name);
        copy
    }

    /// The same file without its tree, which is parsed again on demand.
    #[must_use]
    pub fn without_tree(&self) -> Self {
        // A file that is not text cannot be parsed again.
        let parsed = if self.digest.is_some() { Arc::default() } else { Arc::clone(&self.parsed) };
        Self { parsed, ..self.clone() }
    }

    /// A copy for temporary use: its tree is dropped together with the copy, unless the file has a tree already.
    #[must_use]
    pub(crate) fn with_temporary_tree(&self) -> Self {
        if self.parsed.get().is_some() { self.clone() } else { self.without_tree() }
    }

    #[cfg(test)]
    pub(crate) fn has_tree(&self) -> bool {
        self.parsed.get().is_some()
    }

    /// The tree.
    pub fn tree(&self) -> &ast::File {
        &self.parsed().tree
    }

    /// The line index of the text.
    pub fn lines(&self) -> &LineIndex {
        &self.parsed().lines
    }

    fn parsed(&self) -> &ParsedFile {
        self.parsed.get_or_init(|| {
            let lines = LineIndex::new(&self.source.text);
            Box::new(ParsedFile { tree: language::parse(&self.source).file, lines })
        })
    }

    /// The names of the files that it uses, relative to the folder. `name` is the name of this file.
    pub fn used(&self, name: &str) -> impl Iterator<Item = String> {
        self.outline.uses.iter().filter_map(move |path| resolve_path(name, path))
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
    fn a_dropped_tree_is_parsed_again() {
        let whole = RuleFile::parse(Source::new("shop/a.rules", TEXT));
        let light = whole.without_tree();
        assert!(!light.has_tree());
        assert_eq!(light, whole);
        assert_eq!(light.tree(), whole.tree());
        assert_eq!(light.lines(), whole.lines());
        assert!(light.has_tree());
    }

    #[test]
    fn a_file_that_is_not_text_keeps_its_tree() {
        let finding =
            Finding::new(Code::UnknownFile, &"a.rules".into(), crate::text::Span::default(), "no text");
        let file = RuleFile::unreadable("a.rules".into(), finding.into()).without_tree();
        assert!(file.tree().broken[0].gives_any_name && file.outline.is_use_broken);
    }

    #[test]
    fn copies_share_a_tree() {
        let first = RuleFile::parse(Source::new("a.rules", TEXT)).without_tree();
        let copy = first.renamed(&"b.rules".into());
        assert!(std::ptr::eq(copy.tree(), first.tree()));
    }

    #[test]
    fn a_temporary_tree_leaves_the_file_without_one() {
        let light = RuleFile::parse(Source::new("a.rules", TEXT)).without_tree();
        assert!(light.with_temporary_tree().tree().items.len() > 1 && !light.has_tree());
        light.tree();
        assert!(std::ptr::eq(light.with_temporary_tree().tree(), light.tree()));
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
