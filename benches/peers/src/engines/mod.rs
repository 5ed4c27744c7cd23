//! The engines that are measured: one file for each, which says how the engine is used and what it cannot do.

mod array;
mod by_hand;
mod cedar;
mod cel;
mod ours;
mod regorus;
mod rhai;
mod specialised;
mod wirefilter;
mod zen;

use crate::recipe::{Message, Rule, condition};

/// Decides one message: returns the index of the first rule that holds. Messages live until the process ends, because
/// `wirefilter` borrows them for that long.
pub(crate) type Decide = Box<dyn FnMut(&'static Message) -> Option<usize>>;

/// An engine, or other code that decides messages.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) kind: EngineKind,
    /// Reads the rules once; `None` if the engine cannot handle so many.
    pub(crate) prepare: fn(&[Rule]) -> Option<Decide>,
}

/// The kind of an engine, which determines how it is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum EngineKind {
    /// Our compiled program, with which all others are compared.
    Ours,
    /// Our whole decision.
    Whole,
    /// Rust code that a programmer would write without an engine.
    Rust,
    /// Another engine.
    Peer,
}

/// All engines, in the order of the table.
pub(crate) const ENGINES: [Engine; 11] = [
    Engine { name: "inbox_rules", kind: EngineKind::Ours, prepare: ours::prepare },
    Engine { name: "inbox_rules, whole decision", kind: EngineKind::Whole, prepare: ours::prepare_whole },
    Engine { name: "`if/else` by hand", kind: EngineKind::Rust, prepare: by_hand::prepare },
    Engine {
        name: "array of conditions",
        kind: EngineKind::Rust,
        prepare: |rules| Some(Box::new(array::array(rules))),
    },
    Engine { name: "specialised matcher", kind: EngineKind::Rust, prepare: specialised::prepare },
    Engine { name: "wirefilter-engine", kind: EngineKind::Peer, prepare: wirefilter::prepare },
    Engine { name: "zen-expression", kind: EngineKind::Peer, prepare: zen::prepare },
    Engine { name: "cel", kind: EngineKind::Peer, prepare: cel::prepare },
    Engine { name: "rhai", kind: EngineKind::Peer, prepare: rhai::prepare },
    Engine { name: "regorus", kind: EngineKind::Peer, prepare: regorus::prepare },
    Engine { name: "cedar-policy", kind: EngineKind::Peer, prepare: cedar::prepare },
];

/// The condition of a rule in the syntax of CEL and Rhai.
fn condition_text(rule: &Rule) -> String {
    condition(rule, " && ", "", "!", |text| format!("text.contains({text:?})"))
}
