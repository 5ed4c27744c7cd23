//! Rego: one rule with an `else` for each of ours, compiled for Regorus's register machine, which is kept; the
//! message becomes an object of the engine's own, whose names are shared and whose texts are copied.

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
    // A program has 65,535 instructions at most, and 5,000 rules need more.
    let program = Compiler::compile_from_policy(&compiled, &[ENTRY]);
    let program = program.inspect_err(|why| eprintln!("{} rules, regorus: {why}", rules.len())).ok()?;
    let mut machine = RegoVM::new();
    machine.load_program(program);
    machine.set_max_instructions(usize::MAX);
    let names = ["returning", "owner_online", "any_online", "country", "orders", "text"].map(Value::from);
    Some(Box::new(move |message| {
        machine.set_input(fields(message, &names));
        let value = machine.execute().expect("the policy has no errors");
        value.as_i64().ok().and_then(|place| usize::try_from(place).ok())
    }))
}

/// The machine has 255 registers for one chain, so chains stand in a chain again.
fn policy(rules: &[Rule]) -> String {
    const LONGEST: usize = 16;
    let mut policy = "package inbox\n\ndefault rule := -1\n\n".to_owned();
    let rule = |(place, rule): (usize, &Rule)| {
        format!(
            ":= {place} if {{\n    {}\n}}",
            condition(rule, "; ", "input.", "not ", |text| format!("contains(input.text, {text:?})"))
        )
    };
    let mut links: Vec<String> = rules.iter().enumerate().map(rule).collect();
    let mut level = 0;
    while links.len() > LONGEST {
        level += 1;
        let chains: Vec<&[String]> = links.chunks(LONGEST).collect();
        let name = |place| format!("chain_{level}_{place}");
        for (place, chain) in chains.iter().enumerate() {
            let _ = writeln!(policy, "{} {}\n", name(place), chain.join(" else "));
        }
        links =
            (0..chains.len()).map(|place| format!(":= {0} if {{\n    {0} >= 0\n}}", name(place))).collect();
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
