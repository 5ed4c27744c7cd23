//! The few lines of source that a finding points at, shortened to fit a screen.
//!
//! miette gets these lines instead of the whole file, because it scans a file from its start for each label (which is
//! quadratic in the number of findings), prints a long line in full, and loses a label at the end of a file.

use std::fmt::Write;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use unicode_width::UnicodeWidthStr as _;

use super::source_map::SourceMap;
use super::{Finding, Level};
use crate::text::{LineIndex, Position, Source, Span};

/// Lines are never shortened to fewer columns than this.
const MIN_WIDTH: usize = 20;
/// At most this many columns of a shortened line are shown before the annotated text.
const CONTEXT: usize = 40;
/// Annotations at most this many lines apart share a snippet.
const MAX_GAP: u32 = 3;

/// A finding as miette reads it: its message, and snippets of each file that it points into.
#[derive(Debug)]
pub(super) struct Excerpt {
    heading: String,
    message: String,
    help: Option<String>,
    level: Level,
    text: String,
    snippets: Vec<Snippet>,
    labels: Vec<Label>,
}

/// Adjacent lines of one file.
#[derive(Debug)]
struct Snippet {
    file: String,
    /// Their span in the excerpt's text.
    span: Span,
    /// The number of the first line, from 1.
    line: u32,
    lines: u32,
}

/// An annotated span of the excerpt's text.
#[derive(Debug)]
struct Label {
    primary: bool,
    span: Span,
    /// Its position in its file.
    at: Position,
    text: Option<String>,
}

/// A span of a file on one line. A span of several lines is reduced to its first line.
struct Annotation<'a> {
    primary: bool,
    file: &'a str,
    span: Span,
    line: u32,
    text: Option<&'a str>,
}

impl Excerpt {
    /// `finding` with the lines around each span that it points at. Of a line that is wider than `width` columns the part
    /// around the first annotation is shown.
    pub(super) fn new(finding: &Finding, map: &SourceMap<'_>, width: usize) -> Self {
        let mut excerpt = Self {
            heading: format!("{}: {}", finding.level.word(), finding.code),
            message: printable(&finding.message),
            help: finding.help.as_deref().map(printable),
            level: finding.level,
            text: String::new(),
            snippets: Vec::new(),
            labels: Vec::new(),
        };
        let mut annotations = annotations(finding, map);
        annotations.sort_by_key(|annotation| {
            (annotation.file != &*finding.file, annotation.file, annotation.line, annotation.span)
        });
        let share_snippet =
            |a: &Annotation<'_>, b: &Annotation<'_>| a.file == b.file && b.line - a.line <= MAX_GAP;
        for annotations in annotations.chunk_by(share_snippet) {
            if let Some((source, lines)) =
                annotations.first().and_then(|annotation| map.file(annotation.file))
            {
                excerpt.add_snippet(source, lines, annotations, width.max(MIN_WIDTH));
            }
        }
        excerpt
    }

    /// Adds a snippet: the annotated lines, with one line before and one after.
    fn add_snippet(
        &mut self,
        source: &Source,
        lines: &LineIndex,
        annotations: &[Annotation<'_>],
        width: usize,
    ) {
        let (Some(first), Some(last)) = (annotations.first(), annotations.last()) else { return };
        let start = self.text.len();
        let range = first.line.saturating_sub(1).max(1)..=last.line + 1;
        let mut count = 0;
        for (line, span) in range.clone().map_while(|line| Some((line, line_span(source, lines, line)?))) {
            // The empty text after the last line break counts as a line only if it is annotated.
            if line > last.line && span.start == span.end && span.end as usize == source.text.len() {
                break;
            }
            self.add_line(
                source,
                lines,
                span,
                annotations.iter().filter(|annotation| annotation.line == line),
                width,
            );
            count += 1;
        }
        self.snippets.push(Snippet {
            file: printable(&source.name),
            span: Span::new(start, self.text.len()),
            line: *range.start(),
            lines: count,
        });
    }

    fn add_line<'m>(
        &mut self,
        source: &Source,
        lines: &LineIndex,
        span: Span,
        annotations: impl Iterator<Item = &'m Annotation<'m>> + Clone,
        width: usize,
    ) {
        let shown = shorten(source, span, annotations.clone().next(), width);
        if shown.start > span.start {
            self.text.push('…');
        }
        let mut bounds: Vec<(u32, usize)> = vec![(shown.start, self.text.len())];
        let wanted: Vec<u32> =
            annotations.clone().flat_map(|annotation| [annotation.span.start, annotation.span.end]).collect();
        for (at, character) in source.slice(shown).char_indices() {
            let byte = Span::new(shown.start as usize + at, 0).start;
            if wanted.contains(&byte) {
                bounds.push((byte, self.text.len()));
            }
            if !(byte == 0 && character == '\u{FEFF}') {
                push_printable(&mut self.text, character);
            }
        }
        bounds.push((shown.end, self.text.len()));
        if shown.end < span.end {
            self.text.push('…');
        }
        self.text.push('\n');
        // A label in the part that was cut off is moved to the cut.
        let in_excerpt = |byte: u32| {
            let after = bounds.iter().find(|(at, _)| *at >= byte).or(bounds.last());
            after.map_or(0, |(_, to)| *to)
        };
        for annotation in annotations {
            self.labels.push(Label {
                primary: annotation.primary,
                span: Span::new(in_excerpt(annotation.span.start), in_excerpt(annotation.span.end)),
                at: lines.position(&source.text, annotation.span.start),
                text: annotation.text.map(printable),
            });
        }
    }
}

