//! The default traffic file. It is text, so that users can start from it.

use std::collections::BTreeSet;
use std::fmt::Write;

use jiff::tz::TimeZone;

use super::rule_set_names::RuleSetNames;
use crate::inbox::UserId;
use crate::load::RuleSet;
use crate::policy::{Policy, Target};
use crate::text::quoted;

/// The number that customers write to, where the rules are those of every number.
const ANY_NUMBER: &str = "+15550199";

/// A complete traffic file for these rules: customers write to each number by day, and the users whom its rules name are online
/// from nine to six, in the time zone of its rules.
pub fn default_traffic(set: &RuleSet) -> String {
    let numbers = RuleSetNames { sets: &[set] }.numbers();
    let numbers: Vec<&str> =
        if numbers.is_empty() { vec![ANY_NUMBER] } else { numbers.iter().map(|number| &**number).collect() };
    let mut out = String::new();
    let _ = write!(
        out,
        "# Traffic for `rules simulate`. Hours are written as in rules, and weights are relative to one another.\n\n\
         start = 2026-01-05                  # the first day, a Monday\n\
         days = 7\n\
         timezone = {}\n\
         close_after = \"24h\"                 # a chat without a message for this long is closed\n\
         #                                  (longer than a night, so that users can answer in the morning)\n\n\
         # Messages of customers: a Poisson process for each entry. `per_hour` may be a list of 24, one for each hour.\n",
        quoted(zone_name(&set.inbox().timezone)),
    );
    for number in &numbers {
        let zone = set.policy(number).map_or(&set.inbox().timezone, |policy| &policy.timezone);
        let _ = write!(
            out,
            "\n[[arrivals]]\nnumber = {}\nhours = \"08:00-20:00\"\nper_hour = 12\ntimezone = {}\n",
            quoted(number),
            quoted(zone_name(zone)),
        );
    }
    out += "\n# How long a user works on a chat: `lognormal`, `exponential` or `fixed`. A group or a user can have times of their\n\
            # own, as in [service.groups.Sales] and [service.users.alice].\n\n\
            [service]\n\
            distribution = \"lognormal\"\n\
            mean = \"5m\"\n\
            standard_deviation = \"5m\"\n\
            concurrency = 1                     # chats that a user works on at the same time\n\n\
            # When users are online: `users` or a `group`. Nobody is online outside their shifts.\n";
    for (zone, users) in shifts(set, &numbers) {
        let users: Vec<String> = users.iter().map(|id| quoted(&set.inbox().user(*id).id)).collect();
        let _ = write!(
            out,
            "\n[[shifts]]\nusers = [{}]\nhours = \"09:00-18:00\"\ntimezone = {}\n",
            users.join(", "),
            quoted(&zone),
        );
    }
    out += "\n[customers]\n\
            new_share = 0.4                     # the share of messages that are the first of a new customer\n\
            returning = 200                     # customers of each number who have written before\n\
            owned_share = 0.7                   # the share of those who have an owner\n\
            follow_ups = 0                      # further messages that a customer writes in an open chat, on average\n\
            follow_up_after = \"1m\"\n\
            # language = { ar = 6, en = 3, \"\" = 1 }   # \"\" means unknown; `country`, `name` and `phone` work the same way\n\
            # tags = { vip = 0.05 }                   # the share of customers who carry a tag\n\
            # attributes.tier = { gold = 1, silver = 3, \"\" = 6 }\n\n\
            # What customers write. An entry can have a `weight` and every field of a message that a rule can test. One with `follow_up = true` is\n\
            # written only in an open chat, and one with a `number` only to that number.\n\n\
            [[messages]]\n\
            text = \"Hello\"\n";
    out
}

/// The users whom the policies of the numbers name, by the time zone of the policy.
fn shifts(set: &RuleSet, numbers: &[&str]) -> Vec<(String, Vec<UserId>)> {
    let mut shifts: Vec<(String, Vec<UserId>)> = Vec::new();
    for policy in numbers.iter().filter_map(|number| set.policy(number)) {
        let zone = zone_name(&policy.timezone);
        let place = shifts.iter().position(|(name, _)| name == zone).unwrap_or_else(|| {
            shifts.push((zone.to_owned(), Vec::new()));
            shifts.len() - 1
        });
        let Some((_, users)) = shifts.get_mut(place) else { continue };
        for user in users_of(set, policy) {
            if !users.contains(&user) {
                users.push(user);
            }
        }
    }
    shifts.retain(|(_, users)| !users.is_empty());
    shifts
}

/// The users whom the rules of a policy name, and the members of its groups, in the order of the inbox.
pub(super) fn users_of(set: &RuleSet, policy: &Policy) -> BTreeSet<UserId> {
    let assigns = policy.rules.iter().filter_map(|rule| rule.assign.as_ref());
    let mut users = BTreeSet::new();
    for alternative in assigns.flat_map(|assign| &assign.alternatives) {
        match &alternative.target {
            Target::User { user, .. } => drop(users.insert(*user)),
            Target::Group(target) => users.extend(&set.inbox().group(target.group).members),
            Target::Owner { .. } | Target::Nobody => {}
        }
    }
    users
}

fn zone_name(zone: &TimeZone) -> &str {
    zone.iana_name().unwrap_or("UTC")
}
