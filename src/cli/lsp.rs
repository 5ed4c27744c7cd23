//! `rules lsp`: the language server, for editors.

use super::exit::{Exit, Failure};
use crate::lsp::{Ended, serve_stdio};

/// Serve an editor (language server protocol)
///
/// The editor starts this and speaks with it over standard input and output. It shows mistakes while you type, with
/// their fixes, and more. See docs/editors.md.
#[derive(clap::Args)]
pub(super) struct LspArgs {
    /// Speak over standard input and output; there is no other way
    #[arg(long)]
    stdio: bool,
}

pub(super) fn run(_: &LspArgs) -> Result<Exit, Failure> {
    Ok(Exit::found(serve_stdio()? == Ended::Abandoned))
}
