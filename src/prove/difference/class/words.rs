//! The words for what all messages of a difference have in common.

use std::collections::BTreeMap;

use crate::describe::{attribute_name, chats_wait, duration, list, with_article};
use crate::inbox::{AttributeKind, GroupId};
use crate::language::vocabulary::MessageKind;
use crate::policy::{Attribute, Scope};
use crate::prove::encoding::{
    Atom, Bound, Counted, Encoding, Person, TextPredicate, TextSubject, UserSetId, UserSets,
};

/// Atoms, and the value that each of them has in all situations.
type Literals<'l> = [(&'l Atom, bool)];

/// As `returning customers whose owner is not online and with the tag “vip”, while somebody of Sales is online`. If it
/// `is_part`, these are only some of them.
pub(super) fn customers(
    encoding: &Encoding,
    literals: &Literals,
    is_part: bool,
    in_open_chat: bool,
) -> String {
    let value = |wanted: &Atom| literals.iter().find(|(atom, _)| *atom == wanted).map(|(_, holds)| *holds);
    let customers = match value(&Atom::Returning) {
        Some(true) if in_open_chat => "customers with an open chat",
        Some(true) => "returning customers",
        Some(false) => "new customers",
        None => "customers",
    };
    let mut words = if is_part { format!("some {customers}") } else { customers.to_owned() };
    let mut clauses = owner(encoding, literals);
    clauses.extend(tags(literals));
    clauses.extend(values(encoding, literals));
    clauses.extend(
        bounds(literals, |atom| match atom {
            Atom::Silent { at_least } => Some(*at_least),
            _ => None,
        })
        .map(|time| format!("who were silent for {time}")),
    );
    clauses.extend(message(literals));
    if !clauses.is_empty() {
        words += &format!(" {}", list(&clauses));
    }
    let circumstances = [users(encoding, literals), waiting(encoding, literals)].concat();
    if !circumstances.is_empty() {
        words += &format!(", while {}", list(&circumstances));
    }
    words
}

fn owner(encoding: &Encoding, literals: &Literals) -> Vec<String> {
    let value = |wanted: &Atom| literals.iter().find(|(atom, _)| *atom == wanted).map(|(_, holds)| *holds);
    let mut clauses = Vec::new();
    for (atom, holds) in literals.iter().filter(|(_, holds)| *holds) {
        match atom {
            Atom::PersonIn(Person::Owner, set) if *holds => {
                clauses.push(format!("whose owner is {}", one_of(encoding, *set)));
            }
            Atom::PersonOnlyIn(Person::Owner, side) => {
                let users = encoding.one_sided().iter().filter(|(_, only)| *only == side);
                let names: Vec<String> =
                    users.map(|(user, _)| format!("`{}`", encoding.inbox.user(*user).id)).collect();
                clauses.push(format!("whose owner is {}", either(&names)));
            }
            _ => {}
        }
    }
    let online = value(&Atom::PersonCounted(Person::Owner, Counted::Online));
    match (value(&Atom::Person(Person::Owner)), online) {
        (_, Some(true)) => clauses.push("whose owner is online".to_owned()),
        (Some(true), Some(false)) => clauses.push("whose owner is not online".to_owned()),
        (Some(true), None) if clauses.is_empty() => clauses.push("who have an owner".to_owned()),
        _ => {}
    }
    clauses
}

fn tags(literals: &Literals) -> Option<String> {
    let tags = literals.iter().filter_map(|(atom, holds)| match atom {
        Atom::Tag(tag) if *holds => Some(format!("“{}”", tag.as_str())),
        _ => None,
    });
    let tags: Vec<String> = tags.collect();
    match tags.len() {
        0 => None,
        1 => Some(format!("with the tag {}", list(&tags))),
        _ => Some(format!("with the tags {}", list(&tags))),
    }
}

