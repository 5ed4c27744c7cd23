//! What may follow the beginning of an item, by the grammar.

use super::expected::{first_words, keyword};
use super::grammar::{self, Production};
use super::vocabulary;

/// What may follow the beginning of an item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Following {
    /// Words of the language.
    pub(crate) words: Vec<&'static str>,
    /// A text in quotes.
    pub(crate) takes_text: bool,
    /// A word that is chosen among some: a fact, a name, an algorithm, a day.
    pub(crate) takes_word: bool,
    /// Nothing: the item may end here.
    pub(crate) may_end: bool,
}

/// What may follow `beginning`, which ends between two tokens. `None` if it cannot be read up to its end.
pub(crate) fn following(beginning: &str) -> Option<Following> {
    // Nothing can begin with this character, so the parser stops there and says what it has tried.
    let stopped = format!("{beginning} \u{1}");
    let error = grammar::parse_item(&stopped).err()?;
    if error.at < beginning.trim_end().len() {
        return None;
    }
    let mut following = Following::default();
    for production in error.expected {
        following.add(production);
    }
    if beginning.trim_end().ends_with(" 1") {
        following.words.iter_mut().filter(|word| **word == "chats").for_each(|word| *word = "chat");
    }
    following.words.sort_by_key(|word| vocabulary::entries().position(|entry| entry.word == *word));
    Some(following)
}

impl Following {
    fn add(&mut self, production: Production) {
        match production {
            Production::EOI => self.may_end = true,
            // Mistakes that are read so that they can be told.
            Production::displaced
            | Production::repeated
            | Production::skill_joint
            | Production::comma_for_and
            | Production::early => return,
            Production::text | Production::turn => self.takes_text = true,
            Production::values | Production::value => (self.takes_text, self.takes_word) = (true, true),
            Production::left_out | Production::user => self.takes_text = true,
            Production::condition
            | Production::conjunction
            | Production::negation
            | Production::operand
            | Production::fact
            | Production::word
            | Production::name
            | Production::algorithm
            | Production::pool
            | Production::calendar
            | Production::hours_entry
            | Production::day_range
            | Production::day
            | Production::date_range
            | Production::date
            | Production::month
            | Production::customer_fact
            | Production::message_fact => self.takes_word = true,
            _ => {}
        }
        let words = match production {
            // These are among the words of which one is chosen.
            Production::algorithm | Production::pool | Production::day | Production::day_range => Vec::new(),
            Production::values => vec!["any"],
            Production::user => vec!["group"],
            Production::skill => vec!["with"],
            Production::given_users => first_words(Production::presence),
            Production::given_customer => vec!["customer"],
            Production::given_waiting => vec!["waiting"],
            Production::given_turn => vec!["turn"],
            Production::given_message => vec!["message"],
            Production::given_chat => vec!["chat"],
            Production::given_number => vec!["number"],
            Production::given_at => vec!["at"],
            _ => first_words(production),
        };
        let words = if words.is_empty() && keyword(production).is_none() { named(production) } else { words };
        for word in words {
            if !self.words.contains(&word) {
                self.words.push(word);
            }
        }
    }
}

/// The word that a production is named after, if it begins with that.
fn named(production: Production) -> Vec<&'static str> {
    const NOT_FIRST: [Production; 6] = [
        Production::name,
        Production::number,
        Production::user,
        Production::turn,
        Production::skill,
        Production::text,
    ];
    if NOT_FIRST.contains(&production) {
        return Vec::new();
    }
    vocabulary::find(&format!("{production:?}")).map(|entry| entry.word).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(beginning: &str, words: &str) {
        let found = following(beginning).map(|following| {
            let mut words: Vec<&str> = following.words;
            words.extend(following.takes_text.then_some("TEXT"));
            words.extend(following.takes_word.then_some("WORD"));
            words.extend(following.may_end.then_some("END"));
            words.join(" ")
        });
        assert_eq!(found.as_deref().unwrap_or("nothing"), words, "{beginning}");
    }

    #[test]
    fn conditions() {
        check("when ", "not during message customer chat WORD");
        check("when new_customer ", "and or in");
        check("when a and (b or ", "not during message customer chat WORD");
        check("when customer.plan ", "and or is contains starts matches");
        check("when customer.plan is ", "not any TEXT WORD");
        check("when customer.", "WORD");
        check("when during ", "WORD");
        check("when a b ", "nothing");
    }

    #[test]
    fn actions() {
        check("otherwise: ", "assign reply tag priority");
        check("otherwise: assign ", "owner user group nobody");
        check("otherwise: assign group ", "TEXT");
        check("otherwise: assign group \"a\" ", "except with by");
        check("otherwise: assign group \"a\" by ", "WORD");
        check("otherwise: assign group \"a\" by random ", "among else for END");
        check("otherwise: assign owner among ", "WORD");
        check("otherwise: reply \"a\" ", "once after END");
    }

    #[test]
    fn tests_and_hours() {
        check("test \"a\":\n ", "given expect END");
        check("test \"a\": given ", "online waiting message customer chat turn number at away offline");
        check("test \"a\": given online ", "group TEXT");
        check("test \"a\": given online \"b\" with 2 ", "chats");
        check("test \"a\": given online \"b\" with 1 ", "chat");
        check("test \"a\": given customer ", "not tag owner new returning WORD");
        check("hours a = mon ", "except WORD END");
        check("rule \"a\" ", "when otherwise");
    }
}
