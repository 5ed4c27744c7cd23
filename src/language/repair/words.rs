//! Words with capitals, words in two parts, misspelt words.

use super::super::error_site::{ErrorSite, quote};
use super::super::expected::first_words;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::opposites::may_be_opposite;
use super::super::vocabulary::{self, Algorithm, BuiltIn, FactWord, MessageBuiltIn, WordClass};
use super::quotes::{name_range, quotes_around};
use super::synonyms::replace;
use super::{Repair, edit, insert};

/// `new customer`, `least-chats`, `Least Chats`
pub(super) fn two_words(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let (before, mut after) = (site.before().next(), site.after());
    let (next, later) = (after.next(), after.next());
    let is_hyphen = |token: Token| site.text_of(token) == "-";
    let pairs = match next {
        Some(next) if is_hyphen(here) => [before.zip(Some(next)), None],
        Some(next) if is_hyphen(next) => [later.map(|later| (here, later)), None],
        next => [next.map(|next| (here, next)), before.map(|before| (before, here))],
    };
    pairs.into_iter().flatten().find_map(|(first, last)| {
        let is_pair = first.kind == TokenKind::Word && last.kind == TokenKind::Word && !last.first;
        let word = format!("{}_{}", site.text_of(first), site.text_of(last)).to_lowercase();
        let is_known = FactWord::parse(&word).is_some()
            || Algorithm::parse(&word).is_some()
            || BuiltIn::parse(&word).is_some();
        (is_pair && is_known).then(|| replace(site, first, last, &word))
    })
}

/// `assign to group Sales`: the target follows directly
pub(super) fn to_target(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site
        .current()
        .filter(|_| site.expects(Production::alternative) || site.expects(Production::target))?;
    let mut after = site.after().skip_while(|next| site.text_of(*next).eq_ignore_ascii_case("the"));
    let is_to = site.text_of(here).eq_ignore_ascii_case("to");
    let target = if is_to { after.next()? } else { here };
    let start = here.span.start as usize;
    let end = target.span.end as usize;
    let snippet = site.text_of(target);
    let name = if is_to { after.next() } else { site.after().next() };
    let is_group = |next: Option<Token>| next.is_some_and(|next| matches!(site.text_of(next), "by" | "with"));
    let (words, edits) = match snippet.to_lowercase().as_str() {
        "owner" | "nobody" if is_to => {
            (snippet.to_lowercase(), vec![edit(start..end, snippet.to_lowercase())])
        }
        word @ ("group" | "user") if is_to => {
            let mut edits = vec![edit(start..end, word)];
            let bare = name
                .filter(|name| name.kind == TokenKind::Word && !vocabulary::is_reserved(site.text_of(*name)));
            edits.extend(bare.map(|bare| name_range(site, bare)).iter().flat_map(quotes_around));
            (format!("{word} …"), edits)
        }
        _ if target.kind == TokenKind::Text && is_group(name) => {
            ("group …".to_owned(), vec![edit(start..target.span.start as usize, "group ")])
        }
        _ => return None,
    };
    let before = site.before().next().map(|before| site.text_of(before)).unwrap_or_default();
    let message = if is_to {
        format!("`to` is not needed after `{before}`")
    } else {
        format!("`group` is missing before {}", quote(snippet))
    };
    let repair = Repair::new(site, message, edits).title(format!("write `{before} {words}`"));
    Some(repair.help(format!("write `{before} {words}`")))
}

/// `assign Sales by random`, `assign to alice`: is it a user or a group?
pub(super) fn bare_target(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site
        .current()
        .filter(|_| site.expects(Production::alternative) || site.expects(Production::target))?;
    let is_to = site.text_of(here).eq_ignore_ascii_case("to");
    let name = if is_to { site.after().next()? } else { here };
    let is_name = name.kind == TokenKind::Word && !vocabulary::is_reserved(site.text_of(name));
    if is_name && matches!(site.text_of(name), "if" | "when" | "unless") {
        return None;
    }
    let next = site.after().find(|next| next.span.start >= name.span.end);
    if let Some(text) = next.filter(|next| is_name && next.kind == TokenKind::Text && !next.first) {
        return word_before_target(site, name, text);
    }
    // In `"Sales" group`, the two are in the wrong order.
    let is_swapped = next.is_some_and(|next| matches!(site.text_of(next), "group" | "user"));
    if (!is_name && name.kind != TokenKind::Text) || is_swapped {
        return None;
    }
    let range = if is_name { name_range(site, name) } else { name.span.range() };
    let mut rest = site.after().skip_while(|token| (token.span.start as usize) < range.end);
    let is_group = rest.next().is_some_and(|next| matches!(site.text_of(next), "by" | "with"));
    let word = if is_group { "group" } else { "user" };
    let snippet = site.text().get(range.clone())?.trim_matches('"');
    let edits = if is_name {
        vec![edit(here.span.start as usize..range.end, format!("{word} \"{snippet}\""))]
    } else {
        vec![edit(here.span.start as usize..range.start, format!("{word} "))]
    };
    let repair = Repair::new(site, format!("`{word}` is missing before `{snippet}`"), edits)
        .help(format!("write `{word} \"{snippet}\"`"))
        .title(format!("write `{word} \"{snippet}\"`"));
    if is_group {
        return Some(repair);
    }
    let help = format!(
        "write `user \"{snippet}\"`, or `group \"{snippet}\"` with `by` and a way to choose a member"
    );
    Some(
        Repair { message: format!("`{snippet}` could be a user or a group"), ..repair }
            .help(help)
            .without_fix(),
    )
}

