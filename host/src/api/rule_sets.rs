//! `GET {i}/rules/sets` and `GET {i}/rules/sets/DIGEST`: the rules that were active at some time, and what the folder
//! has that does not decide.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult, ok};
use super::error::ApiError;
use super::listed::list;
use super::rules::on_rules;

/// Rules that were active at some time.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RuleSetHead")]
pub(super) struct RuleSetAnswer {
    /// Their digest.
    digest: Arc<str>,
    /// When they last became active.
    at: Timestamp,
    /// Who brought them: `folder`, or the name of a token.
    by: String,
}

/// The same, with their texts.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "RuleSet")]
pub(super) struct RuleSetTextsAnswer {
    /// Their digest.
    digest: Arc<str>,
    /// When they last became active; if they never did, when they were judged.
    at: Timestamp,
    /// Who brought them: `folder`, or the name of a token.
    by: String,
    /// The texts by file name.
    files: BTreeMap<String, String>,
}

/// `GET {i}/rules/sets`
pub(super) async fn sets(call: Call) -> CallResult {
    let read = |page| call.read(move |reader, inbox| reader.rule_sets(inbox, page));
    list(
        &call,
        read,
        |head| head.seq,
        |head| Ok(RuleSetAnswer { digest: head.digest, at: head.at, by: head.by }),
    )
    .await
}

/// `GET {i}/rules/sets/DIGEST`
pub(super) async fn set(call: Call) -> CallResult {
    let digest = call.path("digest").to_owned();
    let unknown = || ApiError::unknown("unknown-digest", format!("the inbox has no rules `{digest}`"));
    let wanted = digest.clone();
    let row = call.read(move |reader, inbox| reader.rule_set(inbox, &wanted)).await?;
    if let Some(row) = row {
        return ok(RuleSetTextsAnswer { digest: row.digest, at: row.at, by: row.by, files: row.files });
    }
    let wanted = digest.clone();
    let brought = on_rules(&call, move |rules| Ok(rules.undecided(&wanted))).await?.ok_or_else(unknown)?;
    let text = |(name, text): (&str, &str)| (name.to_owned(), text.to_owned());
    let files: BTreeMap<_, _> = brought.folder.texts().map(text).collect();
    if files.is_empty() {
        return Err(unknown());
    }
    ok(RuleSetTextsAnswer {
        digest: digest.as_str().into(),
        at: brought.at,
        by: brought.by.to_string(),
        files,
    })
}
