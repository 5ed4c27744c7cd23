//! Customers: who a person is, what is known about them, and what is forgotten.

use std::sync::Arc;

use inbox_rules::desk::{ChatCause, CustomerName, CustomerRecord, DeskEvent, identify};

use super::batch::{Batch, Handled, ItemError};
use super::effects::About;
use super::item::{Answer, CustomerChange, CustomerKey, Refused};
use crate::incoming::SendBy;
use crate::store::ChatRow;

impl Batch<'_> {
    /// The customer who comes with these names, new or known. Customers who turn out to be one person are
    /// merged.
    pub(super) fn identify(&mut self, names: &[CustomerName]) -> Result<CustomerRecord, ItemError> {
        let known = self.tx.customers_named(names)?;
        // Most customers come with the names that they had.
        if let [customer] = &known[..]
            && names.iter().all(|name| customer.names.iter().any(|known| **known == *name.as_str()))
        {
            return Ok(customer.clone());
        }
        let is_known = !known.is_empty();
        let Some(found) = identify(known, names, self.live.release.set.inbox()) else {
            let id = format!("c{}", self.live.desk.seq() + 1);
            let names = names.iter().map(|name| Arc::from(name.as_str())).collect();
            return Ok(CustomerRecord { id: id.into(), names, ..CustomerRecord::default() });
        };
        for other in &found.merged {
            self.merge(other, &found.customer)?;
        }
        for other in &found.renamed {
            self.tx.put_customer(other)?;
            self.log_names(other)?;
        }
        self.tx.put_customer(&found.customer)?;
        if is_known {
            self.log_names(&found.customer)?;
        }
        Ok(found.customer)
    }

    fn log_names(&mut self, customer: &CustomerRecord) -> Result<(), ItemError> {
        let event = DeskEvent::CustomerRenamed(customer.names.clone());
        self.handle_about(event, &about_customer(customer)).map(drop)
    }

    /// Merges a customer into another. Where both have a chat with a number, the one that was written in
    /// later stays.
    fn merge(&mut self, from: &str, into: &CustomerRecord) -> Result<(), ItemError> {
        let mine = self.tx.chats_of_customer(&into.id)?;
        let theirs = self.tx.chats_of_customer(from)?;
        for their in &theirs {
            if let Some(my) = mine.iter().find(|my| my.number == their.number) {
                let earlier = if my.chat.last_at < their.chat.last_at { my } else { their };
                self.close(earlier, ChatCause::Merged)?;
            }
        }
        self.tx.merge_customer(from, &into.id)?;
        // Either may have had the owner.
        self.customer_changed(into)
    }

    fn close(&mut self, row: &ChatRow, cause: ChatCause) -> Result<(), ItemError> {
        if let Some(about) = self.about_open_chat(row.chat.id)? {
            self.handle_about(DeskEvent::Close(cause), &about)?;
        }
        Ok(())
    }

    /// The customer whom a call names.
    fn find(&mut self, key: &CustomerKey) -> Result<Option<CustomerRecord>, ItemError> {
        Ok(match key {
            CustomerKey::Id(id) => self.tx.customer(id)?,
            CustomerKey::Name(name) => self.tx.customers_named(std::slice::from_ref(name))?.pop(),
        })
    }

    /// Says of each open chat that what is known about its customer has changed.
    fn customer_changed(&mut self, customer: &CustomerRecord) -> Result<(), ItemError> {
        for row in self.tx.chats_of_customer(&customer.id)? {
            let about = self.about_chat(row, customer);
            self.handle_about(DeskEvent::CustomerChanged, &about)?;
        }
        Ok(())
    }
}

/// An event about a customer, and no chat.
fn about_customer(customer: &CustomerRecord) -> About {
    About {
        customer: customer.clone(),
        chat: None,
        number: Arc::default(),
        send: SendBy::Caller,
        reply_from: jiff::Timestamp::UNIX_EPOCH,
        message: None,
    }
}

/// A person has other names now. The former ones stay theirs, for messages that come late. No customer is
/// added.
pub(super) fn rename(batch: &mut Batch, old: &[CustomerName], new: &[CustomerName]) -> Handled {
    let known = batch.tx.customers_named(old)?;
    if known.is_empty() {
        return Ok(Answer::Done);
    }
    // All the names that they had come with the new ones, so that whoever has one of these is the same
    // person.
    let had = known.iter().flat_map(|customer| &customer.names);
    let mut names: Vec<_> = had.filter_map(|name| CustomerName::parse(name)).collect();
    names.extend(new.iter().cloned());
    batch.identify(&names)?;
    Ok(Answer::Done)
}

/// A customer is made or changed by hand.
pub(super) fn put(batch: &mut Batch, key: &CustomerKey, change: &CustomerChange) -> Handled {
    let mut customer = match (batch.find(key)?, key) {
        (Some(customer), _) => customer,
        (None, CustomerKey::Id(_)) => return Err(Refused::UnknownCustomer.into()),
        (None, CustomerKey::Name(name)) => CustomerRecord {
            id: format!("c{}", batch.live.desk.seq() + 1).into(),
            names: vec![name.as_str().into()],
            ..CustomerRecord::default()
        },
    };
    if let Some(Some(owner)) = &change.owner
        && batch.live.release.set.inbox().user_id(owner).is_none()
    {
        return Err(Refused::UnknownUser(Arc::clone(owner)).into());
    }
    let CustomerChange { name, language, tags, attributes, owner, returning } = change.clone();
    customer.name = name.unwrap_or(customer.name);
    customer.language = language.unwrap_or(customer.language);
    customer.tags = tags.unwrap_or(customer.tags);
    customer.owner = owner.unwrap_or(customer.owner);
    customer.returning = returning.unwrap_or(customer.returning);
    for (name, value) in attributes {
        match value {
            Some(value) => drop(customer.attributes.insert(name, value)),
            None => drop(customer.attributes.remove(&name)),
        }
    }
    batch.tx.put_customer(&customer)?;
    batch.handle_about(DeskEvent::CustomerEdited, &about_customer(&customer))?;
    batch.customer_changed(&customer)?;
    Ok(Answer::Customer(Box::new(customer)))
}

/// A customer's names and texts are forgotten. Their chats go on, and whoever writes next is somebody new.
pub(super) fn forget(batch: &mut Batch, key: &CustomerKey) -> Handled {
    let Some(mut customer) = batch.find(key)? else { return Err(Refused::UnknownCustomer.into()) };
    customer.names.clear();
    customer.name = None;
    batch.tx.put_customer(&customer)?;
    batch.tx.forget_customer(&customer.id)?;
    batch.handle_about(DeskEvent::CustomerEdited, &about_customer(&customer))?;
    batch.customer_changed(&customer)?;
    Ok(Answer::Done)
}
