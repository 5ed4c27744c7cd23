//! Form → rules. What the form does not say stays as it is: comments, tests, definitions, names of rules, line endings.

use std::collections::BTreeSet;

use super::form::{CaseName, RoutingCase, RoutingOptions, UnownedCustomers};
use super::read::{FormRules, OtherShape};
use super::rule_block::{BYTE_ORDER_MARK, RuleBlock};
use super::shape::RuleShape;
use crate::describe::string_literal;
use crate::language::ast::Item;
use crate::language::parse;
use crate::text::{Source, Span};

/// The text of the file with these options, which [are valid](RoutingOptions::validate). The rules that it has are
/// changed; if it has none, they are added.
///
/// # Errors
///
/// [`OtherShape`], if it has rules that have no form.
pub fn write_options(source: &Source, options: &RoutingOptions) -> Result<String, OtherShape> {
    let Some(form) = FormRules::of(source)? else { return Ok(with_new_rules(source, options)) };
    let mut changes = TextChanges { source, comments: &form.file.comments, replaced: Vec::new() };
    match same_structure(&form, options) {
        Some(wanted) => {
            for (rule, case) in form.rules.iter().zip(&wanted) {
                changes.actions(rule, case);
            }
        }
        None => changes.all_rules(&form, options),
    }
    Ok(changes.apply())
}

/// What each rule is to do, if the rules can stay, with other actions.
fn same_structure(form: &FormRules, options: &RoutingOptions) -> Option<Vec<RoutingCase>> {
    let old = &form.options;
    let conditions = |options: &RoutingOptions| {
        (options.new_group.clone(), options.returning_group.clone(), options.unowned)
    };
    if conditions(old) != conditions(options) {
        return None;
    }
    let mut wanted = Vec::new();
    for (position, rule) in form.rules.iter().enumerate() {
        let cases = form.answered_by.iter().filter(|(_, rules)| rules.contains(&position));
        let cases: Vec<CaseName> = cases.map(|(case, _)| *case).collect();
        // Whether the owner comes first makes no difference to new customers.
        let first = cases.iter().find(|case| !case.is_new());
        let owner = first.map_or(rule.case.owner, |case| options.case(*case).owner);
        let case = RoutingCase { owner, ..options.case(*first.or(cases.first())?).clone() };
        let is_the_same = |of: &CaseName| {
            let other = options.case(*of);
            let owner = if of.is_new() { owner } else { other.owner };
            RoutingCase { owner, ..other.clone() } == case
        };
        if !cases.iter().all(is_the_same) {
            return None;
        }
        wanted.push(case);
    }
    Some(wanted)
}

/// The file with five rules, which come before its tests.
fn with_new_rules(source: &Source, options: &RoutingOptions) -> String {
    let name = |case| default_name(case, &BTreeSet::new());
    let texts: Vec<String> =
        CaseName::ALL.iter().map(|case| rule_text(*case, name(*case).as_deref(), options)).collect();
    let rules = texts.join("\n\n");
    let parsed = parse(source);
    let first_test = parsed.file.items.iter().find(|item| matches!(item, Item::Test(_)));
    let at =
        first_test.map_or(source.text.len(), |test| start_with_comments(source, test.span().start as usize));
    let (before, after) = source.text.split_at_checked(at).unwrap_or((&source.text, ""));
    let mut text = before.trim_end().to_owned();
    let mut written = String::new();
    if !text.trim_start_matches(BYTE_ORDER_MARK).is_empty() {
        written.push_str("\n\n");
    }
    written.push_str(&rules);
    written.push('\n');
    if !after.is_empty() {
        written.push('\n');
    }
    text.push_str(&with_line_ending(&written, line_ending(&source.text)));
    text.push_str(after);
    text
}

/// How most lines of a text end.
fn line_ending(text: &str) -> &'static str {
    let windows = text.matches("\r\n").count();
    if windows * 2 > text.matches('\n').count() { "\r\n" } else { "\n" }
}

