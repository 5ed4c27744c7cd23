//! What customers, users and programs do.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::{CustomerName, TransferTarget};
use inbox_rules::{Algorithm, AttributeValue, ChatId, Message, MessageKind, Presence};
use jiff::{SignedDuration, Timestamp};

use super::random::Random;
use super::rule_sets::{GROUPS, USERS, numbers};
use crate::machine::{
    ChatAction, CustomerChange, CustomerKey, Item, NewMessage, Profile, SendBy, UserChange,
};
use crate::whatsapp::{StatusState, StatusUpdate};

/// The inboxes.
pub(super) const INBOXES: [&str; 2] = ["a", "b"];

/// An element of a webhook, or a call, which may be made again.
#[derive(Debug, Clone)]
pub(super) enum Request {
    Message(Box<NewMessage>),
    Rename(CustomerName, Vec<CustomerName>),
    Echo(Arc<str>, Vec<CustomerName>),
    Edit(Arc<str>, String, Timestamp),
    Status(Box<StatusUpdate>),
    Chat(ChatId, ChatAction),
    User(Arc<str>, UserChange),
    PutCustomer(CustomerKey, CustomerChange),
    Forget(CustomerKey),
}

impl Request {
    pub(super) fn item(&self) -> Item {
        match self.clone() {
            Self::Message(new) => Item::Message(new),
            Self::Rename(old, new) => Item::Rename { old: vec![old], new },
            Self::Echo(number, to) => Item::Echo { number, to },
            Self::Edit(number, id, at) => {
                Item::Edit { number, id, at: Some(at), text: Some("edited".to_owned()) }
            }
            Self::Status(status) => Item::Status(status),
            Self::Chat(chat, action) => Item::Chat(chat, action),
            Self::User(user, change) => Item::User(user, change),
            Self::PutCustomer(key, change) => Item::PutCustomer(key, Box::new(change)),
            Self::Forget(key) => Item::ForgetCustomer(key),
        }
    }
}

/// People and programs.
pub(super) struct Traffic {
    pub(super) random: Random,
    messages: u64,
    /// The messages so far, each with its inbox.
    sent: Vec<(Arc<str>, NewMessage)>,
    /// The phone number of each person now.
    phones: BTreeMap<u64, u64>,
}

const TEXTS: [&str; 8] = ["hello", "refund", "bye", "urgent", "later", "nobody", "hello refund", ""];

impl Traffic {
    pub(super) fn new(random: Random) -> Self {
        Self { random, messages: 0, sent: Vec::new(), phones: BTreeMap::new() }
    }

    fn name_texts(&mut self, person: u64) -> Vec<Arc<str>> {
        let phone = self.phones.get(&person).copied().unwrap_or_default();
        let (phone, id) = (format!("+2010000{person}{phone}").into(), format!("US.{person}").into());
        match self.random.within(0..4) {
            0 => vec![id],
            1 => vec![phone, id],
            _ => vec![phone],
        }
    }

    fn names(&mut self) -> Vec<CustomerName> {
        let person = self.random.within(0..6);
        self.name_texts(person).iter().filter_map(|name| CustomerName::parse(name)).collect()
    }

    /// The elements of a webhook, each with its inbox.
    pub(super) fn webhook(&mut self, now: Timestamp) -> Vec<(Arc<str>, Request)> {
        let count = if self.random.happens(100) { 12 } else { self.random.within(1..4) };
        (0..count).map(|_| self.element(now)).collect()
    }

    fn element(&mut self, now: Timestamp) -> (Arc<str>, Request) {
        let inbox: Arc<str> = (*self.random.one_of(&INBOXES)).into();
        let number = self.random.one_of(&numbers(&inbox)).clone();
        match self.random.within(0..100) {
            0..5 => (inbox, Request::Echo(number, self.names())),
            5..8 => {
                let person = self.random.within(0..6);
                let old = self.name_texts(person).first().and_then(|name| CustomerName::parse(name)).unwrap();
                *self.phones.entry(person).or_default() += 1;
                let new =
                    self.name_texts(person).iter().filter_map(|name| CustomerName::parse(name)).collect();
                (inbox, Request::Rename(old, new))
            }
            8..16 if !self.sent.is_empty() => {
                // The same message, perhaps with its content now.
                let (inbox, mut new) = self.random.one_of(&self.sent).clone();
                new.held = false;
                if self.random.happens(300) {
                    let id = new.message.id.clone().unwrap_or_default();
                    return (inbox, Request::Edit(new.number, id, new.sent_at.unwrap_or(now)));
                }
                (inbox, Request::Message(Box::new(new)))
            }
            _ => {
                let new = self.message(number, now, SendBy::WhatsApp);
                self.sent.push((Arc::clone(&inbox), new.clone()));
                (inbox, Request::Message(Box::new(new)))
            }
        }
    }

