//! Repairs of what programmers and phones write instead of the language.
//!
//! A rule looks at the place where parsing stopped and says what is wrong and how to repair it. The repair is tried in
//! memory and reported only if parsing then gets further. So every fix that is offered helps, and the rest of the item
//! is still understood.

mod actions;
mod assignments;
mod calendar;
mod date_slips;
mod doubt;
mod figures;
mod lines;
mod lists;
mod missing;
mod months;
mod order;
mod phrase_table;
mod phrases;
mod placeholders;
mod quotes;
mod rivals;
mod several_fixes;
mod spacing;
mod synonyms;
mod test_lines;
mod texts;
mod times;
mod words;

pub(crate) use calendar::{month, short_days};
pub(crate) use phrases::message_kind;
pub(super) use phrases::{explanation, unsayable};
pub(super) use several_fixes::doubt_several;
pub(super) use synonyms::is_action_word;
pub(super) use words::nearest;

use std::ops::Range;
use std::sync::Arc;

use super::error_site::ErrorSite;
use super::grammar;
use super::patched::PatchedText;
use crate::diagnostic::{Code, Edit, Finding, Fix};
use crate::text::Span;

/// What is wrong at a place and how to repair it.
#[derive(Debug, Clone)]
struct Repair {
    code: Code,
    /// What to underline.
    range: Range<usize>,
    message: String,
    help: Option<String>,
    /// The title of the fix; `None` if there is no one right answer, and the repair only lets parsing go on.
    title: Option<String>,
    /// The ways to repair it. With each but the last the whole item must parse; the last must get further.
    ways: Vec<Vec<Edit>>,
    /// With the last way, too, the whole item must parse.
    whole: bool,
    /// Nothing else can be meant, so it is not doubted.
    certain: bool,
}

/// What is wrong at a place, if it is the mistake that this rule is about.
type RepairRule = fn(&ErrorSite<'_, '_>) -> Option<Repair>;

/// Every rule, the surest first.
const RULES: &[RepairRule] = &[
    placeholders::quoted_fallback,
    lines::line_twice,
    order::name_below_guard,
    lines::lines_swapped,
    lines::commented,
    lines::moved_bracket,
    quotes::other_quotes,
    texts::several_lines,
    quotes::unclosed,
    phrases::phrase,
    phrases::all_of_a_list,
    phrases::none_of_a_list,
    phrases::but_not,
    phrases::bare_attribute,
    phrases::repeated_subject,
    phrases::bare_days,
    test_lines::time_before_expect,
    test_lines::joined_lines,
    test_lines::waiting_for,
    test_lines::bare_message,
    test_lines::presence_last,
    test_lines::moment,
    test_lines::assign_left_out,
    months::months,
    months::days_of_month,
    months::days_side_by_side,
    months::times_side_by_side,
    months::day_without_month,
    months::long_month,
    months::days_before_month,
    months::closed_dates,
    assignments::among_before_by,
    assignments::pool_before_target,
    assignments::pool_without_among,
    assignments::queue,
    assignments::name_without_rule,
    assignments::kind_after_rule,
    assignments::bullet,
    assignments::not_after_during,
    assignments::unless,
    actions::several_tags,
    actions::time_first,
    missing::comma_for_colon,
    missing::colon_in_name,
    missing::part_alone,
    words::dot_alone,
    words::possessive,
    words::when_after_otherwise,
    texts::apostrophe,
    quotes::beside_text,
    words::subject,
    lists::repeated_value,
    lists::bare_words,
    lists::tags,
    spacing::twice,
    spacing::sign_in_word,
    order::list_end,
    synonyms::synonym,
    test_lines::article,
    synonyms::brackets,
    lists::negated,
    lists::misspelt_any,
    spacing::bracketed_text,
    lists::list_without_any,
    lists::any_without_list,
    lists::bracket_in_list,
    lists::call,
    figures::figures,
    figures::signs_in_figures,
    calendar::duration_in_parts,
    date_slips::behind_number,
    date_slips::date_slip,
    calendar::duration,
    calendar::days,
    calendar::date,
    times::times,
    figures::thousands,
    figures::decimals,
    words::two_words,
    spacing::shifted_space,
    spacing::split_word,
    spacing::joined_words,
    words::to_target,
    quotes::bare_value,
    words::capitals,
    quotes::stray,
    quotes::unopened,
    quotes::bare_text,
    quotes::quoted_word,
    words::typo,
    words::bare_target,
    order::wrong_letter,
    order::swapped_neighbours,
    order::stray,
    order::plus,
    missing::way_to_choose,
    missing::sign_or_word,
    order::missing_word,
    missing::braces,
    missing::superfluous,
];

