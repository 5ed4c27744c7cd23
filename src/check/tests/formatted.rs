//! Formatting never changes what a policy decides.

use proptest::prelude::*;

use crate::diagnostic::{Fix, apply_fixes};
use crate::inbox::Inbox;
use crate::language::format;
use crate::policy::resolve;
use crate::prove::compare;
use crate::testing::{
    COMMON, FILE, complete_policies, config, folder, inbox, policies_with_moves, policy, sound_policies,
};
use crate::text::Source;

fn formatted(text: &str) -> String {
    let edits = format(&Source::new(FILE, text)).edits;
    apply_fixes(text, &[&Fix { title: String::new(), edits }]).0
}

#[test]
fn formatted_samples_decide_as_before() {
    for sound in sound_policies() {
        let after = formatted(sound.text);
        let [old, new] = [sound.text, &after]
            .map(|text| folder(&[("inbox.toml", sound.inbox), ("common.rules", COMMON), (FILE, text)]));
        let (before, after) = (resolve(&old, FILE), resolve(&new, FILE));
        let diff = compare(&before.policy, &after.policy, &old.inbox);
        assert!(diff.differences.is_empty() && diff.unsettled.is_empty(), "{}", sound.text);
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn formatted_policies_decide_as_before(random in prop_oneof![complete_policies(), policies_with_moves()]) {
        let inbox: Inbox = inbox();
        let text = random.text();
        let diff = compare(&policy(&inbox, &text), &policy(&inbox, &formatted(&text)), &inbox);
        prop_assert!(diff.differences.is_empty() && diff.unsettled.is_empty());
    }
}
