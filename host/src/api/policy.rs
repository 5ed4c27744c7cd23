//! `{i}/rules/flow`, `week`, `options`, `test` and `words`: rules as people read and write them.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::http::StatusCode;
use inbox_rules::inbox::{AttributeDefinition, AttributeKind};
use inbox_rules::language::vocabulary::{self, WordClass};
use inbox_rules::options::RoutingOptions;
use inbox_rules::policy::placeholder_names;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::auth;
use super::call::{Call, CallResult, ok};
use super::error::ApiError;
use super::rules::on_rules;
use crate::rules::{FILE_NAME, OptionsRequest, RulesEdit};
use crate::settings::Can;

/// The rules of a number, as they are or edited.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberBody {
    /// The number, in E.164.
    #[schemars(regex(pattern = r"^\+[1-9][0-9]{6,14}$"))]
    number: String,
    /// Other texts for some of the files, by name; null removes a file.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": FILE_NAME }))]
    files: BTreeMap<String, Option<String>>,
}

/// The routing options of a number.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OptionsBody {
    /// The number, in E.164.
    #[schemars(regex(pattern = r"^\+[1-9][0-9]{6,14}$"))]
    number: String,
    /// Other texts for some of the files, by name; null removes a file.
    #[serde(default)]
    #[schemars(extend("propertyNames" = { "pattern": FILE_NAME }))]
    files: BTreeMap<String, Option<String>>,
    /// What the rules are to be; left out or null: as they are.
    #[serde(default)]
    options: Option<RoutingOptions>,
    /// Whether the rules are to be in a file that is for this number alone.
    #[serde(default)]
    own: bool,
    /// Whether tests that would not hold any more are to expect what the rules then do.
    #[serde(default)]
    update_tests: bool,
}

/// The words that can be written in rules.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Words")]
pub(super) struct WordsAnswer {
    /// The words of the language.
    words: Vec<LanguageWord>,
    /// The groups of the inbox.
    groups: Vec<NamedGroup>,
    /// Its users.
    users: Vec<NamedUser>,
    /// What customers carry beyond the built-in attributes.
    customer_attributes: Vec<NamedAttribute>,
    /// What messages carry beside their text.
    message_attributes: Vec<NamedAttribute>,
    /// The skills of its users.
    skills: Vec<String>,
    /// What can be written in braces in a reply.
    placeholders: Vec<String>,
    /// The files of the rules.
    files: Vec<String>,
}

/// A word of the language.
#[derive(Debug, Serialize, JsonSchema)]
struct LanguageWord {
    word: &'static str,
    /// Where it belongs.
    class: &'static str,
    /// How it is written.
    form: &'static str,
    /// What it means.
    meaning: &'static str,
}

/// A group.
#[derive(Debug, Serialize, JsonSchema)]
struct NamedGroup {
    name: Arc<str>,
    members: Vec<Arc<str>>,
}

/// A user.
#[derive(Debug, Serialize, JsonSchema)]
struct NamedUser {
    id: Arc<str>,
    name: Arc<str>,
}

/// An attribute.
#[derive(Debug, Serialize, JsonSchema)]
struct NamedAttribute {
    name: String,
    /// The words that it can be; `null`: it is no list.
    values: Option<Vec<String>>,
}

/// `POST {i}/rules/flow`
pub(super) async fn flow(call: Call) -> CallResult {
    let NumberBody { number, files } = call.body()?;
    check_number(&number)?;
    let edit = edit(&call, files)?;
    ok(on_rules(&call, move |rules| rules.flow(&edit, &number)).await?)
}

/// `POST {i}/rules/week`
pub(super) async fn week(call: Call) -> CallResult {
    let NumberBody { number, files } = call.body()?;
    check_number(&number)?;
    let edit = edit(&call, files)?;
    ok(on_rules(&call, move |rules| rules.week(&edit, &number)).await?)
}

