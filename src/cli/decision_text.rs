//! A decision in words: who takes the chat, the replies, and the reasons.

use std::fmt::Write;

use super::output;
use crate::compare::assignment_text;
use crate::engine::{Decision, explanation};

/// The decision, followed by its reasons if it has them.
pub(super) fn decision_text(decision: &Decision) -> String {
    let mut text = format!("{}\n", assignment_text(decision.assign.as_ref()));
    for reply in &decision.replies {
        let _ = writeln!(text, "Reply: {}", reply.text);
    }
    if !decision.tags.is_empty() {
        let _ = writeln!(text, "Tags: {}", decision.tags.join(", "));
    }
    if let Some(priority) = decision.priority {
        let _ = writeln!(text, "Priority: {priority}");
    }
    if decision.why.is_some() {
        text.push_str("\nWhy:\n");
        for sentence in explanation(decision) {
            let _ = writeln!(text, "  {sentence}");
        }
    }
    output::printable_lines(&text)
}
