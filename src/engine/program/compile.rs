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

/// A rule with more parts, and a definition with more tests, is not looked into any further: many rules may have it.
const MOST_PARTS: usize = 16;
/// A rule that waits for more tests than this is not worth listing under each.
const MOST_KEYS: usize = 8;

impl Program {
    /// Makes a policy ready. It takes time and room linear in the policy.
    pub fn compile(policy: &Policy) -> Self {
        let mut gathering = Gathering::default();
        let definitions: Vec<Term> =
            policy.definitions.iter().map(|one| gathering.term(&one.condition, true)).collect();
        let term = |rule: &Rule, gathering: &mut Gathering| match &rule.when {
            Some(condition) => gathering.term(condition, true),
            None => Term::constant(true),
        };
        let rules: Vec<Term> = policy.rules.iter().map(|rule| term(rule, &mut gathering)).collect();
        let tests = gathering.tests;
        let sources = sources(&rules, &definitions, &tests);
        let known = Known::of(&definitions, &sources, &tests);
        let mut steps = Vec::new();
        let (mut deciding, mut also) = (Vec::new(), Vec::new());
        for (place, (rule, term)) in (0..).zip(policy.rules.iter().zip(&rules)) {
            let table = if rule.also { &mut also } else { &mut deciding };
            table.push(known.entry(place, term, &mut steps));
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
    let worth =
        |source: Source| if source.is_slow(tests) { 1.max(rules.len() / 4) } else { rules.len() / 32 };
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

/// What is known of a policy's conditions before its rules are laid out.
struct Known<'p> {
    tests: &'p Tests,
    sources: &'p [Classes],
    /// Each definition, if it is small.
    small: Vec<Option<&'p Term>>,
    /// What each source says of each definition.
    definitions_can: Vec<Vec<Can>>,
    definition_keys: Vec<Keys>,
}

/// Tests of which one must hold for a condition to hold, if there are such and they are few.
type Keys = Option<Vec<TestId>>;

impl<'p> Known<'p> {
    fn of(definitions: &'p [Term], sources: &'p [Classes], tests: &'p Tests) -> Self {
        let is_small = |definition: &&Term| {
            let mut size = 0;
            definition.tests(&mut |_| size += 1);
            size <= MOST_PARTS
        };
        let mut known = Self {
            tests,
            sources,
            small: definitions.iter().map(|definition| Some(definition).filter(is_small)).collect(),
            definitions_can: vec![Vec::new(); sources.len()],
            definition_keys: Vec::new(),
        };
        // A definition names none but those above it.
        for definition in definitions {
            for (source, can) in sources.iter().zip(&mut known.definitions_can) {
                can.push(source.can(definition, tests, can));
            }
            known.definition_keys.push(known.keys(definition));
        }
        known
    }

    /// The rule of that place and condition. Steps ask of it what neither the rows nor its keys tell.
    fn entry(&self, place: u32, term: &Term, steps: &mut Vec<Step>) -> Entry {
        let mut parts = Vec::new();
        self.parts(term, &mut Vec::new(), &mut parts);
        let with_keys = parts.iter().filter_map(|part| Some((*part, self.keys(part)?)));
        let (waits_for, keys) = with_keys.min_by_key(|(_, keys)| keys.len()).unzip();
        let mut open = vec![u64::MAX; self.sources.len()];
        let mut start = HOLDS;
        for part in parts.iter().rev() {
            let mut is_told = waits_for == Some(*part) && self.is_key(part);
            let sources = self.sources.iter().zip(&self.definitions_can);
            for ((source, definitions), open) in sources.zip(&mut open) {
                let can = source.can(part, self.tests, definitions);
                *open &= can.hold;
                is_told |= can.hold & can.fail == 0;
            }
            if !is_told {
                start = lay(steps, part, start, FAILS);
            }
        }
        Entry { ready: Ready { rule: place, start }, keys, open }
    }

    /// The parts of which all must hold, with those of the small definitions that must, each once.
    fn parts<'t>(&'t self, term: &'t Term, opened: &mut Vec<&'t Term>, parts: &mut Vec<&'t Term>) {
        let is_crowded = parts.len() > MOST_PARTS;
        match term {
            Term::All(all) => all.iter().for_each(|part| self.parts(part, opened, parts)),
            _ if is_crowded => parts.push(term),
            _ if opened.contains(&term) || parts.contains(&term) => {}
            _ => match self.definition(term) {
                Some(definition) => {
                    opened.push(term);
                    self.parts(definition, opened, parts);
                }
                None => parts.push(term),
            },
        }
    }

    /// The condition of the small definition that `term` says to hold, if it does.
    fn definition(&self, term: &Term) -> Option<&'p Term> {
        let Term::Test(test, true) = term else { return None };
        let Some(Test::Definition(place)) = self.tests.all.get(*test as usize) else { return None };
        self.small.get(*place as usize).copied().flatten()
    }

    /// Whether it holds as soon as one of its keys does.
    fn is_key(&self, term: &Term) -> bool {
        match term {
            Term::Test(test, true) => {
                matches!(self.tests.all.get(*test as usize), Some(Test::Keyword { .. } | Test::Tag { .. }))
            }
            Term::Any(parts) => parts.iter().all(|part| self.is_key(part)),
            _ => false,
        }
    }

    /// Tests that fail unless a keyword or a tag turns up, of which one must hold for `term` to hold.
    fn keys(&self, term: &Term) -> Keys {
        match term {
            Term::Test(_, false) => None,
            Term::Test(test, true) => match self.tests.all.get(*test as usize)? {
                Test::Keyword { .. } | Test::Tag { .. } => Some(vec![*test]),
                Test::Definition(place) => self.definition_keys.get(*place as usize).cloned().flatten(),
                _ => None,
            },
            Term::All(parts) => parts.iter().filter_map(|part| self.keys(part)).min_by_key(Vec::len),
            Term::Any(parts) => {
                let by_part: Option<Vec<_>> = parts.iter().map(|part| self.keys(part)).collect();
                Some(by_part?.concat()).filter(|keys| keys.len() <= MOST_KEYS)
            }
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
