//! The routing options of a number: the form of its rules, and edited rules with another form.

use std::sync::Arc;

use inbox_rules::Folder;
use inbox_rules::options::{RoutingOptions, read_options, write_options};
use inbox_rules::text::Source;
use schemars::JsonSchema;
use serde::Serialize;

use super::policy_file::NumberPolicy;

/// The routing options of a number.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Options")]
pub struct NumberOptions {
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
}

/// The routing options of a number, as they are or with other `options`. `own`: in a file that is for this number alone.
pub(super) fn number_options(
    folder: &Folder,
    number: &str,
    options: Option<&RoutingOptions>,
    own: bool,
) -> NumberOptions {
    let NumberPolicy { file, shared_with } = NumberPolicy::of(folder, number);
    let own_file: Arc<str> = format!("{number}.rules").into();
    let present = file.as_ref().and_then(|name| folder.files.get(name));
    let text = present.map(|file| file.source.text.to_string()).unwrap_or_default();
    let (file, shared_with) = match file {
        Some(file) if !own => (file, shared_with),
        _ => (own_file, Vec::new()),
    };
    let source = Source::new(Arc::clone(&file), text.as_str());
    let found = match options {
        None => read_options(&source).map(|options| (text.clone(), options)),
        Some(options) => write_options(&source, options).map(|text| (text, Some(options.clone()))),
    };
    match found {
        Ok((text, options)) => NumberOptions { file, shared_with, text, options, why_not: None },
        Err(why) => NumberOptions { file, shared_with, text, options: None, why_not: Some(why.to_string()) },
    }
}
