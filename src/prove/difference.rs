//! Which messages two policies of one inbox decide differently; or that there are none.

use std::collections::{BTreeSet, HashSet};

use super::alike::{is_same_deed, is_same_reply, tags};
use super::example::{Example, smallest};
use super::occasions::{Occasions, occasions};
use super::question::{Goal, Question};
use super::reach::{Ladder, Reach};
use super::replay::Replay;
use super::space::{Atom, Charted, ChartedRule, Formula, Formulas, Seen, Space, World};
use crate::engine::Decision;
use crate::inbox::Inbox;
use crate::policy::{Policy, Reply, Rule};

/// What two policies decide differently, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Comparison {
    /// Each with a message that shows it.
    pub differences: Vec<Difference>,
    /// Where it is not known whether they decide alike.
    pub unsettled: Vec<Pair>,
}

/// A rule of each policy, by their places in [`Policy::rules`]; `None`: no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
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
    pub pair: Pair,
    /// One of the messages, with as much as usual as can be.
    pub example: Example,
    /// What the dice came from when it was decided.
    pub seed: u64,
    /// What the old policy decides for it.
    pub old: Decision,
    /// What the new one does.
    pub new: Decision,
    /// Customers who have written before do not meet it.
    pub only_new: bool,
    /// Where somebody is online it is not met.
    pub only_unattended: bool,
    /// When it is met.
    pub occasions: Occasions,
}

/// What is decided differently by `old` and `new`.
pub fn compare(old: &Policy, new: &Policy, inbox: &Inbox) -> Comparison {
    let mut space = Space::of(inbox, &[old, new]);
    let mut comparison = Comparison::default();
    let mut meetings = Vec::new();
    for rule in deciding(old).map(Some).chain([None]) {
        meet(&space, rule, &mut meetings, &mut comparison.unsettled);
    }
    let unlike = meetings.into_iter().map(|pair| (pair, deeds_unlike(&mut space, pair))).collect::<Vec<_>>();
    let items = items(&mut space);
    space.settle();
    let mut asking = Asking { space: &space, replay: Replay { old, new, inbox }, comparison };
    for (pair, unlike) in unlike {
        asking.pair(pair, unlike);
    }
    for item in &items {
        asking.item(item);
    }
    asking.reply_order();
    if !space.times.complete {
        // Some combination of hours may have been overlooked.
        asking.comparison.unsettled.push(Pair { also: false, old: None, new: None });
    }
    asking.comparison
}

fn deciding(policy: &Policy) -> impl Iterator<Item = usize> {
    policy.rules.iter().enumerate().filter(|(_, rule)| !rule.also).map(|(place, _)| place)
}

fn rules<'s>(
    charted: &'s Charted<'_>,
    also: bool,
) -> impl Iterator<Item = (usize, &'s Rule, &'s ChartedRule)> {
    let both = charted.policy.rules.iter().zip(&charted.rules).enumerate();
    both.filter(move |(_, (rule, _))| rule.also == also)
        .map(|(place, (rule, charted))| (place, rule, charted))
}

fn both<'s, 'a>(space: &'s Space<'a>) -> Option<[&'s Charted<'a>; 2]> {
    Some([space.policies.first()?, space.policies.get(1)?])
}

/// The deciding rules of `charted` above the place `before`; all of them above no rule.
fn above(ladder: &mut Ladder, charted: &Charted, before: Option<usize>) {
    let known: HashSet<Formula> = ladder.rungs.iter().map(|(_, holds)| *holds).collect();
    for (place, _, rule) in rules(charted, false).take_while(|(place, _, _)| Some(*place) != before) {
        if !known.contains(&rule.holds) {
            ladder.rungs.push((place, rule.holds));
        }
    }
}

