//! Texts: what one test says about another, and a text that passes some tests and fails others.

use super::atom::{TextPredicate, TextSubject, TextValue};
use super::pattern;
use crate::language::{Folded, fold};
use crate::policy::Attribute;

/// What is known of a text that passes `passed`: whether it passes `asked`.
pub(in crate::prove) fn implied(passed: &TextPredicate, asked: &TextPredicate) -> Option<bool> {
    match (passed, asked) {
        // A pattern sees the text as it came, of which the others tell little.
        (TextPredicate::Pattern(_), _) | (_, TextPredicate::Pattern(_)) => None,
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

fn yes(is: bool) -> Option<bool> {
    is.then_some(true)
}

fn no(is: bool) -> Option<bool> {
    is.then_some(false)
}

/// Whether `needle` stands in `part` as whole words, whatever follows the part (and comes before it, if `open`). A
/// digit next to it is the worst that there can be, and one of three is none that the needle begins or ends with.
fn holds_words(part: &Folded, needle: &Folded, open: bool) -> bool {
    part.contains(needle)
        && ['0', '1', '2'].into_iter().all(|digit| {
            let before = if open { String::from(digit) } else { String::new() };
            fold(&format!("{before}{}{digit}", part.as_str())).contains_words(needle)
        })
}

/// A text of which each test is as it is `wanted`, as far as one is found: the first with the fewest that are not.
pub(in crate::prove) fn compose(subject: TextSubject, wanted: &[(&TextPredicate, bool)]) -> TextValue {
    let mut best: Option<(usize, TextValue)> = None;
    let mut offer = |raw: String| {
        if raw.is_empty() {
            return false;
        }
        let text = TextValue::new(raw);
        let wrong = wanted.iter().filter(|(asked, wanted)| asked.holds(&text) != *wanted).count();
        if best.as_ref().is_none_or(|(least, _)| wrong < *least) {
            best = Some((wrong, text));
        }
        wrong == 0
    };
    let passed = || wanted.iter().filter(|(_, wanted)| *wanted).map(|(asked, _)| *asked);
    if let Some(TextPredicate::Is(whole)) = passed().find(|asked| matches!(asked, TextPredicate::Is(_))) {
        let _ = offer(written(subject, whole));
    } else if passed().next().is_none() {
        let _ = plain(subject).iter().any(|text| offer((*text).to_owned()));
    } else {
        let parts = parts(wanted);
        let found = [" ", ", ", " - ", ""].iter().any(|between| offer(parts.join(between)));
        let _ = found || searched(wanted, &parts).any(offer);
    }
    best.map_or_else(|| TextValue::new("hello"), |(_, text)| text)
}

/// What the text is to hold, the beginning first: whole words as they are, parts that shall be no words inside one.
fn parts(wanted: &[(&TextPredicate, bool)]) -> Vec<String> {
    let is = |asked: &TextPredicate| wanted.iter().any(|(other, wanted)| *wanted && *other == asked);
    let failed = |asked: &TextPredicate| wanted.iter().any(|(other, wanted)| !*wanted && *other == asked);
    let mut starts: Vec<&Folded> = Vec::new();
    let mut others: Vec<&Folded> = Vec::new();
    for (asked, wanted) in wanted {
        match asked {
            TextPredicate::Starts(needle) if *wanted => starts.push(needle),
            TextPredicate::Words(needle) | TextPredicate::Part(needle) if *wanted => others.push(needle),
            _ => {}
        }
    }
    let start = starts.into_iter().max_by_key(|start| start.as_str().len());
    others.sort_by_key(|needle| std::cmp::Reverse(needle.as_str().len()));
    let mut parts: Vec<String> = Vec::new();
    if let Some(start) = start {
        let inside =
            failed(&TextPredicate::Words(start.clone())) || failed(&TextPredicate::Is(start.clone()));
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
        let inside = !words && failed(&TextPredicate::Words(needle.clone()));
        parts.push(if inside { format!("x{}x", needle.as_str()) } else { needle.as_str().to_owned() });
    }
    let patterns = wanted.iter().filter_map(|(asked, wanted)| match asked {
        TextPredicate::Pattern(pattern) if *wanted => pattern::text(pattern.as_str()),
        _ => None,
    });
    parts.extend(patterns);
    // A text that shall not be one of its words needs another.
    if let [only] = parts.as_slice()
        && failed(&TextPredicate::Is(fold(only)))
    {
        parts.push("please".to_owned());
    }
    parts
}

/// So many texts are tried.
const MAX_TEXTS: usize = 3_000;

/// Texts of what shall be found and of what may stand between, the short ones first.
fn searched(wanted: &[(&TextPredicate, bool)], parts: &[String]) -> impl Iterator<Item = String> {
    let mut pieces: Vec<String> = parts.to_vec();
    pieces.extend([" ", "x", "-"].map(str::to_owned));
    for (asked, _) in wanted.iter().filter(|(_, wanted)| *wanted) {
        if let TextPredicate::Words(needle) | TextPredicate::Part(needle) | TextPredicate::Starts(needle) =
            asked
            && !pieces.iter().any(|piece| piece == needle.as_str())
        {
            pieces.push(needle.as_str().to_owned());
        }
    }
    let mut next = 0;
    let texts = std::iter::repeat_with(move || {
        // The digits of the next number, each a piece.
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

/// A text as people write it.
fn written(subject: TextSubject, folded: &Folded) -> String {
    match subject {
        TextSubject::Attribute(Attribute::Country) => folded.as_str().to_uppercase(),
        _ => folded.as_str().to_owned(),
    }
}

/// Texts that say nothing much, for where no test shall pass.
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

    fn asked(kind: u8, needle: &str) -> TextPredicate {
        let needle = fold(needle);
        match kind {
            0 => TextPredicate::Is(needle),
            1 => TextPredicate::Words(needle),
            2 => TextPredicate::Part(needle),
            _ => TextPredicate::Starts(needle),
        }
    }

    #[track_caller]
    fn check(passed: (u8, &str), asked_of: (u8, &str), says: Option<bool>) {
        let (passed, of) = (asked(passed.0, passed.1), asked(asked_of.0, asked_of.1));
        assert_eq!(implied(&passed, &of), says, "{passed:?} of {of:?}");
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

    proptest! {
        #[test]
        fn what_follows_is_so(
            text in "[ab0月 +-]{0,8}", passed in (0_u8..4, "[ab0月 +-]{1,4}"), of in (0_u8..4, "[ab0月 +-]{1,3}")
        ) {
            prop_assume!(!fold(&passed.1).is_empty() && !fold(&of.1).is_empty());
            let (passed, of) = (asked(passed.0, &passed.1), asked(of.0, &of.1));
            let text = TextValue::new(text);
            if let Some(says) = implied(&passed, &of).filter(|_| passed.holds(&text)) {
                prop_assert_eq!(of.holds(&text), says, "{:?} of {:?} for {:?}", passed, of, text);
            }
        }
    }

    #[test]
    fn texts_to_order() {
        let text = |wanted: &[(u8, &str, bool)]| {
            let tests: Vec<_> =
                wanted.iter().map(|(kind, needle, wanted)| (asked(*kind, needle), *wanted)).collect();
            let wanted: Vec<_> = tests.iter().map(|(asked, wanted)| (asked, *wanted)).collect();
            let text = compose(TextSubject::Message, &wanted);
            assert!(wanted.iter().all(|(asked, wanted)| asked.holds(&text) == *wanted), "{text:?}");
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
    }
}
