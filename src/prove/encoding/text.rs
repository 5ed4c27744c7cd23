//! Texts: what one predicate implies about another, and a text that satisfies some predicates and not others.
//!
//! This is the theory solver for texts. The solver sees each predicate as a variable of its own; [`implied`] gives the
//! lemmas that join them, and [`compose`] finds a text for a model. Compiled patterns are opaque variables (an
//! abstraction of their languages): they imply nothing, and a text that may match is tried.

use super::atom::{TextPredicate, TextSubject, TextValue};
use super::pattern;
use crate::language::{Folded, fold};
use crate::policy::Attribute;

/// Whether every text of `subject` that satisfies `satisfied` satisfies `other`, or none does; `None`: it depends on the
/// text.
pub(in crate::prove) fn implied(
    subject: TextSubject,
    satisfied: &TextPredicate,
    other: &TextPredicate,
) -> Option<bool> {
    match (satisfied, other) {
        // A pattern matches the text as it was received; the other predicates compare it folded.
        (TextPredicate::Pattern(_), _) | (_, TextPredicate::Pattern(_)) => None,
        (TextPredicate::Is(text), _) if subject.ignores_signs() => implied_by_words(text, other),
        // If no text that is the needle satisfies a predicate, no text that satisfies the predicate is the needle.
        (_, TextPredicate::Is(needle)) if subject.ignores_signs() => {
            no(implied_by_words(needle, satisfied) == Some(false))
        }
        (TextPredicate::Starts(start), TextPredicate::Starts(needle))
            if subject.ignores_signs() && start.is_only_signs() != needle.is_only_signs() =>
        {
            None
        }
        (TextPredicate::Is(text), TextPredicate::Is(needle)) => Some(text == needle),
        (TextPredicate::Is(text), TextPredicate::Words(needle)) => Some(text.contains_words(needle)),
        (TextPredicate::Is(text), TextPredicate::Part(needle)) => Some(text.contains(needle)),
        (TextPredicate::Is(text), TextPredicate::Starts(needle)) => Some(text.starts_with(needle)),
        (TextPredicate::Starts(start), TextPredicate::Is(needle)) => no(!needle.starts_with(start)),
        (TextPredicate::Words(part), TextPredicate::Is(needle)) => no(!needle.contains_words(part)),
        (TextPredicate::Part(part), TextPredicate::Is(needle)) => no(!needle.contains(part)),
        (TextPredicate::Starts(start), TextPredicate::Starts(needle)) => {
            if start.starts_with(needle) {
                Some(true)
            } else {
                no(!needle.starts_with(start))
            }
        }
        (
            TextPredicate::Starts(part) | TextPredicate::Words(part) | TextPredicate::Part(part),
            TextPredicate::Part(needle),
        ) => yes(part.contains(needle)),
        (TextPredicate::Words(words), TextPredicate::Words(needle)) => yes(words.contains_words(needle)),
        (TextPredicate::Starts(start), TextPredicate::Words(needle)) => {
            yes(holds_words(start, needle, false))
        }
        (TextPredicate::Part(part), TextPredicate::Words(needle)) => yes(holds_words(part, needle, true)),
        (TextPredicate::Words(_) | TextPredicate::Part(_), TextPredicate::Starts(_)) => None,
    }
}

/// What follows if the message's text is `text`, perhaps with signs at the ends, where `text` has none.
fn implied_by_words(text: &Folded, other: &TextPredicate) -> Option<bool> {
    let (holds, needle) = match other {
        TextPredicate::Is(needle) => return Some(text == needle),
        TextPredicate::Words(needle) => (text.contains_words(needle), needle),
        TextPredicate::Part(needle) => (text.contains(needle), needle),
        TextPredicate::Starts(needle) => (text.starts_but_for_signs(needle), needle),
        TextPredicate::Pattern(_) => return None,
    };
    // No sign is a word character, so that signs at the ends take nothing away. And they add nothing to the needle unless it
    // has signs at its own ends. Nothing but signs is compared as it is.
    let has_signs = needle.is_only_signs() || needle.without_signs() != *needle;
    if holds || text.is_only_signs() || !has_signs { Some(holds) } else { None }
}

