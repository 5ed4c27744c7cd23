//! What is missing, and what is there too often.

use super::super::error_site::{ErrorSite, quote};
use super::super::expected::{keyword, sign};
use super::super::grammar::Production;
use super::super::lexer::TokenKind;
use super::super::vocabulary::{self, Algorithm, Weekday, WordClass};
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
        // The name follows the nearest `group`; skills and `except` may stand between.
        let mut name = before;
        for token in site.before().take_while(|token| site.text_of(*token) != "group") {
            name = token;
        }
        (" by in_order", format!("the way to choose a member of {} is missing", quote(site.text_of(name))))
    } else if site.expects(Production::algorithm) {
        (" in_order", "the way to choose a member is missing".to_owned())
    } else {
        return None;
    };
    let repair = Repair::new(site, message, vec![insert(before.span.end as usize, words)]);
    Some(repair.help(ways_to_choose()).without_fix())
}

/// ``write `by` and one of `random`, …``
fn ways_to_choose() -> String {
    let words: Vec<_> = Algorithm::ALL.iter().map(|algorithm| format!("`{algorithm}`")).collect();
    format!("write `by` and one of {}", words.join(", "))
}

/// A `:`, a `,`, a bracket, `when`, `with`, `per`: what is expected and can only be one thing
pub(super) fn sign_or_word(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    const MISSING: [Production; 12] = [
        Production::colon,
        Production::close,
        Production::close_list,
        Production::comma,
        Production::equals,
        Production::WHEN,
        Production::WITH,
        Production::PER,
        Production::SKILL,
        Production::AFTER,
        Production::IN,
        Production::dot,
    ];
    let before = site.before().next()?;
    let here = site.current()?;
    let text = site.text_of(here);
    let is_sign = here.kind == TokenKind::Sign && !matches!(text, "(" | "[" | "-");
    let is_value = matches!(here.kind, TokenKind::Text | TokenKind::Number);
    let fits = |production| match production {
        Production::colon => is_action_word(text) || vocabulary::is_of_class(text, WordClass::TestLine),
        Production::comma => !is_sign && !matches!(text, "and" | "or"),
        Production::close | Production::close_list => !is_value,
        Production::dot => {
            here.kind == TokenKind::Word && !here.first && !matches!(text, "has" | "and" | "or" | "not")
        }
        Production::IN | Production::WITH | Production::AFTER | Production::SKILL => {
            here.kind == TokenKind::Text
        }
        Production::PER => here.kind == TokenKind::Number,
        Production::WHEN => !is_sign && !is_action_word(text),
        _ => !is_sign,
    };
    let production = MISSING.into_iter().find(|production| site.expects(*production) && fits(*production))?;
    let is_left_out = production == Production::comma && site.expects(Production::comma_for_and);
    let missing = if is_left_out {
        "and"
    } else {
        sign(production).or_else(|| keyword(production).map(|entry| entry.word))?
    };
    let (end, start) = (before.span.end as usize, here.span.start as usize);
    if production == Production::close_list && site.text_of(before).ends_with("]\"") {
        // `["a", "b]"`
        let repair =
            Repair::new(site, "the `]` of the list is inside the text", vec![edit(end - 2..end, "\"]")]);
        return Some(Repair { whole: true, ..repair.at(end - 2..end).title("write `]` after the text") });
    }
    let edit = match production {
        Production::dot => edit(end..start, missing),
        Production::equals => insert(end, format!(" {missing}")),
        _ if sign(production).is_some() && !is_left_out => insert(end, missing),
        _ => insert(start, format!("{missing} ")),
    };
    let message = format!("`{missing}` is missing after {}", quote(site.whole_text_of(before)));
    Some(Repair::new(site, message, vec![edit]).title(format!("write `{missing}`")))
}

/// `message part "fund"`: only `contains` stands before `part`
pub(super) fn part_alone(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| {
        site.text_of(*here) == "part"
            && (site.expects(Production::contains) || site.expects(Production::value_test))
    })?;
    site.after().next().filter(|text| text.kind == TokenKind::Text || site.text_of(*text) == "any")?;
    let edits = vec![insert(here.span.start as usize, "contains ")];
    let repair = Repair::new(site, "`contains` is missing before `part`", edits).title("write `contains`");
    Some(Repair { whole: true, ..repair })
}

/// `test "name:"`: the `:` is inside the quotes
pub(super) fn colon_in_name(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let name = site.before().next().filter(|name| site.text_of(*name).ends_with(":\""))?;
    let is_test = site.before().nth(1).is_some_and(|word| site.text_of(word) == "test");
    let end = name.span.end as usize;
    let repair =
        Repair::new(site, "the `:` is inside the quotes", vec![edit(end - 2..end, "\":")]).at(end - 2..end);
    (is_test && site.expects(Production::colon)).then(|| repair.title("write `:` after the name"))
}

/// `when new_customer,` with the actions on the next line
pub(super) fn comma_for_colon(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "," && site.expects(Production::colon))?;
    let next = site.after().next().filter(|next| next.first && is_action_word(site.text_of(*next)))?;
    (next.span.start > here.span.end).then(|| {
        let repair =
            Repair::new(site, "the actions come after `:`, not `,`", vec![edit(here.span.range(), ":")]);
        repair.title("write `:`")
    })
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
    let repair = Repair::new(site, "rules have no braces: write `:` instead of `{`", edits);
    Some(repair.help("a rule ends where the next item starts").title("write `:`"))
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
            let snippet = text.get(range.clone()).unwrap_or_default();
            let message = format!("{} has no condition after it", quote(snippet));
            return Some(Repair::new(site, message, vec![remove(text, range.clone())]).at(range));
        }
    }
    let here = site.current()?;
    let snippet = site.text_of(here);
    if let Some(pattern) = before.filter(|before| before.kind == TokenKind::Pattern)
        && pattern.span.end == here.span.start
        && here.kind == TokenKind::Word
    {
        let repair = Repair::new(
            site,
            format!("`{snippet}` is not needed after a pattern"),
            vec![edit(here.span.range(), "")],
        );
        return Some(repair.help("patterns always ignore case"));
    }
    // A line that starts with the same word is another line.
    let repeats = before.is_some_and(|before| {
        site.text_of(before).eq_ignore_ascii_case(snippet) && !(here.first && here.kind == TokenKind::Word)
    }) && snippet != "(";
    let joins = matches!(snippet, "and" | "or")
        && [Production::condition, Production::conjunction, Production::negation, Production::operand]
            .iter()
            .any(|kind| site.expects(*kind));
    let is_stray =
        matches!(snippet, ")" | "]" | "}" | "," | "." | ";" | ":" | "?" | "!" | "*" | "؟" | "`" | "'" | "\\");
    let lacks_value = matches!(snippet, ":" | ",")
        && [
            Production::value,
            Production::values,
            Production::text,
            Production::number,
            Production::duration,
        ]
        .iter()
        .any(|kind| site.expects(*kind));
    // `! blocked` is `not blocked`.
    let denies =
        snippet == "!" && site.after().next().is_some_and(|next| next.kind == TokenKind::Word && !next.first);
    // `during mon-fri, sat 10:00-14:00`: what comes after the comma belongs to other days.
    let is_between_days = snippet == ","
        && site.after().next().is_some_and(|next| Weekday::parse(site.text_of(next)).is_some());
    if !(repeats || joins || is_stray) || lacks_value || denies || is_between_days {
        return None;
    }
    let message = if repeats {
        format!("`{snippet}` is here twice")
    } else {
        format!("there is one `{snippet}` too many")
    };
    Some(Repair::new(site, message, vec![remove(text, here.span.range())]))
}
