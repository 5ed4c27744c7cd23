//! A program run: what a decision needs is looked at when it is first asked for, and once.

use jiff::civil::DateTime;

use super::compile::Program;
use super::scratch::Scratch;
use super::source::{Classes, Source};
use super::steps::{HOLDS, Place};
use super::table::{Ready, Standing, Table};
use super::test::{Asked, Form, OwnerIs, Test, TestId};
use crate::language::vocabulary::Count;
use crate::language::{Folded, contains_words, fold_into};
use crate::policy::Scope;
use crate::policy::calendar::wall_clock;
use crate::roster::RosterView;
use crate::situation::Case;

/// What was found: places in the policy's rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matched<'a> {
    /// The rule that decides: the first that holds, unless a chat is open.
    pub rule: Option<u32>,
    /// The `also` rules that hold, in the order of the file.
    pub also: &'a [u32],
}

impl Program {
    /// Finds the rule that decides, and the `also` rules that hold.
    ///
    /// Nothing is allocated once `scratch` has served a few decisions.
    pub fn find<'s, P: RosterView + ?Sized>(
        &self,
        case: &Case,
        people: &P,
        scratch: &'s mut Scratch,
    ) -> Matched<'s> {
        scratch.begin(self.tests.all.len(), self.tests.texts.len());
        let mut look = Look {
            program: self,
            case,
            people,
            scratch,
            local: None,
            has_searched: false,
            has_asked_tags: false,
        };
        let mut standing = Standing::new();
        look.stand(&mut standing);
        let rule = if case.chat.is_some() { None } else { look.first(&self.deciding, &standing) };
        if !self.also.is_empty() {
            look.all(&self.also, &standing);
        }
        Matched { rule, also: &scratch.found }
    }
}

struct Look<'l, P: ?Sized> {
    program: &'l Program,
    case: &'l Case<'l>,
    people: &'l P,
    scratch: &'l mut Scratch,
    local: Option<DateTime>,
    has_searched: bool,
    has_asked_tags: bool,
}

impl<'l, P: RosterView + ?Sized> Look<'l, P> {
    /// The first rule of the table that holds.
    fn first(&mut self, table: &Table, standing: &Standing) -> Option<u32> {
        let mut best = None;
        if table.by_tag {
            self.ask_tags();
            best = self.first_woken(table, standing, best);
        }
        best = self.first_looked(table, standing, best);
        if table.by_keyword && table.woken.first_open(standing).is_some_and(|first| is_before(first, best)) {
            self.search();
            best = self.first_woken(table, standing, best);
        }
        best
    }

    /// The first of the rules that are looked at, if it stands before `best`.
    fn first_looked(&mut self, table: &Table, standing: &Standing, best: Option<u32>) -> Option<u32> {
        for word in 0..table.looked.words() {
            let mut open = table.looked.open(standing, word);
            while open != 0 {
                let ready = *table.looked.rules.get(word * 64 + open.trailing_zeros() as usize)?;
                if !is_before(ready, best) {
                    return best;
                }
                if self.holds(ready.start) {
                    return Some(ready.rule);
                }
                open &= open - 1;
            }
        }
        best
    }

    /// The first of the rules that have been woken, if it stands before `best`.
    fn first_woken(&mut self, table: &Table, standing: &Standing, mut best: Option<u32>) -> Option<u32> {
        // Asking a rule may wake others: the list grows while it is read.
        let mut hit = 0;
        while let Some(test) = self.scratch.answers.hit_at(hit) {
            hit += 1;
            for at in table.woken_by(test) {
                let Some(ready) = table.woken.rules.get(*at as usize) else { break };
                if !is_before(*ready, best) {
                    break;
                }
                if table.woken.is_open(standing, *at as usize) && self.holds(ready.start) {
                    best = Some(ready.rule);
                    break;
                }
            }
        }
        best
    }

