//! The numbers in the names of files.

use std::sync::Arc;

use crate::inbox::is_e164;

/// The number that a policy is named after: `+15550100.rules` → `+15550100`.
pub fn number_of(name: &str) -> Option<&str> {
    let number = name.strip_suffix(".rules")?;
    is_e164(number).then_some(number)
}

/// The key of the policy in the file called `name`: its number, or else the name itself.
pub fn policy_key(name: &Arc<str>) -> Arc<str> {
    number_of(name).map_or_else(|| Arc::clone(name), Arc::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_policies() {
        assert_eq!(number_of("+15550100.rules"), Some("+15550100"));
        assert_eq!(number_of("+0555010000.rules"), None);
        assert_eq!(number_of("common.rules"), None);
        assert_eq!(number_of("shared/+15550100.rules"), None);
    }
}
