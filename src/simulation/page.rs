//! The figures of a simulation as one page with charts. Nothing is loaded, and no script runs.

use std::fmt::Write;

use super::charts::{Bar, bars, course, escaped, legend};
use super::figure_words::{percent, rule_words, time_words};
use super::report::{GroupFigures, SimulationReport, WaitBin};

const STYLE: &str = include_str!("page.css");

/// A page about one simulation, or about two versions of the rules, each with its name.
pub fn page(sides: &[(&str, &SimulationReport)]) -> String {
    let Some((_, first)) = sides.first() else { return String::new() };
    let reports: Vec<&SimulationReport> = sides.iter().map(|(_, report)| *report).collect();
    let day = |at: &str| escaped(at.get(..16).unwrap_or(at)).replace('T', " ");
    let mut out = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>Simulation of rules</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>Simulation of rules</h1>\n<p class=\"span\">{} to {}, seed {}</p>\n",
        day(&first.start),
        day(&first.end),
        first.seed,
    );
    if let [_, _] = sides {
        let names: Vec<&str> = sides.iter().map(|(name, _)| *name).collect();
        out += &legend(&names);
    }
    out += &key_figures(&reports);
    section(
        &mut out,
        "Chats that wait for an answer",
        "The mean in each interval, in local time.",
        &course(&reports),
    );
    section(
        &mut out,
        "How long customers wait",
        "Chats by the time from the message to the first answer.",
        &waits(&reports),
    );
    section(
        &mut out,
        "Chats of each user",
        "How often each user was given a chat; and the part of their time that they worked.",
        &users(&reports),
    );
    section(&mut out, "Groups", "p50, p95 and p99: from the message to the first answer.", &groups(sides));
    section(
        &mut out,
        "Messages of each rule",
        "A rule without messages was not needed in this traffic.",
        &rules(&reports),
    );
    out += "</main>\n</body>\n</html>\n";
    out
}

fn section(out: &mut String, title: &str, note: &str, content: &str) {
    let _ = write!(out, "<section>\n<h2>{title}</h2>\n<p class=\"note\">{note}</p>\n{content}</section>\n");
}

/// A figure as text.
type KeyFigure<'a> = &'a dyn Fn(&SimulationReport) -> String;

fn key_figures(reports: &[&SimulationReport]) -> String {
    let wait = |figure: Option<f64>| figure.map_or_else(|| "–".to_owned(), time_words);
    let figures: [(&str, KeyFigure<'_>); 8] = [
        ("messages", &|report| report.messages.arrived.to_string()),
        ("chats answered", &|report| report.overall.answer_wait.chats.to_string()),
        ("chats not answered", &|report| report.overall.unanswered.to_string()),
        ("median wait", &|report| wait(report.overall.answer_wait.p50_seconds)),
        ("95 % wait at most", &|report| wait(report.overall.answer_wait.p95_seconds)),
        ("wait at the same time, at most", &|report| report.unanswered.max.to_string()),
        ("offered load in erlangs", &|report| format!("{:.2}", report.offered_load)),
        ("fairness of chats (Jain)", &|report| {
            report.fairness.assigned.map_or_else(|| "–".to_owned(), |index| format!("{index:.3}"))
        }),
    ];
    let mut out = "<dl class=\"key\">\n".to_owned();
    for (name, figure) in figures {
        let values = reports.iter().enumerate();
        let values = values.map(|(side, report)| format!("<dd class=\"side{side}\">{}</dd>", figure(report)));
        let _ = writeln!(out, "<div><dt>{name}</dt>{}</div>", values.collect::<String>());
    }
    out + "</dl>\n"
}

fn waits(reports: &[&SimulationReport]) -> String {
    let Some(first) = reports.first() else { return String::new() };
    let label = |bin: &WaitBin| match bin.to_seconds {
        Some(0) => "at once".to_owned(),
        Some(to) => format!("up to {}", short(to)),
        None => format!("over {}", short(bin.from_seconds)),
    };
    let rows = first.wait_bins.iter().enumerate().map(|(at, bin)| {
        let count = |report: &&SimulationReport| {
            let chats = report.wait_bins.get(at).map_or(0, |bin| bin.chats);
            (whole(chats), chats.to_string())
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
            (whole(chats), format!("{chats}{busy}"))
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
            (whole(messages), messages.to_string())
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
        "chats",
        "p50",
        "p95",
        "p99",
        "queue, mean",
        "queue, most",
        "timeouts",
        "replies",
        "not answered",
    ];
    let mut out = "<div class=\"scroll\"><table>\n<thead><tr>".to_owned();
    for head in heads {
        let _ = write!(out, "<th scope=\"col\">{head}</th>");
    }
    out += "</tr></thead>\n<tbody>\n";
    for (side, (_, report)) in sides.iter().enumerate() {
        let used = report.groups.iter().filter(|group| group.assigned > 0 || group.unanswered > 0);
        let rows = used.map(|group| (group.group.as_deref().unwrap_or("(no group)"), group));
        for (name, group) in rows.chain([("all", &report.overall)]) {
            let class = if sides.len() > 1 { format!(" class=\"side{side}\"") } else { String::new() };
            let _ = write!(out, "<tr{class}><th scope=\"row\" dir=\"auto\">{}</th>", escaped(name));
            for cell in cells(group) {
                let _ = write!(out, "<td>{cell}</td>");
            }
            out += "</tr>\n";
        }
    }
    out + "</tbody>\n</table></div>\n"
}

fn cells(group: &GroupFigures) -> Vec<String> {
    let wait = group.answer_wait;
    let waits = [wait.p50_seconds, wait.p95_seconds, wait.p99_seconds];
    let mut cells = vec![group.assigned.to_string()];
    cells.extend(waits.map(|wait| wait.map_or_else(|| "–".to_owned(), time_words)));
    cells.extend([format!("{:.2}", group.queue.mean), group.queue.max.to_string()]);
    cells.extend([group.timeouts, group.replies.sent, group.unanswered].map(|count| count.to_string()));
    cells
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
fn whole(count: u64) -> f64 {
    count as f64
}
