//! Times of day as people write them elsewhere: `9am-5pm`, `9:00`, `9-17`, `between 9 and 5`.

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::TokenKind;
use super::calendar::{after_separator, expects, leading, line};
use super::{Repair, edit};

const TIMES: &str = "times are written `09:00-17:00`, with four digits";

/// `9am-5pm`, `9-17`, `09:00-17`, `9:00`
pub(super) fn times(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| matches!(here.kind, TokenKind::Number | TokenKind::Word))?;
    let here = here.span.start as usize;
    if expects(site, &[Production::time, Production::time_range, Production::hours_entry]) {
        let starts = [start_of_pair(site, here), Some(here)];
        if let Some(repair) = starts.into_iter().flatten().find_map(|start| two_times(site, start, here)) {
            return Some(repair);
        }
    }
    one_time(site, here).filter(|_| site.expects(Production::time))
}

/// Where the time before the `-` starts, if parsing stopped at byte `at` in the second of two times.
fn start_of_pair(site: &ErrorSite<'_, '_>, at: usize) -> Option<usize> {
    let first = site.text().get(..at)?.trim_end_matches(' ').strip_suffix('-')?.trim_end_matches(' ');
    let start = first.len().checked_sub("00:00".len())?;
    let time = first.get(start..)?.bytes();
    let is_time = time.enumerate().all(|(index, byte)| match index {
        2 => byte == b':',
        _ => byte.is_ascii_digit(),
    });
    is_time.then_some(start)
}

/// The two times from byte `start` on, of which what is before byte `here` is written correctly.
fn two_times(site: &ErrorSite<'_, '_>, start: usize, here: usize) -> Option<Repair> {
    let times = TimePair::read(line(site, start)?)?;
    let end = start + times.length;
    if let Some(repair) = lost_minutes(site, start..end, &times.format()) {
        return Some(repair);
    }
    let (snippet, written) = (site.text().get(start..end)?, times.format());
    let replacement = if here > start { times.second.format() } else { written.clone() };
    let repair = Repair::new(
        site,
        format!("write `{written}`, not `{snippet}`"),
        vec![edit(here.max(start)..end, replacement)],
    );
    let repair = repair.title(format!("write `{written}`")).at(start..end);
    (snippet != written).then(|| match times.question("") {
        Some(question) => {
            let message = format!("`{snippet}` can be read in two ways");
            Repair { message, ..repair }.help(question).without_fix()
        }
        None if times.is_certain() => repair.help(TIMES),
        None => repair.help(TIMES).without_fix(),
    })
}

fn one_time(site: &ErrorSite<'_, '_>, start: usize) -> Option<Repair> {
    let clock = Clock::read(line(site, start)?, false)?;
    let (end, written) = (start + clock.length, clock.format());
    let snippet = site.text().get(start..end).filter(|snippet| *snippet != written)?;
    if let Some(repair) = lost_minutes(site, start..end, &written) {
        return Some(repair);
    }
    let message = format!("write `{written}`, not `{snippet}`");
    let repair = Repair::new(site, message, vec![edit(start..end, &*written)]).at(start..end).help(TIMES);
    Some(match clock.readings().as_slice() {
        // A digit may be missing as well.
        [_, _] if clock.has_minutes() && !clock.is_half_day => repair.without_fix(),
        [one, other] => {
            let message = format!("`{snippet}` can be read in two ways");
            let help = format!("write `{}` or `{}`", format_minutes(*one), format_minutes(*other));
            Repair { message, ..repair }.help(help).without_fix()
        }
        _ if clock.with_lost_digit().len() > 1 => repair.without_fix(),
        _ => repair,
    })
}

/// `12:` lost its minutes, `12:0 0` one of their digits: what follows the time in `range` belongs to it. The `:` of a rule
/// does not.
fn lost_minutes(site: &ErrorSite<'_, '_>, range: std::ops::Range<usize>, written: &str) -> Option<Repair> {
    let mut minutes = leading(line(site, range.end)?, |c| c == ':' || c.is_ascii_digit());
    let first = site.patched.tokens.iter().find(|token| token.kind != TokenKind::Comment)?;
    if !matches!(site.text_of(*first), "hours" | "dates" | "test" | "let") {
        minutes = minutes.strip_suffix(':').unwrap_or(minutes);
    }
    if minutes.is_empty() {
        return None;
    }
    let range = range.start..range.end + minutes.len();
    let snippet = site.text().get(range.clone())?;
    let repair =
        Repair::new(site, format!("`{snippet}` is not a time"), vec![edit(range.clone(), written)]).at(range);
    Some(repair.help(TIMES).without_fix())
}

/// `9:30-17`, `between 9 and 5`
pub(super) struct TimePair {
    first: Clock,
    second: Clock,
    length: usize,
}

/// Two moments of a day, in minutes after midnight.
type Interval = (u32, u32);

