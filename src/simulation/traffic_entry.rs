//! Reads values of a traffic file as what they mean. A value that means nothing is reported and left out.

use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use toml::de::DeValue;

use super::figure_words::grouped;
use super::traffic_file::YEARS;
use super::weighted_list::WeightedList;
use crate::check::impossible_value;
use crate::diagnostic::{Code, nearest, one_of};
use crate::inbox::{AttributeKind, TomlEntry, TomlReader, find_timezone};
use crate::language::ast::Item;
use crate::language::vocabulary::BuiltIn;
use crate::language::{fold, parse};
use crate::policy::AttributeValue;
use crate::policy::calendar::{Calendar, resolve_hours};
use crate::text::{Source, Span, quoted};

/// What stands before the hours when they are read as a rule file.
const HOURS_ITEM: &str = "hours traffic = ";

/// One of these words, and what it stands for.
pub(super) fn choice<T: Copy>(
    entry: &TomlEntry<'_>,
    words: &[(&'static str, T)],
    form: &str,
    reader: &mut TomlReader,
) -> Option<T> {
    let text = reader.text(entry, form)?;
    let found = words.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let candidates = words.iter().map(|(word, _)| *word);
        let message = format!("`{}` cannot be `{text}`", entry.key);
        let finding = reader.error(Code::UnknownValue, entry.span, message);
        let help = format!("write {}", one_of(candidates.clone()));
        reader.did_you_mean(finding, nearest(text, candidates), &help, entry.span);
    }
    found.map(|(_, value)| *value)
}

/// A number from `least` to `most`; in TOML with or without a decimal point.
pub(super) fn number(
    entry: &TomlEntry<'_>,
    (least, most): (f64, f64),
    form: &str,
    reader: &mut TomlReader,
) -> Option<f64> {
    let (DeValue::Integer(_) | DeValue::Float(_)) = entry.value else {
        let finding = reader.type_mismatch(entry, "a number", form);
        let figures = match entry.value {
            DeValue::String(text) => text.trim().parse::<f64>().ok(),
            _ => None,
        };
        reader.report(match figures.filter(|number| (least..=most).contains(number)) {
            Some(number) => finding.fix(format!("write `{number}`"), entry.span, number.to_string()),
            None => finding,
        });
        return None;
    };
    let value = match entry.value {
        DeValue::Integer(integer) => {
            let figures = i64::from_str_radix(integer.as_str(), integer.radix()).ok();
            figures.and_then(|figures| figures.to_string().parse::<f64>().ok())
        }
        DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
        _ => None,
    };
    let value = value.filter(|value| (least..=most).contains(value));
    if value.is_none() {
        let message = format!("`{}` must be a number from {} to {}", entry.key, signed(least), signed(most));
        let mut finding = reader.error(Code::InvalidNumber, entry.span, message);
        if most <= 1.0 {
            finding = finding.help("a share of 40 % is written `0.4`");
        } else {
            finding = finding.help(format!("write it as `{form}`"));
        }
        reader.report(finding);
    }
    value
}

/// `-1,000,000`
#[expect(clippy::cast_possible_truncation, reason = "the limits are whole and small")]
fn signed(number: f64) -> String {
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}", grouped((number as i64).unsigned_abs()))
}

/// A whole number from `least` to `most`.
pub(super) fn whole(
    entry: &TomlEntry<'_>,
    (least, most): (u32, u32),
    form: &str,
    reader: &mut TomlReader,
) -> Option<u32> {
    let value = match entry.value {
        DeValue::Integer(integer) => u32::from_str_radix(integer.as_str(), integer.radix()).ok(),
        DeValue::Float(_) => None,
        _ => {
            reader.report(reader.type_mismatch(entry, "a number", form));
            return None;
        }
    };
    let value = value.filter(|value| (least..=most).contains(value));
    if value.is_none() {
        let most = grouped(most.into());
        let message = format!("`{}` must be a whole number from {least} to {most}", entry.key);
        reader.report(
            reader.error(Code::InvalidNumber, entry.span, message).help(format!("write it as `{form}`")),
        );
    }
    value
}

