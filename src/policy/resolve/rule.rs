//! Rules: each assigns once, `otherwise` comes last, and names are unique.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::Context;
use super::names::Names;
use super::{action, condition};
use crate::diagnostic::Code;
use crate::language::ast::{self, Guard, RuleKind};
use crate::language::vocabulary::Priority;
use crate::policy::misnamed_number;
use crate::policy::model::{Assign, LaterActions, Reply, Rule, Schedule};
use crate::text::{Span, Spanned};

/// The rules of the file, in its order.
pub(super) fn rules(cx: &mut Context<'_>, names: &Names) -> Vec<Rule> {
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
    if rule.kind != RuleKind::Regular {
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
            .help("move `otherwise` to the end; only `also` and `move` rules may follow it"),
        );
    } else if let Guard::Otherwise(span) = rule.guard {
        *otherwise = Some(span);
    }
}

fn resolve_rule<'a>(cx: &mut Context<'a>, names: &Names, rule: &'a ast::Rule) -> Rule {
    let when = match &rule.guard {
        Guard::When(condition) => Some(condition::resolve(cx, names, condition)),
        Guard::Otherwise(_) => None,
    };
    let (mut assign, mut assigned) = (None, None);
    let (mut now, mut later) = (AddedActions::default(), BTreeMap::new());
    for rule_action in &rule.actions {
        match rule_action {
            ast::Action::Assign(tree) => {
                let resolved = action::assign(cx, tree);
                check_assign(cx, rule, tree.span, assigned);
                if assigned.is_none() {
                    assigned = Some(tree.span);
                    assign = resolved;
                }
            }
            ast::Action::Reply { span, text, once_per, after } => {
                let time = time(cx, after.as_ref());
                let reply = action::reply(cx, *span, text, once_per.as_ref(), after.is_some());
                if let Some((time, reply)) = time.zip(reply) {
                    effects_at(&mut now, &mut later, time).replies.push(reply);
                }
            }
            ast::Action::Tag { text, after, .. } => {
                let time = time(cx, after.as_ref());
                let is_sound = super::text::folded(cx, &text.value, text).is_some();
                if let Some(time) = time.filter(|_| is_sound) {
                    let tag = cx.intern(&text.value);
                    effects_at(&mut now, &mut later, time).tags.push(tag);
                }
            }
            ast::Action::Priority { word, after, .. } => {
                let time = time(cx, after.as_ref());
                if let Some((time, priority)) = time.zip(action::priority(cx, word)) {
                    let priority_then = &mut effects_at(&mut now, &mut later, time).priority;
                    *priority_then = (*priority_then).max(Some(priority));
                }
            }
        }
    }
    if rule.kind != RuleKind::Also && assigned.is_none() {
        cx.report(
            cx.error(Code::MissingAssign, heading(rule), "this rule does not say who takes the chat")
                .help("add `assign owner`, `assign group \"…\" by least_chats` or `assign nobody`; a rule that only replies or tags is an `also` rule"),
        );
    }
    // Later stages rely on the assignment. A rule without one has a fault, so it never decides.
    if rule.kind != RuleKind::Also && assign.is_none() {
        assign = Some(Assign { alternatives: Box::default() });
    }
    let entries: Box<[LaterActions]> =
        later.into_iter().map(|(after, effects)| effects.later(after)).collect();
    Rule {
        name: rule.name.as_ref().map(|name| name.value.as_str().into()),
        line: cx.file.lines().line(rule.span.start),
        span: rule.span,
        kind: rule.kind,
        when,
        assign,
        replies: now.replies.into(),
        tags: now.tags.into(),
        priority: now.priority,
        schedule: (!entries.is_empty()).then(|| Box::new(Schedule { entries })),
    }
}

/// What a rule does at one time, besides assigning.
#[derive(Default)]
struct AddedActions {
    replies: Vec<Reply>,
    tags: Vec<Arc<str>>,
    priority: Option<Priority>,
}

impl AddedActions {
    fn later(self, after: u64) -> LaterActions {
        LaterActions { after, replies: self.replies.into(), tags: self.tags.into(), priority: self.priority }
    }
}

/// What a rule does at `time`, which is zero for at once.
fn effects_at<'e>(
    now: &'e mut AddedActions,
    later: &'e mut BTreeMap<u64, AddedActions>,
    time: u64,
) -> &'e mut AddedActions {
    match time {
        0 => now,
        after => later.entry(after).or_default(),
    }
}

/// `after 5m` in seconds, zero for at once; `None` after a finding.
fn time(cx: &mut Context<'_>, after: Option<&Spanned<Option<u64>>>) -> Option<u64> {
    match after {
        None => Some(0),
        Some(after) => cx.nonzero_seconds(after),
    }
}

/// Resolves an action by itself, for its findings only.
pub(super) fn resolve_action(cx: &mut Context<'_>, tree: &ast::Action) {
    match tree {
        ast::Action::Assign(assign) => {
            action::assign(cx, assign);
        }
        ast::Action::Reply { span, text, once_per, after } => {
            time(cx, after.as_ref());
            action::reply(cx, *span, text, once_per.as_ref(), after.is_some());
        }
        ast::Action::Tag { text, after, .. } => {
            time(cx, after.as_ref());
            super::text::folded(cx, &text.value, text);
        }
        ast::Action::Priority { word, after, .. } => {
            time(cx, after.as_ref());
            action::priority(cx, word);
        }
    }
}

fn check_assign(cx: &mut Context<'_>, rule: &ast::Rule, span: Span, first: Option<Span>) {
    if rule.kind == RuleKind::Also {
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
