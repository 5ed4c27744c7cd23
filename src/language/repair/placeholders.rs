//! Placeholders in the text of a reply.

use super::super::error_site::ErrorSite;
use super::super::lexer::TokenKind;
use super::{Repair, edit};

/// `"{user.name or "A colleague"}"`: quotes around the other text of a placeholder end the reply
pub(super) fn quoted_fallback(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let first = site.before().next().filter(|before| before.kind == TokenKind::Text)?;
    let written = site.text_of(first).strip_suffix('"')?;
    let open = written.rfind('{').filter(|_| written.trim_end().ends_with(" or"))?;
    if written.get(open..)?.contains('}') {
        return None;
    }
    let here = site.current()?;
    let line = std::iter::once(here).chain(site.after()).take_while(|token| !token.first).take(40);
    let next = line.into_iter().find(|token| token.kind == TokenKind::Text)?;
    if !site.text_of(next).starts_with("\"}") {
        return None;
    }
    let (end, start) = (first.span.end as usize, next.span.start as usize);
    let edits = vec![edit(end - 1..end, ""), edit(start..start + 1, "")];
    let fallback = site.text().get(end..start)?.trim();
    let placeholder = written.get(open..)?;
    let written = format!(
        "{}{fallback}}}",
        if placeholder.ends_with(' ') { placeholder.to_owned() } else { format!("{placeholder} ") }
    );
    let message = "the other text of a placeholder has no quotes";
    let repair = Repair::new(site, message, edits).at(first.span.start as usize + open..start + 2);
    Some(repair.help(format!("write `{written}`")).title(format!("write `{written}`")))
}
