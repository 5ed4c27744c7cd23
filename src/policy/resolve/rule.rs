//! Rules: each assigns once, `otherwise` comes last, and names are unique.

use std::collections::BTreeMap;

use super::context::Context;
use super::names::Names;
use super::{action, condition};
use crate::diagnostic::Code;
use crate::language::ast::{self, Guard};
use crate::policy::misnamed_number;
use crate::policy::model::{Assign, Rule};
use crate::text::Span;

/// The rules of the file, in its order.
pub(super) fn rules<'a>(cx: &mut Context<'a>, names: &Names<'a>) -> Vec<Rule> {
    let tree = cx.file.tree();
    // A file that is nearly named after a number has a finding of its own.
    let may_have_rules = cx.folder.is_policy(cx.file_name) || misnamed_number(cx.file_name).is_some();
    let mut first_spans: BTreeMap<&str, Span> = BTreeMap::new();
    let mut otherwise: Option<Span> = None;
    let mut rules = Vec::new();
    for item in &tree.items {
        let ast::Item::Rule(rule) = item else { continue };
        if let Some(name) = &rule.name {
            check_name(cx, &mut first_spans, name);
        }
        if !may_have_rules {
            let message = format!("`{}` has a rule, but it is not the policy of a number", cx.file_name);
            let help =
                "move it into the file of a number, such as `+15550100.rules`, or into `default.rules`";
            cx.report(cx.error(Code::RuleOutsidePolicy, heading(rule), message).help(help));
        }
        check_order(cx, rule, &mut otherwise);
        rules.push(resolve_rule(cx, names, rule));
    }
    rules
}

/// The place of a finding about a whole rule.
fn heading(rule: &ast::Rule) -> Span {
    match (&rule.name, &rule.guard) {
        (Some(name), _) => name.span,
        (None, Guard::Otherwise(span)) => *span,
        (None, Guard::When(condition)) => condition.span,
    }
}

fn check_name<'a>(
    cx: &mut Context<'_>,
    first_spans: &mut BTreeMap<&'a str, Span>,
    name: &'a ast::TextLiteral,
) {
    if name.value.trim().is_empty() {
        cx.report(
            cx.error(Code::EmptyText, name.span, "the name of this rule is empty")
                .help("write what the rule is for"),
        );
    } else if let Some(first) = first_spans.get(name.value.as_str()) {
        let message = format!("two rules are called `{}`", name.value);
        cx.report(
            cx.error(Code::DuplicateName, name.span, message)
                .related(*first, "the first one is here")
                .help("rename one of them, so that a decision can tell them apart"),
        );
    } else {
        first_spans.insert(&name.value, name.span);
    }
}

fn check_order(cx: &mut Context<'_>, rule: &ast::Rule, otherwise: &mut Option<Span>) {
    if rule.also.is_some() {
        if let Guard::Otherwise(span) = rule.guard {
            cx.report(
                cx.error(Code::Syntax, span, "`also` cannot be combined with `otherwise`")
                    .help("an `also` rule needs a condition: `also when CONDITION: …`"),
            );
        }
        return;
    }
    if let Some(first) = otherwise {
        cx.report(
            cx.error(
                Code::RuleAfterOtherwise,
                heading(rule),
                "no message gets past `otherwise` to this rule",
            )
            .related(*first, "this takes every remaining message")
            .help("move `otherwise` to the end; only `also` rules may follow it"),
        );
    } else if let Guard::Otherwise(span) = rule.guard {
        *otherwise = Some(span);
    }
}

fn resolve_rule<'a>(cx: &mut Context<'a>, names: &Names<'a>, rule: &'a ast::Rule) -> Rule {
    let when = match &rule.guard {
        Guard::When(condition) => Some(condition::resolve(cx, names, condition)),
        Guard::Otherwise(_) => None,
    };
    let mut resolved = Rule {
        name: rule.name.as_ref().map(|name| name.value.as_str().into()),
        line: cx.file.lines().line(rule.span.start),
        span: rule.span,
        also: rule.also.is_some(),
        when,
        assign: None,
        replies: Box::default(),
        tags: Box::default(),
        priority: None,
    };
    let (mut replies, mut tags) = (Vec::new(), Vec::new());
    let mut assigned: Option<Span> = None;
    for rule_action in &rule.actions {
        match rule_action {
            ast::Action::Assign(assign) => {
                let resolved_assign = action::assign(cx, assign);
                check_assign(cx, rule, assign.span, assigned);
                if assigned.is_none() {
                    assigned = Some(assign.span);
                    resolved.assign = resolved_assign;
                }
            }
            ast::Action::Reply { span, text, once_per } => {
                replies.extend(action::reply(cx, *span, text, once_per.as_ref()));
            }
            ast::Action::Tag { text, .. } => {
                if super::text::folded(cx, &text.value, text).is_some() {
                    tags.push(cx.intern(&text.value));
                }
            }
            ast::Action::Priority { word, .. } => {
                resolved.priority = resolved.priority.max(action::priority(cx, word));
            }
        }
    }
    (resolved.replies, resolved.tags) = (replies.into(), tags.into());
    if !resolved.also && assigned.is_none() {
        cx.report(
            cx.error(Code::MissingAssign, heading(rule), "this rule does not say who takes the chat")
                .help("add `assign owner`, `assign group \"…\" by least_chats` or `assign nobody`; a rule that only replies or tags is an `also` rule"),
        );
    }
    // Later stages rely on the assignment. A rule without one has a fault, so it never decides.
    if !resolved.also && resolved.assign.is_none() {
        resolved.assign = Some(Assign { span: heading(rule), alternatives: Box::default() });
    }
    resolved
}

/// Resolves an action by itself, for its findings only.
pub(super) fn resolve_action(cx: &mut Context<'_>, tree: &ast::Action) {
    match tree {
        ast::Action::Assign(assign) => {
            action::assign(cx, assign);
        }
        ast::Action::Reply { span, text, once_per } => {
            action::reply(cx, *span, text, once_per.as_ref());
        }
        ast::Action::Tag { text, .. } => {
            super::text::folded(cx, &text.value, text);
        }
        ast::Action::Priority { word, .. } => {
            action::priority(cx, word);
        }
    }
}

fn check_assign(cx: &mut Context<'_>, rule: &ast::Rule, span: Span, first: Option<Span>) {
    if rule.also.is_some() {
        cx.report(
            cx.error(Code::AssignInAlso, span, "an `also` rule cannot assign")
                .help("remove `also`, or move the `assign` into a rule of its own"),
        );
    } else if let Some(first) = first {
        cx.report(
            cx.error(Code::SeveralAssigns, span, "this rule assigns twice")
                .related(first, "it assigns here first")
                .help("join them with `else` if the second is for when the first finds nobody"),
        );
    }
}
