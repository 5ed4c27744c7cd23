//! The architecture tests: a module uses only modules above it in `src/lib.rs`, and the files follow the conventions.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

const MAX_LINES: usize = 600;

/// The maximum length of a `mod.rs`, which only declares and re-exports.
const MAX_MOD_LINES: usize = 60;

/// The modules that may define a type of the same name: one as the syntax tree of a concept, the other as its meaning.
const TREE_AND_MEANING: [&str; 2] = ["language", "policy"];

/// A package of the workspace.
struct Package {
    /// Its sources.
    src: &'static str,
    /// The crates that only some modules may use.
    crate_users: &'static [(&'static str, &'static [&'static str])],
    /// The modules that may have side effects.
    impure: &'static [&'static str],
}

const LIBRARY: Package = Package {
    src: "src",
    crate_users: &[
        ("miette", &["diagnostic"]),
        ("pest", &["language"]),
        ("pest_derive", &["language"]),
        ("clap", &["cli"]),
        ("anstream", &["cli"]),
        ("notify", &["reload"]),
        ("arc_swap", &["reload"]),
        ("gen_lsp_types", &["lsp"]),
        ("lsp_server", &["lsp"]),
        ("crossbeam_channel", &["lsp"]),
    ],
    impure: &["load", "reload", "lsp", "cli", "main"],
};

const HOST: Package = Package {
    src: "host/src",
    crate_users: &[
        ("axum", &["shell", "api"]),
        ("tower", &["shell", "api"]),
        ("tower_http", &["shell", "api"]),
        ("reqwest", &["shell"]),
        ("rusqlite", &["store"]),
        ("tokio_postgres", &["store"]),
        ("clap", &["cli"]),
        ("prometheus_client", &["metrics"]),
        ("governor", &["limits"]),
    ],
    impure: &["settings", "store", "rules", "shell", "cli", "main"],
};

/// The sources of the bindings, packages that are no part of the workspace.
const BINDINGS: [&str; 4] =
    ["bindings/json/src", "bindings/python/src", "bindings/node/src", "bindings/c/src"];

/// The modules of `std` for side effects. Only the modules in [`Package::impure`] may use them.
const SIDE_EFFECTS: &[&str] = &["fs", "env", "net", "process", "io"];

#[test]
fn every_file_keeps_the_rules() {
    for package in [LIBRARY, HOST] {
        let order = order(&read(&format!("{}/lib.rs", package.src)));
        let files = production_files(&package);
        let faults: Vec<String> =
            files.iter().flat_map(|(at, text)| faults(&package, at, text, &order)).collect();
        assert!(faults.is_empty(), "{}:\n{}", package.src, faults.join("\n"));
    }
}

