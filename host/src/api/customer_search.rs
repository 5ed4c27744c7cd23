//! Customers as people look for them: by a part of their name, of a phone number or of another id.

use std::collections::HashMap;
use std::sync::Arc;

use inbox_rules::language::{Folded, fold};

use crate::store::{CustomerRow, StoreError, StoreReader};

/// Who is looked for, and what is known of the customers who were looked at.
pub(super) struct CustomerSearch {
    text: Folded,
    /// The digits of a phone number; `None`: the text is none.
    digits: Option<String>,
    seen: HashMap<Arc<str>, bool>,
}

/// So many digits tell something about a phone number.
const MIN_DIGITS: usize = 3;

impl CustomerSearch {
    /// `mona`, `+20 100 123-4567`, `0100 1234567`
    pub(super) fn new(text: &str) -> Self {
        let text = fold(text);
        let digits = phone_digits(text.as_str());
        Self { text, digits, seen: HashMap::new() }
    }

    /// Whether it is the customer with this id. Each is read once.
    pub(super) fn finds(
        &mut self,
        reader: &mut dyn StoreReader,
        inbox: &str,
        customer: &Arc<str>,
    ) -> Result<bool, StoreError> {
        if let Some(found) = self.seen.get(customer) {
            return Ok(*found);
        }
        let row = reader.customer(inbox, customer)?;
        let found = row.is_some_and(|row| self.is_meant(&row));
        self.seen.insert(Arc::clone(customer), found);
        Ok(found)
    }

    fn is_meant(&self, row: &CustomerRow) -> bool {
        let has = |name: &str| !self.text.is_empty() && fold(name).contains(&self.text);
        let is_known_by = |name: &str| match name.strip_prefix('+') {
            Some(phone) => self.digits.as_deref().is_some_and(|digits| phone.contains(digits)),
            None => has(name),
        };
        row.name.as_deref().is_some_and(has) || row.names.iter().any(|name| is_known_by(name))
    }
}

/// The digits of what may be a part of a phone number. People begin numbers of their own country with a zero, and those
/// of others with two.
fn phone_digits(text: &str) -> Option<String> {
    let is_sign = |sign: char| sign == ' ' || sign.is_ascii_punctuation();
    let digits: String = text.chars().filter(|sign| !is_sign(*sign)).collect();
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    let digits = digits.trim_start_matches('0');
    (is_number && digits.len() >= MIN_DIGITS).then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(text: &str) -> bool {
        let row = CustomerRow {
            name: Some("Mona Farouk مُنى".to_owned()),
            names: vec!["+201001234567".into(), "US.1349".into()],
            ..CustomerRow::default()
        };
        CustomerSearch::new(text).is_meant(&row)
    }

    #[test]
    fn as_people_type_them() {
        for text in ["mona", "FAROUK", "منى", "na fa", "us.13", "+20 100 123-4567", "0100 123 45", "00201001"]
        {
            assert!(finds(text), "{text}");
        }
        for text in ["٠١٠٠١٢٣٤٥٦٧", "(100) 1234567", "4567", "201001234567"] {
            assert!(finds(text), "{text}");
        }
        for text in ["", " ", "omar", "0", "00", "+", "4568", "1001234567 x", "12"] {
            assert!(!finds(text), "{text}");
        }
    }
}