/// `"5m"`: at least `least`, at most a year
pub(super) fn duration(
    entry: &TomlEntry<'_>,
    least: Duration,
    form: &str,
    reader: &mut TomlReader,
) -> Option<Duration> {
    const YEAR: Duration = Duration::from_secs(366 * 24 * 60 * 60);
    if let DeValue::Integer(number) = entry.value {
        let finding = reader.error(
            Code::TypeMismatch,
            entry.span,
            format!("`{}` needs a unit: seconds, minutes or hours?", entry.key),
        );
        let number = number.as_str();
        reader.report(finding.help(format!("write `\"{number}s\"`, `\"{number}m\"` or `\"{number}h\"`")));
        return None;
    }
    let text = reader.text(entry, form)?;
    let parsed = parse_duration(text);
    if parsed.is_some_and(|duration| duration > YEAR) {
        let message = format!("`{}` must be at most 366 d, but this is `{text}`", entry.key);
        reader.report(reader.error(Code::InvalidNumber, entry.span, message));
        return None;
    }
    let Some(duration) = parsed else {
        let message = format!("`{text}` is not a length of time");
        let help = format!("write a whole number and `s`, `m`, `h` or `d`, as in `{form}`");
        reader.report(reader.error(Code::InvalidNumber, entry.span, message).help(help));
        return None;
    };
    if duration < least {
        let message = format!("`{}` must be at least {} s, but this is `{text}`", entry.key, least.as_secs());
        reader.report(reader.error(Code::InvalidNumber, entry.span, message));
        return None;
    }
    Some(duration)
}

/// `5m`: a whole number and a unit
fn parse_duration(text: &str) -> Option<Duration> {
    const UNITS: [(&str, u64); 4] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];
    let text = text.trim();
    let (count, seconds) =
        UNITS.iter().find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?.trim_end(), seconds)))?;
    if !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(Duration::from_secs(count.parse::<u64>().ok()?.checked_mul(*seconds)?))
}

/// `2026-01-05`, with or without quotes
pub(super) fn date(entry: &TomlEntry<'_>, form: &str, reader: &mut TomlReader) -> Option<Date> {
    let text = match entry.value {
        DeValue::Datetime(datetime) => datetime.to_string(),
        DeValue::String(text) => text.to_string(),
        _ => {
            reader.report(reader.type_mismatch(entry, "a date", form));
            return None;
        }
    };
    let date = text.parse::<Date>().ok().filter(|date| YEARS.contains(&date.year()) && text.len() == 10);
    if date.is_none() {
        let message = format!("`{text}` is not a date from 1970 to 2200");
        reader.report(
            reader.error(Code::InvalidHours, entry.span, message).help(format!("write it as `{form}`")),
        );
    }
    date
}

/// `"Africa/Cairo"`
pub(super) fn timezone(entry: &TomlEntry<'_>, reader: &mut TomlReader) -> Option<TimeZone> {
    let name = reader.text(entry, "timezone = \"Africa/Cairo\"")?;
    match find_timezone(name) {
        Ok(zone) => Some(zone),
        Err(unknown) => {
            let message = format!("no time zone is called `{name}`");
            let finding = reader.error(Code::UnknownTimezone, entry.span, message);
            reader.did_you_mean(finding, unknown.near.as_deref(), unknown.help, entry.span);
            None
        }
    }
}

