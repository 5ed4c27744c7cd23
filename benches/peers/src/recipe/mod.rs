//! The rules and messages for the measurements: the same for every engine and in every run.

mod dice;
mod words;

use dice::Dice;
use words::{ADJECTIVES, ARTICLES, COUNTRIES, FILLERS, OTHER_COUNTRY, TOPICS};

/// The input of a decision, as a plain struct of a host.
pub(crate) struct Message {
    pub(crate) returning: bool,
    pub(crate) owner_online: bool,
    pub(crate) any_online: bool,
    pub(crate) country: String,
    pub(crate) orders: i64,
    pub(crate) text: String,
}

/// A rule holds when all its parts do; the first that holds decides.
pub(crate) struct Rule {
    /// Flags first, then country, orders and text, as people write them; this is also the cheapest order to evaluate.
    pub(crate) parts: Vec<Part>,
}

/// A part of a rule's condition.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// The flag has this value.
    Flag(Flag, bool),
    /// The customer's country is this one.
    Country(&'static str),
    /// The customer has at least this many orders.
    Orders(i64),
    /// The text contains this, even inside a word.
    Text(String),
}

/// A boolean property of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    Returning,
    OwnerOnline,
    AnyOnline,
}

/// The numbers of rules that are measured.
pub(crate) const SIZES: [usize; 4] = [5, 50, 500, 5_000];

/// The number of messages that are decided.
pub(crate) const MESSAGES: usize = 10_000;

/// The possible states of the flags: only a returning customer can have an owner who is online, and then somebody is online.
const STATES: [[bool; 3]; 5] = [
    [false, false, false],
    [false, false, true],
    [true, false, false],
    [true, false, true],
    [true, true, true],
];

const FLAGS: [Flag; 3] = [Flag::Returning, Flag::OwnerOnline, Flag::AnyOnline];

/// Thresholds and numbers of orders are below this.
const ORDERS_LIMIT: usize = 60;

/// Generates `count` rules of two to four parts. Small sets have a mix of all parts. In large sets every rule tests a country, and
/// most rules also test a keyword.
pub(crate) fn rules(count: usize) -> Vec<Rule> {
    let mut dice = Dice::new(count as u64);
    // The percentages of rules that test a keyword and a country.
    let (with_keyword, with_country) = match count {
        0..=100 => (40, 40),
        101..=1_000 => (80, 100),
        _ => (90, 100),
    };
    let mut keywords = keywords().into_iter().cycle();
    (0..count)
        .map(|index| {
            let has_keyword = (index + 1) * with_keyword / 100 > index * with_keyword / 100;
            let keyword = has_keyword.then(|| keywords.next()).flatten();
            let country = dice.is(with_country).then(|| *dice.one_of(countries(count)));
            // In a large set, a rule without a keyword must be narrow, or it would match before the rules below it.
            let is_narrow = keyword.is_none() && count > 10;
            let parts = if is_narrow { 4 } else { 2 + dice.below(3) };
            let mut rest = parts - usize::from(keyword.is_some()) - usize::from(country.is_some());
            let orders = (rest > 0 && (is_narrow || dice.is(30))).then(|| 1 + dice.below(ORDERS_LIMIT - 1));
            rest -= usize::from(orders.is_some());
            let mut parts = flags(&mut dice, rest);
            parts.extend(country.map(Part::Country));
            parts.extend(orders.map(|orders| Part::Orders(i64::try_from(orders).unwrap_or_default())));
            parts.extend(keyword.map(Part::Text));
            Rule { parts }
        })
        .collect()
}

/// Generates the messages to decide. Two in five are made to match a random rule, though a rule above it may match first. About
/// half of all texts contain a keyword.
pub(crate) fn messages(rules: &[Rule]) -> Vec<Message> {
    let mut dice = Dice::new(rules.len() as u64 + 1_000_000);
    let countries: Vec<&str> = countries(rules.len()).iter().copied().chain([OTHER_COUNTRY]).collect();
    (0..MESSAGES)
        .map(|_| {
            let [returning, owner_online, any_online] = *dice.one_of(&STATES);
            let mut message = Message {
                returning,
                owner_online,
                any_online,
                country: (*dice.one_of(&countries)).to_owned(),
                orders: i64::try_from(dice.below(ORDERS_LIMIT)).unwrap_or_default(),
                text: String::new(),
            };
            let rule = dice.one_of(rules);
            let matches_rule = dice.is(40);
            if matches_rule {
                make_match(&mut message, rule, &mut dice);
            }
            let keyword = match keyword(rule) {
                Some(keyword) if matches_rule => Some(keyword),
                _ => dice.is(35).then(|| random_keyword(rules, &mut dice)),
            };
            message.text = text(&mut dice, keyword);
            message
        })
        .collect()
}