fn yes(is: bool) -> Option<bool> {
    is.then_some(true)
}

fn no(is: bool) -> Option<bool> {
    is.then_some(false)
}

/// Whether `part` contains `needle` as whole words whatever follows the part (and whatever precedes it, if `open`).
///
/// A digit is the neighbour that is most likely to join a word; of three digits, one is not the first or last of the
/// needle itself.
fn holds_words(part: &Folded, needle: &Folded, open: bool) -> bool {
    part.contains(needle)
        && ['0', '1', '2'].into_iter().all(|digit| {
            let before = if open { String::from(digit) } else { String::new() };
            fold(&format!("{before}{}{digit}", part.as_str())).contains_words(needle)
        })
}

/// A text for which each predicate has the value `wanted`; if none is found, the first with the fewest that have not. And
/// how many steps that took.
pub(in crate::prove) fn compose(subject: TextSubject, wanted: &[(&TextPredicate, bool)]) -> (TextValue, u64) {
    let mut best: Option<(usize, TextValue)> = None;
    let cost: u64 = wanted.iter().map(|(predicate, _)| predicate.cost()).sum();
    let mut steps = 0;
    let mut offer = |raw: String| {
        if raw.is_empty() || steps > MAX_STEPS {
            return false;
        }
        steps += cost;
        let text = TextValue::new(raw);
        let wrong =
            wanted.iter().filter(|(predicate, wanted)| predicate.holds(subject, &text) != *wanted).count();
        if best.as_ref().is_none_or(|(least, _)| wrong < *least) {
            best = Some((wrong, text));
        }
        wrong == 0
    };
    let satisfied = || wanted.iter().filter(|(_, wanted)| *wanted).map(|(predicate, _)| *predicate);
    if let Some(TextPredicate::Is(whole)) =
        satisfied().find(|predicate| matches!(predicate, TextPredicate::Is(_)))
    {
        let found = offer(written(subject, whole));
        let _ = found || subject.ignores_signs() && with_signs(whole, wanted).any(&mut offer);
    } else if satisfied().count() > MAX_PARTS {
        // Nobody writes such a text, and to find one would take long.
    } else if satisfied().next().is_none() {
        let _ = plain(subject).iter().any(|text| offer((*text).to_owned()));
    } else {
        let parts = parts(subject, wanted);
        let joined = [" ", ", ", " - ", ""].map(|between| parts.join(between));
        // A text that must not begin as its pieces do needs another word before them.
        let behind = joined.first().map(|joined| format!("please {joined}"));
        let found = joined.into_iter().chain(behind).any(&mut offer);
        let _ = found || searched(wanted, &parts).any(offer);
    }
    (best.map_or_else(|| TextValue::new("hello"), |(_, text)| text), steps)
}

/// The text with signs before and behind it that other predicates ask for, and the texts of patterns.
fn with_signs(whole: &Folded, wanted: &[(&TextPredicate, bool)]) -> impl Iterator<Item = String> {
    let mut patterns = Vec::new();
    let mut signs = vec![String::new()];
    for (predicate, _) in wanted.iter().filter(|(_, wanted)| *wanted) {
        match predicate {
            TextPredicate::Pattern(pattern) => patterns.extend(pattern::text(pattern.as_str())),
            TextPredicate::Words(needle) | TextPredicate::Part(needle) | TextPredicate::Starts(needle) => {
                let words = needle.without_signs();
                let is_only_signs = needle.is_only_signs();
                let around = needle.as_str().split_once(words.as_str()).filter(|_| !is_only_signs);
                let (before, behind) = around.unwrap_or((needle.as_str(), ""));
                signs.extend([before, behind].map(str::to_owned));
            }
            TextPredicate::Is(_) => {}
        }
    }
    signs.push(signs.concat());
    signs.dedup();
    let count = signs.len();
    let pair = move |at: usize| Some((signs.get(at / count)?.clone(), signs.get(at % count)?.clone()));
    let whole = whole.as_str().to_owned();
    let framed = (0..count * count).filter_map(pair);
    patterns
        .into_iter()
        .chain(framed.map(move |(before, behind)| format!("{before}{whole}{behind}")))
        .take(MAX_TEXTS)
}

