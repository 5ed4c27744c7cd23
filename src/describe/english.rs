//! The phrases that sentences are made of: lists, durations, articles, long texts cut short.

/// `Alice, Bob and Carol`; nothing for an empty list.
pub(crate) fn list(items: &[String]) -> String {
    match items {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => items.concat(),
    }
}

/// `Alice and Bob are online`; `None` if there is nobody.
pub(crate) fn names_are(names: &[String], what: &str) -> Option<String> {
    match names {
        [] => None,
        [name] => Some(format!("{name} is {what}")),
        names => Some(format!("{} are {what}", list(names))),
    }
}

/// `1 chat waits`, `3 chats wait`
pub(crate) fn chats_wait(chats: u64) -> String {
    if chats == 1 { "1 chat waits".to_owned() } else { format!("{chats} chats wait") }
}

/// `an image`
pub(crate) fn with_article(noun: &str) -> String {
    let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {noun}")
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The exact duration in the largest unit that divides it: `90 minutes`, `1 hour`.
pub(crate) fn duration(seconds: u64) -> String {
    let units = [(DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")];
    let whole = units.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
    let (count, unit) = whole.map_or((seconds, "second"), |(size, unit)| (seconds / size, unit));
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// The duration in its two largest units, rounded down: `40 s`, `18 min`, `2 h 5 min`, `40 days`.
pub(crate) fn rough_duration(seconds: u64) -> String {
    let (large, small) = match seconds {
        0..MINUTE => return format!("{seconds} s"),
        MINUTE..HOUR => return format!("{} min", seconds / MINUTE),
        HOUR..DAY => (format!("{} h", seconds / HOUR), format!("{} min", seconds % HOUR / MINUTE)),
        _ if seconds < 2 * DAY => ("1 day".to_owned(), format!("{} h", seconds % DAY / HOUR)),
        _ => (format!("{} days", seconds / DAY), format!("{} h", seconds % DAY / HOUR)),
    };
    if small.starts_with("0 ") { large } else { format!("{large} {small}") }
}

/// The first 60 characters of a text, on one line.
pub(crate) fn truncated(text: &str) -> String {
    const MAX_LENGTH: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let check = |seconds, exact: &str, rough: &str| {
            assert_eq!((&*duration(seconds), &*rough_duration(seconds)), (exact, rough));
        };
        check(0, "0 seconds", "0 s");
        check(18 * 60 + 59, "1139 seconds", "18 min");
        check(2 * 3600 + 300, "125 minutes", "2 h 5 min");
        check(86_400, "1 day", "1 day");
        check(40 * 86_400 + 3600, "961 hours", "40 days 1 h");
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(truncated("I want\n a refund"), "I want a refund");
        assert_eq!(truncated(&"é".repeat(61)), "é".repeat(60) + "…");
    }
}