impl TimePair {
    /// The two times at the start of `text`.
    pub(super) fn read(text: &str) -> Option<Self> {
        let word = leading(text, char::is_alphabetic);
        let (is_between, rest) = match word.to_lowercase().as_str() {
            "between" => (true, text.get(word.len()..)?.trim_start_matches(' ')),
            "from" => (false, text.get(word.len()..)?.trim_start_matches(' ')),
            _ => (false, text),
        };
        let first = Clock::read(rest, false)?;
        let signs = ["-", "–", "—", "..", "to", "until", "till", "and"];
        let signs = signs.get(..signs.len() - usize::from(!is_between))?;
        let rest = after_separator(rest.get(first.length..)?, signs)?;
        let second = Clock::read(rest, true)?;
        // `2026-1205` is a date.
        if (first.minutes == Minutes::Joined) != (second.minutes == Minutes::Joined) {
            return None;
        }
        let length = text.len() - rest.len() + second.length;
        Some(Self { first, second, length })
    }

    /// As the language writes it, where each hour is that of a clock of 24 hours.
    fn format(&self) -> String {
        format_interval(self.as_written())
    }

    fn as_written(&self) -> Interval {
        (self.first.minutes(), self.second.minutes())
    }

    /// The intervals that may be meant, where a time without `am` and `pm` may be that of a clock of twelve hours.
    fn readings(&self) -> Vec<Interval> {
        let has_24_hours =
            [&self.first, &self.second].iter().any(|clock| clock.hour > 12 && !clock.is_half_day);
        let of = |clock: &Clock| if has_24_hours { vec![clock.minutes()] } else { clock.readings() };
        let mut ends = of(&self.second);
        // Of `6pm-12pm`, midnight is meant more often than noon.
        if self.second.is_half_day && self.second.minutes() == DAY / 2 && self.first.minutes() >= DAY / 2 {
            ends.push(DAY);
        }
        pairs(&of(&self.first), &ends)
    }

    /// Which of two intervals is meant, if that is open. Each is written after `before`.
    pub(super) fn question(&self, before: &str) -> Option<String> {
        let readings = self.readings();
        let mut in_a_day: Vec<Interval> = readings.iter().copied().filter(|(from, to)| from < to).collect();
        let start = self.first.minutes();
        in_a_day.sort_by_key(|(from, to)| (to - from, *from != start));
        let written = |interval: &Interval| format!("`{before}{}`", format_interval(*interval));
        let (from, to) = self.as_written();
        match in_a_day.as_slice() {
            [] if readings.len() > 1 => {
                let mut overnight = readings;
                overnight.sort_by_key(|(from, to)| to + DAY - from);
                let intervals: Vec<String> = overnight.iter().take(2).map(written).collect();
                Some(format!("write {}", intervals.join(" or ")))
            }
            [only] if from >= to => Some(format!(
                "write {}, or {} if it goes on until the next morning",
                written(only),
                written(&(from, to))
            )),
            [one, other, ..] => Some(format!("write {} or {}", written(one), written(other))),
            _ => None,
        }
    }

    /// Whether there is only one reading that ends after it starts, also when one digit of an hour may be missing.
    fn is_certain(&self) -> bool {
        let (from, to) = self.as_written();
        let readings = pairs(&self.first.with_lost_digit(), &self.second.with_lost_digit());
        let in_a_day: Vec<&Interval> = readings.iter().filter(|(from, to)| from < to).collect();
        match in_a_day.as_slice() {
            // `22-6` goes on until the next morning.
            [] => from > to && readings.len() == 1,
            [only] => **only == (from, to),
            _ => false,
        }
    }
}

const DAY: u32 = 24 * 60;

fn pairs(starts: &[u32], ends: &[u32]) -> Vec<Interval> {
    starts.iter().flat_map(|start| ends.iter().map(move |end| (*start, *end))).collect()
}

fn format_interval((from, to): Interval) -> String {
    format!("{}-{}", format_minutes(from), format_minutes(to))
}

pub(super) fn format_minutes(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// How the minutes of a time are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Minutes {
    /// `9`
    None,
    /// `9:30`
    Separate,
    /// `0930`
    Joined,
}

/// `9`, `9:30`, `9.30`, `9h30`, `0930`, `9am`, `9:30 pm`, `noon`
pub(super) struct Clock {
    hour: u32,
    minute: u32,
    length: usize,
    /// How many digits the hour has.
    digits: usize,
    minutes: Minutes,
    /// `am` or `pm` was written.
    is_half_day: bool,
    /// It is `12am`, which is midnight, and often said for noon.
    is_twelve_am: bool,
    /// It ends an interval, so midnight is `24:00`.
    is_end: bool,
}

