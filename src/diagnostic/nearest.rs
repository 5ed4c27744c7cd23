//! Did you mean: the known word that a misspelt one was meant to be.

use strsim::damerau_levenshtein;

/// The known word nearest to `word`, if one is truly near: the same but for capitals, or a slip or two apart.
///
/// So many letters may be wrong, swapped, missing or too many: one in a word of up to four, two in one of up
/// to eight, three in a longer one, and never more than a third. Of equally near words it is the first.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let length = word.chars().count();
    let most = most_slips(length);
    let slips = |known: &str| {
        let known = known.to_lowercase();
        let near = length <= LONGEST && known.chars().count().abs_diff(length) <= most;
        if known == word { Some(0) } else { near.then(|| damerau_levenshtein(&word, &known)) }
    };
    let near = known.into_iter().take(MOST_KNOWN).filter_map(|known| Some((slips(known)?, known)));
    near.filter(|(slips, _)| *slips <= most).min_by_key(|(slips, _)| *slips).map(|(_, known)| known)
}

/// Longer words are no misspelt names, and comparing two of them takes the square of their length.
const LONGEST: usize = 64;
/// So many are compared: a file of nothing but mistakes is still told of them all in a moment.
const MOST_KNOWN: usize = 2_000;

fn most_slips(length: usize) -> usize {
    let most = match length {
        0..=4 => 1,
        5..=8 => 2,
        _ => 3,
    };
    most.min(length / 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 8] =
        ["Sales", "Support", "least_chats", "least_load", "mon", "any_online", "all_offline", "مبيعات"];

    #[track_caller]
    fn check(word: &str, expected: &str) {
        assert_eq!(nearest(word, KNOWN), Some(expected), "{word}");
    }

    #[track_caller]
    fn silent(word: &str) {
        assert_eq!(nearest(word, KNOWN), None, "{word}");
    }

    #[test]
    fn a_slip_or_two() {
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
    fn capitals_do_not_matter() {
        check("SALES", "Sales");
        check("LEAST_CHAST", "least_chats");
        check("MON", "mon");
    }

    #[test]
    fn what_is_not_near_gets_no_guess() {
        silent("Marketing");
        silent("Sal");
        silent("mo");
        silent("m");
        silent("");
        silent("moon_landing");
        silent("online");
        silent("chats");
        silent("Superb");
    }

    #[test]
    fn the_nearest_and_of_those_the_first() {
        assert_eq!(nearest("gold", ["golden", "golf", "bold"]), Some("golf"));
        assert_eq!(nearest("golds", ["bold", "gold"]), Some("gold"));
        assert_eq!(nearest("ab", ["AB"]), Some("AB"));
    }

    #[test]
    fn long_words_take_no_time() {
        let (word, known) = ("a".repeat(1_000_000), "b".repeat(1_000_001));
        assert_eq!(nearest(&word, [known.as_str()]), None);
        let capitals = word.to_uppercase();
        assert_eq!(nearest(&word, ["x", &capitals]), Some(capitals.as_str()));
    }
}
