//! A program applied to a message: the rules that hold are found, and each predicate is evaluated when it is first needed.

use jiff::civil::DateTime;

use super::branches::{BranchId, HOLDS};
use super::compile::Program;
use super::feature::{Feature, Partition};
use super::index::{ActiveRows, IndexedRule, RuleIndex};
use super::predicate::{HolderState, Predicate, PredicateId, TextField, TextMatch};
use super::scratch::Scratch;
use crate::language::vocabulary::Count;
use crate::language::{Folded, contains_words, fold_into, trim_signs, trim_signs_start};
use crate::policy::Scope;
use crate::policy::calendar::wall_clock;
use crate::roster::RosterView;
use crate::situation::Case;

/// The rules that hold, by their positions in the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Matched<'a> {
    /// The first rule that holds; in an open chat, the first `move` rule.
    pub rule: Option<u32>,
    /// The `also` rules that hold, in the order of the file.
    pub also: &'a [u32],
}

impl Program {
    /// Finds the first rule that holds of those that may decide, and the `also` rules that hold.
    ///
    /// Nothing is allocated once `scratch` has served a few decisions.
    pub fn find<'s, R: RosterView + ?Sized>(
        &self,
        case: &Case,
        roster: &R,
        scratch: &'s mut Scratch,
    ) -> Matched<'s> {
        scratch.begin(self.predicates.all.len(), self.predicates.texts.len());
        let mut runner = Runner {
            program: self,
            case,
            roster,
            scratch,
            local: None,
            has_searched_keywords: false,
            has_looked_up_tags: false,
        };
        let active = runner.active_rows();
        let deciding = if case.chat.is_some() { &self.moving } else { &self.deciding };
        let rule = runner.first(deciding, &active);
        if !self.also.is_empty() {
            runner.all(&self.also, &active);
        }
        Matched { rule, also: &scratch.also }
    }
}

struct Runner<'r, R: ?Sized> {
    program: &'r Program,
    case: &'r Case<'r>,
    roster: &'r R,
    scratch: &'r mut Scratch,
    local: Option<DateTime>,
    has_searched_keywords: bool,
    has_looked_up_tags: bool,
}

impl<'r, R: RosterView + ?Sized> Runner<'r, R> {
    /// The first rule of the index that holds.
    ///
    /// What is cheap comes first: tags, then the rules without triggers. The text is searched for keywords only if a rule
    /// that waits for one could still come before the best so far; often an early rule has decided by then.
    fn first(&mut self, index: &RuleIndex, active: &ActiveRows) -> Option<u32> {
        let mut best = None;
        if index.has_tag_triggers {
            self.look_up_tags();
            best = self.first_triggered(index, active, best);
        }
        best = self.first_always(index, active, best);
        let first_waiting = || index.triggered.first_possible(active);
        if index.has_keyword_triggers && first_waiting().is_some_and(|first| is_before(first, best)) {
            self.search_keywords();
            best = self.first_triggered(index, active, best);
        }
        best
    }

    /// The first of the rules without triggers that holds, if it comes before `best`.
    fn first_always(&mut self, index: &RuleIndex, active: &ActiveRows, best: Option<u32>) -> Option<u32> {
        for word in 0..index.always.words() {
            let mut possible = index.always.possible(active, word);
            while possible != 0 {
                let rule = *index.always.rules.get(word * 64 + possible.trailing_zeros() as usize)?;
                if !is_before(rule, best) {
                    return best;
                }
                if self.holds(rule.start) {
                    return Some(rule.rule);
                }
                // Clears the lowest bit.
                possible &= possible - 1;
            }
        }
        best
    }

    /// The first of the triggered rules that holds, if it comes before `best`.
    fn first_triggered(
        &mut self,
        index: &RuleIndex,
        active: &ActiveRows,
        mut best: Option<u32>,
    ) -> Option<u32> {
        // Evaluating a rule may trigger others: the list grows while it is read.
        let mut n = 0;
        while let Some(trigger) = self.scratch.memo.triggered(n) {
            n += 1;
            for position in index.triggered_by(trigger) {
                let Some(rule) = index.triggered.rules.get(*position as usize) else { break };
                if !is_before(*rule, best) {
                    break;
                }
                if index.triggered.is_possible(active, *position as usize) && self.holds(rule.start) {
                    best = Some(rule.rule);
                    break;
                }
            }
        }
        best
    }

