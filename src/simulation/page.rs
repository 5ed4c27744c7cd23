//! The figures of a simulation as one page with charts. Nothing is loaded, and no script runs.

use std::fmt::Write;

use jiff::Timestamp;

use super::charts::{Bar, SIDES, bars, escaped, legend, line_chart};
use super::figure_words::{difference_words, grouped, percent, rule_words, subject_words, time_words};
use super::report::{GroupFigures, HistogramBin, SimulationReport};
use super::simulation_comparison::{FigureSubject, SimulationComparison};

const STYLE: &str = include_str!("page.css");

/// A page about one simulation, or about two versions of the rules, each with its name, and the name of the traffic.
pub fn page(sides: &[(&str, &SimulationReport)], traffic: &str) -> String {
    let Some((_, first)) = sides.first() else { return String::new() };
    let reports: Vec<&SimulationReport> = sides.iter().map(|(_, report)| *report).collect();
    let day = |at: &str| escaped(at.get(..16).unwrap_or(at)).replace('T', " ");
    let names: Vec<&str> = sides.iter().map(|(name, _)| *name).collect();
    let title = escaped(&format!("Simulation of {}, {traffic}", names.join(" and ")));
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n<p class=\"span\">{} to {}, seed {}</p>\n",
        day(&first.start),
        day(&first.end),
        first.seed,
    );
    if let [_, _] = sides {
        out += &legend(&names);
    }
    if reports.iter().all(|report| report.messages.arrived == 0) {
        out += "<p>No message arrived in this traffic, so there is nothing to show.</p>\n</main>\n</body>\n</html>\n";
        return out;
    }
    out += &key_figures(&reports);
    section(&mut out, "Chats that wait for an answer", &interval_note(first), &line_chart(&reports));
    section(
        &mut out,
        "How long customers wait",
        "Chats by the time from the message that opened the chat to the first answer.",
        &waits(&reports),
    );
    section(
        &mut out,
        "Chats of each user",
        "How many chats each user was given, and their utilisation.",
        &users(&reports),
    );
    section(
        &mut out,
        "Groups",
        "p50, p95 and p99: of the answered chats, from the message that opened the chat to the first answer.",
        &groups(sides),
    );
    section(
        &mut out,
        "Messages of each rule",
        "A rule with no messages decided nothing in this traffic.",
        &rules(&reports),
    );
    if let [old, new] = sides {
        section(
            &mut out,
            "Differences",
            "The figures of groups, users and rules that differ.",
            &differences(*old, *new),
        );
    }
    out += "</main>\n</body>\n</html>\n";
    out
}

/// How long an interval of the time series is.
fn interval_note(report: &SimulationReport) -> String {
    let instant = |at: &str| at.parse::<Timestamp>().map_or(0, Timestamp::as_second);
    let seconds = instant(&report.end) - instant(&report.start);
    let intervals = i64::try_from(report.series.len()).unwrap_or(1).max(1);
    let length = u32::try_from(seconds / intervals).unwrap_or_default();
    format!("The mean in each interval of {}, in local time.", time_words(length.into()))
}

/// What differs between two versions, as on the terminal.
fn differences(old: (&str, &SimulationReport), new: (&str, &SimulationReport)) -> String {
    const SHOWN: usize = 300;
    let comparison = SimulationComparison::new((old.0, old.1.clone()), (new.0, new.1.clone()));
    let rows = comparison.differences.iter().filter(|difference| difference.about != FigureSubject::All);
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return "<p>None.</p>\n".to_owned();
    }
    let mut out = scroll_box("Differences");
    out += "<table class=\"differences\">\n<thead><tr><th scope=\"col\">of</th>";
    for head in ["figure", "old", "new", "change"] {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out += "</tr></thead>\n<tbody>\n";
    for difference in rows.iter().take(SHOWN) {
        let about = escaped(&subject_words(&difference.about));
        let _ = write!(out, "<tr><th scope=\"row\"><bdi>{about}</bdi></th>");
        for cell in difference_words(difference) {
            let _ = write!(out, "<td>{}</td>", escaped(&cell));
        }
        out += "</tr>\n";
    }
    out += "</tbody>\n</table></div>\n";
    if rows.len() > SHOWN {
        let _ = writeln!(
            out,
            "<p>And {} more, which `--format json` lists.</p>",
            grouped((rows.len() - SHOWN) as u64)
        );
    }
    out
}

