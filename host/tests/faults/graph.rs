//! WhatsApp's Graph API, which can be away, late or wrong.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde_json::{Value, json};

/// How it answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Behaviour {
    /// As it should.
    Good,
    /// It takes the message and answers after so long.
    Late(Duration),
    /// It takes the message, and the answer is a 502 of something in between.
    TakenAnd502,
    /// It takes nothing, and the answer is a 502.
    Only502,
    /// It takes nothing: too many messages.
    RateLimited,
}

/// What it has taken: how often, by the reply's id, and the customer.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) times: HashMap<String, u32>,
    /// In the order in which they came: the customer and the text.
    pub(crate) texts: Vec<(String, String)>,
    /// Where statuses go: (wamid, reply, customer).
    pub(crate) ids: Vec<(String, String, String)>,
}

/// The API, running.
#[derive(Clone)]
pub(crate) struct Graph {
    pub(crate) address: String,
    pub(crate) taken: Arc<Mutex<Taken>>,
    behaviour: Arc<Mutex<Behaviour>>,
}

impl Graph {
    /// Starts it.
    pub(crate) async fn start() -> Self {
        Self::start_on("127.0.0.1").await
    }

    /// Starts it on this IP address.
    pub(crate) async fn start_on(ip: &str) -> Self {
        let listener = tokio::net::TcpListener::bind((ip, 0)).await.unwrap();
        let graph = Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            taken: Arc::default(),
            behaviour: Arc::new(Mutex::new(Behaviour::Good)),
        };
        let router =
            Router::new().route("/{version}/{number}/messages", post(send)).with_state(graph.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        graph
    }

    /// From now on it answers so.
    pub(crate) fn set(&self, behaviour: Behaviour) {
        *self.behaviour.lock().unwrap() = behaviour;
    }

    fn take(&self, body: &Value) -> Response {
        let mut taken = self.taken.lock().unwrap();
        let id = body["biz_opaque_callback_data"].as_str().unwrap_or_default().to_owned();
        *taken.times.entry(id.clone()).or_default() += 1;
        let customer = body["to"].as_str().or(body["recipient"].as_str()).unwrap_or_default().to_owned();
        taken.texts.push((customer.clone(), body["text"]["body"].as_str().unwrap_or_default().to_owned()));
        let wamid = format!("wamid.out.{}", taken.texts.len());
        taken.ids.push((wamid.clone(), id, customer));
        Json(json!({ "messaging_product": "whatsapp", "messages": [{ "id": wamid }] })).into_response()
    }
}

async fn send(State(graph): State<Graph>, Json(body): Json<Value>) -> Response {
    let behaviour = *graph.behaviour.lock().unwrap();
    match behaviour {
        Behaviour::Good => graph.take(&body),
        Behaviour::Late(time) => {
            let answer = graph.take(&body);
            tokio::time::sleep(time).await;
            answer
        }
        Behaviour::TakenAnd502 => {
            graph.take(&body);
            (StatusCode::BAD_GATEWAY, "<html>bad gateway</html>").into_response()
        }
        Behaviour::Only502 => (StatusCode::BAD_GATEWAY, "<html>bad gateway</html>").into_response(),
        Behaviour::RateLimited => {
            let error = json!({ "error": { "message": "(#130429) Rate limit hit", "code": 130_429 } });
            (StatusCode::TOO_MANY_REQUESTS, Json(error)).into_response()
        }
    }
}
