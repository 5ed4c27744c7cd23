//! Words that are read, and words that cannot be names.

use super::*;

#[test]
fn every_word_reads_back() {
    for fact in FactWord::ALL {
        assert_eq!(FactWord::parse(fact.word()), Some(*fact));
    }
    assert_eq!(Algorithm::parse("least_chats"), Some(Algorithm::LeastChats));
    assert_eq!(Algorithm::parse("Least_Chats"), None);
    assert_eq!(Month::December.number(), 12);
}

#[test]
fn the_reference_lists_the_words_that_may_be_names() {
    let reference = include_str!("../../../docs/language.md").replace("\n ", "");
    let listed: Vec<String> = FREE.iter().map(|word| format!("`{word}`")).collect();
    let (last, others) = listed.split_last().unwrap();
    assert!(reference.contains(&format!("except {} and {last}", others.join(", "))));
}

#[test]
fn reserved_words() {
    for word in [
        "when",
        "move",
        "chat",
        "any_online",
        "user_away",
        "assign",
        "given",
        "image",
        "button",
        "mon",
        "dec",
        "hand",
        "country",
        "silent_for",
    ] {
        assert!(is_reserved(word), "{word}");
    }
    for word in FREE.into_iter().chain(["vip"]) {
        assert!(!is_reserved(word), "{word}");
    }
}
