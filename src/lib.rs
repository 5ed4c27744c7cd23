//! Decides who answers a customer.

pub mod text;
pub mod diagnostic;
pub mod language;
