//! What is known about an item that could not be read.

use super::ast::Broken;
use super::lexer::{Token, TokenKind, is_quote};
use super::lower;
use super::patched::PatchedText;
use super::vocabulary::{self, ItemWord};

/// What is known about `tokens`, which are an item of `patched` that does not parse, or the rest of one.
pub(super) fn broken(patched: &PatchedText<'_>, tokens: &[Token]) -> Broken {
    let text: &str = &patched.text;
    let ends = tokens.first().zip(tokens.last()).map(|(first, last)| first.span.to(last.span));
    let mut broken =
        Broken { span: patched.to_file_span(&ends.unwrap_or_default().range()), ..Broken::default() };
    let first = tokens.first().map(|token| token.of(text).to_ascii_lowercase()).unwrap_or_default();
    match ItemWord::parse(&first) {
        Some(ItemWord::Use) => broken.gives_any_name = true,
        Some(ItemWord::Let | ItemWord::Hours | ItemWord::Dates) => {
            let name = tokens.get(1).filter(|name| name.kind == TokenKind::Word);
            broken.names.extend(name.map(|name| content(text, *name)));
            broken.gives_any_name = name.is_none();
        }
        Some(ItemWord::Test | ItemWord::TimeZone) => {}
        Some(_) => broken.is_rule = true,
        None => broken.is_rule = matches!(first.as_str(), "if" | "else" | "elif" | "elsif" | "elseif"),
    }
    broken.names.extend(defined_names(text, tokens));
    for token in tokens {
        match token.kind {
            TokenKind::Word => broken.words.push(content(text, *token)),
            TokenKind::Text | TokenKind::Quoted | TokenKind::Unclosed => {
                broken.texts.push(content(text, *token));
            }
            _ => {}
        }
    }
    broken
}

/// The names of definitions without `let`, or with another word for it: `vip = …`, `define vip = …`, `letvip = …`,
/// and those of a second item on a line: `let a = x let big = y`.
fn defined_names<'t>(text: &'t str, tokens: &'t [Token]) -> impl Iterator<Item = String> + 't {
    tokens.iter().enumerate().filter_map(move |(index, token)| {
        let name = token.of(text);
        let equals = tokens.get(index + 1).map(|next| next.of(text));
        if token.kind != TokenKind::Word || !matches!(equals, Some("=" | ":=" | "==")) {
            return None;
        }
        let before = index.checked_sub(1).and_then(|before| tokens.get(before)).map(|token| token.of(text));
        // Elsewhere, `=` compares.
        let compares = before.is_some_and(|before| {
            let is_kind = matches!(before, "let" | "hours" | "dates");
            !token.first && !is_kind && (before == "." || vocabulary::is_reserved(before))
        });
        let word = ["let", "hours", "dates"].iter().find_map(|word| name.strip_prefix(word));
        (!compares).then(|| word.filter(|rest| !rest.is_empty()).unwrap_or(name).to_owned())
    })
}

/// The content of a token: a text without its quotes, of whatever kind.
fn content(text: &str, token: Token) -> String {
    let snippet = token.of(text);
    match token.kind {
        TokenKind::Text => lower::text_value(snippet, &mut |_, _| ()),
        TokenKind::Quoted | TokenKind::Unclosed => snippet.trim_matches(is_quote).to_owned(),
        _ => snippet.to_owned(),
    }
}
