//! Paths inside the folder of an inbox.

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
    fn paths_stay_inside() {
        assert_eq!(resolve_path("a.rules", "common.rules").as_deref(), Some("common.rules"));
        assert_eq!(resolve_path("shop/a.rules", "../common.rules").as_deref(), Some("common.rules"));
        assert_eq!(resolve_path("shop/a.rules", "./b.rules").as_deref(), Some("shop/b.rules"));
        for outside in ["../x.rules", "/etc/passwd", "a/../../x", "C:\\x", "", ".."] {
            assert_eq!(resolve_path("a.rules", outside), None, "{outside}");
        }
    }
}
