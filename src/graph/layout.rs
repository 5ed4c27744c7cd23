//! Where everything is in the picture of a flow: the rules on the left, one below the other, and to the right of each
//! who gets the chat.

use super::condition_lines::{ConditionLine, DefinitionText};
use super::drawing::{Alignment, Area, ColumnText, Drawing, Shape};
use super::flow::{FlowGraph, FlowSection, RuleCard};
use super::measure::{TextStyle, width};
use super::phrases::{AssigneeText, ReplyText};
use crate::language::ast::RuleKind;

pub(super) const TITLE: TextStyle = TextStyle { class: "t", size: 22, is_bold: true, line: 30 };
pub(super) const NAME: TextStyle = TextStyle { class: "n", size: 15, is_bold: true, line: 21 };
pub(super) const BODY: TextStyle = TextStyle { class: "b", size: 14, is_bold: false, line: 20 };
const WHO: TextStyle = TextStyle { class: "w", size: 14, is_bold: true, line: 20 };
pub(super) const SMALL: TextStyle = TextStyle { class: "m", size: 12, is_bold: false, line: 18 };
const PLACE: TextStyle = TextStyle { class: "p", size: 12, is_bold: true, line: 18 };
const WARNING: TextStyle = TextStyle { class: "x", size: 12, is_bold: true, line: 18 };
const YES: TextStyle = TextStyle { class: "y", size: 12, is_bold: true, line: 18 };

pub(super) const MARGIN: i32 = 24;
/// The width of a rule, and of who gets its chats.
const CARD: i32 = 460;
/// Between them.
const BETWEEN: i32 = 84;
pub(super) const WIDTH: i32 = 2 * MARGIN + 2 * CARD + BETWEEN;
const PADDING: i32 = 14;
/// From one rule to the next.
const STEP: i32 = 38;
/// Where the arrows from one rule to the next are, from the left of the rules.
const SPINE: i32 = 30;
const BADGE: i32 = 12;
const INDENT: i32 = 16;

/// The picture.
pub(super) fn flow_drawing(graph: &FlowGraph) -> Drawing {
    let mut drawing = Drawing { width: WIDTH, title: graph.title.clone(), ..Drawing::default() };
    let mut y = heading(&mut drawing, &graph.title, &graph.subtitle);
    for section in &graph.sections {
        y = draw_section(&mut drawing, section, y + 24);
    }
    if !graph.names.is_empty() {
        y = names(&mut drawing, &graph.names, y + 32);
    }
    y += 16;
    for note in &graph.notes {
        y = drawing.write(MARGIN, y, WIDTH - 2 * MARGIN, &ColumnText::new(note, SMALL, 4)) + 4;
    }
    drawing.height = y + MARGIN;
    drawing
}

/// The title and what stands below it. Returns where it ends.
pub(super) fn heading(drawing: &mut Drawing, title: &str, subtitle: &str) -> i32 {
    let room = drawing.width - 2 * MARGIN;
    let left =
        |text, style, lines| ColumnText { alignment: Alignment::Left, ..ColumnText::new(text, style, lines) };
    let y = drawing.write(MARGIN, MARGIN, room, &left(title, TITLE, 2));
    drawing.write(MARGIN, y, room, &left(subtitle, SMALL, 2))
}

fn draw_section(drawing: &mut Drawing, section: &FlowSection, top: i32) -> i32 {
    let is_chain = section.kind != RuleKind::Also;
    let mut y = pill(drawing, section.start, top);
    let last = section.rules.len().saturating_sub(1);
    for (at, rule) in section.rules.iter().enumerate() {
        if is_chain {
            let label = if at == 0 { None } else { Some("no") };
            arrow_down(drawing, y, y + STEP, label);
            y += STEP;
        } else {
            y += 16;
        }
        let (left, right) = draw_rule(drawing, section.kind, rule, y);
        let is_followed = is_chain && (at < last || section.end.is_some());
        if is_followed && left < right {
            // The arrow to the next rule begins at the rule itself.
            let x = MARGIN + SPINE;
            drawing.shapes.push(Shape::Line {
                points: vec![(x, left), (x, right)],
                class: "l",
                has_arrow: false,
            });
        }
        y = left.max(right);
    }
    if let Some(end) = section.end {
        arrow_down(drawing, y, y + STEP, (!section.rules.is_empty()).then_some("no"));
        y = pill(drawing, end, y + STEP);
    }
    y
}