    /// Finds every rule of the table that holds.
    fn all(&mut self, table: &Table, standing: &Standing) {
        for word in 0..table.looked.words() {
            let mut open = table.looked.open(standing, word);
            while open != 0 {
                if let Some(ready) = table.looked.rules.get(word * 64 + open.trailing_zeros() as usize)
                    && self.holds(ready.start)
                {
                    self.scratch.found.push(ready.rule);
                }
                open &= open - 1;
            }
        }
        if table.by_tag {
            self.ask_tags();
        }
        if table.by_keyword && table.woken.first_open(standing).is_some() {
            self.search();
        }
        let mut hit = 0;
        while let Some(test) = self.scratch.answers.hit_at(hit) {
            hit += 1;
            for at in table.woken_by(test) {
                if let Some(ready) = table.woken.rules.get(*at as usize)
                    && table.woken.is_open(standing, *at as usize)
                    && self.holds(ready.start)
                {
                    self.scratch.found.push(ready.rule);
                }
            }
        }
        // Two keys may have woken the same rule.
        self.scratch.found.sort_unstable();
        self.scratch.found.dedup();
    }

    fn holds(&mut self, start: Place) -> bool {
        let mut place = start;
        while let Some(step) = self.program.steps.get(place as usize) {
            place = if self.test(step.test) { step.yes } else { step.no };
        }
        place == HOLDS
    }

    fn test(&mut self, id: TestId) -> bool {
        let Some(test) = self.program.tests.all.get(id as usize) else { return false };
        let case = self.case;
        match test {
            Test::Returning => case.returning,
            Test::Owner(owners) => owners >> self.owner() as u8 & 1 == 1,
            Test::Count { of, scope, op, n } => op.holds(&self.count(*of, *scope), n),
            Test::Kind(kinds) => kinds >> case.kind as u16 & 1 == 1,
            Test::Age { op, seconds } => op.holds(&case.age, seconds),
            Test::Silent { op, seconds } => case.silent_for.is_some_and(|silent| op.holds(&silent, seconds)),
            Test::Has(attribute) => case.has(*attribute),
            Test::Number { attribute, op, value } => {
                case.number_of(*attribute).is_some_and(|number| match (number.scale(), value.scale()) {
                    // Whole numbers are compared more quickly as such.
                    (0, 0) => op.holds(&number.mantissa(), &value.mantissa()),
                    _ => op.holds(&number, value),
                })
            }
            Test::Flag(attribute) => case.flag_of(*attribute) == Some(true),
            Test::Keyword { .. } => {
                self.search();
                self.scratch.answers.known(id) == Some(true)
            }
            Test::Tag { .. } => {
                self.ask_tags();
                self.scratch.answers.known(id) == Some(true)
            }
            Test::Is { text, short } => self.code(*text) == Some(*short),
            Test::Text { text, form: Form::Is, list } => self.text_is(*text, *list),
            Test::Open(_) | Test::Text { .. } | Test::Matches { .. } | Test::Definition(_) => {
                if let Some(holds) = self.scratch.answers.known(id) {
                    return holds;
                }
                let holds = self.slow_test(test);
                self.scratch.answers.keep(id, holds);
                holds
            }
        }
    }

    /// A test whose answer is worth keeping.
    fn slow_test(&mut self, test: &Test) -> bool {
        let program = self.program;
        match test {
            Test::Open(calendar) => self.is_open(*calendar),
            Test::Text { text, form, list } => {
                let mut list =
                    program.tests.lists.get(*list as usize).into_iter().flatten().map(Folded::as_str);
                let fits = |text: &str, word: &str| match form {
                    Form::Is => text == word,
                    Form::Contains => contains_words(text, word),
                    Form::ContainsPart => text.contains(word),
                    Form::StartsWith => text.starts_with(word),
                };
                self.folded(*text).is_some_and(|text| list.any(|word| fits(text, word)))
            }
            Test::Matches { text, pattern } => {
                let raw = self.raw(*text);
                raw.zip(program.tests.patterns.get(*pattern as usize))
                    .is_some_and(|(raw, pattern)| pattern.is_match(raw))
            }
            Test::Definition(place) => match program.definitions.get(*place as usize) {
                Some(start) => self.holds(*start),
                None => false,
            },
            _ => false,
        }
    }

