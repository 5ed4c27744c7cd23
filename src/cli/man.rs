//! `rules man`: the manual pages.

use clap::CommandFactory;

use super::{Exit, Failure, Program, output};

/// Print the manual page of `rules`, or of one of its verbs
#[derive(clap::Args)]
#[command(after_help = "Example: rules man > rules.1 && rules man check > rules-check.1")]
pub(super) struct Arguments {
    /// The verb, as in `rules man check`
    verb: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut program = Program::command();
    program.build();
    let page = match &arguments.verb {
        None => program,
        Some(verb) => program
            .find_subcommand(verb)
            .cloned()
            .ok_or_else(|| Failure::Said(format!("there is no verb `{verb}`; `rules help` lists them")))?,
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    output::print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}
