//! Replies: placeholders filled in.

use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::context::DecisionContext;
use super::decision::SentReply;
use crate::policy::{Attribute, AttributeValue, Placeholder, Reply, TemplatePart};
use crate::situation::Owner;

/// The names that a reply may mention besides the customer's; `None` where there is none.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ReplyNames<'a> {
    pub(super) user: Option<&'a str>,
    pub(super) group: Option<&'a str>,
}

/// What the customer is sent; `None` if nothing is left of the text.
pub(super) fn render(context: &DecisionContext, reply: &Reply, names: ReplyNames) -> Option<SentReply> {
    let mut text = String::new();
    for piece in &reply.template.0 {
        match piece {
            TemplatePart::Text(piece) => text += piece,
            TemplatePart::Placeholder { value, fallback, .. } => match placeholder(context, *value, names) {
                Some(value) => text += &value,
                None => text += fallback.as_deref().unwrap_or_default(),
            },
        }
    }
    let once_key = reply.once_per.map(|_| once_key(context.case.number.unwrap_or_default(), &reply.written));
    (!text.trim().is_empty()).then_some(SentReply { text, once_per_seconds: reply.once_per, once_key })
}

/// What is written for a placeholder; `None` if there is nothing.
fn placeholder(context: &DecisionContext, placeholder: Placeholder, names: ReplyNames) -> Option<String> {
    let words = match placeholder {
        Placeholder::Customer(attribute) => return customer(context, attribute),
        Placeholder::OwnerName => match context.case.owner {
            Owner::User(user) => context.users.id_and_name(user).map(|(_, name)| &**name),
            Owner::None | Owner::Former(_) => None,
        },
        Placeholder::UserName => names.user,
        Placeholder::Group => names.group,
        Placeholder::Number => context.case.number,
    };
    words.map(str::to_owned)
}

fn customer(context: &DecisionContext, attribute: Attribute) -> Option<String> {
    if attribute == Attribute::SilentFor {
        return context.case.silent_for.map(crate::describe::rough_duration);
    }
    Some(match context.case.attribute(attribute)? {
        AttributeValue::Text(text) => text.to_owned(),
        AttributeValue::Number(number) => plain(number),
        AttributeValue::Flag(flag) => if flag { "yes" } else { "no" }.to_owned(),
    })
}

/// `2.5`, `12`: no zeros after the last digit that counts.
pub(super) fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

/// The key of a `once per`: a hash of the number and the text as written in the rule.
fn once_key(number: &str, written: &str) -> String {
    let hash = Sha256::new().chain_update(number).chain_update([0]).chain_update(written).finalize();
    let first = hash.first_chunk().copied().unwrap_or_default();
    format!("{:016x}", u64::from_be_bytes(first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_plain() {
        let check = |written: &str, plainly: &str| assert_eq!(plain(written.parse().unwrap()), plainly);
        check("12", "12");
        check("12.00", "12");
        check("2.50", "2.5");
        check("-0.0", "0");
        check("1000", "1000");
    }

    #[test]
    fn a_key_for_each_number_and_text() {
        assert_eq!(once_key("+15550100", "Hi"), once_key("+15550100", "Hi"));
        assert_ne!(once_key("+15550100", "Hi"), once_key("+15550101", "Hi"));
        assert_ne!(once_key("+1555010", "0Hi"), once_key("+15550100", "Hi"));
        assert_eq!(once_key("+15550100", "Hi").len(), 16);
    }
}