/// The spans of `finding` in files that could be read.
fn annotations<'a>(finding: &'a Finding, map: &SourceMap<'_>) -> Vec<Annotation<'a>> {
    let related = finding
        .related
        .iter()
        .map(|related| (false, &*related.file, related.span, Some(related.message.as_str())));
    std::iter::once((true, &*finding.file, finding.span, None))
        .chain(related)
        .filter_map(|(primary, file, span, text)| {
            let (source, lines) = map.file(file)?;
            let line = lines.line(span.start);
            let within = line_span(source, lines, line)?;
            let start = span.start.clamp(within.start, within.end);
            let span = Span { start, end: span.end.clamp(start, within.end) };
            Some(Annotation { primary, file, span, line, text })
        })
        .collect()
}

/// A line without its line break.
fn line_span(source: &Source, lines: &LineIndex, line: u32) -> Option<Span> {
    let start = lines.start(line)?;
    let end = lines.start(line + 1).map_or(source.text.len(), |next| next as usize - 1);
    let end = if source.text.as_bytes().get(end.wrapping_sub(1)) == Some(&b'\r') { end - 1 } else { end };
    Some(Span::new(start as usize, end))
}

/// The part of the line at `span` that is shown, so that it takes at most `width` columns with the signs for what was cut. It
/// includes the start of `annotation`.
fn shorten(source: &Source, span: Span, annotation: Option<&Annotation<'_>>, width: usize) -> Span {
    let text = source.slice(span);
    // A character has at most four bytes, so a long line is not measured.
    let fits = |text: &str, width: usize| text.len() <= 4 * width && printable(text).width() <= width;
    if fits(text, width) {
        return span;
    }
    let marked =
        annotation.map_or(span.start..span.start, |annotation| annotation.span.start..annotation.span.end);
    let before = |at: u32| {
        let at = (0..=(at - span.start) as usize).rev().find(|at| text.is_char_boundary(*at));
        text.split_at(at.unwrap_or(0)).0
    };
    let sign = 1;
    let from = if fits(before(marked.end), width - sign) {
        0
    } else {
        let left = before(marked.start);
        let from = left.len() - bytes_within(left.chars().rev(), CONTEXT.min(width / 4));
        // The end of a line fills the screen.
        from.min(text.len() - bytes_within(text.chars().rev(), width - sign))
    };
    let room = width - sign - if from > 0 { sign } else { 0 };
    let rest = text.split_at(from).1;
    let to = if fits(rest, width - sign) { text.len() } else { from + bytes_within(rest.chars(), room) };
    Span::new(span.start as usize + from, span.start as usize + to)
}

/// The bytes of as many of the first `characters` as fit into so many columns.
fn bytes_within(characters: impl Iterator<Item = char>, columns: usize) -> usize {
    let mut shown = String::new();
    let fit = characters.take_while(|character| {
        push_printable(&mut shown, *character);
        shown.width() <= columns
    });
    fit.map(char::len_utf8).sum()
}

/// `text` with each control or invisible character written as `<U+001B>`, so that a terminal does not act on it.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        push_printable(&mut out, character);
    }
    out
}

fn push_printable(out: &mut String, character: char) {
    let is_invisible = matches!(
        character,
        '\u{AD}' | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
    );
    if character == '\t' {
        out.push_str("    ");
    } else if is_invisible || (character.is_control() && character != '\n') {
        let _ = write!(out, "<U+{:04X}>", u32::from(character));
    } else {
        out.push(character);
    }
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_before: usize,
        _context_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let ends = span.offset() + span.len();
        let inside = |snippet: &&Snippet| {
            snippet.span.range().contains(&span.offset()) && ends <= snippet.span.range().end
        };
        let snippet = self.snippets.iter().find(inside).ok_or(MietteError::OutOfBounds)?;
        // miette requests no context lines when it needs the line and column of a label.
        let label = self.labels.iter().find(|label| label.span.range().start == span.offset());
        let (line, column, shown) = match label.filter(|_| context_before == 0) {
            Some(label) => (label.at.line, label.at.column, span.offset()..ends),
            None => (snippet.line, 1, snippet.span.range()),
        };
        let data = self.text.as_bytes().get(shown.clone()).ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            snippet.file.clone(),
            data,
            (shown.start, shown.len()).into(),
            line as usize - 1,
            column as usize - 1,
            snippet.lines as usize,
        )))
    }
}

impl std::fmt::Display for Excerpt {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Excerpt {}

impl miette::Diagnostic for Excerpt {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(&self.heading))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.level {
            Level::Note => miette::Severity::Advice,
            Level::Warning => miette::Severity::Warning,
            Level::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn std::fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = |label: &Label| {
            let range = label.span.range();
            let span = (range.start, range.len());
            let text = label.text.clone();
            if label.primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        };
        Some(Box::new(self.labels.iter().map(label)))
    }
}
