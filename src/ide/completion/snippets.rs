//! Whole items with tab stops.

use super::CompletionKind;
use super::suggestions::Suggestions;
use crate::describe::string_literal;
use crate::language::vocabulary::{WordClass, of_class};

/// Adds the words that begin an item, and whole items.
pub(super) fn add_items(suggestions: &mut Suggestions) {
    for entry in of_class(WordClass::Item) {
        suggestions.add_entry(entry, CompletionKind::Keyword);
    }
    let group = suggestions.folder.inbox.groups.first();
    let group = group.map_or_else(|| "GROUP".to_owned(), |group| group.name.to_string());
    for (label, body) in snippets(&group) {
        suggestions.add_snippet(label, &body);
    }
}

/// Whole items with tab stops: what each is called, and its text in an inbox that has this group.
pub fn snippets(group: &str) -> impl Iterator<Item = (&'static str, String)> {
    let group = string_literal(group).replace('$', "\\$").replace('}', "\\}");
    SNIPPETS.into_iter().map(move |(label, body)| (label, body.replace("GROUP", &group)))
}

/// What each is called, and its text, in which `GROUP` is a group of the inbox.
const SNIPPETS: [(&str, &str); 10] = [
    (
        "new customer while somebody is online",
        "rule \"${1:welcome}\"\nwhen new_customer and any_online in ${2:GROUP}:\n    \
         assign group ${2:GROUP} by ${3|least_chats,in_order,most_waiting,random|},\n    reply \"${4:Welcome!}\"\n$0",
    ),
    (
        "new customer while everybody is offline",
        "rule \"${1:closed}\"\nwhen new_customer and all_offline in ${2:GROUP}:\n    assign group ${2:GROUP} by hand,\n    \
         reply \"${3:We are away, and will answer when we are back.}\"\n$0",
    ),
    (
        "returning customer whose owner is online",
        "rule \"${1:back to the owner}\"\nwhen returning_customer and owner_online:\n    assign owner\n$0",
    ),
    (
        "returning customer whose owner is offline",
        "rule \"${1:owner is away}\"\nwhen returning_customer and owner_offline and any_online in ${2:GROUP}:\n    \
         assign group ${2:GROUP} by most_waiting,\n    reply \"{owner.name} is away, {user.name} will help you.\"\n$0",
    ),
    (
        "message about something",
        "rule \"${1:refund}\"\nwhen message contains any [\"${2:refund}\", \"${3:money back}\"]:\n    \
         assign group ${4:GROUP} by ${5|least_chats,in_order,most_waiting,random|},\n    tag \"${1:refund}\"\n$0",
    ),
    (
        "outside opening hours",
        "hours ${1:office} = mon-fri ${2:09:00-17:00}\n\nrule \"${3:closed}\"\nwhen not during ${1:office}:\n    \
         assign group ${4:GROUP} by hand,\n    reply \"${5:We are closed now.}\" once per 12h\n$0",
    ),
    (
        "owner, or else a group after some time",
        "rule \"${1:owner first}\"\nwhen has_owner:\n    \
         assign owner among online for ${2:5m} else group ${3:GROUP} by ${4|least_chats,in_order,most_waiting,random|}\n$0",
    ),
    (
        "everything else",
        "otherwise:\n    assign owner else group ${1:GROUP} by ${2|in_order,least_chats,most_waiting,random|}\n$0",
    ),
    (
        "move a chat to a human",
        "move rule \"${1:a human, please}\"\nwhen message contains any [\"${2:human}\", \"${3:agent}\"]:\n    \
         assign group ${4:GROUP} by least_chats\n$0",
    ),
    (
        "test of a new customer",
        "test \"${1:a new customer}\":\n    given customer new\n    given online group ${2:GROUP}\n    \
         expect assign group ${2:GROUP}\n$0",
    ),
];
