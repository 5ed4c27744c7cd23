//! The one validated form of a message and its customer: every name is an id, every time an instant, no text is empty.

use jiff::Timestamp;
use rust_decimal::Decimal;

use crate::inbox::{GroupId, UserId};
use crate::language::vocabulary::{ChatTime, MessageKind};
use crate::policy::{Attribute, AttributeValue};

/// A message and its customer, checked against the inbox. Conditions are evaluated on it, by the program and by the plain
/// reading alike. It borrows its texts. Who is online is apart: see [`RosterSnapshot`](super::RosterSnapshot).
///
/// [`Situation::validate`](super::Situation::validate) and [`Incoming::validate`](super::Incoming::validate) make one. A
/// host that has checked its data itself may fill the fields directly; then no text may be empty.
#[derive(Debug, Clone)]
pub struct Case<'a> {
    /// The message's id.
    pub message_id: Option<&'a str>,
    /// The WhatsApp number that the message was sent to.
    pub number: Option<&'a str>,
    /// When the message came.
    pub at: Timestamp,
    /// The message's kind.
    pub kind: MessageKind,
    /// The message's text or caption.
    pub text: Option<&'a str>,
    /// How old the message was when it reached the host, in seconds.
    pub age: u64,
    /// The id of the ad or post that the customer tapped.
    pub ad: Option<&'a str>,
    /// The headline and text of that ad or post.
    pub ad_text: Option<&'a str>,
    /// The id of the button or list row that the customer pressed.
    pub button: Option<&'a str>,
    /// Whether the message was passed on from another chat.
    pub forwarded: bool,
    /// The message's attributes of `inbox.toml`. Few messages have any.
    pub message_attributes: CustomAttributes<'a, 1>,
    /// The customer's open chat. While one is open only `move` and `also` rules act.
    pub chat: Option<Chat<'a>>,
    /// Whether the customer has written to this inbox before.
    pub returning: bool,
    /// Who owns the customer.
    pub owner: Owner<'a>,
    /// Seconds since the customer's last message before this one.
    pub silent_for: Option<u64>,
    /// The customer's tags, as the host wrote them.
    pub tags: &'a [String],
    /// ISO 3166-1 alpha-2.
    pub country: Option<&'a str>,
    /// BCP 47 primary tag.
    pub language: Option<&'a str>,
    /// The customer's name.
    pub name: Option<&'a str>,
    /// The customer's telephone number, in E.164.
    pub phone: Option<&'a str>,
    /// The customer's attributes of `inbox.toml`.
    pub attributes: CustomAttributes<'a>,
}

/// Who owns the customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner<'a> {
    /// Nobody.
    None,
    /// That user.
    User(UserId),
    /// A user whom the inbox no longer has, by id: the customer counts as having no owner.
    Former(&'a str),
}

/// An open chat, as it was before the message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Chat<'a> {
    /// The id of the user who has it, as it was reported.
    pub user_name: Option<&'a str>,
    /// The user who has it; `None`: it is waiting, because nobody has it or the inbox no longer has the user.
    pub user: Option<UserId>,
    /// The name of the group that it came through or is waiting in, as it was reported.
    pub group_name: Option<&'a str>,
    /// That group, if the inbox still has it.
    pub group: Option<GroupId>,
    /// The tags that it carries, as the host wrote them.
    pub tags: &'a [String],
    /// Whether a user has written in it since it was last given to one, or began to wait.
    pub answered: bool,
    /// Seconds since it was opened.
    pub open_for: Option<u64>,
    /// Seconds since nobody has had it; to be read by [`Chat::waiting_for`] only.
    pub unassigned_for: Option<u64>,
}

impl Chat<'_> {
    /// Seconds since nobody has had it, if nobody has it now.
    pub fn waiting_for(&self) -> Option<u64> {
        self.unassigned_for.filter(|_| self.user.is_none())
    }
}

/// The attributes of `inbox.toml` that a customer or a message has, each in the slot of its id. The first `INLINE` take no
/// allocation: many an inbox has no more.
#[derive(Debug, Clone)]
pub struct CustomAttributes<'a, const INLINE: usize = 4> {
    first: [Option<AttributeValue<&'a str>>; INLINE],
    rest: Vec<Option<AttributeValue<&'a str>>>,
}

impl<const INLINE: usize> Default for CustomAttributes<'_, INLINE> {
    fn default() -> Self {
        Self { first: [None; INLINE], rest: Vec::new() }
    }
}

