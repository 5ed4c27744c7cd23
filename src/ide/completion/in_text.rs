//! Names and placeholders in a text that is being typed.

use super::CompletionKind;
use super::cursor::Cursor;
use super::suggestions::Suggestions;
use crate::describe::string_literal;
use crate::ide::classify::Role;
use crate::ide::placeholders::placeholders;
use crate::policy::placeholder_names;
use crate::text::Span;

/// Adds what a text of that role can be, of which `written` stands before the cursor.
pub(super) fn add(
    suggestions: &mut Suggestions,
    cursor: &Cursor,
    role: Role,
    written: &str,
    is_unclosed: bool,
) {
    if role == Role::Reply {
        return add_placeholders(suggestions, cursor, written);
    }
    for name in suggestions.names_of(role, cursor) {
        let quoted = string_literal(&name.text);
        let inner = quoted.trim_start_matches('"');
        let inner = if is_unclosed { inner } else { inner.strip_suffix('"').unwrap_or(inner) };
        suggestions.add_name(&name, inner);
    }
}

fn add_placeholders(suggestions: &mut Suggestions, cursor: &Cursor, written: &str) {
    let open =
        placeholders(written).pop().filter(|open| open.end == written.len() && !written.ends_with('}'));
    let Some(open) = open.filter(|open| !open.has_fallback && open.name.chars().all(is_of_name)) else {
        return;
    };
    let at = cursor.at as usize;
    let rest = cursor.text.get(at..).unwrap_or_default();
    let more = rest.find(|c| !is_of_name(c)).unwrap_or(rest.len());
    let after = rest.get(more..).unwrap_or_default();
    let close = if after.starts_with('}') || after.starts_with(" or ") { "" } else { "}" };
    suggestions.replaced = Span::new(at - written.len() + open.name_start, at + more);
    for name in placeholder_names(&suggestions.folder.inbox) {
        suggestions.add(&name, CompletionKind::Placeholder, None, &format!("{name}{close}"));
    }
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '.')
}