#[test]
fn every_file_opens_with_a_sentence_and_is_short() {
    let mut sources = [LIBRARY, HOST].map(|package| sources(package.src)).concat();
    sources.extend(BINDINGS.iter().flat_map(|src| self::sources(src)));
    let long: Vec<String> = sources.iter().flat_map(|(at, text)| shape(at, text)).collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_production_file_has_a_name_of_its_own() {
    for package in [LIBRARY, HOST] {
        let src = root().join(package.src);
        let faults: Vec<String> = production_files(&package)
            .iter()
            .flat_map(|(at, text)| {
                file_name_faults(at, src.join(at.join("/")).join("mod.rs").is_file(), text)
            })
            .collect();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn every_type_name_means_one_thing() {
    for package in [LIBRARY, HOST] {
        let files = production_files(&package);
        let mut defined: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
        for (at, text) in &files {
            for name in type_names(text) {
                defined.entry(name).or_default().push(at.clone());
            }
        }
        let repeated = defined.iter().filter(|(_, places)| places.len() > 1 && !is_tree_and_meaning(places));
        let repeated: Vec<String> = repeated
            .map(|(name, places)| {
                let places: Vec<String> = places.iter().map(|at| at.join("/")).collect();
                format!("{name}: {}", places.join(", "))
            })
            .collect();
        let repeated = repeated.join("\n");
        assert!(repeated.is_empty(), "{}: these names are defined more than once:\n{repeated}", package.src);
    }
}

#[test]
fn the_map_is_the_order_of_lib_rs() {
    assert_eq!(map(&read("ARCHITECTURE.md")), order(&read("src/lib.rs")));
}

/// The rules that a file breaks. `at` is its module path: `["engine", "decide"]`.
fn faults(package: &Package, at: &[String], text: &str, order: &[String]) -> Vec<String> {
    let file = syn::parse_file(text).expect("a source file is Rust");
    let mut reader = PathChecker { package, at: at.to_vec(), order, faults: Vec::new() };
    reader.visit_file(&file);
    reader.faults
}

fn shape(at: &[String], text: &str) -> Vec<String> {
    let name = at.join("/");
    let lines = text.lines().count();
    let mut faults = Vec::new();
    if !text.starts_with("//! ") {
        faults.push(format!("{name}: does not start with a `//!` sentence"));
    }
    if lines > MAX_LINES {
        faults.push(format!("{name}: {lines} lines, more than {MAX_LINES}"));
    }
    faults
}

/// The faults of the name of a file, or of a `mod.rs` that is too long.
fn file_name_faults(at: &[String], is_mod_rs: bool, text: &str) -> Vec<String> {
    let name = at.join("/");
    let lines = text.lines().count();
    let mut faults = Vec::new();
    if at.last().is_some_and(|last| last == "test" || last == "tests") {
        faults.push(format!("{name}: a production file with the name of a test"));
    }
    if is_mod_rs && lines > MAX_MOD_LINES {
        faults.push(format!("{name}/mod.rs: {lines} lines, more than {MAX_MOD_LINES}"));
    }
    faults
}

/// The names of the types and traits that a file defines outside its tests.
fn type_names(text: &str) -> Vec<String> {
    fn collect(items: &[syn::Item], names: &mut Vec<String>) {
        for item in items {
            match item {
                syn::Item::Struct(item) if !is_test(&item.attrs) => names.push(item.ident.to_string()),
                syn::Item::Enum(item) if !is_test(&item.attrs) => names.push(item.ident.to_string()),
                syn::Item::Trait(item) if !is_test(&item.attrs) => names.push(item.ident.to_string()),
                syn::Item::Type(item) if !is_test(&item.attrs) => names.push(item.ident.to_string()),
                syn::Item::Mod(item) if !is_test(&item.attrs) => {
                    item.content.iter().for_each(|(_, items)| collect(items, names));
                }
                _ => {}
            }
        }
    }
    let mut names = Vec::new();
    collect(&syn::parse_file(text).expect("a source file is Rust").items, &mut names);
    names
}

/// Whether a name that these files define is one concept, as a syntax tree and as its meaning.
fn is_tree_and_meaning(places: &[Vec<String>]) -> bool {
    let mut folders: Vec<&str> = places.iter().filter_map(|at| at.first()).map(String::as_str).collect();
    folders.sort_unstable();
    folders == TREE_AND_MEANING
}

/// Reads every path of a file outside its tests.
struct PathChecker<'a> {
    package: &'a Package,
    at: Vec<String>,
    order: &'a [String],
    faults: Vec<String>,
}

impl PathChecker<'_> {
    fn fault(&mut self, what: &str) {
        self.faults.push(format!("{}: {what}", self.at.join("/")));
    }

    fn path(&mut self, path: &[String]) {
        let written = path.join("::");
        if path.iter().any(|segment| segment == "prelude") {
            self.fault(&format!("`{written}` is a prelude"));
        }
        let Some(module) = self.at.first().cloned() else { return };
        let first = path.first().map_or("", String::as_str);
        if let Some((name, users)) = self.package.crate_users.iter().find(|(name, _)| *name == first)
            && !users.contains(&module.as_str())
        {
            self.fault(&format!("`{written}`: only {} may use {name}", users.join(", ")));
        }
        if first == "std"
            && path.get(1).is_some_and(|part| SIDE_EFFECTS.contains(&part.as_str()))
            && !self.package.impure.contains(&module.as_str())
        {
            self.fault(&format!("`{written}` has side effects, which this module may not have"));
        }
        let Some(target) = self.folder(path) else { return };
        let place = |folder: &str| self.order.iter().position(|listed| listed == folder);
        if target != module
            && let (Some(target_position), Some(position)) = (place(&target), place(&module))
            && target_position > position
        {
            self.fault(&format!("`{written}`: {module} is above {target} and may not use it"));
        }
    }

    /// The folder under `src/` that a path leads into.
    fn folder(&self, path: &[String]) -> Option<String> {
        let supers = path.iter().take_while(|segment| *segment == "super").count();
        match path.first()?.as_str() {
            "crate" => path.get(1).cloned(),
            "super" if supers == self.at.len() => path.get(supers).cloned(),
            _ => None,
        }
    }

    fn tree(&mut self, before: &[String], tree: &syn::UseTree) {
        let with = |ident: &syn::Ident| before.iter().cloned().chain([ident.to_string()]).collect::<Vec<_>>();
        match tree {
            syn::UseTree::Path(path) => self.tree(&with(&path.ident), &path.tree),
            syn::UseTree::Name(name) => self.path(&with(&name.ident)),
            syn::UseTree::Rename(rename) => self.path(&with(&rename.ident)),
            syn::UseTree::Glob(_) => {
                self.fault(&format!("`use {}::*` does not name what it imports", before.join("::")));
            }
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.tree(before, tree)),
        }
    }
}

