//! How long one decision takes, beside hand-written Rust and other rule engines.
//!
//! `cargo run --release` prints a table; the README explains the method.

mod adapter;
mod engines;
mod measure;
mod plot;
mod recipe;
mod table;

use std::process::ExitCode;
use std::{env, fs};

use measure::{Row, measure};
use recipe::SIZES;

const USAGE: &str = "usage: peers [--rules 5,50] [--without-peers] [--out FILE] [--svg FILE]";

fn main() -> ExitCode {
    match run(&env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &[String]) -> Result<(), String> {
    let mut sizes = SIZES.to_vec();
    let (mut with_peers, mut out, mut svg) = (true, None, None);
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("`{name}` needs a value"));
        match &**name {
            "--rules" => sizes = read_sizes(value()?)?,
            "--without-peers" => with_peers = false,
            "--out" => out = Some(value()?),
            "--svg" => svg = Some(value()?),
            _ => return Err(USAGE.to_owned()),
        }
    }
    let rows: Vec<Row> = sizes.into_iter().map(|size| measure(size, with_peers)).collect();
    let table = table::table(&rows);
    print!("{table}");
    if let Some(file) = out {
        write(file, &table)?;
    }
    if let Some(file) = svg {
        write(file, &plot::plot(&rows))?;
    }
    Ok(())
}

fn read_sizes(given: &str) -> Result<Vec<usize>, String> {
    let size = |size: &str| size.parse().ok().filter(|size| SIZES.contains(size));
    let sizes: Option<Vec<usize>> = given.split(',').map(size).collect();
    sizes.ok_or_else(|| format!("`--rules` takes sizes from {SIZES:?}, for example `5,50`"))
}

fn write(file: &str, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|error| format!("{file}: {error}"))
}
