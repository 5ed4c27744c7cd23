//! Rules → form. The rules are decided in every situation that the form tells apart, so how their conditions are
//! written, and in which order, makes no difference.

use std::collections::BTreeSet;

use super::form::{CaseName, RoutingCase, RoutingOptions, UnownedCustomers};
use super::shape::{RuleShape, rule_words};
use super::world::{FormWorld, GroupScope, MAX_SCOPES, OwnerNow, collect_scopes, holds, worlds};
use crate::diagnostic::{Finding, Level};
use crate::language::ast::{File, Guard, Item, Rule, RuleKind};
use crate::language::{one_line, parse};
use crate::text::Source;

/// Why rules have no form, in a sentence without its full stop.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct OtherShape(pub String);

/// The form of the rules in a file; `None` if it has no rules.
///
/// # Errors
///
/// [`OtherShape`]
pub fn read_options(source: &Source) -> Result<Option<RoutingOptions>, OtherShape> {
    Ok(FormRules::of(source)?.map(|form| form.options))
}

/// Which rules answer in each case, by position.
type AnsweredBy = Vec<(CaseName, BTreeSet<usize>)>;

/// The rules of a file that have a form.
pub(super) struct FormRules {
    pub(super) options: RoutingOptions,
    pub(super) file: File,
    /// In the order of the file.
    pub(super) rules: Vec<RuleShape>,
    pub(super) answered_by: AnsweredBy,
}

impl FormRules {
    /// # Errors
    ///
    /// [`OtherShape`]
    pub(super) fn of(source: &Source) -> Result<Option<Self>, OtherShape> {
        let parsed = parse(source);
        let is_error = |finding: &Finding| finding.level == Level::Error;
        if !parsed.file.broken.is_empty() || parsed.findings.iter().any(is_error) {
            return Err(OtherShape("the rules have errors; fix them first".to_owned()));
        }
        let rules = parsed.file.items.iter().filter_map(|item| match item {
            Item::Rule(rule) => Some(rule),
            _ => None,
        });
        let rules: Vec<&Rule> = rules.collect();
        if rules.is_empty() {
            return Ok(None);
        }
        let scopes = scopes(&rules, source)?;
        let shapes = rules.iter().map(|rule| RuleShape::of(rule, source)).collect::<Result<Vec<_>, _>>()?;
        let decided = decided(&rules, &scopes)?;
        for (position, rule) in rules.iter().enumerate() {
            if !decided.iter().any(|(_, by)| *by == position) {
                return Err(OtherShape(format!("{} is never reached", rule_words(rule, source))));
            }
        }
        let words =
            |position: usize| rules.get(position).map_or_else(String::new, |rule| rule_words(rule, source));
        let reader = CaseReader { scopes: &scopes, shapes: &shapes, decided: &decided, words: &words };
        let (options, answered_by) = reader.read()?;
        Ok(Some(Self { options, rules: shapes, answered_by, file: parsed.file }))
    }
}

/// The scopes that the conditions ask about.
fn scopes(rules: &[&Rule], source: &Source) -> Result<Vec<GroupScope>, OtherShape> {
    let mut scopes = Vec::new();
    for rule in rules {
        let kind = match rule.kind {
            RuleKind::Regular => None,
            RuleKind::Also => Some("an `also` rule"),
            RuleKind::Move => Some("a `move` rule"),
        };
        if let Some(kind) = kind {
            let words = rule_words(rule, source);
            return Err(OtherShape(format!("{words} is {kind}, which this form cannot show")));
        }
        if let Guard::When(condition) = &rule.guard {
            collect_scopes(condition, &mut scopes).map_err(|span| {
                let part = one_line(source, span);
                OtherShape(format!("{} asks for more than this form can: `{part}`", rule_words(rule, source)))
            })?;
        }
    }
    if scopes.len() > MAX_SCOPES {
        return Err(OtherShape("the rules ask who is online in more groups than this form can".to_owned()));
    }
    Ok(scopes)
}

/// The position of the rule that answers in each situation.
fn decided(rules: &[&Rule], scopes: &[GroupScope]) -> Result<Vec<(FormWorld, usize)>, OtherShape> {
    let answers = |rule: &&Rule, world: &FormWorld| match &rule.guard {
        Guard::When(condition) => holds(condition, scopes, world),
        Guard::Otherwise(_) => true,
    };
    let decide = |world: FormWorld| match rules.iter().position(|rule| answers(rule, &world)) {
        Some(rule) => Ok((world, rule)),
        None => {
            let customer = if world.is_new { "new" } else { "returning" };
            Err(OtherShape(format!("there are {customer} customers whom no rule answers")))
        }
    };
    worlds(scopes).into_iter().map(decide).collect()
}

struct CaseReader<'r> {
    scopes: &'r [GroupScope],
    shapes: &'r [RuleShape],
    decided: &'r [(FormWorld, usize)],
    words: &'r dyn Fn(usize) -> String,
}