impl<'ast> Visit<'ast> for PathChecker<'_> {
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        if !is_test(&item.attrs) {
            self.tree(&[], &item.tree);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        if is_test(&item.attrs) {
            return;
        }
        self.at.push(item.ident.to_string());
        visit::visit_item_mod(self, item);
        self.at.pop();
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        if !is_test(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.path(&segments);
        visit::visit_path(self, path);
    }
}

/// Whether an item has the attribute `#[cfg(test)]`.
fn is_test(attrs: &[syn::Attribute]) -> bool {
    attrs.iter().any(|attr| {
        attr.path().is_ident("cfg") && attr.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

/// The modules that a file declares only for tests: `#[cfg(test)] mod sample;`
fn test_modules(at: &[String], text: &str) -> Vec<Vec<String>> {
    let file = syn::parse_file(text).expect("a source file is Rust");
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) if item.content.is_none() && is_test(&item.attrs) => {
            Some(item.ident.to_string())
        }
        _ => None,
    });
    modules.map(|module| at.iter().cloned().chain([module]).collect()).collect()
}

/// The `mod` lines of `lib.rs`.
fn order(lib: &str) -> Vec<String> {
    let file = syn::parse_file(lib).expect("lib.rs is Rust");
    let modules = file.items.iter().filter_map(|item| match item {
        syn::Item::Mod(item) => Some(item.ident.to_string()),
        _ => None,
    });
    modules.collect()
}

/// The names in the map of ARCHITECTURE.md: `engine/` and `text.rs` at the beginning of a line of its `text` block.
fn map(document: &str) -> Vec<String> {
    let block = document.split("```text\nsrc/\n").nth(1).and_then(|rest| rest.split("```").next());
    let lines = block.expect("ARCHITECTURE.md has the map of src/").lines();
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let names = names.filter_map(|line| line.split_whitespace().next());
    let modules = names.filter(|name| !matches!(*name, "lib.rs" | "main.rs"));
    modules.map(|name| name.trim_end_matches('/').trim_end_matches(".rs").to_owned()).collect()
}

/// Every file of a package that is compiled outside tests, with its module path.
fn production_files(package: &Package) -> Vec<(Vec<String>, String)> {
    let mut files = sources(package.src);
    assert!(files.len() > 20, "{} was not found", package.src);
    let tests: BTreeSet<Vec<String>> = files.iter().flat_map(|(at, text)| test_modules(at, text)).collect();
    files.retain(|(at, _)| !tests.iter().any(|test| at.starts_with(test)));
    files
}

/// Every file under `src`, with its module path.
fn sources(src: &str) -> Vec<(Vec<String>, String)> {
    let root = root().join(src);
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of src/") {
            let path = entry.expect("an entry of a folder").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).expect("a source file");
                found.push((module(path.strip_prefix(&root).expect("a path under src/")), text));
            }
        }
    }
    assert!(!found.is_empty(), "{src} was not found");
    found
}

/// `engine/decide.rs` → `["engine", "decide"]`; `engine/mod.rs` → `["engine"]`; `lib.rs` → `[]`
fn module(path: &Path) -> Vec<String> {
    let stem = path.with_extension("");
    let parts = stem.iter().map(|part| part.to_string_lossy().into_owned());
    parts.filter(|part| part != "mod" && part != "lib").collect()
}

fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).expect(name)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Tests the checker: compares the faults of `text` as `src/PATH`, in a crate of the modules `text`, `policy`, `engine`
/// and `cli`.
#[track_caller]
fn check(path: &str, text: &str, expected: &[&str]) {
    let order = ["text", "policy", "engine", "cli"].map(String::from);
    assert_eq!(faults(&LIBRARY, &module(Path::new(path)), text, &order), expected);
}

