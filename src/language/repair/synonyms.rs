//! Words and signs that are written differently here. What people write instead of one word is in the row of that word
//! in the vocabulary; the table here has the signs and the phrases.

use super::super::error_site::ErrorSite;
use super::super::expected::{first_words, keyword};
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{self, Algorithm, BuiltIn, FactWord, Weekday, WordClass};
use super::{Repair, edit, insert, message_kind, remove};
use crate::diagnostic::Code;

/// What people write, what is written here, and the productions of which one must be expected (none: anywhere).
///
/// `^` is where parsing stops, if that is not at the first word. Where nothing is meant, the phrase is left out.
type Synonym = (&'static str, &'static str, &'static [Production]);

const VALUE_TEST: &[Production] = &[Production::value_test];
const COMPARE: &[Production] = &[Production::value_test, Production::comparison];
/// Only `given` can be followed by `turn`.
const GIVEN: &[Production] = &[Production::TURN];
const TARGET: &[Production] = &[Production::alternative, Production::target];

const SYNONYMS: &[Synonym] = &[
    // Signs of programmers.
    ("==", "=", &[Production::equals]),
    ("=<", "<=", COMPARE),
    ("but", "and", &[Production::AND]),
    ("≤", "<=", COMPARE),
    ("≥", ">=", COMPARE),
    (":=", "=", &[Production::equals]),
    (":", "=", &[Production::equals]),
    ("=", ":", &[Production::colon]),
    ("is", "=", &[Production::equals]),
    ("are", "=", &[Production::equals]),
    ("means", "=", &[Production::equals]),
    ("as", "=", &[Production::equals]),
    ("then :", ":", &[Production::colon]),
    ("then", ":", &[Production::colon]),
    ("do :", ":", &[Production::colon]),
    ("do", ":", &[Production::colon]),
    ("->", ":", &[Production::colon]),
    ("→", ":", &[Production::colon]),
    ("⇒", ":", &[Production::colon]),
    ("--", "-", &[Production::dash]),
    ("//", "#", &[]),
    ("--", "#", &[]),
    // Punctuation of other scripts.
    ("،", ",", &[]),
    ("，", ",", &[]),
    ("、", ",", &[]),
    ("：", ":", &[]),
    ("؛", ":", &[Production::colon]),
    ("；", ":", &[Production::colon]),
    (";", ":", &[Production::colon]),
    ("＝", "=", &[]),
    ("＜", "<", &[]),
    ("＞", ">", &[]),
    ("．", ".", &[]),
    ("＃", "#", &[]),
    ("–", "-", &[Production::dash, Production::value, Production::values]),
    ("—", "-", &[Production::dash]),
    ("−", "-", &[Production::dash, Production::value, Production::values]),
    ("－", "-", &[Production::dash]),
    ("…", "..", &[Production::dots]),
    ("...", "..", &[Production::dots]),
    ("–", "..", &[Production::dots]),
    ("-", "..", &[Production::dots]),
    ("to", "..", &[Production::dots]),
    ("until", "..", &[Production::dots]),
    ("to", "-", &[Production::dash]),
    ("until", "-", &[Production::dash]),
    ("till", "-", &[Production::dash]),
    ("til", "-", &[Production::dash]),
    ("through", "-", &[Production::dash]),
    ("thru", "-", &[Production::dash]),
    ("..", "-", &[Production::dash]),
    // Rules.
    (":", "", &[Production::WHEN]),
    // Tests of values.
    ("is one ^ of", "is any", &[]),
    ("is at ^ least", ">=", &[]),
    ("is at ^ most", "<=", &[]),
    ("is more ^ than", ">", &[]),
    ("is greater ^ than", ">", &[]),
    ("is less ^ than", "<", &[]),
    ("is fewer ^ than", "<", &[]),
    ("is ^ in", "is any", &[Production::values]),
    ("is not ^ in", "is not any", &[Production::values]),
    ("any ^ of", "any", &[Production::open_list]),
    ("not in", "is not any", VALUE_TEST),
    ("in", "is any", VALUE_TEST),
    ("is at least", ">=", COMPARE),
    ("is at most", "<=", COMPARE),
    ("is more than", ">", COMPARE),
    ("is greater than", ">", COMPARE),
    ("is less than", "<", COMPARE),
    ("is fewer than", "<", COMPARE),
    ("at least", ">=", COMPARE),
    ("at most", "<=", COMPARE),
    ("more than", ">", COMPARE),
    ("greater than", ">", COMPARE),
    ("less than", "<", COMPARE),
    ("fewer than", "<", COMPARE),
    ("no more than", "<=", COMPARE),
    ("not more than", "<=", COMPARE),
    ("no less than", ">=", COMPARE),
    ("not less than", ">=", COMPARE),
    ("no fewer than", ">=", COMPARE),
    ("not fewer than", ">=", COMPARE),
    ("isn ' t", "is not", VALUE_TEST),
    ("isn ’ t", "is not", VALUE_TEST),
    ("isnt", "is not", VALUE_TEST),
    ("begins with", "starts with", VALUE_TEST),
    ("begin with", "starts with", VALUE_TEST),
    ("start with", "starts with", VALUE_TEST),
    ("starting with", "starts with", VALUE_TEST),
    ("chat ^ is waiting", "chat waiting", &[Production::chat_fact]),
    ("chat ^ is with", "chat with", &[]),
    ("chat ^ is in", "chat in", &[]),
    // Actions.
    ("and", ",", &[Production::comma]),
    ("&", ",", &[Production::comma]),
    ("+", ",", &[Production::comma]),
    ("then", ",", &[Production::comma]),
    ("or", ",", &[Production::close_list]),
    ("and", "", &[Production::action]),
    ("then", "", &[Production::action]),
    ("the ^ customer", "customer", &[]),
    ("the ^ message", "message", &[]),
    ("the ^ chat", "chat", &[]),
    ("if", "", &[Production::condition, Production::conjunction, Production::negation, Production::operand]),
    ("only ^ if", "", &[Production::AND]),
    ("assign", "", TARGET),
    ("the", "", TARGET),
    ("give", "assign", &[Production::action]),
    ("keep the owner", "assign owner", &[Production::action]),
    ("keep owner", "assign owner", &[Production::action]),
    ("keep user", "assign owner", &[Production::action]),
    ("at random", "by random", &[Production::BY]),
    ("randomly", "by random", &[Production::BY]),
    ("in order", "by in_order", &[Production::BY]),
    ("in turn", "by in_order", &[Production::BY]),
    ("in turns", "by in_order", &[Production::BY]),
    ("round robin", "by in_order", &[Production::BY]),
    ("every", "once per", &[Production::ONCE]),
    ("per", "once per", &[Production::ONCE]),
    ("for", "", &[Production::duration]),
    ("with", "", &[Production::text]),
    ("is", "", &[Production::text]),
    (":", "", &[Production::text]),
    ("=", "", &[Production::text]),
    ("to", "", &[Production::word]),
    ("is", "", &[Production::word]),
    (":", "", &[Production::word]),
    ("=", "", &[Production::word]),
    // The words of actions are no others after `expect`, where the action is a production of its own.
    ("send", "reply", &[Production::REPLY]),
    ("say", "reply", &[Production::REPLY]),
    ("respond", "reply", &[Production::REPLY]),
    ("answer", "reply", &[Production::REPLY]),
    ("auto reply", "reply", &[Production::action]),
    ("automatic reply", "reply", &[Production::action]),
    ("autoreply", "reply", &[Production::action]),
    ("once ^ a day", "once per 1d", &[]),
    ("once ^ per day", "once per 1d", &[]),
    ("once ^ every day", "once per 1d", &[]),
    ("once ^ daily", "once per 1d", &[]),
    ("once ^ a week", "once per 7d", &[]),
    ("once ^ an hour", "once per 1h", &[]),
    ("to the least busy", "by least_chats", &[Production::BY]),
    ("give to the", "assign", &[Production::action]),
    ("send to the", "assign", &[Production::action]),
    ("route to the", "assign", &[Production::action]),
    ("send to", "assign", &[Production::ASSIGN]),
    ("route to", "assign", &[Production::ASSIGN]),
    ("give to", "assign", &[Production::ASSIGN]),
    ("give", "assign", &[Production::ASSIGN]),
    ("given to", "assign", &[Production::ASSIGN]),
    ("agent", "user", &[Production::USER]),
    ("person", "user", &[Production::USER]),
    ("users", "user", &[Production::USER]),
    ("usr", "user", &[Production::USER]),
    ("team", "group", &[Production::GROUP]),
    ("department", "group", &[Production::GROUP]),
    ("groups", "group", &[Production::GROUP]),
    ("client", "customer", GIVEN),
    // Tests.
    ("nobody", "assign nobody", &[Production::KEPT]),
    ("within", "after", &[Production::KEPT]),
    ("to contain", "contains", &[Production::CONTAINS]),
    ("that contains", "contains", &[Production::CONTAINS]),
    ("is", "", &[Production::customer_fact, Production::given_message, Production::chat_fact]),
    ("a new customer", "customer new", GIVEN),
    ("a returning customer", "customer returning", GIVEN),
    ("new customer", "customer new", GIVEN),
    ("new", "customer new", GIVEN),
    ("returning customer", "customer returning", GIVEN),
    ("returning", "customer returning", GIVEN),
    ("owner", "customer owner", GIVEN),
    ("assigned to", "assign", &[Production::ASSIGN]),
    ("assigned", "assign", &[Production::ASSIGN]),
    ("to", "", &[Production::USER]),
    ("not ^ tag", "no tag", &[Production::RULE]),
    ("not ^ reply", "no reply", &[Production::RULE]),
];

/// A word or phrase that people write instead of another: the longest one at `site`.
pub(super) fn synonym(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    // The words of actions have another meaning after `expect`, which expects each by itself.
    let is_alone = |production| keyword(production).is_some_and(|entry| entry.class == WordClass::Action);
    let expected = site.error.expected.iter().filter(|production| !is_alone(**production));
    let words: Vec<_> = expected.flat_map(|production| first_words(*production)).collect();
    // `HAS` is `has` in capitals, and not another word for `contains`.
    let here = site.text_of(site.current()?);
    if words.iter().any(|word| *word != here && word.eq_ignore_ascii_case(here)) {
        return None;
    }
    let is_expected =
        |at: &[Production]| at.is_empty() || at.iter().any(|production| site.expects(*production));
    let phrases = SYNONYMS
        .iter()
        .filter(|(.., at)| is_expected(at))
        .map(|(phrase, replacement, _)| (*phrase, *replacement));
    let of_words = vocabulary::entries().flat_map(|entry| {
        let can_come = words.contains(&entry.word);
        let phrases = entry.instead.iter().filter(move |phrase| can_come || phrase.contains('^'));
        phrases.map(|phrase| (*phrase, entry.word))
    });
    // `during sat; sun 10:00-11:00:` has its `:` later.
    let goes_on = site.after().next().is_some_and(|next| {
        !next.first && (next.kind == TokenKind::Number || Weekday::parse(site.text_of(next)).is_some())
    });
    let is_list =
        |phrase: &str, replacement: &str| replacement == ":" && matches!(phrase, ";" | "؛" | "；") && goes_on;
    let found = phrases
        .chain(of_words)
        .filter(|(phrase, replacement)| !is_list(phrase, replacement))
        .filter_map(|(phrase, replacement)| Some((find(site, phrase)?, phrase, replacement)));
    // The first of those with the most words: `max_by_key` would give the last.
    let length = |phrase: &str| phrase.split_whitespace().count();
    let ((first, last), phrase, replacement) =
        found.reduce(|best, other| if length(other.1) > length(best.1) { other } else { best })?;
    let repair = replace(site, first, last, replacement);
    // `like "a%"` asks for more than a text. `else` that starts a line may be `otherwise`.
    let next = site.after().next().map(|next| site.text_of(next)).unwrap_or_default();
    // `reply "Hello " + customer.name`, `send image "menu.jpg"`: another comma or another word would not say that.
    let is_more_than_text = match phrase {
        "+" if !is_action_word(next) => {
            Some("what is known about the customer stands in the text, as `{customer.name}`")
        }
        "send" if message_kind(&next.to_lowercase()).is_some() => {
            let range = first.span.start as usize..site.after().next()?.span.end as usize;
            let message = format!("write `reply`, not `{}`", site.text().get(range.clone())?);
            let repair = Repair::new(site, message, vec![edit(range.clone(), "reply")]).at(range);
            return Some(repair.help("a reply is a text, as in `reply \"Hello\"`").without_fix());
        }
        _ => None,
    };
    if let Some(help) = is_more_than_text {
        return Some(repair.help(help).without_fix());
    }
    let is_pattern = phrase == "like" && next.contains(['%', '*']);
    let else_line = site.before().next().filter(|before| before.first && site.text_of(*before) == "else");
    // One sign of `=<` may have slipped in.
    let is_doubtful = is_pattern || phrase == "=<" || phrase == "assign" && else_line.is_some();
    Some(if is_doubtful { repair.without_fix() } else { repair })
}

/// The first and the last token of `phrase`, if it is at `site`.
pub(super) fn find(site: &ErrorSite<'_, '_>, phrase: &str) -> Option<(Token, Token)> {
    let (behind, ahead) = phrase.split_once("^ ").unwrap_or(("", phrase));
    let mut first = site.current()?;
    let mut before = site.before();
    for word in behind.split_whitespace().rev() {
        let token = before.next()?;
        if !site.text_of(token).eq_ignore_ascii_case(word) || site.breaks_between(token, first) {
            return None;
        }
        first = token;
    }
    let mut last = site.current()?;
    let mut rest = site.after();
    for (number, word) in ahead.split_whitespace().enumerate() {
        let token = if number == 0 { site.current()? } else { rest.next()? };
        if !site.text_of(token).eq_ignore_ascii_case(word) || (number > 0 && site.breaks_between(last, token))
        {
            return None;
        }
        last = token;
    }
    Some((first, last))
}

/// The tokens from `first` to `last` should be `replacement`.
pub(super) fn replace(site: &ErrorSite<'_, '_>, first: Token, last: Token, replacement: &str) -> Repair {
    let range = first.span.start as usize..last.span.end as usize;
    let snippet = site.text().get(range.clone()).unwrap_or_default();
    if replacement.is_empty() {
        let message = format!("`{snippet}` is not needed here");
        return Repair::new(site, message, vec![remove(site.text(), range.clone())])
            .title(format!("remove `{snippet}`"))
            .at(range);
    }
    let message = format!("write `{replacement}`, not `{snippet}`");
    let repair =
        Repair::new(site, message, vec![edit(range.clone(), spaced(site.text(), &range, replacement))]);
    let before = site.before().find(|before| before.span.end <= first.span.start);
    let repair = match before.filter(|_| matches!(replacement, ":" | ",")) {
        // These signs directly follow the token before them, even on another line.
        Some(before) if first.first => {
            let edits =
                vec![insert(before.span.end as usize, replacement), remove(site.text(), range.clone())];
            Repair { ways: vec![edits], ..repair }
        }
        Some(before) => {
            Repair { ways: vec![vec![edit(before.span.end as usize..range.end, replacement)]], ..repair }
        }
        None => repair,
    };
    repair.code(code_of(replacement)).at(range)
}

/// `replacement` with the spaces that separate it from the words around `range`.
fn spaced(text: &str, range: &std::ops::Range<usize>, replacement: &str) -> String {
    let is_wordy = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"');
    let before = text.get(..range.start).and_then(|before| before.chars().next_back());
    let after = text.get(range.end..).and_then(|after| after.chars().next());
    let needs_before =
        before.is_some_and(is_wordy) && (replacement == "=" || replacement.starts_with(is_wordy));
    let needs_after = after.is_some_and(|c| is_wordy(c) || c == '(') && replacement.ends_with(is_wordy);
    format!("{}{replacement}{}", if needs_before { " " } else { "" }, if needs_after { " " } else { "" })
}

/// A name that is known when it is spelt correctly has the code of an unknown name.
pub(super) fn code_of(replacement: &str) -> Code {
    if Algorithm::parse(replacement).is_some() {
        Code::UnknownAlgorithm
    } else if FactWord::parse(replacement).is_some() {
        Code::UnknownFact
    } else if BuiltIn::parse(replacement).is_some() {
        Code::UnknownAttribute
    } else {
        Code::Syntax
    }
}

/// Brackets of other scripts, both at once; and signs with two meanings.
pub(super) fn brackets(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let snippet = site.text_of(here);
    let (close, open_replacement, close_replacement) = match snippet {
        "（" => ("）", "(", ")"),
        "［" => ("］", "[", "]"),
        "【" => ("】", "[", "]"),
        _ => return signs(site, here, snippet),
    };
    let mut edits = vec![edit(here.span.range(), open_replacement)];
    let partner = site.after().find(|token| site.text_of(*token) == close);
    edits.extend(partner.map(|partner| edit(partner.span.range(), close_replacement)));
    let message = format!("write `{open_replacement}`, not `{snippet}`");
    Some(
        Repair::new(site, message, edits)
            .title(format!("write `{open_replacement}` and `{close_replacement}`")),
    )
}

/// `=>` is `>=` before a number and `:` elsewhere; `==` is `=` before a number and `is` elsewhere; `;` separates or ends.
fn signs(site: &ErrorSite<'_, '_>, here: Token, snippet: &str) -> Option<Repair> {
    let next = site.after().next();
    let is_number = next.is_some_and(|next| next.kind == TokenKind::Number || site.text_of(next) == "-");
    // `customer.plan`: a dot between two words is no full stop.
    let joins = |token: Token| token.kind == TokenKind::Word;
    let is_inner =
        site.before().next().is_some_and(|before| joins(before) && before.span.end == here.span.start)
            && next.is_some_and(|next| joins(next) && next.span.start == here.span.end);
    let is_last = next.is_none_or(|next| next.first && !is_action_word(site.text_of(next)));
    let asks = site.expects(Production::value_test) || site.expects(Production::comparison);
    if let (".", Some(second)) = (snippet, next.filter(|next| site.text_of(*next) == "."))
        && site.expects(Production::comma)
    {
        // `2026-03-20. .2026-03-22`
        let range = here.span.start as usize..second.span.end as usize;
        return Some(Repair::new(
            site,
            "the dots of `..` have no space between them",
            vec![edit(range, "..")],
        ));
    }
    let replacement = match snippet {
        "=>" if is_number => ">=",
        "=>" if site.expects(Production::colon) => ":",
        "is" | "equals" | "==" | "===" if asks && is_number => "=",
        "==" | "===" if asks => "is",
        ")" | "）" | "]" | "}" if site.expects(Production::close) => ")",
        "(" | "（" | "{" | "［" if site.expects(Production::open_list) => "[",
        "］" | "】" | ")" | "）" | "}" if site.expects(Production::close_list) => "]",
        ";" | "؛" | "；" if is_last => "",
        ";" | "؛" | "；" if site.expects(Production::comma) => ",",
        "." | "。" | "؟" | "？" | "?" if is_last || (site.expects(Production::colon) && !is_inner) => "",
        "." if site.expects(Production::comma) && next.is_none_or(|next| next.span.start > here.span.end) => {
            ","
        }
        _ => return None,
    };
    let repair = replace(site, here, here, replacement);
    // One sign of `=>` may have slipped in, and `=` and `>` are comparisons too.
    let repair = if replacement == ">=" { repair.without_fix() } else { repair };
    // A bracket of another kind may close what is around the list.
    Some(Repair { whole: repair.whole || matches!(replacement, ")" | "]" | "["), ..repair })
}

/// Whether an action starts with `word`.
pub(in super::super) fn is_action_word(word: &str) -> bool {
    vocabulary::is_of_class(word, WordClass::Action)
}