/// The pieces of the text, its beginning first: words as they are, and parts that must not be words inside another
/// word.
fn parts(subject: TextSubject, wanted: &[(&TextPredicate, bool)]) -> Vec<String> {
    let is = |predicate: &TextPredicate| wanted.iter().any(|(other, wanted)| *wanted && *other == predicate);
    // Whether a predicate that must fail holds of the text as it stands.
    let is_excluded = |text: &str| {
        let text = TextValue::new(text);
        let holds = |other: &TextPredicate| {
            matches!(other, TextPredicate::Is(_) | TextPredicate::Words(_)) && other.holds(subject, &text)
        };
        wanted.iter().any(|(other, wanted)| !*wanted && holds(other))
    };
    let mut starts: Vec<&Folded> = Vec::new();
    let mut others: Vec<&Folded> = Vec::new();
    for (predicate, wanted) in wanted {
        match predicate {
            TextPredicate::Starts(needle) if *wanted => starts.push(needle),
            TextPredicate::Words(needle) | TextPredicate::Part(needle) if *wanted => others.push(needle),
            _ => {}
        }
    }
    let start = starts.into_iter().max_by_key(|start| start.as_str().len());
    others.sort_by_key(|needle| std::cmp::Reverse(needle.as_str().len()));
    let mut parts: Vec<String> = Vec::new();
    if let Some(start) = start {
        let inside = is_excluded(start.as_str());
        parts.push(if inside { format!("{}x", start.as_str()) } else { start.as_str().to_owned() });
    }
    for needle in others {
        let words = is(&TextPredicate::Words(needle.clone()));
        let there = parts.iter().any(|part| {
            let part = fold(part);
            if words { part.contains_words(needle) } else { part.contains(needle) }
        });
        if there {
            continue;
        }
        let inside = !words && is_excluded(needle.as_str());
        parts.push(if inside { format!("x{}x", needle.as_str()) } else { needle.as_str().to_owned() });
    }
    let patterns = wanted.iter().filter_map(|(predicate, wanted)| match predicate {
        TextPredicate::Pattern(pattern) if *wanted => pattern::text(pattern.as_str()),
        _ => None,
    });
    parts.extend(patterns);
    // A text that must not be equal to its only piece needs another word.
    if let [only] = parts.as_slice()
        && is_excluded(only)
    {
        parts.push("please".to_owned());
    }
    parts
}

/// The most predicates that a text is composed for.
const MAX_PARTS: usize = 200;

/// The most steps that the search for one text takes.
const MAX_STEPS: u64 = 2_000_000;

/// The most texts that are tried.
const MAX_TEXTS: usize = 3_000;

/// Texts of the pieces and of separators, shorter ones first: the numbers in a bijective numeral system whose digits
/// are the pieces.
fn searched(wanted: &[(&TextPredicate, bool)], parts: &[String]) -> impl Iterator<Item = String> {
    let mut pieces: Vec<String> = parts.to_vec();
    pieces.extend([" ", "x", "-"].map(str::to_owned));
    for (predicate, _) in wanted.iter().filter(|(_, wanted)| *wanted) {
        if let TextPredicate::Words(needle) | TextPredicate::Part(needle) | TextPredicate::Starts(needle) =
            predicate
            && !pieces.iter().any(|piece| piece == needle.as_str())
        {
            pieces.push(needle.as_str().to_owned());
        }
    }
    let mut next = 0;
    let texts = std::iter::repeat_with(move || {
        next += 1;
        let (mut rest, mut text) = (next, String::new());
        while rest > 0 {
            text += pieces.get((rest - 1) % pieces.len()).map(String::as_str).unwrap_or_default();
            rest = (rest - 1) / pieces.len();
        }
        text
    });
    texts.take(MAX_TEXTS)
}

/// A folded text as people write it.
fn written(subject: TextSubject, folded: &Folded) -> String {
    match subject {
        TextSubject::Attribute(Attribute::Country) => folded.as_str().to_uppercase(),
        _ => folded.as_str().to_owned(),
    }
}

