//! Any bytes as a situation, decided and explained by the sample policies: the two decisions are equal, or both are errors.
#![no_main]

use std::sync::LazyLock;

use inbox_rules::load::RuleSet;
use inbox_rules::roster::dice;
use inbox_rules::situation::Situation;
use libfuzzer_sys::fuzz_target;

static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
    RuleSet::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../rules")).expect("the sample policies are sound")
});

fuzz_target!(|bytes: &[u8]| {
    let Ok(situation) = serde_json::from_slice::<Situation>(bytes) else { return };
    let id = situation.message.id.as_deref();
    let decided = RULES.decide(&situation, &mut dice(0, id));
    let explained = RULES.explain(&situation, &mut dice(0, id));
    match (decided, explained) {
        (Ok(decided), Ok(mut explained)) => {
            serde_json::to_string(&explained).expect("a decision is JSON");
            explained.why = None;
            assert_eq!(decided, explained);
        }
        (decided, explained) => assert!(decided.is_err() && explained.is_err()),
    }
});