/// `assign only "alice"`, `assign grope "Sales"`
fn word_before_target(site: &ErrorSite<'_, '_>, word: Token, text: Token) -> Option<Repair> {
    let range = word.span.start as usize..text.span.end as usize;
    let (snippet, text) = (site.text().get(range.clone())?, site.text_of(text));
    let repair = Repair::new(
        site,
        format!("`{}` is not known here", site.text_of(word)),
        vec![edit(range.clone(), format!("user {text}"))],
    );
    let help = format!(
        "instead of `{snippet}` write `user {text}`, or `group {text}` with `by` and a way to choose a member"
    );
    Some(repair.at(word.span.range()).help(help).without_fix())
}

/// `When`, `New_Customer`, `AND`, `leastChats`
pub(super) fn capitals(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Word)?;
    let snippet = site.text_of(here);
    if !snippet.is_ascii() || !snippet.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let (lower, snake) = (snippet.to_lowercase(), snake(snippet));
    let replacement = if vocabulary::is_reserved(&lower) { lower } else { snake };
    if replacement != snippet.to_lowercase() {
        return Some(replace(site, here, here, &replacement));
    }
    let message = format!("`{snippet}` must be in lower case");
    Some(Repair::new(site, message, vec![edit(here.span.range(), replacement)]).at(here.span.range()))
}

/// `leastChats` → `least_chats`
fn snake(snippet: &str) -> String {
    let mut snake = String::with_capacity(snippet.len() + 4);
    let mut was_small = false;
    for character in snippet.chars() {
        if character.is_ascii_uppercase() && was_small {
            snake.push('_');
        }
        was_small = character.is_ascii_lowercase() || character.is_ascii_digit();
        snake.push(character.to_ascii_lowercase());
    }
    snake
}

/// `client.tier`, `msg contains "x"`: the customer and the message by other names
pub(super) fn subject(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let before = site.before().next().filter(|before| before.kind == TokenKind::Word)?;
    let here = site.current()?;
    let is_test = vocabulary::is_of_class(site.text_of(here), WordClass::ValueTest);
    let asks = matches!(site.text_of(here), "." | "has") || is_test;
    let replacement = match site.text_of(before).to_lowercase().as_str() {
        "client" | "clients" | "sender" | "visitor" | "buyer" | "consumer" | "guest" => "customer",
        "msg" | "messages" | "text" | "inquiry" => "message",
        _ => return None,
    };
    let starts = site.before().nth(1).is_none_or(|earlier| {
        earlier.kind != TokenKind::Word || vocabulary::is_reserved(site.text_of(earlier))
    });
    (asks && starts && site.expects(Production::comparison))
        .then(|| replace(site, before, before, replacement))
}

/// `with skill .language`, `and .city is "Cairo"`: a dot without what stands before it
pub(super) fn dot_alone(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == ".")?;
    let next = site.after().next().filter(|next| next.kind == TokenKind::Word)?;
    let is_value = site.expects(Production::value) || site.expects(Production::values);
    let is_condition = site.expects(Production::operand) || site.expects(Production::negation);
    if next.span.start != here.span.end || !(is_value || is_condition) {
        return None;
    }
    let name = site.text_of(next);
    let help = if is_value {
        format!("write `customer.{name}` for what the customer has, or `\"{name}\"` for the text")
    } else {
        format!("write what has it, as in `customer.{name}`")
    };
    let edits = vec![insert(here.span.start as usize, "customer")];
    Some(Repair::new(site, format!("`.{name}` does not say whose it is"), edits).help(help).without_fix())
}

