//! What `also` rules add: tags, priorities and replies, whichever rules they come from.

use std::collections::{BTreeSet, HashSet};

use super::Sides;
use super::cause::{Counterparts, Reason, reason_of_pair};
use super::comparer::{Comparer, Question};
use super::effects::added;
use super::pairs::not_deciding;
use crate::language::ast::RuleKind;
use crate::policy::{LaterActions, Reply, Rule, Target};
use crate::prove::decision_diff::{Difference, RulePair};
use crate::prove::encoding::{Atom, EncodedPolicy, EncodedRule, Encoding, Evaluator, Formula, Formulas};
use crate::prove::equivalence::{is_same_later, is_same_reply, tags};
use crate::prove::precedence::{EarlierRules, Reachability};
use crate::prove::query::Query;

/// The most pairs of rules that are kept out of an example to make it simpler.
const MAX_AVOIDED: usize = 50;

/// Whether a rule has an action.
type HasAction<'a> = Box<dyn Fn(&Rule) -> bool + 'a>;

/// An action of `also` rules.
pub(super) struct AlsoAction<'a> {
    has: HasAction<'a>,
    /// Where such a rule decides, it does not matter whether an `also` rule has the action.
    covers: HasAction<'a>,
    /// It matters only where some rule decides.
    needs_rule: bool,
    /// When some `also` rule has it, in the old policy and in the new one.
    added: [Formula; 2],
}

/// The actions that are not added in exactly the same situations.
pub(super) fn actions<'a>(encoding: &mut Encoding<'a>, sides: &Sides<'a>) -> Vec<AlsoAction<'a>> {
    let also: Vec<&'a Rule> =
        sides.iter().flat_map(|policy| policy.rules_of(RuleKind::Also)).map(|rule| rule.rule).collect();
    let mut each: Vec<(HasAction<'a>, HasAction<'a>, bool)> = Vec::new();
    let never = || -> HasAction<'a> { Box::new(|_| false) };
    let all_tags: BTreeSet<_> = also.iter().flat_map(|rule| tags(rule)).collect();
    for tag in all_tags {
        let covers = tag.clone();
        each.push((
            Box::new(move |rule| tags(rule).contains(&tag)),
            Box::new(move |rule| tags(rule).contains(&covers)),
            false,
        ));
    }
    let priorities: BTreeSet<_> = also.iter().filter_map(|rule| rule.priority).collect();
    for priority in priorities {
        let has = move |rule: &Rule| rule.priority >= Some(priority);
        each.push((Box::new(has), Box::new(has), false));
    }
    let mut replies: Vec<&'a Reply> = Vec::new();
    for reply in also.iter().flat_map(|rule| &rule.replies) {
        if !replies.iter().any(|known| is_same_reply(known, reply)) {
            replies.push(reply);
        }
    }
    for reply in replies {
        let has = move |rule: &Rule| rule.replies.iter().any(|one| is_same_reply(one, reply));
        each.push((Box::new(has), never(), false));
    }
    let mut put_off: Vec<&'a LaterActions> = Vec::new();
    for later in also.iter().flat_map(|rule| rule.later()) {
        if !put_off.iter().any(|known| is_same_later(known, later)) {
            put_off.push(later);
        }
    }
    for later in put_off {
        let has = move |rule: &Rule| rule.later().iter().any(|one| is_same_later(one, later));
        // Of a chat that is closed at once nothing is put off.
        each.push((Box::new(has), Box::new(closes), true));
    }
    let each = each.into_iter().map(|(has, covers, needs_rule)| {
        let added = [added(encoding, &sides[0], &*has), added(encoding, &sides[1], &*has)];
        AlsoAction { has, covers, needs_rule, added }
    });
    each.filter(|action| action.added[0] != action.added[1]).collect()
}

/// Whether a rule closes the chat.
fn closes(rule: &Rule) -> bool {
    let first = rule.assign.as_ref().and_then(|assign| assign.alternatives.first());
    first.is_some_and(|first| first.target == Target::Nobody)
}

