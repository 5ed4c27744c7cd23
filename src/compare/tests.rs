//! What two versions of the rules decide differently.

use serde_json::json;

use super::{PolicyChange, RuleComparison, RuleVersion, compare_rules};
use crate::load::RuleSet;
use crate::policy::Folder;
use crate::testing::folder;

const INBOX: &str = "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\n";
const RANDOM: &str = "rule \"new\" when new_customer: assign group \"Sales\" by random\notherwise: assign owner else group \"Sales\" by hand\n";

fn in_order() -> String {
    RANDOM.replace("random", "in_order")
}

fn compare(old: &Folder, new: &Folder, most: usize) -> RuleComparison {
    let [old_set, new_set] = [old, new].map(|folder| RuleSet::from_folder(folder).unwrap());
    let version = |set, folder| RuleVersion { set, folder };
    compare_rules(version(&old_set, old), version(&new_set, new), most).unwrap()
}

/// Policies with these texts.
fn policies(texts: &[(&str, &str)]) -> Folder {
    let mut files = vec![("inbox.toml", INBOX)];
    files.extend(texts);
    folder(&files)
}

#[test]
fn folders_as_data() {
    let in_order = in_order();
    let old = policies(&[("+15550100.rules", RANDOM), ("+15550101.rules", RANDOM)]);
    let new = policies(&[("+15550100.rules", &in_order), ("default.rules", RANDOM)]);
    let comparison = compare(&old, &new, usize::MAX);
    let counts = comparison.counts();
    assert_eq!((counts.differences, counts.policies, counts.has_more, counts.unsettled), (3, 3, false, 0));
    let [changed, removed, added] = &*comparison.policies else { panic!("{comparison:?}") };
    assert!(matches!((&removed.change, &added.change), (PolicyChange::Removed, PolicyChange::Added)));
    let PolicyChange::Both(found) = &changed.change else { panic!("{changed:?}") };
    let difference = &found.groups[0].differences[0];
    assert_eq!(difference.words, "new customers: was Sales by random, now Sales by in_order");
    assert_eq!(found.groups[0].because, "because `new` (+15550100.rules:1) was changed");
    assert_eq!(difference.old.rule_words, "`new` (+15550100.rules:1)");
    assert_eq!(difference.new.effects, ["`alice` of Sales takes the chat (by in_order)."]);
    let json = serde_json::to_value(&comparison).unwrap();
    assert_eq!(json["differences"][0]["old"]["rule"]["line"], 1);
    assert_eq!(
        json["differences"][1],
        json!({"policy": "+15550101.rules", "words": "the policy was removed"})
    );
    assert_eq!((&json["count"], &json["policies"]), (&json!(3), &json!(3)));
}

#[test]
fn each_version_has_its_own_inbox() {
    let old = policies(&[("+15550100.rules", RANDOM)]);
    let inbox = INBOX.replace("\"alice\", \"bob\"", "\"bob\"");
    let new = folder(&[("inbox.toml", &inbox), ("+15550100.rules", RANDOM)]);
    let comparison = compare(&old, &new, usize::MAX);
    assert_eq!(comparison.inbox[0].words, "`alice` is no longer in Sales");
    assert!(!comparison.inbox[0].is_difference && !comparison.is_alike());
    assert!(compare(&old, &old, usize::MAX).is_alike());
}

/// Enough is enough: what has changed further on is named, and what has not changed is known to be alike.
#[test]
fn a_limit_of_differences() {
    let in_order = in_order();
    let names: Vec<String> = (0..20).map(|number| format!("+155501{number:02}.rules")).collect();
    let texts = |changed: &str| -> Vec<(&str, String)> {
        let text = |nth: usize| if nth.is_multiple_of(2) { changed.to_owned() } else { RANDOM.to_owned() };
        names.iter().enumerate().map(|(nth, name)| (name.as_str(), text(nth))).collect()
    };
    let of = |texts: &[(&str, String)]| {
        policies(&texts.iter().map(|(name, text)| (*name, text.as_str())).collect::<Vec<_>>())
    };
    let comparison = compare(&of(&texts(RANDOM)), &of(&texts(&in_order)), 3);
    assert_eq!(comparison.counts().differences, 3);
    assert!(comparison.counts().has_more);
    assert_eq!(comparison.not_compared.len(), 7);
    assert_eq!(comparison.policies.len(), 13);
    assert!(!compare(&of(&texts(RANDOM)), &of(&texts(&in_order)), 0).is_alike());
}
