//! Invisible characters: an error with a fix outside texts and comments, a warning inside them.
//!
//! A direction mark can make a rule look different from what it means, by reordering it on the screen (Boucher and Anderson,
//! "Trojan Source: Invisible Vulnerabilities", 2021; UTS #55, Unicode Source Code Handling).

use std::sync::Arc;

use icu_properties::CodePointSetData;
use icu_properties::props::DefaultIgnorableCodePoint;

use super::lexer::{Token, TokenKind};
use crate::diagnostic::{Code, Edit, Finding};
use crate::text::{Source, Span};

/// What an invisible character looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Invisible {
    /// A space: a no-break space, a full-width space.
    Space,
    /// Nothing: a direction mark, a joiner, a control character.
    ZeroWidth,
}

impl Invisible {
    /// What to write instead.
    pub(super) fn replacement(self) -> &'static str {
        match self {
            Self::Space => " ",
            Self::ZeroWidth => "",
        }
    }
}

/// What `character` looks like, if it is invisible.
pub(super) fn invisible(character: char) -> Option<Invisible> {
    match character {
        '\t' | '\n' | '\r' => None,
        '\u{2028}' | '\u{2029}' | '\u{85}' => Some(Invisible::Space),
        _ if character.is_control() => Some(Invisible::ZeroWidth),
        _ if character.is_ascii() => None,
        _ if character.is_whitespace() => Some(Invisible::Space),
        _ if CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(character) => {
            Some(Invisible::ZeroWidth)
        }
        _ => None,
    }
}

/// A finding for each run of invisible characters outside texts, and for each invisible character inside.
pub(super) fn findings(source: &Source, tokens: &[Token]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for token in tokens {
        let text = source.slice(token.span);
        match token.kind {
            TokenKind::Invisible(kind) => findings.push(finding_outside_texts(source, *token, text, kind)),
            TokenKind::Word | TokenKind::Number | TokenKind::Sign => {}
            TokenKind::Text
            | TokenKind::Quoted
            | TokenKind::Unclosed
            | TokenKind::Pattern
            | TokenKind::Comment => {
                if !is_printable_ascii(text) {
                    findings_inside_text(&source.name, *token, text, &mut findings);
                }
            }
        }
    }
    findings
}

/// Whether `text` has only printable ASCII and line ends, as most texts have.
fn is_printable_ascii(text: &str) -> bool {
    // Counting has no early exit, so that the compiler can use vector instructions.
    text.bytes()
        .filter(|byte| !((b' '..0x7F).contains(byte) || matches!(byte, b'\t' | b'\n' | b'\r')))
        .count()
        == 0
}

fn finding_outside_texts(source: &Source, token: Token, text: &str, kind: Invisible) -> Finding {
    let name = text.chars().next().map(character_name).unwrap_or_default();
    let finding = Finding::new(Code::Syntax, &source.name, token.span, format!("{name} is not allowed here"));
    match kind {
        Invisible::Space => finding
            .help("it looks like a space, but it is another character; pasted text often contains it")
            .fix("write a plain space", token.span, kind.replacement()),
        Invisible::ZeroWidth => finding.help("nobody can see it; pasted text often contains it").fix(
            "remove the invisible character",
            token.span,
            kind.replacement(),
        ),
    }
}

fn findings_inside_text(file: &Arc<str>, token: Token, text: &str, findings: &mut Vec<Finding>) {
    let place = if token.kind == TokenKind::Comment { "comment" } else { "text" };
    for (at, character) in text.char_indices() {
        // Persian and the Indic scripts need the joiners, emoji the joiner and the variation selectors (UTS #51).
        let is_legitimate = matches!(character, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}');
        if is_legitimate || invisible(character) != Some(Invisible::ZeroWidth) {
            continue;
        }
        let start = token.span.start as usize + at;
        let span = Span::new(start, start + character.len_utf8());
        let message = format!("this {place} contains {}", character_name(character));
        findings.push(
            Finding::new(Code::ConfusingCharacters, file, span, message)
                .help("nobody can see it, but it can change how the line reads")
                .fix_all("remove the invisible character", vec![Edit { span, text: String::new() }]),
        );
    }
}

/// The name of `character`, in words that people use.
fn character_name(character: char) -> String {
    let words = match character {
        '\u{A0}' | '\u{202F}' | '\u{2007}' => "a no-break space",
        '\u{3000}' => "a full-width space",
        '\u{200B}' => "a zero-width space",
        '\u{AD}' => "a soft hyphen",
        '\u{FEFF}' => "a byte-order mark",
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            "an invisible direction mark"
        }
        _ if character.is_control() => "a control character",
        _ if character.is_whitespace() => "an unusual space",
        _ => "an invisible character",
    };
    format!("{words} (U+{:04X})", u32::from(character))
}