/// A reply of an `also` rule.
struct AlsoReply<'s, 'a> {
    rule: &'s EncodedRule<'a>,
    reply: &'a Reply,
}

impl<'s, 'a> Comparer<'s, 'a> {
    /// Finds a message to which `also` rules of only one policy add the action.
    pub(super) fn compare_action(&mut self, action: &AlsoAction, counterparts: &Counterparts) {
        let [old, new] = self.sides;
        let [old_added, new_added] = action.added;
        self.compare_added(action, counterparts, (old, old_added), (new, new_added), true);
        self.compare_added(action, counterparts, (new, new_added), (old, old_added), false);
    }

    fn compare_added(
        &mut self,
        action: &AlsoAction,
        counterparts: &Counterparts,
        (acting, added): (&'s EncodedPolicy<'a>, Formula),
        (lacking, missing): (&'s EncodedPolicy<'a>, Formula),
        is_old: bool,
    ) {
        if added == Formulas::FALSE || missing == Formulas::TRUE {
            return;
        }
        let goals = [(added, true), (missing, false)];
        // The example is simpler where the rules that decide do the same.
        let is_change = |one: &&Difference| !one.pair.also && one.example.given.chat.is_none();
        let changed = self.diff.differences.iter().filter(is_change);
        let changed: BTreeSet<Option<usize>> = changed.map(|one| one.pair.old).take(MAX_AVOIDED).collect();
        let mut query = self.query_without(action, lacking);
        for rule in &changed {
            query.prefer(not_deciding(&self.sides[0], RuleKind::Regular, *rule, &HashSet::new()));
        }
        let earlier = EarlierRules::default();
        let mut refinement = Vec::new();
        let mut reachability = earlier.find_reaching(&mut query, &goals, &mut refinement);
        if !changed.is_empty() && !matches!(reachability, Reachability::Reachable(_)) {
            query = self.query_without(action, lacking);
            reachability = earlier.find_reaching(&mut query, &goals, &mut refinement);
        }
        let mut goals = goals.to_vec();
        let mut in_open_chat = false;
        let is_restricted = !query.required.is_empty();
        // Where a deciding rule always covers it, it is still seen in an open chat, in which no such rule is asked.
        let returning = self.encoding.formulas.find(&Atom::Returning);
        if let (Reachability::Unreachable(_), true, Some(returning)) =
            (&reachability, is_restricted, returning)
        {
            goals.push((returning, true));
            goals.extend(self.encoding.formulas.find(&Atom::ChatOpen).map(|open| (open, true)));
            (query, refinement, in_open_chat) = (Query::new(self.encoding), Vec::new(), true);
            reachability = earlier.find_reaching(&mut query, &goals, &mut refinement);
        }
        let world = match reachability {
            Reachability::Unreachable(_) => return,
            Reachability::Reachable(world) => Some(world),
            Reachability::Unknown => None,
        };
        let mut evaluator = world.as_ref().map(|world| Evaluator::new(self.encoding, world));
        let mut acts = |holds: Formula| evaluator.as_mut().is_none_or(|evaluator| evaluator.holds(holds));
        let rule = acting.rules_of(RuleKind::Also).find(|rule| (action.has)(rule.rule) && acts(rule.holds));
        drop(evaluator);
        let counterpart = rule.and_then(|rule| counterpart(action, rule, lacking));
        let (rule, counterpart) = (rule.map(|rule| rule.index), counterpart.map(|rule| rule.index));
        let (old, new) = if is_old { (rule, counterpart) } else { (counterpart, rule) };
        let pair = RulePair { also: true, old, new };
        if self.diff.differences.iter().any(|known| known.pair == pair) {
            return;
        }
        let reason = reason_of_pair(self.sides, counterparts.complete(pair));
        let question = Question { pair, reason, in_open_chat };
        match world {
            _ if !self.has_room(reason) => {}
            None => self.add_unsettled(question),
            Some(world) => {
                self.add_difference(question, &mut query, &earlier, &goals, &mut refinement, *world);
            }
        }
    }

