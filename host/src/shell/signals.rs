//! What the system tells the program: SIGTERM and SIGINT end it, SIGHUP has it read tokens and secrets again.

use std::sync::Arc;

use super::live_settings::LiveSettings;
use crate::api::ApiState;
use crate::cli::Start;
use crate::settings::TokenTable;

/// Waits until the program is to end. `tokens` are those beside the settings.
#[cfg(unix)]
pub(super) async fn wait_for_end(
    start: &Start,
    settings: &LiveSettings,
    api: &Arc<ApiState>,
    with_first: impl Fn(TokenTable) -> TokenTable,
) {
    use tokio::signal::unix::{SignalKind, signal};

    let listen = |kind| match signal(kind) {
        Ok(signal) => Some(signal),
        Err(error) => {
            tracing::error!(%error, "a signal cannot be waited for");
            None
        }
    };
    let mut end = listen(SignalKind::terminate());
    let mut interrupt = listen(SignalKind::interrupt());
    let mut again = listen(SignalKind::hangup());
    loop {
        tokio::select! {
            () = next(&mut end) => return,
            () = next(&mut interrupt) => return,
            () = next(&mut again) => read_again(start, settings, api, &with_first),
        }
    }
}

/// Waits until the program is to end.
#[cfg(not(unix))]
pub(super) async fn wait_for_end(
    _: &Start,
    _: &LiveSettings,
    _: &Arc<ApiState>,
    _: impl Fn(TokenTable) -> TokenTable,
) {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

#[cfg(unix)]
fn read_again(
    start: &Start,
    settings: &LiveSettings,
    api: &ApiState,
    with_first: &impl Fn(TokenTable) -> TokenTable,
) {
    match start.reload_secrets(&settings.get()) {
        Ok(new) => {
            api.set_tokens(with_first(new.tokens.clone()));
            settings.set(new);
            tracing::info!("tokens and secrets were read again");
        }
        Err(error) => {
            let findings = error.in_one_line();
            tracing::error!(%error, findings, "tokens and secrets stay as they were");
        }
    }
}

#[cfg(unix)]
async fn next(signal: &mut Option<tokio::signal::unix::Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}
