//! What people write who do not know the language yet (`in_words.txt`): a fix that is offered mends what it is for.

use crate::check::{check, fix_folder};
use crate::diagnostic::{Finding, Level};
use crate::policy::Folder;
use crate::testing::{FILE, INBOX, folder};

/// The snippets, and whether each is an `inbox.toml`. After `@reveals`, something else that is wrong shows only when the
/// rest is mended.
fn snippets() -> impl Iterator<Item = (&'static str, bool, bool)> {
    include_str!("in_words.txt").split("\n----\n").map(|snippet| {
        let (reveals, snippet) = match snippet.strip_prefix("@reveals\n") {
            Some(rest) => (true, rest),
            None => (false, snippet),
        };
        match snippet.strip_prefix("@toml\n") {
            Some(toml) => (toml, true, reveals),
            None => (snippet, false, reveals),
        }
    })
}

fn errors(folder: &Folder) -> Vec<Finding> {
    check(folder).into_iter().filter(|finding| finding.level == Level::Error).collect()
}

#[test]
fn fixes_mend_what_they_are_for() {
    let mut wrong = Vec::new();
    for (snippet, is_inbox, reveals) in snippets() {
        let broken = if is_inbox {
            folder(&[("inbox.toml", snippet), (FILE, "otherwise: assign nobody\n")])
        } else {
            folder(&[("inbox.toml", INBOX), (FILE, snippet)])
        };
        let before = errors(&broken);
        let fixed = fix_folder(broken, |finding| finding.level == Level::Error).folder;
        let after = errors(&fixed);
        let unfixed = before.iter().filter(|finding| finding.fix.is_none()).count();
        let text = if is_inbox {
            &fixed.inbox_source.as_ref().unwrap().text
        } else {
            &fixed.files.get(FILE).unwrap().source.text
        };
        let mut report = |what: &str| {
            let messages: Vec<&str> = after.iter().map(|finding| &*finding.message).collect();
            wrong.push(format!("{what}:\n{snippet}\n→\n{text}\n{}", messages.join("\n")));
        };
        if after.len() > unfixed && !reveals {
            report("a fix leaves an error");
        }
        if before.len() > unfixed && &**text == snippet {
            report("a fix changes nothing");
        }
        if !fix_folder(fixed.clone(), |finding| finding.level == Level::Error).fixes.is_empty() {
            report("a second run fixes more");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
