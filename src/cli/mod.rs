//! The program `rules`: arguments, exit codes, one file per verb.

mod changed;
mod check;
mod completions;
mod coverage;
mod decided;
mod diff;
mod explain;
mod fix;
mod init;
mod man;
mod output;
mod paths;
mod progress;
mod revision;
mod route;
mod situations;
mod test;
mod tested;
mod told;
mod watch;

use std::io;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::diagnostic::{Finding, human};
use crate::load::LoadError;

/// Decides who answers a customer, by rules that people write
#[derive(Parser)]
#[command(
    name = "rules",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(after_help = "Begin with `rules init`, then `rules check` and `rules test`.\n\n\
    Exit codes: 0 nothing found, 1 something found, 2 the command could not do its work.")]
struct Program {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Init(init::Arguments),
    Check(check::Arguments),
    Explain(explain::Arguments),
    Test(test::Arguments),
    Route(route::Arguments),
    Diff(diff::Arguments),
    Completions(completions::Arguments),
    Man(man::Arguments),
}

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Exit {
    /// There is nothing to be done.
    Clean,
    /// A finding at error level, a failed test, a difference, a line that is no situation.
    Found,
}

impl Exit {
    fn found(found: bool) -> Self {
        if found { Self::Found } else { Self::Clean }
    }
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Said(String),
    #[error(transparent)]
    Load(#[from] LoadError),
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
}

/// Runs the program on the arguments it was called with.
pub fn main() -> ExitCode {
    let ended = match Program::parse().verb {
        Verb::Init(arguments) => init::run(&arguments),
        Verb::Check(arguments) => check::run(&arguments),
        Verb::Explain(arguments) => explain::run(&arguments),
        Verb::Test(arguments) => test::run(&arguments),
        Verb::Route(arguments) => route::run(&arguments),
        Verb::Diff(arguments) => diff::run(&arguments),
        Verb::Completions(arguments) => completions::run(&arguments),
        Verb::Man(arguments) => man::run(&arguments),
    };
    match ended {
        Ok(Exit::Clean) => ExitCode::SUCCESS,
        Ok(Exit::Found) => ExitCode::from(1),
        Err(Failure::Output(error)) if output::is_closed(&error) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&failure);
            ExitCode::from(2)
        }
    }
}

fn complain(failure: &Failure) {
    let Failure::Load(LoadError::Faults { findings, sources }) = failure else {
        return output::tell(&format!("error: {failure}\n"));
    };
    let faults: Vec<Finding> = findings.iter().filter(|finding| finding.code.is_fault()).cloned().collect();
    let shown = human::render(&faults, sources, output::style(&io::stderr()));
    output::tell(&format!("{shown}error: the rules have no meaning until this is mended\n"));
}
