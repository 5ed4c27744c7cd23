//! The types of Python and TypeScript, and what the calls answer.

#![expect(clippy::indexing_slicing, reason = "a test that panics has failed")]

mod calls;
mod schemas;
mod typings;
