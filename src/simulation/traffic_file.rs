//! A traffic file → the traffic. Each mistake becomes a finding, and the rest of the file is still read.

use std::collections::{BTreeSet, HashSet};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use toml::de::DeValue;

use super::arrivals::message_mix;
use super::rule_set_names::RuleSetNames;
use super::traffic::{
    ArrivalProcess, CustomerMix, MessageMix, ServiceDistribution, ServiceTime, ServiceTimes, Traffic,
    WorkShift,
};
use super::traffic_entry::{
    attribute_value, attribute_weights, choice, coded, date, duration, hours, number, timezone, weights,
    whole,
};
use crate::diagnostic::{Code, Finding};
use crate::inbox::{TomlEntry, TomlReader, read_toml};
use crate::language::vocabulary::{BuiltIn, MessageKind, Presence};
use crate::load::RuleSet;
use crate::policy::calendar::Calendar;
use crate::situation::Message;
use crate::text::Source;

const TOP_KEYS: [&str; 4] = ["start", "days", "timezone", "close_after"];
const KEYS: [&str; 9] =
    ["start", "days", "timezone", "close_after", "arrivals", "service", "shifts", "customers", "messages"];
const SECOND: Duration = Duration::from_secs(1);
/// The longest simulation.
pub(crate) const MAX_DAYS: u32 = 366;
/// The years that are simulated.
pub(crate) const YEARS: RangeInclusive<i16> = 1970..=2200;
/// More customers than this are not simulated.
const MAX_CUSTOMERS: u64 = 10_000_000;
/// More messages than this are not simulated.
const MAX_MESSAGES: f64 = 20_000_000.0;

impl Traffic {
    /// Reads a traffic file for these sets of rules. It never fails: the traffic has everything that could be read, and the
    /// findings say what is wrong. A name must be known to one of the sets, at least.
    pub fn parse(source: &Source, sets: &[&RuleSet]) -> (Self, Vec<Finding>) {
        let names = RuleSetNames { sets };
        read_toml(source, &TOP_KEYS, |entries, _, reader| {
            let mut traffic = Self::empty(names.timezone());
            // Other entries begin with the time zone.
            for entry in entries.iter().filter(|entry| entry.key == "timezone") {
                traffic.timezone = timezone(entry, reader).unwrap_or(traffic.timezone);
            }
            let cx = FileContext { source, names };
            for entry in entries {
                cx.entry(entry, &mut traffic, reader);
            }
            FileContext::limit(entries, &traffic, reader);
            FileContext::limit_customers(entries, &traffic, reader);
            FileContext::opening_messages(entries, &traffic, reader);
            traffic
        })
    }

    /// Nobody writes, and nobody is online.
    pub(super) fn empty(timezone: TimeZone) -> Self {
        const HOUR: Duration = Duration::from_secs(60 * 60);
        Self {
            start: Date::constant(2026, 1, 5),
            days: 7,
            timezone,
            close_after: 24 * HOUR,
            arrivals: Vec::new(),
            recorded: None,
            service: ServiceTimes { concurrency: 1, ..ServiceTimes::default() },
            shifts: Vec::new(),
            customers: CustomerMix::default(),
            messages: Vec::new(),
        }
    }
}

struct FileContext<'a> {
    source: &'a Source,
    names: RuleSetNames<'a>,
}

