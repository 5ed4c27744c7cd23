//! Cedar: one policy set with a `permit` for each rule, and one authorization request for each message. The lowest index
//! among the reasons decides. Cedar is made for authorization: it has no order among policies and always evaluates all.

use ::cedar_policy::{
    Authorizer, Context, Entities, EntityUid, Policy, PolicyId, PolicySet, Request, RestrictedExpression,
};

use super::Decide;
use crate::recipe::{Message, Rule, condition};

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    let mut policies = PolicySet::new();
    for (index, rule) in rules.iter().enumerate() {
        let text = format!(
            "permit(principal, action, resource) when {{ {} }};",
            condition(rule, " && ", "context.", "!", like)
        );
        let policy =
            Policy::parse(Some(PolicyId::new(index.to_string())), text).expect("the rule is a policy");
        policies.add(policy).expect("each index is used once");
    }
    let (authorizer, entities) = (Authorizer::new(), Entities::empty());
    let entity = |text: &str| text.parse::<EntityUid>().expect("this is the name of an entity");
    let [principal, action, resource] =
        [r#"Customer::"c""#, r#"Action::"write""#, r#"Inbox::"i""#].map(entity);
    Some(Box::new(move |message| {
        let context = Context::from_pairs(fields(message)).expect("each name is used once");
        let request = Request::new(principal.clone(), action.clone(), resource.clone(), context, None);
        let response = authorizer.is_authorized(
            &request.expect("there is no schema that could reject it"),
            &policies,
            &entities,
        );
        response.diagnostics().reason().filter_map(|policy| AsRef::<str>::as_ref(policy).parse().ok()).min()
    }))
}

/// Cedar can test for a part of a text only by a wildcard pattern.
fn like(text: &str) -> String {
    format!("context.text like \"*{text}*\"")
}

fn fields(message: &Message) -> [(String, RestrictedExpression); 6] {
    let flag = RestrictedExpression::new_bool;
    let text = |text: &str| RestrictedExpression::new_string(text.to_owned());
    [
        ("returning".to_owned(), flag(message.returning)),
        ("owner_online".to_owned(), flag(message.owner_online)),
        ("any_online".to_owned(), flag(message.any_online)),
        ("country".to_owned(), text(&message.country)),
        ("orders".to_owned(), RestrictedExpression::new_long(message.orders)),
        ("text".to_owned(), text(&message.text)),
    ]
}
