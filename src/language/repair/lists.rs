//! Tests of values as programmers and other people write them: `!=`, `in (…)`, `is "a" or "b"`.

use super::super::error_site::{ErrorSite, quote};
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{Count, FactWord};
use super::synonyms::find;
use super::{Repair, edit, insert};

/// How people negate a test that the language negates with `not` before the subject.
const DENIED: &[(&str, &str)] = &[
    ("does not contain", "contains"),
    ("doesn ' t contain", "contains"),
    ("doesn ’ t contain", "contains"),
    ("not contains", "contains"),
    ("not contain", "contains"),
    ("does not start with", "starts with"),
    ("doesn ' t start with", "starts with"),
    ("not starts with", "starts with"),
    ("does not match", "matches"),
    ("not matches", "matches"),
];

/// `customer.plan != "gold"`, `message does not contain "refund"`
pub(super) fn negated(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    if let Some((first, last, replacement)) = DENIED.iter().find_map(|(snippet, replacement)| {
        find(site, snippet).map(|(first, last)| (first, last, *replacement))
    }) {
        let range = first.span.start as usize..last.span.end as usize;
        let snippet = site.text().get(range.clone())?;
        let subject = subject(site)?;
        let edits = vec![insert(subject.span.start as usize, "not "), edit(range.clone(), replacement)];
        let repair = Repair::new(site, format!("write `not … {replacement}`, not `{snippet}`"), edits);
        let subject = site.text().get(subject.span.start as usize..range.start)?.trim_end();
        return Some(
            repair
                .help(format!("write `not {subject} {replacement} …`"))
                .title(format!("write `not {subject} {replacement}`"))
                .at(range),
        );
    }
    let snippet = site.text_of(here);
    if !matches!(snippet, "!=" | "!==" | "<>" | "≠") {
        return None;
    }
    if let Some(repair) = compared_flag(site, here) {
        return Some(repair);
    }
    let is_number = site.after().next().is_some_and(|next| next.kind == TokenKind::Number);
    if is_number {
        let subject = subject(site)?;
        let edits = vec![insert(subject.span.start as usize, "not "), edit(here.span.range(), "=")];
        let subject = site.text().get(subject.span.start as usize..here.span.start as usize)?.trim_end();
        let repair = Repair::new(site, format!("for numbers, write `not … =`, not `{snippet}`"), edits);
        let repair =
            repair.help(format!("write `not {subject} = …`")).title(format!("write `not {subject} =`"));
        // One sign of `<>` may have slipped in.
        return Some(if snippet == "<>" { repair.without_fix() } else { repair });
    }
    Some(Repair::new(
        site,
        format!("write `is not`, not `{snippet}`"),
        vec![edit(here.span.range(), "is not")],
    ))
}

/// `customer.vip != true`: a flag needs no comparison
fn compared_flag(site: &ErrorSite<'_, '_>, sign: Token) -> Option<Repair> {
    let value = site.after().next()?;
    let not = match site.text_of(value) {
        "true" | "yes" => "not ",
        "false" | "no" => "",
        _ => return None,
    };
    let start = subject(site)?.span.start as usize;
    let written = format!("{not}{}", site.text().get(start..sign.span.start as usize)?.trim_end());
    let range = start..value.span.end as usize;
    let message = format!("write `{written}`, not `{}`", site.text().get(range.clone())?);
    Some(Repair::new(site, message, vec![edit(range.clone(), &*written)]).at(range))
}

/// The first token of the subject of a test, such as the `customer` of `customer.plan`.
fn subject(site: &ErrorSite<'_, '_>) -> Option<Token> {
    let before: Vec<_> = site.before().take(3).collect();
    let first = *before.first()?;
    let joins = before.get(1).is_some_and(|second| matches!(site.text_of(*second), "." | "in"));
    if joins { before.get(2).copied() } else { Some(first) }
}

/// `is ["a", "b"]`
pub(super) fn list_without_any(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "[")?;
    let takes_list = [Production::values, Production::value, Production::ANY_WORD];
    if !takes_list.iter().any(|kind| site.expects(*kind)) {
        return None;
    }
    let repair =
        Repair::new(site, "`any` is missing before the list", vec![insert(here.span.start as usize, "any ")]);
    // Of several skills, one or all may be asked.
    if site.before().next().is_some_and(|before| site.text_of(before) == "skill") {
        let values = site.after().take_while(|token| site.text_of(*token) != "]" && !token.first);
        let texts: Vec<&str> =
            values.filter(|token| token.kind == TokenKind::Text).map(|token| site.text_of(token)).collect();
        let help = format!(
            "write `with skill {}` if the user needs all of them, `with skill any [{}]` if one is enough",
            texts.join(" and "),
            texts.join(", ")
        );
        let message = "this does not say whether one of the skills is enough".to_owned();
        return Some(Repair { message, ..repair }.help(help).without_fix());
    }
    Some(repair.help("`any [\"a\", \"b\"]` means one of these").title("write `any`"))
}

