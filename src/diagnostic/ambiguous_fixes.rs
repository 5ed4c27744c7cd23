//! Two names that would become one: a fix by spelling is for one name misspelt, not for several.

use std::collections::BTreeMap;

use super::{Code, Finding};

/// Takes the fixes away that would write one known name for several different ones of `text`, such as `bob` for `rob` and
/// for `bot`: at most one of these is misspelt.
pub(crate) fn drop_ambiguous_fixes(findings: &mut [Finding], text: &str) {
    let mut written: BTreeMap<(Code, String), Vec<String>> = BTreeMap::new();
    for (key, name) in findings.iter().filter_map(|finding| suggestion(finding, text)) {
        let names = written.entry(key).or_default();
        if !names.contains(&name) && names.len() < 2 {
            names.push(name);
        }
    }
    for finding in findings {
        let rivals = suggestion(finding, text).and_then(|(key, _)| written.get(&key));
        if rivals.is_some_and(|names| names.len() > 1) {
            finding.fix = None;
        }
    }
}

/// The known name that the fix of `finding` writes, and in lower case the name of `text` that gives way to it.
fn suggestion(finding: &Finding, text: &str) -> Option<((Code, String), String)> {
    let of_name = matches!(
        finding.code,
        Code::UnknownUser
            | Code::UnknownGroup
            | Code::UnknownDefinition
            | Code::UnknownAttribute
            | Code::UnknownFile
    );
    let [edit] = finding.fix.as_ref().filter(|_| of_name)?.edits.as_slice() else { return None };
    let name = text.get(edit.span.range())?.to_lowercase();
    Some(((finding.code, edit.text.clone()), name))
}
