//! The text of a reply at a place.

use super::classify::{Role, classify};
use super::occurrence::touches;
use crate::policy::Folder;

/// The text of the reply at the byte `at` of a file, as written, and where it starts.
pub(super) fn reply_at<'f>(folder: &'f Folder, file: &str, at: u32) -> Option<(u32, &'f str)> {
    let source = &folder.files.get(file)?.source;
    let mut tokens = classify(&source.text).into_iter();
    let token = tokens.find(|found| found.role == Role::Reply && touches(found.token.span, at))?.token;
    Some((token.span.start, source.slice(token.span)))
}
