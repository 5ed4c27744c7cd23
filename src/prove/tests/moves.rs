//! The differences between the `move` rules of two random policies, against the decisions of the engine.

use proptest::prelude::{Strategy, any, prop, prop_assert_eq, prop_assume, proptest};
use proptest::test_runner::{Config, TestCaseError};

use super::pairs::{observed, text};
use crate::inbox::AlignedInboxes;
use crate::prove::difference::compare_all;
use crate::testing::{Expr, RandomPolicy, complete_policies, config, inbox, policy};

/// A change that somebody may make to a `move` rule, or to their order.
fn edit(sample: &mut RandomPolicy, (what, at, assign): (u8, usize, usize)) {
    const ASSIGNS: [&str; 6] = [
        "nobody",
        "user \"bob\"",
        "owner else user \"carol\"",
        "group \"Sales\" by in_order",
        "group \"Sales\" with skill \"ar\" by least_chats else group \"Sales\" by hand",
        "group \"Support\" except user \"bob\" by in_order among online",
    ];
    let count = sample.moves.len();
    if count == 0 {
        let rule = (Expr::Fact("chat_open"), ASSIGNS[assign % ASSIGNS.len()], Vec::new());
        return sample.moves.push(rule);
    }
    match what % 4 {
        0 => _ = sample.moves.remove(at % count),
        1 => sample.moves[at % count].0 = Expr::Not(Box::new(sample.moves[at % count].0.clone())),
        2 => sample.moves.swap(at % count, (at + 1) % count),
        _ => sample.moves[at % count].1 = ASSIGNS[assign % ASSIGNS.len()],
    }
}

fn pairs() -> impl Strategy<Value = (RandomPolicy, RandomPolicy)> {
    let edits = prop::collection::vec(any::<(u8, usize, usize)>(), 0..3);
    (complete_policies(), edits).prop_map(|(old, edits)| {
        let mut new = old.clone();
        for one in edits {
            edit(&mut new, one);
        }
        (old, new)
    })
}

fn agree(old: &RandomPolicy, new: &RandomPolicy) -> Result<(), TestCaseError> {
    let inbox = inbox();
    let (old_text, new_text) = (text(old), text(new));
    let (old_policy, new_policy) = (policy(&inbox, &old_text), policy(&inbox, &new_text));
    let cases = old.cases(1, &[&*old_text, &new_text].concat());
    prop_assume!(cases.len() <= 400);
    let observed = observed(&inbox, &old_policy, &new_policy, &cases);
    let comparison = compare_all(&old_policy, &new_policy, &AlignedInboxes::new(&inbox, &inbox));
    if comparison.unsettled.is_empty() {
        let context = format!("{old_text}\n=====\n{new_text}\n{comparison:#?}\n{observed:?}");
        prop_assert_eq!(comparison.differences.is_empty(), observed.is_empty(), "{}", context);
    }
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: config().cases.div_ceil(4), max_global_rejects: 100_000, ..config() })]

    #[test]
    fn every_difference_of_move_rules_agrees((old, new) in pairs()) {
        agree(&old, &new)?;
    }
}
