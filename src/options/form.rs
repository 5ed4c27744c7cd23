//! The form: what is filled in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::vocabulary::Algorithm;

/// Who answers in each of the five cases, and what the customer reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingOptions {
    /// A new customer writes while somebody is online.
    pub new_online: RoutingCase,
    /// A new customer writes while nobody is.
    pub new_offline: RoutingCase,
    /// A customer writes whose owner is online.
    pub owner_online: RoutingCase,
    /// A customer writes whose owner is not, while somebody else is.
    pub owner_not_online: RoutingCase,
    /// A returning customer writes while everyone is offline.
    pub all_offline: RoutingCase,
    /// Somebody is online for a new customer: a member of this group; `null`: any user of the inbox.
    pub new_group: Option<String>,
    /// The same for a returning customer.
    pub returning_group: Option<String>,
    /// Which case a returning customer without an owner is in while somebody is online.
    pub unowned: UnownedCustomers,
}

/// Who answers in one case, and what the customer reads.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoutingCase {
    /// The chat goes to the customer's owner, or to the group if the customer has none.
    pub owner: bool,
    /// The chat goes to a member of this group.
    pub group: Option<String>,
    /// How the member is chosen. It is there exactly if the group is.
    pub by: Option<Algorithm>,
    /// What the customer reads.
    pub reply: Option<String>,
}

/// Which case returning customers without an owner are in while somebody is online.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnownedCustomers {
    /// The one of customers whose owner is not online.
    OwnerNotOnline,
    /// The one of customers who write while everyone is offline.
    AllOffline,
}

/// A field of the form that cannot be as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FieldError {
    /// The field, such as `new_online.group`.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}

/// The five cases, in the order of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CaseName {
    NewOnline,
    NewOffline,
    OwnerOnline,
    OwnerNotOnline,
    AllOffline,
}

impl CaseName {
    pub(super) const ALL: [Self; 5] =
        [Self::NewOnline, Self::NewOffline, Self::OwnerOnline, Self::OwnerNotOnline, Self::AllOffline];

    /// Whether it is one of new customers, who have no owner.
    pub(super) fn is_new(self) -> bool {
        matches!(self, Self::NewOnline | Self::NewOffline)
    }

    /// Its name in the form.
    pub(super) fn field(self) -> &'static str {
        match self {
            Self::NewOnline => "new_online",
            Self::NewOffline => "new_offline",
            Self::OwnerOnline => "owner_online",
            Self::OwnerNotOnline => "owner_not_online",
            Self::AllOffline => "all_offline",
        }
    }
}

impl RoutingOptions {
    /// Checks each case: it has an owner or a group, and an algorithm exactly if it has a group.
    ///
    /// # Errors
    ///
    /// The first field that is wrong.
    pub fn validate(&self) -> Result<(), FieldError> {
        for case in CaseName::ALL {
            let RoutingCase { owner, group, by, .. } = self.case(case);
            let (part, message) = match (owner, group, by) {
                (true, ..) if case.is_new() => ("owner", "a new customer has no owner"),
                (false, None, _) => ("group", "somebody must get the chat: name a group"),
                (_, Some(_), None) => ("by", "say how a member of the group is chosen"),
                (_, None, Some(_)) => ("by", "there is no group to choose from"),
                _ => continue,
            };
            return Err(FieldError {
                field: format!("{}.{part}", case.field()),
                message: message.to_owned(),
            });
        }
        Ok(())
    }

    /// The groups that it names, each with its field.
    pub fn groups(&self) -> impl Iterator<Item = (String, &str)> {
        let cases = CaseName::ALL.into_iter().map(|case| {
            let group = self.case(case).group.as_deref();
            (format!("{}.group", case.field()), group)
        });
        let scopes = [("new_group", &self.new_group), ("returning_group", &self.returning_group)];
        let scopes = scopes.map(|(field, group)| (field.to_owned(), group.as_deref()));
        cases.chain(scopes).filter_map(|(field, group)| Some((field, group?)))
    }

    pub(super) fn case(&self, case: CaseName) -> &RoutingCase {
        match case {
            CaseName::NewOnline => &self.new_online,
            CaseName::NewOffline => &self.new_offline,
            CaseName::OwnerOnline => &self.owner_online,
            CaseName::OwnerNotOnline => &self.owner_not_online,
            CaseName::AllOffline => &self.all_offline,
        }
    }
}
