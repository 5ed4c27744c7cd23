//! Policy → program.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::branches::{Branch, BranchId, FAILS, HOLDS, emit};
use super::feature::{Feature, Partition, Possible};
use super::index::{IndexEntry, IndexedRule, MAX_FEATURES, RuleIndex};
use super::interner::Interner;
use super::keywords::Keywords;
use super::nnf::Nnf;
use super::predicate::{Predicate, PredicateId, Predicates};
use crate::language::ast::RuleKind;
use crate::policy::{Policy, Rule};

/// A policy compiled, so that rules are found fast.
#[derive(Debug)]
pub struct Program {
    pub(super) predicates: Predicates,
    pub(super) branches: Vec<Branch>,
    /// The first branch of each definition.
    pub(super) definitions: Vec<BranchId>,
    /// The rules of which the first that holds decides, where no chat is open.
    pub(super) deciding: RuleIndex,
    /// The `move` rules, of which the first that holds decides in an open chat.
    pub(super) moving: RuleIndex,
    /// The rules of which every one that holds acts.
    pub(super) also: RuleIndex,
    pub(super) features: Vec<Partition>,
    pub(super) keywords: Keywords,
    /// The predicates that each tag of the customer makes true, sorted by the tag; and each tag of the open chat.
    pub(super) tags: Vec<(Box<str>, PredicateId)>,
    pub(super) chat_tags: Vec<(Box<str>, PredicateId)>,
    pub(super) timezone: TimeZone,
}

/// The analysis expands a rule to at most so many conjuncts, and definitions of at most so many predicates. A definition is
/// analysed again in each rule that names it, so that without a limit the time would not be linear in the policy.
const MAX_CONJUNCTS: usize = 16;
/// A rule with more triggers than this is evaluated always: listing it under each would cost more than it saves.
const MAX_TRIGGERS: usize = 8;

impl Program {
    /// Compiles a policy, in time and space linear in its size.
    pub fn compile(policy: &Policy) -> Self {
        let mut interner = Interner::default();
        let definitions: Vec<Nnf> =
            policy.definitions.iter().map(|one| interner.nnf(&one.condition, true)).collect();
        let condition = |rule: &Rule, interner: &mut Interner| match &rule.when {
            Some(condition) => interner.nnf(condition, true),
            None => Nnf::constant(true),
        };
        let rules: Vec<Nnf> = policy.rules.iter().map(|rule| condition(rule, &mut interner)).collect();
        let predicates = interner.predicates;
        let features = choose_features(&rules, &definitions, &predicates);
        let analysis = Analysis::of(&definitions, &features, &predicates);
        let mut branches = Vec::new();
        let (mut deciding, mut moving, mut also) = (Vec::new(), Vec::new(), Vec::new());
        for (place, (rule, condition)) in (0..).zip(policy.rules.iter().zip(&rules)) {
            let entries = match rule.kind {
                RuleKind::Regular => &mut deciding,
                RuleKind::Move => &mut moving,
                RuleKind::Also => &mut also,
            };
            entries.push(analysis.index_entry(place, condition, &mut branches));
        }
        let definitions =
            definitions.iter().map(|condition| emit(&mut branches, condition, HOLDS, FAILS)).collect();
        let is_tag = |id| {
            let predicate = predicates.all.get(id as usize);
            matches!(predicate, Some(Predicate::Tag { .. } | Predicate::ChatTag { .. }))
        };
        let index = |entries| RuleIndex::new(entries, &features, predicates.all.len(), is_tag);
        Self {
            definitions,
            deciding: index(deciding),
            moving: index(moving),
            also: index(also),
            keywords: keywords(&predicates),
            tags: tags(&predicates, |predicate| match predicate {
                Predicate::Tag { list } => Some(*list),
                _ => None,
            }),
            chat_tags: tags(&predicates, |predicate| match predicate {
                Predicate::ChatTag { list } => Some(*list),
                _ => None,
            }),
            timezone: policy.timezone.clone(),
            branches,
            features,
            predicates,
        }
    }

    /// About how many bytes it takes, without the policy's calendars and patterns, which it shares.
    pub fn bytes(&self) -> usize {
        let definitions = size_of_val(&*self.definitions);
        let indexes = self.deciding.bytes() + self.moving.bytes() + self.also.bytes();
        let tags = self.tags.iter().chain(&self.chat_tags);
        let tags: usize = tags.map(|tag| size_of_val(tag) + tag.0.len()).sum();
        let features: usize = self.features.iter().map(Partition::bytes).sum();
        let branches = size_of_val(&*self.branches);
        size_of::<Self>()
            + self.predicates.bytes()
            + branches
            + definitions
            + indexes
            + features
            + self.keywords.bytes()
            + tags
    }
}

