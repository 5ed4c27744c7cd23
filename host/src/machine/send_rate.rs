//! How many replies may be sent from each number: a token bucket that slows down when WhatsApp asks for it,
//! and stops when nothing can be sent.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::whatsapp::SendOutcome;

/// How often a paused number is tried.
const PROBE_EVERY: Duration = Duration::from_secs(60);

/// How long a rate that was halved takes to double.
const RECOVERY: f64 = 60.0;

/// A rate is halved once within this time: replies that were on their way together are refused together.
const HALVE_EVERY: Duration = Duration::from_secs(1);

/// The rates of all numbers.
#[derive(Default)]
pub(super) struct SendRates {
    numbers: BTreeMap<Arc<str>, Bucket>,
}

struct Bucket {
    /// Replies that may be sent now; at most one second's.
    tokens: f64,
    /// Replies a second.
    rate: f64,
    /// The most replies a second.
    limit: f64,
    /// When both were right.
    at: Duration,
    /// When the rate was last halved.
    halved_at: Option<Duration>,
    /// The error for which the number is paused, and when it is tried next.
    paused: Option<(i64, Duration)>,
}

impl Bucket {
    /// A new bucket begins full. One whose limit changes, since another node has come or gone, does not: what
    /// was sent counts.
    fn set_limit(&mut self, limit: f64) {
        if self.limit <= 0.0 {
            (self.tokens, self.rate) = (limit.max(1.0), limit);
        } else {
            self.rate *= limit / self.limit;
            self.tokens = self.tokens.min(self.rate.max(1.0));
        }
        self.limit = limit;
    }
}

impl SendRates {
    /// How many replies may be sent from the number now, which may send so many a second.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small number that is not negative"
    )]
    pub(super) fn available(&mut self, number: &Arc<str>, per_second: f64, now: Duration) -> usize {
        let bucket = self.bucket(number, now);
        bucket.set_limit(per_second.max(0.1));
        match bucket.paused {
            Some((_, probe)) if now < probe => 0,
            Some(_) => 1,
            None => bucket.tokens as usize,
        }
    }

    /// A reply is being sent.
    pub(super) fn spend(&mut self, number: &Arc<str>, now: Duration) {
        let bucket = self.bucket(number, now);
        bucket.tokens -= 1.0;
        if let Some((_, probe)) = &mut bucket.paused {
            *probe = now.saturating_add(PROBE_EVERY);
        }
    }

    /// What an attempt has come to.
    pub(super) fn sent(&mut self, number: &Arc<str>, outcome: &SendOutcome, now: Duration) {
        let bucket = self.bucket(number, now);
        match outcome {
            SendOutcome::NumberPaused { code } => {
                bucket.paused = Some((*code, now.saturating_add(PROBE_EVERY)));
            }
            SendOutcome::Sent { .. } | SendOutcome::Failed { .. } => bucket.paused = None,
            SendOutcome::Again { slower: true, .. } => {
                if bucket.halved_at.is_none_or(|at| now.saturating_sub(at) >= HALVE_EVERY) {
                    bucket.rate = (bucket.rate / 2.0).max(0.1);
                    bucket.halved_at = Some(now);
                }
                bucket.tokens = bucket.tokens.min(0.0);
            }
            SendOutcome::Again { .. } | SendOutcome::Unknown => {}
        }
    }

    /// The numbers that are paused, with the error.
    pub(super) fn paused(&self) -> impl Iterator<Item = (&Arc<str>, i64)> {
        self.numbers.iter().filter_map(|(number, bucket)| Some((number, bucket.paused?.0)))
    }

    /// The bucket of a number as it is now.
    fn bucket(&mut self, number: &Arc<str>, now: Duration) -> &mut Bucket {
        let new = || Bucket { tokens: 0.0, rate: 0.0, limit: 0.0, at: now, halved_at: None, paused: None };
        let bucket = self.numbers.entry(Arc::clone(number)).or_insert_with(new);
        let seconds = now.saturating_sub(bucket.at).as_secs_f64();
        bucket.rate = (bucket.rate * (seconds / RECOVERY).exp2()).min(bucket.limit);
        bucket.tokens = (bucket.tokens + seconds * bucket.rate).min(bucket.rate.max(1.0));
        bucket.at = now;
        bucket
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn a_number_sends_at_its_rate() {
        let (mut rates, number) = (SendRates::default(), Arc::from("+15550100"));
        assert_eq!(rates.available(&number, 80.0, at(0.0)), 80);
        for _ in 0..80 {
            rates.spend(&number, at(0.0));
        }
        assert_eq!(rates.available(&number, 80.0, at(0.0)), 0);
        assert_eq!(rates.available(&number, 80.0, at(0.5)), 40);
        assert_eq!(rates.available(&number, 80.0, at(9.0)), 80);
    }

    #[test]
    fn a_rate_that_is_too_high_is_halved_and_recovers() {
        let (mut rates, number) = (SendRates::default(), Arc::from("+15550100"));
        let slower = SendOutcome::Again { code: Some(130_429), after: None, slower: true };
        assert_eq!(rates.available(&number, 80.0, at(0.0)), 80);
        // Those that were on their way together are refused together.
        rates.sent(&number, &slower, at(0.0));
        rates.sent(&number, &slower, at(0.5));
        assert_eq!(rates.available(&number, 80.0, at(0.5)), 0);
        rates.sent(&number, &slower, at(1.0));
        assert_eq!(rates.available(&number, 80.0, at(2.0)), 20);
        assert_eq!(rates.available(&number, 80.0, at(200.0)), 80);
    }

    #[test]
    fn a_paused_number_is_tried_once_a_minute_until_something_is_sent() {
        let (mut rates, number) = (SendRates::default(), Arc::from("+15550100"));
        rates.sent(&number, &SendOutcome::NumberPaused { code: 190 }, at(0.0));
        assert_eq!(rates.available(&number, 80.0, at(59.0)), 0);
        assert_eq!(rates.paused().collect::<Vec<_>>(), [(&number, 190)]);
        assert_eq!(rates.available(&number, 80.0, at(60.0)), 1);
        rates.spend(&number, at(60.0));
        assert_eq!(rates.available(&number, 80.0, at(61.0)), 0);
        rates.sent(&number, &SendOutcome::Sent { wamid: "w".to_owned(), user_id: None }, at(61.0));
        assert_eq!((rates.available(&number, 80.0, at(62.0)), rates.paused().count()), (80, 0));
    }

    #[test]
    fn nodes_that_come_and_go_share_the_rate() {
        let (mut rates, number) = (SendRates::default(), Arc::from("+15550100"));
        assert_eq!(rates.available(&number, 80.0, at(0.0)), 80);
        for _ in 0..70 {
            rates.spend(&number, at(0.0));
        }
        // What was sent before another node came counts, and what it leaves is not there at once.
        assert_eq!(rates.available(&number, 40.0, at(0.0)), 10);
        assert_eq!(rates.available(&number, 40.0, at(0.5)), 30);
        assert_eq!(rates.available(&number, 80.0, at(0.5)), 30);
        assert_eq!(rates.available(&number, 80.0, at(1.0)), 70);
    }
}