impl CaseReader<'_> {
    fn read(&self) -> Result<(RoutingOptions, AnsweredBy), OtherShape> {
        let is_new = |world: &FormWorld| world.is_new;
        let away = |world: &FormWorld| !world.is_new && world.owner == OwnerNow::NotOnline;
        let without_owner = |world: &FormWorld| !world.is_new && world.owner == OwnerNow::Nobody;
        let new = self.scope_of(is_new, "new customers")?;
        let returning = self.scope_of(away, "customers whose owner is not online")?;
        let (new_online, new_offline) = self.sides(is_new, new);
        let owner_online = self.rules_of(|world| world.owner == OwnerNow::Online);
        let (mut owner_not_online, mut all_offline) = self.sides(away, returning);
        let (while_online, while_offline) = self.sides(without_owner, returning);
        all_offline.extend(while_offline);
        let unowned = self.unowned(&while_online, &owner_not_online, &all_offline)?;
        match unowned {
            UnownedCustomers::OwnerNotOnline => owner_not_online.extend(while_online),
            UnownedCustomers::AllOffline => all_offline.extend(while_online),
        }
        let scope = |position: Option<usize>| position.and_then(|at| self.scopes.get(at).cloned().flatten());
        let options = RoutingOptions {
            new_online: self.case(&new_online, true)?,
            new_offline: self.case(&new_offline, true)?,
            owner_online: self.case(&owner_online, false)?,
            owner_not_online: self.case(&owner_not_online, false)?,
            all_offline: self.case(&all_offline, false)?,
            new_group: scope(new),
            returning_group: scope(returning),
            unowned,
        };
        let answered_by = [new_online, new_offline, owner_online, owner_not_online, all_offline];
        Ok((options, CaseName::ALL.into_iter().zip(answered_by).collect()))
    }

    /// The one scope by which these situations are told apart; `None` if all are decided alike.
    fn scope_of(
        &self,
        which: impl Fn(&FormWorld) -> bool + Copy,
        who: &str,
    ) -> Result<Option<usize>, OtherShape> {
        let tells = |scope: &usize| {
            let (online, offline) = self.sides(which, Some(*scope));
            self.agree(&online) && self.agree(&offline)
        };
        let separates = |scope: &usize| {
            let (online, offline) = self.sides(which, Some(*scope));
            online.is_disjoint(&offline)
        };
        let telling: Vec<usize> = (0..self.scopes.len()).filter(tells).collect();
        if let Some(scope) = telling.iter().copied().find(separates) {
            return Ok(Some(scope));
        }
        if self.agree(&self.rules_of(which)) {
            return Ok(None);
        }
        telling.first().copied().map(Some).ok_or_else(|| {
            OtherShape(format!("for {who}, more counts than whether somebody is online in one group"))
        })
    }

    /// The rules that answer in these situations while somebody is online in the scope, and while nobody is.
    fn sides(
        &self,
        which: impl Fn(&FormWorld) -> bool,
        scope: Option<usize>,
    ) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let Some(scope) = scope else {
            let rules = self.rules_of(which);
            return (rules.clone(), rules);
        };
        let online = |world: &FormWorld| world.online.get(scope).copied().unwrap_or_default();
        let while_online = self.rules_of(|world| which(world) && online(world));
        (while_online, self.rules_of(|world| which(world) && !online(world)))
    }

    /// Which case returning customers without an owner are in.
    fn unowned(
        &self,
        online: &BTreeSet<usize>,
        owner_not_online: &BTreeSet<usize>,
        all_offline: &BTreeSet<usize>,
    ) -> Result<UnownedCustomers, OtherShape> {
        let both = |one: &BTreeSet<usize>, other: &BTreeSet<usize>| -> BTreeSet<usize> { one | other };
        if online.is_subset(owner_not_online) {
            return Ok(UnownedCustomers::OwnerNotOnline);
        }
        if online.is_subset(all_offline) {
            return Ok(UnownedCustomers::AllOffline);
        }
        if self.agree(&both(online, owner_not_online)) {
            return Ok(UnownedCustomers::OwnerNotOnline);
        }
        if self.agree(&both(online, all_offline)) {
            return Ok(UnownedCustomers::AllOffline);
        }
        let rule = online.first().map_or_else(String::new, |rule| (self.words)(*rule));
        Err(OtherShape(format!("{rule} is only for returning customers without an owner")))
    }

    /// The rules that answer in these situations.
    fn rules_of(&self, which: impl Fn(&FormWorld) -> bool) -> BTreeSet<usize> {
        self.decided.iter().filter(|(world, _)| which(world)).map(|(_, rule)| *rule).collect()
    }

    /// Whether all of these rules do the same.
    fn agree(&self, rules: &BTreeSet<usize>) -> bool {
        let mut cases = rules.iter().filter_map(|rule| self.shapes.get(*rule)).map(|shape| &shape.case);
        let first = cases.next();
        cases.all(|case| Some(case) == first)
    }

    /// What these rules do.
    fn case(&self, rules: &BTreeSet<usize>, is_new: bool) -> Result<RoutingCase, OtherShape> {
        let mut found = rules.iter().filter_map(|rule| Some((*rule, &self.shapes.get(*rule)?.case)));
        let Some((first, case)) = found.next() else {
            return Err(OtherShape("a case of this form cannot come about".to_owned()));
        };
        let mut case = case.clone();
        if let Some((other, _)) = found.find(|(_, other)| **other != case) {
            let (first, other) = ((self.words)(first), (self.words)(other));
            return Err(OtherShape(format!("{first} and {other} answer in the same case, but not alike")));
        }
        if is_new && case.group.is_none() {
            let rule = (self.words)(first);
            return Err(OtherShape(format!(
                "{rule} gives new customers to their owner, whom they do not have"
            )));
        }
        // A new customer has no owner.
        case.owner &= !is_new;
        Ok(case)
    }
}
