//! The digest of a folder.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::policy::{Files, Folder, RuleFile};
use crate::reload::FolderDigest;
use crate::text::Source;

fn folder(inbox: &str, files: &[(&str, &str)]) -> Folder {
    let file = |(name, text): &(&str, &str)| {
        (Arc::from(*name), Arc::new(RuleFile::parse(Source::new(*name, *text))))
    };
    Folder::new(Some(Source::new("inbox.toml", inbox)), files.iter().map(file).collect::<Files>())
}

#[test]
fn the_order_of_changes_does_not_matter() {
    let states = [
        folder("", &[("a.rules", "let a = new_customer"), ("b.rules", "")]),
        folder("", &[("a.rules", ""), ("b.rules", "let a = new_customer")]),
        folder("[users.alice]", &[("a.rules", "")]),
        folder("[users.alice]", &[]),
        Folder::new(None, Files::default()),
        folder("", &[("a.rules", "let a = new_customer"), ("b.rules", "")]),
    ];
    let mut kept = FolderDigest::default();
    let mut seen = Vec::new();
    for state in &states {
        kept.update(state);
        assert_eq!(kept.to_string(), FolderDigest::of(state).to_string());
        seen.push(kept.to_string());
    }
    assert_eq!(seen[0], seen[5]);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 5);
    assert!(seen.iter().all(|digest| digest.len() == "sha256:".len() + 64 && digest.starts_with("sha256:")));
}

/// A sum of the hashes of the files would be the same for many folders, and easy to reach on purpose.
#[test]
fn files_of_one_bucket_do_not_cancel_out() {
    let names: Vec<String> = (0..2_000).map(|number| format!("f{number}.rules")).collect();
    let texts = |shift: usize| -> Vec<(&str, String)> {
        names
            .iter()
            .enumerate()
            .map(|(at, name)| (name.as_str(), format!("# {}", (at + shift) % 2_000)))
            .collect()
    };
    let digest = |shift: usize| {
        let texts = texts(shift);
        let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
        FolderDigest::of(&folder("", &files)).to_string()
    };
    assert_ne!(digest(0), digest(1));
}
