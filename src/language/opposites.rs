//! Words that mean the opposite of each other, or at least something else: one is never taken for the other misspelt.

use strsim::osa_distance;

use crate::diagnostic::nearest;

/// The parts of words (`any` and `online` in `any_online`) of which no two in a row mean the same.
const OPPOSITES: &[&[&str]] = &[
    &[
        "any",
        "all",
        "none",
        "no",
        "every",
        "everyone",
        "everybody",
        "nobody",
        "anyone",
        "some",
        "somebody",
        "each",
    ],
    &["online", "offline", "away", "available", "busy"],
    &["new", "returning", "old", "existing", "known", "unknown"],
    &["owner", "user", "group", "customer", "chat", "message"],
    &["before", "after", "during", "outside", "between"],
    &["waiting", "answered", "open", "closed"],
    &["low", "normal", "high", "urgent"],
    &["least", "most", "fewest", "first", "last"],
    &["is", "not", "has", "in"],
    &["and", "or", "not"],
    &["given", "expect"],
    &["hours", "dates"],
    &["with", "without"],
    &["blocked", "unblocked"],
    &["starts", "ends"],
];

/// What makes a word mean its opposite when it stands before it.
const NEGATIONS: [&str; 6] = ["not", "non", "no", "un", "dis", "in"];

/// The known word nearest to `word`, unless it means the opposite of what may have been meant.
pub(crate) fn nearest_word<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    nearest(word, known).filter(|near| !may_be_opposite(word, near))
}

/// Whether `word`, or what it is a misspelling of, may mean the opposite of the known word `near`.
pub(crate) fn may_be_opposite(word: &str, near: &str) -> bool {
    let (word, near) = (word.to_lowercase(), near.to_lowercase());
    if word == near {
        return false;
    }
    if may_be_negated(&word, &near) {
        return true;
    }
    let parts_of = |name: &'_ str| name.split(['_', ' ', '-']).map(str::to_owned).collect::<Vec<_>>();
    let (parts, near_parts) = (parts_of(&word), parts_of(&near));
    if parts.len() != near_parts.len() {
        return near_parts.iter().any(|near| parts.iter().any(|part| are_opposite(part, near)));
    }
    // A part that is all wrong is another word: `none_online` is not nearly `owner_online`, nor `Team B` `Team A`.
    let is_other = |part: &str, near: &str| {
        let most = if near.chars().count() < 2 { 0 } else { (near.len() / 3).max(1) };
        osa_distance(part, near) > most || may_be_negated(part, near)
    };
    parts.iter().zip(&near_parts).any(|(part, near)| is_other(part, near) || are_opposite(part, near))
}

/// Whether one of the two is the other with a negation before it: `unanswered` and `answered`.
fn may_be_negated(one: &str, other: &str) -> bool {
    let negates = |long: &str, short: &str| {
        NEGATIONS.iter().filter_map(|negation| long.strip_prefix(negation)).any(|rest| {
            let rest = rest.trim_start_matches('_');
            rest.len() >= 3 && osa_distance(rest, short) + 1 < osa_distance(long, short)
        })
    };
    negates(one, other) || negates(other, one)
}

/// `word` without what makes it mean its opposite: `chat_answered` for `chat_unanswered`, `online` for `not_online`.
pub(crate) fn without_negation(word: &str) -> impl Iterator<Item = String> + '_ {
    let starts = word.match_indices('_').map(|(at, _)| at + 1);
    std::iter::once(0).chain(starts).flat_map(move |start| {
        let (before, part) = word.split_at_checked(start).unwrap_or((word, ""));
        let rests = NEGATIONS.iter().filter_map(move |negation| part.strip_prefix(negation));
        rests.map(move |rest| format!("{before}{}", rest.trim_start_matches('_')))
    })
}

/// Whether `part` is as near to another word of the row of `near` as to `near` itself.
fn are_opposite(part: &str, near: &str) -> bool {
    if part == near {
        return false;
    }
    let rows = OPPOSITES.iter().filter(|row| row.contains(&near));
    rows.flat_map(|row| row.iter())
        .any(|other| *other != near && osa_distance(part, other) <= osa_distance(part, near))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opposites_are_not_taken_for_one_another() {
        for (word, near) in [
            ("none_online", "owner_online"),
            ("all_online", "any_online"),
            ("any_offline", "all_offline"),
            ("any_ofline", "any_online"),
            ("nothas_owner", "has_owner"),
            ("notblocked", "blocked"),
            ("not_new_customer", "new_customer"),
            ("old_customer", "new_customer"),
            ("user_online", "owner_online"),
            ("unblocked", "blocked"),
            ("chat_unanswered", "chat_answered"),
            ("chat_unanswred", "chat_answered"),
            ("any_unavailable", "any_available"),
            ("nonblocked", "blocked"),
            ("inactive", "active"),
            ("without", "with"),
            ("Unassigned", "Assigned"),
            ("Team B", "Team A"),
            ("first line", "last line"),
        ] {
            assert!(may_be_opposite(word, near), "{word} {near}");
        }
    }

    #[test]
    fn misspelt_words_are() {
        for (word, near) in [
            ("any_onlin", "any_online"),
            ("new_custmer", "new_customer"),
            ("nwe_customer", "new_customer"),
            ("retruning_customer", "returning_customer"),
            ("hasowner", "has_owner"),
            ("leastchats", "least_chats"),
            ("nromal", "normal"),
            ("normall", "normal"),
            ("nobod", "nobody"),
            ("Sales taem", "sales team"),
            ("notifcation", "notification"),
        ] {
            assert!(!may_be_opposite(word, near), "{word} {near}");
        }
    }
}
