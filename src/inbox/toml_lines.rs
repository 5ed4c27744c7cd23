//! Mistakes in a line of a TOML file that the TOML parser notices only later, or takes for something else: a list that is
//! not closed, a list without brackets, a quote that is missing, a space in the name of a section.

use std::ops::Range;

use crate::diagnostic::{Code, Finding};
use crate::text::{Source, Span, quoted};

/// A mistake, and what the parser cannot read because of it.
pub(super) struct LineMistake {
    pub(super) finding: Finding,
    /// Everything from this byte on is taken for a part of a list.
    pub(super) lost_from: Option<usize>,
}

/// The mistakes of a text that the parser has refused. What follows a text over several lines is not looked at.
pub(super) fn line_mistakes(source: &Source) -> Vec<LineMistake> {
    let mut mistakes = Vec::new();
    let mut list: Option<Range<usize>> = None;
    let mut at = 0;
    for text in source.text.split_inclusive('\n') {
        let line = TomlLine::new(text, at);
        at += text.len();
        if text.contains("\"\"\"") || text.contains("'''") {
            return mistakes;
        }
        if line.code.is_empty() {
            continue;
        }
        if let Some(open) = list.take() {
            if line.is_header() || line.value().is_some() {
                mistakes.push(unclosed_list(source, open));
                return mistakes;
            }
            if let Some(finding) = line.unclosed_text(source) {
                mistakes.push(LineMistake { finding, lost_from: Some(open.start) });
                return mistakes;
            }
            if line.code.contains('[') {
                return mistakes;
            }
            list = (!line.closes_list(0)).then_some(open.start..line.end());
            continue;
        }
        let value = line.value();
        if let Some(finding) = line.unclosed_text(source) {
            let lost_from =
                value.filter(|value| line.code.get(*value..).is_some_and(|value| value.starts_with('[')));
            mistakes.push(LineMistake { finding, lost_from: lost_from.map(|value| line.start + value) });
        } else if line.is_header() {
            mistakes
                .extend(line.space_in_header(source).map(|finding| LineMistake { finding, lost_from: None }));
        } else if let Some(value) = value {
            let rest = line.code.get(value..).unwrap_or_default();
            if let Some(inside) = rest.strip_prefix('[') {
                // No list has another in it.
                if inside.contains('[') {
                    return mistakes;
                }
                list = (!line.closes_list(value)).then_some(line.start + value..line.end());
            } else {
                let finding = line.list_without_brackets(source, value);
                mistakes.extend(finding.map(|finding| LineMistake { finding, lost_from: None }));
            }
        }
    }
    mistakes.extend(list.map(|open| unclosed_list(source, open)));
    mistakes
}

/// The list from its `[` to the end of its last line.
fn unclosed_list(source: &Source, list: Range<usize>) -> LineMistake {
    let end = Span::new(list.end, list.end);
    let finding =
        Finding::new(Code::Syntax, &source.name, Span::new(list.start, list.end), "this list is not closed")
            .help("write `]` at its end")
            .fix("write `]`", end, "]");
    LineMistake { finding, lost_from: Some(list.start) }
}

/// A line without its comment.
struct TomlLine<'t> {
    /// Where it starts in the file.
    start: usize,
    /// Without the white space at its end.
    code: &'t str,
    /// Where the quote of a text is that does not end on the line.
    open_quote: Option<usize>,
}

impl<'t> TomlLine<'t> {
    fn new(text: &'t str, start: usize) -> Self {
        let mut quote: Option<(usize, char)> = None;
        let mut is_escaped = false;
        let mut end = text.len();
        for (at, c) in text.char_indices() {
            match quote {
                Some((_, '"')) if c == '\\' && !is_escaped => {
                    is_escaped = true;
                    continue;
                }
                Some((_, open)) if c == open && !is_escaped => quote = None,
                None if matches!(c, '"' | '\'') => quote = Some((at, c)),
                None if c == '#' => {
                    end = at;
                    break;
                }
                _ => {}
            }
            is_escaped = false;
        }
        let code = text.get(..end).unwrap_or_default().trim_end();
        Self { start, code, open_quote: quote.map(|(at, _)| at) }
    }

