//! The codes of countries and languages, as the standards list them.

mod code_set;
mod countries;
mod languages;

pub(super) use code_set::CodeSet;
pub(super) use countries::COUNTRIES;
pub(super) use languages::LANGUAGES;