impl Clock {
    /// The time at the start of `text`.
    pub(super) fn read(text: &str, is_end: bool) -> Option<Self> {
        let word = leading(text, char::is_alphabetic);
        let midnight = if is_end { 24 } else { 0 };
        let named = match word.to_lowercase().as_str() {
            "noon" => Some(12),
            "midnight" => Some(midnight),
            _ => None,
        };
        if let Some(hour) = named {
            let length = word.len();
            return Some(Self {
                hour,
                minute: 0,
                length,
                digits: 2,
                minutes: Minutes::None,
                is_half_day: true,
                is_twelve_am: false,
                is_end,
            });
        }
        let mut digits = leading(text, |c| c.is_ascii_digit());
        let mut after = text.get(digits.len()..)?;
        let mut minutes_without_sign = None;
        // `0900`
        if let (4, Some((hour, minute))) = (digits.len(), digits.split_at_checked(2)) {
            minutes_without_sign = Some(minute.parse().ok().filter(|minute| *minute < 60)?);
            (digits, after) = (hour, text.get(4..)?);
            // `2026-12-24`
            if after.starts_with('-') && after.get(3..).is_some_and(|rest| rest.starts_with('-')) {
                return None;
            }
        }
        let mut hour: u32 = digits.parse().ok().filter(|hour| digits.len() <= 2 && *hour <= 24)?;
        let (minute, rest) = match minutes_without_sign {
            Some(minute) => (Some(minute), after),
            None => read_minutes(after)?,
        };
        let spaced = rest.trim_start_matches(' ');
        let half = leading(spaced, |c| c.is_alphabetic() || c == '.').to_lowercase();
        let is_half_day = matches!(half.trim_end_matches('.'), "am" | "pm" | "a.m" | "p.m");
        let is_clock = matches!(half.as_str(), "uhr" | "hrs" | "hours" | "h") && minute.is_some();
        let rest = if is_half_day || is_clock { spaced.get(half.len()..)? } else { rest };
        let is_twelve_am = is_half_day && hour == 12 && half.starts_with('a');
        if is_half_day {
            hour = match (hour, half.starts_with('p')) {
                (12, false) => midnight,
                (12, true) => 12,
                (1..=11, true) => hour + 12,
                (0..=11, false) => hour,
                _ => return None,
            };
        }
        let minutes = match (minutes_without_sign, minute) {
            (Some(_), _) => Minutes::Joined,
            (None, Some(_)) => Minutes::Separate,
            (None, None) => Minutes::None,
        };
        let goes_on = rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (!goes_on).then(|| Self {
            hour,
            minute: minute.unwrap_or(0),
            length: text.len() - rest.len(),
            digits: digits.len(),
            minutes,
            is_half_day,
            is_twelve_am,
            is_end,
        })
    }

    fn has_minutes(&self) -> bool {
        self.minutes != Minutes::None
    }

    fn minutes(&self) -> u32 {
        self.hour * 60 + self.minute
    }

    fn format(&self) -> String {
        format_minutes(self.minutes())
    }

    /// The moments that it may mean, the one of a clock of 24 hours first. `9` and `9:30` may be in the evening, `09:00`
    /// and `10:30` may not.
    pub(super) fn readings(&self) -> Vec<u32> {
        if self.is_twelve_am {
            return vec![self.minutes(), 12 * 60 + self.minute];
        }
        let is_short = self.digits == 1 || (self.hour >= 10 && !self.has_minutes());
        let other = match self.hour {
            1..=11 => Some(self.hour + 12),
            12 if self.is_end => Some(24),
            12 => Some(0),
            _ => None,
        };
        let other = other.filter(|_| is_short && !self.is_half_day).map(|hour| hour * 60 + self.minute);
        std::iter::once(self.minutes()).chain(other).collect()
    }

    /// The moments that it may mean if a digit of the hour is missing: in `9:00`, not in `9` or `9am`.
    fn with_lost_digit(&self) -> Vec<u32> {
        let may_lack_digit = self.digits == 1 && self.has_minutes() && !self.is_half_day;
        let most = if may_lack_digit { 2 } else { 0 };
        let hours = (0..=most).map(|tens| self.hour + 10 * tens).filter(|hour| *hour <= 24);
        hours.map(|hour| hour * 60 + self.minute).collect()
    }
}

/// The minutes after an hour, if there are any, and what follows them: `:30`, `.30`, `h30`, `h`.
fn read_minutes(text: &str) -> Option<(Option<u32>, &str)> {
    let Some(after) = text.strip_prefix([':', '.', 'h', 'H']) else { return Some((None, text)) };
    let digits = leading(after, |c| c.is_ascii_digit());
    if digits.len() == 2 {
        let minute = digits.parse().ok().filter(|minute| *minute < 60)?;
        return Some((Some(minute), after.get(2..)?));
    }
    let is_hour = text.starts_with(['h', 'H']) && digits.is_empty();
    Some(if is_hour { (Some(0), after) } else { (None, text) })
}
