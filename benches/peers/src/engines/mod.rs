//! What is measured: one file for each, with how it is used and what it cannot do.

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

/// Decides one message: the place of the first rule that holds. Messages last until the end, as `wirefilter` wants of
/// what it is lent.
pub(crate) type Decide = Box<dyn FnMut(&'static Message) -> Option<usize>>;

/// A way to decide.
pub(crate) struct Engine {
    pub(crate) name: &'static str,
    pub(crate) sort: Sort,
    /// Reads the rules once; `None` where it cannot have so many.
    pub(crate) prepare: fn(&[Rule]) -> Option<Decide>,
}

/// How an engine is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sort {
    /// The one that all are compared with.
    Ours,
    /// Ours, with all that a decision does.
    Whole,
    /// What a programmer writes without an engine.
    Rust,
    /// Another engine.
    Peer,
}

/// All of them, in the order of the table.
pub(crate) const ENGINES: [Engine; 11] = [
    Engine { name: "inbox_rules", sort: Sort::Ours, prepare: ours::prepare },
    Engine { name: "inbox_rules, whole decision", sort: Sort::Whole, prepare: ours::prepare_whole },
    Engine { name: "`if/else` by hand", sort: Sort::Rust, prepare: by_hand::prepare },
    Engine {
        name: "array of conditions",
        sort: Sort::Rust,
        prepare: |rules| Some(Box::new(array::array(rules))),
    },
    Engine { name: "specialised matcher", sort: Sort::Rust, prepare: specialised::prepare },
    Engine { name: "wirefilter-engine", sort: Sort::Peer, prepare: wirefilter::prepare },
    Engine { name: "zen-expression", sort: Sort::Peer, prepare: zen::prepare },
    Engine { name: "cel", sort: Sort::Peer, prepare: cel::prepare },
    Engine { name: "rhai", sort: Sort::Peer, prepare: rhai::prepare },
    Engine { name: "regorus", sort: Sort::Peer, prepare: regorus::prepare },
    Engine { name: "cedar-policy", sort: Sort::Peer, prepare: cedar::prepare },
];

/// The condition of a rule as CEL and Rhai have it.
fn written(rule: &Rule) -> String {
    condition(rule, " && ", "", "!", |text| format!("text.contains({text:?})"))
}
