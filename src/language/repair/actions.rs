//! Actions as people write them: several tags at once, the parts of an `assign` in another order, actions that there are
//! not.

use super::super::error_site::{ErrorSite, quote};
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{self, FactWord, Priority};
use super::phrases::Explanation;
use super::synonyms::is_action_word;
use super::{Repair, edit, insert};

/// `tag "a", "b"`, `tag ["a", "b"]`, `tag "a" and "b"`: each tag is an action of its own
pub(super) fn several_tags(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let line = line(site);
    let tag = line.iter().rposition(|token| site.text_of(*token) == "tag" && is_behind(site, *token))?;
    // `customer has tag any ["a"[ "b"]` is no action.
    if tag
        .checked_sub(1)
        .and_then(|before| line.get(before))
        .is_some_and(|token| site.text_of(*token) == "has")
    {
        return None;
    }
    let rest = line.get(tag + 1..)?;
    // `tag "a"," priority high, reply "b"`: where a quote is missing, nobody knows what is a text.
    if rest.iter().any(|token| token.kind == TokenKind::Unclosed) {
        return None;
    }
    let (mut edits, mut texts) = (Vec::new(), 0);
    let mut covers = false;
    for (at, token) in rest.iter().enumerate() {
        let word = site.text_of(*token);
        let is_text = token.kind == TokenKind::Text;
        let next_is_text = rest.get(at + 1).is_some_and(|next| next.kind == TokenKind::Text);
        match word {
            "[" | "]" | "any"
                if word != "any" || rest.get(at + 1).is_some_and(|next| site.text_of(*next) == "[") =>
            {
                let end =
                    rest.get(at + 1).filter(|_| word == "any").map_or(token.span.end, |next| next.span.start);
                edits.push(edit(token.span.start as usize..end as usize, ""));
            }
            "," if next_is_text => {}
            "and" | "or" | "&" | "+" if next_is_text => {
                let start = rest.get(at.checked_sub(1)?)?.span.end as usize;
                edits.push(edit(start..token.span.end as usize, ","));
            }
            _ if is_text => {
                edits.extend((texts > 0).then(|| insert(token.span.start as usize, "tag ")));
                texts += 1;
            }
            _ => break,
        }
        covers |= token.span.end as usize > site.error.at;
    }
    let repair = Repair::new(site, "each tag is an action of its own", edits);
    (covers && texts > 1)
        .then(|| repair.help("write `tag \"a\", tag \"b\"`").title("write `tag` before each"))
}

/// `reply after 5m "text"`, `priority after 5m high`: the time comes last
pub(super) fn time_first(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let mut before = site.before();
    let words = [before.next(), before.next()].map(|token| token.map(|token| site.text_of(token)));
    let mut rest = site.after();
    // `after` could be the word that follows `priority`, so parsing stops behind it.
    let (after, duration, is_expected) = match words {
        [Some("after"), Some("priority")] => (site.before().next()?, here, here.kind == TokenKind::Number),
        _ if site.text_of(here) == "after" => (here, rest.next()?, site.expects(Production::text)),
        _ => return None,
    };
    let what = rest.next()?;
    let is_expected = is_expected
        && match words {
            [_, Some("priority")] => Priority::parse(site.text_of(what)).is_some(),
            _ => what.kind == TokenKind::Text,
        };
    let time = site.text().get(after.span.start as usize..duration.span.end as usize)?;
    let edits = vec![
        edit(after.span.start as usize..what.span.start as usize, ""),
        insert(what.span.end as usize, format!(" {time}")),
    ];
    let written = format!("{} {time}", site.text_of(what));
    is_expected
        .then(|| Repair::new(site, format!("`{time}` comes last"), edits).title(format!("write `{written}`")))
}

