//! Policy → program.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::tz::TimeZone;

use super::keywords::Keywords;
use super::source::{Can, Classes, Source};
use super::steps::{FAILS, HOLDS, Place, Step, lay};
use super::table::{Entry, MOST_SOURCES, Ready, Table};
use super::term::Term;
use super::test::{Gathering, Test, TestId, Tests};
use crate::policy::{Policy, Rule};

/// A policy made ready to decide quickly.
#[derive(Debug)]
pub struct Program {
    pub(super) tests: Tests,
    pub(super) steps: Vec<Step>,
    /// The first step of each definition.
    pub(super) definitions: Vec<Place>,
    /// The rules of which the first that holds decides.
    pub(super) deciding: Table,
    /// The rules of which every one that holds acts.
    pub(super) also: Table,
    pub(super) sources: Vec<Classes>,
    pub(super) keywords: Keywords,
    /// What each tag answers; sorted.
    pub(super) tags: Vec<(Box<str>, TestId)>,
    pub(super) timezone: TimeZone,
}

/// With so few rules it is quicker to ask them all than to find out which to ask.
const FEW: usize = 12;
/// A rule that waits for more tests than this is not worth listing under each.
const MOST_KEYS: usize = 8;

impl Program {
    /// Makes a policy ready. It takes time and room linear in the policy.
    pub fn compile(policy: &Policy) -> Self {
        Self::compile_as(policy, policy.rules.len() > FEW)
    }

    /// About how many bytes it takes, without the policy's calendars and patterns, which it shares.
    pub fn bytes(&self) -> usize {
        let definitions = size_of_val(&*self.definitions);
        let tables = self.deciding.bytes() + self.also.bytes();
        let tags: usize = self.tags.iter().map(|tag| size_of_val(tag) + tag.0.len()).sum();
        let sources: usize = self.sources.iter().map(Classes::bytes).sum();
        let steps = size_of_val(&*self.steps);
        size_of::<Self>()
            + self.tests.bytes()
            + steps
            + definitions
            + tables
            + sources
            + self.keywords.bytes()
            + tags
    }

    /// As one of many rules, or of few.
    pub(super) fn compile_as(policy: &Policy, is_large: bool) -> Self {
        let mut gathering = Gathering::default();
        let definitions: Vec<Term> =
            policy.definitions.iter().map(|one| gathering.term(&one.condition, true)).collect();
        let term = |rule: &Rule, gathering: &mut Gathering| match &rule.when {
            Some(condition) => gathering.term(condition, true),
            None => Term::constant(true),
        };
        let rules: Vec<Term> = policy.rules.iter().map(|rule| term(rule, &mut gathering)).collect();
        let tests = gathering.tests;
        let mut steps = Vec::new();
        let (mut deciding, mut also) = (Vec::new(), Vec::new());
        let sources = if is_large { sources(&rules, &definitions, &tests) } else { Vec::new() };
        let definitions_can: Vec<Vec<Can>> =
            sources.iter().map(|source| all_can(source, &definitions, &tests)).collect();
        let definition_keys = all_keys(&definitions, &tests);
        for (place, (rule, term)) in policy.rules.iter().zip(&rules).enumerate() {
            let ready = Ready { rule: place as u32, start: lay(&mut steps, term, HOLDS, FAILS) };
            let can = sources.iter().zip(&definitions_can);
            let can = can.map(|(source, definitions)| source.can(term, &tests, definitions)).collect();
            let keys = if is_large { keys(term, &tests, &definition_keys) } else { None };
            let table = if rule.also { &mut also } else { &mut deciding };
            table.push(Entry { ready, keys, can });
        }
        let definitions = definitions.iter().map(|term| lay(&mut steps, term, HOLDS, FAILS)).collect();
        let is_tag = |test| matches!(tests.all.get(test as usize), Some(Test::Tag { .. }));
        let table = |entries| Table::new(entries, &sources, tests.all.len(), is_tag);
        Self {
            definitions,
            deciding: table(deciding),
            also: table(also),
            keywords: keywords(&tests),
            tags: tags(&tests),
            timezone: policy.timezone.clone(),
            steps,
            sources,
            tests,
        }
    }
}

