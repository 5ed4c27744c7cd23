//! Reloading: a watched folder with real files.
#![allow(clippy::disallowed_methods, reason = "files change in real time")]

mod watched_folder;

mod consistency;
mod folders;
mod host;
mod hostile;
mod odd_files;
mod saving;
mod watch_flag;
mod invalid;
mod embedding;
mod model;