#[test]
fn uses_of_lower_modules_are_found() {
    let up = "policy/x: `crate::engine::decide`: policy is above engine and may not use it";
    check("policy/x.rs", "use crate::engine::decide;", &[up]);
    check("policy/x.rs", "use crate::{text::Span, engine::decide};", &[up]);
    check("policy/x.rs", "use super::super::engine::decide;", &[&up.replace("crate", "super::super")]);
    check("policy/x.rs", "fn f() { crate::engine::decide(); }", &[up]);
    check("policy/x.rs", "fn f(x: crate::engine::decide) {}", &[up]);
    check(
        "policy/x.rs",
        "mod y { use super::super::super::engine::Z; }",
        &["policy/x/y: `super::super::super::engine::Z`: policy is above engine and may not use it"],
    );
    check("policy/x.rs", "#[cfg(feature = \"cli\")] use crate::engine::decide;", &[up]);
    check("engine/x.rs", "use crate::policy::Rule; use super::y::Z; use std::fmt;", &[]);
    check("policy/x.rs", "#[cfg(test)] mod tests { use crate::engine::decide; use super::*; }", &[]);
}

#[test]
fn globs_and_preludes_are_found() {
    check("engine/x.rs", "use super::*;", &["engine/x: `use super::*` does not name what it imports"]);
    check(
        "engine/x.rs",
        "pub use crate::policy::{Rule, model::*};",
        &["engine/x: `use crate::policy::model::*` does not name what it imports"],
    );
    check(
        "engine/x.rs",
        "use proptest::prelude::Strategy;",
        &["engine/x: `proptest::prelude::Strategy` is a prelude"],
    );
}

#[test]
fn crates_of_other_modules_and_side_effects_are_found() {
    check(
        "engine/x.rs",
        "use miette::Report;",
        &["engine/x: `miette::Report`: only diagnostic may use miette"],
    );
    check(
        "engine/x.rs",
        "fn f() { std::fs::read(\"x\"); }",
        &["engine/x: `std::fs::read` has side effects, which this module may not have"],
    );
    check("cli/x.rs", "use std::{env, fs};", &[]);
}

#[test]
fn files_without_a_sentence_and_long_ones_are_found() {
    assert_eq!(shape(&["x".into()], "use a::b;"), ["x: does not start with a `//!` sentence"]);
    let long = format!("//! A.\n{}", "\n".repeat(MAX_LINES));
    assert_eq!(shape(&["x".into()], &long), ["x: 601 lines, more than 600"]);
    assert!(shape(&["x".into()], "//! A.\n").is_empty());
}

#[test]
fn test_only_files_are_known() {
    let found = test_modules(&["check".into()], "mod a; #[cfg(test)] mod pages; #[cfg(test)] mod tests {}");
    assert_eq!(found, [["check", "pages"]]);
}

#[test]
fn repeated_type_names_are_found() {
    let text = "struct A; pub enum B {} trait C {} type D = A; mod x { struct E; }\n\
        #[cfg(test)] struct F; #[cfg(test)] mod tests { struct G; } fn f() {}";
    assert_eq!(type_names(text), ["A", "B", "C", "D", "E"]);
    let at = |path: &str| module(Path::new(path));
    assert!(is_tree_and_meaning(&[at("policy/model.rs"), at("language/ast.rs")]));
    assert!(!is_tree_and_meaning(&[at("policy/model.rs"), at("policy/file.rs")]));
    assert!(!is_tree_and_meaning(&[at("policy/model.rs"), at("engine/decide.rs")]));
    assert!(!is_tree_and_meaning(&[at("language/ast.rs"), at("policy/model.rs"), at("cli/diff.rs")]));
}

#[test]
fn names_of_tests_and_long_module_roots_are_found() {
    let at = |path: &str| module(Path::new(path));
    let check =
        |path: &str, is_root, lines: usize| file_name_faults(&at(path), is_root, &"//! A.\n".repeat(lines));
    assert_eq!(check("policy/test.rs", false, 1), ["policy/test: a production file with the name of a test"]);
    assert_eq!(check("engine/mod.rs", true, 61), ["engine/mod.rs: 61 lines, more than 60"]);
    assert!(check("engine/mod.rs", true, 60).is_empty());
    assert!(check("engine/decide.rs", false, 500).is_empty());
}
