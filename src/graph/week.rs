//! When in the week each rule can decide, as data and as a picture.

use std::collections::BTreeSet;

use super::condition_lines::{DefinitionText, dated_parts, names_of};
use super::drawing::{Alignment, Area, ColumnText, Drawing, Shape};
use super::flow::headings;
use super::layout::{BODY, MARGIN, NAME, SMALL, WIDTH, heading, name_row};
use super::measure::{TextStyle, isolated};
use super::phrases::rule_name;
use super::svg::svg;
use crate::describe::{FlowRule, WeeklyInterval, flow_definitions, flow_rules, weekly};
use crate::inbox::Inbox;
use crate::policy::{Folder, Policy};
use crate::prove::{self, RuleWeek};

/// When in the week each rule can decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WeekGraph {
    /// The names of its numbers, or the numbers, or the file.
    pub title: String,
    /// The numbers and the file, as far as the title does not say them, and the time zone.
    pub subtitle: String,
    /// One for each rule, in the order of the file.
    pub rows: Vec<RuleRow>,
    /// What the names stand for that have dates of their own.
    pub dates: Vec<DefinitionText>,
}

/// The week of one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleRow {
    /// Its place among all rules of the file, and its name.
    pub name: String,
    /// When it can decide, in words.
    pub words: String,
    /// It adds to any decision, whatever the rules above do.
    pub is_also: bool,
    /// When it can decide, and whether it then takes every message that no rule above has taken; an `also` rule, every message.
    /// Those that follow each other on one day and are alike are one.
    pub intervals: Vec<(WeeklyInterval, bool)>,
    /// On some dates it may be otherwise.
    pub depends_on_dates: bool,
}

const MINUTES: u16 = 24 * 60;
const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// The week of `policy`, a policy of `folder` without faults.
pub fn week_graph(folder: &Folder, policy: &Policy, inbox: &Inbox) -> WeekGraph {
    let (title, subtitle) = headings(policy, inbox);
    let Some(file) = folder.files.get(&policy.file) else {
        return WeekGraph { title, subtitle, rows: Vec::new(), dates: Vec::new() };
    };
    let file = file.with_temporary_tree();
    let rules = flow_rules(&file.source, file.tree(), inbox, &policy.file, &BTreeSet::new());
    let weeks = prove::week(policy, inbox);
    let rows = rules.iter().zip(&weeks).enumerate().map(|(at, (rule, week))| row(at, rule, week));
    let rows: Vec<RuleRow> = rows.collect();
    let dates = if rows.iter().any(|row| row.depends_on_dates) {
        dates_of(folder, policy, inbox, &rules)
    } else {
        Vec::new()
    };
    WeekGraph { title, subtitle, rows, dates }
}

/// The week as SVG.
pub fn week_svg(graph: &WeekGraph) -> String {
    svg(&week_drawing(graph))
}

/// The names with dates, and the rules that write dates themselves.
fn dates_of(folder: &Folder, policy: &Policy, inbox: &Inbox, rules: &[FlowRule]) -> Vec<DefinitionText> {
    let definitions = flow_definitions(folder, inbox, &policy.file);
    let names = names_of(rules.iter().filter_map(|rule| rule.parts.as_ref()), &definitions);
    let own = rules.iter().filter_map(|rule| {
        let lines = dated_parts(rule.parts.as_ref()?);
        (!lines.is_empty()).then(|| DefinitionText { name: rule_name(rule), lines, has_dates: true })
    });
    names.into_iter().filter(|name| name.has_dates).chain(own).collect()
}

fn row(at: usize, rule: &FlowRule, week: &RuleWeek) -> RuleRow {
    let kind = match rule.kind {
        "also" => "adds to any decision: ",
        "move" => "in an open chat: ",
        _ => "",
    };
    let RuleWeek { intervals, rest, depends_on_dates } = week;
    let words = match intervals.as_deref() {
        None => "not known".to_owned(),
        Some([]) => "never".to_owned(),
        Some(intervals) => match weekly(intervals) {
            None => "at certain hours".to_owned(),
            Some(words) if words.is_empty() => "at any time".to_owned(),
            Some(words) => words,
        },
    };
    let known = intervals.iter().flatten();
    let mut merged: Vec<(WeeklyInterval, bool)> = Vec::new();
    for interval in known {
        let takes_rest = rest.contains(interval);
        match merged.last_mut() {
            Some((last, known))
                if last.day == interval.day && last.end == interval.start && *known == takes_rest =>
            {
                last.end = interval.end;
            }
            _ => merged.push((*interval, takes_rest)),
        }
    }
    RuleRow {
        name: format!("{}. {}", at + 1, isolated(&rule_name(rule))),
        words: format!("{kind}{words}"),
        is_also: rule.kind == "also",
        intervals: merged,
        depends_on_dates: *depends_on_dates,
    }
}

/// The room for the names of rules.
const NAMES: i32 = 300;
/// The width of a day.
const DAY: i32 = 96;
const BAR: i32 = 26;
/// After so many rows the days are named again.
const ROWS_BELOW_DAYS: usize = 15;
const LEFT: i32 = MARGIN + NAMES + 20;

