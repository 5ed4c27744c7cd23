//! "Did you mean …?": the known word that is nearest to a misspelt one.

use strsim::damerau_levenshtein;

/// The known word nearest to `word` by edit distance (Damerau–Levenshtein, ignoring case), if one is near enough.
///
/// The distance may be 1 in a word of up to four letters, 2 in one of up to eight, 3 in a longer one, and never more
/// than a third of the letters. Of several nearest words none is chosen, and figures are never misspelt: `GMT+3` is
/// not nearly `GMT+0`.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let most = max_distance(length);
    let letters = letters(&word);
    let distance = |known: &str| {
        // Most known words are ruled out without a copy.
        if known.is_ascii()
            && (known.len().abs_diff(length) > most || !share(letters, self::letters(known), most))
        {
            return None;
        }
        let known = known.to_lowercase();
        let near = length <= MAX_LENGTH && known.chars().count().abs_diff(length) <= most;
        if known == word { Some(0) } else { near.then(|| damerau_levenshtein(&word, &known)) }
    };
    let near = known.into_iter().take(MAX_KNOWN).filter_map(|known| Some((distance(known)?, known)));
    let mut best: Option<(usize, &str)> = None;
    let mut is_only = true;
    for (distance, known) in
        near.filter(|(distance, known)| *distance <= most && has_same_digits(&word, known))
    {
        match best {
            Some((least, _)) if distance > least => {}
            Some((least, other)) if distance == least => is_only &= other == known,
            _ => {
                best = Some((distance, known));
                is_only = true;
            }
        }
    }
    best.filter(|_| is_only).map(|(_, known)| known)
}

/// The letters of a word, in any case, as a set: each has one of the bits, which others may have too.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |letters, letter| letters | 1 << (u32::from(letter.to_ascii_lowercase()) % 64))
}

/// Whether words of these letters may be `most` edits apart: each edit adds one letter at most, and takes one away.
fn share(one: u64, other: u64, most: usize) -> bool {
    (one & !other).count_ones().max((other & !one).count_ones()) as usize <= most
}

fn has_same_digits(one: &str, other: &str) -> bool {
    let is_digit = |c: &char| c.is_numeric();
    one.chars().filter(is_digit).eq(other.chars().filter(is_digit))
}

/// Longer words are not compared: they are unlikely to be misspelt names, and the comparison is quadratic in their length.
const MAX_LENGTH: usize = 64;
/// Only this many known words are compared, so that a large file full of mistakes is still checked quickly.
const MAX_KNOWN: usize = 2_000;

fn max_distance(length: usize) -> usize {
    let most = match length {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    most.min(length / 3)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, prop, prop_assert, proptest};

    use super::*;

    const KNOWN: [&str; 8] =
        ["Sales", "Support", "least_chats", "least_load", "mon", "any_online", "all_offline", "مبيعات"];

    #[track_caller]
    fn check(word: &str, expected: &str) {
        assert_eq!(nearest(word, KNOWN), Some(expected), "{word}");
    }

    #[track_caller]
    fn no_guess(word: &str) {
        assert_eq!(nearest(word, KNOWN), None, "{word}");
    }

    #[test]
    fn one_or_two_mistakes() {
        check("Slaes", "Sales");
        check("sale", "Sales");
        check("Suport", "Support");
        check("Suppotr", "Support");
        check("least-chats", "least_chats");
        check("leastchat", "least_chats");
        check("mom", "mon");
        check("any_onlin", "any_online");
        check("مبيعت", "مبيعات");
    }

    #[test]
    fn case_is_ignored() {
        check("SALES", "Sales");
        check("LEAST_CHAST", "least_chats");
        check("MON", "mon");
    }

    #[test]
    fn distant_words_get_no_guess() {
        no_guess("Marketing");
        no_guess("Sal");
        no_guess("mo");
        no_guess("m");
        no_guess("");
        no_guess("moon_landing");
        no_guess("online");
        no_guess("chats");
        no_guess("Superb");
    }

    #[test]
    fn the_nearest_if_it_is_the_only_one() {
        assert_eq!(nearest("gold", ["golden", "golf"]), Some("golf"));
        assert_eq!(nearest("gold", ["golden", "golf", "bold"]), None);
        assert_eq!(nearest("gold", ["golf", "golf"]), Some("golf"));
        assert_eq!(nearest("GMT+3", ["GMT+0", "GMT"]), None);
        assert_eq!(nearest("golds", ["bold", "gold"]), Some("gold"));
        assert_eq!(nearest("ab", ["AB"]), Some("AB"));
    }

    /// A word of up to 12 letters of few, so that some are near to each other.
    fn words() -> impl Strategy<Value = String> {
        prop::collection::vec(prop::sample::select(vec!['a', 'B', 'b', 'c', 'é', '1']), 0..12)
            .prop_map(|letters| letters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn what_is_ruled_out_is_too_far_away(word in words(), other in words()) {
            let (word, other) = (word.to_lowercase(), other.to_lowercase());
            let distance = damerau_levenshtein(&word, &other);
            prop_assert!(share(letters(&word), letters(&other), distance));
        }
    }

    #[test]
    fn long_words_are_not_compared() {
        let (word, known) = ("a".repeat(1_000_000), "b".repeat(1_000_001));
        assert_eq!(nearest(&word, [known.as_str()]), None);
        let capitals = word.to_uppercase();
        assert_eq!(nearest(&word, ["x", &capitals]), Some(capitals.as_str()));
    }
}
