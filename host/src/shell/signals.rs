//! What the system tells the program: SIGTERM and SIGINT end it, SIGHUP has it read tokens and secrets again.

use std::sync::Arc;

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::live_settings::LiveSettings;
use crate::api::{Access, ApiState, end_orphans};
use crate::cli::Start;
use crate::settings::TokenTable;

/// The signals, which are caught from the moment that they are listened for.
pub(super) struct Signals {
    #[cfg(unix)]
    end: Option<Signal>,
    #[cfg(unix)]
    interrupt: Option<Signal>,
    #[cfg(unix)]
    again: Option<Signal>,
}

impl Signals {
    /// Listens for them. Until then the system ends the program at once, whatever it is doing.
    #[cfg(unix)]
    pub(super) fn listen() -> Self {
        let listen = |kind| match signal(kind) {
            Ok(signal) => Some(signal),
            Err(error) => {
                tracing::error!(%error, "a signal cannot be waited for");
                None
            }
        };
        Self {
            end: listen(SignalKind::terminate()),
            interrupt: listen(SignalKind::interrupt()),
            again: listen(SignalKind::hangup()),
        }
    }

    /// Listens for them.
    #[cfg(not(unix))]
    pub(super) fn listen() -> Self {
        Self {}
    }

    /// Waits until the program is to end. `with_first` adds the tokens that are beside the settings.
    #[cfg(unix)]
    pub(super) async fn wait_for_end(
        mut self,
        start: &Start,
        settings: &LiveSettings,
        api: &Arc<ApiState>,
        with_first: impl Fn(TokenTable) -> TokenTable,
    ) {
        loop {
            tokio::select! {
                () = next(&mut self.end) => return,
                () = next(&mut self.interrupt) => return,
                () = next(&mut self.again) => read_again(start, settings, api, &with_first),
            }
        }
    }

    /// Waits until the program is to end.
    #[cfg(not(unix))]
    pub(super) async fn wait_for_end(
        self,
        _: &Start,
        _: &LiveSettings,
        _: &Arc<ApiState>,
        _: impl Fn(TokenTable) -> TokenTable,
    ) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(unix)]
fn read_again(
    start: &Start,
    settings: &LiveSettings,
    api: &Arc<ApiState>,
    with_first: &impl Fn(TokenTable) -> TokenTable,
) {
    match start.reload_secrets(&settings.get()) {
        Ok(new) => {
            api.set_access(Access { tokens: with_first(new.tokens.clone()), proxy: new.proxy.clone() });
            settings.set(new);
            end_orphans(Arc::clone(api));
            tracing::info!("tokens and secrets were read again");
        }
        Err(error) => {
            let findings = error.in_one_line();
            tracing::error!(%error, findings, "tokens and secrets stay as they were");
        }
    }
}

#[cfg(unix)]
async fn next(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}
