//! The conditions of a file as they are written.

use crate::language::ast::{self, Condition, ConditionKind, Guard, Item};

/// Calls `visit` with every condition of the file, and with the parts of each, those of definitions too.
pub(super) fn each_condition(file: &ast::File, visit: &mut impl FnMut(&Condition)) {
    for item in &file.items {
        match item {
            Item::Rule(rule) => {
                if let Guard::When(condition) = &rule.guard {
                    each_part(condition, visit);
                }
            }
            Item::Definition(definition) => each_part(&definition.condition, visit),
            _ => {}
        }
    }
}

fn each_part(condition: &Condition, visit: &mut impl FnMut(&Condition)) {
    visit(condition);
    let parts = match &condition.kind {
        ConditionKind::Or(parts) | ConditionKind::And(parts) => parts,
        ConditionKind::Not(part) | ConditionKind::Parens(part) => std::slice::from_ref(&**part),
        _ => &[],
    };
    for part in parts {
        each_part(part, visit);
    }
}
