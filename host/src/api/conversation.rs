//! `GET {i}/chats/412/texts`: what was written in a chat.

use std::sync::Arc;

use inbox_rules::{ChatId, MessageKind};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult, ok};
use super::chats::{chat_id, unknown_chat};
use super::decisions::message_text;
use super::listed::ItemList;
use super::scan::newest;
use crate::machine::Routed;
use crate::store::{DecisionFilter, LogRow, OutboxState, Page, StoreError, StoreReader};

/// How many messages of the customer are told, at most: the latest.
const MAX_MESSAGES: usize = 500;

/// Something that was written in a chat.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ChatText")]
pub(super) struct ChatTextAnswer {
    /// When.
    at: Timestamp,
    /// The decision that it belongs to; `null`: a user wrote it.
    seq: Option<u64>,
    /// Who wrote it.
    from: WrittenBy,
    /// The kind of the customer's message.
    kind: Option<MessageKind>,
    /// The text; `null`: there is none, or it is no longer kept.
    text: Option<String>,
    /// How far the reply is.
    state: Option<OutboxState>,
}

/// Who wrote something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum WrittenBy {
    /// The customer.
    Customer,
    /// A rule.
    Rules,
    /// A user.
    User,
}

/// `GET {i}/chats/412/texts`
pub(super) async fn texts(call: Call) -> CallResult {
    let id = chat_id(&call)?;
    let items = call.read(move |reader, inbox| read_texts(reader, inbox, id)).await?;
    ok(ItemList { items: items.ok_or_else(|| unknown_chat(&call))?, next: None })
}

fn read_texts(
    reader: &mut dyn StoreReader,
    inbox: &str,
    id: ChatId,
) -> Result<Option<Vec<ChatTextAnswer>>, StoreError> {
    let Some(chat) = reader.chat(inbox, id)? else { return Ok(None) };
    let customer = Arc::clone(&chat.chat.customer);
    let mut texts = Vec::new();
    let filter = DecisionFilter { customer: Some(Arc::clone(&customer)), ..DecisionFilter::default() };
    let is_in_chat = |row: &LogRow| {
        let routed = row.routed.as_ref().map(|routed| serde_json::from_str::<Routed>(routed.get()));
        matches!(routed, Some(Ok(routed)) if routed.chat == Some(id))
    };
    let end = reader.inbox(inbox)?.seq.saturating_add(1);
    let read = |page: Page| {
        // The chat begins with the decision that has its id.
        let after = page.after.max(id.0.saturating_sub(1));
        reader.decisions(inbox, &filter, Page { after, ..page })
    };
    for row in
        newest(end, Page { after: 0, limit: MAX_MESSAGES }, |row: &LogRow| row.record.seq, is_in_chat, read)?
            .rows
    {
        let (text, kind) = message_text(reader, inbox, row.record.seq)?;
        texts.push(ChatTextAnswer {
            at: row.record.at,
            seq: Some(row.record.seq),
            from: WrittenBy::Customer,
            kind,
            text,
            state: None,
        });
    }
    for row in reader.replies_to(inbox, &customer, &chat.number)? {
        if row.chat == Some(id) {
            texts.push(ChatTextAnswer {
                at: row.at,
                seq: row.seq,
                from: if row.seq.is_some() { WrittenBy::Rules } else { WrittenBy::User },
                kind: None,
                text: Some(row.text),
                state: Some(row.state),
            });
        }
    }
    texts.sort_by_key(|text| (text.at, text.from != WrittenBy::Customer));
    Ok(Some(texts))
}
