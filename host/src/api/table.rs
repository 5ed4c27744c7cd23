//! The calls of the API: one row each. The routes and the OpenAPI document are made from it.

use std::future::Future;
use std::pin::Pin;

use axum::http::Method;
use inbox_rules::Decision;
use inbox_rules::desk::LogRecord;
use inbox_rules::diagnostic::json::JsonReport;
use inbox_rules::scenario::TestReport;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::call::{Call, CallResult};
use super::chats::{ChatAnswer, ChatMessageBody, UserOnlyBody};
use super::conversation::ChatTextAnswer;
use super::counts::CountsAnswer;
use super::customers::{CustomerAnswer, CustomerBody};
use super::decisions::ShownDecision;
use super::groups::GroupAnswer;
use super::health::{HealthAnswer, ReadyAnswer};
use super::listed::ItemList;
use super::messages::MessageBody;
use super::numbers::NumberAnswer;
use super::policy::{NumberBody, OptionsBody, WordsAnswer};
use super::replies::{NoticeAnswer, ReplyRowAnswer};
use super::rule_sets::{RuleSetAnswer, RuleSetTextsAnswer};
use super::rules::AcceptBody;
use super::rules_replay::ReplayAnswer;
use super::session::{SessionAnswer, SessionBody};
use super::transfer::TransferBody;
use super::try_message::TryBody;
use super::users::{InboxAnswer, UserAnswer, UserBody};
use super::{
    chats, conversation, counts, customers, decisions, events, groups, health, messages, numbers, policy,
    replies, rule_sets, rules, rules_replay, session, try_message, users,
};
use crate::limits::{CALL_BYTES, RULES_BYTES};
use crate::machine::Routed;
use crate::rules::{NumberOptions, PolicyFlow, PolicyWeek, RulesEdit, RulesStatus};
use crate::settings::Can;

/// A call of the API.
pub(super) struct Route {
    pub(super) method: Method,
    pub(super) path: &'static str,
    /// What the token must allow; `None`: no token is needed.
    pub(super) right: Option<Can>,
    /// What it does.
    pub(super) summary: &'static str,
    pub(super) parameters: &'static [Parameter],
    /// The body that it takes.
    pub(super) body: Option<Describe>,
    /// The status of its answer, and the body.
    pub(super) status: u16,
    pub(super) answer: Option<Describe>,
    /// Which errors it answers besides those that every call may answer.
    pub(super) errors: &'static [u16],
    pub(super) most_bytes: usize,
    pub(super) handler: fn(Call) -> Pin<Box<dyn Future<Output = CallResult> + Send>>,
}

/// Describes a type.
pub(super) type Describe = fn(&mut SchemaGenerator) -> Schema;

/// A parameter after the `?`.
pub(super) struct Parameter {
    pub(super) name: &'static str,
    pub(super) form: ParameterForm,
}

/// What a parameter may be.
pub(super) enum ParameterForm {
    /// Any text.
    Text,
    /// A whole number between these.
    Number(u64, u64),
    /// One of these words.
    Words(&'static [&'static str]),
    /// How far a reply is.
    ReplyStates,
}

impl Route {
    /// The names of its parameters.
    pub(super) fn parameter_names(&self) -> Vec<&'static str> {
        self.parameters.iter().map(|parameter| parameter.name).collect()
    }
}

const fn text(name: &'static str) -> Parameter {
    Parameter { name, form: ParameterForm::Text }
}

const LIMIT: Parameter = Parameter { name: "limit", form: ParameterForm::Number(1, 500) };
const AFTER: Parameter = Parameter { name: "after", form: ParameterForm::Number(0, u64::MAX) };
const PAGE: &[Parameter] = &[LIMIT, AFTER];
const NEWEST: Parameter = Parameter { name: "newest", form: ParameterForm::Words(&["true", "false"]) };
const BEFORE: Parameter = Parameter { name: "before", form: ParameterForm::Number(0, u64::MAX) };

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// Edited rules that are to decide: it must be known which were edited.
fn rules_put(generator: &mut SchemaGenerator) -> Schema {
    let edit = generator.subschema_for::<RulesEdit>();
    json_schema!({ "allOf": [edit, { "required": ["base"], "properties": { "base": { "type": "string" } } }] })
}