/// Where a message comes in, and where one comes out that no rule has taken.
fn pill(drawing: &mut Drawing, text: &str, top: i32) -> i32 {
    let text_width = width(text, WHO).min(WIDTH - 2 * MARGIN - 2 * PADDING);
    let area = Area { x: MARGIN, y: top, width: text_width + 2 * PADDING, height: 0 };
    let at = drawing.begin(area, 17, "s");
    let text = ColumnText { alignment: Alignment::Centre, ..ColumnText::new(text, WHO, 2) };
    let bottom = drawing.write(MARGIN + PADDING, top + 7, text_width, &text) + 7;
    drawing.end(at, bottom);
    bottom
}

fn arrow_down(drawing: &mut Drawing, from: i32, to: i32, label: Option<&str>) {
    let x = MARGIN + SPINE;
    drawing.shapes.push(Shape::Line { points: vec![(x, from), (x, to)], class: "l", has_arrow: true });
    if let Some(label) = label {
        drawing.write(x + 8, from + (to - from - SMALL.line) / 2, 60, &ColumnText::new(label, SMALL, 1));
    }
}

/// Draws a rule and who gets its chats. Returns where each of them ends.
fn draw_rule(drawing: &mut Drawing, kind: RuleKind, rule: &RuleCard, top: i32) -> (i32, i32) {
    let left = draw_condition(drawing, rule, top);
    let right = draw_outcome(drawing, rule, top);
    let y = top + PADDING + BADGE;
    drawing.shapes.push(Shape::Line {
        points: vec![(MARGIN + CARD, y), (MARGIN + CARD + BETWEEN, y)],
        class: if rule.is_reached && kind != RuleKind::Also { "l g" } else { "l d" },
        has_arrow: true,
    });
    let label = match kind {
        RuleKind::Also => "adds",
        _ if rule.condition.is_empty() => "",
        _ => "yes",
    };
    let style = if rule.is_reached && kind != RuleKind::Also { YES } else { SMALL };
    let label = ColumnText { alignment: Alignment::Centre, ..ColumnText::new(label, style, 1) };
    drawing.write(MARGIN + CARD, y - style.line - 2, BETWEEN - 8, &label);
    (left, right)
}

fn draw_condition(drawing: &mut Drawing, rule: &RuleCard, top: i32) -> i32 {
    let x = MARGIN;
    let area = Area { x, y: top, width: CARD, height: 0 };
    let at = drawing.begin(area, 8, if rule.is_reached { "c" } else { "c u" });
    let (inner, room) = (x + PADDING, CARD - 2 * PADDING);
    drawing.shapes.push(Shape::Circle {
        x: inner + BADGE,
        y: top + PADDING + BADGE,
        radius: BADGE,
        class: if rule.is_reached { "k" } else { "k u" },
    });
    let place = rule.place.to_string();
    let text = ColumnText { alignment: Alignment::Centre, ..ColumnText::new(&place, PLACE, 1) };
    drawing.write(inner, top + PADDING + (2 * BADGE - PLACE.line) / 2, 2 * BADGE, &text);
    let line = format!("line {}", rule.line);
    let line_width = width(&line, SMALL);
    let text = ColumnText { alignment: Alignment::Right, ..ColumnText::new(&line, SMALL, 1) };
    drawing.write(x + CARD - PADDING - line_width, top + PADDING + 3, line_width, &text);
    let (name_x, name_top) = (inner + 2 * BADGE + 10, top + PADDING + 2);
    let name_room = x + CARD - PADDING - line_width - 12 - name_x;
    let name = ColumnText { alignment: Alignment::Left, ..ColumnText::new(&rule.name, NAME, 8) };
    let mut y = drawing.write(name_x, name_top, name_room, &name) + 6;
    if !rule.is_reached {
        y = drawing.write(
            inner,
            y,
            room,
            &ColumnText::new("Never reached: no message gets as far as this rule.", WARNING, 2),
        );
    }
    y = drawing.write(inner, y, room, &ColumnText::new(rule.head, SMALL, 1));
    y = draw_lines(drawing, &rule.condition, inner, room, y, rule.is_reached);
    drawing.end(at, y + PADDING - 2);
    y + PADDING - 2
}

fn draw_lines(
    drawing: &mut Drawing,
    lines: &[ConditionLine],
    x: i32,
    room: i32,
    top: i32,
    is_reached: bool,
) -> i32 {
    let mut y = top;
    for line in lines {
        let indent = INDENT * i32::try_from(line.depth.min(6)).unwrap_or(0);
        let style = if is_reached { BODY } else { TextStyle { class: "b u", ..BODY } };
        let lead = line.join.map(|join| if join == "and" { "and " } else { "or " });
        let text = ColumnText { lead, ..ColumnText::new(&line.text, style, 5) };
        y = drawing.write(x + indent, y, room - indent, &text);
    }
    y
}

