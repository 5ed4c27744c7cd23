//! A text that no country, language or phone number can be or hold.

use std::sync::Arc;

use crate::check::conditions::each_condition;
use crate::check::lint::{Lint, Pass};
use crate::check::standards::{COUNTRIES, CodeSet, LANGUAGES};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding, nearest};
use crate::inbox::is_e164;
use crate::language::ast::{
    AttributeGiven, ConditionKind, CustomerGiven, Given, Item, Literal, ValueTest, Values,
};
use crate::language::vocabulary::BuiltIn;
use crate::language::{Folded, fold};
use crate::text::{Span, quoted};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::ImpossibleValue, page: include_str!("impossible_value.md"), pass: Pass::File(check) };

fn check(_: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    each_condition(file.file.tree(), &mut |condition| {
        let ConditionKind::CustomerPart { part, test: Some(comparison) } = &condition.kind else { return };
        let Some(attribute) = BuiltIn::parse(&part.value) else { return };
        let Some((relation, values)) = relation(comparison) else { return };
        for value in &values.values {
            let Literal::Text(text) = &value.value else { continue };
            let folded = fold(text);
            let impossible = Impossible { relation, text, folded: &folded, span: value.span };
            // A text of which nothing is left has a finding of its own.
            if !folded.is_empty() {
                findings.extend(impossible.finding(attribute, &file.file.source.name));
            }
        }
    });
    check_tests(file, findings);
}

/// `given customer country "FRANCE"`: no customer is like that.
fn check_tests(file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let givens = file.file.tree().items.iter().flat_map(|item| match item {
        Item::Test(test) => test.givens.as_slice(),
        _ => &[],
    });
    for given in givens {
        let Given::Customer(facts) = given else { continue };
        for fact in facts {
            let CustomerGiven::Attribute(AttributeGiven::Value(word, value)) = &fact.value else { continue };
            let (Some(attribute), Literal::Text(text)) = (BuiltIn::parse(&word.value), &value.value) else {
                continue;
            };
            let folded = fold(text);
            let mut finding = impossible_value(attribute, text, &folded, value.span, &file.file.source.name);
            if let Some(finding) = &mut finding
                && attribute == BuiltIn::Phone
            {
                finding.help =
                    Some("write `+`, the country code and the number, as in `+201001234567`".to_owned());
            }
            findings.extend(finding);
        }
    }
}

/// The finding about a text that no customer's country, language or phone number can be.
pub(crate) fn impossible_value(
    attribute: BuiltIn,
    text: &str,
    folded: &Folded,
    span: Span,
    file: &Arc<str>,
) -> Option<Finding> {
    Impossible { relation: Relation::Is, text, folded, span }.finding(attribute, file)
}

/// How an attribute is compared with a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    /// `is`, `is not`
    Is,
    /// `starts with`
    StartsWith,
    /// `contains`
    HasWords,
    /// `contains part`
    HasPart,
}

fn relation(test: &ValueTest) -> Option<(Relation, &Values)> {
    Some(match test {
        ValueTest::Is { values, .. } => (Relation::Is, values),
        ValueTest::StartsWith(values) => (Relation::StartsWith, values),
        ValueTest::Contains { part: false, values } => (Relation::HasWords, values),
        ValueTest::Contains { part: true, values } => (Relation::HasPart, values),
        _ => return None,
    })
}

impl Relation {
    /// As in `no country code starts with …`.
    fn verb(self) -> &'static str {
        match self {
            Self::Is => "is",
            Self::StartsWith => "starts with",
            Self::HasWords => "has the word",
            Self::HasPart => "contains",
        }
    }

    /// Whether some code passes the test with this text.
    fn holds_for_code(self, codes: &CodeSet, text: &str) -> bool {
        match self {
            // A code is one word.
            Self::Is | Self::HasWords => codes.is_code(text),
            Self::StartsWith => codes.is_start(text),
            Self::HasPart => codes.is_part(text),
        }
    }

    /// Whether some phone number, `+` and digits, passes the test with this text.
    fn holds_for_phone(self, text: &str) -> bool {
        match self {
            Self::Is => is_e164(text),
            Self::StartsWith => is_start_of_phone(text),
            // The digits of a number are one word.
            Self::HasWords => text == "+" || is_e164(text) || is_e164(&format!("+{text}")),
            Self::HasPart => is_start_of_phone(text) || (text.len() <= 15 && is_digits(text)),
        }
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a number in E.164 can start with this. Country codes never begin with 0.
fn is_start_of_phone(text: &str) -> bool {
    text.strip_prefix('+')
        .is_some_and(|digits| digits.len() <= 15 && is_digits(digits) && !digits.starts_with('0'))
}

/// A text in a test, which may be impossible.
struct Impossible<'a> {
    relation: Relation,
    text: &'a str,
    folded: &'a Folded,
    span: Span,
}

