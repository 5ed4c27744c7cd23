//! `rules completions`: what a shell needs to complete our arguments.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Exit, Failure, Program, output};

/// Print completions for a shell
#[derive(clap::Args)]
#[command(after_help = "Example: rules completions bash > ~/.local/share/bash-completion/completions/rules")]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Program::command(), "rules", &mut text);
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}
