//! Pipes, sockets, devices and names that are not text, where a rule file is expected.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::load::file::{ReadError, content, content_within};
use crate::load::{Location, RuleSet, Snapshot, Trust, read_folder, reread};

const POLICY: &str = "otherwise: assign nobody\n";
const FILE: &str = "+15550100.rules";

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inbox.toml"), "[users.alice]\n").unwrap();
    fs::write(folder.path().join(FILE), POLICY).unwrap();
    folder
}

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Runs `read` and fails if it takes longer than a reader may.
#[track_caller]
fn returns<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, result) = mpsc::channel();
    thread::spawn(move || sender.send(read()));
    result.recv_timeout(Duration::from_secs(20)).expect("the reader does not wait")
}

fn why<T>(result: Result<T, ReadError>) -> String {
    result.map(|_| ()).unwrap_err().finding(FILE).message
}

#[test]
fn a_pipe_where_a_file_was_listed_does_not_block_the_reader() {
    let folder = folder();
    let path = folder.path().join("pipe");
    make_pipe(&path);
    let root = folder.path().canonicalize().unwrap();
    let told = returns(move || [why(content(&path)), why(content_within(&path, &root))]);
    assert_eq!(told, ["this file cannot be read: it is not a file"; 2]);
}

#[test]
fn a_pipe_that_is_renamed_over_a_file_is_a_finding() {
    for name in [FILE, "inbox.toml"] {
        let folder = folder();
        let location = Location::of(folder.path());
        let before = crate::load::reread_all(&location, &Snapshot::default(), Trust::Nothing).unwrap();
        make_pipe(&folder.path().join("pipe"));
        fs::rename(folder.path().join("pipe"), folder.path().join(name)).unwrap();
        let after = returns(move || reread(&location, &[name.to_owned()].into(), &before)).unwrap();
        let mut found =
            after.folder.files.values().flat_map(|file| &file.findings).chain(&after.folder.findings);
        assert!(
            found.any(|finding| finding.message == "this file cannot be read: it is not a file"),
            "{name}"
        );
    }
}

#[test]
fn sockets_and_devices_are_not_read() {
    let folder = folder();
    let _socket = UnixListener::bind(folder.path().join("default.rules")).unwrap();
    symlink("/dev/zero", folder.path().join("zero.rules")).unwrap();
    let path = folder.path().to_owned();
    let read = returns(move || read_folder(&path)).unwrap();
    let told = |name: &str| read.files.get(name).unwrap().findings[0].message.clone();
    assert_eq!(told("default.rules"), "this file cannot be read: it is not a file");
    assert_eq!(told("zero.rules"), "this link leads outside the folder");
}

#[test]
fn a_name_that_is_not_text_is_told_and_blocks_nothing() {
    let folder = folder();
    let name = |bytes: &[u8]| folder.path().join(OsStr::from_bytes(bytes));
    fs::write(name(b"caf\xE9.rules"), POLICY).unwrap();
    fs::create_dir(name(b"d\xE9")).unwrap();
    fs::write(name(b"d\xE9/a.rules"), POLICY).unwrap();
    assert_eq!(RuleSet::load(folder.path()).unwrap().policies().count(), 1);
    let read = read_folder(folder.path()).unwrap();
    assert_eq!(read.files.names().map(|name| &**name).collect::<Vec<_>>(), [FILE]);
    #[cfg(feature = "check")]
    {
        let found = crate::check::check(&read);
        let told: Vec<_> =
            found.iter().filter(|finding| finding.code == crate::diagnostic::Code::IgnoredFile).collect();
        assert_eq!(told.len(), 2, "{found:?}");
        assert_eq!(told[0].message, "this file or folder is not read: its name is not UTF-8");
    }
}