/// The features that most rules depend on, as far as finding their class for every message is worth its while.
fn choose_features(rules: &[Nnf], definitions: &[Nnf], predicates: &Predicates) -> Vec<Partition> {
    let mut of_definitions: Vec<Vec<Feature>> = Vec::with_capacity(definitions.len());
    for definition in definitions {
        let features = features_of(definition, predicates, &of_definitions);
        of_definitions.push(features);
    }
    let mut dependents: HashMap<Feature, usize> = HashMap::new();
    for rule in rules {
        for feature in features_of(rule, predicates, &of_definitions) {
            *dependents.entry(feature).or_default() += 1;
        }
    }
    // A slow feature must help with a quarter of the rules; a fast one pays sooner.
    let threshold = |feature: Feature| {
        if feature.is_slow(predicates) { 1.max(rules.len() / 4) } else { rules.len() / 32 }
    };
    let mut dependents: Vec<_> =
        dependents.into_iter().filter(|(feature, rules)| *rules > threshold(*feature)).collect();
    dependents.sort_unstable_by_key(|(feature, rules)| (Reverse(*rules), *feature));
    dependents.truncate(MAX_FEATURES);
    dependents.into_iter().map(|(feature, _)| Partition::of(feature, predicates)).collect()
}

/// The features that `condition` depends on, each once.
fn features_of(condition: &Nnf, predicates: &Predicates, of_definitions: &[Vec<Feature>]) -> Vec<Feature> {
    let mut features: Vec<Feature> = Vec::new();
    condition.for_each_predicate(&mut |id| match predicates.all.get(id as usize) {
        Some(Predicate::Definition(place)) => {
            let inner = of_definitions.get(*place as usize).into_iter().flatten();
            features.extend(inner.copied());
        }
        predicate => features.extend(predicate.and_then(Feature::of)),
    });
    features.sort_unstable();
    features.dedup();
    features
}

/// What is known about the conditions of a policy before its rules are indexed.
struct Analysis<'p> {
    predicates: &'p Predicates,
    features: &'p [Partition],
    /// Each definition, if it is small enough to be expanded.
    expandable: Vec<Option<&'p Nnf>>,
    /// For each feature, what it says about each definition.
    possible: Vec<Vec<Possible>>,
    definition_triggers: Vec<Triggers>,
}

/// Predicates of which one must be true for a condition to hold, if there are such and they are few.
type Triggers = Option<Vec<PredicateId>>;

impl<'p> Analysis<'p> {
    fn of(definitions: &'p [Nnf], features: &'p [Partition], predicates: &'p Predicates) -> Self {
        let is_small = |definition: &&Nnf| {
            let mut size = 0;
            definition.for_each_predicate(&mut |_| size += 1);
            size <= MAX_CONJUNCTS
        };
        let mut analysis = Self {
            predicates,
            features,
            expandable: definitions.iter().map(|definition| Some(definition).filter(is_small)).collect(),
            possible: vec![Vec::new(); features.len()],
            definition_triggers: Vec::new(),
        };
        // A definition names only those above it.
        for definition in definitions {
            for (feature, known) in features.iter().zip(&mut analysis.possible) {
                known.push(feature.possible(definition, predicates, known));
            }
            analysis.definition_triggers.push(analysis.triggers(definition));
        }
        analysis
    }

    /// The index entry of a rule. Its branches evaluate only what neither its rows nor its triggers imply: once a rule is
    /// reached, those are known to be true.
    fn index_entry(&self, place: u32, condition: &Nnf, branches: &mut Vec<Branch>) -> IndexEntry {
        let mut conjuncts = Vec::new();
        self.conjuncts(condition, &mut Vec::new(), &mut conjuncts);
        // One conjunct with triggers is enough; the one with the fewest triggers the rule least often.
        let with_triggers = conjuncts.iter().filter_map(|part| Some((*part, self.triggers(part)?)));
        let (triggering, triggers) = with_triggers.min_by_key(|(_, triggers)| triggers.len()).unzip();
        let mut classes = vec![u64::MAX; self.features.len()];
        let mut start = HOLDS;
        for part in conjuncts.iter().rev() {
            let mut is_implied = triggering == Some(*part) && self.is_trigger(part);
            let features = self.features.iter().zip(&self.possible);
            for ((feature, definitions), classes) in features.zip(&mut classes) {
                let possible = feature.possible(part, self.predicates, definitions);
                *classes &= possible.hold;
                // No class in which it can hold is one in which it can fail: the row alone decides it.
                is_implied |= possible.hold & possible.fail == 0;
            }
            if !is_implied {
                start = emit(branches, part, start, FAILS);
            }
        }
        IndexEntry { rule: IndexedRule { rule: place, start }, triggers, classes }
    }

