//! `GET {i}/groups`: who is in each group, and whose turn it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::Presence;
use inbox_rules::inbox::Group;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult};
use super::listed::list_all;
use crate::store::{ChatFilter, ChatState, Page};

/// How many chats that wait are counted for each group.
const MAX_WAITING: usize = 10_000;

/// A group of users.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Group")]
pub(super) struct GroupAnswer {
    /// The name.
    name: Arc<str>,
    /// Its users, in turn order.
    members: Vec<Arc<str>>,
    /// Who is next `by in_order`; `null`: nobody is online and below their capacity.
    next: Option<Arc<str>>,
    /// How many chats wait in its queue.
    waiting: usize,
}

/// `GET {i}/groups`
pub(super) async fn groups(call: Call) -> CallResult {
    let release = call.inbox()?.release();
    let inbox = release.set.inbox();
    let (users, turns, waiting) = call
        .read(|reader, inbox| {
            let filter = ChatFilter { state: Some(ChatState::Waiting), ..ChatFilter::default() };
            let waiting = reader.chats(inbox, &filter, Page { after: 0, limit: MAX_WAITING })?;
            Ok((reader.users(inbox)?, reader.turns(inbox)?, waiting))
        })
        .await?;
    let users: BTreeMap<&str, _> = users.iter().map(|row| (&*row.id, row)).collect();
    let mut queues: BTreeMap<&str, usize> = BTreeMap::new();
    for group in waiting.iter().filter_map(|row| row.chat.group()) {
        *queues.entry(group).or_default() += 1;
    }
    let answer = |group: &Group| {
        let member = |user| Arc::clone(&inbox.user(user).id);
        let members: Vec<Arc<str>> = group.members.iter().copied().map(member).collect();
        let last = turns.iter().find(|turn| turn.group == group.name);
        let last = last.and_then(|turn| members.iter().position(|member| *member == turn.user));
        let first = last.map_or(0, |last| last + 1);
        let has_room = |id: &&Arc<str>| {
            users.get(&***id).is_some_and(|row| {
                let capacity = row.capacity.or_else(|| inbox.user(inbox.user_id(id)?).capacity);
                row.presence == Presence::Online && capacity.is_none_or(|capacity| row.chats < capacity)
            })
        };
        let in_turn = members.iter().skip(first).chain(members.iter().take(first));
        GroupAnswer {
            next: in_turn.clone().find(has_room).cloned(),
            name: Arc::clone(&group.name),
            waiting: queues.get(&*group.name).copied().unwrap_or_default(),
            members,
        }
    };
    list_all(&call, &inbox.groups, |group| Ok(answer(group))).await
}
