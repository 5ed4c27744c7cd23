//! `{i}/rules`: the rules that decide, and how they are changed.

use std::sync::Arc;
use std::time::Duration;

use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use inbox_rules::{Folder, Release};
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::timeout;

use super::call::{Call, CallResult, ok};
use super::error::ApiError;
use crate::machine::Item;
use crate::rules::{InboxRules, Proposed, RulesEdit, RulesError, RulesPut, RulesStatus, WaitingRules};

/// How long a call waits until the rules that it brought decide.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Which rules are let through the gate.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AcceptBody {
    /// Their digest.
    digest: String,
}

/// `GET {i}/rules`
pub(super) async fn rules(call: Call) -> CallResult {
    ok(status(&call).await?)
}

/// `GET {i}/rules/files/NAME`
pub(super) fn file(call: &Call) -> CallResult {
    let name = call.path("file").to_owned();
    let unknown = || ApiError::unknown("unknown-file", format!("the rules have no file `{name}`"));
    let release = call.inbox()?.release();
    let known = release.folder.texts().map(|(file, _)| file);
    let text = release.folder.texts().find(|(file, _)| *file == name).map(|(_, text)| text.to_owned());
    let text = text.ok_or_else(|| unknown().did_you_mean(&name, known))?;
    Ok(([(CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

/// `PUT {i}/rules`
pub(super) async fn put(call: Call) -> CallResult {
    let edit: RulesEdit = call.body()?;
    let by = author(&call);
    let base = edit.base.clone().unwrap_or_default();
    catch_up(&call, &base).await?;
    let put = on_rules(&call, move |rules| rules.put(&edit, &by)).await?;
    activate(&call, base, put).await
}

/// `POST {i}/rules/accept`
pub(super) async fn accept(call: Call) -> CallResult {
    let AcceptBody { digest } = call.body()?;
    let by = author(&call);
    let (active, stored) = stored_rules(&call, Some(digest.clone())).await?;
    let put = on_rules(&call, move |rules| {
        // What waits in the store was compared with what is active there.
        let base = active.unwrap_or_else(|| rules.release().digest.clone());
        let folder = stored.and_then(|(waiting, folder)| folder.filter(|_| waiting.digest == digest));
        Ok((base, rules.accept(&digest, &by, folder.as_ref())?))
    });
    let (base, put) = put.await?;
    activate(&call, base, put).await
}

/// What the inbox tells about its rules.
async fn status(call: &Call) -> Result<RulesStatus, ApiError> {
    let (_, waiting) = stored_rules(call, None).await?;
    on_rules(call, |rules| Ok(rules.status(waiting.map(|(waiting, _)| waiting)))).await
}

/// The rules that are active in the store, and those that wait there, with their texts if they are `wanted`. Where a
/// folder is the truth, it has what waits.
async fn stored_rules(
    call: &Call,
    wanted: Option<String>,
) -> Result<(Option<String>, Option<(WaitingRules, Option<Folder>)>), ApiError> {
    let rules = call.state.rules.get(call.inbox()?.id());
    if rules.is_some_and(|rules| matches!(**rules, InboxRules::Folder(_))) {
        return Ok((None, None));
    }
    call.read(move |reader, inbox| {
        let row = reader.inbox(inbox)?;
        let active = row.rules.map(|digest| digest.to_string());
        let Some(waiting) = row.waiting else { return Ok((active, None)) };
        let is_wanted = wanted.is_some_and(|digest| *digest == *waiting.digest);
        let set = if is_wanted { reader.rule_set(inbox, &waiting.digest)? } else { None };
        let folder =
            set.map(|set| Folder::from_texts(set.files.iter().map(|(name, text)| (&**name, &**text))));
        let differences = usize::try_from(waiting.differences).unwrap_or(usize::MAX);
        let digest = waiting.digest.to_string();
        Ok((active, Some((WaitingRules { digest, differences }, folder))))
    })
    .await
}

/// `POST {i}/rules/check`
pub(super) async fn check(call: Call) -> CallResult {
    let edit: RulesEdit = call.body()?;
    ok(on_rules(&call, move |rules| rules.check(&edit)).await?)
}

/// `POST {i}/rules/diff`
pub(super) async fn diff(call: Call) -> CallResult {
    let edit: RulesEdit = call.body()?;
    ok(on_rules(&call, move |rules| rules.diff(&edit)).await?)
}

/// Waits until this node has the rules with the digest `base`, if another has made them active just now.
async fn catch_up(call: &Call, base: &str) -> Result<(), ApiError> {
    const WAIT: Duration = Duration::from_millis(20);
    let rules = call.state.rules.get(call.inbox()?.id());
    let is_here = || rules.is_none_or(|rules| rules.release().digest == base);
    if is_here() || call.read(|reader, inbox| reader.inbox(inbox)).await?.rules.as_deref() != Some(base) {
        return Ok(());
    }
    // A batch begins with the rules of the store.
    call.submit(Item::Timers).await?;
    for _ in 0..50 {
        if is_here() {
            break;
        }
        tokio::time::sleep(WAIT).await;
    }
    Ok(())
}

/// Who brings the rules.
fn author(call: &Call) -> String {
    call.caller.as_ref().map_or_else(String::new, |caller| caller.principal.name.to_string())
}

/// Does something with the rules of the inbox, which may take long.
pub(super) async fn on_rules<T: Send + 'static>(
    call: &Call,
    work: impl FnOnce(&InboxRules) -> Result<T, RulesError> + Send + 'static,
) -> Result<T, ApiError> {
    let inbox = call.inbox()?.id();
    let rules = call.state.rules.get(inbox).map(Arc::clone);
    let rules = rules.ok_or_else(|| ApiError::unknown("unknown-inbox", "there is no such inbox"))?;
    // Work whose client is gone comes to its end, too, and holds its place until then.
    let place = timeout(TIMEOUT, Arc::clone(&call.state.rules_work).acquire_owned()).await;
    let place = place.ok().and_then(Result::ok);
    let place = place.ok_or_else(|| ApiError::busy("too many calls about rules are being worked on"))?;
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        work(&rules)
    })
    .await;
    let panicked = |_| {
        let message = "the rules cannot be judged, which is a bug";
        ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message)
    };
    done.map_err(panicked)?.map_err(|error| refused(&error))
}

/// Makes the new rules decide in the place of those with the digest `base`, and answers what the inbox then says
/// about them.
async fn activate(call: &Call, base: String, put: RulesPut) -> CallResult {
    match put {
        // Whoever follows the folder hands them to the machine.
        RulesPut::Active(status) => {
            decides(call, &status.digest).await?;
            ok(*status)
        }
        RulesPut::ToStore(Proposed::Active(release)) => {
            let by = author(call);
            call.submit(Item::EditedRules { base, release: Arc::clone(&release), by: by.clone() }).await?;
            ok(stored(call, release, by).await?)
        }
        RulesPut::ToStore(Proposed::Waiting(folder, waiting)) => {
            let (digest, by) = (waiting.digest.clone(), author(call));
            let differences = waiting.differences as u64;
            call.submit(Item::WaitingRules { base, digest, folder, differences, by }).await?;
            Err(refused(&RulesError::Gate(waiting)))
        }
    }
}

/// Waits until the rules with that digest decide.
async fn decides(call: &Call, digest: &str) -> Result<(), ApiError> {
    let mut release = call.inbox()?.follow_release();
    let decides = release.wait_for(|release| release.digest == digest);
    match timeout(TIMEOUT, decides).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(_)) => Err(ApiError::store_away()),
        Err(_) => Err(ApiError::not_written_in_time()),
    }
}