/// `POST {i}/rules/options`
pub(super) async fn options(call: Call) -> CallResult {
    let OptionsBody { number, files, options, own, update_tests } = call.body()?;
    let request = OptionsRequest { number, options, own, update_tests };
    check_number(&request.number)?;
    if request.is_change() {
        may_edit(&call)?;
    }
    let edit = edit(&call, files)?;
    if let Some(options) = &request.options {
        let wrong = |error: inbox_rules::options::FieldError| {
            let place = format!("options.{}", error.field);
            ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-field", error.message).at(place)
        };
        options.validate().map_err(wrong)?;
        let edit = edit.clone();
        let inbox = on_rules(&call, move |rules| rules.edited_inbox(&edit)).await?;
        for (field, group) in options.groups() {
            if inbox.group_id(group).is_none() {
                return Err(ApiError::unknown_group(&inbox, group, Some(&format!("options.{field}"))));
            }
        }
    }
    ok(on_rules(&call, move |rules| rules.options(&edit, &request)).await?)
}

/// `POST {i}/rules/test`
pub(super) async fn test(call: Call) -> CallResult {
    let edit: RulesEdit = call.body()?;
    ok(on_rules(&call, move |rules| rules.test(&edit)).await?)
}

/// `GET {i}/rules/words`
pub(super) fn words(call: &Call) -> CallResult {
    let release = call.inbox()?.release();
    let inbox = release.set.inbox();
    let id = |user| Arc::clone(&inbox.user(user).id);
    let mut skills: Vec<String> =
        inbox.users.iter().flat_map(|user| user.skills_as_written.iter().cloned()).collect();
    skills.sort();
    skills.dedup();
    let files = release.folder.texts().map(|(name, _)| name.to_owned());
    ok(WordsAnswer {
        words: vocabulary::entries().map(LanguageWord::new).collect(),
        groups: inbox
            .groups
            .iter()
            .map(|group| NamedGroup {
                name: Arc::clone(&group.name),
                members: group.members.iter().copied().map(id).collect(),
            })
            .collect(),
        users: inbox
            .users
            .iter()
            .map(|user| NamedUser { id: Arc::clone(&user.id), name: Arc::clone(&user.name) })
            .collect(),
        customer_attributes: inbox.attributes.iter().map(NamedAttribute::new).collect(),
        message_attributes: inbox.message_attributes.iter().map(NamedAttribute::new).collect(),
        skills,
        placeholders: placeholder_names(inbox),
        files: files.filter(|name| name != "inbox.toml").collect(),
    })
}

/// Edited rules, which the caller must be allowed to edit.
fn edit(call: &Call, files: BTreeMap<String, Option<String>>) -> Result<RulesEdit, ApiError> {
    if !files.is_empty() {
        may_edit(call)?;
    }
    Ok(RulesEdit { base: None, files })
}

fn check_number(number: &str) -> Result<(), ApiError> {
    if inbox_rules::inbox::is_e164(number) {
        return Ok(());
    }
    Err(ApiError::bad_field("number", format!("`{number}` is not a number such as `+15550100`")))
}

fn may_edit(call: &Call) -> Result<(), ApiError> {
    call.caller.as_ref().map_or(Ok(()), |caller| auth::authorize(caller, Can::Rules))
}

impl LanguageWord {
    fn new(entry: &'static vocabulary::WordEntry) -> Self {
        let vocabulary::WordEntry { word, class, form, meaning, .. } = entry;
        let class = match class {
            WordClass::Item => "item",
            WordClass::Operand => "operand",
            WordClass::ValueTest => "value_test",
            WordClass::Condition => "condition",
            WordClass::Action => "action",
            WordClass::Target => "target",
            WordClass::ActionPart => "action_part",
            WordClass::TestLine => "test_line",
            WordClass::TestPart => "test_part",
            WordClass::Fact => "fact",
            WordClass::Count => "count",
            WordClass::Kind => "kind",
            WordClass::Algorithm => "algorithm",
            WordClass::Day => "day",
            WordClass::Month => "month",
            WordClass::Attribute => "attribute",
            WordClass::Eligibility => "eligibility",
            WordClass::Priority => "priority",
            WordClass::Presence => "presence",
        };
        Self { word, class, form, meaning }
    }
}

impl NamedAttribute {
    fn new(attribute: &AttributeDefinition) -> Self {
        let values = match &attribute.kind {
            AttributeKind::Words(words) => Some(words.iter().map(|(word, _)| word.clone()).collect()),
            _ => None,
        };
        Self { name: attribute.name.clone(), values }
    }
}
