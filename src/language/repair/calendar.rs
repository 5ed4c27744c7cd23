//! Days, dates, times, durations and numbers as people write them elsewhere.

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::TokenKind;
use super::super::vocabulary::{ChatTime, Comparison, Month, Weekday};
use super::{Repair, edit};

/// How many bytes of a text were understood, and how that is written here.
type Read = Option<(usize, String)>;

/// `5 minutes`, `5min`, `1h 30m`, `once per day`
pub(super) fn duration(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let start = match here.kind {
        TokenKind::Number
            if expects(site, &[Production::duration, Production::value, Production::values]) =>
        {
            here.span.start
        }
        TokenKind::Word if site.expects(Production::duration) => here.span.start,
        TokenKind::Word => site.before().next().filter(|before| before.kind == TokenKind::Number)?.span.start,
        _ => return None,
    };
    let repair = rewrite(site, start as usize, read_duration)?;
    let written = site.text().get(repair.range.clone()).unwrap_or_default();
    if let Some(count) = written.trim_end().strip_suffix('M') {
        let count = count.trim_end();
        let days =
            count.parse::<u32>().map_or("…d".to_owned(), |count| format!("{}d", u64::from(count) * 30));
        let help = format!("write `{count}m` for minutes, or `{days}` for months of 30 days");
        let repair = Repair { message: format!("`{written}` could be minutes or months"), ..repair };
        return Some(repair.help(help).without_fix());
    }
    // `customer.orders > 3 days` compares what is no time.
    let mut before = site.before().filter(|token| token.span.start < start);
    let is_compared = before.next().is_some_and(|sign| Comparison::parse(site.text_of(sign)).is_some());
    let subject = before.next().map(|subject| site.text_of(subject)).filter(|_| is_compared);
    if let Some(subject) = subject.filter(|subject| !is_time(subject)) {
        let count = leading(written, |c| c.is_ascii_digit());
        let unit = repair.range.start + count.len()..repair.range.end;
        let repair = Repair { ways: vec![vec![edit(unit, "")]], ..repair };
        let help = format!(
            "write `{count}`; the times that are compared are `customer.silent_for`, `message.age`, `chat.open_for` and `chat.waiting_for`"
        );
        let message = format!("`{subject}` is compared with a number, and `{written}` is a duration");
        return Some(Repair { message, ..repair }.help(help).without_fix());
    }
    Some(repair.help("durations are written `30s`, `5m`, `12h` or `30d`"))
}

/// Whether the attribute is a time.
fn is_time(attribute: &str) -> bool {
    matches!(attribute, "silent_for" | "age") || ChatTime::parse(attribute).is_some()
}

/// `1.5h`, and the `30m` of `> 1h 30m`: a duration is one number with one unit
pub(super) fn duration_in_parts(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Number)?;
    let before = site.before().next().filter(|before| before.kind == TokenKind::Number && !here.first);
    let (start, (length, written)) = match before.map(|before| before.span.start as usize) {
        Some(start) => {
            let read = read_duration(line(site, start)?)?;
            (start, Some(read).filter(|(length, _)| start + length > here.span.start as usize)?)
        }
        None if expects(site, &[Production::duration, Production::value, Production::values]) => {
            let start = here.span.start as usize;
            (start, read_decimal_duration(line(site, start)?)?)
        }
        None => return None,
    };
    let range = start..start + length;
    let message = format!("`{}` is not one number with one unit", site.text().get(range.clone())?);
    let repair = Repair::new(site, message, vec![edit(range.clone(), &*written)]).at(range);
    // A sign or a number may have slipped in.
    Some(repair.help(format!("write `{written}`, if that is meant")).without_fix())
}

/// `1.5h`, `2,5 hours`
fn read_decimal_duration(text: &str) -> Read {
    let whole = leading(text, |c| c.is_ascii_digit());
    let rest = text.get(whole.len()..)?.strip_prefix(['.', ','])?;
    let tenth = leading(rest, |c| c.is_ascii_digit());
    let after = rest.get(tenth.len()..)?.trim_start_matches(' ');
    let unit = leading(after, char::is_alphabetic);
    let (_, each) = unit_of(unit).filter(|_| tenth.len() == 1)?;
    let tenths: u64 = format!("{whole}{tenth}").parse().ok()?;
    let seconds = tenths.checked_mul(each)? / 10;
    let letter = ['d', 'h', 'm', 's'].into_iter().find(|letter| seconds % seconds_of(*letter) == 0)?;
    Some((text.len() - after.len() + unit.len(), format!("{}{letter}", seconds / seconds_of(letter))))
}

