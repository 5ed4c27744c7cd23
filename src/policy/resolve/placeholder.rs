//! Placeholders in a reply: `{customer.name or there}`.

use super::condition::find_attribute;
use super::context::Context;
use crate::diagnostic::{Code, nearest};
use crate::inbox::Inbox;
use crate::language::ast;
use crate::policy::condition::Attribute;
use crate::policy::model::{Placeholder, Template, TemplatePart};
use crate::text::Span;

/// The placeholders that are not about an attribute of the customer.
const PLAIN: &[(&str, Placeholder)] = &[
    ("owner.name", Placeholder::OwnerName),
    ("user.name", Placeholder::UserName),
    ("group", Placeholder::Group),
    ("number", Placeholder::Number),
];

/// Splits the text of a reply at its placeholders; `None` if one is wrong.
pub(super) fn template(cx: &mut Context<'_>, text: &ast::TextLiteral) -> Option<Template> {
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text.value.as_str();
    let mut is_sound = true;
    let mut spans = SpanFinder::new(cx.file.source.slice(text.span), text.span);
    while let Some(at) = rest.find(['{', '}']) {
        let (before, braces) = rest.split_at(at);
        plain.push_str(before);
        let (kind, token, after) = first_token(braces);
        rest = after;
        let span = spans.find(token);
        match kind {
            Braces::Escaped => plain.push_str(token.get(1..).unwrap_or_default()),
            Braces::Placeholder(inner) => {
                if !plain.is_empty() {
                    parts.push(TemplatePart::Text(cx.intern(&std::mem::take(&mut plain))));
                }
                let part = placeholder(cx, inner, span);
                is_sound &= part.is_some();
                parts.extend(part);
            }
            Braces::Unmatched => {
                report_unmatched(cx, token, span);
                is_sound = false;
            }
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        parts.push(TemplatePart::Text(cx.intern(&plain)));
    }
    is_sound.then(|| Template(parts.into()))
}

/// What a brace in the text of a reply is.
enum Braces<'a> {
    /// `{{` or `}}`, which is one brace of the text
    Escaped,
    /// `{…}`, with the text between the braces
    Placeholder(&'a str),
    /// A brace without its counterpart.
    Unmatched,
}

/// The token at the start of `text`, which begins with a brace: its kind, its text, and the text after it.
fn first_token(text: &str) -> (Braces<'_>, &str, &str) {
    let split = |length: usize| text.split_at_checked(length).unwrap_or((text, ""));
    if text.starts_with("{{") || text.starts_with("}}") {
        let (token, after) = split(2);
        return (Braces::Escaped, token, after);
    }
    let inner = text.strip_prefix('{').and_then(|inner| inner.get(..inner.find(['{', '}'])?));
    if let Some(inner) = inner {
        let (token, after) = split(inner.len() + 2);
        if token.ends_with('}') {
            return (Braces::Placeholder(inner), token, after);
        }
    }
    let (token, after) = split(1);
    (Braces::Unmatched, token, after)
}

fn report_unmatched(cx: &mut Context<'_>, brace: &str, span: Span) {
    let before = cx.file.source.text.get(..span.start as usize).unwrap_or_default();
    // `customer.name}` lost its `{`.
    let may_be_placeholder = before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ' '));
    cx.report(if brace == "}" {
        let finding = cx.error(Code::Syntax, span, "this `}` has no matching `{`");
        finding.help(if may_be_placeholder {
            "write `{` where the placeholder starts, or `}}` for the brace itself"
        } else {
            "remove it, or write `}}` for the brace itself"
        })
    } else {
        cx.error(Code::Syntax, span, "this `{` is never closed")
            .help("write `{customer.name}` for a value, or `{{` for the brace itself")
    });
}

/// `customer.name or there`: the text between the braces at `span`.
fn placeholder(cx: &mut Context<'_>, inner: &str, span: Span) -> Option<TemplatePart> {
    let (name, fallback) = match inner.split_once(" or ") {
        Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
        None => match inner.trim_end().strip_suffix(" or") {
            Some(name) => (name.trim(), Some("")),
            None => (inner.trim(), None),
        },
    };
    let value = match name.strip_prefix("customer.") {
        Some(name) => find_attribute(cx.inbox(), name)
            .map(|(attribute, _)| attribute)
            .filter(|attribute| *attribute != Attribute::SilentFor)
            .map(Placeholder::Customer),
        None => PLAIN.iter().find(|(plain, _)| *plain == name).map(|(_, value)| *value),
    };
    if let Some(value) = value {
        let fallback = fallback.map(|fallback| cx.intern(fallback));
        return Some(TemplatePart::Placeholder { span, value, fallback });
    }
    report_unknown(cx, name, fallback.unwrap_or_default(), span);
    None
}

/// The names of all placeholders.
pub fn placeholder_names(inbox: &Inbox) -> Vec<String> {
    let built_in =
        ["customer.name", "customer.country", "customer.language", "customer.phone"].map(String::from);
    let own = inbox.attributes.iter().map(|attribute| format!("customer.{}", attribute.name));
    let plain = PLAIN.iter().map(|(name, _)| (*name).to_owned());
    built_in.into_iter().chain(plain).chain(own).collect()
}