    fn end(&self) -> usize {
        self.start + self.code.len()
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.start + range.start, self.start + range.end)
    }

    /// `[users.alice]`
    fn is_header(&self) -> bool {
        let code = self.code.trim_start();
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        code.strip_prefix('[').is_some_and(|rest| rest.trim_start_matches('[').starts_with(is_name))
    }

    /// Where the value after the `=` starts.
    fn value(&self) -> Option<usize> {
        let equals = self.code.find('=')?;
        let key = self.code.get(..equals)?.trim();
        let is_bare = |key: &str| !key.is_empty() && !key.contains(['"', '\'', '[', ',']);
        let is_quoted = |key: &str| {
            key.len() > 1
                && key.starts_with('"')
                && key.find('"').is_some()
                && key.matches('"').count() == 2
                && key.ends_with('"')
        };
        let rest = self.code.get(equals + 1..)?;
        (is_bare(key) || is_quoted(key)).then(|| equals + 1 + rest.len() - rest.trim_start().len())
    }

    /// Whether a list that is open at byte `from` is closed on this line.
    fn closes_list(&self, from: usize) -> bool {
        let mut quote = None;
        self.code.get(from..).unwrap_or_default().chars().any(|c| {
            match quote {
                Some(open) if c == open => quote = None,
                None if matches!(c, '"' | '\'') => quote = Some(c),
                _ => {}
            }
            quote.is_none() && c == ']'
        })
    }

    /// `["alice", "bob]`, `[users."alice]`
    fn unclosed_text(&self, source: &Source) -> Option<Finding> {
        let open = self.open_quote?;
        let rest = self.code.get(open + 1..)?;
        let name = rest.strip_suffix(']')?.trim_end();
        let quote = self.code.get(open..=open)?;
        let end = open + 1 + name.len();
        let place = self.span(end..end);
        let finding = Finding::new(
            Code::Syntax,
            &source.name,
            self.span(open..end),
            format!("`{quote}` is missing after `{name}`"),
        );
        let is_one = !name.is_empty() && !name.contains([',', '"', '\'', '[', '\\']);
        Some(if is_one { finding.fix(format!("write `{quote}`"), place, quote) } else { finding })
    }

    /// `[users.Alice Smith]`
    fn space_in_header(&self, source: &Source) -> Option<Finding> {
        let start = self.code.len() - self.code.trim_start().len() + 1;
        let inside = self.code.get(start..)?.strip_suffix(']')?;
        let (section, name) = inside.split_once('.')?;
        let is_spaced =
            name.trim().contains(char::is_whitespace) && !section.trim().contains(char::is_whitespace);
        if !is_spaced || inside.contains(['"', '\'', '[', ']']) || name.contains('.') {
            return None;
        }
        let from = start + section.len() + 1 + (name.len() - name.trim_start().len());
        let name = name.trim();
        let span = self.span(from..from + name.len());
        let quoted = quoted(name);
        let finding =
            Finding::new(Code::Syntax, &source.name, span, format!("`{name}` needs quotes around it"));
        Some(finding.help("a name without quotes can have only the letters a to z, digits, `-` and `_`").fix(
            format!("write `{quoted}`"),
            span,
            quoted,
        ))
    }

    /// `Sales = "alice", "bob"`, `Sales = alice, bob`
    fn list_without_brackets(&self, source: &Source, value: usize) -> Option<Finding> {
        let text = self.code.get(value..)?;
        let mut parts = Vec::new();
        for part in text.trim_end_matches(',').split(',') {
            let part = part.trim();
            let bare = part.strip_prefix('"').and_then(|part| part.strip_suffix('"')).unwrap_or(part);
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
            if bare.is_empty() || !bare.chars().all(is_word) {
                return None;
            }
            parts.push(quoted(bare));
        }
        let list = format!("[{}]", parts.join(", "));
        let span = self.span(value..self.code.len());
        (parts.len() > 1).then(|| {
            let finding = Finding::new(Code::Syntax, &source.name, span, "a list needs `[` and `]`");
            finding.help(format!("write `{list}`")).fix(format!("write `{list}`"), span, list)
        })
    }
}