/// What is wrong with an action for which no repair is known.
pub(super) fn explanation(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current()?;
    let word = site.text_of(here);
    let explain = |message: String, help: &str| {
        Some(Explanation { range: here.span.range(), message, help: help.to_owned() })
    };
    if site.expects(Production::action) && here.kind == TokenKind::Word && !is_action_word(word) {
        // Since the start of the actions: that of `1:30` is not in them.
        let assigns = site.before().take(200).any(|before| site.text_of(before) == "assign");
        let next = site.after().next().map(|next| site.text_of(next)).unwrap_or_default();
        let help = match word.to_lowercase().as_str() {
            "do" | "dont" | "no" if matches!(next, "not" | "reply" | "'" | "’") => {
                "leave it out: nothing is sent where no `reply` says so"
            }
            "close" | "ignore" | "block" | "drop" | "stop" | "do" | "nothing" | "end" if assigns => {
                "leave it out: `assign nobody` gives the chat to nobody, and nothing else ends it"
            }
            "close" | "ignore" | "block" | "drop" | "stop" | "do" | "nothing" | "end" => {
                "to give the chat to nobody, write `assign nobody`"
            }
            "create" | "log" => "a rule can do no more than `assign`, `reply`, `tag` and `priority`",
            "leave" | "skip" | "unassign" => "to give the chat to nobody, write `assign nobody`",
            "put" | "queue" => {
                "to leave the chat in the queue of a group, write `assign group \"…\" by hand`"
            }
            "set" | "update" | "save" | "change" => {
                "a rule cannot change what is known about the customer; it can only give the chat a tag"
            }
            "randomly" => "to choose a member at random, write `assign group \"…\" by random`",
            "urgent" | "high" | "normal" | "low" => {
                "the priority of a chat is set by `priority`, as in `priority urgent`"
            }
            "forward" | "transfer" | "escalate" | "move" | "if"
                if matches!(next, "after" | "no" | "nobody" | "unanswered") =>
            {
                "to go on when nobody answers, write `assign … for 5m else …`"
            }
            "if" | "unless" => "an action has no condition of its own; write another rule with `when`",
            "wait" => "to go on when nobody answers, write `assign … for 5m else …`",
            "forward" | "transfer" | "escalate" | "move" => {
                "to give the chat to somebody, write `assign user \"…\"` or `assign group \"…\" by …`"
            }
            "notify" | "email" | "alert" | "mention" => {
                "a rule cannot notify; `tag` and `priority` are for the program that shows the chats"
            }
            _ => "the actions are `assign`, `reply`, `tag` and `priority`",
        };
        return explain(format!("there is no action called {}", quote(word)), help);
    }
    if site.before().next().is_some_and(|before| site.text_of(before) == "priority") {
        let words: Vec<_> = Priority::ALL.iter().map(|priority| format!("`{priority}`")).collect();
        let help = format!("the priorities are {}", words.join(", "));
        return explain(format!("{} is not a priority", quote(word)), &help);
    }
    let is_assigned = site.expects(Production::target)
        || site.expects(Production::FOR)
        || site.expects(Production::ELSE)
        || site.expects(Production::AMONG);
    if matches!(word, "if" | "when" | "unless") && (is_assigned || site.expects(Production::comma)) {
        return explain(
            format!("an action cannot have a condition of its own, so `{word}` is not known here"),
            "write another rule with `when`; to give the chat only to somebody who is online, write `among online`",
        );
    }
    None
}

/// `remove tag "a"`, `untag "a"`
pub(super) fn removed_tag(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current().filter(|_| site.expects(Production::action))?;
    let mut rest = site.after();
    let next = rest.next()?;
    let last = match site.text_of(here).to_lowercase().as_str() {
        "remove" | "delete" | "clear" | "drop" | "unset" if site.text_of(next) == "tag" => {
            rest.next().filter(|text| text.kind == TokenKind::Text).unwrap_or(next)
        }
        "untag" => next,
        _ => return None,
    };
    Some(Explanation {
        range: here.span.start as usize..last.span.end as usize,
        message: "no action removes a tag".to_owned(),
        help: "leave it out: `tag` adds a tag to the decision, and the program that shows the chats can remove one".to_owned(),
    })
}