/// Finds the rules of the new policy, or none, that do something else to a message that `rule` of the old one decides.
fn meet(space: &Space, rule: Option<usize>, meetings: &mut Vec<Pair>, unsettled: &mut Vec<Pair>) {
    let Some([old, new]) = both(space) else { return };
    let mut ladder = Ladder::new();
    above(&mut ladder, old, rule);
    let here = rule.and_then(|rule| Some((old.policy.rules.get(rule)?, old.rules.get(rule)?)));
    let does_same = |place: Option<usize>| match (here, place.and_then(|place| new.policy.rules.get(place))) {
        (Some((old, _)), Some(new)) => is_same_deed(old, new),
        (old, new) => old.is_none() && new.is_none(),
    };
    if is_same_above(&ladder, here.map(|(_, rule)| rule.holds), new, &does_same) {
        return;
    }
    let goals: Vec<Goal> = here.iter().map(|(_, rule)| (rule.holds, true)).collect();
    let taken: HashSet<Formula> = ladder.rungs.iter().map(|(_, holds)| *holds).collect();
    let mut question = Question::new(space);
    let mut heeded = Vec::new();
    loop {
        match ladder.pass(&mut question, &goals, &mut heeded) {
            Reach::Never(_) => return,
            Reach::Unsettled => return unsettled.push(Pair { also: false, old: rule, new: None }),
            Reach::World(world) => {
                let mut seen = Seen::new(space, &world);
                let place = rules(new, false).find(|(_, _, rule)| seen.holds(rule.holds));
                let place = place.map(|(place, _, _)| place);
                if !does_same(place) {
                    meetings.push(Pair { also: false, old: rule, new: place });
                }
                question.require(passed_over(new, place, &taken));
            }
        }
    }
}

/// Whether the new policy has the same rules down to one that holds alike and does the same.
fn is_same_above(
    ladder: &Ladder,
    holds: Option<Formula>,
    new: &Charted,
    does_same: &dyn Fn(Option<usize>) -> bool,
) -> bool {
    let mut rungs = ladder.rungs.iter();
    for (place, _, rule) in rules(new, false) {
        match rungs.next() {
            Some((_, above)) if *above == rule.holds => {}
            Some(_) => return false,
            None => return holds == Some(rule.holds) && does_same(Some(place)),
        }
    }
    rungs.next().is_none() && holds.is_none() && does_same(None)
}

/// The rule of `charted` at `place`, or no rule, is not the one that decides if one of these goals is met. None of
/// `taken` holds anyhow.
fn passed_over(charted: &Charted, place: Option<usize>, taken: &HashSet<Formula>) -> Vec<Goal> {
    let above = rules(charted, false).take_while(|(other, _, _)| Some(*other) != place);
    let above = above.map(|(_, _, rule)| rule.holds).filter(|holds| !taken.contains(holds));
    let rule = place.and_then(|place| charted.rules.get(place));
    above.map(|holds| (holds, true)).chain(rule.map(|rule| (rule.holds, false))).collect()
}

/// When two rules that decide do not do the same, whatever the `also` rules add to both.
fn deeds_unlike(space: &mut Space, pair: Pair) -> Formula {
    let rule = |side: usize, place: Option<usize>| -> Option<Rule> {
        space.policies.get(side)?.policy.rules.get(place?).cloned()
    };
    let (Some(old), Some(new)) = (rule(0, pair.old), rule(1, pair.new)) else { return Formulas::TRUE };
    let (Some(old_place), Some(new_place)) = (pair.old, pair.new) else { return Formulas::TRUE };
    let mut unlike = vec![space.assigned_unlike(old_place, new_place)];
    let are_same = old.replies.len() == new.replies.len()
        && old.replies.iter().zip(&new.replies).all(|(old, new)| is_same_reply(old, new));
    unlike.push(Formulas::constant(!are_same));
    // What one of them adds, an `also` rule may add on the other side.
    for (lacking, one, other) in [(1, &old, &new), (0, &new, &old)] {
        for tag in tags(one).difference(&tags(other)) {
            let added = added(space, lacking, &|rule| tags(rule).contains(tag));
            unlike.push(space.formulas.not(added));
        }
        if one.priority > other.priority {
            let added = added(space, lacking, &|rule| rule.priority >= one.priority);
            unlike.push(space.formulas.not(added));
        }
    }
    space.formulas.or(unlike)
}

