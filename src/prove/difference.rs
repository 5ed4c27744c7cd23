//! Which messages two policies decide differently, each with its own inbox; or the proof that there are none.

mod also;

use std::collections::HashSet;

use super::decision_diff::{DecisionDiff, Difference, RulePair};
use super::encoding::{Atom, EncodedPolicy, EncodedRule, Encoding, Evaluator, Formula, Formulas, World};
use super::equivalence::{has_same_effect, is_same_reply, tags};
use super::example::minimize;
use super::precedence::{EarlierRules, Reachability};
use super::query::{Goal, Query};
use super::replay::Replay;
use super::when::when;
use crate::inbox::{AlignedInboxes, Inbox};
use crate::policy::{Assign, Policy, Rule};

/// What `old` and `new`, which have no faults, decide differently in one inbox.
pub fn compare(old: &Policy, new: &Policy, inbox: &Inbox) -> DecisionDiff {
    let (encoding, sides) = Encoding::of(inbox, [old, new]);
    compare_encoded(encoding, &sides, Replay { policies: [old, new], inboxes: [inbox, inbox], union: inbox })
}

/// What `old` and `new`, which have no faults, decide differently, each with its own version of the inbox. Their names
/// were resolved with those of `inboxes`.
pub fn compare_versions(old: &Policy, new: &Policy, inboxes: &AlignedInboxes) -> DecisionDiff {
    let (encoding, sides) = Encoding::of_versions(inboxes, [old, new]);
    let [old_inbox, new_inbox] = &inboxes.sides;
    let replay = Replay { policies: [old, new], inboxes: [old_inbox, new_inbox], union: &inboxes.union };
    compare_encoded(encoding, &sides, replay)
}

/// First the pairs of rules are found that decide the same message and do not have the same effect; then, for each
/// pair, a message for which the effects differ in fact. Where the rules did not change, no query is needed.
fn compare_encoded<'a>(mut encoding: Encoding<'a>, sides: &Sides<'a>, replay: Replay<'a>) -> DecisionDiff {
    let mut diff = DecisionDiff::default();
    let mut pairs = Vec::new();
    for rule in sides[0].rules_of_kind(false).map(Some).chain([None]) {
        find_pairs(&encoding, sides, rule, &mut pairs, &mut diff.unsettled);
    }
    let pairs: Vec<(RulePair, Formula)> =
        pairs.into_iter().map(|pair| (pair, effects_differ(&mut encoding, sides, pair))).collect();
    let actions = also::actions(&mut encoding, sides);
    encoding.finish();
    let mut comparer = Comparer { encoding: &encoding, sides, replay, diff };
    for (pair, differ) in pairs {
        comparer.compare_pair(pair, differ);
    }
    for action in &actions {
        comparer.compare_action(action);
    }
    comparer.compare_reply_order();
    if !encoding.is_complete() {
        // Combinations of calendars may be missing.
        comparer.diff.unsettled.push(RulePair { also: false, old: None, new: None });
    }
    comparer.diff
}

/// The old and the new policy.
type Sides<'a> = [EncodedPolicy<'a>; 2];

fn rule_at<'s, 'a>(policy: &'s EncodedPolicy<'a>, index: Option<usize>) -> Option<&'s EncodedRule<'a>> {
    index.and_then(|index| policy.rules.get(index))
}

