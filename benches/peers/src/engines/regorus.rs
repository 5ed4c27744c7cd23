//! Rego: one rule with an `else` branch for each rule of ours, compiled for Regorus's register machine, which is reused. Each
//! message is converted to an object of the engine: the names are shared, the texts are copied.

use std::fmt::Write as _;

use ::regorus::languages::rego::compiler::Compiler;
use ::regorus::rvm::vm::RegoVM;
use ::regorus::value::Object;
use ::regorus::{Engine, Value};

use super::Decide;
use crate::recipe::{Message, Rule, condition};

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    const ENTRY: &str = "data.inbox.rule";
    let mut engine = Engine::new();
    engine.add_policy("inbox.rego".to_owned(), policy(rules)).expect("the rules are Rego");
    let compiled = engine.compile_with_entrypoint(&ENTRY.into()).expect("the policy compiles");
    // A program can have at most 65,535 instructions, and 5,000 rules need more.
    let program = Compiler::compile_from_policy(&compiled, &[ENTRY]);
    let program = program.inspect_err(|error| eprintln!("{} rules, regorus: {error}", rules.len())).ok()?;
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_max_instructions(usize::MAX);
    let names = ["returning", "owner_online", "any_online", "country", "orders", "text"].map(Value::from);
    Some(Box::new(move |message| {
        machine.set_input(fields(message, &names));
        let value = machine.execute().expect("the policy has no errors");
        value.as_i64().ok().and_then(|index| usize::try_from(index).ok())
    }))
}

/// The machine has 255 registers for one chain of `else` branches, so long chains are split and nested.
fn policy(rules: &[Rule]) -> String {
    const MAX_CHAIN: usize = 16;
    let mut policy = "package inbox\n\ndefault rule := -1\n\n".to_owned();
    let rule = |(index, rule): (usize, &Rule)| {
        format!(
            ":= {index} if {{\n    {}\n}}",
            condition(rule, "; ", "input.", "not ", |text| format!("contains(input.text, {text:?})"))
        )
    };
    let mut links: Vec<String> = rules.iter().enumerate().map(rule).collect();
    let mut level = 0;
    while links.len() > MAX_CHAIN {
        level += 1;
        let chains: Vec<&[String]> = links.chunks(MAX_CHAIN).collect();
        let name = |index| format!("chain_{level}_{index}");
        for (index, chain) in chains.iter().enumerate() {
            let _ = writeln!(policy, "{} {}\n", name(index), chain.join(" else "));
        }
        links =
            (0..chains.len()).map(|index| format!(":= {0} if {{\n    {0} >= 0\n}}", name(index))).collect();
    }
    let _ = writeln!(policy, "rule {}", links.join(" else "));
    policy
}

fn fields(message: &Message, names: &[Value; 6]) -> Value {
    let values = [
        message.returning.into(),
        message.owner_online.into(),
        message.any_online.into(),
        message.country.as_str().into(),
        message.orders.into(),
        message.text.as_str().into(),
    ];
    Value::from(names.iter().cloned().zip(values).collect::<Object>())
}