/// `is yn ["a", "b"]`, `has tag some ["a", "b"]`: only `any` can stand before a list
pub(super) fn misspelt_any(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    site.current().filter(|here| site.text_of(*here) == "[")?;
    let word = site.before().next().filter(|word| word.kind == TokenKind::Word)?;
    let written = site.text_of(word);
    let is_any = matches!(written, "some" | "either" | "yn") || strsim::osa_distance(written, "any") == 1;
    let repair = Repair::new(
        site,
        format!("`{written}` is not known before a list"),
        vec![edit(word.span.range(), "any")],
    );
    is_any.then(|| Repair { whole: true, ..repair.help("did you mean `any`?").at(word.span.range()) })
}

/// `any ["a"[ "b"]`: a bracket where a comma may be meant
pub(super) fn bracket_in_list(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "[")?;
    site.expects(Production::close_list).then(|| {
        let repair = Repair::new(site, "a list has no other list in it", vec![edit(here.span.range(), ",")]);
        repair.help("write `,` between the values, as in `any [\"a\", \"b\"]`").without_fix()
    })
}

/// `any ("a", "b")`, `any "a", "b"`, `any "a" or "b"`
pub(super) fn any_without_list(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| site.expects(Production::open_list))?;
    let mut edits = Vec::new();
    if matches!(site.text_of(here), "(" | "{") {
        edits.push(edit(here.span.range(), "["));
        let close = site.after().find(|next| matches!(site.text_of(*next), ")" | "}"))?;
        edits.push(edit(close.span.range(), "]"));
    } else if site.text_of(here).starts_with("\"[") {
        // `any "[a", "b"]`
        let start = here.span.start as usize;
        let repair =
            Repair::new(site, "the `[` of the list is inside the text", vec![edit(start..start + 2, "[\"")]);
        return Some(Repair { whole: true, ..repair.title("write `[` before the text") });
    } else if is_value(here) {
        edits.push(insert(here.span.start as usize, "["));
        let last = separate_by_commas(site, here, &mut edits);
        let next = site.after().find(|next| next.span.start >= last.span.end);
        if next.is_some_and(|next| site.text_of(next) == "]" && !next.first) {
            let repair =
                Repair::new(site, format!("`[` is missing before {}", quote(site.text_of(here))), edits);
            return Some(repair.title("write `[`"));
        }
        edits.push(insert(last.span.end as usize, "]"));
    } else {
        return None;
    }
    // A bracket may be there already, only not where it belongs.
    let is_elsewhere = is_value(here)
        && site.after().take_while(|next| !next.first).any(|next| matches!(site.text_of(next), "]" | "["));
    let repair = Repair::new(site, "a list needs `[` and `]`", edits);
    let repair = repair.help("write `any [\"a\", \"b\"]`").title("write `[` and `]`");
    Some(if is_elsewhere { repair.without_fix() } else { repair })
}

/// `customer.country is DE or AT`
pub(super) fn bare_words(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here =
        site.current().filter(|_| site.expects(Production::values) || site.expects(Production::value))?;
    let is_name = |token: &Token| {
        token.kind == TokenKind::Word && site.text_of(*token).starts_with(|c: char| c.is_uppercase())
    };
    let (mut names, mut joints) = (vec![here], Vec::new());
    let mut rest = site.after().take_while(|token| !token.first);
    while let (Some(joint), Some(word)) = (rest.next(), rest.next())
        && matches!(site.text_of(joint), "or" | "and" | ",")
        && is_name(&word)
    {
        names.push(word);
        joints.push(site.text_of(joint));
    }
    let last = names.last().filter(|_| names.len() > 1 && is_name(&here))?;
    let prefix = TestPrefix::before(site, here).filter(|prefix| prefix.is_exact)?;
    let texts: Vec<String> = names.iter().map(|word| format!("\"{}\"", site.text_of(*word))).collect();
    let written = format!("any [{}]", texts.join(", "));
    let range = here.span.start as usize..last.span.end as usize;
    let repair =
        Repair::new(site, "several texts need quotes and a list", vec![edit(range.clone(), &*written)]);
    let repair = repair.at(range).help(format!("write `{written}`"));
    let is_certain = !prefix.is_negated && !prefix.is_denied && !joints.contains(&"and");
    Some(if is_certain { repair } else { repair.without_fix() })
}