/// `user "alice" and user "bob"`, `user "alice" or "bob"`, `user alice or bob`: one user has a chat
pub(super) fn several_users(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let is_name = |token: &Token| {
        token.kind == TokenKind::Text
            || (token.kind == TokenKind::Word && !vocabulary::is_reserved(site.text_of(*token)))
    };
    // Parsing stops at a name without quotes, or behind one with quotes.
    let (mut before, mut rest) = (site.before(), site.after());
    let current = site.current()?;
    let (first, here) = match current.kind {
        TokenKind::Word if site.expects(Production::text) => (Some(current), rest.next()?),
        _ if site.expects(Production::ELSE) => (before.next(), current),
        _ => return None,
    };
    let first = first.filter(is_name)?;
    let user = before.next().filter(|user| site.text_of(*user) == "user")?;
    before.next().filter(|before| matches!(site.text_of(*before), "assign" | "else"))?;
    let next = rest.next()?;
    let is_named = site.text_of(next) == "user";
    let second = if is_named { rest.next()? } else { next };
    let joins = match site.text_of(here) {
        "and" | "&" | "+" => true,
        "or" | "," | "|" => !is_named,
        _ => false,
    };
    let start = if first == current { user.span.start } else { here.span.start };
    let quoted = |token: Token| format!("\"{}\"", site.text_of(token).trim_matches('"'));
    let (first, name) = (quoted(first), quoted(second));
    (joins && is_name(&second)).then(|| Explanation {
        range: start as usize..second.span.end as usize,
        message: "a chat is given to one user".to_owned(),
        help: format!(
            "write `user {first} else user {name}` to try one after the other, or make a group of them in `inbox.toml` and write `group \"…\" by least_chats`"
        ),
    })
}

/// `group any ["Sales", "Support"]`, `group "Sales" and "Support"`: a chat comes through one group
pub(super) fn several_groups(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current()?;
    let before: Vec<Token> = site.before().take(2).collect();
    let is_group = |token: Option<&Token>| token.is_some_and(|token| site.text_of(*token) == "group");
    let after: Vec<&str> = site.after().take(2).map(|token| site.text_of(token)).collect();
    let is_one = site.text_of(here) == "[" && after.get(1) == Some(&"]");
    let is_list = matches!(site.text_of(here), "any" | "[") && is_group(before.first()) && !is_one;
    let joins = matches!(site.text_of(here), "and" | "or" | ",") && is_group(before.get(1));
    let next_is_text = site.after().next().is_some_and(|next| next.kind == TokenKind::Text);
    (is_list || (joins && next_is_text && site.expects(Production::BY))).then(|| Explanation {
        range: here.span.range(),
        message: "a chat is given through one group".to_owned(),
        help: "name the groups one after the other, as in `group \"Sales\" by random else group \"Support\" by random`, or make one group of their members in `inbox.toml`".to_owned(),
    })
}

/// `otherwise has_owner:`: without the condition it would be another rule.
pub(super) fn condition_of_otherwise(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current()?;
    let follows =
        site.before().next().is_some_and(|before| before.first && site.text_of(before) == "otherwise");
    let word = site.text_of(here);
    let is_condition = FactWord::parse(word).is_some() || matches!(word, "customer" | "message" | "during");
    (follows && is_condition).then(|| Explanation {
        range: here.span.range(),
        message: "`otherwise` takes no condition".to_owned(),
        help: format!("for a rule with a condition, write `when {word}` instead of `otherwise {word}`"),
    })
}

/// `assign owner otherwise: assign nobody`, `assign owner else: assign nobody`: a rule of its own, or another
/// alternative of this one
pub(super) fn otherwise_in_line(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    const BEFORE: [Production; 5] = [
        Production::ELSE,
        Production::comma,
        Production::action,
        Production::alternative,
        Production::target,
    ];
    let here = site.current()?;
    // Parsing stops at `otherwise`, but after an `else`.
    let (joint, next) = match site.text_of(here) {
        ":" => (site.before().next()?, here),
        _ => (here, site.after().next()?),
    };
    let (word, next) = (site.text_of(joint).to_lowercase(), site.text_of(next));
    let starts_rule = match word.as_str() {
        "otherwise" => next == ":" || is_action_word(next),
        "else" => next == ":",
        _ => false,
    };
    (starts_rule && !joint.first && BEFORE.iter().any(|kind| site.expects(*kind))).then(|| Explanation {
        range: joint.span.range(),
        message: format!("`{word}` cannot start a rule in the middle of a line"),
        help: "start a line of its own with `otherwise:` for messages that no rule takes, or write `else nobody` or another alternative for when nobody here can be given the chat".to_owned(),
    })
}

/// The tokens of the line where parsing stopped.
fn line(site: &ErrorSite<'_, '_>) -> Vec<Token> {
    let range = site.line();
    let is_inside =
        |token: &&Token| range.start <= token.span.start as usize && token.span.end as usize <= range.end;
    site.patched.tokens.iter().filter(is_inside).copied().collect()
}

fn is_behind(site: &ErrorSite<'_, '_>, token: Token) -> bool {
    token.span.end as usize <= site.error.at
}
