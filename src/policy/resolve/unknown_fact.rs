//! A word that is no condition: what was meant, if one condition can have been meant.

use super::advice;
use super::context::{self, Context};
use super::names::Names;
use crate::diagnostic::{Code, Finding};
use crate::language::ast;
use crate::language::vocabulary::{Count, FactWord, is_reserved};
use crate::language::without_negation;

/// What people call facts, and the condition that is meant.
const INSTEAD: &[(&[&str], &str)] = &[
    (&["none_online", "nobody_online", "no_one_online", "noone_online", "everyone_offline"], "all_offline"),
    (&["anyone_online", "anybody_online", "someone_online", "somebody_online"], "any_online"),
    (&["anyone_available", "anybody_available", "someone_available", "somebody_available"], "any_available"),
    (&["none_available", "nobody_available", "no_one_available"], "not any_available"),
    (&["new", "is_new"], "new_customer"),
    (&["returning", "is_returning"], "returning_customer"),
    (&["no_owner", "without_owner", "unowned"], "not has_owner"),
];

/// Reports `word`, which is neither a fact nor a name.
pub(super) fn report_unknown_fact(
    cx: &mut Context<'_>,
    names: &Names,
    word: &ast::Word,
    compare: Option<&ast::Compare>,
) {
    let facts = FactWord::ALL.iter().map(|fact| fact.word());
    let words =
        facts.chain(Count::ALL.iter().map(|count| count.word())).chain(names.iter().map(|(name, _)| name));
    let finding =
        cx.error(Code::UnknownFact, word.span, format!("there is no condition called `{}`", word.value));
    if cx.is_full() {
        return cx.report(finding);
    }
    let finding = advice::of_fact(cx, &finding, word, compare)
        .or_else(|| said_otherwise(&finding, word, names))
        .unwrap_or_else(|| {
            context::suggest_word(finding, word, words, || {
                let help = "write a condition such as `new_customer`";
                if is_reserved(&word.value) {
                    return help.to_owned();
                }
                format!("{help}, or define it: `let {} = …`", word.value)
            })
        });
    cx.report(finding);
}

/// Adds to `finding` what is meant by the word, if that is known.
fn said_otherwise(finding: &Finding, word: &ast::Word, names: &Names) -> Option<Finding> {
    let name = word.value.as_str();
    let meant = INSTEAD.iter().find(|(called, _)| called.contains(&name)).map(|(_, meant)| *meant);
    if let Some(meant) = meant {
        return Some(finding.clone().did_you_mean(meant, word.span, meant));
    }
    if matches!(
        name,
        "always" | "true" | "anything" | "everything" | "everyone" | "any_message" | "otherwise"
    ) {
        let help =
            format!("for every message that no rule takes, write `otherwise:` in place of `when {name}:`");
        return Some(finding.clone().help(help));
    }
    let is_known = |word: &String| {
        FactWord::parse(word).is_some() || Count::parse(word).is_some() || names.get(word).is_some()
    };
    let positive = without_negation(name).find(is_known)?;
    let positive = positive.as_str();
    if Count::parse(positive).is_some() {
        let help = format!("`{positive}` is a number: write `{positive} = 0`, or compare it with another");
        return Some(finding.clone().help(help));
    }
    // `notnew_customer`: a space was lost. `any_unavailable` may mean two things.
    if name.strip_prefix("not").is_some_and(|rest| rest.trim_start_matches('_') == positive) {
        let meant = format!("not {positive}");
        return Some(finding.clone().did_you_mean(&meant, word.span, meant.as_str()));
    }
    Some(finding.clone().help(format!("for the opposite of `{positive}`, write `not {positive}`")))
}