impl FileContext<'_> {
    fn entry(&self, entry: &TomlEntry<'_>, traffic: &mut Traffic, reader: &mut TomlReader) {
        match entry.key {
            "start" => traffic.start = date(entry, "start = 2026-01-05", reader).unwrap_or(traffic.start),
            "days" => traffic.days = whole(entry, (1, MAX_DAYS), "days = 7", reader).unwrap_or(traffic.days),
            "timezone" => {}
            "close_after" => {
                let read = duration(entry, SECOND, "close_after = \"24h\"", reader);
                traffic.close_after = read.unwrap_or(traffic.close_after);
            }
            "arrivals" => {
                let arrivals = sections(entry, "[[arrivals]]", reader);
                traffic.arrivals = arrivals
                    .iter()
                    .filter_map(|arrival| self.arrivals(arrival, &traffic.timezone, reader))
                    .collect();
            }
            "service" => traffic.service = self.service(entry, reader),
            "shifts" => {
                let shifts = sections(entry, "[[shifts]]", reader);
                traffic.shifts =
                    shifts.iter().filter_map(|shift| self.shift(shift, &traffic.timezone, reader)).collect();
            }
            "customers" => traffic.customers = self.customers(entry, reader),
            "messages" => {
                let messages = sections(entry, "[[messages]]", reader);
                traffic.messages =
                    messages.iter().filter_map(|message| self.message(message, reader)).collect();
            }
            _ => reader.unknown_key(entry, &KEYS, "a traffic file"),
        }
    }

    /// A number that some set has a policy for.
    fn number(&self, entry: &TomlEntry<'_>, reader: &mut TomlReader) -> Option<Arc<str>> {
        let text = reader.non_empty_text(entry, "number = \"+15550100\"")?;
        self.names.check_number(&text, entry.span, reader).then(|| text.into())
    }

    /// `[[arrivals]]`
    fn arrivals(
        &self,
        section: &TomlSection<'_>,
        zone: &TimeZone,
        reader: &mut TomlReader,
    ) -> Option<ArrivalProcess> {
        const PER_HOUR: &str = "per_hour = 12";
        let (mut to, mut calendar, mut rates, mut timezone_of_hours) = (None, None, None, None);
        let (mut has_number, mut has_hours, mut has_per_hour) = (false, false, false);
        for field in &section.fields {
            match field.key {
                "number" => (to, has_number) = (self.number(field, reader), true),
                "hours" => (calendar, has_hours) = (hours(field, self.source, reader), true),
                "per_hour" => (rates, has_per_hour) = (per_hour(field, reader), true),
                "timezone" => timezone_of_hours = timezone(field, reader),
                _ => {
                    reader.unknown_key(field, &["number", "hours", "per_hour", "timezone"], "`[[arrivals]]`");
                }
            }
        }
        if !has_number {
            section.lacks("number", "number = \"+15550100\"", reader);
        }
        if !has_per_hour {
            section.lacks("per_hour", PER_HOUR, reader);
        }
        let calendar = if has_hours { calendar? } else { Calendar::always() };
        Some(ArrivalProcess {
            number: to?,
            hours: calendar,
            per_hour: rates?,
            timezone: timezone_of_hours.unwrap_or_else(|| zone.clone()),
        })
    }

    /// `[service]`
    fn service(&self, section: &TomlEntry<'_>, reader: &mut TomlReader) -> ServiceTimes {
        const NAMES: [&str; 6] =
            ["distribution", "mean", "standard_deviation", "concurrency", "groups", "users"];
        let fields = reader.section(section, "[service]");
        let mut plan = ServiceTimes { concurrency: 1, ..ServiceTimes::default() };
        plan.general = service_time(&fields, ServiceTime::default(), reader);
        for field in &fields {
            match field.key {
                "distribution" | "mean" | "standard_deviation" => {}
                "concurrency" => plan.concurrency = concurrency(field, reader).unwrap_or(plan.concurrency),
                "groups" => {
                    for group in reader.section(field, "[service.groups.Sales]") {
                        let is_known = self.names.check_group(group.key, group.key_span, reader);
                        let inner = reader.section(&group, "[service.groups.Sales]");
                        let time = service_time(&inner, plan.general, reader);
                        for unknown in inner.iter().filter(|field| !is_service_time(field.key)) {
                            reader.unknown_key(unknown, &NAMES[..3], "the service time of a group");
                        }
                        if is_known {
                            plan.groups.insert(group.key.into(), time);
                        }
                    }
                }
                "users" => {
                    for user in reader.section(field, "[service.users.alice]") {
                        let is_known = self.names.check_user(user.key, user.key_span, reader);
                        let inner = reader.section(&user, "[service.users.alice]");
                        let time = service_time(&inner, plan.general, reader);
                        for field in inner.iter().filter(|field| !is_service_time(field.key)) {
                            if field.key != "concurrency" {
                                reader.unknown_key(field, &NAMES[..4], "the service time of a user");
                            } else if let Some(count) = concurrency(field, reader).filter(|_| is_known) {
                                plan.user_concurrency.insert(user.key.into(), count);
                            }
                        }
                        if is_known && inner.iter().any(|field| is_service_time(field.key)) {
                            plan.users.insert(user.key.into(), time);
                        }
                    }
                }
                _ => reader.unknown_key(field, &NAMES, "`[service]`"),
            }
        }
        plan
    }

    /// `[[shifts]]`
    fn shift(
        &self,
        section: &TomlSection<'_>,
        zone: &TimeZone,
        reader: &mut TomlReader,
    ) -> Option<WorkShift> {
        const WORDS: [(&str, Presence); 2] = [("online", Presence::Online), ("away", Presence::Away)];
        let (mut users, mut calendar, mut timezone_of_hours) = (Vec::new(), None, None);
        let (mut has_hours, mut presence) = (false, Presence::Online);
        let is_of_users = |field: &&TomlEntry<'_>| matches!(field.key, "users" | "group");
        let fields_of_users: Vec<_> = section.fields.iter().filter(is_of_users).collect();
        for field in &section.fields {
            match field.key {
                "users" => {
                    let list = reader.list(field, "users = [\"alice\", \"bob\"]");
                    if list.is_empty() && matches!(field.value, DeValue::Array(_)) {
                        let message = "`users` is empty, so that nobody has this shift".to_owned();
                        let help = "write the users, as in `users = [\"alice\", \"bob\"]`";
                        reader.report(reader.error(Code::MissingSetting, field.span, message).help(help));
                    }
                    for user in list {
                        let Some(id) = reader.text(&user, "users = [\"alice\"]") else { continue };
                        if self.names.check_user(id, user.span, reader) {
                            users.push(id.into());
                        }
                    }
                }
                "group" => {
                    let Some(name) = reader.text(field, "group = \"Sales\"") else { continue };
                    if self.names.check_group(name, field.span, reader) {
                        users.extend(self.names.members(name));
                    }
                }
                "hours" => (calendar, has_hours) = (hours(field, self.source, reader), true),
                "presence" if matches!(field.value, DeValue::String(word) if word == "offline") => {
                    let message = "`presence` cannot be `offline`".to_owned();
                    let help = "write `online` or `away`; without a shift a user is offline";
                    reader.report(reader.error(Code::UnknownValue, field.span, message).help(help));
                }
                "presence" => {
                    presence = choice(field, &WORDS, "presence = \"online\"", reader).unwrap_or(presence);
                }
                "timezone" => timezone_of_hours = timezone(field, reader),
                _ => reader.unknown_key(
                    field,
                    &["users", "group", "hours", "presence", "timezone"],
                    "`[[shifts]]`",
                ),
            }
        }
        if let [first, second, ..] = &*fields_of_users {
            let message = format!("this `[[shifts]]` has both `{}` and `{}`", first.key, second.key);
            let help = "write a `[[shifts]]` for each";
            reader.report(reader.error(Code::Syntax, second.key_span, message).help(help));
        }
        if fields_of_users.is_empty() {
            section.lacks("users", "users = [\"alice\", \"bob\"]` or `group = \"Sales\"", reader);
        }
        let hours = if has_hours { calendar? } else { Calendar::always() };
        Some(WorkShift {
            users,
            hours,
            presence,
            timezone: timezone_of_hours.unwrap_or_else(|| zone.clone()),
        })
    }

    /// `[customers]`
    fn customers(&self, section: &TomlEntry<'_>, reader: &mut TomlReader) -> CustomerMix {
        const NAMES: [&str; 12] = [
            "new_share",
            "returning",
            "owned_share",
            "owners",
            "follow_ups",
            "follow_up_after",
            "country",
            "language",
            "name",
            "phone",
            "tags",
            "attributes",
        ];
        const SHARE: (f64, f64) = (0.0, 1.0);
        let mut mix = CustomerMix::default();
        for field in &reader.section(section, "[customers]") {
            match field.key {
                "new_share" => {
                    mix.new_share = number(field, SHARE, "new_share = 0.4", reader).unwrap_or(mix.new_share);
                }
                "returning" => {
                    mix.returning =
                        whole(field, (0, 10_000_000), "returning = 200", reader).unwrap_or(mix.returning);
                }
                "owned_share" => {
                    mix.owned_share =
                        number(field, SHARE, "owned_share = 0.7", reader).unwrap_or(mix.owned_share);
                }
                "owners" => {
                    for user in reader.list(field, "owners = [\"alice\", \"bob\"]") {
                        let Some(id) = reader.text(&user, "owners = [\"alice\"]") else { continue };
                        if self.names.check_user(id, user.span, reader) {
                            mix.owners.push(id.into());
                        }
                    }
                }
                "follow_ups" => {
                    let read = number(field, (0.0, 50.0), "follow_ups = 1.5", reader);
                    mix.follow_ups = read.unwrap_or(mix.follow_ups);
                }
                "follow_up_after" => {
                    let read = duration(field, SECOND, "follow_up_after = \"1m\"", reader);
                    mix.follow_up_after = read.unwrap_or(mix.follow_up_after);
                }
                "country" => {
                    mix.country = coded(field, BuiltIn::Country, "country = { EG = 9, SA = 1 }", reader);
                }
                "language" => {
                    let form = "language = { ar = 9, en = 1 }";
                    mix.language = coded(field, BuiltIn::Language, form, reader);
                }
                "name" => mix.name = weights(field, "name = { Mona = 1, Karim = 1 }", reader),
                "phone" => {
                    let form = "phone = { \"+201001234567\" = 1 }";
                    mix.phone = coded(field, BuiltIn::Phone, form, reader);
                }
                "tags" => {
                    for tag in reader.section(field, "tags = { vip = 0.05 }") {
                        let share = number(&tag, SHARE, "vip = 0.05", reader);
                        if !reader.check_not_empty(tag.key, tag.key_span, "a tag has no name") {
                            continue;
                        }
                        mix.tags.extend(share.map(|share| (tag.key.to_owned(), share)));
                    }
                }
                "attributes" => {
                    for attribute in reader.section(field, "[customers.attributes]") {
                        let Some(kind) = self.names.attribute(attribute.key, attribute.key_span, reader)
                        else {
                            continue;
                        };
                        let values = attribute_weights(&attribute, kind, reader);
                        mix.attributes.push((attribute.key.to_owned(), values));
                    }
                }
                _ => reader.unknown_key(field, &NAMES, "`[customers]`"),
            }
        }
        mix
    }

    /// `[[messages]]`
    fn message(&self, section: &TomlSection<'_>, reader: &mut TomlReader) -> Option<MessageMix> {
        const NAMES: [&str; 11] = [
            "weight",
            "number",
            "follow_up",
            "text",
            "kind",
            "age",
            "ad",
            "ad_text",
            "button",
            "forwarded",
            "attributes",
        ];
        let mut mix =
            MessageMix { weight: 1.0, number: None, is_follow_up: false, message: Message::default() };
        let mut is_sound = true;
        for field in &section.fields {
            let message = &mut mix.message;
            let mut text = |form: &str| reader.text(field, form).map(str::to_owned);
            match field.key {
                "text" => message.text = text("text = \"Where is my order?\""),
                "ad" => message.ad = text("ad = \"120210\""),
                "ad_text" => message.ad_text = text("ad_text = \"Spring sale\""),
                "button" => message.button = text("button = \"yes\""),
                "weight" => {
                    mix.weight = number(field, (0.0, 1e9), "weight = 3", reader).unwrap_or(mix.weight);
                }
                "number" => {
                    mix.number = self.number(field, reader);
                    is_sound &= mix.number.is_some();
                }
                "follow_up" => {
                    mix.is_follow_up = reader.boolean(field, "follow_up = true").unwrap_or(mix.is_follow_up);
                }
                "kind" => {
                    let kinds: Vec<_> = MessageKind::ALL.iter().map(|kind| (kind.word(), *kind)).collect();
                    message.kind = choice(field, &kinds, "kind = \"image\"", reader).unwrap_or(message.kind);
                }
                "age" => {
                    let age = duration(field, Duration::ZERO, "age = \"2h\"", reader);
                    message.age_seconds = age.map_or(0, |age| age.as_secs());
                }
                "forwarded" => {
                    message.forwarded = reader.boolean(field, "forwarded = true").unwrap_or_default();
                }
                "attributes" => {
                    for attribute in reader.section(field, "attributes = { campaign = \"eid\" }") {
                        let kind = self.names.message_attribute(attribute.key, attribute.key_span, reader);
                        let value = kind.and_then(|kind| attribute_value(&attribute, kind, reader));
                        message.attributes.extend(value.map(|value| (attribute.key.to_owned(), value)));
                    }
                }
                _ => reader.unknown_key(field, &NAMES, "`[[messages]]`"),
            }
        }
        is_sound.then_some(mix)
    }

    /// Reports customers that would need too much memory.
    fn limit_customers(entries: &[TomlEntry<'_>], traffic: &Traffic, reader: &mut TomlReader) {
        let Some(customers) = entries.iter().find(|entry| entry.key == "customers") else { return };
        let numbers: HashSet<&str> = traffic.arrivals.iter().map(|process| &*process.number).collect();
        let all = numbers.len() as u64 * u64::from(traffic.customers.returning);
        if all > MAX_CUSTOMERS {
            let message = format!(
                "`returning` makes {} million customers with {} numbers; the limit is 10 million",
                all / 1_000_000,
                numbers.len()
            );
            let help = "write fewer customers for each number";
            reader.report(reader.error(Code::InvalidNumber, customers.key_span, message).help(help));
        }
    }

    /// Reports `[[messages]]` of which none can open a chat with a number.
    fn opening_messages(entries: &[TomlEntry<'_>], traffic: &Traffic, reader: &mut TomlReader) {
        let Some(messages) = entries.iter().find(|entry| entry.key == "messages") else { return };
        if traffic.messages.is_empty() {
            return;
        }
        if traffic.messages.iter().all(|message| message.weight <= 0.0) {
            let message = "the weights of `[[messages]]` are all 0".to_owned();
            let help = "write how often each occurs, relative to the others";
            return reader.report(reader.error(Code::InvalidNumber, messages.key_span, message).help(help));
        }
        let numbers = traffic.arrivals.iter().map(|process| &process.number);
        let lacking = |number: &&Arc<str>| message_mix(traffic, number, false).is_empty();
        let help = "write a `[[messages]]` with a weight and without `follow_up = true`, for every number";
        if traffic.messages.iter().all(|message| message.is_follow_up) {
            let message = "all `[[messages]]` are follow-ups, so that none opens a chat".to_owned();
            reader.report(reader.error(Code::MissingSetting, messages.key_span, message).help(help));
        } else if let Some(number) = numbers.collect::<BTreeSet<_>>().into_iter().find(lacking) {
            let message = format!("none of the `[[messages]]` opens a chat with `{number}`");
            reader.report(reader.error(Code::MissingSetting, messages.key_span, message).help(help));
        }
    }

    /// Reports traffic that would take too long.
    fn limit(entries: &[TomlEntry<'_>], traffic: &Traffic, reader: &mut TomlReader) {
        let Some(arrivals) = entries.iter().find(|entry| entry.key == "arrivals") else { return };
        let daily = |process: &ArrivalProcess| process.per_hour.iter().sum::<f64>();
        let most = traffic.arrivals.iter().map(daily).sum::<f64>() * f64::from(traffic.days);
        let with_follow_ups = most * (1.0 + traffic.customers.follow_ups);
        if with_follow_ups > MAX_MESSAGES {
            let message = format!(
                "this traffic can have {:.0} million messages; the limit is 20 million",
                with_follow_ups / 1e6
            );
            let help = "simulate fewer days, or write fewer messages in an hour";
            reader.report(reader.error(Code::InvalidNumber, arrivals.key_span, message).help(help));
        }
    }
}

/// The fields of a service time; what is not written is as in `general`.
fn service_time(fields: &[TomlEntry<'_>], general: ServiceTime, reader: &mut TomlReader) -> ServiceTime {
    const KINDS: [(&str, ServiceDistribution); 3] = [
        ("exponential", ServiceDistribution::Exponential),
        ("lognormal", ServiceDistribution::LogNormal),
        ("fixed", ServiceDistribution::Fixed),
    ];
    let mut time = general;
    let mut deviation = None;
    for field in fields {
        match field.key {
            "distribution" => {
                let read = choice(field, &KINDS, "distribution = \"lognormal\"", reader);
                time.distribution = read.unwrap_or(time.distribution);
            }
            "mean" => time.mean = duration(field, SECOND, "mean = \"5m\"", reader).unwrap_or(time.mean),
            "standard_deviation" => {
                deviation = Some(field);
                let read = duration(field, SECOND, "standard_deviation = \"3m\"", reader);
                time.standard_deviation = read.unwrap_or(time.standard_deviation);
            }
            _ => {}
        }
    }
    if let Some(field) = deviation.filter(|_| time.distribution != ServiceDistribution::LogNormal) {
        let message = "only a log-normal distribution has a `standard_deviation` of its own".to_owned();
        reader.report(
            reader
                .error(Code::UnknownValue, field.key_span, message)
                .help("remove it, or write `distribution = \"lognormal\"`"),
        );
    }
    time
}

fn concurrency(field: &TomlEntry<'_>, reader: &mut TomlReader) -> Option<u32> {
    whole(field, (1, 1000), "concurrency = 1", reader)
}

fn is_service_time(key: &str) -> bool {
    matches!(key, "distribution" | "mean" | "standard_deviation")
}

/// One number for each hour, or a list of 24.
fn per_hour(entry: &TomlEntry<'_>, reader: &mut TomlReader) -> Option<[f64; 24]> {
    const RANGE: (f64, f64) = (0.0, 1e6);
    const FORM: &str = "per_hour = 12";
    if !matches!(entry.value, DeValue::Array(_)) {
        return number(entry, RANGE, FORM, reader).map(|rate| [rate; 24]);
    }
    let list = reader.list(entry, FORM);
    let rates: Vec<f64> = list.iter().filter_map(|rate| number(rate, RANGE, FORM, reader)).collect();
    if list.len() != 24 {
        let message =
            format!("`per_hour` has {} numbers, and needs 24: one for each hour of the day", list.len());
        let help = "the first is that of 00:00 to 01:00; a single number applies to every hour";
        reader.report(reader.error(Code::InvalidNumber, entry.span, message).help(help));
    }
    rates.try_into().ok()
}

/// `[[name]]`: one of several sections of the same name
struct TomlSection<'a> {
    name: &'static str,
    fields: Vec<TomlEntry<'a>>,
    span: crate::text::Span,
}

impl TomlSection<'_> {
    fn lacks(&self, key: &str, form: &str, reader: &mut TomlReader) {
        let message = format!("this `{}` has no `{key}`", self.name);
        reader.report(
            reader.error(Code::MissingSetting, self.span, message).help(format!("write it as `{form}`")),
        );
    }
}

/// The sections of one name.
fn sections<'a>(entry: &TomlEntry<'a>, name: &'static str, reader: &mut TomlReader) -> Vec<TomlSection<'a>> {
    if let DeValue::Table(_) = entry.value {
        let message = format!("`{name}` can be repeated, so its name needs double brackets");
        reader.report(
            reader.error(Code::Syntax, entry.key_span, message).help(format!("write the line as `{name}`")),
        );
        return Vec::new();
    }
    let list = reader.list(entry, name);
    let section =
        |entry: TomlEntry<'a>| TomlSection { name, fields: reader.section(&entry, name), span: entry.span };
    list.into_iter().map(section).collect()
}
