//! Where the text of the rules says each field of the form.

use super::read::FormRules;
use crate::text::{Source, Span};

/// A field of the form, and where the rules say it. A rule that answers in several cases is in several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldPlace {
    /// `new_online.reply`, `new_online.group`, or `new_online` for the whole rule.
    pub field: String,
    /// The place.
    pub span: Span,
}

/// The fields of the form of these rules, the smallest places first; none if they have no form.
pub fn field_places(source: &Source) -> Vec<FieldPlace> {
    let Ok(Some(form)) = FormRules::of(source) else { return Vec::new() };
    let mut places = Vec::new();
    for (case, rules) in &form.answered_by {
        for rule in rules.iter().filter_map(|rule| form.rules.get(*rule)) {
            let reply = rule.reply.map(|(action, _)| (".reply", action));
            for (part, span) in reply.into_iter().chain([(".group", rule.assign), ("", rule.span)]) {
                places.push(FieldPlace { field: format!("{}{part}", case.field()), span });
            }
        }
    }
    places.sort_by_key(|place| place.span.end - place.span.start);
    places
}
