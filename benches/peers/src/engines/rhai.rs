//! Rhai: one script that returns the index of the first rule that holds, compiled and optimised once. The scope is reused,
//! and its values are overwritten for each message. There is no index over the rules: the script tests them in order.

use std::fmt::Write as _;

use ::rhai::{AST, Dynamic, Engine, OptimizationLevel, Scope};

use super::{Decide, condition_text};
use crate::recipe::Rule;

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    let mut engine = Engine::new();
    engine.set_optimization_level(OptimizationLevel::Full).set_fast_operators(true);
    let mut scope = Scope::new();
    for (name, value) in [
        ("returning", Dynamic::FALSE),
        ("owner_online", Dynamic::FALSE),
        ("any_online", Dynamic::FALSE),
        ("country", Dynamic::UNIT),
        ("orders", Dynamic::ZERO),
        ("text", Dynamic::UNIT),
    ] {
        scope.push_dynamic(name, value);
    }
    let ast: AST = engine.compile(script(rules)).expect("the rules are a script");
    let before = scope.len();
    Some(Box::new(move |message| {
        scope.set_value("returning", message.returning);
        scope.set_value("owner_online", message.owner_online);
        scope.set_value("any_online", message.any_online);
        scope.set_value("country", message.country.clone());
        scope.set_value("orders", message.orders);
        scope.set_value("text", message.text.clone());
        let index: i64 = engine.eval_ast_with_scope(&mut scope, &ast).expect("the script has no errors");
        scope.rewind(before);
        usize::try_from(index).ok()
    }))
}

fn script(rules: &[Rule]) -> String {
    let mut script = String::new();
    for (index, rule) in rules.iter().enumerate() {
        let _ = writeln!(script, "if {} {{ return {index}; }}", condition_text(rule));
    }
    script + "-1"
}
