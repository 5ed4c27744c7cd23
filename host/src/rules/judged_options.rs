//! What the checker and the tests say about routing options that somebody has changed.

use inbox_rules::diagnostic::json::{FindingJson, LevelJson};
use inbox_rules::diagnostic::{EditSet, Fix};
use inbox_rules::options::{FieldPlace, field_places};
use inbox_rules::scenario::{self, TestOutcome};
use inbox_rules::text::Source;
use inbox_rules::{Judgement, RuleSet};

use super::number_options::{BrokenTest, FormFinding, NumberOptions};
use super::status::{findings_json, prefix, without_prefix};

/// The findings that matter for the form: every error, and what is said about a field of it.
pub(super) fn form_findings(judgement: &Judgement, options: &NumberOptions) -> Vec<FormFinding> {
    let places = field_places(&Source::new(&*options.file, options.text.as_str()));
    let findings =
        findings_json(&judgement.findings.to_vec(), &judgement.sources(), &prefix(&judgement.folder));
    let in_form = findings.into_iter().map(|finding| FormFinding {
        fields: if *finding.file == *options.file { fields(&finding, &places) } else { Vec::new() },
        finding,
    });
    in_form.filter(|of| of.finding.level == LevelJson::Error || !of.fields.is_empty()).collect()
}

/// The fields that the finding is about: those of the smallest place that it begins in.
fn fields(finding: &FindingJson, places: &[FieldPlace]) -> Vec<String> {
    let is_in = |place: &&FieldPlace| place.span.range().contains(&(finding.start.byte as usize));
    let Some(smallest) = places.iter().find(is_in) else { return Vec::new() };
    let same = places.iter().filter(|place| place.span == smallest.span);
    same.map(|place| place.field.clone()).collect()
}

/// The tests of a number that hold by the rules `before`, and do not by those `after`, which have been judged, each with
/// what makes it hold again. One that has never held is among them only if it keeps the rules from being saved.
pub(super) fn broken_tests(
    before: &RuleSet,
    after: &RuleSet,
    judgement: &Judgement,
    number: &str,
) -> Vec<(BrokenTest, Option<Fix>)> {
    let folder = &judgement.folder;
    let (Some(was), Some(policy)) = (before.policy(number), after.policy(number)) else { return Vec::new() };
    let Some(file) = folder.files.get(&policy.file) else { return Vec::new() };
    let mut broken = Vec::new();
    for test in policy.tests.iter() {
        let result = scenario::run(policy, after.inbox(), test);
        let held = |test| scenario::run(was, before.inbox(), test).passed();
        let is_error = |span| {
            let mut errors = judgement.findings.errors();
            errors.any(|error| error.file == file.source.name && error.span == span)
        };
        let counts = was.tests.iter().find(|old| old.name == test.name).is_some_and(held)
            || result.mismatches.iter().any(|mismatch| is_error(mismatch.span));
        if result.passed() || !counts {
            continue;
        }
        let mut outcome = TestOutcome::new(file, test, result);
        outcome.file = without_prefix(&outcome.file, &prefix(folder)).into();
        let fix = scenario::update(policy, after.inbox(), file, test);
        broken.push((BrokenTest { test: outcome, can_update: fix.is_some() }, fix));
    }
    broken
}

/// The text with these fixes.
pub(super) fn with_fixes<'f>(text: &str, fixes: impl IntoIterator<Item = &'f Fix>) -> String {
    let mut edits = EditSet::new(text);
    for fix in fixes {
        edits.add(fix);
    }
    edits.apply()
}
