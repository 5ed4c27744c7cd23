//! The recipe in the terms of our crate: its rules as people write them, its messages lent to the program.

use inbox_rules::inbox::{AttributeId, UserId};
use inbox_rules::policy::{AttributeValue, Scope};
use inbox_rules::roster::RosterView;
use inbox_rules::situation::{Case, CustomAttributes, Owner};

use crate::recipe::{Flag, Message, Part, Rule};

/// The inbox that the rules are for.
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

/// What `of` makes of a message, whose fields are lent.
pub(crate) fn lend<T>(message: &Message, of: impl FnOnce(&Case) -> T) -> T {
    let mut attributes = CustomAttributes::default();
    attributes.set(AttributeId(0), AttributeValue::Number(message.orders.into()));
    of(&Case {
        returning: message.returning,
        owner: if message.returning { Owner::User(UserId(0)) } else { Owner::None },
        country: Some(&message.country),
        text: Some(&message.text),
        attributes,
        ..Case::default()
    })
}

/// Who is there, as the message says.
pub(crate) struct There<'m>(pub(crate) &'m Message);

impl RosterView for There<'_> {
    fn is_online(&self, _: UserId) -> bool {
        self.0.owner_online
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
