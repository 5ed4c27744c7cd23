//! The program `rules`.

/// The program is busy with small pieces of memory: the parts of messages and of decisions.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    inbox_rules::cli::main()
}
