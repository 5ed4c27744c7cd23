//! Who a person is.

use inbox_rules::desk::CustomerName;

use super::test_host::TestHost;
use crate::machine::{Answer, CustomerChange, CustomerKey, Item, Refused};
use crate::store::{Page, StoreReader};

const RULES: &str = "otherwise: assign owner else group \"Sales\" by in_order";

fn names(texts: &[&str]) -> Vec<CustomerName> {
    texts.iter().map(|text| CustomerName::parse(text).unwrap()).collect()
}

#[test]
fn a_phone_and_a_user_id_that_come_together_are_one_customer() {
    let mut host = TestHost::new(RULES);
    let by_phone = host.write("A1", &["201001234567"], "hi");
    host.wait(1);
    let by_id = host.write("A2", &["US.1"], "hi");
    assert_ne!(by_phone.customer, by_id.customer);
    host.wait(1);
    let both = host.write("A3", &["201001234567", "US.1"], "hi");
    // The older customer stays, and the chat that was written in later.
    assert_eq!(both.customer, by_phone.customer);
    assert_eq!(both.chat, by_id.chat);
    assert_eq!((host.holder(&by_phone), host.holder(&by_id)), ("closed".to_owned(), "bob".to_owned()));
    let customer = host.reader().customer("main", "US.1").unwrap().unwrap();
    assert_eq!(customer.names.iter().map(|name| &**name).collect::<Vec<_>>(), ["+201001234567", "US.1"]);
    // Whoever holds the other id finds the customer.
    let former = CustomerKey::Id(by_id.customer);
    let Answer::Customer(found) = host.submit(Item::PutCustomer(former, Box::default())) else { panic!() };
    assert_eq!(found.id, by_phone.customer);
}

#[test]
fn a_chat_that_waits_learns_the_owner_whom_a_merge_brings() {
    let mut host = TestHost::new("otherwise: assign group \"Sales\" by in_order among online");
    let waits = host.write("A1", &["201001234567"], "hi");
    let owned = CustomerChange { owner: Some(Some("bob".into())), ..CustomerChange::default() };
    host.submit(Item::PutCustomer(CustomerKey::Name(names(&["US.1"]).remove(0)), Box::new(owned)));
    host.submit(Item::Rename { old: names(&["201001234567"]), new: names(&["US.1"]) });
    host.set_presence("alice", "online", None);
    assert_eq!(host.holder(&waits), "alice");
    let customer = host.reader().customer("main", &waits.customer).unwrap().unwrap();
    assert_eq!(customer.owner.as_deref(), Some("bob"));
}

#[test]
fn a_person_with_a_new_number_is_the_same_person() {
    let mut host = TestHost::new(RULES);
    let before = host.write("A1", &["201001234567", "US.1"], "hi");
    let early = host.write("A2", &["201009999999", "US.2"], "from the new number, before WhatsApp says so");
    assert_ne!(before.customer, early.customer);
    let rename = Item::Rename { old: names(&["201001234567"]), new: names(&["201009999999", "US.2"]) };
    assert!(matches!(host.submit(rename), Answer::Done));
    let after = host.write("A3", &["201009999999"], "hi");
    assert_eq!(after.customer, before.customer);
    let nobody = Item::Rename { old: names(&["4420"]), new: names(&["4421"]) };
    assert!(matches!(host.submit(nobody), Answer::Done));
    assert_eq!(host.reader().customer("main", "4421").unwrap(), None);
}

#[test]
fn customers_are_changed_and_forgotten_by_hand() {
    let mut host = TestHost::new(RULES);
    let key = CustomerKey::Name(CustomerName::parse("+201001234567").unwrap());
    let change = CustomerChange {
        name: Some(Some("Mona".to_owned())),
        owner: Some(Some("bob".into())),
        returning: Some(true),
        ..CustomerChange::default()
    };
    let Answer::Customer(made) = host.submit(Item::PutCustomer(key.clone(), Box::new(change))) else {
        panic!()
    };
    assert_eq!((&*made.id, made.owner.as_deref()), ("c2", Some("bob")));
    let routed = host.write("A1", &["201001234567"], "hi");
    assert_eq!((&routed.customer, host.holder(&routed)), (&made.id, "bob".to_owned()));

    let wrong = CustomerChange { owner: Some(Some("bbo".into())), ..CustomerChange::default() };
    let answer = host.submit(Item::PutCustomer(key.clone(), Box::new(wrong)));
    assert!(matches!(&answer, Answer::Refused(Refused::UnknownUser(user)) if **user == *"bbo"), "{answer:?}");

    let renamed = Item::Rename { old: names(&["201001234567"]), new: names(&["201009999999"]) };
    assert!(matches!(host.submit(renamed), Answer::Done));
    assert!(shown_log(&host).contains("+201009999999"));

    assert!(matches!(host.submit(Item::ForgetCustomer(key.clone())), Answer::Done));
    assert!(!shown_log(&host).contains("+2010"), "{}", shown_log(&host));
    assert!(matches!(host.submit(Item::ForgetCustomer(key)), Answer::Refused(Refused::UnknownCustomer)));
    let forgotten = host.reader().customer("main", &made.id).unwrap().unwrap();
    assert_eq!((forgotten.names.len(), forgotten.name), (0, None));
    assert_eq!(host.reader().text("main", routed.seq).unwrap().and_then(|text| text.text), None);
    assert_ne!(host.write("A2", &["201001234567"], "hi").customer, made.id);
}

/// The entries of the log, as the API tells them.
fn shown_log(host: &TestHost) -> String {
    let rows = host.reader().log("main", Page { after: 0, limit: 99 }).unwrap();
    rows.iter().map(|row| serde_json::to_string(&row.record).unwrap() + "\n").collect()
}

#[test]
fn what_is_known_of_a_customer_follows_the_channel() {
    let mut host = TestHost::new(
        "when customer.plan is \"gold\": assign user \"bob\"\notherwise: assign user \"alice\"",
    );
    let mut new = host.message("A1", &["201001234567"], "hi");
    new.profile.attributes.insert("plan".to_owned(), inbox_rules::AttributeValue::Text("gold".to_owned()));
    // What the inbox does not know stops nothing.
    new.profile.attributes.insert("shoe_size".to_owned(), inbox_rules::AttributeValue::Flag(true));
    let Answer::Routed(routed) = host.submit(Item::Message(Box::new(new))) else { panic!() };
    assert_eq!(host.holder(&routed), "bob");
    let customer = host.reader().customer("main", &routed.customer).unwrap().unwrap();
    assert_eq!(customer.attributes.len(), 2);
}
