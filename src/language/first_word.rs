//! What to write instead of a word that cannot start a line.

use super::vocabulary::{FactWord, ItemWord};

/// Help about the word or sign `first`, which starts no item.
pub(super) fn instead_of(first: &str) -> String {
    let lower = first.to_lowercase();
    let help = match lower.as_str() {
        "import" | "include" | "require" | "from" | "load" => {
            "to take the definitions of another file, write `use \"common.rules\"`"
        }
        "const" | "var" | "val" | "def" | "set" | "function" | "fn" | "func" | "variable" => {
            "to name a condition, write `let vip = …`"
        }
        "open" | "opening" | "opened" | "business" | "schedule" | "closed" => {
            "for times, write `hours office = mon-fri 09:00-17:00`"
        }
        "holiday" | "holidays" | "vacation" => "for dates, write `dates holidays = dec 25, jan 1`",
        "end" | "endif" | "fi" | "done" | "esac" => "leave it out: a rule ends where the next item starts",
        "switch" | "case" | "select" | "match" | "rules" => {
            "write a rule for each case: `when customer.plan is \"gold\": assign …`"
        }
        "by" | "everybody" | "everyone" | "anything" | "everything" | "finally" | "rest" | "fallback" => {
            "for whatever no rule takes, write `otherwise: assign …`"
        }
        "always" | "any" | "all" => {
            "write `otherwise: assign …` for whatever no rule takes, or `also when …` for a rule that always acts"
        }
        "/*" | "/" | "*" | "*/" | "<" | "<!" | "<!--" | "rem" | "%" => {
            "a comment starts with `#`, on each of its lines"
        }
        "`" | "``" | "```" => "leave it out: a file has only rules and comments, which start with `#`",
        "-" | "•" | "·" | "‣" | "▪" | "–" | "—" => {
            "leave it out: items have no list marks before them"
        }
        "assign" | "reply" | "tag" | "priority" => {
            "an action stands in a rule: write `when …:` or `otherwise:` before it"
        }
        _ if FactWord::parse(&lower).is_some() => {
            return format!("a rule starts with `when`, as in `when {lower}: assign …`");
        }
        _ => return items(),
    };
    help.to_owned()
}

/// The words that can start an item.
fn items() -> String {
    let words: Vec<_> = ItemWord::ALL.iter().map(|word| format!("`{word}`")).collect();
    format!("an item starts with one of {}", words.join(", "))
}
