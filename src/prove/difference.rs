//! Which messages two policies of one inbox decide differently; or that there are none.

use std::collections::{BTreeSet, HashSet};

use super::encoding::{Atom, EncodedPolicy, EncodedRule, Encoding, Evaluator, Formula, Formulas, World};
use super::equivalence::{has_same_effect, is_same_reply, tags};
use super::example::{Example, minimize};
use super::precedence::{EarlierRules, Reachability};
use super::query::{Goal, Query};
use super::replay::Replay;
use super::when::{TimePattern, when};
use crate::describe;
use crate::engine::Decision;
use crate::inbox::Inbox;
use crate::policy::{Policy, Reply, Rule};

/// What two policies decide differently, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct DecisionDiff {
    /// Each with a message that shows it.
    pub differences: Vec<Difference>,
    /// Where it is not known whether they decide alike.
    pub unsettled: Vec<RulePair>,
}

/// A rule of each policy, by their places in [`Policy::rules`]; `None`: no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RulePair {
    /// They are `also` rules, which act beside those that decide.
    pub also: bool,
    /// The rule of the old policy.
    pub old: Option<usize>,
    /// The rule of the new one.
    pub new: Option<usize>,
}

/// Messages that two policies decide differently.
#[derive(Debug, Clone)]
pub struct Difference {
    /// The rules that do it.
    pub pair: RulePair,
    /// One of the messages, with as much as usual as can be.
    pub example: Example,
    /// What the dice came from when it was decided.
    pub seed: u64,
    /// What the old policy decides for it.
    pub old: Decision,
    /// What the new one does.
    pub new: Decision,
    /// Customers who have written before do not meet it.
    pub only_new_customers: bool,
    /// Where somebody is online it is not met.
    pub only_when_nobody_online: bool,
    /// When it is met.
    pub when: TimePattern,
}

impl Difference {
    /// Which customers meet it and when, as `returning customers whose owner is away, on Fridays after 14:00`.
    pub fn customers(&self, inbox: &Inbox) -> String {
        let given = &self.example.given;
        let customers =
            describe::customers(inbox, given, self.only_new_customers, self.only_when_nobody_online);
        customers + &self.when.clause(given.at)
    }
}

/// What is decided differently by `old` and `new`.
pub fn compare(old: &Policy, new: &Policy, inbox: &Inbox) -> DecisionDiff {
    let mut encoding = Encoding::of(inbox, &[old, new]);
    let mut comparison = DecisionDiff::default();
    let mut meetings = Vec::new();
    for rule in deciding(old).map(Some).chain([None]) {
        meet(&encoding, rule, &mut meetings, &mut comparison.unsettled);
    }
    let differ =
        meetings.into_iter().map(|pair| (pair, effects_differ(&mut encoding, pair))).collect::<Vec<_>>();
    let items = items(&mut encoding);
    encoding.finish();
    let mut rule_query = Asking { encoding: &encoding, replay: Replay { old, new, inbox }, comparison };
    for (pair, differ) in differ {
        rule_query.pair(pair, differ);
    }
    for item in &items {
        rule_query.item(item);
    }
    rule_query.reply_order();
    if !encoding.timeline.complete {
        // Some combination of hours may have been overlooked.
        rule_query.comparison.unsettled.push(RulePair { also: false, old: None, new: None });
    }
    rule_query.comparison
}

fn deciding(policy: &Policy) -> impl Iterator<Item = usize> {
    policy.rules.iter().enumerate().filter(|(_, rule)| !rule.also).map(|(place, _)| place)
}

fn rules<'s>(
    encoded: &'s EncodedPolicy<'_>,
    also: bool,
) -> impl Iterator<Item = (usize, &'s Rule, &'s EncodedRule)> {
    let both = encoded.policy.rules.iter().zip(&encoded.rules).enumerate();
    both.filter(move |(_, (rule, _))| rule.also == also)
        .map(|(place, (rule, encoded))| (place, rule, encoded))
}

fn both<'s, 'a>(encoding: &'s Encoding<'a>) -> Option<[&'s EncodedPolicy<'a>; 2]> {
    Some([encoding.policies.first()?, encoding.policies.get(1)?])
}

