//! Cloudflare's filters: one filter for each rule, evaluated in order. A filter borrows the values of the message. It returns
//! only true or false, so one filter cannot choose among many rules.

use ::wirefilter::{ExecutionContext, Filter, Scheme};

use super::Decide;
use crate::recipe::{Rule, condition};

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    // Filters borrow the scheme, and both live until the process ends.
    let scheme: &'static Scheme = Box::leak(Box::new(::wirefilter::Scheme! {
        returning: Bool,
        owner_online: Bool,
        any_online: Bool,
        country: Bytes,
        orders: Int,
        text: Bytes,
    }));
    let filters: Vec<Filter<'static>> = rules.iter().map(|rule| filter(scheme, rule)).collect();
    Some(Box::new(move |message| {
        let mut context = ExecutionContext::new(scheme);
        let orders = i32::try_from(message.orders).unwrap_or(i32::MAX);
        let known = [
            context.set_field_value("returning", message.returning),
            context.set_field_value("owner_online", message.owner_online),
            context.set_field_value("any_online", message.any_online),
            context.set_field_value("country", &*message.country),
            context.set_field_value("orders", orders),
            context.set_field_value("text", &*message.text),
        ];
        debug_assert!(known.iter().all(Result::is_ok));
        filters.iter().position(|filter| filter.execute(&context) == Ok(true))
    }))
}

fn filter(scheme: &'static Scheme, rule: &Rule) -> Filter<'static> {
    // The parsed filter borrows its text.
    let text: &'static str = Box::leak(
        condition(rule, " && ", "", "not ", |text| format!("text contains {text:?}")).into_boxed_str(),
    );
    scheme.parse(text).expect("the condition is a filter").compile()
}
