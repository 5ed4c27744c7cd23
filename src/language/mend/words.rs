//! Words with capitals, words in two pieces, words with a slip in them.

use super::super::grammar::Kind;
use super::super::place::{Place, quote};
use super::super::scan::{self, Lexeme};
use super::super::vocabulary::{self, Algorithm, BuiltIn, FactWord};
use super::quotes::{around, run};
use super::spelling::rewritten;
use super::{Mend, edit};

/// `new customer`, `least-chats`, `Least Chats`
pub(super) fn joined(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here()?;
    let (before, mut after) = (place.before().next(), place.after());
    let (next, later) = (after.next(), after.next());
    let is_hyphen = |lexeme: Lexeme| place.said(lexeme) == "-";
    let pairs = match next {
        Some(next) if is_hyphen(here) => [before.zip(Some(next)), None],
        Some(next) if is_hyphen(next) => [later.map(|later| (here, later)), None],
        next => [next.map(|next| (here, next)), before.map(|before| (before, here))],
    };
    pairs.into_iter().flatten().find_map(|(first, last)| {
        let is_pair = first.kind == scan::Kind::Word && last.kind == scan::Kind::Word && !last.first;
        let word = format!("{}_{}", place.said(first), place.said(last)).to_lowercase();
        let is_known = FactWord::parse(&word).is_some()
            || Algorithm::parse(&word).is_some()
            || BuiltIn::parse(&word).is_some();
        (is_pair && is_known).then(|| rewritten(place, first, last, &word))
    })
}

/// `assign to group Sales`: whom, directly
pub(super) fn to_target(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|_| place.expects(Kind::alternative) || place.expects(Kind::target))?;
    let mut after = place.after().skip_while(|next| place.said(*next).eq_ignore_ascii_case("the"));
    let is_to = place.said(here).eq_ignore_ascii_case("to");
    let target = if is_to { after.next()? } else { here };
    let start = here.span.start as usize;
    let end = target.span.end as usize;
    let said = place.said(target);
    let name = if is_to { after.next() } else { place.after().next() };
    let is_group = |next: Option<Lexeme>| next.is_some_and(|next| matches!(place.said(next), "by" | "with"));
    let (words, edits) = match said.to_lowercase().as_str() {
        "owner" | "nobody" if is_to => (said.to_lowercase(), vec![edit(start..end, said.to_lowercase())]),
        word @ ("group" | "user") if is_to => {
            let mut edits = vec![edit(start..end, word)];
            let bare = name
                .filter(|name| name.kind == scan::Kind::Word && !vocabulary::is_reserved(place.said(*name)));
            edits.extend(bare.map(|bare| run(place, bare)).iter().flat_map(around));
            (format!("{word} …"), edits)
        }
        _ if target.kind == scan::Kind::Text && is_group(name) => {
            ("group …".to_owned(), vec![edit(start..target.span.start as usize, "group ")])
        }
        _ => return None,
    };
    let before = place.before().next().map(|before| place.said(before)).unwrap_or_default();
    let message = if is_to {
        format!("`to` is not needed after `{before}`")
    } else {
        format!("`group` is missing before {}", quote(said))
    };
    let mend = Mend::new(place, message, edits).title("write it so");
    Some(mend.help(format!("write `{before} {words}`")))
}

/// `assign Sales by random`, `assign to alice`: is it a user or a group?
pub(super) fn bare_target(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|_| place.expects(Kind::alternative) || place.expects(Kind::target))?;
    let is_to = place.said(here).eq_ignore_ascii_case("to");
    let name = if is_to { place.after().next()? } else { here };
    let is_name = name.kind == scan::Kind::Word && !vocabulary::is_reserved(place.said(name));
    if !is_name && name.kind != scan::Kind::Text {
        return None;
    }
    let run = if is_name { run(place, name) } else { name.span.range() };
    let mut rest = place.after().skip_while(|lexeme| (lexeme.span.start as usize) < run.end);
    let is_group = rest.next().is_some_and(|next| matches!(place.said(next), "by" | "with"));
    let word = if is_group { "group" } else { "user" };
    let mut edits = vec![edit(here.span.start as usize..run.start, format!("{word} "))];
    if is_name {
        edits.extend(around(&run));
    }
    let said = place.text().get(run.clone())?.trim_matches('"');
    let mend = Mend::new(place, format!("`{word}` is missing before `{said}`"), edits)
        .help(format!("write `{word} \"{said}\"`"))
        .title("write it so");
    if is_group {
        return Some(mend);
    }
    let help = format!("write `user \"{said}\"`, or `group \"{said}\"` and how its member is chosen");
    Some(
        Mend { message: format!("whether `{said}` is a user or a group is not said"), ..mend }
            .help(help)
            .without_fix(),
    )
}

