//! An array of conditions that is searched in order, as in most programs that read their rules at run time.

use memchr::memmem::Finder;

use crate::recipe::{Flag, Message, Part, Rule};

enum Condition {
    Flag(Flag, bool),
    Country(&'static str),
    Orders(i64),
    Text(Box<Finder<'static>>),
}

/// Decides a message: returns the index of the first rule that holds.
pub(crate) fn array(rules: &[Rule]) -> impl Fn(&Message) -> Option<usize> + use<> {
    let rules: Vec<Vec<Condition>> =
        rules.iter().map(|rule| rule.parts.iter().map(condition).collect()).collect();
    move |message| {
        rules.iter().position(|conditions| conditions.iter().all(|condition| holds(condition, message)))
    }
}

fn condition(part: &Part) -> Condition {
    match part {
        Part::Flag(flag, is) => Condition::Flag(*flag, *is),
        Part::Country(country) => Condition::Country(country),
        Part::Orders(least) => Condition::Orders(*least),
        Part::Text(keyword) => Condition::Text(Box::new(Finder::new(keyword).into_owned())),
    }
}

fn holds(condition: &Condition, message: &Message) -> bool {
    match condition {
        Condition::Flag(flag, is) => message.flag(*flag) == *is,
        Condition::Country(country) => message.country == *country,
        Condition::Orders(least) => message.orders >= *least,
        Condition::Text(finder) => finder.find(message.text.as_bytes()).is_some(),
    }
}
