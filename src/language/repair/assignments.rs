//! Parts of a rule in another order or in other words: `among` before `by`, `assign online owner`, `move "x"`.

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{Algorithm, Eligibility};
use super::phrases::Explanation;
use super::synonyms::is_action_word;
use super::{Repair, edit, insert};

/// `group "Sales" among available by least_load`: the way to choose comes first
pub(super) fn among_before_by(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here =
        site.current().filter(|here| site.text_of(*here) == "among" && site.expects(Production::BY))?;
    let mut rest = site.after();
    let pool = rest.find(|token| site.text_of(*token) != "the")?;
    let by = rest.next().filter(|by| site.text_of(*by) == "by")?;
    let algorithm = rest.next()?;
    let (pool, way) = (Eligibility::parse(site.text_of(pool))?, Algorithm::parse(site.text_of(algorithm))?);
    let edits = vec![
        edit(here.span.start as usize..by.span.start as usize, ""),
        insert(algorithm.span.end as usize, format!(" among {pool}")),
    ];
    let repair = Repair::new(site, format!("`among {pool}` comes after `by {way}`"), edits);
    let repair = repair.at(here.span.start as usize..algorithm.span.end as usize);
    Some(repair.title(format!("write `by {way} among {pool}`")))
}

/// `assign online owner`, `assign available user "alice"`
pub(super) fn pool_before_target(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| expects_target(site))?;
    let pool = Eligibility::parse(site.text_of(here)).filter(|pool| *pool != Eligibility::Everyone)?;
    let mut rest = site.after();
    let target = rest.next()?;
    let last = match site.text_of(target) {
        "owner" => target,
        "user" => rest.next().filter(|name| name.kind == TokenKind::Text)?,
        _ => return None,
    };
    let snippet = site.text().get(target.span.start as usize..last.span.end as usize)?;
    let edits = vec![
        edit(here.span.start as usize..target.span.start as usize, ""),
        insert(last.span.end as usize, format!(" among {pool}")),
    ];
    let repair = Repair::new(site, format!("write `{snippet} among {pool}`, not `{pool} {snippet}`"), edits);
    let repair = repair.help(format!("or write `{snippet}`, whether {pool} or not"));
    Some(repair.without_fix().at(here.span.start as usize..last.span.end as usize))
}

/// `by least_chats online`, `assign owner available`, `assign owner if online`
pub(super) fn pool_without_among(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| site.expects(Production::AMONG))?;
    if let Some((pool, range)) = pool_after_if(site, here, site.after()) {
        let written = format!("among {pool}");
        let message = format!("write `{written}`, not `{}`", site.text().get(range.clone())?);
        return Some(Repair::new(site, message, vec![edit(range.clone(), written)]).at(range));
    }
    let pool = Eligibility::parse(site.text_of(here))?;
    let repair = Repair::new(
        site,
        format!("`among` is missing before `{pool}`"),
        vec![insert(here.span.start as usize, "among ")],
    );
    Some(repair.title("write `among`"))
}

/// The pool of `if online`, `if they are available`, and the range of all of it.
fn pool_after_if(
    site: &ErrorSite<'_, '_>,
    here: Token,
    mut rest: impl Iterator<Item = Token>,
) -> Option<(Eligibility, std::ops::Range<usize>)> {
    let is_filler = |token: &Token| {
        matches!(site.text_of(*token), "he" | "she" | "they" | "it" | "is" | "are" | "the" | "owner" | "user")
    };
    let pool = rest.find(|token| !is_filler(token)).filter(|_| site.text_of(here) == "if")?;
    let word = Eligibility::parse(site.text_of(pool)).filter(|pool| *pool != Eligibility::Everyone)?;
    Some((word, here.span.start as usize..pool.span.end as usize))
}

/// `when a unless b:`, `rule "x" unless b:`
pub(super) fn unless(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "unless")?;
    let written = if site.expects(Production::WHEN) {
        "when not"
    } else if site.expects(Production::AND) {
        "and not"
    } else {
        return None;
    };
    let message = format!("write `{written}`, not `unless`");
    let repair = Repair::new(site, message, vec![edit(here.span.range(), written)]).at(here.span.range());
    // `a or b unless c` and `unless a and b` need brackets.
    let is_joint = |token: Token| matches!(site.text_of(token), "and" | "or");
    let is_or = |token: Token| site.text_of(token) == "or";
    let is_many = site.after().take(200).take_while(|token| site.text_of(*token) != ":").any(is_joint)
        || site.before().take(200).any(is_or);
    let help = format!("write `{written} (…)`, with brackets around what `unless` is about");
    Some(if is_many { repair.help(help).without_fix() } else { repair })
}