/// The placeholders of those names, as many as can be read: an inbox may have thousands of attributes.
pub fn listed_placeholders(names: &[String]) -> String {
    let listed: Vec<String> = names.iter().take(20).map(|name| format!("`{{{name}}}`")).collect();
    let more = if names.len() > listed.len() { ", …" } else { "" };
    format!("{}{more}", listed.join(", "))
}

/// `{{customer.name}}` in the text of a reply, which writes the braces.
pub struct DoubledBraces<'a> {
    /// `customer.name`
    pub inner: &'a str,
    /// The place of the braces and what is between them, or of the whole text.
    pub span: Span,
    /// Whether the place is that of the braces.
    pub is_exact: bool,
}

/// What is in doubled braces in the text `value` of a reply, which is written as `source` at `whole`.
pub fn doubled_braces<'a>(source: &str, value: &'a str, whole: Span) -> Vec<DoubledBraces<'a>> {
    let mut found = Vec::new();
    let mut spans = SpanFinder::new(source, whole);
    let mut rest = value;
    while let Some(at) = rest.find(['{', '}']) {
        let (_, braces) = rest.split_at(at);
        let (kind, token, after) = first_token(braces);
        rest = after;
        let inner = after.split_once(['{', '}']).map(|(inner, _)| inner);
        if let (Braces::Escaped, "{{", Some(inner)) = (kind, token, inner)
            && let Some(after) = after.get(inner.len()..).and_then(|end| end.strip_prefix("}}"))
        {
            let text = braces.get(..inner.len() + 4).unwrap_or(braces);
            let span = spans.find(text);
            if !inner.trim().is_empty() {
                found.push(DoubledBraces { inner, span, is_exact: span != whole });
            }
            rest = after;
        }
    }
    found
}

fn report_unknown(cx: &mut Context<'_>, name: &str, fallback: &str, span: Span) {
    let known = placeholder_names(cx.inbox());
    let message = if name.is_empty() {
        "this placeholder is empty".to_owned()
    } else {
        format!("no placeholder is called `{name}`")
    };
    let finding = cx.error(Code::UnknownPlaceholder, span, message);
    // `{customer.name|there}`, `{customer.name, or there}`
    if let Some((before, other)) = name.split_once(['|', ',', '?', ':'])
        && known.iter().any(|known| known == before.trim())
    {
        let other = other.trim_matches(['|', ',', '?', ':', ' ', '"', '\'']);
        let other = other.strip_prefix("or ").unwrap_or(other);
        let has_one = other.is_empty() != fallback.is_empty();
        let joint = if other.is_empty() || fallback.is_empty() { "" } else { " or " };
        let written = format!("{{{} or {other}{joint}{fallback}}}", before.trim());
        let finding = finding.help(format!("write `{written}`"));
        let is_certain = cx.file.source.slice(span).starts_with('{') && has_one;
        let fix = format!("write `{written}`");
        return cx.report(if is_certain { finding.fix(fix, span, written) } else { finding });
    }
    let ending = format!(".{name}");
    let longer: Vec<String> = known.iter().filter(|known| known.ends_with(&ending)).cloned().collect();
    if !name.is_empty() && !longer.is_empty() {
        return cx.report(finding.help(format!("write one of {}", listed_placeholders(&longer))));
    }
    cx.report(match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => {
            let source = cx.file.source.slice(span);
            // The fix replaces only the name, so that it keeps a fallback.
            let fixed = source.replacen(name, near, 1);
            let rest = cx.file.source.text.get(span.end as usize..).unwrap_or_default();
            let before = cx.file.source.text.get(..span.start as usize).unwrap_or_default();
            // In `{user.nam}e` and `u{ser.name}` a brace is in the wrong place, and the letter would stay.
            let touches = rest.starts_with(char::is_alphanumeric) || before.ends_with(char::is_alphanumeric);
            // The full stop of `{user.name.}` may belong to the text.
            let is_sign = |c: char| !c.is_alphanumeric();
            let is_of_text = name.starts_with(is_sign) || (fallback.is_empty() && name.ends_with(is_sign));
            let is_unescaped = source.starts_with('{') && !touches && !is_of_text;
            let finding = finding.help(format!("did you mean `{{{near}}}`?"));
            if is_unescaped { finding.fix(format!("write `{{{near}}}`"), span, fixed) } else { finding }
        }
        None => {
            finding.help(format!("write one of {}; a brace itself is `{{{{`", listed_placeholders(&known)))
        }
    });
}

/// Finds the places of parts of a text in its source, one after the other. The place is that of the whole text where an
/// escape makes the source differ from the value.
struct SpanFinder<'a> {
    source: &'a str,
    whole: Span,
    at: usize,
}

impl<'a> SpanFinder<'a> {
    fn new(source: &'a str, whole: Span) -> Self {
        Self { source, whole, at: 0 }
    }

    fn find(&mut self, piece: &str) -> Span {
        let rest = self.source.get(self.at..).unwrap_or_default();
        let Some(at) = rest.find(piece) else { return self.whole };
        let start = self.whole.start as usize + self.at + at;
        self.at += at + piece.len();
        Span::new(start, start + piece.len())
    }
}