    fn message(&mut self, number: Arc<str>, now: Timestamp, send: SendBy) -> NewMessage {
        self.messages += 1;
        let person = self.random.within(0..6);
        let held = send == SendBy::WhatsApp && self.random.happens(60);
        let age = match self.random.within(0..40) {
            0 => 2 * 3600,
            1 => 11 * 86_400,
            2 => -600,
            // Soon WhatsApp takes no more replies.
            3 => 86_400 - i64::try_from(self.random.within(0..600)).unwrap(),
            _ => i64::try_from(self.random.within(0..30)).unwrap(),
        };
        let mut profile = Profile { name: Some(format!("Person {person}")), ..Profile::default() };
        if self.random.happens(50) {
            profile.attributes.insert("nonsense".to_owned(), AttributeValue::Text("x".into()));
        }
        NewMessage {
            number,
            names: self.name_texts(person),
            profile,
            message: Message {
                id: Some(format!("M{}", self.messages)),
                kind: if held { MessageKind::Unsupported } else { MessageKind::Text },
                text: (!held).then(|| (*self.random.one_of(&TEXTS)).to_owned()),
                ..Message::default()
            },
            sent_at: Some(now - SignedDuration::from_secs(age)),
            held,
            send,
        }
    }

    /// A call of the API.
    pub(super) fn call(&mut self, now: Timestamp, chats: &[ChatId]) -> (Arc<str>, Request) {
        let inbox: Arc<str> = (*self.random.one_of(&INBOXES)).into();
        let user: Arc<str> = (*self.random.one_of(&USERS)).into();
        let chat = if chats.is_empty() || self.random.happens(50) {
            ChatId(7777)
        } else {
            *self.random.one_of(chats)
        };
        let request = match self.random.within(0..100) {
            0..35 => Request::User(user, self.user_change()),
            35..45 => {
                let number = self.random.one_of(&numbers(&inbox)).clone();
                Request::Message(Box::new(self.message(number, now, SendBy::Caller)))
            }
            45..50 => {
                let owner = Some(user).filter(|_| self.random.happens(700));
                let change = CustomerChange { owner: Some(owner), ..CustomerChange::default() };
                Request::PutCustomer(CustomerKey::Name(self.names().remove(0)), change)
            }
            50..52 => Request::Forget(CustomerKey::Name(self.names().remove(0))),
            52..62 => Request::Chat(chat, ChatAction::Take(user)),
            62..72 => Request::Chat(chat, ChatAction::Answered(user)),
            72..80 => Request::Chat(chat, ChatAction::Close),
            80..90 => {
                let group: Arc<str> = (*self.random.one_of(&GROUPS)).into();
                let by = *self.random.one_of(Algorithm::ALL);
                let target = if self.random.happens(500) {
                    TransferTarget::User(user)
                } else {
                    TransferTarget::Group { group, by }
                };
                Request::Chat(chat, ChatAction::Transfer(target))
            }
            _ => self.write_in(chat, user),
        };
        (inbox, request)
    }

    fn write_in(&mut self, chat: ChatId, user: Arc<str>) -> Request {
        self.messages += 1;
        let id = format!("S{}", self.messages);
        Request::Chat(chat, ChatAction::Send { id, user, text: "I am here.".to_owned() })
    }

    /// A user writes in one of these chats.
    pub(super) fn write(&mut self, chats: &[ChatId]) -> (Arc<str>, Request) {
        let (inbox, user) = (*self.random.one_of(&INBOXES), *self.random.one_of(&USERS));
        let chat = if chats.is_empty() { ChatId(7777) } else { *self.random.one_of(chats) };
        (inbox.into(), self.write_in(chat, user.into()))
    }

    /// The elements of a webhook that has as many as WhatsApp puts into one: most tell of replies that nobody
    /// knows.
    pub(super) fn flood(&mut self, inbox: &Arc<str>, now: Timestamp) -> Vec<(Arc<str>, Request)> {
        let element = |at: usize| {
            if at < 10 {
                let number = self.random.one_of(&numbers(inbox)).clone();
                return Request::Message(Box::new(self.message(number, now, SendBy::WhatsApp)));
            }
            let (wamid, state) = (format!("wamid.X{at}"), StatusState::Read);
            Request::Status(Box::new(StatusUpdate {
                wamid,
                data: None,
                state,
                code: None,
                recipient: vec![],
            }))
        };
        (0..1_000).map(element).map(|request| (Arc::clone(inbox), request)).collect()
    }

    /// A user comes or goes.
    pub(super) fn user_change(&mut self) -> UserChange {
        let presence = match self.random.within(0..10) {
            0..6 => Presence::Online,
            6..8 => Presence::Away,
            _ => Presence::Offline,
        };
        let capacity = self
            .random
            .happens(150)
            .then(|| self.random.happens(700).then(|| u32::try_from(self.random.within(1..4)).unwrap()));
        let for_seconds =
            self.random.happens(400).then(|| u32::try_from(self.random.within(5..200)).unwrap());
        UserChange { presence: Some(presence), for_seconds, capacity }
    }
}
