//! What is asked of the customer's open chat, as formulas.

use super::Encoding;
use super::atom::{Atom, Person};
use super::formula::{Formula, Formulas};
use crate::inbox::GroupId;
use crate::language::vocabulary::{ChatTime, Comparison};

impl Encoding<'_> {
    pub(in crate::prove) fn chat_open(&mut self) -> Formula {
        self.formulas.atom(Atom::ChatOpen)
    }

    /// That the open chat waits.
    pub(in crate::prove) fn chat_waiting(&mut self) -> Formula {
        let (open, user) = (self.chat_open(), self.person(Person::ChatUser));
        let nobody = self.formulas.not(user);
        self.formulas.and([open, nobody])
    }

    pub(super) fn chat_in(&mut self, group: GroupId) -> Formula {
        self.chat_has_group();
        // A side accepts a chat in a group that it does not have, and knows nothing of the group.
        if self.is_common_group(group) { self.formulas.atom(Atom::ChatIn(group)) } else { self.not_encoded() }
    }

    /// That the open chat came through a group, or waits in the queue of one.
    pub(in crate::prove) fn chat_has_group(&mut self) -> Formula {
        self.chat_open();
        let has_groups =
            (0..).map(GroupId).take(self.inbox.groups.len()).any(|group| self.is_common_group(group));
        if has_groups { self.formulas.atom(Atom::ChatHasGroup) } else { Formulas::FALSE }
    }

    pub(super) fn chat_time(&mut self, of: ChatTime, op: Comparison, seconds: u64) -> Formula {
        self.chat_open();
        if of == ChatTime::WaitingFor {
            self.person(Person::ChatUser);
        }
        let known = self.formulas.atom(Atom::ChatTime { of, at_least: 0 });
        let compared = self.compared(op, seconds, |encoding, at_least| {
            encoding.formulas.atom(Atom::ChatTime { of, at_least })
        });
        self.formulas.and([known, compared])
    }
}
