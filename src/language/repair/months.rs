//! Months and days in words, and durations that have no unit here.

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::Month;
use super::calendar::{after_separator, date_at, day_number, leading, line, month, weekday};
use super::phrases::Explanation;
use super::times::TimePair;
use super::{Repair, edit, insert};

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

/// `24-26 dec`, `24.-26. december`
pub(super) fn days_before_month(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    const EXPECTED: [Production; 5] = [
        Production::hours_entry,
        Production::date_range,
        Production::date,
        Production::calendar,
        Production::calendar_date,
    ];
    let here = site.current().filter(|_| EXPECTED.iter().any(|kind| site.expects(*kind)))?;
    let start = here.span.start as usize;
    let text = line(site, start)?;
    let (first, rest) = day_number(text)?;
    let rest = after_separator(rest.trim_start_matches('.'), &["-", "–", "—", "..", "to", "until"])?;
    let (last, rest) = day_number(rest)?;
    let rest = rest.trim_start_matches(['.', ' ']);
    let word = leading(rest, char::is_alphabetic);
    let month = month(word).filter(|_| first < last)?;
    let range = start..start + text.len() - rest.len() + word.len();
    let goes_on = site.text().get(range.end..)?.trim_start_matches([' ', '.']);
    // `24-26 dec 2026` has a year.
    if goes_on.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let written = format!("{month} {first}..{month} {last}");
    let message = format!("write `{written}`, not `{}`", site.text().get(range.clone())?);
    Some(Repair::new(site, message, vec![edit(range.clone(), written)]).at(range))
}

/// `mon-fri 09:00-17:00 closed dec 25`, `… without holidays`
pub(super) fn closed_dates(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| site.expects(Production::EXCEPT))?;
    let mut rest = site.after();
    let mut next = rest.next()?;
    let mut end = here.span.end as usize;
    if site.text_of(next) == "on" {
        (end, next) = (next.span.end as usize, rest.next()?);
    }
    if !matches!(site.text_of(here), "closed" | "without") || weekday(site.text_of(next)).is_some() {
        return None;
    }
    let range = here.span.start as usize..end;
    let message = format!("write `except`, not `{}`", site.text().get(range.clone())?);
    let repair = Repair::new(site, message, vec![edit(range.clone(), "except")]).at(range);
    Some(Repair { whole: true, ..repair })
}

/// What people write between days or times.
const JOINTS: [&str; 7] = ["and", "&", "+", "/", "|", "or", "\\"];

/// `hours h = fri and sat`, `mon/wed/fri`: days stand side by side
pub(super) fn days_side_by_side(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| JOINTS.contains(&site.text_of(*here)))?;
    let first = site.before().next().filter(|_| site.expects(Production::day))?;
    let mut days = vec![(first, weekday(site.text_of(first))?)];
    let mut joints = vec![here];
    let mut rest = std::iter::once(here).chain(site.after().take(20));
    while let (Some(joint), Some(day)) = (rest.next(), rest.next())
        && JOINTS.contains(&site.text_of(joint))
        && let Some(weekday) = weekday(site.text_of(day))
    {
        days.push((day, weekday));
        joints.push(joint);
    }
    let (last, _) = *days.last().filter(|_| days.len() > 1)?;
    let pairs = days.windows(2);
    let edits = pairs.filter_map(|pair| match pair {
        [(one, _), (next, _)] => Some(edit(one.span.end as usize..next.span.start as usize, " ")),
        _ => None,
    });
    let range = first.span.start as usize..last.span.end as usize;
    let names: Vec<String> = days.iter().map(|(_, day)| day.to_string()).collect();
    let written = names.join(" ");
    let message = format!("write `{written}`, not `{}`", site.text().get(range.clone())?);
    let repair = Repair::new(site, message, edits.collect()).title(format!("write `{written}`")).at(range);
    let is_list = joints.iter().all(|joint| matches!(site.text_of(*joint), "and" | "&" | "+"));
    match names.as_slice() {
        [one, other] if !is_list => {
            let message = format!("`{}` cannot stand between days", site.text_of(here));
            let help = format!(
                "write `{one} {other}` for these two days, or `{one}-{other}` for all from one to the other"
            );
            Some(Repair { message, ..repair }.help(help).without_fix())
        }
        _ => Some(repair),
    }
}

/// `09:00-12:00 and 13:00-17:00`: times stand side by side
pub(super) fn times_side_by_side(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| JOINTS.contains(&site.text_of(*here)))?;
    let (before, next) = (site.before().next()?, site.after().next()?);
    let are_times = before.kind == TokenKind::Number
        && next.kind == TokenKind::Number
        && site.expects(Production::time)
        && line(site, next.span.start as usize).is_some_and(|text| TimePair::read(text).is_some());
    let written = format!(" {}", site.text_of(next));
    let edits = vec![edit(before.span.end as usize..next.span.end as usize, written)];
    let word = site.text_of(here);
    let repair = Repair::new(site, format!("`{word}` is not needed between times"), edits);
    are_times.then(|| {
        repair
            .help("times stand side by side, as in `09:00-12:00 13:00-17:00`")
            .title(format!("remove `{word}`"))
    })
}

