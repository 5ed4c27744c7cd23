//! The codes of languages.

use std::sync::LazyLock;

use super::code_set::{CodeSet, rows};

const TABLE: &str = include_str!("languages.tsv");
const OF_THREE_LETTERS: &str = include_str!("language_subtags.txt");

/// The primary tags of BCP 47 with two or three letters.
pub(in crate::check) static LANGUAGES: LazyLock<CodeSet> = LazyLock::new(|| {
    let long = OF_THREE_LETTERS.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_whitespace);
    let names = rows(TABLE).flat_map(|[code, long, names]| {
        let names = names.split("; ").chain(long.split(' ')).filter(|name| !name.is_empty());
        names.map(move |name| (name, code))
    });
    CodeSet::new(rows(TABLE).map(|[code, ..]| code).chain(long)).with_names(names)
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names() {
        for code in ["ar", "en", "iw", "cmn", "ber", "und", "qaa", "qtz"] {
            assert!(LANGUAGES.is_code(code), "{code}");
        }
        // What has two letters has no code of three.
        for wrong in ["ara", "eng", "ger", "xx", "arabic", "xyz", "a", ""] {
            assert!(!LANGUAGES.is_code(wrong), "{wrong}");
        }
        let named = |name: &str| LANGUAGES.named(&crate::language::fold(name)).unwrap_or("-");
        assert_eq!(
            ["Arabic", "ara", "GER", "farsi", "Greek", "Klingon"].map(named),
            ["ar", "ar", "de", "fa", "el", "-"]
        );
    }

    #[test]
    fn the_table_is_whole() {
        let long = OF_THREE_LETTERS.lines().skip(1).flat_map(str::split_whitespace).collect::<Vec<_>>();
        assert!(long.is_sorted() && long.iter().all(|code| code.len() == 3));
        assert_eq!((rows(TABLE).count(), long.len()), (190, 8_077 + 20 * 26));
    }
}
