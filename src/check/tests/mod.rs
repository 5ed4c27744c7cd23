//! Tests of the checks as a whole.

mod changes;
mod damage;
mod found;
mod written;
mod pages;
mod sample;
