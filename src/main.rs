//! The program `rules`.

fn main() -> std::process::ExitCode {
    inbox_rules::cli::main()
}
