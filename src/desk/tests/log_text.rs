//! The log as a person would read it.

use super::store::Store;
use crate::desk::{ChatCause, LogRecord, LogRecordKind};

impl Store {
    /// The entries of the log after `seq`, a line each.
    pub(super) fn lines(&self, seq: u64) -> String {
        let line = |record: &LogRecord| {
            let cause = |cause: &ChatCause| serde_json::to_value(cause).unwrap().as_str().unwrap().to_owned();
            let words = match &record.kind {
                LogRecordKind::Message { chat, rule, .. } => {
                    let rule =
                        rule.as_ref().map_or("no rule", |rule| rule.name.as_deref().unwrap_or("a rule"));
                    format!("message, chat {}, {rule}", chat.map_or("none".to_owned(), |id| id.0.to_string()))
                }
                LogRecordKind::Assigned { chat, user, cause: why, .. } => {
                    format!("chat {} to {user}: {}", chat.0, cause(why))
                }
                LogRecordKind::Waiting { chat, group, cause: why } => {
                    format!(
                        "chat {} waits in {}: {}",
                        chat.0,
                        group.as_deref().unwrap_or("no group"),
                        cause(why)
                    )
                }
                LogRecordKind::Answered { chat, user } => {
                    format!("chat {} answered by {}", chat.0, user.as_deref().unwrap_or("somebody"))
                }
                LogRecordKind::Closed { chat, cause: why } => {
                    format!("chat {} closed: {}", chat.0, cause(why))
                }
                LogRecordKind::Presence { user, presence, .. } => format!("{user} is {}", presence.word()),
                LogRecordKind::Capacity { user, capacity } => format!("{user} takes {capacity:?}"),
                LogRecordKind::Customer { customer } => format!("{customer} changed"),
                LogRecordKind::Renamed { customer, names } => format!("{customer} is {}", names.join(" ")),
                LogRecordKind::Rules { .. } => "rules changed".to_owned(),
            };
            format!("{} {words}\n", record.seq)
        };
        self.log.iter().filter(|record| record.seq > seq).map(line).collect()
    }
}
