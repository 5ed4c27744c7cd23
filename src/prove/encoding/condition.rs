//! A condition as formulas, part by part.

use std::sync::Arc;

use super::Encoding;
use super::atom::{Atom, Bound, Counted, Person, TextPredicate, TextSubject, TextValue, UserStatus};
use super::formula::{Formula, Formulas};
use super::index_vec::at;
use super::users::{UserSetId, UserSets};
use crate::inbox::{AttributeKind, GroupId, WordList};
use crate::language::Folded;
use crate::language::vocabulary::{Comparison, Count, MessageKind};
use crate::policy::{Attribute, AttributeTest, Condition, ConditionKind, Fact, Scope, TextTest};
use crate::text::Span;

/// A condition or a part of one, with its formula.
#[derive(Debug, Clone)]
pub(in crate::prove) struct EncodedCondition {
    pub(in crate::prove) span: Span,
    pub(in crate::prove) formula: Formula,
    pub(in crate::prove) shape: ConditionShape,
    pub(in crate::prove) parts: Vec<EncodedCondition>,
}

/// How a condition is composed of its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::prove) enum ConditionShape {
    And,
    Or,
    Not,
    /// The name of a definition, whose parts are not repeated.
    Definition,
    Fact,
}

/// The steps that it takes to compare a text with a word of a list.
const COST_OF_WORD: u64 = 16;

