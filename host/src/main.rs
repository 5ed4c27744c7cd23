//! The program `inbox-host`.

use std::process::ExitCode;

fn main() -> ExitCode {
    inbox_host::cli::main(inbox_host::shell::run)
}
