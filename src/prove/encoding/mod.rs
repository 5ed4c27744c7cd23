//! Policies as formulas: conditions and assignments over atoms, and what the inbox and the calendar say about the
//! atoms.

mod index_vec;
mod atom;
mod formula;
mod users;
mod timeline;
mod text;
mod pattern;
mod world;
mod over_time;
mod encode;
mod condition;
mod chat;
mod people;
mod effect;
mod differs;
mod choice_differs;

pub(super) use atom::{Atom, Bound, Counted, Person, TextPredicate, TextSubject, TextValue};
pub(super) use condition::{ConditionShape, EncodedCondition};
pub(super) use effect::EmptyWhen;
pub(super) use encode::{EncodedPolicy, EncodedRule, Encoding};
pub(super) use formula::{AtomId, Formula, FormulaKind, Formulas, VariableGroup};
pub(super) use index_vec::{VecIndex, at};
pub(super) use over_time::EvaluatorOverTime;
pub(super) use text::{compose, implied};
pub(super) use timeline::{CalendarId, MomentId, OpenMatrix, complement};
pub(super) use users::{Capacity, ClassId, UserSetId, UserSets};
pub(super) use world::{Evaluator, World, WorldChat};