/// The deciding rules of `charted` above the place `before`; all of them above no rule.
fn above(earlier: &mut EarlierRules, encoded: &EncodedPolicy, before: Option<usize>) {
    let known: HashSet<Formula> = earlier.rules.iter().map(|(_, holds)| *holds).collect();
    for (place, _, rule) in rules(encoded, false).take_while(|(place, _, _)| Some(*place) != before) {
        if !known.contains(&rule.holds) {
            earlier.rules.push((place, rule.holds));
        }
    }
}

/// Finds the rules of the new policy, or none, that do something else to a message that `rule` of the old one decides.
fn meet(
    encoding: &Encoding,
    rule: Option<usize>,
    meetings: &mut Vec<RulePair>,
    unsettled: &mut Vec<RulePair>,
) {
    let Some([old, new]) = both(encoding) else { return };
    let mut earlier = EarlierRules::new();
    above(&mut earlier, old, rule);
    let here = rule.and_then(|rule| Some((old.policy.rules.get(rule)?, old.rules.get(rule)?)));
    let does_same = |place: Option<usize>| match (here, place.and_then(|place| new.policy.rules.get(place))) {
        (Some((old, _)), Some(new)) => has_same_effect(old, new),
        (old, new) => old.is_none() && new.is_none(),
    };
    if is_same_prefix(&earlier, here.map(|(_, rule)| rule.holds), new, &does_same) {
        return;
    }
    let goals: Vec<Goal> = here.iter().map(|(_, rule)| (rule.holds, true)).collect();
    let taken: HashSet<Formula> = earlier.rules.iter().map(|(_, holds)| *holds).collect();
    let mut query = Query::new(encoding);
    let mut refinement = Vec::new();
    loop {
        match earlier.find_reaching(&mut query, &goals, &mut refinement) {
            Reachability::Unreachable(_) => return,
            Reachability::Unknown => return unsettled.push(RulePair { also: false, old: rule, new: None }),
            Reachability::Reachable(world) => {
                let mut seen = Evaluator::new(encoding, &world);
                let place = rules(new, false).find(|(_, _, rule)| seen.holds(rule.holds));
                let place = place.map(|(place, _, _)| place);
                if !does_same(place) {
                    meetings.push(RulePair { also: false, old: rule, new: place });
                }
                query.require(not_deciding(new, place, &taken));
            }
        }
    }
}

/// Whether the new policy has the same rules down to one that holds alike and does the same.
fn is_same_prefix(
    earlier: &EarlierRules,
    holds: Option<Formula>,
    new: &EncodedPolicy,
    does_same: &dyn Fn(Option<usize>) -> bool,
) -> bool {
    let mut above = earlier.rules.iter();
    for (place, _, rule) in rules(new, false) {
        match above.next() {
            Some((_, taken)) if *taken == rule.holds => {}
            Some(_) => return false,
            None => return holds == Some(rule.holds) && does_same(Some(place)),
        }
    }
    above.next().is_none() && holds.is_none() && does_same(None)
}

/// The rule of `charted` at `place`, or no rule, is not the one that decides if one of these goals is met. None of
/// `taken` holds anyhow.
fn not_deciding(encoded: &EncodedPolicy, place: Option<usize>, taken: &HashSet<Formula>) -> Vec<Goal> {
    let above = rules(encoded, false).take_while(|(other, _, _)| Some(*other) != place);
    let above = above.map(|(_, _, rule)| rule.holds).filter(|holds| !taken.contains(holds));
    let rule = place.and_then(|place| encoded.rules.get(place));
    above.map(|holds| (holds, true)).chain(rule.map(|rule| (rule.holds, false))).collect()
}

