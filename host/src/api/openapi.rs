//! `/openapi.json`: the calls in the form of OpenAPI 3.1, made from the table and from the types that are served.

use schemars::generate::SchemaSettings;
use schemars::{Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::error::ErrorAnswer;
use super::table::{Parameter, ParameterForm, Route, TABLE};
use crate::store::OutboxState;

/// The document.
pub(super) fn document() -> Value {
    let settings = || {
        SchemaSettings::draft2020_12()
            .with(|settings| settings.definitions_path = "/components/schemas".into())
    };
    let (mut bodies, mut answers) =
        (settings().into_generator(), settings().for_serialize().into_generator());
    let error = answers.subschema_for::<ErrorAnswer<'static>>();
    let mut paths: Map<String, Value> = Map::new();
    for route in TABLE {
        let operation = operation(route, &mut bodies, &mut answers, &error);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(route.method.as_str().to_ascii_lowercase(), operation);
        }
    }
    let mut schemas = bodies.take_definitions(true);
    schemas.extend(answers.take_definitions(true));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "inbox-host",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A WhatsApp inbox that decides by rules who answers a customer.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn operation(
    route: &Route,
    bodies: &mut SchemaGenerator,
    answers: &mut SchemaGenerator,
    error: &Schema,
) -> Value {
    let names = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let path = names
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
    let parameters: Vec<Value> = path.chain(route.parameters.iter().map(parameter)).collect();
    let mut responses = Map::new();
    let response = match route.answer {
        Some(answer) => json!({ "description": route.summary, "content": json_content(&answer(answers)) }),
        None => json!({ "description": route.summary }),
    };
    responses.insert(route.status.to_string(), response);
    // What every call may answer.
    let always: &[u16] =
        if route.right.is_some() { &[400, 401, 403, 408, 413, 429, 503] } else { &[400, 408] };
    for status in always.iter().chain(route.errors) {
        let response = json!({ "description": "It cannot be done.", "content": json_content(error) });
        responses.entry(status.to_string()).or_insert(response);
    }
    let mut operation = Map::new();
    operation.insert("summary".to_owned(), json!(route.summary));
    operation.insert("parameters".to_owned(), json!(parameters));
    operation.insert("responses".to_owned(), json!(responses));
    if let Some(body) = route.body {
        let body = json!({ "required": true, "content": json_content(&body(bodies)) });
        operation.insert("requestBody".to_owned(), body);
    }
    if let Some(can) = route.right {
        let description = format!("The token needs the right `{}`.", can.word());
        operation.insert("description".to_owned(), json!(description));
        operation.insert("security".to_owned(), json!([{ "token": [] }]));
    }
    operation.into()
}

fn json_content(schema: &Schema) -> Value {
    json!({ "application/json": { "schema": schema } })
}

fn parameter(parameter: &Parameter) -> Value {
    let schema = match parameter.form {
        ParameterForm::Text => json!({ "type": "string" }),
        ParameterForm::Number(least, most) => json!({ "type": "integer", "minimum": least, "maximum": most }),
        ParameterForm::ReplyStates => {
            json!({ "type": "string", "enum": OutboxState::WORDS.map(|(word, _)| word) })
        }
        ParameterForm::Words(words) => json!({ "type": "string", "enum": words }),
    };
    json!({ "name": parameter.name, "in": "query", "schema": schema })
}
