//! The table, as Markdown.

use std::fmt::Write as _;

use crate::engines::{ENGINES, Sort};
use crate::measure::Row;

/// A line for each number of rules, a column for each engine; below the time how often ours would fit into it.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut table = String::from("| Rules |");
    for engine in &ENGINES {
        let _ = write!(table, " {} |", engine.name);
    }
    table += "\n|---:|";
    table += &"---:|".repeat(ENGINES.len());
    table += "\n";
    for row in rows {
        let _ = write!(table, "| {} |", grouped(row.rules));
        let ours = ENGINES.iter().zip(&row.nanoseconds).find(|(engine, _)| engine.sort == Sort::Ours);
        let ours = ours.and_then(|(_, time)| *time);
        for (engine, time) in ENGINES.iter().zip(&row.nanoseconds) {
            let ratio = time.zip(ours).filter(|_| engine.sort != Sort::Ours).map(|(time, ours)| time / ours);
            let ratio = ratio.map(|ratio| format!(" ({}×)", digits(ratio))).unwrap_or_default();
            let time = time.map_or_else(|| "–".to_owned(), shown);
            let _ = write!(table, " {time}{ratio} |");
        }
        table += "\n";
    }
    table
}

/// `5,000`
pub(crate) fn grouped(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}

/// `21 ns`, `4.0 µs`, `8.9 ms`
fn shown(nanoseconds: f64) -> String {
    let units = [(1e6, "ms"), (1e3, "µs")];
    let unit = units.into_iter().find(|(unit, _)| nanoseconds >= *unit).unwrap_or((1.0, "ns"));
    format!("{} {}", digits(nanoseconds / unit.0), unit.1)
}

/// Two digits, or as many as stand before the point.
fn digits(number: f64) -> String {
    let places = if number < 1.0 { 2 } else { usize::from(number < 10.0) };
    format!("{number:.places$}")
}
