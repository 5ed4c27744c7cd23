//! The program `inbox-host`: its arguments, and what it prints before anything is started.

mod output;
mod make_token;
mod check_all;
mod arguments;

pub use arguments::{Start, main};
pub use output::{eprint, style};
