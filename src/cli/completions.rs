//! `rules completions`: shell completions.

use clap::Command;
use clap_complete::Shell;

use super::exit::{Exit, Failure};
use super::output;

/// Print the completion script for a shell
#[derive(clap::Args)]
#[command(after_help = "Example: rules completions bash > ~/.local/share/bash-completion/completions/rules")]
pub(super) struct CompletionsArgs {
    /// The shell to complete in
    shell: Shell,
}

pub(super) fn run(arguments: &CompletionsArgs, mut program: Command) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut program, "rules", &mut text);
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}