    /// Finds every rule of the index that holds.
    fn all(&mut self, index: &RuleIndex, active: &ActiveRows) {
        for word in 0..index.always.words() {
            let mut possible = index.always.possible(active, word);
            while possible != 0 {
                if let Some(rule) = index.always.rules.get(word * 64 + possible.trailing_zeros() as usize)
                    && self.holds(rule.start)
                {
                    self.scratch.also.push(rule.rule);
                }
                possible &= possible - 1;
            }
        }
        if index.has_tag_triggers {
            self.look_up_tags();
        }
        if index.has_keyword_triggers && index.triggered.first_possible(active).is_some() {
            self.search_keywords();
        }
        let mut n = 0;
        while let Some(trigger) = self.scratch.memo.triggered(n) {
            n += 1;
            for position in index.triggered_by(trigger) {
                if let Some(rule) = index.triggered.rules.get(*position as usize)
                    && index.triggered.is_possible(active, *position as usize)
                    && self.holds(rule.start)
                {
                    self.scratch.also.push(rule.rule);
                }
            }
        }
        // Two keywords may have triggered the same rule.
        self.scratch.also.sort_unstable();
        self.scratch.also.dedup();
    }

    fn holds(&mut self, start: BranchId) -> bool {
        let mut id = start;
        while let Some(branch) = self.program.branches.get(id as usize) {
            id = if self.evaluate(branch.predicate) { branch.if_true } else { branch.if_false };
        }
        id == HOLDS
    }

    fn evaluate(&mut self, id: PredicateId) -> bool {
        let Some(predicate) = self.program.predicates.all.get(id as usize) else { return false };
        let case = self.case;
        match predicate {
            Predicate::Returning => case.returning,
            Predicate::Owner(states) => states >> self.owner() as u8 & 1 == 1,
            Predicate::ChatOpen => case.chat.is_some(),
            Predicate::ChatAnswered => case.chat.is_some_and(|chat| chat.answered),
            Predicate::Holder(states) => self.holder().is_some_and(|holder| states >> holder as u8 & 1 == 1),
            Predicate::ChatWith(user) => case.chat_user() == Some(*user),
            Predicate::ChatIn(group) => case.chat.is_some_and(|chat| chat.group == Some(*group)),
            Predicate::ChatTime { of, op, seconds } => {
                case.chat_time(*of).is_some_and(|time| op.holds(&time, seconds))
            }
            Predicate::Count { of, scope, op, n } => op.holds(&self.count(*of, *scope), n),
            Predicate::Kind(kinds) => kinds >> case.kind as u16 & 1 == 1,
            Predicate::Age { op, seconds } => op.holds(&case.age, seconds),
            Predicate::Silent { op, seconds } => {
                case.silent_for.is_some_and(|silent| op.holds(&silent, seconds))
            }
            Predicate::Has(attribute) => case.has(*attribute),
            Predicate::Number { attribute, op, value } => {
                case.number_of(*attribute).is_some_and(|number| match (number.scale(), value.scale()) {
                    // Comparing decimals takes longer than comparing integers, and most numbers are whole.
                    (0, 0) => op.holds(&number.mantissa(), &value.mantissa()),
                    _ => op.holds(&number, value),
                })
            }
            Predicate::Flag(attribute) => case.flag_of(*attribute) == Some(true),
            Predicate::Keyword { .. } => {
                self.search_keywords();
                self.scratch.memo.get(id) == Some(true)
            }
            Predicate::Tag { .. } | Predicate::ChatTag { .. } => {
                self.look_up_tags();
                self.scratch.memo.get(id) == Some(true)
            }
            Predicate::IsShort { text, key } => self.prefix_key(*text) == Some(*key),
            Predicate::Text { text, how: TextMatch::Is, list } => self.text_is(*text, *list),
            // The others cost less than the memo.
            Predicate::Open(_)
            | Predicate::Text { .. }
            | Predicate::Matches { .. }
            | Predicate::Definition(_) => {
                if let Some(is_true) = self.scratch.memo.get(id) {
                    return is_true;
                }
                let is_true = self.evaluate_slow(predicate);
                self.scratch.memo.set(id, is_true);
                is_true
            }
        }
    }

