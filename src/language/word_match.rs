//! Whether a text holds another as whole words.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup, Script};
use icu_properties::script::ScriptWithExtensions;

/// Whether `needle` stands somewhere in `text` with neither end between two word characters. All places are
/// tried, those that overlap too, in time linear in both. An empty needle is in every text.
pub(crate) fn contains_words(text: &str, needle: &str) -> bool {
    // Most texts do not hold most needles at all, and most that do hold it as a word: the standard search is the
    // quickest to say so, and needs no room.
    const TRIED: usize = 8;
    let (mut from, mut tried) = (0, 0);
    while let Some(found) = text.get(from..).and_then(|rest| rest.find(needle)) {
        let start = from + found;
        if needle.is_empty() || at_word_boundaries(text, start, start + needle.len()) {
            return true;
        }
        tried += 1;
        if tried == TRIED {
            return occurrences(text.as_bytes(), needle.as_bytes())
                .any(|start| at_word_boundaries(text, start, start + needle.len()));
        }
        from = start + text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    }
    false
}

/// Whether neither end of what stands from `start` to `end` lies between two word characters.
pub(crate) fn at_word_boundaries(text: &str, start: usize, end: usize) -> bool {
    !is_inside_word(text, start) && !is_inside_word(text, end)
}

/// Every place in `text` where `needle` begins (Knuth, Morris and Pratt). Of two UTF-8 texts, bytes will do.
fn occurrences(text: &[u8], needle: &[u8]) -> impl Iterator<Item = usize> {
    let overlaps = failure_table(needle);
    let mut matched = 0;
    text.iter().enumerate().filter_map(move |(at, byte)| {
        matched = advance(needle, &overlaps, matched, *byte);
        (matched == needle.len()).then(|| at + 1 - matched)
    })
}

/// For each beginning of `needle`: how much of it is also its end, without being all of it.
fn failure_table(needle: &[u8]) -> Vec<usize> {
    let mut overlaps = Vec::with_capacity(needle.len());
    for (at, byte) in needle.iter().enumerate() {
        let overlap = match at.checked_sub(1).and_then(|before| overlaps.get(before)) {
            Some(matched) => advance(needle, &overlaps, *matched, *byte),
            None => 0,
        };
        overlaps.push(overlap);
    }
    overlaps
}

/// How much of `needle` is matched after `byte`, when `matched` bytes of it were before.
fn advance(needle: &[u8], overlaps: &[usize], mut matched: usize, byte: u8) -> usize {
    loop {
        if needle.get(matched) == Some(&byte) {
            return matched + 1;
        }
        match matched.checked_sub(1).and_then(|last| overlaps.get(last)) {
            Some(shorter) => matched = *shorter,
            None => return 0,
        }
    }
}

/// Whether byte `at` of `text` lies between two word characters.
fn is_inside_word(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at_checked(at).unwrap_or_default();
    before.chars().next_back().is_some_and(is_word_char) && after.chars().next().is_some_and(is_word_char)
}

/// Letters, marks, digits and `_`; but no letter of a script that puts no spaces between words.
fn is_word_char(character: char) -> bool {
    if character.is_ascii() {
        return character.is_ascii_alphanumeric() || character == '_';
    }
    let category = CodePointMapData::<GeneralCategory>::new().get(character);
    if GeneralCategoryGroup::Letter.contains(category) {
        let scripts = ScriptWithExtensions::new().get_script_extensions_val(character);
        !WITHOUT_SPACES.iter().any(|script| scripts.contains(script))
    } else {
        GeneralCategoryGroup::Mark.contains(category) || category == GeneralCategory::DecimalNumber
    }
}

const WITHOUT_SPACES: [Script; 7] = [
    Script::Han,
    Script::Hiragana,
    Script::Katakana,
    Script::Thai,
    Script::Lao,
    Script::Khmer,
    Script::Myanmar,
];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::fold::fold;
    use super::*;

    #[track_caller]
    fn found(text: &str, needle: &str) {
        assert!(fold(text).contains_words(&fold(needle)), "{needle:?} in {text:?}");
    }

    #[track_caller]
    fn not_found(text: &str, needle: &str) {
        assert!(!fold(text).contains_words(&fold(needle)), "{needle:?} not in {text:?}");
    }

    #[test]
    fn words() {
        found("I want a refund!", "refund");
        found("REFUND", "refund");
        found("refund,please", "Refund");
        not_found("refunded", "refund");
        not_found("prerefund", "refund");
        not_found("no_refund", "refund");
        not_found("refund2", "refund");
        found("it's", "it");
        found("order no. 12!", "12");
        not_found("123", "12");
        not_found("٣٤", "٣");
        found("a  lot \n of", "lot of");
        not_found("café", "caf");
        not_found("x\u{331}", "x");
        found("Überweisung der Gebühr", "gebühr");
    }

    #[test]
    fn every_place_is_tried() {
        found("aaa aa", "aa");
        found("xaa aa", "aa");
        found("refunded refund", "refund");
        found("a aa a a", "a a");
        found("-x-x-x y", "x-x y");
        not_found("aaa", "aa");
    }

    #[test]
    fn ends_that_are_no_word_characters() {
        found("is it c++?", "c++");
        found("c++11", "c++");
        found("a+b", "+");
        found("hi😀there", "😀");
        found("100% sure", "100%");
        found("100%sure", "100%");
    }

    #[test]
    fn scripts_without_spaces() {
        found("我要退款谢谢", "退款");
        found("返金してください", "返金");
        found("コーヒーをください", "コーヒー");
        found("ฉันต้องการคืนเงินครับ", "คืนเงิน");
        found("ຂ້ອຍຕ້ອງການເງິນ", "ເງິນ");
        found("ខ្ញុំចង់បានប្រាក់", "ប្រាក់");
        found("ငွေပြန်အမ်းပါ", "ပြန်");
        found("用VIP卡", "vip");
        found("3月", "3");
        not_found("환불해주세요", "환불");
        found("환불 해주세요", "환불");
    }

    #[test]
    fn right_to_left() {
        found("أُرِيدُ اِسْتِرْجَاع المال", "استرجاع");
        not_found("الاسترجاع", "استرجاع");
        found("אני רוצה הֶחְזֵר", "החזר");
    }

    #[test]
    fn nothing_is_everywhere() {
        assert!(contains_words("", "") && contains_words("é", "") && !contains_words("", "a"));
    }

    #[test]
    fn many_places_inside_words_take_no_time() {
        let needle = format!("{}y", "月yy".repeat(20_000));
        assert!(!contains_words(&"月yy".repeat(60_000), &needle));
        assert!(contains_words(&"月yy".repeat(60_000), "yy"));
    }

    proptest! {
        #[test]
        fn as_the_sentence_says(text in "[ab_ 月é-]{0,12}", needle in "[ab_ 月é-]{1,3}") {
            let is_word = |character: char| "ab_é".contains(character);
            let inside = |left: &str, right: &str| {
                left.ends_with(is_word) && right.starts_with(is_word)
            };
            let starts = (0..text.len()).filter_map(|start| text.split_at_checked(start));
            let expected = starts.filter(|(_, rest)| rest.starts_with(&needle)).any(|(before, rest)| {
                !inside(before, rest) && !inside(&needle, rest.strip_prefix(&needle).unwrap())
            });
            prop_assert_eq!(contains_words(&text, &needle), expected);
        }
    }
}
