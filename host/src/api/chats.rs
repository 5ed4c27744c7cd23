//! `{i}/chats`: chats, and what somebody does with them.

use std::sync::Arc;

use axum::Json;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use inbox_rules::{ChatId, Priority};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, CallResult, known_user, ok, unexpected};
use super::customers::customer_id;
use super::error::ApiError;
use super::json_body::read_nothing;
use super::listed::ItemList;
use super::replies::ReplyRowAnswer;
use super::scan::{ScannedRows, newest, oldest};
use super::transfer::TransferBody;
use crate::machine::{Answer, ChatAction, Item};
use crate::store::{ChatFilter, ChatRow, ChatState, CustomerRow, Page, StoreError, StoreReader};

/// A chat.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Chat")]
pub(super) struct ChatAnswer {
    /// The id: the `seq` of the message that opened it.
    id: u64,
    /// The number.
    number: Arc<str>,
    /// The customer.
    customer: Arc<str>,
    /// Their name, as now known.
    customer_name: Option<String>,
    /// The names that channels know them by: phone numbers, and other ids.
    customer_names: Vec<Arc<str>>,
    /// The user who has it; `null`: it waits.
    user: Option<Arc<str>>,
    /// The group that it was assigned through, or in whose queue it waits.
    group: Option<Arc<str>>,
    /// Whether a user has it, it waits, or it is closed.
    state: ChatStateWord,
    /// The highest priority that its decisions have set.
    priority: Option<Priority>,
    /// The tags of its decisions.
    tags: Vec<Arc<str>>,
    /// When it was opened.
    opened_at: Timestamp,
    /// When the customer or a user last wrote in it.
    last_at: Timestamp,
    /// When a user wrote in it, since it was last given to one or began to wait.
    answered_at: Option<Timestamp>,
    /// Since when it has waited; `null`: a user has it.
    waiting_since: Option<Timestamp>,
    /// When its assignment goes on if nobody has answered; `null`: it does not.
    resume_at: Option<Timestamp>,
}

/// Whether a user has a chat.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum ChatStateWord {
    /// A user has it.
    Open,
    /// It waits.
    Waiting,
    /// It is over.
    Closed,
}

/// A sign that Unicode does not count as white space, for JSON Schema, whose `\s` is something else.
const NOT_WHITE: &str = r"[^\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]";

/// Who takes a chat, or has answered.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UserOnlyBody {
    /// The user.
    user: Arc<str>,
}

/// What a user writes.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChatMessageBody {
    /// What the caller calls it: a second call with the same id answers as the first.
    #[schemars(length(min = 1, max = 256))]
    id: String,
    /// The user.
    user: Arc<str>,
    /// The text.
    #[schemars(length(min = 1, max = 4096), regex(pattern = NOT_WHITE))]
    text: String,
}

impl ChatAnswer {
    /// A chat, with the name of its customer.
    fn read(reader: &mut dyn StoreReader, inbox: &str, row: &ChatRow) -> Result<Self, StoreError> {
        let customer = reader.customer(inbox, &row.chat.customer)?;
        Ok(Self::new(row, customer.unwrap_or_default()))
    }

    fn new(row: &ChatRow, customer: CustomerRow) -> Self {
        let chat = &row.chat;
        let state = match (row.closed_at, chat.user()) {
            (Some(_), _) => ChatStateWord::Closed,
            (None, Some(_)) => ChatStateWord::Open,
            (None, None) => ChatStateWord::Waiting,
        };
        let is_open = row.closed_at.is_none();
        Self {
            id: chat.id.0,
            number: Arc::clone(&row.number),
            customer: Arc::clone(&chat.customer),
            customer_name: customer.name,
            customer_names: customer.names,
            user: chat.user().cloned(),
            group: chat.group().cloned(),
            state,
            priority: chat.last.step.priority,
            tags: chat.tags.clone(),
            opened_at: chat.opened_at,
            last_at: chat.last_at,
            answered_at: chat.answered_at,
            waiting_since: chat.waiting_since.filter(|_| is_open),
            resume_at: row.resume_at.filter(|_| is_open),
        }
    }
}

/// `GET {i}/chats`
pub(super) async fn chats(call: Call) -> CallResult {
    let states = [("open", ChatState::Open), ("waiting", ChatState::Waiting)];
    let mut filter = ChatFilter {
        state: call.query.choice("state", &states)?,
        user: call.query.get("user").map(str::to_owned),
        group: call.query.get("group").map(str::to_owned),
        number: call.query.name("number"),
        customer: None,
    };
    let customer = call.query.name("customer");
    let (page, before) = (call.query.page()?, call.query.before()?);
    let found = call.read(move |reader, inbox| {
        if let Some(name) = customer {
            let Some(id) = customer_id(reader, inbox, &name)? else { return Ok(ItemList::default()) };
            filter.customer = Some(id);
        }
        let ScannedRows { rows, next } = scan_chats(reader, inbox, filter, page, before)?;
        let items = rows.iter().map(|row| ChatAnswer::read(reader, inbox, row)).collect::<Result<_, _>>()?;
        Ok(ItemList { items, next })
    });
    ok(found.await?)
}

