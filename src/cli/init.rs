//! `rules init`: writes a first inbox and its policy, with tests.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::exit::{Exit, Failure};
use super::output;

/// Create a sample `inbox.toml` and a policy with five rules and their tests
#[derive(clap::Args)]
#[command(after_help = "Example: rules init && rules check && rules test")]
pub(super) struct InitArgs {
    /// The folder to create them in
    #[arg(value_name = "DIR", default_value = "rules")]
    folder: PathBuf,
}

const FILES: [(&str, &str); 2] =
    [("inbox.toml", include_str!("init/inbox.toml")), ("+15550100.rules", include_str!("init/store.rules"))];

pub(super) fn run(arguments: &InitArgs) -> Result<Exit, Failure> {
    let folder = &arguments.folder;
    if let Some(path) = FILES.iter().map(|(name, _)| folder.join(name)).find(|path| exists(path)) {
        return Err(Failure::Message(format!("`{}` already exists, so nothing was written", path.display())));
    }
    fs::create_dir_all(folder).map_err(|error| cannot_write(folder, &error))?;
    for (name, text) in FILES {
        let path = folder.join(name);
        write_new(&path, text).map_err(|error| cannot_write(&path, &error))?;
        output::print(&format!("wrote {}\n", path.display()))?;
    }
    let argument = match folder.to_string_lossy() {
        folder if folder == "rules" => String::new(),
        folder => format!(" {folder}"),
    };
    output::print(&format!(
        "\nPut your users, groups and number into inbox.toml. Then run:\n\
         \x20 rules check{argument}    to find mistakes in the rules\n\
         \x20 rules test{argument}     to run their tests\n"
    ))?;
    Ok(Exit::Clean)
}

/// Whether the path exists, even as a broken link.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Writes a new file; fails if it exists, even if another process has just created it.
fn write_new(path: &Path, text: &str) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    Failure::Message(format!("cannot write `{}`: {error}", path.display()))
}
