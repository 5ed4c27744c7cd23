//! A flow in the language of Mermaid, which GitHub and GitLab draw where it stands in a page.

use std::fmt::Write;

use super::dot::heading;
use super::flow::{FlowGraph, FlowSection, RuleCard};
use super::node_text::{condition_text, note_text, outcome_text};
use crate::language::ast::RuleKind;

/// The flow in the language of Mermaid.
pub fn mermaid(graph: &FlowGraph) -> String {
    // Lines are already wrapped; Mermaid would wrap them again, much shorter.
    let mut out = format!(
        "---\ntitle: {}\nconfig:\n  flowchart:\n    wrappingWidth: 600\n---\nflowchart TB\n  accTitle: {}\n",
        serde_json::Value::from(graph.title.as_str()),
        escaped(&heading(graph).replace('\n', " "))
    );
    let mut last = None;
    for (at, section) in graph.sections.iter().enumerate() {
        let end = write_section(&mut out, at, section);
        last.get_or_insert(end);
    }
    let note = note_text(graph);
    if let Some(last) = last.filter(|_| !note.is_empty()) {
        // It stands below the rules.
        let _ = writeln!(out, "  {last} ~~~ note[\"{}\"]:::note", text(&note));
    }
    out.push_str("  classDef start fill:#fff4d6,stroke:#e0c068,color:#1f2328\n");
    out.push_str("  classDef rule fill:#f6f8fa,stroke:#8c959f,color:#1f2328,text-align:left\n");
    out.push_str("  classDef outcome fill:#eef6ff,stroke:#a9cdf5,color:#1f2328,text-align:left\n");
    out.push_str("  classDef unreached fill:#ffffff,stroke:#8c959f,color:#6b747d,stroke-dasharray:5 4,text-align:left\n");
    out.push_str("  classDef note fill:#ffffff,stroke:#d1d9e0,color:#59636e,text-align:left\n");
    out
}

/// Writes a section. Returns the name of its last node.
fn write_section(out: &mut String, at: usize, section: &FlowSection) -> String {
    let _ = writeln!(out, "  s{at}([\"{}\"]):::start", escaped(section.start));
    let mut before = format!("s{at}");
    for (nth, rule) in section.rules.iter().enumerate() {
        let arrow = match section.kind {
            RuleKind::Also => "~~~",
            _ if nth == 0 => "-->",
            _ => "-->|no|",
        };
        let _ = writeln!(out, "  {before} {arrow} r{}", rule.place);
        write_rule(out, section.kind, rule);
        before = format!("r{}", rule.place);
    }
    if let Some(end) = section.end {
        let arrow = if section.rules.is_empty() { "-->" } else { "-->|no|" };
        let _ = writeln!(out, "  {before} {arrow} e{at}([\"{}\"]):::start", escaped(end));
        before = format!("e{at}");
    }
    before
}

fn write_rule(out: &mut String, kind: RuleKind, rule: &RuleCard) {
    let RuleCard { place, is_reached, .. } = rule;
    let class = |class| if *is_reached { class } else { "unreached" };
    let _ = writeln!(out, "  r{place}[\"{}\"]:::{}", text(&condition_text(rule)), class("rule"));
    let arrow = match kind {
        RuleKind::Also => "-. adds .->",
        _ if rule.condition.is_empty() => "-->",
        _ => "-->|yes|",
    };
    let _ = writeln!(
        out,
        "  r{place} {arrow} a{place}[\"{}\"]:::{}",
        text(&outcome_text(rule)),
        class("outcome")
    );
}

fn text(lines: &[String]) -> String {
    lines.iter().map(|line| escaped(line)).collect::<Vec<_>>().join("<br/>")
}

/// A text in which Mermaid sees no sign of its own, by the entities that it knows.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push_str("#quot;"),
            '#' | '&' | '<' | '>' | '`' | '*' | '_' | '~' | '\\' | '{' | '}' | '[' | ']' | '(' | ')'
            | '|' | ';' | '%' | '$' => {
                let _ = write!(out, "#{};", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}