/// `"mon-fri 09:00-17:00 except dec 25"`, as after `hours NAME =` in a rule file
pub(super) fn hours(entry: &TomlEntry<'_>, source: &Source, reader: &mut TomlReader) -> Option<Calendar> {
    const FORM: &str = "hours = \"mon-fri 09:00-17:00\"";
    let text = reader.text(entry, FORM)?;
    if !reader.check_not_empty(text, entry.span, "this text is empty") {
        return None;
    }
    let item = Source::new(Arc::clone(&source.name), format!("{HOURS_ITEM}{text}\n"));
    let parsed = parse(&item);
    let mut findings = parsed.findings;
    let calendar = match &*parsed.file.items {
        [Item::Hours(hours)] if !text.contains('\n') => {
            let mut unknown = Vec::new();
            let mut lookup = |word: &crate::language::ast::Word| {
                unknown.push(reader.error(
                    Code::UnknownDefinition,
                    word.span,
                    format!("`{}` is not defined: a traffic file cannot define dates", word.value),
                ));
                None
            };
            let resolved =
                resolve_hours(&hours.entries, &hours.except, &mut lookup, &item.name, &mut findings);
            findings.extend(unknown.into_iter().map(|finding| finding.help("write the dates themselves")));
            Some(resolved)
        }
        _ => None,
    };
    // Where the text has no escapes, a place in it is a place in the file.
    let is_plain = source.slice(entry.span) == quoted(text);
    if calendar.is_none() && findings.is_empty() {
        let message = format!("`{text}` is not hours");
        reader.report(
            reader.error(Code::InvalidHours, entry.span, message).help(format!("write them as in `{FORM}`")),
        );
        return None;
    }
    let is_sound = findings.is_empty();
    for mut finding in findings {
        finding.fix = None;
        finding.related.clear();
        let inside = |at: u32| (at as usize).checked_sub(HOURS_ITEM.len()).filter(|at| *at <= text.len());
        finding.span = match (inside(finding.span.start), inside(finding.span.end)) {
            (Some(start), Some(end)) if is_plain => {
                let first = entry.span.start as usize + 1;
                Span::new(first + start, first + end)
            }
            _ => entry.span,
        };
        reader.report(finding);
    }
    calendar.filter(|_| is_sound)
}

/// `{ ar = 6, en = 3 }`: words, each with its weight; one that is empty means unknown
pub(super) fn weights(entry: &TomlEntry<'_>, form: &str, reader: &mut TomlReader) -> WeightedList<String> {
    let values = weighted(entry, form, reader, |field, _| Some(field.key.to_owned()));
    WeightedList::new(values)
}

/// [`weights`] of countries, languages or phone numbers.
pub(super) fn coded(
    entry: &TomlEntry<'_>,
    part: BuiltIn,
    form: &str,
    reader: &mut TomlReader,
) -> WeightedList<String> {
    let file = reader.error(Code::Syntax, entry.span, String::new()).file;
    let values = weighted(entry, form, reader, |field, reader| {
        let folded = fold(field.key);
        let impossible =
            (!folded.is_empty()).then(|| impossible_value(part, field.key, &folded, field.key_span, &file));
        match impossible.flatten() {
            Some(mut finding) => {
                if part == BuiltIn::Phone {
                    finding.help =
                        Some("write `+`, the country code and the number, as in `+201001234567`".to_owned());
                }
                reader.report(finding);
                None
            }
            None => Some(field.key.to_owned()),
        }
    });
    WeightedList::new(values)
}

/// Words with weights, as the values of an attribute of `kind`.
pub(super) fn attribute_weights(
    entry: &TomlEntry<'_>,
    kind: &AttributeKind,
    reader: &mut TomlReader,
) -> WeightedList<Option<AttributeValue>> {
    let form = format!("{} = {{ {} = 1 }}", entry.key, example(kind));
    let values = weighted(entry, &form, reader, |field, reader| {
        if field.key.is_empty() { Some(None) } else { attribute_word(field, kind, reader).map(Some) }
    });
    WeightedList::new(values)
}

