//! Tests of the checks as a whole.

mod changes;
mod damage;
mod formatted;
mod found;
mod in_words;
mod written;
mod pages;
mod sample;
