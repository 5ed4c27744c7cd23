//! What a service manager such as systemd is told. Where there is none, nothing happens.

#[cfg(unix)]
use sd_notify::NotifyState;

/// The program serves, from now on and until it is told to end.
pub(super) fn ready() {
    #[cfg(unix)]
    {
        notify(&[NotifyState::Ready]);
        if let Some(limit) = sd_notify::watchdog_enabled() {
            tokio::spawn(keep_watchdog(limit));
        }
    }
}

/// The program ends.
pub(super) fn stopping() {
    #[cfg(unix)]
    notify(&[NotifyState::Stopping]);
}

/// Says twice in each `limit` that the program still runs its tasks.
#[cfg(unix)]
async fn keep_watchdog(limit: std::time::Duration) {
    let mut every = tokio::time::interval((limit / 2).max(std::time::Duration::from_millis(1)));
    loop {
        every.tick().await;
        notify(&[NotifyState::Watchdog]);
    }
}

#[cfg(unix)]
fn notify(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager cannot be told how it goes");
    }
}
