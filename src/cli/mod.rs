//! The program `rules`: arguments, exit codes, one file per verb.

mod exit;
mod output;
mod paths;
mod progress;
mod revision;
mod watch;
mod situations;
mod decision_text;
mod diff_output;
mod coverage_report;
mod test_report;
mod replace_file;
mod changed_file;
mod fix;
mod init;
mod check;
mod fmt;
mod explain;
mod run_tests;
mod route;
mod diff;
mod log_blocks;
mod log_input;
mod replay_output;
mod replay;
mod graph;
mod recorded_arrivals;
mod simulate_output;
mod simulate;
#[cfg(feature = "lsp")]
mod lsp;
mod completions;
mod man;
mod program;

pub use program::main;
