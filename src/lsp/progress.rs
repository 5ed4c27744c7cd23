//! Work that takes long, as the editor shows it.

use std::time::{Duration, Instant};

use gen_lsp_types::{
    Notification as _, ProgressNotification, ProgressParams, ProgressToken, Request as _,
    WorkDoneProgressCreateParams, WorkDoneProgressCreateRequest,
};
use serde_json::{Value, json};

use super::clock::now;
use super::outbox::Outbox;

/// Only work that has taken so long is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// A piece of work, which is shown if it takes long. It must be [ended](Self::end).
#[derive(Debug)]
pub(super) struct WorkProgress {
    title: &'static str,
    /// The client's own token, if it has given one.
    token: Option<ProgressToken>,
    state: ProgressState,
}

#[derive(Debug)]
enum ProgressState {
    /// Nobody is told before this.
    Hidden(Instant),
    /// The editor cannot show it.
    Untold,
    Shown(ProgressToken),
}

impl WorkProgress {
    /// Work that begins now.
    pub(super) fn start(title: &'static str, token: Option<ProgressToken>) -> Self {
        Self { title, token, state: ProgressState::Hidden(now() + PATIENCE) }
    }

    /// When it must be shown.
    pub(super) fn show_at(&self) -> Option<Instant> {
        match self.state {
            ProgressState::Hidden(at) => Some(at),
            ProgressState::Untold | ProgressState::Shown(_) => None,
        }
    }

    /// Shows it, if it is time to. `can_create`: the client takes tokens of the server's.
    pub(super) fn show(&mut self, now: Instant, can_create: bool, outbox: &mut Outbox) {
        if self.show_at().is_none_or(|at| at > now) {
            return;
        }
        let token = match self.token.take() {
            Some(token) => token,
            None if can_create => {
                let token = ProgressToken::String(format!("rules/{}", outbox.next_number()));
                let params = WorkDoneProgressCreateParams { token: token.clone() };
                outbox.ask(WorkDoneProgressCreateRequest::METHOD.as_str(), params);
                token
            }
            None => return self.state = ProgressState::Untold,
        };
        tell(outbox, &token, json!({ "kind": "begin", "title": self.title }));
        self.state = ProgressState::Shown(token);
    }

    /// Tells that the work is done.
    pub(super) fn end(self, outbox: &Outbox) {
        if let ProgressState::Shown(token) = &self.state {
            tell(outbox, token, json!({ "kind": "end" }));
        }
    }
}

fn tell(outbox: &Outbox, token: &ProgressToken, value: Value) {
    let params = ProgressParams { token: token.clone(), value };
    outbox.notify(ProgressNotification::METHOD.as_str(), params);
}
