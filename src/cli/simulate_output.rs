//! The figures of a simulation for people: tables that become lists where the terminal is narrow.

use std::collections::HashMap;
use std::fmt::Write;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::output;
use crate::simulation::{
    FigureDifference, FigureSubject, GroupFigures, SimulationComparison, SimulationReport, WaitFigures,
    difference_words, grouped, percent, rule_words, subject_words, time_words,
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
    let mut lines = vec![("messages", grouped(messages.arrived))];
    let others = [
        ("  in an open chat", messages.in_open_chat),
        ("  that moved a chat", messages.moved_chat),
        ("  assigned to nobody", messages.assigned_to_nobody),
        ("  without a rule", messages.without_rule),
        ("  that could not be decided", messages.refused),
    ];
    lines.push(("  that opened a chat", grouped(messages.opened_chat)));
    lines.extend(others.iter().filter(|(_, count)| *count > 0).map(|(name, count)| (*name, grouped(*count))));
    lines.push(("chats answered", grouped(report.overall.answer_wait.chats)));
    lines.push(("chats not answered", grouped(report.overall.unanswered)));
    if chats.open_unanswered > 0 {
        lines.push(("  of these, open at the end", grouped(chats.open_unanswered)));
    }
    lines.push(("offered load", format!("{:.2} erlangs", report.offered_load)));
    lines.push(("users online, mean", format!("{:.2}", report.mean_users_online)));
    lines.push(("chats waiting for an answer, mean", format!("{:.2}", report.unanswered.mean)));
    lines.push(("chats waiting for an answer, most", grouped(report.unanswered.max.into())));
    lines.push(("fairness of chats (Jain)", optional(report.fairness.assigned)));
    lines.push(("fairness of work (Jain)", optional(report.fairness.busy)));
    for (name, value) in lines {
        let _ = writeln!(out, "{name:<34}  {value}");
    }
    let users = report.users.iter().map(|user| {
        vec![
            user.name.to_string(),
            grouped(user.assigned),
            percent(user.share),
            time_words(user.busy_seconds),
            user.utilisation.map_or_else(|| "–".to_owned(), percent),
        ]
    });
    table(&mut out, &["user", "given", "share", "busy", "utilisation"], users.collect(), width);
    let [waits, queues] = groups(report);
    table(&mut out, &["group", "answered", "p50", "p95", "p99", "longest"], waits, width);
    note(
        &mut out,
        "p50, p95, p99, longest: of the answered chats, from the message that opened the chat to the first answer",
        width,
    );
    let heads = ["group", "given", "queue", "most", "timeouts", "replies", "not answered"];
    table(&mut out, &heads, queues, width);
    note(
        &mut out,
        "given: how often a chat was given to a user; queue: chats without a user, mean and most",
        width,
    );
    let names: Vec<String> = report.rules.iter().map(|figures| rule_words(&figures.rule)).collect();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in &names {
        *counts.entry(name).or_default() += 1;
    }
    let is_repeated = |name: &str| counts.get(name).is_some_and(|count| *count > 1);
    let rows = report.rules.iter().zip(&names).map(|(figures, name)| {
        let mut row =
            vec![name.clone(), figures.kind.to_owned(), grouped(figures.messages), percent(figures.share)];
        if is_repeated(name) {
            row.push(format!("  {}", figures.rule.file));
        }
        row
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let has_files = rows.iter().any(|row| row.len() > 4);
    let heads = ["rule", "kind", "messages", "share", "  file"];
    table(&mut out, heads.get(..if has_files { 5 } else { 4 }).unwrap_or_default(), rows, width);
    output::printable_lines(&out)
}

fn note(out: &mut String, text: &str, width: usize) {
    let _ = writeln!(out, "{}", textwrap::fill(text, width));
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
        let mut row = vec![name.to_owned(), grouped(group.answer_wait.chats)];
        row.extend(times.map(|wait| wait.map_or_else(|| "–".to_owned(), time_words)));
        waits.push(row);
        let mut row = vec![name.to_owned(), grouped(group.assigned), format!("{:.2}", group.queue.mean)];
        let counts = [group.queue.max.into(), group.timeouts, group.replies.sent, group.unanswered];
        row.extend(counts.map(grouped));
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
        old.name,
        new.name,
        old.report.seed,
        grouped(old.report.messages.arrived)
    );
    let (old, new) = (&old.report, &new.report);
    let wait = |report: &SimulationReport, figure: fn(&WaitFigures) -> Option<f64>| {
        figure(&report.overall.answer_wait).map_or_else(|| "–".to_owned(), time_words)
    };
    let row = |name: &str, value: &dyn Fn(&SimulationReport) -> String| {
        vec![name.to_owned(), value(old), value(new)]
    };
    let rows = vec![
        row("chats answered", &|report| grouped(report.overall.answer_wait.chats)),
        row("chats not answered", &|report| grouped(report.overall.unanswered)),
        row("wait p50", &|report| wait(report, |wait| wait.p50_seconds)),
        row("wait p95", &|report| wait(report, |wait| wait.p95_seconds)),
        row("wait p99", &|report| wait(report, |wait| wait.p99_seconds)),
        row("waiting, mean", &|report| format!("{:.2}", report.unanswered.mean)),
        row("waiting, most", &|report| grouped(report.unanswered.max.into())),
        row("timeouts", &|report| grouped(report.overall.timeouts)),
        row("replies", &|report| grouped(report.overall.replies.sent)),
        row("fairness of chats", &|report| optional(report.fairness.assigned)),
        row("fairness of work", &|report| optional(report.fairness.busy)),
    ];
    table(&mut out, &["", "old", "new"], rows, width);
    if comparison.differences.is_empty() {
        out += "\nno figure differs\n";
        return output::printable_lines(&out);
    }
    let differences: Vec<&FigureDifference> =
        comparison.differences.iter().filter(|difference| difference.about != FigureSubject::All).collect();
    for of_one in differences.chunk_by(|one, next| one.about == next.about) {
        let about = of_one.first().map(|difference| subject_words(&difference.about)).unwrap_or_default();
        let mut rows: Vec<Vec<String>> = of_one.iter().map(|one| difference_words(one).into()).collect();
        for row in &mut rows {
            if let Some(name) = row.first_mut() {
                name.insert_str(0, "  ");
            }
            if width < NARROW {
                row.truncate(3);
            }
        }
        let _ = write!(out, "\n{about}");
        table(&mut out, &[], rows, width);
    }
    output::printable_lines(&out)
}

fn optional(figure: Option<f64>) -> String {
    figure.map_or_else(|| "–".to_owned(), |figure| format!("{figure:.3}"))
}

/// A text of at most `width` columns, with `…` where it is cut.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut out = String::new();
    for letter in text.chars() {
        if out.width() + letter.width().unwrap_or(0) + 1 > width {
            break;
        }
        out.push(letter);
    }
    out + "…"
}