impl Encoding<'_> {
    /// The encoding of `condition`, which may name one of `definitions`.
    pub(super) fn condition(
        &mut self,
        condition: &Condition,
        definitions: &[EncodedCondition],
    ) -> EncodedCondition {
        let span = condition.span;
        let of = |shape, formula, parts| EncodedCondition { span, formula, shape, parts };
        match &condition.kind {
            ConditionKind::And(parts) | ConditionKind::Or(parts) => {
                let all = matches!(condition.kind, ConditionKind::And(_));
                let parts: Vec<EncodedCondition> =
                    parts.iter().map(|part| self.condition(part, definitions)).collect();
                let formula = self.formulas.junction(parts.iter().map(|part| part.formula), all);
                of(if all { ConditionShape::And } else { ConditionShape::Or }, formula, parts)
            }
            ConditionKind::Not(part) => {
                let part = self.condition(part, definitions);
                let formula = self.formulas.not(part.formula);
                of(ConditionShape::Not, formula, vec![part])
            }
            ConditionKind::Definition(index) => {
                of(ConditionShape::Definition, at(definitions, *index).formula, Vec::new())
            }
            ConditionKind::Fact(fact) => of(ConditionShape::Fact, self.fact(fact), Vec::new()),
        }
    }

    fn fact(&mut self, fact: &Fact) -> Formula {
        match fact {
            Fact::NewCustomer => {
                let returning = self.formulas.atom(Atom::Returning);
                self.formulas.not(returning)
            }
            Fact::ReturningCustomer => self.formulas.atom(Atom::Returning),
            Fact::HasOwner => self.has_owner(),
            Fact::OwnerOnline => self.person_is(Person::Owner, UserStatus::Online),
            Fact::OwnerOffline => self.person_is_not_online(Person::Owner),
            Fact::OwnerAway => self.person_is_away(Person::Owner),
            Fact::ChatOpen => self.chat_open(),
            Fact::ChatWaiting => self.chat_waiting(),
            Fact::ChatAnswered => {
                self.chat_open();
                self.formulas.atom(Atom::ChatAnswered)
            }
            Fact::UserOnline => self.person_is(Person::ChatUser, UserStatus::Online),
            Fact::UserOffline => self.person_is_not_online(Person::ChatUser),
            Fact::UserAway => self.person_is_away(Person::ChatUser),
            Fact::ChatWith(users) => self.person_in(Person::ChatUser, users.to_vec()),
            Fact::ChatIn(group) => self.chat_in(*group),
            Fact::ChatHasTag(tags) => {
                self.chat_open();
                let tags: Vec<_> =
                    tags.iter().map(|tag| self.formulas.atom(Atom::ChatTag(tag.clone()))).collect();
                self.formulas.or(tags)
            }
            Fact::ChatTime { of, op, seconds } => self.chat_time(*of, *op, *seconds),
            Fact::AnyOnline(scope) => self.any(UserStatus::Online, *scope),
            Fact::AnyAvailable(scope) => self.any(UserStatus::Available, *scope),
            Fact::AllOffline(scope) => {
                let any = self.any(UserStatus::Online, *scope);
                self.formulas.not(any)
            }
            Fact::Count { of: Count::Waiting, scope, op, n } => {
                let scope = *scope;
                self.compared(*op, u64::from(*n), |encoding, at_least| encoding.waiting(scope, at_least))
            }
            Fact::Count { of, scope, op, n } => {
                let set = self.user_set(*scope);
                let status = if *of == Count::Online { UserStatus::Online } else { UserStatus::Available };
                self.compared(*op, u64::from(*n), |encoding, at_least| {
                    encoding.user_count(status, set, u32::try_from(at_least).unwrap_or(u32::MAX))
                })
            }
            Fact::During { calendar, .. } => {
                let calendar = self.timeline.intern(calendar);
                self.formulas.atom(Atom::Open(calendar))
            }
            Fact::MessageText(test) => self.text_test(TextSubject::Message, test),
            Fact::MessageKind { not, kinds } => {
                let is = self.kinds(kinds);
                if *not { self.formulas.not(is) } else { is }
            }
            Fact::MessageAge { op, seconds } => {
                self.compared(*op, *seconds, |encoding, at_least| match at_least {
                    0 => Formulas::TRUE,
                    _ => encoding.formulas.atom(Atom::Age { at_least }),
                })
            }
            Fact::HasTag(tags) => {
                let tags: Vec<_> =
                    tags.iter().map(|tag| self.formulas.atom(Atom::Tag(tag.clone()))).collect();
                self.formulas.or(tags)
            }
            Fact::HasAttribute(Attribute::SilentFor) => self.silent(0),
            Fact::HasAttribute(attribute) => self.known(TextSubject::Attribute(*attribute)),
            Fact::Attribute { attribute, test } => self.attribute_test(*attribute, test),
            Fact::SilentFor { op, seconds } => {
                let known = self.silent(0);
                let compared = self.compared(*op, *seconds, Self::silent);
                self.formulas.and([known, compared])
            }
        }
    }

    /// `op n` in terms of `at_least`.
    pub(super) fn compared(
        &mut self,
        op: Comparison,
        n: u64,
        mut at_least: impl FnMut(&mut Self, u64) -> Formula,
    ) -> Formula {
        let here = at_least(self, n);
        let above = match n.checked_add(1) {
            Some(next) => at_least(self, next),
            None => Formulas::FALSE,
        };
        self.comparison(op, here, above)
    }

    /// `op n`, where `here` is `≥ n` and `above` is `> n`.
    fn comparison(&mut self, op: Comparison, here: Formula, above: Formula) -> Formula {
        match op {
            Comparison::AtLeast => here,
            Comparison::More => above,
            Comparison::Less => self.formulas.not(here),
            Comparison::AtMost => self.formulas.not(above),
            Comparison::Equal => {
                let not_above = self.formulas.not(above);
                self.formulas.and([here, not_above])
            }
        }
    }

    fn user_set(&mut self, scope: Scope) -> UserSetId {
        match scope {
            Scope::Inbox => UserSets::EVERYBODY,
            Scope::Group(group) => self.user_sets.intern(self.side_inbox().group(group).members.clone()),
        }
    }

    fn any(&mut self, status: UserStatus, scope: Scope) -> Formula {
        let set = self.user_set(scope);
        self.user_count(status, set, 1)
    }

    /// That at least `at_least` users of the set have this status.
    pub(super) fn user_count(&mut self, status: UserStatus, set: UserSetId, at_least: u32) -> Formula {
        if at_least == 0 {
            return Formulas::TRUE;
        }
        let set = self.user_sets.common(set);
        if at_least > self.user_sets.size(set) {
            return Formulas::FALSE;
        }
        let counted = self.counted(status, set);
        self.user_sets.note_count(set, at_least);
        self.formulas.atom(Atom::UserCount { counted, set, at_least })
    }

    /// What the status means for users of the set.
    pub(super) fn counted(&self, status: UserStatus, set: UserSetId) -> Counted {
        // Users without a capacity are available whenever they are online.
        match (status, self.capacities(set)) {
            (UserStatus::Online, _) | (_, (_, false)) => Counted::Online,
            (UserStatus::Available, (true, true)) => Counted::Available { side: self.side },
            (UserStatus::Available, (false, true)) => Counted::Available { side: 0 },
        }
    }

    fn waiting(&mut self, scope: Scope, at_least: u64) -> Formula {
        match at_least {
            0 => Formulas::TRUE,
            _ if !self.may_wait(scope) => Formulas::FALSE,
            _ => self.formulas.atom(Atom::Waiting { scope, at_least }),
        }
    }

    /// Whether a situation that both sides accept can have chats that wait there.
    fn may_wait(&self, scope: Scope) -> bool {
        let mut groups = (0..).map(GroupId).take(self.inbox.groups.len());
        match scope {
            Scope::Inbox => groups.any(|group| self.is_common_group(group)),
            Scope::Group(group) => self.is_common_group(group),
        }
    }

    fn silent(&mut self, at_least: u64) -> Formula {
        self.formulas.atom(Atom::Silent { at_least })
    }

    fn kinds(&mut self, kinds: &[MessageKind]) -> Formula {
        if MessageKind::ALL.iter().all(|kind| kinds.contains(kind)) {
            return Formulas::TRUE;
        }
        let kinds: Vec<_> = kinds.iter().map(|kind| self.formulas.atom(Atom::Kind(*kind))).collect();
        self.formulas.or(kinds)
    }

    pub(super) fn known(&mut self, subject: TextSubject) -> Formula {
        match self.words(subject).as_deref() {
            // The sides have no value of the attribute in common.
            Some([]) => Formulas::FALSE,
            _ if subject == TextSubject::FORWARDED => Formulas::TRUE,
            _ => self.formulas.atom(Atom::Known(subject)),
        }
    }

    fn attribute_test(&mut self, attribute: Attribute, test: &AttributeTest) -> Formula {
        let known = self.known(TextSubject::Attribute(attribute));
        match test {
            AttributeTest::Text(test) => self.text_test(TextSubject::Attribute(attribute), test),
            AttributeTest::Flag | AttributeTest::Number { .. } if known == Formulas::FALSE => Formulas::FALSE,
            AttributeTest::Flag => self.formulas.atom(Atom::Flag(attribute)),
            AttributeTest::Number { op, value } => {
                let mut beyond =
                    |strict| self.formulas.atom(Atom::Number(attribute, Bound { value: *value, strict }));
                let (here, above) = (beyond(false), beyond(true));
                let compared = self.comparison(*op, here, above);
                self.formulas.and([known, compared])
            }
        }
    }

    fn text_test(&mut self, subject: TextSubject, test: &TextTest) -> Formula {
        self.known(subject);
        match test {
            TextTest::Is { not, any } => {
                let is = self.any_text(subject, any, TextPredicate::Is);
                if *not { self.formulas.not(is) } else { is }
            }
            TextTest::Contains(any) => self.any_text(subject, any, TextPredicate::Words),
            TextTest::ContainsPart(any) => self.any_text(subject, any, TextPredicate::Part),
            TextTest::StartsWith(any) => self.any_text(subject, any, TextPredicate::Starts),
            TextTest::Matches(pattern) => match self.words(subject) {
                Some(words) if !self.consume(COST_OF_WORD * words.len() as u64) => self.not_encoded(),
                // The other side has a list of words.
                Some(words) => {
                    let matching = words.iter().filter(|(written, _)| pattern.is_match(written));
                    let matching: Vec<Formula> =
                        matching.map(|(_, word)| self.word(subject, word.clone())).collect();
                    self.formulas.or(matching)
                }
                None => self.formulas.atom(Atom::Text(subject, TextPredicate::Pattern(Arc::clone(pattern)))),
            },
        }
    }

    pub(super) fn any_text(
        &mut self,
        subject: TextSubject,
        any: &[Folded],
        predicate: fn(Folded) -> TextPredicate,
    ) -> Formula {
        let words = self.words(subject);
        let is_equality =
            any.first().is_some_and(|text| matches!(predicate(text.clone()), TextPredicate::Is(_)));
        let tests: Vec<Formula> = match words {
            Some(words) if is_equality => {
                let listed = any.iter().filter(|word| words.has(word));
                listed.map(|word| self.word(subject, word.clone())).collect()
            }
            Some(words)
                if !self.consume((COST_OF_WORD * words.len() as u64).saturating_mul(any.len() as u64)) =>
            {
                return self.not_encoded();
            }
            // An attribute that is one of a list of words satisfies the predicate where it is one of the words that do.
            Some(words) => {
                let passes = |word: &Folded| {
                    let text = TextValue { raw: word.as_str().to_owned(), folded: word.clone() };
                    any.iter().any(|needle| predicate(needle.clone()).holds(subject, &text))
                };
                let passing = words.iter().map(|(_, word)| word).filter(|word| passes(word));
                passing.map(|word| self.word(subject, word.clone())).collect()
            }
            None => any
                .iter()
                .map(|needle| self.formulas.atom(Atom::Text(subject, predicate(needle.clone()))))
                .collect(),
        };
        self.formulas.or(tests)
    }

    fn word(&mut self, subject: TextSubject, word: Folded) -> Formula {
        self.formulas.atom(Atom::Text(subject, TextPredicate::Is(word)))
    }

    /// The words of a list, if the subject is an attribute that must be one of them.
    pub(in crate::prove) fn words(&self, subject: TextSubject) -> Option<WordList> {
        let kind = match subject {
            TextSubject::Attribute(Attribute::Custom(id)) => &self.inbox.attribute(id).kind,
            TextSubject::Attribute(Attribute::Message(id)) => &self.inbox.message_attribute(id).kind,
            _ => return None,
        };
        match kind {
            AttributeKind::Words(words) => Some(words.clone()),
            _ => None,
        }
    }
}