/// `dec 24, 25`: each date has its month
pub(super) fn day_without_month(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Number && !here.first)?;
    let day: u8 = site.text_of(here).parse().ok().filter(|day| (1..=31).contains(day))?;
    let before: Vec<Token> = site.before().take(3).collect();
    let [comma, first_day, month_name] = before.as_slice() else { return None };
    let month = Month::parse(site.text_of(*month_name)).filter(|_| site.text_of(*comma) == ",")?;
    let goes_on = site
        .after()
        .next()
        .is_some_and(|next| !next.first && !matches!(site.text_of(next), "," | "and" | "&" | "except"));
    let is_date = site.expects(Production::date_range) || site.expects(Production::date);
    if first_day.kind != TokenKind::Number || !is_date || goes_on {
        return None;
    }
    let written = format!("{month} {day}");
    let repair = Repair::new(
        site,
        format!("the month is missing before `{}`", site.text_of(here)),
        vec![insert(here.span.start as usize, format!("{month} "))],
    );
    let repair =
        repair.help("each date has its month, as in `dec 24, dec 25`").title(format!("write `{written}`"));
    // After `jul 23, 6` another month may be meant.
    let is_next = site.text_of(*first_day).parse().is_ok_and(|first: u8| first + 1 == day);
    Some(if is_next { repair } else { repair.without_fix() })
}

/// `except sun`, `every day`, `closed`: what hours cannot say, and the way round it
pub(super) fn hours_in_words(site: &ErrorSite<'_, '_>) -> Option<Explanation> {
    let here = site.current()?;
    let word = site.text_of(here).to_lowercase();
    let explain = |message: &str, help: &str| {
        Some(Explanation { range: here.span.range(), message: message.to_owned(), help: help.to_owned() })
    };
    let starts_days = match site.after().next() {
        Some(next) if matches!(word.as_str(), "," | ";") => {
            weekday(&site.text_of(next).to_lowercase()).is_some()
        }
        _ => weekday(&word).is_some(),
    };
    let asks = site.before().take(60).map(|before| site.text_of(before));
    let asks = asks
        .into_iter()
        .find(|word| matches!(*word, "during" | "when" | "let" | "and" | "or" | "hours" | "dates"));
    if starts_days && asks == Some("during") {
        return explain(
            "after `during` all days have the same times",
            "name the hours, as in `hours open = mon-thu 09:00-17:00, fri 09:00-15:00`, and write `during open`",
        );
    }
    let expects = |kinds: &[Production]| kinds.iter().any(|kind| site.expects(*kind));
    let is_after_except = site.before().take(60).any(|before| site.text_of(before) == "except");
    if is_after_except && expects(&[Production::date, Production::date_range]) {
        let is_time = site.after().next().is_some_and(|next| site.text_of(next) == ":");
        if weekday(&word).is_some() || matches!(word.as_str(), "weekend" | "weekends" | "weekdays") {
            return explain(
                "`except` takes dates, not days of the week",
                "name the days that are left, as in `mon-fri` or `mon tue thu fri`",
            );
        }
        if is_time {
            return explain(
                "`except` takes dates, not times",
                "write the times before and after, as in `09:00-12:00 13:00-17:00`",
            );
        }
    }
    let next = site.after().next().map(|next| site.text_of(next).to_lowercase()).unwrap_or_default();
    let asks_times = asks == Some("during") || matches!(asks, Some("hours" | "dates"));
    if word == "but" && next == "not" && asks_times {
        return explain(
            "`but not` is not known here",
            "name the days that are left, as in `mon tue thu fri`; after `except` come dates, as in `except dec 25`",
        );
    }
    if word == "except" && site.before().any(|before| site.text_of(before) == "during") {
        return explain(
            "`except` belongs to named hours",
            "name the days that are left, as in `during mon-sat`, or give the hours a name: `hours office = … except dec 25`",
        );
    }
    if !expects(&[Production::hours_entry, Production::day, Production::time, Production::time_range]) {
        return None;
    }
    match (word.as_str(), next.as_str()) {
        ("all", "day")
            if site
                .before()
                .next()
                .is_some_and(|day| super::calendar::weekday(site.text_of(day)).is_some()) =>
        {
            explain("`all day` is not known here", "the whole day is written `00:00-24:00`")
        }
        ("every" | "all", "day" | "days") | ("everyday", _) => explain(
            "there is no word for every day",
            "leave the days out, as in `09:00-17:00`, or write `mon-sun`",
        ),
        ("always" | "anytime" | "open", _) => {
            explain(&format!("`{word}` is not known here"), "all day, every day is written `00:00-24:00`")
        }
        ("24", "hours" | "h") | ("24h", _) => explain(
            "all day is written `00:00-24:00`",
            "write `00:00-24:00`, after the days if these are not all",
        ),
        ("closed" | "never", _) => {
            explain("hours say when you are open", "leave out the days on which you are closed")
        }
        ("after" | "from" | "until" | "till" | "before", _) => {
            explain("times have a start and an end", "write both, as in `17:00-24:00` or `00:00-09:00`")
        }
        ("gmt" | "utc", _) => explain(
            "hours have no time zone of their own",
            "all hours of a file are in its time zone: `timezone \"Africa/Cairo\"`, or that of `inbox.toml`",
        ),
        _ => None,
    }
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
