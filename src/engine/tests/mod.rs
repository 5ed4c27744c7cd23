//! Decisions case by case, conditions against a slow reading of them, and live decisions against those from a situation.

pub(super) mod sample;
mod decisions;
mod moves;
mod calendar;
mod oracle;
mod decision_oracle;
mod texts;
mod unanswered;
mod live;
mod rosters;
