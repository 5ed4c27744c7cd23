//! GoRules' expressions: one for each rule, compiled to bytecode and evaluated in order by one virtual machine. Each message
//! is converted to an object of the engine, which copies its texts. GoRules' decision tables use the same expressions.

use zen_expression::expression::Standard;
use zen_expression::variable::{Symbol, Variable, VariableMap};
use zen_expression::vm::VM;
use zen_expression::{Expression, Scope, compile_expression};

use super::Decide;
use crate::recipe::{Message, Rule, condition};

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    let compile = |rule: &Rule| {
        compile_expression(&condition(rule, " and ", "", "not ", |text| format!("contains(text, {text:?})")))
            .expect("the condition is ZEN")
    };
    let expressions: Vec<Expression<Standard>> = rules.iter().map(compile).collect();
    let mut machine = VM::new();
    Some(Box::new(move |message| {
        let scope = Scope::new(Variable::from_object(fields(message)));
        expressions.iter().position(|expression| {
            matches!(expression.evaluate_with_scope(&scope, &mut machine), Ok(Variable::Bool(true)))
        })
    }))
}

fn fields(message: &Message) -> VariableMap {
    let mut fields = VariableMap::with_capacity(6);
    for (name, value) in [
        ("returning", Variable::Bool(message.returning)),
        ("owner_online", Variable::Bool(message.owner_online)),
        ("any_online", Variable::Bool(message.any_online)),
        ("country", Variable::String(Symbol::from(&*message.country))),
        ("orders", Variable::Number(message.orders.into())),
        ("text", Variable::String(Symbol::from(&*message.text))),
    ] {
        fields.insert(Symbol::from_static(name), value);
    }
    fields
}
