//! A reference to a rule that outlives the policy: decisions and their continuations name rules by it.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::{Policy, Rule};

/// A rule, identified by its name, or by its place if it has none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RuleRef {
    /// Its name; `null` if it has none.
    pub name: Option<Arc<str>>,
    /// Its file, relative to the folder.
    pub file: Arc<str>,
    /// The line on which it starts, from 1.
    pub line: u32,
}

impl RuleRef {
    /// The reference to `rule`, one of `policy`.
    pub fn of(policy: &Policy, rule: &Rule) -> Self {
        Self { name: rule.name.clone(), file: Arc::clone(&policy.file), line: rule.line }
    }

    /// The rule of `policy` that is meant: the one of that name, wherever it is now, or if it has no name the one at that
    /// place.
    pub fn find<'p>(&self, policy: &'p Policy) -> Option<&'p Rule> {
        let has_name = |rule: &&Rule| rule.name == self.name;
        let is_here = |rule: &&Rule| policy.file == self.file && rule.line == self.line;
        let mut same_name = policy.rules.iter().filter(has_name);
        match &self.name {
            Some(_) => same_name.clone().find(is_here).or_else(|| same_name.next()),
            None => same_name.find(is_here),
        }
    }

    /// The rule that is meant, if the text of `policy` is still the one that the reference was made from. Then its line is
    /// enough, whatever the file is called now.
    pub fn find_in_same_text<'p>(&self, policy: &'p Policy) -> Option<&'p Rule> {
        let place = policy.rules.binary_search_by_key(&self.line, |rule| rule.line).ok()?;
        policy.rules.get(place).filter(|rule| rule.name == self.name)
    }
}

impl std::fmt::Display for RuleRef {
    /// Its name, or where it has none its place.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.name {
            Some(name) => write!(out, "`{name}`"),
            None => write!(out, "the rule at {}:{}", self.file, self.line),
        }
    }
}
