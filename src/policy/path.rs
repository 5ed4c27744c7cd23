//! The numbers in the names of files.

use std::sync::Arc;

use crate::inbox::is_e164;

/// The number that a policy is named after: `+15550100.rules` → `+15550100`.
pub fn number_of(name: &str) -> Option<&str> {
    let number = name.strip_suffix(".rules")?;
    is_e164(number).then_some(number)
}

/// The number that a file seems to be named after, though it is not a full number: `15550100.rules` → `15550100`.
pub fn misnamed_number(name: &str) -> Option<&str> {
    let number = name.strip_suffix(".rules").filter(|number| !is_e164(number))?;
    let digits = number.bytes().filter(u8::is_ascii_digit).count();
    let has_only_digits = number.bytes().all(|byte| byte.is_ascii_digit() || b"+ ()-".contains(&byte));
    // `2026.rules` may have the holidays of a year.
    let is_long = digits >= 7 || number.starts_with('+') && digits > 0;
    (has_only_digits && is_long).then_some(number)
}

/// The key of the policy in the file called `name`: its number, or else the name itself.
pub fn policy_key(name: &Arc<str>) -> Arc<str> {
    number_of(name).map_or_else(|| Arc::clone(name), Arc::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_are_nearly_numbers() {
        for name in ["15550100.rules", "0015550100.rules", "+1555.rules", "+1 (555) 0100.rules"] {
            assert_eq!(misnamed_number(name), name.strip_suffix(".rules"));
        }
        for name in
            ["+15550100.rules", "2026.rules", "shops/15550100.rules", "store-15550100.rules", "+.rules"]
        {
            assert_eq!(misnamed_number(name), None, "{name}");
        }
    }

    #[test]
    fn names_of_policies() {
        assert_eq!(number_of("+15550100.rules"), Some("+15550100"));
        assert_eq!(number_of("+0555010000.rules"), None);
        assert_eq!(number_of("common.rules"), None);
        assert_eq!(number_of("shared/+15550100.rules"), None);
    }
}