/// What is said about each attribute.
fn values(encoding: &Encoding, literals: &Literals) -> Vec<String> {
    let mut clauses = Vec::new();
    let mut known = Vec::new();
    let mut numbers: BTreeMap<Attribute, Vec<(Bound, bool)>> = BTreeMap::new();
    for (atom, holds) in literals {
        match atom {
            Atom::Known(TextSubject::Attribute(attribute)) if *holds => known.push(*attribute),
            Atom::Number(attribute, bound) => numbers.entry(*attribute).or_default().push((*bound, *holds)),
            Atom::Flag(attribute) => {
                let name = attribute_name(encoding.inbox, *attribute);
                clauses.push(format!("who are {}{name}", if *holds { "" } else { "not " }));
            }
            Atom::Text(TextSubject::Attribute(attribute), predicate) if *holds => {
                let name = attribute_name(encoding.inbox, *attribute);
                let is_word = encoding.words(TextSubject::Attribute(*attribute)).is_some();
                clauses.push(match predicate {
                    TextPredicate::Is(word) if is_word => format!("whose {name} is {}", word.as_str()),
                    predicate => format!("whose {name} {}", verb(predicate)),
                });
            }
            _ => {}
        }
    }
    for (attribute, bounds) in numbers {
        if let Some(range) = range(&bounds) {
            clauses.push(format!("with `{}` {range}", attribute_name(encoding.inbox, attribute)));
            known.retain(|other| *other != attribute);
        }
    }
    // What is said of an attribute says that it is known.
    let is_said = |attribute: &Attribute| {
        literals.iter().any(|(atom, holds)| match atom {
            Atom::Text(TextSubject::Attribute(other), _) => *holds && other == attribute,
            Atom::Flag(other) => other == attribute,
            _ => false,
        })
    };
    known.retain(|attribute| !is_said(attribute));
    clauses.extend(known.into_iter().map(|attribute| match attribute {
        Attribute::Custom(id) if matches!(encoding.inbox.attribute(id).kind, AttributeKind::Number) => {
            format!("with a number of `{}`", attribute_name(encoding.inbox, attribute))
        }
        _ => format!("whose `{}` is known", attribute_name(encoding.inbox, attribute)),
    }));
    clauses
}

/// `over 20`, `from 3 to 5`
fn range(bounds: &[(Bound, bool)]) -> Option<String> {
    let lower = bounds.iter().filter(|(_, holds)| *holds).map(|(bound, _)| *bound).max();
    let upper = bounds.iter().filter(|(_, holds)| !*holds).map(|(bound, _)| *bound).min();
    let plain = |bound: Bound| bound.value.normalize().to_string();
    let from = |bound: Bound| {
        if bound.strict { format!("over {}", plain(bound)) } else { format!("of at least {}", plain(bound)) }
    };
    let to = |bound: Bound| {
        if bound.strict { format!("of at most {}", plain(bound)) } else { format!("below {}", plain(bound)) }
    };
    match (lower, upper) {
        (Some(lower), Some(upper)) if lower.value == upper.value => Some(format!("of {}", plain(lower))),
        (Some(lower), Some(upper)) => {
            Some(format!("{} and {}", from(lower), to(upper).trim_start_matches("of ")))
        }
        (Some(lower), None) => Some(from(lower)),
        (None, Some(upper)) => Some(to(upper)),
        (None, None) => None,
    }
}

/// `at least 2 hours and less than 1 day`, of the thresholds that `of` gives.
fn bounds(literals: &Literals, of: impl Fn(&Atom) -> Option<u64>) -> Option<String> {
    let all = || literals.iter().filter_map(|(atom, holds)| Some((of(atom)?, *holds)));
    let lower = all().filter(|(_, holds)| *holds).map(|(at_least, _)| at_least).max();
    let upper = all().filter(|(_, holds)| !*holds).map(|(at_least, _)| at_least).min();
    // `> 1h` is at least a second more than an hour.
    let is_strict = |at_least: u64| at_least % 60 == 1;
    let from = |at_least: u64| match at_least {
        _ if is_strict(at_least) => format!("more than {}", duration(at_least - 1)),
        _ => format!("at least {}", duration(at_least)),
    };
    let to = |at_least: u64| match at_least {
        _ if is_strict(at_least) => format!("at most {}", duration(at_least - 1)),
        _ => format!("less than {}", duration(at_least)),
    };
    match (lower.filter(|lower| *lower > 0), upper) {
        (Some(lower), Some(upper)) if lower + 1 == upper => Some(format!("exactly {}", duration(lower))),
        (Some(lower), Some(upper)) => Some(format!("{} and {}", from(lower), to(upper))),
        (Some(lower), None) => Some(from(lower)),
        (None, Some(upper)) => Some(to(upper)),
        (None, None) => lower.map(|_| "a known time".to_owned()),
    }
}

