//! The parameters of an address.

use std::collections::BTreeMap;

use axum::extract::Query;
use axum::http::Uri;
use inbox_rules::diagnostic::one_of;

use super::error::ApiError;
use crate::store::Page;

/// The parameters of an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Parameters(BTreeMap<String, String>);

/// How many items a list has if the call does not say.
const LIMIT: usize = 100;
/// How many it may have at most.
const MAX_LIMIT: usize = 500;

impl Parameters {
    /// Those of an address, of which only `known` may be there.
    ///
    /// # Errors
    ///
    /// `bad-field`.
    pub(super) fn read(uri: &Uri, known: &[&str]) -> Result<Self, ApiError> {
        let pairs: Vec<(String, String)> = match Query::try_from_uri(uri) {
            Ok(Query(pairs)) => pairs,
            Err(_) => return Err(ApiError::bad_field("?", "the parameters after `?` cannot be read")),
        };
        let mut parameters = BTreeMap::new();
        for (name, value) in pairs {
            if !known.contains(&name.as_str()) {
                let message = format!("`{name}` is not a parameter of this call");
                let error = ApiError::bad_field(name.clone(), message);
                return Err(error.did_you_mean(&name, known.iter().copied()));
            }
            if parameters.insert(name.clone(), value).is_some() {
                let message = format!("`{name}` is written twice");
                return Err(ApiError::bad_field(name, message));
            }
        }
        Ok(Self(parameters))
    }

    /// The parameter, if it is there.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The names of those that are there.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A whole number of at most `most`.
    ///
    /// # Errors
    ///
    /// `bad-field`.
    pub(super) fn number(&self, name: &str, most: u64) -> Result<Option<u64>, ApiError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let number = text.parse().ok().filter(|number| *number <= most);
        number.map(Some).ok_or_else(|| {
            let most = if most == u64::MAX { String::new() } else { format!(" of at most {most}") };
            ApiError::bad_field(name, format!("`{name}` must be a whole number{most}"))
        })
    }

    /// Before which position a list begins that has the latest first; `None`: it has the earliest first.
    ///
    /// # Errors
    ///
    /// `bad-field`.
    pub(super) fn before(&self) -> Result<Option<u64>, ApiError> {
        let newest = self.choice("newest", &[("true", true), ("false", false)])?.unwrap_or_default();
        let before = self.number("before", u64::MAX)?.or(newest.then_some(u64::MAX));
        Ok(before)
    }

    /// Which part of a list.
    ///
    /// # Errors
    ///
    /// `bad-field`.
    pub(super) fn page(&self) -> Result<Page, ApiError> {
        let limit = self.number("limit", MAX_LIMIT as u64)?;
        if limit == Some(0) {
            return Err(ApiError::bad_field("limit", "`limit` must be at least 1"));
        }
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(LIMIT);
        Ok(Page { after: self.number("after", u64::MAX)?.unwrap_or_default(), limit })
    }

    /// One of these words.
    ///
    /// # Errors
    ///
    /// `bad-field`.
    pub(super) fn choice<T: Clone>(
        &self,
        name: &str,
        choices: &[(&'static str, T)],
    ) -> Result<Option<T>, ApiError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, choice)| choice.clone());
        found.map(Some).ok_or_else(|| {
            let words = one_of(choices.iter().map(|(word, _)| *word));
            ApiError::bad_field(name, format!("`{name}` cannot be `{text}`; write {words}"))
        })
    }

    /// A phone number or another name. Where a `+` was not written as `%2B`, it is a space now.
    pub(super) fn name(&self, name: &str) -> Option<String> {
        let text = self.get(name)?;
        Some(text.strip_prefix(' ').map_or_else(|| text.to_owned(), |digits| format!("+{digits}")))
    }
}