/// The longest item of which other readings are tried, because it is parsed for each.
pub(super) const LONGEST: usize = 4_000;

/// What may have been forgotten where the rest of a line was made a comment on purpose.
pub(super) const FORGOTTEN: [&str; 6] = [":", ")", "):", "]", "]:", ","];

/// How much work may still be spent on one item, so that the time for a file is linear in its length.
#[derive(Debug)]
pub(super) struct Budget {
    repairs: usize,
    bytes: usize,
}

impl Budget {
    /// The budget for an item of `length` bytes.
    pub(super) fn new(length: usize) -> Self {
        Self { repairs: 50, bytes: 8 * length + 64 * 1024 }
    }

    /// Whether `length` more bytes may be parsed.
    pub(super) fn spend(&mut self, length: usize) -> bool {
        match self.bytes.checked_sub(length) {
            Some(left) => {
                self.bytes = left;
                true
            }
            None => false,
        }
    }
}

/// The finding at `site` and the repaired item, if a rule explains the error.
pub(super) fn repair<'t>(
    site: &ErrorSite<'_, 't>,
    file: &Arc<str>,
    budget: &mut Budget,
) -> Option<(Finding, PatchedText<'t>)> {
    budget.repairs = budget.repairs.checked_sub(1)?;
    let may_start_no_item = site.may_start_no_item();
    RULES.iter().find_map(|habit| {
        let mut repair = habit(site)?;
        repair.whole |= may_start_no_item;
        let (way, patched) = repair.apply(site, budget)?;
        let way = way.to_vec();
        if repair.title.is_some()
            && !repair.certain
            && let Some(doubt) = doubt::doubt(site, &way)
        {
            // What is doubtful is told only if nothing else is wrong with the item.
            if !(budget.spend(patched.text.len()) && grammar::parse_item(&patched.text).is_ok()) {
                return None;
            }
            repair = repair.help(doubt).without_fix();
        }
        let mut finding = repair.finding(site, file, &way);
        if let Some(part) = doubt::unbalanced_part(site, &way).filter(|_| finding.fix.is_none()) {
            finding = finding.related(site.to_file_span(&part), "the bracket may be missing anywhere here");
        }
        Some((finding, patched))
    })
}

impl Repair {
    /// The title of the fix is made from its edits: ``write `and` `` or ``remove `to` ``.
    fn new(site: &ErrorSite<'_, '_>, message: impl Into<String>, edits: Vec<Edit>) -> Self {
        let title = match edits.as_slice() {
            [Edit { text, .. }] if !text.trim().is_empty() => format!("write `{}`", text.trim()),
            [Edit { span, .. }] => {
                format!("remove `{}`", site.text().get(span.range()).unwrap_or_default().trim())
            }
            _ => "rewrite it".to_owned(),
        };
        Self {
            code: Code::Syntax,
            range: site.range(),
            message: message.into(),
            help: None,
            title: Some(title),
            ways: vec![edits],
            whole: false,
            certain: false,
        }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    fn title(self, title: impl Into<String>) -> Self {
        Self { title: Some(title.into()), ..self }
    }

    fn at(self, range: Range<usize>) -> Self {
        Self { range, ..self }
    }

    fn code(self, code: Code) -> Self {
        Self { code, ..self }
    }

    /// There is no one right answer, so this only lets parsing go on.
    fn without_fix(self) -> Self {
        Self { title: None, ..self }
    }

    /// The first way that helps, and the item with it applied.
    fn apply<'t>(&self, site: &ErrorSite<'_, 't>, budget: &mut Budget) -> Option<(&[Edit], PatchedText<'t>)> {
        let last = self.ways.len().saturating_sub(1);
        self.ways.iter().enumerate().find_map(|(number, edits)| {
            if !budget.spend(site.text().len()) {
                return None;
            }
            let patched = site.patched.apply(edits)?;
            let helps = match grammar::parse_item(&patched.text) {
                Ok(_) => true,
                Err(error) => {
                    number == last && !self.whole && error.at > position_after(site.error.at, edits)
                }
            };
            helps.then_some((edits.as_slice(), patched))
        })
    }