/// A call that reads.
const READ: Route = Route {
    method: Method::GET,
    path: "",
    right: Some(Can::Read),
    summary: "",
    parameters: &[],
    body: None,
    status: 200,
    answer: None,
    errors: &[404],
    most_bytes: CALL_BYTES,
    handler: |_| Box::pin(async { health::health() }),
};

/// A call that changes a chat.
const CHANGE_CHAT: Route = Route {
    method: Method::POST,
    right: Some(Can::Chats),
    answer: Some(of::<ChatAnswer>),
    errors: &[404, 409, 422],
    ..READ
};

/// A call about edited rules.
const EDIT_RULES: Route = Route {
    method: Method::POST,
    right: Some(Can::Rules),
    errors: &[404, 422],
    most_bytes: RULES_BYTES,
    ..READ
};

/// A call that shows rules; to edit them, the token must allow it.
const READ_RULES: Route = Route { right: Some(Can::Read), ..EDIT_RULES };

/// A call about a customer.
const CUSTOMER: Route = Route { path: "/v1/inboxes/{inbox}/customers/{customer}", ..READ };

/// A call that anybody may make.
const PUBLIC: Route = Route { right: None, errors: &[], ..READ };

/// A call about the session of a browser.
const SESSION: Route = Route { path: "/v1/session", errors: &[401, 403, 429, 503], ..PUBLIC };

