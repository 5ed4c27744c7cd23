//! The files of a store as they are after a power cut: with what was synced, and perhaps some of what was
//! written after.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

#[derive(Default)]
struct File {
    synced: Vec<u8>,
    pending: Vec<Change>,
}

impl File {
    fn apply(&mut self, change: Change) {
        match change {
            Change::Write(offset, data) => {
                let end = offset + data.len();
                self.synced.resize(self.synced.len().max(end), 0);
                self.synced[offset..end].copy_from_slice(&data);
            }
            Change::Truncate(length) => self.synced.resize(length, 0),
        }
    }
}

/// Writes the files that the journal tells of into `folder`. Of what was written after the last sync of each
/// file, the writes for which `survives` says so are there too, each whole or by half.
pub(crate) fn after_power_cut(journal: &Path, folder: &Path, mut survives: impl FnMut() -> bool) {
    let journal = fs::read(journal).unwrap();
    let mut files: BTreeMap<String, File> = BTreeMap::new();
    let mut rest = &journal[..];
    while rest.len() >= 17 {
        let number = |at: usize| u32::from_ne_bytes(rest[at..at + 4].try_into().unwrap()) as usize;
        let (path_length, length) = (number(1), number(13));
        let offset = usize::try_from(u64::from_ne_bytes(rest[5..13].try_into().unwrap())).unwrap();
        // The program was killed while it wrote the last entry.
        let Some(entry) = rest.get(17..17 + path_length + length) else { break };
        let (path, data) = entry.split_at(path_length);
        let path = String::from_utf8(path.to_vec()).unwrap();
        let file = files.entry(path.clone()).or_default();
        match rest[0] {
            // SQLite syncs the folder after it has removed a file.
            b'U' => drop(files.remove(&path)),
            b'W' => file.pending.push(Change::Write(offset, data.to_vec())),
            b'T' => file.pending.push(Change::Truncate(offset)),
            _ => {
                for change in std::mem::take(&mut file.pending) {
                    file.apply(change);
                }
            }
        }
        rest = &rest[17 + path_length + length..];
    }
    fs::create_dir_all(folder).unwrap();
    for (path, mut file) in files {
        for change in std::mem::take(&mut file.pending) {
            match change {
                Change::Write(offset, data) if survives() => {
                    let kept = if survives() { data.len() } else { data.len() / 2 };
                    file.apply(Change::Write(offset, data[..kept].to_vec()));
                }
                Change::Truncate(_) | Change::Write(..) => {}
            }
        }
        let name = Path::new(path.trim_end_matches(" (deleted)")).file_name().unwrap();
        if !path.ends_with(" (deleted)") {
            fs::write(folder.join(name), file.synced).unwrap();
        }
    }
}