    /// The parts of `condition` of which all must hold, with those of the small definitions that must hold, each once.
    fn conjuncts<'t>(
        &'t self,
        condition: &'t Nnf,
        expanded: &mut Vec<&'t Nnf>,
        conjuncts: &mut Vec<&'t Nnf>,
    ) {
        let is_full = conjuncts.len() > MAX_CONJUNCTS;
        match condition {
            Nnf::All(all) => all.iter().for_each(|part| self.conjuncts(part, expanded, conjuncts)),
            _ if is_full => conjuncts.push(condition),
            _ if expanded.contains(&condition) || conjuncts.contains(&condition) => {}
            _ => match self.definition(condition) {
                Some(definition) => {
                    expanded.push(condition);
                    self.conjuncts(definition, expanded, conjuncts);
                }
                None => conjuncts.push(condition),
            },
        }
    }

    /// The small definition that `condition` requires to hold, if it is one.
    fn definition(&self, condition: &Nnf) -> Option<&'p Nnf> {
        let Nnf::Literal(id, true) = condition else { return None };
        let Some(Predicate::Definition(place)) = self.predicates.all.get(*id as usize) else { return None };
        self.expandable.get(*place as usize).copied().flatten()
    }

    /// Whether the condition holds as soon as one of its triggers is true.
    fn is_trigger(&self, condition: &Nnf) -> bool {
        match condition {
            Nnf::Literal(id, true) => {
                let predicate = self.predicates.all.get(*id as usize);
                matches!(
                    predicate,
                    Some(Predicate::Keyword { .. } | Predicate::Tag { .. } | Predicate::ChatTag { .. })
                )
            }
            Nnf::Any(parts) => parts.iter().all(|part| self.is_trigger(part)),
            _ => false,
        }
    }

    /// Predicates that are false unless a keyword or a tag is found, of which one must be true for `condition` to hold.
    fn triggers(&self, condition: &Nnf) -> Triggers {
        match condition {
            Nnf::Literal(_, false) => None,
            Nnf::Literal(id, true) => match self.predicates.all.get(*id as usize)? {
                Predicate::Keyword { .. } | Predicate::Tag { .. } | Predicate::ChatTag { .. } => {
                    Some(vec![*id])
                }
                Predicate::Definition(place) => {
                    self.definition_triggers.get(*place as usize).cloned().flatten()
                }
                _ => None,
            },
            Nnf::All(parts) => parts.iter().filter_map(|part| self.triggers(part)).min_by_key(Vec::len),
            Nnf::Any(parts) => {
                let of_parts: Option<Vec<_>> = parts.iter().map(|part| self.triggers(part)).collect();
                Some(of_parts?.concat()).filter(|triggers| triggers.len() <= MAX_TRIGGERS)
            }
        }
    }
}

fn keywords(predicates: &Predicates) -> Keywords {
    let mut keywords = Vec::new();
    for (predicate, id) in predicates.all.iter().zip(0..) {
        if let Predicate::Keyword { how, list } = predicate {
            let words = predicates.lists.get(*list as usize).into_iter().flatten();
            keywords.extend(words.map(|word| (word.as_str(), *how, id)));
        }
    }
    Keywords::new(keywords)
}

/// The tags of the predicates in which `list_of` finds a list of them.
fn tags(
    predicates: &Predicates,
    list_of: impl Fn(&Predicate) -> Option<u32>,
) -> Vec<(Box<str>, PredicateId)> {
    let mut tags = Vec::new();
    for (predicate, id) in predicates.all.iter().zip(0..) {
        if let Some(list) = list_of(predicate) {
            let words = predicates.lists.get(list as usize).into_iter().flatten();
            tags.extend(words.map(|word| (Box::from(word.as_str()), id)));
        }
    }
    tags.sort_unstable();
    tags
}
