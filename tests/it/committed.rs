//! Files that are made from the code and committed: `UPDATE=1 cargo test --test it` writes them anew.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Fails unless `path` (from the repository's root) holds `text`; writes it where `UPDATE` is set.
#[track_caller]
pub(crate) fn is_current(path: &str, text: &str) {
    let file = root().join(path);
    let stands = fs::read_to_string(&file).unwrap_or_default();
    if stands == text {
        return;
    }
    if env::var_os("UPDATE").is_some() {
        fs::create_dir_all(file.parent().expect("a file in a folder")).expect("the folder can be made");
        fs::write(&file, text).expect("the file can be written");
        return;
    }
    let line = stands.lines().zip(text.lines()).position(|(a, b)| a != b).map_or(0, |at| at + 1);
    panic!("{path} is not what the code gives, from line {line}; UPDATE=1 cargo test --test it writes it");
}

/// The text of a file, by its path from the repository's root.
#[track_caller]
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