pub(super) fn read_duration(text: &str) -> Read {
    let (mut at, mut seconds, mut unit_seen) = (0, 0_u64, None);
    let mut smallest = u64::MAX;
    loop {
        let rest = text.get(at..)?;
        let skipped = rest.trim_start_matches(' ');
        let digits = leading(skipped, |c| c.is_ascii_digit());
        let count: u64 = if digits.is_empty() && at == 0 { 1 } else { digits.parse().ok().unwrap_or(0) };
        let unit_text = skipped.get(digits.len()..)?.trim_start_matches(' ');
        let unit = leading(unit_text, char::is_alphabetic);
        // `per day` has no number, but the number of `m` is lost.
        let is_counted = !digits.is_empty() || (at == 0 && unit.len() > 1);
        let Some((letter, each)) = unit_of(unit).filter(|_| is_counted) else { break };
        // `1h 30m` is one duration, `20m20m` is a mistake.
        if each >= smallest {
            return None;
        }
        smallest = each;
        seconds = count.checked_mul(each)?.checked_add(seconds)?;
        unit_seen = if at == 0 { Some((letter, count * each / seconds_of(letter))) } else { None };
        at = text.len() - unit_text.len() + unit.len();
    }
    let written = match unit_seen {
        Some((letter, count)) => format!("{count}{letter}"),
        None => ['d', 'h', 'm', 's'].into_iter().find_map(|letter| {
            let each = seconds_of(letter);
            (seconds > 0 && seconds % each == 0).then(|| format!("{}{letter}", seconds / each))
        })?,
    };
    Some((at, written))
}

fn seconds_of(letter: char) -> u64 {
    match letter {
        'd' => 86_400,
        'h' => 3_600,
        'm' => 60,
        _ => 1,
    }
}

fn unit_of(word: &str) -> Option<(char, u64)> {
    Some(match word.to_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => ('s', 1),
        "m" | "min" | "mins" | "minute" | "minutes" => ('m', 60),
        "h" | "hr" | "hrs" | "hour" | "hours" => ('h', 3_600),
        "d" | "day" | "days" => ('d', 86_400),
        "w" | "week" | "weeks" => ('d', 7 * 86_400),
        _ => return None,
    })
}

/// `Monday`, `mondays`, `Mon-Fri`, `Monday to Friday`, `weekdays`
pub(super) fn days(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| here.kind == TokenKind::Word)?;
    if !expects(
        site,
        &[Production::hours_entry, Production::day_range, Production::day, Production::calendar],
    ) {
        return None;
    }
    let word = site.text_of(here);
    if let [first, second] = short_days(word) {
        let repair = Repair::new(
            site,
            format!("`{word}` may be `{first}` or `{second}`"),
            vec![edit(here.span.range(), first.word())],
        );
        return Some(repair.help("write the day with three letters").without_fix());
    }
    let repair = rewrite(site, here.span.start as usize, read_days)?;
    // Not every country works from Monday to Friday.
    let help = match site.text_of(here).to_lowercase().as_str() {
        "weekend" | "weekends" => Some("write the days: `sat-sun`, or `fri-sat`"),
        "weekdays" | "weekday" | "workdays" => Some("write the days: `mon-fri`, or `sun-thu`"),
        _ => None,
    };
    if let Some(help) = help {
        let message = format!("`{}` does not say which days are meant", site.text_of(here));
        return Some(Repair { message, ..repair.help(help).without_fix() });
    }
    Some(repair.help("days are written `mon tue wed thu fri sat sun`, several in a row `mon-fri`"))
}

fn read_days(text: &str) -> Read {
    let word = leading(text, char::is_alphabetic);
    match word.to_lowercase().as_str() {
        "weekdays" | "weekday" | "workdays" => return Some((word.len(), "mon-fri".to_owned())),
        "weekend" | "weekends" => return Some((word.len(), "sat-sun".to_owned())),
        "daily" | "everyday" => return Some((word.len(), "mon-sun".to_owned())),
        _ => {}
    }
    let first = weekday(word)?;
    let second = after_separator(
        text.get(word.len()..)?,
        &["-", "–", "—", "..", "to", "until", "through", "thru", "till"],
    );
    let last = second.and_then(|rest| {
        let word = leading(rest, char::is_alphabetic);
        Some((text.len() - rest.len() + word.len(), weekday(word)?))
    });
    Some(match last {
        Some((length, last)) => (length, format!("{first}-{last}")),
        None => (word.len(), first.to_string()),
    })
}

/// `Monday`, `mondays`, `thurs`, `Mo`, `Di`
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let lower = word.to_lowercase();
    if word.len() == 2 {
        let [day] = short_days(word) else { return None };
        // In small letters, `do` and `so` are other words.
        return (day.word().starts_with(&lower) || lower != word).then_some(*day);
    }
    let word = lower;
    let short = word.get(..3)?;
    let rest = word.get(3..)?.trim_end_matches('s').trim_end_matches("day");
    matches!(rest, "" | "s" | "nes" | "r" | "rs" | "ur" | "urs").then(|| Weekday::parse(short)).flatten()
}