/// `assign queue "Sales"`: a queue is that of a group
pub(super) fn queue(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "queue" && expects_target(site))?;
    let name = site.after().next().filter(|name| name.kind == TokenKind::Text)?;
    let range = here.span.start as usize..name.span.end as usize;
    let written = format!("group {} by hand", site.text_of(name));
    let message = format!("write `{written}`, not `{}`", site.text().get(range.clone())?);
    let repair = Repair::new(site, message, vec![edit(range.clone(), &*written)]).at(range);
    Some(repair.help("`by hand` leaves the chat in the queue of the group"))
}

/// `move "x" when …`, `also "x" when …`
pub(super) fn name_without_rule(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here =
        site.current().filter(|here| here.kind == TokenKind::Text && site.expects(Production::RULE))?;
    let kind = site.before().next().map(|before| site.text_of(before))?;
    matches!(kind, "move" | "also").then(|| {
        let repair = Repair::new(
            site,
            format!("`rule` is missing after `{kind}`"),
            vec![insert(here.span.start as usize, "rule ")],
        );
        let written = format!("{kind} rule {}", site.text_of(here));
        repair.help(format!("write `{written}`")).title("write `rule`")
    })
}

/// `rule move "x"`, `rule also "x"`
pub(super) fn kind_after_rule(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| matches!(site.text_of(*here), "also" | "move"))?;
    let rule = site.before().next().filter(|before| site.text_of(*before) == "rule")?;
    let name = site.after().next().filter(|name| name.kind == TokenKind::Text)?;
    let (kind, name) = (site.text_of(here), site.text_of(name));
    let range = rule.span.start as usize..here.span.end as usize;
    let edits = vec![edit(range.clone(), format!("{kind} rule"))];
    let repair = Repair::new(site, format!("`{kind}` comes before `rule`"), edits).at(range);
    let about = if kind == "move" { "for open chats" } else { "that adds to others" };
    let help = format!("write `{kind} rule {name}` if it is a rule {about}, or `rule {name}`");
    Some(repair.help(help).without_fix())
}

/// `- assign owner`: actions are no list of points
pub(super) fn bullet(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.first)?;
    let sign = Some(site.text_of(here)).filter(|sign| matches!(*sign, "-" | "*" | "•" | "–"))?;
    let next = site.after().next().filter(|next| is_action_word(site.text_of(*next)))?;
    let mut edits = vec![edit(here.span.start as usize..next.span.start as usize, "")];
    if !site.expects(Production::action) {
        let before = site.before().next().filter(|_| site.expects(Production::comma))?;
        edits.insert(0, insert(before.span.end as usize, ","));
    }
    let repair = Repair::new(site, format!("`{sign}` is not needed before an action"), edits);
    let repair = repair.at(here.span.range()).title(format!("write the actions without `{sign}`"));
    Some(repair.help("actions are separated by commas"))
}

/// `during not office`
pub(super) fn not_after_during(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "not")?;
    let during = site.before().next().filter(|before| site.text_of(*before) == "during")?;
    let range = during.span.start as usize..here.span.end as usize;
    let repair = Repair::new(site, "`not` comes before `during`", vec![edit(range.clone(), "not during")]);
    Some(repair.at(range))
}

/// What is wrong with an `assign`, or with the name of a definition, that has no repair.
pub(super) fn explanation(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current()?;
    let word = site.text_of(here);
    let explain =
        |message: String, help: String| Some(Explanation { range: here.span.range(), message, help });
    let before = site.before().next();
    let before_word = before.map(|before| site.text_of(before)).unwrap_or_default();
    if word == "among" && matches!(before_word, "user" | "group") && site.expects(Production::text) {
        return explain(
            format!("`{before_word}` needs a name"),
            "for any user who is available, write `assign group \"…\" by least_chats among available`, with a group of these users".to_owned(),
        );
    }
    if word == "else"
        && site.before().take(2).any(|before| site.text_of(before) == "otherwise")
        && (site.expects(Production::colon) || site.expects(Production::action))
    {
        let line = site.text().get(here.span.end as usize..)?.lines().next()?.trim();
        return explain(
            "`else` comes after an alternative".to_owned(),
            format!("write `otherwise: assign {line}`, without `else`"),
        );
    }
    if let Some(explained) = bare_target_if(site, here) {
        return Some(explained);
    }
    let next = site.after().next().map(|next| site.text_of(next)).unwrap_or_default();
    let waits = |word: &str| matches!(word, "wait" | "queue" | "hold" | "wait_in_queue");
    if (matches!(word, "or" | "else") && waits(next) && site.expects(Production::ELSE))
        || (waits(word) && before_word == "else" && expects_target(site))
    {
        return explain(
            "a chat waits in the queue of a group".to_owned(),
            "write `else group \"…\" by hand`, with the group whose members may take it".to_owned(),
        );
    }
    let is_named = before.is_some_and(|name| name.kind == TokenKind::Text);
    if word == ":" && is_named && is_action_word(next) && site.expects(Production::WHEN) {
        return explain(
            "this rule has no condition".to_owned(),
            "write `when …` before the `:`, or `otherwise` for every message that no rule takes".to_owned(),
        );
    }
    let is_pool = matches!(word, "online" | "available") && matches!(next, "owner" | "user");
    let is_anybody = matches!(
        word,
        "any"
            | "whoever"
            | "whomever"
            | "anyone"
            | "anybody"
            | "someone"
            | "somebody"
            | "everyone"
            | "available"
            | "online"
            | "all"
    );
    let is_anybody = is_anybody
        || matches!(word, "only" | "just")
            && site.after().next().is_some_and(|next| next.kind != TokenKind::Text);
    if expects_target(site) && is_anybody && !is_pool {
        return explain(
            format!("`assign {word}` does not say who is meant"),
            "write `assign group \"…\" by least_chats` with a group of the users who may be chosen"
                .to_owned(),
        );
    }
    if here.kind == TokenKind::Text && site.expects(Production::pattern) {
        let pattern = word.trim_matches('"').replace('/', "\\/");
        return explain("a pattern stands between slashes".to_owned(), format!("write `/{pattern}/`"));
    }
    if let Some(help) = second_assignment(site, here) {
        return explain("a rule assigns once".to_owned(), help);
    }
    if before_word == "per" && matches!(word, "customer" | "chat" | "contact" | "person" | "user") {
        return explain(
            "`once per` needs a time".to_owned(),
            "write how long the same reply is not sent again, as in `once per 12h`".to_owned(),
        );
    }
    name_of_definition(site, here)
}

