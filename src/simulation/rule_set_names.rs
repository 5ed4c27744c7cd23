//! The names that a traffic file may use: those of the rules that it is for.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::diagnostic::{Code, Finding, nearest, one_of};
use crate::inbox::{AttributeKind, Inbox, TomlReader, is_e164};
use crate::load::RuleSet;
use crate::text::Span;

/// The names that at least one of these sets has.
#[derive(Clone, Copy)]
pub(super) struct RuleSetNames<'a> {
    pub(super) sets: &'a [&'a RuleSet],
}

impl<'a> RuleSetNames<'a> {
    fn inboxes(self) -> impl Iterator<Item = &'a Inbox> {
        self.sets.iter().map(|set| set.inbox())
    }

    /// The time zone of the first inbox.
    pub(super) fn timezone(self) -> TimeZone {
        self.inboxes().next().map_or(TimeZone::UTC, |inbox| inbox.timezone.clone())
    }

    /// The members of a group.
    pub(super) fn members(self, name: &str) -> Vec<Arc<str>> {
        let (mut members, mut seen) = (Vec::new(), HashSet::new());
        for inbox in self.inboxes() {
            let group = inbox.group_id(name).map(|id| inbox.group(id));
            for member in group.into_iter().flat_map(|group| &group.members) {
                let id = &inbox.user(*member).id;
                if seen.insert(id) {
                    members.push(Arc::clone(id));
                }
            }
        }
        members
    }

    /// Whether there is a user of that id; if not, it is reported.
    pub(super) fn check_user(self, id: &str, span: Span, reader: &mut TomlReader) -> bool {
        if self.inboxes().any(|inbox| inbox.user_id(id).is_some()) {
            return true;
        }
        let candidates = || self.inboxes().flat_map(|inbox| inbox.users.iter().map(|user| &*user.id));
        let finding = reader.error(Code::UnknownUser, span, format!("the inbox has no user called `{id}`"));
        report_unknown(finding, id, "users", candidates, span, reader);
        false
    }

    /// Whether there is a group of that name; if not, it is reported.
    pub(super) fn check_group(self, name: &str, span: Span, reader: &mut TomlReader) -> bool {
        if self.inboxes().any(|inbox| inbox.group_id(name).is_some()) {
            return true;
        }
        let candidates = || self.inboxes().flat_map(|inbox| inbox.groups.iter().map(|group| &*group.name));
        let finding =
            reader.error(Code::UnknownGroup, span, format!("the inbox has no group called `{name}`"));
        report_unknown(finding, name, "groups", candidates, span, reader);
        false
    }

    /// Whether the number has a policy; if not, it is reported.
    pub(super) fn check_number(self, number: &str, span: Span, reader: &mut TomlReader) -> bool {
        if !is_e164(number) {
            let message = format!("`{number}` is not a full phone number");
            let help = "write `+`, the country code and the number, as in `+15550100`";
            reader.report(reader.error(Code::InvalidNumber, span, message).help(help));
            return false;
        }
        if self.sets.iter().any(|set| set.policy(number).is_some()) {
            return true;
        }
        let numbers: Vec<String> = self.numbers().iter().map(ToString::to_string).collect();
        let candidates = || numbers.iter().map(String::as_str);
        let message = format!("`{number}` has no rules");
        let finding = reader.error(Code::UnknownValue, span, message);
        report_unknown(finding, number, "numbers", candidates, span, reader);
        false
    }

    /// The numbers that have rules: those of the inboxes, and those that files are named after.
    pub(super) fn numbers(self) -> Vec<Arc<str>> {
        let mut numbers: Vec<Arc<str>> = Vec::new();
        for set in self.sets {
            let files = set.policies().map(|policy| policy.file.trim_end_matches(".rules"));
            let all = set.inbox().numbers.keys().map(String::as_str).chain(files);
            for number in all.filter(|number| is_e164(number) && set.policy(number).is_some()) {
                if !numbers.iter().any(|known| **known == *number) {
                    numbers.push(number.into());
                }
            }
        }
        numbers
    }

    /// The kind of an attribute of customers; one that is not known is reported.
    pub(super) fn attribute(
        self,
        name: &str,
        span: Span,
        reader: &mut TomlReader,
    ) -> Option<&'a AttributeKind> {
        let find = |inbox: &'a Inbox| inbox.attribute_id(name).map(|id| &inbox.attribute(id).kind);
        let found = self.inboxes().find_map(find);
        if found.is_none() {
            let candidates =
                || self.inboxes().flat_map(|inbox| inbox.attributes.iter().map(|one| &*one.name));
            let message = format!("customers have no attribute `{name}`");
            let finding = reader.error(Code::UnknownAttribute, span, message);
            report_unknown(finding, name, "attributes", candidates, span, reader);
        }
        found
    }

    /// The kind of an attribute of messages; one that is not known is reported.
    pub(super) fn message_attribute(
        self,
        name: &str,
        span: Span,
        reader: &mut TomlReader,
    ) -> Option<&'a AttributeKind> {
        let find =
            |inbox: &'a Inbox| inbox.message_attribute_id(name).map(|id| &inbox.message_attribute(id).kind);
        let found = self.inboxes().find_map(find);
        if found.is_none() {
            let candidates =
                || self.inboxes().flat_map(|inbox| inbox.message_attributes.iter().map(|one| &*one.name));
            let message = format!("messages have no attribute `{name}`");
            let finding = reader.error(Code::UnknownAttribute, span, message);
            report_unknown(finding, name, "attributes", candidates, span, reader);
        }
        found
    }
}

/// Reports that there is no such name, with the nearest one, or those that there are.
fn report_unknown<'n, C: Iterator<Item = &'n str>>(
    finding: Finding,
    name: &str,
    what: &str,
    candidates: impl Fn() -> C,
    span: Span,
    reader: &mut TomlReader,
) {
    reader.did_you_mean(finding, nearest(name, candidates()), &available_names(what, candidates()), span);
}

/// Which names there are, if they are few.
fn available_names<'n>(what: &str, candidates: impl Iterator<Item = &'n str>) -> String {
    const FEW: usize = 8;
    let candidates: Vec<&str> = candidates.collect();
    match candidates.len() {
        0 => format!("there are no {what}"),
        1..=FEW => format!("the {what} are {}", one_of(candidates.iter().copied()).replace(" or ", " and ")),
        _ => format!("the {what} are in `inbox.toml`"),
    }
}
