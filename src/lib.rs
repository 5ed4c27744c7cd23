//! Decides who answers a customer.

pub mod text;
pub mod diagnostic;
pub mod language;
pub mod inbox;
pub mod policy;
pub mod situation;
pub mod roster;
pub mod engine;
pub mod check;
