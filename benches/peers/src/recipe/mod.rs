//! The rules and the messages that every engine is measured on: the same for all, and the same in every run.

mod dice;
mod words;

use dice::Dice;
use words::{ABOUT, ADJECTIVES, COUNTRIES, ELSEWHERE, FILLERS, THINGS};

/// What a decision is made from: the plain struct of a host.
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
    /// Flags first, then country, orders and text, as people write them; it is also the order that costs least.
    pub(crate) parts: Vec<Part>,
}

/// A part of a rule's condition.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// The flag is as told.
    Flag(Flag, bool),
    /// The customer's country is this one.
    Country(&'static str),
    /// The customer has had at least so many orders.
    Orders(i64),
    /// The text holds this, inside words too.
    Text(String),
}

/// What is true or not of a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flag {
    Returning,
    OwnerOnline,
    AnyOnline,
}

/// How many rules are measured.
pub(crate) const SIZES: [usize; 4] = [5, 50, 500, 5_000];

/// How many messages are decided.
pub(crate) const MESSAGES: usize = 10_000;

/// Each flag alone can be either, but only an online owner of a returning customer is one.
const STATES: [[bool; 3]; 5] = [
    [false, false, false],
    [false, false, true],
    [true, false, false],
    [true, false, true],
    [true, true, true],
];

const FLAGS: [Flag; 3] = [Flag::Returning, Flag::OwnerOnline, Flag::AnyOnline];

/// Thresholds and counts of orders stay below it.
const MOST_ORDERS: usize = 60;

/// `count` rules of two to four parts. Few rules ask for some of everything; many are about one country each, and most of
/// them about a keyword too.
pub(crate) fn rules(count: usize) -> Vec<Rule> {
    let mut dice = Dice::new(count as u64);
    // How many in a hundred ask for a keyword, and for a country.
    let (with_keyword, with_country) = match count {
        0..=100 => (40, 40),
        101..=1_000 => (80, 100),
        _ => (90, 100),
    };
    let mut keywords = keywords().into_iter().cycle();
    (0..count)
        .map(|place| {
            let asks_keyword = (place + 1) * with_keyword / 100 > place * with_keyword / 100;
            let keyword = asks_keyword.then(|| keywords.next()).flatten();
            let country = dice.is(with_country).then(|| *dice.one_of(countries(count)));
            // Where there are many, a rule without a keyword says exactly whom it is for, or none below it would count.
            let is_exact = keyword.is_none() && count > 10;
            let parts = if is_exact { 4 } else { 2 + dice.below(3) };
            let mut rest = parts - usize::from(keyword.is_some()) - usize::from(country.is_some());
            let orders = (rest > 0 && (is_exact || dice.is(30))).then(|| 1 + dice.below(MOST_ORDERS - 1));
            rest -= usize::from(orders.is_some());
            let mut parts = flags(&mut dice, rest);
            parts.extend(country.map(Part::Country));
            parts.extend(orders.map(|orders| Part::Orders(i64::try_from(orders).unwrap_or_default())));
            parts.extend(keyword.map(Part::Text));
            Rule { parts }
        })
        .collect()
}

/// The messages that are decided under `rules`. Two of five are about some rule and fit it, though one above it may take them;
/// some name a keyword and nothing else fits; half of all texts name one.
pub(crate) fn messages(rules: &[Rule]) -> Vec<Message> {
    let mut dice = Dice::new(rules.len() as u64 + 1_000_000);
    let countries: Vec<&str> = countries(rules.len()).iter().copied().chain([ELSEWHERE]).collect();
    (0..MESSAGES)
        .map(|_| {
            let [returning, owner_online, any_online] = *dice.one_of(&STATES);
            let mut message = Message {
                returning,
                owner_online,
                any_online,
                country: (*dice.one_of(&countries)).to_owned(),
                orders: i64::try_from(dice.below(MOST_ORDERS)).unwrap_or_default(),
                text: String::new(),
            };
            let about = dice.one_of(rules);
            let fits = dice.is(40);
            if fits {
                fit(&mut message, about, &mut dice);
            }
            let keyword = match keyword(about) {
                Some(keyword) if fits => Some(keyword),
                _ => dice.is(35).then(|| some_keyword(rules, &mut dice)),
            };
            message.text = text(&mut dice, keyword);
            message
        })
        .collect()
}