/// A table whose first columns are texts and whose others are figures. A name that makes it wider than the terminal is cut to a
/// third of that; where this is not enough, the table is a list for each row.
fn table(out: &mut String, headers: &[&str], mut rows: Vec<Vec<String>>, width: usize) {
    const GAP: usize = 2;
    // So that the figures of one such table stand below those of another.
    const LEAST_WITHOUT_HEADER: [usize; 4] = [14, 8, 8, 8];
    const UNNAMED: [&str; 4] = ["", "old", "new", "change"];
    let count = rows.iter().map(Vec::len).max().unwrap_or(0).max(headers.len());
    let header = |column: usize| headers.get(column).map_or(0, |header| header.width());
    let least = if headers.is_empty() { LEAST_WITHOUT_HEADER } else { [0; 4] };
    let least = |column: usize| least.get(column).copied().unwrap_or_default();
    let widths = |rows: &[Vec<String>]| -> Vec<usize> {
        let cells =
            |column: usize| rows.iter().filter_map(move |row| row.get(column)).map(|cell| cell.width());
        let widest = |column: usize| cells(column).max().unwrap_or(0);
        (0..count).map(|column| widest(column).max(header(column)).max(least(column))).collect()
    };
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * (widths.len().max(1) - 1);
    let mut of_columns = widths(&rows);
    if total(&of_columns) > width {
        let mut narrower = rows.clone();
        for name in narrower.iter_mut().filter_map(|row| row.first_mut()) {
            *name = cut(name, width / 3);
        }
        if total(&widths(&narrower)) <= width {
            rows = narrower;
            of_columns = widths(&rows);
        }
    }
    out.push('\n');
    if total(&of_columns) > width {
        let headers = if headers.is_empty() { &UNNAMED } else { headers };
        for row in &rows {
            let mut cells = row.iter();
            let _ = writeln!(out, "{}", cells.next().map_or("", String::as_str));
            for (header, cell) in headers.iter().skip(1).zip(cells) {
                let _ = writeln!(out, "  {:<12} {}", header.trim(), cell.trim());
            }
        }
        return;
    }
    let is_figure = |column: usize| {
        column > 0
            && rows.iter().all(|row| {
                row.get(column)
                    .is_none_or(|cell| !cell.starts_with(|first: char| first.is_alphabetic() || first == ' '))
            })
    };
    let mut line = |row: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (column, (cell, width)) in row.zip(&of_columns).enumerate() {
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
    for row in &rows {
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
        table(&mut out, &["user", "chats", "share"], rows.into(), width);
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

    #[test]
    fn a_long_name_is_cut_before_the_table_becomes_a_list() {
        let row = vec!["A".repeat(60), "12".to_owned(), "0.5".to_owned()];
        let mut out = String::new();
        table(&mut out, &["user", "chats", "share"], vec![row], 40);
        assert_snapshot!(out, @r"
        user           chats  share
        AAAAAAAAAAAA…     12    0.5
        ");
    }

    #[test]
    fn differences_have_their_figures_on_a_narrow_screen() {
        let row = ["  not answered", "12", "9", "−3"].map(str::to_owned).to_vec();
        let mut out = String::new();
        table(&mut out, &[], vec![row], 20);
        assert_snapshot!(out, @r"
          not answered
          old          12
          new          9
          change       −3
        ");
    }
}
