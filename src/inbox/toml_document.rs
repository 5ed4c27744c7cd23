//! A TOML text → whatever is read from it. Each mistake becomes a finding, and the rest of the text is still read.

use std::sync::Arc;

use toml::de::DeTable;

use super::toml_entry::{TomlEntry, TomlReader, entries};
use super::toml_errors;
use crate::diagnostic::{Finding, drop_ambiguous_fixes};
use crate::language::first_versions;
use crate::text::Source;

/// Reads a TOML text with `read`, which is given its entries, and whether none of them is lost. `top_keys` are those that
/// stand above the first section. The findings are those of `read` and those about the TOML, by their place.
pub fn read_toml<T>(
    source: &Source,
    top_keys: &'static [&'static str],
    read: impl FnOnce(&[TomlEntry<'_>], bool, &mut TomlReader) -> T,
) -> (T, Vec<Finding>) {
    let (conflicts, first) = first_versions(source).unzip();
    let source = first.as_ref().unwrap_or(source);
    let (root, errors) = DeTable::parse_recoverable(&source.text);
    let errors = toml_errors::explain(source, &errors);
    let mut reader = TomlReader::new(Arc::clone(&source.name), top_keys);
    let value = read(&entries(root.get_ref()), !errors.is_lossy, &mut reader);

    // The parser guesses the values of lines that it cannot read, so findings about these values are dropped.
    let mut findings = reader.findings;
    findings.retain(|finding| errors.is_readable_at(finding.span));
    findings.extend(errors.findings);
    findings.extend(conflicts.unwrap_or_default());
    drop_ambiguous_fixes(&mut findings, &source.text);
    findings.sort_by_key(|finding| finding.span);
    (value, findings)
}