/// When two rules that decide do not do the same, whatever the `also` rules add to both.
fn effects_differ(encoding: &mut Encoding, pair: RulePair) -> Formula {
    let rule = |side: usize, place: Option<usize>| -> Option<Rule> {
        encoding.policies.get(side)?.policy.rules.get(place?).cloned()
    };
    let (Some(old), Some(new)) = (rule(0, pair.old), rule(1, pair.new)) else { return Formulas::TRUE };
    let (Some(old_place), Some(new_place)) = (pair.old, pair.new) else { return Formulas::TRUE };
    let mut differ = vec![encoding.assignments_differ(old_place, new_place)];
    let are_same = old.replies.len() == new.replies.len()
        && old.replies.iter().zip(&new.replies).all(|(old, new)| is_same_reply(old, new));
    differ.push(Formulas::constant(!are_same));
    // What one of them adds, an `also` rule may add on the other side.
    for (lacking, one, other) in [(1, &old, &new), (0, &new, &old)] {
        for tag in tags(one).difference(&tags(other)) {
            let added = added(encoding, lacking, &|rule| tags(rule).contains(tag));
            differ.push(encoding.formulas.not(added));
        }
        if one.priority > other.priority {
            let added = added(encoding, lacking, &|rule| rule.priority >= one.priority);
            differ.push(encoding.formulas.not(added));
        }
    }
    encoding.formulas.or(differ)
}

/// An `also` rule acts that has something.
fn added(encoding: &mut Encoding, side: usize, has: &dyn Fn(&Rule) -> bool) -> Formula {
    let Some(encoded) = encoding.policies.get(side) else { return Formulas::FALSE };
    let holds: Vec<Formula> =
        rules(encoded, true).filter(|(_, rule, _)| has(rule)).map(|(_, _, rule)| rule.holds).collect();
    encoding.formulas.or(holds)
}

/// Whether a rule has something.
type HasAction<'a> = Box<dyn Fn(&Rule) -> bool + 'a>;

/// One thing that `also` rules add, and when they do, before and after.
struct AlsoAction<'a> {
    has: HasAction<'a>,
    /// A rule that decides may add the same.
    may_be_covered: bool,
    added: [Formula; 2],
}

fn items<'a>(encoding: &mut Encoding<'a>) -> Vec<AlsoAction<'a>> {
    let also = |encoding: &Encoding<'a>| -> Vec<&'a Rule> {
        encoding
            .policies
            .iter()
            .flat_map(|encoded| encoded.policy.rules.iter())
            .filter(|rule| rule.also)
            .collect()
    };
    let also = also(encoding);
    let mut each: Vec<(HasAction<'a>, bool)> = Vec::new();
    let all_tags: BTreeSet<_> = also.iter().flat_map(|rule| tags(rule)).collect();
    for tag in all_tags {
        each.push((Box::new(move |rule| tags(rule).contains(&tag)), true));
    }
    let priorities: BTreeSet<_> = also.iter().filter_map(|rule| rule.priority).collect();
    for priority in priorities {
        each.push((Box::new(move |rule| rule.priority >= Some(priority)), true));
    }
    let mut replies: Vec<&'a Reply> = Vec::new();
    for reply in also.iter().flat_map(|rule| &rule.replies) {
        if !replies.iter().any(|known| is_same_reply(known, reply)) {
            replies.push(reply);
        }
    }
    for reply in replies {
        each.push((Box::new(move |rule| rule.replies.iter().any(|one| is_same_reply(one, reply))), false));
    }
    let each = each.into_iter().map(|(has, may_be_covered)| {
        let added = [added(encoding, 0, &*has), added(encoding, 1, &*has)];
        AlsoAction { has, may_be_covered, added }
    });
    each.filter(|item| item.added[0] != item.added[1]).collect()
}

/// What is at hand when it is known what may differ.
struct Asking<'s, 'a> {
    encoding: &'s Encoding<'a>,
    replay: Replay<'a>,
    comparison: DecisionDiff,
}

