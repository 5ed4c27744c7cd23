//! A specialised matcher: the fastest program that we know how to write for rules that test only three flags, a country, a
//! number and keywords. It is not an engine, but shows how much of an engine's time is the cost of generality.
//!
//! A table has one cell for each state of the flags and each country. The cell lists its rules without a keyword, of which the
//! first that holds is found. The text is scanned at most once, and only if a rule with a keyword may precede that rule.

use aho_corasick::automaton::{Automaton, OverlappingState};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, Input, MatchKind, StartKind};
use memchr::memmem::Finder;

use super::Decide;
use crate::recipe::{Flag, Message, Part, Rule, keyword};

const NO_RULE: u32 = u32::MAX;

/// One state of the flags and one country.
struct Cell {
    /// The rules without a keyword, in order: index and minimum number of orders.
    plain: Vec<(u32, i64)>,
    /// The first rule with a keyword.
    first_with_keyword: u32,
}

/// What a rule requires apart from a keyword.
struct Requirements {
    rule: u32,
    /// A bit for each state of the flags in which the rule may hold.
    states: u8,
    /// 0: any.
    country: u8,
    /// The minimum number of orders.
    orders: i64,
}

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    let countries = Countries::of(rules);
    let requirements: Vec<Requirements> =
        rules.iter().enumerate().map(|(index, rule)| requirements(index, rule, &countries)).collect();
    let cells: Vec<Cell> = (0..countries.count)
        .flat_map(|country| (0..8).map(move |state| (country, state)))
        .map(|(country, state)| cell(rules, &requirements, country, state))
        .collect();
    let mut keywords: Vec<&str> = rules.iter().filter_map(keyword).collect();
    keywords.sort_unstable();
    keywords.dedup();
    let mut with_keyword: Vec<Vec<Requirements>> = keywords.iter().map(|_| Vec::new()).collect();
    for (row, rule) in requirements.into_iter().zip(rules) {
        if let Some(index) = keyword(rule).and_then(|keyword| keywords.binary_search(&keyword).ok()) {
            with_keyword[index].push(row);
        }
    }
    let scan = Scan::of(&keywords);
    Some(Box::new(move |message| {
        let state = state(message);
        let country = countries.number(&message.country);
        let cell = &cells[usize::from(country) * 8 + state];
        let plain = cell.plain.iter().find(|(_, min_orders)| message.orders >= *min_orders);
        let mut first = plain.map_or(NO_RULE, |(rule, _)| *rule);
        if cell.first_with_keyword < first {
            scan.each(message.text.as_bytes(), |keyword| {
                let holds = |row: &&Requirements| {
                    row.states >> state & 1 == 1
                        && (row.country == country || row.country == 0)
                        && message.orders >= row.orders
                };
                let before = with_keyword[keyword].iter().take_while(|row| row.rule < first);
                first = before.into_iter().find(holds).map_or(first, |row| row.rule);
            });
        }
        (first != NO_RULE).then_some(first as usize)
    }))
}

fn state(message: &Message) -> usize {
    usize::from(message.returning)
        | usize::from(message.owner_online) << 1
        | usize::from(message.any_online) << 2
}

fn requirements(index: usize, rule: &Rule, countries: &Countries) -> Requirements {
    let mut requirements = Requirements {
        rule: u32::try_from(index).unwrap_or(NO_RULE),
        states: u8::MAX,
        country: 0,
        orders: i64::MIN,
    };
    for part in &rule.parts {
        match part {
            Part::Flag(flag, is) => {
                let states: u8 = match flag {
                    Flag::Returning => 0b1010_1010,
                    Flag::OwnerOnline => 0b1100_1100,
                    Flag::AnyOnline => 0b1111_0000,
                };
                requirements.states &= if *is { states } else { !states };
            }
            Part::Country(country) => requirements.country = countries.number(country),
            Part::Orders(min) => requirements.orders = *min,
            Part::Text(_) => {}
        }
    }
    requirements
}

fn cell(rules: &[Rule], rows: &[Requirements], country: u8, state: usize) -> Cell {
    let mut cell = Cell { plain: Vec::new(), first_with_keyword: NO_RULE };
    for (rule, row) in rules.iter().zip(rows) {
        if row.states >> state & 1 == 0 || ![0, country].contains(&row.country) {
            continue;
        }
        if keyword(rule).is_none() {
            cell.plain.push((row.rule, row.orders));
        } else {
            cell.first_with_keyword = cell.first_with_keyword.min(row.rule);
        }
    }
    cell
}

