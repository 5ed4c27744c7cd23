//! What a rule of the form does.

use super::form::RoutingCase;
use super::read::OtherShape;
use crate::language::ast::{Action, Assign, Rule, Target, TextLiteral};
use crate::language::one_line;
use crate::language::vocabulary::Algorithm;
use crate::text::{Source, Span};

/// What a rule of the form does, and where it says so.
#[derive(Debug, Clone)]
pub(super) struct RuleShape {
    /// The whole rule.
    pub(super) span: Span,
    /// Its name.
    pub(super) name: Option<TextLiteral>,
    /// What it does.
    pub(super) case: RoutingCase,
    /// The span of its `assign`.
    pub(super) assign: Span,
    /// The spans of its reply and of the text in it.
    pub(super) reply: Option<(Span, Span)>,
    /// Whether the reply comes before the `assign`.
    pub(super) is_reply_first: bool,
}

impl RuleShape {
    /// # Errors
    ///
    /// [`OtherShape`], if it does something that the form cannot show.
    pub(super) fn of(rule: &Rule, source: &Source) -> Result<Self, OtherShape> {
        let other = |span: Span, what: &str| {
            let written = one_line(source, span);
            OtherShape(format!(
                "{} has {what} that this form cannot show: `{written}`",
                rule_words(rule, source)
            ))
        };
        let mut case = RoutingCase::default();
        let (mut assign, mut reply, mut is_reply_first) = (None, None, false);
        for action in &rule.actions {
            match action {
                Action::Assign(action) if assign.is_none() => {
                    assigned(action, &mut case).map_err(|span| other(span, "an `assign`"))?;
                    assign = Some(action.span);
                }
                Action::Reply { span, text, once_per: None, after: None } if reply.is_none() => {
                    case.reply = Some(text.value.clone());
                    reply = Some((*span, text.span));
                    is_reply_first = assign.is_none();
                }
                Action::Reply { span, .. } => return Err(other(*span, "a `reply`")),
                action => return Err(other(action.span(), "an action")),
            }
        }
        let nobody = || OtherShape(format!("{} assigns to nobody", rule_words(rule, source)));
        let assign = assign.ok_or_else(nobody)?;
        Ok(Self { span: rule.span, name: rule.name.clone(), case, assign, reply, is_reply_first })
    }
}

/// `the rule "welcome"`, `the rule on line 12`
pub(super) fn rule_words(rule: &Rule, source: &Source) -> String {
    match &rule.name {
        Some(name) => format!("the rule \"{}\"", name.value),
        None => {
            let before = source.text.get(..rule.span.start as usize).unwrap_or_default();
            format!("the rule on line {}", before.matches('\n').count() + 1)
        }
    }
}

/// Reads `owner`, `group "Sales" by in_order` or `owner else group "Sales" by in_order`.
///
/// # Errors
///
/// The part that is something else.
fn assigned(assign: &Assign, case: &mut RoutingCase) -> Result<(), Span> {
    let mut alternatives = assign.alternatives.iter().peekable();
    if let Some(first) = alternatives.peek()
        && let Target::Owner { among: None, .. } = first.target
        && first.timeout.is_none()
    {
        case.owner = true;
        alternatives.next();
    }
    if let Some(alternative) = alternatives.next() {
        let Target::Group { group, skills, except, by, among: None } = &alternative.target else {
            return Err(alternative.span);
        };
        if !skills.is_empty() || !except.is_empty() || alternative.timeout.is_some() {
            return Err(alternative.span);
        }
        case.group = Some(group.value.clone());
        case.by = Some(Algorithm::parse(&by.value).ok_or(by.span)?);
    }
    alternatives.next().map_or(Ok(()), |alternative| Err(alternative.span))
}