impl<'s, 'a> Asking<'s, 'a> {
    /// Rules that decide and may not do the same.
    fn pair(&mut self, pair: RulePair, differ: Formula) {
        let Some([old, new]) = both(self.encoding) else { return };
        let mut earlier = EarlierRules::new();
        above(&mut earlier, old, pair.old);
        above(&mut earlier, new, pair.new);
        let place =
            |encoded: &EncodedPolicy, place: Option<usize>| encoded.rules.get(place?).map(|rule| rule.holds);
        let holds = [place(old, pair.old), place(new, pair.new), Some(differ)];
        let goals: Vec<Goal> = holds.into_iter().flatten().map(|holds| (holds, true)).collect();
        if goals.contains(&(Formulas::FALSE, true)) {
            return;
        }
        let mut query = Query::new(self.encoding);
        let mut refinement = Vec::new();
        match earlier.find_reaching(&mut query, &goals, &mut refinement) {
            Reachability::Unreachable(_) => {}
            Reachability::Unknown => self.comparison.unsettled.push(pair),
            Reachability::Reachable(world) => {
                self.show(pair, &mut query, &earlier, &goals, &mut refinement, *world)
            }
        }
    }

    /// Something that `also` rules add in one policy and not in the other.
    fn item(&mut self, item: &AlsoAction) {
        let Some(sides) = both(self.encoding) else { return };
        for (acting, lacking) in [(0, 1), (1, 0)] {
            let [Some(here), Some(there)] = [sides.get(acting), sides.get(lacking)] else { continue };
            let [Some(added), Some(missed)] = [item.added.get(acting), item.added.get(lacking)] else {
                continue;
            };
            let goals = [(*added, true), (*missed, false)];
            if *added == Formulas::FALSE || *missed == Formulas::TRUE {
                continue;
            }
            let earlier = EarlierRules::new();
            // Where the rules that decide do the same, the example is plainer.
            let changed = self.comparison.differences.iter().filter(|one| !one.pair.also);
            let changed: BTreeSet<Option<usize>> = changed.map(|one| one.pair.old).collect();
            let mut query = self.lacking(item, there);
            for rule in &changed {
                query.prefer(not_deciding(sides[0], *rule, &HashSet::new()));
            }
            let mut refinement = Vec::new();
            let mut reach = earlier.find_reaching(&mut query, &goals, &mut refinement);
            if !changed.is_empty() && !matches!(reach, Reachability::Reachable(_)) {
                query = self.lacking(item, there);
                reach = earlier.find_reaching(&mut query, &goals, &mut refinement);
            }
            let world = match reach {
                Reachability::Unreachable(_) => continue,
                Reachability::Reachable(world) => Some(world),
                Reachability::Unknown => None,
            };
            let mut seen = world.as_ref().map(|world| Evaluator::new(self.encoding, world));
            let mut acts = |holds: Formula| seen.as_mut().is_none_or(|seen| seen.holds(holds));
            let one = rules(here, true).find(|(_, rule, encoded)| (item.has)(rule) && acts(encoded.holds));
            let name = one.and_then(|(_, rule, _)| rule.name.clone());
            let is_same = |rule: &Rule| name.is_some() && rule.name == name;
            let twin = rules(there, true).find(|(_, rule, _)| is_same(rule));
            let twin = twin.or_else(|| rules(there, true).find(|(_, rule, _)| (item.has)(rule)));
            let holds = one.map(|(_, _, encoded)| encoded.holds);
            let twin =
                twin.or_else(|| rules(there, true).find(|(_, _, encoded)| Some(encoded.holds) == holds));
            let (one, twin) = (one.map(|(place, _, _)| place), twin.map(|(place, _, _)| place));
            let (old, new) = if acting == 0 { (one, twin) } else { (twin, one) };
            let pair = RulePair { also: true, old, new };
            if self.comparison.differences.iter().any(|known| known.pair == pair) {
                continue;
            }
            match world {
                None => self.comparison.unsettled.push(pair),
                Some(world) => self.show(pair, &mut query, &earlier, &goals, &mut refinement, *world),
            }
        }
    }

    /// A question about messages to which no rule that decides in `charted` adds the same.
    fn lacking(&self, item: &AlsoAction, encoded: &EncodedPolicy) -> Query<'s, 'a> {
        let mut query = Query::new(self.encoding);
        for (place, rule, _) in rules(encoded, false).filter(|_| item.may_be_covered) {
            if (item.has)(rule) {
                query.require(not_deciding(encoded, Some(place), &HashSet::new()));
            }
        }
        query
    }

