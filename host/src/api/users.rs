//! `GET {i}/users`, `PATCH {i}/users/USER`, and `GET /v1/inboxes`.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::inbox::User;
use inbox_rules::{Inbox, Presence};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, CallResult, known_user, ok, unexpected};
use super::error::ApiError;
use super::json_body::{WholeNumber, not_null, nullable};
use super::listed::{list, list_all, rows_of};
use crate::inboxes::InboxHandle;
use crate::machine::{Answer, Item, UserChange};
use crate::store::UserRow;

/// An inbox.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Inbox")]
pub(super) struct InboxAnswer {
    /// The id.
    id: Arc<str>,
    /// Its WhatsApp numbers in E.164.
    numbers: Vec<String>,
    /// The `seq` of the last event.
    seq: u64,
}

/// A user of the inbox, now.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "User")]
pub(super) struct UserAnswer {
    /// The id.
    id: Arc<str>,
    /// The name that people read.
    name: Arc<str>,
    /// The presence.
    presence: Presence,
    /// When the user is offline again; `null`: the presence stays.
    until: Option<Timestamp>,
    /// How many chats they have.
    chats: u32,
    /// How many they can have; `null`: any number.
    capacity: Option<u32>,
    /// When a chat was last given to them, or a message last came in one.
    last_message_at: Option<Timestamp>,
    /// Their groups.
    groups: Vec<Arc<str>>,
}

/// What is changed about a user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(clippy::option_option, reason = "left out, null, or there")]
pub(super) struct UserBody {
    /// The presence.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "Presence")]
    presence: Option<Presence>,
    /// The presence lasts so many seconds unless it is set once more; without this it stays. Alone, it is the
    /// present one that lasts so long.
    #[serde(default, deserialize_with = "not_null")]
    #[schemars(with = "u32", range(min = 1, max = 4_294_967_295u32))]
    for_seconds: Option<WholeNumber>,
    /// How many chats they can have; `null`: as in `inbox.toml`.
    #[serde(default, deserialize_with = "nullable")]
    #[schemars(with = "Option<u32>", range(min = 1, max = 4_294_967_295u32))]
    capacity: Option<Option<WholeNumber>>,
}

impl UserAnswer {
    /// A user of the inbox with these figures; without any they are offline.
    fn new(inbox: &Inbox, id: &str, row: Option<&UserRow>) -> Option<Self> {
        let user_id = inbox.user_id(id)?;
        let user = inbox.user(user_id);
        let groups = inbox.groups.iter().filter(|group| group.members.contains(&user_id));
        Some(Self {
            id: Arc::clone(&user.id),
            name: Arc::clone(&user.name),
            presence: row.map_or(Presence::Offline, |row| row.presence),
            until: row.and_then(|row| row.until),
            chats: row.map_or(0, |row| row.chats),
            capacity: row.and_then(|row| row.capacity).or(user.capacity),
            last_message_at: row.and_then(|row| row.last_at),
            groups: groups.map(|group| Arc::clone(&group.name)).collect(),
        })
    }
}

/// `GET /v1/inboxes`
pub(super) async fn inboxes(call: Call) -> CallResult {
    let caller = call.caller.clone();
    let is_theirs = |id: &str| caller.as_ref().is_some_and(|caller| caller.principal.is_for(id));
    let theirs = call.state.inboxes.iter().filter(|inbox| is_theirs(inbox.id())).cloned();
    let readers = &call.state.readers;
    let read = |page| async move {
        let theirs = rows_of(theirs, page);
        let with_seq = readers.read(move |reader| {
            let with_seq = |(at, inbox): (u64, Arc<InboxHandle>)| {
                let seq = reader.inbox(inbox.id())?.seq;
                Ok((at, inbox, seq))
            };
            theirs.into_iter().map(with_seq).collect::<Result<Vec<_>, _>>()
        });
        Ok(with_seq.await?)
    };
    list(
        &call,
        read,
        |(at, ..)| *at,
        |(_, inbox, seq)| {
            let numbers = inbox.release().set.inbox().numbers.keys().cloned().collect();
            Ok(InboxAnswer { id: Arc::clone(inbox.id()), numbers, seq })
        },
    )
    .await
}

/// `GET {i}/users`
pub(super) async fn users(call: Call) -> CallResult {
    let release = call.inbox()?.release();
    let inbox = release.set.inbox();
    let rows = call.read(|reader, inbox| reader.users(inbox)).await?;
    let rows: BTreeMap<Arc<str>, UserRow> = rows.into_iter().map(|row| (Arc::clone(&row.id), row)).collect();
    let answer = |user: &User| {
        let answer = UserAnswer::new(inbox, &user.id, rows.get(&user.id));
        answer.ok_or_else(|| ApiError::unknown_user(inbox, &user.id, None))
    };
    list_all(&call, &inbox.users, answer).await
}

/// `PATCH {i}/users/USER`
pub(super) async fn change(call: Call) -> CallResult {
    let release = call.inbox()?.release();
    let user = call.path("user");
    known_user(release.set.inbox(), user, None)?;
    let body: UserBody = call.body()?;
    let change = body.change()?;
    match call.submit(Item::User(user.into(), change)).await? {
        Answer::User(row) => {
            // The rules may be others by now, and the user gone.
            let release = call.inbox()?.release();
            let inbox = release.set.inbox();
            ok(UserAnswer::new(inbox, user, Some(&row))
                .ok_or_else(|| ApiError::unknown_user(inbox, user, None))?)
        }
        _ => Err(unexpected()),
    }
}

impl UserBody {
    fn change(self) -> Result<UserChange, ApiError> {
        let Self { presence, for_seconds, capacity } = self;
        let for_seconds = for_seconds.map(|WholeNumber(seconds)| seconds);
        let capacity = capacity.map(|capacity| capacity.map(|WholeNumber(chats)| chats));
        if for_seconds == Some(0) {
            return Err(ApiError::bad_field("for_seconds", "`for_seconds` must be at least 1"));
        }
        if capacity == Some(Some(0)) {
            let message = "`capacity` must be at least 1; a user who is `away` is given no chats";
            return Err(ApiError::bad_field("capacity", message));
        }
        Ok(UserChange { presence, for_seconds, capacity })
    }
}
