//! The finding and the source that the tests of the output formats use.

use std::ops::Range;
use std::sync::Arc;

use super::{Code, Finding, Sources};
use crate::text::{Source, Span};

pub(super) fn sources(name: &str, text: &str) -> Sources {
    std::iter::once(Source::new(name, text)).collect()
}

pub(super) fn finding(file: &str, span: Range<usize>) -> Finding {
    let file: Arc<str> = file.into();
    Finding::new(Code::UnknownGroup, &file, Span::new(span.start, span.end), "no group is called `Slaes`")
}
