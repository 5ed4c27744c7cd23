//! Who gets which chat, in the order of the rules, as data: what every picture of it says, in whatever format.

use super::condition_lines::{ConditionLine, DefinitionText, condition_lines, names_of};
use super::measure::{clean, isolated};
use super::phrases::{AssigneeText, ReplyText, assignees, replies, rule_name, tags_and_priorities};
use crate::describe::{FlowRule, flow_definitions, flow_rules, list};
use crate::diagnostic::Code;
use crate::inbox::{Inbox, PhoneNumber};
use crate::language::ast::RuleKind;
use crate::policy::{Folder, Policy, Rule, number_of};
use crate::prove::{self, Proofs};

/// Who gets which chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowGraph {
    /// The names of its numbers, or the numbers, or the file.
    pub title: String,
    /// The numbers and the file, as far as the title does not say them, and the time zone.
    pub subtitle: String,
    /// The rules that decide where no chat is open, even if there are none, those that move an open chat, and those that add to
    /// any decision.
    pub sections: Vec<FlowSection>,
    /// What the names in conditions stand for.
    pub names: Vec<DefinitionText>,
    /// What holds for the whole picture.
    pub notes: Vec<&'static str>,
}

/// The rules of one kind, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlowSection {
    /// Their kind.
    pub kind: RuleKind,
    /// Which messages they are asked about.
    pub start: &'static str,
    /// The rules.
    pub rules: Vec<RuleCard>,
    /// What becomes of a message that none of them takes; `None`: there is no such message.
    pub end: Option<&'static str>,
}

/// A rule in the picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCard {
    /// Its place among all rules of the file, from 1.
    pub place: usize,
    /// Its name.
    pub name: String,
    /// Its line.
    pub line: usize,
    /// `Takes a message when`
    pub head: &'static str,
    /// Its condition; empty: it always holds.
    pub condition: Vec<ConditionLine>,
    /// Who gets the chat; empty for a rule that only adds to a decision.
    pub assignees: Vec<AssigneeText>,
    /// What becomes of the chat if nobody can be chosen, where that may be.
    pub fallback_text: Option<String>,
    /// What the customer reads.
    pub replies: Vec<ReplyText>,
    /// Tags and priorities.
    pub tags_and_priorities: Vec<String>,
    /// `false`: no message reaches it, which is proved.
    pub is_reached: bool,
}

/// Who gets which chat under `policy`, a policy of `folder` without faults.
pub fn flow_graph(folder: &Folder, policy: &Policy, inbox: &Inbox) -> FlowGraph {
    let proofs = prove::verify(policy, inbox, false);
    let unreached = proofs.unreached(policy);
    let Some(file) = folder.files.get(&policy.file) else { return FlowGraph::empty(policy, inbox) };
    let file = file.with_temporary_tree();
    let rules = flow_rules(&file.source, file.tree(), inbox, &policy.file, &unreached);
    let definitions = flow_definitions(folder, inbox, &policy.file);
    let reader = CardReader { policy, inbox, proofs: &proofs };
    let section = |kind: RuleKind| {
        let of_kind = rules.iter().zip(policy.rules.iter()).enumerate();
        let of_kind = of_kind.filter(|(_, (_, meaning))| meaning.kind == kind);
        let cards: Vec<RuleCard> = of_kind.map(|(at, (rule, _))| reader.card(at, rule)).collect();
        FlowSection { kind, start: start(kind, cards.is_empty()), end: reader.end(kind), rules: cards }
    };
    let sections = [RuleKind::Regular, RuleKind::Move, RuleKind::Also].map(section).into_iter();
    let is_shown = |section: &FlowSection| section.kind == RuleKind::Regular || !section.rules.is_empty();
    FlowGraph {
        names: names_of(rules.iter().filter_map(|rule| rule.parts.as_ref()), &definitions),
        notes: notes(&rules),
        sections: sections.filter(is_shown).collect(),
        ..FlowGraph::empty(policy, inbox)
    }
}

impl FlowGraph {
    fn empty(policy: &Policy, inbox: &Inbox) -> Self {
        let (title, subtitle) = headings(policy, inbox);
        Self { title, subtitle, sections: Vec::new(), names: Vec::new(), notes: Vec::new() }
    }
}

/// What the picture of a policy is called, and what stands below that: the numbers, the file and the time zone.
pub(super) fn headings(policy: &Policy, inbox: &Inbox) -> (String, String) {
    let is_of_file =
        |number: &PhoneNumber| number.rules.as_ref().is_some_and(|path| path.file == policy.file);
    let own = number_of(&policy.file);
    let others = inbox.numbers.iter().filter(|(_, number)| is_of_file(number)).map(|(number, _)| &**number);
    let numbers: Vec<&str> = own.into_iter().chain(others.filter(|number| Some(*number) != own)).collect();
    let name = |number: &&str| inbox.numbers.get(*number)?.name.as_deref();
    let names: Vec<String> = numbers.iter().map(|number| isolated(name(number).unwrap_or(number))).collect();
    let has_names = numbers.iter().any(|number| name(number).is_some());
    let mut below = Vec::new();
    if has_names {
        below.push(first_few(numbers.iter().map(|number| (*number).to_owned()).collect()));
    }
    if !numbers.is_empty() || &*policy.file == "default.rules" {
        below.push(isolated(&policy.file));
    }
    below.push(format!("the times are those of {}", policy.timezone_name(inbox)));
    let title = match &*policy.file {
        _ if !names.is_empty() => first_few(names),
        "default.rules" => "Every other number".to_owned(),
        file => clean(file),
    };
    (title, below.join(" · "))
}