/// Inconspicuous texts, for when no predicate must hold.
fn plain(subject: TextSubject) -> &'static [&'static str] {
    match subject {
        TextSubject::Message => &["hello", "good morning", "a question", "ok", "yes", "1", "…"],
        TextSubject::Attribute(Attribute::Country) => &["DE", "JP", "BR", "NZ", "CA", "SE", "KE", "…"],
        TextSubject::Attribute(Attribute::Language) => &["de", "ja", "pt", "sv", "sw", "fi", "eo", "…"],
        TextSubject::Attribute(Attribute::Name) => &["Mona", "Ali", "Kim", "Robin", "…"],
        TextSubject::Attribute(Attribute::Phone) => &["+10000000001", "+4900000001", "+9990000001", "…"],
        TextSubject::Attribute(_) => &["something", "other", "another", "x", "…"],
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn predicate(kind: u8, needle: &str) -> TextPredicate {
        let needle = fold(needle);
        match kind {
            0 => TextPredicate::Is(needle),
            1 => TextPredicate::Words(needle),
            2 => TextPredicate::Part(needle),
            _ => TextPredicate::Starts(needle),
        }
    }

    const NAME: TextSubject = TextSubject::Attribute(Attribute::Name);

    #[track_caller]
    fn check_of(subject: TextSubject, satisfied: (u8, &str), other: (u8, &str), says: Option<bool>) {
        let (satisfied, of) = (predicate(satisfied.0, satisfied.1), predicate(other.0, other.1));
        let (satisfied, of) = (normal(subject, satisfied), normal(subject, of));
        assert_eq!(implied(subject, &satisfied, &of), says, "{satisfied:?} of {of:?}");
    }

    #[track_caller]
    fn check(satisfied: (u8, &str), other: (u8, &str), says: Option<bool>) {
        check_of(TextSubject::Message, satisfied, other, says);
        check_of(NAME, satisfied, other, says);
    }

    /// The predicate as the resolver writes it.
    fn normal(subject: TextSubject, predicate: TextPredicate) -> TextPredicate {
        match predicate {
            TextPredicate::Is(text) if subject.ignores_signs() => TextPredicate::Is(text.without_signs()),
            TextPredicate::Starts(text) if subject.ignores_signs() => {
                TextPredicate::Starts(text.without_signs_at_start())
            }
            other => other,
        }
    }

    const IS: u8 = 0;
    const WORDS: u8 = 1;
    const PART: u8 = 2;
    const STARTS: u8 = 3;

    #[test]
    fn what_follows() {
        check((IS, "1"), (STARTS, "1"), Some(true));
        check((IS, "1"), (PART, "2"), Some(false));
        check((WORDS, "refund"), (PART, "fund"), Some(true));
        check((WORDS, "refund"), (WORDS, "fund"), None);
        check((WORDS, "my refund"), (WORDS, "refund"), Some(true));
        check((PART, "refunds"), (PART, "refund"), Some(true));
        check((PART, "my refund now"), (WORDS, "refund"), Some(true));
        check((PART, "my refund"), (WORDS, "refund"), None);
        check((PART, "refund!"), (WORDS, "refund"), None);
        check((PART, "-refund!"), (WORDS, "refund"), Some(true));
        check((PART, "c++"), (WORDS, "++"), Some(true));
        check((PART, "c++"), (WORDS, "c++"), None);
        check((STARTS, "refund me"), (WORDS, "refund"), Some(true));
        check((STARTS, "refund"), (WORDS, "refund"), None);
        check((STARTS, "order 12"), (STARTS, "order"), Some(true));
        check((STARTS, "order"), (STARTS, "order 12"), None);
        check((STARTS, "order"), (STARTS, "refund"), Some(false));
        check((STARTS, "order"), (IS, "refund"), Some(false));
        check((PART, "退款"), (WORDS, "退款"), Some(true));
    }

    #[test]
    fn what_follows_past_signs() {
        let message = |satisfied, other, says| check_of(TextSubject::Message, satisfied, other, says);
        let name = |satisfied, other, says| check_of(NAME, satisfied, other, says);
        message((IS, "yes"), (IS, "Yes!"), Some(true));
        name((IS, "yes"), (IS, "Yes!"), Some(false));
        message((IS, "a."), (PART, "a."), None);
        name((IS, "a."), (PART, "a."), Some(true));
        message((PART, "a."), (IS, "a."), None);
        message((PART, "b."), (IS, "a."), None);
        message((PART, "b"), (IS, "a."), Some(false));
        message((IS, "#1"), (STARTS, "1"), Some(true));
        message((IS, "re"), (STARTS, "re:"), None);
        message((STARTS, "re:"), (IS, "re"), None);
        message((STARTS, "re: a"), (IS, "re"), Some(false));
        message((STARTS, "#"), (STARTS, "1"), None);
        message((STARTS, "#1"), (STARTS, "1"), Some(true));
        message((STARTS, "#"), (STARTS, "!"), Some(false));
        message((STARTS, "##"), (STARTS, "#"), Some(true));
        message((IS, "#"), (STARTS, "#"), Some(true));
        message((IS, "#"), (PART, "##"), Some(false));
        message((IS, "#"), (IS, "##"), Some(false));
    }

    proptest! {
        #[test]
        fn what_follows_is_so(
            text in "[ab0月 +.-]{0,8}", satisfied in (0_u8..4, "[ab0月 +.-]{1,4}"), of in (0_u8..4, "[ab0月 +.-]{1,3}")
        ) {
            prop_assume!(!fold(&satisfied.1).is_empty() && !fold(&of.1).is_empty());
            let text = TextValue::new(text);
            for subject in [TextSubject::Message, NAME] {
                let satisfied = normal(subject, predicate(satisfied.0, &satisfied.1));
                let of = normal(subject, predicate(of.0, &of.1));
                let says = implied(subject, &satisfied, &of);
                if let Some(says) = says.filter(|_| satisfied.holds(subject, &text)) {
                    prop_assert_eq!(of.holds(subject, &text), says, "{:?} of {:?} for {:?}", satisfied, of, text);
                }
            }
        }
    }

    #[test]
    fn texts_to_order() {
        let text = |wanted: &[(u8, &str, bool)]| {
            let tests: Vec<_> =
                wanted.iter().map(|(kind, needle, wanted)| (predicate(*kind, needle), *wanted)).collect();
            let wanted: Vec<_> = tests.iter().map(|(predicate, wanted)| (predicate, *wanted)).collect();
            let (text, _) = compose(TextSubject::Message, &wanted);
            let fits = |predicate: &TextPredicate| predicate.holds(TextSubject::Message, &text);
            assert!(wanted.iter().all(|(predicate, wanted)| fits(predicate) == *wanted), "{text:?}");
            text.raw
        };
        assert_eq!(text(&[]), "hello");
        assert_eq!(text(&[(WORDS, "hello", false)]), "good morning");
        assert_eq!(
            text(&[(WORDS, "refund", true), (PART, "order", true), (PART, "fund", true)]),
            "refund order"
        );
        assert_eq!(
            text(&[(WORDS, "money", true), (WORDS, "back", true), (WORDS, "money back", false)]),
            "money, back"
        );
        assert_eq!(text(&[(PART, "fund", true), (WORDS, "fund", false)]), "xfundx");
        assert_eq!(text(&[(STARTS, "order", true), (WORDS, "order", false)]), "orderx");
        assert_eq!(text(&[(WORDS, "stop", true), (IS, "stop", false)]), "stop please");
        assert_eq!(text(&[(IS, "stop", true)]), "stop");
        assert_eq!(text(&[(IS, "stop", true), (PART, "p!", true)]), "stop!");
        assert_eq!(text(&[(IS, "stop", true), (PART, "!", true), (STARTS, "?", true)]), "?stop!");
        assert_eq!(text(&[(IS, "stop", true), (WORDS, "stop!", false), (WORDS, "!", true)]), "!stop");
        assert_eq!(text(&[(STARTS, "re:", true), (IS, "re", false)]), "re:x");
        assert_eq!(text(&[(STARTS, "(a", true), (WORDS, "a", false)]), "(ax");
        assert_eq!(text(&[(WORDS, "a b", true), (WORDS, "ab", true), (STARTS, "a", false)]), "please a b ab");
    }
}
