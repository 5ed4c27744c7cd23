//! A folder with a cursor in one of its files.

use crate::check::Workspace;
use crate::policy::{Folder, INBOX};
use crate::testing::{FILE, INBOX as SAMPLE, folder};
use crate::text::Span;

/// The cursor in a text.
const CURSOR: &str = "<|>";

/// The file that a policy can use by `use "common.rules"`.
const COMMON: &str = "hours office = mon-fri 09:00-17:00 except holidays\ndates holidays = dec 25\n\
    let vip = customer has tag \"vip\" or customer.plan is \"gold\"\n";

/// A folder, and the place of the cursor in it.
pub(in crate::ide) struct Fixture {
    pub(in crate::ide) workspace: Workspace,
    /// The file that has the cursor; the policy where none has.
    pub(in crate::ide) file: &'static str,
    pub(in crate::ide) at: u32,
}

/// The sample inbox, `common.rules` and this policy, which may have a cursor `<|>`.
pub(in crate::ide) fn fixture(policy: &str) -> Fixture {
    files(SAMPLE, COMMON, policy)
}

/// The sample inbox and `common.rules`, with a cursor before `inbox` in the one and this policy in the other.
pub(in crate::ide) fn fixture_in_inbox(before: &str, policy: &str) -> Fixture {
    let at = SAMPLE.find(before).expect("the sample inbox has the text");
    files(&format!("{}{CURSOR}{}", &SAMPLE[..at], &SAMPLE[at..]), COMMON, policy)
}

/// A folder of these three files, one of which may have a cursor.
pub(in crate::ide) fn files(inbox: &str, common: &str, policy: &str) -> Fixture {
    let (mut file, mut at) = (FILE, 0);
    let texts = [(INBOX, inbox), ("common.rules", common), (FILE, policy)].map(|(name, text)| {
        if let Some(cursor) = text.find(CURSOR) {
            (file, at) = (name, u32::try_from(cursor).expect("a short text"));
        }
        (name, text.replace(CURSOR, ""))
    });
    let texts: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let mut workspace = Workspace::for_faults();
    workspace.update(folder(&texts));
    Fixture { workspace, file, at }
}

impl Fixture {
    pub(in crate::ide) fn folder(&self) -> &Folder {
        self.workspace.folder()
    }

    /// The text at `span` of a file.
    pub(in crate::ide) fn slice(&self, file: &str, span: Span) -> &str {
        let folder = self.folder();
        let source = if file == INBOX {
            folder.inbox_source.as_ref()
        } else {
            folder.files.get(file).map(|file| &file.source)
        };
        source.map(|source| source.slice(span)).unwrap_or_default()
    }

    /// `file:line text`
    pub(in crate::ide) fn place(&self, file: &str, span: Span) -> String {
        let folder = self.folder();
        let text = if file == INBOX {
            &folder.inbox_source.as_ref().expect("there is an inbox").text
        } else {
            &folder.files.get(file).expect("there is the file").source.text
        };
        let line = text[..span.start as usize].matches('\n').count() + 1;
        let name = if file == FILE { "policy" } else { file };
        format!("{name}:{line} {}", self.slice(file, span)).trim_end().to_owned()
    }
}