fn with_line_ending(text: &str, ending: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', ending)
}

/// Where the lines of comments begin that stand directly above.
fn start_with_comments(source: &Source, start: usize) -> usize {
    let mut at = start;
    let before = source.text.get(..start).unwrap_or_default();
    for line in before.split_inclusive('\n').rev() {
        let words = line.trim_start_matches(BYTE_ORDER_MARK);
        if !words.trim_start().starts_with('#') {
            break;
        }
        at -= words.len();
    }
    at
}

/// The name of a new rule, which none of the others has.
fn default_name(case: CaseName, taken: &BTreeSet<&str>) -> Option<String> {
    let name = match case {
        CaseName::NewOnline => "new customer",
        CaseName::NewOffline => "new customer, nobody online",
        CaseName::OwnerOnline => "owner online",
        CaseName::OwnerNotOnline => "owner not online",
        CaseName::AllOffline => return None,
    };
    let numbered = (2..).map(|nth| format!("{name} {nth}"));
    std::iter::once(name.to_owned()).chain(numbered).find(|name| !taken.contains(&**name))
}

/// `rule "name"`, `when …:`, and its actions
fn rule_text(case: CaseName, name: Option<&str>, options: &RoutingOptions) -> String {
    let any_online = |group: &Option<String>| match group {
        Some(group) => format!("any_online in {}", string_literal(group)),
        None => "any_online".to_owned(),
    };
    let condition = match case {
        CaseName::NewOnline => format!("new_customer and {}", any_online(&options.new_group)),
        CaseName::NewOffline => "new_customer".to_owned(),
        CaseName::OwnerOnline => "returning_customer and owner_online".to_owned(),
        CaseName::OwnerNotOnline => {
            let owner = match options.unowned {
                UnownedCustomers::OwnerNotOnline => "",
                UnownedCustomers::AllOffline => "owner_offline and ",
            };
            let online = any_online(&options.returning_group);
            format!("returning_customer and {owner}{online}")
        }
        CaseName::AllOffline => String::new(),
    };
    let head = name.map_or_else(String::new, |name| format!("rule {}\n", string_literal(name)));
    let guard = if condition.is_empty() { "otherwise".to_owned() } else { format!("when {condition}") };
    let case = options.case(case);
    let reply = case.reply.as_ref().map_or_else(String::new, |reply| format!(",\n    {}", reply_text(reply)));
    format!("{head}{guard}:\n    {}{reply}", assign_text(case))
}

/// `assign owner else group "Sales" by in_order`
fn assign_text(case: &RoutingCase) -> String {
    let owner = case.owner.then(|| "owner".to_owned());
    let group = case.group.as_ref().zip(case.by);
    let group = group.map(|(group, by)| format!("group {} by {by}", string_literal(group)));
    let alternatives: Vec<String> = owner.into_iter().chain(group).collect();
    format!("assign {}", alternatives.join(" else "))
}

/// `reply "Welcome."`
fn reply_text(text: &str) -> String {
    format!("reply {}", string_literal(text))
}

/// Changes of a text, by what they replace.
struct TextChanges<'s> {
    source: &'s Source,
    comments: &'s [Span],
    replaced: Vec<(Span, String)>,
}

