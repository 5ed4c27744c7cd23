//! The codes of countries.

use std::sync::LazyLock;

use super::code_set::{CodeSet, rows};

const TABLE: &str = include_str!("countries.tsv");

/// The codes of ISO 3166-1 with two letters, and AC, TA and XK, in small letters.
pub(in crate::check) static COUNTRIES: LazyLock<CodeSet> = LazyLock::new(|| {
    let codes = rows(TABLE).map(|[code, ..]| code);
    let names = rows(TABLE).flat_map(|[code, long, names]| {
        names.split("; ").chain([long]).filter(|name| !name.is_empty()).map(move |name| (name, code))
    });
    CodeSet::new(codes).with_names(names)
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names() {
        for code in ["eg", "gb", "ac", "ta", "xk"] {
            assert!(COUNTRIES.is_code(code), "{code}");
        }
        // Codes that are reserved, or that were given up.
        for wrong in ["uk", "eu", "su", "an", "egy", "zz", "e", ""] {
            assert!(!COUNTRIES.is_code(wrong), "{wrong}");
        }
        let named = |name: &str| COUNTRIES.named(&crate::language::fold(name)).unwrap_or("-");
        assert_eq!(
            ["UK", "EGY", "turkey", "Türkiye", "Congo", "Atlantis"].map(named),
            ["gb", "eg", "tr", "tr", "-", "-"]
        );
    }

    #[test]
    fn beginnings_and_parts() {
        assert!(COUNTRIES.is_start("e") && COUNTRIES.is_start("eg") && !COUNTRIES.is_start("uk"));
        assert!(COUNTRIES.is_part("g") && COUNTRIES.is_part("gb") && !COUNTRIES.is_part("uk"));
    }

    #[test]
    fn the_table_is_whole() {
        let codes: Vec<&str> = rows(TABLE).map(|[code, ..]| code).collect();
        assert!(codes.is_sorted() && codes.iter().all(|code| code.len() == 2));
        assert_eq!(codes.len(), 249 + 3);
    }
}