/// All calls.
pub(super) static TABLE: &[Route] = &[
    Route {
        method: Method::POST,
        summary: "Logs in with a token: a browser has a cookie from then on",
        body: Some(of::<SessionBody>),
        answer: Some(of::<SessionAnswer>),
        errors: &[401, 403, 413, 422, 429, 503],
        handler: |call| Box::pin(session::log_in(call)),
        ..SESSION
    },
    Route {
        summary: "Who is logged in",
        answer: Some(of::<SessionAnswer>),
        handler: |call| Box::pin(session::session(call)),
        ..SESSION
    },
    Route {
        method: Method::DELETE,
        summary: "Logs out",
        status: 204,
        handler: |call| Box::pin(session::log_out(call)),
        ..SESSION
    },
    Route {
        path: "/v1/inboxes",
        summary: "The inboxes that the token is for",
        parameters: PAGE,
        answer: Some(of::<ItemList<InboxAnswer>>),
        handler: |call| Box::pin(users::inboxes(call)),
        ..READ
    },
    Route {
        method: Method::POST,
        path: "/v1/inboxes/{inbox}/messages",
        right: Some(Can::Messages),
        summary: "Decides a message of any channel",
        body: Some(of::<MessageBody>),
        answer: Some(of::<Routed>),
        errors: &[404, 409, 422],
        handler: |call| Box::pin(messages::post(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/users",
        summary: "The users, with their chats",
        parameters: PAGE,
        answer: Some(of::<ItemList<UserAnswer>>),
        handler: |call| Box::pin(users::users(call)),
        ..READ
    },
    Route {
        method: Method::PATCH,
        path: "/v1/inboxes/{inbox}/users/{user}",
        right: Some(Can::Users),
        summary: "Sets a user's presence or capacity",
        body: Some(of::<UserBody>),
        answer: Some(of::<UserAnswer>),
        errors: &[404, 422],
        handler: |call| Box::pin(users::change(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/groups",
        summary: "The groups, with whose turn it is",
        parameters: PAGE,
        answer: Some(of::<ItemList<GroupAnswer>>),
        handler: |call| Box::pin(groups::groups(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/numbers",
        summary: "The numbers, with their rules and what they have done today",
        parameters: PAGE,
        answer: Some(of::<ItemList<NumberAnswer>>),
        handler: |call| Box::pin(numbers::list_numbers(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/counts",
        summary: "How many messages each rule has decided lately",
        answer: Some(of::<CountsAnswer>),
        handler: |call| Box::pin(counts::counts(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/chats",
        summary: "The chats that users have, and those that wait",
        parameters: &[
            LIMIT,
            AFTER,
            NEWEST,
            BEFORE,
            Parameter { name: "state", form: ParameterForm::Words(&["open", "waiting"]) },
            text("user"),
            text("group"),
            text("number"),
            text("customer"),
        ],
        answer: Some(of::<ItemList<ChatAnswer>>),
        handler: |call| Box::pin(chats::chats(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/chats/{chat}",
        summary: "A chat, open or closed",
        answer: Some(of::<ChatAnswer>),
        handler: |call| Box::pin(chats::chat(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/chats/{chat}/texts",
        summary: "What was written in a chat",
        answer: Some(of::<ItemList<ChatTextAnswer>>),
        handler: |call| Box::pin(conversation::texts(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/chats/{chat}/take",
        summary: "A user takes a chat that waits",
        body: Some(of::<UserOnlyBody>),
        handler: |call| Box::pin(chats::take(call)),
        ..CHANGE_CHAT
    },
    Route {
        path: "/v1/inboxes/{inbox}/chats/{chat}/transfer",
        summary: "Moves a chat to a user, or to a member of a group",
        body: Some(of::<TransferBody>),
        handler: |call| Box::pin(chats::transfer(call)),
        ..CHANGE_CHAT
    },
    Route {
        path: "/v1/inboxes/{inbox}/chats/{chat}/answered",
        summary: "A user has answered the customer",
        body: Some(of::<UserOnlyBody>),
        handler: |call| Box::pin(chats::answered(call)),
        ..CHANGE_CHAT
    },
    Route {
        path: "/v1/inboxes/{inbox}/chats/{chat}/close",
        summary: "Closes a chat",
        handler: |call| Box::pin(chats::close(call)),
        ..CHANGE_CHAT
    },
    Route {
        path: "/v1/inboxes/{inbox}/chats/{chat}/messages",
        summary: "Sends the customer what a user has written",
        body: Some(of::<ChatMessageBody>),
        status: 202,
        answer: Some(of::<ReplyRowAnswer>),
        handler: |call| Box::pin(chats::send(call)),
        ..CHANGE_CHAT
    },
    Route {
        summary: "What is known about a customer",
        answer: Some(of::<CustomerAnswer>),
        handler: |call| Box::pin(customers::customer(call)),
        ..CUSTOMER
    },
    Route {
        method: Method::PUT,
        right: Some(Can::Customers),
        summary: "Makes a customer, or changes what is known about them",
        body: Some(of::<CustomerBody>),
        answer: Some(of::<CustomerAnswer>),
        errors: &[404, 422],
        handler: |call| Box::pin(customers::put(call)),
        ..CUSTOMER
    },
    Route {
        method: Method::DELETE,
        right: Some(Can::Customers),
        summary: "Forgets the names of a customer, and what they wrote",
        status: 204,
        handler: |call| Box::pin(customers::forget(call)),
        ..CUSTOMER
    },
    Route {
        path: "/v1/inboxes/{inbox}/decisions",
        summary: "The decisions, in order; with `Accept: application/x-ndjson` as a log for `rules replay`",
        parameters: &[
            LIMIT,
            AFTER,
            NEWEST,
            BEFORE,
            text("rule"),
            text("place"),
            text("customer"),
            text("search"),
            text("message"),
            text("number"),
            text("user"),
        ],
        answer: Some(of::<ItemList<ShownDecision>>),
        handler: |call| Box::pin(decisions::decisions(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/decisions/{decision}",
        summary: "A decision, with its reasons if they are asked for",
        parameters: &[Parameter { name: "why", form: ParameterForm::Words(&["true", "false"]) }],
        answer: Some(of::<ShownDecision>),
        handler: |call| Box::pin(decisions::decision(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/events",
        summary: "What has happened, in order; with `Accept: text/event-stream` as it happens",
        parameters: &[LIMIT, AFTER, Parameter { name: "wait", form: ParameterForm::Number(0, 25) }],
        answer: Some(of::<ItemList<LogRecord>>),
        handler: |call| Box::pin(events::events(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/replies",
        summary: "The replies, and how far each is",
        parameters: &[
            LIMIT,
            AFTER,
            NEWEST,
            BEFORE,
            Parameter { name: "state", form: ParameterForm::ReplyStates },
        ],
        answer: Some(of::<ItemList<ReplyRowAnswer>>),
        handler: |call| Box::pin(replies::replies(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/notices",
        summary: "What WhatsApp has told that decides nothing",
        parameters: &[LIMIT, AFTER, NEWEST, BEFORE],
        answer: Some(of::<ItemList<NoticeAnswer>>),
        handler: |call| Box::pin(replies::notices(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules",
        summary: "The rules that decide, and what became of the last change",
        answer: Some(of::<RulesStatus>),
        handler: |call| Box::pin(rules::rules(call)),
        ..READ
    },
    Route {
        method: Method::PUT,
        path: "/v1/inboxes/{inbox}/rules",
        summary: "Changes the rules",
        body: Some(rules_put),
        answer: Some(of::<RulesStatus>),
        errors: &[404, 409, 422, 500],
        handler: |call| Box::pin(rules::put(call)),
        ..EDIT_RULES
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/files/{file}",
        summary: "The text of a file, as `text/plain`",
        handler: |call| Box::pin(async move { rules::file(&call) }),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/sets",
        summary: "The rules that were active at some time, the latest first",
        parameters: PAGE,
        answer: Some(of::<ItemList<RuleSetAnswer>>),
        handler: |call| Box::pin(rule_sets::sets(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/sets/{digest}",
        summary: "Rules that were active at some time, wait to be accepted, or were refused in the folder, with their texts",
        answer: Some(of::<RuleSetTextsAnswer>),
        handler: |call| Box::pin(rule_sets::set(call)),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/words",
        summary: "The words that can be written in rules",
        answer: Some(of::<WordsAnswer>),
        handler: |call| Box::pin(async move { policy::words(&call) }),
        ..READ
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/flow",
        summary: "The rules of a number as people read them",
        body: Some(of::<NumberBody>),
        answer: Some(of::<PolicyFlow>),
        handler: |call| Box::pin(policy::flow(call)),
        ..READ_RULES
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/week",
        summary: "When each rule of a number can decide",
        body: Some(of::<NumberBody>),
        answer: Some(of::<PolicyWeek>),
        handler: |call| Box::pin(policy::week(call)),
        ..READ_RULES
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/options",
        summary: "The rules of a number as a form of five cases, and the rules of such a form",
        body: Some(of::<OptionsBody>),
        answer: Some(of::<NumberOptions>),
        handler: |call| Box::pin(policy::options(call)),
        ..READ_RULES
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/test",
        summary: "The results of the tests in edited rules",
        body: Some(of::<RulesEdit>),
        answer: Some(of::<TestReport>),
        handler: |call| Box::pin(policy::test(call)),
        ..EDIT_RULES
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/accept",
        summary: "Lets rules decide that wait for it",
        body: Some(of::<AcceptBody>),
        answer: Some(of::<RulesStatus>),
        handler: |call| Box::pin(rules::accept(call)),
        ..EDIT_RULES
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/check",
        summary: "What is found in edited rules",
        body: Some(of::<RulesEdit>),
        answer: Some(of::<JsonReport>),
        handler: |call| Box::pin(rules::check(call)),
        ..EDIT_RULES
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/try",
        summary: "How a message would be decided now, and why",
        body: Some(of::<TryBody>),
        answer: Some(of::<Decision>),
        most_bytes: CALL_BYTES,
        handler: |call| Box::pin(try_message::try_message(call)),
        ..EDIT_RULES
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/diff",
        summary: "What edited rules decide differently, as `rules diff --format json` writes it",
        body: Some(of::<RulesEdit>),
        answer: Some(of::<serde_json::Value>),
        handler: |call| Box::pin(rules::diff(call)),
        ..EDIT_RULES
    },
    Route {
        path: "/v1/inboxes/{inbox}/rules/replay",
        summary: "How the last 1,000 messages would be decided by edited rules",
        body: Some(of::<RulesEdit>),
        answer: Some(of::<ReplayAnswer>),
        handler: |call| Box::pin(rules_replay::replay(call)),
        ..EDIT_RULES
    },
    Route {
        path: "/healthz",
        summary: "Whether the program runs",
        answer: Some(of::<HealthAnswer>),
        handler: |_| Box::pin(async { health::health() }),
        ..PUBLIC
    },
    Route {
        path: "/readyz",
        summary: "Whether the program can be used",
        answer: Some(of::<ReadyAnswer>),
        errors: &[503],
        handler: |call| Box::pin(health::ready(call)),
        ..PUBLIC
    },
    Route {
        path: "/openapi.json",
        summary: "This document",
        handler: |_| Box::pin(async { health::openapi() }),
        ..PUBLIC
    },
];
