//! Customers: by which names a person is known, and when two customers turn out to be one person.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::inbox::Inbox;
use crate::policy::AttributeValue;
use crate::situation::Customer;

/// A name by which a channel knows a person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CustomerName {
    /// A phone number, as `+` and digits.
    Phone(Arc<str>),
    /// Any other id, as it came.
    ChannelId(Arc<str>),
}

/// How long an id may be, in characters.
const MAX_LENGTH: usize = 256;

impl CustomerName {
    /// 5 to 15 digits, with or without a `+`, are a phone number, and any other text of at most 256 characters is an id. `None`: it
    /// is neither.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('+').unwrap_or(text);
        if (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(Self::Phone(format!("+{digits}").into()));
        }
        let is_id = !text.is_empty() && text.chars().nth(MAX_LENGTH).is_none();
        is_id.then(|| Self::ChannelId(text.into()))
    }

    /// The name as it is stored.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(name) | Self::ChannelId(name) => name,
        }
    }

    fn is_phone(&self) -> bool {
        matches!(self, Self::Phone(_))
    }
}

/// A customer of an inbox.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CustomerRecord {
    /// The id, such as `c17`.
    pub id: Arc<str>,
    /// The names by which channels know the person: phone numbers as `+` and digits, and other ids.
    pub names: Vec<Arc<str>>,
    /// The name that people read.
    pub name: Option<String>,
    /// The language: a primary tag of BCP 47.
    pub language: Option<String>,
    /// The country: ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The tags.
    pub tags: Vec<String>,
    /// The attributes, whether or not the inbox defines them.
    pub attributes: BTreeMap<String, AttributeValue>,
    /// The id of the user who owns the customer.
    pub owner: Option<Arc<str>>,
    /// Whether the customer has written before, or was imported so.
    pub returning: bool,
    /// When the customer first wrote.
    pub first_at: Option<Timestamp>,
    /// When the customer last wrote.
    pub last_at: Option<Timestamp>,
}

impl CustomerRecord {
    /// The customer as a situation says it.
    pub fn customer(&self) -> Customer {
        let names = || self.names.iter().filter_map(|name| CustomerName::parse(name));
        let phone = names().find(CustomerName::is_phone);
        let id = phone.clone().or_else(|| names().next());
        Customer {
            id: id.map(|id| id.as_str().trim_start_matches('+').to_owned()),
            phone: phone.map(|phone| phone.as_str().to_owned()),
            name: self.name.clone(),
            returning: self.returning,
            owner: self.owner.as_deref().map(str::to_owned),
            tags: self.tags.clone(),
            country: self.country.clone(),
            language: self.language.clone(),
            attributes: self.attributes.clone(),
            last_message_at: self.last_at.map(Into::into),
        }
    }

    fn has(&self, name: &CustomerName) -> bool {
        self.names.iter().any(|one| **one == *name.as_str())
    }

    fn has_channel_id(&self) -> bool {
        self.names.iter().filter_map(|name| CustomerName::parse(name)).any(|name| !name.is_phone())
    }

    fn add(&mut self, name: &CustomerName) {
        if !self.has(name) {
            self.names.push(name.as_str().into());
        }
    }

    /// This customer and a younger record of the same person.
    fn merge(&mut self, younger: Self, inbox: &Inbox) {
        for name in younger.names.iter().filter_map(|name| CustomerName::parse(name)) {
            self.add(&name);
        }
        let last = self.last_at.max(younger.last_at);
        // What people and channels say changes, so the later word counts; who owns the customer does not.
        let is_later = younger.last_at > self.last_at;
        let latest = |mine: Option<String>, theirs: Option<String>| {
            if is_later { theirs.or(mine) } else { mine.or(theirs) }
        };
        self.name = latest(self.name.take(), younger.name);
        self.language = latest(self.language.take(), younger.language);
        self.country = latest(self.country.take(), younger.country);
        for tag in younger.tags {
            if !self.tags.contains(&tag) {
                self.tags.push(tag);
            }
        }
        for (name, value) in younger.attributes {
            if is_later {
                self.attributes.insert(name, value);
            } else {
                self.attributes.entry(name).or_insert(value);
            }
        }
        let is_present = |owner: &Arc<str>| inbox.user_id(owner).is_some();
        let present = self.owner.iter().chain(&younger.owner).find(|owner| is_present(owner)).cloned();
        self.owner = present.or(self.owner.take()).or(younger.owner);
        self.returning |= younger.returning;
        self.first_at = self.first_at.into_iter().chain(younger.first_at).min();
        self.last_at = last;
    }
}

