//! Rules without a name, which a decision knows only by their lines: after an edit above it, the same rule is on another line.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use inbox_rules::language::ast::RuleKind;
use inbox_rules::language::one_line;
use inbox_rules::policy::Rule;
use inbox_rules::{Decision, Policy, RuleSet, Source};

use super::error::ApiError;
use crate::machine;
use crate::store::{Page, StoreError, StoreReader};

/// How many rule sets are listed at once.
const PIECE: usize = 100;
/// How many are looked through, at most: the rules of older ones are not told from each other.
const MAX_SETS: usize = 300;

/// The rules without a name of the policies that have decided, by the digests of these.
#[derive(Debug, Default)]
pub(super) struct UnnamedRules {
    /// By the line.
    policies: HashMap<Arc<str>, BTreeMap<u32, Arc<str>>>,
    /// The digests of the rule sets that were looked through.
    sets: HashSet<Arc<str>>,
}

impl UnnamedRules {
    /// What the rule on this line of a policy is known by. `None`: it has a name, or its text is no longer kept.
    pub(super) fn known_by(
        &mut self,
        reader: &mut dyn StoreReader,
        inbox: &str,
        policy: &Arc<str>,
        line: u32,
    ) -> Result<Option<Arc<str>>, StoreError> {
        if !self.policies.contains_key(policy) {
            self.look_for(reader, inbox, policy)?;
        }
        Ok(self.policies.get(policy).and_then(|rules| rules.get(&line)).cloned())
    }

    /// Looks through the rule sets that were active, the latest first, until one has the policy.
    fn look_for(
        &mut self,
        reader: &mut dyn StoreReader,
        inbox: &str,
        policy: &Arc<str>,
    ) -> Result<(), StoreError> {
        let mut page = Page { after: 0, limit: PIECE };
        loop {
            let heads = reader.rule_sets(inbox, page)?;
            for head in &heads {
                if self.sets.len() < MAX_SETS
                    && self.sets.insert(Arc::clone(&head.digest))
                    && let Some(row) = reader.rule_set(inbox, &head.digest)?
                    && let Ok(set) = machine::compile(&row)
                {
                    self.add(&set);
                }
                if self.policies.contains_key(policy) {
                    return Ok(());
                }
            }
            match heads.last() {
                Some(last) if heads.len() == PIECE && self.sets.len() < MAX_SETS => page.after = last.seq,
                _ => break,
            }
        }
        // It is not looked for again.
        self.policies.insert(Arc::clone(policy), BTreeMap::new());
        Ok(())
    }

    /// Those of these rules are known.
    pub(super) fn add(&mut self, set: &RuleSet) {
        for policy in set.policies() {
            let rules = policy.rules.iter().filter(|rule| rule.name.is_none());
            let rules = rules.map(|rule| (rule.line, known_by(policy, rule))).collect();
            self.policies.insert(Arc::clone(&policy.digest), rules);
        }
    }
}

/// A rule without a name, whose decisions are looked for.
pub(super) struct UnnamedRule {
    known_by: Arc<str>,
    rules: UnnamedRules,
}

impl UnnamedRule {
    /// The one that begins at this place.
    ///
    /// # Errors
    ///
    /// 404 `unknown-rule`.
    pub(super) fn at(set: &RuleSet, place: &str) -> Result<Self, ApiError> {
        let at = place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse::<u32>().ok()?)));
        let found = at.and_then(|(file, line)| {
            let policy = set.policies().find(|policy| *policy.file == *file)?;
            let rule = policy.rules.iter().find(|rule| rule.line == line && rule.name.is_none())?;
            Some(known_by(policy, rule))
        });
        let Some(known_by) = found else {
            let help = "write a place such as `default.rules:12`";
            let message = format!("no rule without a name begins at `{place}`; {help}");
            return Err(ApiError::unknown("unknown-rule", message).at("place"));
        };
        let mut rules = UnnamedRules::default();
        rules.add(set);
        Ok(Self { known_by, rules })
    }

    /// Whether it made this decision, wherever it stood then.
    pub(super) fn decided(
        &mut self,
        reader: &mut dyn StoreReader,
        inbox: &str,
        decision: &Decision,
    ) -> Result<bool, StoreError> {
        let Some(rule) = decision.rule.as_ref().filter(|rule| rule.name.is_none()) else { return Ok(false) };
        let known_by = self.rules.known_by(reader, inbox, &decision.policy, rule.line)?;
        Ok(known_by.as_ref() == Some(&self.known_by))
    }
}

/// What a rule without a name is known by: when it is asked. Of two for the same case the second never decides, and what a
/// rule does may change while it stays the same rule, as with a name.
pub(super) fn known_by(policy: &Policy, rule: &Rule) -> Arc<str> {
    let kind = match rule.kind {
        RuleKind::Regular => "",
        RuleKind::Also => "also ",
        RuleKind::Move => "move ",
    };
    match &rule.when {
        Some(condition) => {
            let source = Source::new(Arc::clone(&policy.file), Arc::clone(&policy.text));
            format!("{kind}when {}", one_line(&source, condition.span)).into()
        }
        None => "otherwise".into(),
    }
}
