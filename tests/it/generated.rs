//! Generated files that are committed. `UPDATE=1 cargo test --test it` writes them again.

use std::path::{Path, PathBuf};
use std::{env, fs};

/// Fails if the file at `path` (from the root of the repository) is not `text`; if `UPDATE` is set, writes it instead.
#[track_caller]
pub(crate) fn assert_current(path: &str, text: &str) {
    let file = root().join(path);
    let current = fs::read_to_string(&file).unwrap_or_default();
    if current == text {
        return;
    }
    if env::var_os("UPDATE").is_some() {
        fs::create_dir_all(file.parent().expect("a file in a folder")).expect("the folder can be created");
        fs::write(&file, text).expect("the file can be written");
        return;
    }
    let line = current.lines().zip(text.lines()).position(|(a, b)| a != b).map_or(0, |at| at + 1);
    panic!(
        "{path} differs from what the code generates, from line {line}; `UPDATE=1 cargo test --test it` writes it again"
    );
}

/// The text of a file, by its path from the root of the repository.
#[track_caller]
pub(crate) fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}
