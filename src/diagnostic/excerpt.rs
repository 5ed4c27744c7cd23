//! The few lines that a finding points at, cut to what fits a screen.
//!
//! They are handed to miette instead of the whole text: miette reads a text from its beginning for each label,
//! prints a line whole however long it is, and drops or refuses a label at the end of a file.

use std::fmt::Write;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::places::Places;
use super::{Finding, Level};
use crate::text::{LineIndex, Position, Source, Span};

/// Lines longer than this many bytes are cut around what is pointed at.
const LONG: usize = 240;
/// How much of a cut line is shown before what is pointed at.
const BEFORE: usize = 40;
/// Places this many lines apart are shown with the lines between them.
const NEAR: u32 = 3;

/// A finding as miette reads it: its sentence, and its lines from each file that it points into.
#[derive(Debug)]
pub(super) struct Excerpt {
    heading: String,
    message: String,
    help: Option<String>,
    level: Level,
    text: String,
    parts: Vec<Part>,
    labels: Vec<Label>,
}

/// Lines that stand together in one file.
#[derive(Debug)]
struct Part {
    file: String,
    /// Where they stand in the excerpt's text.
    span: Span,
    /// The first of them, from 1.
    line: u32,
    lines: u32,
}

/// A place in the excerpt's text.
#[derive(Debug)]
struct Label {
    primary: bool,
    span: Span,
    /// Where that is in its file.
    at: Position,
    text: Option<String>,
}

/// A place in a file, on one line: of a longer one the first line is shown.
struct Mark<'a> {
    primary: bool,
    file: &'a str,
    span: Span,
    line: u32,
    text: Option<&'a str>,
}

impl Excerpt {
    /// `finding` with the lines around its places.
    pub(super) fn new(finding: &Finding, places: &Places<'_>) -> Self {
        let mut excerpt = Self {
            heading: format!("{}: {}", finding.level.word(), finding.code),
            message: printable(&finding.message),
            help: finding.help.as_deref().map(printable),
            level: finding.level,
            text: String::new(),
            parts: Vec::new(),
            labels: Vec::new(),
        };
        let mut marks = marks(finding, places);
        marks.sort_by_key(|mark| (mark.file != &*finding.file, mark.file, mark.line, mark.span));
        let together = |a: &Mark<'_>, b: &Mark<'_>| a.file == b.file && b.line - a.line <= NEAR;
        for marks in marks.chunk_by(together) {
            if let Some((source, lines)) = marks.first().and_then(|mark| places.file(mark.file)) {
                excerpt.part(source, lines, marks);
            }
        }
        excerpt
    }

    /// The lines of `marks`, one before and one after them.
    fn part(&mut self, source: &Source, lines: &LineIndex, marks: &[Mark<'_>]) {
        let (Some(first), Some(last)) = (marks.first(), marks.last()) else { return };
        let begins = self.text.len();
        let range = first.line.saturating_sub(1).max(1)..=last.line + 1;
        let mut count = 0;
        for (line, span) in range.clone().map_while(|line| Some((line, line_span(source, lines, line)?))) {
            // The text after the last line break is a line only where something is pointed at.
            if line > last.line && span.start == span.end && span.end as usize == source.text.len() {
                break;
            }
            self.line(source, lines, span, marks.iter().filter(|mark| mark.line == line));
            count += 1;
        }
        self.parts.push(Part {
            file: printable(&source.name),
            span: Span::new(begins, self.text.len()),
            line: *range.start(),
            lines: count,
        });
    }

    fn line<'m>(
        &mut self,
        source: &Source,
        lines: &LineIndex,
        span: Span,
        marks: impl Iterator<Item = &'m Mark<'m>> + Clone,
    ) {
        let shown = cut(source, span, marks.clone().next());
        if shown.start > span.start {
            self.text.push('…');
        }
        let mut bounds: Vec<(u32, usize)> = vec![(shown.start, self.text.len())];
        let wanted: Vec<u32> = marks.clone().flat_map(|mark| [mark.span.start, mark.span.end]).collect();
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
        // A place that was cut away is shown at the cut.
        let moved = |byte: u32| {
            let after = bounds.iter().find(|(at, _)| *at >= byte).or(bounds.last());
            after.map_or(0, |(_, to)| *to)
        };
        for mark in marks {
            self.labels.push(Label {
                primary: mark.primary,
                span: Span::new(moved(mark.span.start), moved(mark.span.end)),
                at: lines.position(&source.text, mark.span.start),
                text: mark.text.map(printable),
            });
        }
    }
}

/// The places of `finding` in files that could be read.
fn marks<'a>(finding: &'a Finding, places: &Places<'_>) -> Vec<Mark<'a>> {
    let related = finding
        .related
        .iter()
        .map(|related| (false, &*related.file, related.span, Some(related.message.as_str())));
    std::iter::once((true, &*finding.file, finding.span, None))
        .chain(related)
        .filter_map(|(primary, file, span, text)| {
            let (source, lines) = places.file(file)?;
            let line = lines.line(span.start);
            let within = line_span(source, lines, line)?;
            let start = span.start.clamp(within.start, within.end);
            let span = Span { start, end: span.end.clamp(start, within.end) };
            Some(Mark { primary, file, span, line, text })
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

/// As much of the line at `span` as is shown, so that `mark` is.
fn cut(source: &Source, span: Span, mark: Option<&Mark<'_>>) -> Span {
    if span.range().len() <= LONG {
        return span;
    }
    let start = match mark {
        Some(mark) => (mark.span.start as usize).saturating_sub(BEFORE).max(span.start as usize),
        None => span.start as usize,
    };
    let end = (start + LONG).min(span.end as usize);
    let back = |mut at: usize| {
        while !source.text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    Span::new(back(start), back(end))
}

/// `text` with everything visible that a terminal would obey or hide.
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        push_printable(&mut out, character);
    }
    out
}

fn push_printable(out: &mut String, character: char) {
    let hidden = matches!(
        character,
        '\u{AD}' | '\u{61C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{2069}' | '\u{FEFF}'
    );
    if character == '\t' {
        out.push_str("    ");
    } else if hidden || (character.is_control() && character != '\n') {
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
        let inside =
            |part: &&Part| part.span.range().contains(&span.offset()) && ends <= part.span.range().end;
        let part = self.parts.iter().find(inside).ok_or(MietteError::OutOfBounds)?;
        // With no lines of context miette asks for a label's own line and column.
        let label = self.labels.iter().find(|label| label.span.range().start == span.offset());
        let (line, column, shown) = match label.filter(|_| context_before == 0) {
            Some(label) => (label.at.line, label.at.column, span.offset()..ends),
            None => (part.line, 1, part.span.range()),
        };
        let data = self.text.as_bytes().get(shown.clone()).ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            part.file.clone(),
            data,
            (shown.start, shown.len()).into(),
            line as usize - 1,
            column as usize - 1,
            part.lines as usize,
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