impl Flag {
    /// As engines with names call it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Returning => "returning",
            Self::OwnerOnline => "owner_online",
            Self::AnyOnline => "any_online",
        }
    }
}

impl Message {
    /// Whether the flag holds.
    pub(crate) fn flag(&self, flag: Flag) -> bool {
        match flag {
            Flag::Returning => self.returning,
            Flag::OwnerOnline => self.owner_online,
            Flag::AnyOnline => self.any_online,
        }
    }
}

/// The rule as `and` joins its parts, in the way that most languages have them: `before` stands before each field, `not`
/// before a flag, and `text` says how a part of a text is asked for.
pub(crate) fn condition(
    rule: &Rule,
    and: &str,
    before: &str,
    not: &str,
    text: impl Fn(&str) -> String,
) -> String {
    let part = |part: &Part| match part {
        Part::Flag(flag, true) => format!("{before}{}", flag.name()),
        Part::Flag(flag, false) => format!("{not}{before}{}", flag.name()),
        Part::Country(country) => format!("{before}country == {country:?}"),
        Part::Orders(least) => format!("{before}orders >= {least}"),
        Part::Text(keyword) => text(keyword),
    };
    rule.parts.iter().map(part).collect::<Vec<_>>().join(and)
}

/// The text that the rule looks for, if any.
pub(crate) fn keyword(rule: &Rule) -> Option<&str> {
    rule.parts.iter().find_map(|part| match part {
        Part::Text(keyword) => Some(&**keyword),
        _ => None,
    })
}

/// The countries that rules are about.
fn countries(rules: usize) -> &'static [&'static str] {
    if rules > 1_000 { &COUNTRIES } else { COUNTRIES.split_at(12).0 }
}

/// What shops write rules about first, then 1,476 of their articles.
fn keywords() -> Vec<String> {
    let articles =
        THINGS.iter().flat_map(|thing| ADJECTIVES.iter().map(move |word| format!("{word} {thing}")));
    ABOUT.iter().map(|word| (*word).to_owned()).chain(articles).take(1_500).collect()
}

/// So many flags of a state that can be; so no rule contradicts itself.
fn flags(dice: &mut Dice, count: usize) -> Vec<Part> {
    let state = *dice.one_of(&STATES);
    let mut flags: Vec<Part> = FLAGS.into_iter().zip(state).map(|(flag, is)| Part::Flag(flag, is)).collect();
    while flags.len() > count {
        flags.remove(dice.below(flags.len()));
    }
    flags
}

/// Makes all but the text of `message` fit `rule`.
fn fit(message: &mut Message, rule: &Rule, dice: &mut Dice) {
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
            Part::Orders(least) => message.orders = message.orders.max(*least),
            Part::Flag(..) | Part::Text(_) => {}
        }
    }
}

fn some_keyword<'r>(rules: &'r [Rule], dice: &mut Dice) -> &'r str {
    loop {
        if let Some(keyword) = keyword(dice.one_of(rules)) {
            return keyword;
        }
    }
}

/// About 90 bytes of words, with `keyword` somewhere among them.
fn text(dice: &mut Dice, keyword: Option<&str>) -> String {
    let mut words = Vec::new();
    let mut length = keyword.map_or(0, |keyword| keyword.len() + 1);
    while length < 87 {
        // Half of a keyword now and then, as real texts have it.
        let word = match dice.below(12) {
            0 => *dice.one_of(&THINGS),
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