fn week_drawing(graph: &WeekGraph) -> Drawing {
    let title = format!("{}: the week", isolated(&graph.title));
    let description = text_alternative(graph);
    let mut drawing = Drawing { width: WIDTH, title, description, ..Drawing::default() };
    let title = drawing.title.clone();
    let mut y = heading(&mut drawing, &title, &graph.subtitle);
    let lead = "The hours of an ordinary week in which each rule can decide, as proved from the rules; no chats were counted.";
    y = drawing.write(MARGIN, y + 12, WIDTH - 2 * MARGIN, &ColumnText::new(lead, BODY, 2)) + 14;
    for rows in graph.rows.chunks(ROWS_BELOW_DAYS) {
        y = days(&mut drawing, y);
        for row in rows {
            y = draw_row(&mut drawing, row, y) + 10;
        }
    }
    y = legend(&mut drawing, graph, y + 14);
    if !graph.dates.is_empty() {
        y = drawing.write(
            MARGIN,
            y + 18,
            WIDTH - 2 * MARGIN,
            &ColumnText::new("Hours that differ on some dates", NAME, 1),
        ) + 4;
        for name in &graph.dates {
            y = name_row(&mut drawing, name, y) + 8;
        }
    }
    drawing.height = y + MARGIN;
    drawing
}

/// The names of the days and, below each, some hours.
fn days(drawing: &mut Drawing, top: i32) -> i32 {
    let centred =
        |text, style| ColumnText { alignment: Alignment::Centre, ..ColumnText::new(text, style, 1) };
    for (x, name) in (LEFT..).step_by(DAY.unsigned_abs() as usize).zip(DAYS) {
        drawing.write(x, top, DAY, &centred(name, BODY));
        for (hour, label) in [(6, "6"), (12, "12"), (18, "18")] {
            drawing.write(x + hour * DAY / 24 - 12, top + BODY.line, 24, &centred(label, SMALL));
        }
    }
    top + BODY.line + SMALL.line + 4
}

fn draw_row(drawing: &mut Drawing, row: &RuleRow, top: i32) -> i32 {
    let style = if row.intervals.is_empty() { TextStyle { class: "n u", ..NAME } } else { NAME };
    // The number does not stand alone in a line.
    let name = row.name.replacen(' ', "\u{A0}", 1);
    let name = ColumnText { alignment: Alignment::Left, ..ColumnText::new(&name, style, 4) };
    let mut y = drawing.write(MARGIN, top, NAMES, &name);
    y = drawing.write(MARGIN, y, NAMES, &ColumnText::new(&row.words, SMALL, 6));
    if row.depends_on_dates {
        y = drawing.write(MARGIN, y, NAMES, &ColumnText::new(DATES, SMALL, 1));
    }
    let area = |x, width| Area { x, y: top, width, height: BAR };
    drawing.shapes.push(Shape::Rectangle { area: area(LEFT, 7 * DAY), class: "v0", tooltip: None });
    for (interval, takes_rest) in &row.intervals {
        let [from, to] = [interval.start, interval.end].map(|minute| place(interval.day, minute));
        let class = if *takes_rest { "v2" } else { "v1" };
        let what = match (takes_rest, row.is_also) {
            (true, true) => EVERY_ALSO,
            (true, false) => EVERY,
            (false, _) => SOME,
        };
        let tooltip = Some(tooltip(interval, what));
        drawing.shapes.push(Shape::Rectangle { area: area(from, (to - from).max(1)), class, tooltip });
    }
    for x in (LEFT + DAY..LEFT + 7 * DAY).step_by(DAY.unsigned_abs() as usize) {
        drawing.shapes.push(Shape::Line {
            points: vec![(x, top), (x, top + BAR)],
            class: "q",
            has_arrow: false,
        });
    }
    if row.depends_on_dates {
        let tooltip = Some(DATES.to_owned());
        drawing.shapes.push(Shape::Rectangle { area: area(LEFT + 7 * DAY + 6, 10), class: "v9", tooltip });
    }
    y.max(top + BAR)
}

/// Where a minute of a day is.
fn place(day: usize, minute: u16) -> i32 {
    let day = i32::try_from(day).unwrap_or(0);
    LEFT + day * DAY + i32::from(minute) * DAY / i32::from(MINUTES)
}

fn tooltip(interval: &WeeklyInterval, what: &str) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let day = DAYS.get(interval.day).copied().unwrap_or_default();
    format!("{day} {}–{}: {what}", clock(interval.start), clock(interval.end))
}

const EVERY: &str = "every message that no rule above has taken";
const EVERY_ALSO: &str = "every message";
const SOME: &str = "some messages, depending on the rest of the condition";
const DATES: &str = "different on some dates";

/// What the colours mean.
fn legend(drawing: &mut Drawing, graph: &WeekGraph, top: i32) -> i32 {
    const SWATCH: i32 = 26;
    let every = if graph.rows.iter().any(|row| row.is_also) {
        format!("{EVERY}; for a rule that adds to any decision, every message")
    } else {
        EVERY.to_owned()
    };
    let mut entries = vec![("v2", &*every), ("v1", SOME), ("v0", "no message")];
    if graph.rows.iter().any(|row| row.depends_on_dates) {
        entries.push(("v9", DATES));
    }
    let mut y = top;
    for (class, words) in entries {
        let area = Area { x: MARGIN, y: y + 3, width: SWATCH, height: 14 };
        drawing.shapes.push(Shape::Rectangle { area, class, tooltip: None });
        y = drawing.write(
            MARGIN + SWATCH + 10,
            y,
            WIDTH - 3 * MARGIN - SWATCH,
            &ColumnText::new(words, BODY, 1),
        ) + 2;
    }
    y
}

/// The text alternative of the picture, which a screen reader reads.
fn text_alternative(graph: &WeekGraph) -> String {
    let rows = graph.rows.iter().map(|row| {
        let dates = if row.depends_on_dates { format!("; {DATES}") } else { String::new() };
        format!("{}: {}{dates}", row.name, row.words)
    });
    let dates = graph.dates.iter().map(|name| {
        let lines: Vec<&str> = name.lines.iter().map(|line| &*line.text).collect();
        format!("{}: {}", name.name, lines.join(", "))
    });
    rows.chain(dates).collect::<Vec<_>>().join("\n")
}