/// `customer's city`, `message->age`, `customer..plan`: a dot is meant
pub(super) fn possessive(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let sign = site.current().filter(|_| site.expects(Production::dot))?;
    let subject = site.before().next().filter(|subject| subject.span.end == sign.span.start)?;
    let rest = site.text().get(sign.span.start as usize..)?;
    let joint = ["'s ", "’s ", "->", "..", "::", ":"].into_iter().find(|joint| rest.starts_with(joint))?;
    let end = sign.span.start as usize + joint.len();
    let is_name =
        rest.get(joint.len()..)?.trim_start_matches(' ').starts_with(|c: char| c.is_ascii_lowercase());
    // `when customer: …` may lack all of its condition.
    let touches = joint != ":" || !rest.get(joint.len()..)?.starts_with(' ');
    if !is_name || !touches || !matches!(site.text_of(subject), "customer" | "message" | "chat") {
        return None;
    }
    let name = site.text().get(end..)?;
    let blanks = name.len() - name.trim_start_matches(' ').len();
    let range = sign.span.start as usize..end + blanks;
    let message = format!("write `.` after `{}`, not `{}`", site.text_of(subject), joint.trim_end());
    let repair = Repair::new(site, message, vec![edit(range.clone(), ".")]).at(range);
    Some(Repair { whole: true, ..repair })
}

/// `otherwise when:`
pub(super) fn when_after_otherwise(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here =
        site.current().filter(|here| site.text_of(*here) == "when" && site.expects(Production::colon))?;
    let otherwise = site.before().next().filter(|before| site.text_of(*before) == "otherwise")?;
    site.after().next().filter(|next| site.text_of(*next) == ":")?;
    let edits = vec![edit(otherwise.span.end as usize..here.span.end as usize, "")];
    let repair = Repair::new(site, "`otherwise` has no condition, and so no `when`", edits);
    Some(repair.title("remove `when`"))
}

/// `asign`, `wehn`: a misspelt word that is expected here
pub(super) fn typo(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    const SUBJECTS: [&str; 3] = ["message", "customer", "during"];
    let here = site.current()?;
    let replacement = site.error.expected.iter().flat_map(|production| first_words(*production));
    if here.kind == TokenKind::Word
        && let Some(replacement) = nearest(site.text_of(here), replacement)
    {
        return Some(misspelling(site, here, replacement));
    }
    // `mesage contains …` parses as a fact, up to the test.
    let before = site.before().next().filter(|before| before.kind == TokenKind::Word)?;
    let replacement = nearest(site.text_of(before), SUBJECTS.into_iter())
        .filter(|_| site.expects(Production::comparison) || site.text_of(here) == ".")?;
    // `messagead` lost its dot.
    if let Some(name) = site.text_of(before).strip_prefix(replacement).filter(|name| name.len() > 1) {
        let written = format!("{replacement}.{name}");
        let is_known = BuiltIn::parse(name).is_some() || MessageBuiltIn::parse(name).is_some();
        let edits = vec![insert(before.span.start as usize + replacement.len(), ".")];
        let repair = Repair::new(site, format!("`.` is missing in `{}`", site.text_of(before)), edits);
        let repair = repair.at(before.span.range()).title(format!("write `{written}`"));
        return Some(if is_known {
            repair
        } else {
            repair.help(format!("write `{written}`, if that is meant")).without_fix()
        });
    }
    Some(misspelling(site, before, replacement))
}

/// `here` is a misspelt `replacement`.
fn misspelling(site: &ErrorSite<'_, '_>, here: Token, replacement: &str) -> Repair {
    let snippet = site.text_of(here);
    let range = here.span.range();
    let repair =
        Repair::new(site, format!("`{snippet}` is not known here"), vec![edit(range.clone(), replacement)])
            .at(range);
    repair.help(format!("did you mean `{replacement}`?"))
}

/// The word of `words` that `snippet` is a misspelling of: one or two wrong letters, or two swapped ones. In a word of
/// two or three letters only swapped or doubled letters are, because it is soon another word.
pub(in super::super) fn nearest(
    snippet: &str,
    words: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let snippet = snippet.to_lowercase();
    let has_digits = snippet.bytes().any(|byte| byte.is_ascii_digit());
    if snippet.len() > 24 || has_digits || vocabulary::is_reserved(&snippet) {
        return None;
    }
    let far = |word: &str| strsim::osa_distance(&snippet, word);
    let allowed = |word: &str| match word.len() {
        0..=3 => usize::from(is_slip(&snippet, word)),
        4..=6 => 1,
        _ => 2,
    };
    let words: Vec<&'static str> = words.collect();
    let mut near = words.clone();
    near.retain(|word| far(word) <= allowed(word));
    let least = near.iter().map(|word| far(word)).min()?;
    near.retain(|word| far(word) == least);
    near.dedup();
    match near.as_slice() {
        // `teu` is `tue` or `thu`.
        [only]
            if words
                .iter()
                .any(|other| other != only && other.len() == only.len() && far(other) <= least) =>
        {
            None
        }
        [only] if !may_be_opposite(&snippet, only) => Some(*only),
        _ => None,
    }
}

/// `yb`, `orr`, `ihn`: the letters of `word` in another order, or with one more.
fn is_slip(snippet: &str, word: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    snippet.len() > 1
        && (sorted(snippet) == sorted(word) || (snippet.len() == word.len() + 1 && word.len() > 1))
}
