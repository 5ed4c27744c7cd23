//! The header is what the sources say.

use std::path::Path;
use std::{env, fs};

#[test]
fn the_header_is_current() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let bindings = cbindgen::generate(package).expect("the sources can be read");
    let mut made = Vec::new();
    bindings.write(&mut made);
    let made = String::from_utf8(made).expect("a header is text");
    // What the documentation of Rust calls so are the duties of the caller.
    let made = made.replace(" * # Safety\n *\n * ", " * Must hold: ");
    let header = package.join("include/inbox_rules.h");
    if env::var_os("UPDATE").is_some() {
        fs::write(&header, made).expect("the header can be written");
        return;
    }
    let current = fs::read_to_string(&header).expect("there is a header");
    assert_eq!(current, made, "`UPDATE=1 scripts/bindings rust` makes the header again");
}