/// Tells the rules that they are stored.
async fn stored(call: &Call, release: Arc<Release>, by: String) -> Result<RulesStatus, ApiError> {
    let row = call.read(|reader, inbox| reader.inbox(inbox)).await?;
    on_rules(call, move |rules| {
        // Another node may have brought others meanwhile.
        if let InboxRules::Store(rules) = rules
            && row.rules.as_deref() == Some(&*release.digest)
        {
            rules.activate(&release, row.rules_since.unwrap_or_default(), &by);
        }
        Ok(())
    })
    .await?;
    status(call).await
}

/// Why the rules stay as they are.
fn refused(error: &RulesError) -> ApiError {
    let (code, message) = (error.code(), error.to_string());
    match error {
        RulesError::FileName(name) => ApiError::bad_field(format!("files.{name}"), message),
        RulesError::NoBase => ApiError::bad_field("base", message),
        RulesError::Changed => ApiError::conflict(code, message).at("base"),
        RulesError::SeveralFiles(_) => ApiError::conflict(code, message).at("files"),
        RulesError::Gate(waiting) => {
            ApiError { waiting: Some(waiting.clone()), ..ApiError::conflict(code, message) }
        }
        RulesError::Findings { findings, .. } => {
            let findings = serde_json::to_value(findings).unwrap_or_default();
            ApiError::new(StatusCode::UNPROCESSABLE_ENTITY, code, message).with_findings(findings)
        }
        RulesError::NothingWaits(_) => ApiError::unknown(code, message),
        RulesError::Busy => ApiError::busy(message),
        RulesError::Write { .. } => ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, code, message),
    }
}
