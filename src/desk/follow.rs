//! A desk follows what another has written.

use std::sync::Arc;

use super::chat::ChatRecord;
use super::record::{LogRecord, LogRecordKind};
use super::replay;
use super::state::{Desk, waits};
use crate::inbox::Inbox;
use crate::roster::EventError;
use crate::situation::Customer;

impl Desk {
    /// Follows entries of the log that another desk has written, under the rules that hold here: none of them is
    /// [`LogRecordKind::Rules`]. `waiting` are the chats that wait now, each with its customer: all those of the customers that the
    /// entries are about, or whose chats they are about.
    ///
    /// The log does not tell the priority that a rule gives a chat later, by `after`: that is followed only if another entry is about
    /// the customer.
    ///
    /// # Errors
    ///
    /// [`EventError`], if an entry does not follow from those before it. The desk is of no use then.
    pub fn follow(
        &mut self,
        inbox: &Inbox,
        records: &[LogRecord],
        waiting: &[(Arc<ChatRecord>, Customer)],
    ) -> Result<(), EventError> {
        for record in records {
            replay::apply(&mut self.roster, record, inbox)?;
            match &record.kind {
                LogRecordKind::Presence { user, until, .. } => {
                    match until {
                        Some(until) => self.presence_ends.insert(user.clone(), *until),
                        None => self.presence_ends.remove(user),
                    };
                }
                LogRecordKind::Assigned { chat, .. }
                | LogRecordKind::Waiting { chat, .. }
                | LogRecordKind::Closed { chat, .. } => {
                    self.waiting.remove(*chat);
                    self.waiting_customers.remove(chat);
                }
                _ => {}
            }
            self.seq = record.seq;
        }
        for (chat, customer) in waiting {
            if let Some((waits, customer)) = waits(inbox, chat, customer) {
                self.waiting_customers.insert(chat.id, customer);
                self.waiting.insert(waits);
            }
        }
        Ok(())
    }
}
