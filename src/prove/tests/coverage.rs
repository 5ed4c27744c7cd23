//! What tests of a random policy can cover, against what the engine shows in every situation.

use std::collections::BTreeSet;

use proptest::prelude::{prop_assert_eq, proptest};
use proptest::test_runner::Config;

use crate::engine::{CoverageItem, covered};
use crate::prove::witnesses;
use crate::testing::{complete_policies, config, inbox, policy, situation};

proptest! {
    // Every part of every policy is evaluated in every situation, so there are fewer cases.
    #![proptest_config(Config { cases: config().cases.div_ceil(4), ..config() })]

    #[test]
    fn every_situation_agrees_on_what_is_covered(rules in complete_policies()) {
        let inbox = inbox();
        let policy = policy(&inbox, &rules.text());
        let cases = rules.cases(1, &rules.text()).into_iter();
        let observed: BTreeSet<CoverageItem> =
            cases.flat_map(|case| covered(&policy, &inbox, &situation(&case)).unwrap()).collect();
        let witnesses = witnesses(&policy, &inbox, &BTreeSet::new());
        let found: BTreeSet<CoverageItem> = witnesses.witnesses.iter().flat_map(|witness| witness.covers.clone()).collect();
        prop_assert_eq!(found, observed, "{}", rules.text());
        prop_assert_eq!(witnesses.unsettled, BTreeSet::new(), "{}", rules.text());
    }
}
