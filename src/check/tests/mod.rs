//! Tests of the checks as a whole.

mod changes;
mod found;
mod pages;
mod sample;
