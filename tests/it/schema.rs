//! `docs/schema/`: the JSON Schemas of situations, decisions, findings, replays and simulations.

use inbox_rules::diagnostic::json::JsonReport;
use inbox_rules::engine::Decision;
use inbox_rules::replay::ReplayReport;
use inbox_rules::simulation::{SimulationComparison, SimulationReport};
use inbox_rules::situation::Situation;
use schemars::{Schema, schema_for};

use crate::generated;

#[track_caller]
fn check(name: &str, schema: &Schema) {
    let text = serde_json::to_string_pretty(schema).expect("a schema is JSON");
    generated::assert_current(&format!("docs/schema/{name}.json"), &format!("{text}\n"));
}

#[test]
fn situation() {
    check("situation", &schema_for!(Situation));
}

#[test]
fn decision() {
    check("decision", &schema_for!(Decision));
}

#[test]
fn findings() {
    check("findings", &schema_for!(JsonReport));
}

#[test]
fn replay() {
    check("replay", &schema_for!(ReplayReport));
}

#[test]
fn simulation() {
    check("simulation", &schema_for!(SimulationReport));
    check("simulation_comparison", &schema_for!(SimulationComparison));
}
