//! The routing options of a number: its rules as a form with five cases, and back. Rules of another shape have no
//! form.

mod form;
mod world;
mod shape;
mod read;
mod place;
mod rule_block;
mod write;
#[cfg(test)]
mod tests;

pub use form::{FieldError, RoutingCase, RoutingOptions, UnownedCustomers};
pub use place::{FieldPlace, field_places};
pub use read::{OtherShape, read_options};
pub use write::write_options;
