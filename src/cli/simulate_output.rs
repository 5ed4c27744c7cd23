//! The figures of a simulation for people: tables that become lists where the terminal is narrow.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

use super::output;
use crate::simulation::{
    FigureDifference, GroupFigures, SimulationComparison, SimulationReport, WaitFigures, percent, rule_words,
    time_words,
};

/// The width where the output is not a terminal.
const DEFAULT_WIDTH: usize = 80;
/// What is narrower has no room for the change beside two figures.
const NARROW: usize = 50;

/// The figures of one simulation.
pub(super) fn human(report: &SimulationReport, columns: Option<usize>) -> String {
    let width = columns.unwrap_or(DEFAULT_WIDTH);
    let mut out = String::new();
    let day = |at: &str| at.get(..16).unwrap_or(at).replace('T', " ");
    let _ = writeln!(out, "{} to {}, seed {}\n", day(&report.start), day(&report.end), report.seed);
    let messages = report.messages;
    let chats = report.chats;
    let mut lines = vec![("messages", messages.arrived.to_string())];
    let others = [
        ("  in an open chat", messages.in_open_chat),
        ("  that moved a chat", messages.moved_chat),
        ("  assigned to nobody", messages.assigned_to_nobody),
        ("  without a rule", messages.without_rule),
        ("  that contradict themselves", messages.refused),
    ];
    lines.push(("  that opened a chat", messages.opened_chat.to_string()));
    lines.extend(
        others.iter().filter(|(_, count)| *count > 0).map(|(name, count)| (*name, count.to_string())),
    );
    lines.push(("chats answered", report.overall.answer_wait.chats.to_string()));
    lines.push(("chats not answered", report.overall.unanswered.to_string()));
    if chats.open_unanswered > 0 {
        lines.push(("  of these, open at the end", chats.open_unanswered.to_string()));
    }
    lines.push(("offered load", format!("{:.2} erlangs", report.offered_load)));
    lines.push(("users online, on average", format!("{:.2}", report.mean_users_online)));
    lines.push(("waiting for an answer, on average", format!("{:.2}", report.unanswered.mean)));
    lines.push(("waiting for an answer, at most", report.unanswered.max.to_string()));
    lines.push(("fairness of chats (Jain)", optional(report.fairness.assigned)));
    lines.push(("fairness of work (Jain)", optional(report.fairness.busy)));
    for (name, value) in lines {
        let _ = writeln!(out, "{name:<34}  {value}");
    }
    let users = report.users.iter().map(|user| {
        vec![
            user.name.to_string(),
            user.assigned.to_string(),
            percent(user.share),
            time_words(user.busy_seconds),
            user.utilisation.map_or_else(|| "–".to_owned(), percent),
        ]
    });
    table(&mut out, &["user", "chats", "share", "busy", "utilised"], &users.collect::<Vec<_>>(), width);
    let [waits, queues] = groups(report);
    table(&mut out, &["group", "chats", "p50", "p95", "p99", "longest"], &waits, width);
    out += "p50, p95, p99, longest: from a message to the first answer\n";
    let heads = ["group", "queue", "most", "timeouts", "replies", "not answered"];
    table(&mut out, &heads, &queues, width);
    out += "queue: chats without a user, on average and at most\n";
    let rules = report.rules.iter().map(|rule| {
        vec![rule_words(&rule.rule), rule.kind.to_owned(), rule.messages.to_string(), percent(rule.share)]
    });
    table(&mut out, &["rule", "kind", "messages", "share"], &rules.collect::<Vec<_>>(), width);
    output::printable_lines(&out)
}

/// The rows of the groups: how long customers wait, and what waits.
fn groups(report: &SimulationReport) -> [Vec<Vec<String>>; 2] {
    let is_used = |group: &&GroupFigures| group.group.is_some() || group.assigned > 0 || group.unanswered > 0;
    let named = report.groups.iter().filter(is_used);
    let named = named.map(|group| (group.group.as_deref().unwrap_or("(no group)"), group));
    let (mut waits, mut queues) = (Vec::new(), Vec::new());
    for (name, group) in named.chain([("all", &report.overall)]) {
        let WaitFigures { p50_seconds, p95_seconds, p99_seconds, max_seconds, .. } = group.answer_wait;
        let times = [p50_seconds, p95_seconds, p99_seconds, max_seconds];
        let mut row = vec![name.to_owned(), group.assigned.to_string()];
        row.extend(times.map(|wait| wait.map_or_else(|| "–".to_owned(), time_words)));
        waits.push(row);
        let mut row = vec![name.to_owned(), format!("{:.2}", group.queue.mean), group.queue.max.to_string()];
        row.extend([group.timeouts, group.replies.sent, group.unanswered].map(|count| count.to_string()));
        queues.push(row);
    }
    [waits, queues]
}