fn message(literals: &Literals) -> Vec<String> {
    let mut clauses = Vec::new();
    let mut says_kind = false;
    for (atom, holds) in literals {
        match atom {
            Atom::Kind(MessageKind::Other) if *holds => {
                clauses.push("who send a message of another kind".to_owned());
                says_kind = true;
            }
            Atom::Kind(kind) if *holds && *kind != MessageKind::Text => {
                clauses.push(format!("who send {}", with_article(kind.word())));
                says_kind = true;
            }
            Atom::Kind(MessageKind::Text) if !*holds && !says_kind => {
                clauses.push("who send something other than a text".to_owned());
            }
            Atom::Text(TextSubject::Message, TextPredicate::Is(text)) if *holds => {
                clauses.push(format!("who write “{}”", text.as_str()));
            }
            Atom::Text(TextSubject::Message, predicate) if *holds => {
                clauses.push(format!("whose message {}", verb(predicate)));
            }
            Atom::Known(TextSubject::Message) if !*holds => clauses.push("who write nothing".to_owned()),
            _ => {}
        }
    }
    if says_kind {
        clauses.retain(|clause| {
            clause != "who send something other than a text" && clause != "who write nothing"
        });
    }
    let age = bounds(literals, |atom| match atom {
        Atom::Age { at_least } => Some(*at_least),
        _ => None,
    });
    clauses.extend(age.map(|age| format!("whose message is {age} old")));
    clauses
}

fn verb(predicate: &TextPredicate) -> String {
    match predicate {
        TextPredicate::Is(text) => format!("is “{}”", text.as_str()),
        TextPredicate::Words(text) => format!("contains “{}”", text.as_str()),
        TextPredicate::Part(text) => format!("has “{}” in it", text.as_str()),
        TextPredicate::Starts(text) => format!("starts with “{}”", text.as_str()),
        TextPredicate::Pattern(pattern) => format!("matches /{}/", pattern.as_str()),
    }
}

/// Who is online and who is available.
fn users(encoding: &Encoding, literals: &Literals) -> Vec<String> {
    // The largest number that is reached in each set.
    let mut reached: BTreeMap<(UserSetId, Counted), u32> = BTreeMap::new();
    let mut missed: BTreeMap<(UserSetId, Counted), u32> = BTreeMap::new();
    for (atom, holds) in literals {
        if let Atom::UserCount { counted, set, at_least } = atom {
            if *holds {
                let most = reached.entry((*set, *counted)).or_default();
                *most = (*most).max(*at_least);
            } else if *at_least == 1 {
                missed.insert((*set, *counted), 1);
            }
        }
    }
    let is_implied = |(set, counted): &(UserSetId, Counted), count: &u32| {
        reached.iter().any(|((other, other_counted), other_count)| {
            let is_other = (other, other_counted) != (set, counted);
            let is_wider = *counted == Counted::Online || counted == other_counted;
            let is_all = *other_count == encoding.user_sets.size(*other);
            let follows = (other_count >= count && is_subset(encoding, *other, *set))
                || (is_all && is_subset(encoding, *set, *other));
            is_other && is_wider && follows
        })
    };
    let said = reached.iter().filter(|(key, count)| !is_implied(key, count));
    let mut circumstances: Vec<String> = said
        .map(|((set, counted), count)| {
            let (who, is_many) = some_of(encoding, *set, *count);
            format!("{who} {} {}", if is_many { "are" } else { "is" }, status(encoding, *counted))
        })
        .collect();
    let nobody = (UserSets::EVERYBODY, Counted::Online);
    if missed.contains_key(&nobody) {
        circumstances.push("nobody is online".to_owned());
        return circumstances;
    }
    for (set, counted) in missed.keys().filter(|(set, counted)| {
        *counted != Counted::Online && reached.contains_key(&(*set, Counted::Online))
    }) {
        let who = match name_of(encoding, *set) {
            _ if encoding.user_sets.size(*set) == 1 => {
                let user = one_of(encoding, *set);
                circumstances.push(format!("{user} is not {}", status(encoding, *counted)));
                continue;
            }
            None if *set == UserSets::EVERYBODY => "nobody".to_owned(),
            Some(group) => format!("nobody of {group}"),
            None => "none of them".to_owned(),
        };
        circumstances.push(format!("{who} is {}", status(encoding, *counted)));
    }
    circumstances
}

