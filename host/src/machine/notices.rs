//! What is shown to people and decides nothing.

use std::sync::Arc;

use inbox_rules::desk::CustomerName;
use serde_json::value::RawValue;

use super::batch::{Batch, Handled};
use super::item::Answer;
use crate::store::NoticeRow;

/// Adds a notice.
pub(super) fn notice(
    batch: &mut Batch,
    kind: &str,
    number: Option<&Arc<str>>,
    customer: &[CustomerName],
    body: &RawValue,
) -> Handled {
    let customer = match customer {
        [] => None,
        names => batch.tx.customers_named(names)?.into_iter().next().map(|customer| customer.id),
    };
    batch.tx.add_notice(&NoticeRow {
        seq: 0,
        at: batch.now,
        kind: kind.to_owned(),
        number: number.cloned(),
        customer,
        body: body.to_owned(),
    })?;
    Ok(Answer::Done)
}
