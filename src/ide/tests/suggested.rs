//! What a sound policy writes is suggested where it writes it, and what is suggested can be read there.

use std::collections::BTreeSet;

use proptest::prelude::{ProptestConfig, Strategy as _, proptest};

use crate::ide::classify::{ClassifiedToken, Role, classify};
use crate::ide::visible_names::visible_names;
use crate::ide::{Completion, completion};
use crate::inbox::AttributeKind;
use crate::language::{TokenKind, following, lex, split_items};
use crate::policy::{Folder, INBOX};
use crate::testing::{COMMON, FILE, INBOX as SAMPLE, folder, policies_with_moves, sound_policies};

/// What completion misses or gets wrong, one line for each.
type Mistakes = BTreeSet<String>;

#[test]
fn what_is_written_is_suggested_and_what_is_suggested_can_be_read() {
    let mut mistakes = Mistakes::new();
    for sample in sound_policies() {
        compare(sample.inbox, sample.text, &mut mistakes);
    }
    assert!(mistakes.is_empty(), "{}", Vec::from_iter(mistakes).join("\n"));
}

/// The policies are cut before a token: this is what somebody types who begins at the top.
#[test]
fn the_same_holds_at_the_end_of_a_file() {
    let mut mistakes = Mistakes::new();
    for sample in sound_policies() {
        for found in classify(sample.text).iter().step_by(5) {
            let text = &sample.text[..found.token.span.start as usize];
            let folder = sample_folder(sample.inbox, text);
            compare_at(&folder, text, found, sample.text, &mut mistakes);
        }
    }
    assert!(mistakes.is_empty(), "{}", Vec::from_iter(mistakes).join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5))]

    #[test]
    fn the_same_holds_in_random_policies(text in policies_with_moves().prop_map(|policy| policy.text())) {
        let mut mistakes = Mistakes::new();
        compare(&format!("{SAMPLE}Two = [\"bob\", \"alice\"]\nEmpty = []\n"), &text, &mut mistakes);
        assert!(mistakes.is_empty(), "{}", Vec::from_iter(mistakes).join("\n"));
    }
}

fn sample_folder(inbox: &str, text: &str) -> Folder {
    folder(&[(INBOX, inbox), ("common.rules", COMMON), (FILE, text)])
}

fn compare(inbox: &str, text: &str, mistakes: &mut Mistakes) {
    let folder = sample_folder(inbox, text);
    for found in classify(text) {
        compare_at(&folder, text, &found, text, mistakes);
    }
}

/// Compares what is suggested before a token of `whole`, of which the file has at least what comes before the token.
fn compare_at(folder: &Folder, text: &str, next: &ClassifiedToken, whole: &str, mistakes: &mut Mistakes) {
    let at = next.token.span.start;
    let suggested: Vec<Completion> =
        completion(folder, FILE, at).into_iter().filter(|found| !found.is_snippet).collect();
    let line = text[..at as usize].rsplit('\n').next().unwrap_or_default().trim_start();
    let written = next.token.of(whole);
    if is_chosen(folder, text, next, whole) && !suggested.iter().any(|found| found.insert == written) {
        mistakes.insert(format!("`{written}` is not suggested after `{line}`"));
    }
    let Some(first) = suggested.first() else { return };
    let item = last_item(&text[..first.replace.start as usize]);
    for found in &suggested {
        assert_eq!(found.replace, first.replace);
        let typed = format!("{item}{}", found.insert);
        if following(last_item(&typed)).is_none() {
            mistakes.insert(format!("`{}` is suggested after `{line}`", found.insert));
        }
    }
}

/// Whether somebody who writes the token chooses among those that there are, and does not make up a new name.
fn is_chosen(folder: &Folder, text: &str, next: &ClassifiedToken, whole: &str) -> bool {
    let written = next.token.of(whole);
    match (next.token.kind, next.role) {
        (_, Role::DefinesCondition | Role::DefinesHours | Role::DefinesDates) => false,
        // A file that is cut off has not all the names that are defined below.
        (TokenKind::Word, Role::Condition | Role::Calendar) if text.len() < whole.len() => {
            visible_names(folder, FILE).contains_key(written)
        }
        (TokenKind::Word, _) => true,
        (TokenKind::Text, Role::Group | Role::User | Role::Skill | Role::RuleReference | Role::UsedFile) => {
            true
        }
        (TokenKind::Text, Role::PhoneNumber) => folder.inbox.numbers.contains_key(written.trim_matches('"')),
        (TokenKind::Text, Role::Value { attribute, of_message }) => {
            let (inbox, name) = (&folder.inbox, &whole[attribute.range()]);
            let kind = if of_message {
                inbox.message_attribute_id(name).map(|id| &inbox.message_attribute(id).kind)
            } else {
                inbox.attribute_id(name).map(|id| &inbox.attribute(id).kind)
            };
            matches!(kind, Some(AttributeKind::Words(_)))
        }
        _ => false,
    }
}

/// The item that a text ends with.
fn last_item(text: &str) -> &str {
    let tokens = lex(text);
    let items = split_items(text, &tokens);
    let first = items.last().and_then(|item| item.first());
    first.map_or("", |first| &text[first.span.start as usize..])
}
