//! The table, as Markdown.

use std::fmt::Write as _;

use crate::engines::{ENGINES, EngineKind};
use crate::measure::Row;

/// A row for each number of rules and a column for each engine, with the ratio to our time.
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
        let ours = ENGINES.iter().zip(&row.nanoseconds).find(|(engine, _)| engine.kind == EngineKind::Ours);
        let ours = ours.and_then(|(_, time)| *time);
        for (engine, time) in ENGINES.iter().zip(&row.nanoseconds) {
            let ratio =
                time.zip(ours).filter(|_| engine.kind != EngineKind::Ours).map(|(time, ours)| time / ours);
            let ratio = ratio.map(|ratio| format!(" ({}×)", digits(ratio))).unwrap_or_default();
            let time = time.map_or_else(|| "–".to_owned(), duration);
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
fn duration(nanoseconds: f64) -> String {
    let units = [(1e6, "ms"), (1e3, "µs")];
    let unit = units.into_iter().find(|(unit, _)| nanoseconds >= *unit).unwrap_or((1.0, "ns"));
    format!("{} {}", digits(nanoseconds / unit.0), unit.1)
}

/// Two significant digits, or all digits of the integer part.
fn digits(number: f64) -> String {
    let decimals = if number < 1.0 { 2 } else { usize::from(number < 10.0) };
    format!("{number:.decimals$}")
}