/// The figures of two versions side by side.
pub(super) fn compared(comparison: &SimulationComparison, columns: Option<usize>) -> String {
    let width = columns.unwrap_or(DEFAULT_WIDTH);
    let [old, new] = &comparison.sides;
    let mut out = String::new();
    let _ = writeln!(
        out,
        "old: {}\nnew: {}\nseed {}, {} messages",
        old.name, new.name, old.report.seed, old.report.messages.arrived
    );
    let (old, new) = (&old.report, &new.report);
    let wait = |report: &SimulationReport, figure: fn(&WaitFigures) -> Option<f64>| {
        figure(&report.overall.answer_wait).map_or_else(|| "–".to_owned(), time_words)
    };
    let row = |name: &str, value: &dyn Fn(&SimulationReport) -> String| {
        vec![name.to_owned(), value(old), value(new)]
    };
    let rows = [
        row("chats answered", &|report| report.overall.answer_wait.chats.to_string()),
        row("chats not answered", &|report| report.overall.unanswered.to_string()),
        row("wait p50", &|report| wait(report, |wait| wait.p50_seconds)),
        row("wait p95", &|report| wait(report, |wait| wait.p95_seconds)),
        row("wait p99", &|report| wait(report, |wait| wait.p99_seconds)),
        row("waiting, on average", &|report| format!("{:.2}", report.unanswered.mean)),
        row("waiting, at most", &|report| report.unanswered.max.to_string()),
        row("timeouts", &|report| report.overall.timeouts.to_string()),
        row("replies", &|report| report.overall.replies.sent.to_string()),
        row("fairness of chats", &|report| optional(report.fairness.assigned)),
        row("fairness of work", &|report| optional(report.fairness.busy)),
    ];
    table(&mut out, &["", "old", "new"], &rows, width);
    if comparison.differences.is_empty() {
        out += "\nno figure differs\n";
        return output::printable_lines(&out);
    }
    let differences: Vec<&FigureDifference> =
        comparison.differences.iter().filter(|difference| difference.about != "all").collect();
    for of_one in differences.chunk_by(|one, next| one.about == next.about) {
        let about = of_one.first().map_or("", |difference| &*difference.about);
        let mut rows: Vec<Vec<String>> = of_one.iter().map(|one| difference(one)).collect();
        if width < NARROW {
            for row in &mut rows {
                row.truncate(3);
            }
        }
        let _ = write!(out, "\n{about}");
        table(&mut out, &[], &rows, width);
    }
    output::printable_lines(&out)
}

fn difference(difference: &FigureDifference) -> Vec<String> {
    let FigureDifference { figure, old, new, .. } = difference;
    let value =
        |value: &Option<f64>| value.map_or_else(|| "–".to_owned(), |value| figure_words(figure, value));
    let change = old.zip(*new).map_or_else(String::new, |(old, new)| {
        let sign = if new < old { "−" } else { "+" };
        format!("{sign}{}", figure_words(figure, (new - old).abs()))
    });
    vec![
        format!("  {}", figure.trim_end_matches("_seconds").replace('_', " ")),
        value(old),
        value(new),
        change,
    ]
}

fn figure_words(figure: &str, value: f64) -> String {
    if figure.ends_with("seconds") {
        time_words(value)
    } else if figure == "utilisation" {
        percent(value)
    } else if value.fract() == 0.0 {
        format!("{value}")
    } else {
        format!("{value:.2}")
    }
}

fn optional(figure: Option<f64>) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.3}"))
}

/// A table whose first columns are texts and whose others are figures; where it is wider than the terminal, a list for each row.
fn table(out: &mut String, headers: &[&str], rows: &[Vec<String>], width: usize) {
    const GAP: usize = 2;
    // So that the figures of one such table stand below those of another.
    const LEAST_WITHOUT_HEADER: [usize; 4] = [14, 8, 8, 8];
    let cells = |column: usize| rows.iter().filter_map(move |row| row.get(column)).map(|cell| cell.width());
    let count = rows.iter().map(Vec::len).max().unwrap_or(0).max(headers.len());
    let header = |column: usize| headers.get(column).map_or(0, |header| header.width());
    let least = if headers.is_empty() { LEAST_WITHOUT_HEADER } else { [0; 4] };
    let least = |column: usize| least.get(column).copied().unwrap_or_default();
    let widths: Vec<usize> = (0..count)
        .map(|column| cells(column).max().unwrap_or(0).max(header(column)).max(least(column)))
        .collect();
    out.push('\n');
    let total = widths.iter().sum::<usize>() + GAP * (widths.len().max(1) - 1);
    if total > width {
        for row in rows {
            let mut cells = row.iter();
            let _ = writeln!(out, "{}", cells.next().map_or("", String::as_str));
            for (header, cell) in headers.iter().skip(1).zip(cells) {
                let _ = writeln!(out, "  {header:<12} {cell}");
            }
        }
        return;
    }
    let is_figure = |column: usize| {
        column > 0
            && rows
                .iter()
                .all(|row| row.get(column).is_none_or(|cell| !cell.starts_with(char::is_alphabetic)))
    };
    let mut line = |row: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (column, (cell, width)) in row.zip(&widths).enumerate() {
            let pad = " ".repeat(width.saturating_sub(cell.width()));
            let gap = if column > 0 { "  " } else { "" };
            text +=
                &if is_figure(column) { format!("{gap}{pad}{cell}") } else { format!("{gap}{cell}{pad}") };
        }
        let _ = writeln!(out, "{}", text.trim_end());
    };
    if !headers.is_empty() {
        line(&mut headers.iter().copied());
    }
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn drawn(width: usize) -> String {
        let rows = [["مها", "12", "0.5"], ["Alice", "3", "10.25"]].map(|row| row.map(str::to_owned).to_vec());
        let mut out = String::new();
        table(&mut out, &["user", "chats", "share"], &rows, width);
        out
    }

    #[test]
    fn a_table_that_is_too_wide_is_a_list() {
        assert_snapshot!(drawn(40), @r"
        user   chats  share
        مها       12    0.5
        Alice      3  10.25
        ");
        assert_snapshot!(drawn(18), @r"
        مها
          chats        12
          share        0.5
        Alice
          chats        3
          share        10.25
        ");
    }
}
