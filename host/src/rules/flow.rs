//! A policy as people read it: its rules in order, what each takes, and who gets it.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::describe::{FlowDefinition, FlowRule, flow_definitions, flow_rules};
use inbox_rules::language::parse;
use inbox_rules::text::Source;
use inbox_rules::{Folder, RuleSet, prove};
use schemars::JsonSchema;
use serde::Serialize;

use super::policy_file::NumberPolicy;

/// A policy as people read it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Flow")]
pub struct PolicyFlow {
    /// The digest of the active rules, which are the base of edited ones.
    pub digest: String,
    /// Its file; `null`: no rules are for the number.
    pub file: Option<Arc<str>>,
    /// The other numbers with the same rules.
    pub shared_with: Vec<String>,
    /// The time zone of its hours and dates.
    pub timezone: Option<String>,
    /// The rules of every kind, in the order of the file.
    pub rules: Vec<FlowRule>,
    /// What the names stand for that the rules can use.
    pub definitions: BTreeMap<String, FlowDefinition>,
}

/// The flow of the rules of a number.
pub(super) fn flow(folder: &Folder, set: &RuleSet, number: &str, digest: String) -> PolicyFlow {
    let NumberPolicy { file, shared_with } = NumberPolicy::of(folder, number);
    let policy = file.as_ref().and_then(|_| set.policy(number));
    let (Some(file), Some(policy)) = (file, policy) else {
        let (rules, definitions) = (Vec::new(), BTreeMap::new());
        return PolicyFlow { digest, file: None, shared_with, timezone: None, rules, definitions };
    };
    let proofs = prove::verify(policy, set.inbox(), false);
    let source = Source::new(Arc::clone(&file), Arc::clone(&policy.text));
    let rules = flow_rules(&source, &parse(&source).file, set.inbox(), &file, &proofs.unreached(policy));
    PolicyFlow {
        digest,
        shared_with,
        timezone: Some(policy.timezone_name(set.inbox()).to_owned()),
        rules,
        definitions: flow_definitions(folder, set.inbox(), &file),
        file: Some(file),
    }
}
