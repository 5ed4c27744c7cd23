//! The pattern of `matches`.

use std::sync::OnceLock;

use regex::{Regex, RegexBuilder};
use regex_automata::nfa::thompson::{Compiler, Config};

/// How much memory one compiled pattern may take, in bytes.
const MAX_BYTES: usize = 1 << 20;
/// A pattern whose automaton takes less memory than this needs no compiling to know that it is not too large.
const SMALL: usize = MAX_BYTES / 16;
/// How long a pattern may be, in bytes. A longer one takes more than [`MAX_BYTES`] in nearly every case, and much more until
/// that is known.
const MAX_LENGTH: usize = 1 << 15;
/// How deep groups and repetitions may nest. The parser of patterns recurses once for each level.
const MAX_DEPTH: u32 = 64;

/// A pattern. It is searched for in the original text, not in the folded one, and ignores case. It is compiled when it is
/// first searched for: that takes much longer than reading it, and a file may have very many patterns.
///
/// The engine behind it is a finite automaton (Thompson, "Regular Expression Search Algorithm", 1968): the time is
/// linear in the text, so that neither a rule nor a message can make a decision slow.
#[derive(Debug, Clone)]
pub struct Pattern {
    text: Box<str>,
    /// `None` within: it could not be compiled, which only happens to patterns that are refused.
    compiled: OnceLock<Option<Regex>>,
}

/// Why a pattern cannot be used.
#[derive(Debug)]
pub(super) enum PatternError {
    /// It is longer than [`MAX_LENGTH`], or would take more memory than [`MAX_BYTES`].
    TooLarge,
    /// It is not a pattern; the reason in a few words.
    Malformed(String),
}

impl Pattern {
    /// The pattern that is written between slashes.
    pub(super) fn new(text: &str) -> Result<Self, PatternError> {
        if text.len() > MAX_LENGTH {
            return Err(PatternError::TooLarge);
        }
        let compiled = if is_small(text) { OnceLock::new() } else { OnceLock::from(Some(compile(text)?)) };
        Ok(Self { text: text.into(), compiled })
    }

    /// The text between the slashes.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the pattern matches somewhere in `text`.
    pub fn is_match(&self, text: &str) -> bool {
        self.compiled
            .get_or_init(|| compile(&self.text).ok())
            .as_ref()
            .is_some_and(|regex| regex.is_match(text))
    }

    /// Whether it is compiled.
    #[cfg(feature = "check")]
    pub(crate) fn is_compiled(&self) -> bool {
        self.compiled.get().is_some()
    }
}

/// Whether the text is a pattern that surely can be compiled.
fn is_small(text: &str) -> bool {
    let parser =
        regex_syntax::ParserBuilder::new().case_insensitive(true).nest_limit(MAX_DEPTH).build().parse(text);
    let limits = Config::new().nfa_size_limit(Some(SMALL));
    parser.is_ok_and(|pattern| Compiler::new().configure(limits).build_from_hir(&pattern).is_ok())
}

fn compile(text: &str) -> Result<Regex, PatternError> {
    let built = RegexBuilder::new(text)
        .case_insensitive(true)
        .size_limit(MAX_BYTES)
        .dfa_size_limit(MAX_BYTES)
        .nest_limit(MAX_DEPTH)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => PatternError::TooLarge,
        error => PatternError::Malformed(reason(&error)),
    })
}

/// The last line of the error's text, which says what is wrong. The lines above it show the pattern.
fn reason(error: &regex::Error) -> String {
    let text = error.to_string();
    let line = text.lines().rev().find_map(|line| line.trim().strip_prefix("error: "));
    line.unwrap_or("it is malformed").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is taken without compiling it can be compiled, and what cannot be compiled is refused.
    #[test]
    fn patterns_are_taken_as_if_they_were_compiled() {
        for text in [
            "",
            "a+",
            "(a|b)*c",
            r"\d{3}-\d{4}",
            r"\bя\b",
            r"\p{L}+",
            "[a-z",
            "(",
            "a{2,1}",
            "a**",
            "x{1000}",
            r"\w{50}",
            r"\w{60}",
            r"(\w{100}){100}",
            "((((((a){10}){10}){10}){10}){10}){10}",
            "^$",
            r"\z",
            "(?i)A",
            "é{900}",
            r"[^a]{400}",
            r"(?s).{900}",
            "🙂|🙁",
        ] {
            let (taken, compiled) = (Pattern::new(text), compile(text));
            assert_eq!(taken.is_ok(), compiled.is_ok(), "{text}");
            if let (Ok(pattern), Ok(regex)) = (taken, compiled) {
                for sample in ["", "aabc", "555-1234 Я", "A", "🙂"] {
                    assert_eq!(pattern.is_match(sample), regex.is_match(sample), "{text} {sample}");
                }
            }
        }
        #[cfg(feature = "check")]
        assert!(!Pattern::new("a+").unwrap().is_compiled());
    }
}
