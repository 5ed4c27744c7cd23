//! The program `inbox-host`.

use std::process::ExitCode;

/// A batch asks for thousands of small pieces of memory, and frees them on another thread than they came from.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    inbox_host::cli::main(inbox_host::shell::run)
}
