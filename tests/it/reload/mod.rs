//! A folder that is followed, with real files.
#![allow(clippy::disallowed_methods, reason = "files change in real time")]

mod live;

mod both;
mod folders;
mod host;
mod saving;
mod watch_flag;
mod wrong;