fn weighted<T>(
    entry: &TomlEntry<'_>,
    form: &str,
    reader: &mut TomlReader,
    mut value: impl FnMut(&TomlEntry<'_>, &mut TomlReader) -> Option<T>,
) -> Vec<(T, f64)> {
    let mut values = Vec::new();
    let mut sum = 0.0;
    let mut is_sound = true;
    for field in reader.section(entry, form) {
        let weight = number(&field, (0.0, 1e9), "ar = 6", reader);
        is_sound &= weight.is_some();
        sum += weight.unwrap_or(0.0);
        values.extend(value(&field, reader).zip(weight));
    }
    if is_sound && sum <= 0.0 && matches!(entry.value, DeValue::Table(_)) {
        let message = format!("the weights of `{}` are all 0", entry.key);
        let help = "write how often each occurs, relative to the others";
        reader.report(reader.error(Code::InvalidNumber, entry.key_span, message).help(help));
    }
    values
}

fn example(kind: &AttributeKind) -> String {
    match kind {
        AttributeKind::Number => "12".to_owned(),
        AttributeKind::Flag => "yes".to_owned(),
        AttributeKind::Words(words) => {
            words.iter().next().map_or_else(|| "\"…\"".to_owned(), |(word, _)| word.clone())
        }
        _ => "Cairo".to_owned(),
    }
}

/// The key of a weight as a value of an attribute.
fn attribute_word(
    field: &TomlEntry<'_>,
    kind: &AttributeKind,
    reader: &mut TomlReader,
) -> Option<AttributeValue> {
    let word = field.key;
    match kind {
        AttributeKind::Number => {
            let number = word.parse::<Decimal>().ok();
            if number.is_none() {
                let message = format!("`{word}` is not a number, and this attribute takes numbers");
                let help = "write the value before its weight, as in `\"12\" = 1`";
                reader.report(reader.error(Code::TypeMismatch, field.key_span, message).help(help));
            }
            number.map(AttributeValue::Number)
        }
        AttributeKind::Flag => match word {
            "yes" | "true" => Some(AttributeValue::Flag(true)),
            "no" | "false" => Some(AttributeValue::Flag(false)),
            _ => {
                let message = format!("`{word}` is neither `yes` nor `no`");
                reader.report(reader.error(Code::TypeMismatch, field.key_span, message).help(
                    "write how many customers have it and how many do not, as in `yes = 1` and `no = 9`",
                ));
                None
            }
        },
        AttributeKind::Words(words) if !words.has(&fold(word)) => {
            let candidates = || words.iter().map(|(word, _)| word.as_str());
            let message = format!("`{word}` is not one of the words of this attribute");
            let finding = reader.error(Code::UnknownValue, field.key_span, message);
            let help = format!("write {}", one_of(candidates()));
            reader.did_you_mean(finding, nearest(word, candidates()), &help, field.key_span);
            None
        }
        _ => Some(AttributeValue::Text(word.to_owned())),
    }
}

/// A value in place: `campaign = "eid"`, `items = 3`, `rush = true`
pub(super) fn attribute_value(
    field: &TomlEntry<'_>,
    kind: &AttributeKind,
    reader: &mut TomlReader,
) -> Option<AttributeValue> {
    let form = |value: &str| format!("{} = {value}", field.key);
    match kind {
        AttributeKind::Flag => reader.boolean(field, &form("true")).map(AttributeValue::Flag),
        AttributeKind::Number => {
            let value = number(field, (-1e12, 1e12), &form("12"), reader)?;
            let decimal = Decimal::from_str_exact(&value.to_string()).ok();
            if decimal.is_none() {
                let message = format!("`{}` has too many decimals", field.key);
                reader.report(reader.error(Code::InvalidNumber, field.span, message));
            }
            decimal.map(AttributeValue::Number)
        }
        AttributeKind::Words(words) => {
            let text = reader.text(field, &form("\"…\""))?;
            if words.has(&fold(text)) {
                return Some(AttributeValue::Text(text.to_owned()));
            }
            let candidates = || words.iter().map(|(word, _)| word.as_str());
            let message = format!("`{}` cannot be `{text}`", field.key);
            let finding = reader.error(Code::UnknownValue, field.span, message);
            let help = format!("write {}", one_of(candidates()));
            reader.did_you_mean(finding, nearest(text, candidates()), &help, field.span);
            None
        }
        _ => reader.text(field, &form("\"…\"")).map(|text| AttributeValue::Text(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let seconds = |text| parse_duration(text).map(|duration| duration.as_secs());
        assert_eq!(["30s", "5m", "12 h", " 2d "].map(seconds), [30, 300, 43_200, 172_800].map(Some));
        assert_eq!(["", "5", "m", "-1s", "1.5h", "5 minutes", "٥m"].map(seconds), [None; 7]);
    }

    #[test]
    fn limits_are_grouped() {
        assert_eq!([-1e5, 0.0, 1e6].map(signed), ["-100,000", "0", "1,000,000"]);
    }
}