/// The sources that the most rules ask, as far as they are worth looking at for every message.
fn sources(rules: &[Term], definitions: &[Term], tests: &Tests) -> Vec<Classes> {
    let mut by_definition: Vec<Vec<Source>> = Vec::with_capacity(definitions.len());
    for definition in definitions {
        let asked = asked(definition, tests, &by_definition);
        by_definition.push(asked);
    }
    let mut asking: HashMap<Source, usize> = HashMap::new();
    for rule in rules {
        for source in asked(rule, tests, &by_definition) {
            *asking.entry(source).or_default() += 1;
        }
    }
    let worth = |source: Source| rules.len() / if source.is_slow(tests) { 4 } else { 32 };
    let mut asking: Vec<_> = asking.into_iter().filter(|(source, rules)| *rules > worth(*source)).collect();
    asking.sort_unstable_by_key(|(source, rules)| (Reverse(*rules), *source));
    asking.truncate(MOST_SOURCES);
    asking.into_iter().map(|(source, _)| Classes::of(source, tests)).collect()
}

/// The sources that `term` asks, each once.
fn asked(term: &Term, tests: &Tests, by_definition: &[Vec<Source>]) -> Vec<Source> {
    let mut found: Vec<Source> = Vec::new();
    term.tests(&mut |test| match tests.all.get(test as usize) {
        Some(Test::Definition(place)) => {
            let sources = by_definition.get(*place as usize).into_iter().flatten();
            found.extend(sources.copied());
        }
        test => found.extend(test.and_then(Source::of)),
    });
    found.sort_unstable();
    found.dedup();
    found
}

fn all_can(source: &Classes, definitions: &[Term], tests: &Tests) -> Vec<Can> {
    let mut can = Vec::with_capacity(definitions.len());
    for definition in definitions {
        can.push(source.can(definition, tests, &can));
    }
    can
}

/// Tests of which one must hold for a condition to hold, if there are such and they are few.
type Keys = Option<Vec<TestId>>;

fn all_keys(definitions: &[Term], tests: &Tests) -> Vec<Keys> {
    let mut all = Vec::with_capacity(definitions.len());
    for definition in definitions {
        all.push(keys(definition, tests, &all));
    }
    all
}

/// Tests that fail unless a keyword or a tag turns up, of which one must hold for `term` to hold.
fn keys(term: &Term, tests: &Tests, definitions: &[Keys]) -> Keys {
    match term {
        Term::Test(_, false) => None,
        Term::Test(test, true) => match tests.all.get(*test as usize)? {
            Test::Keyword { .. } | Test::Tag { .. } => Some(vec![*test]),
            Test::Definition(place) => definitions.get(*place as usize).cloned().flatten(),
            _ => None,
        },
        Term::All(parts) => {
            let by_part = parts.iter().filter_map(|part| keys(part, tests, definitions));
            by_part.min_by_key(Vec::len)
        }
        Term::Any(parts) => {
            let by_part: Option<Vec<_>> = parts.iter().map(|part| keys(part, tests, definitions)).collect();
            Some(by_part?.concat()).filter(|keys| keys.len() <= MOST_KEYS)
        }
    }
}

fn keywords(tests: &Tests) -> Keywords {
    let mut asked = Vec::new();
    for (test, at) in tests.all.iter().zip(0..) {
        if let Test::Keyword { form, list } = test {
            let words = tests.lists.get(*list as usize).into_iter().flatten();
            asked.extend(words.map(|word| (word.as_str(), *form, at)));
        }
    }
    Keywords::new(asked)
}

fn tags(tests: &Tests) -> Vec<(Box<str>, TestId)> {
    let mut tags = Vec::new();
    for (test, at) in tests.all.iter().zip(0..) {
        if let Test::Tag { list } = test {
            let words = tests.lists.get(*list as usize).into_iter().flatten();
            tags.extend(words.map(|word| (Box::from(word.as_str()), at)));
        }
    }
    tags.sort_unstable();
    tags
}
