//! Figures in words, for tables and charts.

use super::simulation_comparison::{FigureDifference, FigureSubject};
use crate::policy::RuleRef;

/// `9.3s`, `12s`, `4m 10s`, `2h 05m`, `3d 4h`
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is not negative, and small")]
pub(crate) fn time_words(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    match whole {
        0..60 if seconds < 9.95 && seconds > 0.0 => format!("{seconds:.1}s"),
        0..60 => format!("{whole}s"),
        60..3600 => format!("{}m {:02}s", whole / 60, whole % 60),
        3600..86_400 => format!("{}h {:02}m", whole / 3600, whole % 3600 / 60),
        _ => format!("{}d {}h", whole / 86_400, whole % 86_400 / 3600),
    }
}

/// `1,234,567`
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `37 %`, and with a decimal below 10 %
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    if percent > 0.0 && percent < 9.95 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}

/// `welcome`, or the place of a rule without a name.
pub(crate) fn rule_words(rule: &RuleRef) -> String {
    match &rule.name {
        Some(name) => name.to_string(),
        None => format!("{}:{}", rule.file, rule.line),
    }
}

/// `group Sales`
pub(crate) fn subject_words(subject: &FigureSubject) -> String {
    match subject {
        FigureSubject::All => "all".to_owned(),
        FigureSubject::Group { name: Some(name) } => format!("group {name}"),
        FigureSubject::Group { name: None } => "no group".to_owned(),
        FigureSubject::User { name } => format!("user {name}"),
        FigureSubject::Rule { name: Some(name), file, .. } => format!("rule {name} ({file})"),
        FigureSubject::Rule { name: None, file, line } => {
            line.map_or_else(|| format!("rule of {file}"), |line| format!("rule {file}:{line}"))
        }
    }
}

/// The figure, its old value, its new one, and the change.
pub(crate) fn difference_words(difference: &FigureDifference) -> [String; 4] {
    const NAMES: [(&str, &str); 12] = [
        ("answer_wait.chats", "answered"),
        ("unanswered", "not answered"),
        ("answer_wait.mean_seconds", "wait mean"),
        ("answer_wait.p50_seconds", "wait p50"),
        ("answer_wait.p95_seconds", "wait p95"),
        ("answer_wait.p99_seconds", "wait p99"),
        ("queue.mean", "queue mean"),
        ("queue.max", "queue most"),
        ("timeouts", "timeouts"),
        ("replies.sent", "replies"),
        ("assigned", "given"),
        ("utilisation", "utilisation"),
    ];
    let FigureDifference { figure, old, new, .. } = difference;
    let name = NAMES.iter().find(|(path, _)| path == figure).map_or(&**figure, |(_, name)| name);
    let value =
        |value: &Option<f64>| value.map_or_else(|| "–".to_owned(), |value| figure_words(figure, value));
    let change = old.zip(*new).map_or_else(String::new, |(old, new)| {
        let sign = if new < old { "−" } else { "+" };
        let size = (new - old).abs();
        match &**figure {
            "utilisation" => format!("{sign}{:.1} points", size * 100.0),
            _ => format!("{sign}{}", figure_words(figure, size)),
        }
    });
    [name.to_owned(), value(old), value(new), change]
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are whole and not negative"
)]
fn figure_words(figure: &str, value: f64) -> String {
    if figure.ends_with("seconds") {
        time_words(value)
    } else if figure == "utilisation" {
        percent(value)
    } else if figure.ends_with("mean") {
        format!("{value:.2}")
    } else {
        grouped(value as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        let words = [0.0, 0.04, 9.94, 9.96, 59.4, 61.0, 3600.0, 5430.0, 100_000.0].map(time_words);
        assert_eq!(words, ["0s", "0.0s", "9.9s", "10s", "59s", "1m 01s", "1h 00m", "1h 30m", "1d 3h"]);
    }

    #[test]
    fn large_numbers_are_grouped() {
        assert_eq!([1, 999, 1000, 1_000_000].map(grouped), ["1", "999", "1,000", "1,000,000"]);
    }

    #[test]
    fn percentages() {
        assert_eq!([0.0, 0.004, 0.099, 0.5, 1.0].map(percent), ["0 %", "0.4 %", "9.9 %", "50 %", "100 %"]);
    }

    #[test]
    fn a_change_of_utilisation_is_in_percentage_points() {
        let difference = FigureDifference {
            about: FigureSubject::User { name: "alice".into() },
            figure: "utilisation".to_owned(),
            old: Some(0.25),
            new: Some(0.2),
        };
        assert_eq!(difference_words(&difference), ["utilisation", "25 %", "20 %", "−5.0 points"]);
    }
}
