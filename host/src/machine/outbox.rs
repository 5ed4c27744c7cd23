//! Replies on their way out: each is written before it is sent, so that it is known after a crash that it may
//! have been.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use inbox_rules::desk::CustomerName;
use jiff::Timestamp;

use super::batch::{Batch, Handled};
use super::chats::WINDOW;
use super::effects::later;
use super::item::Answer;
use crate::store::{OutboxRow, OutboxState, ReplyName, StoreError};
use crate::whatsapp::{SendOutcome, StatusState, StatusUpdate};

/// For how long whoever sends a reply has it.
const LEASE: Duration = Duration::from_secs(60);

/// How long after its lease was asked for a reply may begin to be sent, at most: it ends before the lease does.
pub(super) const SEND_WITHIN: Duration = Duration::from_secs(30);

/// The longest time between two tries.
const MAX_WAIT: Duration = Duration::from_secs(1024);

/// Takes replies to send them, at most so many from each number.
pub(super) fn lease(batch: &mut Batch, most: &BTreeMap<Arc<str>, usize>) -> Handled {
    let mut leased = Vec::new();
    for (number, most) in most {
        for mut row in batch.tx.replies_due(number, batch.now, *most)? {
            if try_now(batch, &mut row)? {
                leased.push(row.clone());
            }
            batch.tx.put_reply(&row)?;
        }
    }
    Ok(Answer::Leased(leased))
}

/// Whether the reply is to be sent now. If not, it is settled or waits for something else.
fn try_now(batch: &mut Batch, row: &mut OutboxRow) -> Result<bool, StoreError> {
    if row.state == OutboxState::Sending {
        // Whoever was sending it is gone: WhatsApp may have it.
        unknown(batch, row);
        return Ok(false);
    }
    let last_at = batch.tx.customer(&row.customer)?.and_then(|customer| customer.last_at);
    let closes = later(last_at.unwrap_or(row.at), WINDOW);
    if batch.now > row.expires || batch.now > closes {
        // It may have been sent, if its answer was lost: then a status says so later.
        let code = row.code;
        settle(row, OutboxState::TooLate, code);
        return Ok(false);
    }
    if row.state == OutboxState::Unknown && !batch.account(&row.number).unknown_again {
        row.due = Timestamp::MAX;
        return Ok(false);
    }
    let lease = later(batch.now, LEASE);
    (row.state, row.lease, row.due) = (OutboxState::Sending, Some(lease), lease);
    row.tries = row.tries.saturating_add(1);
    Ok(true)
}

/// The answer was lost: a status may tell, and if none does, it is due again.
fn unknown(batch: &Batch, row: &mut OutboxRow) {
    (row.state, row.lease) = (OutboxState::Unknown, None);
    row.due = later(batch.now, batch.account(&row.number).unknown_after);
}

/// An attempt to send a reply has ended. If a status has told meanwhile what became of it, that counts. If
/// the lease was over and another attempt has begun, it only counts that WhatsApp has the reply.
pub(super) fn sent(batch: &mut Batch, id: u64, lease: Option<Timestamp>, outcome: &SendOutcome) -> Handled {
    let Some(mut row) = batch.tx.reply(id)? else { return Ok(Answer::Done) };
    if let SendOutcome::Sent { wamid, user_id } = outcome {
        row.wamid = Some(wamid.clone());
        learn_user_id(batch, &row, user_id.as_deref())?;
        if progress(row.state) < progress(OutboxState::Sent) {
            settle(&mut row, OutboxState::Sent, None);
        }
    }
    if row.state == OutboxState::Sending && row.lease == lease {
        row.lease = None;
        match outcome {
            SendOutcome::Sent { .. } => {}
            SendOutcome::Failed { code } => settle(&mut row, OutboxState::Failed, Some(*code)),
            SendOutcome::Unknown => unknown(batch, &mut row),
            SendOutcome::Again { code, after, .. } => {
                let wait =
                    Duration::from_secs(4_u64.saturating_pow(row.tries.saturating_sub(1))).min(MAX_WAIT);
                (row.state, row.code) = (OutboxState::Waiting, *code);
                row.due = later(batch.now, wait.max(after.unwrap_or_default()));
            }
            SendOutcome::NumberPaused { code } => {
                (row.state, row.code, row.due) = (OutboxState::Waiting, Some(*code), batch.now);
                row.tries = row.tries.saturating_sub(1);
            }
        }
    }
    batch.tx.put_reply(&row)?;
    batch.result.numbers.insert(row.number);
    Ok(Answer::Done)
}

fn settle(row: &mut OutboxRow, state: OutboxState, code: Option<i64>) {
    (row.state, row.code, row.lease, row.due) = (state, code, None, Timestamp::MAX);
}

fn learn_user_id(batch: &mut Batch, row: &OutboxRow, user_id: Option<&str>) -> Result<(), StoreError> {
    let Some(name) = user_id.and_then(CustomerName::parse) else { return Ok(()) };
    let Some(mut customer) = batch.tx.customer(&row.customer)? else { return Ok(()) };
    let is_known = !batch.tx.customers_named(std::slice::from_ref(&name))?.is_empty();
    // A customer whose names were forgotten stays without.
    if !is_known && !customer.names.is_empty() {
        customer.names.push(name.as_str().into());
        batch.tx.put_customer(&customer)?;
    }
    Ok(())
}

/// WhatsApp says what became of a reply. It never goes back, and nothing fails that the customer has.
pub(super) fn status(batch: &mut Batch, status: &StatusUpdate) -> Handled {
    let by_data = match reply_id(status) {
        Some(id) => batch.tx.reply(id)?,
        None => None,
    };
    let row = match by_data {
        Some(row) => Some(row),
        None => batch.tx.reply_named(ReplyName::Wamid(&status.wamid))?,
    };
    let Some(mut row) = row else {
        *batch.result.ignored.entry("unknown_status").or_default() += 1;
        return Ok(Answer::Done);
    };
    let (now, told) = (progress(row.state), told(status.state));
    if told.1 > now {
        settle(&mut row, told.0, status.code);
        row.wamid.get_or_insert_with(|| status.wamid.clone());
        batch.tx.put_reply(&row)?;
        batch.result.numbers.insert(row.number);
    }
    Ok(Answer::Done)
}

/// The id of the reply that a status is about, as it was sent with the reply.
pub(super) fn reply_id(status: &StatusUpdate) -> Option<u64> {
    status.data.as_deref()?.trim_start_matches('r').parse().ok()
}

/// How far a reply is on its way, so that statuses that come late change nothing.
fn progress(state: OutboxState) -> u8 {
    match state {
        OutboxState::Waiting | OutboxState::Sending | OutboxState::Unknown | OutboxState::TooLate => 0,
        OutboxState::Sent => 1,
        OutboxState::Failed => 2,
        OutboxState::Delivered => 3,
        OutboxState::Read | OutboxState::Suppressed | OutboxState::Returned => 4,
    }
}

fn told(state: StatusState) -> (OutboxState, u8) {
    let state = match state {
        StatusState::Sent => OutboxState::Sent,
        StatusState::Delivered => OutboxState::Delivered,
        StatusState::Read => OutboxState::Read,
        StatusState::Failed => OutboxState::Failed,
    };
    (state, progress(state))
}