/// The start of a box in which a wide table is scrolled, also by keyboard.
fn scroll_box(label: &str) -> String {
    format!(
        "<p class=\"hint\">Scroll sideways to see all columns.</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{label}\">"
    )
}

fn section(out: &mut String, title: &str, note: &str, content: &str) {
    let _ = write!(out, "<section>\n<h2>{title}</h2>\n<p class=\"note\">{note}</p>\n{content}</section>\n");
}

/// A figure as text.
type KeyFigure<'a> = &'a dyn Fn(&SimulationReport) -> String;

fn key_figures(reports: &[&SimulationReport]) -> String {
    let wait = |figure: Option<f64>| figure.map_or_else(|| "–".to_owned(), time_words);
    let figures: [(&str, KeyFigure<'_>); 8] = [
        ("messages", &|report| grouped(report.messages.arrived)),
        ("chats answered", &|report| grouped(report.overall.answer_wait.chats)),
        ("chats not answered", &|report| grouped(report.overall.unanswered)),
        ("median wait", &|report| wait(report.overall.answer_wait.p50_seconds)),
        ("95th percentile of the wait", &|report| wait(report.overall.answer_wait.p95_seconds)),
        ("most chats waiting at once", &|report| grouped(report.unanswered.max.into())),
        ("offered load in erlangs", &|report| format!("{:.2}", report.offered_load)),
        ("fairness of chats (Jain)", &|report| {
            report.fairness.assigned.map_or_else(|| "–".to_owned(), |index| format!("{index:.3}"))
        }),
    ];
    let mut out = "<dl class=\"key\">\n".to_owned();
    for (name, figure) in figures {
        let values = reports.iter().enumerate();
        let word = |side: usize| match SIDES.get(side).filter(|_| reports.len() > 1) {
            Some(word) => format!("<small>{word}</small> "),
            None => String::new(),
        };
        let values = values
            .map(|(side, report)| format!("<dd class=\"side{side}\">{}{}</dd>", word(side), figure(report)));
        let _ = writeln!(out, "<div><dt>{name}</dt>{}</div>", values.collect::<String>());
    }
    out + "</dl>\n"
}

fn waits(reports: &[&SimulationReport]) -> String {
    let Some(first) = reports.first() else { return String::new() };
    let label = |bin: &HistogramBin| match bin.to_seconds {
        Some(0) => "at once".to_owned(),
        Some(to) => format!("up to {}", short(to)),
        None => format!("over {}", short(bin.from_seconds)),
    };
    let rows = first.wait_histogram.iter().enumerate().map(|(at, bin)| {
        let count = |report: &&SimulationReport| {
            let chats = report.wait_histogram.get(at).map_or(0, |bin| bin.chats);
            (whole(chats), grouped(chats))
        };
        Bar { label: label(bin), note: None, values: reports.iter().map(count).collect() }
    });
    bars(&rows.collect::<Vec<_>>())
}

fn short(seconds: u64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min", seconds / 60),
        _ => format!("{} h", seconds / 3600),
    }
}

fn users(reports: &[&SimulationReport]) -> String {
    let mut ids = Vec::new();
    for user in reports.iter().flat_map(|report| &report.users) {
        if !ids.iter().any(|(id, _)| *id == &user.user) {
            ids.push((&user.user, &user.name));
        }
    }
    let rows = ids.into_iter().map(|(id, name)| {
        let of = |report: &&SimulationReport| {
            let user = report.users.iter().find(|user| user.user == *id);
            let chats = user.map_or(0, |user| user.assigned);
            let busy = user
                .and_then(|user| user.utilisation)
                .map_or_else(String::new, |part| format!(" · {}", percent(part)));
            (whole(chats), format!("{}{busy}", grouped(chats)))
        };
        Bar { label: name.to_string(), note: None, values: reports.iter().map(of).collect() }
    });
    bars(&rows.collect::<Vec<_>>())
}

