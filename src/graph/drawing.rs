//! The shapes of a picture and where they are. [`svg`](super::svg) writes them.

use super::measure::{TextStyle, WrappedText, width, wrap, wrapped_text};

/// A picture.
#[derive(Debug, Default)]
pub(super) struct Drawing {
    pub(super) width: i32,
    pub(super) height: i32,
    /// What it is called.
    pub(super) title: String,
    /// What it shows, for those who do not see it.
    pub(super) description: String,
    pub(super) shapes: Vec<Shape>,
}

/// A part of a picture.
#[derive(Debug)]
pub(super) enum Shape {
    /// What follows, up to the [`Shape::End`], stands inside of this rectangle.
    Begin { area: Area, corner: i32, class: &'static str },
    /// The end of the last [`Shape::Begin`].
    End,
    /// A rectangle in which nothing stands.
    Rectangle { area: Area, class: &'static str, tooltip: Option<String> },
    /// A line through these points.
    Line { points: Vec<(i32, i32)>, class: &'static str, has_arrow: bool },
    /// A circle around a number.
    Circle { x: i32, y: i32, radius: i32, class: &'static str },
    /// One line of text.
    Text(TextLine),
}

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Area {
    pub(super) x: i32,
    pub(super) y: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Which side of its place a line of text begins at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alignment {
    /// The side at which its language begins.
    Natural,
    Left,
    Right,
    Centre,
}

/// One line of text.
#[derive(Debug)]
pub(super) struct TextLine {
    pub(super) x: i32,
    /// The line on which the letters stand.
    pub(super) y: i32,
    /// The room that it has.
    pub(super) width: i32,
    pub(super) class: &'static str,
    pub(super) alignment: Alignment,
    pub(super) is_right_to_left: bool,
    /// What comes before the text, in another colour.
    pub(super) lead: Option<&'static str>,
    pub(super) text: String,
    /// The whole text, where this is only its beginning.
    pub(super) whole: Option<String>,
}

/// A text that is to be written into a column.
pub(super) struct ColumnText<'t> {
    pub(super) text: &'t str,
    pub(super) style: TextStyle,
    pub(super) max_lines: usize,
    pub(super) alignment: Alignment,
    pub(super) lead: Option<&'static str>,
}

impl<'t> ColumnText<'t> {
    pub(super) fn new(text: &'t str, style: TextStyle, max_lines: usize) -> Self {
        Self { text, style, max_lines, alignment: Alignment::Natural, lead: None }
    }
}

impl Drawing {
    /// Writes a text from `top` down into a column of this width. Returns where it ends.
    pub(super) fn write(&mut self, x: i32, top: i32, room: i32, column: &ColumnText) -> i32 {
        let ColumnText { text, style, max_lines, alignment, lead } = *column;
        let lead_width = lead.map_or(0, |lead| width(lead, TextStyle { is_bold: true, ..style }));
        let paragraphs = if lead.is_some() {
            vec![wrap(text, style, [room - lead_width, room], max_lines)]
        } else {
            wrapped_text(text, style, room, max_lines)
        };
        let is_cut = paragraphs.iter().any(|paragraph| paragraph.is_cut);
        let mut y = top;
        let mut lead = lead;
        for WrappedText { lines, is_right_to_left, .. } in paragraphs {
            for line in lines {
                self.shapes.push(Shape::Text(TextLine {
                    x,
                    y: y + baseline(style),
                    width: room,
                    class: style.class,
                    alignment,
                    is_right_to_left,
                    lead: lead.take(),
                    text: line,
                    whole: is_cut.then(|| beginning(text)),
                }));
                y += style.line;
            }
        }
        y
    }

    /// Begins a rectangle whose height is not known yet. Returns its position, for [`end`](Self::end).
    pub(super) fn begin(&mut self, area: Area, corner: i32, class: &'static str) -> usize {
        self.shapes.push(Shape::Begin { area, corner, class });
        self.shapes.len() - 1
    }

    /// Ends the rectangle that began at this position, down to `bottom`.
    pub(super) fn end(&mut self, at: usize, bottom: i32) {
        if let Some(Shape::Begin { area, .. }) = self.shapes.get_mut(at) {
            area.height = bottom - area.y;
        }
        self.shapes.push(Shape::End);
    }
}

/// From the top of a line to where its letters stand.
fn baseline(style: TextStyle) -> i32 {
    i32::midpoint(style.line, style.size * 7 / 10)
}

/// As much of a text as a tooltip shows.
fn beginning(text: &str) -> String {
    const MAX_LENGTH: usize = 1_000;
    match text.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