/// `assign anna if available`
fn bare_target_if(site: &ErrorSite<'_, '_>, here: Token) -> Option<Explanation> {
    let word = site.text_of(here);
    let is_name = here.kind == TokenKind::Text
        || (here.kind == TokenKind::Word && !super::super::vocabulary::is_reserved(word));
    let mut rest = site.after();
    let next = rest.next().filter(|_| is_name && expects_target(site))?;
    let (pool, range) = pool_after_if(site, next, rest)?;
    let name = word.trim_matches('"');
    Some(Explanation {
        range: here.span.start as usize..range.end,
        message: "an action cannot have a condition of its own".to_owned(),
        help: format!("write `user \"{name}\" among {pool}`, with another alternative after `else`"),
    })
}

/// `assign owner, group "Sales" by random`, `… then group "Sales" by random`
fn second_assignment(site: &ErrorSite<'_, '_>, here: Token) -> Option<String> {
    let word = site.text_of(here);
    let target = match word {
        "then" => site.after().next()?,
        _ => here,
    };
    let is_target = matches!(site.text_of(target), "owner" | "user" | "group" | "nobody");
    let joins = match word {
        "then" => site.expects(Production::comma),
        _ => {
            site.before().next().is_some_and(|before| site.text_of(before) == ",")
                && site.expects(Production::action)
        }
    };
    if !(is_target && joins) {
        return None;
    }
    let mut before = site.before().take(200).map(|token| site.text_of(token)).take_while(|word| *word != ":");
    before.find(|word| *word == "assign").map(|_| {
        format!(
            "write `else {0} …` for when nobody before it can be given the chat, or `for 5m else {0} …` for when there is no answer either",
            site.text_of(target)
        )
    })
}

/// `hours office hours = …`, `let vip-customer = …`, `hours office mon-fri = 09:00-17:00`
fn name_of_definition(site: &ErrorSite<'_, '_>, here: Token) -> Option<Explanation> {
    let before: Vec<Token> = site.before().take(3).collect();
    let [name, word] = before.as_slice() else { return None };
    if !site.expects(Production::equals) || !matches!(site.text_of(*word), "let" | "hours" | "dates") {
        return None;
    }
    let line: Vec<Token> =
        std::iter::once(here).chain(site.after().take_while(|token| !token.first)).take(20).collect();
    let equals = line.iter().position(|token| site.text_of(*token) == "=").filter(|equals| *equals > 0)?;
    let last = line.get(equals - 1)?;
    let range = name.span.start as usize..last.span.end as usize;
    let between = site.text().get(name.span.end as usize..last.span.end as usize)?;
    let is_calendar =
        super::calendar::weekday(site.text_of(here)).is_some() || here.kind == TokenKind::Number;
    let (message, help) = if is_calendar {
        let value =
            site.text().get(line.get(equals)?.span.end as usize..)?.lines().next().unwrap_or_default();
        let days = between.replace(',', " ");
        let days: Vec<&str> = days.split_whitespace().collect();
        let written =
            format!("{} {} = {} {}", site.text_of(*word), site.text_of(*name), days.join(" "), value.trim());
        ("days and dates come after the `=`".to_owned(), format!("write `{written}`"))
    } else {
        let joined: String = site
            .text()
            .get(range.clone())?
            .split([' ', '-'])
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("_");
        ("a name is one word".to_owned(), format!("join its parts: `{}`", joined.to_lowercase()))
    };
    Some(Explanation { range, message, help })
}

fn expects_target(site: &ErrorSite<'_, '_>) -> bool {
    site.expects(Production::alternative) || site.expects(Production::target)
}