/// `When`, `New_Customer`, `AND`, `leastChats`
pub(super) fn capitals(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|here| here.kind == scan::Kind::Word)?;
    let said = place.said(here);
    if !said.is_ascii() || !said.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let (lower, snake) = (said.to_lowercase(), snake(said));
    let meant = if vocabulary::is_reserved(&lower) { lower } else { snake };
    if meant != said.to_lowercase() {
        return Some(rewritten(place, here, here, &meant));
    }
    let message = format!("`{said}` is written in small letters");
    Some(Mend::new(place, message, vec![edit(here.span.range(), meant)]))
}

/// `leastChats` → `least_chats`
fn snake(said: &str) -> String {
    let mut snake = String::with_capacity(said.len() + 4);
    let mut was_small = false;
    for character in said.chars() {
        if character.is_ascii_uppercase() && was_small {
            snake.push('_');
        }
        was_small = character.is_ascii_lowercase() || character.is_ascii_digit();
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

/// `asign`, `wehn`: a slip in a word that could stand here
pub(super) fn typo(place: &Place<'_, '_>) -> Option<Mend> {
    const SUBJECTS: &[&str] = &["message", "customer", "during"];
    let here = place.here()?;
    let meant = place.stop.expected.iter().flat_map(|kind| words(*kind));
    if here.kind == scan::Kind::Word
        && let Some(meant) = nearest(place.said(here), meant)
    {
        return Some(misspelt(place, here, meant));
    }
    // `mesage contains …` is read as a fact, up to what is asked.
    let before = place.before().next().filter(|before| before.kind == scan::Kind::Word)?;
    let meant = nearest(place.said(before), SUBJECTS.iter()).filter(|_| place.expects(Kind::comparison))?;
    Some(misspelt(place, before, meant))
}

/// `here` is a slip in `meant`.
fn misspelt(place: &Place<'_, '_>, here: Lexeme, meant: &str) -> Mend {
    let said = place.said(here);
    let range = here.span.range();
    let mend =
        Mend::new(place, format!("`{said}` is not known here"), vec![edit(range.clone(), meant)]).at(range);
    mend.help(format!("did you mean `{meant}`?"))
}

/// The one word of `words` that `said` is a slip of: a letter or two wrong, or two that changed places.
pub(in super::super) fn nearest(
    said: &str,
    words: impl Iterator<Item = &'static &'static str>,
) -> Option<&'static str> {
    let said = said.to_lowercase();
    if said.len() > 24 {
        return None;
    }
    let far = |word: &str| strsim::osa_distance(&said, word);
    let allowed = |word: &str| {
        if word.len() < 3 {
            0
        } else if word.len() < 7 {
            1
        } else {
            2
        }
    };
    let near = words.filter(|word| far(word) <= allowed(word)).min_by_key(|word| far(word));
    near.copied()
}

/// The words that `kind` can begin with.
fn words(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::rule
        | Kind::definition
        | Kind::hours
        | Kind::dates
        | Kind::timezone
        | Kind::import
        | Kind::test => ITEMS,
        Kind::action => &["assign", "reply", "tag", "priority"],
        Kind::alternative | Kind::target => &["owner", "user", "group", "nobody"],
        Kind::question => &["is", "contains", "starts", "matches"],
        Kind::condition | Kind::every | Kind::part | Kind::term => &["during", "message", "customer"],
        Kind::presence => &["online", "away", "offline"],
        Kind::customer_fact => &["returning", "owner"],
        Kind::day | Kind::days => &["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        Kind::AFTER => &["after"],
        Kind::AGED => &["aged"],
        Kind::ALSO => &["also"],
        Kind::AMONG => &["among"],
        Kind::AND => &["and"],
        Kind::ASSIGN => &["assign"],
        Kind::CHATS => &["chats"],
        Kind::CONTAINS => &["contains"],
        Kind::CUSTOMER => &["customer"],
        Kind::ELSE => &["else"],
        Kind::EXCEPT => &["except"],
        Kind::expect | Kind::EXPECT => &["expect"],
        Kind::given | Kind::GIVEN => &["given"],
        Kind::GROUP => &["group"],
        Kind::HAS => &["has"],
        Kind::IDLE => &["idle"],
        Kind::MESSAGE => &["message"],
        Kind::NOBODY => &["nobody"],
        Kind::ONCE => &["once"],
        Kind::OTHERWISE => &["otherwise"],
        Kind::PER => &["per"],
        Kind::PRIORITY => &["priority"],
        Kind::REPLY => &["reply"],
        Kind::RULE => &["rule"],
        Kind::SKILL => &["skill"],
        Kind::TAG => &["tag"],
        Kind::THE_NUMBER => &["number"],
        Kind::TURN => &["turn"],
        Kind::USER => &["user"],
        Kind::WAITING => &["waiting"],
        Kind::WHEN => &["when"],
        Kind::WITH => &["with"],
        _ => &[],
    }
}

/// The words that begin an item.
pub(in super::super) const ITEMS: &[&str] =
    &["rule", "when", "also", "otherwise", "let", "hours", "dates", "use", "timezone", "test"];