    /// Evaluates a predicate whose result is worth keeping.
    fn evaluate_slow(&mut self, predicate: &Predicate) -> bool {
        let program = self.program;
        match predicate {
            Predicate::Open(calendar) => self.is_open(*calendar),
            Predicate::Text { text, how, list } => {
                let list = program.predicates.lists.get(*list as usize);
                let mut words = list.into_iter().flatten().map(Folded::as_str);
                let is_message = *how == TextMatch::StartsWith && self.is_message(*text);
                let fits = |text: &str, word: &str| match how {
                    TextMatch::StartsWith if is_message => {
                        text.starts_with(word) || trim_signs_start(text).starts_with(word)
                    }
                    TextMatch::Is => text == word,
                    TextMatch::Contains => contains_words(text, word),
                    TextMatch::ContainsPart => text.contains(word),
                    TextMatch::StartsWith => text.starts_with(word),
                };
                self.folded(*text).is_some_and(|text| words.any(|word| fits(text, word)))
            }
            Predicate::Matches { text, pattern } => {
                let raw = self.raw(*text);
                raw.zip(program.predicates.patterns.get(*pattern as usize))
                    .is_some_and(|(raw, pattern)| pattern.is_match(raw))
            }
            Predicate::Definition(place) => match program.definitions.get(*place as usize) {
                Some(start) => self.holds(*start),
                None => false,
            },
            _ => false,
        }
    }

    fn text_is(&mut self, text: u32, list: u32) -> bool {
        /// Up to this length a list is faster to read from its start than by halves.
        const SHORT: usize = 8;
        let list: &[Folded] = self.program.predicates.lists.get(list as usize).map_or(&[], |list| list);
        self.whole(text).is_some_and(|text| {
            if list.len() <= SHORT {
                list.iter().any(|word| word.as_str() == text)
            } else {
                list.binary_search_by(|word| word.as_str().cmp(text)).is_ok()
            }
        })
    }

    fn owner(&self) -> HolderState {
        self.case.owner_id().map(|owner| self.roster.presence(owner)).into()
    }

    /// The user who has the open chat; `None`: no chat is open.
    fn holder(&self) -> Option<HolderState> {
        let chat = self.case.chat?;
        Some(chat.user.map(|user| self.roster.presence(user)).into())
    }

    fn count(&self, of: Count, scope: Scope) -> u64 {
        match of {
            Count::Online => self.roster.online(scope),
            Count::Available => self.roster.available(scope),
            Count::Waiting => self.roster.waiting(scope),
        }
    }

    fn is_open(&mut self, calendar: u32) -> bool {
        let local = *self.local.get_or_insert_with(|| wall_clock(self.case.at, &self.program.timezone));
        let calendar = self.program.predicates.calendars.get(calendar as usize);
        calendar.is_some_and(|calendar| calendar.is_open(local))
    }

    /// The rows of this message: the row of its class in each feature.
    fn active_rows(&mut self) -> ActiveRows {
        let mut active = ActiveRows::new();
        let mut row = 1;
        for feature in &self.program.features {
            active.add(row + self.class(feature));
            row += feature.len;
        }
        active
    }

