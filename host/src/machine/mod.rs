//! Decides what the host does, without doing it: what arrives and what has been done comes in, and what is to be done goes out.

mod item;

pub use item::{
    Answer, ChatAction, CustomerChange, CustomerKey, Item, NewMessage, Profile, Refused, ReplyAnswer, Routed,
    SendBy, UserChange,
};
