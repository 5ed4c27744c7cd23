//! The program `inbox-host`.

use std::process::ExitCode;

fn main() -> ExitCode {
    inbox_host::cli::main(|_| {
        inbox_host::cli::eprint(
            "error: this build does not serve yet; `--check` judges the settings and the rules\n",
        );
        ExitCode::from(2)
    })
}
