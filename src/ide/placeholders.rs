//! The placeholders in the text of a reply, as it is written.

/// `{customer.name or there}`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrittenPlaceholder<'t> {
    /// The byte of its `{` in the text.
    pub(super) start: usize,
    /// The byte after its `}`, or after the text between its braces where that is not closed.
    pub(super) end: usize,
    /// `customer.name`
    pub(super) name: &'t str,
    /// Where that starts in the text.
    pub(super) name_start: usize,
    /// Whether there is an ` or `.
    pub(super) has_fallback: bool,
}

/// The placeholders of the text `written`, with its quotes. One that is not closed reaches to the end of the text or to the
/// next brace.
pub(super) fn placeholders(written: &str) -> Vec<WrittenPlaceholder<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(next) = written.get(at..).and_then(|rest| rest.find(['{', '}', '\\'])) {
        let start = at + next;
        let rest = written.get(start..).unwrap_or_default();
        at = start + length_at(rest);
        if rest.starts_with('{') && !rest.starts_with("{{") {
            let placeholder = placeholder(rest, start);
            at = placeholder.end;
            found.push(placeholder);
        }
    }
    found
}

/// The bytes of a brace, two braces or an escape sequence.
fn length_at(rest: &str) -> usize {
    if let Some(escape) = rest.strip_prefix('\\') {
        let is_code = escape.starts_with("u{");
        let close = if is_code { escape.find('}') } else { None };
        let plain = escape.chars().next().map_or(0, char::len_utf8);
        return 1 + close.map_or(plain, |close| close + 1);
    }
    if rest.starts_with("{{") || rest.starts_with("}}") { 2 } else { 1 }
}

/// The placeholder that `rest` starts with, at the byte `start` of its text.
fn placeholder(rest: &str, start: usize) -> WrittenPlaceholder<'_> {
    let body = rest.get(1..).unwrap_or_default();
    let length = body.find(['{', '}', '"', '\n']).unwrap_or(body.len());
    let is_closed = body.get(length..).is_some_and(|after| after.starts_with('}'));
    let inner = body.get(..length).unwrap_or_default();
    let (name, has_fallback) = match inner.split_once(" or") {
        Some((name, after)) if after.is_empty() || after.starts_with(' ') => (name, true),
        _ => (inner, false),
    };
    let indent = name.len() - name.trim_start().len();
    WrittenPlaceholder {
        start,
        end: start + 1 + length + usize::from(is_closed),
        name: name.trim(),
        name_start: start + 1 + indent,
        has_fallback,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: &[&str]) {
        let found: Vec<&str> =
            placeholders(written).iter().map(|found| &written[found.start..found.end]).collect();
        assert_eq!(found, expected, "{written}");
    }

    #[test]
    fn placeholders_are_found() {
        check(r#""Hi {customer.name or there}, {user.name}""#, &["{customer.name or there}", "{user.name}"]);
        check(r#""{{customer.name}} {a}""#, &["{a}"]);
        check(r#""\u{1F600} {a}""#, &["{a}"]);
        check(r#""Hi {custo""#, &["{custo"]);
        check(r#""Hi {a {b}""#, &["{a ", "{b}"]);
    }

    #[test]
    fn names_and_fallbacks() {
        let [found] = placeholders("{ customer.name or you }")[..] else { panic!() };
        assert_eq!((found.name, found.name_start, found.has_fallback), ("customer.name", 2, true));
        let [found] = placeholders("{customer.order}")[..] else { panic!() };
        assert_eq!((found.name, found.has_fallback), ("customer.order", false));
    }
}