impl TextChanges<'_> {
    /// Lets the rule do something else.
    fn actions(&mut self, rule: &RuleShape, wanted: &RoutingCase) {
        let now = &rule.case;
        let mut kept = String::new();
        if (now.owner, &now.group, now.by) != (wanted.owner, &wanted.group, wanted.by) {
            kept += &self.comments_in(rule.assign);
            self.replaced.push((rule.assign, assign_text(wanted)));
        }
        match (rule.reply, &wanted.reply) {
            (Some((_, text)), Some(reply)) if now.reply.as_ref() != Some(reply) => {
                self.replaced.push((text, string_literal(reply)));
            }
            (Some((action, _)), None) => {
                let span = if rule.is_reply_first {
                    Span { start: action.start, end: rule.assign.start }
                } else {
                    Span { start: rule.assign.end, end: action.end }
                };
                kept += &self.comments_in(span);
                self.replaced.push((span, String::new()));
            }
            (None, Some(reply)) => {
                let end = Span { start: rule.assign.end, end: rule.assign.end };
                self.replaced.push((end, format!(",\n    {}", reply_text(reply))));
            }
            _ => {}
        }
        if !kept.is_empty() {
            let start = Span { start: rule.span.start, end: rule.span.start };
            self.replaced.push((start, kept));
        }
    }

    /// Writes the five rules into the places of the present ones. Comments go with the rule that they stand on.
    fn all_rules(&mut self, form: &FormRules, options: &RoutingOptions) {
        let blocks = RuleBlock::all(self.source, &form.file);
        let kept = own_rules(form);
        let names =
            form.rules.iter().filter_map(|rule| rule.name.as_ref()).map(|name| &*name.value).collect();
        let mut texts = Vec::new();
        for ((case, rules), own) in form.answered_by.iter().zip(&kept) {
            let name = match own.and_then(|rule| form.rules.get(rule)) {
                Some(rule) => rule.name.as_ref().map(|name| name.value.clone()),
                None => default_name(*case, &names),
            };
            let (mut above, mut below) = (String::new(), "");
            for rule in rules {
                let Some(block) = blocks.get(*rule) else { continue };
                if *own == Some(*rule) {
                    above += self.source.slice(block.above);
                    above += &self.comments_in(block.rule);
                    below = self.source.slice(block.below);
                } else if !kept.contains(&Some(*rule)) && is_first(form, *case, *rule) {
                    above += self.source.slice(block.above);
                    above += &self.comments_in(block.rule.to(block.below));
                }
            }
            texts.push(above + &rule_text(*case, name.as_deref(), options) + below);
        }
        let last = blocks.len().saturating_sub(1);
        let mut texts = texts.into_iter();
        for (position, block) in blocks.iter().enumerate() {
            let take = if position == last { usize::MAX } else { 1 };
            let rules: Vec<String> = texts.by_ref().take(take).collect();
            let mut span = block.span();
            if rules.is_empty() {
                span.start = block.after;
            }
            self.replaced.push((span, rules.join("\n\n")));
        }
    }

    /// The comments in a part that is written anew, each on a line of its own.
    fn comments_in(&self, span: Span) -> String {
        let is_inside = |comment: &&Span| span.start <= comment.start && comment.end <= span.end;
        let inside = self.comments.iter().filter(is_inside);
        inside.flat_map(|comment| [self.source.slice(*comment).trim_end(), "\n"]).collect()
    }

    fn apply(mut self) -> String {
        self.replaced.sort_by_key(|(span, _)| *span);
        let ending = line_ending(&self.source.text);
        let mut text = String::with_capacity(self.source.text.len());
        let mut at = 0;
        for (span, new) in &self.replaced {
            text.push_str(self.source.text.get(at..span.start as usize).unwrap_or_default());
            text.push_str(&with_line_ending(new, ending));
            at = span.end as usize;
        }
        text.push_str(self.source.text.get(at..).unwrap_or_default());
        text
    }
}

/// The present rule of which each case keeps the name and the comments.
fn own_rules(form: &FormRules) -> Vec<Option<usize>> {
    let mut used = BTreeSet::new();
    let own = form.answered_by.iter().map(|(_, rules)| rules.iter().copied().find(|rule| used.insert(*rule)));
    own.collect()
}

/// Whether this is the first case in which the rule answers.
fn is_first(form: &FormRules, case: CaseName, rule: usize) -> bool {
    let mut cases = form.answered_by.iter().filter(|(_, rules)| rules.contains(&rule));
    cases.next().is_some_and(|(first, _)| *first == case)
}
