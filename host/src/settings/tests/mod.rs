//! `host.toml` as people write it, and what they read when it is wrong.

mod sample;
mod whole_file;
mod accounts;
mod proxies;