/// The days that a word of two letters may stand for in English, German or Dutch.
pub(crate) fn short_days(word: &str) -> &'static [Weekday] {
    match word.to_lowercase().as_str() {
        "mo" => &[Weekday::Monday],
        "tu" => &[Weekday::Tuesday, Weekday::Thursday],
        "di" => &[Weekday::Tuesday],
        "we" | "mi" => &[Weekday::Wednesday],
        "th" | "do" => &[Weekday::Thursday],
        "fr" => &[Weekday::Friday],
        "sa" => &[Weekday::Saturday],
        "su" | "so" => &[Weekday::Sunday],
        _ => &[],
    }
}

/// `December 25`, `25 dec`, `25.12.2026`, `12/25`
pub(super) fn date(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    const DATES: [Production; 7] = [
        Production::hours_entry,
        Production::date_range,
        Production::date,
        Production::calendar,
        Production::calendar_date,
        Production::day_number,
        Production::month,
    ];
    let here = site.current().filter(|here| matches!(here.kind, TokenKind::Word | TokenKind::Number))?;
    let mut before = site.before();
    let month = before.next().filter(|before| month(site.text_of(*before)).is_some());
    if site.expects(Production::day_number)
        && let Some(month) = month
    {
        return date_at(site, month.span.start as usize);
    }
    // `dec 25 2026`
    let year = here.kind == TokenKind::Number && here.span.end - here.span.start == 4;
    let start = if year && month.is_none() && site.expects(Production::dots) {
        before.next().map(|month| month.span.start)
    } else {
        None
    };
    if let Some(start) = start {
        return date_at(site, start as usize);
    }
    if !expects(site, &DATES) {
        return None;
    }
    date_at(site, here.span.start as usize)
}

pub(super) fn date_at(site: &ErrorSite<'_, '_>, start: usize) -> Option<Repair> {
    let text = line(site, start)?;
    let (length, [one, other]) = read_date(text)?;
    let snippet = text.get(..length)?;
    let range = start..start + length;
    if snippet == "24/7" {
        let message = "write `00:00-24:00`, not `24/7`";
        let repair = Repair::new(site, message, vec![edit(range.clone(), "00:00-24:00")]).at(range);
        return Some(repair.help("without days, these are the hours of every day"));
    }
    let help = "dates are written `2026-12-25`, or `dec 25` for every year";
    if one == other {
        let message = format!("write `{one}`, not `{snippet}`");
        let may_lack_digit = lacks_digit(snippet);
        return (snippet != one).then(|| {
            let repair = Repair::new(site, message, vec![edit(range.clone(), one)]).help(help).at(range);
            if may_lack_digit { repair.without_fix() } else { repair }
        });
    }
    let message = format!("`{snippet}` can be read in two ways");
    let repair = Repair::new(site, message, vec![edit(range.clone(), one.clone())]).at(range);
    Some(repair.help(format!("write `{one}` or `{other}`")).without_fix())
}

/// Whether one part of a date in figures has one digit only, so that another may be missing: `2026-2-24`.
fn lacks_digit(snippet: &str) -> bool {
    let parts: Vec<&str> = snippet.trim_end_matches('.').split(['.', '/', '-']).collect();
    let is_figure = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.len() > 1 && parts.iter().all(is_figure) && parts.iter().filter(|part| part.len() == 1).count() == 1
}

/// The two ways to read a date, which are usually the same.
fn read_date(text: &str) -> Option<(usize, [String; 2])> {
    let word = leading(text, char::is_alphabetic);
    if let Some(month) = month(word) {
        let rest = text.get(word.len()..)?.trim_start_matches([' ', '.']);
        let (day, rest) = day_number(rest)?;
        return Some(with_year(text, rest, month, day));
    }
    if let Some((day, rest)) = day_number(text) {
        let rest = rest.trim_start_matches([' ', '.']);
        let rest = rest.strip_prefix("of ").unwrap_or(rest);
        let word = leading(rest, char::is_alphabetic);
        if let Some(month) = month(word) {
            return Some(with_year(text, rest.get(word.len()..)?, month, day));
        }
    }
    read_figures(text)
}

/// The day and the month, and the year if one follows.
fn with_year(text: &str, rest: &str, month: Month, day: u32) -> (usize, [String; 2]) {
    let after = rest.trim_start_matches([' ', ',', '.']);
    let year = leading(after, |c| c.is_ascii_digit());
    let is_year = year.len() == 4 && !after.get(4..).unwrap_or_default().starts_with('-');
    if is_year {
        let written = format!("{year}-{:02}-{day:02}", month.number());
        return (text.len() - after.len() + 4, [written.clone(), written]);
    }
    let written = format!("{month} {day}");
    (text.len() - rest.len(), [written.clone(), written])
}

