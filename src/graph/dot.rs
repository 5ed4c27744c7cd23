//! A flow in the language of Graphviz.

use std::fmt::Write;

use super::flow::{FlowGraph, FlowSection, RuleCard};
use super::node_text::{condition_text, note_text, outcome_text};
use crate::language::ast::RuleKind;

/// The flow in the language of Graphviz.
pub fn dot(graph: &FlowGraph) -> String {
    let mut out = format!(
        "digraph {{\n  label={}\n  labelloc=t\n  rankdir=TB\n  newrank=true\n  fontname=\"sans-serif\"\n  \
         node [shape=box style=\"rounded,filled\" fillcolor=\"#f6f8fa\" color=\"#8c959f\" fontname=\"sans-serif\" fontsize=12 margin=\"0.15,0.1\"]\n  \
         edge [fontname=\"sans-serif\" fontsize=11 color=\"#57606a\"]\n",
        quoted(&heading(graph))
    );
    let mut last = None;
    for (at, section) in graph.sections.iter().enumerate() {
        let end = write_section(&mut out, at, section);
        last.get_or_insert(end);
    }
    let note = note_text(graph);
    if let Some(last) = last.filter(|_| !note.is_empty()) {
        let label = left_aligned(&note);
        let _ = writeln!(out, "  note [label={label} shape=note style=filled fillcolor=\"#ffffff\"]");
        // It stands below the rules.
        let _ = writeln!(out, "  {last} -> note [style=invis]");
    }
    out.push_str("}\n");
    out
}

/// The title and what stands below it.
pub(super) fn heading(graph: &FlowGraph) -> String {
    if graph.subtitle.is_empty() {
        graph.title.clone()
    } else {
        format!("{}\n{}", graph.title, graph.subtitle)
    }
}

/// Writes a section. Returns the name of its last node.
fn write_section(out: &mut String, at: usize, section: &FlowSection) -> String {
    let _ = writeln!(out, "  s{at} [label={} fillcolor=\"#fff4d6\"]", quoted(section.start));
    let mut before = format!("s{at}");
    for (nth, rule) in section.rules.iter().enumerate() {
        write_rule(out, section.kind, rule);
        let label = match section.kind {
            RuleKind::Also => " [style=invis]",
            _ if nth == 0 => "",
            _ => " [label=\"  no\"]",
        };
        let _ = writeln!(out, "  {before} -> r{}{label}", rule.place);
        before = format!("r{}", rule.place);
    }
    if let Some(end) = section.end {
        let _ = writeln!(out, "  e{at} [label={} fillcolor=\"#fff4d6\"]", quoted(end));
        let label = if section.rules.is_empty() { "" } else { " [label=\"  no\"]" };
        let _ = writeln!(out, "  {before} -> e{at}{label}");
        before = format!("e{at}");
    }
    before
}

fn write_rule(out: &mut String, kind: RuleKind, rule: &RuleCard) {
    let place = rule.place;
    let dim = if rule.is_reached { "" } else { " fontcolor=\"#6b747d\" style=\"rounded,dashed\"" };
    let _ = writeln!(out, "  r{place} [label={}{dim}]", left_aligned(&condition_text(rule)));
    let fill = if rule.is_reached { " fillcolor=\"#eef6ff\"" } else { "" };
    let _ = writeln!(out, "  a{place} [label={}{fill}{dim}]", left_aligned(&outcome_text(rule)));
    let label = match kind {
        RuleKind::Also => "adds",
        _ if rule.condition.is_empty() => "",
        _ => "yes",
    };
    let _ = writeln!(out, "  {{ rank=same r{place} -> a{place} [label=\"{label}\"] }}");
}

/// A text in quotes, whose lines are centred.
fn quoted(text: &str) -> String {
    format!("\"{}\"", escaped(text).replace('\n', "\\n"))
}

/// A text in quotes, each line of which starts at the left.
fn left_aligned(lines: &[String]) -> String {
    let lines: String = lines.iter().flat_map(|line| [escaped(line), "\\l".to_owned()]).collect();
    format!("\"{lines}\"")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}
