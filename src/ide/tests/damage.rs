//! Files with mistakes: every answer is given, and lies in its file.

use jiff::Timestamp;

use crate::check::Workspace;
use crate::dice;
use crate::ide::{
    FileEdit, Place, Symbol, code_lenses, completion, definition, folding, hover, inlay_hints,
    prepare_rename, references, rename, selection, semantic_tokens, symbols, workspace_symbols,
};
use crate::policy::INBOX;
use crate::testing::{COMMON, FILE, damage, folder, other_damage, sound_policies};
use crate::text::Span;

/// How many damaged texts of each policy are asked about.
const DAMAGED: usize = 2;
/// How many places of a text are asked about, beside the place of the mistake.
const PLACES: usize = 8;

#[test]
fn every_answer_about_a_damaged_file_lies_in_the_file() {
    let mut random = dice(17, None);
    let mut asked = 0;
    for sample in sound_policies() {
        for round in 0..DAMAGED {
            let damaged = if round == 0 {
                damage(sample.text, &mut random)
            } else {
                other_damage(sample.text, &mut random)
            };
            let Some(damaged) = damaged else { continue };
            let folder = Answers::of(sample.inbox, &damaged.text);
            folder.about_the_file();
            let step = damaged.text.len() / PLACES + 1;
            let near = damaged.place.start.saturating_sub(3)..=damaged.place.end + 3;
            for at in (round..damaged.text.len()).step_by(step).chain(near) {
                folder.about_the_place(at);
                asked += 1;
            }
        }
    }
    assert!(asked > 300, "{asked}");
}

/// Every byte, also those inside a character and those behind the end.
#[test]
fn every_byte_of_a_damaged_file_can_be_asked_about() {
    let mut random = dice(7, None);
    for text in [
        "when new_customer: assign owner\n",
        "rule \"فاتورة\" when message contains \"كم\" : reply \"{customer.name",
    ] {
        let damaged = damage(text, &mut random).map_or_else(|| text.to_owned(), |damaged| damaged.text);
        for text in [text, &damaged] {
            let answers = Answers::of(crate::testing::INBOX, text);
            answers.about_the_file();
            for at in 0..text.len() + 3 {
                answers.about_the_place(at);
            }
        }
    }
}

#[test]
fn every_byte_of_a_damaged_inbox_can_be_asked_about() {
    let sound = crate::testing::INBOX;
    for cut in (0..sound.len()).step_by(41) {
        let mut inbox = sound.to_owned();
        inbox.insert_str(cut, ["\"", "[", "é", "=", "#"][cut % 5]);
        let answers = Answers::of(&inbox, "otherwise: assign group \"Sales\" by random\n");
        answers.whole_file(INBOX);
        for at in (cut % 7..inbox.len() + 2).step_by(7) {
            answers.at(INBOX, at);
        }
    }
}

/// A folder whose answers are looked at.
struct Answers {
    workspace: Workspace,
}

impl Answers {
    fn of(inbox: &str, text: &str) -> Self {
        let mut workspace = Workspace::for_faults();
        workspace.update(folder(&[(INBOX, inbox), ("common.rules", COMMON), (FILE, text)]));
        Self { workspace }
    }

    fn about_the_file(&self) {
        self.whole_file(FILE);
    }

    fn about_the_place(&self, at: usize) {
        self.at(FILE, at);
    }

    /// The text at a span of a file.
    #[track_caller]
    fn lies_in(&self, file: &str, span: Span, what: &str) {
        let folder = self.workspace.folder();
        let source = match file {
            INBOX => folder.inbox_source.as_ref(),
            _ => folder.files.get(file).map(|file| &file.source),
        };
        let text = &source.expect("it is a file of the folder").text;
        assert!(text.get(span.range()).is_some(), "{what}: {span:?} is not in {file}\n{text}");
    }

    fn symbol(&self, file: &str, symbol: &Symbol) {
        self.lies_in(file, symbol.span, "a symbol");
        self.lies_in(file, symbol.name_span, "the name of a symbol");
        let is_inside =
            symbol.span.start <= symbol.name_span.start && symbol.name_span.end <= symbol.span.end;
        assert!(is_inside, "{symbol:?}");
        assert!(!symbol.name.trim().is_empty(), "{symbol:?}");
        for child in &symbol.children {
            self.symbol(file, child);
        }
    }

    fn places(&self, places: &[Place], what: &str) {
        for place in places {
            self.lies_in(&place.file, place.span, what);
        }
    }

    fn whole_file(&self, file: &str) {
        let (workspace, folder) = (&self.workspace, self.workspace.folder());
        for symbol in symbols(folder, file) {
            self.symbol(file, &symbol);
        }
        for (file, symbol) in workspace_symbols(folder, "a") {
            self.symbol(&file, &symbol);
        }
        let mut end = 0;
        for token in semantic_tokens(folder, file, None) {
            self.lies_in(file, token.span, "a token");
            assert!(token.span.start >= end, "tokens overlap: {token:?}");
            end = token.span.end;
        }
        for fold in folding(folder, file) {
            self.lies_in(file, fold.span, "a fold");
        }
        for lens in code_lenses(workspace, file) {
            self.lies_in(file, lens.span, "a lens");
        }
        for hint in inlay_hints(workspace, file, Span { start: 0, end: u32::MAX }) {
            self.lies_in(file, Span { start: hint.at, end: hint.at }, "a hint");
        }
    }

    fn at(&self, file: &str, at: usize) {
        let folder = self.workspace.folder();
        let at = u32::try_from(at).expect("a short text");
        for found in completion(folder, file, at) {
            self.lies_in(file, found.replace, "a completion");
        }
        if let Some(found) = hover(folder, file, at, Timestamp::UNIX_EPOCH) {
            self.lies_in(file, found.span, "a hover");
        }
        self.places(&definition(folder, file, at), "a definition");
        self.places(&references(folder, file, at, true), "a reference");
        let mut inner: Option<Span> = None;
        for span in selection(folder, file, at) {
            self.lies_in(file, span, "a selection");
            let is_wider = inner.is_none_or(|inner| span.start <= inner.start && inner.end <= span.end);
            assert!(is_wider, "{span:?} is not around {inner:?}");
            inner = Some(span);
        }
        if let Some((span, _)) = prepare_rename(folder, file, at) {
            self.lies_in(file, span, "a name");
        }
        for FileEdit { file, edits } in rename(folder, file, at, "another_name").unwrap_or_default() {
            for edit in edits {
                self.lies_in(&file, edit.span, "an edit");
            }
        }
    }
}