/// An `also` rule acts that has something.
fn added(space: &mut Space, side: usize, has: &dyn Fn(&Rule) -> bool) -> Formula {
    let Some(charted) = space.policies.get(side) else { return Formulas::FALSE };
    let holds: Vec<Formula> =
        rules(charted, true).filter(|(_, rule, _)| has(rule)).map(|(_, _, rule)| rule.holds).collect();
    space.formulas.or(holds)
}

/// Whether a rule has something.
type Has<'a> = Box<dyn Fn(&Rule) -> bool + 'a>;

/// One thing that `also` rules add, and when they do, before and after.
struct Item<'a> {
    has: Has<'a>,
    /// A rule that decides may add the same.
    may_be_covered: bool,
    added: [Formula; 2],
}

fn items<'a>(space: &mut Space<'a>) -> Vec<Item<'a>> {
    let also = |space: &Space<'a>| -> Vec<&'a Rule> {
        space
            .policies
            .iter()
            .flat_map(|charted| charted.policy.rules.iter())
            .filter(|rule| rule.also)
            .collect()
    };
    let also = also(space);
    let mut each: Vec<(Has<'a>, bool)> = Vec::new();
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
        let added = [added(space, 0, &*has), added(space, 1, &*has)];
        Item { has, may_be_covered, added }
    });
    each.filter(|item| item.added[0] != item.added[1]).collect()
}

/// What is at hand when it is known what may differ.
struct Asking<'s, 'a> {
    space: &'s Space<'a>,
    replay: Replay<'a>,
    comparison: Comparison,
}

impl<'s, 'a> Asking<'s, 'a> {
    /// Rules that decide and may not do the same.
    fn pair(&mut self, pair: Pair, unlike: Formula) {
        let Some([old, new]) = both(self.space) else { return };
        let mut ladder = Ladder::new();
        above(&mut ladder, old, pair.old);
        above(&mut ladder, new, pair.new);
        let place =
            |charted: &Charted, place: Option<usize>| charted.rules.get(place?).map(|rule| rule.holds);
        let holds = [place(old, pair.old), place(new, pair.new), Some(unlike)];
        let goals: Vec<Goal> = holds.into_iter().flatten().map(|holds| (holds, true)).collect();
        if goals.contains(&(Formulas::FALSE, true)) {
            return;
        }
        let mut question = Question::new(self.space);
        let mut heeded = Vec::new();
        match ladder.pass(&mut question, &goals, &mut heeded) {
            Reach::Never(_) => {}
            Reach::Unsettled => self.comparison.unsettled.push(pair),
            Reach::World(world) => self.show(pair, &mut question, &ladder, &goals, &mut heeded, *world),
        }
    }

    /// Something that `also` rules add in one policy and not in the other.
    fn item(&mut self, item: &Item) {
        let Some(sides) = both(self.space) else { return };
        for (acting, lacking) in [(0, 1), (1, 0)] {
            let [Some(here), Some(there)] = [sides.get(acting), sides.get(lacking)] else { continue };
            let [Some(added), Some(missed)] = [item.added.get(acting), item.added.get(lacking)] else {
                continue;
            };
            let goals = [(*added, true), (*missed, false)];
            if *added == Formulas::FALSE || *missed == Formulas::TRUE {
                continue;
            }
            let ladder = Ladder::new();
            // Where the rules that decide do the same, the example is plainer.
            let changed = self.comparison.differences.iter().filter(|one| !one.pair.also);
            let changed: BTreeSet<Option<usize>> = changed.map(|one| one.pair.old).collect();
            let mut question = self.lacking(item, there);
            for rule in &changed {
                question.prefer(passed_over(sides[0], *rule, &HashSet::new()));
            }
            let mut heeded = Vec::new();
            let mut reach = ladder.pass(&mut question, &goals, &mut heeded);
            if !changed.is_empty() && !matches!(reach, Reach::World(_)) {
                question = self.lacking(item, there);
                reach = ladder.pass(&mut question, &goals, &mut heeded);
            }
            let world = match reach {
                Reach::Never(_) => continue,
                Reach::World(world) => Some(world),
                Reach::Unsettled => None,
            };
            let mut seen = world.as_ref().map(|world| Seen::new(self.space, world));
            let mut acts = |holds: Formula| seen.as_mut().is_none_or(|seen| seen.holds(holds));
            let one = rules(here, true).find(|(_, rule, charted)| (item.has)(rule) && acts(charted.holds));
            let name = one.and_then(|(_, rule, _)| rule.name.clone());
            let is_same = |rule: &Rule| name.is_some() && rule.name == name;
            let twin = rules(there, true).find(|(_, rule, _)| is_same(rule));
            let twin = twin.or_else(|| rules(there, true).find(|(_, rule, _)| (item.has)(rule)));
            let holds = one.map(|(_, _, charted)| charted.holds);
            let twin =
                twin.or_else(|| rules(there, true).find(|(_, _, charted)| Some(charted.holds) == holds));
            let (one, twin) = (one.map(|(place, _, _)| place), twin.map(|(place, _, _)| place));
            let (old, new) = if acting == 0 { (one, twin) } else { (twin, one) };
            let pair = Pair { also: true, old, new };
            if self.comparison.differences.iter().any(|known| known.pair == pair) {
                continue;
            }
            match world {
                None => self.comparison.unsettled.push(pair),
                Some(world) => self.show(pair, &mut question, &ladder, &goals, &mut heeded, *world),
            }
        }
    }