/// `customer has tags ["a", "b"]`
pub(super) fn tags(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let mut before = site.before();
    let plural = before.next().filter(|word| site.text_of(*word) == "tags")?;
    before.next().filter(|has| site.text_of(*has) == "has")?;
    let subject = site.text_of(before.next()?);
    let is_list = site.text_of(here) == "[";
    if !is_list && here.kind != TokenKind::Text && site.text_of(here) != "any" {
        return None;
    }
    let mut edits = vec![edit(plural.span.range(), "tag")];
    edits.extend(is_list.then(|| insert(here.span.start as usize, "any ")));
    let repair = Repair::new(site, "write `tag`, not `tags`", edits).at(plural.span.range());
    if !is_list {
        return Some(repair.title("write `tag`"));
    }
    let help = format!(
        "write `{subject} has tag any [\"a\", \"b\"]` if one of them is enough, or `{subject} has tag \"a\" and {subject} has tag \"b\"` for all of them"
    );
    Some(repair.help(help).without_fix())
}

/// `customer.country is "EG" or "SA"`, `customer has tag "vip" and "debt"`
pub(super) fn repeated_value(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let mut before = site.before();
    // Parsing stops at a `,`, but after an `or`.
    let (joint, second) = match joint_of(site.text_of(here)) {
        Some(_) => (here, site.after().next()?),
        None => (before.next()?, here),
    };
    let first = before.next()?;
    joint_of(site.text_of(joint)).filter(|_| is_value(first) && is_value(second))?;
    if let Some(repair) = repeated_group(site, first, joint, second) {
        return Some(repair);
    }
    let test = TestPrefix::before(site, first)?;
    let mut values = vec![first];
    let mut written = Vec::new();
    let mut rest = site.patched.tokens.iter().copied().filter(|token| token.span.start > first.span.start);
    while let (Some(joint), Some(value)) = (rest.next(), rest.next()) {
        let Some(joint) = joint_of(site.text_of(joint)).filter(|_| is_value(value)) else { break };
        written.push(joint);
        values.push(value);
    }
    let (has_and, has_or) = (written.contains(&"and"), written.contains(&"or"));
    // `is not "a" and "b"` is neither; what is both cannot be asked of one value.
    let means_any = if test.is_negated {
        !has_or && !test.is_denied
    } else {
        !has_and && (has_or || (test.is_exact && !test.is_denied))
    };
    let may_be_all = !test.is_exact && !test.is_negated;
    let means_all = has_and && !has_or && may_be_all && !test.is_denied;
    let texts: Vec<&str> = values.iter().map(|value| site.text_of(*value)).collect();
    let any = format!("any [{}]", texts.join(", "));
    let each: Vec<String> = texts.iter().map(|text| format!("{} {text}", test.text)).collect();
    let each = each.join(" and ");
    let range = first.span.start as usize..values.last()?.span.end as usize;
    // What stands between the values is edited by itself, because a value may have been repaired before.
    let mut as_list = vec![insert(range.start, "any [")];
    as_list.extend(values.windows(2).filter_map(|pair| match pair {
        [one, next] => Some(edit(one.span.end as usize..next.span.start as usize, ", ")),
        _ => None,
    }));
    as_list.push(insert(range.end, "]"));
    if means_all {
        let edits = vec![edit(test.start..range.end, &*each)];
        let repair = Repair::new(site, "each value needs a test of its own", edits);
        return Some(repair.help(format!("write `{each}`")).title(format!("write `{each}`")));
    }
    let repair = Repair::new(site, "several values need a list", as_list);
    if means_any {
        return Some(repair.help(format!("write `{any}`")).title("write them as a list"));
    }
    let help = if test.is_denied && may_be_all {
        let subject = test.text;
        format!(
            "write `not {subject} {any}` if none of them may be there, or `not ({each})` if not all of them may"
        )
    } else if test.is_denied {
        format!("write `not {} {any}` for none of them, or repeat the whole test", test.text)
    } else if test.text.starts_with("chat") && test.text.ends_with("with") {
        format!("one user has the chat: write `{any}` for any of them")
    } else if test.is_exact || test.is_negated {
        format!("write `{any}` for any of them, or repeat the whole test")
    } else {
        format!("write `{any}` for any of them, or `{each}` for all of them")
    };
    Some(repair.help(help).without_fix())
}

