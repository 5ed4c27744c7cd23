//! One fact in words, as a part of a sentence about customers.

use crate::describe::attribute_name;
use crate::inbox::Inbox;
use crate::language::Folded;
use crate::language::vocabulary::{Comparison, Count};
use crate::policy::{AttributeTest, Condition, ConditionKind, Fact, Policy, Scope, TextTest};

/// A part of a sentence.
pub(super) enum Fragment {
    /// `new customers`
    Subject(&'static str),
    /// `without an owner`, which follows the customers
    Clause(String),
    /// `nobody in Sales is online`, which follows `while`
    Circumstance(String),
}

/// That `condition`, a part of a rule of `policy`, holds or not; `None` if that takes too many words.
pub(super) fn fragment(
    policy: &Policy,
    inbox: &Inbox,
    condition: &Condition,
    holds: bool,
) -> Option<Fragment> {
    let fact = match &condition.kind {
        ConditionKind::Definition(index) => {
            let name = &policy.definitions.get(*index)?.name;
            return Some(clause(format!("who are {}`{name}`", not(holds))));
        }
        ConditionKind::Fact(fact) => fact,
        ConditionKind::And(_) | ConditionKind::Or(_) | ConditionKind::Not(_) => return None,
    };
    Some(match fact {
        Fact::NewCustomer => Fragment::Subject(if holds { "new customers" } else { "returning customers" }),
        Fact::ReturningCustomer => {
            Fragment::Subject(if holds { "returning customers" } else { "new customers" })
        }
        Fact::HasOwner => clause(if holds { "with an owner" } else { "without an owner" }.to_owned()),
        Fact::OwnerOnline => clause(format!("whose owner is {}online", not(holds))),
        Fact::OwnerOffline if holds => clause("whose owner is not online".to_owned()),
        Fact::OwnerOffline => clause("without an owner who is offline".to_owned()),
        Fact::OwnerAway => clause(format!("whose owner is {}away", not(holds))),
        Fact::AnyOnline(scope) => Fragment::Circumstance(whether(inbox, *scope, holds, "online")),
        Fact::AllOffline(scope) => Fragment::Circumstance(whether(inbox, *scope, !holds, "online")),
        Fact::AnyAvailable(scope) => Fragment::Circumstance(whether(inbox, *scope, holds, "available")),
        Fact::Count { of, scope, op, n } => {
            Fragment::Circumstance(count(inbox, *of, *scope, *op, *n, holds)?)
        }
        Fact::During { name: Some(name), .. } => {
            Fragment::Circumstance(format!("it is {}`{name}`", not(holds)))
        }
        Fact::HasTag(tags) => {
            let with = if holds { "with" } else { "without" };
            clause(format!("{with} the tag {}", texts(tags)))
        }
        Fact::ChatWith(users) => {
            let [user] = &**users else { return written(policy, condition, holds) };
            let has = if holds { "has" } else { "does not have" };
            clause(format!("whose chat {} {has}", inbox.user(*user).name))
        }
        Fact::ChatIn(group) => clause(format!("whose chat is {}in {}", not(holds), inbox.group(*group).name)),
        Fact::MessageText(test) => clause(format!("whose message {}", text_test(test, holds)?)),
        Fact::Attribute { attribute, test: AttributeTest::Text(test) } => {
            let name = attribute_name(inbox, *attribute);
            clause(format!("whose {name} {}", text_test(test, holds)?))
        }
        Fact::Attribute { attribute, test: AttributeTest::Flag } => {
            clause(format!("who are {}{}", not(holds), attribute_name(inbox, *attribute)))
        }
        _ => return written(policy, condition, holds),
    })
}

fn clause(words: String) -> Fragment {
    Fragment::Clause(words)
}

fn not(holds: bool) -> &'static str {
    if holds { "" } else { "not " }
}

/// `nobody in Sales is online`
fn whether(inbox: &Inbox, scope: Scope, holds: bool, what: &str) -> String {
    let who = if holds { "somebody" } else { "nobody" };
    format!("{who}{} is {what}", place(inbox, scope))
}

fn place(inbox: &Inbox, scope: Scope) -> String {
    match scope {
        Scope::Inbox => String::new(),
        Scope::Group(group) => format!(" in {}", inbox.group(group).name),
    }
}

/// `at most 2 in Sales are online`; `None` for a number that is excluded.
fn count(inbox: &Inbox, of: Count, scope: Scope, op: Comparison, n: u32, holds: bool) -> Option<String> {
    let bound = match (op, holds) {
        (Comparison::Less, true) | (Comparison::AtLeast, false) => format!("fewer than {n}"),
        (Comparison::AtMost, true) | (Comparison::More, false) => format!("at most {n}"),
        (Comparison::AtLeast, true) | (Comparison::Less, false) => format!("at least {n}"),
        (Comparison::More, true) | (Comparison::AtMost, false) => format!("more than {n}"),
        (Comparison::Equal, true) => format!("just {n}"),
        (Comparison::Equal, false) => return None,
    };
    let place = place(inbox, scope);
    Some(match of {
        Count::Online => format!("{bound}{place} are online"),
        Count::Available => format!("{bound}{place} are available"),
        Count::Waiting => format!("{bound} chats wait{place}"),
    })
}

/// `does not contain “refund”`
fn text_test(test: &TextTest, holds: bool) -> Option<String> {
    let (verb, negated, needles) = match test {
        TextTest::Is { not, any } if holds != *not => ("is", "is", any),
        TextTest::Is { any, .. } => ("is not", "is not", any),
        TextTest::Contains(any) => ("contains", "does not contain", any),
        TextTest::ContainsPart(any) => ("has", "does not have", any),
        TextTest::StartsWith(any) => ("starts with", "does not start with", any),
        TextTest::Matches(_) => return None,
    };
    let is_plain = matches!(test, TextTest::Is { .. }) || holds;
    Some(format!("{} {}", if is_plain { verb } else { negated }, texts(needles)))
}

/// `“refund”`, `“refund” or “return”`, `“refund”, “return” or …`
fn texts(texts: &[Folded]) -> String {
    let quoted = |text: &Folded| format!("“{}”", text.as_str());
    match texts {
        [first] => quoted(first),
        [first, second] => format!("{} or {}", quoted(first), quoted(second)),
        [first, second, ..] => format!("{}, {} or …", quoted(first), quoted(second)),
        [] => String::new(),
    }
}

/// The condition as it is written, if it is short.
fn written(policy: &Policy, condition: &Condition, holds: bool) -> Option<Fragment> {
    const MAX_LENGTH: usize = 40;
    let text = policy.slice(condition.span).split_whitespace().collect::<Vec<_>>().join(" ");
    let is_short = text.chars().count() <= MAX_LENGTH;
    is_short.then(|| Fragment::Circumstance(format!("{}`{text}`", not(holds))))
}
