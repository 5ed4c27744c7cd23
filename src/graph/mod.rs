//! Pictures of a policy, for people who do not read rules: who gets which chat, in the order of the rules, and when in the
//! week each rule can decide.

mod measure;
mod phrases;
mod condition_lines;
mod flow;
mod drawing;
mod layout;
mod text_alternative;
mod svg;
mod node_text;
mod dot;
mod mermaid;
mod week;

pub use condition_lines::{ConditionLine, DefinitionText};
pub use dot::dot;
pub use flow::{FlowGraph, FlowSection, RuleCard, flow_graph};
pub use mermaid::mermaid;
pub use phrases::{AssigneeText, ReplyText};
pub use svg::flow_svg;
pub use week::{RuleRow, WeekGraph, week_graph, week_svg};