    fn finding(&self, site: &ErrorSite<'_, '_>, file: &Arc<str>, way: &[Edit]) -> Finding {
        let span = site.to_file_span(&self.range);
        let mut finding = Finding::new(self.code, file, span, self.message.clone());
        finding.help.clone_from(&self.help);
        finding.fix = self.title.clone().map(|title| Fix {
            title,
            edits: way
                .iter()
                .map(|edit| Edit { span: site.to_file_span(&edit.span.range()), text: edit.text.clone() })
                .collect(),
        });
        finding
    }
}

/// Makes one finding of the two since `from`, if one removes a word or sign and the other writes it elsewhere.
pub(super) fn join_moves(findings: &mut Vec<Finding>, from: usize, text: &str) {
    let Some([first, second]) = findings.get(from..) else { return };
    let only = |finding: &Finding| match finding.fix.as_ref().map(|fix| fix.edits.as_slice()) {
        Some([edit]) => Some(edit.clone()),
        _ => None,
    };
    let (Some(one), Some(other)) = (only(first), only(second)) else { return };
    let removed =
        |edit: &Edit| text.get(edit.span.range()).map(str::trim).filter(|_| edit.text.trim().is_empty());
    let (from_here, to_here) = match (removed(&one), removed(&other)) {
        (Some(sign), _) if sign == other.text.trim() && other.span.start == other.span.end => (&one, &other),
        (_, Some(sign)) if sign == one.text.trim() && one.span.start == one.span.end => (&other, &one),
        _ => return,
    };
    let sign = to_here.text.trim().to_owned();
    if sign.is_empty() {
        return;
    }
    let finding =
        Finding::new(Code::Syntax, &first.file, from_here.span, format!("`{sign}` is in the wrong place"));
    let finding = finding
        .related(to_here.span, format!("`{sign}` belongs here"))
        .fix_all(format!("move `{sign}`"), vec![one.clone(), other.clone()]);
    findings.truncate(from);
    findings.push(finding);
}

/// Where byte `at` is after `edits`. In `december 20`, which becomes `dec 20`, the end of what is written is as far as `20`.
fn position_after(at: usize, edits: &[Edit]) -> usize {
    let around = edits.iter().find(|edit| (edit.span.start as usize) < at && at < edit.span.end as usize);
    let at = around.map_or(at, |edit| at.min(edit.span.start as usize + edit.text.len()));
    let before = edits.iter().filter(|edit| edit.span.end as usize <= at);
    let (more, less) = before.fold((0, 0), |(more, less), edit| {
        (more + edit.text.len(), less + (edit.span.end - edit.span.start) as usize)
    });
    (at + more).saturating_sub(less)
}

/// An edit that replaces `range` with `text`.
fn edit(range: Range<usize>, text: impl Into<String>) -> Edit {
    Edit { span: Span::new(range.start, range.end), text: text.into() }
}

/// An edit that inserts `text` at byte `at`.
fn insert(at: usize, text: impl Into<String>) -> Edit {
    edit(at..at, text)
}

/// An edit that removes `range` from `text`, with the white space after it, or before it if its line ends there.
fn remove(text: &str, range: Range<usize>) -> Edit {
    let after = text.get(range.end..).unwrap_or_default();
    let rest = after.trim_start_matches([' ', '\t']);
    let stands_free = text.get(..range.start).is_some_and(|before| before.ends_with([' ', '\t']));
    if !stands_free && !rest.is_empty() {
        return edit(range, "");
    }
    if !(rest.is_empty() || rest.starts_with(['\r', '\n', ':', ',', ')', ']'])) {
        return edit(range.start..range.end + after.len() - rest.len(), "");
    }
    let before = text.get(..range.start).unwrap_or_default();
    let start = before.trim_end_matches([' ', '\t']).len();
    // A line with nothing else keeps its indentation.
    let start = if before.get(..start).unwrap_or_default().ends_with('\n') { range.start } else { start };
    edit(start..range.end, "")
}

#[cfg(test)]
mod tests;
