//! The shapes that go in and come out, as JSON Schemas.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use inbox_rules::diagnostic::json::JsonReport;
use inbox_rules::{Decision, Situation};
use inbox_rules_json::OutcomeJson;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, schema_for};
use serde_json::{Value, json};

/// Every type by name. A type that both goes in and comes out is as it comes out, where nothing is missing.
pub(crate) fn types() -> BTreeMap<String, Value> {
    let mut types = BTreeMap::new();
    add(&mut types, "Situation", read_schema::<Situation>());
    add(&mut types, "Decision", written_schema::<Decision>());
    add(&mut types, "CheckReport", written_schema::<JsonReport>());
    add(&mut types, "Outcome", written_schema::<OutcomeJson>());
    // The library writes it as it has found it, so its schema does not say what it is.
    let finding = types.get_mut("Finding").expect("a report has findings");
    let situation = &mut finding["properties"]["situation"];
    situation["anyOf"] = json!([{ "$ref": "#/$defs/Situation" }, { "type": "null" }]);
    types
}

fn read_schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}

fn written_schema<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

fn add(types: &mut BTreeMap<String, Value>, name: &str, schema: Schema) {
    let mut schema = schema.to_value();
    let parts = schema.as_object_mut().and_then(|schema| schema.remove("$defs"));
    for (part, schema) in parts.iter().filter_map(Value::as_object).flatten() {
        let earlier = types.insert(part.clone(), schema.clone());
        let same = earlier.is_none_or(|earlier| names(&earlier) == names(schema));
        assert!(same, "two types are called {part}");
    }
    types.insert(name.to_owned(), schema);
}

/// The names of the fields.
fn names(schema: &Value) -> Vec<&String> {
    schema["properties"].as_object().into_iter().flat_map(serde_json::Map::keys).collect()
}

/// Fails if the file at `path` (from the root of the repository) is not `text`; if `UPDATE` is set, writes it instead.
#[track_caller]
pub(crate) fn assert_current(path: &str, text: &str) {
    let file = root().join(path);
    if env::var_os("UPDATE").is_some() {
        fs::write(&file, text).expect("the file can be written");
    }
    let current = fs::read_to_string(&file).unwrap_or_default();
    let line = current.lines().zip(text.lines()).position(|(a, b)| a != b).map_or(0, |at| at + 1);
    let again = "`UPDATE=1 scripts/bindings rust` writes it again";
    assert!(current == text, "{path} differs from what the types give, from line {line}; {again}");
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[test]
fn the_schema_of_an_outcome_is_current() {
    let text = serde_json::to_string_pretty(&schema_for!(OutcomeJson)).expect("a schema is JSON");
    assert_current("docs/schema/outcome.json", &format!("{text}\n"));
}

#[test]
fn the_types_have_the_fields_of_the_published_schemas() {
    let types = types();
    let pages = [
        ("Situation", "situation"),
        ("Decision", "decision"),
        ("CheckReport", "findings"),
        ("Outcome", "outcome"),
    ];
    for (title, page) in pages {
        let text = fs::read_to_string(root().join(format!("docs/schema/{page}.json"))).expect("a schema");
        let schema: Value = serde_json::from_str(&text).expect("a schema is JSON");
        assert_eq!(names(&schema), names(&types[title]), "{page}");
        for (part, schema) in schema["$defs"].as_object().expect("a schema has parts") {
            assert_eq!(names(schema), names(&types[part]), "{page}: {part}");
        }
    }
}