/// Who a person is who comes with some names.
#[derive(Debug, Clone, PartialEq)]
pub struct Identified {
    /// The customer, with all the names.
    pub customer: CustomerRecord,
    /// The customers who are the same person and are no more: their chats and texts are the customer's now. Where both have a chat
    /// with a number, the one that was written in later stays, and the other is closed as
    /// [merged](super::ChatCause::Merged).
    pub merged: Vec<Arc<str>>,
    /// The customers who have lost their phone number to the customer.
    pub renamed: Vec<CustomerRecord>,
}

/// Who a person is who comes with `names`, if `known` are the customers who have one of them. `None`: nobody knows the person yet.
///
/// Names that come together belong together. If the phone number and the id are known as two customers, and the one with the phone
/// number has no id, both are one person. If that one has another id, the number has gone to somebody else: it moves. Of customers
/// with different ids who are known by phone numbers alone, the person is the one with the first of `names`; a host names the
/// former number before the new one.
///
/// The older customer stays. An owner whom the inbox has comes before one who has left it.
pub fn identify(known: Vec<CustomerRecord>, names: &[CustomerName], inbox: &Inbox) -> Option<Identified> {
    let by_id = |customer: &CustomerRecord| names.iter().any(|name| !name.is_phone() && customer.has(name));
    let has = |name| known.iter().find(|customer| customer.has_channel_id() && customer.has(name));
    let first = names.iter().find_map(has).map(|customer| Arc::clone(&customer.id));
    let is_first = |customer: &CustomerRecord| Some(&customer.id) == first.as_ref();
    let is_known_by_id = known.iter().any(by_id);
    let is_person = |customer: &CustomerRecord| {
        !customer.has_channel_id() || if is_known_by_id { by_id(customer) } else { is_first(customer) }
    };
    let (mut known, mut renamed): (Vec<_>, Vec<_>) = known.into_iter().partition(is_person);
    for customer in &mut renamed {
        customer.names.retain(|one| names.iter().all(|name| *name.as_str() != **one));
    }
    known.sort_by(|a, b| {
        (a.first_at.is_none(), a.first_at, &a.id).cmp(&(b.first_at.is_none(), b.first_at, &b.id))
    });
    let mut known = known.into_iter();
    let mut customer = known.next()?;
    let mut merged = Vec::new();
    for younger in known {
        merged.push(Arc::clone(&younger.id));
        customer.merge(younger, inbox);
    }
    for name in names {
        customer.add(name);
    }
    Some(Identified { customer, merged, renamed })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Source;

    fn inbox() -> Inbox {
        Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[users.bob]")).0
    }

    fn names(texts: &[&str]) -> Vec<CustomerName> {
        texts.iter().map(|text| CustomerName::parse(text).unwrap()).collect()
    }

    fn known(id: &str, names: &[&str], day: u32, owner: &str) -> CustomerRecord {
        let at: Timestamp = format!("2026-11-{day:02}T09:00:00Z").parse().unwrap();
        CustomerRecord {
            id: id.into(),
            names: names.iter().map(|name| Arc::from(*name)).collect(),
            owner: Some(owner).filter(|owner| !owner.is_empty()).map(Arc::from),
            tags: vec![id.to_owned()],
            returning: true,
            first_at: Some(at),
            last_at: Some(at),
            ..CustomerRecord::default()
        }
    }

    /// The customer, their names, the merged and the renamed.
    fn who(known: &[CustomerRecord], texts: &[&str]) -> String {
        let Some(Identified { customer, merged, renamed }) =
            identify(known.to_vec(), &names(texts), &inbox())
        else {
            return "new".to_owned();
        };
        let one = |customer: &CustomerRecord| format!("{} {}", customer.id, customer.names.join(" "));
        let renamed: Vec<_> = renamed.iter().map(one).collect();
        format!("{}; merged {}; renamed {}", one(&customer), merged.join(" "), renamed.join(", "))
    }

    #[test]
    fn digits_are_a_phone_number() {
        let check = |text: &str, kind: &str| {
            let parsed = match CustomerName::parse(text) {
                Some(CustomerName::Phone(name)) => format!("phone {name}"),
                Some(CustomerName::ChannelId(name)) => format!("id {name}"),
                None => "none".to_owned(),
            };
            assert_eq!(parsed, kind);
        };
        check("201001234567", "phone +201001234567");
        check("+201001234567", "phone +201001234567");
        check("1234", "id 1234");
        check("1234567890123456", "id 1234567890123456");
        check("US.1349", "id US.1349");
        check("++20100", "id ++20100");
        check("", "none");
        assert_eq!(CustomerName::parse(&"é".repeat(257)), None);
        assert!(CustomerName::parse(&"é".repeat(256)).is_some());
    }

    #[test]
    fn names_that_come_together_belong_together() {
        let by_phone = known("c1", &["+20100"], 1, "alice");
        let by_id = known("c2", &["US.1"], 2, "bob");
        assert_eq!(who(&[], &["+20100"]), "new");
        assert_eq!(
            who(std::slice::from_ref(&by_phone), &["+20100", "US.1"]),
            "c1 +20100 US.1; merged ; renamed "
        );
        assert_eq!(
            who(&[by_id.clone(), by_phone.clone()], &["+20100", "US.1"]),
            "c1 +20100 US.1; merged c2; renamed "
        );
        let one = identify(vec![by_id, by_phone], &names(&["+20100", "US.1"]), &inbox()).unwrap().customer;
        assert_eq!((one.owner.as_deref(), one.tags.join(" ")), (Some("alice"), "c1 c2".to_owned()));
        assert_eq!(one.last_at, known("", &[], 2, "").last_at);
    }

    #[test]
    fn the_owner_of_the_older_counts_unless_there_is_none() {
        let both = vec![known("c1", &["+20100"], 1, ""), known("c2", &["US.1"], 2, "bob")];
        let one = identify(both, &names(&["+20100", "US.1"]), &inbox()).unwrap().customer;
        assert_eq!(one.owner.as_deref(), Some("bob"));
    }

    #[test]
    fn an_owner_who_has_left_does_not_come_before_one_who_has_not() {
        let owner = |older: &str, younger: &str| {
            let both = vec![known("c1", &["+20100"], 1, older), known("c2", &["US.1"], 2, younger)];
            identify(both, &names(&["+20100", "US.1"]), &inbox()).unwrap().customer.owner.unwrap()
        };
        assert_eq!(&*owner("gone", "bob"), "bob");
        assert_eq!(&*owner("alice", "gone"), "alice");
        assert_eq!(&*owner("gone", "left"), "gone");
    }

    #[test]
    fn phone_numbers_that_come_together_belong_together_unless_their_customers_have_ids() {
        let [old, new] = [known("c1", &["+20100"], 1, ""), known("c2", &["+20200"], 2, "")];
        assert_eq!(who(&[new, old], &["+20100", "+20200"]), "c1 +20100 +20200; merged c2; renamed ");
        let [one, other] = [known("c1", &["+20100", "US.1"], 1, ""), known("c2", &["+20200", "US.2"], 2, "")];
        let both = [one, other];
        assert_eq!(who(&both, &["+20100", "+20200"]), "c1 +20100 US.1 +20200; merged ; renamed c2 US.2");
        assert_eq!(who(&both, &["+20200", "+20100"]), "c2 +20200 US.2 +20100; merged ; renamed c1 US.1");
    }

    #[test]
    fn a_phone_number_that_has_gone_to_somebody_else_moves() {
        let before = known("c1", &["+20100", "US.9"], 1, "alice");
        let now = known("c2", &["US.1"], 2, "bob");
        assert_eq!(who(&[before, now], &["+20100", "US.1"]), "c2 US.1 +20100; merged ; renamed c1 US.9");
    }

    #[test]
    fn an_id_and_its_parent_are_one_person() {
        let (child, parent) = (known("c1", &["US.1"], 2, ""), known("c2", &["US.ENT.1"], 1, ""));
        assert_eq!(who(&[child, parent], &["US.1", "US.ENT.1"]), "c2 US.ENT.1 US.1; merged c1; renamed ");
    }
}
