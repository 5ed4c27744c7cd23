//! What is missing, and what is too much.

use super::super::error_site::{ErrorSite, quote};
use super::super::grammar::Production;
use super::super::lexer::TokenKind;
use super::super::vocabulary::Algorithm;
use super::synonyms::is_action_word;
use super::{Repair, edit, insert, remove};

/// `group "Sales"` without `by least_chats`
pub(super) fn way_to_choose(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let before = site.before().next()?;
    let here = site.current();
    if site.expects(Production::BY)
        && let Some(here) = here.filter(|here| Algorithm::parse(site.text_of(*here)).is_some())
    {
        let message = format!("`by` is missing before `{}`", site.text_of(here));
        return Some(
            Repair::new(site, message, vec![insert(here.span.start as usize, "by ")]).title("write `by`"),
        );
    }
    let (words, message) = if site.expects(Production::BY) {
        (" by in_order", format!("how one of {} is chosen is not said", quote(site.text_of(before))))
    } else if site.expects(Production::algorithm) {
        (" in_order", "how the member is chosen is not said".to_owned())
    } else {
        return None;
    };
    let mend = Repair::new(site, message, vec![insert(before.span.end as usize, words)]);
    Some(mend.help(ways_to_choose()).without_fix())
}

/// ``write `by` and one of `random`, …``
fn ways_to_choose() -> String {
    let words: Vec<_> = Algorithm::ALL.iter().map(|algorithm| format!("`{algorithm}`")).collect();
    format!("write `by` and one of {}", words.join(", "))
}

/// A `:`, a `,`, a bracket, `when`, `with`, `per`: what is expected and can only be one thing
pub(super) fn sign_or_word(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    const SIGNS: [(Production, &str); 5] = [
        (Production::colon, ":"),
        (Production::close, ")"),
        (Production::close_list, "]"),
        (Production::comma, ","),
        (Production::equals, " ="),
    ];
    const WORDS: [(Production, &str); 7] = [
        (Production::WHEN, "when"),
        (Production::WITH, "with"),
        (Production::PER, "per"),
        (Production::SKILL, "skill"),
        (Production::AFTER, "after"),
        (Production::IN, "in"),
        (Production::dot, "."),
    ];
    let before = site.before().next()?;
    let here = site.current()?;
    let said = site.text_of(here);
    let end = before.span.end as usize;
    let start = here.span.start as usize;
    let is_sign = here.kind == TokenKind::Sign && !matches!(said, "(" | "[" | "-");
    let sign = SIGNS.into_iter().find_map(|(kind, sign)| {
        let fits = match kind {
            Production::colon => is_action_word(said) || matches!(said, "given" | "expect"),
            Production::comma => !is_sign && !matches!(said, "and" | "or"),
            Production::close | Production::close_list => {
                !matches!(here.kind, TokenKind::Text | TokenKind::Number)
            }
            _ => !is_sign,
        };
        (site.expects(kind) && fits).then_some((sign, vec![insert(end, sign)]))
    });
    let word = || {
        WORDS.into_iter().filter(|_| !is_sign).find_map(|(kind, word)| {
            let fits = match kind {
                Production::dot => here.kind == TokenKind::Word && !here.first && said != "has",
                Production::IN | Production::WITH | Production::AFTER | Production::SKILL => {
                    here.kind == TokenKind::Text
                }
                Production::PER => here.kind == TokenKind::Number,
                _ => !is_action_word(said),
            };
            let edits = match kind {
                Production::dot => vec![edit(end..start, ".")],
                _ => vec![insert(start, format!("{word} "))],
            };
            (site.expects(kind) && fits).then_some((word, edits))
        })
    };
    let (missing, edits) = sign.or_else(word)?;
    let missing = missing.trim();
    let message = format!("`{missing}` is missing after {}", quote(site.whole_text_of(before)));
    Some(Repair::new(site, message, edits).title(format!("write `{missing}`")))
}

/// `when a { … }`
pub(super) fn braces(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "{" && site.expects(Production::colon))?;
    let before = site.before().next()?;
    let is_close = site.after().next().is_some_and(|next| next.span.start == here.span.end);
    let colon = if is_close { ": " } else { ":" };
    let mut edits = vec![edit(before.span.end as usize..here.span.end as usize, colon)];
    let last = site.patched.tokens.last().filter(|last| site.text_of(**last) == "}");
    edits.extend(last.map(|last| remove(site.text(), last.span.range())));
    let mend = Repair::new(site, "there are no braces here: `{` is written `:`", edits);
    Some(mend.help("an item ends where the next one begins").title("write `:`"))
}

/// A word or sign twice, a bracket too many, `and` with nothing after it
pub(super) fn superfluous(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let text = site.text();
    let before = site.before().next();
    if let Some(before) = before.filter(|before| matches!(site.text_of(*before), "and" | "or" | "not")) {
        let ends = site
            .current()
            .is_none_or(|here| matches!(site.text_of(here), ":" | ")") || is_action_word(site.text_of(here)));
        if ends {
            let dangling =
                site.before().take_while(|before| matches!(site.text_of(*before), "and" | "or" | "not"));
            let first = dangling.last().unwrap_or(before);
            let range = first.span.start as usize..before.span.end as usize;
            let said = text.get(range.clone()).unwrap_or_default();
            let message = format!("{} has no condition after it", quote(said));
            return Some(Repair::new(site, message, vec![remove(text, range.clone())]).at(range));
        }
    }
    let here = site.current()?;
    let said = site.text_of(here);
    if let Some(pattern) = before.filter(|before| before.kind == TokenKind::Pattern)
        && pattern.span.end == here.span.start
        && here.kind == TokenKind::Word
    {
        let mend = Repair::new(
            site,
            format!("`{said}` is not needed after a pattern"),
            vec![edit(here.span.range(), "")],
        );
        return Some(mend.help("patterns never mind the case of letters"));
    }
    let repeats = before.is_some_and(|before| site.text_of(before).eq_ignore_ascii_case(said)) && said != "(";
    let joins = matches!(said, "and" | "or")
        && [Production::condition, Production::conjunction, Production::negation, Production::operand]
            .iter()
            .any(|kind| site.expects(*kind));
    let is_stray =
        matches!(said, ")" | "]" | "}" | "," | "." | ";" | ":" | "?" | "!" | "*" | "؟" | "`" | "'" | "\\");
    if !(repeats || joins || is_stray) {
        return None;
    }
    let message =
        if repeats { format!("`{said}` stands here twice") } else { format!("`{said}` is too much here") };
    Some(Repair::new(site, message, vec![remove(text, here.span.range())]))
}