    /// A question about messages to which no rule that decides in `charted` adds the same.
    fn lacking(&self, item: &Item, charted: &Charted) -> Question<'s, 'a> {
        let mut question = Question::new(self.space);
        for (place, rule, _) in rules(charted, false).filter(|_| item.may_be_covered) {
            if (item.has)(rule) {
                question.require(passed_over(charted, Some(place), &HashSet::new()));
            }
        }
        question
    }

    /// Replies of `also` rules that are sent twice, or in another order.
    fn reply_order(&mut self) {
        let Some(sides) = both(self.space) else { return };
        let sent = sides.map(|charted| -> Vec<(usize, Formula, &Reply)> {
            let each = rules(charted, true);
            each.flat_map(|(place, rule, charted)| {
                rule.replies.iter().map(move |reply| (place, charted.holds, reply))
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
            self.comparison.unsettled.push(Pair { also: true, old: first(old), new: first(new) });
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
                let pair = Pair { also: true, old: Some(one.0), new: Some(first.0) };
                let (mut question, mut heeded) = (Question::new(self.space), Vec::new());
                match Ladder::new().pass(&mut question, &goals, &mut heeded) {
                    Reach::Never(_) => {}
                    Reach::Unsettled => self.comparison.unsettled.push(pair),
                    Reach::World(world) => {
                        self.show(pair, &mut question, &Ladder::new(), &goals, &mut heeded, *world);
                    }
                }
            }
        }
    }

    /// Makes the world small and has both policies decide it.
    fn show(
        &mut self,
        pair: Pair,
        question: &mut Question,
        ladder: &Ladder,
        goals: &[Goal],
        heeded: &mut Vec<usize>,
        world: World,
    ) {
        let space = self.space;
        let mut world = smallest(space, question, ladder, goals, heeded, world);
        let occasions = occasions(question, ladder, goals, &mut world);
        let Some(replayed) = self.replay.differently(pair, &world.given(space)) else {
            return self.comparison.unsettled.push(pair);
        };
        // What was said of the message stays so.
        let mut said = goals.to_vec();
        for (atom, _) in &question.atoms {
            let shape = space.formulas.atom_at(*atom);
            let holds = world.holds(space, shape);
            if holds != space.is_usual(*atom)
                && let Some(formula) = space.formulas.find(shape)
            {
                said.push((formula, holds));
            }
        }
        let mut never = |formula: Option<Formula>| {
            let Some(formula) = formula else { return false };
            said.push((formula, true));
            let reach = ladder.pass(question, &said, heeded);
            said.pop();
            matches!(reach, Reach::Never(_))
        };
        let only_new = !world.returning && never(space.formulas.find(&Atom::Returning));
        let only_unattended = world.online.is_empty() && never(space.somebody_online());
        self.comparison.differences.push(Difference { only_new, only_unattended, occasions, ..replayed });
    }
}