fn draw_outcome(drawing: &mut Drawing, rule: &RuleCard, top: i32) -> i32 {
    let x = MARGIN + CARD + BETWEEN;
    let class = if rule.is_reached { "o" } else { "o u" };
    let at = drawing.begin(Area { x, y: top, width: CARD, height: 0 }, 8, class);
    let (inner, room) = (x + PADDING, CARD - 2 * PADDING);
    let first = top + PADDING + 2;
    let mut y = first;
    let dim = |style: TextStyle, class| if rule.is_reached { style } else { TextStyle { class, ..style } };
    let (who_style, details_style) = (dim(WHO, "w u"), dim(BODY, "b u"));
    for AssigneeText { join, who, details, is_tried } in &rule.assignees {
        if let Some(join) = join {
            y = drawing.write(inner, y + 2, room, &ColumnText::new(join, SMALL, 2));
        }
        let who = ColumnText { alignment: Alignment::Left, ..ColumnText::new(who, who_style, 3) };
        y = drawing.write(inner, y, room, &who);
        if !details.is_empty() {
            y = drawing.write(inner, y, room, &ColumnText::new(&details.join(", "), details_style, 5));
        }
        if !is_tried && rule.is_reached {
            y = drawing.write(
                inner,
                y,
                room,
                &ColumnText::new("Never tried: an earlier alternative always finds somebody.", WARNING, 2),
            );
        }
    }
    if let Some(words) = rule.fallback_text.as_ref().filter(|_| rule.is_reached) {
        y = drawing.write(inner, y + 4, room, &ColumnText::new(words, SMALL, 3));
    }
    let below = |y: i32| if y == first { y } else { y + 8 };
    for reply in &rule.replies {
        y = draw_reply(drawing, reply, inner, room, below(y));
    }
    if !rule.tags_and_priorities.is_empty() {
        y = draw_tags_and_priorities(drawing, &rule.tags_and_priorities, inner, room, below(y));
    }
    y += PADDING - 2;
    drawing.end(at, y);
    y
}

fn draw_reply(drawing: &mut Drawing, reply: &ReplyText, x: i32, room: i32, top: i32) -> i32 {
    const INSET: i32 = 10;
    let at = drawing.begin(Area { x, y: top, width: room, height: 0 }, 8, "r");
    let head = reply.head();
    let mut y = drawing.write(x + INSET, top + 6, room - 2 * INSET, &ColumnText::new(&head, SMALL, 2));
    y = drawing.write(x + INSET, y, room - 2 * INSET, &ColumnText::new(&reply.text, BODY, 12)) + 6;
    drawing.end(at, y);
    y
}

/// Tags and priorities, as many in a line as have room.
fn draw_tags_and_priorities(drawing: &mut Drawing, texts: &[String], x: i32, room: i32, top: i32) -> i32 {
    const INSET: i32 = 8;
    const HEIGHT: i32 = 24;
    let (mut at, mut y) = (x, top);
    for text in texts {
        let text_width = (width(text, SMALL) + 2 * INSET).min(room);
        if at > x && at + text_width > x + room {
            at = x;
            y += HEIGHT + 6;
        }
        let begun = drawing.begin(Area { x: at, y, width: text_width, height: HEIGHT }, 12, "h");
        let text = ColumnText { alignment: Alignment::Centre, ..ColumnText::new(text, SMALL, 1) };
        drawing.write(at + INSET, y + 3, text_width - 2 * INSET, &text);
        drawing.end(begun, y + HEIGHT);
        at += text_width + 6;
    }
    y + HEIGHT
}

/// What the names in conditions stand for.
fn names(drawing: &mut Drawing, names: &[DefinitionText], top: i32) -> i32 {
    let mut y =
        drawing.write(MARGIN, top, WIDTH - 2 * MARGIN, &ColumnText::new("What the names stand for", NAME, 1))
            + 4;
    for name in names {
        y = name_row(drawing, name, y) + 8;
    }
    y
}

/// A name, and what it stands for beside it.
pub(super) fn name_row(drawing: &mut Drawing, name: &DefinitionText, top: i32) -> i32 {
    const COLUMN: i32 = 150;
    let text = ColumnText { alignment: Alignment::Left, ..ColumnText::new(&name.name, WHO, 3) };
    let left = drawing.write(MARGIN, top, COLUMN, &text);
    let x = MARGIN + COLUMN + 16;
    let right = draw_lines(drawing, &name.lines, x, drawing.width - MARGIN - x, top, true);
    left.max(right)
}
