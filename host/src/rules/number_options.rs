//! The routing options of a number: the form of its rules, and edited rules with another form.

use std::sync::Arc;

use inbox_rules::Folder;
use inbox_rules::diagnostic::json::FindingJson;
use inbox_rules::options::{RoutingOptions, read_options, write_options};
use inbox_rules::scenario::TestOutcome;
use inbox_rules::text::Source;
use schemars::JsonSchema;
use serde::Serialize;

use super::policy_file::NumberPolicy;

/// Whose routing options are asked for, and what they are to be.
#[derive(Debug, Clone)]
pub struct OptionsRequest {
    /// The number.
    pub number: String,
    /// What the rules are to be; `None`: as they are.
    pub options: Option<RoutingOptions>,
    /// Whether they are to be in a file that is for this number alone.
    pub own: bool,
    /// Whether tests are to expect what the rules then do.
    pub update_tests: bool,
}

/// The routing options of a number.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Options")]
pub struct NumberOptions {
    /// The digest of the active rules, which are the base of all this.
    pub digest: String,
    /// The file that has the rules, or would have them.
    pub file: Arc<str>,
    /// The other numbers of the inbox that it is for.
    pub shared_with: Vec<String>,
    /// The text of the file; with other options, as it would be.
    pub text: String,
    /// The form; `null`: the number has no rules, or they are of another shape.
    pub options: Option<RoutingOptions>,
    /// Why there is no form; `null`: there are no rules, or there is one.
    pub why_not: Option<String>,
    /// With other options, or in another file: the errors of all rules, and what else the checker says about the form.
    pub findings: Vec<FormFinding>,
    /// The tests that hold as the rules are, and would not with `text`; also those that would keep it from being saved.
    pub broken_tests: Vec<BrokenTest>,
}

/// A finding, and where it is in the form.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FormFinding {
    /// The fields that it is about, such as `new_online.reply`, `new_online.group` or `new_online`.
    pub fields: Vec<String>,
    /// The finding.
    #[serde(flatten)]
    pub finding: FindingJson,
}

/// A test that would not hold any more.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BrokenTest {
    /// The test, and what it expects that would not happen.
    #[serde(flatten)]
    pub test: TestOutcome,
    /// Whether `update_tests` makes it hold again.
    pub can_update: bool,
}

impl OptionsRequest {
    /// Whether the rules would be others.
    pub fn is_change(&self) -> bool {
        self.options.is_some() || self.own
    }
}

/// The options of a number by the rules in this folder, or with those of the request, not judged yet.
pub(super) fn number_options(folder: &Folder, digest: &str, request: &OptionsRequest) -> NumberOptions {
    let OptionsRequest { number, options, own, .. } = request;
    let NumberPolicy { file, shared_with } = NumberPolicy::of(folder, number);
    let own_file: Arc<str> = format!("{number}.rules").into();
    let present = file.as_ref().and_then(|name| folder.files.get(name));
    let text = present.map(|file| file.source.text.to_string()).unwrap_or_default();
    let (file, shared_with) = match file {
        Some(file) if !own || file == own_file => (file, shared_with),
        _ => (own_file, Vec::new()),
    };
    let source = Source::new(Arc::clone(&file), text.as_str());
    let found = match options {
        None => read_options(&source).map(|options| (text.clone(), options)),
        Some(options) => write_options(&source, options).map(|text| (text, Some(options.clone()))),
    };
    let (text, options, why_not) = match found {
        Ok((text, options)) => (text, options, None),
        Err(why) => (text, None, Some(why.to_string())),
    };
    NumberOptions {
        digest: digest.to_owned(),
        file,
        shared_with,
        text,
        options,
        why_not,
        findings: Vec::new(),
        broken_tests: Vec::new(),
    }
}
