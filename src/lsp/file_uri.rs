//! `file` URIs and paths.

use std::path::{Path, PathBuf};

/// The path that a `file` URI names. `None` for other URIs, and for files of other machines.
pub(super) fn path_of(uri: &str) -> Option<PathBuf> {
    let (scheme, rest) = uri.split_once(':')?;
    let rest = rest.strip_prefix("//").filter(|_| scheme.eq_ignore_ascii_case("file"))?;
    let (host, path) = rest.split_at(rest.find('/')?);
    if !host.is_empty() && !host.eq_ignore_ascii_case("localhost") {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = String::from_utf8(decoded(path)?).ok().filter(|path| !path.contains('\0'))?;
    let path = without_dots(&path);
    // `/c:/rules` is `c:/rules`.
    let is_drive = matches!(path.as_bytes(), [b'/', letter, b':', ..] if letter.is_ascii_alphabetic());
    Some(PathBuf::from(if is_drive && cfg!(windows) { path.get(1..)?.to_owned() } else { path }))
}

/// The `file` URI of an absolute path.
pub(super) fn uri_of(path: &Path) -> String {
    let path = path.to_string_lossy();
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.into_owned() };
    let mut uri = String::from("file://");
    if !path.starts_with('/') {
        uri.push('/');
    }
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'.' | b'_' | b'~' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// The path without the segments `.` and `..`.
fn without_dots(path: &str) -> String {
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/').skip(1) {
        match segment {
            "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    format!("/{}", segments.join("/"))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            byte => byte,
        });
    }
    Some(decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(uri: &str, path: Option<&str>) {
        assert_eq!(path_of(uri).as_deref(), path.map(Path::new), "{uri}");
    }

    #[test]
    fn editors_escape_as_they_like() {
        check("file:///inboxes/%2B15550100.rules", Some("/inboxes/+15550100.rules"));
        check("file:///inboxes/+15550100.rules", Some("/inboxes/+15550100.rules"));
        check("file://localhost/my%20rules/%d9%85.rules", Some("/my rules/م.rules"));
        check("FILE:///a", Some("/a"));
        check("file:///a/./b/../c.rules", Some("/a/c.rules"));
        check("file:///../c.rules", Some("/c.rules"));
    }

    #[test]
    fn what_is_no_file_of_this_machine() {
        for uri in
            ["untitled:Untitled-1", "file://other/a", "http:///a", "file:a", "file:///%zz", "file:///%f", ""]
        {
            check(uri, None);
        }
        check("file:///a%00b", None);
        check("file:///%ff", None);
    }

    #[test]
    fn a_uri_leads_back_to_its_path() {
        for path in ["/my rules/م#?.rules", "/inboxes/+1%20.rules", "/"] {
            check(&uri_of(Path::new(path)), Some(path));
        }
        assert_eq!(uri_of(Path::new("/a b/+1.rules")), "file:///a%20b/%2B1.rules");
    }
}
