//! Numbers, dates and times with the signs and digits of other countries and scripts.

use std::ops::Range;

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::calendar::{leading, line};
use super::date_slips::counts_chats;
use super::phrases::Explanation;
use super::{Repair, edit};

/// `2,5`, `.5`: decimals of other countries
pub(super) fn decimals(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let sign = site.current()?;
    let after = site.after().next().filter(|after| after.span.start == sign.span.end)?;
    let is_figure = |token: Token| site.text_of(token).bytes().all(|byte| byte.is_ascii_digit());
    let before =
        site.before().next().filter(|before| before.span.end == sign.span.start && is_figure(*before));
    let whole = match (site.text_of(sign), before) {
        ("," | "٫" | "،", Some(before)) if site.text_of(after).len() != 3 => before,
        (".", None) => sign,
        _ => return None,
    };
    if !is_figure(after) {
        return None;
    }
    let range = whole.span.start as usize..after.span.end as usize;
    let snippet = site.text().get(range.clone())?;
    if before.is_none() && counts_chats(site, &range) {
        let repair = Repair::new(
            site,
            "chats are counted in whole numbers",
            vec![edit(range.clone(), site.text_of(after))],
        );
        return Some(Repair { whole: true, ..repair.at(range) });
    }
    let figures = before.map_or("0", |before| site.text_of(before));
    let replacement = format!("{figures}.{}", site.text_of(after));
    let message = format!("`{snippet}` is not a number");
    let repair = Repair::new(site, message, vec![edit(range.clone(), &*replacement)]).at(range);
    Some(repair.help(format!("write `{replacement}`, if that is meant")).without_fix())
}

/// `1,000`
pub(super) fn thousands(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let comma = site.current().filter(|here| site.text_of(*here) == ",")?;
    let (before, after) = (site.before().next()?, site.after().next()?);
    let touch = before.span.end == comma.span.start && comma.span.end == after.span.start;
    let is_figure = |snippet: &str| snippet.bytes().all(|byte| byte.is_ascii_digit());
    let fits = touch
        && is_figure(site.text_of(before))
        && is_figure(site.text_of(after))
        && site.text_of(after).len() == 3;
    let range = before.span.start as usize..after.span.end as usize;
    let replacement = format!("{}_{}", site.text_of(before), site.text_of(after));
    let message = format!("write `{replacement}`, not `{}`", site.text().get(range.clone())?);
    fits.then(|| Repair::new(site, message, vec![edit(range.clone(), replacement)]).at(range))
}

/// `٥m`, `１２`: the digits of other scripts
pub(super) fn figures(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let start = here.span.start as usize;
    let snippet = leading(line(site, start)?, |c| {
        figure(c).is_some() || c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '.')
    });
    let snippet = snippet.trim_end_matches([':', '.', '-']);
    if !snippet.chars().any(|c| !c.is_ascii() && figure(c).is_some()) {
        return None;
    }
    let replacement: String = snippet.chars().map(|c| figure(c).unwrap_or(c)).collect();
    let range: Range<usize> = start..start + snippet.len();
    let message = format!("write `{replacement}`, not `{snippet}`");
    Some(
        Repair::new(site, message, vec![edit(range.clone(), replacement)])
            .at(range)
            .help("digits are `0` to `9`"),
    )
}

/// `09：00`, `2026–01-07`: a date or times with the signs of other scripts
pub(super) fn signs_in_figures(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let sign = |c: char| match c {
        '：' | '؛' | ';' => ':',
        '–' | '—' | '−' | '－' => '-',
        _ => c,
    };
    let here = site.current().filter(|here| matches!(here.kind, TokenKind::Number | TokenKind::Sign))?;
    let is_part = |c: char| c.is_ascii_digit() || matches!(sign(c), ':' | '-');
    let before = site.text().get(..here.span.start as usize)?;
    let start = before.trim_end_matches(is_part).len();
    let snippet = leading(line(site, start)?, is_part);
    let replacement: String = snippet.chars().map(sign).collect();
    let shape: String = replacement.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let is_whole = matches!(shape.as_str(), "0000-00-00" | "00:00" | "00:00-00:00");
    let range = start..start + snippet.len();
    let message = format!("write `{replacement}`, not `{snippet}`");
    let repair = Repair::new(site, message, vec![edit(range.clone(), &*replacement)]).at(range);
    (is_whole && replacement != snippet).then_some(repair)
}

/// `$100`, `50%`, `10+`, `10k`, `1 000`, `3-7`: numbers with more than figures
pub(super) fn amount(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current()?;
    let is_number = |token: &Token| site.text_of(*token).bytes().all(|byte| byte.is_ascii_digit());
    let before = site.before().next().filter(is_number);
    let after = site.after().next().filter(is_number);
    let expects_value = site.expects(Production::value);
    let word = site.text_of(here);
    let explain = |first: Token, last: Token, message: String, help: String| {
        Some(Explanation { range: first.span.start as usize..last.span.end as usize, message, help })
    };
    match (word, before, after) {
        ("$" | "€" | "£", _, Some(number)) if expects_value => explain(
            here,
            number,
            "a number has no currency sign".to_owned(),
            format!("write `{}`", site.text_of(number)),
        ),
        ("%", Some(number), _) => explain(
            number,
            here,
            "a number has no `%`".to_owned(),
            format!("write `{}`", site.text_of(number)),
        ),
        ("+", Some(number), _) => explain(
            number,
            here,
            "a number has no `+`".to_owned(),
            format!("for that many or more, write `>= {}`", site.text_of(number)),
        ),
        ("-", Some(least), Some(most)) => explain(
            least,
            most,
            "a value is compared with one number".to_owned(),
            format!(
                "write two comparisons, with `>= {}` and `<= {}`",
                site.text_of(least),
                site.text_of(most)
            ),
        ),
        (thousands, Some(number), _)
            if is_number(&here) && thousands.len() == 3 && !site.breaks_between(number, here) =>
        {
            let written = format!("{}_{thousands}", site.text_of(number));
            explain(
                number,
                here,
                "a number is written without spaces".to_owned(),
                format!("write `{written}`"),
            )
        }
        _ => {
            let figures = word.strip_suffix(['k', 'K']).filter(|_| expects_value)?;
            let is_whole = !figures.is_empty() && figures.bytes().all(|byte| byte.is_ascii_digit());
            is_whole.then(|| {
                explain(here, here, format!("`{word}` is not a number"), format!("write `{figures}_000`"))
            })?
        }
    }
}

fn figure(character: char) -> Option<char> {
    let zero = match character {
        '0'..='9' => '0',
        '\u{660}'..='\u{669}' => '\u{660}',
        '\u{6F0}'..='\u{6F9}' => '\u{6F0}',
        '\u{966}'..='\u{96F}' => '\u{966}',
        '\u{FF10}'..='\u{FF19}' => '\u{FF10}',
        _ => return None,
    };
    char::from_digit(u32::from(character) - u32::from(zero), 10)
}