impl Impossible<'_> {
    /// The finding, if no value of `attribute` passes the test with this text.
    fn finding(&self, attribute: BuiltIn, file: &Arc<str>) -> Option<Finding> {
        match attribute {
            BuiltIn::Country => {
                let finding = self.finding_for_code(&COUNTRIES, "country code", file)?;
                Some(self.suggest_code(
                    finding,
                    &COUNTRIES,
                    str::to_uppercase,
                    "two letters (ISO 3166-1), such as `EG`",
                ))
            }
            BuiltIn::Language => {
                let finding = self.finding_for_code(&LANGUAGES, "language code", file)?;
                let help = "two or three letters (BCP 47), such as `ar`";
                Some(self.suggest_code(finding, &LANGUAGES, str::to_owned, help))
            }
            BuiltIn::Phone if !self.relation.holds_for_phone(self.folded.as_str()) => {
                Some(self.suggest_phone(self.no("phone number", file)))
            }
            BuiltIn::Phone | BuiltIn::Name | BuiltIn::SilentFor => None,
        }
    }

    fn finding_for_code(&self, codes: &CodeSet, what: &str, file: &Arc<str>) -> Option<Finding> {
        (!self.relation.holds_for_code(codes, self.folded.as_str())).then(|| self.no(what, file))
    }

    fn no(&self, what: &str, file: &Arc<str>) -> Finding {
        Finding::new(
            LINT.code,
            file,
            self.span,
            format!("no {what} {} `{}`", self.relation.verb(), self.text),
        )
    }

    /// `UK` is `GB`, `arabic` is `ar`, and `en-US` is `en`.
    fn suggest_code(
        &self,
        finding: Finding,
        codes: &CodeSet,
        show: fn(&str) -> String,
        form: &str,
    ) -> Finding {
        let text = self.folded.as_str();
        let primary =
            text.split(['-', '_']).next().filter(|primary| *primary != text && codes.is_code(primary));
        if let Some(code) = codes.named(self.folded).or(primary) {
            let code = show(code);
            return if may_be_common(text, &code.to_lowercase()) {
                finding.help(format!("did you mean `{code}`?"))
            } else {
                finding.did_you_mean(&code, self.span, quoted(&code))
            };
        }
        // A name that is nearly that of a country may be that of another one.
        let near = nearest(text, codes.names().map(Folded::as_str).filter(|name| name.len() > 3));
        match near.and_then(|name| codes.named(&fold(name))) {
            Some(code) => finding.help(format!("did you mean `{}`? A code has {form}", show(code))),
            None => finding.help(format!("write a code of {form}")),
        }
    }

    /// `966` and `00966` are `+966`.
    fn suggest_phone(&self, finding: Finding) -> Finding {
        let mut number: String =
            self.folded.as_str().chars().filter(|sign| !" ()-./".contains(*sign)).collect();
        if let Some(rest) = number.strip_prefix("00") {
            number = rest.to_owned();
        }
        if !number.starts_with('+') {
            number.insert(0, '+');
        }
        if number.len() > 1 && self.relation.holds_for_phone(&number) {
            finding.did_you_mean(&number, self.span, quoted(&number))
        } else if is_start_of_phone(&number) {
            finding.help(format!("write `starts with \"{number}\"`, or the whole number"))
        } else {
            finding
                .help("write `+`, the country code and the number, in digits without spaces, as in `+20100`")
        }
    }
}

/// Whether `text`, which stands for `code`, has one letter more than the code of a common language: `afr` may be `fr`.
fn may_be_common(text: &str, code: &str) -> bool {
    const COMMON: [&str; 10] = ["ar", "de", "en", "es", "fr", "hi", "pt", "ru", "tr", "zh"];
    let is_near = |common: &str| common != code && strsim::osa_distance(text, common) == 1;
    text.len() == 3 && COMMON.iter().any(|common| is_near(common))
}