/// A number for each country that a rule names; 0 for all others.
struct Countries {
    by_letters: Box<[u8; 1 << 10]>,
    count: u8,
}

impl Countries {
    fn of(rules: &[Rule]) -> Self {
        let mut countries = Self { by_letters: Box::new([0; 1 << 10]), count: 1 };
        for part in rules.iter().flat_map(|rule| &rule.parts) {
            if let Part::Country(country) = part
                && countries.number(country) == 0
            {
                countries.by_letters[Self::letters(country)] = countries.count;
                countries.count += 1;
            }
        }
        countries
    }

    fn letters(country: &str) -> usize {
        match country.as_bytes() {
            [first, second] => usize::from(first & 31) << 5 | usize::from(second & 31),
            _ => 0,
        }
    }

    fn number(&self, country: &str) -> u8 {
        self.by_letters[Self::letters(country)]
    }
}

/// Finds all keywords in a text; the same keyword may be reported several times. The method depends on the number of
/// keywords.
enum Scan {
    /// A search for each keyword.
    Each(Vec<Finder<'static>>),
    /// A hash table from the first three bytes to the keywords that begin with them.
    Hash(Box<Hash>),
    /// Aho-Corasick.
    Automaton(Box<DFA>),
}

struct Hash {
    /// The bucket of each hash; 0: no keyword.
    buckets: [u8; 1 << 12],
    keywords: Vec<Vec<(usize, Vec<u8>)>>,
}

impl Scan {
    fn of(keywords: &[&str]) -> Self {
        match keywords.len() {
            0..=4 => Self::Each(keywords.iter().map(|keyword| Finder::new(keyword).into_owned()).collect()),
            5..=100 => Self::Hash(Box::new(Hash::of(keywords))),
            _ => {
                let dfa = DFA::builder()
                    .match_kind(MatchKind::Standard)
                    .start_kind(StartKind::Unanchored)
                    .build(keywords)
                    .expect("the automaton fits in memory");
                Self::Automaton(Box::new(dfa))
            }
        }
    }

    #[inline]
    fn each(&self, text: &[u8], mut found: impl FnMut(usize)) {
        match self {
            Self::Each(finders) => {
                for (index, _) in finders.iter().enumerate().filter(|(_, finder)| finder.find(text).is_some())
                {
                    found(index);
                }
            }
            Self::Hash(hash) => hash.each(text, found),
            Self::Automaton(dfa) => {
                let input = Input::new(text).anchored(Anchored::No);
                let mut state = OverlappingState::start();
                while dfa.try_find_overlapping(&input, &mut state).is_ok()
                    && let Some(keyword) = state.get_match()
                {
                    found(keyword.pattern().as_usize());
                }
            }
        }
    }
}

impl Hash {
    fn of(keywords: &[&str]) -> Self {
        let mut hash = Self { buckets: [0; 1 << 12], keywords: vec![Vec::new()] };
        for (index, keyword) in keywords.iter().enumerate() {
            let [first, second, third, ..] = *keyword.as_bytes() else { panic!("`{keyword}` is too short") };
            let bucket = &mut hash.buckets[Self::hash([first, second, third])];
            if *bucket == 0 {
                *bucket = u8::try_from(hash.keywords.len()).expect("there are at most 100 keywords");
                hash.keywords.push(Vec::new());
            }
            hash.keywords[usize::from(*bucket)].push((index, keyword.as_bytes().to_vec()));
        }
        hash
    }

    fn hash([first, second, third]: [u8; 3]) -> usize {
        (u32::from_le_bytes([first, second, third, 0]).wrapping_mul(0x9E37_79B1) >> 20) as usize
    }

    #[inline]
    fn each(&self, text: &[u8], mut found: impl FnMut(usize)) {
        for (at, start) in text.windows(3).enumerate() {
            let bucket = self.buckets[Self::hash([start[0], start[1], start[2]])];
            if bucket != 0 {
                for (index, keyword) in &self.keywords[usize::from(bucket)] {
                    if text[at..].starts_with(keyword) {
                        found(*index);
                    }
                }
            }
        }
    }
}
