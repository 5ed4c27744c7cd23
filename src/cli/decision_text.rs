//! A decision as people read it: who takes the chat, what the customer is sent, and why.

use std::fmt::Write;

use super::output;
use crate::engine::{Assignment, Decision, sentences};

/// What is decided, and the reasons below it.
pub(super) fn decision_text(decision: &Decision) -> String {
    let mut text = format!("{}\n", assignment_text(decision.assign.as_ref()));
    for reply in &decision.replies {
        let _ = writeln!(text, "The customer is sent: {}", reply.text);
    }
    if !decision.tags.is_empty() {
        let _ = writeln!(text, "Tags: {}", decision.tags.join(", "));
    }
    if let Some(priority) = decision.priority {
        let _ = writeln!(text, "Priority: {priority}");
    }
    text.push_str("\nWhy:\n");
    for sentence in sentences(decision) {
        let _ = writeln!(text, "  {sentence}");
    }
    output::printable_lines(&text)
}

/// Who takes the chat.
pub(super) fn assignment_text(assign: Option<&Assignment>) -> String {
    match assign {
        Some(Assignment::User { user, group: Some(group), .. }) => {
            format!("`{user}` takes the chat, from {group}.")
        }
        Some(Assignment::User { user, .. }) => format!("`{user}` takes the chat."),
        Some(Assignment::Queue { group: Some(group), .. }) => format!("The chat waits in {group}."),
        Some(Assignment::Queue { .. }) => "The chat waits.".to_owned(),
        Some(Assignment::Nobody) => "Nobody takes the chat.".to_owned(),
        Some(Assignment::Kept { user: Some(user), .. }) => format!("`{user}` keeps the chat."),
        Some(Assignment::Kept { .. }) => "The chat goes on waiting.".to_owned(),
        None => "No rule decides.".to_owned(),
    }
}
