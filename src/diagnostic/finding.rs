//! A finding: a mistake, or something worth knowing, in one file.

use std::sync::Arc;

use super::Code;
use crate::text::Span;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Worth knowing; `note`.
    Note,
    /// Probably not what was meant; `warning`.
    Warning,
    /// Must be fixed; `error`.
    Error,
}

impl Level {
    /// The word for it in every output format.
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A mistake, or something worth knowing. Its sentences are in lower case, without a full stop.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// What kind of finding it is, as `unknown-group`.
    pub code: Code,
    /// How much it matters.
    pub level: Level,
    /// The file's name, as in its [`Source`](crate::text::Source).
    pub file: Arc<str>,
    /// The text that it is about.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Other places that help to explain it.
    pub related: Vec<Related>,
    /// An example situation, as `rules route` reads it.
    pub situation: Option<serde_json::Value>,
    /// The fix, where only one is possible.
    pub fix: Option<Fix>,
    /// How many findings of the file it stands for, where there are more than anybody reads; otherwise 0.
    pub left_out: usize,
}

/// Another place that helps to explain a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// The file's name.
    pub file: Arc<str>,
    /// The place in that file.
    pub span: Span,
    /// How that place is related.
    pub message: String,
}

/// A change to the text that fixes a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as ``write `Sales` ``.
    pub title: String,
    /// Replacements in the finding's file, which do not overlap.
    pub edits: Vec<Edit>,
}

/// A replacement of one span of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The text to replace.
    pub span: Span,
    /// The text to write there.
    pub text: String,
}

impl Finding {
    /// A finding in `file` at `span`, at the level of its code. A finding whose code is off by default is a note.
    pub fn new(code: Code, file: &Arc<str>, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            level: code.level().unwrap_or(Level::Note),
            file: Arc::clone(file),
            span,
            message: message.into(),
            help: None,
            related: Vec::new(),
            situation: None,
            fix: None,
            left_out: 0,
        }
    }

    /// The same at another level.
    #[must_use]
    pub fn at_level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// With a sentence on what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// With the suggestion of the known name `near`, and a fix that writes it as `text` over `span`.
    #[must_use]
    pub(crate) fn did_you_mean(self, near: &str, span: Span, text: impl Into<String>) -> Self {
        self.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, text)
    }

    /// With another place in the same file.
    #[must_use]
    pub fn related(self, span: Span, message: impl Into<String>) -> Self {
        let file = Arc::clone(&self.file);
        self.related_in(&file, span, message)
    }

    /// With another place in `file`.
    #[must_use]
    pub fn related_in(mut self, file: &Arc<str>, span: Span, message: impl Into<String>) -> Self {
        self.related.push(Related { file: Arc::clone(file), span, message: message.into() });
        self
    }

    /// With a fix that writes `text` over `span`.
    #[must_use]
    pub fn fix(self, title: impl Into<String>, span: Span, text: impl Into<String>) -> Self {
        self.fix_all(title, vec![Edit { span, text: text.into() }])
    }

    /// With a fix of several replacements.
    #[must_use]
    pub fn fix_all(mut self, title: impl Into<String>, edits: Vec<Edit>) -> Self {
        self.fix = Some(Fix { title: title.into(), edits });
        self
    }
}
