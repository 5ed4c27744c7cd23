//! The verbs of the program, and which file runs each.

use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

#[cfg(feature = "lsp")]
use super::lsp;
use super::{
    check, completions, diff, exit, explain, fmt, graph, init, man, replay, route, run_tests, simulate,
};

/// Check, test and apply the rules that decide who answers a customer
#[derive(Parser)]
#[command(
    name = "rules",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(after_help = "To get started, run `rules init`, then `rules check` and `rules test`.\n\n\
    Exit codes:\n  \
    0  no error was found; warnings and notes may remain\n  \
    1  an error, a failed test, a difference or an invalid situation was found\n  \
    2  the command could not do its work")]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Init(init::InitArgs),
    Check(check::CheckArgs),
    Explain(explain::ExplainArgs),
    Fmt(fmt::FmtArgs),
    Test(run_tests::TestArgs),
    Route(route::RouteArgs),
    Diff(diff::DiffArgs),
    Replay(replay::ReplayArgs),
    Graph(graph::GraphArgs),
    Simulate(simulate::SimulateArgs),
    #[cfg(feature = "lsp")]
    Lsp(lsp::LspArgs),
    Completions(completions::CompletionsArgs),
    Man(man::ManArgs),
}

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    exit::exit_code(match Cli::parse().verb {
        Verb::Init(args) => init::run(&args),
        Verb::Check(args) => check::run(&args),
        Verb::Explain(args) => explain::run(&args),
        Verb::Fmt(args) => fmt::run(&args),
        Verb::Test(args) => run_tests::run(&args),
        Verb::Route(args) => route::run(&args),
        Verb::Diff(args) => diff::run(&args),
        Verb::Replay(args) => replay::run(&args),
        Verb::Graph(args) => graph::run(&args),
        Verb::Simulate(args) => simulate::run(&args),
        #[cfg(feature = "lsp")]
        Verb::Lsp(args) => lsp::run(&args),
        Verb::Completions(args) => completions::run(&args, Cli::command()),
        Verb::Man(args) => man::run(&args, Cli::command()),
    })
}
