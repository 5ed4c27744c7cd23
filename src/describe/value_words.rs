//! Values that a condition compares, in words.

use crate::language::ast::{Literal, ValueTest, Values};
use crate::language::vocabulary::Comparison;

use super::duration;

/// The test of a value.
pub(super) struct Tested {
    /// Its word.
    pub(super) test: &'static str,
    /// What is compared with.
    pub(super) values: Vec<String>,
    /// `contains “refund”`
    pub(super) holds: String,
    /// `does not contain “refund”`
    pub(super) fails: String,
}

/// The test of a value in words, as they follow what is tested.
pub(super) fn tested(test: &ValueTest) -> Tested {
    let (test, values, [holds, fails]) = match test {
        ValueTest::Is { not, values } => {
            let (values, one) = values_of(values);
            let mut both = [format!("is {one}"), format!("is not {one}")];
            if *not {
                both.reverse();
            }
            (if *not { "is_not" } else { "is" }, values, both)
        }
        ValueTest::Contains { part, values } => {
            let (values, one) = values_of(values);
            let inside = if *part { ", even inside a word" } else { "" };
            let test = if *part { "contains_part" } else { "contains" };
            (test, values, [format!("contains {one}{inside}"), format!("does not contain {one}{inside}")])
        }
        ValueTest::StartsWith(values) => {
            let (values, one) = values_of(values);
            ("starts_with", values, [format!("starts with {one}"), format!("does not start with {one}")])
        }
        ValueTest::Matches(pattern) => {
            let written = quoted(&pattern.value);
            let both =
                ["matches", "does not match"].map(|matches| format!("{matches} the pattern {written}"));
            ("matches", vec![pattern.value.clone()], both)
        }
        ValueTest::Compare(compare) => {
            let value = literal(&compare.value.value);
            let amount = format!("{} {value}", quantity(compare.op.value));
            (compare.op.value.sign(), vec![value], [format!("is {amount}"), format!("is not {amount}")])
        }
    };
    Tested { test, values, holds, fails }
}

/// Each value, and all of them as a choice.
fn values_of(values: &Values) -> (Vec<String>, String) {
    let values: Vec<String> = values.values.iter().map(|value| literal(&value.value)).collect();
    let one = quoted_or(&values);
    (values, one)
}

/// `“a”, “b” or “c”`
pub(super) fn quoted_or(values: &[String]) -> String {
    or(&values.iter().map(|value| quoted(value)).collect::<Vec<_>>())
}

/// `a, b or c`
pub(super) fn or(items: &[String]) -> String {
    match items {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => items.concat(),
    }
}

/// `“a”`
pub(super) fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// `less than`
pub(super) fn quantity(comparison: Comparison) -> &'static str {
    match comparison {
        Comparison::Less => "less than",
        Comparison::AtMost => "at most",
        Comparison::Equal => "exactly",
        Comparison::AtLeast => "at least",
        Comparison::More => "more than",
    }
}

/// A value without quotes.
pub(super) fn literal(value: &Literal) -> String {
    match value {
        Literal::Text(text) | Literal::Word(text) => text.clone(),
        Literal::Number(number) => number.map(|number| number.normalize().to_string()).unwrap_or_default(),
        Literal::Duration(seconds) => seconds.map(duration).unwrap_or_default(),
    }
}
