//! Sends replies. Each has a lease in the store when it comes here, and what became of it goes back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use inbox_rules::desk::CustomerName;
use reqwest::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use secrecy::ExposeSecret;
use tokio::sync::{Semaphore, mpsc};

use super::live_settings::LiveSettings;
use super::writer::{SendDone, Sending};
use crate::inboxes::Inboxes;
use crate::store::OutboxRow;
use crate::whatsapp::{GraphAnswer, SendOutcome, classify, request_body, request_url};

/// WhatsApp answers within this time, or the answer is lost.
const TIMEOUT: Duration = Duration::from_secs(20);

/// How many replies are sent at the same time.
pub(super) const SENDERS: usize = 256;

/// No answer of WhatsApp is longer.
const MAX_BYTES: usize = 64 * 1024;

/// The code for a number that has nothing to send with: WhatsApp's own for a token that is not valid.
const NO_TOKEN: i64 = 190;

/// What sends replies.
#[derive(Debug)]
pub(super) struct OutboxSender {
    pub(super) client: Client,
    pub(super) settings: LiveSettings,
    pub(super) inboxes: Arc<Inboxes>,
    pub(super) sent: mpsc::UnboundedSender<SendDone>,
    /// Has all its permits while nothing is being sent.
    pub(super) places: Arc<Semaphore>,
}

/// What speaks to WhatsApp.
///
/// # Errors
///
/// The system has no certificates to trust.
pub(super) fn client() -> reqwest::Result<Client> {
    // It is there already if this is called twice.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build()
}

/// Sends what comes, each in a task of its own, until nothing can come any more.
pub(super) async fn send_all(sender: Arc<OutboxSender>, mut to_send: mpsc::UnboundedReceiver<Sending>) {
    while let Some(Sending { inbox, row, until }) = to_send.recv().await {
        let Ok(place) = Arc::clone(&sender.places).acquire_owned().await else { return };
        let sender = Arc::clone(&sender);
        tokio::spawn(async move {
            #[expect(clippy::disallowed_methods, reason = "a clock that only goes forward")]
            let is_late = Instant::now() > until;
            // The program was stopped meanwhile, or too much is being sent.
            let outcome = if is_late { SendOutcome::NOT_SENT } else { send(&sender, &inbox, &row).await };
            if !matches!(outcome, SendOutcome::Sent { .. }) {
                let (outcome, code) = outcome.words();
                tracing::warn!(%inbox, reply = %format_args!("r{}", row.id), outcome, code, "a reply was not sent");
            }
            let done = SendDone { inbox, row, outcome };
            // If the writer has ended, the lease runs out.
            let _ = sender.sent.send(done);
            drop(place);
        });
    }
}

async fn send(sender: &OutboxSender, inbox: &str, row: &OutboxRow) -> SendOutcome {
    let settings = sender.settings.get();
    let release = sender.inboxes.get(inbox).map(|inbox| inbox.release());
    let entry = release.as_ref().and_then(|release| release.set.inbox().numbers.get(&*row.number));
    let id = entry.and_then(|entry| entry.phone_number_id.as_deref());
    let account = id.and_then(|id| settings.account_of(id)).map(|(_, account)| account);
    let token = account.and_then(|account| account.access_token.as_ref());
    let (Some(id), Some(account), Some(token)) = (id, account, token) else {
        return SendOutcome::NumberPaused { code: NO_TOKEN };
    };
    let Some(recipient) = CustomerName::parse(&row.recipient) else {
        // A customer who was forgotten has no names.
        return SendOutcome::Failed { code: 100 };
    };
    let body = request_body(&format!("r{}", row.id), &recipient, &row.text);
    let request = sender.client.post(request_url(&account.base_url, &account.version, id));
    let request = request.bearer_auth(token.expose_secret()).header(CONTENT_TYPE, "application/json");
    match request.body(body).send().await {
        Ok(response) => read(response).await,
        Err(error) if error.is_connect() || error.is_builder() => classify(GraphAnswer::NotConnected),
        Err(_) => classify(GraphAnswer::CutOff),
    }
}

/// What the answer means.
async fn read(mut response: Response) -> SendOutcome {
    let status = response.status().as_u16();
    let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    let retry_after = retry_after.map(str::to_owned);
    let mut body = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_BYTES => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Ok(Some(_)) | Err(_) => return classify(GraphAnswer::CutOff),
        }
    }
    classify(GraphAnswer::Http { status, retry_after: retry_after.as_deref(), body: &body })
}
