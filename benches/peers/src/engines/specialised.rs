//! A specialised matcher: the fastest program that we know how to write if rules test nothing but three flags, a country, a
//! number and keywords. It is not an engine; it shows how much of an engine's time is the price of being general.
//!
//! A table has one cell for each state of the flags and each country. The cell lists its rules without a keyword, and the first
//! that holds is looked up. The text is scanned at most once, and only if a rule with a keyword could still come before that one.

use aho_corasick::automaton::{Automaton, OverlappingState};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, Input, MatchKind, StartKind};
use memchr::memmem::Finder;

use super::Decide;
use crate::recipe::{Flag, Message, Part, Rule, keyword};

const NOBODY: u32 = u32::MAX;

/// One state of the flags and one country.
struct Cell {
    /// Rules without a keyword, from the top: their place and their least orders.
    plain: Vec<(u32, i64)>,
    /// The first rule with a keyword.
    first_with_keyword: u32,
}

/// What a rule with a keyword asks beside it.
struct Slots {
    place: u32,
    /// A bit for each state of the flags.
    states: u8,
    /// 0: any.
    country: u8,
    orders: i64,
}

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    let countries = Countries::of(rules);
    let rows: Vec<Slots> =
        rules.iter().enumerate().map(|(place, rule)| slots(place, rule, &countries)).collect();
    let cells: Vec<Cell> = (0..countries.count)
        .flat_map(|country| (0..8).map(move |state| (country, state)))
        .map(|(country, state)| cell(rules, &rows, country, state))
        .collect();
    let mut keywords: Vec<&str> = rules.iter().filter_map(keyword).collect();
    keywords.sort_unstable();
    keywords.dedup();
    let mut with_keyword: Vec<Vec<Slots>> = keywords.iter().map(|_| Vec::new()).collect();
    for (row, rule) in rows.into_iter().zip(rules) {
        if let Some(place) = keyword(rule).and_then(|keyword| keywords.binary_search(&keyword).ok()) {
            with_keyword[place].push(row);
        }
    }
    let scan = Scan::of(&keywords);
    Some(Box::new(move |message| {
        let state = state(message);
        let country = countries.place(&message.country);
        let cell = &cells[usize::from(country) * 8 + state];
        let plain = cell.plain.iter().find(|(_, least)| message.orders >= *least);
        let mut first = plain.map_or(NOBODY, |(place, _)| *place);
        if cell.first_with_keyword < first {
            scan.each(message.text.as_bytes(), |keyword| {
                let fits = |row: &&Slots| {
                    row.states >> state & 1 == 1
                        && (row.country == country || row.country == 0)
                        && message.orders >= row.orders
                };
                let before = with_keyword[keyword].iter().take_while(|row| row.place < first);
                first = before.into_iter().find(fits).map_or(first, |row| row.place);
            });
        }
        (first != NOBODY).then_some(first as usize)
    }))
}

fn state(message: &Message) -> usize {
    usize::from(message.returning)
        | usize::from(message.owner_online) << 1
        | usize::from(message.any_online) << 2
}

fn slots(place: usize, rule: &Rule, countries: &Countries) -> Slots {
    let mut slots = Slots {
        place: u32::try_from(place).unwrap_or(NOBODY),
        states: u8::MAX,
        country: 0,
        orders: i64::MIN,
    };
    for part in &rule.parts {
        match part {
            Part::Flag(flag, is) => {
                let with: u8 = match flag {
                    Flag::Returning => 0b1010_1010,
                    Flag::OwnerOnline => 0b1100_1100,
                    Flag::AnyOnline => 0b1111_0000,
                };
                slots.states &= if *is { with } else { !with };
            }
            Part::Country(country) => slots.country = countries.place(country),
            Part::Orders(least) => slots.orders = *least,
            Part::Text(_) => {}
        }
    }
    slots
}

fn cell(rules: &[Rule], rows: &[Slots], country: u8, state: usize) -> Cell {
    let mut cell = Cell { plain: Vec::new(), first_with_keyword: NOBODY };
    for (rule, row) in rules.iter().zip(rows) {
        if row.states >> state & 1 == 0 || ![0, country].contains(&row.country) {
            continue;
        }
        if keyword(rule).is_none() {
            cell.plain.push((row.place, row.orders));
        } else {
            cell.first_with_keyword = cell.first_with_keyword.min(row.place);
        }
    }
    cell
}

/// Two letters → a number; 0 is a country that no rule names.
struct Countries {
    by_letters: Box<[u8; 1 << 10]>,
    count: u8,
}

impl Countries {
    fn of(rules: &[Rule]) -> Self {
        let mut countries = Self { by_letters: Box::new([0; 1 << 10]), count: 1 };
        for part in rules.iter().flat_map(|rule| &rule.parts) {
            if let Part::Country(country) = part
                && countries.place(country) == 0
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

    fn place(&self, country: &str) -> u8 {
        self.by_letters[Self::letters(country)]
    }
}

/// Finds every keyword in a text, each perhaps more than once. What is quickest depends on how many there are.
enum Scan {
    /// One after the other.
    Each(Vec<Finder<'static>>),
    /// The hash of any three bytes leads to the keywords that begin with them.
    Hash(Box<Hash>),
    /// Aho-Corasick.
    Automaton(Box<DFA>),
}

struct Hash {
    /// 0: no keyword begins so.
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
                    .expect("the keywords are not too many");
                Self::Automaton(Box::new(dfa))
            }
        }
    }

    #[inline]
    fn each(&self, text: &[u8], mut found: impl FnMut(usize)) {
        match self {
            Self::Each(finders) => {
                for (place, _) in finders.iter().enumerate().filter(|(_, finder)| finder.find(text).is_some())
                {
                    found(place);
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
        for (place, keyword) in keywords.iter().enumerate() {
            let [first, second, third, ..] = *keyword.as_bytes() else { panic!("`{keyword}` is too short") };
            let bucket = &mut hash.buckets[Self::place([first, second, third])];
            if *bucket == 0 {
                *bucket = u8::try_from(hash.keywords.len()).expect("the keywords are few");
                hash.keywords.push(Vec::new());
            }
            hash.keywords[usize::from(*bucket)].push((place, keyword.as_bytes().to_vec()));
        }
        hash
    }

    fn place([first, second, third]: [u8; 3]) -> usize {
        (u32::from_le_bytes([first, second, third, 0]).wrapping_mul(0x9E37_79B1) >> 20) as usize
    }

    #[inline]
    fn each(&self, text: &[u8], mut found: impl FnMut(usize)) {
        for (at, start) in text.windows(3).enumerate() {
            let bucket = self.buckets[Self::place([start[0], start[1], start[2]])];
            if bucket != 0 {
                for (place, keyword) in &self.keywords[usize::from(bucket)] {
                    if text[at..].starts_with(keyword) {
                        found(*place);
                    }
                }
            }
        }
    }
}