    fn class(&mut self, partition: &Partition) -> u32 {
        let case = self.case;
        match partition.feature {
            Feature::Returning => case.returning.into(),
            Feature::Owner => self.owner() as u32,
            Feature::Holder => self.holder().map_or(0, |holder| 1 + holder as u32),
            Feature::ChatUser => case.chat_user().map_or(0, |user| partition.class_of_key(user.0.into())),
            Feature::ChatGroup => {
                let group = case.chat.and_then(|chat| chat.group);
                group.map_or(0, |group| partition.class_of_key(group.0.into()))
            }
            Feature::ChatTime(of) => case.chat_time(of).map_or(0, |time| partition.class_of_integer(time)),
            Feature::Count(of, scope) => partition.class_of_integer(self.count(of, scope)),
            Feature::Open(calendar) => self.is_open(calendar).into(),
            Feature::Kind => case.kind as u32,
            Feature::Age => partition.class_of_integer(case.age),
            Feature::Silent => case.silent_for.map_or(0, |silent| partition.class_of_integer(silent)),
            Feature::Has(attribute) => case.has(attribute).into(),
            Feature::Number(attribute) => {
                case.number_of(attribute).map_or(0, |number| partition.class_of_decimal(number))
            }
            Feature::Flag(attribute) => case.flag_of(attribute).map_or(0, |flag| 1 + u32::from(flag)),
            Feature::Text(text) => self.prefix_key(text).map_or(0, |key| partition.class_of_key(key)),
        }
    }

    /// Searches the message's text for all keywords at once, the first time.
    fn search_keywords(&mut self) {
        if self.has_searched_keywords {
            return;
        }
        self.has_searched_keywords = true;
        let program = self.program;
        let message = program.predicates.texts.iter().zip(0..).find(|(text, _)| **text == TextField::Message);
        if let Some((_, text)) = message
            && let Some(raw) = self.raw(text)
        {
            let (folded, memo) = self.scratch.fold(text, raw);
            program.keywords.search(folded, &mut |predicate| memo.trigger(predicate));
        }
    }

    /// Looks up the tags of the customer and of the open chat, the first time.
    fn look_up_tags(&mut self) {
        if self.has_looked_up_tags {
            return;
        }
        self.has_looked_up_tags = true;
        self.look_up(self.case.tags, &self.program.tags);
        if let Some(chat) = self.case.chat.filter(|_| !self.program.chat_tags.is_empty()) {
            self.look_up(chat.tags, &self.program.chat_tags);
        }
    }

    /// Triggers the predicates that these tags make true.
    fn look_up(&mut self, tags: &[String], known: &[(Box<str>, PredicateId)]) {
        let Scratch { tag, memo, .. } = &mut *self.scratch;
        for raw in tags {
            fold_into(raw, tag);
            let first = known.partition_point(|(known, _)| **known < **tag);
            let same = known.iter().skip(first).take_while(|(known, _)| **known == **tag);
            same.for_each(|(_, predicate)| memo.trigger(*predicate));
        }
    }

    /// The prefix key of the text that `is` compares, if there is one.
    fn prefix_key(&mut self, text: u32) -> Option<u64> {
        let raw = self.raw(text)?;
        Some(self.scratch.prefix_key(text, raw, self.is_message(text)))
    }

    /// The folded form of a text, if there is one.
    fn folded(&mut self, text: u32) -> Option<&str> {
        let raw = self.raw(text)?;
        Some(self.scratch.fold(text, raw).0)
    }

    /// The text that `is` compares, if there is one: the folded form, of the message's text without signs at the ends.
    fn whole(&mut self, text: u32) -> Option<&str> {
        let is_message = self.is_message(text);
        self.folded(text).map(|folded| if is_message { trim_signs(folded) } else { folded })
    }

    fn is_message(&self, text: u32) -> bool {
        self.program.predicates.texts.get(text as usize) == Some(&TextField::Message)
    }

    /// The text as written, if there is one.
    fn raw(&self, text: u32) -> Option<&'r str> {
        match self.program.predicates.texts.get(text as usize)? {
            TextField::Message => self.case.text,
            TextField::Attribute(attribute) => self.case.text_of(*attribute),
        }
    }
}

/// Whether the rule comes before `best`, if there is one.
fn is_before(rule: IndexedRule, best: Option<u32>) -> bool {
    best.is_none_or(|best| rule.rule < best)
}
