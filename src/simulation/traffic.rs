//! The traffic of a simulation: who writes when, who is online when, and how long the work takes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::weighted_list::WeightedList;
use crate::language::vocabulary::Presence;
use crate::policy::AttributeValue;
use crate::policy::calendar::Calendar;
use crate::situation::{Message, Situation};

/// The traffic of a simulation, as a traffic file describes it.
#[derive(Debug, Clone)]
pub struct Traffic {
    /// The first day. It begins at midnight in `timezone`.
    pub start: Date,
    /// How many days are simulated.
    pub days: u32,
    /// The time zone of the days, and of what has no time zone of its own.
    pub timezone: TimeZone,
    /// A chat is closed after this long without a message.
    pub close_after: Duration,
    /// The processes by which customers write. Their rates add up.
    pub arrivals: Vec<ArrivalProcess>,
    /// The recorded messages that replace the processes, in order of time, each with its `number`; those without one are
    /// skipped.
    pub recorded: Option<Vec<RecordedArrival>>,
    /// How long the work on a chat takes.
    pub service: ServiceTimes,
    /// When users are online or away; at all other times they are offline.
    pub shifts: Vec<WorkShift>,
    /// Who the customers are.
    pub customers: CustomerMix,
    /// What they write.
    pub messages: Vec<MessageMix>,
}

/// A Poisson process of messages to one number: its rate depends on the hour.
#[derive(Debug, Clone)]
pub struct ArrivalProcess {
    /// The WhatsApp number, in E.164.
    pub number: Arc<str>,
    /// When messages arrive.
    pub hours: Calendar,
    /// The mean number of messages in an hour, by the hour of the day.
    pub per_hour: [f64; 24],
    /// The time zone of the hours.
    pub timezone: TimeZone,
}

/// A message of a log.
#[derive(Debug, Clone)]
pub struct RecordedArrival {
    /// The instant, in microseconds since 1970.
    pub at_micros: i64,
    /// Of the situation, only `number`, `customer` and `message` are used.
    pub situation: Situation,
}

/// How long the work on a chat takes, and how many chats a user works on at the same time.
#[derive(Debug, Clone, Default)]
pub struct ServiceTimes {
    /// The default.
    pub general: ServiceTime,
    /// For chats that came through a group, by its name.
    pub groups: BTreeMap<Arc<str>, ServiceTime>,
    /// For the chats of a user, whatever their group, by the user's id.
    pub users: BTreeMap<Arc<str>, ServiceTime>,
    /// How many chats a user works on at the same time, if no other entry says so.
    pub concurrency: u32,
    /// How many chats that user works on at the same time.
    pub user_concurrency: BTreeMap<Arc<str>, u32>,
}

/// The distribution of the time that a user works on a chat.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ServiceTime {
    /// Its kind.
    pub distribution: ServiceDistribution,
    /// The mean.
    pub mean: Duration,
    /// The standard deviation, of a log-normal distribution.
    pub standard_deviation: Duration,
}

impl Default for ServiceTime {
    fn default() -> Self {
        const MINUTES: Duration = Duration::from_secs(5 * 60);
        Self { distribution: ServiceDistribution::LogNormal, mean: MINUTES, standard_deviation: MINUTES }
    }
}

/// The kind of a distribution of service times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServiceDistribution {
    /// Exponential: memoryless, with the standard deviation equal to the mean.
    Exponential,
    /// The logarithm is normally distributed.
    LogNormal,
    /// Always the mean.
    Fixed,
}

/// When some users are online or away.
#[derive(Debug, Clone)]
pub struct WorkShift {
    /// The users' ids.
    pub users: Vec<Arc<str>>,
    /// The hours.
    pub hours: Calendar,
    /// Online or away. Where shifts overlap, online counts.
    pub presence: Presence,
    /// The time zone of the hours.
    pub timezone: TimeZone,
}

/// Who the customers are.
#[derive(Debug, Clone)]
pub struct CustomerMix {
    /// The share of messages that are the first of a new customer. The others are of customers who have written before, each
    /// with the same probability.
    pub new_share: f64,
    /// How many customers have written before the first day.
    pub returning: u32,
    /// The share of those who have an owner.
    pub owned_share: f64,
    /// The users who own them; none: the members of the groups that the policy of the number names.
    pub owners: Vec<Arc<str>>,
    /// The mean number of further messages that a customer writes in a chat while it is open.
    pub follow_ups: f64,
    /// The mean time between these messages.
    pub follow_up_after: Duration,
    /// Countries, as ISO 3166-1 alpha-2; an empty text means unknown.
    pub country: WeightedList<String>,
    /// Languages, as primary tags of BCP 47; an empty text means unknown.
    pub language: WeightedList<String>,
    /// Names; an empty text means unknown.
    pub name: WeightedList<String>,
    /// Phone numbers; an empty text means unknown.
    pub phone: WeightedList<String>,
    /// The share of customers who carry a tag.
    pub tags: Vec<(String, f64)>,
    /// The attributes of `inbox.toml`; `None`: the customer does not have it.
    pub attributes: Vec<(String, WeightedList<Option<AttributeValue>>)>,
}

impl Default for CustomerMix {
    fn default() -> Self {
        Self {
            new_share: 0.4,
            returning: 200,
            owned_share: 0.7,
            owners: Vec::new(),
            follow_ups: 0.0,
            follow_up_after: Duration::from_secs(60),
            country: WeightedList::default(),
            language: WeightedList::default(),
            name: WeightedList::default(),
            phone: WeightedList::default(),
            tags: Vec::new(),
            attributes: Vec::new(),
        }
    }
}

/// A message that customers write.
#[derive(Debug, Clone)]
pub struct MessageMix {
    /// How often it is written, relative to the others.
    pub weight: f64,
    /// The number to which it is written; `None`: to each.
    pub number: Option<Arc<str>>,
    /// Whether it is written only in an open chat; the others only begin one.
    pub is_follow_up: bool,
    /// The message.
    pub message: Message,
}
