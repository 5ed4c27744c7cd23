//! Months and days in words, and durations that have no unit here.

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{Month, Weekday};
use super::calendar::{date_at, month};
use super::phrases::Explanation;
use super::{Repair, edit};

/// `june to august`, `jun-aug`: whole months
pub(super) fn months(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let mut tokens: Vec<Token> = vec![here];
    tokens.extend(site.after().take(3));
    let before = site.before().next();
    // The first month may have been read as a name.
    let starts = [before.map(|before| [&[before], tokens.as_slice()].concat()), Some(tokens.clone())];
    starts.into_iter().flatten().find_map(|tokens| whole_months(site, &tokens))
}

fn whole_months(site: &ErrorSite<'_, '_>, tokens: &[Token]) -> Option<Repair> {
    const TO: [&str; 7] = ["to", "until", "till", "through", "-", "–", ".."];
    let [first, between, last, rest @ ..] = tokens else { return None };
    let (from, to) = (month(site.text_of(*first))?, month(site.text_of(*last))?);
    let joins = TO.contains(&site.text_of(*between).to_lowercase().as_str());
    if !joins || rest.first().is_some_and(|next| next.kind == TokenKind::Number && !next.first) {
        return None;
    }
    let range = first.span.start as usize..last.span.end as usize;
    let replacement = format!("{from} 1..{to} {}", days_of(to));
    let message = format!("write `{replacement}`, not `{}`", site.text().get(range.clone())?);
    let repair = Repair::new(site, message, vec![edit(range.clone(), replacement)]).at(range);
    let repair = repair.help("a month is written with its days: `jun 1..jun 30`");
    // The last day of February is not the same each year.
    Some(if to == Month::February { repair.without_fix() } else { repair })
}

fn days_of(month: Month) -> u8 {
    match month {
        Month::February => 28,
        Month::April | Month::June | Month::September | Month::November => 30,
        _ => 31,
    }
}

/// `march 4`, whose month was read as a name
pub(super) fn long_month(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let before = site.before().next().filter(|before| month(site.text_of(*before)).is_some())?;
    site.current().filter(|here| here.kind == TokenKind::Number && !here.first)?;
    date_at(site, before.span.start as usize)
}

/// `dec 24-26`
pub(super) fn days_of_month(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| site.expects(Production::dots))?;
    let (day, month_name) = {
        let mut before = site.before();
        (before.next()?, before.next()?)
    };
    let last = site.after().next()?;
    let number = |token: Token| site.text_of(token).parse::<u8>().ok().filter(|day| (1..=31).contains(day));
    let month = Month::parse(site.text_of(month_name))?;
    let (first_day, last_day) = (number(day)?, number(last)?);
    let joins = matches!(site.text_of(here), "-" | "–" | ".." | "to" | "until");
    let (next, later) = (site.after().nth(1), site.after().nth(2));
    let is_time = later.is_some_and(|later| {
        later.kind == TokenKind::Number && next.is_some_and(|next| site.text_of(next) == ":")
    });
    if !joins || first_day >= last_day || is_time {
        return None;
    }
    let range = month_name.span.start as usize..last.span.end as usize;
    let replacement = format!("..{month} {last_day}");
    let written = format!("{month} {first_day}{replacement}");
    let message = format!("write `{written}`, not `{}`", site.text().get(range.clone())?);
    let edits = vec![edit(day.span.end as usize..last.span.end as usize, replacement)];
    Some(Repair::new(site, message, edits).title(format!("write `{written}`")).at(range))
}

/// `hours h = fri and sat`: days stand side by side
pub(super) fn days_with_and(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| matches!(site.text_of(*here), "and" | "&" | "+"))?;
    let (before, next) = (site.before().next()?, site.after().next()?);
    let is_day = |token: Token| Weekday::parse(site.text_of(token)).is_some();
    if !(is_day(before) && is_day(next) && site.expects(Production::day)) {
        return None;
    }
    let range = before.span.start as usize..next.span.end as usize;
    let written = format!("{} {}", site.text_of(before), site.text_of(next));
    let message = format!("write `{written}`, not `{}`", site.text().get(range.clone())?);
    let edits = vec![edit(before.span.end as usize..here.span.end as usize, "")];
    Some(Repair::new(site, message, edits).title(format!("write `{written}`")).at(range))
}

/// `3 months`, `1y`: months and years are not equally long
pub(super) fn long_duration(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current()?;
    let before = site.before().next().filter(|before| before.kind == TokenKind::Number);
    let is_value =
        [Production::duration, Production::value, Production::values].iter().any(|kind| site.expects(*kind));
    let (number, unit, start) = match before.filter(|_| here.kind == TokenKind::Word) {
        Some(number) => (site.text_of(number), site.text_of(here), number.span.start),
        None if !is_value => return None,
        None => {
            let text = site.text_of(here);
            let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, unit) = text.split_at_checked(digits)?;
            let next = site.after().next().map(|next| site.text_of(next)).unwrap_or_default();
            let spaced = unit.is_empty() && !number.is_empty();
            (number, if spaced { next } else { unit }, here.span.start)
        }
    };
    let days: u64 = match unit.to_lowercase().as_str() {
        "mo" | "month" | "months" => 30,
        "y" | "yr" | "yrs" | "year" | "years" => 365,
        _ => return None,
    };
    let count: u64 = if number.is_empty() { 1 } else { number.parse().ok()? };
    let last = if site.text_of(here) == number { site.after().next()? } else { here };
    Some(Explanation {
        range: start as usize..last.span.end as usize,
        message: "there is no unit for months or years, which are not all equally long".to_owned(),
        help: format!("write days: `{}d`", count.checked_mul(days)?),
    })
}
