//! A rule and who gets its chats as lines of text, for the formats that place them themselves.

use super::condition_lines::ConditionLine;
use super::flow::{FlowGraph, RuleCard};
use super::measure::{TextStyle, isolated, wrapped_text};

/// About how wide a line of a node is, and how it is drawn.
const WIDTH: i32 = 380;
const STYLE: TextStyle = TextStyle { class: "", size: 12, is_bold: false, line: 0 };
/// More lines of one text are not shown.
const MAX_LINES: usize = 6;

/// The rule and what it takes.
pub(super) fn condition_text(rule: &RuleCard) -> Vec<String> {
    let mut lines = lines(&format!("{}. {}", rule.place, isolated(&rule.name)), "");
    if !rule.is_reached {
        lines.push("Never reached: no message gets as far as this rule.".to_owned());
    }
    lines.push(rule.head.to_owned());
    lines.extend(rule.condition.iter().flat_map(|line| condition_line(line, 0)));
    lines
}

/// What the names in conditions stand for, and what holds for the whole picture. Nothing, if there is nothing to say.
pub(super) fn note_text(graph: &FlowGraph) -> Vec<String> {
    let mut out = Vec::new();
    if !graph.names.is_empty() {
        out.push("What the names stand for".to_owned());
    }
    for name in &graph.names {
        out.push(format!("{}:", isolated(&name.name)));
        out.extend(name.lines.iter().flat_map(|line| condition_line(line, 1)));
    }
    if !graph.names.is_empty() && !graph.notes.is_empty() {
        out.push("\u{A0}".to_owned());
    }
    out.extend(graph.notes.iter().flat_map(|note| lines(note, "")));
    out
}

fn condition_line(line: &ConditionLine, depth: usize) -> Vec<String> {
    let join = line.join.map(|join| format!("{join} ")).unwrap_or_default();
    lines(&format!("{join}{}", line.text), &"\u{A0}".repeat(3 * (line.depth + depth)))
}

/// Who gets the chat, and what else it does.
pub(super) fn outcome_text(rule: &RuleCard) -> Vec<String> {
    let mut out = Vec::new();
    for assignee in &rule.assignees {
        out.extend(assignee.join.clone());
        let details: Vec<String> = assignee.details.iter().map(|detail| format!(", {detail}")).collect();
        out.extend(lines(&format!("{}{}", assignee.who, details.concat()), ""));
    }
    out.extend(rule.fallback_text.iter().filter(|_| rule.is_reached).flat_map(|words| lines(words, "")));
    for reply in &rule.replies {
        out.push(reply.head());
        out.extend(lines(&reply.text, "\u{A0}\u{A0}"));
    }
    out.extend(rule.tags_and_priorities.iter().flat_map(|text| lines(text, "")));
    out
}

fn lines(text: &str, indent: &str) -> Vec<String> {
    let wrapped = wrapped_text(text, STYLE, WIDTH, MAX_LINES);
    wrapped.into_iter().flat_map(|text| text.lines).map(|line| format!("{indent}{line}")).collect()
}
