//! The pattern of `matches`, compiled.

use regex::{Regex, RegexBuilder};

/// How much memory one compiled pattern may take, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// How long a pattern may be, in bytes. A longer one takes more than [`MAX_BYTES`] in nearly every case, and much more until
/// that is known.
const MAX_LENGTH: usize = 1 << 15;
/// How deep groups and repetitions may nest. The parser of patterns recurses once for each level.
const MAX_DEPTH: u32 = 64;

/// A compiled pattern. It is searched for in the original text, not in the folded one, and ignores case.
///
/// The engine behind it is a finite automaton (Thompson, "Regular Expression Search Algorithm", 1968): the time is
/// linear in the text, so that neither a rule nor a message can make a decision slow.
#[derive(Debug, Clone)]
pub struct Pattern(Regex);

/// Why a pattern cannot be used.
pub(super) enum PatternError {
    /// It is longer than [`MAX_LENGTH`], or would take more memory than [`MAX_BYTES`].
    TooLarge,
    /// It is not a pattern; the reason in a few words.
    Malformed(String),
}

impl Pattern {
    /// Compiles the text between the slashes.
    pub(super) fn compile(text: &str) -> Result<Self, PatternError> {
        if text.len() > MAX_LENGTH {
            return Err(PatternError::TooLarge);
        }
        let built = RegexBuilder::new(text)
            .case_insensitive(true)
            .size_limit(MAX_BYTES)
            .dfa_size_limit(MAX_BYTES)
            .nest_limit(MAX_DEPTH)
            .build();
        built.map(Self).map_err(|error| match error {
            regex::Error::CompiledTooBig(_) => PatternError::TooLarge,
            error => PatternError::Malformed(reason(&error)),
        })
    }

    /// The text between the slashes.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Whether the pattern matches somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}

/// The last line of the error's text, which says what is wrong. The lines above it show the pattern.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().rev().find_map(|line| line.trim().strip_prefix("error: "));
    line.unwrap_or("it is malformed").to_owned()
}
