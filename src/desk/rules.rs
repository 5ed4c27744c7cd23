//! The rules or the inbox change under the open chats.

use std::borrow::Cow;
use std::sync::Arc;

use super::context::EventContext;
use super::error::DeskError;
use super::record::LogRecordKind;
use crate::engine::{RouteError, WaitingChat};

/// Another set takes over. Chats that cannot go on under it are listed, and chats that wait are only tried when those have been
/// decided, since they may be older.
pub(super) fn rules(cx: &mut EventContext, digest: Arc<str>) -> Result<(), DeskError> {
    let inbox = cx.set.inbox();
    let rebased = cx.desk.roster.rebase(inbox);
    // As long as a number has no policy, its chats stay with those who have gone. So these are said each time.
    let (users, groups) = cx.desk.roster.absent();
    cx.record(LogRecordKind::Rules { digest }, None);
    cx.desk.waiting.rename_groups(&rebased.groups_renamed);
    for renamed in &rebased.groups_renamed {
        let turn = cx.desk.roster.last_turn(&renamed.to).cloned();
        cx.effects.turns.insert(Arc::clone(&renamed.from), None);
        cx.effects.turns.insert(Arc::clone(&renamed.to), turn);
    }
    cx.effects.groups_renamed = rebased.groups_renamed;
    cx.effects.users_gone = users.into_iter().filter(|gone| gone.chats > 0).map(|gone| gone.user).collect();
    cx.effects.groups_gone =
        groups.into_iter().filter(|gone| gone.waiting > 0).map(|gone| gone.group).collect();

    for (id, why) in cx.set.outdated(&cx.desk.roster, &mut cx.desk.waiting)? {
        if let (RouteError::Situation(_), Some(chat)) = (why, cx.desk.waiting.get(id)) {
            // An attribute that the inbox no longer has stops nothing.
            let customer = Cow::into_owned(chat.customer.known_to(inbox));
            let chat = WaitingChat { customer, ..chat.clone() };
            cx.desk.waiting.insert(chat);
        }
    }
    let outdated = cx.set.outdated(&cx.desk.roster, &mut cx.desk.waiting)?;
    let is_changed = |why: &RouteError| matches!(why, RouteError::PolicyChanged { .. });
    cx.effects.afresh = outdated.into_iter().filter(|(_, why)| is_changed(why)).map(|(id, _)| id).collect();
    cx.effects.afresh.sort_unstable();
    Ok(())
}
