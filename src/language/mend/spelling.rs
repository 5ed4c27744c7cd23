//! Words and signs that are written otherwise here: one table.

use super::super::grammar::Kind;
use super::super::place::Place;
use super::super::scan::{self, Lexeme};
use super::super::vocabulary::{Algorithm, BuiltIn, FactWord};
use super::{Mend, edit, insert, remove};
use crate::diagnostic::Code;

/// What people write, what is written here, and what reading must have expected for it to be meant.
///
/// `^` marks where reading stops, if not at the first word. Nothing meant: it is left out.
type Row = (&'static str, &'static str, &'static [Kind]);

const QUESTION: &[Kind] = &[Kind::question];
const COMPARE: &[Kind] = &[Kind::question, Kind::comparison];
const CONDITION: &[Kind] = &[Kind::condition, Kind::every, Kind::part, Kind::term];
const TARGET: &[Kind] = &[Kind::alternative, Kind::target];
const START: &[Kind] = &[Kind::rule, Kind::WHEN, Kind::OTHERWISE];

const ROWS: &[Row] = &[
    // Programmers' signs.
    ("&&", "and", &[Kind::AND]),
    ("&", "and", &[Kind::AND]),
    ("||", "or", &[Kind::OR]),
    ("|", "or", &[Kind::OR]),
    ("!", "not", CONDITION),
    ("==", "=", &[Kind::EQUALS]),
    ("=<", "<=", COMPARE),
    ("≤", "<=", COMPARE),
    ("≥", ">=", COMPARE),
    (":=", "=", &[Kind::EQUALS]),
    (":", "=", &[Kind::EQUALS]),
    ("is", "=", &[Kind::EQUALS]),
    ("are", "=", &[Kind::EQUALS]),
    ("means", "=", &[Kind::EQUALS]),
    ("as", "=", &[Kind::EQUALS]),
    ("then :", ":", &[Kind::COLON]),
    ("then", ":", &[Kind::COLON]),
    ("do :", ":", &[Kind::COLON]),
    ("do", ":", &[Kind::COLON]),
    ("->", ":", &[Kind::COLON]),
    ("→", ":", &[Kind::COLON]),
    ("⇒", ":", &[Kind::COLON]),
    ("--", "-", &[Kind::DASH]),
    ("//", "#", &[]),
    ("--", "#", &[]),
    // Punctuation of other scripts.
    ("،", ",", &[]),
    ("，", ",", &[]),
    ("、", ",", &[]),
    ("：", ":", &[]),
    ("؛", ":", &[Kind::COLON]),
    ("；", ":", &[Kind::COLON]),
    (";", ":", &[Kind::COLON]),
    ("＝", "=", &[]),
    ("＜", "<", &[]),
    ("＞", ">", &[]),
    ("．", ".", &[]),
    ("！", "not", CONDITION),
    ("＃", "#", &[]),
    ("–", "-", &[Kind::DASH, Kind::value, Kind::values]),
    ("—", "-", &[Kind::DASH]),
    ("−", "-", &[Kind::DASH, Kind::value, Kind::values]),
    ("－", "-", &[Kind::DASH]),
    ("…", "..", &[Kind::DOTS]),
    ("...", "..", &[Kind::DOTS]),
    ("–", "..", &[Kind::DOTS]),
    ("-", "..", &[Kind::DOTS]),
    ("to", "..", &[Kind::DOTS]),
    ("until", "..", &[Kind::DOTS]),
    ("to", "-", &[Kind::DASH]),
    ("until", "-", &[Kind::DASH]),
    ("till", "-", &[Kind::DASH]),
    ("..", "-", &[Kind::DASH]),
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
    (":", "", &[Kind::WHEN]),
    // Questions.
    ("is one ^ of", "is any", &[]),
    ("is equal ^ to", "is", &[]),
    ("is at ^ least", ">=", &[]),
    ("is at ^ most", "<=", &[]),
    ("is more ^ than", ">", &[]),
    ("is greater ^ than", ">", &[]),
    ("is less ^ than", "<", &[]),
    ("is fewer ^ than", "<", &[]),
    ("is ^ in", "is any", &[Kind::values]),
    ("is not ^ in", "is not any", &[Kind::values]),
    ("not in", "is not any", QUESTION),
    ("in", "is any", QUESTION),
    ("any ^ of", "any", &[Kind::OPEN_LIST]),
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
    ("excluding", "except", &[Kind::EXCEPT]),
    ("but not", "except", &[Kind::EXCEPT]),
    ("not", "except", &[Kind::EXCEPT]),
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
    ("in turn", "in_order", &[Kind::algorithm]),
    ("fewest ^ chats", "least_chats", &[]),
    ("fewest ^ open chats", "least_chats", &[]),
    ("least ^ busy", "least_load", &[]),
    ("longest ^ waiting", "most_waiting", &[]),
    ("using", "by", &[Kind::BY]),
    ("via", "by", &[Kind::BY]),
    // Actions.
    ("and", ",", &[Kind::COMMA]),
    ("&", ",", &[Kind::COMMA]),
    ("+", ",", &[Kind::COMMA]),
    ("then", ",", &[Kind::COMMA]),
    ("or", ",", &[Kind::CLOSE_LIST]),
    ("and", "", &[Kind::action]),
    ("then", "", &[Kind::action]),
    ("assign", "", TARGET),
    ("or else", "else", &[Kind::ELSE]),
    ("or", "else", &[Kind::ELSE]),
    ("otherwise", "else", &[Kind::ELSE]),
    ("the", "", TARGET),
    ("agent", "user", TARGET),
    ("person", "user", TARGET),
    ("team", "group", TARGET),
    ("department", "group", TARGET),
    ("no one", "nobody", TARGET),
    ("noone", "nobody", TARGET),
    ("none", "nobody", TARGET),
    ("keep the owner", "assign owner", &[Kind::action]),
    ("keep owner", "assign owner", &[Kind::action]),
    ("keep user", "assign owner", &[Kind::action]),
    ("send message", "reply", &[Kind::action]),
    ("send to", "assign", &[Kind::action]),
    ("give to", "assign", &[Kind::action]),
    ("route to", "assign", &[Kind::action]),
    ("forward to", "assign", &[Kind::action]),
    ("transfer to", "assign", &[Kind::action]),
    ("send", "reply", &[Kind::action]),
    ("answer with", "reply", &[Kind::action]),
    ("answer", "reply", &[Kind::action]),
    ("respond with", "reply", &[Kind::action]),
    ("respond", "reply", &[Kind::action]),
    ("say", "reply", &[Kind::action]),
    ("route", "assign", &[Kind::action]),
    ("label", "tag", &[Kind::action]),
    ("add tag", "tag", &[Kind::action]),
    ("set priority", "priority", &[Kind::action]),
    ("within", "for", &[Kind::FOR]),
    ("wait", "for", &[Kind::FOR]),
    ("after", "for", &[Kind::FOR]),
    ("every", "once per", &[Kind::ONCE]),
    ("per", "once per", &[Kind::ONCE]),
    ("every", "per", &[Kind::PER]),
    ("each", "per", &[Kind::PER]),
    ("in", "per", &[Kind::PER]),
    ("a", "per", &[Kind::PER]),
    ("an", "per", &[Kind::PER]),
    ("for", "", &[Kind::duration]),
    ("with", "", &[Kind::text]),
    ("is", "", &[Kind::text]),
    (":", "", &[Kind::text]),
    ("=", "", &[Kind::text]),
    ("to", "", &[Kind::word]),
    ("is", "", &[Kind::word]),
    (":", "", &[Kind::word]),
    ("=", "", &[Kind::word]),
    // Tests.
    ("open chats", "chats", &[Kind::CHATS]),
    ("conversations", "chats", &[Kind::CHATS]),
    ("is", "", &[Kind::customer_fact, Kind::given_message]),
    ("assigned to", "assign", &[Kind::ASSIGN]),
    ("assigned", "assign", &[Kind::ASSIGN]),
    ("to", "", &[Kind::USER]),
];

/// A word or sign of the table.
pub(super) fn spelled(place: &Place<'_, '_>) -> Option<Mend> {
    ROWS.iter().filter(|(_, _, at)| at.is_empty() || at.iter().any(|kind| place.expects(*kind))).find_map(
        |(said, meant, _)| {
            let (first, last) = find(place, said)?;
            Some(rewritten(place, first, last, meant))
        },
    )
}

/// The first and the last lexeme of `said`, if it stands at `place`.
pub(super) fn find(place: &Place<'_, '_>, said: &str) -> Option<(Lexeme, Lexeme)> {
    let (behind, ahead) = said.split_once("^ ").unwrap_or(("", said));
    let mut first = place.here()?;
    let mut before = place.before();
    for word in behind.split_whitespace().rev() {
        let lexeme = before.next()?;
        if !place.said(lexeme).eq_ignore_ascii_case(word) || place.breaks_between(lexeme, first) {
            return None;
        }
        first = lexeme;
    }
    let mut last = place.here()?;
    let mut rest = place.after();
    for (number, word) in ahead.split_whitespace().enumerate() {
        let lexeme = if number == 0 { place.here()? } else { rest.next()? };
        if !place.said(lexeme).eq_ignore_ascii_case(word)
            || (number > 0 && place.breaks_between(last, lexeme))
        {
            return None;
        }
        last = lexeme;
    }
    Some((first, last))
}

/// What stands from `first` to `last` is written `meant`.
pub(super) fn rewritten(place: &Place<'_, '_>, first: Lexeme, last: Lexeme, meant: &str) -> Mend {
    let range = first.span.start as usize..last.span.end as usize;
    let said = place.text().get(range.clone()).unwrap_or_default();
    if meant.is_empty() {
        let message = format!("`{said}` is not needed here");
        return Mend::new(place, message, vec![remove(place.text(), range.clone())])
            .title(format!("remove `{said}`"))
            .at(range);
    }
    let message = format!("`{said}` is written `{meant}` here");
    let mend = Mend::new(place, message, vec![edit(range.clone(), spaced(place.text(), &range, meant))]);
    let before = place.before().find(|before| before.span.end <= first.span.start);
    let mend = match before.filter(|_| matches!(meant, ":" | ",")) {
        // These stand close to what is before them, if it is on another line.
        Some(before) if first.first => {
            let edits = vec![insert(before.span.end as usize, meant), remove(place.text(), range.clone())];
            Mend { ways: vec![edits], ..mend }
        }
        Some(before) => Mend { ways: vec![vec![edit(before.span.end as usize..range.end, meant)]], ..mend },
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
pub(super) fn brackets(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here()?;
    let said = place.said(here);
    let (close, open_meant, close_meant) = match said {
        "（" => ("）", "(", ")"),
        "［" => ("］", "[", "]"),
        "【" => ("】", "[", "]"),
        _ => return signs(place, here, said),
    };
    let mut edits = vec![edit(here.span.range(), open_meant)];
    let partner = place.after().find(|lexeme| place.said(*lexeme) == close);
    edits.extend(partner.map(|partner| edit(partner.span.range(), close_meant)));
    let message = format!("`{said}` is written `{open_meant}` here");
    Some(Mend::new(place, message, edits).title(format!("write `{open_meant}` and `{close_meant}`")))
}

/// `=>` before a number is `>=` and else `:`; `==` is `=` before a number and else `is`; `;` separates or ends.
fn signs(place: &Place<'_, '_>, here: Lexeme, said: &str) -> Option<Mend> {
    let next = place.after().next();
    let is_number = next.is_some_and(|next| next.kind == scan::Kind::Number || place.said(next) == "-");
    let is_last = next.is_none_or(|next| next.first && !is_action_word(place.said(next)));
    let asks = place.expects(Kind::question) || place.expects(Kind::comparison);
    let meant = match said {
        "=>" if is_number => ">=",
        "=>" if place.expects(Kind::COLON) => ":",
        "is" | "equals" | "==" | "===" if asks && is_number => "=",
        "==" | "===" if asks => "is",
        ")" | "）" if place.expects(Kind::CLOSE) => ")",
        "］" | "】" if place.expects(Kind::CLOSE_LIST) => "]",
        ";" | "؛" | "；" if is_last => "",
        ";" | "؛" | "；" if place.expects(Kind::COMMA) => ",",
        "." | "。" | "؟" | "？" | "?" if is_last || place.expects(Kind::COLON) => "",
        "." if place.expects(Kind::COMMA) => ",",
        _ => return None,
    };
    Some(rewritten(place, here, here, meant))
}

/// Whether an action begins with `word`.
pub(super) fn is_action_word(word: &str) -> bool {
    ["assign", "reply", "tag", "priority"].iter().any(|action| word.eq_ignore_ascii_case(action))
}
