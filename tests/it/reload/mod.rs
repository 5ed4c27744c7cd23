//! A folder that is followed, with real files.

mod live;

mod both;
mod folders;
mod host;
mod saving;
mod watch_flag;
mod wrong;
