//! Generates the rules as Rust code that a programmer would write by hand.

#[allow(dead_code, reason = "the build script needs only the rules")]
#[path = "src/recipe/mod.rs"]
mod recipe;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use recipe::{Rule, SIZES, condition, rules};

/// The largest size. For more rules the compiler takes minutes, and nobody writes so many by hand.
const MAX_RULES: usize = 500;

fn main() {
    println!("cargo::rerun-if-changed=src/recipe");
    let sizes: Vec<usize> = SIZES.into_iter().filter(|size| *size <= MAX_RULES).collect();
    let mut source: String = sizes.iter().map(|size| function(*size, &rules(*size))).collect();
    source += "fn of(rules: usize) -> Option<fn(&Message) -> Option<usize>> {\n    match rules {\n";
    for size in sizes {
        let _ = writeln!(source, "        {size} => Some(decide_{size}),");
    }
    source += "        _ => None,\n    }\n}\n";
    let folder = env::var("OUT_DIR").expect("cargo names the folder");
    fs::write(Path::new(&folder).join("by_hand.rs"), source).expect("the folder of cargo can be written to");
}

fn function(size: usize, rules: &[Rule]) -> String {
    let mut source = format!("fn decide_{size}(message: &Message) -> Option<usize> {{\n    ");
    for (index, rule) in rules.iter().enumerate() {
        let text = |text: &str| format!("message.text.contains({text:?})");
        let condition = condition(rule, " && ", "message.", "!", text);
        let _ = write!(source, "if {condition} {{\n        Some({index})\n    }} else ");
    }
    source + "{\n        None\n    }\n}\n\n"
}
