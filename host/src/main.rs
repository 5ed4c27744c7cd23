//! The program `inbox-host`.

fn main() {}
