//! Names of files, relative to the folder, and the numbers in them.

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

/// Resolves `path`, as written in the file `from`, to a name relative to the folder; `None` if it is outside the
/// folder.
pub fn resolve_path(from: &str, path: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', ':', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
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

    #[test]
    fn paths_stay_inside() {
        assert_eq!(resolve_path("a.rules", "common.rules").as_deref(), Some("common.rules"));
        assert_eq!(resolve_path("shop/a.rules", "../common.rules").as_deref(), Some("common.rules"));
        assert_eq!(resolve_path("shop/a.rules", "./b.rules").as_deref(), Some("shop/b.rules"));
        for outside in ["../x.rules", "/etc/passwd", "a/../../x", "C:\\x", "", ".."] {
            assert_eq!(resolve_path("a.rules", outside), None, "{outside}");
        }
    }
}
