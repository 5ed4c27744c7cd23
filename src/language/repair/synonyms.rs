//! Words and signs that are written otherwise here: one table.

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{Algorithm, BuiltIn, FactWord};
use super::{Repair, edit, insert, remove};
use crate::diagnostic::Code;

/// What people write, what is written here, and what reading must have expected for it to be meant.
///
/// `^` marks where reading stops, if not at the first word. Nothing meant: it is left out.
type Synonym = (&'static str, &'static str, &'static [Production]);

const QUESTION: &[Production] = &[Production::value_test];
const COMPARE: &[Production] = &[Production::value_test, Production::comparison];
const CONDITION: &[Production] =
    &[Production::condition, Production::conjunction, Production::negation, Production::operand];
const TARGET: &[Production] = &[Production::alternative, Production::target];
const START: &[Production] = &[Production::rule, Production::WHEN, Production::OTHERWISE];

const SYNONYMS: &[Synonym] = &[
    // Programmers' signs.
    ("&&", "and", &[Production::AND]),
    ("&", "and", &[Production::AND]),
    ("||", "or", &[Production::OR]),
    ("|", "or", &[Production::OR]),
    ("!", "not", CONDITION),
    ("==", "=", &[Production::equals]),
    ("=<", "<=", COMPARE),
    ("≤", "<=", COMPARE),
    ("≥", ">=", COMPARE),
    (":=", "=", &[Production::equals]),
    (":", "=", &[Production::equals]),
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
    ("！", "not", CONDITION),
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
    ("..", "-", &[Production::dash]),
    // Rules.
    ("else when", "when", START),
    ("else if", "when", START),
    ("elif", "when", START),
    ("elsif", "when", START),
    ("elseif", "when", START),
    ("if", "when", START),
    ("else", "otherwise", START),
    ("otherwise ^ when", "when", &[]),
    ("otherwise ^ if", "when", &[]),
    (":", "", &[Production::WHEN]),
    // Questions.
    ("is one ^ of", "is any", &[]),
    ("is equal ^ to", "is", &[]),
    ("is at ^ least", ">=", &[]),
    ("is at ^ most", "<=", &[]),
    ("is more ^ than", ">", &[]),
    ("is greater ^ than", ">", &[]),
    ("is less ^ than", "<", &[]),
    ("is fewer ^ than", "<", &[]),
    ("is ^ in", "is any", &[Production::values]),
    ("is not ^ in", "is not any", &[Production::values]),
    ("not in", "is not any", QUESTION),
    ("in", "is any", QUESTION),
    ("any ^ of", "any", &[Production::open_list]),
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
    ("is equal to", "is", QUESTION),
    ("equal to", "is", QUESTION),
    ("equals", "is", QUESTION),
    ("equal", "is", QUESTION),
    ("are", "is", QUESTION),
    ("isn ' t", "is not", QUESTION),
    ("isn ’ t", "is not", QUESTION),
    ("isnt", "is not", QUESTION),
    ("includes", "contains", QUESTION),
    ("include", "contains", QUESTION),
    ("contain", "contains", QUESTION),
    ("containing", "contains", QUESTION),
    ("has", "contains", QUESTION),
    ("begins with", "starts with", QUESTION),
    ("begin with", "starts with", QUESTION),
    ("start with", "starts with", QUESTION),
    ("starting with", "starts with", QUESTION),
    ("match", "matches", QUESTION),
    ("like", "contains", QUESTION),
    ("excluding", "except", &[Production::EXCEPT]),
    ("but not", "except", &[Production::EXCEPT]),
    ("not", "except", &[Production::EXCEPT]),
    (", ^ except", "except", &[]),
    (", ^ else", "else", &[]),
    // Ways to choose.
    ("random ^ order", "random", &[]),
    ("random ^ choice", "random", &[]),
    ("random ^ user", "random", &[]),
    ("random ^ member", "random", &[]),
    ("round ^ robin", "in_order", &[]),
    ("round ^ - robin", "in_order", &[]),
    ("turn ^ order", "in_order", &[]),
    ("in turn", "in_order", &[Production::algorithm]),
    ("fewest ^ chats", "least_chats", &[]),
    ("fewest ^ open chats", "least_chats", &[]),
    ("least ^ busy", "least_load", &[]),
    ("longest ^ waiting", "most_waiting", &[]),
    ("using", "by", &[Production::BY]),
    ("via", "by", &[Production::BY]),
    // Actions.
    ("and", ",", &[Production::comma]),
    ("&", ",", &[Production::comma]),
    ("+", ",", &[Production::comma]),
    ("then", ",", &[Production::comma]),
    ("or", ",", &[Production::close_list]),
    ("and", "", &[Production::action]),
    ("then", "", &[Production::action]),
    ("assign", "", TARGET),
    ("or else", "else", &[Production::ELSE]),
    ("or", "else", &[Production::ELSE]),
    ("otherwise", "else", &[Production::ELSE]),
    ("the", "", TARGET),
    ("agent", "user", TARGET),
    ("person", "user", TARGET),
    ("team", "group", TARGET),
    ("department", "group", TARGET),
    ("no one", "nobody", TARGET),
    ("noone", "nobody", TARGET),
    ("none", "nobody", TARGET),
    ("keep the owner", "assign owner", &[Production::action]),
    ("keep owner", "assign owner", &[Production::action]),
    ("keep user", "assign owner", &[Production::action]),
    ("send message", "reply", &[Production::action]),
    ("send to", "assign", &[Production::action]),
    ("give to", "assign", &[Production::action]),
    ("route to", "assign", &[Production::action]),
    ("forward to", "assign", &[Production::action]),
    ("transfer to", "assign", &[Production::action]),
    ("send", "reply", &[Production::action]),
    ("answer with", "reply", &[Production::action]),
    ("answer", "reply", &[Production::action]),
    ("respond with", "reply", &[Production::action]),
    ("respond", "reply", &[Production::action]),
    ("say", "reply", &[Production::action]),
    ("route", "assign", &[Production::action]),
    ("label", "tag", &[Production::action]),
    ("add tag", "tag", &[Production::action]),
    ("set priority", "priority", &[Production::action]),
    ("within", "for", &[Production::FOR]),
    ("wait", "for", &[Production::FOR]),
    ("after", "for", &[Production::FOR]),
    ("every", "once per", &[Production::ONCE]),
    ("per", "once per", &[Production::ONCE]),
    ("every", "per", &[Production::PER]),
    ("each", "per", &[Production::PER]),
    ("in", "per", &[Production::PER]),
    ("a", "per", &[Production::PER]),
    ("an", "per", &[Production::PER]),
    ("for", "", &[Production::duration]),
    ("with", "", &[Production::text]),
    ("is", "", &[Production::text]),
    (":", "", &[Production::text]),
    ("=", "", &[Production::text]),
    ("to", "", &[Production::word]),
    ("is", "", &[Production::word]),
    (":", "", &[Production::word]),
    ("=", "", &[Production::word]),
    // Tests.
    ("open chats", "chats", &[Production::CHATS]),
    ("conversations", "chats", &[Production::CHATS]),
    ("is", "", &[Production::customer_fact, Production::given_message]),
    ("assigned to", "assign", &[Production::ASSIGN]),
    ("assigned", "assign", &[Production::ASSIGN]),
    ("to", "", &[Production::USER]),
];

/// A word or sign of the table.
pub(super) fn spelled(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    SYNONYMS.iter().filter(|(_, _, at)| at.is_empty() || at.iter().any(|kind| site.expects(*kind))).find_map(
        |(said, meant, _)| {
            let (first, last) = find(site, said)?;
            Some(rewritten(site, first, last, meant))
        },
    )
}

/// The first and the last token of `said`, if it stands at `place`.
pub(super) fn find(site: &ErrorSite<'_, '_>, said: &str) -> Option<(Token, Token)> {
    let (behind, ahead) = said.split_once("^ ").unwrap_or(("", said));
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

/// What stands from `first` to `last` is written `meant`.
pub(super) fn rewritten(site: &ErrorSite<'_, '_>, first: Token, last: Token, meant: &str) -> Repair {
    let range = first.span.start as usize..last.span.end as usize;
    let said = site.text().get(range.clone()).unwrap_or_default();
    if meant.is_empty() {
        let message = format!("`{said}` is not needed here");
        return Repair::new(site, message, vec![remove(site.text(), range.clone())])
            .title(format!("remove `{said}`"))
            .at(range);
    }
    let message = format!("`{said}` is written `{meant}` here");
    let mend = Repair::new(site, message, vec![edit(range.clone(), spaced(site.text(), &range, meant))]);
    let before = site.before().find(|before| before.span.end <= first.span.start);
    let mend = match before.filter(|_| matches!(meant, ":" | ",")) {
        // These stand close to what is before them, if it is on another line.
        Some(before) if first.first => {
            let edits = vec![insert(before.span.end as usize, meant), remove(site.text(), range.clone())];
            Repair { ways: vec![edits], ..mend }
        }
        Some(before) => Repair { ways: vec![vec![edit(before.span.end as usize..range.end, meant)]], ..mend },
        None => mend,
    };
    mend.code(code_of(meant)).at(range)
}

/// `meant` with the spaces that keep it apart from the words around `range`.
fn spaced(text: &str, range: &std::ops::Range<usize>, meant: &str) -> String {
    let is_wordy = |c: char| c.is_alphanumeric() || matches!(c, '_' | '"');
    let before = text.get(..range.start).and_then(|before| before.chars().next_back());
    let after = text.get(range.end..).and_then(|after| after.chars().next());
    let needs_before = before.is_some_and(is_wordy) && (meant == "=" || meant.starts_with(is_wordy));
    let needs_after = after.is_some_and(|c| is_wordy(c) || c == '(') && meant.ends_with(is_wordy);
    format!("{}{meant}{}", if needs_before { " " } else { "" }, if needs_after { " " } else { "" })
}

/// A name that is known once it is written well has the code of an unknown one.
pub(super) fn code_of(meant: &str) -> Code {
    if Algorithm::parse(meant).is_some() {
        Code::UnknownAlgorithm
    } else if FactWord::parse(meant).is_some() {
        Code::UnknownFact
    } else if BuiltIn::parse(meant).is_some() {
        Code::UnknownAttribute
    } else {
        Code::Syntax
    }
}

/// Brackets of other scripts, both at once; and signs that are two things.
pub(super) fn brackets(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let said = site.text_of(here);
    let (close, open_meant, close_meant) = match said {
        "（" => ("）", "(", ")"),
        "［" => ("］", "[", "]"),
        "【" => ("】", "[", "]"),
        _ => return signs(site, here, said),
    };
    let mut edits = vec![edit(here.span.range(), open_meant)];
    let partner = site.after().find(|token| site.text_of(*token) == close);
    edits.extend(partner.map(|partner| edit(partner.span.range(), close_meant)));
    let message = format!("`{said}` is written `{open_meant}` here");
    Some(Repair::new(site, message, edits).title(format!("write `{open_meant}` and `{close_meant}`")))
}

/// `=>` before a number is `>=` and else `:`; `==` is `=` before a number and else `is`; `;` separates or ends.
fn signs(site: &ErrorSite<'_, '_>, here: Token, said: &str) -> Option<Repair> {
    let next = site.after().next();
    let is_number = next.is_some_and(|next| next.kind == TokenKind::Number || site.text_of(next) == "-");
    let is_last = next.is_none_or(|next| next.first && !is_action_word(site.text_of(next)));
    let asks = site.expects(Production::value_test) || site.expects(Production::comparison);
    let meant = match said {
        "=>" if is_number => ">=",
        "=>" if site.expects(Production::colon) => ":",
        "is" | "equals" | "==" | "===" if asks && is_number => "=",
        "==" | "===" if asks => "is",
        ")" | "）" if site.expects(Production::close) => ")",
        "］" | "】" if site.expects(Production::close_list) => "]",
        ";" | "؛" | "；" if is_last => "",
        ";" | "؛" | "；" if site.expects(Production::comma) => ",",
        "." | "。" | "؟" | "？" | "?" if is_last || site.expects(Production::colon) => "",
        "." if site.expects(Production::comma) => ",",
        _ => return None,
    };
    Some(rewritten(site, here, here, meant))
}

/// Whether an action begins with `word`.
pub(super) fn is_action_word(word: &str) -> bool {
    ["assign", "reply", "tag", "priority"].iter().any(|action| word.eq_ignore_ascii_case(action))
}