/// The word that a joint of values stands for.
fn joint_of(snippet: &str) -> Option<&'static str> {
    Some(match snippet {
        "or" | "|" | "||" => "or",
        "and" | "&" | "&&" => "and",
        "," => ",",
        _ => return None,
    })
}

/// `any_online in "Sales" or "Support"`: no list of groups can be asked for
fn repeated_group(site: &ErrorSite<'_, '_>, first: Token, joint: Token, second: Token) -> Option<Repair> {
    let mut before = site.before().filter(|token| token.span.start < first.span.start);
    before.next().filter(|before| site.text_of(*before) == "in")?;
    let subject = site.text_of(before.next()?);
    let is_denied = before.next().is_some_and(|before| site.text_of(before) == "not");
    if subject != "chat" && !FactWord::parse(subject).is_some_and(FactWord::takes_group) {
        return None;
    }
    let test = |group: Token| format!("{subject} in {}", site.text_of(group));
    let (one, other) = (test(first), test(second));
    let help = match joint_of(site.text_of(joint)) {
        _ if is_denied => format!("write `not ({one} or {other})`, or `not ({one} and {other})`"),
        _ if subject == "chat" => format!("write `{one} or {other}`"),
        Some("or") => format!("write `{one} or {other}`"),
        _ => format!("write `{one} or {other}`, or `{one} and {other}`"),
    };
    let edits = vec![edit(joint.span.start as usize..second.span.end as usize, format!("or {other}"))];
    let repair = Repair::new(site, format!("{} needs a test of its own", quote(site.text_of(second))), edits);
    Some(repair.help(help).at(second.span.range()).without_fix())
}

/// What stands before the first of several values: `customer.country is`, `customer has tag`.
struct TestPrefix<'d> {
    text: &'d str,
    start: usize,
    /// Only one value can be the whole of it.
    is_exact: bool,
    is_negated: bool,
    /// `not` stands before all of it.
    is_denied: bool,
}

impl<'d> TestPrefix<'d> {
    fn before(site: &ErrorSite<'d, '_>, value: Token) -> Option<Self> {
        let before: Vec<Token> =
            site.before().filter(|token| token.span.start < value.span.start).take(8).collect();
        let word = |index: usize| before.get(index).map(|token| site.text_of(*token)).unwrap_or_default();
        let (length, is_exact) = match (word(0), word(1)) {
            ("not", "is") => (2, true),
            ("is", _) => (1, true),
            ("with", "starts") => (2, true),
            ("with", "chat") => (1, true),
            ("part", "contains") | ("tag", "has") => (2, false),
            ("contains", _) => (1, false),
            _ => return None,
        };
        // The subject: `message`, `customer.city`, and for tags `customer` or `chat`.
        let subject = if word(length + 1) == "." { length + 2 } else { length };
        let start = before.get(subject)?.span.start as usize;
        let text = site.text().get(start..value.span.start as usize)?.trim_end();
        Some(Self {
            text,
            start,
            is_exact,
            is_negated: word(0) == "not",
            is_denied: word(subject + 1) == "not",
        })
    }
}

fn is_value(token: Token) -> bool {
    matches!(token.kind, TokenKind::Text | TokenKind::Number)
}

/// Adds edits that write commas between the values from `first` on; returns the last value.
fn separate_by_commas(
    site: &ErrorSite<'_, '_>,
    first: Token,
    edits: &mut Vec<crate::diagnostic::Edit>,
) -> Token {
    let mut last = first;
    let mut rest = site.patched.tokens.iter().copied().filter(|token| token.span.start > first.span.start);
    while let (Some(joint), Some(value)) = (rest.next(), rest.next()) {
        if !matches!(site.text_of(joint), "or" | "and" | ",") || !is_value(value) {
            break;
        }
        if site.text_of(joint) != "," {
            edits.push(edit(last.span.end as usize..joint.span.end as usize, ","));
        }
        last = value;
    }
    last
}

/// `any_online("Sales")`
pub(super) fn call(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "(" && site.expects(Production::IN))?;
    let word = site.text_of(site.before().next()?);
    if FactWord::parse(word).is_none() && Count::parse(word).is_none() {
        return None;
    }
    let mut after = site.after();
    let (group, close) = (after.next()?, after.next().filter(|close| site.text_of(*close) == ")")?);
    let group_text = site.text_of(group);
    let edits = vec![edit(here.span.range(), " in "), edit(close.span.range(), "")];
    let repair = Repair::new(site, format!("the group after `{word}` needs `in`"), edits);
    Some(repair.help(format!("write `{word} in {group_text}`")).title("write `in`"))
}