fn status(encoding: &Encoding, counted: Counted) -> &'static str {
    let [old, new] = encoding.sides;
    match counted {
        Counted::Online => "online",
        Counted::Available { .. }
            if old.users.iter().zip(&new.users).all(|(old, new)| old.capacity == new.capacity) =>
        {
            "available"
        }
        Counted::Available { side: 0 } => "available by the old capacities",
        Counted::Available { .. } => "available by the new capacities",
    }
}

fn is_subset(encoding: &Encoding, inner: UserSetId, outer: UserSetId) -> bool {
    encoding.user_sets.users(inner).iter().all(|user| encoding.user_sets.contains(outer, *user))
}

/// So many users of a set; and whether the verb that follows is in the plural.
fn some_of(encoding: &Encoding, set: UserSetId, count: u32) -> (String, bool) {
    let size = encoding.user_sets.size(set);
    let group = name_of(encoding, set);
    match (size, count, group) {
        (1, ..) => (one_of(encoding, set), false),
        (_, 1, Some(group)) => (format!("somebody of {group}"), false),
        (_, 1, None) if set == UserSets::EVERYBODY => ("somebody".to_owned(), false),
        (_, 1, None) => (one_of(encoding, set), false),
        (_, _, Some(group)) if count == size => (format!("all of {group}"), true),
        (_, _, Some(group)) => (format!("at least {count} of {group}"), true),
        (_, _, None) if set == UserSets::EVERYBODY && count == size => ("all users".to_owned(), true),
        (_, _, None) if set == UserSets::EVERYBODY => (format!("at least {count} users"), true),
        (_, _, None) => (format!("at least {count} of {size} users"), true),
    }
}

/// The group that has just these members.
fn name_of(encoding: &Encoding, set: UserSetId) -> Option<String> {
    let users = encoding.user_sets.users(set);
    let has = |group: &crate::inbox::Group| {
        let mut members = group.members.clone();
        members.sort_unstable();
        !group.name.is_empty() && members == users
    };
    let mut groups = encoding.sides.iter().rev().flat_map(|side| &side.groups);
    groups.find(|group| has(group)).map(|group| group.name.to_string())
}

/// `Alice`, `Alice or Bob`, `one of 7 users`
fn one_of(encoding: &Encoding, set: UserSetId) -> String {
    const MAX_NAMES: usize = 4;
    let users = encoding.user_sets.users(set);
    if users.len() > MAX_NAMES {
        return format!("one of {} users", users.len());
    }
    either(&users.iter().map(|user| encoding.inbox.user(*user).name.to_string()).collect::<Vec<_>>())
}

/// `Alice, Bob or Carol`
fn either(names: &[String]) -> String {
    match names {
        [rest @ .., last] if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => names.concat(),
    }
}

fn waiting(encoding: &Encoding, literals: &Literals) -> Vec<String> {
    let mut most: BTreeMap<Option<GroupId>, u64> = BTreeMap::new();
    for (atom, _) in literals.iter().filter(|(_, holds)| *holds) {
        if let Atom::Waiting { scope, at_least } = atom {
            let group = match scope {
                Scope::Inbox => None,
                Scope::Group(group) => Some(*group),
            };
            let most = most.entry(group).or_default();
            *most = (*most).max(*at_least);
        }
    }
    let in_groups: u64 = most.iter().filter(|(group, _)| group.is_some()).map(|(_, chats)| *chats).sum();
    let said = most.into_iter().filter(|(group, chats)| group.is_some() || *chats > in_groups);
    said.map(|(group, chats)| {
        let place = group.map(|group| format!(" in {}", encoding.inbox.group(group).name));
        format!("at least {}{}", chats_wait(chats), place.unwrap_or_default())
    })
    .collect()
}