    /// Replies of `also` rules that are sent twice, or in another order.
    fn reply_order(&mut self) {
        let Some(sides) = both(self.encoding) else { return };
        let sent = sides.map(|encoded| -> Vec<(usize, Formula, &Reply)> {
            let each = rules(encoded, true);
            each.flat_map(|(place, rule, encoded)| {
                rule.replies.iter().map(move |reply| (place, encoded.holds, reply))
            })
            .collect()
        });
        let [old, new] = &sent;
        let is_same = |(old, new): (&(usize, Formula, &Reply), &(usize, Formula, &Reply))| {
            old.1 == new.1 && is_same_reply(old.2, new.2)
        };
        if old.len() == new.len() && old.iter().zip(new).all(is_same) {
            return;
        }
        let repeats = |sent: &[(usize, Formula, &Reply)]| {
            let again = |(nth, one): (usize, &(usize, Formula, &Reply))| {
                sent.iter().take(nth).any(|before| is_same_reply(before.2, one.2))
            };
            sent.iter().enumerate().any(again)
        };
        if repeats(old) || repeats(new) {
            let first = |sent: &[(usize, Formula, &Reply)]| sent.first().map(|(place, _, _)| *place);
            self.comparison.unsettled.push(RulePair { also: true, old: first(old), new: first(new) });
        }
        for (nth, one) in old.iter().enumerate() {
            for next in old.iter().skip(nth + 1).filter(|next| !is_same_reply(one.2, next.2)) {
                let place =
                    |wanted: &Reply| new.iter().position(|(_, _, reply)| is_same_reply(reply, wanted));
                let (Some(first), Some(second)) = (place(one.2), place(next.2)) else { continue };
                let (Some(first), Some(second), true) = (new.get(first), new.get(second), second < first)
                else {
                    continue;
                };
                let goals = [one.1, next.1, first.1, second.1].map(|holds| (holds, true));
                let pair = RulePair { also: true, old: Some(one.0), new: Some(first.0) };
                let (mut query, mut refinement) = (Query::new(self.encoding), Vec::new());
                match EarlierRules::new().find_reaching(&mut query, &goals, &mut refinement) {
                    Reachability::Unreachable(_) => {}
                    Reachability::Unknown => self.comparison.unsettled.push(pair),
                    Reachability::Reachable(world) => {
                        self.show(pair, &mut query, &EarlierRules::new(), &goals, &mut refinement, *world);
                    }
                }
            }
        }
    }

    /// Makes the world small and has both policies decide it.
    fn show(
        &mut self,
        pair: RulePair,
        query: &mut Query,
        earlier: &EarlierRules,
        goals: &[Goal],
        refinement: &mut Vec<usize>,
        world: World,
    ) {
        let encoding = self.encoding;
        let mut world = minimize(encoding, query, earlier, goals, refinement, world);
        let when = when(query, earlier, goals, &mut world);
        let Some(replayed) = self.replay.confirm(pair, &world.given(encoding)) else {
            return self.comparison.unsettled.push(pair);
        };
        // What was said of the message stays so.
        let mut said = goals.to_vec();
        for (atom, _) in &query.atoms {
            let shape = encoding.formulas.atom_at(*atom);
            let holds = world.holds(encoding, shape);
            if holds != encoding.default_value(*atom)
                && let Some(formula) = encoding.formulas.find(shape)
            {
                said.push((formula, holds));
            }
        }
        let mut never = |formula: Option<Formula>| {
            let Some(formula) = formula else { return false };
            said.push((formula, true));
            let reach = earlier.find_reaching(query, &said, refinement);
            said.pop();
            matches!(reach, Reachability::Unreachable(_))
        };
        let only_new_customers = !world.returning && never(encoding.formulas.find(&Atom::Returning));
        let only_when_nobody_online = world.online.is_empty() && never(encoding.somebody_online());
        self.comparison.differences.push(Difference {
            only_new_customers,
            only_when_nobody_online,
            when,
            ..replayed
        });
    }
}
