//! `rules man`: the man pages.

use clap::Command;

use super::exit::{Exit, Failure};
use super::output;

/// Print the man page of `rules` or of one of its verbs
#[derive(clap::Args)]
#[command(after_help = "Example: rules man > rules.1 && rules man check > rules-check.1")]
pub(super) struct ManArgs {
    /// The verb, as in `rules man check`
    verb: Option<String>,
}

pub(super) fn run(arguments: &ManArgs, mut program: Command) -> Result<Exit, Failure> {
    program.build();
    let page = match &arguments.verb {
        None => program,
        Some(verb) => program
            .find_subcommand(verb)
            .cloned()
            .ok_or_else(|| Failure::Message(format!("there is no verb `{verb}`; `rules help` lists them")))?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}
