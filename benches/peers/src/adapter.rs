//! Converts the rules of the recipe into our language, and its messages into what our compiled program reads.

use inbox_rules::inbox::UserId;
use inbox_rules::language::vocabulary::Presence;
use inbox_rules::policy::{AttributeValue, Scope};
use inbox_rules::roster::RosterView;
use inbox_rules::situation::{Case, CustomAttributes, Owner};

use crate::recipe::{Flag, Message, Part, Rule};

/// The inbox of the rules.
pub(crate) const INBOX: &str = "
[users.alice]
[users.bob]
[attributes]
orders = \"number\"
";

/// The condition of a rule.
pub(crate) fn when(rule: &Rule) -> String {
    rule.parts.iter().map(part).collect::<Vec<_>>().join(" and ")
}

fn part(part: &Part) -> String {
    match part {
        Part::Flag(Flag::Returning, true) => "returning_customer".to_owned(),
        Part::Flag(Flag::Returning, false) => "new_customer".to_owned(),
        Part::Flag(Flag::OwnerOnline, true) => "owner_online".to_owned(),
        Part::Flag(Flag::OwnerOnline, false) => "not owner_online".to_owned(),
        Part::Flag(Flag::AnyOnline, true) => "any_online".to_owned(),
        Part::Flag(Flag::AnyOnline, false) => "all_offline".to_owned(),
        Part::Country(country) => format!("customer.country is {country:?}"),
        Part::Orders(least) => format!("customer.orders >= {least}"),
        Part::Text(keyword) => format!("message contains part {keyword:?}"),
    }
}

/// Calls `decide` with the message as a case that borrows its fields.
pub(crate) fn with_case<T>(message: &Message, decide: impl FnOnce(&Case) -> T) -> T {
    let mut attributes = CustomAttributes::default();
    attributes.set(0, AttributeValue::Number(message.orders.into()));
    decide(&Case {
        returning: message.returning,
        owner: if message.returning { Owner::User(UserId(0)) } else { Owner::None },
        country: Some(&message.country),
        text: Some(&message.text),
        attributes,
        ..Case::default()
    })
}

/// The users who are online, according to the message.
pub(crate) struct MessageRoster<'m>(pub(crate) &'m Message);

impl RosterView for MessageRoster<'_> {
    fn presence(&self, _: UserId) -> Presence {
        if self.0.owner_online { Presence::Online } else { Presence::Offline }
    }

    fn online(&self, _: Scope) -> u64 {
        self.0.any_online.into()
    }

    fn available(&self, scope: Scope) -> u64 {
        self.online(scope)
    }

    fn waiting(&self, _: Scope) -> u64 {
        0
    }
}
