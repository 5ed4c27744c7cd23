//! The text alternative of the picture of a flow, which a screen reader reads.

use super::flow::{FlowGraph, RuleCard};

/// The whole picture, line by line.
pub(super) fn text_alternative(graph: &FlowGraph) -> String {
    let mut lines = Vec::new();
    for section in &graph.sections {
        lines.push(format!("{}.", section.start));
        lines.extend(section.rules.iter().map(rule));
        lines.extend(section.end.map(|end| format!("{end}.")));
    }
    lines.extend(graph.names.iter().map(|name| {
        let lines: Vec<String> = name.lines.iter().map(|line| joined(line.join, &line.text)).collect();
        format!("{}: {}.", name.name, lines.join(" "))
    }));
    lines.extend(graph.notes.iter().map(|note| (*note).to_owned()));
    lines.join("\n")
}

fn rule(rule: &RuleCard) -> String {
    let mut parts = vec![format!("{}. {}", rule.place, rule.name)];
    if !rule.is_reached {
        parts.push(", never reached".to_owned());
    }
    parts.push(format!(". {}", rule.head));
    parts.extend(rule.condition.iter().map(|line| format!(" {}", joined(line.join, &line.text))));
    parts.push(".".to_owned());
    for assignee in &rule.assignees {
        let join = assignee.join.as_ref().map(|join| format!(" {join}")).unwrap_or_default();
        let details: Vec<String> = assignee.details.iter().map(|detail| format!(", {detail}")).collect();
        parts.push(format!("{join} {}{}.", assignee.who, details.concat()));
    }
    parts.extend(rule.fallback_text.iter().map(|words| format!(" {words}")));
    parts.extend(
        rule.replies
            .iter()
            .map(|reply| format!(" {} “{}”", reply.head(), reply.text.trim().replace('\n', " "))),
    );
    if !rule.tags_and_priorities.is_empty() {
        parts.push(format!(" {}.", rule.tags_and_priorities.join(", ")));
    }
    parts.concat()
}

fn joined(join: Option<&str>, text: &str) -> String {
    join.map_or_else(|| text.to_owned(), |join| format!("{join} {text}"))
}
