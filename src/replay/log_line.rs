//! A line of a log: a situation, or a situation with the decision that was made of it.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::engine::Decision;
use crate::situation::{Situation, SituationError};
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

/// The same, not looked into yet.
#[derive(Deserialize)]
struct RawFields<'a> {
    seq: Option<u64>,
    #[serde(borrow)]
    situation: Option<&'a RawValue>,
    #[serde(borrow)]
    decision: Option<&'a RawValue>,
    /// What an answer of the host's API has.
    #[serde(borrow)]
    items: Option<&'a RawValue>,
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    /// What a decision has.
    #[serde(borrow)]
    assign: Option<&'a RawValue>,
}

/// Whether the first field is one of a record, and not of a situation.
fn is_record(text: &str) -> bool {
    let first = text.trim_start().strip_prefix('{').map(str::trim_start).unwrap_or_default();
    ["\"seq\"", "\"situation\"", "\"decision\""].iter().any(|name| first.starts_with(name))
}

/// Reads a line whose fields stand in an unusual order, or says what is wrong with it.
fn in_any_order(text: &str) -> Result<LogLine, LogLineError> {
    let plain = |text: &str| Situation::from_json(text).map_err(|error| LogLineError::of(&error));
    let Ok(fields) = serde_json::from_str::<RawFields>(text) else {
        return Ok(LogLine { seq: None, situation: plain(text)?, decision: None });
    };
    let RawFields { seq, situation, decision, items, kind, assign } = fields;
    let Some(situation) = situation.filter(|raw| raw.get() != "null") else {
        return Err(
            match (decision.or(assign).is_some(), items.is_some(), seq.is_some() && kind.is_some()) {
                (true, ..) => {
                    LogLineError::new("there is a decision, but not the situation that it was made from")
                }
                (_, true, _) => LogLineError::new(
                    "this is a list of the API, which does not say what decisions were made from; ask for \
                 `…/decisions` with the header `Accept: application/x-ndjson`",
                ),
                (.., true) => LogLineError::new(
                    "this is an event, which does not say what decisions were made from; ask for `…/decisions` with \
                 the header `Accept: application/x-ndjson`",
                ),
                _ => match plain(text) {
                    Ok(situation) => return Ok(LogLine { seq: None, situation, decision: None }),
                    Err(error) => error,
                },
            },
        );
    };
    let decision = decision.filter(|raw| raw.get() != "null");
    let decision = decision.map(|raw| serde_json::from_str(raw.get())).transpose().map_err(|error| {
        let words = error.to_string();
        let words = words.rsplit_once(" at line ").map_or(&*words, |(words, _)| words);
        LogLineError(format!("`decision` is not one that `rules route` writes: {words}"))
    })?;
    Ok(LogLine { seq, situation: plain(situation.get())?, decision })
}
