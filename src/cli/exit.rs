//! How a command ends: the exit codes, and why a command could not do its work.

use std::io;
use std::process::ExitCode;

use super::output;
use crate::diagnostic::{Finding, Sources, human};
use crate::load::LoadError;

/// How a command that did its work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// There is nothing to report.
    Clean,
    /// An error, a failed test, a difference or an invalid situation was found.
    Found,
}

/// Why a command could not do its work.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error("{0}")]
    Message(String),
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The traffic of a simulation has mistakes.
    #[error("the traffic cannot be simulated until this is fixed")]
    Traffic { findings: Vec<Finding>, sources: Sources },
    #[error("cannot write the output: {0}")]
    Output(#[from] io::Error),
}

impl Exit {
    /// [`Exit::Found`] if something was found.
    pub(super) fn found(found: bool) -> Self {
        if found { Self::Found } else { Self::Clean }
    }
}

/// The exit code of the program; a failure is first reported on standard error.
pub(super) fn exit_code(result: Result<Exit, Failure>) -> ExitCode {
    match result {
        Ok(Exit::Clean) => ExitCode::SUCCESS,
        Ok(Exit::Found) => ExitCode::from(1),
        // The reader, for example `head`, has closed the output because it needs no more.
        Err(Failure::Output(error)) if output::is_closed(&error) => ExitCode::SUCCESS,
        Err(failure) => {
            report(&failure);
            ExitCode::from(2)
        }
    }
}

/// Writes a failure to standard error.
pub(super) fn report(failure: &Failure) {
    if let Failure::Traffic { findings, sources } = failure {
        let rendered = human::render(findings, sources, output::style(&io::stderr()));
        return output::eprint(&format!("{rendered}error: {failure}\n"));
    }
    let Failure::Load(LoadError::Faults { findings, sources }) = failure else {
        return output::eprint(&format!("error: {failure}\n"));
    };
    let faults: Vec<Finding> = findings.iter().filter(|finding| finding.code.is_fault()).cloned().collect();
    let rendered = human::render(&faults, sources, output::style(&io::stderr()));
    output::eprint(&format!("{rendered}error: the rules cannot be used until this is fixed\n"));
}