impl<'a, const INLINE: usize> CustomAttributes<'a, INLINE> {
    /// Sets the value of the attribute with that id.
    pub fn set(&mut self, id: u32, value: AttributeValue<&'a str>) {
        let slot = id as usize;
        if let Some(slot) = self.first.get_mut(slot) {
            *slot = Some(value);
            return;
        }
        let slot = slot - INLINE;
        if self.rest.len() <= slot {
            self.rest.resize(slot + 1, None);
        }
        if let Some(slot) = self.rest.get_mut(slot) {
            *slot = Some(value);
        }
    }

    /// The value of the attribute with that id, if there is one.
    pub fn get(&self, id: u32) -> Option<AttributeValue<&'a str>> {
        let slot = id as usize;
        let slot = self.first.get(slot).or_else(|| self.rest.get(slot.checked_sub(INLINE)?));
        slot.copied().flatten()
    }
}

impl Default for Case<'_> {
    /// A text message without a text, at the beginning of 1970, from a new customer of whom nothing is known.
    fn default() -> Self {
        Self {
            message_id: None,
            number: None,
            at: Timestamp::UNIX_EPOCH,
            kind: MessageKind::Text,
            text: None,
            age: 0,
            ad: None,
            ad_text: None,
            button: None,
            forwarded: false,
            message_attributes: CustomAttributes::default(),
            chat: None,
            returning: false,
            owner: Owner::None,
            silent_for: None,
            tags: &[],
            country: None,
            language: None,
            name: None,
            phone: None,
            attributes: CustomAttributes::default(),
        }
    }
}

impl<'a> Case<'a> {
    /// The user of the inbox who owns the customer.
    pub fn owner_id(&self) -> Option<UserId> {
        match self.owner {
            Owner::User(user) => Some(user),
            Owner::None | Owner::Former(_) => None,
        }
    }

    /// The value of an attribute of the customer or the message, if there is one. `silent_for` is [`Case::silent_for`], and
    /// not here.
    #[inline]
    pub fn attribute(&self, attribute: Attribute) -> Option<AttributeValue<&'a str>> {
        match attribute {
            Attribute::Country => self.country.map(AttributeValue::Text),
            Attribute::Language => self.language.map(AttributeValue::Text),
            Attribute::Name => self.name.map(AttributeValue::Text),
            Attribute::Phone => self.phone.map(AttributeValue::Text),
            Attribute::SilentFor => None,
            Attribute::Custom(id) => self.attributes.get(id.0),
            Attribute::Ad => self.ad.map(AttributeValue::Text),
            Attribute::AdText => self.ad_text.map(AttributeValue::Text),
            Attribute::Button => self.button.map(AttributeValue::Text),
            Attribute::Forwarded => Some(AttributeValue::Flag(self.forwarded)),
            Attribute::Message(id) => self.message_attributes.get(id.0),
        }
    }

    /// Whether the customer or the message has the attribute, whatever its value.
    pub fn has(&self, attribute: Attribute) -> bool {
        match attribute {
            Attribute::SilentFor => self.silent_for.is_some(),
            other => self.attribute(other).is_some(),
        }
    }

    /// The attribute's value, if there is one and it is a text.
    #[inline]
    pub(crate) fn text_of(&self, attribute: Attribute) -> Option<&'a str> {
        match self.attribute(attribute) {
            Some(AttributeValue::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The attribute's value, if there is one and it is a number.
    pub(crate) fn number_of(&self, attribute: Attribute) -> Option<Decimal> {
        match self.custom(attribute) {
            Some(AttributeValue::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// The attribute's value, if there is one and it is a flag.
    pub(crate) fn flag_of(&self, attribute: Attribute) -> Option<bool> {
        match self.custom(attribute) {
            Some(AttributeValue::Flag(flag)) => Some(flag),
            None if attribute == Attribute::Forwarded => Some(self.forwarded),
            _ => None,
        }
    }

    /// The value of an attribute of `inbox.toml`, if there is one: no built-in attribute is a number.
    fn custom(&self, attribute: Attribute) -> Option<AttributeValue<&'a str>> {
        match attribute {
            Attribute::Custom(id) => self.attributes.get(id.0),
            Attribute::Message(id) => self.message_attributes.get(id.0),
            _ => None,
        }
    }

    /// A time of the open chat, in seconds, if there is one and it is known.
    pub fn chat_time(&self, of: ChatTime) -> Option<u64> {
        let chat = self.chat?;
        match of {
            ChatTime::OpenFor => chat.open_for,
            ChatTime::WaitingFor => chat.waiting_for(),
        }
    }

    /// The user of the inbox who has the open chat.
    pub fn chat_user(&self) -> Option<UserId> {
        self.chat.and_then(|chat| chat.user)
    }
}
