//! Common Expression Language: one program for each rule, evaluated in order. The programs read the message through a
//! resolver that borrows its fields, which avoids adding variables to a context. No program can choose among many
//! rules, so each rule is a separate program.

use std::sync::Arc;

use ::cel::common::types::{CelBool, CelInt, CelString};
use ::cel::common::value::CowVal;
use ::cel::context::{Context, VariableResolver};
use ::cel::{Env, Program, Value};

use super::{Decide, condition_text};
use crate::recipe::Rule;

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    let env = Arc::new(Env::stdlib());
    let program = |rule: &Rule| env.compile(&condition_text(rule)).expect("the condition is CEL");
    let programs: Vec<Program> = rules.iter().map(program).collect();
    Some(Box::new(move |message| {
        let fields = Fields {
            returning: message.returning.into(),
            owner_online: message.owner_online.into(),
            any_online: message.any_online.into(),
            country: CelString::from(&*message.country),
            orders: message.orders.into(),
            text: CelString::from(&*message.text),
        };
        let mut context = Context::with_env(Arc::clone(&env));
        context.set_variable_resolver(&fields);
        programs.iter().position(|program| program.execute(&context) == Ok(Value::Bool(true)))
    }))
}

struct Fields<'m> {
    returning: CelBool,
    owner_online: CelBool,
    any_online: CelBool,
    country: CelString<'m>,
    orders: CelInt,
    text: CelString<'m>,
}

impl VariableResolver for Fields<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        Some(CowVal::Borrowed(match name {
            "returning" => &self.returning,
            "owner_online" => &self.owner_online,
            "any_online" => &self.any_online,
            "country" => &self.country,
            "orders" => &self.orders,
            "text" => &self.text,
            _ => return None,
        }))
    }
}
