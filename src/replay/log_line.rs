//! A line of a log: a situation, or a situation with the decision that was made of it.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::engine::Decision;
use crate::situation::{Situation, SituationError, syntax_error};
use crate::text::MAX_FILE_SIZE;

/// A message of a log.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LogLine {
    /// The position of the decision in the log of its host.
    pub seq: Option<u64>,
    /// What the message was decided from.
    pub situation: Situation,
    /// How it was decided; `None`: the line does not say it.
    pub decision: Option<Decision>,
}

/// Why a line is no message of a log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct LogLineError(pub String);

impl LogLine {
    /// Reads a line: `{"situation": {…}, "decision": {…}}`, where `seq` may stand beside them, or a situation alone, as `rules
    /// route` reads it.
    ///
    /// ```
    /// use inbox_rules::replay::LogLine;
    ///
    /// let line = LogLine::parse(br#"{"number": "+15550100", "at": "2026-11-24T18:30:00Z"}"#)?;
    /// assert!(line.decision.is_none());
    /// # Ok::<(), inbox_rules::replay::LogLineError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`LogLineError`], in words.
    pub fn parse(text: &[u8]) -> Result<Self, LogLineError> {
        if text.len() > MAX_FILE_SIZE {
            return Err(LogLineError::new("the line is longer than 8 MiB"));
        }
        let text = std::str::from_utf8(text).map_err(|_| LogLineError::new("the line is not UTF-8 text"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if is_record(text)
            && let Ok(RecordFields { seq, situation: Some(situation), decision }) = serde_json::from_str(text)
        {
            return Ok(Self { seq, situation, decision });
        }
        // Left to itself, serde also reads a list as a situation.
        if !is_record(text)
            && text.trim_start().starts_with('{')
            && let Ok(situation) = serde_json::from_str(text)
        {
            return Ok(Self { seq: None, situation, decision: None });
        }
        in_any_order(text)
    }
}

impl LogLineError {
    fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// The place is left out: it is that of a part of the line, and the words name the field.
    fn of(error: &SituationError) -> Self {
        Self(error.to_string())
    }
}

#[derive(Deserialize)]
struct RecordFields {
    seq: Option<u64>,
    situation: Option<Situation>,
    decision: Option<Decision>,
}

/// The same, not parsed further, and what other lines have.
#[derive(Deserialize)]
struct RawFields<'a> {
    #[serde(borrow)]
    seq: Option<&'a RawValue>,
    #[serde(borrow)]
    situation: Option<&'a RawValue>,
    #[serde(borrow)]
    decision: Option<&'a RawValue>,
    /// What an answer of the host's API has.
    #[serde(borrow)]
    items: Option<&'a RawValue>,
    /// What an event of the host has.
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    /// What a decision has.
    #[serde(borrow)]
    assign: Option<&'a RawValue>,
    /// What `rules route` writes in place of a decision.
    #[serde(borrow)]
    error: Option<&'a RawValue>,
}

/// Whether the first field is one of a record, and not of a situation.
fn is_record(text: &str) -> bool {
    let first = text.trim_start().strip_prefix('{').map(str::trim_start).unwrap_or_default();
    ["\"seq\"", "\"situation\"", "\"decision\""].iter().any(|name| first.starts_with(name))
}

/// Reads a line whose fields stand in an unusual order, or says what is wrong with it.
fn in_any_order(text: &str) -> Result<LogLine, LogLineError> {
    let plain = |text: &str| Situation::from_json(text).map_err(|error| LogLineError::of(&error));
    let fields: RawFields = match serde_json::from_str(text) {
        Ok(fields) => fields,
        Err(error) if is_record(text) => return Err(LogLineError::of(&syntax_error(&error))),
        Err(_) => return Ok(LogLine { seq: None, situation: plain(text)?, decision: None }),
    };
    let Some(situation) = fields.situation.filter(|raw| raw.get() != "null") else {
        return match without_situation(&fields) {
            Some(error) => Err(error),
            None => Ok(LogLine { seq: None, situation: plain(text)?, decision: None }),
        };
    };
    let seq = fields.seq.map(|raw| serde_json::from_str(raw.get())).transpose();
    let decision = fields.decision.filter(|raw| raw.get() != "null");
    Ok(LogLine {
        seq: seq.map_err(|_| LogLineError::new("`seq` must be a whole number"))?.flatten(),
        situation: plain(situation.get())?,
        decision: decision.map(|raw| recorded_decision(raw.get())).transpose()?,
    })
}

/// What is wrong with an object that has no situation; `None`: it may be one itself.
fn without_situation(fields: &RawFields) -> Option<LogLineError> {
    let log_hint = "ask for `…/decisions` with the header `Accept: application/x-ndjson`";
    Some(LogLineError(match fields {
        RawFields { decision: Some(_), .. } | RawFields { assign: Some(_), .. } => {
            "there is a decision, but not the situation that it was made from".to_owned()
        }
        RawFields { error: Some(_), .. } => {
            "there is an error of `rules route`, but not the situation that it is about".to_owned()
        }
        RawFields { items: Some(_), .. } => {
            format!("this is a list of the API, which does not say what decisions were made from; {log_hint}")
        }
        RawFields { seq: Some(_), kind: Some(_), .. } => {
            format!("this is an event, which does not say what decisions were made from; {log_hint}")
        }
        _ => return None,
    }))
}

/// Reads a decision, or says what is wrong with it.
fn recorded_decision(text: &str) -> Result<Decision, LogLineError> {
    #[derive(Deserialize)]
    struct RouteError {
        #[serde(rename = "error")]
        _error: serde::de::IgnoredAny,
    }
    let mut json = serde_json::Deserializer::from_str(text);
    let error = match serde_path_to_error::deserialize(&mut json) {
        Ok(decision) => return Ok(decision),
        Err(error) => error,
    };
    if serde_json::from_str::<RouteError>(text).is_ok() {
        return Err(LogLineError::new(
            "the message was not decided: `decision` is an error of `rules route`",
        ));
    }
    let path = error.path().to_string();
    let field = if path == "." { "decision".to_owned() } else { format!("decision.{path}") };
    let words = error.inner().to_string();
    let missing = words.strip_prefix("missing field `").and_then(|words| words.split('`').next());
    Err(LogLineError(match missing {
        Some(name) => format!("`{field}` has no field `{name}`, so it is not what `rules route` writes"),
        None => format!("`{field}` is not what `rules route` writes there"),
    }))
}