/// Chats by id, from the end if there is a `before`. From the beginning, those that wait are in the order in which they
/// do.
fn scan_chats(
    reader: &mut dyn StoreReader,
    inbox: &str,
    mut filter: ChatFilter,
    page: Page,
    before: Option<u64>,
) -> Result<ScannedRows<ChatRow>, StoreError> {
    let id = |row: &ChatRow| row.chat.id.0;
    let Some(before) = before else {
        return oldest(page, id, |_| true, |page| reader.chats(inbox, &filter, page));
    };
    // The store has those that wait in their own order.
    let only_waiting = filter.state == Some(ChatState::Waiting);
    filter.state = filter.state.filter(|_| !only_waiting);
    let before = before.min(reader.inbox(inbox)?.seq.saturating_add(1));
    let is_meant = |row: &ChatRow| !only_waiting || row.chat.user().is_none();
    newest(before, page, id, is_meant, |page| reader.chats(inbox, &filter, page))
}

/// `GET {i}/chats/412`
pub(super) async fn chat(call: Call) -> CallResult {
    let id = chat_id(&call)?;
    let chat = call.read(move |reader, inbox| {
        let row = reader.chat(inbox, id)?;
        row.map(|row| ChatAnswer::read(reader, inbox, &row)).transpose()
    });
    ok(chat.await?.ok_or_else(|| unknown_chat(&call))?)
}

/// `POST {i}/chats/412/take`
pub(super) async fn take(call: Call) -> CallResult {
    let UserOnlyBody { user } = call.body()?;
    known_user(call.inbox()?.release().set.inbox(), &user, Some("user"))?;
    act(&call, ChatAction::Take(user)).await
}

/// `POST {i}/chats/412/transfer`
pub(super) async fn transfer(call: Call) -> CallResult {
    let body: TransferBody = call.body()?;
    let target = body.target(call.inbox()?.release().set.inbox())?;
    act(&call, ChatAction::Transfer(target)).await
}

/// `POST {i}/chats/412/answered`
pub(super) async fn answered(call: Call) -> CallResult {
    let UserOnlyBody { user } = call.body()?;
    known_user(call.inbox()?.release().set.inbox(), &user, Some("user"))?;
    act(&call, ChatAction::Answered(user)).await
}

/// `POST {i}/chats/412/close`
pub(super) async fn close(call: Call) -> CallResult {
    read_nothing(&call.body)?;
    act(&call, ChatAction::Close).await
}

/// `POST {i}/chats/412/messages`
pub(super) async fn send(call: Call) -> CallResult {
    /// WhatsApp takes no longer text.
    const LONGEST: usize = 4_096;
    let ChatMessageBody { id, user, text } = call.body()?;
    known_user(call.inbox()?.release().set.inbox(), &user, Some("user"))?;
    if id.is_empty() || id.chars().nth(256).is_some() {
        return Err(ApiError::bad_field("id", "`id` must have from 1 to 256 characters"));
    }
    if text.trim().is_empty() || text.chars().nth(LONGEST).is_some() {
        let message = format!("`text` must have from 1 to {LONGEST} characters");
        return Err(ApiError::bad_field("text", message));
    }
    let item = Item::Chat(chat_id(&call)?, ChatAction::Send { id, user, text });
    match call.submit(item).await? {
        Answer::Reply(row) => Ok((StatusCode::ACCEPTED, Json(ReplyRowAnswer::new(&row))).into_response()),
        _ => Err(unexpected()),
    }
}

async fn act(call: &Call, action: ChatAction) -> CallResult {
    match call.submit(Item::Chat(chat_id(call)?, action)).await? {
        Answer::Chat(row) => {
            ok(call.read(move |reader, inbox| ChatAnswer::read(reader, inbox, &row)).await?)
        }
        _ => Err(unexpected()),
    }
}

pub(super) fn chat_id(call: &Call) -> Result<ChatId, ApiError> {
    call.path("chat").parse().map(ChatId).map_err(|_| unknown_chat(call))
}

pub(super) fn unknown_chat(call: &Call) -> ApiError {
    ApiError::unknown("unknown-chat", format!("the inbox has no chat {}", call.path("chat")))
}
