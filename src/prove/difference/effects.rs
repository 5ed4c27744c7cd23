//! When two rules that decide the same message do something else with it, as a formula.

use super::{Sides, rule_at};
use crate::language::ast::RuleKind;
use crate::policy::{Assign, Placeholder, Reply, Rule, TemplatePart};
use crate::prove::decision_diff::RulePair;
use crate::prove::encoding::{EncodedPolicy, Encoding, Formula, Formulas, Person};
use crate::prove::equivalence::{is_same_later, is_same_list, is_same_reply, tags};

/// When two rules that decide have different effects, whatever the `also` rules add to both.
pub(super) fn effects_differ(encoding: &mut Encoding, sides: &Sides, pair: RulePair) -> Formula {
    let [old_side, new_side] = sides;
    let (old, new) = match (rule_at(old_side, pair.old), rule_at(new_side, pair.new)) {
        (Some(old), Some(new)) => (old, new),
        (None, None) => return also_names_differ(encoding, sides, None, false),
        _ => return Formulas::TRUE,
    };
    let mut differ = vec![encoding.assignments_differ(old, new)];
    let (old, new) = (old.rule, new.rule);
    let same_replies = old.replies.len() == new.replies.len()
        && old.replies.iter().zip(&new.replies).all(|(old, new)| is_same_reply(old, new));
    differ.push(Formulas::constant(!same_replies || !is_same_list(old.later(), new.later(), is_same_later)));
    if encoding.has_renamed() {
        let assigns = old.assign.as_ref().zip(new.assign.as_ref()).map(|(old, new)| [old, new]);
        differ.extend(replies(old).map(|reply| encoding.names_differ(reply, assigns)));
        differ.push(also_names_differ(encoding, sides, assigns, false));
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

/// When two `move` rules that hold have different effects. A rule of which the chat stays does nothing.
///
/// Who has the chat is left out of every choice, which is not taken into account where it may matter: then the engine is
/// asked about chats that somebody has.
pub(super) fn moves_differ(encoding: &mut Encoding, sides: &Sides, pair: RulePair) -> Formula {
    let rules = [rule_at(&sides[0], pair.old), rule_at(&sides[1], pair.new)];
    let [old_acts, new_acts] = rules.map(|rule| rule.map_or(Formulas::FALSE, |rule| rule.effect.acts));
    let mut differ = vec![encoding.formulas.xor(old_acts, new_acts)];
    if let [Some(old), Some(new)] = rules {
        let effects = effects_differ(encoding, sides, pair);
        let names = renamed_in_chat(encoding, sides, [old.rule, new.rule]);
        let choices = encoding.choices_depend_on_chat(old.rule, new.rule);
        let either = encoding.formulas.or([effects, names, choices]);
        differ.push(encoding.formulas.and([old_acts, new_acts, either]));
    }
    let names = also_names_differ(encoding, sides, None, true);
    let stays = [old_acts, new_acts].map(|acts| encoding.formulas.not(acts));
    differ.push(encoding.formulas.and([stays[0], stays[1], names]));
    encoding.formulas.or(differ)
}

/// That somebody has the chat, where a reply of these rules or of an `also` rule writes the name of the user who is
/// given it, and some names differ.
fn renamed_in_chat(encoding: &mut Encoding, sides: &Sides, rules: [&Rule; 2]) -> Formula {
    let also = sides.iter().flat_map(|side| side.rules_of(RuleKind::Also)).map(|rule| rule.rule);
    let mut replies = rules.into_iter().chain(also).flat_map(replies);
    if encoding.has_renamed() && replies.any(writes_user) {
        encoding.somebody_has_chat()
    } else {
        Formulas::FALSE
    }
}

/// Whether the reply writes the name of the user who has the chat.
fn writes_user(reply: &Reply) -> bool {
    let is_user =
        |part: &TemplatePart| matches!(part, TemplatePart::Placeholder { value: Placeholder::UserName, .. });
    reply.template.0.iter().any(is_user)
}

/// That an `also` rule which acts on both sides writes another name. `assign` is what the deciding rules do; without it,
/// somebody may have the chat who keeps it.
fn also_names_differ(
    encoding: &mut Encoding,
    [old, new]: &Sides,
    assign: Option<[&Assign; 2]>,
    in_open_chat: bool,
) -> Formula {
    let mut differ = Vec::new();
    for rule in old.rules_of(RuleKind::Also) {
        for reply in replies(rule.rule) {
            let also = added(encoding, new, &|rule| replies(rule).any(|one| is_same_reply(one, reply)));
            let mut names = encoding.names_differ(reply, assign);
            if in_open_chat && writes_user(reply) {
                let renamed = encoding.renamed(Person::ChatUser);
                names = encoding.formulas.or([names, renamed]);
            }
            differ.push(encoding.formulas.and([rule.holds, also, names]));
        }
    }
    encoding.formulas.or(differ)
}

/// That some `also` rule acts which has something.
pub(super) fn added(encoding: &mut Encoding, policy: &EncodedPolicy, has: &dyn Fn(&Rule) -> bool) -> Formula {
    let acting = policy.rules_of(RuleKind::Also).filter(|rule| has(rule.rule));
    let holds: Vec<Formula> = acting.map(|rule| rule.holds).collect();
    encoding.formulas.or(holds)
}

/// The replies of a rule, at once and later.
fn replies(rule: &Rule) -> impl Iterator<Item = &Reply> {
    rule.replies.iter().chain(rule.later().iter().flat_map(|later| &later.replies))
}
