//! A decision in words: who takes the chat, the replies, and the reasons.

use std::fmt::Write;

use super::output;
use crate::engine::{Assignment, Decision, explanation};

/// The decision, followed by its reasons.
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
    text.push_str("\nWhy:\n");
    for sentence in explanation(decision) {
        let _ = writeln!(text, "  {sentence}");
    }
    output::printable_lines(&text)
}

/// Who takes the chat.
pub(super) fn assignment_text(assign: Option<&Assignment>) -> String {
    match assign {
        Some(Assignment::User { user, group: Some(group), .. }) => {
            format!("`{user}` of {group} takes the chat.")
        }
        Some(Assignment::User { user, .. }) => format!("`{user}` takes the chat."),
        Some(Assignment::Queue { group: Some(group), .. }) => format!("The chat waits in the {group} queue."),
        Some(Assignment::Queue { .. }) => "The chat waits.".to_owned(),
        Some(Assignment::Nobody) => "Nobody takes the chat.".to_owned(),
        Some(Assignment::Kept { user: Some(user), .. }) => format!("`{user}` keeps the chat."),
        Some(Assignment::Kept { .. }) => "The chat stays where it waits.".to_owned(),
        None => "No rule assigns the chat.".to_owned(),
    }
}
