//! What is missing, and what is too much.

use super::super::grammar::Kind;
use super::super::place::{Place, quote};
use super::super::scan;
use super::super::vocabulary::Algorithm;
use super::spelling::is_action_word;
use super::{Mend, edit, insert, remove};

/// `group "Sales"` without `by least_chats`
pub(super) fn way_to_choose(place: &Place<'_, '_>) -> Option<Mend> {
    let before = place.before().next()?;
    let here = place.here();
    if place.expects(Kind::BY)
        && let Some(here) = here.filter(|here| Algorithm::parse(place.said(*here)).is_some())
    {
        let message = format!("`by` is missing before `{}`", place.said(here));
        return Some(
            Mend::new(place, message, vec![insert(here.span.start as usize, "by ")]).title("write `by`"),
        );
    }
    let (words, message) = if place.expects(Kind::BY) {
        (" by in_order", format!("how one of {} is chosen is not said", quote(place.said(before))))
    } else if place.expects(Kind::algorithm) {
        (" in_order", "how the member is chosen is not said".to_owned())
    } else {
        return None;
    };
    let mend = Mend::new(place, message, vec![insert(before.span.end as usize, words)]);
    Some(mend.help(ways_to_choose()).without_fix())
}

/// ``write `by` and one of `random`, …``
fn ways_to_choose() -> String {
    let words: Vec<_> = Algorithm::ALL.iter().map(|algorithm| format!("`{algorithm}`")).collect();
    format!("write `by` and one of {}", words.join(", "))
}

/// A `:`, a `,`, a bracket, `when`, `with`, `per`: what is expected and can only be one thing
pub(super) fn sign_or_word(place: &Place<'_, '_>) -> Option<Mend> {
    const SIGNS: [(Kind, &str); 5] = [
        (Kind::COLON, ":"),
        (Kind::CLOSE, ")"),
        (Kind::CLOSE_LIST, "]"),
        (Kind::COMMA, ","),
        (Kind::EQUALS, " ="),
    ];
    const WORDS: [(Kind, &str); 7] = [
        (Kind::WHEN, "when"),
        (Kind::WITH, "with"),
        (Kind::PER, "per"),
        (Kind::SKILL, "skill"),
        (Kind::AFTER, "after"),
        (Kind::IN, "in"),
        (Kind::DOT, "."),
    ];
    let before = place.before().next()?;
    let here = place.here()?;
    let said = place.said(here);
    let end = before.span.end as usize;
    let start = here.span.start as usize;
    let is_sign = here.kind == scan::Kind::Sign && !matches!(said, "(" | "[" | "-");
    let sign = SIGNS.into_iter().find_map(|(kind, sign)| {
        let fits = match kind {
            Kind::COLON => is_action_word(said) || matches!(said, "given" | "expect"),
            Kind::COMMA => !is_sign && !matches!(said, "and" | "or"),
            Kind::CLOSE | Kind::CLOSE_LIST => !matches!(here.kind, scan::Kind::Text | scan::Kind::Number),
            _ => !is_sign,
        };
        (place.expects(kind) && fits).then_some((sign, vec![insert(end, sign)]))
    });
    let word = || {
        WORDS.into_iter().filter(|_| !is_sign).find_map(|(kind, word)| {
            let fits = match kind {
                Kind::DOT => here.kind == scan::Kind::Word && !here.first && said != "has",
                Kind::IN | Kind::WITH | Kind::AFTER | Kind::SKILL => here.kind == scan::Kind::Text,
                Kind::PER => here.kind == scan::Kind::Number,
                _ => !is_action_word(said),
            };
            let edits = match kind {
                Kind::DOT => vec![edit(end..start, ".")],
                _ => vec![insert(start, format!("{word} "))],
            };
            (place.expects(kind) && fits).then_some((word, edits))
        })
    };
    let (missing, edits) = sign.or_else(word)?;
    let missing = missing.trim();
    let message = format!("`{missing}` is missing after {}", quote(place.written(before)));
    Some(Mend::new(place, message, edits).title(format!("write `{missing}`")))
}

/// `when a { … }`
pub(super) fn braces(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|here| place.said(*here) == "{" && place.expects(Kind::COLON))?;
    let before = place.before().next()?;
    let is_close = place.after().next().is_some_and(|next| next.span.start == here.span.end);
    let colon = if is_close { ": " } else { ":" };
    let mut edits = vec![edit(before.span.end as usize..here.span.end as usize, colon)];
    let last = place.draft.lexemes.last().filter(|last| place.said(**last) == "}");
    edits.extend(last.map(|last| remove(place.text(), last.span.range())));
    let mend = Mend::new(place, "there are no braces here: `{` is written `:`", edits);
    Some(mend.help("an item ends where the next one begins").title("write `:`"))
}

/// A word or sign twice, a bracket too many, `and` with nothing after it
pub(super) fn superfluous(place: &Place<'_, '_>) -> Option<Mend> {
    let text = place.text();
    let before = place.before().next();
    if let Some(before) = before.filter(|before| matches!(place.said(*before), "and" | "or" | "not")) {
        let ends = place
            .here()
            .is_none_or(|here| matches!(place.said(here), ":" | ")") || is_action_word(place.said(here)));
        if ends {
            let dangling =
                place.before().take_while(|before| matches!(place.said(*before), "and" | "or" | "not"));
            let first = dangling.last().unwrap_or(before);
            let range = first.span.start as usize..before.span.end as usize;
            let said = text.get(range.clone()).unwrap_or_default();
            let message = format!("{} has no condition after it", quote(said));
            return Some(Mend::new(place, message, vec![remove(text, range.clone())]).at(range));
        }
    }
    let here = place.here()?;
    let said = place.said(here);
    if let Some(pattern) = before.filter(|before| before.kind == scan::Kind::Pattern)
        && pattern.span.end == here.span.start
        && here.kind == scan::Kind::Word
    {
        let mend = Mend::new(
            place,
            format!("`{said}` is not needed after a pattern"),
            vec![edit(here.span.range(), "")],
        );
        return Some(mend.help("patterns never mind the case of letters"));
    }
    let repeats = before.is_some_and(|before| place.said(before).eq_ignore_ascii_case(said)) && said != "(";
    let joins = matches!(said, "and" | "or")
        && [Kind::condition, Kind::every, Kind::part, Kind::term].iter().any(|kind| place.expects(*kind));
    let is_stray =
        matches!(said, ")" | "]" | "}" | "," | "." | ";" | ":" | "?" | "!" | "*" | "؟" | "`" | "'" | "\\");
    if !(repeats || joins || is_stray) {
        return None;
    }
    let message =
        if repeats { format!("`{said}` stands here twice") } else { format!("`{said}` is too much here") };
    Some(Mend::new(place, message, vec![remove(text, here.span.range())]))
}