/// The first of a list, and how many more there are.
fn first_few(mut items: Vec<String>) -> String {
    const SHOWN: usize = 4;
    if items.len() > SHOWN {
        let more = items.len() - SHOWN + 1;
        items.truncate(SHOWN - 1);
        items.push(format!("{more} more"));
    }
    list(&items)
}

fn start(kind: RuleKind, is_empty: bool) -> &'static str {
    match kind {
        RuleKind::Regular if is_empty => "A message comes, and no chat is open",
        RuleKind::Regular => "A message comes, and no chat is open: the first rule that takes it decides",
        RuleKind::Move => "A message comes into an open chat: the first rule that takes it moves the chat",
        RuleKind::Also => "Whatever is decided, each of these rules that holds adds to it",
    }
}

fn notes(rules: &[FlowRule]) -> Vec<&'static str> {
    let mut notes = Vec::new();
    let has_open_choice = |is_move: bool| {
        let of_kind = rules.iter().filter(|rule| (rule.kind == "move") == is_move);
        of_kind.flat_map(|rule| &rule.steps).any(|step| step.to == "group" && step.among.is_none())
    };
    if has_open_choice(false) {
        notes.push(
            "“One of” a group is a member who is online and has room; failing that, one who is online; failing that, any member.",
        );
    }
    if has_open_choice(true) {
        notes.push(
            "“One of” a group, when a chat is moved, is a member who is online and has room; failing that, one who is online; never \
             another.",
        );
    }
    if !rules.iter().any(|rule| rule.kind == "move") {
        notes.push("While a chat is open, its messages stay with whoever has it.");
    }
    if rules.iter().any(|rule| matches!(rule.kind, "move" | "also")) {
        notes.push("The rules are numbered as they stand in the file.");
    }
    notes
}

/// Makes the cards of one policy.
struct CardReader<'r> {
    policy: &'r Policy,
    inbox: &'r Inbox,
    proofs: &'r Proofs,
}

impl CardReader<'_> {
    fn card(&self, at: usize, rule: &FlowRule) -> RuleCard {
        let never = self.proofs.unreachable_alternatives.iter().find(|(rule, _)| *rule == at);
        RuleCard {
            place: at + 1,
            name: rule_name(rule),
            line: rule.line,
            head: match rule.kind {
                "also" => "Adds to any decision when",
                "move" => "Moves an open chat when",
                "rule" => "Takes a message when",
                _ => "Takes every message that no rule above has taken",
            },
            condition: condition_lines(rule.parts.as_ref()),
            assignees: assignees(self.inbox, rule, never.map_or(usize::MAX, |(_, first)| *first)),
            fallback_text: self.fallback_text(at, rule),
            replies: replies(rule),
            tags_and_priorities: tags_and_priorities(rule),
            is_reached: rule.reached,
        }
    }

    /// What becomes of the chat if nobody is found, where that was shown to be possible.
    fn fallback_text(&self, at: usize, rule: &FlowRule) -> Option<String> {
        if rule.kind == "move" {
            // A chat that is closed, or waits, needs nobody.
            let needs_somebody = !matches!(rule.steps.last()?.to, "nobody" | "queue");
            return needs_somebody.then(|| "If nobody can be chosen, the chat stays where it is.".to_owned());
        }
        let mut shown = self.proofs.nobody.iter().chain(&self.proofs.ownerless);
        shown.find(|witness| witness.rule == at)?;
        Some(match self.policy.rules.get(at)?.assign.as_ref()?.last_group() {
            Some(target) => {
                let group = isolated(&self.inbox.group(target.group).name);
                format!("If nobody can be chosen, it waits in the queue of {group}.")
            }
            None => "If nobody can be chosen, the chat waits, in no queue.".to_owned(),
        })
    }

    fn end(&self, kind: RuleKind) -> Option<&'static str> {
        match kind {
            RuleKind::Move => Some("If no rule moves it, the chat stays where it is"),
            RuleKind::Also => None,
            RuleKind::Regular => {
                let is_otherwise = |rule: &Rule| rule.kind == RuleKind::Regular && rule.when.is_none();
                if self.policy.rules.iter().any(is_otherwise) {
                    return None;
                }
                let is_open = |about: &Code| {
                    matches!(about, Code::Unanswered | Code::UnreachableRule | Code::NeverTrue)
                };
                let is_settled = !self.inbox.is_inferred
                    && !self.proofs.unsettled.iter().any(|unsettled| is_open(&unsettled.about));
                if self.proofs.unanswered.is_none() && is_settled {
                    return None;
                }
                Some("No rule takes it: nobody gets the chat")
            }
        }
    }
}
