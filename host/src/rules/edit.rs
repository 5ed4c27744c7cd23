//! Rules as somebody has edited them: other texts for some of the files.

use std::collections::BTreeMap;

use inbox_rules::inbox::is_e164;
use inbox_rules::{Folder, Release};
use serde::Deserialize;

use super::error::RulesError;

/// What the name of a file can be, for JSON Schema.
pub const FILE_NAME: &str = r"^(inbox\.toml|\+[1-9][0-9]{6,14}\.rules|[a-z0-9_-]{1,200}\.rules)$";

/// Other texts for some of the files.
#[derive(Debug, Clone, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesEdit {
    /// The digest of the rules that were edited.
    #[serde(default)]
    pub base: Option<String>,
    /// The texts by file name; null removes a file.
    #[schemars(extend("propertyNames" = { "pattern": FILE_NAME }))]
    pub files: BTreeMap<String, Option<String>>,
}

impl RulesEdit {
    /// The active rules with these texts.
    pub(super) fn apply(&self, release: &Release) -> Result<Folder, RulesError> {
        if let Some(name) = self.files.keys().find(|name| !is_file_name(name)) {
            return Err(RulesError::FileName(name.clone()));
        }
        Ok(release.with_files(self.files.iter().map(|(name, text)| (&**name, text.as_deref()))))
    }

    /// Fails if other rules are active than those that were edited.
    pub(super) fn check_base(&self, release: &Release) -> Result<(), RulesError> {
        let base = self.base.as_deref().ok_or(RulesError::NoBase)?;
        if base == release.digest { Ok(()) } else { Err(RulesError::Changed) }
    }
}

/// Whether a rule file may have that name: `+15550100.rules`, `default.rules`, `holidays_2026.rules`,
/// `inbox.toml`.
pub fn is_file_name(name: &str) -> bool {
    let is_plain =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-');
    let stem = name.strip_suffix(".rules").unwrap_or_default();
    name == "inbox.toml"
        || is_e164(stem)
        || (!stem.is_empty() && stem.len() <= 200 && stem.bytes().all(is_plain))
}
