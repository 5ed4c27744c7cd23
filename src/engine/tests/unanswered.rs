//! What becomes of a message that nobody answers, against a live roster whose host resumes at each timeout.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::{prop_assert, proptest};
use proptest::test_runner::Config;
use serde_json::json;

use super::live::{live, resumed};
use crate::engine::{Assignment, CompiledPolicy, Decision, decide_live, outcomes};
use crate::inbox::Inbox;
use crate::policy::Policy;
use crate::roster::dice;
use crate::situation::Situation;
use crate::testing::{config, inbox, policies_with_moves, policy, situation};

/// Who has the chat, and the replies, tags and priority so far.
type State = (Option<Assignment>, Vec<String>, Vec<Arc<str>>, String);

/// As a decision tells it, without the reason for waiting, which a roster words in its own way.
fn state(decision: Decision) -> State {
    let assign = decision.assign.map(|assign| match assign {
        Assignment::Queue { group, by, alternative, .. } => {
            Assignment::Queue { user: (), group, by, alternative, reason: String::new() }
        }
        other => other,
    });
    let replies = decision.replies.into_iter().map(|reply| reply.text).collect();
    (assign, replies, decision.tags, format!("{:?}", decision.priority))
}

/// What a host does that keeps a roster: it resumes when the time is over, and does late what is due while the chat is
/// open.
fn hosted(policy: &CompiledPolicy, inbox: &Inbox, situation: &Situation, seed: u64, end: u64) -> State {
    let (incoming, mut roster) = live(policy, inbox, situation);
    let (start, customer, roster) = (incoming.at, &situation.customer, &mut roster);
    let mut decision = decide_live(policy, inbox, incoming, customer, roster, &mut dice(seed, None)).unwrap();
    let mut last = decision.clone();
    let (mut time, mut closed) = (0, None);
    while let Some(resume) = last.resume.as_ref().filter(|resume| time + resume.after_seconds <= end) {
        time += resume.after_seconds;
        let at: Timestamp = start + SignedDuration::from_secs(i64::try_from(time).unwrap());
        last = resumed(policy, inbox, &last, at, customer, roster, seed).unwrap();
        if last.assign == Some(Assignment::Nobody) {
            closed = Some(time);
        }
    }
    for late in std::mem::take(&mut decision.later) {
        if late.after_seconds <= end && closed.is_none_or(|closed| late.after_seconds < closed) {
            decision.replies.extend(late.replies);
            decision.tags.extend(late.tags);
            decision.priority = decision.priority.max(late.priority);
        }
    }
    decision.assign = last.assign;
    state(decision)
}

proptest! {
    #![proptest_config(Config { cases: config().cases.div_ceil(10), ..config() })]

    #[test]
    fn what_comes_is_what_a_host_does(sample in policies_with_moves()) {
        let (inbox, text) = (inbox(), sample.text());
        let policy = CompiledPolicy::from(Arc::new(policy(&inbox, &text)));
        let cases = sample.cases(1, &text);
        let step = cases.len().div_ceil(32);
        for (seed, case) in (0..).zip(cases.into_iter().step_by(step)) {
            let situation = situation(&case);
            for end in [0, 299, 300, 3600] {
                let hosted = hosted(&policy, &inbox, &situation, seed, end);
                let told = outcomes(&policy, &inbox, &situation, Some(end)).unwrap();
                let is_certain = told.len() == 1;
                // A test says of a chat that is kept who has it.
                let is_kept = matches!(hosted.0, Some(Assignment::Kept { .. }));
                let is_told = told.into_iter().map(state).any(|told| {
                    // The names in replies are those that the first throw of the dice gives.
                    let replies = if is_certain { told.1 == hosted.1 } else { told.1.len() == hosted.1.len() };
                    let rest = (&told.2, &told.3) == (&hosted.2, &hosted.3);
                    replies && rest && (is_kept || told.0 == hosted.0)
                });
                prop_assert!(is_told, "{}\n{}\nafter {} s: {:?}", text, case, end, hosted);
            }
        }
    }
}

/// Who has the chat after so many seconds, in each outcome.
fn holders(policy: &Policy, inbox: &Inbox, end: u64) -> Vec<String> {
    let situation = situation(&json!({}));
    let outcomes = outcomes(policy, inbox, &situation, Some(end)).unwrap();
    let holder = |decision: Decision| match decision.assign {
        Some(Assignment::User { user, .. }) => user.to_string(),
        other => format!("{other:?}"),
    };
    outcomes.into_iter().map(holder).collect()
}

#[test]
fn each_choice_of_chance_is_followed_once() {
    let inbox = inbox();
    let rules = "otherwise: assign group \"Sales\" by random among everyone for 1m \
                 else group \"Sales\" by random among everyone for 1m else group \"Support\" by random among everyone";
    let policy = policy(&inbox, rules);
    let sorted = |end| {
        let mut holders = holders(&policy, &inbox, end);
        holders.sort();
        holders
    };
    assert_eq!(sorted(0), ["alice", "bob"]);
    assert_eq!(sorted(60), ["alice", "bob"], "the other one");
    assert_eq!(sorted(120), ["carol", "carol"], "the only one who did not have it");
}

#[test]
fn each_choice_of_chance_has_its_own_replies() {
    let inbox = inbox();
    for algorithm in ["random", "weighted"] {
        let rules = format!(
            "otherwise: assign group \"Sales\" by {algorithm} among everyone, reply \"{{user.name}} takes over.\""
        );
        let policy = policy(&inbox, &rules);
        let outcomes = outcomes(&policy, &inbox, &situation(&json!({})), None).unwrap();
        assert_eq!(outcomes.len(), 2, "{algorithm}");
        for decision in outcomes {
            let Some(Assignment::User { user, .. }) = &decision.assign else { panic!("{decision:?}") };
            let name = &inbox.users.iter().find(|one| one.id == *user).unwrap().name;
            assert_eq!(&*decision.replies[0].text, format!("{name} takes over."), "{algorithm}");
        }
    }
}

#[test]
fn what_falls_on_the_moment_of_closing_is_not_done() {
    let inbox = inbox();
    let rules = "otherwise: assign user \"bob\" for 5m else nobody, tag \"a\" after 4m, tag \"b\" after 5m, tag \"c\" after 6m";
    let policy = policy(&inbox, rules);
    let tags = |end| {
        let outcomes = outcomes(&policy, &inbox, &situation(&json!({})), Some(end)).unwrap();
        outcomes.into_iter().next().unwrap().tags.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!((tags(239), tags(240), tags(3600)), (vec![], vec!["a".to_owned()], vec!["a".to_owned()]));
}