/// Finds the rules of the new policy, or none, that decide a message which `old_rule` decides and do something else.
fn find_pairs(
    encoding: &Encoding,
    [old, new]: &Sides,
    old_rule: Option<&EncodedRule>,
    pairs: &mut Vec<RulePair>,
    unsettled: &mut Vec<RulePair>,
) {
    let old_index = old_rule.map(|rule| rule.index);
    let mut earlier = EarlierRules::default();
    earlier.add_until(old, old_index);
    let also_differ = [old, new].into_iter().flat_map(|policy| policy.rules_of_kind(true));
    let also_differ = also_differ.map(|rule| rule.rule).any(|rule| encoding.depends_on_side(rule));
    let has_same_effect = |new: Option<&EncodedRule>| match (old_rule, new) {
        _ if also_differ => false,
        (Some(old), Some(new)) => has_same_effect(old.rule, new.rule) && !encoding.depends_on_side(old.rule),
        (old, new) => old.is_none() && new.is_none(),
    };
    if is_same_prefix(&earlier, old_rule.map(|rule| rule.holds), new, &has_same_effect) {
        return;
    }
    let goals: Vec<Goal> = old_rule.iter().map(|rule| (rule.holds, true)).collect();
    let taken: HashSet<Formula> = earlier.rules.iter().map(|(_, holds)| *holds).collect();
    let mut query = Query::new(encoding);
    let mut refinement = Vec::new();
    // Each message that is found excludes the new rule that decides it, so there are as many rounds as rules that meet.
    loop {
        match earlier.find_reaching(&mut query, &goals, &mut refinement) {
            Reachability::Unreachable(_) => return,
            Reachability::Unknown => {
                return unsettled.push(RulePair { also: false, old: old_index, new: None });
            }
            Reachability::Reachable(world) => {
                let mut evaluator = Evaluator::new(encoding, &world);
                let rule = new.rules_of_kind(false).find(|rule| evaluator.holds(rule.holds));
                if !has_same_effect(rule) {
                    let new = rule.map(|rule| rule.index);
                    pairs.push(RulePair { also: false, old: old_index, new });
                }
                query.require(not_deciding(new, rule.map(|rule| rule.index), &taken));
            }
        }
    }
}

/// Whether the new policy begins with the same rules, down to one with the same condition and effect.
fn is_same_prefix(
    earlier: &EarlierRules,
    holds: Option<Formula>,
    new: &EncodedPolicy,
    has_same_effect: &dyn Fn(Option<&EncodedRule>) -> bool,
) -> bool {
    let mut earlier = earlier.rules.iter();
    for rule in new.rules_of_kind(false) {
        match earlier.next() {
            Some((_, condition)) if *condition == rule.holds => {}
            Some(_) => return false,
            None => return holds == Some(rule.holds) && has_same_effect(Some(rule)),
        }
    }
    earlier.next().is_none() && holds.is_none() && has_same_effect(None)
}

/// Goals of which one is met if and only if the rule at `index` (or no rule) does not decide. Conditions in `taken` are
/// known not to hold.
fn not_deciding(policy: &EncodedPolicy, index: Option<usize>, taken: &HashSet<Formula>) -> Vec<Goal> {
    let earlier = policy.rules_of_kind(false).take_while(|rule| Some(rule.index) != index);
    let earlier = earlier.map(|rule| rule.holds).filter(|holds| !taken.contains(holds));
    let own = rule_at(policy, index).map(|rule| (rule.holds, false));
    earlier.map(|holds| (holds, true)).chain(own).collect()
}