/// `25`, `25th`
pub(super) fn day_number(text: &str) -> Option<(u32, &str)> {
    let digits = leading(text, |c| c.is_ascii_digit());
    let day = digits.parse().ok().filter(|day| (1..=31).contains(day))?;
    let rest = text.get(digits.len()..)?;
    let ending = leading(rest, char::is_alphabetic);
    let rest = if matches!(ending, "st" | "nd" | "rd" | "th") { rest.get(2..)? } else { rest };
    Some((day, rest))
}

/// The month that `word` is the name of: `december`, `Dec`, `sept`
pub(crate) fn month(word: &str) -> Option<Month> {
    const LONG: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = word.to_lowercase();
    let short = Month::parse(word.get(..3)?)?;
    let is_month = word.len() == 3 || word == "sept" || LONG.contains(&word.as_str());
    is_month.then_some(short)
}

/// `25.12.2026`, `2026/12/25`, `12/25`
fn read_figures(text: &str) -> Option<(usize, [String; 2])> {
    let written =
        leading(text, |c| c.is_ascii_digit() || matches!(c, '.' | '/' | '-')).trim_end_matches(['.', '-']);
    // `24.12.` is the whole date.
    let is_ordinal = written.bytes().filter(|byte| *byte == b'.').count() == 1;
    let ends_with_dot = is_ordinal && text.get(written.len()..).is_some_and(|rest| rest.starts_with('.'));
    let length = written.len() + usize::from(ends_with_dot);
    let parts: Vec<&str> = written.split(['.', '/', '-']).collect();
    // `011` may be `01` or `11`.
    let figure = |part: &str| part.parse::<u32>().ok().filter(|_| part.len() <= 2);
    let yearly = |month: u32, day: u32| {
        let month = Month::ALL.get(month.checked_sub(1)? as usize)?;
        (1..=31).contains(&day).then(|| format!("{month} {day}"))
    };
    let single =
        |year: &str, month: u32, day: u32| yearly(month, day).map(|_| format!("{year}-{month:02}-{day:02}"));
    let both = |first: Option<String>, second: Option<String>| {
        let either = first.or_else(|| second.clone())?;
        Some((length, [either.clone(), second.unwrap_or(either)]))
    };
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => {
            let date = single(year, figure(month)?, figure(day)?);
            both(date.clone(), date)
        }
        [first, second, year] if year.len() == 4 => {
            let (first, second) = (figure(first)?, figure(second)?);
            both(single(year, second, first), single(year, first, second))
        }
        [first, second] if !written.contains('-') => {
            let (first, second) = (figure(first)?, figure(second)?);
            both(yearly(second, first), yearly(first, second))
        }
        _ => None,
    }
}

/// A repair that writes what `read` makes of the text from byte `start` on, if that differs.
fn rewrite(site: &ErrorSite<'_, '_>, start: usize, read: impl Fn(&str) -> Read) -> Option<Repair> {
    let text = line(site, start)?;
    let (length, replacement) = read(text)?;
    let snippet = text.get(..length).filter(|snippet| *snippet != replacement)?;
    let range = start..start + length;
    let message = format!("write `{replacement}`, not `{snippet}`");
    Some(Repair::new(site, message, vec![edit(range.clone(), replacement)]).at(range))
}

pub(super) fn expects(site: &ErrorSite<'_, '_>, kinds: &[Production]) -> bool {
    kinds.iter().any(|kind| site.expects(*kind))
}

/// The rest of the line from byte `start` on, at most 80 characters of it.
pub(super) fn line<'d>(site: &ErrorSite<'d, '_>, start: usize) -> Option<&'d str> {
    let rest = site.text().get(start..)?;
    let end = rest.char_indices().take(80).find(|(_, c)| *c == '\n').map(|(at, _)| at);
    let end = end.or_else(|| rest.char_indices().nth(80).map(|(at, _)| at)).unwrap_or(rest.len());
    rest.get(..end)
}

/// The longest start of `text` in which all characters are `wanted`.
pub(super) fn leading(text: &str, wanted: impl Fn(char) -> bool) -> &str {
    let end = text.find(|c| !wanted(c)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

/// What comes after one of `signs` and the spaces around it.
pub(super) fn after_separator<'a>(text: &'a str, signs: &[&str]) -> Option<&'a str> {
    let text = text.trim_start_matches(' ');
    signs.iter().find_map(|sign| text.strip_prefix(sign)).map(|rest| rest.trim_start_matches(' '))
}