    fn text_is(&mut self, text: u32, list: u32) -> bool {
        const SHORT: usize = 8;
        let list: &[Folded] = self.program.tests.lists.get(list as usize).map_or(&[], |list| list);
        self.folded(text).is_some_and(|text| {
            if list.len() <= SHORT {
                list.iter().any(|word| word.as_str() == text)
            } else {
                list.binary_search_by(|word| word.as_str().cmp(text)).is_ok()
            }
        })
    }

    fn owner(&self) -> OwnerIs {
        match self.case.owner_id() {
            None => OwnerIs::Nobody,
            Some(owner) if self.people.is_online(owner) => OwnerIs::Online,
            Some(_) => OwnerIs::NotOnline,
        }
    }

    fn count(&self, of: Count, scope: Scope) -> u64 {
        match of {
            Count::Online => self.people.online(scope),
            Count::Available => self.people.available(scope),
            Count::Waiting => self.people.waiting(scope),
        }
    }

    fn is_open(&mut self, calendar: u32) -> bool {
        let local = *self.local.get_or_insert_with(|| wall_clock(self.case.at, &self.program.timezone));
        self.program.tests.calendars.get(calendar as usize).is_some_and(|calendar| calendar.is_open(local))
    }

    /// Finds the rows that this situation stands in.
    fn stand(&mut self, standing: &mut Standing) {
        let mut row = 1;
        for classes in &self.program.sources {
            standing.stand(row + self.class(classes));
            row += classes.len;
        }
    }

    fn class(&mut self, classes: &Classes) -> u32 {
        let case = self.case;
        match classes.source {
            Source::Returning => case.returning.into(),
            Source::Owner => self.owner() as u32,
            Source::Count(of, scope) => classes.of_whole(self.count(of, scope)),
            Source::Open(calendar) => self.is_open(calendar).into(),
            Source::Kind => case.kind as u32,
            Source::Age => classes.of_whole(case.age),
            Source::Silent => case.silent_for.map_or(0, |silent| classes.of_whole(silent)),
            Source::Has(attribute) => case.has(attribute).into(),
            Source::Number(attribute) => {
                case.number_of(attribute).map_or(0, |number| classes.of_decimal(number))
            }
            Source::Flag(attribute) => case.flag_of(attribute).map_or(0, |flag| 1 + u32::from(flag)),
            Source::Text(text) => self.code(text).map_or(0, |code| classes.of_text(code)),
        }
    }

    /// Searches the message's text for every keyword.
    fn search(&mut self) {
        if self.has_searched {
            return;
        }
        self.has_searched = true;
        let program = self.program;
        let message = program.tests.texts.iter().zip(0..).find(|(text, _)| **text == Asked::Message);
        if let Some((_, place)) = message
            && let Some(raw) = self.raw(place)
        {
            let (text, answers) = self.scratch.fold(place, raw);
            program.keywords.search(text, &mut |test| answers.hit(test));
        }
    }

    /// Looks up what each tag answers.
    fn ask_tags(&mut self) {
        if self.has_asked_tags {
            return;
        }
        self.has_asked_tags = true;
        let tags = &self.program.tags;
        let Scratch { tag, answers, .. } = &mut *self.scratch;
        for raw in self.case.tags {
            fold_into(raw, tag);
            let first = tags.partition_point(|(known, _)| **known < **tag);
            let same = tags.iter().skip(first).take_while(|(known, _)| **known == **tag);
            same.for_each(|(_, test)| answers.hit(*test));
        }
    }

    /// The code of the text as tests compare it, if there is one.
    fn code(&mut self, text: u32) -> Option<u64> {
        let raw = self.raw(text)?;
        Some(self.scratch.code(text, raw))
    }

    /// The text as tests compare it, if there is one.
    fn folded(&mut self, text: u32) -> Option<&str> {
        let raw = self.raw(text)?;
        Some(self.scratch.fold(text, raw).0)
    }

    /// The text as it came, if there is one.
    fn raw(&self, text: u32) -> Option<&'l str> {
        match self.program.tests.texts.get(text as usize)? {
            Asked::Message => self.case.text,
            Asked::Customer(attribute) => self.case.text_of(*attribute),
        }
    }
}

/// Whether the rule stands before `best`, if there is one.
fn is_before(ready: Ready, best: Option<u32>) -> bool {
    best.is_none_or(|best| ready.rule < best)
}
