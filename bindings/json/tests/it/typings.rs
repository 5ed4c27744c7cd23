//! Writes the types of Python and TypeScript, and compares them with those that are committed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::schemas::{assert_current, types};

const MADE: &str = "Made from docs/schema/ by bindings/json/tests/it/typings.rs. Do not edit it.";

/// A language that types are written in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Python,
    TypeScript,
}

use Target::{Python, TypeScript};

#[test]
fn the_types_of_python_are_current() {
    let start = format!(
        "\"\"\"The shapes of situations, decisions, findings and outcomes.\n\n{MADE}\n\"\"\"\n\n\
         from typing import Literal, NotRequired, TypeAlias, TypedDict\n"
    );
    assert_current("bindings/python/inbox_rules/types.py", &(start + &write(Python, "\n\n")));
}

#[test]
fn the_types_of_typescript_are_current() {
    let start = format!("/** The shapes of situations, decisions, findings and outcomes. {MADE} */\n");
    assert_current("bindings/node/types.d.ts", &(start + &write(TypeScript, "\n")));
}

/// All types, each after those that it is made of.
fn write(target: Target, between: &str) -> String {
    let types = types();
    let (mut order, mut seen) = (Vec::new(), BTreeSet::new());
    for name in types.keys() {
        visit(name, &types, &mut order, &mut seen);
    }
    let texts: Vec<String> = order.into_iter().map(|name| definition(target, name, &types[name])).collect();
    format!("{between}{}", texts.join(between))
}

fn visit<'t>(
    name: &'t str,
    types: &'t BTreeMap<String, Value>,
    order: &mut Vec<&'t str>,
    seen: &mut BTreeSet<&'t str>,
) {
    if seen.insert(name) {
        for part in references(&types[name]) {
            visit(part, types, order, seen);
        }
        order.push(name);
    }
}

fn references(schema: &Value) -> Vec<&str> {
    match schema {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str).map(of_reference);
            own.into_iter().chain(fields.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

fn of_reference(reference: &str) -> &str {
    reference.strip_prefix("#/$defs/").expect("a reference leads into the same schema")
}

/// One type: an object, objects that a constant field tells apart, or another name for something.
fn definition(target: Target, name: &str, schema: &Value) -> String {
    if let Some(fields) = schema["properties"].as_object() {
        return object(target, name, schema, fields);
    }
    let variants = schema["oneOf"].as_array().map_or(&[][..], Vec::as_slice);
    if variants.is_empty() || variants.iter().any(|variant| variant["properties"].is_null()) {
        return alias(target, name, schema, &type_of(target, schema));
    }
    let mut text = String::new();
    let mut names = Vec::new();
    for variant in variants {
        let fields = variant["properties"].as_object().expect("a variant is an object");
        let word = fields.values().find_map(|field| field["const"].as_str()).expect("a variant has a word");
        let (first, rest) = word.split_at(1);
        let variant_name = format!("{name}{}{rest}", first.to_uppercase());
        text += &object(target, &variant_name, variant, fields);
        text += if target == Python { "\n\n" } else { "\n" };
        names.push(variant_name);
    }
    text + &alias(target, name, schema, &names.join(" | "))
}

fn object(target: Target, name: &str, schema: &Value, fields: &Map<String, Value>) -> String {
    let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
    let sentence = sentence(target, schema);
    let mut text = match target {
        Python => format!("class {name}(TypedDict):\n    \"\"\"{sentence}\"\"\"\n"),
        TypeScript => format!("/** {sentence} */\nexport interface {name} {{\n"),
    };
    for (field, schema) in fields {
        let is_required = required.iter().any(|name| name == field);
        let kind = type_of(target, schema);
        let about = sentence_of_field(target, schema);
        text += &match (target, is_required) {
            (Python, true) => format!("\n{about}    {field}: {kind}\n"),
            (Python, false) => format!("\n{about}    {field}: NotRequired[{kind}]\n"),
            (TypeScript, true) => format!("{about}  {field}: {kind};\n"),
            (TypeScript, false) => format!("{about}  {field}?: {kind};\n"),
        };
    }
    text + if target == Python { "" } else { "}\n" }
}

fn alias(target: Target, name: &str, schema: &Value, kind: &str) -> String {
    let about = sentence(target, schema);
    match (target, about.is_empty()) {
        (Python, true) => format!("{name}: TypeAlias = {kind}\n"),
        (Python, false) => format!("#: {about}\n{name}: TypeAlias = {kind}\n"),
        (TypeScript, true) => format!("export type {name} = {kind};\n"),
        (TypeScript, false) => format!("/** {about} */\nexport type {name} = {kind};\n"),
    }
}

fn sentence_of_field(target: Target, schema: &Value) -> String {
    match (target, sentence(target, schema)) {
        (_, about) if about.is_empty() => about,
        (Python, about) => format!("    #: {about}\n"),
        (TypeScript, about) => format!("  /** {about} */\n"),
    }
}

fn sentence(target: Target, schema: &Value) -> String {
    let text = schema["description"].as_str().unwrap_or_default().replace('\n', " ");
    if target == Python { text.replace("`null`", "`None`") } else { text }
}

/// The expression of a type.
fn type_of(target: Target, schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return of_reference(reference).to_owned();
    }
    if let Some(word) = schema.get("const") {
        return literal(target, &[word]);
    }
    if let Some(words) = schema["enum"].as_array() {
        return literal(target, &words.iter().collect::<Vec<_>>());
    }
    if let Some(variants) = ["anyOf", "oneOf"].into_iter().find_map(|field| schema[field].as_array()) {
        let words: Vec<&Value> = variants.iter().filter_map(|variant| variant.get("const")).collect();
        if words.len() == variants.len() {
            return literal(target, &words);
        }
        let mut kinds: Vec<String> = Vec::new();
        for kind in variants.iter().map(|variant| type_of(target, variant)) {
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        return kinds.join(" | ");
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => kind.as_str().into_iter().collect(),
    };
    assert!(!kinds.is_empty(), "there is no type for {schema}");
    kinds.into_iter().map(|kind| simple(target, kind, schema)).collect::<Vec<_>>().join(" | ")
}

fn simple(target: Target, kind: &str, schema: &Value) -> String {
    // In a list and in a map, null is read as if it were not there; nobody has to write it.
    let inner = |schema: &Value| {
        let kind = type_of(target, schema);
        let null = if target == Python { " | None" } else { " | null" };
        kind.strip_suffix(null).map_or(kind.clone(), ToOwned::to_owned)
    };
    match (target, kind) {
        (Python, "string") => "str".to_owned(),
        (Python, "integer") => "int".to_owned(),
        (Python, "number") => "float".to_owned(),
        (Python, "boolean") => "bool".to_owned(),
        (Python, "null") => "None".to_owned(),
        (Python, "array") => format!("list[{}]", inner(&schema["items"])),
        (Python, "object") => format!("dict[str, {}]", inner(&schema["additionalProperties"])),
        (TypeScript, "integer" | "number") => "number".to_owned(),
        (TypeScript, "string" | "boolean" | "null") => kind.to_owned(),
        (TypeScript, "array") => format!("Array<{}>", inner(&schema["items"])),
        (TypeScript, "object") => format!("Record<string, {}>", inner(&schema["additionalProperties"])),
        _ => panic!("there is no type for {schema}"),
    }
}

fn literal(target: Target, words: &[&Value]) -> String {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    match target {
        Python => format!("Literal[{}]", words.join(", ")),
        TypeScript => words.join(" | "),
    }
}
