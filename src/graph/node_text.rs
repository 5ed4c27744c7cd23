//! A rule and who gets its chats as lines of text, for the formats that place them themselves.

use super::flow::RuleCard;
use super::measure::{TextStyle, wrapped_text};

/// About how wide a line of a node is, and how it is drawn.
const WIDTH: i32 = 380;
const STYLE: TextStyle = TextStyle { class: "", size: 12, is_bold: false, line: 0 };
/// More lines of one text are not shown.
const MAX_LINES: usize = 6;

/// The rule and what it takes.
pub(super) fn condition_text(rule: &RuleCard) -> Vec<String> {
    let mut lines = lines(&format!("{}. {}", rule.place, rule.name), "");
    if !rule.is_reached {
        lines.push("Never reached: no message can come to this rule.".to_owned());
    }
    lines.push(rule.head.to_owned());
    for line in &rule.condition {
        let join = line.join.map(|join| format!("{join} ")).unwrap_or_default();
        lines.extend(self::lines(&format!("{join}{}", line.text), &"\u{A0}".repeat(3 * line.depth)));
    }
    lines
}

/// Who gets the chat, and what else it does.
pub(super) fn outcome_text(rule: &RuleCard) -> Vec<String> {
    let mut out = Vec::new();
    for assignee in &rule.assignees {
        out.extend(assignee.join.clone());
        let details: Vec<String> = assignee.details.iter().map(|detail| format!(", {detail}")).collect();
        out.extend(lines(&format!("{}{}", assignee.who, details.concat()), ""));
    }
    out.extend(rule.if_nobody.iter().filter(|_| rule.is_reached).flat_map(|words| lines(words, "")));
    for reply in &rule.replies {
        let note = reply.note.as_ref().map(|note| format!(", {note}")).unwrap_or_default();
        out.push(format!("Reply{note}:"));
        out.extend(lines(&reply.text, "\u{A0}\u{A0}"));
    }
    if !rule.marks.is_empty() {
        out.extend(lines(&rule.marks.join(", "), ""));
    }
    out
}

fn lines(text: &str, indent: &str) -> Vec<String> {
    let wrapped = wrapped_text(text, STYLE, WIDTH, MAX_LINES);
    wrapped.into_iter().flat_map(|text| text.lines).map(|line| format!("{indent}{line}")).collect()
}
