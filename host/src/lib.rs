//! A WhatsApp inbox that runs on [`inbox_rules`]: messages in, durable decisions, replies out. The program is
//! `inbox-host`.

pub mod settings;
pub mod rules;
pub mod whatsapp;
pub mod incoming;
pub mod store;
pub mod machine;
pub mod limits;
pub mod metrics;
pub mod inboxes;
pub mod api;
pub mod cli;
pub mod shell;
pub mod verify;
#[cfg(test)]
mod simulator;
