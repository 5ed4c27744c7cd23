//! Working memory that is kept from one decision to the next, so that none has to be allocated.
//!
//! Nothing is cleared between decisions. Each entry carries the number of the decision that it was written in, its *epoch*,
//! and counts as empty in every other (Briggs and Torczon, "An efficient representation for sparse sets", 1993, has the
//! same aim). A decision among 5,000 rules that needs ten predicates so touches ten entries, not all.

use super::predicate::{PredicateId, pack, prefix_key};
use crate::language::{FoldNeed, fold_into, fold_need, trim_signs};

/// Working memory for [`Program::find`](super::Program::find). One may serve any number of programs, one decision at a time.
#[derive(Debug, Clone, Default)]
pub struct Scratch {
    /// The number of this decision.
    epoch: u32,
    texts: Vec<FoldedText>,
    pub(super) memo: Memo,
    /// A tag, folded.
    pub(super) tag: String,
    /// The `also` rules that hold.
    pub(super) also: Vec<u32>,
}

/// The predicates that are known.
#[derive(Debug, Clone, Default)]
pub(super) struct Memo {
    epoch: u32,
    slots: Vec<MemoSlot>,
    /// The predicates that a tag or a keyword has made true, in that order.
    triggers: Vec<PredicateId>,
}

/// Whether a predicate is true, and in which decision that is known.
#[derive(Debug, Clone, Copy, Default)]
struct MemoSlot {
    epoch: u32,
    is_true: bool,
}

/// A folded text.
#[derive(Debug, Clone, Default)]
struct FoldedText {
    epoch: u32,
    /// The text is its own folded form, so it was not copied.
    is_unchanged: bool,
    text: String,
}

impl Scratch {
    /// Makes room for a decision of a program with so many predicates and texts, and forgets the decision before.
    pub(super) fn begin(&mut self, predicates: usize, texts: usize) {
        // After four billion decisions the numbers start again, and entries of the old ones must not look current.
        if self.epoch == u32::MAX {
            *self = Self::default();
        }
        self.epoch += 1;
        self.also.clear();
        self.memo.epoch = self.epoch;
        self.memo.triggers.clear();
        if self.memo.slots.len() < predicates {
            self.memo.slots.resize(predicates, MemoSlot::default());
        }
        if self.texts.len() < texts {
            self.texts.resize_with(texts, FoldedText::default);
        }
    }

    /// The folded form of a text, given as written; and the memo, which may be written to at the same time.
    pub(super) fn fold<'s>(&'s mut self, text: u32, raw: &'s str) -> (&'s str, &'s mut Memo) {
        // Folding drops white space at the ends. Many a message ends with an empty line, and is otherwise folded already.
        let raw = raw.trim_ascii();
        let Some(folded) = self.texts.get_mut(text as usize) else { return (raw, &mut self.memo) };
        if folded.epoch != self.epoch {
            folded.epoch = self.epoch;
            folded.is_unchanged = fold_need(raw) == FoldNeed::Nothing;
            if !folded.is_unchanged {
                fold_into(raw, &mut folded.text);
            }
        }
        (if folded.is_unchanged { raw } else { &folded.text }, &mut self.memo)
    }

    /// The [`prefix_key`] of a text's folded form, of the message's without the signs at its ends.
    pub(super) fn prefix_key(&mut self, text: u32, raw: &str, is_message: bool) -> u64 {
        // Setting this bit makes an ASCII letter small; digits have it anyway.
        const SMALL: u64 = 0x2020_2020_2020_2020;
        if (1..=8).contains(&raw.len()) && raw.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            // Countries, languages, plans: folded in the register, eight letters at once.
            pack(raw.as_bytes()) | SMALL >> (64 - 8 * raw.len())
        } else {
            let folded = self.fold(text, raw).0;
            prefix_key(if is_message { trim_signs(folded) } else { folded })
        }
    }
}

impl Memo {
    /// Whether the predicate is true, if that is known.
    pub(super) fn get(&self, predicate: PredicateId) -> Option<bool> {
        self.slots.get(predicate as usize).filter(|slot| slot.epoch == self.epoch).map(|slot| slot.is_true)
    }

    /// Records whether the predicate is true.
    pub(super) fn set(&mut self, predicate: PredicateId, is_true: bool) {
        if let Some(slot) = self.slots.get_mut(predicate as usize) {
            *slot = MemoSlot { epoch: self.epoch, is_true };
        }
    }

    /// A keyword or a tag makes the predicate true, and triggers the rules that wait for it.
    pub(super) fn trigger(&mut self, predicate: PredicateId) {
        if self.get(predicate).is_none() {
            self.set(predicate, true);
            self.triggers.push(predicate);
        }
    }

    /// The predicate that was triggered as the `n`th, from 0.
    pub(super) fn triggered(&self, n: usize) -> Option<PredicateId> {
        self.triggers.get(n).copied()
    }
}
