//! Where a chat is moved by hand.

use std::sync::Arc;

use inbox_rules::desk::TransferTarget;
use inbox_rules::{Algorithm, Inbox};
use schemars::JsonSchema;
use serde::Deserialize;

use super::call::known_user;
use super::error::ApiError;

/// Where a chat is moved: to a user, or to a member of a group.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [
    {
        "required": ["user"],
        "properties": { "user": { "type": "string" }, "group": { "type": "null" }, "by": { "type": "null" } },
    },
    {
        "required": ["group", "by"],
        "properties": { "user": { "type": "null" }, "group": { "type": "string" }, "by": { "type": "string" } },
    },
]))]
pub(super) struct TransferBody {
    /// The user, online or not.
    #[serde(default)]
    user: Option<Arc<str>>,
    /// The group.
    #[serde(default)]
    group: Option<Arc<str>>,
    /// How the member is chosen.
    #[serde(default)]
    by: Option<Algorithm>,
}

impl TransferBody {
    /// Where it is moved in this inbox.
    ///
    /// # Errors
    ///
    /// `bad-field`, `unknown-user`, `unknown-group`.
    pub(super) fn target(self, inbox: &Inbox) -> Result<TransferTarget, ApiError> {
        match self {
            Self { user: Some(user), group: None, by: None } => {
                known_user(inbox, &user, Some("user"))?;
                Ok(TransferTarget::User(user))
            }
            Self { user: None, group: Some(group), by: Some(by) } => match inbox.group_id(&group) {
                Some(_) => Ok(TransferTarget::Group { group, by }),
                None => Err(ApiError::unknown_group(inbox, &group, Some("group"))),
            },
            Self { user: None, group: Some(_), by: None } => {
                Err(ApiError::bad_field("by", "`by` is missing: how the member of the group is chosen"))
            }
            Self { user: Some(_), by: Some(_), .. } => {
                Err(ApiError::bad_field("by", "`by` is only for a `group`"))
            }
            Self { user: Some(_), group: Some(_), .. } => {
                Err(ApiError::bad_field("group", "a chat goes to a `user` or to a `group`, not to both"))
            }
            Self { user: None, group: None, .. } => Err(ApiError::bad_field(
                "user",
                "it must be said who has the chat next: `user`, or `group` and `by`",
            )),
        }
    }
}