/// When two rules that decide have different effects, whatever the `also` rules add to both.
fn effects_differ(encoding: &mut Encoding, sides: &Sides, pair: RulePair) -> Formula {
    let [old_side, new_side] = sides;
    let (old, new) = match (rule_at(old_side, pair.old), rule_at(new_side, pair.new)) {
        (Some(old), Some(new)) => (old, new),
        (None, None) => return also_names_differ(encoding, sides, None),
        _ => return Formulas::TRUE,
    };
    let mut differ = vec![encoding.assignments_differ(old, new)];
    let (old, new) = (old.rule, new.rule);
    let same_replies = old.replies.len() == new.replies.len()
        && old.replies.iter().zip(&new.replies).all(|(old, new)| is_same_reply(old, new));
    differ.push(Formulas::constant(!same_replies));
    if encoding.has_renamed() {
        let assigns = old.assign.as_ref().zip(new.assign.as_ref()).map(|(old, new)| [old, new]);
        differ.extend(old.replies.iter().map(|reply| encoding.names_differ(reply, assigns)));
        differ.push(also_names_differ(encoding, sides, assigns));
    }
    // What only one of them adds may be added by an `also` rule of the other policy.
    for (lacking, one, other) in [(new_side, old, new), (old_side, new, old)] {
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

/// That an `also` rule which acts on both sides writes another name. `assign` is what the deciding rules do.
fn also_names_differ(encoding: &mut Encoding, [old, new]: &Sides, assign: Option<[&Assign; 2]>) -> Formula {
    let mut differ = Vec::new();
    for rule in old.rules_of_kind(true) {
        for reply in &rule.rule.replies {
            let also = added(encoding, new, &|rule| rule.replies.iter().any(|one| is_same_reply(one, reply)));
            let names = encoding.names_differ(reply, assign);
            differ.push(encoding.formulas.and([rule.holds, also, names]));
        }
    }
    encoding.formulas.or(differ)
}

/// That some `also` rule acts which has something.
fn added(encoding: &mut Encoding, policy: &EncodedPolicy, has: &dyn Fn(&Rule) -> bool) -> Formula {
    let acting = policy.rules_of_kind(true).filter(|rule| has(rule.rule));
    let holds: Vec<Formula> = acting.map(|rule| rule.holds).collect();
    encoding.formulas.or(holds)
}

/// Collects the differences.
struct Comparer<'s, 'a> {
    encoding: &'s Encoding<'a>,
    sides: &'s Sides<'a>,
    replay: Replay<'a>,
    diff: DecisionDiff,
}

impl<'s, 'a> Comparer<'s, 'a> {
    /// Two rules that decide the same message and may have different effects.
    fn compare_pair(&mut self, pair: RulePair, differ: Formula) {
        let [old, new] = self.sides;
        let mut earlier = EarlierRules::default();
        earlier.add_until(old, pair.old);
        earlier.add_until(new, pair.new);
        let [old, new] = [rule_at(old, pair.old), rule_at(new, pair.new)];
        let holds = [old.map(|rule| rule.holds), new.map(|rule| rule.holds), Some(differ)];
        let goals: Vec<Goal> = holds.into_iter().flatten().map(|holds| (holds, true)).collect();
        if goals.contains(&(Formulas::FALSE, true)) {
            return;
        }
        self.find_difference(pair, Query::new(self.encoding), &earlier, &goals);
    }

    /// Adds a difference if there is a situation that meets `goals`.
    fn find_difference(
        &mut self,
        pair: RulePair,
        mut query: Query<'s, 'a>,
        earlier: &EarlierRules,
        goals: &[Goal],
    ) {
        let mut refinement = Vec::new();
        match earlier.find_reaching(&mut query, goals, &mut refinement) {
            Reachability::Unreachable(_) => {}
            Reachability::Unknown => self.diff.unsettled.push(pair),
            Reachability::Reachable(world) => {
                self.add_difference(pair, &mut query, earlier, goals, &mut refinement, *world);
            }
        }
    }

    /// Adds the difference that `world` shows, with a minimal example that the engine has decided with both policies.
    fn add_difference(
        &mut self,
        pair: RulePair,
        query: &mut Query,
        earlier: &EarlierRules,
        goals: &[Goal],
        refinement: &mut Vec<usize>,
        world: World,
    ) {
        let encoding = self.encoding;
        let mut world = minimize(query, earlier, goals, refinement, world);
        let when = when(query, earlier, goals, &mut world);
        let Some(confirmed) = self.replay.confirm(pair, &world.given(encoding)) else {
            return self.diff.unsettled.push(pair);
        };
        // The deviations from the default that the description mentions, so that `only …` is true of such customers.
        let mut described = goals.to_vec();
        for id in query.encoded_atoms() {
            let atom = encoding.formulas.atom_at(id);
            let holds = world.holds(encoding, atom);
            if holds != encoding.default_value(id)
                && let Some(formula) = encoding.formulas.find(atom)
            {
                described.push((formula, holds));
            }
        }
        let mut never = |formula: Option<Formula>| {
            let Some(formula) = formula else { return false };
            described.push((formula, true));
            let reachability = earlier.find_reaching(query, &described, refinement);
            described.pop();
            matches!(reachability, Reachability::Unreachable(_))
        };
        let only_new_customers = !world.returning && never(encoding.formulas.find(&Atom::Returning));
        let only_when_nobody_online = world.online.is_empty() && never(encoding.somebody_online());
        self.diff.differences.push(Difference {
            only_new_customers,
            only_when_nobody_online,
            when,
            ..confirmed
        });
    }
}