impl Flag {
    /// The name of the flag in the languages of the other engines.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Returning => "returning",
            Self::OwnerOnline => "owner_online",
            Self::AnyOnline => "any_online",
        }
    }
}

impl Message {
    /// The value of the flag.
    pub(crate) fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::Returning => self.returning,
            Flag::OwnerOnline => self.owner_online,
            Flag::AnyOnline => self.any_online,
        }
    }
}

/// The condition of a rule in the syntax of another language: `and` joins the parts, `prefix` precedes each field, `not`
/// negates a flag, and `contains` writes a test for a part of the text.
pub(crate) fn condition(
    rule: &Rule,
    and: &str,
    prefix: &str,
    not: &str,
    contains: impl Fn(&str) -> String,
) -> String {
    let part = |part: &Part| match part {
        Part::Flag(flag, true) => format!("{prefix}{}", flag.name()),
        Part::Flag(flag, false) => format!("{not}{prefix}{}", flag.name()),
        Part::Country(country) => format!("{prefix}country == {country:?}"),
        Part::Orders(min) => format!("{prefix}orders >= {min}"),
        Part::Text(keyword) => contains(keyword),
    };
    rule.parts.iter().map(part).collect::<Vec<_>>().join(and)
}

/// The keyword of the rule, if it has one.
pub(crate) fn keyword(rule: &Rule) -> Option<&str> {
    rule.parts.iter().find_map(|part| match part {
        Part::Text(keyword) => Some(&**keyword),
        _ => None,
    })
}

/// The countries that the rules test.
fn countries(rules: usize) -> &'static [&'static str] {
    if rules > 1_000 { &COUNTRIES } else { COUNTRIES.split_at(12).0 }
}

/// The keywords: first the common topics, then 1,476 articles of shops.
fn keywords() -> Vec<String> {
    let articles =
        ARTICLES.iter().flat_map(|article| ADJECTIVES.iter().map(move |word| format!("{word} {article}")));
    TOPICS.iter().map(|word| (*word).to_owned()).chain(articles).take(1_500).collect()
}

/// Tests of `count` flags. The values are those of one possible state, so that no rule contradicts itself.
fn flags(dice: &mut Dice, count: usize) -> Vec<Part> {
    let state = *dice.one_of(&STATES);
    let mut flags: Vec<Part> = FLAGS.into_iter().zip(state).map(|(flag, is)| Part::Flag(flag, is)).collect();
    while flags.len() > count {
        flags.remove(dice.below(flags.len()));
    }
    flags
}

/// Changes all fields of `message` except the text so that `rule` matches.
fn make_match(message: &mut Message, rule: &Rule, dice: &mut Dice) {
    let fits = |state: &[bool; 3], part: &Part| match part {
        Part::Flag(flag, is) => FLAGS.iter().zip(state).any(|(of, value)| of == flag && value == is),
        _ => true,
    };
    let states: Vec<[bool; 3]> =
        STATES.into_iter().filter(|state| rule.parts.iter().all(|part| fits(state, part))).collect();
    [message.returning, message.owner_online, message.any_online] = *dice.one_of(&states);
    for part in &rule.parts {
        match part {
            Part::Country(country) => (*country).clone_into(&mut message.country),
            Part::Orders(min) => message.orders = message.orders.max(*min),
            Part::Flag(..) | Part::Text(_) => {}
        }
    }
}

fn random_keyword<'r>(rules: &'r [Rule], dice: &mut Dice) -> &'r str {
    loop {
        if let Some(keyword) = keyword(dice.one_of(rules)) {
            return keyword;
        }
    }
}

/// About 90 bytes of words, with `keyword` at a random position.
fn text(dice: &mut Dice, keyword: Option<&str>) -> String {
    let mut words = Vec::new();
    let mut length = keyword.map_or(0, |keyword| keyword.len() + 1);
    while length < 87 {
        // Sometimes one word of a two-word keyword, as in real texts.
        let word = match dice.below(12) {
            0 => *dice.one_of(&ARTICLES),
            1 => *dice.one_of(&ADJECTIVES),
            _ => *dice.one_of(&FILLERS),
        };
        length += word.len() + 1;
        words.push(word);
    }
    if let Some(keyword) = keyword {
        words.insert(dice.below(words.len() + 1), keyword);
    }
    words.join(" ")
}
