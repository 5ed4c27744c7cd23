//! The lints: each in a file of its own, with its page beside it.

pub(super) mod always_true;
pub(super) mod assign_owner_without_owner;
pub(super) mod confusing_characters;
pub(super) mod empty_group;
pub(super) mod empty_test;
pub(super) mod ignored_file;
pub(super) mod may_pick_offline;
pub(super) mod mixed_and_or;
pub(super) mod never_true;
pub(super) mod no_inbox;
pub(super) mod nobody_to_give;
pub(super) mod not_settled;
pub(super) mod number_without_policy;
pub(super) mod placeholder_may_be_empty;
pub(super) mod redundant_part;
pub(super) mod single_member;
pub(super) mod test_by_chance;
pub(super) mod unanswered;
pub(super) mod unknown_skill;
pub(super) mod unnamed_rule;
pub(super) mod unreachable_alternative;
pub(super) mod unreachable_rule;
pub(super) mod unused_definition;