fn rules(reports: &[&SimulationReport]) -> String {
    let mut keys = Vec::new();
    for figures in reports.iter().flat_map(|report| &report.rules) {
        let key = (rule_words(&figures.rule), &figures.rule.file, figures.kind);
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    let rows = keys.into_iter().map(|(name, file, kind)| {
        let of = |report: &&SimulationReport| {
            let rule =
                report.rules.iter().find(|rule| rule_words(&rule.rule) == name && rule.rule.file == *file);
            let messages = rule.map_or(0, |rule| rule.messages);
            (whole(messages), grouped(messages))
        };
        let kind = if kind == "rule" { String::new() } else { format!(", {kind}") };
        Bar {
            label: name.clone(),
            note: Some(format!("{file}{kind}")),
            values: reports.iter().map(of).collect(),
        }
    });
    bars(&rows.collect::<Vec<_>>())
}

fn groups(sides: &[(&str, &SimulationReport)]) -> String {
    let heads = [
        "group",
        "given",
        "answered",
        "p50",
        "p95",
        "p99",
        "mean queue",
        "longest queue",
        "timeouts",
        "replies",
        "not answered",
    ];
    let mut names: Vec<Option<&str>> = Vec::new();
    for group in sides.iter().flat_map(|(_, report)| &report.groups) {
        let name = group.group.as_deref();
        if (group.assigned > 0 || group.unanswered > 0) && !names.contains(&name) {
            names.push(name);
        }
    }
    let mut out = scroll_box("Groups") + "<table>\n<thead><tr>";
    for (column, head) in heads.into_iter().enumerate() {
        if column == 1 && sides.len() > 1 {
            out += "<th scope=\"col\">version</th>";
        }
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out += "</tr></thead>\n<tbody>\n";
    let mut rows = |name: &str, figures: &dyn Fn(&SimulationReport) -> Option<Vec<String>>| {
        for (side, (_, report)) in sides.iter().enumerate() {
            let _ = write!(out, "<tr class=\"row{side}\">");
            if side == 0 {
                let _ = write!(
                    out,
                    "<th scope=\"rowgroup\" rowspan=\"{}\"><bdi>{}</bdi></th>",
                    sides.len(),
                    escaped(name)
                );
            }
            if sides.len() > 1 {
                let _ = write!(out, "<td class=\"side{side}\">{}</td>", SIDES.get(side).unwrap_or(&""));
            }
            for cell in figures(report).unwrap_or_else(|| vec!["–".to_owned(); heads.len() - 1]) {
                let _ = write!(out, "<td>{cell}</td>");
            }
            out += "</tr>\n";
        }
    };
    for name in names {
        let find = |report: &SimulationReport| {
            report.groups.iter().find(|group| group.group.as_deref() == name).map(cells)
        };
        rows(name.unwrap_or("(no group)"), &find);
    }
    rows("all", &|report| Some(cells(&report.overall)));
    out + "</tbody>\n</table></div>\n"
}

fn cells(group: &GroupFigures) -> Vec<String> {
    let wait = group.answer_wait;
    let waits = [wait.p50_seconds, wait.p95_seconds, wait.p99_seconds];
    let mut cells = vec![grouped(group.assigned), grouped(wait.chats)];
    cells.extend(waits.map(|wait| wait.map_or_else(|| "–".to_owned(), time_words)));
    cells.extend([format!("{:.2}", group.queue.mean), grouped(group.queue.max.into())]);
    cells.extend([group.timeouts, group.replies.sent, group.unanswered].map(grouped));
    cells
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
fn whole(count: u64) -> f64 {
    count as f64
}