    /// A query about messages for which no rule of `policy` decides that covers the action.
    fn query_without(&self, action: &AlsoAction, policy: &EncodedPolicy) -> Query<'s, 'a> {
        let mut query = Query::new(self.encoding);
        for rule in policy.rules_of(RuleKind::Regular).filter(|rule| (action.covers)(rule.rule)) {
            query.require(not_deciding(policy, RuleKind::Regular, Some(rule.index), &HashSet::new()));
        }
        if action.needs_rule {
            query.require(policy.rules_of(RuleKind::Regular).map(|rule| (rule.holds, true)).collect());
        }
        query
    }

    /// Finds replies of `also` rules that are sent in another order. If a reply may be sent twice, that is not settled.
    pub(super) fn compare_reply_order(&mut self, counterparts: &Counterparts) {
        let sent = self.sides.each_ref().map(|policy| -> Vec<AlsoReply> {
            let rules = policy.rules_of(RuleKind::Also);
            rules
                .flat_map(|rule| rule.rule.replies.iter().map(move |reply| AlsoReply { rule, reply }))
                .collect()
        });
        let [old, new] = &sent;
        let is_same = |(old, new): (&AlsoReply, &AlsoReply)| {
            old.rule.holds == new.rule.holds && is_same_reply(old.reply, new.reply)
        };
        if old.len() == new.len() && old.iter().zip(new).all(is_same) {
            return;
        }
        if has_repeated(old) || has_repeated(new) {
            let first = |sent: &[AlsoReply]| sent.first().map(|one| one.rule.index);
            self.diff.unsettled.push(RulePair { also: true, old: first(old), new: first(new) });
        }
        for (nth, one) in old.iter().enumerate() {
            for next in old.iter().skip(nth + 1).filter(|next| !is_same_reply(one.reply, next.reply)) {
                let position =
                    |wanted: &Reply| new.iter().position(|other| is_same_reply(other.reply, wanted));
                let (Some(first), Some(second)) = (position(one.reply), position(next.reply)) else {
                    continue;
                };
                let (Some(first_rule), Some(second_rule)) = (new.get(first), new.get(second)) else {
                    continue;
                };
                if second < first {
                    let all = [one, next, first_rule, second_rule];
                    let goals = all.map(|sent| (sent.rule.holds, true));
                    let pair =
                        RulePair { also: true, old: Some(one.rule.index), new: Some(first_rule.rule.index) };
                    let reason = match reason_of_pair(self.sides, counterparts.complete(pair)) {
                        Reason::Around(_) => Reason::Order,
                        changed => changed,
                    };
                    if !self.has_room(reason) {
                        return;
                    }
                    let query = Query::new(self.encoding);
                    let question = Question { pair, reason, in_open_chat: false };
                    self.find_difference(question, query, &EarlierRules::default(), &goals);
                }
            }
        }
    }
}

fn has_repeated(sent: &[AlsoReply]) -> bool {
    let is_repeated = |(nth, one): (usize, &AlsoReply)| {
        sent.iter().take(nth).any(|before| is_same_reply(before.reply, one.reply))
    };
    sent.iter().enumerate().any(is_repeated)
}

/// The `also` rule of the other policy that corresponds to `rule`: by name, else by action, else by condition.
fn counterpart<'s, 'a>(
    action: &AlsoAction,
    rule: &EncodedRule,
    other: &'s EncodedPolicy<'a>,
) -> Option<&'s EncodedRule<'a>> {
    let find = |is_wanted: &dyn Fn(&EncodedRule) -> bool| {
        other.rules_of(RuleKind::Also).find(|rule| is_wanted(rule))
    };
    let name = &rule.rule.name;
    find(&|other| name.is_some() && other.rule.name == *name)
        .or_else(|| find(&|other| (action.has)(other.rule)))
        .or_else(|| find(&|other| other.holds == rule.holds))
}
