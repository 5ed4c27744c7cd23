//! A Graph API that refuses, loses its answers, and tells late, twice and in any order what became of a
//! message.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::random::Random;
use crate::store::OutboxRow;
use crate::whatsapp::{SendOutcome, StatusState, StatusUpdate};

/// A fake Graph API.
#[derive(Default)]
pub(super) struct Graph {
    /// When each reply was taken.
    pub(super) taken: BTreeMap<u64, Vec<u64>>,
    /// The numbers that nothing can be sent from, and until when.
    pub(super) paused: BTreeMap<Arc<str>, u64>,
}

/// What comes of a request.
pub(super) struct GraphReaction {
    /// What the host is told, and after how many milliseconds.
    pub(super) outcome: (u64, SendOutcome),
    /// The statuses that follow, each after so many milliseconds.
    pub(super) statuses: Vec<(u64, StatusUpdate)>,
}

/// How long a request waits for its answer.
const TIMEOUT: u64 = 20_000;

impl Graph {
    /// A request arrives.
    pub(super) fn send(
        &mut self,
        row: &OutboxRow,
        now: u64,
        is_calm: bool,
        random: &mut Random,
    ) -> GraphReaction {
        let answer = |outcome, random: &mut Random| GraphReaction {
            outcome: (random.within(20..600), outcome),
            statuses: Vec::new(),
        };
        if self.paused.get(&row.number).is_some_and(|until| now < *until) && !is_calm {
            return answer(SendOutcome::NumberPaused { code: 190 }, random);
        }
        match if is_calm { 999 } else { random.within(0..1000) } {
            0..80 => GraphReaction { outcome: (TIMEOUT, SendOutcome::Unknown), statuses: Vec::new() },
            80..140 => {
                let after = random.happens(500).then(|| Duration::from_secs(3));
                answer(SendOutcome::Again { code: Some(131_056), after, slower: false }, random)
            }
            140..170 => answer(SendOutcome::Again { code: Some(130_429), after: None, slower: true }, random),
            170..190 => answer(SendOutcome::Failed { code: 131_026 }, random),
            190..320 => {
                GraphReaction { outcome: (TIMEOUT, SendOutcome::Unknown), ..self.take(row, now, random) }
            }
            _ => self.take(row, now, random),
        }
    }

    fn take(&mut self, row: &OutboxRow, now: u64, random: &mut Random) -> GraphReaction {
        let taken = self.taken.entry(row.id).or_default();
        taken.push(now);
        let wamid = format!("wamid.R{}.{}", row.id, taken.len());
        let mut statuses = Vec::new();
        let mut at = random.within(50..2_000);
        if random.happens(150) {
            at = random.within(2_000..300_000);
        }
        for state in [StatusState::Sent, StatusState::Delivered, StatusState::Read] {
            let (wamid, data) = (wamid.clone(), random.happens(900).then(|| row.id.to_string()));
            let status = StatusUpdate { wamid, data, state, code: None, recipient: Vec::new() };
            let copies = if random.happens(100) { 2 } else { u64::from(random.happens(850)) };
            for _ in 0..copies {
                statuses.push((at + random.within(0..4_000), status.clone()));
            }
            at += random.within(0..3_000);
        }
        let outcome = SendOutcome::Sent { wamid, user_id: None };
        GraphReaction { outcome: (random.within(20..600), outcome), statuses }
    }
}
